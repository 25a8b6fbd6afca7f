"""A deposit with a depositary apart from the delegations: the file that it is handed, and the receipt that comes back.

This module decides where the parts of these files come from, and what a receipt must be before it is brought to the record
(spec/depositary.md). It never hands a file out that it has not verified itself.
"""

from __future__ import annotations

from good_offices.desk.desk import Desk
from good_offices.desk.outcome import judged, shown
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.instrument.deposited import (
    DepositReceipt,
    assemble_deposit,
    read_deposit,
    select_handed,
    verify_receipt,
)
from good_offices.register.depositary import Card, Held, read_card, verify_held
from good_offices.talks.events_depositary import DepositaryAdmitted, DepositReceived


def deposit_file(desk: Desk, name: str) -> bytes:
    """Return the file of a text that is deposited with an admitted depositary, verified (spec/depositary.md R-165).

    Raises:
        LocalError: `not-deposited`, `deposit-by-delegation`, `closing-entry-missing`.
        RemoteError: what was assembled does not verify; its code says why.
    """
    roster, plenary = desk.talks.roster, desk.talks.plenary
    outcome = plenary.outcomes.get(name)
    if outcome is None or not outcome.deposited:
        raise LocalError("not-deposited", instrument=name)
    if outcome.depositary not in plenary.depositaries:
        raise LocalError("deposit-by-delegation")
    ledger = desk.common.ledger
    file = assemble_deposit(
        select_handed(roster, plenary, judged(desk), name),
        lambda index: shown(desk, index),
        ledger.tree,
        ledger.note,
        plenary.texts[name].instrument,
    )
    data = file.to_bytes()
    read_deposit(data)
    return data


def admitting(data: bytes) -> tuple[Card, DepositaryAdmitted]:
    """Return a depositary's card, verified, and the event that admits it (spec/depositary.md R-160).

    Raises:
        RemoteError: as `read_card`.
    """
    card = read_card(data)
    return card, DepositaryAdmitted(
        called=card.called,
        represents=card.represents,
        language=card.language,
        key=card.key,
        signature=card.signature,
    )


def receiving(desk: Desk, data: bytes) -> tuple[Held, DepositReceived]:
    """Return what a depositary's receipt states, verified, and the event that brings it to the record (R-163).

    Raises:
        RemoteError: as `verify_receipt`.
        LocalError: `deposit-receipt-foreign`.
    """
    verify_receipt(data)
    file = DepositReceipt.parse(data)
    plenary = desk.talks.plenary
    for depositary in plenary.depositaries.values():
        try:
            held = verify_held(depositary.key, file.statement, file.signature)
        except GoodOfficesError:
            continue  # another depositary's; whose it is the rules say
        return held, DepositReceived(
            instrument=held.instrument, statement=file.statement, signature=file.signature
        )
    raise LocalError("deposit-receipt-foreign", why="no depositary of these talks signed it")
