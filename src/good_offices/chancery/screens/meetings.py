"""Meetings: the list by level with what is still missing for each side, proposing one, and its way to being convened.

This module decides what the forms of this screen become. What is missing is computed by the rules; what is shown stands in
`clerk.meetings_view`. What happens in a sitting is `screens.sitting`.

1. Whatever binds the delegation takes two steps.
2. Begin and end of a sitting are typed as a clock at the place of the meeting shows them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.responses import Response

from good_offices.chancery.screen import level_name
from good_offices.chancery.screens.accepting import local_moment
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import agenda_view, meeting_acts, meetings_view, names
from good_offices.clerk.authors import powers_of
from good_offices.clerk.meeting_words import STAGES, form_words, rule_words, waits_words
from good_offices.desk import expecting
from good_offices.errors import LocalError
from good_offices.locale import LANGUAGES, N_, _
from good_offices.talks.convening_rule import condition_name
from good_offices.talks.event import LEVELS
from good_offices.talks.events_meetings import (
    ConveningWaived,
    ReadinessDeclared,
    SittingConvened,
    SittingWithdrawn,
)

_ROWS: Final = 5
_PAGE: Final = "/meetings"
# What waits about a sitting, in words.
WAITS: Final = {
    "SittingProposed": N_("To hold this sitting"),
    "SittingConvened": N_("To confirm the sitting"),
    "ConveningWaived": N_("To waive conditions for this sitting"),
    "SittingOpened": N_("To open the sitting"),
    "SittingResumed": N_("To resume the sitting"),
    "SittingClosed": N_("To close the sitting"),
    "ItemTakenUp": N_("To go to another item"),
    "MinutesProposed": N_("To agree a procès-verbal"),
}
STATES: Final = {
    "proposed": "proposed",
    "agreed": "proposed",
    "convened": "agreed",
    "open": "agreed",
    "suspended": "waiting",
    "closed": "locked",
    "called-off": "void",
}


def show(visit: Visit) -> Response:
    """Show all sittings by level."""
    desk = visit.desk
    found = meetings_view.sittings(desk)
    modalities = desk.talks.plenary.modalities
    levels = modalities.modalities.levels if modalities else LEVELS
    convening = modalities.modalities.convening if modalities else {}
    return visit.page(
        "meetings.html",
        levels=[
            {
                "level": level,
                "rule": [rule_words(desk, one) for one in convening.get(level, ())],
                "sittings": [one for one in found if one["level"] == level],
            }
            for level in reversed(LEVELS)
            if level in levels or any(one["level"] == level for one in found)
        ],
        agrees="agree" in powers_of(desk),
        stages=STAGES,
        states=STATES,
    )


def ask(visit: Visit) -> Response:
    """Show the form of a sitting."""
    desk = visit.desk
    modalities = desk.talks.plenary.modalities
    groups = desk.talks.plenary.groups.rooms
    return visit.page(
        "meeting_ask.html",
        levels=list(reversed(modalities.modalities.levels if modalities else LEVELS)),
        items=[one for one in agenda_view.items(desk) if one["agreed"]],
        groups=[(key, one.title) for key, one in groups.items() if one.closed is None],
        places=["", *names.delegations(desk).values(), *[""] * _ROWS][:_ROWS],
    )


def propose(visit: Visit) -> Response:
    """Propose a sitting, in two steps."""
    desk = visit.desk
    zones = [
        (place.strip(), zone.strip())
        for place, zone in zip(visit.fields("zone-place"), visit.fields("zone"), strict=False)
        if zone.strip()
    ]
    home = zones[0][1] if zones else ""
    if visit.field("level") not in LEVELS:
        raise LocalError("sitting-invalid", field="level")
    event = meeting_acts.proposed(
        desk,
        title=visit.field("title"),
        level=visit.field("level"),  # type: ignore[arg-type] # one of the levels, as asked above
        start=moment_at(visit.field("begins"), home),
        end=moment_at(visit.field("ends"), home),
        zones=zones,
        place=visit.field("place"),
        dates=visit.field("dates"),
        items=visit.fields("items"),
        room=visit.field("room"),
        chatham_house=visit.field("format") == "chatham-house",
        until=local_moment(visit.field("until")),
    )
    page = visit.preview(
        title=_("Propose the sitting: {title}").format(title=event.title),
        binds=_(
            "Your delegation accepts it by proposing it. Until it is convened each delegation can step back, alone and without "
            "a reason. Nobody outside the delegations learns of it."
        ),
        lines=[level_name(event.level), *meetings_view.terms_lines(event)],
        verb=_("Propose for {delegation}").format(delegation=desk.identity.delegation_name),
        back="/meetings/propose",
    )
    return page or visit.act("plenary", event, _PAGE)


def moment_at(word: str, zone: str) -> int | None:
    """Return milliseconds since 1970 of a date and time as a clock in a zone shows them; by this machine's without a zone (rule 2).

    Raises:
        LocalError: `time-unreadable`; `sitting-invalid` if this machine does not know the zone.
    """
    if not word or not zone:
        return local_moment(word)
    try:
        return int(datetime.fromisoformat(word).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
    except (ZoneInfoNotFoundError, OSError):
        raise LocalError("sitting-invalid", field="zones") from None
    except ValueError:
        raise LocalError("time-unreadable") from None


def which(visit: Visit) -> bytes:
    """Return the sitting that an address names.

    Raises:
        LocalError: `sitting-unknown`.
    """
    return meetings_view.named(visit.desk, str(visit.path["sitting"]))


def address(name: bytes, further: str = "") -> str:
    """Return the address of a sitting."""
    return f"{_PAGE}/{name.hex()}{further}"


def one(visit: Visit) -> Response:
    """Show one sitting with its stages."""
    desk, name = visit.desk, which(visit)
    held = meetings_view.sitting(desk, name)
    called = desk.talks.roster.book.members
    own = desk.identity.place.delegation
    mine = [
        (key, each.given[-1].accreditation.name, each.given[-1].accreditation.level)
        for key, each in called.items()
        if each.delegation == own and each.given and each.recalled is None
    ]
    modalities = desk.talks.plenary.modalities
    tongues = modalities.modalities.authentic if modalities else tuple(LANGUAGES)
    rank = LEVELS.index(held["level"])
    return visit.page(
        "meeting.html",
        one=held,
        stages=STAGES,
        states=STATES,
        waits=WAITS,
        form_words=form_words,
        waits_words=waits_words,
        at=address(name),
        tongues=tongues,
        waivable=[
            (condition_name(each), rule_words(desk, each)) for each in meeting_acts.waivable(desk, name)
        ],
        sitters=[each for each in mine if LEVELS.index(each[2]) >= rank],
        advisers=mine,
        reads=not held["room"] or held["room"] in desk.talks.groups,
        courier=desk.by_courier,
    )


def ready(visit: Visit) -> Response:
    """Declare readiness in two steps; take it back in one."""
    name = which(visit)
    if visit.field("ready") == "no":
        event = ReadinessDeclared(sitting=name, ready=False)
        return visit.act("plenary", event, address(name), said=_("The declaration is taken back."))
    page = visit.preview(
        title=_("Declare readiness"),
        binds=_(
            "You declare for your delegation that it is ready for this sitting. It can be taken back until all have confirmed."
        ),
        lines=_facts(visit, name),
        verb=_("Declare"),
        back=address(name),
    )
    return page or visit.act("plenary", ReadinessDeclared(sitting=name), address(name))


def waive(visit: Visit) -> Response:
    """Propose to waive a condition, in two steps."""
    name = which(visit)
    chosen = tuple(
        each
        for each in meeting_acts.waivable(visit.desk, name)
        if condition_name(each) in visit.fields("waive")
    )
    if not chosen:
        raise LocalError("condition-unknown")
    event = ConveningWaived(sitting=name, conditions=chosen)
    page = visit.preview(
        title=_("Waive conditions for this sitting"),
        binds=_(
            "They do not count for this sitting when all delegations have accepted that; for others they do."
        ),
        lines=[*_facts(visit, name), *(rule_words(visit.desk, each) for each in chosen)],
        verb=_("Propose to waive"),
        back=address(name),
    )
    return page or visit.act("plenary", event, address(name))


def convene(visit: Visit) -> Response:
    """Confirm a sitting, in two steps."""
    name = which(visit)
    page = visit.preview(
        title=_("Confirm the sitting"),
        binds=_(
            "With the confirmation of all delegations it is convened. Then nobody steps back alone any more."
        ),
        lines=_facts(visit, name),
        verb=_("Confirm for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=address(name),
    )
    return page or visit.act("plenary", SittingConvened(sitting=name), address(name))


def step_back(visit: Visit) -> Response:
    """Step back, in two steps."""
    name = which(visit)
    page = visit.preview(
        title=_("Step back from this sitting"),
        binds=_(
            "Your delegation alone steps back; no reason is asked. The sitting is gone for all delegations, and nobody outside "
            "them learns of it."
        ),
        lines=_facts(visit, name),
        verb=_("Step back"),
        back=address(name),
    )
    return page or visit.act("plenary", SittingWithdrawn(sitting=name), _PAGE)


def expect(visit: Visit) -> Response:
    """Seal what this delegation expects, in two steps."""
    name = which(visit)
    words = {
        tag: text
        for tag, text in zip(visit.fields("tongue"), visit.fields("words"), strict=False)
        if text.strip()
    }
    if not words:
        raise LocalError("words-missing")
    first = next(iter(words))
    deniable = visit.field("form") == "deniable"
    page = visit.preview(
        title=_("Seal what your delegation expects"),
        binds=_(
            "That you have sealed, and in which form, is seen by all delegations at once; the words by nobody, until all have sealed "
            "and the host's box opens all of them together. They cannot be taken back. "
            "The host sees that your delegation sealed something, not what or what for."
        ),
        lines=[
            _(
                "Deniable: you do not sign the words. The other delegations know whose they are and cannot prove it: each of them "
                "could have written every word itself."
            )
            if deniable
            else _("Signed: the words are yours, provably, for whoever reads them.")
        ],
        words=(first, "\n\n".join(words.values())),
        verb=_("Seal for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=address(name, "#expectations"),
    )
    if page is not None:
        return page
    with visit.seat.speaking() as desk:
        expecting.seal_expectations(desk, name, words, deniable=deniable)
    return visit.go(address(name, "#expectations"), _("Sealed. It is opened when all have sealed."))


def _facts(visit: Visit, name: bytes) -> list[str]:
    """Return a sitting in lines, for a preview."""
    held: Any = visit.desk.talks.plenary.meetings.sitting(name)
    return [held.terms.title, level_name(held.terms.level), *meetings_view.terms_lines(held.terms)]


ROUTES: Final = (
    get(_PAGE, show),
    get("/meetings/propose", ask),
    post("/meetings/propose", propose),
    get("/meetings/{sitting}", one),
    post("/meetings/{sitting}/ready", ready),
    post("/meetings/{sitting}/waive", waive),
    post("/meetings/{sitting}/convene", convene),
    post("/meetings/{sitting}/step-back", step_back),
    post("/meetings/{sitting}/expect", expect),
)
