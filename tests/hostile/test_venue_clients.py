"""Clients that are slow, greedy, forged or curious: each gets an answer that tells it nothing, or is cut off."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.venue_kit import Answer, Desk, Wire, new_venue

from good_offices.encoding import pack
from good_offices.transport import signing
from good_offices.transport.pages import Append, Enrolment, Posted
from good_offices.venue import server


@contextlib.asynccontextmanager
async def venue(path: Path, **limits: int) -> AsyncIterator[tuple[Desk, Desk]]:
    """A venue, and an enrolled desk of each of two delegations."""
    folder, offered = new_venue(path, **limits)
    async with server.running(folder) as url:
        desks = [Desk(one, url) for one in offered.invitations]
        for desk in desks:
            assert (await desk.enrol()).status == 200
        yield desks[0], desks[1]
        for desk in desks:
            await desk.wire.close()


def refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.problem.code) == (status, code)
    assert answer.headers["content-type"] == "application/cbor"


async def raw(desk: Desk, data: bytes) -> bytes:
    """Send bytes on a connection of their own and return everything until it is closed."""
    wire = Wire(desk.url)
    await wire.open()
    try:
        wire.writer.write(data)
        await wire.writer.drain()
        return await asyncio.wait_for(wire.reader.read(), 10)
    finally:
        await wire.close()


def test_another_delegations_caucus_is_as_if_it_did_not_exist(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, theirs):
            nowhere = f"/v1/r/{os.urandom(16).hex()}"
            routes = ("entries", "stream", "checkpoint", "proof", "consistency", "cosignatures")
            answers = []
            for register in (theirs.caucus, nowhere, "/v1/r/short", f"/v1/r/{'Z' * 32}"):
                answers += [await ours.send("GET", f"{register}/{route}") for route in routes]
                answers.append(await ours.append(b"x", register=register))
            hot = [one for one in answers if one.problem.code == "no-such-register"]
            assert {(one.status, one.body) for one in hot} == {(404, hot[0].body)}
            assert {one.status for one in answers} == {404}
            # All of the first two, of which one exists; the malformed ones may be no page at all.
            assert all(one.problem.code == "no-such-register" for one in answers[:14])
            assert (await ours.page(register=ours.caucus)).status == 200
            assert (await theirs.page(register=theirs.caucus)).status == 200
            assert (await theirs.page(register=ours.common)).status == 200

    asyncio.run(main())


def test_strangers_have_one_answer(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, theirs):
            body = pack(Append(entries=[Posted(kind=4, body=b"x")]))
            path = f"{ours.common}/entries"
            good = ours.signed("POST", path, "", body)
            stranger = Desk(ours.invitation, ours.url)
            thief = Desk(ours.invitation, ours.url, id=theirs.id)
            forged = [
                {},
                {**good, "Signature": theirs.signed("POST", path, "", body)["Signature"]},
                {**good, "Signature-Input": good["Signature-Input"].replace("created=1", "created=2")},
                {name: value for name, value in good.items() if name != "Content-Digest"},
                {**good, "Content-Digest": signing.content_digest(b"other")},
                {**good, "signature": good["Signature"]},
                stranger.signed("POST", path, "", body),
                thief.signed("POST", path, "", body),
            ]
            answers = [await ours.wire.send("POST", path, headers, body) for headers in forged]
            assert {one.status for one in answers} == {401}
            assert {one.body for one in answers} == {answers[0].body}
            refused(answers[0], 401, "request-not-signed")
            # Enrolment keys enrol; they neither read nor post.
            refused(await ours.with_key("POST", path, body), 404, "no-such-register")
            assert (await ours.wire.send("POST", path, good, body)).status == 200

    asyncio.run(main())


def test_a_body_that_is_not_the_signed_one(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, _):
            path = f"{ours.common}/entries"
            body = pack(Append(entries=[Posted(kind=4, body=b"x")]))
            headers = ours.signed("POST", path, "", body)
            refused(await ours.wire.send("POST", path, headers, body[:-1] + b"y"), 400, "digest-differs")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not-canonical"),
        (b"garbage", 400, "not-canonical"),
        (b"\x9f" * 5000, 400, "not-canonical"),
        (b"\xa1gentries\x80", 400, "request-malformed"),
        (pack(Append(entries=[Posted(kind=4, body=b"x")] * 257)), 400, "request-malformed"),
        (pack(Append(entries=[Posted(kind=1, body=b"x")])), 422, "kind-not-allowed"),
        (pack(Append(entries=[Posted(kind=0, body=b"x")])), 422, "kind-not-allowed"),
        (pack(Append(entries=[Posted(kind=99, body=b"x")])), 422, "kind-not-allowed"),
        (pack(Append(entries=[Posted(kind=-1, body=b"x")])), 422, "kind-not-allowed"),
        *((pack(Append(entries=[Posted(kind=kind, body=b"x")])), 422, "kind-not-allowed") for kind in (6, 7)),
        (pack(Append(entries=[Posted(kind=8, body=b"x")])), 422, "kind-reserved"),
        (pack(Append(entries=[Posted(kind=5, body=b"x")])), 400, "not-canonical"),
        (pack(Append(entries=[Posted(kind=5, body=b"x" * 9000)])), 413, "too-large"),
        (pack(Append(entries=[Posted(kind=4, body=b"x" * 5000)])), 413, "too-large"),
        (pack({"entries": [{"kind": 4, "body": b"x", "more": 1}]}), 400, "not-canonical"),
        (pack({"entries": [{"kind": 4, "body": "text"}]}), 400, "not-canonical"),
    ],
)
def test_bodies_that_are_refused(tmp_path: Path, body: bytes, status: int, code: str) -> None:
    async def main() -> None:
        async with venue(tmp_path, body_bytes=4096) as (ours, _):
            refused(await ours.send("POST", f"{ours.common}/entries", "", body), status, code)
            # All or nothing: a bad entry after a good one leaves nothing behind.
            assert len((await ours.page()).body) < 8000

    asyncio.run(main())


@pytest.mark.parametrize(
    "query",
    [
        "from=-1",
        "from=01",
        "from=1&from=1",
        "limit=0",
        "limit=1001",
        "x=1",
        "from",
        "from=9999999999999999",
        "&",
    ],
)
def test_queries_that_are_refused(tmp_path: Path, query: str) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, _):
            refused(await ours.send("GET", f"{ours.common}/entries", query), 400, "request-malformed")

    asyncio.run(main())


def test_a_request_is_answered_once_except_an_append(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, _):
            path = f"{ours.common}/entries"
            headers = ours.signed("GET", path)
            assert (await ours.wire.send("GET", path, headers)).status == 200
            refused(await ours.wire.send("GET", path, headers), 401, "request-replayed")
            body = pack(Append(entries=[Posted(kind=4, body=b"x"), Posted(kind=4, body=b"x")]))
            headers = ours.signed("POST", path, "", body)
            first = await ours.wire.send("POST", path, headers, body)
            again = await ours.wire.send("POST", path, headers, body)
            assert [one.index for one in first.receipts] == [one.index for one in again.receipts] == [1, 1]

    asyncio.run(main())


def test_replaying_an_enrolment_does_not_bring_a_desk_back(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, theirs):
            path = f"/v1/desks/{ours.id}"
            refused(await theirs.with_key("DELETE", path), 401, "request-not-signed")
            refused(await ours.send("DELETE", path), 401, "request-not-signed")
            assert (await ours.page()).status == 200
            assert (await ours.with_key("DELETE", path)).status == 200
            assert (await ours.with_key("DELETE", path)).status == 200
            refused(await ours.page(), 401, "request-not-signed")
            refused(await ours.enrol(), 410, "desk-removed")
            # Another delegation can neither take nor remove the number of a desk that is not its own.
            body = pack(Enrolment(desk=theirs.id, delegation=ours.invitation.delegation))
            refused(await ours.with_key("POST", "/v1/desks", body), 401, "request-not-signed")
            body = pack(Enrolment(desk="f" * 32, delegation=theirs.invitation.delegation))
            refused(await ours.with_key("POST", "/v1/desks", body), 401, "request-not-signed")
            assert (await theirs.page()).status == 200

    asyncio.run(main())


@pytest.mark.parametrize("ahead", [-400, 400])
def test_a_clock_that_is_apart_is_told_the_time(tmp_path: Path, ahead: int) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, _):
            ours.ahead = ahead
            answer = await ours.page()
            refused(answer, 401, "clock-apart")
            assert abs(answer.problem.time - time.time()) < 5
            assert "date" in answer.headers
            ours.ahead += answer.problem.time - int(time.time()) - ahead
            assert (await ours.page()).status == 200

    asyncio.run(main())


def test_rates_for_desks_and_addresses(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, desk_rate=1, desk_burst=5, address_rate=1, address_burst=30) as (
            ours,
            theirs,
        ):
            answers = [await ours.page() for _ in range(6)]
            assert [one.status for one in answers] == [200] * 5 + [429]
            refused(answers[5], 429, "too-many-requests")
            assert answers[5].headers["retry-after"] == "1"
            assert (await theirs.page()).status == 200
            for _ in range(25):
                answer = await ours.wire.send("GET", "/nowhere", {})
            refused(answer, 429, "too-many-requests")
            refused(await theirs.page(), 429, "too-many-requests")

    asyncio.run(main())


def test_a_body_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, request_bytes=4096) as (ours, _):
            path = f"{ours.common}/entries"
            headers = ours.signed("POST", path, "", b"x" * 5000)
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"POST {path} HTTP/1.1\r\nhost: venue\r\n{lines}"
            answer = await raw(ours, f"{head}content-length: 5000000000\r\n\r\n".encode())
            assert b" 413 " in answer.split(b"\r\n")[0]
            assert b"too-large" in answer
            chunks = b"1000\r\n" + b"x" * 4096 + b"\r\n"
            answer = await raw(ours, f"{head}transfer-encoding: chunked\r\n\r\n".encode() + chunks * 2)
            assert b" 413 " in answer.split(b"\r\n")[0]

    asyncio.run(main())


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nhost: venue\r\nx: y\r\n",
        b"POST /v1/desks HTTP/1.1\r\nhost: v\r\ncontent-length: 9\r\n\r\nab",
    ],
)
def test_a_request_that_never_ends_is_cut_off(tmp_path: Path, start: bytes) -> None:
    async def main() -> None:
        async with venue(tmp_path, header_seconds=1, body_seconds=1) as (ours, _):
            begun = time.monotonic()
            answer = await raw(ours, start)
            assert time.monotonic() - begun < 30
            # An unsigned body is not waited for: that request is refused at once.
            assert b" 408 " in answer.split(b"\r\n")[0] or b" 401 " in answer.split(b"\r\n")[0]

    asyncio.run(main())


def test_a_signed_body_that_never_ends_is_cut_off(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, header_seconds=1, body_seconds=1) as (ours, _):
            path = f"{ours.common}/entries"
            lines = "".join(f"{n}: {v}\r\n" for n, v in ours.signed("POST", path, "", b"x" * 9).items())
            answer = await raw(
                ours, f"POST {path} HTTP/1.1\r\nhost: v\r\n{lines}content-length: 9\r\n\r\nx".encode()
            )
            assert b" 408 " in answer.split(b"\r\n")[0]
            assert b"request-too-slow" in answer
            assert (await ours.page()).status == 200

    asyncio.run(main())


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 40_000,
        b"GET / HTTP/1.1\r\n" + b"x: " + b"y" * 17_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 100 + b"\r\n",
        b"GET /" + b"y" * 40_000,
        b"\x16\x03\x01\x02\x00",
        b"SSH-2.0-x\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_heads_that_are_refused(tmp_path: Path, head: bytes) -> None:
    async def main() -> None:
        async with venue(tmp_path, header_seconds=2, idle_seconds=1) as (ours, _):
            answer = await raw(ours, head)
            assert answer.split(b" ")[1:2] in ([b"400"], [b"431"], [b"408"])
            assert (await ours.page()).status == 200

    asyncio.run(main())


def test_more_connections_than_allowed(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, connections=5) as (ours, _):
            wires = [Wire(ours.url) for _ in range(3)]
            for wire in wires:
                await wire.open()
            await asyncio.sleep(0.05)
            answer = await raw(ours, b"")
            assert b" 503 " in answer.split(b"\r\n")[0]
            assert b"venue-busy" in answer
            for wire in wires:
                await wire.close()
            await asyncio.sleep(0.05)
            assert (await ours.page()).status == 200

    asyncio.run(main())


def test_a_full_queue_is_busy(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, waiting_entries=3) as (ours, _):
            refused(await ours.append(*(b"%d" % number for number in range(4))), 503, "venue-busy")
            assert (await ours.append(b"1", b"2", b"3")).status == 200
            assert (await ours.append(b"4", b"5", b"6")).status == 200

    asyncio.run(main())


def test_a_register_that_is_full(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, register_bytes=8192) as (ours, _):
            assert (await ours.append(b"x" * 4000)).status == 200
            refused(await ours.append(b"y" * 4000), 507, "register-full")
            assert (await ours.append(b"z")).status == 200

    asyncio.run(main())


def test_desks_are_counted(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, desks=2) as (ours, _):
            second, third = (Desk(ours.invitation, ours.url) for _ in range(2))
            assert (await second.enrol()).status == 200
            refused(await third.enrol(), 422, "desks-full")
            assert (await second.enrol()).status == 200
            assert (await second.with_key("DELETE", f"/v1/desks/{second.id}")).status == 200
            assert (await third.enrol()).status == 200
            for desk in (second, third):
                await desk.wire.close()

    asyncio.run(main())


def test_no_secret_and_no_id_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    async def main() -> str:
        async with venue(tmp_path) as (ours, _):
            await ours.append(b"x")
            await raw(ours, b"SSH-2.0-x\r\n")
            await ours.send("GET", f"{ours.common}/entries", "from=-1")
            return f"{ours.id} {ours.invitation.common} {ours.invitation.delegation} {ours.invitation.enrolment.hex()}"

    secrets = asyncio.run(main()).split()
    out = "".join((caplog.text, *capfd.readouterr()))
    assert not [one for one in secrets if one in out]
    assert "127.0.0.1" not in caplog.text.replace("http://127.0.0.1", "")
