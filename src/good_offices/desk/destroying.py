"""The end of a desk: its keys and its archive destroyed, for good.

This module decides in which order a desk folder is destroyed. It never begins by itself, and asks nobody: who may destroy, and
what was said before, is the caller's.

1. First the keyring: without the master key in it nothing else in the folder can be opened. It is written over, on the disk, and taken
   away before anything else is touched. Then the kits, then every other file alike.
2. What was begun is finished: a folder in which a mark says so, or whose keyring is gone from beside its database, is destroyed to the
   end by the next call.
3. A keyring, a kit or a database that is a link is refused before anything is touched: to take the link away would destroy nothing.
   Any other link is taken away, and what it points to is left alone: it is not this desk's.
4. What is written over in place may still lie elsewhere on the medium (flash, copy-on-write file systems), in backups and on
   paper: nothing that a program does to a file reaches there. Without the passphrase such a keyring stays shut.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from good_offices.desk.storage import Faults, no_faults, write_durably
from good_offices.errors import LocalError, OperationalError

MARK: Final = "DESTROYED"
_KEYS: Final = ("keyring", "keyring.new", "root.kit", "successor.kit")
_OWN: Final = (*_KEYS, "desk.db", "desk.db-wal")
_SAID: Final = b"The desk that was here was destroyed: its keys and its archive are gone.\n"
_PIECE: Final = 1024 * 1024


def destroy_folder(folder: Path, faults: Faults = no_faults) -> int:
    """Return how many files of a closed desk folder were destroyed; only a mark that says so is left.

    Raises:
        LocalError: `no-desk-here` if the folder never was a desk, `desk-file-is-link` (rule 3).
        OperationalError: `disk-refused`; what was begun is finished by calling again.
    """
    if not any((folder / name).is_file() for name in ("keyring", MARK, "desk.db")):
        raise LocalError("no-desk-here", folder=folder)
    for name in _OWN:
        if (folder / name).is_symlink():
            raise LocalError("desk-file-is-link", file=folder / name)
    count = 0
    try:
        for name in _KEYS:
            count += _gone(folder / name)
            faults("destroyed-key")
        write_durably(folder / MARK, _SAID)
        for path in sorted(folder.rglob("*")):
            if (path.is_file() or path.is_symlink()) and path != folder / MARK:
                count += _gone(path)
                faults("destroyed-file")
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
        _settle(folder)
    except OSError as broken:
        raise OperationalError("disk-refused", folder=folder, why=broken.strerror) from broken
    return count


def _gone(path: Path) -> int:
    """Write over a file, on the disk, and take it away; return 1 if there was one."""
    if path.is_symlink():
        path.unlink()
        return 1
    if not path.is_file():
        return 0
    left = path.stat().st_size
    descriptor = os.open(path, os.O_WRONLY)
    with os.fdopen(descriptor, "wb") as file:
        while left > 0:
            left -= file.write(bytes(min(left, _PIECE)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _settle(path.parent)
    return 1


def _settle(folder: Path) -> None:
    """Have the names of a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
