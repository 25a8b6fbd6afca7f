"""Tables: entries under text keys, and one hash over them that costs what was changed.

This module decides what the hash of a table covers (spec/text.md rule 8.8). It never knows what the entries are.

1. Keys are dealt into groups by their own hash; a group is hashed over its keys and its entries' hashes in the order of the
   keys; the table over its groups that are not empty. The order in which a table was built makes no difference.
2. A table made by `put` remembers the groups of the one before it and hashes those alone that a key was put into or
   taken from. A plain dict is a table too; it is hashed whole.
3. A table that was asked which entries are about a unit remembers it, and so do those made from it: what is settled about one unit
   costs nothing for all that was ever said about the others.

A sum of the entries' hashes would be cheaper still. It is not done: who may choose entries can find other entries with the
same sum.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final, TypeVar

V = TypeVar("V")

GROUPS: Final = 64
_NUMBERS: Final = [bytes((number,)) for number in range(GROUPS)]
_Groups = list[dict[str, bytes]]
_Units = dict[str, tuple[str, ...]]


class Table(dict[str, V]):
    """A dict that remembers its groups, and its keys by unit if it was asked; never changed after it was made."""

    __slots__ = ("changed", "groups", "hashes", "units")

    groups: _Groups | None
    # One a group: its number and its hash, nothing if it is empty.
    hashes: list[bytes]
    changed: AbstractSet[str]
    units: _Units | None


def put(table: Mapping[str, V], new: Mapping[str, V], without: Iterable[str] = ()) -> dict[str, V]:
    """Return the table with these entries in it and without those under `without`."""
    out: Table[V] = Table(table)
    gone = [key for key in without if out.pop(key, None) is not None] if without else []
    out.update(new)
    if not out:
        # A field at its default is left out of the bytes, and only a plain empty dict is seen to be the default.
        return {}
    if isinstance(table, Table):
        out.groups, out.hashes = table.groups, table.hashes
        out.changed = {*table.changed, *new, *gone}
        out.units = None if table.units is None else _moved(table.units, table, new, gone)
    else:
        out.groups, out.hashes, out.changed, out.units = None, [], set(), None
    return out


def of_units(table: Mapping[str, V], units: Collection[str]) -> dict[str, V]:
    """Return the entries whose `unit` is one of `units`."""
    if not isinstance(table, Table):
        return {key: one for key, one in table.items() if one.unit in units}  # type: ignore[attr-defined]
    if table.units is None:
        built: dict[str, list[str]] = {}
        for key, one in table.items():
            built.setdefault(one.unit, []).append(key)
        table.units = {unit: tuple(keys) for unit, keys in built.items()}
    return {key: table[key] for unit in sorted(units) for key in table.units.get(unit, ())}


def table_digest(table: Mapping[str, Any]) -> bytes:
    """Return the 32-byte hash of a table (spec/text.md rule 8.8)."""
    if not isinstance(table, Table):
        return _digest_of(table)
    if table.groups is None:
        groups: _Groups = [{} for _ in range(GROUPS)]
        hashes = [b""] * GROUPS
        changed: AbstractSet[str] = table.keys()
    else:
        groups, hashes, changed = table.groups.copy(), table.hashes.copy(), table.changed
    fresh: dict[int, dict[str, bytes]] = {}
    for key in changed:
        number = _group(key)
        group = fresh.get(number)
        if group is None:
            group = fresh[number] = groups[number] = groups[number].copy()
        if key in table:
            group[key] = _row(table[key])
        else:
            group.pop(key, None)
    for number, group in fresh.items():
        hashes[number] = _NUMBERS[number] + _hash_of(group) if group else b""
    table.groups, table.hashes, table.changed = groups, hashes, frozenset()
    return hashlib.sha256(b"".join(hashes)).digest()


def _digest_of(table: Mapping[str, Any]) -> bytes:
    """Return the hash of a plain dict: mostly a handful of entries, for which no groups are laid out."""
    dealt: dict[int, dict[str, bytes]] = {}
    for key, entry in table.items():
        dealt.setdefault(_group(key), {})[key] = _row(entry)
    return hashlib.sha256(b"".join([_NUMBERS[at] + _hash_of(dealt[at]) for at in sorted(dealt)])).digest()


def _moved(units: _Units, table: Mapping[str, Any], new: Mapping[str, Any], gone: Iterable[str]) -> _Units:
    """Return the keys by unit after entries came and went."""
    out: dict[str, tuple[str, ...]] = dict(units)
    for key in (*gone, *new):
        if key in table:
            unit = table[key].unit
            out[unit] = tuple(one for one in out[unit] if one != key)
    for key, one in new.items():
        out[one.unit] = (*out.get(one.unit, ()), key)
    return out


@lru_cache(maxsize=4096)
def _group(key: str) -> int:
    """Return the number of a key's group; remembered, because an act mostly changes what another changed before it."""
    return hashlib.sha256(key.encode()).digest()[0] % GROUPS


def _row(entry: Any) -> bytes:
    """Return what stands for an entry: its hash, or a number as 8 bytes."""
    row: bytes = entry.to_bytes(8) if isinstance(entry, int) else entry.digest
    return row


def _hash_of(group: Mapping[str, bytes]) -> bytes:
    """Return the hash of a group that is not empty."""
    keys = sorted(group) if len(group) > 1 else list(group)
    # No key holds a zero byte: canonical text has no control characters.
    names = "\x00".join(keys).encode()
    rows = [group[key] for key in keys]
    return hashlib.sha256(b"".join((len(names).to_bytes(8), names, *rows))).digest()
