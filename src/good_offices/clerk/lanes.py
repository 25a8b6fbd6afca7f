"""The course of the talks by level and day: at which level something happened, and of which kind.

This module decides what a day at a level is marked with. It never counts: a day with one statement and a day with thirty
have the same mark, and nothing here says which delegation did more. Void acts and those without effect leave no mark.

1. The level is that of the author's credentials at the act's own entry.
2. Kinds: words that were said, work on the text, soundings that were opened, what all have accepted, and the course itself.
   Answers to soundings leave no mark: they come by themselves.
3. Days are those of this machine's clock; beyond `WEEKS_FROM` days they are put together by week.
4. The times are the host's word. What it dates after today is drawn at today, what it dates more than `YEARS` ago at that day, and
   the drawing says so: a date far away must not make the page too long to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from good_offices.clerk.authors import Author
from good_offices.clerk.rooms_view import KINDS, subject
from good_offices.desk.record import Line
from good_offices.locale.moments import moment
from good_offices.talks.event import LEVELS
from good_offices.talks.verdict import Completed

MARKS: Final = ("said", "text", "sounding", "agreed", "course")
WEEKS_FROM: Final = 60
YEARS: Final = 5
_LEAST: Final = 14
# In no zone does a day begin within a quarter of an hour.
_QUARTER: Final = 900_000


class Lanes(NamedTuple):
    """Levels from the highest to the lowest, days (or first days of weeks) in order, and the marks of each cell."""

    levels: tuple[str, ...]
    days: tuple[date, ...]
    weekly: bool
    marks: Mapping[tuple[str, date], tuple[str, ...]]
    moved: bool = False

    def on(self, day: date) -> list[tuple[str, tuple[str, ...]]]:
        """Return the levels with something on a day, and the kinds of it."""
        return [(level, self.marks[level, day]) for level in self.levels if (level, day) in self.marks]


def lanes(
    lines: Iterable[Line],
    rooms: Container[str],
    levels: Iterable[str],
    author: Callable[[bytes, int], Author],
    today: date,
) -> Lanes:
    """Return the lanes of rooms, named by their ids, up to today."""
    found: dict[tuple[str, date], set[str]] = {}
    days_of: dict[int, date] = {}
    oldest, moved = today - timedelta(days=366 * YEARS), False
    for line in lines:
        if line.act is None or line.verdict.room not in rooms or line.verdict.status != "valid":
            continue
        kind = _mark(line)
        level = author(line.act.author, line.index).level if kind else ""
        if level:
            quarter = line.leaf.time_ms // _QUARTER
            if quarter not in days_of:
                days_of[quarter] = day_of(quarter * _QUARTER)
            day = min(max(days_of[quarter], oldest), today)
            moved = moved or day != days_of[quarter]
            found.setdefault((level, day), set()).add(kind)
    wanted = set(levels) | {level for level, _ in found}
    first = min((day for _, day in found), default=today)
    last = today
    weekly = (last - first).days >= WEEKS_FROM
    if weekly:
        by_week: dict[tuple[str, date], set[str]] = {}
        for (level, day), kinds in found.items():
            by_week.setdefault((level, monday(day)), set()).update(kinds)
        found, first, last = by_week, monday(first), monday(last)
    step = 7 if weekly else 1
    first = min(first, last - timedelta(days=step * (_LEAST - 1)))
    days = tuple(first + timedelta(days=one) for one in range(0, (last - first).days + 1, step))
    marks = {cell: tuple(kind for kind in MARKS if kind in kinds) for cell, kinds in found.items()}
    return Lanes(tuple(level for level in reversed(LEVELS) if level in wanted), days, weekly, marks, moved)


def day_of(milliseconds: int) -> date:
    """Return the day of a moment by this machine's clock."""
    return moment(milliseconds).astimezone().date()


def monday(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def _mark(line: Line) -> str:
    """Return the kind of mark for an act, empty for none (rule 2)."""
    assert line.act is not None
    if any(isinstance(effect, Completed) for effect in line.verdict.effects):
        return "agreed"
    about = subject(line.act.event)
    if about == "course":
        return "course" if line.act.event.name == "TalksBrokenOff" else ""
    if about in KINDS.values():
        return "said"
    if about == "sounding":
        return about
    return "text" if about in ("text", "agenda", "modalities", "meetings", "outcome") else ""
