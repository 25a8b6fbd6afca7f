"""The host's box at the venue: what is taken, what is refused, and how a box ends (spec/soundings.md section 9)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.boxes import HOUR, Play, commit, ends, give
from tests.venue_kit import Answer, Desk, View, new_venue

from good_offices.encoding import pack, unpack
from good_offices.register.box import BoxOpen, BoxVoid
from good_offices.register.leaf import Kind
from good_offices.transport.pages import Append, Kept, Page, Posted, Recovery
from good_offices.venue import backup as backups
from good_offices.venue import boxes, server, store
from good_offices.venue.folder import Folder


@contextlib.asynccontextmanager
async def venue(path: Path, parties: int = 2, **limits: int) -> AsyncIterator[tuple[Folder, list[Desk]]]:
    folder, offered = new_venue(path, parties, **limits)
    async with serving(folder, [Desk(one, "") for one in offered.invitations]) as desks:
        for desk in desks:
            assert (await desk.enrol()).status == 200
        yield folder, desks


@contextlib.asynccontextmanager
async def serving(folder: Folder, desks: list[Desk]) -> AsyncIterator[list[Desk]]:
    async with server.running(folder) as url:
        again = [Desk(one.invitation, url, id=one.id) for one in desks]
        yield again
        for desk in again:
            await desk.wire.close()


def refused(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.problem.code) == (status, code)


def kept(folder: Folder) -> list[bytes]:
    with contextlib.closing(sqlite3.connect(folder.database)) as connection:
        return [body for (body,) in connection.execute("SELECT body FROM box_deposit")]


@pytest.mark.parametrize("parties", [2, 3])
@pytest.mark.parametrize("release", ["scalars", "sealed"])
def test_a_box_opens_all_deposits_at_once(tmp_path: Path, parties: int, release: str) -> None:
    async def main() -> None:
        async with venue(tmp_path, parties) as (folder, desks):
            play = Play(desks, release=release)
            await play.commit_all()
            for place in range(parties - 1):
                first = await play.receipt(place)
                assert await play.receipt(place) == first
                assert await play.ends() == []
            assert len(kept(folder)) == parties - 1
            await play.receipt(parties - 1)
            assert await play.ends() == [BoxOpen(box=play.box, deposits=tuple(play.deposits))]
            assert kept(folder) == []
            for place in range(parties):
                await play.receipt(place)
                refused(await play.deposit(place, b"another"), 409, "box-closed")
            assert len(await play.ends()) == 1

    asyncio.run(main())


@pytest.mark.parametrize("last", ["unlike", "unreadable"])
def test_deposits_that_differ_void_the_box_and_are_deleted(tmp_path: Path, last: str) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (folder, desks):
            play = Play(desks, fit=False)
            if last == "unreadable":
                play.deposits[1] = b"\xff" * 40
                play.bodies[1] = commit(play.parties[1], play.parties, play.box, play.deposits[1])
            await play.commit_all()
            notes = [await play.receipt(0), await play.receipt(1)]
            assert await play.ends() == [BoxVoid(box=play.box, reason="differ")]
            assert kept(folder) == []
            assert [await play.receipt(0), await play.receipt(1)] == notes

    asyncio.run(main())


def test_a_deposit_waits_for_all_commitments_and_is_the_one_committed_to(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (folder, desks):
            play = Play(desks)
            refused(await play.deposit(0), 409, "box-not-ready")
            assert (await play.commit(0)).status == 200
            refused(await play.deposit(0), 409, "box-not-ready")
            refused(await play.deposit(1), 409, "box-not-ready")
            assert (await play.commit(1)).status == 200
            refused(await play.deposit(0, play.deposits[1]), 409, "box-deposit-differs")
            refused(await play.deposit(0, os.urandom(65 * 1024)), 413, "too-large")
            refused(await play.deposit(0, os.urandom(200 * 1024)), 413, "too-large")
            assert kept(folder) == []
            assert await play.ends() == []

    asyncio.run(main())


def test_what_a_commitment_must_be(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path, open_boxes=2) as (_, desks):
            play = Play(desks)
            ours, theirs = play.desks
            parties, box, deposit = play.parties, play.box, play.deposits[0]

            async def tried(body: bytes, register: str = "", kind: int = Kind.BOX_COMMIT) -> Answer:
                return await ours.append(body, kind=kind, register=register)

            refused(await tried(play.bodies[1]), 422, "box-not-yours")
            refused(await tried(play.bodies[0], ours.caucus), 422, "kind-not-allowed")
            alien = sorted([parties[0], "0" * 32])
            refused(await tried(commit(parties[0], alien, box, deposit)), 409, "box-differs")
            refused(await tried(commit(parties[0], parties, box, deposit, wait=0)), 400, "not-canonical")
            refused(await tried(commit(parties[0], parties, box[1:], deposit)), 400, "not-canonical")
            for kind in (Kind.BOX_OPEN, Kind.BOX_VOID):
                refused(
                    await tried(pack(BoxVoid(box=box, reason="time")), kind=kind), 422, "kind-not-allowed"
                )
            assert (await tried(play.bodies[0])).status == 200
            again = await tried(play.bodies[0])
            assert [one.index for one in again.receipts] == [1]
            refused(await tried(commit(parties[0], parties, box, b"other")), 409, "box-committed")
            for fields in ({"wait": HOUR + 1}, {"release": "sealed"}):
                body = commit(parties[1], parties, box, play.deposits[1], **fields)
                refused(await theirs.append(body, kind=Kind.BOX_COMMIT), 409, "box-differs")
            # All or nothing: of a request with one commitment that is refused nothing stands.
            both = [Posted(kind=4, body=b"fine"), Posted(kind=5, body=commit(parties[0], parties, box, b"x"))]
            answer = await ours.send("POST", f"{ours.common}/entries", "", pack(Append(entries=both)))
            refused(answer, 409, "box-committed")
            twice = [commit(parties[0], parties, bytes(32), one) for one in (b"one", b"other")]
            refused(await ours.append(*twice, kind=Kind.BOX_COMMIT), 409, "box-committed")
            more = [commit(parties[0], parties, os.urandom(32), deposit) for _ in range(2)]
            refused(await ours.append(*more, kind=Kind.BOX_COMMIT), 422, "boxes-full")
            assert (await tried(more[0])).status == 200
            refused(await tried(more[1]), 422, "boxes-full")
            # What the other delegation opens is counted for that one.
            assert (await play.commit(1)).status == 200
            assert len(unpack((await ours.page()).body, Page).entries) == 4

    asyncio.run(main())


def test_addresses_of_boxes(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (_, desks):
            play = Play(desks)
            await play.commit_all()
            desk = play.desks[0]
            refused(await give(desk, play.box[:31], play.deposits[0]), 400, "request-malformed")
            path = f"{desk.caucus}/boxes/{play.box.hex()}"
            refused(await desk.send("POST", path, "", b"\xa1gdeposit\x40"), 404, "no-such-register")
            path = f"{desk.common}/boxes/{play.box.hex()}"
            refused(await desk.send("POST", path, "", b"\xa0"), 400, "not-canonical")
            refused(await desk.with_key("POST", path, b"\xa1gdeposit\x40"), 404, "no-such-register")

    asyncio.run(main())


def test_who_foresaw_an_end_or_a_commitment_cannot_take_its_place(tmp_path: Path) -> None:
    """The same bytes as another kind stand in the register before: the box is committed to and ends all the same."""

    async def main() -> None:
        async with venue(tmp_path) as (_, desks):
            play = Play(desks, fit=False)
            bodies = [pack(BoxVoid(box=play.box, reason=reason)) for reason in ("time", "differ")]
            assert (await play.desks[0].append(*bodies, play.bodies[1])).status == 200
            await play.commit_all()
            await play.receipt(0)
            await play.receipt(1)
            assert await play.ends() == [BoxVoid(box=play.box, reason="differ")]

    asyncio.run(main())


def test_a_box_whose_time_is_over_is_void_and_takes_nothing_more(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (folder, desks):
            play, other = Play(desks, wait=1500), Play(desks, wait=HOUR)
            await play.commit_all()
            await other.commit_all()
            note = await play.receipt(0)
            await other.receipt(0)
            assert await play.ended() == BoxVoid(box=play.box, reason="time")
            refused(await play.deposit(1), 409, "box-closed")
            assert await play.receipt(0) == note
            assert await other.ends() == []
            assert kept(folder) == [other.deposits[0]]
            alone = Play(desks, wait=1)
            assert (await alone.commit(0)).status == 200
            assert await alone.ended() == BoxVoid(box=alone.box, reason="time")
            refused(await alone.commit(1), 409, "box-closed")
            assert (await alone.commit(0)).status == 200
            await other.receipt(1)
            assert len(await other.ends()) == 1

    asyncio.run(main())


def test_deposits_that_were_deleted_are_not_in_the_file(tmp_path: Path) -> None:
    async def main() -> None:
        async with venue(tmp_path) as (folder, desks):
            play = Play(desks, wait=1500, release="sealed")
            play.deposits[0] = b"the sealed canary %d" % 7 * 50
            play.bodies[0] = commit(
                play.parties[0], play.parties, play.box, play.deposits[0], release="sealed", wait=1500
            )
            await play.commit_all()
            await play.receipt(0)
            await play.ended()
        with contextlib.closing(sqlite3.connect(folder.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert b"the sealed canary" not in folder.database.read_bytes()

    asyncio.run(main())


def test_time_without_serving_does_not_void(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The venue was away when the time was over: it waits its grace again before it ends the box."""
    monkeypatch.setattr(boxes, "GRACE", 6000)

    async def main() -> None:
        async with venue(tmp_path) as (folder, desks):
            play = Play(desks, wait=6000)
            await play.commit_all()
            await play.receipt(0)
        await asyncio.sleep(6.1)
        async with serving(folder, play.desks) as again:
            play.desks = again
            await asyncio.sleep(1.3)
            assert await play.ends() == []
            await play.receipt(1)
            assert await play.ends() == [BoxOpen(box=play.box, deposits=tuple(play.deposits))]
            late = Play(again, wait=1)
            assert (await late.commit(0)).status == 200
        async with serving(folder, play.desks) as again:
            late.desks = again
            assert isinstance(await late.ended(), BoxVoid)

    asyncio.run(main())


