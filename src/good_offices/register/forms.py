"""Reading a record whose first question is its version.

This module decides that an unknown format is named as such before its fields are looked at: a later version has
other fields, and "damaged" would be the wrong word and the wrong remedy.
"""

from __future__ import annotations

from typing import TypeVar

from good_offices.encoding import decode, unpack
from good_offices.errors import RemoteError

R = TypeVar("R")


def read(data: bytes, kind: type[R], form: str, *, what: str, limit: int) -> R:
    """Return the record of type `kind` in `data`, whose field `form` must be `form` (spec/encoding.md section 5).

    Raises:
        RemoteError: `too-large`, `not-canonical`, `text-not-plain` or `unknown-version`.
    """
    value = decode(data, what=what, limit=limit)
    found = value.get("form") if isinstance(value, dict) else None
    if isinstance(found, str) and found != form:
        raise RemoteError("unknown-version", what=what, version=found[:64])
    return unpack(data, kind, what=what, limit=limit)
