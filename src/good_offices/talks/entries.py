"""What a desk hands to replay: an entry and what it found inside. See spec/talks.md section 3.

This module decides the forms between the desk and the rules. It never opens anything.

1. Genesis and introductions are in clear; an introduction that does not verify is `Broken` with the code.
2. What opened under an epoch is `Opened` with the room of that epoch. If what is inside has no form of an act, names no
   certified author, or has a signature that does not verify, `problem` says so, and every reader finds the same.
3. Entries of the host's box are in clear; those that have not their form are no content.
4. A non-paper, a sealed paper or a piece of an annex is `Aside`: no act, and no part of any state.
5. Everything else has no content for us: wraps, the envelopes of other rooms, what nobody opens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from msgspec import Struct

from good_offices.errors import GoodOfficesError, LocalError
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid
from good_offices.register.genesis import Genesis
from good_offices.talks.acts import Act
from good_offices.talks.credentials import Introduction
from good_offices.talks.events_papers import AnnexPiece, NonPaper, SealedPaper
from good_offices.talks.verdict import Effect, Undone, Verdict, Waiting, WithoutEffectError, facts_of


@dataclass(frozen=True, slots=True)
class Broken:
    """An introduction that does not verify, with the code."""

    code: str


class Opened(Struct, frozen=True):
    """What was inside an envelope that opened under an epoch of `room`."""

    room: str
    act: Act | None
    act_hash: bytes
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Aside:
    """What opened under an epoch of `room` and is no act: a paper or a piece of an annex (R-121)."""

    room: str
    payload: NonPaper | SealedPaper | AnnexPiece

    @property
    def name(self) -> str:
        """What it is, as a verdict says it: `non-paper`, `sealed-paper` or `annex-piece`."""
        if isinstance(self.payload, AnnexPiece):
            return "annex-piece"
        return "non-paper" if isinstance(self.payload, NonPaper) else "sealed-paper"


InBox: TypeAlias = BoxCommit | BoxOpen | BoxVoid
Content: TypeAlias = Genesis | Introduction | Broken | Opened | Aside | InBox | None


class Entry(Struct, frozen=True):
    """An entry of a register by index, with the hash of its leaf, its kind, the host's time, and what we found."""

    index: int
    leaf_hash: bytes
    kind: int
    time: int
    content: Content


def told(index: int, room: str, broken: GoodOfficesError, effects: tuple[Effect, ...] = ()) -> Verdict:
    """Return the verdict on an act that was refused with this error."""
    return Verdict(
        index=index,
        room=room,
        status="ineffective" if isinstance(broken, WithoutEffectError) else "void",
        code=broken.code,
        facts=facts_of(broken),
        effects=effects,
    )


def concluded(index: int, room: str, effects: tuple[Effect, ...]) -> Verdict:
    """Return the verdict on an act that broke no rule: valid, or without effect as its effects say."""
    if not effects:
        return Verdict(index=index, room=room, status="valid")
    for one in effects:
        if isinstance(one, Waiting):
            return Verdict(
                index=index, room=room, status="ineffective", code=one.code, facts=one.facts, effects=effects
            )
    crossed = any(isinstance(one, Undone) for one in effects)
    return Verdict(
        index=index,
        room=room,
        status="ineffective" if crossed else "valid",
        code="crossed" if crossed else None,
        effects=effects,
    )


def refused(verdict: Verdict) -> None:
    """Pass if a verdict is valid.

    Raises:
        LocalError: its code; as `WithoutEffectError` if the act would have no effect.
    """
    if verdict.status == "valid":
        return
    kind = WithoutEffectError if verdict.status == "ineffective" else LocalError
    raise kind(verdict.code or "act-unreadable", **verdict.facts)
