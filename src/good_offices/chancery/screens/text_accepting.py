"""Accepting what is proposed, withdrawing a proposal, taking back an acceptance.

This module decides what a person sees before accepting: the words as they would stand then, and who else has to accept.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.screen import listed
from good_offices.chancery.screens.accepting import ending
from good_offices.chancery.screens.text import back, each_room, sheet_of, table_of, which
from good_offices.chancery.text.changes import in_full
from good_offices.chancery.text.facts import joint_words
from good_offices.chancery.visit import Visit, bound, get, post
from good_offices.clerk import drafting, names, pending
from good_offices.desk.desk import Desk
from good_offices.locale import _


def accept(visit: Visit) -> Response:
    """Show what accepting would make of the text, then accept."""
    text = which(visit)
    name, content = visit.field("proposal"), visit.field("content")
    event: Any = (
        drafting.acceptance(visit.desk, name, text.instrument.id, room=visit.room)
        if name
        else pending.acceptance(visit.desk, content, None, visit.room)
    )
    source = proposed(visit.desk, event, visit.room)
    words = in_full(visit.desk, source, visit.room)
    shown = bound(f"{bound(event)} {words} {getattr(source, 'condition', '')}")
    confirmed = visit.field("confirmed") == "yes"
    if confirmed and visit.has_shown(shown):
        place = back(
            visit, text, next((str(one["unit"]) for one in (*words["changes"], *words["fixed"])), "")
        )
        return visit.act(visit.room, ending(visit, event), place, said=_("Accepted. It stands in the text."))
    page = sheet_of(visit, text)
    joint = table_of(visit).joint.get((getattr(event, "amendment", None) or event.content).hex())
    own = visit.desk.identity.delegation_name
    title = (
        _("Accept {name}").format(name=name)
        if name
        else _("Accept: {what}").format(what=joint_words(page, event.name, event))
    )
    return visit.page(
        "text_accept.html",
        409 if confirmed else 200,
        moved=visit.moved() if confirmed else "",
        text=text,
        title=title,
        **words,
        condition=getattr(source, "condition", ""),
        waits=listed([one for one in (page.waits_for(joint) if joint else []) if one != own]),
        carried=[(key, visit.field(key)) for key in ("proposal", "content") if visit.field(key)]
        + [("shown", shown)],
        until=visit.field("until"),
        readers=visit.readers(visit.room),
    )


def proposed(desk: Desk, event: Any, room: str = "plenary") -> Any:
    """Return the event in which the words stand that an acceptance accepts."""
    content = getattr(event, "amendment", None)
    if content is None:
        return event
    joint = names.state(desk, room).joint[content.hex()]
    for held in sorted(joint.accepted.values(), key=lambda one: one.index):
        line = names.line(desk.common, held.index)
        if line.act is not None and line.act.event.name == "AmendmentProposed":
            return line.act.event
    return event


def withdraw(visit: Visit) -> Response:
    """Take back one's own proposal."""
    text = which(visit)
    name = visit.field("proposal")
    unit = next((one.unit for one in text.proposals.values() if name in (one.id, one.package)), "")
    said = _("{name} is withdrawn.").format(name=name)
    return visit.act(visit.room, drafting.withdrawal(text, name), back(visit, text, unit), said=said)


def take_back(visit: Visit) -> Response:
    """Take back this delegation's acceptance of a joint act that is not complete."""
    text = which(visit)
    event = pending.withdrawal(visit.desk, visit.field("content"), visit.room)
    return visit.act(visit.room, event, back(visit, text), said=_("Our acceptance is taken back."))


def _to_text(visit: Visit) -> Response:
    """Return to the text: the address of a form was opened as a page."""
    return visit.go(f"{visit.texts}/{visit.path['text']}")


ROUTES: Final = (
    *each_room(get, "/text/{text}/accept", _to_text),
    *each_room(post, "/text/{text}/accept", accept),
    *each_room(post, "/text/{text}/withdraw", withdraw),
    *each_room(post, "/text/{text}/take-back", take_back),
)
