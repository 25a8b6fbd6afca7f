"""How far each text came towards signature, what is asked of this member, and what is checked before a name is put to it.

This module decides what is told of the last steps and to whom they are open. It never signs: an event is done by whoever
asked for it, and the rules judge it there.

1. A name is put to words that were shown: the hash that stood on the page is asked for again, and another one is refused.
2. The name is typed as it stands in the credentials; spaces and the Unicode form in which it is typed make no difference.
3. Delegations are told in the order of the genesis, all with the same facts.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from good_offices.clerk import names
from good_offices.clerk.authors import powers_of
from good_offices.clerk.closing import deposits_waiting
from good_offices.clerk.keepers import keepers
from good_offices.clerk.outcome_view import powers_state
from good_offices.clerk.provisions import called
from good_offices.desk.desk import Desk
from good_offices.desk.outcome import awaited_closing
from good_offices.encoding import Record, pack
from good_offices.errors import LocalError
from good_offices.locale import language
from good_offices.talks.events_outcome import ClosingRecord
from good_offices.talks.finished import Finished, on_paper
from good_offices.talks.plenary import Mark
from good_offices.talks.rules import RULES
from good_offices.text.ladder import obstacles
from good_offices.text.model import Instrument
from good_offices.text.state import TextState

_GROUP: Final = 4
_SIGNED: Final = ("ad-referendum", "signed")
# In the order in which they are dealt with.
_WHY: Final = ("slots", "placeholders", "concordance", "not-locked")
_COUNTED: Final = ("slots", "placeholders")


class _Shown(Record, kw_only=True):
    """What a page says of a closing record: all but the head, which moves with every entry."""

    parts: tuple[bytes, ...]


def title_of(instrument: Instrument) -> tuple[str, str]:
    """Return the language and the words of a title: in the language of the screen, else in the first authentic one."""
    for tag in (language(), *instrument.authentic, *sorted(instrument.titles)):
        if instrument.titles.get(tag):
            return tag, instrument.titles[tag]
    return language(), instrument.id


def grouped(digest: bytes) -> list[str]:
    """Return a whole hash as people compare it: groups of four figures."""
    whole = digest.hex()
    return [whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP)]


def in_the_way(text: TextState) -> list[dict[str, Any]]:
    """Return what stands before initials and signature, by its reason: the provisions concerned, and how often in each."""
    found: dict[str, dict[str, dict[str, Any]]] = {why: {} for why in _WHY}
    known = called(text.instrument, language())
    for one in obstacles(text):
        # A heading and the provision under it may be called the same: one link leads to both.
        name = known[one.unit].whole
        place = found[one.why].setdefault(name, {"unit": one.unit, "name": name, "count": 0})
        place["count"] += one.count if one.why in _COUNTED else 0
    return [{"why": why, "places": list(places.values())} for why, places in found.items() if places]


def progress(desk: Desk, text: TextState) -> dict[str, Any]:
    """Return how far a text came, for every delegation alike, and which steps are open to this member."""
    plenary = desk.talks.plenary
    held = plenary.outcomes.get(text.instrument.id)
    marks = held.marks if held else ()
    named = names.delegations(desk)
    sides = [_side(desk, one, named[one], marks) for one in desk.talks.roster.expected]
    paper = on_paper(plenary.finished.get(text.instrument.id, Finished()))
    obstructed = in_the_way(text)
    ready = text.phase in ("adopted", "initialled") and not obstructed
    ours = next(one for one in sides if one["ours"])
    tag, title = title_of(text.instrument)
    unsigned = ready and ours["signed"] is None
    return {
        "id": text.instrument.id,
        "title": title,
        "title_language": tag,
        "authentic": list(text.instrument.authentic),
        "phase": text.phase,
        "digest": grouped(text.instrument.digest),
        "obstacles": obstructed,
        "adopting": _adopting(desk, text),
        "sides": sides,
        "unsigned": [one["name"] for one in sides if one["signed"] is None and one["id"] not in paper],
        "on_paper": sorted(paper),
        "unconfirmed": [one["name"] for one in sides if _how(one["signed"]) == "ad-referendum"],
        "depositary": keepers(desk).get(held.depositary, held.depositary) if held and held.deposited else "",
        "deposits": [
            {
                "index": index,
                "depositary": keepers(desk).get(event.depositary, event.depositary),
                "place": event.place,
                "ours": ours,
            }
            for index, event, ours in deposits_waiting(desk, text)
        ],
        "may": {
            "initial": ready and ours["initialled"] is None and may(desk, "TextInitialled"),
            "sign": unsigned and may(desk, "InstrumentSigned"),
            "ad-referendum": unsigned and may(desk, "SignedAdReferendum"),
            "confirm": _how(ours["signed"]) == "ad-referendum" and may(desk, "SignatureConfirmed"),
            "deposit": text.phase == "signed"
            and not (held and held.deposited)
            and may(desk, "InstrumentDeposited"),
        },
        "in_order": own_powers_in_order(desk),
    }


def _adopting(desk: Desk, text: TextState) -> bool:
    """Tell whether a delegation has moved to adopt a text, and others have not yet done the same."""
    prefix = f"{text.instrument.id}/"
    waiting = [one for one in desk.talks.plenary.joint.values() if one.event == "TextAdopted"]
    return any(subject.startswith(prefix) for one in waiting for subject in one.subjects)


def may(desk: Desk, event: str) -> bool:
    """Tell whether this member's credentials let an event be done; the rules ask again when it is done."""
    power = RULES[event].power
    if not desk.confirmed or desk.identity.person.capital:
        return False
    return power is None or power in powers_of(desk)


