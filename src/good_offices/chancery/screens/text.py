"""The text: provisions as rows, languages as columns, proposals below the words they would change.

This module decides what stands on the screen of a text. Writing is in `text_drafting`, steps of the ladder in `text_steps`.

0. A text is on the table of the plenary or of a group; every screen of texts is both, and takes the room from its address (`each_room`).
1. What a reader chose to see (languages, numbers of lines, how much is open) is kept at the desk and told to nobody.
2. A provision that changed since the reader said that all was read carries a word and a mark; only the reader clears it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response
from starlette.routing import Route

from good_offices import locale
from good_offices.chancery.screen import name_of_language
from good_offices.chancery.text import kept
from good_offices.chancery.text.facts import joint_facts
from good_offices.chancery.text.rows import fingerprint, joined, rail_of, row
from good_offices.chancery.text.sheet import Sheet, chosen_languages, key_of, languages_of, sheet
from good_offices.chancery.visit import Handler, Visit, get, post
from good_offices.clerk import groups_view, names, referred, silence_view
from good_offices.clerk.provisions import HEADINGS, state_of
from good_offices.errors import LocalError
from good_offices.talks.events_text import TextTabled
from good_offices.talks.plenary import PlenaryState
from good_offices.text.brackets import open_points
from good_offices.text.state import TextState

# Of a heading and the one provision under it, the state that is furthest from agreement is told.
_ORDER: Final = ("bracketed", "proposed", "open", "agreed", "agreed_ad_referendum", "locked")


def each_room(method: Callable[[str, Handler], Route], path: str, handler: Handler) -> tuple[Route, Route]:
    """Return the routes of a screen of texts: in the plenary, where `path` begins with `/text`, and in a group."""
    return method(path, handler), method(f"/groups/{{room}}{path}", handler)


def table_of(visit: Visit) -> PlenaryState:
    """Return the state of the room of the address, on whose table its texts are.

    Raises:
        LocalError: `page-unknown`; `group-not-begun`, `not-reader` of a group that this desk does not read.
    """
    if visit.room != groups_view.PLENARY and visit.room not in visit.desk.talks.plenary.groups.rooms:
        raise LocalError("page-unknown")
    groups_view.check_reads(visit.desk, visit.room)
    return names.state(visit.desk, visit.room)


def which(visit: Visit) -> TextState:
    """Return the text of the address.

    Raises:
        LocalError: `instrument-unknown`, and as `table_of`.
    """
    return names.text_named(table_of(visit), str(visit.path["text"]))


def back(visit: Visit, text: TextState, unit: str = "") -> str:
    """Return the address of a text, at a provision."""
    return f"{visit.texts}/{text.instrument.id}" + (f"#unit-{unit}" if unit else "")


def title_of(text: TextState) -> tuple[str, str]:
    """Return the language and the words of a text's title: in the language of the screen, else the first authentic one."""
    titles = text.instrument.titles
    for language in (locale.language(), *text.instrument.authentic, *sorted(titles)):
        if titles.get(language):
            return language, titles[language]
    return locale.language(), text.instrument.id


def sheet_of(visit: Visit, text: TextState, *, every: bool = False) -> Sheet:
    """Return a text as this reader sees it, in the languages that were chosen."""
    tongues = languages_of(text) if every else chosen_languages(visit.desk, text, visit.room)
    return sheet(visit.desk, text, visit.seat.lines(visit.desk.common), tongues, visit.room)


def index(visit: Visit) -> Response:
    """Show the only text, or a list."""
    texts = table_of(visit).texts
    if len(texts) == 1:
        return visit.go(f"{visit.texts}/{next(iter(texts))}")
    listed = [(name, *title_of(text)) for name, text in sorted(texts.items())]
    return visit.page(
        "text_list.html",
        texts=listed,
        may_table="table" in visit.desk.identity.person.powers
        and (visit.room == groups_view.PLENARY or groups_view.writes(visit.desk, visit.room)),
        group=group_of(visit),
        referred=referred.ready(visit.desk, visit.room),
    )


def group_of(visit: Visit) -> str:
    """Return what the group of the address is called; empty in the plenary."""
    return "" if visit.room == groups_view.PLENARY else groups_view.called(visit.desk, visit.room)


