"""The operators' passphrase: kept so that a thief of the folder must guess, and compared so that time tells nothing.

This module decides what is written of a passphrase. It never keeps the passphrase, and it opens no key: the venue starts
unattended, so the passphrase guards the console alone, not the host's keys.

1. What is kept is a random salt and the scrypt of the passphrase (RFC 7914), 64 MiB of memory for each guess. Argon2id
   would need a cryptographic library, which only `seals` may import, and what it offers there opens content.
2. The parameters are checked before they are used: a damaged file cannot ask for all memory.
3. One passphrase is tried at a time, and few wrong ones a minute.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.venue.folder import Folder, sync_folder, write_private
from good_offices.venue.limits import Buckets

FILE: Final = "console.passphrase"
LEAST: Final = 12
COST: Final = 1 << 16
_BLOCK: Final = 8
_COSTS: Final = range(1 << 10, (1 << 20) + 1)
_SALT: Final = 32
_LENGTH: Final = 32
# Five at once, then one in twelve seconds.
_BURST: Final = 5
_RATE: Final = 1 / 12


class OperatorsPassphrase(Record, kw_only=True, tag="good-offices/console-passphrase/1", tag_field="form"):
    """The file: salt, cost and result of scrypt; block size 8, no parallelism."""

    salt: bytes
    cost: int
    digest: bytes


def is_set(folder: Folder) -> bool:
    """Tell whether there is a passphrase."""
    return (folder.path / FILE).exists()


def choose(folder: Folder, passphrase: str) -> None:
    """Make `passphrase` the one of this venue's operators.

    Raises:
        LocalError: `passphrase-short`.
        OperationalError: `venue-disk`.
    """
    if len(passphrase) < LEAST:
        raise LocalError("passphrase-short", least=LEAST)
    salt = secrets.token_bytes(_SALT)
    kept = OperatorsPassphrase(salt=salt, cost=COST, digest=_derive(passphrase, salt, COST))
    path = folder.path / FILE
    fresh = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    try:
        write_private(fresh, pack(kept))
        fresh.replace(path)
        sync_folder(folder.path)
    except OSError as failed:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed


class Attempts:
    """Tries passphrases for one venue (rule 3)."""

    def __init__(self, folder: Folder, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Try for `folder`; tests bring their own clock."""
        self._folder = folder
        self._monotonic = monotonic
        self._turn = threading.Lock()
        self._bucket = Buckets(_RATE, _BURST)

    def check(self, passphrase: str) -> None:
        """Pass if this is the operators' passphrase.

        Raises:
            LocalError: `console-passphrase-missing`, `console-passphrase-damaged` or `console-passphrase-wrong`.
            OperationalError: `console-too-many-attempts` or `venue-disk`.
        """
        with self._turn:
            try:
                self._bucket.take("", self._monotonic())
            except OperationalError:
                raise OperationalError("console-too-many-attempts") from None
            kept = _read(self._folder)
            if not hmac.compare_digest(_derive(passphrase, kept.salt, kept.cost), kept.digest):
                raise LocalError("console-passphrase-wrong")
            # Only wrong ones count: several operators may come at once in the morning.
            self._bucket.take("", self._monotonic(), -1.0)


def _read(folder: Folder) -> OperatorsPassphrase:
    """Return what is kept, its bounds checked (rule 2)."""
    path = folder.path / FILE
    try:
        kept = unpack(path.read_bytes(), OperatorsPassphrase, what="the operators' passphrase", limit=4096)
    except FileNotFoundError:
        raise LocalError("console-passphrase-missing", path=folder.path) from None
    except OSError as failed:
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    except GoodOfficesError:
        raise LocalError("console-passphrase-damaged", path=folder.path) from None
    sound = kept.cost in _COSTS and kept.cost & (kept.cost - 1) == 0
    if not sound or len(kept.salt) != _SALT or len(kept.digest) != _LENGTH:
        raise LocalError("console-passphrase-damaged", path=folder.path)
    return kept


def _derive(passphrase: str, salt: bytes, cost: int) -> bytes:
    """Return the scrypt of a passphrase, 32 bytes."""
    return hashlib.scrypt(
        passphrase.encode(), salt=salt, n=cost, r=_BLOCK, p=1, maxmem=256 * _BLOCK * cost, dklen=_LENGTH
    )
