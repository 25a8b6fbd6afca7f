"""The events of papers and of four eyes, and what an envelope may hold instead of an act. See spec/papers.md.

This module decides their forms. It never decides whether one has effect, and never opens a letter.

1. A non-paper, a sealed paper and a piece of an annex are no acts: they have no place in a chain, no state hash, no signature.
2. What is inside a letter is another record, sealed once more; the act around it shows who may open it.
3. The events of consent stand in the caucus alone.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from good_offices.encoding import Record, pack
from good_offices.talks.event import Happened


class ReaderMark(Record, frozen=True, kw_only=True):
    """What shows a non-paper's origin to one reader, by certificate hash, and to nobody else: 32 bytes."""

    reader: bytes
    mark: bytes


class NonPaper(Record, frozen=True, kw_only=True, tag="good-offices/non-paper/1", tag_field="form"):
    """Words that nobody has signed (R-122); `marks` by reader in rising order, `nonce` 16 bytes."""

    talks: bytes
    room: str
    author: bytes
    nonce: bytes
    text: str
    language: str
    subject: str = ""
    marks: tuple[ReaderMark, ...] = ()

    @property
    def core(self) -> bytes:
        """The bytes that each mark is over: the paper without its marks."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name != "marks"}
        return pack(NonPaper(**fields))


class SealedPaper(Record, frozen=True, kw_only=True, tag="good-offices/sealed-paper/1", tag_field="form"):
    """What a delegation expects, in words that nobody has signed, under the key of a box (spec/meetings.md 3.1).

    `sealed` is HPKE to the key that the author's delegation announced for the box `box_id`; marks as in a non-paper.
    """

    talks: bytes
    room: str
    author: bytes
    box_id: bytes
    sealed: bytes
    marks: tuple[ReaderMark, ...] = ()

    @property
    def core(self) -> bytes:
        """The bytes that each mark is over: the paper without its marks."""
        return pack(msgspec.structs.replace(self, marks=()))


class SealedWords(Record, frozen=True, kw_only=True, tag="good-offices/sealed-words/1", tag_field="form"):
    """What stands in a sealed paper: words by language."""

    words: dict[str, str]


class AnnexPiece(Record, frozen=True, kw_only=True, tag="good-offices/annex-piece/1", tag_field="form"):
    """A piece of a file that an annex names by its hash (R-127)."""

    talks: bytes
    room: str
    data: bytes


class LetterWords(Record, frozen=True, kw_only=True, tag="good-offices/letter/1", tag_field="form"):
    """What stands in a letter: the plaintext of its own envelope (R-125)."""

    text: str
    language: str
    subject: str = ""


class LetterSent(Happened, frozen=True, kw_only=True):
    """A head writes to the heads of other delegations; everybody sees that, and only `readers` open `letter`.

    `letter` is an envelope under a secret of its own, `blocks` that secret for each of the desks `readers`.
    """

    to: tuple[str, ...]
    readers: tuple[bytes, ...]
    letter: bytes
    blocks: tuple[bytes, ...]


class ConsentRuleSet(Happened, frozen=True, kw_only=True):
    """A delegation's own rule: the acts, by name, that need the consent of so many other members before they leave."""

    acts: tuple[str, ...]
    consents: int


class ConsentAsked(Happened, frozen=True, kw_only=True):
    """A member puts a draft (`good-offices/draft/1`) before the other members of its delegation."""

    draft: bytes
    text: str = ""
    language: str = ""


class ConsentGiven(Happened, frozen=True, kw_only=True):
    """Another member consents to the draft with this content, and to no other."""

    content: bytes


class ConsentUsed(Happened, frozen=True, kw_only=True):
    """The act that a draft stood for has left: a consent is for one act. `act` is its hash."""

    content: bytes
    act: bytes


PapersEvent: TypeAlias = LetterSent | ConsentRuleSet | ConsentAsked | ConsentGiven | ConsentUsed
