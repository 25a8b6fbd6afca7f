"""People and keys: who can read what, and what a head of delegation does about it with the root key kit in hand.

This module decides the steps and their words. Who reads what is told by `clerk.people_view`; what is done, by
`desk.people`.

1. What binds takes two steps: the page of the step says what it does and who will see it, and its button does it.
2. A step that was refused is shown again with everything but the passphrase; the kit need not be chosen again.
3. A hand-over file is saved once and is never on this machine's disk but where its reader puts it.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from good_offices.chancery import kit_form
from good_offices.chancery.holding import HOLDING
from good_offices.chancery.screen import level_name, listed, power_name
from good_offices.chancery.stepping import refusal_of, step, take
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import guests_view, kits, people_view
from good_offices.clerk.authors import powers_of
from good_offices.desk import people
from good_offices.desk.desk import Done
from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.locale import N_, _
from good_offices.talks.event import LEVELS, POWERS

ROOM_NAMES: Final = {
    "roster": N_("Roster"),
    "plenary": N_("Plenary"),
    "sounding": N_("Soundings"),
    "caucus": N_("Caucus"),
}
POWER_WORDS: Final = {
    "speak": N_("make statements and send notes in the plenary"),
    "table": N_("bring a text or an annex to the table"),
    "propose": N_("propose changes to texts, agenda and modalities"),
    "agree": N_("accept for the delegation: agree, lock and adopt"),
    "initial": N_("initial the text, which fixes its words"),
    "sign": N_("sign for the delegation, with full powers"),
    "release": N_("release papers to the public, together with the other side"),
}
HAND_OVER: Final = "hand-over/{desk}"


def show(visit: Visit) -> Response:
    """Show who can read what, who is invited, and the keys."""
    desk = visit.desk
    return visit.page(
        "people.html",
        seats=people_view.seats(desk),
        rooms=people_view.room_keys(desk),
        room_names=ROOM_NAMES,
        expected=people_view.expected(desk),
        duty=people_view.duty_desks(desk),
        guests=guests_view.guests(desk),
        invites=desk.confirmed and "agree" in powers_of(desk),
        ends=people_view.has_credentials(desk),
        compared=desk.confirmed,
        first=desk.identity.enrolment is not None,
        admitted=people_view.is_admitted(desk),
        kits=kits.kits(desk),
        capital=desk.identity.person.capital,
    )


# Inviting


def ask_invite(visit: Visit) -> Response:
    """Show the form for one more member."""
    return _invite_form(visit)


def invite(visit: Visit) -> Response:
    """Make a hand-over file and hold it until it is saved (rule 3)."""
    powers = [one for one in visit.fields("power") if one in POWERS]
    try:
        with visit.seat.speaking() as desk:
            made = people.invite(
                desk,
                visit.field("name"),
                visit.field("capacity"),
                visit.field("level"),
                powers,
                capital=visit.field("capital") == "yes",
            )
    except GoodOfficesError as refused:
        return _invite_form(visit, refused)
    plain = re.sub(r"[^\w]+", "-", made.person.name).strip("-").lower()[:40] or "member"
    HOLDING.put(visit.session, HAND_OVER.format(desk=made.desk), (f"{plain}.handover", pack(made)))
    return visit.go(f"/people/invited/{made.desk}")


def ask_duty(visit: Visit) -> Response:
    """Show what a duty desk is, and the form for one."""
    if visit.desk.identity.enrolment is None:
        raise LocalError("not-first-desk")
    return visit.page("people_duty.html", compared=visit.desk.confirmed)


def invite_duty(visit: Visit) -> Response:
    """Make the hand-over file of a duty desk, and hold it until it is saved (rule 3)."""
    with visit.seat.speaking() as desk:
        made = people.invite(desk, _("Duty desk"), _("unattended"), LEVELS[0], [], duty=True)
    HOLDING.put(visit.session, HAND_OVER.format(desk=made.desk), ("duty-desk.handover", pack(made)))
    return visit.go(f"/people/invited/{made.desk}")


def invited(visit: Visit) -> Response:
    """Show how the hand-over file is given, and let it be saved."""
    one = people_view.expected_one(visit.desk, visit.path["desk"])
    held = HOLDING.get(visit.session, HAND_OVER.format(desk=one.desk))
    return visit.page("people_invited.html", one=one, file=held[0] if held else "")


def save(visit: Visit) -> Response:
    """Return the hand-over file, once."""
    held = HOLDING.drop(visit.session, HAND_OVER.format(desk=visit.path["desk"]))
    if held is None:
        raise LocalError("hand-over-gone")
    name, data = held
    plain = name if name.isascii() else "member.handover"
    # Only letters, digits and hyphens are in the name; RFC 6266 with RFC 8187 for those beyond ASCII.
    headers = {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type="application/octet-stream", headers=headers)


def uninvite(visit: Visit) -> Response:
    """Take an invitation back, in two steps."""
    one = people_view.expected_one(visit.desk, visit.path["desk"])
    page = visit.preview(
        title=_("Take back the invitation of {name}").format(name=one.person.name),
        binds=_(
            "The hand-over file is worth nothing from here on. To invite the person again, make a new one."
        ),
        readers=_("Seen by nobody. The host stops answering a desk of which it knows only a number."),
        verb=_("Take the invitation back"),
        back="/people",
    )
    if page:
        return page
    with visit.seat.speaking() as desk:
        people.uninvite(desk, one)
    return visit.go("/people", _("The invitation is taken back."))


# Steps with the root key kit


def ask_admit(visit: Visit) -> Response:
    """Show whom one would admit."""
    return _admit_page(visit)


def admit(visit: Visit) -> Response:
    """Admit an invited member."""
    one = people_view.expected_one(visit.desk, visit.path["desk"])

    def act() -> list[Done]:
        root = kit_form.root_from(visit)
        with visit.seat.speaking() as desk:
            return people.admit(desk, one, root)

    said = (
        _("The desk of {name} is admitted. Now invite the guest, together with all delegations.")
        if one.person.guest
        else _("{name} is admitted. The rooms get new keys by themselves.")
    ).format(name=one.person.name)
    return take(visit, act, _admit_page, said)


def ask_recall(visit: Visit) -> Response:
    """Show what a recall means."""
    return _recall_page(visit)


def recall(visit: Visit) -> Response:
    """Recall a member for good."""
    one = people_view.own_member(visit.desk, visit.path["member"])

    def act() -> list[Done]:
        root = kit_form.root_from(visit)
        with visit.seat.speaking() as desk:
            return people.recall(desk, one["id"], root)

    said = _("{name} is recalled. The rooms get new keys by themselves.").format(name=one["name"])
    return take(visit, act, _recall_page, said)


# Pages of steps


def _facts(person: Any) -> list[tuple[str, str]]:
    """Return what an accreditation says of a person, as pairs of a name and a value."""
    if person["duty"]:
        return [(_("Name"), _("Duty desk")), (_("Task"), _("Answers soundings; reads nothing else"))]
    if person["guest"]:
        return [
            (_("Name"), person["name"]),
            (_("Place"), _("Guest: reads nothing until all delegations have invited, and says nothing")),
        ]
    powers = listed([power_name(one) for one in person["powers"]]) or _("none: reads and follows")
    return [
        (_("Name"), person["name"]),
        (_("Capacity"), person["capacity"]),
        (_("Level"), level_name(person["level"])),
        (_("Powers"), powers),
        (
            _("Place"),
            _("In the capital: reads all, speaks in the caucus alone")
            if person["capital"]
            else _("At the table"),
        ),
    ]


def _admit_page(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the page on which somebody is admitted."""
    one = people_view.expected_one(visit.desk, visit.path["desk"])
    ready = people.has_shown_keys(visit.desk, one)
    facts = {
        name: getattr(one.person, name)
        for name in ("name", "capacity", "level", "powers", "capital", "duty", "guest")
    }
    readers = (
        visit.readers("caucus")
        if one.person.capital
        else visit.readers("plenary")
        if one.person.duty or one.person.guest
        else _("{who} Name, capacity, level and powers.").format(who=visit.readers("plenary"))
    )
    return step(
        visit,
        refused,
        title=_("Admit {name}").format(name=one.person.name),
        binds=_(
            "Your delegation's root certifies the desk that was opened with this hand-over file. From then on it answers "
            "soundings for {delegation}, and no other desk of your delegation does."
        ).format(delegation=visit.desk.identity.delegation_name)
        if one.person.duty
        else _(
            "Your delegation's root certifies the desk that was opened with this hand-over file, as that of a guest. {name} "
            "reads nothing yet: that takes an invitation that every delegation accepts."
        ).format(name=one.person.name)
        if one.person.guest
        else _(
            "Your delegation's root certifies the desk that was opened with this hand-over file. From then on {name} acts "
            "for {delegation} within these powers, and reads what your delegation reads."
        ).format(name=one.person.name, delegation=visit.desk.identity.delegation_name),
        lines=_facts(facts),
        readers=readers,
        verb=_("Admit for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        can=ready,
        why_not=_(
            "The desk of {name} has not shown its keys yet. When the hand-over file has been opened there, this page says so."
        ).format(name=one.person.name),
        kit=kit_form.shown(visit),
    )


def _recall_page(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the page on which somebody is recalled."""
    one = people_view.own_member(visit.desk, visit.path["member"])
    return step(
        visit,
        refused,
        title=_("Recall {name}").format(name=one["name"]),
        binds=_(
            "This is for good. From here on the duty desk answers no sounding any more. Without another one, a member's desk "
            "answers when its user has sealed marks. A run that it has begun ends, and is begun again."
        )
        if one["duty"]
        else _(
            "This is for good. From here on {name} neither acts for {delegation} nor reads what comes, and the host no longer "
            "answers that desk. What {name} has read stays read, and what {name} has done stays done."
        ).format(name=one["name"], delegation=visit.desk.identity.delegation_name),
        lines=_facts(one),
        readers=visit.readers("caucus" if one["capital"] else "plenary"),
        verb=_("Recall {name} for good").format(name=one["name"]),
        strong=True,
        kit=kit_form.shown(visit),
    )


def _invite_form(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the form of an invitation, with what was typed."""
    if visit.desk.identity.enrolment is None:
        raise LocalError("not-first-desk")
    return visit.page(
        "people_invite.html",
        409 if refused else 200,
        refusal=refusal_of(refused) if refused else None,
        typed={one: visit.field(one) for one in ("name", "capacity", "level", "capital")},
        ticked=visit.fields("power") if refused else ["speak", "propose"],
        levels=LEVELS,
        powers=[(one, _(POWER_WORDS[one])) for one in POWERS],
        compared=visit.desk.confirmed,
    )


ROUTES: Final = (
    get("/people", show),
    get("/people/invite", ask_invite),
    post("/people/invite", invite),
    get("/people/duty", ask_duty),
    post("/people/duty", invite_duty),
    get("/people/invited/{desk}", invited),
    post("/people/invited/{desk}/file", save),
    post("/people/uninvite/{desk}", uninvite),
    get("/people/admit/{desk}", ask_admit),
    post("/people/admit/{desk}", admit),
    get("/people/recall/{member}", ask_recall),
    post("/people/recall/{member}", recall),
)
