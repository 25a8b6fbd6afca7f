"""Communiqués: what all delegations of a talks release together, taken from a desk, kept, and shown to everybody.

This module decides which are taken (spec/communique.md R-138) and how they are kept. It opens nothing of the talks: a file
says by itself who signed it, and the introductions in the register, in clear, say whose desks these are.

1. Each is a file of its own in the venue folder, under its number, apart from the register; it is whole and synced before
   the desk has its answer.
2. A file that does not hold is not shown, and the log says so: neither a damaged disk nor somebody with an editor puts
   words on the page that the delegations have not signed.
3. The host can take one off its page; it can put none there. Which were taken off, and when, stands in a list beside them.
4. A file is verified once, and again when a byte of it is another: what was found is known by the hash of all its bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from good_offices.errors import GoodOfficesError, LocalError, OperationalError, RemoteError
from good_offices.register.certified import Certified
from good_offices.register.communique import MAX_FILE, Communique, Verified, verify_file
from good_offices.register.handed import Shown
from good_offices.venue.folder import Folder, sync_folder, write_private
from good_offices.venue.store import Desk

MOST: Final = 64
_KNOWN: Final = 256
_LIST: Final = "communiques-taken-off.txt"
_ROW: Final = re.compile(r"([0-9a-f]{64}) ([0-9]{1,15})")
NAMED: Final = re.compile(r"communique-([0-9a-f]{64})\.goodoffices")
_log = logging.getLogger("good_offices.venue")


class Public(NamedTuple):
    """A communiqué that is shown: its file, and what stands in it."""

    data: bytes
    number: str
    communique: Communique
    desks: tuple[Certified, ...]
    since_ms: int = 0


class TakenOff(NamedTuple):
    """A communiqué that is shown no more, by its number, and when that was by this machine's clock."""

    number: str
    time_ms: int


# By SHA-256 of the file, the oldest first: a page of many communiqués must not verify all of them for one more.
_verified: OrderedDict[bytes, Verified] = OrderedDict()


def verified(data: bytes) -> Verified:
    """Return what a file says, if it holds (rule 4).

    Raises:
        RemoteError: as `verify_file`; a file that does not hold is looked at every time.
    """
    name = hashlib.sha256(data).digest()
    found = _verified.get(name)
    if found is None:
        found = _verified[name] = verify_file(data)
        while len(_verified) > _KNOWN:
            _verified.popitem(last=False)
    return found


def file_name(number: str) -> str:
    """Return the name of the file with this communiqué in the venue folder."""
    return f"communique-{number}.goodoffices"


def stamp(folder: Folder) -> tuple[tuple[str, int, int], ...]:
    """Return what tells one set of files from another: names, times, sizes; the newest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.path.iterdir():
            if NAMED.fullmatch(path.name):
                about = path.stat()
                found.append((path.name, about.st_mtime_ns, about.st_size))
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))


def load(folder: Folder) -> list[Public]:
    """Return the communiqués that are shown, the newest first (rule 2)."""
    found = []
    for name, time_ns, _size in stamp(folder):
        try:
            data = _read(folder.path / name)
            held = verified(data)
            if file_name(held.number) != name:
                raise RemoteError("communique-malformed", why="it has another number")
        except (OSError, GoodOfficesError) as broken:
            why = broken.code if isinstance(broken, GoodOfficesError) else broken.strerror
            _log.error("a communiqué is not shown: %s", why)
            continue
        found.append(Public(data, held.number, held.communique, held.desks, time_ns // 1_000_000))
    return found


def taken_off(folder: Folder) -> list[TakenOff]:
    """Return the communiqués that the host took off its page, the newest first; those shown again are not among them."""
    try:
        lines = (folder.path / _LIST).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    rows = [found for line in lines if (found := _ROW.fullmatch(line))]
    last = {found[1]: TakenOff(found[1], int(found[2])) for found in rows}
    gone = [one for one in last.values() if not (folder.path / file_name(one.number)).exists()]
    return sorted(gone, key=lambda one: -one.time_ms)


def check(  # each is looked up by another part of the venue
    verified: Verified,
    talks: bytes,
    shown: Shown,
    enrolled: Callable[[str], Desk | None],
    now_ms: int,
) -> None:
    """Pass if a communiqué that holds is one of these talks, of all their delegations, and its hour has come (R-138).

    Raises:
        RemoteError: `communique-not-ours`, `communique-early`.
    """
    communique = verified.communique
    if communique.talks != talks or sorted(communique.names) != sorted(shown.delegations):
        raise RemoteError("communique-not-ours", why="it is of other talks or other delegations")
    for desk in verified.desks:
        said = desk.statement
        if shown.roots.get(said.delegation) != desk.roots[0]:
            raise RemoteError("communique-not-ours", why="a root that was not introduced")
        known = enrolled(said.desk)
        if said.hash not in shown.desks or known is None or known.delegation != said.delegation:
            raise RemoteError("communique-not-ours", why="a desk that was not introduced")
        if known.removed:
            raise RemoteError("communique-not-ours", why="a desk that was recalled")
    if now_ms < communique.embargo:
        raise RemoteError("communique-early")


def keep(folder: Folder, verified: Verified, data: bytes) -> None:
    """Keep a communiqué; one that is there already stays as it is (rule 1).

    Raises:
        RemoteError: `communiques-full`.
        OperationalError: `venue-disk`.
    """
    path = folder.path / file_name(verified.number)
    if path.exists():
        return
    talks = verified.communique.talks
    if sum(one.communique.talks == talks for one in load(folder)) >= MOST:
        raise RemoteError("communiques-full", limit=MOST)
    fresh = folder.path / f".communique.{secrets.token_hex(8)}"
    try:
        write_private(fresh, data)
        fresh.replace(path)
        sync_folder(folder.path)
    except OSError as failed:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed


def take_off(folder: Folder, word: str) -> str:
    """Show a communiqué no more, by its number or the beginning of it; return the number (rule 3).

    Raises:
        LocalError: `communique-not-shown`.
        OperationalError: `venue-disk`.
    """
    numbers = [NAMED.fullmatch(name)[1] for name, _time, _size in stamp(folder)]  # type: ignore[index] # `stamp` matched it
    found = [one for one in numbers if len(word) >= 4 and one.startswith(word.lower())]
    if len(found) != 1:
        raise LocalError("communique-not-shown", numbers=", ".join(one[:8] for one in numbers) or "none")
    path = folder.path / file_name(found[0])
    try:
        with (folder.path / _LIST).open("a", encoding="ascii") as list_:
            list_.write(f"{found[0]} {int(time.time() * 1000)}\n")
        path.unlink()
        sync_folder(folder.path)
    except OSError as failed:
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    return found[0]


def languages(communique: Communique, reader: str) -> Sequence[str]:
    """Return the languages of a communiqué, that of the page first; none is left out."""
    return sorted(communique.words, key=lambda tag: (tag != reader, tag))


def _read(path: Path) -> bytes:
    """Return a file, one byte more than may be there at most."""
    with path.open("rb") as file:
        return file.read(MAX_FILE + 1)