def show(visit: Visit) -> Response:
    """Show a text."""
    text = which(visit)
    page = sheet_of(visit, text)
    desk, name = visit.desk, page.key
    units = [one for one in text.instrument.units if one.kind != "layout"]
    marks = {one.id: fingerprint(page, one) for one in units}
    looked = kept.looked(desk, name)
    if not looked:
        kept.keep_looked(desk, name, marks)
        looked = marks
    only_open = visit.query.get("only") == "open"
    shown = [one for one in units if not only_open or text.status(one.id) == "open"]
    changes = page.shelf.chronicle.changes.get(name, [])
    view = kept.view(desk, name)
    language, title = title_of(text)
    return visit.page(
        "text.html",
        s=page,
        text=text,
        title=title,
        title_language=language,
        group=group_of(visit),
        origin=_origin(page, changes),
        authentic=[name_of_language(one) for one in text.instrument.authentic],
        rows=joined(row(page, one, looked.get(one.id, "")) for one in shown),
        rail=rail_of(page, rail(page, shown)),
        only_open=only_open,
        version=len(changes),
        changes=changes,
        counts=counts(text) if view.get("counts") else None,
        view={"counts": False} | view,
        there=languages_of(text),
        whole=[joint_facts(page, one) for key in ("#order", "#text") for one in page.joints.get(key, ())],
        drafts=[page.called[one] for one in sorted(kept.drafts(desk, name)) if one in page.called],
        draft_units=sorted(one for one in kept.drafts(desk, name) if one in page.called),
        silence=silence_view.concerns(visit.desk, text.instrument.id, visit.room),
        news=[one for one, mark in marks.items() if looked.get(one) != mark],
    )


def _origin(page: Sheet, changes: list[Any]) -> dict[str, Any] | None:
    """Return where a text comes from that was referred to this room, by what was tabled (spec/groups.md R-172)."""
    as_tabled = changes[0].event if changes else None
    if not isinstance(as_tabled, TextTabled):
        return None
    one = referred.origin(page.desk, page.room, as_tabled.instrument)
    return referred.told(page.desk, one) if one is not None else None


def rail(page: Sheet, units: list[Any]) -> list[dict[str, Any]]:
    """Return the list of provisions at the side: a heading and the one provision under it are one line."""
    under: dict[str, list[Any]] = {}
    for one in units:
        under.setdefault(one.parent, []).append(one)
    found, taken = [], set()
    for one in units:
        if one.id in taken:
            continue
        states = [state_of(page.text, one, page.proposals.get(one.id, ()))]
        below = under.get(one.id, [])
        name = page.called[one.id]
        if one.kind in HEADINGS and len(below) == 1 and below[0].kind not in HEADINGS:
            taken.add(below[0].id)
            states.append(state_of(page.text, below[0], page.proposals.get(below[0].id, ())))
        state = min(states, key=lambda each: _ORDER.index(each) if each in _ORDER else len(_ORDER))
        found.append(
            {
                "unit": one.id,
                "words": name.brief,
                "language": name.language,
                "state": state,
                "heading": one.kind in HEADINGS,
            }
        )
    return found


def counts(text: TextState) -> dict[str, int]:
    """Return what is still open in a text; only for a reader who asked for it."""
    points = open_points(text.instrument)
    return {
        "brackets": len({slot for unit in text.instrument.units for slot in unit.slots}),
        "placeholders": sum(one.placeholders for one in points.values()),
        "units": len(
            [one for one in text.instrument.units if one.kind != "layout" and text.status(one.id) == "open"]
        ),
    }


def choose(visit: Visit) -> Response:
    """Keep how the reader wants to see a text."""
    text = which(visit)
    there = languages_of(text)
    value: dict[str, Any] = {"languages": [one for one in visit.fields("language") if one in there]}
    if visit.field("counts"):
        value["counts"] = True
    name = key_of(text, visit.room)
    if kept.view(visit.desk, name).get("lines"):
        value["lines"] = True
    kept.keep_view(visit.desk, name, value)
    return visit.go(back(visit, text))


def number(visit: Visit) -> Response:
    """Keep whether the reader wants to see the numbers of lines: those of the printed page."""
    text = which(visit)
    name = key_of(text, visit.room)
    value = kept.view(visit.desk, name)
    value.pop("lines", None)
    if visit.field("lines"):
        value["lines"] = True
    kept.keep_view(visit.desk, name, value)
    return visit.go(visit.back)


def read(visit: Visit) -> Response:
    """Keep that the reader has read all that stands now."""
    text = which(visit)
    page = sheet_of(visit, text)
    marks = {one.id: fingerprint(page, one) for one in text.instrument.units if one.kind != "layout"}
    kept.keep_looked(visit.desk, page.key, marks)
    return visit.go(back(visit, text))


ROUTES: Final = (
    *each_room(get, "/text", index),
    *each_room(get, "/text/{text}", show),
    *each_room(post, "/text/{text}/view", choose),
    *each_room(post, "/text/{text}/lines", number),
    *each_room(post, "/text/{text}/read", read),
)
