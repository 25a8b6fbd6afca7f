"""Every claim of speed, measured: `python -m bench [NAME ...] [--quick]`.

Each line gives our figure, what stands beside it in the same run (a floor that nobody can go below, or another program),
and the ratio: figures from different days or machines are never compared. A peer that is not there is "not run".
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys

from bench.figures import show

# In the order of their cost; a bench is a module with `run(*, quick) -> figures`.
BENCHES = ("register", "soundings", "chancery", "talks", "desk", "demo", "venue")


def main() -> int:
    """Run the benches that are named, or all; return 1 if a goal was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the work: to try the bench, not to quote"
    )
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in BENCHES]:
        parser.error(f"no bench {unknown[0]}; there are {', '.join(BENCHES)}")
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}, {platform.system()}")
    missed = 0
    for name in arguments.names or BENCHES:
        missed += show(name, importlib.import_module(f"bench.{name}").run(quick=arguments.quick))
    print(f"\n{missed} goals missed" if missed else "\nevery goal met that was measured")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
