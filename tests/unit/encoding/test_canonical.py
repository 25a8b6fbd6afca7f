"""spec/encoding.md sections 1, 2 and 5."""

import math

import cbor2
import pytest
import unicodedataplus as tables
from hypothesis import given
from hypothesis import strategies as st

from good_offices.encoding import Record, decode, encode, pack, unpack
from good_offices.errors import LocalError, RemoteError

plain = st.text(st.characters(categories=("Lu", "Ll", "Nd", "Zs"), max_codepoint=0x500), max_size=20)
plain = plain.map(lambda text: tables.normalize("NFC", text))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=40) | plain,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(plain, inner, max_size=5),
    max_leaves=20,
)


class Thing(Record, kw_only=True, tag="good-offices/thing/1", tag_field="form"):
    number: int
    data: bytes
    words: tuple[str, ...] = ()
    note: str | None = None


@given(values)
def test_a_value_has_one_encoding(value):
    data = encode(value)
    assert decode(data) == value
    assert encode(decode(data)) == data


@given(values)
def test_the_bytes_are_those_of_a_canonical_encoder_that_sorts_each_map(value):
    assert encode(value) == cbor2.dumps(value, canonical=True)


@given(values)
def test_maps_in_another_order_are_refused_however_often_they_come(value):
    data = encode({"a": value, "bb": value})
    other = cbor2.dumps({"bb": decode(encode(value)), "a": decode(encode(value))})
    for _ in range(2):
        assert decode(data) == {"a": value, "bb": value}
        with pytest.raises(RemoteError) as refused:
            decode(other)
        assert refused.value.code == "not-canonical"


@given(st.binary(max_size=60))
def test_bytes_are_read_or_refused_and_nothing_else(data):
    code = None
    try:
        assert encode(decode(data)) == data
    except RemoteError as refused:
        code = refused.code
    assert code in {None, "not-canonical", "text-not-plain"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x00",  # trailing byte
        b"\x18\x01",  # 1 in two bytes
        b"\x5f\x41\x00\xff",  # indefinite length
        b"\xf9\x3c\x00",  # a float
        b"\xf7",  # undefined
        b"\xc1\x00",  # a tag
        b"\xc2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00",  # a bignum
        b"\xa2\x61b\x00\x61a\x00",  # keys out of order
        b"\xa2\x61a\x00\x61a\x00",  # a key twice
        b"\xa1\x00\x00",  # a key that is a number
        b"\xa1\x41a\x00",  # a key that is bytes
        b"\x61\xff",  # not UTF-8
        b"\x81" * 49 + b"\x00",  # 49 containers
        b"\x81" * 100_000,
        b"\x9a\xff\xff\xff\xff",  # four billion items announced
    ],
)
def test_what_is_not_canonical_is_refused(data):
    with pytest.raises(RemoteError) as refused:
        decode(data)
    assert refused.value.code == "not-canonical"


def test_48_containers_are_read():
    assert encode(decode(b"\x81" * 48 + b"\x00")) == b"\x81" * 48 + b"\x00"


def test_a_length_over_the_limit_is_refused_before_parsing():
    with pytest.raises(RemoteError, match="the limit is 3"):
        decode(b"\x83\x00\x00\x00", limit=3)


@pytest.mark.parametrize("value", [1.0, math.nan, 2**64, -(2**63) - 1, {1: 2}, {b"a": 1}, {1, 2}, object()])
def test_what_has_no_encoding_is_refused(value):
    with pytest.raises(LocalError) as refused:
        encode(value)
    assert refused.value.code == "not-canonical"


def test_a_record_is_read_back():
    thing = Thing(number=1, data=b"x", words=("a", "b"))
    assert unpack(pack(thing), Thing) == thing
    assert decode(pack(thing))["form"] == "good-offices/thing/1"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"extra": 1}, "unknown field"),
        ({"number": None}, "Expected `int`"),
        ({"number": "1"}, "Expected `int`"),
        ({"data": "eA=="}, "Expected `bytes`"),
        ({"note": None}, "another form of the same record"),
        ({"words": []}, "another form of the same record"),
        ({"form": "good-offices/thing/2"}, "a field of the wrong form"),
    ],
)
def test_a_record_with_anything_else_is_refused(change, why):
    fields = {**decode(pack(Thing(number=1, data=b"x"))), **change}
    with pytest.raises(RemoteError, match=why):
        unpack(cbor2.dumps(fields, canonical=True), Thing)


def test_a_missing_field_is_named():
    with pytest.raises(RemoteError, match="missing required field `data`"):
        unpack(encode({"form": "good-offices/thing/1", "number": 1}), Thing)
