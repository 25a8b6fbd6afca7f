"""The events by which delegations ask the host for conditions: accepted by all, then signed by each for the host to read.

This module decides their forms (spec/conditions.md). It never decides whether one has effect, and nothing here reaches the
host: what does is the request in clear with the signatures of all, once all have accepted it.
"""

from __future__ import annotations

from typing import TypeAlias

from good_offices.register.conditions import ConditionItem, ConditionKind, ConditionsRequest
from good_offices.talks.event import Acceptable, Happened

# The forms of a request stand below the host's code, which reads them; whoever proposes one takes them from here.
__all__ = [
    "ConditionItem",
    "ConditionKind",
    "ConditionsEvent",
    "ConditionsRequest",
    "ConditionsRequested",
    "ConditionsSigned",
]


class ConditionsRequested(Acceptable, frozen=True, kw_only=True):
    """A request for conditions is proposed or accepted, as it would be read by the host."""

    request: ConditionsRequest


class ConditionsSigned(Happened, frozen=True, kw_only=True):
    """A delegation signs an accepted request for the host: its desk's pair over the request's bytes, for `conditions`."""

    number: int
    signature: bytes


ConditionsEvent: TypeAlias = ConditionsRequested | ConditionsSigned
