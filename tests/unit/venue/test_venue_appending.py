"""Appends without a task of their own: the same answers as uvicorn's way gives, in every state of a connection."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import weakref
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.venue_kit import Desk, new_venue

from good_offices.encoding import pack, unpack
from good_offices.transport.pages import Append, Posted, Problem, Receipts
from good_offices.venue import server
from good_offices.venue.appending import Appending, Appends
from good_offices.venue.sequencer import Sequencer

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def venue(path: Path, **limits: int) -> AsyncIterator[Desk]:
    folder, offered = new_venue(path, **limits)
    async with server.running(folder) as url:
        desk = Desk(offered.invitations[0], url)
        assert (await desk.enrol()).status == 200
        yield desk
        await desk.wire.close()


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> list[Appending]:
    """Every append that took the plain way."""
    made: list[Appending] = []
    admit = Appending.admit
    monkeypatch.setattr(Appending, "admit", lambda self, scope: (made.append(self), admit(self, scope))[1])
    return made


async def connect(desk: Desk) -> Ends:
    host, port = desk.url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


def request(desk: Desk, body: bytes, more: str = "", version: str = "1.1") -> bytes:
    path = f"{desk.common}/entries"
    headers = {**desk.signed("POST", path, "", body), "host": "venue", "content-length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/{version}\r\n{lines}{more}\r\n".encode() + body


def entry(size: int = 1024) -> bytes:
    return pack(Append(entries=[Posted(kind=4, body=os.urandom(size))]))


async def answer(ends: Ends) -> tuple[int, dict[str, str], bytes]:
    head = (await asyncio.wait_for(ends[0].readuntil(b"\r\n\r\n"), 5)).decode()
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if line)
    body = await asyncio.wait_for(ends[0].readexactly(int(headers["content-length"])), 5)
    return int(first.split()[1]), headers, body


def index(body: bytes) -> int:
    return unpack(body, Receipts).receipts[0].index


def test_both_ways_give_one_answer(tmp_path: Path, plain: list[Appending]) -> None:
    async def main() -> None:
        async with venue(tmp_path) as desk:
            body = entry()
            ways = [
                request(desk, body),
                request(desk, body, "connection: close\r\n"),
                request(desk, body, version="1.0"),
                request(desk, body, "expect: 100-continue\r\n"),
            ]
            answers = []
            for way in ways:
                ends = await connect(desk)
                ends[1].write(way)
                if b"expect" in way:
                    assert await ends[0].readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
                answers.append(await answer(ends))
                ends[1].close()
            assert len(plain) == 1
            assert {status for status, _, _ in answers} == {200}
            # An append that is repeated has one receipt, so the bodies can be compared.
            assert len({found for _, _, found in answers}) == 1
            heads = [{**headers, "date": "", "connection": ""} for _, headers, _ in answers]
            assert all(head == heads[0] for head in heads)

    asyncio.run(main())


def test_a_body_in_pieces(tmp_path: Path, plain: list[Appending]) -> None:
    async def main() -> None:
        async with venue(tmp_path) as desk:
            ends = await connect(desk)
            data = request(desk, entry(9000))
            for at in range(0, len(data), 1000):
                ends[1].write(data[at : at + 1000])
                await asyncio.sleep(0.002)
            status, _, body = await answer(ends)
            assert (status, index(body), len(plain)) == (200, 1, 1)
            ends[1].close()

    asyncio.run(main())


def test_requests_before_the_last_answer_are_answered_in_their_order(
    tmp_path: Path, plain: list[Appending]
) -> None:
    async def main() -> None:
        async with venue(tmp_path) as desk:
            ends = await connect(desk)
            ends[1].write(b"".join([request(desk, entry()) for _ in range(5)]))
            found = [await answer(ends) for _ in range(5)]
            assert [index(body) for _, _, body in found] == [1, 2, 3, 4, 5]
            assert len(plain) == 1
            # Once all is answered the plain way is open again.
            ends[1].write(request(desk, entry()))
            assert index((await answer(ends))[2]) == 6
            assert len(plain) == 2
            ends[1].close()

    asyncio.run(main())


def test_a_refusal_by_the_head_leaves_the_connection_usable(tmp_path: Path, plain: list[Appending]) -> None:
    async def main() -> None:
        async with venue(tmp_path) as desk:
            ends = await connect(desk)
            data = request(desk, entry())
            forged = data.replace(b"Signature: good-offices=:", b"Signature: good-offices=:A", 1)
            head, _, body = forged.partition(b"\r\n\r\n")
            ends[1].write(head + b"\r\n\r\n")
            status, headers, found = await answer(ends)
            assert (status, unpack(found, Problem).code) == (401, "request-not-signed")
            assert headers["www-authenticate"] == "Signature"
            ends[1].write(body)
            ends[1].write(data)
            assert (await answer(ends))[0] == 200
            assert len(plain) == 2
            ends[1].close()

    asyncio.run(main())


@pytest.mark.parametrize("stated", [True, False])
def test_too_much_is_refused_and_cut_off(tmp_path: Path, stated: bool, plain: list[Appending]) -> None:
    async def main() -> None:
        async with venue(tmp_path, request_bytes=4096) as desk:
            ends = await connect(desk)
            data = request(desk, entry(9000))
            if not stated:
                head, _, body = data.partition(b"\r\n\r\n")
                head = b"\r\n".join(
                    line for line in head.split(b"\r\n") if not line.startswith(b"content-length")
                )
                chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
                data = head + b"\r\ntransfer-encoding: chunked\r\n\r\n" + chunk
            ends[1].write(data)
            status, headers, found = await answer(ends)
            assert (status, unpack(found, Problem).code) == (413, "too-large")
            assert headers["connection"] == "close"
            assert await ends[0].read() == b""
            assert len(plain) == 1
            ends[1].close()

    asyncio.run(main())


def test_who_goes_away_harms_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, plain: list[Appending]
) -> None:
    async def main() -> None:
        async with venue(tmp_path) as desk:
            whole = request(desk, entry())
            for data in (whole[:-10], whole):
                ends = await connect(desk)
                ends[1].write(data)
                await ends[1].drain()
                ends[1].transport.abort()
            ends = await connect(desk)
            ends[1].write(whole)
            # The second attempt was complete: it counts, whoever is there to be told.
            assert index((await answer(ends))[2]) == 1
            ends[1].close()

    with caplog.at_level(logging.WARNING):
        asyncio.run(main())
    assert not caplog.records
    assert len(plain) >= 2


@pytest.mark.parametrize("missing", [0, 10])
def test_who_goes_away_leaves_nothing_for_the_collector(
    tmp_path: Path, plain: list[Appending], missing: int
) -> None:
    async def main() -> None:
        async with venue(tmp_path) as desk:
            ends = await connect(desk)
            data = request(desk, entry())
            ends[1].write(data[: len(data) - missing])
            if missing:
                await asyncio.wait_for(admitted(), 5)
            else:
                assert (await answer(ends))[0] == 200
            held = weakref.ref(plain.pop())
            assert held() is not None
            ends[1].close()
            await asyncio.wait_for(gone(held), 5)

    async def admitted() -> None:
        while not plain:  # noqa: ASYNC110 -- the venue tells nobody
            await asyncio.sleep(0.01)

    async def gone(held: weakref.ref[Appending]) -> None:
        while held() is not None:  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0.01)

    gc.disable()
    try:
        asyncio.run(main())
    finally:
        gc.enable()


def test_who_waits_while_the_venue_stops_is_answered(tmp_path: Path) -> None:
    async def main() -> bytes:
        folder, offered = new_venue(tmp_path)
        async with server.running(folder) as url:
            desk = Desk(offered.invitations[0], url)
            assert (await desk.enrol()).status == 200
            await desk.wire.close()
            ends = await connect(desk)
            ends[1].write(request(desk, entry()))
            # Until it is read the server would stop without it.
            await asyncio.sleep(0.001)
        status, _, body = await answer(ends)
        assert status == 200
        assert await ends[0].read() == b""
        ends[1].close()
        return body

    assert index(asyncio.run(main())) == 1


def test_a_fault_of_the_venue_is_answered_and_told_without_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("secret")

    async def main() -> None:
        async with venue(tmp_path) as desk:
            for place, name in ((Appends, "admit"), (Sequencer, "append")):
                with monkeypatch.context() as patch:
                    patch.setattr(place, name, broken)
                    ends = await connect(desk)
                    ends[1].write(request(desk, entry()))
                    status, _, body = await answer(ends)
                    assert (status, unpack(body, Problem).code) == (500, "venue-fault")
                    ends[1].close()

    with caplog.at_level(logging.ERROR):
        asyncio.run(main())
    assert [record.getMessage() for record in caplog.records] == ["fault in POST /entries: KeyError"] * 2
