"""A depositary apart from the delegations: admitting it, handing it the signed text, bringing its receipt.

This module decides what is asked before each step. It never decides whether a step has effect.

1. A card is shown whole before it is admitted, with the number that is compared with the depositary by another channel.
2. A file that was read in the first step is carried by the form into the second: it is kept nowhere.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.carrying import carried
from good_offices.chancery.downloads import download
from good_offices.chancery.visit import Visit, post
from good_offices.clerk import deposits, names, signing
from good_offices.desk import depositing
from good_offices.locale import _

_BACK: Final = "/signature"


def admit(visit: Visit) -> Response:
    """Admit a depositary by its card, in two steps (rule 1)."""
    desk = visit.desk
    event = depositing.admitting(carried(visit, "card"))[1]
    page = visit.preview(
        title=_("Admit a depositary"),
        binds=_(
            "It is admitted when every delegation has admitted the same card. It may then be designated for a signed text. It has no place in the talks and reads no room."
        ),
        lines=deposits.facts(event),
        verb=_("The number is the same: admit for {delegation}").format(
            delegation=desk.identity.delegation_name
        ),
        back=_BACK,
        of=event,
    )
    return page or visit.act("plenary", event, _BACK)


def hand_over(visit: Visit) -> Response:
    """Return the file of a deposited text that its depositary is handed."""
    text = names.text_named(visit.desk.talks.plenary, str(visit.path["text"]))
    data = depositing.deposit_file(visit.desk, text.instrument.id)
    name = _("Deposit of {title}").format(title=signing.title_of(text.instrument)[1])
    return download(data, name, "godeposit")


def receipt(visit: Visit) -> Response:
    """Bring the depositary's receipt to the record, in two steps."""
    desk = visit.desk
    held, event = depositing.receiving(desk, carried(visit, "receipt"))
    text = names.text_named(desk.talks.plenary, held.instrument)
    page = visit.preview(
        title=_("Receipt of the depositary"),
        binds=_("All delegations see that the depositary has signed for the text. It stands once."),
        lines=[
            signing.title_of(text.instrument)[1],
            _("Receipt no. {number}, of the text with the hash {digest}").format(
                number=held.number, digest=" ".join(signing.grouped(held.corrected or held.digest))
            ),
        ],
        verb=_("Bring it to the record"),
        back=_BACK,
        of=event,
    )
    return page or visit.act("plenary", event, _BACK)


ROUTES: Final = (
    post("/signature/depositary", admit),
    post("/signature/receipt", receipt),
    post("/signature/{text}/hand-over", hand_over),
)
