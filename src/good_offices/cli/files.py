"""Files that people name on the command line: read with a limit, written for their owner alone.

This module decides how a file is opened and which error a bad one gives. It never reads more than the limit.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from good_offices.errors import LocalError, OperationalError

LIMIT: Final = 16 * 1024 * 1024


def read_bytes(path: Path, *, limit: int = LIMIT) -> bytes:
    """Return the bytes of a file.

    Raises:
        LocalError: `file-unreadable` or `too-large`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as failed:
        raise LocalError("file-unreadable", path=path, why=failed.strerror) from None
    if len(data) > limit:
        raise LocalError("too-large", what=path, size=path.stat().st_size, limit=limit)
    return data


def read_words(path: Path, *, limit: int = LIMIT) -> str:
    """Return the text of a file without the line end at its end.

    Raises:
        LocalError: `file-unreadable`, `too-large` or `file-not-utf8`.
    """
    try:
        return read_bytes(path, limit=limit).decode("utf-8-sig").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError:
        raise LocalError("file-not-utf8", path=path) from None


def write_new(path: Path, data: bytes, *, secret: bool = False) -> None:
    """Write a file that does not exist yet, on the disk when this returns; a secret one with mode 0600.

    Raises:
        LocalError: `file-exists`.
        OperationalError: `file-unwritable`.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise LocalError("file-exists", path=path) from None
    except OSError as failed:
        raise OperationalError("file-unwritable", path=path, why=failed.strerror) from None


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their paths into a folder that does not exist yet, for its owner alone.

    Raises:
        LocalError: `file-exists`.
        OperationalError: `file-unwritable`.
    """
    try:
        path.mkdir(parents=True, mode=0o700)
        for name in {str(Path(one).parent) for one in files}:
            (path / name).mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise LocalError("file-exists", path=path) from None
    except OSError as failed:
        raise OperationalError("file-unwritable", path=path, why=failed.strerror) from None
    for name, data in files.items():
        write_new(path / name, data, secret=True)
