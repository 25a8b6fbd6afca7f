"""What a venue keeps, in SQLite: registers, entries, delegations, desks.

This module decides how things are kept. It never decides who may see them, and it cannot know what they say.

1. WAL with `synchronous=FULL`: what COMMIT has returned from survives a power cut, and no reader sees it earlier.
2. An entry's rowid is its register's number and its index, so that a register lies together on the disk and a page
   is one range; a rowid table, as WITHOUT ROWID was four times slower.
3. A register has one entry for each SHA-256 of a body: its one writer sees to that (`known`), not an index.
4. Leaf hashes and the first 8 bytes of the bodies' digests are kept once more in tiles of 256, so that a register is
   opened without reading the bodies.
5. The database says what it is (`application_id`) and in which form (`user_version`). Form 1 had no boxes, form 2 nothing of what is
   handed over in clear (`clear.table`), form 3 no talks taken over; a venue that is served brings its folder forward, and what was deleted of boxes is
   overwritten (`secure_delete`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from good_offices.errors import LocalError, OperationalError
from good_offices.register.leaf import Kind
from good_offices.register.tree import HASH, leaf_hash
from good_offices.venue.clear.table import SCHEMA as _CLEAR
from good_offices.venue.known import KEY

APPLICATION: Final = 0x476F4F66  # "GoOf"
VERSION: Final = 4
TILE: Final = 256
_SHIFT: Final = 40
_MOST_ROWS: Final = 128
_INSERT: Final = {
    count: f"INSERT INTO entry (id, register, leaf, body) VALUES {', '.join(['(?, ?, ?, ?)'] * count)}"  # noqa: S608
    for count in (1, 2, 4, 8, 16, 32, 64, _MOST_ROWS)
}

_SCHEMA: Final = """
CREATE TABLE register (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    talks BLOB NOT NULL,
    delegation TEXT,
    size INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    time INTEGER NOT NULL,
    note BLOB NOT NULL,
    held INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    register INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    body BLOB
);
CREATE TABLE tile (id INTEGER PRIMARY KEY, hashes BLOB NOT NULL, keys BLOB NOT NULL);
CREATE TABLE delegation (id TEXT PRIMARY KEY, talks BLOB NOT NULL, enrolment BLOB NOT NULL);
CREATE TABLE desk (
    id TEXT PRIMARY KEY,
    delegation TEXT NOT NULL REFERENCES delegation,
    removed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX desk_delegation ON desk (delegation);
CREATE TABLE cosignature (
    register INTEGER NOT NULL,
    desk TEXT NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (register, desk, size)
);
"""
# What form 2 added; questions to these tables are in `box_table`.
_BOXES: Final = """
CREATE TABLE box (
    register INTEGER NOT NULL,
    id BLOB NOT NULL,
    opener TEXT NOT NULL,
    due INTEGER NOT NULL,
    wait INTEGER NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (register, id)
);
CREATE INDEX box_due ON box (due) WHERE ended = 0;
CREATE TABLE box_commit (
    register INTEGER NOT NULL,
    box BLOB NOT NULL,
    delegation TEXT NOT NULL,
    body BLOB NOT NULL,
    deposited INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (register, box, delegation)
);
CREATE TABLE box_deposit (
    register INTEGER NOT NULL,
    box BLOB NOT NULL,
    delegation TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (register, box, delegation)
);
"""
# What form 4 added: of talks that were taken over, how the former host's part ended, and the secrets of their desks.
_TAKEN: Final = """
CREATE TABLE term (register INTEGER PRIMARY KEY, record BLOB NOT NULL);
CREATE TABLE posting (desk TEXT PRIMARY KEY, secret BLOB NOT NULL);
"""
# What each form has more than the one before.
_FORMS: Final = {2: _BOXES, 3: _CLEAR, 4: _TAKEN}


@dataclass(frozen=True, slots=True)
class Register:
    """A register as requests need it: its number here, its id, its talks, and whose caucus it is, if one."""

    number: int
    id: str
    talks: bytes
    delegation: str | None


@dataclass(slots=True)
class State:
    """How far a register is durable: entries, volume of bodies in bytes, last arrival, checkpoint, whether it is held."""

    size: int
    volume: int
    time: int
    note: bytes
    held: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk: its delegation, the talks and the enrolment key of that delegation, whether it was removed."""

    id: str
    delegation: str
    talks: bytes
    enrolment: bytes
    removed: bool


class Tile(NamedTuple):
    """256 entries of a register, the tile's number counted from 0: their leaf hashes, the keys of their bodies."""

    number: int
    hashes: bytes
    keys: bytes


def create(path: Path) -> None:
    """Make a new, empty database at `path`.

    Raises:
        OperationalError: `venue-disk`.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.executescript(f"BEGIN;{_SCHEMA}{_BOXES}{_CLEAR}{_TAKEN}COMMIT;")
        connection.close()
    except sqlite3.Error as failed:
        raise OperationalError("venue-disk", path=path, why=str(failed)) from failed


def connect(path: Path, *, writes: bool = False) -> sqlite3.Connection:
    """Return a connection to an existing venue database; it may move between threads, one at a time.

    Raises:
        LocalError: `venue-folder-newer`.
        OperationalError: `venue-database-damaged` or `venue-disk`.
    """
    if not path.is_file():
        raise OperationalError("venue-database-damaged", why="the file is missing")
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute("PRAGMA synchronous = FULL")
        # Checkpoints of the log have a thread of their own; see `sequencer`.
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA secure_delete = ON" if writes else "PRAGMA query_only = ON")
    except sqlite3.Error as failed:
        raise OperationalError("venue-database-damaged", why=str(failed)) from failed
    if application != APPLICATION:
        connection.close()
        raise OperationalError("venue-database-damaged", why="it is another program's")
    if version > VERSION:
        connection.close()
        raise LocalError("venue-folder-newer", path=path, version=version)
    return connection


class Reader:
    """Questions to the store; every answer is durable."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Ask over `connection`."""
        self.connection = connection

    def _one(self, sql: str, *values: Any) -> Any:
        """Return the first row, or None."""
        return self.connection.execute(sql, values).fetchone()

    def register(self, name: str) -> Register | None:
        """Return the register with the id `name`."""
        row = self._one("SELECT number, id, talks, delegation FROM register WHERE id = ?", name)
        return None if row is None else Register(*row)

    def state(self, number: int) -> State:
        """Return how far the register `number` is durable."""
        row = self._one("SELECT size, bytes, time, note, held FROM register WHERE number = ?", number)
        return State(row[0], row[1], row[2], row[3], bool(row[4]))

    def delegations(self, talks: bytes) -> list[str]:
        """Return the ids of the delegations of talks, rising."""
        rows = self.connection.execute("SELECT id FROM delegation WHERE talks = ? ORDER BY id", (talks,))
        return [name for (name,) in rows]

    def registers(self) -> Iterator[tuple[Register, State]]:
        """Yield every register with how far it is durable, in the order of their founding."""
        rows = self.connection.execute(
            "SELECT number, id, talks, delegation, size, bytes, time, note, held FROM register ORDER BY number"
        )
        for row in rows:
            yield Register(*row[:4]), State(row[4], row[5], row[6], row[7], bool(row[8]))

    def delegation(self, name: str) -> tuple[bytes, bytes] | None:
        """Return talks id and enrolment key of a delegation."""
        row: tuple[bytes, bytes] | None = self._one(
            "SELECT talks, enrolment FROM delegation WHERE id = ?", name
        )
        return row

    def desk(self, name: str) -> Desk | None:
        """Return the desk with the id `name`, removed or not."""
        row = self._one(
            "SELECT desk.id, delegation, talks, enrolment, removed"
            " FROM desk JOIN delegation ON delegation.id = delegation WHERE desk.id = ?",
            name,
        )
        return None if row is None else Desk(row[0], row[1], row[2], row[3], bool(row[4]))

    def posting(self, desk: str) -> bytes | None:
        """Return the posting secret of a desk that came with its talks; others have theirs from the enrolment key."""
        row = self._one("SELECT secret FROM posting WHERE desk = ?", desk)
        return None if row is None else bytes(row[0])

    def term(self, number: int) -> bytes | None:
        """Return how the former host's part of a register ended, if it was taken over."""
        row = self._one("SELECT record FROM term WHERE register = ?", number)
        return None if row is None else bytes(row[0])

    def desks(self, delegation: str) -> int:
        """Return how many desks a delegation has, removed ones not counted."""
        row = self._one("SELECT count(*) FROM desk WHERE delegation = ? AND removed = 0", delegation)
        return int(row[0])

    def page(
        self, number: int, start: int, count: int, most: int
    ) -> tuple[State, list[tuple[bytes, bytes | None]]]:
        """Return state and up to `count` rows (leaf, body) from index `start`, in one snapshot.

        Stops after the row that reaches `most` bytes of bodies, so that a page has at least one row if any exists.
        """
        self.connection.execute("BEGIN")
        try:
            state = self.state(number)
            first = number << _SHIFT | min(start, state.size)
            rows: list[tuple[bytes, bytes | None]] = []
            total = 0
            cursor = self.connection.execute(
                "SELECT leaf, body FROM entry WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
                (first, number << _SHIFT | state.size, count),
            )
            for leaf, body in cursor:
                rows.append((leaf, body))
                total += len(body or b"")
                if total >= most:
                    break
        finally:
            self.connection.execute("COMMIT")
        return state, rows

    def leaf(self, number: int, index: int) -> bytes:
        """Return the leaf record at an index that exists."""
        leaf: bytes = self._one("SELECT leaf FROM entry WHERE id = ?", number << _SHIFT | index)[0]
        return leaf

    def bodies(self, number: int, kind: Kind) -> Iterator[bytes]:
        """Yield the bodies of a register's entries of one kind, in order, so far as they are there."""
        rows = self.connection.execute(
            "SELECT body FROM entry WHERE id >= ? AND id < ? AND substr(leaf, 2, 1) = ? AND body IS NOT NULL ORDER BY id",
            (number << _SHIFT, (number + 1) << _SHIFT, bytes((kind,))),
        )
        yield from (body for (body,) in rows)

    def hashes(self, number: int, size: int) -> tuple[bytes, bytes]:
        """Return the leaf hashes of the first `size` entries, one after another, and in the same way their keys."""
        low = number << _SHIFT
        tiles = self.connection.execute(
            "SELECT hashes, keys FROM tile WHERE id >= ? AND id < ? ORDER BY id", (low, low + size // TILE)
        ).fetchall()
        done = sum(len(hashes) for hashes, _ in tiles) // HASH
        rest = self.connection.execute(
            "SELECT leaf FROM entry WHERE id >= ? AND id < ? ORDER BY id", (low + done, low + size)
        )
        tiles += [(leaf_hash(leaf), leaf[18 : 18 + KEY]) for (leaf,) in rest]
        return b"".join([hashes for hashes, _ in tiles]), b"".join([keys for _, keys in tiles])

    def cosignatures(self, number: int, size: int) -> list[bytes]:
        """Return the cosigned notes held for one size, in the order of the desks' ids."""
        rows = self.connection.execute(
            "SELECT note FROM cosignature WHERE register = ? AND size = ? ORDER BY desk", (number, size)
        )
        return [row[0] for row in rows]

    def last_cosignatures(self, number: int, size: int) -> list[bytes]:
        """Return of each desk the cosigned note of the largest size up to `size`, in the order of the desks' ids."""
        rows = self.connection.execute(
            # SQLite takes the other columns from the row that has the maximum.
            "SELECT note, max(size) FROM cosignature WHERE register = ? AND size <= ? GROUP BY desk ORDER BY desk",
            (number, size),
        )
        return [row[0] for row in rows]


class Writer(Reader):
    """Changes to the store, within a transaction that the caller begins and ends."""

    def bring_forward(self) -> None:
        """Give a database of an earlier form what this one has more (rule 5)."""
        self.begin()
        for form in range(self._one("PRAGMA user_version")[0] + 1, VERSION + 1):
            for statement in _FORMS[form].split(";"):
                self.connection.execute(statement)
            self.connection.execute(f"PRAGMA user_version = {form}")
        self.commit()

    def begin(self) -> None:
        """Begin; waits for another process that offers talks."""
        self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make everything since `begin` durable."""
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        """Forget everything since `begin`."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def insert(self, number: int, start: int, rows: Sequence[tuple[bytes, bytes | None]]) -> None:
        """Add rows (leaf, body) from index `start` on."""
        at, end = number << _SHIFT | start, (number << _SHIFT | start) + len(rows)
        waiting = iter(rows)
        # Each statement gives the interpreter up and waits for it again, so few statements take many rows; counts
        # are powers of two so that the few statements there are stay prepared.
        while at < end:
            count = min(_MOST_ROWS, 1 << (end - at).bit_length() - 1)
            values: list[int | bytes | None] = []
            for leaf, body in islice(waiting, count):
                values += (at, number, leaf, body)
                at += 1
            self.connection.execute(_INSERT[count], values)

    def tiles(self, number: int, tiles: Iterable[Tile]) -> None:
        """Add complete tiles."""
        self.connection.executemany(
            "INSERT INTO tile (id, hashes, keys) VALUES (?, ?, ?)",
            [(number << _SHIFT | tile.number, tile.hashes, tile.keys) for tile in tiles],
        )

    def advance(self, number: int, state: State) -> None:
        """Set how far the register is."""
        self.connection.execute(
            "UPDATE register SET size = ?, bytes = ?, time = ?, note = ? WHERE number = ?",
            (state.size, state.volume, state.time, state.note, number),
        )

    def found(self, name: str, talks: bytes, delegation: str | None, state: State) -> int:
        """Add a register and return its number."""
        cursor = self.connection.execute(
            "INSERT INTO register (id, talks, delegation, size, bytes, time, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (name, talks, delegation, state.size, state.volume, state.time, state.note),
        )
        number = cursor.lastrowid
        assert number is not None  # an INSERT that did not raise has a rowid
        return number

    def accept(self, delegation: str, talks: bytes, enrolment: bytes) -> None:
        """Add a delegation with its enrolment key."""
        self.connection.execute("INSERT INTO delegation VALUES (?, ?, ?)", (delegation, talks, enrolment))

    def enrol(self, desk: str, delegation: str) -> None:
        """Add a desk."""
        self.connection.execute("INSERT INTO desk (id, delegation) VALUES (?, ?)", (desk, delegation))

    def take(self, number: int, term: bytes) -> None:
        """Keep how the former host's part of a register ended."""
        self.connection.execute("INSERT INTO term VALUES (?, ?)", (number, term))

    def seat(self, desk: str, delegation: str, secret: bytes) -> None:
        """Add a desk that came with its talks, unless it is known."""
        self.connection.execute(
            "INSERT OR IGNORE INTO desk (id, delegation) VALUES (?, ?)", (desk, delegation)
        )
        self.connection.execute("INSERT OR IGNORE INTO posting VALUES (?, ?)", (desk, secret))

    def remove(self, desk: str) -> None:
        """Mark a desk as removed, for good."""
        self.connection.execute("UPDATE desk SET removed = 1 WHERE id = ?", (desk,))

    def cosign(self, number: int, desk: str, size: int, note: bytes, keep: int) -> None:
        """Keep a desk's cosigned note, and of this desk only the `keep` largest sizes."""
        self.connection.execute(
            "INSERT OR REPLACE INTO cosignature VALUES (?, ?, ?, ?)", (number, desk, size, note)
        )
        self.connection.execute(
            "DELETE FROM cosignature WHERE register = ? AND desk = ? AND size NOT IN"
            " (SELECT size FROM cosignature WHERE register = ? AND desk = ? ORDER BY size DESC LIMIT ?)",
            (number, desk, number, desk, keep),
        )

    def hold(self) -> None:
        """Let no register take entries until `release`."""
        self.connection.execute("UPDATE register SET held = 1")

    def release(self) -> int:
        """Let all registers take entries; return how many were held."""
        return self.connection.execute("UPDATE register SET held = 0 WHERE held = 1").rowcount
