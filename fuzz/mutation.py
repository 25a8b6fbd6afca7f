"""How an input is changed: bytes as bytes, and canonical CBOR as the value that it stands for.

Changing bytes alone would be refused by the first parser; the value is changed and written again, so that the checks
behind it are reached.
"""

from __future__ import annotations

import random
from typing import Any

from good_offices.encoding import decode, encode
from good_offices.errors import GoodOfficesError

NUMBERS = (0, 1, -1, 23, 24, 255, 256, 2**31, 2**32, 2**53, 2**63 - 1, 2**64 - 1, -(2**63))
TEXTS = ("", "x", "a" * 300, "\n", "0" * 32, "ж", "日", "e\u0301", "[", "]", "\\", "valid", "en", "1e9")
PIECES = (
    b"",
    b"\x00",
    b"\xff",
    b"\n",
    b"\n\n",
    b" ",
    b"[",
    b"]",
    b"\xe2\x80\x94 ",
    b"\xf6",
    b"\x9f",
    b"=",
    b"\xc3\x28",
)


def mutate(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Return `data` changed in one to three places, all as bytes or all as values; `others` lend pieces."""
    as_bytes = chance.random() < 0.3
    for _ in range(chance.randint(1, 3)):
        changed = data if as_bytes else _value(chance, data)
        data = _bytes(chance, data, others) if changed == data else changed
    return data


def _bytes(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Return the bytes with one part flipped, inserted, removed, repeated, cut or taken from another input."""
    at, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    end = min(end, at + chance.choice((1, 4, 32, 1024)))
    changes = (
        lambda: data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :],
        lambda: data[:at] + chance.choice(PIECES) + data[at:],
        lambda: data[:at] + data[end:],
        lambda: data[:end] + data[at:],
        lambda: data[:at],
        lambda: data[:at] + chance.choice(others)[at:] if others else data,
    )
    return chance.choice(changes)()


def _value(chance: random.Random, data: bytes) -> bytes:
    """Return canonical CBOR with one node changed, or the bytes as they are if they are none."""
    try:
        return encode(_node(chance, decode(data)))
    except GoodOfficesError:
        return data


def _node(chance: random.Random, value: Any) -> Any:
    """Return the value with one node in it changed."""
    inside = isinstance(value, dict | list) and len(value) > 0
    if not inside or chance.random() < 0.05:
        return _other(chance, value)
    if isinstance(value, list):
        at = chance.randrange(len(value))
        return [*value[:at], *_item(chance, value[at]), *value[at + 1 :]]
    name = chance.choice(sorted(value))
    if chance.random() < 0.04:
        return {key: one for key, one in value.items() if key != name}
    if chance.random() < 0.03:
        return {**value, chance.choice(TEXTS): value[name]}
    inner = value[name]
    if isinstance(inner, bytes) and len(inner) > 64 and chance.random() < 0.7:
        return {**value, name: _value(chance, inner)}
    return {**value, name: _node(chance, inner)}


def _item(chance: random.Random, item: Any) -> list[Any]:
    """Return what stands in a list in the place of one item: none, the item changed, or twice."""
    return chance.choice(([], [_node(chance, item)], [_node(chance, item)], [item, item]))


def _other(chance: random.Random, value: Any) -> Any:
    """Return another value, mostly of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int) and chance.random() < 0.9:
        return chance.choice((value + 1, value - 1, *NUMBERS))
    if isinstance(value, str) and chance.random() < 0.9:
        at = chance.randint(0, len(value))
        return chance.choice((value[:at] + chance.choice(TEXTS) + value[at:], value[:at], *TEXTS))
    if isinstance(value, bytes) and chance.random() < 0.9:
        return chance.choice((_bytes(chance, value, []), bytes(len(value)), b"", value + b"\x00"))
    return chance.choice((None, True, False, 0, "", b"", [], {}, *NUMBERS, *TEXTS))
