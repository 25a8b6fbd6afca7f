"""Rooms of a level and contact groups: which there are, who reads each, what is said in one, and what goes up and down.

This module decides what stands on the page of a group and what each of its forms becomes. It never shows anything that was
said in a group to a desk that does not read it: such a desk does not have it.

1. What all must accept takes two steps, and so does closing. A statement takes one, with its readers named beside the button.
2. Words that also stand in the caucus or in private notes take two steps on their way into a group.
3. The members of a group are named from a list of one's own; who is of a lower level stands there and cannot be ticked.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery import addresses
from good_offices.chancery.screen import NAMED, listed
from good_offices.chancery.screens.accepting import ending
from good_offices.chancery.screens.rooms import by_delegation, drafts, forget, keep, window
from good_offices.chancery.screens.text import title_of
from good_offices.chancery.text import kept
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import agenda_view, grouping, groups_view, names, referred, rooms_view, speaking
from good_offices.clerk.authors import Authors, powers_of
from good_offices.clerk.names import is_number
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks.event import LEVELS
from good_offices.talks.events_plenary import ItemProposed
from good_offices.talks.events_rooms import RoomMembersNamed


def show_all(visit: Visit) -> Response:
    """Show all groups by level, what is proposed, and the form to propose one."""
    desk = visit.desk
    found = groups_view.all_groups(desk)
    open_ones = [one for one in found if one["closed"] is None]
    levels = [(level, [one for one in open_ones if one["level"] == level]) for level in reversed(LEVELS)]
    return visit.page(
        "groups.html",
        levels=[(level, held) for level, held in levels if held],
        closed=[one for one in found if one["closed"] is not None],
        pending=groups_view.pending(desk),
        kinds=groups_view.KINDS,
        tongues=_tongues(visit),
        all_levels=list(reversed(LEVELS)),
        **_may(visit),
    )


def show(visit: Visit) -> Response:
    """Show a group."""
    desk, room = visit.desk, group_of(visit)
    authors = Authors(desk)
    lines = rooms_view.room_lines(desk, room, visit.seat.lines(desk.common))
    page, earlier, later = window(lines, visit.query.get("upto", ""), at=visit.query.get("at", ""))
    reads = groups_view.reads(desk, room)
    state = desk.talks.room_state(room)
    return visit.page(
        "group.html",
        room=room,
        group=groups_view.group(desk, room),
        kinds=groups_view.KINDS,
        entries=rooms_view.told(desk, room, page, authors, lines),
        earlier=earlier,
        later=later,
        waiting=rooms_view.waiting(desk, room) if later is None else [],
        pending=groups_view.pending(desk, room),
        items=[
            {"item": name, "title": one.title, "agreed": one.agreed} for name, one in state.agenda.items()
        ],
        texts=[(name, *title_of(text)) for name, text in sorted(state.texts.items())],
        annexes=rooms_view.annexes(desk, room),
        results=groups_view.results(desk, room) if reads else [],
        targets=_others(visit, room),
        sources=groups_view.results(desk, "plenary"),
        ours=groups_view.ours(desk, room),
        people=by_delegation(authors.readers(room)),
        seen_by=visit.readers(room),
        to=_cited(visit, room, authors),
        tabling=_tabling(visit, room),
        drafts=drafts(visit, room),
        kind=visit.query.get("write", ""),
        tongue=_tongues(visit)[0],
        course=agenda_view.course(desk),
        tongues=_tongues(visit),
        in_room=addresses.in_room,
        **_may(visit),
    )


def group_of(visit: Visit) -> str:
    """Return the group of the address.

    Raises:
        LocalError: `page-unknown`.
    """
    room = str(visit.path["room"])
    if room not in visit.desk.talks.plenary.groups.rooms:
        raise LocalError("page-unknown")
    return room


def _place(visit: Visit) -> str:
    """Return the address of the group's page."""
    return f"/groups/{group_of(visit)}"


