"""Joint acts: complete when every delegation has accepted the same content. See spec/talks.md section 4.

This module decides when a joint act is complete. It never knows what the content is, and nothing is joint by default.

1. What is accepted is a content hash (R-30). The act that proposes is its delegation's acceptance.
2. A delegation has one voice: any member with the power accepts or takes back for it, the last word counts.
3. An acceptance may name the time after which it no longer stands; it has expired if the act that would complete
   claims a later time (R-32). No other clock counts. One of the course of the talks or of a sitting always has such a time, so that
   neither a host nor another delegation keeps it for a day that it was not meant for.
4. Until complete an acceptance can be withdrawn (R-33); what nobody accepts any more is forgotten. The signature of a
   closing record stands (R-63).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.talks.state import Item
from good_offices.text.tables import put as table_put

_DAY_MS: Final = 24 * 60 * 60 * 1000
# How long an acceptance stands by its own claimed time if it names none.
STANDS_MS: Final = {
    "TalksAdjourned": 30 * _DAY_MS,
    "TalksConcluded": 30 * _DAY_MS,
    "TalksResumed": 30 * _DAY_MS,
    "ItemTakenUp": _DAY_MS,
    "SittingClosed": _DAY_MS,
    "SittingOpened": _DAY_MS,
    "SittingResumed": _DAY_MS,
}


class Acceptance(Record, frozen=True, kw_only=True):
    """By which act a delegation accepted, and until when it stands (claimed milliseconds)."""

    index: int
    act: bytes
    author: bytes
    until: int | None = None


class Joint(Item, frozen=True, kw_only=True):
    """A content that some delegations have accepted; `event` names the act, `subjects` what it would change.

    Of an amendment, `proposals` are its proposals in the text, and `by` is the delegation that made it.
    """

    event: str
    content: bytes
    subjects: tuple[str, ...] = ()
    accepted: dict[str, Acceptance]
    proposals: tuple[str, ...] = ()
    by: str = ""


Joints = dict[str, Joint]


def accept(
    joints: Joints, fresh: Joint, delegation: str, *, everyone: Iterable[str], time: int
) -> tuple[Joints, Joint, tuple[str, ...]]:
    """Return the joint acts with one more acceptance, that joint act, and whose acceptance has expired.

    `fresh` holds the one new acceptance. Acceptances expire only when the others would be complete (R-32).
    """
    known = joints.get(fresh.content.hex())
    accepted = {**(known.accepted if known else {}), **fresh.accepted}
    expired: tuple[str, ...] = ()
    if set(everyone) <= accepted.keys():
        expired = tuple(
            name
            for name, one in sorted(accepted.items())
            if name != delegation and one.until is not None and one.until < time
        )
        accepted = {name: one for name, one in accepted.items() if name not in expired}
    joint = msgspec.structs.replace(known or fresh, accepted=dict(sorted(accepted.items())))
    return table_put(joints, {joint.content.hex(): joint}), joint, expired


def until_of(event: str, until: int | None, time: int) -> int | None:
    """Return until when an acceptance by an act of a claimed time stands: as it says, or as its kind does (R-32)."""
    if until is not None or event not in STANDS_MS:
        return until
    return time + STANDS_MS[event]


def complete(joint: Joint, everyone: Iterable[str]) -> bool:
    """Tell whether every delegation has accepted (R-31)."""
    return set(everyone) <= joint.accepted.keys()


def withdraw(joints: Joints, content: bytes, delegation: str) -> Joints:
    """Return the joint acts without a delegation's acceptance (R-33).

    Raises:
        LocalError: `acceptance-unknown`; `closing-signature-stands`, because whoever holds the signatures of all
            could show a record that one of them had taken back (R-63).
    """
    joint = joints.get(content.hex())
    if joint is None or delegation not in joint.accepted:
        raise LocalError("acceptance-unknown")
    if joint.event == "ClosingRecordSigned":
        raise LocalError("closing-signature-stands")
    return put(joints, joint, without=delegation)


def put(joints: Joints, joint: Joint, *, without: str = "") -> Joints:
    """Return the joint acts with this one in its place, less one delegation's acceptance; forgotten if none is left."""
    accepted = {name: one for name, one in joint.accepted.items() if name != without}
    if not accepted:
        return table_put(joints, {}, without=(joint.content.hex(),))
    return table_put(joints, {joint.content.hex(): msgspec.structs.replace(joint, accepted=accepted)})
