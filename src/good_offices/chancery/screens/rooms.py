"""The rooms: what was said in the plenary and in the caucus, and the forms in which one says something.

This module decides which part of a room stands on a page and what each form becomes. It never changes a page under its
reader, and never lets anything from the caucus into a page of the plenary, but the warning of rule 3.

1. A page shows the last `MANY` entries up to a place; earlier ones are a link away. The newest stands at the bottom.
2. A statement takes one step, with its readers named beside the button; urgent notes and incidents take two.
3. Words that also stand in the caucus or in private notes take two steps on their way into the plenary, and the first says which they are.
4. Of a public statement the hash of the quotation goes on record; the words stay, sealed, at this desk.
5. What is typed and not said is kept at this desk, sealed, and shown in its form again. The browser keeps nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery import addresses, room_log
from good_offices.chancery.screen import NAMED
from good_offices.chancery.text import kept
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import agenda_view, consents, names, papers_view, rooms_view, speaking
from good_offices.clerk.authors import Author, Authors, powers_of
from good_offices.clerk.names import is_number
from good_offices.desk.record import Line
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks.acts import Event
from good_offices.talks.events_plenary import IncidentNotified

MANY: Final = 100
_DRAFTS: Final = (
    *(f"plenary-{kind}" for kind in ("statement", "note", "non-paper", "letter", "incident", "public")),
    *(f"caucus-{kind}" for kind in ("statement", "asked", "given")),
)
GROUP_KINDS: Final = ("statement", "note", "non-paper")
_DRAFT_FIELDS: Final = (
    "text",
    "language",
    "item",
    "subject",
    "note_kind",
    "urgent",
    "occurred",
    "place",
    "speaker",
    "date",
    "medium",
    "reported_by",
)


def plenary(visit: Visit) -> Response:
    """Show the plenary."""
    return _show(visit, "plenary")


def caucus(visit: Visit) -> Response:
    """Show the caucus."""
    return _show(visit, "caucus")


def _show(visit: Visit, room: str) -> Response:
    """Show a room."""
    desk = visit.desk
    lines = room_log.room_lines(visit, room)
    page, earlier, later = window(lines, visit.query.get("upto", ""), at=visit.query.get("at", ""))
    authors = Authors(desk)
    return visit.page(
        f"{room}.html",
        room=room,
        log=room_log.log(visit, room, page, authors),
        earlier=earlier,
        later=later,
        waiting=rooms_view.waiting(desk, room) if later is None else [],
        papers=room_log.papers(visit, room, lines, authors),
        annexes=rooms_view.annexes(desk) if room == "plenary" else [],
        course=agenda_view.course(desk),
        items=agenda_view.items(desk),
        consent=consents.state(desk) if room == "caucus" else None,
        people=by_delegation(authors.readers(room)),
        in_room=addresses.in_room,
        **_form(visit, room, authors),
    )


def window(
    lines: Sequence[Line], upto: str, *, at: str = ""
) -> tuple[Sequence[Line], int | None, int | None]:
    """Return the lines of a page, the entry up to which the page before goes, and that of the page after (rule 1).

    `upto` is an entry as typed; what is no number means the newest. With `at` the page is one on which that entry
    stands: the newest if it does, else one with it in the middle.
    """
    end = len(lines)
    if is_number(at):
        place = sum(1 for line in lines if line.index <= int(at))
        if place <= end - MANY:
            end = place + MANY // 2
    if is_number(upto):
        end = sum(1 for line in lines if line.index <= int(upto))
    first = max(0, end - MANY)
    earlier = lines[first - 1].index if first else None
    later = lines[min(len(lines), end + MANY) - 1].index if end < len(lines) else None
    return lines[first:end], earlier, later


def by_delegation(people: Sequence[Author]) -> list[tuple[str, list[Author]]]:
    """Return the readers of a room under the names of their delegations."""
    return [(name, list(group)) for name, group in groupby(people, lambda one: one.called)]


def _form(visit: Visit, room: str, authors: Authors) -> dict[str, Any]:
    """Return what the forms of a room need: languages, what is answered, what may be done, and why not."""
    desk = visit.desk
    modalities = desk.talks.plenary.modalities
    ours = modalities.modalities if modalities else None
    known = [*ours.working, *ours.authentic] if ours else []
    texts = [name for text in desk.talks.plenary.texts.values() for name in text.instrument.authentic]
    writes = visit.session.writes
    tongues = list(dict.fromkeys([*known, *texts, *NAMED]))
    answered, about = (
        word if is_number(word := visit.query.get(name, "")) else "" for name in ("to", "about")
    )
    return {
        "tongues": tongues,
        "tongue": next(one for one in (visit.query.get("language"), writes, tongues[0]) if one in tongues),
        "kind": visit.query.get("write", ""),
        "drafts": _begun(visit, room),
        "item": visit.query.get("item", ""),
        "to": _cited(visit, room, answered, authors),
        "about": _cited(visit, "plenary", about, authors),
        "is_head": papers_view.is_head(desk),
        "letter_to": papers_view.others(desk),
        "lacks_speak": room == "plenary" and "speak" not in powers_of(desk),
        "capital": desk.identity.person.capital or desk.identity.person.guest,
        "is_open": desk.epoch(room) is not None,
    }


def _cited(visit: Visit, room: str, which: str, authors: Authors) -> dict[str, Any] | None:
    """Return the entry that is answered, if there is one."""
    if not which:
        return None
    line = names.act_at(visit.desk.book(room), which)
    (told,) = rooms_view.told(visit.desk, room, [line], authors)
    return told


# Saying something


def say(visit: Visit) -> Response:
    """Make a statement in the plenary: one step, two if the words also stand in the caucus (rules 2 and 3)."""
    event = speaking.statement(
        visit.desk,
        "plenary",
        _text(visit),
        _tongue(visit),
        item=visit.field("item") or None,
        to=visit.fields("to"),
    )
    return outgoing(visit, event, _("Make this statement"), said=_("Your statement is on record."))


def note(visit: Visit) -> Response:
    """Pass a note verbale; an urgent one in two steps."""
    event = speaking.note(
        visit.desk,
        "plenary",
        _text(visit),
        _tongue(visit),
        subject=visit.field("subject"),
        urgent=bool(visit.field("urgent")),
        to=visit.fields("to"),
        kind=visit.field("note_kind"),
    )
    binds = (
        _("An urgent note asks for attention at once. It passes even while the talks are broken off.")
        if event.urgent
        else ""
    )
    verb = _("Pass this aide-memoire") if event.kind == "aide-memoire" else _("Pass this note verbale")
    return outgoing(visit, event, verb, binds=binds, said=_("Your note is on record."))


def incident(visit: Visit) -> Response:
    """Notify an incident, in two steps."""
    event = IncidentNotified(
        text=_text(visit),
        language=_tongue(visit),
        occurred=visit.field("occurred"),
        place=visit.field("place"),
    )
    binds = _(
        "It goes on record as what your delegation says has happened, where and when. Nobody confirms it."
    )
    return outgoing(
        visit, event, _("Notify this incident"), binds=binds, said=_("Your incident note is on record.")
    )


def public(visit: Visit) -> Response:
    """Record that somebody is reported to have said something in public (rule 4)."""
    words = _text(visit)
    event = speaking.public_statement(
        words,
        _tongue(visit),
        speaker=_needed(visit, "speaker"),
        date=visit.field("date"),
        medium=visit.field("medium"),
        reported_by=_needed(visit, "reported_by"),
    )
    answer = outgoing(
        visit,
        event,
        _("Record this public statement"),
        said=_(
            "On record as the speaker's claim. The words are kept at this desk, sealed; only their hash is recorded."
        ),
    )
    papers_view.keep_quotation(visit.desk, event, words)
    return answer


def confer(visit: Visit) -> Response:
    """Say something in the caucus."""
    event = speaking.statement(visit.desk, "caucus", _text(visit), _tongue(visit), to=visit.fields("to"))
    return _inside(visit, event)


def ask(visit: Visit) -> Response:
    """Ask the capital for instructions."""
    event = speaking.instructions_asked(
        visit.desk, _text(visit), _tongue(visit), about=[one for one in visit.fields("about") if one]
    )
    return _inside(visit, event)


def instruct(visit: Visit) -> Response:
    """Give instructions."""
    event = speaking.instructions_given(
        visit.desk, _text(visit), _tongue(visit), to=[one for one in visit.fields("to") if one]
    )
    return _inside(visit, event)


def _inside(visit: Visit, event: Event) -> Response:
    """Write to the caucus and show it there."""
    return _done(visit, "caucus", event, _("Said in the caucus."))


def outgoing(visit: Visit, event: Event, verb: str, *, said: str, binds: str = "") -> Response:
    """Write to the plenary: at once, or first a page that says what this is, if there is something to say."""
    desk, back = visit.desk, visit.back if visit.field("back") else "/plenary"
    words = getattr(event, "text", "")
    warned = repeated(visit, (words, getattr(event, "subject", "")))
    unpowered = "speak" not in powers_of(desk)
    lines = []
    if unpowered:
        binds = binds or _("Your credentials do not name the power to speak.")
        lines.append(
            _("The act stands without effect until a member of your delegation with the power confirms it.")
        )
    if binds or warned:
        keep(visit)
        page = visit.preview(
            title=verb,
            binds=binds or _("Look at it once more before the other side sees it."),
            lines=lines,
            warnings=warned,
            words=(event.language, words) if words else None,  # type: ignore[union-attr] # words have a language
            verb=verb,
            back=back,
        )
        if page is not None:
            return page
    return _done(visit, "plenary", event, said, unconfirmed=unpowered)


def repeated(visit: Visit, words: Iterable[str], room: str = "plenary") -> list[str]:
    """Return a warning for each passage of words about to go into a room that stands in private, or in a group (rule 3)."""
    return kept.warnings(visit.seat, room, words)


def _done(visit: Visit, room: str, event: Event, said: str, *, unconfirmed: bool = False) -> Response:
    """Do an act and show it where it stands."""
    done = visit.seat.act(room, event, unconfirmed=unconfirmed)
    forget(visit)
    place = f"e{done.verdict.index}" if done.verdict else "waiting"
    return visit.tell(done, event.name, f"/{room}#{place}", said=said)


# Drafts: what is typed and not said yet, kept sealed at this desk (rule 5)


def draft(visit: Visit) -> Response:
    """Keep what is typed."""
    keep(visit)
    return Response(status_code=204)


def _draft_name(visit: Visit) -> str:
    """Return the name under which the form's draft lies; empty for a form that has none."""
    name = visit.field("draft")
    room, _dash, kind = name.partition("-")
    in_group = room in visit.desk.talks.plenary.groups.rooms and kind in GROUP_KINDS
    return f"draft-said/{name}" if name in _DRAFTS or in_group else ""


