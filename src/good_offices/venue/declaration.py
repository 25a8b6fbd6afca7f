"""The declaration of good offices: what the host says of itself and of the conditions it can provide.

This module decides what a declaration may hold and where it is kept. It never publishes by itself, and it knows nothing
of talks. A declaration binds nobody: it is the host's own words, in as many languages as the host likes.

1. There are two files: `declaration.toml` is worked on, `declaration-published.toml` is what everybody sees.
   Publishing signs the first and copies it over the second; withdrawing removes the second and signs that (`declared`).
2. Reading is strict: an unknown field, a wrong type, a text that is too long or that has characters which cannot be seen
   or which turn the direction of writing is refused with its place. Nothing is mended silently.
3. A file is replaced as a whole or not at all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from good_offices.encoding import check_words
from good_offices.errors import LocalError, OperationalError
from good_offices.locale import N_
from good_offices.venue.declared import sign
from good_offices.venue.declared import withdraw as revoke
from good_offices.venue.folder import Folder, replace_private, sync_folder

FORMAT: Final = 1
DRAFT: Final = "declaration.toml"
PUBLISHED: Final = "declaration-published.toml"
MAX_FILE: Final = 512 * 1024
MAX_TO: Final = 500
MAX_WORDS: Final = 20_000
MAX_CONDITION: Final = 2_000
MAX_LANGUAGES: Final = 12
MAX_PAIRS: Final = 40
# A language tag with script and region (BCP 47); variants and private use are of no help to a reader.
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")

# In the order in which a visiting delegation meets them.
CONDITIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "places": N_("Places"),
        "dates": N_("Dates"),
        "rooms": N_("Rooms"),
        "interpretation": N_("Interpretation"),
        "secretariat": N_("Secretariat"),
        "security": N_("Security"),
        "entry": N_("Visas and safe conduct"),
        "press": N_("Press centre"),
    }
)


class Conditions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the host can provide, in one language; empty where it says nothing."""

    places: str = ""
    dates: str = ""
    rooms: str = ""
    interpretation: str = ""
    secretariat: str = ""
    security: str = ""
    entry: str = ""
    press: str = ""


