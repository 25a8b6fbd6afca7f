"""A depositary apart from the delegations: admitted by all, and what it receives. See spec/depositary.md.

This module decides whom all have admitted, and which receipt is the depositary's. It never gives a depositary a room, a key or an
act: it reads what a delegation hands to it, and nothing else.

1. All admit the same card, word for word, signed by the key that is in it.
2. A receipt is of a text deposited with that depositary, signed by its key, as the text stands now: signed, or with the
   corrections made since. Each stands once.
"""

from __future__ import annotations

import msgspec

from good_offices.errors import GoodOfficesError, LocalError
from good_offices.register.depositary import Card, verify_held
from good_offices.talks.admitted import Depositary
from good_offices.talks.events_depositary import DepositaryAdmitted, DepositReceived
from good_offices.talks.finished import Finished, Received
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import PlenaryState, Step, accepted
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.textual import text_of
from good_offices.talks.verdict import Place
from good_offices.text.tables import put


def card_of(event: DepositaryAdmitted) -> Card:
    """Return the card that is admitted, as the depositary signed it; unverified."""
    return Card(
        called=event.called,
        represents=event.represents,
        language=event.language,
        key=event.key,
        signature=event.signature,
    )


def depositary_admitted(
    plenary: PlenaryState, roster: RosterState, place: Place, event: DepositaryAdmitted
) -> Step:
    """Admit a depositary, together (R-160)."""
    card = card_of(event)
    name = card.fingerprint
    if name in plenary.depositaries:
        raise LocalError("depositary-admitted-already", name=plenary.depositaries[name].called)
    if event.content.hex() not in plenary.joint:
        try:
            card.verify()
        except GoodOfficesError as broken:
            raise LocalError(broken.code, **broken.facts) from None
    subjects = (f"#depositary {name}",)
    fresh = Joint(event=event.name, content=event.content, subjects=subjects, accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if not complete:
        return plenary, effects
    new = Depositary(
        called=event.called,
        represents=event.represents,
        language=event.language,
        key=event.key,
        content=event.content,
        since=place.index,
    )
    rest = put(
        plenary.joint,
        {},
        without=tuple(key for key, one in plenary.joint.items() if one.subjects == subjects),
    )
    return evolve(plenary, joint=rest, depositaries=put(plenary.depositaries, {name: new})), effects


def deposit_received(
    plenary: PlenaryState, roster: RosterState, place: Place, event: DepositReceived
) -> Step:
    """Bring the depositary's receipt of a text that is deposited with it (R-163)."""
    text = text_of(plenary, event.instrument)
    outcome = plenary.outcomes.get(event.instrument)
    depositary = plenary.depositaries.get(outcome.depositary) if outcome and outcome.deposited else None
    if depositary is None:
        raise LocalError(
            "deposit-receipt-foreign", why="the text is not deposited with a depositary of its own"
        )
    try:
        held = verify_held(depositary.key, event.statement, event.signature)
    except GoodOfficesError as broken:
        raise LocalError("deposit-receipt-wrong", why=broken) from None
    finished = plenary.finished.get(event.instrument, Finished())
    if (held.talks, held.instrument, held.digest) != (roster.talks, event.instrument, text.instrument.digest):
        raise LocalError("deposit-receipt-foreign", why="it is of other talks or another text")
    if held.corrected not in (None, finished.corrected):
        raise LocalError(
            "deposit-receipt-foreign", why="it is of other corrections than those that were made"
        )
    if any(one.corrected == held.corrected for one in finished.received):
        raise LocalError("deposit-received-already")
    mine = Received(corrected=held.corrected, number=held.number, time=held.time, by=place.done or place.here)
    new = msgspec.structs.replace(finished, received=(*finished.received, mine))
    return evolve(plenary, finished=put(plenary.finished, {event.instrument: new})), ()