async def _give_back(near: Desk, held: View, pages: list[Page], start: int) -> None:
    """Hand back what the venue lost, from index `start` on."""
    entries = [one for page in pages for one in page.entries][start:]
    end, size = start + len(entries), max(held.notes)
    proof = [] if end == size else held.tree.consistency_proof(end, size)
    body = pack(Recovery(start=start, entries=entries, checkpoint=held.notes[size], proof=proof))
    answer = await near.send("POST", f"{near.common}/recover", "", body)
    assert answer.status == 200, answer.problem


@pytest.mark.parametrize(("ended", "bodies"), [(True, True), (True, False), (False, True)])
def test_a_restored_venue_knows_its_boxes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, ended: bool, bodies: bool
) -> None:
    """Commitments and ends come back with their entries, deposits are handed in again, and no box ends a second time."""
    monkeypatch.setattr(boxes, "GRACE", 1000)

    async def main() -> None:
        async with venue(tmp_path) as (folder, desks):
            play = Play(desks, wait=2000 if ended else HOUR)
            backups.backup(folder, tmp_path / "backup")
            await play.commit_all()
            note = await play.receipt(0)
            if ended:
                await play.receipt(1)
            held = View(play.desks[0])
            page = unpack((await play.desks[0].page()).body, Page)
            assert not held.read(page)
            if not bodies:
                page.entries[3] = Kept(leaf=page.entries[3].leaf, body=None)
        restored = backups.restore(tmp_path / "backup", tmp_path / "restored")
        async with serving(restored, play.desks) as again:
            play.desks = again
            await _enrolled(again)
            await _give_back(again[0], held, [page], 1)
            refused(await play.deposit(1), 503, "venue-held")
            await asyncio.sleep(1.5)
            backups.confirm(restored)
            if ended and bodies:
                assert await play.receipt(0) == note
            elif ended:
                await asyncio.sleep(2.5)
            else:
                assert await play.receipt(0) == note
                await play.receipt(1)
            if bodies or not ended:
                assert await play.ends() == [BoxOpen(box=play.box, deposits=tuple(play.deposits))]
            else:
                refused(await play.deposit(1), 409, "box-closed")
                size = unpack((await again[0].page()).body, Page)
                assert len(size.entries) == held.tree.size

    asyncio.run(main())


