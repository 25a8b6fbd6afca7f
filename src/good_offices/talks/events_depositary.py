"""The events of a depositary apart from the delegations: its admission, and its receipt.

This module decides their forms (spec/depositary.md). It never decides whether one has effect.

1. What is admitted is the card as the depositary signed it, word for word.
2. A receipt is brought as the bytes that the depositary signed.
"""

from __future__ import annotations

from typing import TypeAlias

from good_offices.talks.event import Acceptable, Happened


class DepositaryAdmitted(Acceptable, frozen=True, kw_only=True):
    """All admit a depositary that is no delegation, by its card: how it is called, whom it represents, its key."""

    called: str
    represents: str = ""
    language: str
    key: bytes
    signature: bytes


class DepositReceived(Happened, frozen=True, kw_only=True):
    """A delegation brings what the depositary signed when it had received the text."""

    instrument: str
    statement: bytes
    signature: bytes


DepositaryEvent: TypeAlias = DepositaryAdmitted | DepositReceived
