"""The demonstration from its first line to its verdict, as somebody sees it who has just installed the program.

python -m bench demo [--quick]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

ARTICLES = 60
ARTICLE = "Article {number}\n\nEach Party [shall][should] release [not less than] {number} cubic metres of water a second."
# The installed command, as a person calls it.
COMMAND = (str(Path(sys.executable).with_name("goodoffices")),)


def run(*, quick: bool) -> Iterator[Figure]:
    """Yield the wall time of the demo, of the empty program, and of the demo with a draft if one is there."""
    times = 1 if quick else 3
    nothing = wall(("--version",), times)
    state = "venue, four desks with Argon2id, acts, outcome, verdict; everything synced to disk"
    yield Figure("goodoffices --version", nothing, "s")
    yield Figure(
        "goodoffices demo --headless", wall(("demo", "--headless"), times), "s", limit=20, state=state
    )
    with tempfile.TemporaryDirectory(prefix="good-offices-bench-") as folder:
        draft = Path(folder) / "draft.md"
        draft.write_text("\n\n".join(ARTICLE.format(number=number) for number in range(1, ARTICLES + 1)))
        took = wall(("demo", "--headless", "--draft", str(draft)), 1)
    yield Figure(f"  with a draft of {ARTICLES} bracketed articles", took, "s")


def wall(arguments: tuple[str, ...], times: int) -> float:
    """Return the median of seconds that the program takes with these arguments."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run((*COMMAND, *arguments), check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
