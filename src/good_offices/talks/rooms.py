"""What every room keeps: its authors' chains, its running record, its state's hash at every size.

This module decides whether an act is the next of its author in this room, and whether what it saw can be. It never
knows what an act says.

1. A chain is of one desk in one room; it advances with every act that is next in it, void or not (R-10).
2. The running record is a hash over every entry of the room and its verdict, so that two readers who judged one
   entry differently differ from there on.
3. The hashes of the room's state are kept by index: an act says which it had computed at what it saw (R-15).
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import field

from good_offices.errors import LocalError
from good_offices.talks.acts import NO_ACT, Act, Seen
from good_offices.talks.state import Item, State, evolve
from good_offices.talks.verdict import Verdict

_STATE: Final = b"good-offices/v1/state\x00"
_ROW: Final = 40


class Chain(Item, frozen=True, kw_only=True):
    """What the next act of a desk in a room must follow: sequence, act hash, what was seen, and the time."""

    sequence: int = 0
    previous: bytes = NO_ACT
    seen: int = 0
    common: int = 0
    time: int = 0


class Log(State, frozen=True, kw_only=True):
    """The chains of a room by certificate, and the running record of its entries."""

    chains: dict[str, Chain] = field(default_factory=dict)
    record: bytes = bytes(32)
    entries: int = 0

    def chain(self, author: bytes) -> Chain:
        """Return the chain of a desk in this room."""
        return self.chains.get(author.hex(), _BEGUN)


class History:
    """The hashes of a room's state, by the index of the entry after which they hold; grows only at its end."""

    def __init__(self, rows: bytes = b"") -> None:
        """Take up rows of an index (8 bytes) and a hash (32)."""
        cut = [rows[at : at + _ROW] for at in range(0, len(rows), _ROW)]
        self._indices = [int.from_bytes(row[:8]) for row in cut]
        self._hashes = [row[8:] for row in cut]

    def add(self, index: int, state: bytes) -> None:
        """Note the hash that holds from after entry `index`."""
        self._indices.append(index)
        self._hashes.append(state)

    def at(self, size: int) -> bytes:
        """Return the hash at a size of the register; 32 zero bytes before the genesis."""
        found = bisect_left(self._indices, size)
        return self._hashes[found - 1] if found else NO_ACT

    def rows(self) -> bytes:
        """Return everything as bytes, for a snapshot."""
        return b"".join(
            index.to_bytes(8) + one for index, one in zip(self._indices, self._hashes, strict=True)
        )


_BEGUN: Final = Chain()


def state_hash(room: str, parts: Iterable[bytes]) -> bytes:
    """Return the hash of a room's state over the hashes of its parts: 32 bytes (R-70)."""
    return hashlib.sha256(_STATE + bytes.fromhex(room) + b"".join(parts)).digest()


def recorded(log: Log, leaf: bytes, verdict: Verdict, chains: Mapping[str, Chain] | None = None) -> Log:
    """Return the log with one more entry and its verdict in the running record, and with these chains if any are given."""
    said = f"{verdict.status}\x00{verdict.code or ''}".encode()
    record = hashlib.sha256(log.record + leaf + said).digest()
    if chains is None:
        return evolve(log, record=record, entries=log.entries + 1)
    return evolve(log, record=record, entries=log.entries + 1, chains=chains)


def begins_room(act: Act | None) -> bool:
    """Tell whether an act is a manifest for its own room, sealed under the very epoch that it issues (R-13).

    Only the first epoch of a room begins so; later ones are issued under the epoch before, so that every reader of
    the room sees the manifest even if the wraps pass that reader over.
    """
    if act is None or act.event.name != "ManifestIssued":
        return False
    manifest = act.event.manifest  # type: ignore[union-attr]
    return bool(manifest.room == act.room and manifest.hash == act.manifest)


def check_next(chain: Chain, act: Act) -> None:
    """Pass if the act is the next in its chain (R-10).

    Raises:
        LocalError: `chain-broken`.
    """
    if (act.sequence, act.previous) != (chain.sequence, chain.previous):
        raise LocalError("chain-broken", expected=chain.sequence)


def check_seen(seen: Seen, least: int, most: int, root: bytes | None) -> None:
    """Pass if a view lies between two sizes and has the root that we hold at its size (R-11).

    Raises:
        LocalError: `seen-ahead`, `seen-runs-back`, `seen-differs`.
    """
    if not 1 <= seen.size <= most:
        raise LocalError("seen-ahead")
    if seen.size < least:
        raise LocalError("seen-runs-back")
    if seen.root != root:
        raise LocalError("seen-differs", size=seen.size)
