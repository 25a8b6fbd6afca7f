"""The overview: what needs this member now, where the talks stand, and what happened at which level.

This module decides the words and the button for each need, and how a pending act is accepted, taken back or confirmed
from anywhere. What needs somebody is decided in `clerk.needs`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from babel.dates import format_date
from starlette.responses import Response

from good_offices import locale
from good_offices.chancery import addresses
from good_offices.chancery.screen import day as day_name
from good_offices.chancery.screen import level_name, listed, power_name, when
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import agenda_view, names, pending
from good_offices.clerk.authors import Authors
from good_offices.clerk.describing import described
from good_offices.clerk.lanes import Lanes, lanes
from good_offices.clerk.needs import Need, awaited, expiring, needs
from good_offices.clerk.rooms_view import labels, subject
from good_offices.errors import LocalError
from good_offices.locale import N_, _, ngettext
from good_offices.talks.event import LEVELS
from good_offices.talks.events_outcome import ClosingRecordSigned

# The drawing: a column of names, a plot, a line of dates; one row in a lane for each kind of mark. Across in percent, so that
# letters keep their size on a narrow screen.
_NAMES, _END, _TOP = 16, 99, 28
_ROWS: Final = {"said": 10, "text": 22, "agreed": 34, "course": 46}
_LANE: Final = 56
_DATES: Final = 8

MARK_WORDS: Final = {
    "said": N_("Statements and notes"),
    "text": N_("Work on text and agenda"),
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
    "asked": (N_("Instructions asked"), "private"),
    "given": (N_("Instructions"), "private"),
    "outbox": (N_("Waits"), "waiting"),
}


def show(visit: Visit) -> Response:
    """Show the overview."""
    desk, seat = visit.desk, visit.seat
    common, caucus = seat.lines(desk.common), seat.lines(desk.caucus)
    asked = [worded(one) for one in needs(desk, common, caucus, seat.since)]
    today = datetime.now(UTC).astimezone().date()
    modalities = desk.talks.plenary.modalities
    levels = modalities.modalities.levels if modalities else LEVELS
    drawn = lanes(common, desk.rooms["plenary"], levels, Authors(desk), today)
    return visit.page(
        "overview.html",
        asked=[one for one in asked if one["mine"]],
        others=[one for one in asked if not one["mine"]],
        awaited=awaited(desk, common),
        expiring=expiring(desk, common, int(datetime.now(UTC).timestamp() * 1000)),
        course=agenda_view.course(desk),
        drawing=drawing(drawn, today),
        mark_words=MARK_WORDS,
    )


def worded(need: Need) -> Need:
    """Return a need with its words and the one button that belongs to it."""
    kind = need["kind"]
    word, sign = KIND_WORDS[kind]
    index, unit = need.get("index", 0), need.get("unit", "")
    known = {
        "doubts": (
            _("Another desk computed another state of the talks"),
            "/record/doubts",
            _("See what differs…"),
        ),
        "compare": (_("The keys are not compared with the other side"), "/people/compare", _("Compare…")),
        "admit": (_("{name} was invited and waits to be admitted"), "/people", _("Admit…")),
        "urgent": ("{name}", f"/plenary#e{index}", _("Read")),
        "proposal": ("{name}", addresses.of("text", index=index, unit=unit), _("See and answer…")),
        "joint": ("{name}", f"/accept?index={index}", _("Accept…")),
        "confirm": (
            _("{name}: done without the power, without effect"),
            f"/confirm?index={index}",
            _("Confirm…"),
        ),
        "asked": ("{name}", f"/caucus?write=given&to={index}#write", _("Answer")),
        "given": ("{name}", f"/caucus#e{index}", _("Read")),
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


# Accepting, taking back, confirming: from the overview, the agenda, "since you left"


def ask_accept(visit: Visit) -> Response:
    """Show what would be accepted, with its one form."""
    return _page(visit, "accept", _acceptable(visit, visit.query.get("index", "")))


def accept(visit: Visit) -> Response:
    """Accept a pending joint act, in two steps."""
    which, back = visit.field("index"), visit.field("back") or "/"
    line, joint = _acceptable(visit, which)
    until = local_moment(visit.field("until"))
    event = pending.acceptance(visit.desk, which, until)
    if isinstance(event, ClosingRecordSigned):
        return visit.go("/signature")
    facts = told_of(visit, line, joint)
    page = visit.preview(
        title=_("Accept: {what}").format(what=facts["what"]),
        binds=facts["binds"],
        lines=facts["lines"],
        changes=[_labelled(visit, one) for one in pending.foreseen(visit.desk, line.act.event)],
        verb=_("Accept for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=back,
    )
    return page or visit.act("plenary", event, back)


def withdraw(visit: Visit) -> Response:
    """Take back this delegation's acceptance of what still waits for others."""
    which, back = visit.field("index"), visit.field("back") or "/"
    event = pending.withdrawal(visit.desk, which)
    return visit.act(
        "plenary", event, back, said=_("Your delegation no longer accepts it. This is on record.")
    )


