"""The venue folder: settings, host keys, database, and the lock that lets one server at a time in.

This module decides where a venue's things are and how they get there whole. It never prints a key.

1. A new folder is complete before it has its name: everything is written and synced under a temporary name.
2. What is secret has mode 0600 from its first byte; folders have 0700.
3. The lock is the kernel's, on an open file: it ends with the process, however that ends.
4. The host key file is in clear, since a venue starts unattended; who reads it can sign as this host.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.register.host import HostSigner
from good_offices.seals.exchange import posting_key
from good_offices.seals.signatures import SEED
from good_offices.venue import settings, store

KEY: Final = "host.key"
DATABASE: Final = "venue.db"
LOCK: Final = "serving.lock"
ADDRESS: Final = "serving.address"
KEY_FORM: Final = "good-offices/host-key/1"


class HostKey(Record, frozen=True):
    """The host key file: the seeds of both keys, 32 bytes each."""

    form: str
    ed25519: bytes
    mldsa44: bytes


@dataclass(frozen=True)
class Folder:
    """An existing venue folder and its settings."""

    path: Path
    settings: settings.Settings

    @property
    def database(self) -> Path:
        """Where the database is."""
        return self.path / DATABASE

    def origin(self, register: str) -> str:
        """Return the origin of the register with this id."""
        return f"{self.settings.origin}/t/{register}"

    def signer(self) -> HostSigner:
        """Return the host's signer, to be `named` for a register.

        Raises:
            OperationalError: `venue-disk` or `venue-database-damaged`.
        """
        key = self._key()
        return HostSigner(key.ed25519, key.mldsa44, self.origin("0" * 32))

    def _key(self) -> HostKey:
        """Return the host key file."""
        try:
            data = (self.path / KEY).read_bytes()
            key = unpack(data, HostKey, what="the host key file", limit=4096)
        except OSError as failed:
            raise OperationalError("venue-disk", path=self.path / KEY, why=failed.strerror) from failed
        except GoodOfficesError:
            raise OperationalError("venue-database-damaged", why="the host key file") from None
        if key.form != KEY_FORM or len(key.ed25519) != SEED or len(key.mldsa44) != SEED:
            raise OperationalError("venue-database-damaged", why="the host key file")
        return key

    def posting(self) -> bytes:
        """Return the private X25519 key whose public half stands in the venue's card (spec/moving.md section 1).

        Raises:
            OperationalError: `venue-disk` or `venue-database-damaged`.
        """
        return posting_key(self._key().ed25519)


def init(path: Path, name: str, *, url: str = "", database: str | None = None) -> Folder:
    """Make a new venue folder at `path` and return it.

    Raises:
        LocalError: `venue-folder-exists`, `venue-name-invalid` or `venue-database-unsupported`.
        OperationalError: `venue-disk`.
    """
    if database is not None and not database.startswith("sqlite"):
        raise LocalError("venue-database-unsupported", scheme=database.partition(":")[0][:20])
    text = settings.write(name, url)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise LocalError("venue-folder-exists", path=path)
    key = HostKey(form=KEY_FORM, ed25519=secrets.token_bytes(SEED), mldsa44=secrets.token_bytes(SEED))
    with new_folder(path) as draft:
        write_private(draft / settings.FILE, text.encode())
        write_private(draft / KEY, pack(key))
        store.create(draft / DATABASE)
        (draft / DATABASE).chmod(0o600)
    return open_folder(path)


def open_folder(path: Path) -> Folder:
    """Return the venue folder at `path`.

    Raises:
        LocalError: `venue-folder-missing`, `venue-settings-invalid` or `venue-folder-newer`.
        OperationalError: `venue-disk`.
    """
    if not (path / settings.FILE).is_file():
        raise LocalError("venue-folder-missing", path=path)
    return Folder(path, settings.read(path / settings.FILE))


@contextmanager
def locked(folder: Folder) -> Iterator[None]:
    """Hold the folder for the one process that serves or restores it.

    Raises:
        LocalError: `venue-running` with the number of the process that holds it.
        OperationalError: `venue-disk`.
    """
    path = folder.path / LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as failed:
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            raise LocalError("venue-running", pid=holder or "unknown") from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path` that becomes `path` when the block ends without an error.

    Raises:
        LocalError: `venue-folder-exists`.
        OperationalError: `venue-disk`.
    """
    path = path.absolute()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        yield draft
        sync_folder(draft)
        # A rename over an empty folder is allowed, over any other it fails: nothing is ever replaced.
        draft.rename(path)
        sync_folder(path.parent)
    except OSError as failed:
        if path.is_dir() and any(path.iterdir()):
            raise LocalError("venue-folder-exists", path=path) from failed
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_private(path: Path, data: bytes) -> None:
    """Write a new file with mode 0600 and sync it; an existing file is an `OSError`."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_private(path: Path, data: bytes | None) -> None:
    """Put a file of mode 0600 in the place of another, whole, or take it away if there is nothing to put there.

    Raises:
        OperationalError: `venue-disk`.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_private(fresh, data)
            fresh.replace(path)
        sync_folder(path.parent)
    except OSError as failed:
        with suppress(OSError):
            fresh.unlink()
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
