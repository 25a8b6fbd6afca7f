"""The request for conditions and the host's answers: what both sides of the venue's door must read. See spec/conditions.md.

This module decides their forms and bounds. It never decides who asked: all delegations together, see `handed`; and it never
signs: an answer is the host's by the note over `Answered`, see `host`.

    venue.example/t/0f1e2d3c4b5a69788796a5b4c3d2e1f0/conditions/1/2
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

1. A request names its talks, its number, and the request in whose place it stands, if any. Its items have keys that occur once.
2. An answer names the request by its hash, so that nothing can be put under it later, and answers items of it alone. It is
   numbered; each stands whole in the place of the one before.
3. Two lines are signed of an answer: the origin of the talks' common register with `/conditions/`, the number of the request and
   that of the answer behind it; the SHA-256 of the answer in base64. So it is no answer in other talks or to another request.
4. Words are words wherever they come from (spec/encoding.md section 4).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from good_offices.encoding import Record, check_words, pack, unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.register.checkpoint import check_origin
from good_offices.register.note import ErrorType, to_base64

ConditionKind: TypeAlias = Literal[
    "place", "dates", "rooms", "interpretation", "secretariat", "security", "entry", "press", "other"
]
KINDS: Final[tuple[ConditionKind, ...]] = (
    "place",
    "dates",
    "rooms",
    "interpretation",
    "secretariat",
    "security",
    "entry",
    "press",
    "other",
)
Says: TypeAlias = Literal["confirmed", "changed", "declined"]
SAYS: Final[tuple[Says, ...]] = ("confirmed", "changed", "declined")

MAX_ITEMS: Final = 64
MAX_ITEM_WORDS: Final = 4_000
MAX_REQUEST: Final = 128 * 1024
MAX_NUMBER: Final = 9_999
# 9999-12-31, as for arrivals: every clock can show it.
MAX_TIME: Final = 253_402_300_799_999
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_SITTING: Final = re.compile(r"[0-9a-f]{64}|")
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_WHAT: Final = "the answer to a request for conditions"


class ConditionItem(Record, kw_only=True):
    """One condition that is asked for; `pair` of interpretation alone, `begins` and `ends` in milliseconds since 1970."""

    key: str
    kind: ConditionKind
    words: str
    language: str
    pair: tuple[str, ...] = ()
    begins: int | None = None
    ends: int | None = None


class ConditionsRequest(
    Record, kw_only=True, frozen=True, tag="good-offices/conditions-request/1", tag_field="form"
):
    """What all delegations ask of the host, in clear; for a sitting by its id as hex, or free of any."""

    talks: bytes
    number: int
    delegations: tuple[str, ...]
    items: tuple[ConditionItem, ...]
    replaces: int = 0
    sitting: str = ""

    @property
    def hash(self) -> bytes:
        """The 32-byte hash by which an answer names the request."""
        return hashlib.sha256(pack(self)).digest()


class AnsweredItem(Record, kw_only=True):
    """What the host says of one item; of one that it changes, what it offers instead."""

    key: str
    says: Says
    words: str = ""
    language: str = ""
    begins: int | None = None
    ends: int | None = None


class ConditionsAnswer(Record, kw_only=True, tag="good-offices/conditions-answer/1", tag_field="form"):
    """The host's answer: to which request, the how-manieth to it, item by item; an item that is left out is not answered yet."""

    talks: bytes
    request: bytes
    number: int
    answer: int
    items: tuple[AnsweredItem, ...]
    time: int


class GivenAnswer(Record, kw_only=True):
    """An answer as bytes, and the host's note on it."""

    answer: bytes
    note: bytes


class TwoAnswers(Record, kw_only=True, tag="good-offices/conditions-evidence/1", tag_field="form"):
    """Two answers that a host signed under one number, and the genesis of the talks."""

    genesis: bytes
    first: GivenAnswer
    second: GivenAnswer


@dataclass(frozen=True, slots=True)
class Answered:
    """What a host states: the answer with this SHA-256 is its own, to this request of these talks, and the how-manieth."""

    origin: str
    number: int
    answer: int
    digest: bytes

    @classmethod
    def of(cls, origin: str, answer: bytes) -> Answered:
        """Return the statement on an answer, its canonical bytes.

        Raises:
            RemoteError: as `unpack`.
        """
        told = unpack(answer, ConditionsAnswer, what=_WHAT, limit=MAX_REQUEST)
        return cls(origin, told.number, told.answer, hashlib.sha256(answer).digest())

    def text(self) -> str:
        """Return the two lines of rule 3.

        Raises:
            LocalError: `not-canonical`.
        """
        check_origin(self.origin, error=LocalError)
        return f"{self.origin}/conditions/{self.number}/{self.answer}\n{to_base64(self.digest)}\n"


