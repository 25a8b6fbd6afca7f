"""The record as a table: which entries a reader asked to see, each in one line, and one entry whole.

This module decides how entries are sorted, chosen and told. It never leaves out an act because it is void or without effect,
and says of every entry that is not shown by which choice.

1. Entries of both registers stand in the order of their arrival by the host's clock; within a register by their number.
2. Only the entries that are shown are put into words: a record may hold thousands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from good_offices.clerk import joining, names
from good_offices.clerk.authors import Author, Authors
from good_offices.clerk.joining import Joining
from good_offices.clerk.outcome_view import powers_state
from good_offices.clerk.plain import effects_in_words, plain, verdict_of
from good_offices.clerk.rooms_view import KINDS as WORDS
from good_offices.clerk.rooms_view import labels, subject
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks.events_plenary import (
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
)

ROOMS: Final = ("plenary", "caucus", "roster")
GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "words": frozenset(WORDS.values()),
    "text": frozenset({"text"}),
    "agenda": frozenset({"agenda", "modalities", "course"}),
    "outcome": frozenset({"outcome", "record"}),
    "people": frozenset({"people"}),
    "keys": frozenset({"keys", "desks"}),
}
_FAILED: Final = ("void", "ineffective")


class Placed(NamedTuple):
    """An entry with the room in which it stands, and its register: `common` or `caucus`."""

    line: Line
    room: str
    register: str


def placed(desk: Desk, common: Sequence[Line], caucus: Sequence[Line]) -> list[Placed]:
    """Return all entries with their rooms, in order (rule 1)."""
    rooms = {identity: name for name, identity in desk.rooms.items()}
    rooms |= dict.fromkeys(desk.talks.plenary.groups.rooms, "group")
    ours = [Placed(one, rooms.get(one.verdict.room, "roster"), "common") for one in common]
    home = [Placed(one, "caucus", "caucus") for one in caucus]
    return sorted([*ours, *home], key=lambda one: (one.line.leaf.time_ms, one.register, one.line.index))


def chosen(entries: Sequence[Placed], *, room: str = "", kind: str = "") -> list[Placed]:
    """Return the entries of a room and of a kind: a group of `GROUPS`, `failed`, `all`, else all that members did."""
    return [one for one in entries if (not room or one.room == room) and _is(one.line, kind)]


def _is(line: Line, kind: str) -> bool:
    """Tell whether an entry is of a kind."""
    if kind == "all":
        return True
    failed = line.verdict.status in _FAILED
    if kind == "failed":
        return failed
    about = subject(line.act.event) if line.act is not None else "desks"
    if kind:
        return about in GROUPS.get(kind, frozenset())
    return about not in GROUPS["keys"] or failed


def told(desk: Desk, entries: Sequence[Placed], authors: Authors) -> list[dict[str, Any]]:
    """Return entries in one line each (rule 2)."""
    called, joined = labels(desk), Joining(desk)
    return [_told(one, authors, called, joined) for one in entries]


def _told(one: Placed, authors: Authors, called: Mapping[str, str], joined: Joining) -> dict[str, Any]:
    """Return one entry in a line."""
    line = one.line
    verdict = verdict_of(line.verdict)
    return {
        "index": line.index,
        "room": one.room,
        "register": one.register,
        "kind": line.kind,
        "time_ms": line.leaf.time_ms,
        "author": authors(line.act.author, line.index) if line.act else Author(),
        "what": joining.told(line.act.event, called, joined(line)) if line.act else aside(line),
        "aside": str(line.verdict.facts.get("aside", "")),
        "effects": effects_in_words(verdict["effects"]),
        **{name: verdict[name] for name in ("status", "code", "message", "hint")},
    }


def _signed(event: Any) -> Any:
    """Return what was signed as values; of a letter not what is sealed once more, which says nothing to anybody here."""
    if event is None:
        return None
    told = plain(event)
    return {name: one for name, one in told.items() if name not in ("letter", "blocks", "draft")}


def aside(line: Line) -> str:
    """Return what an entry is that holds no act: a paper, a piece of a file, or nothing that has words."""
    words = {
        "non-paper": _("non-paper, unattributable"),
        "sealed-paper": _("expectations that nobody signed, sealed until the box opens"),
        "annex-piece": _("a piece of an annex's file"),
    }
    return words.get(str(line.verdict.facts.get("aside", "")), "")


def whole(desk: Desk, room: str, index: int) -> dict[str, Any]:
    """Return one entry whole: who, when by both clocks, what was signed, what it had seen, and its hashes.

    Raises:
        LocalError: `no-such-entry-here`; `page-unknown` for a room that there is not.
    """
    if room not in (*ROOMS, "group", "sounding", "common"):
        raise LocalError("page-unknown")
    book = desk.book(room)
    line = names.line(book, index)
    rooms = {identity: name for name, identity in desk.rooms.items()}
    rooms |= dict.fromkeys(desk.talks.plenary.groups.rooms, "group")
    register = "caucus" if room == "caucus" else "common"
    at = "caucus" if register == "caucus" else rooms.get(line.verdict.room, "roster")
    event = line.act.event if line.act else None
    produced = names.hash_of(line.act) if isinstance(event, FullPowersProduced) else b""
    produced = (
        event.produced if isinstance(event, FullPowersFoundInOrder | FullPowersFoundNotInOrder) else produced
    )
    held = desk.talks.plenary.powers.get(produced.hex())
    return {
        **_told(Placed(line, at, register), Authors(desk), labels(desk), Joining(desk)),
        "claimed_ms": line.act.time if line.act else None,
        "length": line.leaf.length,
        "digest": line.leaf.digest,
        "leaf": line.leaf.hash,
        "act": names.hash_of(line.act) if line.act else None,
        "seen": line.act.seen.size if line.act else None,
        "words": str(getattr(event, "text", "")) if event is not None and event.name in WORDS else "",
        "language": str(getattr(event, "language", "")),
        "signed": _signed(event),
        "powers": powers_state(desk, held) if held else None,
    }
