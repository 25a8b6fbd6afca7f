"""Conditions: what all delegations ask of the host together, in clear, and what the host answers.

This module decides what the forms of this screen become. What stands is decided by the rules, what is shown in
`clerk.conditions`.

1. Whatever brings words nearer to the host takes two steps, and says beside the button who will read them: at first the
   delegations alone, the host when all have accepted and signed.
2. The host's answers are shown as what the host says, beside what was asked.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.screen import name_of_language
from good_offices.chancery.screens.accepting import local_moment
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import conditions
from good_offices.clerk.authors import powers_of
from good_offices.desk import conditions as desks
from good_offices.errors import LocalError
from good_offices.locale import LANGUAGES, _, ngettext
from good_offices.talks.events_conditions import ConditionItem, ConditionsRequested

_PAGE: Final = "/meetings/conditions"
_ASK: Final = "/meetings/conditions/ask"
_ROWS: Final = 4
_MORE: Final = (*LANGUAGES, "ar", "es", "fr", "zh")


def show(visit: Visit) -> Response:
    """Show requests, signatures and answers."""
    return visit.page(
        "conditions.html",
        **conditions.state(visit.desk),
        agrees="agree" in powers_of(visit.desk),
        courier=visit.desk.by_courier,
        language_of=name_of_language,
    )


def ask(visit: Visit) -> Response:
    """Show the form of a request; with `replaces` that of one in the place of an earlier one, its items in the fields."""
    replaces = visit.query.get("replaces", "")
    rows: list[dict[str, Any]] = []
    for one in conditions.state(visit.desk)["requests"]:
        if str(one["number"]) == replaces and not one["replaced"]:
            rows = one["items"]
    return visit.page(
        "conditions_ask.html",
        rows=[*rows, *[None] * _ROWS],
        replaces=replaces if rows else "",
        kinds={kind: _(words) for kind, words in conditions.KINDS.items()},
        tongues={one: name_of_language(one) for one in _MORE},
    )


def propose(visit: Visit) -> Response:
    """Propose a request, in two steps (rule 1)."""
    event = request_of(visit)
    page = visit.preview(
        title=_("Ask the host for conditions"),
        binds=_(
            "Nothing reaches the host by this. When all delegations have accepted these words and then signed them, the host "
            "reads them in clear, with the fact that you ask together."
        ),
        lines=conditions.item_lines([conditions.item(one) for one in event.request.items]),
        verb=_("Propose for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=_ASK,
        of=event,
    )
    return page or visit.act("plenary", event, _PAGE)


def request_of(visit: Visit) -> ConditionsRequested:
    """Return the event that the form stands for; rows without words are left out.

    Raises:
        LocalError: `field-empty` if no row has words, `time-unreadable`.
    """
    columns = ("key", "kind", "words", "language", "from", "to", "begins", "ends")
    rows = zip(*(visit.fields(f"item-{one}") for one in columns), strict=False)
    items, taken = [], set[str]()
    for key, kind, words, language, one, other, begins, ends in rows:
        said = words.strip().replace("\r\n", "\n")
        if not said or kind not in conditions.KINDS:
            continue
        name = key or kind
        while name in taken or (not key and name == kind):
            name = f"{kind}-{len(taken) + 1}" if name == kind else f"{name}-2"
        taken.add(name)
        items.append(
            ConditionItem(
                key=name,
                kind=kind,
                words=said,
                language=language,
                pair=(one, other) if kind == "interpretation" else (),
                begins=local_moment(begins),
                ends=local_moment(ends),
            )
        )
    if not items:
        raise LocalError("field-empty")
    replaces = visit.field("replaces")
    return conditions.requested(
        visit.desk,
        items,
        replaces=int(replaces) if replaces.isascii() and replaces.isdigit() and len(replaces) < 5 else 0,
        until=local_moment(visit.field("until")),
    )


def sign(visit: Visit) -> Response:
    """Sign a request for the host, in two steps (rule 1)."""
    one = desks.request(visit.desk, _number(visit))
    page = visit.preview(
        title=_("Sign request {number} for the host").format(number=one.request.number),
        binds=_(
            "When all delegations have signed it, each of them can hand it to the host, who reads these words and sees that all ask "
            "for them. A signature is not taken back."
        ),
        lines=conditions.item_lines([conditions.item(each) for each in one.request.items]),
        verb=_("Sign for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=_PAGE,
    )
    return page or visit.act("plenary", desks.signed(visit.desk, one.request.number), _PAGE)


def hand_over(visit: Visit) -> Response:
    """Hand a request to the host, in two steps (rule 1)."""
    number = _number(visit)
    one = desks.request(visit.desk, number)
    page = visit.preview(
        title=_("Hand request {number} to the host").format(number=number),
        binds=_("The host reads these words in clear, and can prove that all delegations signed them."),
        lines=conditions.item_lines([conditions.item(each) for each in one.request.items]),
        readers=_("Read by the host, and by whoever works for it or takes its machines."),
        verb=_("Hand it over"),
        back=_PAGE,
    )
    if page is not None:
        return page
    with visit.seat.speaking() as desk:
        desks.hand_over(desk, number)
    return visit.go(_PAGE, _("The host has the request. Its answers are shown here."))


def ask_host(visit: Visit) -> Response:
    """Ask the host for its answers."""
    with visit.seat.speaking() as desk:
        fresh = desks.ask(desk)
    said = ngettext("{count} answer is new.", "{count} answers are new.", fresh).format(count=fresh)
    return visit.go(_PAGE, said if fresh else _("The host has answered nothing new."))


def _number(visit: Visit) -> int:
    """Return the number of the request that a form names.

    Raises:
        LocalError: `conditions-unknown`.
    """
    word = visit.field("number")
    if not (word.isascii() and word.isdigit() and len(word) < 5):
        raise LocalError("conditions-unknown", number=0)
    return int(word)


ROUTES: Final = (
    get(_PAGE, show),
    get(_ASK, ask),
    post(_ASK, propose),
    post("/meetings/conditions/sign", sign),
    post("/meetings/conditions/hand-over", hand_over),
    post("/meetings/conditions/answers", ask_host),
)