def keep(visit: Visit) -> None:
    """Keep the fields of a form, or forget the draft if there are no words in it."""
    name = _draft_name(visit)
    if name and visit.field("text"):
        typed = {one: visit.field(one) for one in _DRAFT_FIELDS if visit.field(one)}
        visit.desk.storage.put(name, json.dumps(typed, ensure_ascii=False).encode())
    else:
        forget(visit)


def forget(visit: Visit) -> None:
    """Destroy the draft of a form."""
    name = _draft_name(visit)
    if name and visit.desk.storage.get(name) is not None:
        visit.desk.storage.remove(name)


def drafts(visit: Visit, room: str) -> dict[str, dict[str, str]]:
    """Return what lies in the forms of a room, by kind."""
    found = {}
    for name in (*_DRAFTS, *(f"{room}-{kind}" for kind in GROUP_KINDS)):
        data = visit.desk.storage.get(f"draft-said/{name}") if name.startswith(f"{room}-") else None
        if data:
            found[name.removeprefix(f"{room}-")] = dict(json.loads(data))
    return found


def _begun(visit: Visit, room: str) -> dict[str, dict[str, str]]:
    """Return what lies in the forms of a room, with the words with which an address begins a statement in the plenary."""
    found, words = drafts(visit, room), visit.query.get("text", "")
    if room == "plenary" and words:
        kept_words = found.get("statement", {}).get("text", "")
        # A draft is never lost: what begins stands below it.
        text = kept_words if words in kept_words else "\n\n".join(one for one in (kept_words, words) if one)
        found["statement"] = found.get("statement", {}) | {"text": text}
    return found


def _text(visit: Visit) -> str:
    """Return the words of the form.

    Raises:
        LocalError: `field-empty`.
    """
    return _needed(visit, "text")


def _needed(visit: Visit, name: str) -> str:
    """Return a field that may not be empty.

    Raises:
        LocalError: `field-empty`.
    """
    value = visit.field(name)
    if not value:
        raise LocalError("field-empty")
    return value


def _tongue(visit: Visit) -> str:
    """Return the language of the form, and keep it for the next one of this browser."""
    chosen = visit.field("language")
    visit.session.writes = chosen
    return chosen


ROUTES: Final = (
    get("/plenary", plenary),
    post("/rooms/draft", draft),
    post("/plenary/statement", say),
    post("/plenary/note", note),
    post("/plenary/incident", incident),
    post("/plenary/public", public),
    get("/caucus", caucus),
    post("/caucus/statement", confer),
    post("/caucus/asked", ask),
    post("/caucus/given", instruct),
)
