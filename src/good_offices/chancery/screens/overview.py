"""The overview: what needs this member now, where the talks stand, and what happened at which level.

This module decides the words and the button for each need, and how a pending act is accepted, taken back or confirmed
from anywhere. What needs somebody is decided in `clerk.needs`. It never counts one side's acts against the other's.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from babel.dates import format_date
from starlette.responses import Response

from good_offices import locale
from good_offices.chancery import addresses
from good_offices.chancery.screen import day as day_name
from good_offices.chancery.screen import level_name, power_name
from good_offices.chancery.visit import Visit, get
from good_offices.clerk import agenda_view
from good_offices.clerk.authors import Authors
from good_offices.clerk.lanes import Lanes, lanes
from good_offices.clerk.needs import Need, awaited, expiring, needs
from good_offices.locale import N_, _, ngettext
from good_offices.talks.event import LEVELS

# The drawing: a column of names, a plot, a line of dates; one row in a lane for each kind of mark. Across in percent, so that
# letters keep their size on a narrow screen.
_NAMES, _END, _TOP = 16, 99, 28
_ROWS: Final = {"said": 10, "text": 22, "sounding": 34, "agreed": 46, "course": 58}
_LANE: Final = 68
_DATES: Final = 8

MARK_WORDS: Final = {
    "said": N_("Statements and notes"),
    "text": N_("Work on text and agenda"),
    "sounding": N_("Soundings opened"),
    "agreed": N_("Accepted by all"),
    "course": N_("Course of the talks"),
}
# The word and the icon of each need; word, icon, line and colour stand together.
KIND_WORDS: Final = {
    "doubts": (N_("Doubt"), "void"),
    "compare": (N_("Keys"), "key"),
    "admit": (N_("People"), "people"),
    "urgent": (N_("Urgent note"), "urgent"),
    "proposal": (N_("Proposal"), "proposed"),
    "joint": (N_("To accept"), "proposed"),
    "confirm": (N_("To confirm"), "without-effect"),
    "examine": (N_("Full powers"), "paper"),
    "refused": (N_("Full powers"), "void"),
    "sign": (N_("To sign"), "proposed"),
    "conditions-sign": (N_("To sign"), "proposed"),
    "conditions-hand-over": (N_("To hand over"), "waiting"),
    "conditions-answered": (N_("Answered"), "waiting"),
    "communique-sign": (N_("To sign"), "proposed"),
    "communique-release": (N_("To release"), "urgent"),
    "silence": (N_("Silence"), "waiting"),
    "sounding-marks": (N_("To mark"), "private"),
    "sounding-repeat": (N_("To accept"), "proposed"),
    "sounding-result": (N_("Sounding"), "waiting"),
    "meeting-ready": (N_("Sitting"), "waiting"),
    "meeting-expect": (N_("To seal"), "private"),
    "meeting-convene": (N_("To confirm"), "proposed"),
    "meeting-attend": (N_("Sitting"), "people"),
    "consent": (N_("To consent"), "private"),
    "consented": (N_("Consented"), "private"),
    "letter": (N_("Letter"), "private"),
    "asked": (N_("Instructions asked"), "private"),
    "given": (N_("Instructions"), "private"),
    "resume": (N_("Adjourned"), "waiting"),
    "destroy": (N_("Keeping"), "private"),
    "outbox": (N_("Waits"), "waiting"),
}


def show(visit: Visit) -> Response:
    """Show the overview."""
    desk, seat = visit.desk, visit.seat
    common, caucus = seat.lines(desk.common), seat.lines(desk.caucus)
    asked = seat.once("needs", lambda: [worded(one) for one in needs(desk, common, caucus, seat.since)])
    today = datetime.now(UTC).astimezone().date()
    modalities = desk.talks.plenary.modalities
    levels = modalities.modalities.levels if modalities else LEVELS
    drawn = seat.of_record(
        ("lanes", today),
        lambda: lanes(common, (desk.rooms["plenary"], desk.rooms["sounding"]), levels, Authors(desk), today),
    )
    return visit.page(
        "overview.html",
        asked=[one for one in asked if one["mine"]],
        others=[one for one in asked if not one["mine"]],
        awaited=seat.of_record("awaited", lambda: awaited(desk, common)),
        expiring=expiring(desk, common, int(datetime.now(UTC).timestamp() * 1000)),
        course=agenda_view.course(desk),
        drawing=drawing(drawn, today),
        mark_words=MARK_WORDS,
        begun=bool(desk.talks.plenary.agenda or desk.talks.plenary.texts),
    )


def worded(need: Need) -> Need:
    """Return a need with its words and the one button that belongs to it."""
    kind = need["kind"]
    word, sign = KIND_WORDS[kind]
    index, unit, sounding = need.get("index", 0), need.get("unit", ""), need.get("sounding", "")
    sitting = need.get("sitting", "")
    known = {
        "doubts": (
            _("Another desk computed another state of the talks"),
            "/record/doubts",
            _("See what differs…"),
        ),
        "compare": (_("The keys are not compared with the other side"), "/people/compare", _("Compare…")),
        "admit": (_("{name} was invited and waits to be admitted"), "/people", _("Admit…")),
        "urgent": ("{name}", addresses.in_room("plenary", index), _("Read")),
        "proposal": (
            "{name}",
            addresses.of("text", index=index, text=need.get("text", ""), unit=unit),
            _("See and answer…"),
        ),
        "joint": ("{name}", f"/accept?index={index}", _("Accept…")),
        "confirm": (
            _("{name}: done without the power, without effect"),
            f"/confirm?index={index}",
            _("Confirm…"),
        ),
        "examine": (
            _("Full powers of {name} wait to be examined"),
            f"/signature/powers/{index}",
            _("Examine…"),
        ),
        "refused": (
            _("The full powers of {name} were found not in order: others are to be produced"),
            "/signature#powers",
            _("See why…"),
        ),
        "sign": (_("{name}: adopted, and not signed by your delegation"), "/signature", _("Sign…")),
        "conditions-sign": (
            _(
                "Request {name} for conditions: accepted by all, and not signed by your delegation for the host"
            ),
            "/meetings/conditions",
            _("Sign…"),
        ),
        "conditions-hand-over": (
            _("Request {name} for conditions: signed by all, and not with the host yet"),
            "/meetings/conditions",
            _("Hand over…"),
        ),
        "conditions-answered": (
            _("Request {name} for conditions: the host does not confirm all of it"),
            "/meetings/conditions",
            _("See the answer"),
        ),
        "communique-sign": (
            _("{name}: accepted by all, and not signed by your delegation for the public"),
            "/communique",
            _("Sign…"),
        ),
        "communique-release": (
            _("{name}: signed by all, and not yet on the host’s public page"),
            "/communique",
            _("Release…"),
        ),
        "silence": (
            _("{name}: it stands unless a delegation breaks the silence"),
            f"{addresses.texts(str(need.get('room', 'plenary')))}/{need.get('text', '')}/silence#s{index}",
            _("Break the silence…"),
        ),
        "sounding-marks": (
            _("{name}: the marks of your delegation are not sealed"),
            f"/soundings/{sounding}",
            _("Mark…"),
        ),
        "sounding-repeat": (
            _("{name}: to be sounded again"),
            f"/soundings/{sounding}#again",
            _("See and answer…"),
        ),
        "sounding-result": (_("{name}: the sounding has ended"), f"/soundings/{sounding}", _("See")),
        "meeting-ready": (
            _("{name}: your delegation has not declared readiness"),
            f"/meetings/{sitting}",
            _("See and declare…"),
        ),
        "meeting-expect": (
            _("{name}: your delegation has not sealed what it expects"),
            f"/meetings/{sitting}#expectations",
            _("Seal…"),
        ),
        "meeting-convene": (
            _("{name}: nothing is missing, and your delegation has not confirmed"),
            f"/meetings/{sitting}",
            _("See and confirm…"),
        ),
        "meeting-attend": (
            _("{name}: convened, and your delegation has not said who sits"),
            f"/meetings/{sitting}#attendance",
            _("Announce…"),
        ),
        "consent": (
            _("A member asks for consent, {name}"),
            f"/caucus/consent#d{index}",
            _("See and consent…"),
        ),
        "consented": (_("Others have consented, {name}"), f"/caucus/consent#d{index}", _("Send…")),
        "letter": ("{name}", addresses.in_room("plenary", index), _("Read")),
        "asked": ("{name}", f"/caucus?write=given&to={index}#write", _("Answer")),
        "given": ("{name}", addresses.in_room("caucus", index), _("Read")),
        "resume": (
            _("The day has come on which the adjourned talks go on"),
            "/agenda#course",
            _("See and resume…"),
        ),
        "destroy": (
            _("The day has come on which, by the modalities, keys and archive are destroyed"),
            "/record/destroy",
            _("See what goes and what stays…"),
        ),
        "outbox": (
            ngettext("{count} act waits to be sent", "{count} acts wait to be sent", need.get("count", 0)),
            "/check",
            _("Try again now"),
        ),
    }
    words, address, verb = known[kind]
    if kind == "joint" and need["event"] == "ClosingRecordSigned":
        address = "/signature"
    what = str(need.get("what", ""))
    return {
        "by": [],
        "since_ms": None,
        "until_ms": None,
        "mine": True,
        **need,
        "word": _(word),
        "icon": sign,
        "words": words.format(name=what[:1].upper() + what[1:], count=need.get("count", 0)),
        "address": address,
        "verb": verb,
        "lacks": power_name(need["power"]) if need.get("power") else "",
    }


def drawing(drawn: Lanes, today: date) -> dict[str, Any]:
    """Return the places of everything in the drawing (across in percent, down in pixels), and in words what it shows."""
    step = (_END - _NAMES) / len(drawn.days)
    every = max(1, -(-len(drawn.days) // _DATES))
    places = {day: round(_NAMES + step * (place + 0.5), 2) for place, day in enumerate(drawn.days)}
    now = next((day for day in reversed(drawn.days) if day <= today), drawn.days[-1])
    heights = {level: _TOP + place * _LANE for place, level in enumerate(drawn.levels)}
    bottom = _TOP + _LANE * len(drawn.levels)
    return {
        "height": bottom + 28,
        "bottom": bottom,
        "moved": drawn.moved,
        "lanes": [
            {"level": level, "top": top, "height": _LANE, "middle": top + _LANE // 2 + 5}
            for level, top in heights.items()
        ],
        "marks": [
            {
                "kind": kind,
                "x": places[day],
                "y": heights[level] + _ROWS[kind],
                "says": f"{_short(day)}: {_(MARK_WORDS[kind])}",
            }
            for (level, day), kinds in sorted(drawn.marks.items(), key=lambda one: (one[0][1], one[0][0]))
            for kind in kinds
        ],
        "dates": [
            {"x": places[day], "words": _short(day)}
            for place, day in enumerate(reversed(drawn.days))
            if place % every == 0
        ],
        "today": places[now],
        "finding": finding(drawn),
        "weekly": drawn.weekly,
        "levels": drawn.levels,
        "table": [
            {
                "day": day,
                "name": day_name(datetime(day.year, day.month, day.day).astimezone()),
                "cells": cells,
            }
            for day in reversed(drawn.days)
            if (cells := dict(drawn.on(day)))
        ],
    }


def finding(drawn: Lanes) -> str:
    """Return what the drawing shows, in one sentence for each level."""
    said = []
    for level in drawn.levels:
        days = [day for day in drawn.days if (level, day) in drawn.marks]
        if not days:
            said.append(_("{level}: nothing yet.").format(level=level_name(level)))
        elif days[0] == days[-1]:
            said.append(_("{level}: on {day}.").format(level=level_name(level), day=_short(days[0])))
        else:
            said.append(
                _("{level}: from {first} to {last}.").format(
                    level=level_name(level), first=_short(days[0]), last=_short(days[-1])
                )
            )
    return " ".join(said)


def _short(day: date) -> str:
    """Return a day without its year."""
    return str(format_date(day, "d MMM", locale=locale.language()))


ROUTES: Final = (get("/", show),)
