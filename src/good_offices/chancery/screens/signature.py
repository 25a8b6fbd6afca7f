"""Signature: what stands between a text and the names under it, and every step with what it binds to.

This module decides which step stands where. It never decides whether a step has effect, and nobody's name is put to anything
here: that is `ceremony`; full powers are in `powers`.
"""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from good_offices.chancery.screen import render
from good_offices.chancery.screens.powers import signers
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import afterwards, closing, deposits, names, signing
from good_offices.clerk.keepers import keepers
from good_offices.clerk.provisions import called
from good_offices.locale import _, language

_BACK: Final = "/signature"


def show(visit: Visit) -> Response:
    """Show how far each text came, and the steps."""
    desk, seat = visit.desk, visit.seat
    texts = [signing.progress(desk, text) for _name, text in sorted(desk.talks.plenary.texts.items())]
    return visit.page(
        "signature.html",
        texts=texts,
        in_the_way={
            one["id"]: seat.of_record(("in the way", one["id"]), lambda one=one: _in_the_way(one))  # type: ignore[misc]
            for one in texts
        },
        powers=signing.powers_told(desk),
        sides=names.delegations(desk),
        own=desk.identity.place.delegation,
        own_in_order=signing.own_powers_in_order(desk),
        may_produce=signing.may(desk, "FullPowersProduced"),
        members=signers(desk),
        closing=signing.closing_told(desk),
        **_after(visit),
    )


def _after(visit: Visit) -> dict[str, Any]:
    """Return for each text what follows its signature: what stands, what waits, what can be named."""
    desk = visit.desk
    texts = desk.talks.plenary.texts
    known = {name: called(text.instrument, language()) for name, text in texts.items()}
    return {
        "after": {name: afterwards.finished_told(desk, text) for name, text in texts.items()},
        "waiting": {name: afterwards.waiting_papers(desk, text) for name, text in texts.items()},
        "provisions": {
            name: [
                ("title", _("Title")),
                *(
                    (one.id, known[name][one.id].whole)
                    for one in text.instrument.units
                    if one.kind != "layout" and text.phase == "signed"
                ),
            ]
            for name, text in texts.items()
        },
        "deposited": {name: deposits.deposit_told(desk, text) for name, text in texts.items()},
        "keepers": keepers(desk),
        "admitted": deposits.admitted_told(desk),
        "admitting": deposits.admitting_waits(desk),
        "may_admit": signing.may(desk, "DepositaryAdmitted"),
        "certificates": {name: afterwards.certifying_words(desk, text) for name, text in texts.items()},
    }


def _in_the_way(text: dict[str, Any]) -> Markup:
    """Return what stands between a text and its adoption."""
    return Markup(render("signature_obstacles.html", text=text))  # noqa: S704 -- our own template, which escapes


def deposit(visit: Visit) -> Response:
    """Propose who keeps the original, in two steps; it is so when all delegations have accepted the same."""
    text = names.text_named(visit.desk.talks.plenary, str(visit.path["text"]))
    event = closing.deposited(visit.desk, text, visit.field("place"), visit.field("depositary"))
    named, own = keepers(visit.desk), visit.desk.identity.delegation_name
    page = visit.preview(
        title=_("Deposit of the original"),
        binds=_(
            "{delegation} becomes depositary when every delegation has accepted the same: it keeps the original and hands out certified copies (Vienna Convention, articles 76 and 77)."
        ).format(delegation=named[event.depositary]),
        lines=[
            signing.title_of(text.instrument)[1],
            _("Hash of the text: {digits}").format(digits=" ".join(signing.grouped(text.instrument.digest))),
            _("Kept at: {place}").format(place=event.place) if event.place else _("No place is named."),
        ],
        verb=_("Propose for {delegation}").format(delegation=own),
        back=_BACK,
        of=event,
    )
    return page or visit.act("plenary", event, _BACK)


ROUTES: Final = (
    get("/signature", show),
    post("/signature/{text}/deposit", deposit),
)
