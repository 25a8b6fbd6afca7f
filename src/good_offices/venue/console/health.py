"""How the venue is: served or not, its disk, its database, its last backup.

This module decides what is asked of the machine. It never asks the database for more than `status` does, and it takes no
lock: looking must not get in the way of a server that is about to start.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import ssl
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from good_offices import __version__
from good_offices.errors import OperationalError
from good_offices.venue.backup import LAST
from good_offices.venue.folder import ADDRESS, DATABASE, LOCK, Folder

_PATIENCE: Final = 2.0

SERVED: Final = "served"
UNWRITABLE: Final = "unwritable"
SILENT: Final = "silent"
STOPPED: Final = "stopped"


@dataclass(frozen=True)
class Health:
    """What an operator looks at first; sizes in bytes, the backup's time in milliseconds since 1970."""

    state: str
    address: str
    free: int
    database: int
    backup: int | None
    version: str


def look(folder: Folder) -> Health:
    """Return how the venue in `folder` is now.

    Raises:
        OperationalError: `venue-disk`.
    """
    address = _address(folder)
    try:
        free = shutil.disk_usage(folder.path).free
    except OSError as failed:
        raise OperationalError("venue-disk", path=folder.path, why=failed.strerror) from failed
    return Health(
        state=_state(folder, address),
        address=address,
        free=free,
        database=sum(_size(folder, name) for name in (DATABASE, f"{DATABASE}-wal")),
        backup=_backup(folder),
        version=__version__,
    )


def _address(folder: Folder) -> str:
    """Return the address that the server wrote down; empty if there is none."""
    try:
        return (folder.path / ADDRESS).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _state(folder: Folder, address: str) -> str:
    """Return one of the four states above."""
    if not address or not _runs(folder):
        return STOPPED
    answer = _asked(address)
    return {200: SERVED, 503: UNWRITABLE}.get(answer, SILENT)


def _runs(folder: Folder) -> bool:
    """Tell whether the process that the lock names runs: after a sudden end its address is still written down."""
    try:
        os.kill(int((folder.path / LOCK).read_text(encoding="ascii")), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, OverflowError):
        return False
    return True


def _asked(address: str) -> int:
    """Return the status with which the server answers for its health; 0 if it does not answer."""
    parts = urlsplit(address)
    try:
        if parts.scheme == "https":
            # The certificate is for the name that desks use, not for this address; nothing secret is asked or told.
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            asking: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname or "", parts.port, timeout=_PATIENCE, context=context
            )
        else:
            asking = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_PATIENCE)
        with contextlib.closing(asking):
            asking.request("GET", "/health")
            return asking.getresponse().status
    except (OSError, http.client.HTTPException, ValueError):
        return 0


def _size(folder: Folder, name: str) -> int:
    """Return the size of a file; 0 if it is not there."""
    try:
        return (folder.path / name).stat().st_size
    except OSError:
        return 0


def _backup(folder: Folder) -> int | None:
    """Return when the last backup of this folder was complete, or None if none is known."""
    try:
        return (folder.path / LAST).stat().st_mtime_ns // 1_000_000
    except OSError:
        return None
