"""Agenda, modalities and the course of the talks.

This module decides what the forms of this screen become. What may be done is decided by the rules of the talks; what is
shown stands in `clerk.agenda_view`.

1. Modalities stand in two columns, as accepted and as proposed; a rule that differs says so in words.
2. An item of one's own that is not agreed yet is taken back in one step; whatever needs all takes two.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery import convening_form
from good_offices.chancery.screen import listed
from good_offices.chancery.screens.accepting import local_moment
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import agenda_view, names, speaking
from good_offices.clerk.authors import powers_of
from good_offices.clerk.meeting_words import AT_LEAST
from good_offices.errors import LocalError
from good_offices.locale import LANGUAGES, _
from good_offices.talks.acts import Event
from good_offices.talks.event import LEVELS
from good_offices.talks.events_plenary import (
    ItemProposed,
    Modalities,
    TalksAdjourned,
    TalksBrokenOff,
    TalksConcluded,
    TalksResumed,
)

_OFFERED: Final = (*LANGUAGES, "ar", "es", "fr", "zh")


def show(visit: Visit) -> Response:
    """Show agenda, modalities and course."""
    desk = visit.desk
    powers = powers_of(desk)
    return visit.page(
        "agenda.html",
        items=agenda_view.items(desk),
        tables=agenda_view.columns(desk),
        in_force=desk.talks.plenary.modalities is not None,
        course=agenda_view.course(desk),
        proposes="propose" in powers,
        agrees="agree" in powers,
    )


def propose_item(visit: Visit) -> Response:
    """Propose an item of the agenda."""
    title = visit.field("title")
    if not title:
        raise LocalError("field-empty")
    event = ItemProposed(title=title, note=visit.field("note"))
    return visit.act("plenary", event, "/agenda")


def withdraw_item(visit: Visit) -> Response:
    """Take back an item: one's own proposed one at once, an agreed one in two steps and together (rule 2)."""
    desk = visit.desk
    item = desk.talks.plenary.agenda.get(visit.field("item"))
    if item is None:
        raise LocalError("item-unknown")
    event = speaking.item_withdrawn(desk, visit.field("item"))
    if item.agreed:
        page = visit.preview(
            title=_("Withdraw the item: {title}").format(title=item.title),
            binds=_("The item is agreed. It leaves the agenda when all delegations have accepted that."),
            verb=_("Propose to withdraw it"),
            back="/agenda",
        )
        if page is not None:
            return page
        return visit.act("plenary", event, "/agenda")
    return visit.act("plenary", event, "/agenda", said=_("The item is taken back. This is on record."))


def ask_modalities(visit: Visit) -> Response:
    """Show the form for modalities, with those in force in its fields."""
    desk = visit.desk
    now = agenda_view.form(desk)
    tongues = list(dict.fromkeys([*now["authentic"], *now["working"], *_OFFERED]))
    return visit.page(
        "modalities.html",
        now=now,
        tongues=tongues,
        levels=list(reversed(LEVELS)),
        rules=convening_form.fields(desk),
        at_least=AT_LEAST,
        texts=sorted(convening_form.titles(desk).values()),
        in_force=desk.talks.plenary.modalities is not None,
    )


def propose_modalities(visit: Visit) -> Response:
    """Propose modalities, in two steps: the first shows which rules would differ from those in force."""
    desk = visit.desk
    wanted = modalities_of(visit)
    current = desk.talks.plenary.modalities
    before = current.modalities if current else None
    differ = agenda_view.differences(agenda_view.rules(desk, before, wanted))
    if before is not None and not differ:
        raise LocalError("modalities-same")
    page = visit.preview(
        title=_("Propose these modalities"),
        binds=_(
            "Your delegation accepts them by proposing them. They are in force when all delegations have accepted."
        ),
        lines=differ,
        verb=_("Propose for {delegation}").format(delegation=desk.identity.delegation_name),
        back="/agenda/modalities",
    )
    event = agenda_view.proposed(desk, wanted, local_moment(visit.field("until")))
    return page or visit.act("plenary", event, "/agenda#modalities")


