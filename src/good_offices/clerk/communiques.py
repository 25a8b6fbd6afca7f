"""Communiqués, for people: what is proposed, accepted, signed and released, and the events that do it.

This module decides how a communiqué is told and which one a word names. It never signs and never speaks with a venue: that is
`desk.communique`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from good_offices.clerk import names
from good_offices.clerk.authors import powers_of
from good_offices.desk import communique as desks
from good_offices.desk.desk import Desk
from good_offices.encoding import unpack
from good_offices.errors import LocalError
from good_offices.locale import language
from good_offices.talks.communique import record_of, unsigned
from good_offices.talks.events_communique import (
    CommuniqueAccepted,
    CommuniqueProposed,
    CommuniqueSigned,
    CommuniqueWithdrawn,
)
from good_offices.talks.releases import Release
from good_offices.text.brackets import open_points
from good_offices.text.state import TextState

_POWER: Final = "release"


def proposed(
    desk: Desk,
    text: TextState,
    *,
    titles: Mapping[str, str] | None = None,
    called: Mapping[str, str] | None = None,
    embargo: int | None = None,
    embargo_words: str = "",
    until: int | None = None,
) -> CommuniqueProposed:
    """Return the event that proposes a text for release; its titles unless others are given, each party by its own name.

    Raises:
        LocalError: `communique-differs` if no modalities are in force.
    """
    instrument = text.instrument
    if desk.talks.plenary.modalities is None:
        raise LocalError("communique-differs", why="no modalities are in force that say who is called how")
    own = {one: called_by[one] for one, called_by in desk.talks.plenary.modalities.modalities.names.items()}
    given = {tag: words for tag, words in (titles or {}).items() if words}
    return CommuniqueProposed(
        instrument=instrument.id,
        digest=instrument.digest,
        titles={tag: given.get(tag) or instrument.titles.get(tag, "") for tag in instrument.authentic},
        names=own | {one: name for one, name in (called or {}).items() if name},
        embargo=embargo or 0,
        embargo_words=embargo_words.strip(),
        until=until,
    )


def signature(desk: Desk, content: bytes) -> CommuniqueSigned:
    """Return the event that signs a communiqué for this delegation, in clear (raises as `desk.communique.signature`)."""
    return desks.signature(desk, content)


def withdrawal(content: bytes) -> CommuniqueWithdrawn:
    """Return the event by which this delegation withdraws from a communiqué."""
    return CommuniqueWithdrawn(communique=content)


def content_of(desk: Desk, which: str | None) -> bytes:
    """Return the content of the communiqué that a word names: an entry, the beginning of its hash; else the only one that stands.

    Raises:
        LocalError: `communique-unknown`, `communique-several`.
    """
    held = desk.talks.plenary.communiques
    entries = _entries(desk)
    if which is None:
        open_ = [name for name, one in held.items() if not one.withdrawn and one.released is None]
        found = open_ if len(open_) == 1 else [name for name, one in held.items() if not one.withdrawn]
    elif names.is_number(which):
        found = [name for name in held if entries.get(name) == int(which)]
    else:
        found = [names.key(which, held, "communique-unknown")]
    if not found:
        raise LocalError("communique-unknown")
    if len(found) > 1:
        raise LocalError("communique-several", entries=", ".join(str(entries[one]) for one in found))
    return bytes.fromhex(found[0])


def entry_of(desk: Desk, content: bytes) -> int:
    """Return the entry at which a communiqué was first proposed."""
    return _entries(desk)[content.hex()]


def _entries(desk: Desk) -> dict[str, int]:
    """Return, for each communiqué, the entry at which it was proposed first."""
    found: dict[str, int] = {}
    if not desk.talks.plenary.communiques:
        return found
    for line in desk.common.lines():
        event = line.act.event if line.act else None
        if isinstance(event, CommuniqueProposed) and line.verdict.status != "void":
            found.setdefault(event.content.hex(), line.index)
    return found


def told(desk: Desk) -> list[dict[str, Any]]:
    """Return all communiqués, the newest first: words, who accepted and signed, what this member may do."""
    entries = _entries(desk)
    found = [
        _told(desk, name, one, entries.get(name, 0)) for name, one in desk.talks.plenary.communiques.items()
    ]
    return sorted(found, key=lambda one: -int(one["index"]))


def _told(desk: Desk, name: str, one: Release, index: int) -> dict[str, Any]:
    """Return one communiqué."""
    own, called = desk.identity.place.delegation, names.delegations(desk)
    joint = desk.talks.plenary.joint.get(name)
    everyone = list(desk.talks.roster.expected)
    agreed = everyone if one.accepted is not None else list(joint.accepted) if joint else []
    record = unpack(one.record, dict[str, Any], what="the communiqué")
    missing = set(unsigned(one, desk.talks.roster, desk.common.ledger.size))
    public = record["names"]
    allowed = may(desk)
    waits = int(time.time() * 1000) < one.embargo
    whole = one.accepted is not None and not missing
    modalities = desk.talks.plenary.modalities
    hands = modalities.modalities.release if modalities else ()
    return {
        "content": name,
        "index": index,
        "instrument": one.instrument,
        "by": called.get(one.by, one.by),
        "stage": _stage(one, whole=whole),
        "titles": record["titles"],
        "words": record["words"],
        "names": {called.get(who, who): words for who, words in public.items()},
        "embargo_ms": one.embargo or None,
        "embargo_words": record.get("embargo_words", ""),
        "accepted": [called[who] for who in everyone if who in agreed],
        "accepts_missing": [called[who] for who in everyone if who not in agreed],
        "signed": [called[who] for who in everyone if who not in missing],
        "signs_missing": [called[who] for who in everyone if who in missing],
        "withdrawn": called.get(one.withdrawn, one.withdrawn),
        "released": one.released.index if one.released else None,
        "early": waits,
        "headline": headline(record["titles"]),
        "since": max([one.accepted or 0, *(each.done.index for each in one.signed.values())]),
        "signed_by_us": own not in missing,
        "hands": not hands or own in hands,
        "accept_index": max((held.index for held in joint.accepted.values()), default=None)
        if joint
        else None,
        "may": {
            "accept": allowed and not one.withdrawn and one.accepted is None and own not in agreed,
            "sign": allowed and not one.withdrawn and one.accepted is not None and own in missing,
            "withdraw": allowed and not one.withdrawn and own not in one.signed,
            "release": allowed and not one.withdrawn and whole and not waits and (not hands or own in hands),
        },
    }


def headline(titles: Mapping[str, str]) -> str:
    """Return the title of a communiqué in the reader's language, else in its first."""
    return titles.get(language()) or next(iter(titles.values()), "")


