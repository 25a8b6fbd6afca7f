"""The public page: what this venue is, what a host can and cannot do, what it declares, and what parties jointly release.

This module decides what anybody may see. It reads the venue's name, its published declaration and the communiqués that all
delegations of a talks have signed; it never reads the database, so it says nothing else about talks, not even that there are any.

1. The pages are made at the start, one for each language, and again only when one of these files is another:
   what a visitor sends changes nothing of what is answered.
2. There are no scripts, no cookies and no forms; style and fonts come from this server alone.
3. A declaration that cannot be read is not shown, nor a communiqué that does not hold, and the log says so; the rest of the
   page stands.
4. Words of the parties stand on the page whole, in every language that they signed, or not at all.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from good_offices.errors import GoodOfficesError
from good_offices.locale import LANGUAGES, SOURCE, use
from good_offices.register.declared import Declared
from good_offices.venue import communiques, declaration
from good_offices.venue import declared as declarations
from good_offices.venue.communiques import Public as Communique
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

OF_FILES: Final[Mapping[str, str]] = {
    "cache-control": "no-store",
    "content-disposition": 'attachment; filename="communique.goodoffices"',
    **_SAFE,
}
# A plain text that stands by itself; browsers keep it rather than show it.
OF_NOTES: Final[Mapping[str, str]] = {
    "cache-control": "no-store",
    "content-disposition": 'attachment; filename="declaration.txt"',
    **_SAFE,
}
_GROUP: Final = 4

# The English page is the first; each other language has an address of its own.
ADDRESSES: Final[Mapping[str, str]] = {"/" if code == SOURCE else f"/{code}": code for code in LANGUAGES}


class Public:
    """The pages of one venue as they stand now."""

    def __init__(self, folder: Folder) -> None:
        """Make the pages."""
        self._folder = folder
        self._stamp: object = None
        self._pages: dict[str, bytes] = {}
        self._files: dict[str, bytes] = {}
        self._notes: dict[str, bytes] = {}
        self._make(self._look())

    def page(self, address: str) -> bytes:
        """Return the page at one of `ADDRESSES`, with what is published now (rule 1)."""
        self._renew()
        return self._pages[address]

    def file(self, number: str) -> bytes | None:
        """Return the file of the communiqué with this number, if it is shown now."""
        self._renew()
        return self._files.get(number)

    def note(self, name: str) -> bytes | None:
        """Return the signed note of the declaration, or of its withdrawal, if that is offered now."""
        self._renew()
        return self._notes.get(name)

    def _renew(self) -> None:
        """Make the pages again if a file that stands on them is another."""
        stamp = self._look()
        if stamp != self._stamp:
            self._make(stamp)

    def _look(self) -> object:
        """Return what tells the published files from others."""
        try:
            found = (self._folder.path / declaration.PUBLISHED).stat()
            shown = (found.st_ino, found.st_mtime_ns, found.st_size)
        except OSError:
            shown = None
        # A withdrawal is signed before what it withdraws leaves the page.
        return shown, declarations.stamp(self._folder), communiques.stamp(self._folder)

    def _make(self, stamp: object) -> None:
        """Make the pages of all languages."""
        try:
            declared = declaration.published(self._folder)
        except GoodOfficesError as broken:
            _log.error("the published declaration cannot be read: %s", broken.code)
            declared = None
        name = self._folder.settings.name
        released = communiques.load(self._folder)
        notes = declarations.offered(self._folder, declaration.to_toml(declared) if declared else None)
        self._pages = {
            address: page(name, declared, code, released, {key: one for key, (one, _) in notes.items()})
            for address, code in ADDRESSES.items()
        }
        self._files = {one.number: one.data for one in released}
        self._notes = {name: note for name, (_, note) in notes.items()}
        self._stamp = stamp


def page(
    name: str,
    declared: Declaration | None,
    language: str,
    released: Sequence[Communique] = (),
    notes: Mapping[str, Declared] = MappingProxyType({}),
) -> bytes:
    """Return the public page of the venue `name` in a language: HTML without scripts."""
    with use(language):
        return render(
            "public.html",
            name=name,
            declared=declared,
            shown=shown(declared, language),
            notes=notes,
            host_number=_grouped(next(iter(notes.values())).keys.fingerprint) if notes else "",
            communiques=[told(one, language) for one in released],
            addresses=ADDRESSES,
        ).encode()


def _grouped(number: str) -> str:
    """Return a number in groups, as people read it to each other."""
    return " ".join(number[at : at + _GROUP] for at in range(0, len(number), _GROUP))


def told(one: Communique, language: str) -> dict[str, Any]:
    """Return a communiqué for the page of a language: every language of it (rule 4), who signed, the roots to compare."""
    said = one.communique
    roots = [(said.names[desk.statement.delegation], desk.fingerprints[0]) for desk in one.desks]
    return {
        "number": one.number,
        "versions": [
            # Drafts begin with their title, which stands above already.
            (tag, said.titles[tag], said.words[tag].removeprefix(f"{said.titles[tag]}\n\n"))
            for tag in communiques.languages(said, language)
        ],
        "names": list(said.names.values()),
        "embargo": said.embargo,
        "embargo_words": said.embargo_words,
        "roots": [
            (name, [root[at : at + _GROUP] for at in range(0, len(root), _GROUP)]) for name, root in roots
        ],
        "size": len(one.data),
    }


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
