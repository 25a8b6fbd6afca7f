"""Deterministic CBOR: which bytes stand for a value.

This module decides the bytes that are hashed and signed. It never guesses: what is not canonical is refused.

1. Only RFC 8949 section 4.2.1 core deterministic encoding of: integers of 64 bits, byte strings, text
   strings, booleans, null, arrays, and maps whose keys are text strings.
2. No floats, no tags, no indefinite lengths, no `undefined`, no duplicate keys, no trailing bytes.
3. At most `MAX_DEPTH` nested containers and `MAX_BYTES` bytes, unless the caller states a smaller limit.
4. Reading is: parse, encode again, compare. Maps are encoded again in the order in which they came, and that order is
   checked.
5. Text strings pass `check_text`: NFC, assigned code points only, no control but LF and TAB.

With text keys only, shorter encodings first is the bytewise order of 4.2.1. Maps are put in order here and not by cbor2:
nearly all are records, of which there are few kinds, and to sort each anew takes most of the time of writing.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import cbor2

from good_offices.encoding.plaintext import check_text
from good_offices.errors import LocalError, RemoteError

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_DEPTH: Final = 48
_INT_MIN, _INT_MAX = -(2**63), 2**64 - 1
# Keys of maps that were checked, and whether they are in canonical order. Of hostile messages at most `_KNOWN` maps
# are remembered, each of at most `_KEYS` characters.
_ORDERS: Final[dict[tuple[Any, ...], bool]] = {}
_SORTED: Final[dict[tuple[str, ...], tuple[str, ...]]] = {}
_KNOWN: Final = 1024
_KEYS: Final = 256
_CONTAINERS: Final = frozenset({dict, list, tuple})
_TEXT: Final = frozenset({str})


def encode(value: Any) -> bytes:
    """Return the canonical bytes of `value` (spec/encoding.md section 1).

    Raises:
        LocalError: `not-canonical` if the value has a type outside rule 1; `text-not-plain` for rule 5.
    """
    in_order = _check(value, MAX_DEPTH, LocalError)
    return cbor2.dumps(value) if in_order else encode_checked(value)


def encode_checked(value: Any) -> bytes:
    """Return the canonical bytes of `value`, which the caller knows to keep all rules."""
    return cbor2.dumps(_ordered(value))


def decode(data: bytes, *, what: str = "the message", limit: int = MAX_BYTES) -> Any:
    """Return the value that `data` stands for (spec/encoding.md section 2).

    Raises:
        RemoteError: `too-large`, `not-canonical` or `text-not-plain`.
    """
    value, canonical = parse(data, what=what, limit=limit)
    if not canonical:
        raise RemoteError("not-canonical", what=what, why="another encoding of the same value")
    return value


def parse(data: bytes, *, what: str, limit: int) -> tuple[Any, bool]:
    """Return the value of `data`, checked but for rule 4, and whether it keeps that too; the caller refuses it if not.

    Raises:
        RemoteError: `too-large`, `not-canonical` or `text-not-plain`.
    """
    if len(data) > limit:
        raise RemoteError("too-large", what=what, size=len(data), limit=limit)
    try:
        value = cbor2.loads(
            data,
            max_depth=MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            strict_hashable_types=True,
        )
    except Exception as broken:
        # cbor2 raises many kinds, some of them outside its own hierarchy, for hostile input.
        raise RemoteError("not-canonical", what=what, why="not well-formed CBOR") from broken
    in_order = _check(value, MAX_DEPTH, RemoteError, what)
    return value, in_order and cbor2.dumps(value) == data


def digest(value: Any) -> bytes:
    """Return the SHA-256 of the canonical bytes of `value`: 32 bytes."""
    return hashlib.sha256(encode(value)).digest()


def _check(
    value: Any,
    depth: int,
    error: type[LocalError | RemoteError],
    what: str = "the message",
) -> bool:
    """Return whether all maps are in canonical order, after refusing a value outside rules 1, 3 and 5.

    `error` says whose bytes they are.
    """
    kind = type(value)
    if not (kind is dict or kind is list or kind is tuple):
        _check_plain(value, error, what)
        return True
    if depth == 0:
        raise error("not-canonical", what=what, why="nested too deep")
    in_order = _check_keys(value, error, what) if kind is dict else True
    for item in value.values() if kind is dict else value:
        inner = type(item)
        # Most text is ASCII without control characters; asked here, it costs no call.
        if inner is bytes or (inner is str and item.isascii() and item.isprintable()):
            continue
        if not _check(item, depth - 1, error, what):
            in_order = False
    return in_order


def _check_plain(value: Any, error: type[LocalError | RemoteError], what: str) -> None:
    """Refuse a value that is no container and outside rules 1 and 5."""
    kind = type(value)
    if kind is bytes or kind is bool or value is None:
        return
    if kind is str:
        check_text(value, what=what, error=error)
    elif kind is not int:
        raise error("not-canonical", what=what, why=f"the type {kind.__name__}")
    elif not _INT_MIN <= value <= _INT_MAX:
        raise error("not-canonical", what=what, why="an integer of more than 64 bits")


def _check_keys(value: dict[Any, Any], error: type[LocalError | RemoteError], what: str) -> bool:
    """Return whether a map's keys are in canonical order, after refusing one whose keys are not all plain text."""
    keys = tuple(value)
    # Nearly all maps are records, of which there are few kinds. Types are asked apart: others may be equal to text.
    known = _ORDERS.get(keys)
    if known is not None and _TEXT.issuperset(map(type, keys)):
        return known
    for key in keys:
        if type(key) is not str:
            raise error("not-canonical", what=what, why="a map key that is not text")
        check_text(key, what=what, error=error)
    in_order = keys == _sorted(keys)
    if len(_ORDERS) < _KNOWN and sum(map(len, keys)) <= _KEYS:
        _ORDERS[keys] = in_order
    return in_order


def _ordered(value: Any) -> Any:
    """Return a value with all its maps in canonical order."""
    kind = type(value)
    if kind is dict:
        # Most of what a map holds is no container; asked here, it costs no call.
        return {
            key: _ordered(item) if type(item := value[key]) in _CONTAINERS else item
            for key in _sorted(tuple(value))
        }
    if kind is list or kind is tuple:
        return [_ordered(item) if type(item) in _CONTAINERS else item for item in value]
    return value


def _sorted(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return text keys in canonical order (RFC 8949 section 4.2.1)."""
    known = _SORTED.get(keys)
    if known is not None:
        return known
    encoded = sorted((key.encode() for key in keys), key=lambda one: (len(one), one))
    found = tuple(one.decode() for one in encoded)
    if len(_SORTED) < _KNOWN and sum(map(len, keys)) <= _KEYS:
        _SORTED[keys] = found
    return found
