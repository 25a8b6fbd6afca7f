"""Where a ledger asks: the venue, or a pouch.

This module decides what can be asked. Nothing that a source answers is believed: `desk.ledger` verifies it.
"""

from __future__ import annotations

from typing import Protocol

from good_offices.transport import pages


class Source(Protocol):
    """Where pages, proofs and receipts come from: the venue, or a pouch. Nothing of it is believed."""

    def page(self, register: str, start: int) -> pages.Page | None:
        """Return entries from `start` on; None from a source that has no more, whatever the checkpoint says."""

    def consistency(self, register: str, old: int, new: int) -> list[bytes]:
        """Return the consistency proof between two sizes."""

    def append(self, register: str, entries: list[tuple[int, bytes]]) -> pages.Receipts:
        """Return the receipts of entries (kind, body)."""

    def deposit(self, register: str, box: bytes, deposit: bytes) -> pages.DepositReceipt:
        """Return the receipt of a deposit for a box."""