def check_request(request: ConditionsRequest, error: ErrorType = LocalError) -> None:
    """Pass if a request keeps its bounds (spec/conditions.md R-110).

    Raises:
        LocalError or RemoteError (as `error` says): `conditions-invalid` with why, `text-not-plain`.
    """
    if not 1 <= request.number <= MAX_NUMBER or not 0 <= request.replaces < request.number:
        raise error("conditions-invalid", why="a number outside its range")
    if not _SITTING.fullmatch(request.sitting):
        raise error("conditions-invalid", why="a sitting that is not named by its id")
    if not 1 <= len(request.items) <= MAX_ITEMS:
        raise error("conditions-invalid", why=f"not 1 to {MAX_ITEMS} items")
    _check_keys([one.key for one in request.items], error)
    for one in request.items:
        _check_words(one.words, one.language, error)
        if not one.words.strip():
            raise error("conditions-invalid", why="an item without words")
        if (one.kind == "interpretation") != bool(one.pair) or (
            one.pair and (len(one.pair) != 2 or one.pair[0] == one.pair[1])
        ):
            raise error(
                "conditions-invalid",
                why="interpretation is asked for between two languages, and nothing else is",
            )
        for tag in one.pair:
            _check_tag(tag, error)
        _check_times(one.begins, one.ends, error)
    if len(pack(request)) > MAX_REQUEST:
        raise error("conditions-invalid", why="it is too long as a whole")


def check_answer(answer: ConditionsAnswer, request: ConditionsRequest, error: ErrorType = LocalError) -> None:
    """Pass if an answer is one to a request, within its bounds (spec/conditions.md R-116).

    Raises:
        LocalError or RemoteError (as `error` says): `conditions-answer-invalid` with why, `text-not-plain`.
    """
    if (answer.talks, answer.request, answer.number) != (request.talks, request.hash, request.number):
        raise error("conditions-answer-invalid", why="it answers another request")
    if not 1 <= answer.answer <= MAX_NUMBER or not 0 < answer.time <= MAX_TIME:
        raise error("conditions-answer-invalid", why="a number outside its range")
    asked = [one.key for one in request.items]
    keys = [one.key for one in answer.items]
    if not keys or [key for key in asked if key in keys] != keys:
        raise error("conditions-answer-invalid", why="items that were not asked for, or in another order")
    try:
        for one in answer.items:
            _check_words(one.words, one.language, error)
            _check_times(one.begins, one.ends, error)
            if one.says != "confirmed" and not one.words.strip():
                raise error("conditions-answer-invalid", why="a change or a refusal without words")
            if one.says != "changed" and (one.begins is not None or one.ends is not None):
                raise error("conditions-answer-invalid", why="times where nothing is changed")
    except (LocalError, RemoteError) as refused:
        if refused.code != "conditions-invalid":
            raise
        raise error("conditions-answer-invalid", **refused.facts) from None
    if len(pack(answer)) > MAX_REQUEST:
        raise error("conditions-answer-invalid", why="it is too long as a whole")


def _check_keys(keys: Sequence[str], error: ErrorType) -> None:
    """Refuse keys of items that are none, or that occur twice."""
    if len(set(keys)) < len(keys) or not all(_KEY.fullmatch(one) for one in keys):
        raise error("conditions-invalid", why="keys of items that occur twice, or are not short words")


def _check_words(words: str, language: str, error: ErrorType) -> None:
    """Refuse words beyond their bounds, or in no language."""
    if len(words) > MAX_ITEM_WORDS:
        raise error("conditions-invalid", why=f"words of an item beyond {MAX_ITEM_WORDS} characters")
    check_words(words, what="the words of an item", error=error)
    if words or language:
        _check_tag(language, error)


def _check_tag(tag: str, error: ErrorType) -> None:
    """Refuse what names no language (R-17)."""
    if len(tag) > 64 or not _TAG.fullmatch(tag):
        raise error("conditions-invalid", why="a language that is no language tag")


def _check_times(begins: int | None, ends: int | None, error: ErrorType) -> None:
    """Refuse times outside their range, an end without a beginning, or before it."""
    given = [one for one in (begins, ends) if one is not None]
    if any(not 0 < one <= MAX_TIME for one in given) or (
        ends is not None and (begins is None or ends <= begins)
    ):
        raise error("conditions-invalid", why="times that do not follow each other")