def own_powers_in_order(desk: Desk) -> bool:
    """Tell whether every other delegation has found this member's full powers in order (VCLT 7)."""
    person, own = desk.identity.person.member, desk.identity.place.delegation
    others = {one for one in desk.talks.roster.expected if one != own}
    return any(
        one.member == person and others <= set(one.found) for one in desk.talks.plenary.powers.values()
    )


def powers_told(desk: Desk) -> list[dict[str, Any]]:
    """Return all full powers on record: whose, on what they rest, by whom found in order, and whether this member may."""
    own, named = desk.identity.place.delegation, names.delegations(desk)
    told = []
    for one in desk.talks.plenary.powers.values():
        waits = [
            named[who]
            for who in desk.talks.roster.expected
            if who != one.delegation and who not in one.found and who not in one.refused
        ]
        told.append(
            powers_state(desk, one)
            | {
                "side": one.delegation,
                "ours": one.delegation == own,
                "waits_for": waits,
                "groups": grouped(one.document) if one.document else [],
                "may_find": one.delegation != own
                and own not in one.found
                and own not in one.refused
                and may(desk, "FullPowersFoundInOrder"),
            }
        )
    return told


def closing_told(desk: Desk) -> dict[str, Any]:
    """Return how the closing record stands: by whom signed, for whom it waits, whether this member may sign it."""
    plenary, own = desk.talks.plenary, desk.identity.place.delegation
    named = names.delegations(desk)
    pending = [one for one in plenary.joint.values() if one.event == "ClosingRecordSigned"]
    joint = pending[-1] if pending else None
    signed = [named.get(one, one) for one in joint.accepted] if joint else []
    waits = [named[one] for one in desk.talks.roster.expected if joint and one not in joint.accepted]
    adopted = [one for one in plenary.texts.values() if one.phase]
    return {
        "closed": plenary.closing is not None,
        "ready": bool(adopted) and all(one.phase == "signed" for one in adopted),
        "drawn": joint is not None,
        "signed_by": list(named.values()) if plenary.closing is not None and not joint else signed,
        "waits_for": waits,
        "awaited": awaited_closing(desk) is not None,
        "ours": bool(joint and own in joint.accepted),
        "may": may(desk, "ClosingRecordSigned"),
    }


def shown(record: ClosingRecord) -> str:
    """Return a hash of what a page says of a closing record: texts, signatories, roots, modalities and agenda."""
    fields = (record.instruments, record.texts, record.signatories, record.roots)
    parts = [pack(one) for group in fields for one in group]
    parts += [record.modalities or b"", *record.agenda]
    return hashlib.sha256(pack(_Shown(parts=tuple(parts)))).hexdigest()


def check_name(desk: Desk, typed: str) -> None:
    """Pass if a name is the one in this member's credentials (rule 2).

    Raises:
        LocalError: `name-differs`.
    """
    if not typed.strip() or plain_name(typed) != plain_name(desk.identity.person.name):
        raise LocalError("name-differs", name=desk.identity.person.name)


def plain_name(name: str) -> str:
    """Return a name without what typing alone decides: spaces at the ends and doubled, the form of composed letters."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def check_shown(text: TextState, digest: str) -> None:
    """Pass if a text is still the one whose hash stood on the page (rule 1).

    Raises:
        LocalError: `text-moved`.
    """
    if text.instrument.digest.hex() != digest:
        raise LocalError("text-moved")


def _side(desk: Desk, delegation: str, name: str, marks: Sequence[Mark]) -> dict[str, Any]:
    """Return what one delegation has put to a text."""
    own = [one for one in marks if one.delegation == delegation]
    return {
        "id": delegation,
        "name": name,
        "ours": delegation == desk.identity.place.delegation,
        "initialled": next((_mark(desk, one) for one in own if one.how == "initialled"), None),
        "signed": next((_mark(desk, one) for one in own if one.how in _SIGNED), None),
    }


def _how(mark: dict[str, Any] | None) -> str:
    """Return how a mark was made; empty if there is none."""
    return str(mark["how"]) if mark else ""


def _mark(desk: Desk, one: Mark) -> dict[str, Any]:
    """Return an initial or a signature: who, in which capacity, how, by which entry, when by the host's clock."""
    return {
        "how": one.how,
        "name": one.name,
        "capacity": one.capacity,
        "index": one.done.index,
        "time_ms": names.line(desk.common, one.done.index).leaf.time_ms,
        "confirmed": one.confirmed.index if one.confirmed else None,
    }
