"""What replay says of an entry, and where an act stands when it is judged.

This module decides the words of a verdict. It never judges.

1. *valid*: the act has effect at its place. *void*: it broke a rule and never had effect. *ineffective*: it broke
   no rule but has no effect, or none yet: done without powers, or crossed with another act.
2. A verdict names its code from `errors.CATALOGUE`; whoever shows it takes sentence and remedy from there.
3. Effects are what a desk must know beyond the state: evidence, expiry, completion, a settlement undone.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from good_offices.encoding import Record
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.talks.acts import Seen
from good_offices.talks.credentials import Statement
from good_offices.talks.events_roster import MemberAccreditation

Status: TypeAlias = Literal["valid", "void", "ineffective", "none"]


class ForkSuspected(Record, frozen=True, kw_only=True, tag=True, tag_field="effect"):
    """The author saw another history; if the host signed `seen`, the host has shown two."""

    seen: Seen
    register: Literal["common", "caucus"]


class StateDiffers(Record, frozen=True, kw_only=True, tag=True, tag_field="effect"):
    """The author computed another state from what it had seen; kept as evidence."""

    stated: bytes
    computed: bytes


class AcceptanceExpired(Record, frozen=True, kw_only=True, tag=True, tag_field="effect"):
    """A delegation's acceptance had expired when the act that would have completed it came."""

    content: bytes
    delegation: str


class Completed(Record, frozen=True, kw_only=True, tag=True, tag_field="effect"):
    """Every delegation has accepted the same content; it has effect from this entry."""

    content: bytes
    event: str


class Unbroken(Record, frozen=True, kw_only=True, tag=True, tag_field="effect"):
    """Nobody broke the silence with this content: what it proposes has effect from this entry (R-58)."""

    content: bytes


class Undone(Record, frozen=True, kw_only=True, tag=True, tag_field="effect"):
    """The settlement at `index` crossed with this act; it is undone, and both stand pending (R-35)."""

    index: int
    content: bytes


class Confirmed(Record, frozen=True, kw_only=True, tag=True, tag_field="effect"):
    """The act at `index`, done without powers, has effect from this entry."""

    index: int
    act: bytes


class Waiting(Record, frozen=True, kw_only=True, tag=True, tag_field="effect"):
    """The act was done without powers and has no effect unless a member who holds them confirms it (VCLT 8)."""

    code: str
    facts: dict[str, str | int] = field(default_factory=dict)


Effect: TypeAlias = (
    ForkSuspected | StateDiffers | AcceptanceExpired | Completed | Unbroken | Undone | Confirmed | Waiting
)


class Verdict(Record, frozen=True, kw_only=True):
    """What replay says of one entry; `room` is empty for entries that belong to no room."""

    code: str | None = None
    room: str = ""
    facts: dict[str, str | int] = field(default_factory=dict)
    index: int
    status: Status = "none"
    effects: tuple[Effect, ...] = ()


class Cited(Record, frozen=True, kw_only=True):
    """An act by its hash, and its entry by index and leaf hash."""

    index: int
    leaf: bytes
    act: bytes


class Place(Struct, frozen=True, kw_only=True):
    """Where and by whom an act is done, as the rules see it.

    Of an act that was done without powers and is confirmed, `done` is the act itself and `confirming` the member who
    confirms; index, leaf and what was seen are the confirmation's, because it has effect there.
    """

    index: int
    leaf: bytes
    act: bytes
    author: bytes
    desk: Statement
    member: MemberAccreditation | None
    seen: int
    seen_root: bytes
    time: int
    done: Cited | None = None
    confirming: str = ""
    room: str = ""

    @property
    def here(self) -> Cited:
        """The act that has effect here, as it is cited."""
        return Cited(index=self.index, leaf=self.leaf, act=self.act)

    @property
    def delegation(self) -> str:
        """The delegation for which the act is done."""
        return self.desk.delegation


class WithoutEffectError(LocalError):
    """The act breaks no rule and has no effect, or none yet."""


def facts_of(error: GoodOfficesError) -> dict[str, str | int]:
    """Return the facts of an error as they are kept in a verdict."""
    plain = {name: one if isinstance(one, str | int) else str(one) for name, one in error.facts.items()}
    return dict(sorted(plain.items()))
