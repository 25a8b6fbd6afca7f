"""What a group works on: its texts, to be read, and its annexes with their files.

This module decides what is shown of a group's text. It never writes one: drafting in a group has no page, and the page says so;
what others have proposed is accepted from the group's page, as everything that needs all.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.screen import name_of_language
from good_offices.chancery.screens.groups import group_of, seen_by
from good_offices.chancery.screens.plenary_papers import attachment, filed
from good_offices.chancery.screens.text import counts, rail, title_of
from good_offices.chancery.text.facts import joint_facts
from good_offices.chancery.text.rows import joined, rail_of, row
from good_offices.chancery.text.sheet import chosen_languages, sheet
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import groups_view, names


def show(visit: Visit) -> Response:
    """Show a text of a group as it stands, with what is open, proposed and waits; without a button."""
    desk, room = visit.desk, group_of(visit)
    text = names.text_named(names.state(desk, room), str(visit.path["text"]))
    page = sheet(desk, text, visit.seat.lines(desk.common), chosen_languages(desk, text), room)
    only_open = visit.query.get("only") == "open"
    units = [one for one in text.instrument.units if one.kind != "layout"]
    shown = [one for one in units if not only_open or text.status(one.id) == "open"]
    changes = page.shelf.chronicle.changes.get(page.key, [])
    language, title = title_of(text)
    return visit.page(
        "group_text.html",
        s=page,
        text=text,
        title=title,
        title_language=language,
        group=groups_view.group(desk, room),
        place=f"/groups/{room}",
        authentic=[name_of_language(one) for one in text.instrument.authentic],
        rows=joined(row(page, one, None) for one in shown),
        rail=rail_of(page, rail(page, shown)),
        only_open=only_open,
        version=len(changes),
        changes=changes,
        counts=counts(text),
        whole=[joint_facts(page, one) for key in ("#order", "#text") for one in page.joints.get(key, ())],
        seen_by=seen_by(visit, room),
    )


def file_annex(visit: Visit) -> Response:
    """File an annex in a group."""
    room = group_of(visit)
    return filed(visit, room, f"/groups/{room}")


def annex_file(visit: Visit) -> Response:
    """Return the file of an annex of a group."""
    return attachment(visit, group_of(visit))


ROUTES: Final = (
    get("/groups/{room}/text/{text}", show),
    post("/groups/{room}/annex", file_annex),
    get("/groups/{room}/annex/file", annex_file),
)
