"""The silence procedure of a text: what is under silence, opening, breaking.

This module decides what is asked before each step. It never decides whether a step has effect.

1. To open takes two steps, the words shown whole. To break takes one, and no reason is asked: it binds nobody to anything.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.screens.text import each_room, group_of, which
from good_offices.chancery.screens.text_steps import ready
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import groups_view, names, silence_view, steps
from good_offices.clerk.fixed import fixed
from good_offices.clerk.provisions import called
from good_offices.clerk.signing import may, title_of
from good_offices.locale import _, language
from good_offices.talks.event import LEVELS, Level
from good_offices.talks.silence import HOURS_MOST
from good_offices.talks.silences import meant
from good_offices.text.ladder import obstacles


def show(visit: Visit) -> Response:
    """Show what is and was under silence, and the form to open one."""
    desk, text = visit.desk, which(visit)
    state = names.state(desk, visit.room)
    current = state.modalities
    allowed = current is not None and current.modalities.silence
    here = visit.room == "plenary" or groups_view.writes(desk, visit.room)
    known = called(text.instrument, language())
    return visit.page(
        "text_silence.html",
        text=text,
        silences=silence_view.told(desk, text, visit.room),
        allowed=allowed,
        may_open=allowed and here and may(desk, "SilenceOpened") and state.course.standing == "running",
        units=[(one.id, known[one.id].whole) for one in ready(visit, text, "agree")]
        if not text.phase
        else [],
        whole=not text.phase and not obstacles(text),
        levels=current.modalities.levels if current else LEVELS,
        level=desk.identity.person.level,
        most=HOURS_MOST,
        group=group_of(visit),
        readers=visit.readers(visit.room),
    )


def open_(visit: Visit) -> Response:
    """Open a silence, in two steps (rule 1)."""
    desk, text = visit.desk, which(visit)
    back, hours, whole = (
        f"{visit.texts}/{text.instrument.id}/silence",
        visit.field("hours"),
        bool(visit.field("whole")),
    )
    level: Level = next((one for one in LEVELS if one == visit.field("level")), "experts")
    event = silence_view.opening(
        text,
        [] if whole else steps.named(text, visit.fields("unit")),
        int(hours) if hours.isdecimal() else 0,
        level=level,
        ad_referendum=visit.field("ad_referendum") == "1",
        whole=whole,
        words=visit.field("words"),
        tag=language(),
    )
    page = visit.preview(
        title=_("Open a silence"),
        binds=_(
            "Your delegation proposes this. It stands when the hours have passed for every other delegation, by its own clock since it first acted in view of it, and none has broken the silence. A delegation that does nothing is not bound."
        ),
        lines=[title_of(text.instrument)[1], _("Hours: {count}").format(count=event.hours)],
        changes=[
            {"label": one["label"], "language": tag, "whole": words}
            for one in fixed(desk, meant(event), visit.room)
            for tag, words in one["words"].items()
        ],
        words=(event.language, event.text) if event.text else None,
        verb=_("Open for {delegation}").format(delegation=desk.identity.delegation_name),
        readers=visit.readers(visit.room),
        back=back,
        of=event,
    )
    return page or visit.act(visit.room, event, back)


def break_(visit: Visit) -> Response:
    """Break a silence, in one step (rule 1)."""
    text, index = which(visit), str(visit.path["index"])
    event = silence_view.breaking(visit.desk, index, visit.field("words"), language())
    return visit.act(
        visit.room,
        event,
        f"{visit.texts}/{text.instrument.id}/silence",
        said=_("The silence is broken: what was proposed is not adopted."),
    )


ROUTES: Final = (
    *each_room(get, "/text/{text}/silence", show),
    *each_room(post, "/text/{text}/silence", open_),
    *each_room(post, "/text/{text}/silence/{index:int}/break", break_),
)