class Version(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The declaration in one language: to whom it is made, its words, the conditions."""

    words: str
    to: str = ""
    conditions: Conditions = Conditions()

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The conditions of which something is said: their names in English, and the words."""
        return [(name, words) for key, name in CONDITIONS.items() if (words := getattr(self.conditions, key))]


class Declaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole: its versions by language, the pairs that are interpreted, the days from and to which it holds."""

    format: int = FORMAT
    valid_from: date | None = None
    valid_until: date | None = None
    interpretation: list[tuple[str, str]] = []
    versions: dict[str, Version] = {}


def read(text: str) -> Declaration:
    """Return the declaration that a TOML text holds (rule 2).

    Raises:
        LocalError: `declaration-invalid`, `text-not-plain` or `venue-folder-newer`.
    """
    if len(text.encode()) > MAX_FILE:
        raise LocalError("declaration-invalid", why="it is too long as a whole")
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise LocalError("declaration-invalid", why=str(broken)) from None
    version = value.get("format")
    # As in the settings: a newer form may have fields that would otherwise be called misspelt.
    if type(version) is int and version > FORMAT:
        raise LocalError("venue-folder-newer", path=DRAFT, version=version)
    try:
        declaration = msgspec.convert(value, Declaration, strict=True)
    except msgspec.ValidationError as broken:
        raise LocalError("declaration-invalid", why=str(broken)) from None
    check(declaration)
    return declaration


def check(declaration: Declaration) -> None:
    """Pass if every part of a declaration keeps its bounds.

    Raises:
        LocalError: `declaration-invalid` or `text-not-plain`.
    """
    if declaration.format != FORMAT:
        raise LocalError("declaration-invalid", why=f"format {declaration.format}")
    first, last = declaration.valid_from, declaration.valid_until
    if first and last and last < first:
        raise LocalError("declaration-invalid", why="it ends before it begins")
    if len(declaration.versions) > MAX_LANGUAGES:
        raise LocalError("declaration-invalid", why="too many languages")
    if len(declaration.interpretation) > MAX_PAIRS:
        raise LocalError("declaration-invalid", why="too many pairs of languages")
    for one, other in declaration.interpretation:
        _check_tag(one)
        _check_tag(other)
        if one == other:
            raise LocalError("declaration-invalid", why="a pair of one language with itself")
    pairs = [frozenset(pair) for pair in declaration.interpretation]
    if len(set(pairs)) < len(pairs):
        raise LocalError("declaration-invalid", why="a pair of languages that is named twice")
    for language, version in declaration.versions.items():
        _check_tag(language)
        _check_version(version)


def is_language(tag: str) -> bool:
    """Tell whether a text is a language tag of the form that a declaration takes."""
    return bool(_TAG.fullmatch(tag))


def _check_tag(tag: str) -> None:
    """Pass if a tag names a language."""
    if not is_language(tag):
        raise LocalError("declaration-invalid", why="a language that is no language tag")


def _check_version(version: Version) -> None:
    """Pass if one version keeps its bounds."""
    if not version.words.strip():
        raise LocalError("declaration-invalid", why="a version without words")
    parts = [
        (N_("the declaration"), version.words, MAX_WORDS),
        (N_("the line for whom it is"), version.to, MAX_TO),
        *((N_("a condition"), getattr(version.conditions, key), MAX_CONDITION) for key in CONDITIONS),
    ]
    for what, words, most in parts:
        if len(words) > most:
            raise LocalError("declaration-too-long", what=what, count=len(words), most=most)
        check_words(words, what=what)
    if "\n" in version.to:
        raise LocalError("declaration-invalid", why="a line break in the line for whom it is")


def to_toml(declaration: Declaration) -> str:
    """Return the text of a file that `read` gives back as the same declaration."""
    lines = [
        "# The declaration of good offices. docs/operating-a-venue.md says what may stand here.",
        f"format = {declaration.format}",
    ]
    if declaration.valid_from:
        lines.append(f"valid_from = {declaration.valid_from.isoformat()}")
    if declaration.valid_until:
        lines.append(f"valid_until = {declaration.valid_until.isoformat()}")
    if declaration.interpretation:
        pairs = ", ".join(f'["{one}", "{other}"]' for one, other in declaration.interpretation)
        lines.append(f"interpretation = [{pairs}]")
    for language, version in declaration.versions.items():
        lines += ["", f"[versions.{language}]"]
        if version.to:
            lines.append(f"to = {_quoted(version.to)}")
        lines.append(f"words = {_quoted(version.words)}")
        if version.offered:
            lines += ["", f"[versions.{language}.conditions]"]
            lines += [
                f"{key} = {_quoted(words)}"
                for key in CONDITIONS
                if (words := getattr(version.conditions, key))
            ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a TOML string, over several lines if it has several: people edit this file."""
    # A signed note takes no tab; TOML has one in letters.
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"""\n{escaped}"""' if "\n" in text else f'"{escaped}"'


def draft(folder: Folder) -> Declaration:
    """Return the declaration that is worked on; an empty one if there is none.

    Raises:
        LocalError: as `read`.
        OperationalError: `venue-disk`.
    """
    return _load(folder.path / DRAFT) or Declaration()


def published(folder: Folder) -> Declaration | None:
    """Return the declaration that everybody sees, or None.

    Raises:
        LocalError: as `read`.
        OperationalError: `venue-disk`.
    """
    return _load(folder.path / PUBLISHED)


def keep(folder: Folder, declaration: Declaration) -> None:
    """Keep a declaration as the one that is worked on; nothing is published.

    Raises:
        LocalError: as `check`.
        OperationalError: `venue-disk`.
    """
    check(declaration)
    text = to_toml(declaration)
    # Each part may be within its bounds, and all of them more than `read` takes.
    if len(text.encode()) > MAX_FILE:
        raise LocalError("declaration-invalid", why="it is too long as a whole")
    replace_private(folder.path / DRAFT, text.encode())


def publish(folder: Folder) -> Declaration:
    """Show the declaration that is worked on to everybody, and return it.

    Raises:
        LocalError: `declaration-empty`, and as `read`.
        OperationalError: `venue-disk`.
    """
    declaration = draft(folder)
    if not declaration.versions:
        raise LocalError("declaration-empty")
    text = to_toml(declaration)
    # First: a page whose words are not those of the note offers no note, and nobody is shown what was not signed.
    sign(folder, text, "published")
    replace_private(folder.path / PUBLISHED, text.encode())
    return declaration


def sign_private(folder: Folder) -> bytes:
    """Return the signed note of the declaration that is worked on, for whom the host hands it to; it is not published.

    Raises:
        LocalError: `declaration-empty`, and as `read`.
        OperationalError: `venue-disk`.
    """
    declaration = draft(folder)
    if not declaration.versions:
        raise LocalError("declaration-empty")
    return sign(folder, to_toml(declaration), "private")


def withdraw(folder: Folder) -> bool:
    """Show the declaration to nobody any more, and sign that it is withdrawn; return whether it had been shown.

    Raises:
        OperationalError: `venue-disk`.
    """
    revoke(folder)
    path = folder.path / PUBLISHED
    try:
        path.unlink()
        sync_folder(folder.path)
    except FileNotFoundError:
        return False
    except OSError as failed:
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    return True


def _load(path: Path) -> Declaration | None:
    """Return the declaration in a file, or None if there is no file.

    Raises:
        LocalError: as `read`.
        OperationalError: `venue-disk`.
    """
    try:
        with path.open("rb") as file:
            # One byte more than may be there: a file that grew beyond all bounds is not read whole.
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        return None
    except OSError as failed:
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    try:
        return read(data.decode())
    except UnicodeDecodeError:
        raise LocalError("declaration-invalid", why="it is not in UTF-8") from None
