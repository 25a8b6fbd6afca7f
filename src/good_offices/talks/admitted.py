"""The depositaries apart from the delegations that all have admitted: part of the plenary's state. See spec/depositary.md.

This module decides what is kept of one. It never decides who is admitted: that is `talks.depositaries`.
"""

from __future__ import annotations

from good_offices.talks.state import Item


class Depositary(Item, frozen=True, kw_only=True):
    """A depositary that is no delegation: how it is called, whom it represents, its key, admitted since which entry."""

    called: str
    represents: str
    language: str
    key: bytes
    content: bytes
    since: int
