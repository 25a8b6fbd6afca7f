"""The text: provisions as rows, languages as columns, proposals below the words they would change.

This module decides what stands on the screen of a text. Writing is in `text_drafting`, steps of the ladder in `text_steps`.

1. What a reader chose to see (languages, numbers of lines, how much is open) is kept at the desk and told to nobody.
2. A provision that changed since the reader said that all was read carries a word and a mark; only the reader clears it.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices import locale
from good_offices.chancery.screen import name_of_language
from good_offices.chancery.text import kept
from good_offices.chancery.text.facts import joint_facts
from good_offices.chancery.text.rows import fingerprint, joined, rail_of, row
from good_offices.chancery.text.sheet import Sheet, chosen_languages, languages_of, sheet
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import names, silence_view
from good_offices.clerk.provisions import HEADINGS, state_of
from good_offices.text.brackets import open_points
from good_offices.text.state import TextState

# Of a heading and the one provision under it, the state that is furthest from agreement is told.
_ORDER: Final = ("bracketed", "proposed", "open", "agreed", "agreed_ad_referendum", "locked")


def which(visit: Visit) -> TextState:
    """Return the text of the address.

    Raises:
        LocalError: `instrument-unknown`.
    """
    return names.text_named(visit.desk.talks.plenary, str(visit.path["text"]))


def title_of(text: TextState) -> tuple[str, str]:
    """Return the language and the words of a text's title: in the language of the screen, else the first authentic one."""
    titles = text.instrument.titles
    for language in (locale.language(), *text.instrument.authentic, *sorted(titles)):
        if titles.get(language):
            return language, titles[language]
    return locale.language(), text.instrument.id


def sheet_of(visit: Visit, text: TextState, *, every: bool = False) -> Sheet:
    """Return a text as this reader sees it, in the languages that were chosen."""
    tongues = languages_of(text) if every else chosen_languages(visit.desk, text)
    return sheet(visit.desk, text, visit.seat.lines(visit.desk.common), tongues)


def index(visit: Visit) -> Response:
    """Show the only text, or a list."""
    texts = visit.desk.talks.plenary.texts
    if len(texts) == 1:
        return visit.go(f"/text/{next(iter(texts))}")
    listed = [(name, *title_of(text)) for name, text in sorted(texts.items())]
    return visit.page("text_list.html", texts=listed, may_table="table" in visit.desk.identity.person.powers)


def show(visit: Visit) -> Response:
    """Show a text."""
    text = which(visit)
    page = sheet_of(visit, text)
    desk, name = visit.desk, text.instrument.id
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
        silence=silence_view.concerns(visit.desk, name),
        news=[one for one, mark in marks.items() if looked.get(one) != mark],
    )


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
    if kept.view(visit.desk, text.instrument.id).get("lines"):
        value["lines"] = True
    kept.keep_view(visit.desk, text.instrument.id, value)
    return visit.go(f"/text/{text.instrument.id}")


def number(visit: Visit) -> Response:
    """Keep whether the reader wants to see the numbers of lines: those of the printed page."""
    text = which(visit)
    value = kept.view(visit.desk, text.instrument.id)
    value.pop("lines", None)
    if visit.field("lines"):
        value["lines"] = True
    kept.keep_view(visit.desk, text.instrument.id, value)
    return visit.go(visit.back)


def read(visit: Visit) -> Response:
    """Keep that the reader has read all that stands now."""
    text = which(visit)
    page = sheet_of(visit, text)
    marks = {one.id: fingerprint(page, one) for one in text.instrument.units if one.kind != "layout"}
    kept.keep_looked(visit.desk, text.instrument.id, marks)
    return visit.go(f"/text/{text.instrument.id}")


ROUTES: Final = (
    get("/text", index),
    get("/text/{text}", show),
    post("/text/{text}/view", choose),
    post("/text/{text}/lines", number),
    post("/text/{text}/read", read),
)
