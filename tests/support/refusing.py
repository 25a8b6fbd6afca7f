"""Refusals, for tests of the rules: an act that is void for a reason in words, and changes nothing."""

from __future__ import annotations

from typing import Any

from tests.support.talksmith import Talksmith

from good_offices.errors import CATALOGUE, LocalError
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Verdict


def state(smith: Talksmith) -> tuple[bytes, dict[str, bytes]]:
    """Return hashes of all that an act may change, but not what its author has seen: that is noted even of a void act."""
    replay = smith.replay

    def without(one: PlenaryState) -> bytes:
        return evolve(one, seen={}).digest

    rooms = {name: without(replay.groups.get(name, PlenaryState())) for name in replay.plenary.groups.rooms}
    return without(replay.plenary), rooms | {
        "roster": replay.roster.digest,
        "sounding": replay.sounding.digest,
    }


def in_words(verdict: Verdict) -> str:
    """Return the reason of a verdict as a person reads it, with what can be done."""
    assert verdict.code is not None
    reason = LocalError(verdict.code, **verdict.facts)
    return f"{reason}; {reason.remedy}"


def refused(smith: Talksmith, name: str, event: Any, code: str, **fields: Any) -> None:
    """Pass if an act is void by a code, for a reason in words, and changes nothing."""
    before = state(smith)
    verdict = smith.post(name, event, **fields)
    assert (verdict.status, verdict.code) == ("void", code), (type(event).__name__, verdict)
    assert state(smith) == before
    reason = in_words(verdict)
    assert "{" not in reason
    assert verdict.code not in reason.split()
    assert len(CATALOGUE[code].message.split()) >= 3
