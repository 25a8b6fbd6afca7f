"""What the host has in hand: the venue's own database, read and altered as only a host can.

This module decides how the demonstration plays the host. It uses the venue's folder alone: what it shows is what a host
sees, and what it alters is what a host could alter.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from good_offices.register.leaf import Leaf


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as the host has it."""

    place: int
    leaf: Leaf
    body: bytes


class Host:
    """The host at its own database."""

    def __init__(self, venue: Path) -> None:
        """Name the venue's folder."""
        self._database = next(venue.glob("*.db"), venue / "venue.db")

    def last(self, register: str) -> Row:
        """Return the newest entry of a register."""
        with contextlib.closing(sqlite3.connect(self._database)) as database:
            place, leaf, body = database.execute(
                "SELECT entry.id, leaf, body FROM entry JOIN register ON entry.register = register.number"
                " WHERE register.id = ? ORDER BY entry.id DESC LIMIT 1",
                (register,),
            ).fetchone()
        return Row(place, Leaf.from_bytes(leaf), body)

    def alter(self, row: Row, body: bytes) -> None:
        """Put another body in the place of an entry's."""
        with contextlib.closing(sqlite3.connect(self._database)) as database, database:
            database.execute("UPDATE entry SET body = ? WHERE id = ?", (body, row.place))


def sight(row: Row) -> str:
    """Return what a host sees of an entry: kind, size, time, and bytes that tell nothing."""
    shown = row.body[1:97].hex(" ", 2)
    return f"kind {row.leaf.kind.name.lower()}, {row.leaf.length:,} bytes\n{shown} ..."
