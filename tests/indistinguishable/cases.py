"""What can be sounded in a sample: how many delegations, which list, what they are told, and how long the run takes.

World 1 is always that something is found, world 0 that nothing is. The lengths of all are the same in both worlds.
"""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from good_offices.soundings.context import Kind, Listed, Option, Scale

SIZE = 8
PACE = 1.0  # seconds
OPEN = 2.5  # seconds from the opening of the list to `closes`
# From the last thing that is due to the end of a sample, in seconds: the commitments, the deposits, and two beats more.
SETTLED = 1.25


class Case(NamedTuple):
    """A kind of sounding: its delegations, when the last box is due (in paces after `closes`), and how much is to be seen.

    `posts` of each desk after `closes` and `entries` of the register since the opening are measured one by one.
    """

    kind: Kind
    parties: int
    last: int
    posts: int
    entries: int
    chunk: int = 0

    @property
    def boxes(self) -> int:
        """How many boxes a run opens."""
        return 1 + (-(-SIZE // self.chunk) if self.chunk else 0)

    @property
    def after(self) -> float:
        """Seconds from `closes` to the end of a sample."""
        return self.last * PACE + SETTLED

    def listed(self, closes: float) -> Listed:
        """Return the list, of `SIZE` options or ticks."""
        rest: dict[str, Any] = {"options": [Option(words={"en": f"Day {number}"}) for number in range(SIZE)]}
        if self.kind == "range":
            rest = {"scale": Scale(least=0, most=10 * (SIZE - 1), step=10, unit="m3/s")}
        return Listed(
            kind=self.kind,
            about="figure" if self.kind == "range" else "date",
            subject={"en": "What could be"},
            chunk=self.chunk,
            closes=int(closes * 1000),
            pace=int(PACE * 1000),
            until=int(closes * 1000) + 600_000,
            **rest,
        )

    def wanted(self, accepted: int, draw: random.Random) -> list[Any]:
        """Return what each delegation is told: `accepted` same options of all, or ranges that touch if there is one."""
        if self.kind == "range":
            at = draw.randrange(SIZE - 1)
            return [(0, at), (at if accepted else at + 1, SIZE - 1)]
        option = draw.randrange(SIZE)
        wanted = tuple((number - option) % SIZE < accepted for number in range(SIZE))
        return [wanted] * self.parties


# Steps are 2, 2, 5 (each delegation takes 4 of them) and 4; boxes are 1, one for the order and one for each of four chunks, 1, 1. A desk
# posts each of its steps, a commitment (an act and an entry at once) and a deposit for each box. One of each more would be seen.
CASES = {
    "options": Case("options", 2, last=2, posts=5, entries=11),
    "packages": Case("packages", 2, last=6, posts=13, entries=31, chunk=2),
    "range": Case("range", 2, last=5, posts=7, entries=15),
    "three": Case("options", 3, last=4, posts=7, entries=21),
}
