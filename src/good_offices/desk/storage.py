"""The desk folder on disk: what is written, where, and that it is there before anything else happens.

This module decides the files of a desk. It never writes plaintext: each row is sealed under the master key, bound to
its place (seals.keyring rule 3).

1. `keyring` (slots), `desk.db` (SQLite, WAL, synchronous=FULL, secure_delete), `lock` (held while a process uses the
   folder), and for a delegation's first desk `root.kit` and `successor.kit`, which belong elsewhere.
2. Every method that writes returns after the data is on the disk.
3. Deleted secrets are overwritten in the database (`secure_delete`); backups and file systems may keep copies.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from good_offices.errors import LocalError, OperationalError
from good_offices.seals.keyring import Vault, change_passphrase, new_keyring, open_keyring

VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE item (name TEXT PRIMARY KEY, sealed BLOB NOT NULL);
CREATE TABLE entry (register TEXT NOT NULL, place INTEGER NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (register, place));
CREATE TABLE outbox (place INTEGER PRIMARY KEY AUTOINCREMENT, sealed BLOB NOT NULL);
"""

Faults = Callable[[str], None]


def no_faults(_point: str) -> None:
    """Do nothing at a write point; tests put a process's sudden end here."""


class Storage:
    """One desk folder, open and locked by this process."""

    def __init__(self, folder: Path, vault: Vault, lock: IO[bytes], faults: Faults = no_faults) -> None:
        """Use `create` or `open`; this only wires the parts together."""
        self.folder = folder
        self.vault = vault
        self.faults = faults
        self._lock = lock
        self._database = _connect(folder / "desk.db")

    @classmethod
    def create(cls, folder: Path, passphrase: str, faults: Faults = no_faults) -> Storage:
        """Return a new desk folder with one passphrase slot.

        Raises:
            LocalError: `folder-in-use` if the folder already has something in it.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise LocalError("folder-not-empty", folder=folder)
        lock = _hold(folder)
        keyring, vault = new_keyring(passphrase)
        database = sqlite3.connect(folder / "desk.db")
        database.executescript(f"{_SCHEMA} PRAGMA user_version = {VERSION};")
        database.close()
        (folder / "desk.db").chmod(0o600)
        write_durably(folder / "keyring", keyring)
        return cls(folder, vault, lock, faults)

    @classmethod
    def open(cls, folder: Path, passphrase: str, faults: Faults = no_faults) -> Storage:
        """Return the desk folder opened with its passphrase.

        Raises:
            LocalError: `no-desk-here`, `folder-in-use`, `passphrase-wrong`, `key-file-damaged` or `newer-folder`.
        """
        if not (folder / "keyring").is_file():
            raise LocalError("no-desk-here", folder=folder)
        lock = _hold(folder)
        try:
            vault = open_keyring((folder / "keyring").read_bytes(), passphrase, what=str(folder))
            return cls(folder, vault, lock, faults)
        except BaseException:
            lock.close()
            raise

    def check_passphrase(self, passphrase: str) -> None:
        """Pass if the passphrase opens the keyring of this folder.

        Raises:
            LocalError: `passphrase-wrong`, `key-file-damaged`.
        """
        open_keyring((self.folder / "keyring").read_bytes(), passphrase, what=str(self.folder))

    def change_passphrase(self, old: str, new: str) -> None:
        """Let the folder open with another passphrase from now on; backups made before still open with the old one.

        Raises:
            LocalError: `passphrase-wrong`, `key-file-damaged`.
        """
        path = self.folder / "keyring"
        write_durably(path, change_passphrase(path.read_bytes(), old, new, what=str(self.folder)))

    def close(self) -> None:
        """Close the database and give the folder free."""
        self._database.close()
        self._lock.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all writes inside one: all on the disk at the end, or none.

        Raises:
            OperationalError: `disk-refused`.
        """
        if self._database.in_transaction:
            yield
            return
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield
            self._database.execute("COMMIT")
        except sqlite3.Error as broken:
            self._roll_back()
            raise OperationalError("disk-refused", folder=self.folder, why=str(broken)) from broken
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        """Undo an unfinished transaction; SQLite has already done so after some errors."""
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")

    @property
    def changes(self) -> int:
        """How many rows this process has written: equal as long as nothing here has changed."""
        return self._database.total_changes

    def put(self, name: str, content: bytes) -> None:
        """Write an item."""
        with self.transaction():
            sealed = self.vault.seal("item", name, content)
            self._database.execute("INSERT OR REPLACE INTO item VALUES (?, ?)", (name, sealed))

    def get(self, name: str) -> bytes | None:
        """Return an item, or None if there is none of this name."""
        row = self._database.execute("SELECT sealed FROM item WHERE name = ?", (name,)).fetchone()
        return None if row is None else self.vault.open("item", name, row[0])

    def names(self, prefix: str) -> list[str]:
        """Return the names of the items that begin with `prefix`, in order."""
        rows = self._database.execute(
            "SELECT name FROM item WHERE substr(name, 1, ?) = ? ORDER BY name", (len(prefix), prefix)
        )
        return [name for (name,) in rows]

    def remove(self, name: str) -> None:
        """Destroy an item."""
        with self.transaction():
            self._database.execute("DELETE FROM item WHERE name = ?", (name,))

    def archive(self, register: str, entries: Iterable[tuple[int, bytes]], *, replace: bool = False) -> None:
        """Write verified entries of a register, as (place, content); `replace` is for verdicts given again on them."""
        verb = "INSERT OR REPLACE" if replace else "INSERT"
        seal = self.vault.seal
        rows = (
            (register, place, seal("entry", f"{register}/{place}", content)) for place, content in entries
        )
        with self.transaction():
            self._database.executemany(f"{verb} INTO entry VALUES (?, ?, ?)", rows)

    def unarchive(self, register: str, first: int) -> None:
        """Destroy the archived entries of a register from `first` on: they stand behind a cut (spec/moving.md R-156)."""
        with self.transaction():
            self._database.execute("DELETE FROM entry WHERE register = ? AND place >= ?", (register, first))

    def archived(self, register: str, first: int = 0, last: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Yield (place, content) of the archived entries from `first` up to and without `last`, in order."""
        rows = self._database.execute(
            "SELECT place, sealed FROM entry WHERE register = ? AND place >= ? AND place < ? ORDER BY place",
            (register, first, 2**62 if last is None else last),
        )
        for place, sealed in rows:
            yield place, self.vault.open("entry", f"{register}/{place}", sealed)

    def post(self, content: bytes) -> int:
        """Write something to be sent and return its place; it stays until `posted`."""
        with self.transaction():
            cursor = self._database.execute("INSERT INTO outbox (sealed) VALUES (?)", (b"",))
            place = cursor.lastrowid or 0
            sealed = self.vault.seal("outbox", str(place), content)
            self._database.execute("UPDATE outbox SET sealed = ? WHERE place = ?", (sealed, place))
        return place

    def outbox(self) -> list[tuple[int, bytes]]:
        """Return (place, content) of all that waits to be sent, in order."""
        rows = self._database.execute("SELECT place, sealed FROM outbox ORDER BY place").fetchall()
        return [(place, self.vault.open("outbox", str(place), sealed)) for place, sealed in rows]

    def post_first(self, contents: Iterable[bytes]) -> None:
        """Write something to be sent before all that waits already."""
        with self.transaction():
            waiting = [content for _, content in self.outbox()]
            self._database.execute("DELETE FROM outbox")
            for content in (*contents, *waiting):
                self.post(content)

    def posted(self, place: int) -> None:
        """Take one out of the outbox after its receipt is kept."""
        with self.transaction():
            self._database.execute("DELETE FROM outbox WHERE place = ?", (place,))


def write_durably(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write a whole file so that it is either the old or the new one after any crash.

    Raises:
        OperationalError: `disk-refused`.
    """
    draft = path.with_name(path.name + ".new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as broken:
        raise OperationalError("disk-refused", folder=path.parent, why=broken.strerror) from broken


def _hold(folder: Path) -> IO[bytes]:
    """Return the lock file of a folder, held until it is closed or the process ends."""
    lock = (folder / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise LocalError("folder-in-use", folder=folder) from None
    return lock


def _connect(path: Path) -> sqlite3.Connection:
    """Return a connection in the durable mode of rule 1, after checking the folder's version."""
    try:
        # Used by one thread at a time, not always the same: whoever shares a desk sees to that (chancery/turn.py).
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA secure_delete = ON")
        (version,) = database.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as broken:
        raise LocalError("key-file-damaged", what=str(path), why=str(broken)) from broken
    if version != VERSION:
        database.close()
        raise LocalError("newer-folder", folder=path.parent, version=version)
    return database