async def _enrolled(desks: list[Desk]) -> None:
    for desk in desks:
        assert (await desk.enrol()).status == 200


def test_a_folder_of_the_release_before_gets_its_boxes(tmp_path: Path) -> None:
    async def main() -> None:
        folder, offered = new_venue(tmp_path)
        with contextlib.closing(sqlite3.connect(folder.database)) as connection:
            for table in re.findall(r"CREATE TABLE (\w+)", "".join(store._FORMS.values())):
                connection.execute(f"DROP TABLE {table}")
            connection.execute("PRAGMA user_version = 1")
        for _ in range(2):
            async with serving(folder, [Desk(one, "") for one in offered.invitations]) as desks:
                await _enrolled(desks)
                play = Play(desks)
                await play.commit_all()
                await play.receipt(0)
                await play.receipt(1)
                assert len(await play.ends()) == 1
        with contextlib.closing(sqlite3.connect(folder.database)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (store.VERSION,)

    asyncio.run(main())


def test_the_end_of_a_box_goes_out_on_the_streams(tmp_path: Path) -> None:
    from good_offices.transport.sse import Reader

    async def main() -> None:
        async with venue(tmp_path) as (_, desks):
            play = Play(desks)
            await play.commit_all()
            listener = Desk(play.desks[1].invitation, play.desks[1].url, id=play.desks[1].id)
            await listener.wire.open()
            headers = listener.signed("GET", f"{listener.common}/stream", "after=2")
            head = f"GET {listener.common}/stream?after=2 HTTP/1.1\r\nhost: venue\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            listener.wire.writer.write(head.encode() + b"\r\n")
            await listener.wire.reader.readuntil(b"\r\n\r\n")
            await play.receipt(0)
            await play.receipt(1)
            reader, found = Reader(), []
            while not any(event is not None and event.id == 3 for event in found):
                size = int((await listener.wire.reader.readline()).strip() or b"0", 16)
                found += reader.feed(await listener.wire.reader.readexactly(size))
            assert len(await ends(play.desks[0])) == 1
            await listener.wire.close()

    asyncio.run(asyncio.wait_for(main(), 20))


def test_boxes_of_three_are_ended_side_by_side_by_all_at_once(tmp_path: Path) -> None:
    """All deposits of many boxes at the same time: each box has one end, and it is the right one."""

    async def main() -> None:
        async with venue(tmp_path, 3) as (_, desks):
            plays = [Play(desks, fit=number % 2 == 0) for number in range(6)]
            for play in plays:
                await play.commit_all()
            own = [[Desk(one.invitation, one.url, id=one.id) for one in play.desks] for play in plays]

            async def hand_in(number: int, place: int) -> None:
                for _ in range(2):
                    answer = await give(own[number][place], plays[number].box, plays[number].deposits[place])
                    assert answer.status == 200, answer.problem

            await asyncio.gather(*(hand_in(number, place) for number in range(6) for place in range(3)))
            for number, play in enumerate(plays):
                (end,) = await play.ends()
                assert isinstance(end, BoxVoid if number % 2 else BoxOpen)
            for desk in (one for some in own for one in some):
                await desk.wire.close()

    asyncio.run(main())
