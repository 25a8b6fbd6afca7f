"""Try the one-line mutations of the mission: `python tests/scenarios/mutants.py [NAME...]`, also as `make mutants-of-mission`.

Each is made in a copy of the tree, in which its scenario alone is run, and must fail, having passed there before; a scenario that
passes with its rule disabled shows nothing. NAME is a sentence (M8) or a scenario; without one all are tried.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).parent / "mutations.toml"
SCENARIOS = "tests/scenarios/test_mission.py"
NEEDED = ("src", "tests", "spec", "docs", "pyproject.toml", "Makefile", "README.md")
# The statuses of pytest: 1 is that a test has failed; anything else that something is wrong with the run.
FAILED = 1


def mutations() -> list[dict[str, Any]]:
    """Return the list, one dictionary each."""
    return tomllib.loads(LIST.read_text(encoding="utf-8"))["mutation"]


def mutated(text: str, one: dict[str, Any]) -> str:
    """Return a file's text with the mutation made; its line must be there exactly once."""
    lines = text.split("\n")
    places = [at for at, line in enumerate(lines) if line == one["line"]]
    if len(places) != 1:
        sys.exit(f"{one['file']}: {len(places)} lines are: {one['line']}")
    lines[places[0]] = one["becomes"]
    return "\n".join(lines)


def passes(copy: Path, scenarios: set[str]) -> bool:
    """Tell whether scenarios pass in a copy of the tree."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", SCENARIOS]
    run = subprocess.run(
        [*command, "-k", " or ".join(sorted(scenarios))],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode not in (0, FAILED):
        sys.exit(f"{scenarios} were not run:\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return run.returncode == 0


def survives(copy: Path, one: dict[str, Any]) -> bool:
    """Tell whether the scenario passes with its rule disabled, in a copy of the tree."""
    file = copy / one["file"]
    whole = file.read_text(encoding="utf-8")
    file.write_text(mutated(whole, one), encoding="utf-8")
    try:
        return passes(copy, {one["scenario"]})
    finally:
        file.write_text(whole, encoding="utf-8")


def main(names: list[str]) -> int:
    """Try the mutations that are named, or all, and say which survived."""
    wanted = [one for one in mutations() if not names or {one["sentence"], one["scenario"]} & set(names)]
    lived = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "tree"
        for name in NEEDED:
            place = ROOT / name
            if place.is_dir():
                shutil.copytree(
                    place, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
                )
            else:
                copy.mkdir(exist_ok=True)
                shutil.copy(place, copy / name)
        # A scenario that fails anyway would kill every mutant.
        if not passes(copy, {one["scenario"] for one in wanted}):
            sys.exit("the scenarios do not pass as they are")
        for one in wanted:
            begun = time.monotonic()
            survived = survives(copy, one)
            lived += [one] if survived else []
            word = "SURVIVED" if survived else "killed  "
            print(
                f"{word} {one['sentence']:<4} {one['disables']} ({time.monotonic() - begun:.0f} s)",
                flush=True,
            )
    print(f"{len(wanted) - len(lived)} of {len(wanted)} killed")
    return 1 if lived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
