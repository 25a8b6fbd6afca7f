"""Fuzz one parser, or all: `python -m fuzz [NAME ...] [--seconds N] [--seed N] [--atheris]`.

A finding is any exception that is no refusal with a code, a refusal that cannot be told, or an input that takes longer
than `SLOW` seconds. The input is kept in .cache/fuzz; the exit status is 1.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

from fuzz.mutation import mutate
from fuzz.targets import TARGETS, Target

from good_offices.errors import GoodOfficesError

SLOW = 5.0
KEPT = Path(".cache/fuzz")


def call(target: Target, data: bytes) -> None:
    """Run a target on one input.

    Raises:
        Exception: whatever is no refusal; TimeoutError for an input that takes too long.
    """
    begun = time.perf_counter()
    try:
        target.run(data)
    except GoodOfficesError as refused:
        _ = (str(refused), refused.remedy)
    took = time.perf_counter() - begun
    if took > SLOW:
        msg = f"{took:.1f} s for {len(data)} bytes"
        raise TimeoutError(msg)


def inputs(target: Target, chance: random.Random) -> list[bytes]:
    """Return the first inputs of a target, in an order of chance."""
    first = list(target.seeds())
    chance.shuffle(first)
    return first


def fuzz(name: str, seconds: float, seed: int) -> bool:
    """Run a target on changed inputs for a time; return whether nothing was found."""
    target, chance = TARGETS[name], random.Random(seed)
    corpus = inputs(target, chance)
    runs, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        data = mutate(chance, chance.choice(corpus), corpus) if runs >= len(corpus) else corpus[runs]
        runs += 1
        try:
            call(target, data)
        except Exception:  # noqa: BLE001 -- every exception but a refusal is what this program looks for
            KEPT.mkdir(parents=True, exist_ok=True)
            path = KEPT / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            traceback.print_exc()
            print(f"{name}: found after {runs:,} inputs; the input is in {path}")
            return False
    print(f"{name}: {runs:,} inputs, nothing found")
    return True


def with_atheris(name: str) -> None:
    """Hand a target to atheris, which must be installed; it decides when to stop."""
    import atheris  # noqa: PLC0415 -- optional, and not for every platform

    atheris.instrument_all()
    atheris.Setup(sys.argv[:1], lambda data: call(TARGETS[name], data))
    atheris.Fuzz()


def main() -> int:
    """Run the targets that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--atheris", action="store_true")
    parser.add_argument("--input", type=Path, help="run one target once on the bytes of a file")
    arguments = parser.parse_args()
    names = arguments.names or list(TARGETS)
    if unknown := [name for name in names if name not in TARGETS]:
        parser.error(f"no target {unknown[0]}; there are {', '.join(TARGETS)}")
    if arguments.input:
        call(TARGETS[names[0]], arguments.input.read_bytes())
        return 0
    if arguments.atheris:
        with_atheris(names[0])
    clean = [fuzz(name, arguments.seconds, arguments.seed) for name in names]
    return 0 if all(clean) else 1


if __name__ == "__main__":
    sys.exit(main())
