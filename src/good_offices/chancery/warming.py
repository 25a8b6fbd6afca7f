"""What is made ready after unlocking, so that the first page of each screen need not wait for it.

This module decides what is worth having ready. It never decides when: `Seat` gives it short turns, and gives way between.
Whatever a page asks for before it is ready, the page makes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from good_offices.chancery.screen import NAMED, environment, own_name
from good_offices.chancery.text import kept
from good_offices.chancery.text.rows import row
from good_offices.chancery.text.sheet import Sheet, chosen_languages, sheet
from good_offices.clerk import names, pending
from good_offices.clerk.versions import look_back
from good_offices.desk.desk import Desk
from good_offices.desk.record import Book, Line

# Small, so that a page which wants the turn meanwhile has it within a few milliseconds.
_ENTRIES: Final = 10

Lines = Callable[..., list[Line]]


def steps(desk: Desk, lines: Lines) -> Iterator[None]:
    """Make the record, templates, the rows of all texts and their versions ready, a little at each step.

    `lines` is `Seat.lines`.
    """
    books: tuple[Book[Any], ...] = (desk.common, desk.caucus)
    for book in books:
        while len(lines(book, _ENTRIES)) < book.ledger.size:
            yield
    for template in environment().list_templates():
        environment().get_template(template)
        yield
    for language in NAMED:
        own_name(language)
        yield
    shelf = kept.shelf(desk)
    while shelf.chronicle.size < desk.common.ledger.size:
        shelf.read(desk.common.readings, lines(desk.common)[: shelf.chronicle.size + _ENTRIES])
        yield
    for room, state in pending.states(desk).items():
        for name in list(state.texts):
            yield from _rows(desk, lines, name, room)
    while look_back(desk, _ENTRIES):
        yield


def _rows(desk: Desk, lines: Lines, name: str, room: str) -> Iterator[None]:
    """Write the rows of a text as its own page will, one at each step."""
    page: Sheet | None = None
    looked: dict[str, str] = {}
    written: tuple[int, ...] = ()
    place = 0
    while True:
        # Between two steps the record may have grown or been judged anew.
        now = (desk.common.ledger.size, desk.common.readings, desk.storage.changes)
        if page is None or now != written:
            text = names.state(desk, room).texts.get(name)
            if text is None:
                return
            languages = chosen_languages(desk, text, room)
            page, written = sheet(desk, text, lines(desk.common), languages, room), now
            looked = kept.looked(desk, page.key)
            yield
            continue
        units = page.text.instrument.units
        if place >= len(units):
            return
        if units[place].kind != "layout":
            row(page, units[place], looked.get(units[place].id, "") if looked else None)
        place += 1
        yield
