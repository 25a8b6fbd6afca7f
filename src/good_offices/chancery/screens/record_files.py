"""Files of the record: the outcome that anyone can check, any file's verdict, letters and pouches of the courier.

This module decides which files leave this desk and which come in. It never believes a file: what it proves is said by the
one verifier that there is.

1. A bundle is made by this desk, verified by the code of `goodoffices verify`, and only then offered.
2. Talking by courier goes by the rules of `desk.pouch`: a pouch is taken in before the next letter is written.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.downloads import download
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import signing
from good_offices.clerk.verifying import compared, told_finding, verified
from good_offices.desk import outcome as outcomes
from good_offices.desk.pouch import take_pouch, write_letter
from good_offices.errors import LocalError
from good_offices.instrument.anchors import Beside
from good_offices.locale import _, language, ngettext

_BUNDLE: Final = "exported/outcome"


def outcome(visit: Visit) -> Response:
    """Show the outcome bundle that was made, with what it proves and does not; or what is missing for it."""
    desk = visit.desk
    data = desk.storage.get(_BUNDLE)
    finding = _judged(visit, data) if data else None
    return visit.page(
        "record_outcome.html",
        closing=signing.closing_told(desk),
        finding=finding,
        size=len(data or b""),
        name=_bundle_name(visit),
    )


def export(visit: Visit) -> Response:
    """Make the bundle, have it verified, and keep it at this desk (rule 1)."""
    with visit.seat.speaking() as desk:
        data = outcomes.export(desk)
        desk.storage.put(_BUNDLE, data)
    return visit.go("/record/outcome", _("The outcome is made and verified by this desk."))


def outcome_download(visit: Visit) -> Response:
    """Return the bundle that was made.

    Raises:
        LocalError: `page-unknown`.
    """
    data = visit.desk.storage.get(_BUNDLE)
    if data is None:
        raise LocalError("page-unknown")
    return download(data, _bundle_name(visit), "goodoffices")


def ask_verify(visit: Visit) -> Response:
    """Ask for a file to verify."""
    return visit.page("record_verify.html", finding=None, name="")


def verify(visit: Visit) -> Response:
    """Show what a file proves; nothing changes, so that the answer to the form is the page itself."""
    data = visit.file("file")
    return visit.page("record_verify.html", finding=_judged(visit, data), name=visit.files["file"][0])


def _judged(visit: Visit, data: bytes) -> dict[str, Any]:
    """Return what a file proves, to a reader who compared the roots of these talks; others have the turn meanwhile."""
    anchors = compared(visit.desk)
    with visit.seat.turn.away():
        finding = verified(data, Beside(anchors=anchors))
    texts = visit.desk.talks.plenary.texts
    titles = {name: signing.title_of(one.instrument)[1] for name, one in texts.items()}
    return told_finding(finding, language(), titles)


def _bundle_name(visit: Visit) -> str:
    """Return the name of the bundle's file: the title of the text."""
    texts = visit.desk.talks.plenary.texts
    titles = [signing.title_of(one.instrument)[1] for one in texts.values()]
    return titles[0] if len(titles) == 1 else _("Outcome of the talks")


def courier(visit: Visit) -> Response:
    """Show how this desk talks, and the ways to do so by courier."""
    desk = visit.desk
    return visit.page("record_courier.html", by_courier=desk.by_courier, waiting=len(desk.outgoing()))


def letter(visit: Visit) -> Response:
    """Return a letter for the courier; the desk talks by courier from here on."""
    with visit.seat.speaking() as desk:
        data = write_letter(desk)
        size = desk.common.ledger.size
    visit.seat.check()
    return download(
        data,
        _("Letter of {name}, {size}").format(name=visit.desk.identity.delegation_name, size=size),
        "goletter",
    )


def pouch(visit: Visit) -> Response:
    """Take in the pouch that the courier brought."""
    data = visit.file("pouch")
    with visit.seat.speaking() as desk:
        fresh = take_pouch(desk, data)
    words = ngettext("{count} new entry.", "{count} new entries.", len(fresh)).format(count=len(fresh))
    if visit.desk.outgoing():
        words += " " + _("Something waits for the next letter.")
    return visit.go("/record/courier", words)


def network(visit: Visit) -> Response:
    """Talk over the network again."""
    with visit.seat.speaking() as desk:
        desk.talk_by(courier=False)
    visit.seat.check()
    return visit.go("/record/courier", _("This desk talks over the network again."))


ROUTES: Final = (
    get("/record/outcome", outcome),
    post("/record/outcome", export),
    get("/record/outcome/file", outcome_download),
    get("/record/verify", ask_verify),
    post("/record/verify", verify),
    get("/record/courier", courier),
    post("/record/courier/letter", letter),
    post("/record/courier/pouch", pouch),
    post("/record/courier/network", network),
)
