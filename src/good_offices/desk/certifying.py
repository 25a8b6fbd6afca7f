"""A certified copy at the depositary's desk: made, signed, and verified before it is handed out.

This module decides where the parts of a certified copy come from (spec/outcome.md section 11). It never certifies what does not
verify, and never for a delegation that is not the depositary.
"""

from __future__ import annotations

import time

from good_offices.desk.desk import Desk
from good_offices.desk.outcome import judged, shown
from good_offices.encoding import check_words, pack
from good_offices.errors import LocalError
from good_offices.instrument.certified import (
    Certification,
    assemble_copy,
    select_deposit,
    verify_certified,
)
from good_offices.seals.domains import Domain
from good_offices.talks.finished import Finished


def certified_copy(desk: Desk, name: str, words: str, language: str, *, place: str = "", date: str) -> bytes:
    """Return the certified copy of a deposited text, as it reads with its corrections, verified (spec/outcome.md section 11).

    Raises:
        LocalError: `not-deposited`, `depositary-only`, `desk-stopped`, `text-not-plain`.
        RemoteError: what was made does not verify; its code says why.
    """
    desk.may_go_on()
    roster, plenary = desk.talks.roster, desk.talks.plenary
    indices = select_deposit(roster, plenary, judged(desk), name, desk.certificate)
    depositary = plenary.outcomes[name].depositary
    member = roster.credentials(desk.identity.statement, desk.common.ledger.size)
    if depositary != desk.identity.place.delegation or member is None or "agree" not in member.powers:
        card, holder = plenary.depositaries.get(depositary), roster.delegations.get(depositary)
        named = card.called if card else holder and holder.accreditation and holder.accreditation.name
        raise LocalError("depositary-only", name=named or depositary)
    for part, what in ((words, "the words"), (place, "the place"), (date, "the date")):
        check_words(part, what=what)
    text, finished = plenary.texts[name].instrument, plenary.finished.get(name, Finished())
    made = [finished.notices[one.hex()] for one in finished.made]
    certification = pack(
        Certification(
            talks=roster.talks,
            instrument=name,
            digest=text.digest,
            certificate=desk.certificate,
            language=language,
            words=words,
            place=place,
            date=date,
            corrections=tuple(erratum for one in made for erratum in one.errata),
            corrected=finished.corrected,
            time=int(time.time() * 1000),
        )
    )
    ledger = desk.common.ledger
    copy = assemble_copy(
        indices,
        lambda index: shown(desk, index),
        ledger.tree,
        ledger.note,
        text,
        certification,
        desk.signer.sign(Domain.CERTIFIED_COPY, certification),
    )
    data = copy.to_bytes()
    verify_certified(data)
    return data
