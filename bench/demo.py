"""The demonstration from its first line to its verdict, as somebody sees it who has just installed the program.

python -m bench demo [--quick]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

DRAFTS = Path(__file__).parent.parent / "tests" / "data" / "drafts"
COMMAND = (sys.executable, "-m", "good_offices.cli.main")


def run(*, quick: bool) -> Iterator[Figure]:
    """Yield the wall time of the demo, of the empty program, and of the demo with a draft if one is there."""
    times = 1 if quick else 3
    nothing = wall(("--version",), times)
    state = "venue, two desks with Argon2id, acts, outcome, verdict; everything synced to disk"
    yield Figure("goodoffices --version", nothing, "s")
    yield Figure(
        "goodoffices demo --headless", wall(("demo", "--headless"), times), "s", limit=60, state=state
    )
    for draft in sorted(DRAFTS.glob("*.md"))[:1]:
        took = wall(("demo", "--headless", "--draft", str(draft)), times)
        yield Figure(f"  with {draft.name}, {draft.stat().st_size:,} bytes", took, "s")


def wall(arguments: tuple[str, ...], times: int) -> float:
    """Return the median of seconds that the program takes with these arguments."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run((*COMMAND, *arguments), check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
