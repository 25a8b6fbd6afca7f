"""The communiqué: proposed from a text, signed for the public, withdrawn, handed to the host.

This module decides which step stands where, and what is told before it. Accepting is on the page of all acts that wait
(`accepting`). It never decides whether a step has effect.

1. Nobody signs or releases unread: every word in every language stands on the page of the step.
2. To release, the act goes on record first; the file is then handed to the host, and can be handed over again.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.downloads import download
from good_offices.chancery.screen import listed, when
from good_offices.chancery.screens.accepting import ending, local_moment
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import communiques, names, signing
from good_offices.clerk.communiques import headline
from good_offices.desk import communique as desks
from good_offices.errors import LocalError
from good_offices.locale import _

_BACK: Final = "/communique"


def show(visit: Visit) -> Response:
    """Show all communiqués with their steps, and the form that proposes one."""
    desk = visit.desk
    modalities = desk.talks.plenary.modalities
    texts = [
        {
            "id": name,
            "title": signing.title_of(text.instrument),
            "authentic": list(text.instrument.authentic),
            "titles": dict(text.instrument.titles),
            "open": bool(communiques.open_places(text)),
        }
        for name, text in sorted(desk.talks.plenary.texts.items())
    ]
    own, called = desk.identity.place.delegation, names.delegations(desk)
    return visit.page(
        "communique.html",
        communiques=communiques.told(desk),
        texts=texts,
        names=communiques.names_of(desk) if modalities else [],
        sides=called,
        own=own,
        may=communiques.may(desk),
        modalities=modalities is not None,
        courier=desk.by_courier,
    )


def propose(visit: Visit) -> Response:
    """Propose a text for release, in two steps."""
    desk = visit.desk
    text = names.text_named(desk.talks.plenary, visit.field("text") or None)
    event = communiques.proposed(
        desk,
        text,
        titles={tag: visit.field(f"title-{tag}") for tag in text.instrument.authentic},
        called={one: visit.field(f"name-{one}") for one in desk.talks.roster.expected},
        embargo=local_moment(visit.field("embargo")),
        embargo_words=visit.field("embargo_words"),
    )
    event = ending(visit, event)
    words = communiques.words_of(desk, event)
    page = visit.preview(
        title=_("Propose a communiqué"),
        binds=_(
            "When every delegation has accepted the same, each signs it for the public. Then it can be handed to the host, who shows it to everybody."
        ),
        lines=_facts(visit, event.titles, event.names, event.embargo, event.embargo_words),
        changes=[{"label": event.titles[tag], "language": tag, "whole": said} for tag, said in words],
        verb=_("Propose for {delegation}").format(delegation=desk.identity.delegation_name),
        back=_BACK,
        of=event,
    )
    return page or visit.act("plenary", event, _BACK)


def ask(visit: Visit) -> Response:
    """Show every word of a communiqué before the step that the address names (rule 1)."""
    state, step = _state(visit), str(visit.path["step"])
    if step not in _STEPS:
        raise LocalError("page-unknown")
    return visit.page("communique_step.html", one=state, step=step)


def sign(visit: Visit) -> Response:
    """Sign for the public what stood on the page."""
    state = _confirmed(visit)
    return visit.act("plenary", communiques.signature(visit.desk, bytes.fromhex(state["content"])), _BACK)


def withdraw(visit: Visit) -> Response:
    """Withdraw from a communiqué that one's own delegation has not signed."""
    state = _confirmed(visit)
    event = communiques.withdrawal(bytes.fromhex(state["content"]))
    return visit.act(
        "plenary", event, _BACK, said=_("Your delegation has withdrawn. The communiqué is over.")
    )


def release(visit: Visit) -> Response:
    """Put the release on record and hand the file to the host (rule 2)."""
    state = _confirmed(visit)
    with visit.seat.speaking() as desk:
        done, number = desks.release(desk, bytes.fromhex(state["content"]))
    if done is not None and not number:
        return visit.tell(done, "CommuniqueReleased", _BACK)
    return visit.go(_BACK, _("It stands on the host’s public page now."))


def file(visit: Visit) -> Response:
    """Return the file that anybody can verify."""
    state = _state(visit)
    data = desks.file_of(visit.desk, bytes.fromhex(state["content"]))
    return download(data, headline(state["titles"]), "goodoffices")


def _state(visit: Visit) -> dict[str, Any]:
    """Return the communiqué that the address names.

    Raises:
        LocalError: `communique-unknown`.
    """
    content = str(visit.path["content"])
    for one in communiques.told(visit.desk):
        if one["content"] == content:
            return one
    raise LocalError("communique-unknown")


def _confirmed(visit: Visit) -> dict[str, Any]:
    """Return the communiqué of a form that came from the page with its words; what it says can never change.

    Raises:
        LocalError: `form-expired` if it did not.
    """
    state = _state(visit)
    if visit.field("confirmed") != "yes":
        raise LocalError("form-expired")
    return state


def _facts(
    visit: Visit, titles: dict[str, str], called: dict[str, str], embargo: int, embargo_words: str
) -> list[str]:
    """Return what the public reads beside the words."""
    known = names.delegations(visit.desk)
    facts = [
        _("Title: {title}").format(title=headline(titles)),
        _("In public: {names}").format(names=listed([called.get(one, known[one]) for one in known])),
    ]
    if embargo:
        facts.append(_("Not to be released before {time}").format(time=when(embargo)))
    if embargo_words:
        facts.append(_("The public reads: {words}").format(words=embargo_words))
    return facts


_STEPS: Final = ("sign", "withdraw", "release")
ROUTES: Final = (
    get("/communique", show),
    post("/communique/propose", propose),
    get("/communique/{content}/file", file),
    get("/communique/{content}/{step}", ask),
    post("/communique/{content}/sign", sign),
    post("/communique/{content}/withdraw", withdraw),
    post("/communique/{content}/release", release),
)
