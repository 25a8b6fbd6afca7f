"""How a state is kept: immutable parts, each hashed once.

This module decides what a state's hash covers. It never changes a part in place.

1. A state is a record of parts; a part is a plain value, another state, or a table of items or numbers under text
   keys.
2. The hash of a table is that of `text.tables` (numbers as 8 bytes); the hash of a state is over the hashes of its parts, in the order of its fields (spec/talks.md R-70).
3. A part that an act leaves alone keeps its hash, so that an act costs what it changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final, TypeVar, cast

import msgspec

from good_offices.encoding import Record, encode, image
from good_offices.text.tables import table_digest

S = TypeVar("S", bound="State")


class Item(Record, frozen=True, dict=True):
    """An entry of a table; hashed once."""

    @property
    def digest(self) -> bytes:
        """The 32-byte hash of the entry."""
        known = self.__dict__
        if "_digest" not in known:
            known["_digest"] = hashlib.sha256(image(self)).digest()
        return cast("bytes", known["_digest"])


class State(Record, frozen=True, dict=True):
    """A record of parts with a hash that is computed part by part."""

    @property
    def digest(self) -> bytes:
        """The 32-byte hash of the state (spec/talks.md R-70)."""
        known = self.__dict__
        if "_digest" not in known:
            joined = b"".join(map(_parts(self).__getitem__, self.__struct_fields__))
            known["_digest"] = hashlib.sha256(type(self).__name__.encode() + b"\x00" + joined).digest()
        return cast("bytes", known["_digest"])


def evolve(state: S, **changes: Any) -> S:
    """Return the state with some parts replaced; the hashes of the others are kept."""
    new = msgspec.structs.replace(state, **changes)
    known = state.__dict__.get("_parts")
    if known:
        parts = known.copy()
        for name in changes:
            parts.pop(name, None)
        new.__dict__["_parts"] = parts
    return new


def moved(state: S, source: State, names: Iterable[str]) -> S:
    """Return the state with the parts of these names as another state has them, and with their hashes.

    For parts that go to and fro between two states: they are hashed once, however often they go.
    """
    new = msgspec.structs.replace(state, **{name: getattr(source, name) for name in names})
    known = _parts(source)
    new.__dict__["_parts"] = state.__dict__.get("_parts", {}) | {name: known[name] for name in names}
    return new


def _parts(state: State) -> dict[str, bytes]:
    """Return the hashes of all parts by name, computed if they are not known."""
    parts: dict[str, bytes] = state.__dict__.setdefault("_parts", {})
    names = state.__struct_fields__
    if len(parts) < len(names):
        for name in names:
            if name not in parts:
                parts[name] = _part(getattr(state, name))
    return parts


def _part(value: Any) -> bytes:
    """Return the 32-byte hash of one part."""
    if isinstance(value, dict):
        return table_digest(value)
    if value is None:
        return _NONE
    if type(value) in _PLAIN:
        return hashlib.sha256(encode(value)).digest()
    digest = getattr(value, "digest", None)
    return hashlib.sha256(image(value)).digest() if digest is None else digest


# What needs no turning into anything before it is written.
_PLAIN: Final = frozenset({bytes, int})
_NONE: Final = hashlib.sha256(image(None)).digest()
