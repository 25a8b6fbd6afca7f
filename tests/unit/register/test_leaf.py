"""Leaf v1: what cannot be written. What cannot be read is in spec/vectors/register/leaf.json."""

import pytest

from good_offices.errors import LocalError, RemoteError
from good_offices.register.leaf import TIME_MAX, Kind, Leaf
from good_offices.register.tree import leaf_hash


def test_fifty_bytes_in_their_order():
    data = Leaf.of(Kind.TERM, 1, b"abc").to_bytes()
    assert data[:18].hex() == "0108" + "0000000000000001" + "0000000000000003"
    assert data[18:].hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert Leaf.from_bytes(data).hash == leaf_hash(data)


@pytest.mark.parametrize(
    "leaf",
    [
        Leaf(Kind.TERM, -1, 0, bytes(32)),
        Leaf(Kind.TERM, TIME_MAX + 1, 0, bytes(32)),
        Leaf(Kind.TERM, 0, -1, bytes(32)),
        Leaf(Kind.TERM, 0, 2**63, bytes(32)),
        Leaf(Kind.TERM, 0, 0, bytes(31)),
    ],
)
def test_fields_outside_their_range(leaf):
    with pytest.raises(LocalError, match="outside its range"):
        leaf.to_bytes()


def test_a_body_of_the_same_length_and_one_of_another():
    leaf = Leaf.of(Kind.ENVELOPE, 0, b"abc")
    leaf.check_body(b"abc")
    for body in (b"abd", b"abcd"):
        with pytest.raises(RemoteError) as error:
            leaf.check_body(body)
        assert error.value.code == "body-mismatch"
