"""The public page: what this venue is, what a host can and cannot do, and what the host declares of itself.

This module decides what anybody may see. It reads the venue's name and its published declaration; it never reads the
database, so it says nothing about talks, not even that there are any.

1. The pages are made at the start, one for each language, and again only when the published declaration is another file:
   what a visitor sends changes nothing of what is answered.
2. There are no scripts, no cookies and no forms; style and fonts come from this server alone.
3. A declaration that cannot be read is not shown, and the log says so; the rest of the page stands.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from good_offices.errors import GoodOfficesError
from good_offices.locale import LANGUAGES, SOURCE, use
from good_offices.venue import declaration
from good_offices.venue.declaration import Declaration
from good_offices.venue.folder import Folder
from good_offices.venue.rendering import render

_log = logging.getLogger("good_offices.venue")

_SAFE: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    **_SAFE,
}
# The address of a file holds its digest, so it never changes.
OF_ASSETS: Final[Mapping[str, str]] = {"cache-control": "public, max-age=31536000, immutable", **_SAFE}

# The English page is the first; each other language has an address of its own.
ADDRESSES: Final[Mapping[str, str]] = {"/" if code == SOURCE else f"/{code}": code for code in LANGUAGES}


class Public:
    """The pages of one venue as they stand now."""

    def __init__(self, folder: Folder) -> None:
        """Make the pages."""
        self._folder = folder
        self._stamp: tuple[int, ...] | None = None
        self._pages: dict[str, bytes] = {}
        self._make(self._look())

    def page(self, address: str) -> bytes:
        """Return the page at one of `ADDRESSES`, with the declaration that is published now (rule 1)."""
        stamp = self._look()
        if stamp != self._stamp:
            self._make(stamp)
        return self._pages[address]

    def _look(self) -> tuple[int, ...] | None:
        """Return what tells one published file from another, or None if there is none."""
        try:
            found = (self._folder.path / declaration.PUBLISHED).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _make(self, stamp: tuple[int, ...] | None) -> None:
        """Make the pages of all languages."""
        try:
            declared = declaration.published(self._folder)
        except GoodOfficesError as broken:
            _log.error("the published declaration cannot be read: %s", broken.code)
            declared = None
        name = self._folder.settings.name
        self._pages = {address: page(name, declared, code) for address, code in ADDRESSES.items()}
        self._stamp = stamp


def page(name: str, declared: Declaration | None, language: str) -> bytes:
    """Return the public page of the venue `name` in a language: HTML without scripts."""
    with use(language):
        return render(
            "public.html", name=name, declared=declared, shown=shown(declared, language), addresses=ADDRESSES
        ).encode()


def shown(declared: Declaration | None, language: str) -> list[str]:
    """Return the languages whose versions stand on the page of a language.

    Its own version first; then those that have no page of their own. Without its own, all of them.
    """
    if declared is None:
        return []
    versions = list(declared.versions)
    if language not in versions:
        return versions
    return [language, *(one for one in versions if one not in LANGUAGES)]
