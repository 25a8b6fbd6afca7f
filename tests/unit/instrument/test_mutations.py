"""No byte of an outcome can change: at random in the file, and field by field in its structure."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from good_offices.encoding import decode, encode
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument.verify import verify_outcome

CHANGES = 1_000
KINDS = ("flip", "replace", "insert", "delete", "append", "cut", "swap")


def changed(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    kind = rng.choice(KINDS)
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    if kind == "replace":
        return data[:at] + rng.randbytes(1) + data[at + 1 :]
    if kind == "insert":
        return data[:at] + rng.randbytes(rng.randrange(1, 5)) + data[at:]
    if kind == "delete":
        return data[:at] + data[at + rng.randrange(1, 5) :]
    if kind == "append":
        return data + rng.randbytes(rng.randrange(1, 40))
    if kind == "cut":
        return data[:at]
    other = rng.randrange(len(data))
    low, high = sorted((at, other))
    return data[:low] + data[high : high + 1] + data[low + 1 : high] + data[low : low + 1] + data[high + 1 :]


def test_a_thousand_random_changes_are_refused(honest):
    data = honest[1]
    rng = random.Random(20_261_122)
    refused = 0
    while refused < CHANGES:
        other = changed(data, rng)
        if other == data:
            continue
        with pytest.raises(RemoteError):
            verify_outcome(other)
        refused += 1


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """Every leaf and every container of a decoded file, by path."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key in value:
            found += places(value[key], (*path, key))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            found += places(one, (*path, at))
    return found


def mutate(value: Any, draw: st.DrawFn) -> Any:
    """Return another value of the same kind, or of another."""
    if isinstance(value, bytes) and value:
        at = draw(st.integers(0, len(value) - 1))
        return draw(
            st.sampled_from(
                (value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :], value[:-1], value + b"\x00", b"")
            )
        )
    if isinstance(value, int):
        return draw(st.sampled_from((value + 1, value - 1, 0, 2**63, -1)))
    if isinstance(value, str):
        return draw(st.sampled_from((value + "x", value[:-1], "")))
    if isinstance(value, list) and value:
        at = draw(st.integers(0, len(value) - 1))
        return draw(
            st.sampled_from(
                (
                    value[:at] + value[at + 1 :],
                    [*value, value[at]],
                    [*reversed(value)],
                    [],
                    value[at : at + 1],
                )
            )
        )
    return draw(st.sampled_from((None, 0, b"", "", [], {})))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=st.data())
def test_any_field_changed_and_encoded_again_is_refused_or_the_same(honest, source):
    data = honest[1]
    tree = decode(data)
    path = source.draw(st.sampled_from(places(tree)))
    parent = tree
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = source.draw(st.composite(lambda draw: mutate(parent[path[-1]], draw))())
    try:
        other = encode(tree)
    except GoodOfficesError:
        return
    if other != data:
        with pytest.raises(RemoteError):
            verify_outcome(other)


def test_no_field_can_be_left_out_or_added(honest):
    data = honest[1]
    for name in list(decode(data)):
        tree = decode(data)
        del tree[name]
        with pytest.raises(RemoteError):
            verify_outcome(encode(tree))
    tree = decode(data)
    tree["note"] = "unchecked"
    with pytest.raises(RemoteError):
        verify_outcome(encode(tree))
