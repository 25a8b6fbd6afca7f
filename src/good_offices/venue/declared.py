"""The declaration as the host signs it: numbered, published or private, withdrawn.

This module decides which number a declaration gets, and what is kept of those that were signed. What may stand in one is decided by
`declaration`, what is signed by `register.declared`.

1. Each signed declaration has a number of its own, counted by this venue. What is kept of it is its number, time, digest and scope,
   never to whom a private one was given.
2. A withdrawal names the declaration by number and digest, and is signed as well.
3. The public page offers the note of what is published now, and that of the last withdrawal of what had been published.
"""

from __future__ import annotations

import time
from typing import Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.register.declared import Declared, Scope, open_declared
from good_offices.register.host import HostSigner
from good_offices.venue.folder import Folder, replace_private

SIGNED: Final = "declaration-signed"
WITHDRAWN: Final = "declaration-withdrawn"
NUMBERS: Final = "declaration-numbers"


class Issued(Record, kw_only=True):
    """A declaration that was signed: its number, when (s), for whom, the digest of its text, when it was withdrawn (0: not)."""

    number: int
    time: int
    scope: Scope
    digest: bytes
    withdrawn: int = 0


class _Numbers(Record, kw_only=True, tag="good-offices/venue-declarations/1", tag_field="form"):
    """The file: all that were signed, by rising number."""

    issued: tuple[Issued, ...] = ()


def issued(folder: Folder) -> tuple[Issued, ...]:
    """Return the declarations that were signed here, by rising number.

    Raises:
        OperationalError: `venue-disk`, `venue-database-damaged`.
    """
    path = folder.path / NUMBERS
    try:
        return unpack(path.read_bytes(), _Numbers, what=NUMBERS).issued
    except FileNotFoundError:
        return ()
    except OSError as failed:
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    except GoodOfficesError:
        raise OperationalError("venue-database-damaged", why=NUMBERS) from None


def sign(folder: Folder, words: str, scope: Scope) -> bytes:
    """Return the note of a declaration, numbered; a published one is offered on the public page (rules 1 and 3).

    Raises:
        OperationalError: as `issued`.
    """
    before = issued(folder)
    declared = Declared(
        keys=_signer(folder).keys, number=len(before) + 1, time=int(time.time()), scope=scope, words=words
    )
    note = _signer(folder).sign_text(declared.text())
    one = Issued(number=declared.number, time=declared.time, scope=scope, digest=declared.digest)
    _keep(folder, (*before, one))
    if scope == "published":
        replace_private(folder.path / SIGNED, note)
        replace_private(folder.path / WITHDRAWN, None)
    return note


def withdraw(folder: Folder, number: int | None = None) -> bytes | None:
    """Return the note that withdraws a declaration; without a number that of the published one, None if there is none (rule 2).

    Raises:
        LocalError: `declaration-not-signed`, `declaration-withdrawn-already`.
        OperationalError: as `issued`.
    """
    every = list(issued(folder))
    if number is None:
        standing = [one for one in every if one.scope == "published" and not one.withdrawn]
        if not standing:
            return None
        number = standing[-1].number
    if not 1 <= number <= len(every):
        raise LocalError("declaration-not-signed", number=number)
    one = every[number - 1]
    if one.withdrawn:
        raise LocalError("declaration-withdrawn-already", number=number)
    now = int(time.time())
    signer = _signer(folder)
    text = Declared(keys=signer.keys, number=number, time=now, withdraws=one.digest).text()
    note = signer.sign_text(text)
    every[number - 1] = Issued(
        number=number, time=one.time, scope=one.scope, digest=one.digest, withdrawn=now
    )
    _keep(folder, tuple(every))
    if one.scope == "published" and all(each.number <= number for each in every if each.scope == "published"):
        replace_private(folder.path / WITHDRAWN, note)
        replace_private(folder.path / SIGNED, None)
    return note


def standing(folder: Folder, name: str) -> tuple[Declared, bytes] | None:
    """Return the declaration or withdrawal that is offered for download, with its note; None if there is none that holds."""
    try:
        note = (folder.path / name).read_bytes()
        declared = open_declared(note)
    except (OSError, GoodOfficesError):
        return None
    return (declared, note) if declared.keys == _signer(folder).keys else None


def offered(folder: Folder, words: str | None) -> dict[str, tuple[Declared, bytes]]:
    """Return the notes for the public page: `signed` if these words stand in it, `withdrawn` if none are shown (rule 3)."""
    found = {}
    signed = standing(folder, SIGNED) if words is not None else None
    if signed is not None and signed[0].words == words:
        found["signed"] = signed
    gone = standing(folder, WITHDRAWN) if words is None else None
    if gone is not None:
        found["withdrawn"] = gone
    return found


def stamp(folder: Folder) -> tuple[object, ...]:
    """Return what tells the notes of the public page from others."""
    found: list[object] = []
    for name in (SIGNED, WITHDRAWN):
        try:
            state = (folder.path / name).stat()
        except OSError:
            found.append(None)
        else:
            found.append((state.st_ino, state.st_mtime_ns, state.st_size))
    return tuple(found)


def _signer(folder: Folder) -> HostSigner:
    """Return the host's signer under the name of its origin alone."""
    return folder.signer().named(folder.settings.origin)


def _keep(folder: Folder, every: tuple[Issued, ...]) -> None:
    """Keep the declarations that were signed."""
    replace_private(folder.path / NUMBERS, pack(_Numbers(issued=every)))