def modalities_of(visit: Visit) -> Modalities:
    """Return the modalities of the form, whole.

    Raises:
        LocalError: `field-empty` without an authentic language.
    """
    called = names.delegations(visit.desk)
    authentic = _languages(visit, "authentic")
    if not authentic:
        raise LocalError("field-empty")
    return Modalities(
        names={
            by: {whom: visit.field(f"called-{by}-{whom}") or name for whom, name in called.items()}
            for by in called
        },
        authentic=authentic,
        working=_languages(visit, "working"),
        levels=tuple(level for level in LEVELS if level in visit.fields("levels")),
        confidentiality="chatham-house" if visit.field("confidentiality") == "chatham-house" else "closed",
        vocabulary="plain" if visit.field("vocabulary") == "plain" else "treaty",
        nothing_agreed_until_everything=bool(visit.field("everything")),
        without_prejudice=bool(visit.field("clause")),
        retention=visit.field("retention"),
        destroy_after_days=convening_form.number(visit.field("destroy"), 0) or None,
        release=tuple(sorted(one for one in visit.fields("release") if one in called)),
        other=visit.field("other"),
        convening=convening_form.rule_of(visit),
        clock=convening_form.number(visit.field("clock"), 0),
        presiding="rotation" if visit.field("presiding") == "rotation" else "none",
        silence=bool(visit.field("silence")),
    )


def _languages(visit: Visit, name: str) -> tuple[str, ...]:
    """Return the languages that were ticked and those that were typed beside them."""
    typed = visit.field(f"{name}-more").replace(",", " ").split()
    return tuple(dict.fromkeys([*visit.fields(name), *typed]))


def break_off(visit: Visit) -> Response:
    """Break off the talks, in two steps."""
    words = visit.field("text")
    event = TalksBrokenOff(text=words, language=visit.field("language") if words else "")
    page = visit.preview(
        title=_("Break off the talks"),
        binds=_("Your delegation alone breaks off the talks, at once, for every delegation."),
        lines=[
            _(
                "No statement, no proposal and no acceptance passes any more; only urgent notes and incident notes do."
            ),
            _(
                "What is pending of the course ends. The text, the agenda and the record stay as they are, with everyone."
            ),
            _("You alone cannot take it back: the talks go on only when all delegations resume them."),
        ],
        words=(event.language, words) if words else None,
        verb=_("Break off the talks for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back="/agenda#course",
    )
    return page or visit.act("plenary", event, "/agenda#course", said=_("The talks are broken off."))


def adjourn(visit: Visit) -> Response:
    """Propose to adjourn, in two steps."""
    event = TalksAdjourned(
        date=visit.field("date"), place=visit.field("place"), resumes=local_moment(visit.field("resumes"))
    )
    return _together(
        visit, event, _("Adjourn the talks"), _("The talks rest when all have accepted the same.")
    )


def resume(visit: Visit) -> Response:
    """Propose to resume, in two steps."""
    return _together(
        visit,
        TalksResumed(),
        _("Resume the talks"),
        _("The talks go on where they stood, when all have accepted."),
    )


def conclude(visit: Visit) -> Response:
    """Propose to conclude, in two steps."""
    return _together(
        visit,
        TalksConcluded(),
        _("Conclude the talks"),
        _(
            "The talks are over when all have accepted. Signatures, deposit and the closing record may still follow."
        ),
    )


def _together(visit: Visit, event: Event, title: str, binds: str) -> Response:
    """Do a joint step of the course in two steps."""
    own = visit.desk.identity.delegation_name
    others = [name for name in names.delegations(visit.desk).values() if name != own]
    lines = [_("It needs the acceptance of {others}.").format(others=listed(others))]
    what = [one for one in (getattr(event, "date", ""), getattr(event, "place", "")) if one]
    page = visit.preview(
        title=title,
        binds=binds,
        lines=[*lines, *([", ".join(what)] if what else [])],
        verb=_("Propose it for {delegation}").format(delegation=own),
        back="/agenda#course",
    )
    return page or visit.act("plenary", event, "/agenda#course")


ROUTES: Final = (
    get("/agenda", show),
    post("/agenda/item", propose_item),
    post("/agenda/withdraw", withdraw_item),
    get("/agenda/modalities", ask_modalities),
    post("/agenda/modalities", propose_modalities),
    post("/agenda/break-off", break_off),
    post("/agenda/adjourn", adjourn),
    post("/agenda/resume", resume),
    post("/agenda/conclude", conclude),
)
