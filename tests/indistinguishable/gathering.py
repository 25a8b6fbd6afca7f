"""Many samples, several at once, worlds drawn: a row of numbers for each, as lines of JSON.

Which world a sample is of is drawn in blocks of four (two of world 1; of world 0 one whose desks were told, one whose were not), each
block shuffled, so that whatever else the machine does falls on both worlds alike. A block is a group to the classifiers.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.indistinguishable.cases import CASES
from tests.indistinguishable.seen import features
from tests.indistinguishable.sounded import FORK, Sample, play, prepare

LANES = 6
APART = 0.23  # seconds between two beginnings, so that not all opens fall together
BLOCK = 4
MEMORY = Path("/dev/shm")


def drawn(count: int, spoilt: str, seed: int, case: str = "options") -> Iterator[Sample]:
    """Yield samples, in blocks of four whose order is drawn."""
    draw = random.Random(seed)
    block: list[tuple[int, bool]] = []
    for number in range(count):
        if not block:
            block = [(1, True), (1, True), (0, True), (0, False)]
            draw.shuffle(block)
        world, told = block.pop()
        yield Sample(world, told, spoilt, seed * 1_000_000 + number, case)


def gather(  # what is played, how often, and how
    count: int,
    spoilt: str,
    file: Path,
    *,
    seed: int,
    case: str = "options",
    lanes: int = LANES,
    apart: float = APART,
) -> None:
    """Play samples and add a line for each to `file`: what was played, what was found, all numbers."""
    base = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
    try:
        prepare(base / "house", CASES[case].parties)
        waiting, running = list(drawn(count, spoilt, seed, case))[::-1], []
        while waiting or running:
            if waiting and len(running) < lanes:
                running.append(FORK.Process(target=_one, args=(base, waiting.pop(), file)))
                running[-1].start()
            time.sleep(apart)
            running = [one for one in running if one.is_alive()]
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _one(base: Path, sample: Sample, file: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    said = json.loads((base / "house" / "said.json").read_text())
    path = base / str(sample.seed)
    heard = play(base / "house", path, sample)
    row = {
        **sample._asdict(),
        "accepted": sample.accepted,
        "mutual": heard.mutual,
        "numbers": features(heard, said["desks"], said["size"]),
    }
    shutil.rmtree(path)
    with file.open("a") as lines:
        lines.write(json.dumps(row) + "\n")


def group(row: dict) -> int:
    """Return the block in which the world of a row was drawn."""
    return row["seed"] // 1_000_000 * 1_000_000 + row["seed"] % 1_000_000 // BLOCK


def rows(file: Path) -> list[dict]:
    """Return the rows of a file."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.is_file() else []
