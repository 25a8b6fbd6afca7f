"""The terms: one word for one meaning, in the languages of the interface, with sources.

This module decides how the glossary is searched. The words and their sources stand in `locale/glossary.toml`.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.visit import Visit, get
from good_offices.locale import LANGUAGES, language
from good_offices.locale.glossary import glossary


def show(visit: Visit) -> Response:
    """Show the terms, by the words of the interface's language; with a search, those with these letters."""
    sought = visit.query.get("q", "").strip()
    first = language()
    columns = [first, *(code for code in LANGUAGES if code != first)]
    terms = [
        {"id": name, **term}
        for name, term in glossary().items()
        if not sought or any(sought.casefold() in term[code].casefold() for code in LANGUAGES)
    ]
    terms.sort(key=lambda term: term[first].casefold())
    return visit.page("glossary.html", terms=terms, columns=columns, sought=sought)


ROUTES: Final = (get("/glossary", show),)
