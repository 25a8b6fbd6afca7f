"""Comparing the number: 60 digits that two people read to each other by a channel that the host does not hold.

This module decides how the digits are shown and what follows from the answer. What a comparison means is decided in
`desk.people`.

1. "Matches" and "Does not match" have the same weight; a number that is typed answers by itself.
2. After "Does not match" nothing is sent and nothing is kept: the page says what to do.
3. Who reads which row aloud follows from the order of the delegations, so that both sides see the same.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery import kit_form
from good_offices.chancery.holding import HOLDING
from good_offices.chancery.stepping import refusal_of
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import people_view
from good_offices.desk import people
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.locale import _

_SAID: Final = "number-that-matched"
_ROW: Final = 3


def show(visit: Visit) -> Response:
    """Show the number, or for whom one waits."""
    try:
        data = _data(visit)
    except LocalError as missing:
        if missing.code != "introductions-missing":
            raise
        return visit.page("compare_waits.html", delegations=people_view.delegations(visit.desk))
    return visit.page(
        "compare.html",
        data=data,
        rows=rows(data),
        delegations=people_view.delegations(visit.desk),
        open=people_view.room_keys(visit.desk)["plenary"]["held"],
    )


def _data(visit: Visit) -> dict[str, Any]:
    """Return the comparison, with words for delegations that have not named themselves yet."""
    data = people_view.comparison(visit.desk)
    for root in data["roots"]:
        if not root["named"]:
            other = _("The other delegation")
            one_of = _("Delegation no. {number}").format(number=root["name"])
            root["name"] = other if len(data["roots"]) == 2 else one_of
    return data


def rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the groups of digits in rows, each with the delegation that reads it aloud (rule 3)."""
    groups, roots = data["number"].split(), data["roots"]
    return [
        {"groups": groups[at : at + _ROW], "reader": roots[at // _ROW % len(roots)], "first": at + 1}
        for at in range(0, len(groups), _ROW)
    ]


def answer(visit: Visit) -> Response:
    """Take the answer: matches, does not match, or the number as it was heard (rule 1)."""
    ours = people.number(visit.desk)
    typed = "".join(visit.field("number").split())
    said = ours if visit.field("answer") == "matches" else typed
    if not said and visit.field("answer") == "typed":
        return visit.go("/people/compare#typed", _("Type the number first."), "refused")
    if visit.field("answer") == "differs" or said.replace(" ", "") != ours.replace(" ", ""):
        return visit.go("/people/compare/differs", **({"typed": "yes"} if typed else {}))
    if visit.desk.identity.enrolment is None:
        with visit.seat.speaking() as desk:
            people.confirm(desk, said, None)
        return visit.go("/people/compare", _("Noted: the number matches. This desk may now act."))
    HOLDING.put(visit.session, _SAID, said)
    return visit.go("/people/compare/confirm")


def differs(visit: Visit) -> Response:
    """Show what to do when the number does not match (rule 2)."""
    HOLDING.drop(visit.session, _SAID)
    data = _data(visit)
    return visit.page("compare_differs.html", data=data, typed="typed" in visit.query)


def ask_confirm(visit: Visit) -> Response:
    """Show what confirming means for a delegation's first desk."""
    return _confirm_page(visit)


def confirm(visit: Visit) -> Response:
    """Confirm the comparison, and accredit the delegation and its head."""
    said = HOLDING.get(visit.session, _SAID)
    if said is None:
        return visit.go("/people/compare", _("Say first whether the number matches."), "waiting")
    try:
        root = kit_form.root_from(visit)
        with visit.seat.speaking() as desk:
            done = people.confirm(desk, said, root)
    except GoodOfficesError as refused:
        return _confirm_page(visit, refused)
    kit_form.forget(visit)
    HOLDING.drop(visit.session, _SAID)
    words = _(
        "Noted: the number matches. The plenary opens by itself as soon as every delegation has said so."
    )
    short = [one for one in done if one.verdict is None or one.verdict.status != "valid"]
    if short:
        return visit.tell(short[0], "KeysCompared", "/people/compare", said=words)
    return visit.go("/people/compare", words)


def _confirm_page(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the page on which a first desk confirms."""
    if HOLDING.get(visit.session, _SAID) is None:
        return visit.go("/people/compare")
    desk = visit.desk
    return visit.page(
        "people_step.html",
        409 if refused else 200,
        title=_("The number matches: open the talks for {delegation}").format(
            delegation=desk.identity.delegation_name
        ),
        binds=_(
            "Your delegation puts on record that it has compared the number. The root certifies the name of your delegation and "
            "you as its head. From here on this desk may send more than public keys."
        ),
        lines=[
            (_("Delegation"), desk.identity.delegation_name),
            (_("Name"), desk.identity.person.name),
            (_("Capacity"), desk.identity.person.capacity),
        ],
        readers=_("Seen by all delegations of these talks. The host sees only that something was sent."),
        verb=_("Confirm: it matches"),
        strong=False,
        can=True,
        why_not="",
        choices=[],
        kit=kit_form.shown(visit),
        refusal=refusal_of(refused) if refused else None,
        back="/people/compare",
    )


ROUTES: Final = (
    get("/people/compare", show),
    post("/people/compare", answer),
    get("/people/compare/differs", differs),
    get("/people/compare/confirm", ask_confirm),
    post("/people/compare/confirm", confirm),
)
