"""Typed records: a class for each format, canonical bytes for each record.

This module decides how a record becomes bytes and back. It never accepts a record with a missing, unknown or
mistyped field.

A format is a subclass of `Record`, keyword-only and with its name as msgspec tag (`tag_field="form"`), which is
always written; a field that has its default is left out. Reading converts to the class and packs again:
one comparison refuses unknown fields, defaults spelt out, and every other second encoding. What is refused is
read once more as a plain value, to say which of them it was.

msgspec leaves a field out if it is the very default, not if it is equal to it: words that somebody typed, or that were
read, are other objects. So a record takes the default itself in the place of what is equal to it, however it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

import msgspec

from good_offices.encoding.canonical import MAX_BYTES, decode, encode, encode_checked, parse
from good_offices.errors import RemoteError


def _settler(defaults: dict[str, Any]) -> Callable[[Any], None]:
    """Return what puts the defaults themselves in the place of what is equal to them in a new record."""

    def settle(record: Any) -> None:
        for name, default in defaults.items():
            value = getattr(record, name)
            if value is not default and value == default:
                msgspec.structs.force_setattr(record, name, default)

    settle.defaults = defaults  # type: ignore[attr-defined] # read again for a class that is made of this one
    return settle


class _Form(msgspec.StructMeta):
    """Makes the classes of records; here, because no class can forget it and no field has to be thought of."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any) -> type:
        """Return a class whose records leave out what is equal to a default.

        Nothing, truth values and what is empty are one object each in every process; all others need it.
        """
        defaults: dict[str, Any] = {}
        for base in reversed(bases):
            defaults |= getattr(getattr(base, "__post_init__", None), "defaults", {})
        defaults |= {
            key: value
            for key, value in namespace.items()
            if not key.startswith("_") and isinstance(value, str | bytes | int | tuple) and value
        }
        if defaults:
            namespace = {**namespace, "__post_init__": _settler(defaults)}
        return super().__new__(mcs, name, bases, namespace, **options)


# Tells type checkers what msgspec does by itself: a subclass is as frozen as its base.
@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, metaclass=_Form):
    """Base of every format of spec/: immutable, compared by value."""


R = TypeVar("R")


def pack(record: Any) -> bytes:
    """Return the canonical bytes of a record (spec/encoding.md section 5).

    Raises:
        LocalError: `not-canonical` or `text-not-plain`.
    """
    return encode(msgspec.to_builtins(record, builtin_types=(bytes,)))


def image(record: Any) -> bytes:
    """Return the canonical bytes of a record made of values that were read or packed before; for hashing what is held.

    As `pack`, without looking at every text again: a state is hashed at every act, and holds only what acts said.
    """
    return encode_checked(msgspec.to_builtins(record, builtin_types=(bytes,)))


def unpack(data: bytes, form: type[R], *, what: str = "the record", limit: int = MAX_BYTES) -> R:
    """Return the record of type `form` that `data` stands for (spec/encoding.md section 5).

    Raises:
        RemoteError: `too-large`, `not-canonical` or `text-not-plain`.
    """
    value, canonical = parse(data, what=what, limit=limit)
    try:
        record: R = msgspec.convert(value, form, strict=True, builtin_types=(bytes,))
    except (msgspec.ValidationError, RecursionError) as broken:
        decode(data, what=what, limit=limit)
        raise RemoteError("not-canonical", what=what, why=_where(broken)) from None
    again = msgspec.to_builtins(record, builtin_types=(bytes,))
    # A record of the same value as canonical bytes has the same bytes. A tuple is never equal to a list, and no record
    # takes a number for a truth value: what is not equal is asked for its bytes, what is equal is the same.
    if canonical and again == value:
        return record
    if encode_checked(again) != data:
        decode(data, what=what, limit=limit)
        raise RemoteError("not-canonical", what=what, why="another form of the same record")
    return record


def _where(broken: Exception) -> str:
    """Return the kind of mismatch without any value from the data."""
    text = str(broken)
    return text if "Invalid value" not in text and len(text) < 160 else "a field of the wrong form"
