"""Tabling: a draft in each language is read, shown as it was understood, and put on the table.

This module decides how files and pasted words become a text. It never guesses: brackets without a partner are told with
line and column, drafts that do not stand side by side are refused.
"""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.screens.text import each_room, table_of
from good_offices.chancery.text.cells import cell, readable
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import drafting, names, referred
from good_offices.clerk.provisions import called
from good_offices.clerk.signing import grouped
from good_offices.clerk.text_view import draft_state
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _, language
from good_offices.text.importing import Draft, read_draft
from good_offices.text.model import check_language

_FALLBACK: Final = ("en",)
_NAMES: Final = re.compile(r"[^0-9A-Za-z]+")
_ORPHANS: Final = 20


def languages(desk: Desk) -> tuple[str, ...]:
    """Return the languages in which a text is tabled: the authentic ones of the modalities."""
    current = desk.talks.plenary.modalities
    return current.modalities.authentic if current else _FALLBACK


def ask(visit: Visit) -> Response:
    """Show the form: for each language a title and a draft."""
    table_of(visit)
    return visit.page(
        "text_table.html",
        tongues=languages(visit.desk),
        referred=referred.ready(visit.desk, visit.room),
        readers=visit.readers(visit.room),
    )


def table_referred(visit: Visit) -> Response:
    """Table what was referred to this room, in two steps: the first shows where it comes from, and every word (R-172)."""
    desk = visit.desk
    table_of(visit)
    one = referred.referral_named(desk, visit.room, visit.field("subject"))
    event = referred.tabled(desk, visit.room, one)
    told, known = referred.told(desk, one), called(event.instrument, language())
    parties = names.delegations(desk)
    page = visit.preview(
        title=_("Table what was referred: {title}").format(title=one.title),
        binds=_(
            "To table a text is to put it before the others. It binds nobody: every provision is open. The room from which it comes keeps it as it is."
        ),
        lines=[
            _("Referred from {room}, entry {since}").format(**told),
            _("The words below have the hash of the referral: {subject}").format(
                subject=" ".join(grouped(one.subject)[:4]) + " …"
            ),
        ],
        changes=[
            {"label": known[unit.id].whole, "language": tongue, "whole": readable(runs, parties)}
            for unit in event.instrument.units
            if unit.kind != "layout"
            for tongue, runs in unit.texts.items()
        ],
        readers=visit.readers(visit.room),
        verb=_("Put it on the table"),
        back=visit.back,
        of=event,
    )
    return page or visit.act(visit.room, event, f"{visit.texts}/{event.instrument.id}")


def table(visit: Visit) -> Response:
    """Show what was understood of the drafts, then put them on the table."""
    desk = visit.desk
    table_of(visit)
    given = _given(visit)
    drafts = {
        one: read_draft(words.encode(), form, names=names.printed(desk))
        for one, (form, words) in given.items()
    }
    titles = {one: visit.field(f"title.{one}") for one in drafts if visit.field(f"title.{one}")}
    event = drafting.tabled(drafts, _name(visit), titles)
    if visit.field("confirmed") == "yes":
        return visit.act(visit.room, event, f"{visit.texts}/{event.instrument.id}")
    parties = names.delegations(desk)
    units = [
        {
            "id": one.id,
            "label": one.label,
            "cells": {tongue: cell(runs, parties) for tongue, runs in one.texts.items()},
        }
        for one in event.instrument.units
        if one.kind != "layout"
    ]
    return visit.page(
        "text_tabled.html",
        name=event.instrument.id,
        titles=titles,
        tongues=list(drafts),
        understood={one: _understood(draft) for one, draft in drafts.items()},
        units=units,
        given=given,
        readers=visit.readers(visit.room),
    )


def _given(visit: Visit) -> dict[str, tuple[str, str]]:
    """Return the drafts of the form by language: their form and their words, from a file or as pasted.

    Raises:
        LocalError: `upload-missing`, `language-tag`, `draft-not-utf8`, `draft-format-unknown`.
    """
    found: dict[str, tuple[str, str]] = {}
    for key in [*visit.files, *visit.form]:
        kind, _, language = key.partition(".")
        if kind not in ("draft", "pasted") or language in found:
            continue
        check_language(language)
        name, data = visit.files.get(f"draft.{language}", ("", b""))
        words = str(visit.form.get(f"pasted.{language}", ""))
        if data:
            form = name.rpartition(".")[2]
            read_draft(data, form)
            found[language] = (form, data.decode("utf-8"))
        elif words.strip():
            found[language] = (visit.field(f"form.{language}") or "md", words.replace("\r\n", "\n"))
    if not found:
        raise LocalError("upload-missing")
    return {one: found[one] for one in sorted(found, key=lambda each: _place(visit.desk, each))}


def _place(desk: Desk, language: str) -> tuple[int, str]:
    """Return where a language stands among those of the modalities."""
    order = languages(desk)
    return (order.index(language) if language in order else len(order), language)


def _name(visit: Visit) -> str:
    """Return a free id for a text: from its title as far as that has Latin letters, else a number."""
    taken = set(table_of(visit).texts)
    wanted = visit.field("name") or _NAMES.sub("-", visit.field("title.en").lower()).strip("-")[:40] or "text"
    if wanted not in taken:
        return wanted
    return next(
        f"{wanted}-{number}" for number in range(2, len(taken) + 3) if f"{wanted}-{number}" not in taken
    )


def _understood(draft: Draft) -> dict[str, Any]:
    """Return what was understood of a draft."""
    told = draft_state(draft)
    return told | {"more": max(len(told["orphans"]) - _ORPHANS, 0), "orphans": told["orphans"][:_ORPHANS]}


ROUTES: Final = (
    *each_room(get, "/text/~/table", ask),
    *each_room(post, "/text/~/table", table),
    *each_room(post, "/text/~/referred", table_referred),
)