def ask_confirm(visit: Visit) -> Response:
    """Show the act that was done without the power."""
    line: Any = names.act_at(visit.desk.common, visit.query.get("index", ""))
    return _page(visit, "confirm", (line, None))


def confirm(visit: Visit) -> Response:
    """Confirm an act that a member of this delegation did without the power, in two steps (VCLT 8)."""
    index, back = visit.field("index"), visit.field("back") or "/"
    line: Any = names.act_at(visit.desk.common, index)
    page = visit.preview(
        title=_("Confirm: {what}").format(what=described(line.act.event, labels(visit.desk))),
        binds=_(
            "The act was done without the power and has no effect. When you confirm it, it has effect from here."
        ),
        lines=facts_of(visit, line),
        changes=[_labelled(visit, one) for one in pending.foreseen(visit.desk, line.act.event)],
        verb=_("Confirm for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=back,
    )
    return page or visit.act("plenary", pending.confirmation(visit.desk, line.index), back)


def check(visit: Visit) -> Response:
    """Ask the venue now."""
    visit.seat.check()
    return visit.go(visit.field("back") or "/", _("Asking the host again."), "waiting")


def _page(visit: Visit, step: str, found: tuple[Any, Any]) -> Response:
    """Return the page of an act with what it would change; its button leads to the preview."""
    line, joint = found
    facts = (
        told_of(visit, line, joint)
        if joint
        else {
            "what": described(line.act.event, labels(visit.desk)),
            "lines": facts_of(visit, line),
            "binds": _("Done without the power: it has no effect unless your delegation confirms it."),
        }
    )
    return visit.page(
        "accept.html",
        step=step,
        index=line.index,
        facts=facts,
        changes=[_labelled(visit, one) for one in pending.foreseen(visit.desk, line.act.event)],
        where=addresses.of(subject(line.act.event), index=line.index),
        back=visit.query.get("back", "/"),
    )


def _acceptable(visit: Visit, which: str) -> tuple[Any, Any]:
    """Return the entry of a pending joint act, and the joint act.

    Raises:
        LocalError: `not-pending`, and as `names.act_at`.
    """
    line: Any = names.act_at(visit.desk.common, which)
    for joint in visit.desk.talks.plenary.joint.values():
        if any(held.index == line.index for held in joint.accepted.values()):
            return line, joint
    raise LocalError("not-pending")


def local_moment(word: str) -> int | None:
    """Return milliseconds since 1970 of a date and time as a form gives them, by this machine's clock; None for none.

    Raises:
        LocalError: `time-unreadable`.
    """
    if not word:
        return None
    try:
        return int(datetime.fromisoformat(word).astimezone().timestamp() * 1000)
    except ValueError:
        raise LocalError("time-unreadable") from None


def told_of(visit: Visit, line: Any, joint: Any) -> dict[str, Any]:
    """Return a pending joint act in words: what it is, what accepting it means, and by whom and when it was posted."""
    called = names.delegations(visit.desk)
    own = visit.desk.identity.place.delegation
    missing = [name for one, name in called.items() if one not in joint.accepted and one != own]
    binds = (
        _("All others have accepted it. With your acceptance it has effect, and binds every delegation.")
        if not missing
        else _("Your delegation is bound by it as soon as {others} accept the same.").format(
            others=listed(missing)
        )
    )
    return {
        "what": described(line.act.event, labels(visit.desk)),
        "binds": binds,
        "lines": facts_of(visit, line),
    }


def facts_of(visit: Visit, line: Any) -> list[str]:
    """Return by whom, when and on which condition an act was posted."""
    author = Authors(visit.desk)(line.act.author, line.index)
    event = line.act.event
    facts = [
        _("By {name}, {capacity}, for {delegation}").format(
            name=author.name, capacity=author.capacity, delegation=author.called
        ),
        _("Entry {index}, {time}").format(index=line.index, time=when(line.leaf.time_ms)),
    ]
    if getattr(event, "condition", ""):
        facts.append(_("On condition: {condition}").format(condition=event.condition))
    if getattr(event, "note", ""):
        facts.append(event.note)
    if getattr(event, "until", None):
        facts.append(_("Their acceptance ends {time}").format(time=when(event.until)))
    return facts


def _labelled(visit: Visit, change: dict[str, str]) -> dict[str, str]:
    """Return a change of words with the provision's label instead of its id."""
    return change | {"label": labels(visit.desk).get(change["unit"], "")}


ROUTES: Final = (
    get("/", show),
    get("/accept", ask_accept),
    post("/accept", accept),
    post("/withdraw", withdraw),
    get("/confirm", ask_confirm),
    post("/confirm", confirm),
    post("/check", check),
)
