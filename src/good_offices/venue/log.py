"""SQLite's write-ahead log: copied into the database on a thread of its own, within a cap.

This module decides when the log is copied back. It never decides what is durable: a commit is, before it gets here.

1. Copying runs beside the writer, so that no batch waits for it.
2. Under steady load it never reaches the end of a log that still grows. Over `CAP` pages the writer copies the rest
   itself between two batches, after which SQLite begins the log anew.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from threading import Event, Thread
from typing import Final

from good_offices.venue.store import connect

CAP: Final = 8192
_EVERY: Final = 0.25
_log = logging.getLogger("good_offices.venue")


class LogKeeper:
    """The thread that copies the log of one database."""

    def __init__(self, path: Path) -> None:
        """Open a connection of its own."""
        self._connection = connect(path, writes=True)
        self._grown = Event()
        self._stopping = Event()
        self._pages = 0
        self._thread = Thread(target=self._keep, name="log", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and copy what is left."""
        self._stopping.set()
        self._grown.set()
        self._thread.join()
        self._connection.close()

    def grown(self, writer: sqlite3.Connection) -> None:
        """Say that `writer` has committed; copies on the writer's own thread if the log is over the cap."""
        self._grown.set()
        if self._pages > CAP:
            self._copy(writer)

    def _keep(self) -> None:
        """Copy whenever the log has grown, a few times a second."""
        while not self._stopping.is_set():
            self._grown.wait()
            self._grown.clear()
            self._copy(self._connection)
            self._stopping.wait(_EVERY)

    def _copy(self, connection: sqlite3.Connection) -> None:
        """Copy what can be copied without waiting for anybody."""
        try:
            busy, pages, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error as failed:
            # A full disk: nothing is lost, the log keeps what the database lacks, and the next round tries again.
            _log.warning("the log of the database could not be copied (%s)", failed)
            return
        self._pages = 0 if not busy and pages == copied else pages
