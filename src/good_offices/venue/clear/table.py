"""Requests for conditions as a venue keeps them: what was handed over, what was answered, and the host's own checklist.

This module decides the tables. They stand beside the registers and share nothing with them but a number, and the transaction that
a caller begins and ends.

1. A request is kept as it came, with all signatures, so that the host can show later what it was asked.
2. Answers are added and never changed. The checklist is the host's alone: no answer to a desk reads it.
"""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

SCHEMA: Final = """
CREATE TABLE conditions_request (
    register INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (register, number)
);
CREATE TABLE conditions_answer (
    register INTEGER NOT NULL,
    number INTEGER NOT NULL,
    answer INTEGER NOT NULL,
    body BLOB NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (register, number, answer)
);
CREATE TABLE conditions_task (
    register INTEGER NOT NULL,
    number INTEGER NOT NULL,
    key TEXT NOT NULL,
    owner TEXT NOT NULL,
    remark TEXT NOT NULL,
    done INTEGER NOT NULL,
    PRIMARY KEY (register, number, key)
);
"""


class Kept(NamedTuple):
    """A request: its number, the hash of its bytes, what was handed over, when (milliseconds since 1970)."""

    number: int
    hash: bytes
    body: bytes
    time: int


class Given(NamedTuple):
    """An answer: its number, its bytes, the host's note on it."""

    answer: int
    body: bytes
    note: bytes


class Task(NamedTuple):
    """What the host notes for itself of one item: who sees to it, a remark, whether it is done."""

    owner: str = ""
    remark: str = ""
    done: bool = False


class ConditionsTable:
    """The requests of one talks, by the number of its common register."""

    def __init__(self, connection: sqlite3.Connection, register: int) -> None:
        """Ask and write over `connection`."""
        self._execute = connection.execute
        self._register = register

    def request(self, number: int) -> Kept | None:
        """Return the request with a number."""
        row = self._execute(
            "SELECT number, hash, body, time FROM conditions_request WHERE register = ? AND number = ?",
            (self._register, number),
        ).fetchone()
        return None if row is None else Kept(*row)

    def requests(self) -> list[Kept]:
        """Return all requests, by rising number."""
        rows = self._execute(
            "SELECT number, hash, body, time FROM conditions_request WHERE register = ? ORDER BY number",
            (self._register,),
        )
        return [Kept(*row) for row in rows]

    def keep(self, one: Kept) -> None:
        """Add a request."""
        self._execute(
            "INSERT INTO conditions_request VALUES (?, ?, ?, ?, ?)",
            (self._register, one.number, one.hash, one.body, one.time),
        )

    def last(self, number: int) -> Given | None:
        """Return the last answer to a request."""
        row = self._execute(
            "SELECT answer, body, note FROM conditions_answer WHERE register = ? AND number = ?"
            " ORDER BY answer DESC LIMIT 1",
            (self._register, number),
        ).fetchone()
        return None if row is None else Given(*row)

    def give(self, number: int, one: Given) -> None:
        """Add an answer to a request."""
        self._execute(
            "INSERT INTO conditions_answer VALUES (?, ?, ?, ?, ?)",
            (self._register, number, one.answer, one.body, one.note),
        )

    def tasks(self, number: int) -> dict[str, Task]:
        """Return what the host has noted of the items of a request, by their keys."""
        rows = self._execute(
            "SELECT key, owner, remark, done FROM conditions_task WHERE register = ? AND number = ?",
            (self._register, number),
        )
        return {key: Task(owner, remark, bool(done)) for key, owner, remark, done in rows}

    def note(self, number: int, key: str, task: Task) -> None:
        """Keep what the host notes of an item."""
        self._execute(
            "INSERT OR REPLACE INTO conditions_task VALUES (?, ?, ?, ?, ?, ?)",
            (self._register, number, key, task.owner, task.remark, int(task.done)),
        )
