"""The answers put together by hand are those that `pack` makes, and streams are read as they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from good_offices.encoding import pack, unpack
from good_offices.errors import RemoteError
from good_offices.transport.pages import (
    HASH,
    Append,
    Kept,
    Page,
    Posted,
    Problem,
    Receipt,
    Receipts,
    read_append,
    write_page,
    write_receipt,
    write_receipts,
)
from good_offices.transport.sse import HEARTBEAT, Event, Reader, frame

leaves = st.binary(min_size=50, max_size=50)
hashes = st.binary(min_size=32, max_size=32)
sizes = st.one_of(st.integers(0, 300), st.sampled_from([65535, 65536, 2**32 - 1, 2**32, 2**40]))


@given(
    st.binary(max_size=300), st.lists(st.tuples(sizes, leaves, st.lists(hashes, max_size=30)), max_size=30)
)
def test_receipts(note: bytes, receipts: list[tuple[int, bytes, list[bytes]]]) -> None:
    packed = pack(
        Receipts(
            checkpoint=note,
            receipts=[Receipt(index=index, leaf=leaf, proof=proof) for index, leaf, proof in receipts],
        )
    )
    written = [
        write_receipt(index, leaf, b"".join(HASH + one for one in proof)) for index, leaf, proof in receipts
    ]
    assert write_receipts(note, written) == packed
    assert unpack(packed, Receipts).checkpoint == note


@given(
    st.binary(max_size=300),
    sizes,
    st.lists(st.tuples(leaves, st.none() | st.binary(max_size=300)), max_size=30),
)
def test_pages(note: bytes, start: int, rows: list[tuple[bytes, bytes | None]]) -> None:
    page = Page(start=start, checkpoint=note, entries=[Kept(leaf=leaf, body=body) for leaf, body in rows])
    assert write_page(note, start, rows) == pack(page)
    assert unpack(pack(page), Page) == page


posted = st.builds(Posted, kind=st.integers(0, 30), body=st.binary(max_size=300))


@given(st.lists(posted, max_size=30))
def test_appends(entries: list[Posted]) -> None:
    assert read_append(pack(Append(entries=entries)), limit=1 << 20) == Append(entries=entries)


@given(st.lists(posted, min_size=1, max_size=3), st.data())
def test_bytes_that_differ_are_what_unpack_says_they_are(entries: list[Posted], data: st.DataObject) -> None:
    """Reading in one pass accepts not one byte string more than `unpack`, and not one less."""
    good = bytearray(pack(Append(entries=entries)))
    at = data.draw(st.integers(0, len(good)))
    good[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
    changed = bytes(good)

    def outcome(read: Callable[[], Append]) -> object:
        try:
            return read()
        except RemoteError as refusal:
            return refusal.code, refusal.facts

    expected = outcome(lambda: unpack(changed, Append, what="the request"))
    assert outcome(lambda: read_append(changed, limit=1 << 20)) == expected


@pytest.mark.parametrize(
    "head",
    [b"\x18\x03", b"\x19\x00\x03", b"\x1a\x00\x00\x00\x03", b"\x1b" + bytes(7) + b"\x03", b"\x1f", b"\x1c"],
)
def test_a_length_has_its_shortest_form(head: bytes) -> None:
    good = pack(Append(entries=[Posted(kind=4, body=b"abc")]))
    for major, short in ((2, b"\x43abc"), (4, b"\x81")):
        wrong = good.replace(short, bytes((head[0] | major << 5,)) + head[1:] + short[1:])
        with pytest.raises(RemoteError) as caught:
            read_append(wrong, limit=1000)
        assert caught.value.code == "not-canonical"


def test_a_request_over_its_limit() -> None:
    data = pack(Append(entries=[Posted(kind=4, body=bytes(1000))]))
    assert read_append(data, limit=len(data)).entries[0].kind == 4
    with pytest.raises(RemoteError) as caught:
        read_append(data, limit=len(data) - 1)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize("size", [0, 23, 24, 255, 256, 65535, 65536, 100_000])
def test_lengths(size: int) -> None:
    rows = [(bytes(50), bytes(size))]
    assert write_page(bytes(size), size, rows) == pack(
        Page(start=size, checkpoint=bytes(size), entries=[Kept(leaf=bytes(50), body=bytes(size))])
    )


def test_a_problem_without_time_has_no_field_for_it() -> None:
    assert b"time" not in pack(Problem(code="a", message="b", remedy="c"))


events = st.builds(
    Event, st.just("entries"), st.from_regex(rb"[A-Za-z0-9+/=]{0,40}", fullmatch=True), st.none() | sizes
)


@given(st.lists(st.one_of(events, st.none())), st.data())
def test_a_stream_in_pieces_of_any_size(given_events: list[Event | None], data: st.DataObject) -> None:
    whole = b"".join(HEARTBEAT if one is None else frame(one.name, one.data, one.id) for one in given_events)
    reader, found, at = Reader(), [], 0
    while at < len(whole):
        step = data.draw(st.integers(1, len(whole) - at))
        found += reader.feed(whole[at : at + step])
        at += step
    assert found == given_events


@pytest.mark.parametrize(
    "broken",
    [
        b"retry: 5\n\n",
        b"data: x\n\n",
        b"event: entries\n\n",
        b"event: entries\ndata: x\ndata: y\n\n",
        b"event: entries\ndata: x\nid: -1\n\n",
        b"event: entries\ndata: x\nid: 1234567890123456789\n\n",
        b"event: entries\r\ndata: x\r\nid: \xff\n\n",
        b"event: \xff\ndata: x\n\n",
        b"no colon\n\n",
        b"<!doctype html>\n",
    ],
)
def test_what_is_not_a_venues_stream_is_refused(broken: bytes) -> None:
    with pytest.raises(RemoteError) as caught:
        list(Reader().feed(broken))
    assert caught.value.code == "stream-broken"


def test_a_line_without_end_is_refused() -> None:
    reader = Reader(limit=100)
    assert list(reader.feed(b"data: " + b"x" * 90)) == []
    with pytest.raises(RemoteError) as caught:
        list(reader.feed(b"x" * 10))
    assert caught.value.code == "too-large"
