"""How a state is kept: immutable parts, each hashed once.

This module decides what a state's hash covers. It never changes a part in place.

1. A state is a record of parts; a part is a plain value, another state, or a table of items or numbers under text
   keys.
2. The hash of a table is that of `text.tables` (numbers as 8 bytes); the hash of a state is over the hashes of its parts, in the order of its fields (spec/talks.md R-70).
3. A part that an act leaves alone keeps its hash, so that an act costs what it changes.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any, TypeVar, cast

import msgspec

from good_offices.encoding import Record, image
from good_offices.text.tables import table_digest

S = TypeVar("S", bound="State")


class Item(Record, frozen=True, dict=True):
    """An entry of a table; hashed once."""

    @cached_property
    def digest(self) -> bytes:
        """The 32-byte hash of the entry."""
        return hashlib.sha256(image(self)).digest()


class State(Record, frozen=True, dict=True):
    """A record of parts with a hash that is computed part by part."""

    @property
    def digest(self) -> bytes:
        """The 32-byte hash of the state (spec/talks.md R-70)."""
        known = self.__dict__
        if "_digest" not in known:
            parts = known.setdefault("_parts", {})
            for name in self.__struct_fields__:
                if name not in parts:
                    parts[name] = _part(getattr(self, name))
            joined = b"".join(parts[name] for name in self.__struct_fields__)
            known["_digest"] = hashlib.sha256(type(self).__name__.encode() + b"\x00" + joined).digest()
        return cast("bytes", known["_digest"])


def evolve(state: S, **changes: Any) -> S:
    """Return the state with some parts replaced; the hashes of the others are kept."""
    new = msgspec.structs.replace(state, **changes)
    parts = state.__dict__.get("_parts", {})
    new.__dict__["_parts"] = {name: one for name, one in parts.items() if name not in changes}
    return new


def _part(value: Any) -> bytes:
    """Return the 32-byte hash of one part."""
    if isinstance(value, dict):
        return table_digest(value)
    if hasattr(value, "digest"):
        return cast("bytes", value.digest)
    return hashlib.sha256(image(value)).digest()
