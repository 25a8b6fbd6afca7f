"""What is sounded and between whom: the list, the context of a run, and hashing under it. See spec/soundings.md.

This module decides which lists can be sounded and which bytes every proof of a run is bound to. It never knows a mark
or a secret.

1. A list keeps sections 1.1, 1.2 and 1.4. Its hash leaves the times out: the same options at another time are the same
   list, and one run of a list is all there is.
2. A run is a context of section 3. Everything that is hashed in it begins with ctx, the SHA-512 of the context's
   canonical bytes, so that nothing of one run holds in another.
3. No tag is the beginning of another (spec/group.md section 4); those of bases stand with the protocols that use them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, TypeVar

import msgspec

from good_offices.encoding import Record, check_words, encode, pack
from good_offices.errors import LocalError
from good_offices.seals.group import Element, Scalar, hash_to_group, hash_to_scalar

_T = TypeVar("_T")

Kind: TypeAlias = Literal["options", "packages", "range"]
About: TypeAlias = Literal[
    "level", "date", "place", "host", "format", "item", "provision", "package", "figure", "other"
]

SUITE: Final = "ristretto255-SHA512"
PREFIX: Final = b"good-offices/v1/sounding/"
MOST_OPTIONS: Final = 10_000
MOST_TICKS: Final = 2_000
MOST_CHUNKS: Final = 1_000
MOST_ATTEMPTS: Final = 8
PACE_LEAST: Final = 1_000
PACE_MOST: Final = 7 * 24 * 60 * 60 * 1_000
# Of a range: who shows the rows of step 2, and who picks from them in step 3.
SHOWS: Final = 1
PICKS: Final = 0
# Every step of a run with the places that answer it, in order; None: all of them.
_PAIR: Final = {1: None, 2: None}
_MANY: Final = {1: None, 2: None, 3: None, 4: None}
_RANGE: Final = {1: None, 2: (SHOWS,), 3: (PICKS,), 4: None, 5: None}
_LIST: Final = b"good-offices/v1/sounding-list\x00"
_TIMES: Final = ("closes", "pace", "until")
_HASH: Final = 32
# RFC 5646 section 2.1 by its shape alone, as for the languages of an act.
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


class Option(Record, kw_only=True):
    """One option: its words by language; `value` is what a program needs of it (a date, a level), or empty."""

    words: dict[str, str]
    value: str = ""


class Scale(Record, kw_only=True):
    """The numbers of a range: `least`, and every `step` from there to `most`, in `unit`."""

    least: int
    most: int
    step: int
    unit: str

    @property
    def ticks(self) -> int:
        """The number of numbers on the scale."""
        return (self.most - self.least) // self.step + 1


class Listed(Record, kw_only=True):
    """A list that can be sounded (spec/soundings.md section 1.2); times and pace in milliseconds."""

    kind: Kind
    about: About
    subject: dict[str, str]
    options: list[Option] = msgspec.field(default_factory=list)
    scale: Scale | None = msgspec.field(default=None, name="range")
    chunk: int = 0
    closes: int
    pace: int
    until: int

    @property
    def size(self) -> int:
        """The number of options, or of ticks."""
        return self.scale.ticks if self.scale else len(self.options)

    @property
    def hash(self) -> bytes:
        """The list hash: 32 bytes (spec/soundings.md section 1.3)."""
        value = msgspec.to_builtins(self, builtin_types=(bytes,))
        timeless = {name: one for name, one in value.items() if name not in _TIMES}
        return hashlib.sha256(_LIST + encode(timeless)).digest()


class Party(Record, kw_only=True):
    """A delegation and the fingerprint of its root."""

    delegation: str
    root: str


class Context(Record, kw_only=True, tag="good-offices/sounding-context/1", tag_field="form"):
    """All that a run is bound to (spec/soundings.md section 3.1)."""

    suite: str = SUITE
    talks: bytes
    room: str
    manifest: bytes
    sounding: bytes
    attempt: int
    kind: Kind
    list_hash: bytes = msgspec.field(name="list")
    size: int
    chunk: int = 0
    closes: int
    parties: list[Party]
    head_size: int
    head_root: bytes


class Run:
    """A run of a sounding: its context, ctx, and hashing under ctx (spec/soundings.md sections 3.2 and 3.3)."""

    def __init__(self, context: Context) -> None:
        """Take a context that keeps section 3.

        Raises:
            LocalError: `sounding-context`.
        """
        _check_context(context)
        self.context: Final = context
        self.ctx: Final = hashlib.sha512(pack(context)).digest()
        self.size: Final = context.size
        self._made: dict[str, tuple[tuple[object, ...], Any]] = {}

    @property
    def parties(self) -> int:
        """The number of delegations; places are from 0 to one less."""
        return len(self.context.parties)

    @property
    def steps(self) -> Mapping[int, tuple[int, ...]]:
        """Every step in order, with the places that answer it."""
        return steps_of(self.context.kind, self.parties)

    def base(self, tag: bytes, index: int) -> Element:
        """Return H2G(tag, index): an element whose logarithm nobody knows (spec/soundings.md section 3.3)."""
        return hash_to_group(self.ctx + index.to_bytes(4), PREFIX + tag)

    def hashed(self, tag: bytes, *parts: bytes) -> Scalar:
        """Return H2S(tag, ctx, parts), a scalar (spec/soundings.md section 3.3)."""
        return hash_to_scalar(lengthened(self.ctx, *parts), PREFIX + tag)

    def once(self, what: str, of: Sequence[object], make: Callable[[], _T]) -> _T:
        """Return what `make` makes of these very objects: made at the first call, and kept until it is made of others."""
        made = self._made.get(what)
        if (
            made is None
            or len(made[0]) != len(of)
            or any(a is not b for a, b in zip(made[0], of, strict=True))
        ):
            made = self._made[what] = (tuple(of), make())
        found: _T = made[1]
        return found

    def need(self, place: int, *kinds: Kind, parties: int | None = None) -> None:
        """Pass if this run is of one of `kinds`, has that many parties (any, if none) and this place.

        Raises:
            LocalError: `sounding-context`.
        """
        if self.context.kind not in kinds:
            raise LocalError("sounding-context", why=f"the kind is {self.context.kind}")
        if parties is not None and parties != self.parties:
            raise LocalError("sounding-context", why=f"the number of delegations is {self.parties}")
        if not 0 <= place < self.parties:
            raise LocalError("sounding-context", why="nobody has this place")

    def check_marks(self, marks: Sequence[bool]) -> None:
        """Pass if there is a yes or no to each option.

        Raises:
            LocalError: `sounding-marks`.
        """
        if len(marks) != self.size:
            raise LocalError("sounding-marks", why="there are more or fewer than options")
        if any(type(mark) is not bool for mark in marks):
            raise LocalError("sounding-marks", why="one is neither yes nor no")


@lru_cache
def steps_of(kind: Kind, parties: int) -> Mapping[int, tuple[int, ...]]:
    """Return every step of a run in order, with the places that answer it (spec/soundings.md R-82)."""
    if kind == "range":
        table: Mapping[int, tuple[int, ...] | None] = _RANGE
    else:
        table = _PAIR if kind == "packages" or parties == 2 else _MANY
    everybody = tuple(range(parties))
    return MappingProxyType({step: places or everybody for step, places in table.items()})


def boxes_of(size: int, chunk: int) -> int:
    """Return how many boxes a run has, the opening of figures apart (spec/soundings.md R-86); `chunk` is 0 without chunks."""
    return 1 + -(-size // chunk) if chunk else 1


def lengthened(*parts: bytes) -> bytes:
    """Return the parts one after another, each behind its length in 4 bytes."""
    return b"".join([piece for part in parts for piece in (len(part).to_bytes(4), part)])


def check_list(listed: Listed) -> None:
    """Pass if a list can be sounded (spec/soundings.md section 1).

    Raises:
        LocalError: `sounding-list` with what is wrong; `text-not-plain` with the position.
    """
    if listed.kind == "range":
        _check_scale(listed)
    else:
        _check_options(listed)
    _check_chunk(listed)
    if not 0 <= listed.closes < listed.until:
        raise LocalError("sounding-list", why="it does not end after the marks are fixed")
    if not PACE_LEAST <= listed.pace <= PACE_MOST:
        raise LocalError("sounding-list", why="a pace must be from one second to seven days")
    _check_said(listed.subject, what="the subject")


def _check_scale(listed: Listed) -> None:
    """Pass if a range has a scale and nothing else."""
    scale = listed.scale
    if scale is None or listed.options:
        raise LocalError("sounding-list", why="a range has a scale and no options")
    if scale.step < 1 or (scale.most - scale.least) % scale.step:
        raise LocalError("sounding-list", why="the steps do not lead from the least number to the most")
    if not 2 <= scale.ticks <= MOST_TICKS:
        raise LocalError("sounding-list", why=f"a range has 2 to {MOST_TICKS} numbers")
    check_words(scale.unit, what="the unit")


def _check_options(listed: Listed) -> None:
    """Pass if options are there, each once, in the languages of the subject."""
    if listed.scale is not None:
        raise LocalError("sounding-list", why="only a range has a scale")
    if not 1 <= len(listed.options) <= MOST_OPTIONS:
        raise LocalError("sounding-list", why=f"a list has 1 to {MOST_OPTIONS} options")
    known: set[tuple[str, str]] = set()
    for number, option in enumerate(listed.options, 1):
        if option.words.keys() != listed.subject.keys():
            raise LocalError("sounding-list", why=f"option {number} is not in the languages of the subject")
        _check_said(option.words, what=f"option {number}")
        check_words(option.value, what=f"the value of option {number}")
        if not known.isdisjoint(option.words.items()):
            raise LocalError("sounding-list", why=f"option {number} has the words of an option before it")
        known.update(option.words.items())


def _check_chunk(listed: Listed) -> None:
    """Pass if packages have chunks, and only they."""
    if listed.kind != "packages":
        if listed.chunk:
            raise LocalError("sounding-list", why="only packages come in chunks")
    elif not 1 <= listed.chunk <= listed.size:
        raise LocalError("sounding-list", why="a chunk has from one package to all")
    elif -(-listed.size // listed.chunk) > MOST_CHUNKS:
        raise LocalError("sounding-list", why=f"there may be {MOST_CHUNKS} chunks at most")


def _check_said(words: dict[str, str], *, what: str) -> None:
    """Pass if something is said, in at least one language, in words that may bind."""
    if not words:
        raise LocalError("sounding-list", why=f"{what} is in no language")
    for language, text in words.items():
        if not _LANGUAGE.fullmatch(language):
            raise LocalError("sounding-list", why=f"{what} is in a language whose tag is none")
        if not text.strip():
            raise LocalError("sounding-list", why=f"{what} has no words")
        check_words(text, what=what)


def _check_context(context: Context) -> None:
    """Pass if a context keeps section 3."""
    names = [party.delegation for party in context.parties]
    hashes = (context.talks, context.manifest, context.sounding, context.list_hash, context.head_root)
    if context.suite != SUITE:
        why = "another suite"
    elif len(names) < 2 or any(one >= other for one, other in pairwise(names)):
        why = "the delegations are not at least two, each once, in order"
    elif not 0 <= context.attempt < MOST_ATTEMPTS:
        why = "too many attempts"
    elif any(len(one) != _HASH for one in hashes):
        why = "a hash of another length"
    elif not 1 <= context.size <= (MOST_TICKS if context.kind == "range" else MOST_OPTIONS):
        why = "its size"
    elif (context.kind == "packages") != bool(context.chunk) or not 0 <= context.chunk <= context.size:
        why = "its chunks"
    else:
        return
    raise LocalError("sounding-context", why=why)
