"""How every bench prints: claim, our figure, what stands beside it in the same run, the ratio, and whether the goal is met.

A figure without its counterpart says so: a peer that is not installed is "not run", never a number from another day.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass

HEAD = ("claim", "ours", "beside it", "", "ratio", "goal", "")


@dataclass(frozen=True)
class Figure:
    """One claim. `beside` is the floor's or the peer's figure from the same run; None if there is none.

    `most` and `least` are goals for the ratio ours/beside; `limit` is the most for our figure itself.
    """

    claim: str
    ours: float
    unit: str
    beside: float | None = None
    name: str = ""
    most: float | None = None
    least: float | None = None
    limit: float | None = None
    state: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by what stands beside it."""
        return self.ours / self.beside if self.beside else None

    @property
    def goal(self) -> str:
        """The goal in words."""
        if self.most is not None:
            return f"<= {self.most:g} x"
        if self.least is not None:
            return f">= {self.least:g} x"
        return f"< {self.limit:g} {self.unit}" if self.limit is not None else ""

    @property
    def met(self) -> str:
        """Whether the goal is met; empty if there is none or its peer was not run."""
        ratio = self.ratio
        if self.limit is not None:
            return "met" if self.ours < self.limit else "MISSED"
        if ratio is None or (self.most is None and self.least is None):
            return ""
        good = ratio <= self.most if self.most is not None else ratio >= (self.least or 0)
        return "met" if good else "MISSED"

    def cells(self) -> tuple[str, ...]:
        """The columns of one line."""
        beside = "not run" if self.name and self.beside is None else ""
        if self.beside is not None:
            beside = f"{number(self.beside)} {self.unit}"
        ratio = "" if self.ratio is None else f"{number(self.ratio)} x"
        ours = f"{number(self.ours)} {self.unit}"
        return (self.claim, ours, beside, self.name, ratio, self.goal, self.met)


def number(value: float) -> str:
    """Return about three significant digits, thousands set apart."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2f}" if 1 <= abs(value) < 100 else f"{value:.3g}"


def show(bench: str, figures: Iterable[Figure]) -> int:
    """Print the table of one bench, and the state of each figure below it; return how many goals were missed."""
    rows = list(figures)
    table = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[at]) for line in table) for at in range(len(HEAD))]
    print(f"\n{bench}")
    for line in table:
        cells = [
            cell.rjust(width) if at in (1, 2, 4) else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  " + "  ".join(cells).rstrip())
    for row in rows:
        if row.state:
            print(f"  {row.claim.strip()}: {row.state}")
    sys.stdout.flush()
    return sum(row.met == "MISSED" for row in rows)
