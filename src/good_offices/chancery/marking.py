"""Marking: what a form about private marks becomes, and which part of a long list stands on a page.

This module decides how rows, numbers, scores and ends of a range are read. It keeps nothing, and counts nothing.

1. A row has a *yes* and a *no*, and *no* unless somebody said *yes*. Rows that are not on the page keep their marks.
2. A page has `MANY` rows. Who has more finds rows by words, or writes the numbers of those that are accepted.
3. A score is a number for a row; what reaches the reserve is marked, everything else is not. Scores stay at this desk.
4. The ends of a range are numbers of its scale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from good_offices.chancery.visit import Visit
from good_offices.clerk import sounding_lists
from good_offices.clerk.names import is_number
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.soundings.context import Scale
from good_offices.soundings.course import Choice
from good_offices.talks.soundings import Sounding

MANY: Final = 200
_SCORES: Final = "sounding-scores/{sounding}"


def window(options: Sequence[Mapping[str, Any]], page: str, find: str) -> dict[str, Any]:
    """Return the rows of a page (rule 2): `rows`, `page` and `pages` from 1, `found` (how many there are), `find`."""
    wanted = find.casefold().split()
    found = [one for one in options if all(word in one["words"].casefold() for word in wanted)]
    pages = max(1, -(-len(found) // MANY))
    at = min(max(int(page), 1), pages) if is_number(page) else 1
    return {
        "rows": found[(at - 1) * MANY : at * MANY],
        "page": at,
        "pages": pages,
        "found": len(found),
        "find": find,
    }


def choice_of(visit: Visit, sheet: Mapping[str, Any], size: int, scale: Scale | None) -> Choice:
    """Return what the form wants of a sheet (`clerk.soundings.sheet`).

    Raises:
        LocalError: `numbers-unreadable`, `sounding-marks`.
    """
    if scale is not None:
        return _range(visit, scale)
    marks = [bool(one["yes"]) for one in sheet["options"]]
    way = visit.field("way")
    if way == "numbers":
        words = visit.field("numbers").replace(";", ",").replace("–", "-").replace(",", " ").split()
        wanted = set(sounding_lists.numbers(",".join(words), size))
        return tuple(at in wanted for at in range(1, size + 1))
    if way == "scores":
        return _above(visit, size, marks)
    for name, value in visit.form.multi_items():
        row = name.removeprefix("m.")
        if name != row and is_number(row) and 1 <= int(row) <= size:
            marks[int(row) - 1] = value == "yes"
    return tuple(marks)


def scores(desk: Desk, sounding: Sounding) -> dict[str, str]:
    """Return the scores that this desk's user gave, by number, and the `reserve` (rule 3)."""
    kept = desk.storage.get(_SCORES.format(sounding=sounding.id.hex()))
    return dict(json.loads(kept)) if kept else {}


def keep_scores(visit: Visit, sounding: Sounding) -> None:
    """Keep the scores of a form with those of other rows."""
    given = scores(visit.desk, sounding)
    for name, value in visit.form.multi_items():
        row = name.removeprefix("s.")
        if isinstance(value, str) and (name == "reserve" or (name != row and is_number(row))):
            given[row] = value.strip()
    content = json.dumps({name: value for name, value in given.items() if value}).encode()
    visit.desk.storage.put(_SCORES.format(sounding=sounding.id.hex()), content)


def _above(visit: Visit, size: int, marks: Sequence[bool]) -> Choice:
    """Return the marks that scores and reserve of the form make; rows of other pages keep theirs (rule 3)."""
    reserve = _number(visit.field("reserve"))
    found = list(marks)
    for name, value in visit.form.multi_items():
        row = name.removeprefix("s.")
        if name != row and is_number(row) and 1 <= int(row) <= size and isinstance(value, str):
            found[int(row) - 1] = bool(value.strip()) and _number(value) >= reserve
    return tuple(found)


def _range(visit: Visit, scale: Scale) -> Choice:
    """Return the ticks of a range, or None for who refuses any overlap (rule 4)."""
    if visit.field("willing") != "yes":
        return None
    low, high = (
        tick(visit.field(name), scale, default) for name, default in (("low", 0), ("high", scale.ticks - 1))
    )
    # `marks.keep` says what is wrong with ends that stand the other way round.
    return low, high


def tick(word: str, scale: Scale, default: int) -> int:
    """Return the tick, from 0, of a number of the scale; `default` for none.

    Raises:
        LocalError: `numbers-unreadable`, `sounding-marks`.
    """
    return sounding_lists.tick(scale, _number(word)) if word else default


def _number(word: str) -> int:
    """Return a whole number.

    Raises:
        LocalError: `numbers-unreadable`.
    """
    plain = word.strip().removeprefix("-")
    if not is_number(plain):
        raise LocalError("numbers-unreadable", what=word[:40])
    return int(plain) * (-1 if word.strip().startswith("-") else 1)
