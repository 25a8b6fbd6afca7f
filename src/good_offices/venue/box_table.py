"""The boxes in the store: what was committed, what was deposited, what was ended (spec/soundings.md section 9).

This module decides how boxes are kept. It never decides what becomes of one: see `boxes`.

1. Entries are the register's; of a commit the body is kept once more, so that no entry need be looked for.
2. A deposit is kept until its box has ended and is then overwritten with zeros (`secure_delete`); the log of the database and
   backups keep it until they are overwritten themselves (docs/threat-model.md). The last one is never written at all.
3. That a deposit was there is kept for good, as its receipt is given again.
"""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

from good_offices.register.box import BoxCommit, read_box
from good_offices.register.leaf import Kind
from good_offices.venue.store import Register

OPEN: Final = 0


class Box(NamedTuple):
    """A box: when its time is over (milliseconds since 1970), how long it waits (milliseconds), the kind of its end or `OPEN`."""

    due: int
    wait: int
    ended: int


class Committed(NamedTuple):
    """A delegation's commitment in a box, and whether its deposit was taken."""

    commit: BoxCommit
    deposited: bool


class Due(NamedTuple):
    """An open box whose own time is over, its register, and whether that is held."""

    register: Register
    box: bytes
    due: int
    wait: int
    held: bool


class BoxTable:
    """The boxes of one register, over the writer's connection."""

    def __init__(self, connection: sqlite3.Connection, register: int) -> None:
        """Look at the register with this number."""
        self._execute = connection.execute
        self._register = register

    def box(self, box: bytes) -> Box | None:
        """Return a box somebody has committed to."""
        row = self._execute(
            "SELECT due, wait, ended FROM box WHERE register = ? AND id = ?", (self._register, box)
        ).fetchone()
        return None if row is None else Box(*row)

    def commits(self, box: bytes) -> list[Committed]:
        """Return the commitments of a box, in the order of their delegations' ids."""
        rows = self._execute(
            "SELECT body, deposited FROM box_commit WHERE register = ? AND box = ? ORDER BY delegation",
            (self._register, box),
        )
        return [Committed(_commit(body), bool(deposited)) for body, deposited in rows]

    def opened_by(self, delegation: str) -> int:
        """Return how many boxes are open to which a delegation committed first."""
        row = self._execute(
            "SELECT count(*) FROM box WHERE register = ? AND opener = ? AND ended = 0",
            (self._register, delegation),
        ).fetchone()
        return int(row[0])

    def commit(self, commit: BoxCommit, body: bytes, now: int) -> None:
        """Add a commitment that arrived at `now`; the first begins its box."""
        self._execute(
            "INSERT OR IGNORE INTO box (register, id, opener, due, wait) VALUES (?, ?, ?, ?, ?)",
            (self._register, commit.box, commit.delegation, now + commit.wait, commit.wait),
        )
        self._execute(
            "INSERT INTO box_commit (register, box, delegation, body) VALUES (?, ?, ?, ?)",
            (self._register, commit.box, commit.delegation, body),
        )

    def deposit(self, box: bytes, delegation: str, deposit: bytes) -> None:
        """Keep a deposit."""
        self._execute(
            "INSERT INTO box_deposit VALUES (?, ?, ?, ?)", (self._register, box, delegation, deposit)
        )
        self._execute(
            "UPDATE box_commit SET deposited = 1 WHERE register = ? AND box = ? AND delegation = ?",
            (self._register, box, delegation),
        )

    def deposits(self, box: bytes) -> list[bytes]:
        """Return the deposits of a box, in the order of their delegations' ids."""
        rows = self._execute(
            "SELECT body FROM box_deposit WHERE register = ? AND box = ? ORDER BY delegation",
            (self._register, box),
        )
        return [body for (body,) in rows]

    def end(self, box: bytes, kind: Kind, *, whole: bool) -> None:
        """End a box, known or not, and delete its deposits (rule 2); `whole` if all of them were there."""
        key = (self._register, box)
        self._execute(
            "INSERT OR IGNORE INTO box (register, id, opener, due, wait) VALUES (?, ?, '', 0, 0)", key
        )
        self._execute("UPDATE box SET ended = ? WHERE register = ? AND id = ?", (int(kind), *key))
        self._execute("DELETE FROM box_deposit WHERE register = ? AND box = ?", key)
        if whole:
            self._execute("UPDATE box_commit SET deposited = 1 WHERE register = ? AND box = ?", key)

    def end_all(self, kind: Kind) -> None:
        """Let no box that is open take or end anything."""
        self._execute(
            "UPDATE box SET ended = ? WHERE register = ? AND ended = 0", (int(kind), self._register)
        )
        self._execute("DELETE FROM box_deposit WHERE register = ?", (self._register,))


def due(connection: sqlite3.Connection, now: int) -> list[Due]:
    """Return the open boxes of all registers whose own time is over at `now`."""
    rows = connection.execute(
        "SELECT number, register.id, talks, delegation, held, box.id, due, wait"
        " FROM box JOIN register ON register.number = box.register WHERE ended = 0 AND due <= ? ORDER BY due",
        (now,),
    )
    return [Due(Register(*row[:4]), row[5], row[6], row[7], bool(row[4])) for row in rows]


def _commit(body: bytes) -> BoxCommit:
    """Return a commitment that was read before it was kept."""
    commit = read_box(Kind.BOX_COMMIT, body)
    assert isinstance(commit, BoxCommit)  # what `read_box` gives for this kind
    return commit
