"""What is printed: pieces, lines, provisions, and the sheet around them. See spec/paper.md section 1.

This module decides the shape of the data only. It never holds a state, a desk or a clock.

1. A piece is text of one kind. The pieces of a line, one after the other, are the line as it is read.
2. A line has its number within its provision and language, from 1; headings are not numbered and have 0.
3. `status` and what stands in the head of a sheet are words for people, in the reader's language.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from good_offices.encoding import Record

# words; *words* and **words**; [ ] | and / of a slot; {a text to come}; the mark of a note; who stands behind a variant
Look: TypeAlias = Literal["words", "emphasis", "strong", "bracket", "blank", "note", "by"]
Form: TypeAlias = Literal["draft", "clean"]
Layout: TypeAlias = Literal["columns", "sequence"]


class Piece(Record, frozen=True, kw_only=True):
    """A stretch of text that looks alike."""

    look: Look
    text: str


class Line(Record, frozen=True, kw_only=True):
    """A line as it stands on every medium; `gap` are the spaces after it, `last` where the text itself ends the line."""

    number: int
    pieces: tuple[Piece, ...]
    gap: str = ""
    last: bool = False

    @property
    def text(self) -> str:
        """The line as it is read."""
        return "".join(piece.text for piece in self.pieces)


class Provision(Record, frozen=True, kw_only=True):
    """A unit in print: `mark` as it is cited, `depth` of its indentation, its lines by language."""

    id: str
    kind: str
    mark: str
    depth: int
    level: int
    status: str
    lines: dict[str, tuple[Line, ...]]


class Language(Record, frozen=True, kw_only=True):
    """A language of the text: its tag, its own name, the title in it."""

    tag: str
    name: str
    title: str

    @property
    def rtl(self) -> bool:
        """Whether it is written from right to left."""
        return right_to_left(self.tag)


class Imprint(Record, frozen=True, kw_only=True):
    """What stands around the text: the talks, the version, the time, who may read it, a line to sign for each signatory.

    `closing` are the words of a certificate under the text, one paragraph each.

    `made` is the time in milliseconds, `date` the same for people.
    """

    talks: str
    version: str
    made: int
    date: str
    readers: str
    signatories: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


class Paper(Record, frozen=True, kw_only=True):
    """A sheet to print; `missing` stands where a provision has no text in a language."""

    imprint: Imprint
    digest: bytes
    form: Form
    layout: Layout
    languages: tuple[Language, ...]
    provisions: tuple[Provision, ...]
    missing: str
    numbered: bool = True


# Scripts from right to left, and the languages written in them where the tag names no script (CLDR 44, likely subtags).
_SCRIPTS = frozenset({"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"})
_LANGUAGES = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"})


def right_to_left(tag: str) -> bool:
    """Return whether a language is written from right to left, by its tag (spec/text.md rule 1.4)."""
    language, *rest = tag.split("-")
    script = next((part for part in rest if len(part) == 4), "")
    return script in _SCRIPTS if script else language in _LANGUAGES