def _may(visit: Visit) -> dict[str, Any]:
    """Return what this desk's member may do, by the powers that the record gives."""
    powers, person = powers_of(visit.desk), visit.desk.identity.person
    may = visit.desk.confirmed and not person.capital
    return {
        "agrees": may and "agree" in powers,
        "proposes": may and "propose" in powers,
        "speaks": may and "speak" in powers,
        "tables": may and "table" in powers,
    }


def _tongues(visit: Visit) -> list[str]:
    """Return the languages to choose from, that of the reader's last words first."""
    current = visit.desk.talks.plenary.modalities
    ours = current.modalities if current else None
    known = [*ours.working, *ours.authentic] if ours else []
    last = [visit.session.writes] if visit.session.writes else []
    return list(dict.fromkeys([*last, *known, *NAMED]))


def _others(visit: Visit, room: str) -> list[tuple[str, str]]:
    """Return the rooms to which a result of a group can be referred by this desk: those that it can write in."""
    desk = visit.desk
    held = [
        (one["room"], one["title"])
        for one in groups_view.all_groups(desk)
        if one["room"] != room and one["closed"] is None and one["reads"]
    ]
    return [("plenary", _("Plenary")), *held]


def _tabling(visit: Visit, room: str) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Return by room, with its address and name, the texts that were referred from or to a group and can be tabled by this desk."""
    desk = visit.desk
    if "table" not in powers_of(desk):
        return []
    found = (
        [(addresses.texts(room), groups_view.called(desk, room), referred.ready(desk, room))]
        if groups_view.writes(desk, room)
        else []
    )
    up = [one for one in referred.ready(desk, "plenary") if one["source"] == room]
    return [one for one in [*found, (addresses.texts("plenary"), _("Plenary"), up)] if one[2]]


def _cited(visit: Visit, room: str, authors: Authors) -> dict[str, Any] | None:
    """Return the entry of the group that is answered, if there is one."""
    which = visit.query.get("to", "")
    if not is_number(which):
        return None
    line = names.act_at(visit.desk.common, which)
    if line.verdict.room != room:
        return None
    (told,) = rooms_view.told(visit.desk, room, [line], authors)
    return told


# Acts of the plenary


def propose(visit: Visit) -> Response:
    """Propose a group, in two steps."""
    level, kind = visit.field("level"), visit.field("kind")
    if level not in LEVELS or kind not in groups_view.KINDS:
        raise LocalError("field-empty")
    event = ending(
        visit,
        grouping.opened(
            _needed(visit, "title"),
            _needed(visit, "mandate"),
            _tongue(visit),
            level=level,
            kind=kind,  # type: ignore[arg-type] # one of KINDS, as asked above
        ),
    )
    page = visit.preview(
        title=_("Propose a group: {title}").format(title=event.title),
        binds=_(
            "It is open when every delegation has accepted exactly this. Then each names its own members."
        ),
        words=(event.language, event.mandate),
        verb=_("Propose the group"),
        back="/groups",
    )
    return page or visit.act("plenary", event, "/groups")


def name(visit: Visit) -> Response:
    """Name one's own members, in two steps: the first says who comes and who goes (rule 3)."""
    desk, room = visit.desk, group_of(visit)
    chosen = set(visit.fields("member"))
    known = groups_view.ours(desk, room)
    come = [one["name"] for one in known if one["id"] in chosen and not one["named"]]
    go = [one["name"] for one in known if one["named"] and one["id"] not in chosen]
    event = RoomMembersNamed(room=room, members=tuple(sorted(chosen)))
    lines = (
        [
            _("They read and speak here with the next keys, and read what was said before: {names}").format(
                names=listed(come)
            )
        ]
        if come
        else []
    )
    lines += [_("They read and say nothing more here: {names}").format(names=listed(go))] if go else []
    page = visit.preview(
        title=_("Whom your delegation sends: {title}").format(title=groups_view.called(desk, room)),
        binds=_("The list replaces the one before it, at once. The others see it."),
        lines=lines,
        verb=_("Name these members"),
        back=_place(visit),
    )
    return page or visit.act(
        "plenary", event, _place(visit), said=_("On record. New keys follow by themselves.")
    )


