"""The events of talking: statements, public statements, annexes, instructions, items of the agenda.

This module decides which entries and items the words of a person name. Notes, incidents and the course of the talks name
nothing: their events are made from what was typed, without this module. It never judges what is said.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from good_offices.clerk import names
from good_offices.desk.desk import Desk
from good_offices.desk.record import Book
from good_offices.talks import events_plenary as events
from good_offices.talks.plenary import PlenaryState


def statement(
    desk: Desk, room: str, text: str, language: str, *, item: str | None = None, to: Iterable[str] = ()
) -> events.StatementMade:
    """Return the event of a statement in a room, under an agenda item, in answer to entries of that room.

    Raises:
        LocalError: as `names.item` and `names.act_at`.
    """
    return events.StatementMade(
        text=text,
        language=language,
        item=bytes.fromhex(names.item(_agenda_of(desk, room), item)) if item else None,
        to=_acts(desk.book(room), to),
    )


def note(
    desk: Desk,
    room: str,
    text: str,
    language: str,
    *,
    subject: str = "",
    urgent: bool = False,
    to: Iterable[str] = (),
    kind: str = "note-verbale",
) -> events.NotePassed:
    """Return the event of a note verbale or an aide-memoire, in answer to entries of the same room.

    Raises:
        LocalError: as `names.act_at`.
    """
    return events.NotePassed(
        text=text,
        language=language,
        subject=subject,
        urgent=urgent,
        to=_acts(desk.book(room), to),
        kind="aide-memoire" if kind == "aide-memoire" else "note-verbale",
    )


def public_statement(
    text: str, language: str, *, speaker: str, date: str, medium: str, reported_by: str
) -> events.PublicStatementRecorded:
    """Return the event that somebody is reported to have said words in public; only their hash goes on record."""
    return events.PublicStatementRecorded(
        speaker=speaker,
        date=date,
        medium=medium,
        reported_by=reported_by,
        language=language,
        quotation=hashlib.sha256(text.encode()).digest(),
    )


def annex(data: bytes, *, title: str, media: str, name: str | None = None) -> events.AnnexFiled:
    """Return the event that puts a file on record by its hash; without a name it gets an id of chance."""
    return events.AnnexFiled(
        annex=name or secrets.token_hex(16),
        title=title,
        media=media,
        size=len(data),
        digest=hashlib.sha256(data).digest(),
    )


def instructions_asked(
    desk: Desk, text: str, language: str, *, about: Iterable[str] = ()
) -> events.InstructionsAsked:
    """Return the event that asks the capital, about entries of the common record.

    Raises:
        LocalError: as `names.act_at`.
    """
    return events.InstructionsAsked(text=text, language=language, about=_acts(desk.common, about))


def instructions_given(
    desk: Desk, text: str, language: str, *, to: Iterable[str] = ()
) -> events.InstructionsGiven:
    """Return the event that instructs the delegation, in answer to entries of the caucus.

    Raises:
        LocalError: as `names.act_at`.
    """
    return events.InstructionsGiven(text=text, language=language, to=_acts(desk.caucus, to))


def item_accepted(desk: Desk, item: str, until: int | None = None) -> events.ItemAccepted:
    """Return the event that accepts an item by its title or number.

    Raises:
        LocalError: `item-unknown`.
    """
    return events.ItemAccepted(item=bytes.fromhex(names.item(desk.talks.plenary, item)), until=until)


def item_withdrawn(desk: Desk, item: str, until: int | None = None) -> events.ItemWithdrawn:
    """Return the event that takes back one's own proposed item, or a part of withdrawing an agreed one.

    Raises:
        LocalError: `item-unknown`.
    """
    return events.ItemWithdrawn(item=bytes.fromhex(names.item(desk.talks.plenary, item)), until=until)


def _agenda_of(desk: Desk, room: str) -> PlenaryState:
    """Return the state in which the agenda of a room stands: of a caucus, that of the plenary."""
    return desk.talks.plenary if room in desk.rooms else desk.talks.room_state(room)


def _acts(book: Book[Any], entries: Iterable[str]) -> tuple[bytes, ...]:
    """Return the acts that words name in a record."""
    return tuple(names.hash_of(names.act_at(book, one).act) for one in entries)
