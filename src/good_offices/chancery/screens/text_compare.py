"""Comparing versions: what changed in a text between any two entries of the record.

This module decides what is shown as changed: the words of a provision in any language, its label, and whether it is there
at all. What stands the same is left out.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices import locale
from good_offices.chancery.screens.text import each_room, sheet_of, which
from good_offices.chancery.text.cells import in_words, marked, readable
from good_offices.chancery.text.sheet import Sheet
from good_offices.chancery.visit import Visit, get
from good_offices.clerk import names
from good_offices.clerk.provisions import ONE_SIDED, called
from good_offices.clerk.versions import Version, versions
from good_offices.text.model import Instrument
from good_offices.text.redline import redline


def compare(visit: Visit) -> Response:
    """Show what changed from one version to another; without a choice, what the last act changed."""
    text = which(visit)
    page = sheet_of(visit, text, every=True)
    known = versions(visit.desk, page.key)
    new = _chosen(known, visit.query.get("to", ""), known[-1])
    old = _chosen(known, visit.query.get("from", ""), known[max(new.number - 2, 0)])
    times = {one.index: one for one in page.shelf.chronicle.changes.get(page.key, [])}
    listed = []
    for one in known:
        done = times.get(one.index)
        proposal = getattr(done.event, "proposal", "") if done else ""
        alone = done is not None and done.event.name in ONE_SIDED
        who = proposal or (names.author(visit.desk, done.author)[0] if done and alone else "")
        listed.append(
            {"number": one.number, "index": one.index, "time": done.time if done else None, "who": who}
        )
    return visit.page(
        "text_compare.html",
        s=page,
        text=text,
        known=listed,
        old=old,
        new=new,
        changes=changes(page, old.instrument, new.instrument),
    )


def _chosen(known: list[Version], word: str, other: Version) -> Version:
    """Return the version of a number."""
    return next((one for one in known if str(one.number) == word), other)


def changes(page: Sheet, old: Instrument, new: Instrument) -> list[dict[str, Any]]:
    """Return the provisions that differ, in the order of the new text; those taken out stand where they stood."""
    here, there = called(new, locale.language()), called(old, locale.language())
    order = [one.id for one in new.units]
    for place, unit in enumerate(old.units):
        if unit.id not in new.places:
            before = next((one.id for one in reversed(old.units[:place]) if one.id in order), None)
            order.insert(order.index(before) + 1 if before else 0, unit.id)
    found = []
    for name in order:
        one = old.unit(name) if name in old.places else None
        two = new.unit(name) if name in new.places else None
        if one is not None and two is not None and one.digest == two.digest:
            continue
        cells = {}
        for language in page.languages:
            before = readable(one.texts.get(language, ()), page.names) if one else ""
            after = readable(two.texts.get(language, ()), page.names) if two else ""
            segments = redline(before, after)
            cells[language] = {
                "line": marked(segments),
                "words": in_words(segments) if before != after else [],
                "same": before == after,
            }
        found.append(
            {
                "id": name,
                "name": (here if two else there)[name],
                "fate": "" if one and two else "added" if two else "removed",
                "label": (one.label, two.label) if one and two and one.label != two.label else None,
                "cells": cells,
            }
        )
    return found


ROUTES: Final = each_room(get, "/text/{text}/compare", compare)