def close(visit: Visit) -> Response:
    """Close a group, in two steps."""
    desk, room = visit.desk, group_of(visit)
    event = grouping.closed(desk, room)
    page = visit.preview(
        title=_("Close the group: {title}").format(title=groups_view.called(desk, room)),
        binds=_(
            "It is closed when every delegation has accepted that. What was said stays with those who read it."
        ),
        verb=_("Propose to close it"),
        back=_place(visit),
    )
    return page or visit.act("plenary", event, _place(visit))


def refer(visit: Visit) -> Response:
    """Refer a result of this group up, or send something back down into it, in two steps."""
    desk, room = visit.desk, group_of(visit)
    other, down = visit.field("other") or "plenary", visit.field("way") == "down"
    source, target = (other, room) if down else (room, other)
    event = grouping.referred(
        desk,
        source,
        target,
        _needed(visit, "subject"),
        _needed(visit, "title"),
        _needed(visit, "text"),
        _tongue(visit),
    )
    unknown = groups_view.is_known(desk, event.source, event.subject) is False
    page = visit.preview(
        title=_("Send back to {room}: {title}").format(
            room=groups_view.called(desk, target), title=event.title
        )
        if down
        else _("Refer to {room}: {title}").format(room=groups_view.called(desk, target), title=event.title),
        binds=_(
            "It is referred when every delegation has accepted the same there. It binds that room to nothing."
        ),
        warnings=([_("Nothing with this hash is known in that room.")] if unknown else [])
        + kept.warnings(visit.seat, groups_view.room_named(desk, target), [event.title, event.text]),
        words=(event.language, event.text),
        readers=visit.readers(target),
        verb=_("Send it back") if down else _("Refer it"),
        back=_place(visit),
        of=event,
    )
    return page or visit.act(groups_view.room_named(desk, target), event, _place(visit))


# Acts in the group


def say(visit: Visit) -> Response:
    """Make a statement or pass a note in the group (rules 1 and 2)."""
    desk, room = visit.desk, group_of(visit)
    text, tongue, to = _needed(visit, "text"), _tongue(visit), visit.fields("to")
    if visit.field("form") == "note":
        event: Any = speaking.note(
            desk,
            room,
            text,
            tongue,
            subject=visit.field("subject"),
            urgent=bool(visit.field("urgent")),
            to=to,
            kind=visit.field("note_kind"),
        )
    else:
        event = speaking.statement(desk, room, text, tongue, item=visit.field("item") or None, to=to)
    warned = kept.warnings(visit.seat, room, [text, visit.field("subject")])
    keep(visit)
    if warned:
        page = visit.preview(
            title=_("Say this in the group"),
            binds=_("Look at it once more before the other side sees it."),
            warnings=warned,
            words=(tongue, text),
            readers=visit.readers(room),
            verb=_("Say it"),
            back=_place(visit),
        )
        if page is not None:
            return page
    done = visit.seat.act(room, event)
    forget(visit)
    place = f"e{done.verdict.index}" if done.verdict else "waiting"
    return visit.tell(done, event.name, f"{_place(visit)}#{place}", said=_("On record in the group."))


def propose_item(visit: Visit) -> Response:
    """Propose an item of the group's own agenda."""
    event = ItemProposed(title=_needed(visit, "title"))
    return visit.act(group_of(visit), event, _place(visit))


def _needed(visit: Visit, field: str) -> str:
    """Return a field that may not be empty.

    Raises:
        LocalError: `field-empty`.
    """
    value = visit.field(field)
    if not value:
        raise LocalError("field-empty")
    return value


def _tongue(visit: Visit) -> str:
    """Return the language of the form, and keep it for the next one of this browser."""
    visit.session.writes = visit.field("language")
    return visit.field("language")


ROUTES: Final = (
    get("/groups", show_all),
    post("/groups", propose),
    get("/groups/{room}", show),
    post("/groups/{room}/members", name),
    post("/groups/{room}/close", close),
    post("/groups/{room}/refer", refer),
    post("/groups/{room}/say", say),
    post("/groups/{room}/item", propose_item),
)
