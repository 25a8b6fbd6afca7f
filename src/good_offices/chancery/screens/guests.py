"""Guests on screen: bringing one, inviting it together with all others, and no longer inviting it.

This module decides the steps and their words. What is told of guests is `clerk.guests_view`'s; who may do what, the rules'.

1. What binds takes two steps, and the first shows everything that all would accept (`guests_view.lines`).
2. Accepting goes by the page of every act that waits; admitting and recalling the desk by those of every desk.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import Response

from good_offices.chancery.holding import HOLDING
from good_offices.chancery.screen import NAMED
from good_offices.chancery.screens.people import HAND_OVER
from good_offices.chancery.stepping import refusal_of
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import guest_words, guests_view, meetings_view, names
from good_offices.desk import people
from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.locale import _
from good_offices.talks.event import LEVELS

_BACK: Final = "/people#guests"


def ask_bring(visit: Visit) -> Response:
    """Show what a guest is, and the form for the hand-over file."""
    return _bring_form(visit)


def bring(visit: Visit) -> Response:
    """Make the hand-over file of a guest's desk, and hold it until it is saved."""
    try:
        if not visit.field("name").strip():
            raise LocalError("guest-without-name")
        with visit.seat.speaking() as desk:
            made = people.invite(desk, visit.field("name").strip(), _("Guest"), LEVELS[0], [], guest=True)
    except GoodOfficesError as refused:
        return _bring_form(visit, refused)
    plain = re.sub(r"[^\w]+", "-", made.person.name).strip("-").lower()[:40] or "guest"
    HOLDING.put(visit.session, HAND_OVER.format(desk=made.desk), (f"{plain}.handover", pack(made)))
    return visit.go(f"/people/invited/{made.desk}")


def ask_invite(visit: Visit) -> Response:
    """Show the form of an invitation."""
    return _invite_form(visit)


def invite(visit: Visit) -> Response:
    """Propose that all invite a guest, in two steps (rule 1)."""
    desk, which = visit.desk, visit.path["guest"]
    wanted = guests_view.Wanted(
        role=visit.field("role"),
        name=visit.field("name"),
        language=visit.field("language"),
        represents=visit.field("represents"),
        provided_by=visit.field("provided_by"),
        rooms=tuple(visit.fields("room")),
        sitting=visit.field("sitting"),
    )
    try:
        event = guests_view.invitation(desk, which, wanted)
        if not event.guest:
            raise LocalError("guest-without-name")
    except GoodOfficesError as refused:
        return _invite_form(visit, refused)
    page = visit.preview(
        title=_("Invite {name} as a guest").format(name=event.guest),
        binds=_(
            "The guest reads when every delegation has accepted just this. Any one delegation ends it alone, at once."
        ),
        lines=guests_view.lines(desk, event),
        readers=visit.readers("roster"),
        verb=_("Propose the invitation"),
        back=f"/people/guests/{which}/invite",
        of=event,
    )
    return page or visit.act("roster", event, _BACK)


def withdraw(visit: Visit) -> Response:
    """No longer invite a guest, in two steps (rule 1)."""
    one = guests_view.one_guest(visit.desk, visit.path["guest"])
    name = one["name"] or _("the guest")
    page = visit.preview(
        title=_("No longer invite {name}").format(name=name),
        binds=_(
            "It ends at once, and for all delegations. The rooms get new keys by themselves, which the guest does not have."
        ),
        lines=[_("What the guest has read stays read."), _("A reason is not asked for, and not on record.")],
        readers=visit.readers("roster"),
        verb=_("Withdraw the invitation"),
        back=_BACK,
    )
    return page or visit.act(
        "roster",
        guests_view.withdrawal(visit.desk, one["certificate"]),
        _BACK,
        said=_("The invitation is withdrawn."),
    )


def _bring_form(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the form for a guest's hand-over file."""
    if visit.desk.identity.enrolment is None:
        raise LocalError("not-first-desk")
    return visit.page(
        "people_guest.html",
        409 if refused else 200,
        refusal=refusal_of(refused) if refused else None,
        name=visit.field("name"),
        compared=visit.desk.confirmed,
    )


def _invite_form(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the form of an invitation, with what was typed."""
    desk = visit.desk
    one = guests_view.one_guest(desk, visit.path["guest"])
    typed = {
        each: visit.field(each)
        for each in ("name", "represents", "role", "provided_by", "sitting", "language")
    }
    if not refused:
        typed |= {"name": one["name"], "represents": one["represents"], "role": one["role"] or "interpreter"}
        typed["language"] = visit.session.writes or ""
    return visit.page(
        "people_guest_invite.html",
        409 if refused else 200,
        refusal=refusal_of(refused) if refused else None,
        one=one,
        typed=typed,
        ticked=visit.fields("room") if refused else ["plenary"],
        roles=guest_words.ROLES,
        delegations=names.delegations(desk),
        rooms=_rooms(visit),
        sittings=[
            (each["sitting"], each["title"])
            for each in meetings_view.sittings(desk)
            if each["stage"] not in ("closed", "called-off")
        ],
        tongues=_tongues(visit),
    )


def _rooms(visit: Visit) -> list[tuple[str, str]]:
    """Return the rooms into which a guest can be invited: the plenary, and the open groups."""
    held = visit.desk.talks.plenary.groups.rooms
    return [("plenary", _("Plenary"))] + [
        (room, one.title) for room, one in held.items() if one.closed is None
    ]


def _tongues(visit: Visit) -> list[str]:
    """Return the languages to choose from: the one last written in, the working ones, then the common ones."""
    modalities = visit.desk.talks.plenary.modalities
    ours = modalities.modalities if modalities else None
    last = [visit.session.writes] if visit.session.writes else []
    return list(
        dict.fromkeys([*last, *(ours.working if ours else ()), *(ours.authentic if ours else ()), *NAMED])
    )


ROUTES: Final = (
    get("/people/guests/new", ask_bring),
    post("/people/guests/new", bring),
    get("/people/guests/{guest}/invite", ask_invite),
    post("/people/guests/{guest}/invite", invite),
    post("/people/guests/{guest}/withdraw", withdraw),
)
