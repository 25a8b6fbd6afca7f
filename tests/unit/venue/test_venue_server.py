"""A venue over HTTP: appends, pages, proofs, streams, cosignatures; starting, stopping, backups, recovery."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import httpx
import pytest
from tests.support.waiting import LONGEST
from tests.venue_kit import Answer, Desk, View, new_venue

from good_offices.encoding import pack, unpack
from good_offices.errors import GoodOfficesError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import DeskCosigner, desk_name
from good_offices.register.leaf import Leaf
from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.transport.pages import (
    Consistency,
    Cosignatures,
    Cosigned,
    Head,
    Inclusion,
    Kept,
    Page,
    Recovery,
)
from good_offices.transport.sse import Event, Reader
from good_offices.venue import backup as backups
from good_offices.venue import hub, server
from good_offices.venue.folder import Folder
from good_offices.venue.offer import offer
from good_offices.venue.status import status


@contextlib.asynccontextmanager
async def venue(path: Path, **limits: int) -> AsyncIterator[tuple[Desk, Desk]]:
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


class Listening:
    """A stream over httpx, which is not our parser of HTTP."""

    def __init__(self, desk: Desk, query: str = "", headers: dict[str, str] | None = None) -> None:
        self.desk, self.query, self.more = desk, query, headers or {}

    async def __aenter__(self) -> Self:
        self.client = httpx.AsyncClient(base_url=self.desk.url, verify=False, trust_env=False)
        path = f"{self.desk.common}/stream"
        headers = {**self.desk.signed("GET", path, self.query), **self.more}
        target = f"{path}?{self.query}" if self.query else path
        request = self.client.build_request("GET", target, headers=headers)
        self.response = await self.client.send(request, stream=True)
        assert self.response.status_code == 200
        assert self.response.headers["content-type"] == "text/event-stream"
        self.chunks = self.response.aiter_raw()
        self.reader, self.found = Reader(), []
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.response.aclose()
        await self.client.aclose()

    async def next(self) -> Event | None:
        while not self.found:
            self.found += self.reader.feed(await asyncio.wait_for(anext(self.chunks), 5))
        return self.found.pop(0)

    async def page(self) -> Page:
        while (event := await self.next()) is None:
            pass
        page = unpack(b64decode(event.data), Page)
        assert event.id == (page.start + len(page.entries) - 1 if page.entries else None)
        return page


def test_append_and_read(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, theirs):
            view = View(ours)
            before = int(time.time() * 1000) - 1
            bodies = [b"one", b"two" * 1000, b"", b"four"]
            answer = await ours.append(*bodies, kind=3)
            view.take(answer, bodies)
            assert [one.index for one in answer.receipts] == [1, 2, 3, 4]
            for one in answer.receipts:
                leaf = Leaf.from_bytes(one.leaf)
                assert leaf.kind == 3
                assert before <= leaf.time_ms <= time.time() * 1000 + 1
            mixed = [b"five", b"two" * 1000, b"five", b"six"]
            answer = await theirs.append(*mixed)
            view.take(answer, mixed)
            assert [one.index for one in answer.receipts] == [5, 2, 5, 6]
            await view.catch_up(theirs)
            page = unpack((await ours.page(2, 3)).body, Page)
            assert (page.start, [one.body for one in page.entries]) == (2, [bodies[1], b"", b"four"])
            assert unpack((await ours.page(7)).body, Page).entries == []
            refused(await ours.page(8), 404, "no-such-entry")
            # The same body in another register is another entry.
            assert (await ours.append(b"one", register=ours.caucus)).receipts[0].index == 1

    asyncio.run(main())


def test_pages_are_bounded_by_bytes_and_count(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, page_bytes=10_000) as (ours, _):
            view = View(ours)
            for number in range(6):
                bodies = [bytes([number, at]) * 1000 for at in range(4)]
                view.take(await ours.append(*bodies), bodies)
            page = unpack((await ours.page()).body, Page)
            assert 4 <= len(page.entries) < 8
            await view.catch_up(ours)
            assert len(view.leaves) == 25

    asyncio.run(main())


def test_proofs(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, _):
            bodies = [b"%d" % number for number in range(300)]
            for at in range(0, 300, 100):
                assert (await ours.append(*bodies[at : at + 100])).status == 200
            view = View(ours)
            await view.catch_up(ours)
            for index, size in ((0, 1), (5, 301), (255, 256), (256, 300)):
                answer = await ours.send("GET", f"{ours.common}/proof", f"index={index}&size={size}")
                proof = unpack(answer.body, Inclusion)
                verify_inclusion(
                    index, size, Leaf.from_bytes(proof.leaf).hash, proof.proof, view.tree.root(size)
                )
            for old, new in ((1, 301), (256, 300), (7, 7)):
                answer = await ours.send("GET", f"{ours.common}/consistency", f"old={old}&new={new}")
                proof = unpack(answer.body, Consistency)
                verify_consistency(old, new, proof.proof, view.tree.root(old), view.tree.root(new))
            for query in ("index=5&size=5", "index=0&size=302"):
                refused(await ours.send("GET", f"{ours.common}/proof", query), 404, "no-such-entry")
            for query in ("old=0&new=5", "new=5", "old=1&new=2&x=1"):
                refused(await ours.send("GET", f"{ours.common}/consistency", query), 400, "request-malformed")
            for query in ("old=5&new=4", "old=1&new=302"):
                refused(await ours.send("GET", f"{ours.common}/consistency", query), 404, "no-such-entry")
            head = unpack((await ours.send("GET", f"{ours.common}/checkpoint")).body, Head)
            view.see(head.checkpoint)
            assert ours.keys.open(head.checkpoint).size == 301

    asyncio.run(main())


def test_a_stream(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, heartbeat_seconds=1) as (ours, theirs):
            await ours.append(b"1", b"2")
            async with Listening(theirs) as all_, Listening(theirs, "after=2") as new:
                async with Listening(theirs, headers={"last-event-id": "1"}) as some:
                    assert [one.body for one in (await some.page()).entries] == [b"2"]
                assert len((await all_.page()).entries) == 3
                first = await new.page()
                assert (first.start, first.entries) == (3, [])
                view = View(ours)
                for number in range(3, 8):
                    body = b"%d" % number
                    view.take(await ours.append(body), [body])
                    for stream in (all_, new):
                        page = await stream.page()
                        assert (page.start, [one.body for one in page.entries]) == (number, [body])
                        view.see(page.checkpoint)
                assert await new.next() is None
            answer = await theirs.send("GET", f"{ours.common}/stream", "after=8")
            refused(answer, 404, "no-such-entry")

    asyncio.run(main())


def test_a_stream_that_does_not_keep_up_goes_back_to_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MAX_FRAMES", 2)

    async def main() -> None:
        async with venue(tmp_path) as (ours, theirs), Listening(theirs) as stream:
            await stream.page()
            total = 60
            await asyncio.gather(*(_send(ours, number) for number in range(total)))
            seen: list[bytes] = []
            at = 1
            while len(seen) < total:
                page = await stream.page()
                assert page.start == at
                at += len(page.entries)
                seen += [one.body for one in page.entries]
            assert len(set(seen)) == total

    async def _send(desk: Desk, number: int) -> None:
        one = Desk(desk.invitation, desk.url, id=desk.id)
        assert (await one.append(b"%d" % number * 2000)).status == 200
        await one.wire.close()

    asyncio.run(main())


def test_streams_end_when_the_desk_is_removed_and_are_counted(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, streams_per_desk=1) as (ours, _), Listening(ours) as stream:
            await stream.page()
            refused(await ours.send("GET", f"{ours.common}/stream"), 429, "too-many-requests")
            assert (await ours.with_key("DELETE", f"/v1/desks/{ours.id}")).status == 200
            with pytest.raises(StopAsyncIteration):
                await stream.page()

    asyncio.run(main())


def test_cosignatures(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, theirs):
            await ours.append(b"1")
            head = unpack((await ours.send("GET", f"{ours.common}/checkpoint")).body, Head)
            checkpoint = ours.keys.open(head.checkpoint)
            path = f"{ours.common}/cosignatures"
            notes = {}
            for seed, desk in ((b"1", ours), (b"2", theirs)):
                note = DeskCosigner(seed * 32, desk_name(desk.id)).sign(checkpoint, 5)
                notes[desk.id] = note
                assert (await desk.send("POST", path, "", pack(Cosigned(note=note)))).status == 200
            held = unpack((await ours.send("GET", path, "size=2")).body, Cosignatures).notes
            assert held == [notes[one] for one in sorted(notes)]
            assert unpack((await ours.send("GET", path, "size=1")).body, Cosignatures).notes == []
            # In the name of another, over another root, beyond the end, not a note.
            mine = DeskCosigner(b"1" * 32, desk_name(ours.id))
            for note, code in (
                (notes[theirs.id], "signature-lines"),
                (mine.sign(Checkpoint(checkpoint.origin, 2, bytes(32)), 5), "request-malformed"),
                (mine.sign(Checkpoint("other/t/x", 2, checkpoint.root), 5), "request-malformed"),
                (b"x", "not-canonical"),
            ):
                refused(await ours.send("POST", path, "", pack(Cosigned(note=note))), 400, code)
            beyond = mine.sign(Checkpoint(checkpoint.origin, 9, bytes(32)), 5)
            refused(await ours.send("POST", path, "", pack(Cosigned(note=beyond))), 404, "no-such-entry")
            for number in range(20):
                await ours.append(b"more %d" % number)
                head = unpack((await ours.send("GET", f"{ours.common}/checkpoint")).body, Head)
                note = mine.sign(ours.keys.open(head.checkpoint), 5)
                assert (await ours.send("POST", path, "", pack(Cosigned(note=note)))).status == 200
            assert unpack((await ours.send("GET", path, "size=22")).body, Cosignatures).notes == [note]
            assert unpack((await ours.send("GET", path, "size=3")).body, Cosignatures).notes == []

    asyncio.run(main())


def test_the_public_page_says_what_a_host_is_and_nothing_of_talks(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (ours, _):
            answer = await ours.wire.send("GET", "/", {})
            text = answer.body.decode()
            assert answer.status == 200
            assert "Lake House" in text
            assert "<script" not in text
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            for secret in (ours.invitation.common, ours.invitation.delegation, ours.invitation.talks.hex()):
                assert secret not in text
            assert (await ours.wire.send("GET", "/health", {})).body == b"ok\n"
            for target in ("/v1", "/v1/r/x", "/%2e%2e/x", f"{ours.common}/nothing"):
                refused(await ours.wire.send("GET", target, {}), 404, "no-such-page")

    asyncio.run(main())


def test_talks_offered_while_the_venue_is_served(tmp_path: Path) -> None:
    folder, _ = new_venue(tmp_path)

    async def main() -> None:
        async with server.running(folder) as url:
            later = offer(folder, parties=2, out=tmp_path / "later")
            assert later.invitations[0].url == url
            desk = Desk(later.invitations[0], url)
            assert (await desk.enrol()).status == 200
            assert (await desk.append(b"x")).status == 200
            await desk.wire.close()
            assert status(folder)["serving"] == url

    asyncio.run(main())
    assert status(folder)["serving"] is None


@pytest.mark.parametrize(
    "listen", ["", "8443", "host", "127.0.0.1:99999", "127.0.0.1:-1", ":80", "127.0.0.1:x"]
)
def test_addresses_that_are_refused(tmp_path: Path, listen: str) -> None:
    folder, _ = new_venue(tmp_path)
    _starts_not(folder, "venue-address-invalid", listen=listen)


def _starts_not(folder: Folder, code: str, **arguments: object) -> None:
    async def main() -> None:
        async with server.running(folder, **arguments):
            pass

    with pytest.raises(GoodOfficesError) as caught:
        asyncio.run(main())
    assert caught.value.code == code


def test_a_port_that_is_taken_and_tls_that_is_none(tmp_path: Path) -> None:
    folder, _ = new_venue(tmp_path)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        _starts_not(folder, "venue-address-taken", listen=f"127.0.0.1:{taken.getsockname()[1]}")
    nothing = tmp_path / "nothing.pem"
    _starts_not(folder, "venue-tls-invalid", tls=server.Tls(nothing, nothing))
    nothing.write_text("nothing")
    _starts_not(folder, "venue-tls-invalid", tls=server.Tls(nothing, nothing))


def test_a_second_server_on_one_folder(tmp_path: Path) -> None:
    folder, _ = new_venue(tmp_path)

    async def main() -> None:
        async with server.running(folder):
            with pytest.raises(GoodOfficesError) as caught:
                async with server.running(folder):
                    pass
            assert caught.value.code == "venue-running"
            assert str(os.getpid()) in str(caught.value)

    asyncio.run(main())


def test_sigterm_drains_and_ends_well(tmp_path: Path) -> None:
    folder, offered = new_venue(tmp_path)
    script = (
        "import sys\nfrom pathlib import Path\nfrom good_offices.venue.folder import open_folder\n"
        "from good_offices.venue.server import serve\n"
        "serve(open_folder(Path(sys.argv[1])), listen='0.0.0.0:0', say=lambda t: print(t, flush=True),"
        " warn=lambda t: print(t, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder.path)], stdout=subprocess.PIPE, text=True
    )
    assert "without TLS" in process.stdout.readline()
    url = process.stdout.readline().strip().replace("0.0.0.0", "127.0.0.1")

    async def main() -> None:
        desk = Desk(offered.invitations[0], url)
        await desk.enrol()
        view = View(desk)
        async with Listening(desk) as stream:
            await stream.page()
            sending = asyncio.ensure_future(desk.append(*(b"%d" % one for one in range(256))))
            await asyncio.sleep(0)
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                answer = await sending
                if answer.status == 200:
                    view.take(answer, [b"%d" % one for one in range(256)])
            with contextlib.suppress(StopAsyncIteration):
                while True:
                    await stream.page()
        await desk.wire.close()

    asyncio.run(main())
    assert process.wait(LONGEST) == 0
    process.stdout.close()
    assert not (folder.path / "serving.address").exists()


def test_tls(tmp_path: Path) -> None:
    folder, _ = new_venue(tmp_path)
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        check=True,
        capture_output=True,
    )

    async def main() -> None:
        async with server.running(folder, tls=server.Tls(certificate, key)) as url:
            assert url.startswith("https://127.0.0.1:")
            import ssl

            context = ssl.create_default_context(cafile=str(certificate))
            async with httpx.AsyncClient(verify=context, trust_env=False) as client:
                assert (await client.get(f"{url}/health")).text == "ok\n"

    asyncio.run(main())


def test_backup_restore_recovery(tmp_path: Path) -> None:
    """A venue that was put back takes nothing until desks have returned what it lost and its host confirms."""
    folder, offered = new_venue(tmp_path)
    file = tmp_path / "backup"
    desk = Desk(offered.invitations[0], "")
    view = View(desk)

    def at(url: str) -> Desk:
        return Desk(offered.invitations[0], url, id=desk.id)

    async def before() -> None:
        async with server.running(folder) as url:
            one = at(url)
            await one.enrol()
            view.take(await one.append(b"kept"), [b"kept"])
            backups.backup(folder, file)
            for start in range(0, 600, 200):
                bodies = [b"lost %d" % number for number in range(start, start + 200)]
                view.take(await one.append(*bodies), bodies)
            await view.catch_up(one)
            await one.wire.close()

    asyncio.run(before())
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(GoodOfficesError, match="already exists"):
        backups.backup(folder, file)
    restored = backups.restore(file, tmp_path / "restored")
    with pytest.raises(GoodOfficesError, match="already exists"):
        backups.restore(file, tmp_path / "restored")
    checkpoint = view.notes
    bodies = [None, b"kept", *(b"lost %d" % number for number in range(600))]

    def recovery(start: int, end: int, **changes: object) -> bytes:
        entries = [
            Kept(leaf=view.leaves[one], body=bodies[one] if one % 7 else None) for one in range(start, end)
        ]
        proof = view.tree.consistency_proof(end, view.tree.size)
        given = {"start": start, "entries": entries, "checkpoint": checkpoint[view.tree.size], "proof": proof}
        return pack(Recovery(**{**given, **changes}))

    async def after() -> None:
        async with server.running(restored) as url:
            one = at(url)
            path = f"{one.common}/recover"
            refused(await one.append(b"new"), 503, "venue-held")
            refused(await one.page(view.tree.size), 404, "no-such-entry")
            other = Kept(leaf=Leaf.of(4, 5, b"other").to_bytes(), body=b"other")
            for body in (
                recovery(3, 10),
                recovery(2, 10, entries=[other] * 8),
                recovery(2, 10, proof=[]),
                recovery(2, 10, checkpoint=checkpoint[2]),
                recovery(2, 10, checkpoint=checkpoint[view.tree.size][:-40]),
                recovery(2, 3, entries=[Kept(leaf=view.leaves[2], body=b"not this")]),
                recovery(2, 2),
            ):
                refused(await one.send("POST", path, "", body), 409, "recovery-refused")
            for start in range(2, view.tree.size, 300):
                end = min(start + 300, view.tree.size)
                answer = await one.send("POST", path, "", recovery(start, end))
                assert answer.status == 200, answer
                view.see(unpack(answer.body, Head).checkpoint)
            refused(await one.append(b"new"), 503, "venue-held")
            assert backups.confirm(restored) == 3
            answer = await one.append(b"new", b"lost 5")
            view.take(answer, [b"new", b"lost 5"])
            assert answer.receipts[1].index == 7
            await view.catch_up(one)
            refused(await one.send("POST", path, "", recovery(2, 10)), 409, "recovery-refused")
            await one.wire.close()

    asyncio.run(after())
    assert backups.confirm(restored) == 0


@pytest.mark.parametrize("damage", ["cut", "flip", "nothing", "text"])
def test_a_backup_that_is_damaged(tmp_path: Path, damage: str) -> None:
    folder, _ = new_venue(tmp_path)
    file = tmp_path / "backup"
    backups.backup(folder, file)
    data = bytearray(file.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif damage == "flip":
        data[len(data) // 2] ^= 1
    else:
        data = bytearray() if damage == "nothing" else bytearray(b"x" * 5000)
    file.write_bytes(data)
    with pytest.raises(GoodOfficesError) as caught:
        backups.restore(file, tmp_path / "restored")
    assert caught.value.code == "venue-backup-damaged"
    assert not (tmp_path / "restored").exists()
    with pytest.raises(GoodOfficesError):
        backups.restore(tmp_path / "nowhere", tmp_path / "restored")
