"""Buckets, nonces and streams keep their bounds."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from good_offices.errors import GoodOfficesError
from good_offices.transport.signing import WINDOW
from good_offices.venue.hub import MAX_BYTES, MAX_FRAMES, Batch, Hub, Stream
from good_offices.venue.limits import Buckets, Nonces


def refused(code: str, call: object) -> None:
    with pytest.raises(GoodOfficesError) as caught:
        call()
    assert caught.value.code == code


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 4)), max_size=60))
def test_a_bucket_never_gives_more_than_burst_and_rate(steps: list[tuple[float, int]]) -> None:
    buckets, now, given_ = Buckets(rate=2, burst=10), 0.0, 0
    for wait, cost in steps:
        now += wait
        try:
            buckets.take("x", now, cost)
            given_ += cost
        except GoodOfficesError:
            pass
        assert given_ <= 10 + 2 * now + 1e-6


def test_buckets_are_apart_and_a_refusal_takes_nothing() -> None:
    buckets = Buckets(rate=1, burst=2)
    buckets.take("x", 0, 2)
    refused("too-many-requests", lambda: buckets.take("x", 0))
    buckets.take("y", 0)
    buckets.take("x", 1)
    refused("too-many-requests", lambda: buckets.take("x", 1))
    buckets.take("x", 100, 50)
    refused("too-many-requests", lambda: buckets.take("x", 100))


def test_buckets_are_bounded() -> None:
    buckets = Buckets(rate=1, burst=2, capacity=3)
    for name in "abcdefgh":
        buckets.take(name, 0)
    assert len(buckets._buckets) == 3


def test_a_nonce_is_taken_once_within_the_window() -> None:
    nonces = Nonces()
    nonces.take("k", "1", 0)
    refused("request-replayed", lambda: nonces.take("k", "1", 2 * WINDOW))
    nonces.take("other", "1", 0)
    nonces.take("k", "1", 2 * WINDOW + 1)


def test_nonces_are_bounded() -> None:
    nonces = Nonces(capacity=3, keys=2)
    for nonce in "123":
        nonces.take("k", nonce, 0)
    refused("too-many-requests", lambda: nonces.take("k", "4", 1))
    nonces.take("k", "4", 2 * WINDOW + 1)
    nonces.take("l", "1", 0)
    nonces.take("m", "1", 0)
    assert set(nonces._used) == {"l", "m"}


def batch(start: int, size: int = 1) -> Batch:
    return Batch(1, start, start + 1, bytes(size))


def test_a_stream_that_is_behind_keeps_nothing() -> None:
    stream = Stream(1, "d")
    stream.push(batch(0))
    assert stream.pop() is None
    assert stream.behind
    stream.caught_up()
    stream.push(batch(1))
    assert stream.pop().start == 1
    assert not stream.behind


@pytest.mark.parametrize(("count", "size"), [(MAX_FRAMES, 1), (4, MAX_BYTES // 4)])
def test_a_stream_that_overflows_falls_behind(count: int, size: int) -> None:
    stream = Stream(1, "d")
    stream.caught_up()
    for number in range(count):
        stream.push(batch(number, size))
    assert not stream.behind
    stream.push(batch(count, size))
    assert stream.behind
    assert stream.pop() is None


def test_the_hub_knows_who_listens() -> None:
    hub, one, two = Hub(), Stream(1, "a"), Stream(2, "b")
    hub.add(one)
    hub.add(two)
    assert hub.listened(1)
    assert hub.count("a") == 1
    one.caught_up()
    two.caught_up()
    hub.publish(batch(0))
    assert one.pop() is not None
    assert two.pop() is None
    hub.close("a")
    assert (one.closed, two.closed) == (True, False)
    hub.close()
    assert two.closed
    hub.discard(one)
    hub.discard(one)
    assert not hub.listened(1)


def test_waiting() -> None:
    async def main() -> None:
        stream = Stream(1, "a")
        assert await stream.wait(5)
        stream.caught_up()
        assert not await stream.wait(0.01)
        waiting = asyncio.ensure_future(stream.wait(5))
        await asyncio.sleep(0)
        stream.push(batch(0))
        stream.push(batch(1))
        assert await waiting
        stream.pop()
        stream.pop()
        waiting = asyncio.ensure_future(stream.wait(5))
        await asyncio.sleep(0)
        stream.close()
        assert await waiting

    asyncio.run(main())
