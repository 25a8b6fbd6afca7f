"""What is made ready after unlocking, so that the first page of each screen need not wait for it.

This module decides what is worth having ready. It never decides when: `Seat` gives it short turns, and gives way between.
Whatever a page asks for before it is ready, the page makes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from good_offices.chancery.text import kept
from good_offices.chancery.text.rows import row
from good_offices.chancery.text.sheet import chosen_languages, sheet
from good_offices.chancery.text.versions import look_back
from good_offices.desk.desk import Desk
from good_offices.desk.record import Book, Line

_ROWS: Final = 10
_ENTRIES: Final = 50

Lines = Callable[..., list[Line]]


def steps(desk: Desk, lines: Lines) -> Iterator[None]:
    """Make the record, the rows of all texts and their versions ready, a little at each step; `lines` is `Seat.lines`."""
    books: tuple[Book[Any], ...] = (desk.common, desk.caucus)
    for book in books:
        while len(lines(book, _ENTRIES)) < book.ledger.size:
            yield
    for name in list(desk.talks.plenary.texts):
        for first in range(0, len(desk.talks.plenary.texts[name].instrument.units), _ROWS):
            _rows(desk, lines, name, first)
            yield
    kept.shelf(desk).read(desk.common.readings, lines(desk.common))
    while look_back(desk, _ENTRIES):
        yield


def _rows(desk: Desk, lines: Lines, name: str, first: int) -> None:
    """Write some rows of a text as its own page will."""
    text = desk.talks.plenary.texts.get(name)
    if text is None:  # between two steps the record was judged anew
        return
    page = sheet(desk, text, lines(desk.common), chosen_languages(desk, text))
    looked = kept.looked(desk, name)
    for unit in text.instrument.units[first : first + _ROWS]:
        if unit.kind != "layout":
            row(page, unit, looked.get(unit.id, "") if looked else None)
