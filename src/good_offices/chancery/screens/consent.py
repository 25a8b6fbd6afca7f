"""Four eyes on the screen: the delegation's own rule, and drafts that wait for another member's consent.

This module decides how a member asks, consents, and sends what was consented to. It never lets anything leave: the desk's own guard does.

1. What a consent is for is shown whole before it is given, and again in the second step.
2. What is signed or initialled is sent from here with the passphrase, as from the page of the signature.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import consents
from good_offices.desk import consent as guard
from good_offices.errors import LocalError
from good_offices.locale import _, ngettext
from good_offices.talks.event import POWERS
from good_offices.talks.rules import RULES

_PAGE: Final = "/caucus/consent"
_SIGNS: Final = frozenset(("sign", "initial")) & frozenset(POWERS)


def show(visit: Visit) -> Response:
    """Show the rule, the drafts, and the form that states the rule."""
    state = consents.state(visit.desk)
    groups = [
        (name, words, bool(state["acts"]) and set(consents.GROUPS.get(name, ())) <= set(state["acts"]))
        for name, words in ((name, _(words)) for name, words in consents.CALLED.items() if name != "all")
    ]
    return visit.page(
        "consent.html", consent=state, groups=groups, capital=visit.desk.identity.person.capital
    )


def rule(visit: Visit) -> Response:
    """State the rule, in two steps."""
    acts = tuple(visit.fields("acts"))
    wanted = visit.field("consents")
    count = int(wanted) if wanted.isdecimal() and len(wanted) == 1 and acts else 0
    event = consents.rule(acts if count else (), count)
    held = consents.state(visit.desk)
    lines = consents.called(event.acts) or [_("No act: every member acts alone, by his or her powers.")]
    if held["consents"]:
        lines.append(_("The rule in force is replaced when enough members have stated the same."))
    binds = ngettext(
        "Your desks hold these back until {count} other member consents. The other side does not see this rule.",
        "Your desks hold these back until {count} other members consent. The other side does not see this rule.",
        count,
    ).format(count=count)
    page = visit.preview(
        title=_("State the rule of consent"),
        binds=binds if count else _("Your desks hold nothing back any more."),
        lines=lines,
        readers=visit.readers("caucus"),
        verb=_("State the rule"),
        back=_PAGE,
    )
    return page or visit.act("caucus", event, _PAGE, said=_("Stated in the caucus."))


def ask(visit: Visit) -> Response:
    """Put what was held back before the other members; the page that refused it showed its words."""
    draft = guard.held(visit.desk)
    if draft is None or visit.field("content") != draft.content.hex():
        raise LocalError("consent-nothing")
    event = guard.asking(visit.desk, visit.field("text"), visit.field("language") or "en")
    done = visit.seat.act("caucus", event)
    guard.forget(visit.desk)
    return visit.tell(
        done, event.name, _PAGE, said=_("The other members are asked. Nothing has left your delegation.")
    )


def drop(visit: Visit) -> Response:
    """Let go of what was held back."""
    guard.forget(visit.desk)
    return visit.go(_PAGE)


def give(visit: Visit) -> Response:
    """Consent to a draft, in two steps (rule 1)."""
    one = _draft(visit)
    if visit.field("confirmed") != "yes":
        return visit.page(
            "consent_step.html",
            heading=_("Consent to this"),
            binds=_("Your consent is for these words and no others. Another member can then send them."),
            one=one,
            readers=visit.readers("caucus"),
            private=True,
            verb=_("Consent"),
            passphrase=False,
        )
    event = consents.giving(visit.desk, one["content"].hex())
    return visit.act("caucus", event, _PAGE, said=_("You have consented."))


def send(visit: Visit) -> Response:
    """Do what was put before the members, in two steps (rule 2)."""
    one = _draft(visit)
    room, event = consents.sending(visit.desk, one["content"].hex())
    signs = RULES[event.name].power in _SIGNS or event.name == "ClosingRecordSigned"
    if visit.field("confirmed") != "yes":
        return visit.page(
            "consent_step.html",
            heading=_("Send it now"),
            binds=_("It leaves your delegation and has the effect that it says."),
            one=one,
            readers=visit.readers(room),
            private=False,
            verb=_("Send it"),
            passphrase=signs,
        )
    if signs:
        visit.desk.check_passphrase(visit.field("passphrase"))
    return visit.act(room, event, _PAGE)


def _draft(visit: Visit) -> dict[str, Any]:
    """Return the draft that a form names.

    Raises:
        LocalError: `consent-unknown`.
    """
    for one in consents.state(visit.desk)["drafts"]:
        if one["content"].hex() == visit.field("content"):
            found: dict[str, Any] = one
            return found
    raise LocalError("consent-unknown")


ROUTES: Final = (
    get(_PAGE, show),
    post("/caucus/consent/rule", rule),
    post("/caucus/consent/ask", ask),
    post("/caucus/consent/drop", drop),
    post("/caucus/consent/give", give),
    post("/caucus/consent/send", send),
)
