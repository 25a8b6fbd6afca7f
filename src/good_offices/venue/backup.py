"""Backups: the whole venue in one file, and back.

This module decides how a venue is copied and when a copy may speak again. It never lets a restored venue go on as if
nothing had happened: what was appended after the backup was receipted, and to sign other entries in its place is a
fork, which convicts the host at every desk.

1. A backup is a tar file with mode 0600: manifest, settings, host key, database, the declaration if there is
   one, when standing lists are sounded if there are any, the communiqués. It holds the host's keys in clear.
2. The database is copied by SQLite's own means, in one snapshot, while the venue is served.
3. Nothing is ever overwritten; a file or folder is complete before it has its name.
4. After a restore every register is held: it answers and takes back what desks return (`recovery`), but appends nothing
   until `confirm`. Whether all desks have returned what they hold is for people to ask; the program cannot know it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
from pathlib import Path
from typing import IO, Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.venue import communiques, declaration, declared, settings, standing
from good_offices.venue.folder import (
    DATABASE,
    KEY,
    Folder,
    new_folder,
    open_folder,
    sync_folder,
    write_private,
)
from good_offices.venue.store import Writer, connect

FORM: Final = "good-offices/venue-backup/1"
# An empty file in the venue folder; its time is that of the last complete backup.
LAST: Final = "last-backup"
_MANIFEST: Final = "manifest"
_FILES: Final = (settings.FILE, KEY, DATABASE)
# What a venue may have besides; it stands after the others, in this order.
_PERHAPS: Final = (
    declaration.DRAFT,
    declaration.PUBLISHED,
    standing.FILE,
    declared.SIGNED,
    declared.WITHDRAWN,
    declared.NUMBERS,
)
_CHUNK: Final = 1 << 20
_MANIFEST_LIMIT: Final = 1 << 20


class Part(Record, frozen=True):
    """A file of the backup: its name, length and SHA-256."""

    name: str
    length: int
    digest: bytes


class Manifest(Record, frozen=True):
    """What a backup contains."""

    form: str
    parts: list[Part]


def backup(folder: Folder, file: Path) -> None:
    """Write everything in `folder` into the new file `file`.

    Raises:
        LocalError: `venue-file-exists`.
        OperationalError: `venue-disk` or `venue-database-damaged`.
    """
    file = file.absolute()
    if file.exists():
        raise LocalError("venue-file-exists", path=file)
    try:
        # The folder of `mkdtemp` is for this user alone; it lies beside the file, so that the last step is a link.
        draft = Path(tempfile.mkdtemp(prefix=".backup-", dir=file.parent))
    except OSError as failed:
        raise OperationalError("venue-disk", path=file.parent, why=failed.strerror) from failed
    try:
        _copy_database(folder, draft / DATABASE)
        released = sorted(name for name, _time, _size in communiques.stamp(folder))
        names = (*_FILES, *(name for name in _PERHAPS if (folder.path / name).exists()), *released)
        for name in names:
            if name != DATABASE:
                write_private(draft / name, (folder.path / name).read_bytes())
        parts = [_part(draft / name) for name in names]
        write_private(draft / _MANIFEST, pack(Manifest(form=FORM, parts=parts)))
        write_private(draft / "backup", b"")
        with (draft / "backup").open("wb") as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
                for name in (_MANIFEST, *names):
                    _add(tar, draft / name)
            out.flush()
            os.fsync(out.fileno())
        # A link, unlike a rename, fails if the name is taken meanwhile.
        os.link(draft / "backup", file)
        sync_folder(file.parent)
        # For the operator's eye alone: a backup is no less complete if its time cannot be noted.
        with contextlib.suppress(OSError):
            (folder.path / LAST).touch(mode=0o600)
    except FileExistsError as taken:
        raise LocalError("venue-file-exists", path=file) from taken
    except OSError as failed:
        raise OperationalError("venue-disk", path=file, why=failed.strerror) from failed
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def restore(file: Path, path: Path) -> Folder:
    """Make the new venue folder `path` from a backup, all registers held, and return it.

    Raises:
        LocalError: `venue-folder-exists` or `venue-folder-newer`.
        OperationalError: `venue-backup-damaged` or `venue-disk`.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise LocalError("venue-folder-exists", path=path)
    with new_folder(path) as draft:
        try:
            with tarfile.open(file, mode="r:") as tar:
                _extract(tar, draft, file)
        except FileNotFoundError as missing:
            raise OperationalError("venue-disk", path=file, why=missing.strerror) from missing
        except (tarfile.TarError, EOFError) as broken:
            raise OperationalError("venue-backup-damaged", path=file, why="not a whole tar file") from broken
        settings.read(draft / settings.FILE)
        connection = connect(draft / DATABASE, writes=True)
        try:
            Writer(connection).hold()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    return open_folder(path)


