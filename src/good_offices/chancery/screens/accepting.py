"""Accepting what others have accepted, taking back, confirming: from the overview, the agenda, "since you left".

This module decides what is told of an act before it is accepted, and that accepting takes two steps. Which acts can be
accepted is decided in `clerk.pending`; proposals on words have their own place on the screen of the text. It never accepts for anybody by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace
from starlette.responses import Response

from good_offices.chancery import addresses
from good_offices.chancery.screen import listed, when
from good_offices.chancery.text.changes import in_full
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import names, pending, rooms_view
from good_offices.clerk.act_lines import act_lines
from good_offices.clerk.authors import Authors
from good_offices.clerk.describing import described
from good_offices.clerk.rooms_view import labels
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks.event import Acceptable
from good_offices.talks.events_outcome import ClosingRecordSigned


def ask_accept(visit: Visit) -> Response:
    """Show what would be accepted, with its one form."""
    return _page(visit, "accept", _acceptable(visit, visit.query.get("index", "")))


def accept(visit: Visit) -> Response:
    """Accept a pending joint act, in two steps."""
    which, back = visit.field("index"), visit.back
    line, joint = _acceptable(visit, which)
    until = local_moment(visit.field("until"))
    event = pending.acceptance(visit.desk, which, until)
    if isinstance(event, ClosingRecordSigned):
        return visit.go("/signature")
    if visit.field("confirmed") != "yes":
        return _page(visit, "accept", (line, joint))
    return visit.act(pending.room_of(visit.desk, line), event, back)


def withdraw(visit: Visit) -> Response:
    """Take back this delegation's acceptance of what still waits for others."""
    which, back = visit.field("index"), visit.back
    event = pending.withdrawal(visit.desk, which)
    return visit.act(
        pending.room_where(visit.desk, which),
        event,
        back,
        said=_("Your delegation no longer accepts it. This is on record."),
    )


def ask_confirm(visit: Visit) -> Response:
    """Show the act that was done without the power."""
    line: Any = names.act_at(visit.desk.common, visit.query.get("index", ""))
    return _page(visit, "confirm", (line, None))


def confirm(visit: Visit) -> Response:
    """Confirm an act that a member of this delegation did without the power, in two steps (VCLT 8)."""
    index, back = visit.field("index"), visit.back
    line: Any = names.act_at(visit.desk.common, index)
    if visit.field("confirmed") != "yes":
        return _page(visit, "confirm", (line, None))
    room = pending.room_of(visit.desk, line)
    return visit.act(room, pending.confirmation(visit.desk, line.index), back)


def check(visit: Visit) -> Response:
    """Ask the venue now."""
    visit.seat.check()
    return visit.go(visit.back, _("Asking the host again."), "waiting")


def _page(visit: Visit, step: str, found: tuple[Any, Any]) -> Response:
    """Return the page of an act with every word that it would change or fix; its button is the second of the two steps."""
    line, joint = found
    room = pending.room_of(visit.desk, line)
    facts = (
        told_of(visit, line, joint)
        if joint
        else {
            "what": described(line.act.event, labels(visit.desk, line.verdict.room)),
            "lines": facts_of(visit, line),
            "binds": _(
                "The act was done without the power and has no effect. When you confirm it, it has effect from here."
            ),
        }
    )
    return visit.page(
        "accept.html",
        step=step,
        index=line.index,
        facts=facts,
        **in_full(visit.desk, line.act.event, room),
        where=addresses.of_entry(rooms_view.told(visit.desk, room, [line], Authors(visit.desk))[0], room),
        until=visit.field("until"),
        back=visit.back,
        readers=visit.readers(room),
    )


def _acceptable(visit: Visit, which: str) -> tuple[Any, Any]:
    """Return the entry of a pending joint act, and the joint act.

    Raises:
        LocalError: `not-pending`, and as `names.act_at`.
    """
    line: Any = names.act_at(visit.desk.common, which)
    for _room, joint in pending.all_joint(visit.desk):
        if any(held.index == line.index for held in joint.accepted.values()):
            return line, joint
    raise LocalError("not-pending")


def ending(visit: Visit, event: Any) -> Any:
    """Return an event with the end of one's own acceptance that the form names, if it names one (`parts.ends`).

    Raises:
        LocalError: `time-unreadable`.
    """
    until = local_moment(visit.field("until"))
    return event if until is None or not isinstance(event, Acceptable) else replace(event, until=until)


def local_moment(word: str) -> int | None:
    """Return milliseconds since 1970 of a date and time as a form gives them, by this machine's clock; None for none.

    Raises:
        LocalError: `time-unreadable`.
    """
    if not word:
        return None
    try:
        return int(datetime.fromisoformat(word).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError):  # West of Greenwich the last day of the year 9999 overflows.
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
        "what": described(line.act.event, labels(visit.desk, line.verdict.room)),
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
    facts += act_lines(visit.desk, event, pending.room_of(visit.desk, line), when)
    if getattr(event, "until", None):
        facts.append(_("Their acceptance ends {time}").format(time=when(event.until)))
    return facts


ROUTES: Final = (
    get("/accept", ask_accept),
    post("/accept", accept),
    post("/withdraw", withdraw),
    get("/confirm", ask_confirm),
    post("/confirm", confirm),
    post("/check", check),
)
