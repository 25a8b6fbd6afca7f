"""A sitting while it is held: who sits, who has the floor, suspension, procès-verbal; and the same on a wall.

This module decides what the forms of a sitting become. Whose turn it is, is computed by the rules. The screen for the wall has
only what all delegations have: no expectations, no instructions, no menu, not whose desk it is.

1. What opens, closes, suspends or fixes takes two steps; asking for the floor, giving it on and speaking take one.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices import locale
from good_offices.chancery.screens.meetings import STATES, address, which
from good_offices.chancery.text import kept
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import meeting_acts, meetings_view
from good_offices.clerk.meeting_words import STAGES
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks.acts import Event
from good_offices.talks.events_meetings import (
    AttendanceAnnounced,
    FloorRequested,
    ItemTakenUp,
    SittingClosed,
    SittingOpened,
    SittingResumed,
    SittingSuspended,
)


def _act(visit: Visit, name: bytes, event: Event, said: str = "", anchor: str = "") -> Response:
    """Do an act in the room of a sitting."""
    return visit.act(_room(visit, name), event, address(name, anchor), said=said)


def _room(visit: Visit, name: bytes) -> str:
    """Return the room of a sitting: the plenary, or the id of a group."""
    return meetings_view.room_name(visit.desk.talks.plenary.meetings.sitting(name))


def _preview(visit: Visit, name: bytes, title: str, binds: str, verb: str, **more: Any) -> Response | None:
    """Return the first of two steps."""
    sitting = visit.desk.talks.plenary.meetings.sitting(name)
    lines = [sitting.terms.title, *more.pop("lines", [])]
    readers = visit.readers(_room(visit, name))
    return visit.preview(
        title=title, binds=binds, lines=lines, verb=verb, readers=readers, back=address(name), **more
    )


def attend(visit: Visit) -> Response:
    """Announce who sits for this delegation."""
    name = which(visit)
    members = tuple(visit.fields("member"))
    advisers = tuple(one for one in visit.fields("adviser") if one not in members)
    event = AttendanceAnnounced(sitting=name, members=members, advisers=advisers)
    return _act(visit, name, event, _("Announced to all delegations."), "#attendance")


def step(visit: Visit) -> Response:
    """Open, suspend, resume or close a sitting, in two steps (rule 1)."""
    name, wanted = which(visit), visit.field("step")
    all_must = _("It has effect when all delegations have done the same.")
    steps: dict[str, tuple[Event, str, str]] = {
        "open": (SittingOpened(sitting=name), _("Open the sitting"), all_must),
        "suspend": (
            SittingSuspended(sitting=name),
            _("Suspend the sitting"),
            _(
                "Your delegation alone suspends it, at once. Agenda item, floor and list of speakers stay as they are."
            ),
        ),
        "resume": (SittingResumed(sitting=name), _("Resume the sitting"), all_must),
        "close": (SittingClosed(sitting=name), _("Close the sitting"), all_must),
    }
    if wanted not in steps:
        raise LocalError("field-empty")
    event, title, binds = steps[wanted]
    page = _preview(visit, name, title, binds, title)
    return page or _act(visit, name, event)


def take_up(visit: Visit) -> Response:
    """Go to another item of the agenda, in two steps."""
    name = which(visit)
    plenary = visit.desk.talks.plenary
    item = visit.field("item")
    if item not in plenary.agenda:
        raise LocalError("item-unknown")
    page = _preview(
        visit,
        name,
        _("Go to another item"),
        _("It is under discussion when all delegations have accepted that."),
        _("Propose to go to it"),
        lines=[plenary.agenda[item].title],
    )
    return page or _act(visit, name, ItemTakenUp(sitting=name, item=bytes.fromhex(item)))


def ask_floor(visit: Visit) -> Response:
    """Ask for the floor, or no longer."""
    name = which(visit)
    wanted = visit.field("wanted") != "no"
    return _act(visit, name, FloorRequested(sitting=name, wanted=wanted), anchor="#floor")


def give_floor(visit: Visit) -> Response:
    """Give the floor to whose turn it is."""
    name = which(visit)
    return _act(visit, name, meeting_acts.given(visit.desk, name), anchor="#floor")


def speak(visit: Visit) -> Response:
    """Make a statement, having the floor; words that stand in the caucus are asked about first."""
    name, text = which(visit), visit.field("text")
    if not text:
        raise LocalError("words-missing")
    repeated = kept.warnings(visit.seat, _room(visit, name), [text])
    if repeated:
        page = _preview(
            visit,
            name,
            _("These words stand where not all read who would see them"),
            _("They are said when you go on."),
            _("Say them all the same"),
            warnings=repeated,
        )
        if page is not None:
            return page
    event = meeting_acts.spoken(visit.desk, name, text, visit.field("language"))
    return _act(visit, name, event, _("Said, for the record."), "#floor")


def minutes(visit: Visit) -> Response:
    """Propose a procès-verbal, in two steps."""
    name = which(visit)
    words = dict(zip(visit.fields("tongue"), visit.fields("words"), strict=False))
    event = meeting_acts.minutes(name, words)
    if not event.words:
        raise LocalError("minutes-empty")
    first = next(iter(event.words))
    page = _preview(
        visit,
        name,
        _("Propose this procès-verbal"),
        _(
            "Your delegation agrees it by proposing it. It is the procès-verbal when all have agreed the same words."
        ),
        _("Propose for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        words=(first, "\n\n".join(event.words.values())),
        warnings=kept.warnings(visit.seat, _room(visit, name), event.words.values()),
    )
    return page or _act(visit, name, event, anchor="#minutes")


def wall(visit: Visit) -> Response:
    """Show a sitting on a wall: agenda, who has the floor, who waits, and nothing private."""
    name = which(visit)
    held = meetings_view.sitting(visit.desk, name)
    public = (
        "title",
        "level",
        "stage",
        "agenda",
        "item",
        "speaker",
        "waiting",
        "next",
        "presiding",
        "present",
    )
    return visit.page(
        "meeting_wall.html",
        one={key: held[key] for key in public},
        stages=STAGES,
        states=STATES,
        title_language=locale.language(),
        again=address(name, "/room?itself=1"),
    )


ROUTES: Final = (
    post("/meetings/{sitting}/attend", attend),
    post("/meetings/{sitting}/step", step),
    post("/meetings/{sitting}/item", take_up),
    post("/meetings/{sitting}/floor", ask_floor),
    post("/meetings/{sitting}/give", give_floor),
    post("/meetings/{sitting}/speak", speak),
    post("/meetings/{sitting}/minutes", minutes),
    get("/meetings/{sitting}/room", wall),
)
