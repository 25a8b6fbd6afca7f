"""The events of the end: initials, full powers, signatures, deposit, closing record.

This module decides which text, signature or paper such an event names. It never does the act: what is returned is done by
`acting.acted`, and the rules judge it there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from good_offices.clerk import names
from good_offices.clerk.keepers import keeper
from good_offices.clerk.outcome_view import powers_line, powers_state
from good_offices.desk.closing import check_present, check_signed
from good_offices.desk.desk import Desk
from good_offices.desk.outcome import awaited_closing, propose_closing
from good_offices.errors import LocalError
from good_offices.talks import events_outcome as events
from good_offices.talks.events_plenary import ActConfirmed, FullPowersProduced
from good_offices.text.model import Instrument
from good_offices.text.state import TextState


def initialled(text: TextState) -> events.TextInitialled:
    """Return the event that initials an adopted text, as authentic and definitive (VCLT 10)."""
    return events.TextInitialled(instrument=text.instrument.id, digest=text.instrument.digest)


def signed(text: TextState) -> events.InstrumentSigned:
    """Return the event that signs a text, with full powers that all have found in order (VCLT 7)."""
    return events.InstrumentSigned(instrument=text.instrument.id, digest=text.instrument.digest)


def signed_ad_referendum(text: TextState) -> events.SignedAdReferendum:
    """Return the event that signs a text subject to confirmation by the capital (VCLT 12)."""
    return events.SignedAdReferendum(instrument=text.instrument.id, digest=text.instrument.digest)


def signature_confirmed(desk: Desk, text: TextState, entry: str | None = None) -> events.SignatureConfirmed:
    """Return the event that confirms this delegation's signature ad referendum: the one at an entry, else its first.

    Raises:
        LocalError: `signature-unknown`, and as `names.act_at`.
    """
    name, own = text.instrument.id, desk.identity.place.delegation
    if entry is not None:
        signature = names.hash_of(names.act_at(desk.common, entry).act)
    else:
        held = desk.talks.plenary.outcomes.get(name)
        marks = [
            one
            for one in (held.marks if held else ())
            if one.how == "ad-referendum" and one.delegation == own
        ]
        if not marks:
            raise LocalError("signature-unknown")
        signature = marks[0].done.act
    return events.SignatureConfirmed(instrument=name, digest=text.instrument.digest, signature=signature)


def deposited(
    desk: Desk, text: TextState, place: str = "", depositary: str = ""
) -> events.InstrumentDeposited:
    """Return the event that designates a delegation, else one's own, or a depositary that all admitted (VCLT 76, 77).

    Raises:
        LocalError: as `keeper`.
    """
    return events.InstrumentDeposited(
        instrument=text.instrument.id,
        digest=text.instrument.digest,
        depositary=keeper(desk, depositary) if depositary else desk.identity.place.delegation,
        place=place,
    )


def deposits_waiting(desk: Desk, text: TextState) -> list[tuple[int, events.InstrumentDeposited, bool]]:
    """Return the deposits of a text that wait for an acceptance: entry, event, and whether this delegation has accepted it."""
    found = []
    for joint in desk.talks.plenary.joint.values():
        if joint.event != "InstrumentDeposited":
            continue
        held = min(joint.accepted.values(), key=lambda one: one.index)
        act = names.line(desk.common, held.index).act
        event = act.event if act else None
        # The act may be one that confirms what a member did without the power.
        if isinstance(event, ActConfirmed):
            act = names.line(desk.common, event.index).act
            event = act.event if act else None
        if isinstance(event, events.InstrumentDeposited) and event.instrument == text.instrument.id:
            found.append((held.index, event, desk.identity.place.delegation in joint.accepted))
    return sorted(found, key=lambda one: one[0])


def deposit(desk: Desk, text: TextState, place: str = "", depositary: str = "") -> events.InstrumentDeposited:
    """Return the event that accepts the one deposit that others proposed, or proposes what is named (VCLT 76).

    Raises:
        LocalError: as `deposited`.
    """
    theirs = [event for _index, event, ours in deposits_waiting(desk, text) if not ours]
    if not place and not depositary and len(theirs) == 1:
        return msgspec.structs.replace(theirs[0], until=None)
    return deposited(desk, text, place, depositary)


def full_powers(
    desk: Desk, member: str | None, document: bytes | None, words: str = "", *, ex_officio: bool = False
) -> FullPowersProduced:
    """Return the event that produces a member's full powers, one's own if nobody is named; of a document its hash.

    Raises:
        LocalError: as `names.member`.
    """
    digest = hashlib.sha256(document).digest() if document is not None else None
    return full_powers_by(desk, member, digest, words, ex_officio=ex_officio)


def full_powers_by(
    desk: Desk, member: str | None, digest: bytes | None, words: str = "", *, ex_officio: bool = False
) -> FullPowersProduced:
    """Do `full_powers` for a document of which only the hash is at hand.

    Raises:
        LocalError: as `names.member`.
    """
    whose = names.member(desk, member) if member else desk.identity.person.member
    return FullPowersProduced(member=whose, ex_officio=ex_officio, document=digest, text=words)


def produced_at(desk: Desk, entry: str | None = None) -> bytes:
    """Return the act that produced full powers: at an entry, else the only ones this delegation has yet to examine.

    Raises:
        LocalError: `full-powers-none`, `full-powers-several`, and as `names.act_at`.
    """
    if entry is not None:
        return names.hash_of(names.act_at(desk.common, entry).act)
    own = desk.identity.place.delegation
    waiting = [
        one
        for one in desk.talks.plenary.powers.values()
        if one.delegation != own and own not in one.found and own not in one.refused
    ]
    if not waiting:
        raise LocalError("full-powers-none")
    if len(waiting) > 1:
        listed = "; ".join(powers_line(powers_state(desk, one)) for one in waiting)
        raise LocalError("full-powers-several", waiting=listed)
    return waiting[0].produced.act


def closing_record(
    desk: Desk, disclose: Iterable[str] = (), *, new: bool = False, unsigned: bool = False
) -> events.ClosingRecord:
    """Return the closing record to sign: the one that waits, else, or if `new`, one drawn up from the present record.

    `disclose` names entries to be shown as well; `unsigned` closes although an adopted text lacks signatures.

    Raises:
        LocalError: `closing-unsigned`, `closing-differs`, and as `names.act_at` and `propose_closing`.
    """
    if not unsigned:
        check_signed(desk.talks)
    shown = list(disclose)
    record = None if new or shown else awaited_closing(desk)
    if record is None:
        extra = [names.hash_of(names.act_at(desk.common, one).act) for one in shown]
        record = propose_closing(desk, extra)
    # The desk checks it again as it writes; here, before texts are shown that a stale record does not bind.
    check_present(desk.talks, record)
    return record


def texts_of(desk: Desk, record: events.ClosingRecord) -> list[Instrument]:
    """Return the texts that a closing record names, as this desk has them."""
    texts = desk.talks.plenary.texts
    return [texts[one.instrument].instrument for one in record.instruments if one.instrument in texts]
