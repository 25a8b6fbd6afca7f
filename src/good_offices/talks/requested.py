"""The state of requests for conditions: part of the plenary's. See spec/conditions.md R-110 to R-114.

This module decides what is kept of them. It never decides what an act does: that is `talks.conditions`.
"""

from __future__ import annotations

from msgspec import field

from good_offices.encoding import Record
from good_offices.register.conditions import ConditionsRequest
from good_offices.talks.state import Item


class Signing(Record, frozen=True, kw_only=True):
    """A delegation's signature for the host: at which entry, by which desk, and the pair of signatures."""

    index: int
    certificate: bytes
    signature: bytes


class Requested(Item, frozen=True, kw_only=True):
    """A request that all accepted, at which entry; the number that stands in its place, if any; who signed it for the host."""

    request: ConditionsRequest
    content: bytes
    since: int
    replaced: int = 0
    signed: dict[str, Signing] = field(default_factory=dict)
