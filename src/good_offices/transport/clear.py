"""What desk and venue say to each other of conditions: what is held, and the host's last answers. See spec/transport.md 4.9.

This module decides the forms. It never decides whether an answer is the host's: the desk verifies that.
"""

from __future__ import annotations

from good_offices.encoding import Record
from good_offices.register.conditions import GivenAnswer

__all__ = ["Conditions", "GivenAnswer", "HeldRequest"]


class HeldRequest(Record, kw_only=True):
    """A request that the venue holds: its number, the hash of its bytes, when it came (ms), and the last answer if there is one."""

    number: int
    request: bytes
    time: int
    given: GivenAnswer | None = None


class Conditions(Record, kw_only=True, tag="good-offices/conditions/1", tag_field="form"):
    """The requests of a talks that the venue holds, by rising number."""

    requests: tuple[HeldRequest, ...]
