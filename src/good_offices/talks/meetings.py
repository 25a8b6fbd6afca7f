"""The state of meetings: sittings that are prepared, and how those that were convened go on. See spec/meetings.md.

This module decides the forms of the state. It never decides what an act does: `talks.convening`, `talks.expectations` and
`talks.sittings` do.

1. What leads to a sitting is in the plenary: proposal, readiness, waivers, expectations, confirmation.
2. What happens in a sitting is in its room: attendance, floor, suspension, procès-verbal. A group lends the first from
   the plenary and keeps the second.
"""

from __future__ import annotations

import hashlib
from typing import Literal, TypeAlias

from msgspec import field

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.register.box import box_id
from good_offices.talks.convening_rule import Condition
from good_offices.talks.event import Level
from good_offices.talks.events_meetings import SittingProposed
from good_offices.talks.state import Item, State

Stage: TypeAlias = Literal["proposed", "agreed", "convened"]
Course: TypeAlias = Literal["convened", "open", "suspended", "closed", "called-off"]

_CONTEXT = b"good-offices/v1/expectations\x00"


class Attempt(Record, frozen=True, kw_only=True):
    """One box of expectations: what each delegation announced and committed, and how the box ended at which entry.

    `keys` are the SHA-256 of the keys of those that chose the deniable form, `authors` the desks that announced them.
    """

    announced: dict[str, bytes] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)
    authors: dict[str, bytes] = field(default_factory=dict)
    commits: dict[str, bytes] = field(default_factory=dict)
    ended: int | None = None
    end: Literal["", "open", "void"] = ""


class Sitting(Item, frozen=True, kw_only=True):
    """A sitting: its terms, by whom, by which act and entry it was proposed, and how far it came.

    `agreed` and `agreed_at` are the entry by which all had accepted it and that act's claimed time; `confirmed` the claimed
    time of each confirmation; `ordinal` the number of those convened before it; `convened` the entry.
    """

    terms: SittingProposed
    by: str
    act: bytes
    since: int
    stage: Stage = "proposed"
    agreed: int | None = None
    agreed_at: int = 0
    ready: dict[str, int] = field(default_factory=dict)
    waived: tuple[Condition, ...] = ()
    confirmed: dict[str, int] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    ordinal: int = 0
    convened: int | None = None

    @property
    def level(self) -> Level:
        """The level of the sitting."""
        return self.terms.level

    @property
    def attempt(self) -> int:
        """The number of the box of expectations that can still be opened, or is."""
        if self.attempts and self.attempts[-1].end == "void":
            return len(self.attempts)
        return max(len(self.attempts) - 1, 0)

    @property
    def opened(self) -> int | None:
        """The entry by which the expectations of all were opened together."""
        last = self.attempts[-1] if self.attempts else None
        return last.ended if last is not None and last.end == "open" else None


class Request(Record, frozen=True, kw_only=True):
    """A member who waits for the floor, and the entry by which he or she asked."""

    member: str
    delegation: str
    index: int


class Counted(Record, frozen=True, kw_only=True):
    """What one delegation's own acts say of a speaker's time: first and latest claimed time, and milliseconds before a suspension."""

    before: int = 0
    first: int | None = None
    last: int = 0

    @property
    def spent(self) -> int:
        """The milliseconds that have passed by these acts."""
        return self.before + (0 if self.first is None else self.last - self.first)


class Floor(Record, frozen=True, kw_only=True):
    """Who has the floor: since which claimed time, and what each delegation's own acts say of the time since."""

    member: str
    delegation: str
    since: int
    counted: dict[str, Counted] = field(default_factory=dict)


class Present(Record, frozen=True, kw_only=True):
    """Whom a delegation sends to a sitting: members and advisers, by ids."""

    members: tuple[str, ...]
    advisers: tuple[str, ...] = ()


class Conduct(Item, frozen=True, kw_only=True):
    """How a convened sitting goes on in its room.

    `turns` counts by delegation at which turn it last had the floor; `turn` is the number of turns given; `minutes` the
    procès-verbal that all agreed, `drafts` those that were proposed, with the entry and the delegation.
    """

    course: Course = "convened"
    present: dict[str, Present] = field(default_factory=dict)
    item: bytes | None = None
    requests: tuple[Request, ...] = ()
    floor: Floor | None = None
    turn: int = 0
    turns: dict[str, int] = field(default_factory=dict)
    opened: int | None = None
    suspended: int | None = None
    closed: int | None = None
    drafts: dict[str, int] = field(default_factory=dict)
    minutes: bytes | None = None


class Meetings(State, frozen=True, kw_only=True):
    """All sittings of the talks by the content of their proposal, and how many were convened."""

    sittings: dict[str, Sitting] = field(default_factory=dict)
    convened: int = 0

    def sitting(self, sitting: bytes) -> Sitting:
        """Return a sitting.

        Raises:
            LocalError: `sitting-unknown`.
        """
        found = self.sittings.get(sitting.hex())
        if found is None:
            raise LocalError("sitting-unknown")
        return found


def expectations_box(talks: bytes, sitting: Sitting, attempt: int) -> bytes:
    """Return the id of the host's box for the expectations of a sitting: 32 bytes (R-104).

    It is bound to the act that proposed the sitting: one that was withdrawn and proposed again has other boxes.
    """
    return box_id(hashlib.sha512(_CONTEXT + talks + sitting.act).digest(), attempt)
