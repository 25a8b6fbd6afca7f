"""The depositary's folder: its key, its card, and the texts that it keeps.

This module decides where a depositary's things are and how they get there whole. It never prints a key.

1. What is secret has mode 0600 from its first byte; the folder has 0700.
2. A file that is kept is on the disk before anything is signed of it, and is never replaced.
3. The key file is in clear, as a host's is; who reads it can sign as this depositary. It belongs on an encrypted disk.
4. A depositary is not made in the folder of a venue: its machine is another one, and this keeps an honest operator from a mistake.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.register.depositary import Card, read_card
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT, PairSigner

KEY: Final = "depositary.key"
CARD: Final = "card.godepositary"
KEPT: Final = "kept"
_LOCK: Final = "depositary.lock"
_HOST: Final = "host.key"
_SEED: Final = 64
_LIMIT: Final = 16 * 1024 * 1024


class _Key(Record, frozen=True, kw_only=True, tag="good-offices/depositary-key/1", tag_field="form"):
    """The key file: the seed of both halves."""

    seed: bytes


@dataclass(frozen=True, slots=True)
class Folder:
    """An existing depositary's folder, its card, and the bytes of it that are handed out."""

    path: Path
    card: Card
    card_bytes: bytes

    def signer(self) -> PairSigner:
        """Return the depositary's key.

        Raises:
            OperationalError: `depositary-damaged`.
        """
        try:
            key = unpack((self.path / KEY).read_bytes(), _Key, what="the key file", limit=4096)
        except (OSError, GoodOfficesError):
            raise OperationalError("depositary-damaged", path=self.path / KEY) from None
        signer = ACT.signer(key.seed)
        if len(key.seed) != _SEED or signer.public != self.card.key:
            raise OperationalError("depositary-damaged", path=self.path / KEY)
        return signer

    def numbers(self) -> list[int]:
        """Return the numbers of the files that are kept, rising."""
        found = (one.stem for one in (self.path / KEPT).glob("*.godeposit"))
        return sorted(int(one) for one in found if one.isdecimal())

    def read(self, number: int, ending: str) -> bytes | None:
        """Return a file of a number, None if it is not there.

        Raises:
            OperationalError: `depositary-damaged`.
        """
        path = self._path(number, ending)
        try:
            return path.read_bytes() if path.exists() else None
        except OSError:
            raise OperationalError("depositary-damaged", path=path) from None

    def write(self, number: int, ending: str, data: bytes) -> None:
        """Keep a file under a number: on the disk, name and all, when this returns (rule 2).

        Raises:
            OperationalError: `file-unwritable`.
        """
        write_private(self._path(number, ending), data)

    def _path(self, number: int, ending: str) -> Path:
        """Return where a file of a number is."""
        return self.path / KEPT / f"{number:06}.{ending}"


def init(path: Path, called: str, *, represents: str = "", language: str) -> Folder:
    """Make a depositary's folder with a new key, and its card, and return it.

    Raises:
        LocalError: `file-exists`, `depositary-beside-venue`, `depositary-card-wrong`.
        OperationalError: `file-unwritable`.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise LocalError("file-exists", path=path)
    if any((one / _HOST).exists() for one in (path, path.absolute().parent)):
        raise LocalError("depositary-beside-venue", path=path)
    key = _Key(seed=secrets.token_bytes(_SEED))
    signer = ACT.signer(key.seed)
    card = Card(called=called, represents=represents, language=language, key=signer.public)
    card = msgspec.structs.replace(card, signature=signer.sign(Domain.DEPOSITARY, card.presented))
    try:
        card.verify()
    except GoodOfficesError as broken:
        raise LocalError(broken.code, **broken.facts) from None
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / KEPT).mkdir(mode=0o700)
        _sync(path.parent)
    except OSError as failed:
        raise OperationalError("file-unwritable", path=path, why=failed.strerror) from None
    write_private(path / KEY, pack(key))
    # The card last: a folder without one was not finished.
    write_private(path / CARD, pack(card))
    return open_folder(path)


def open_folder(path: Path) -> Folder:
    """Return the depositary's folder at `path`.

    Raises:
        LocalError: `depositary-missing`.
        OperationalError: `depositary-damaged`.
    """
    if not (path / CARD).is_file():
        raise LocalError("depositary-missing", path=path)
    try:
        data = (path / CARD).read_bytes()
        return Folder(path, read_card(data), data)
    except (OSError, GoodOfficesError):
        raise OperationalError("depositary-damaged", path=path / CARD) from None


@contextmanager
def locked(folder: Folder) -> Iterator[None]:
    """Hold the folder for one run at a time: two would give the same number twice.

    Raises:
        OperationalError: `file-unwritable`.
    """
    path = folder.path / _LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as failed:
        raise OperationalError("file-unwritable", path=path, why=failed.strerror) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write_private(path: Path, data: bytes) -> None:
    """Write a new file of mode 0600 whole: under another name first, then under its own, both on the disk.

    Raises:
        OperationalError: `file-unwritable`.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # A link fails where a rename would replace.
        path.hardlink_to(draft)
        draft.unlink()
        _sync(path.parent)
    except OSError as failed:
        raise OperationalError("file-unwritable", path=path, why=failed.strerror) from None
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Let what stands in a folder be on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