def confirm(folder: Folder) -> int:
    """Let a restored venue take entries again; return how many registers were held.

    Raises:
        LocalError: `venue-folder-newer`.
        OperationalError: `venue-database-damaged` or `venue-disk`.
    """
    connection = connect(folder.database, writes=True)
    try:
        return Writer(connection).release()
    except sqlite3.Error as failed:
        raise OperationalError("venue-disk", path=folder.database, why=str(failed)) from failed
    finally:
        connection.close()


def _copy_database(folder: Folder, target: Path) -> None:
    """Copy the database in one snapshot."""
    write_private(target, b"")
    source = connect(folder.database)
    try:
        copy = sqlite3.connect(target, isolation_level=None)
        try:
            source.backup(copy)
            # One file: without this the copy would need its log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("PRAGMA journal_mode = WAL")
        finally:
            copy.close()
    except sqlite3.Error as failed:
        raise OperationalError("venue-disk", path=target, why=str(failed)) from failed
    finally:
        source.close()


def _part(path: Path) -> Part:
    """Return name, length and digest of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    return Part(name=path.name, length=path.stat().st_size, digest=digest)


def _add(tar: tarfile.TarFile, path: Path) -> None:
    """Add a file with nothing of this machine's users and times."""
    entry = tarfile.TarInfo(path.name)
    entry.size = path.stat().st_size
    entry.mode = 0o600
    with path.open("rb") as file:
        tar.addfile(entry, file)


def _extract(tar: tarfile.TarFile, draft: Path, file: Path) -> None:
    """Write the files of a backup into `draft`: these names, these lengths, these digests, nothing else."""
    first = tar.next()
    plain = first is not None and first.name == _MANIFEST and _is_plain(first)
    body = tar.extractfile(first) if first is not None and plain else None
    if body is None:
        raise OperationalError("venue-backup-damaged", path=file, why="no manifest")
    try:
        manifest = unpack(
            body.read(_MANIFEST_LIMIT + 1), Manifest, what="the manifest", limit=_MANIFEST_LIMIT
        )
    except GoodOfficesError as broken:
        raise OperationalError("venue-backup-damaged", path=file, why="the manifest") from broken
    names = tuple(part.name for part in manifest.parts)
    besides = tuple(name for name in _PERHAPS if name in names)
    released = tuple(sorted({name for name in names if communiques.NAMED.fullmatch(name)}))
    if manifest.form != FORM or names != (*_FILES, *besides, *released):
        raise OperationalError("venue-backup-damaged", path=file, why="the manifest")
    for part in manifest.parts:
        entry = tar.next()
        data = tar.extractfile(entry) if entry is not None and _is_plain(entry) else None
        if entry is None or data is None or (entry.name, entry.size) != (part.name, part.length):
            raise OperationalError("venue-backup-damaged", path=file, why=part.name)
        _write(data, draft / part.name)
        if _part(draft / part.name) != part:
            raise OperationalError("venue-backup-damaged", path=file, why=part.name)


def _is_plain(entry: tarfile.TarInfo) -> bool:
    """Tell whether an entry is a file with all its bytes in the archive: a sparse one of a few bytes could fill the disk."""
    return entry.isreg() and not entry.issparse()


def _write(data: IO[bytes], path: Path) -> None:
    """Write a file of a backup, for this user alone."""
    write_private(path, b"")
    with path.open("wb") as out:
        shutil.copyfileobj(data, out, _CHUNK)
        out.flush()
        os.fsync(out.fileno())