def _stage(one: Release, *, whole: bool) -> str:
    """Return how far a communiqué came, in a code word."""
    if one.withdrawn:
        return "withdrawn"
    if one.released is not None:
        return "released"
    if one.accepted is None:
        return "proposed"
    return "signed" if whole else "accepted"


def may(desk: Desk) -> bool:
    """Tell whether this member's credentials let it do anything about communiqués."""
    return desk.confirmed and not desk.identity.person.capital and _POWER in powers_of(desk)


def open_places(text: TextState) -> int:
    """Return how many provisions of a text have brackets or blanks."""
    return len(open_points(text.instrument))


def names_of(desk: Desk) -> list[tuple[str, list[str]]]:
    """Return for each delegation the names by which the modalities call it, its own first."""
    held = desk.talks.plenary.modalities
    called = held.modalities.names if held else {}
    return [
        (one, list(dict.fromkeys([called[one][one], *(by[one] for by in called.values())]))) for one in called
    ]


def words_of(desk: Desk, event: CommuniqueProposed) -> list[tuple[str, str]]:
    """Return, language by language, the words that a proposal would release.

    Raises:
        LocalError, RemoteError: as `talks.communique.record_of`.
    """
    text = names.text_named(desk.talks.plenary, event.instrument)
    record = unpack(record_of(desk.identity.place.talks, text.instrument, event), dict[str, Any])
    words: dict[str, str] = record["words"]
    return list(words.items())


def acceptance(content: bytes, until: int | None = None) -> CommuniqueAccepted:
    """Return the event that accepts a communiqué."""
    return CommuniqueAccepted(communique=content, until=until)
