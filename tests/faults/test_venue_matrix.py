"""Every write that fails: nobody is told otherwise, nothing is lost, and no size has two roots."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.waiting import LONGEST
from tests.venue_kit import Desk, View, new_venue

from good_offices.errors import OperationalError
from good_offices.register.host import HostSigner
from good_offices.venue import growth, server
from good_offices.venue import sequencer as sequencers

POINTS = ("before-insert", "after-sign", "before-commit")


class Trouble:
    """A hook that raises `failure` at `point` while it is on."""

    def __init__(self, point: str, failure: Callable[[], Exception]) -> None:
        self.point, self.failure, self.on = point, failure, False

    def __call__(self, here: str) -> None:
        if self.on and here == self.point:
            raise self.failure()


async def _desk(url: str, offered: object) -> tuple[Desk, View]:
    desk = Desk(offered.invitations[0], url)
    assert (await desk.enrol()).status == 200
    view = View(desk)
    view.take(await desk.append(b"first"), [b"first"])
    return desk, view


async def _refused(desk: Desk, body: bytes) -> None:
    answer = await desk.append(body)
    assert answer.status == 503
    assert answer.problem.code == "venue-cannot-write"
    assert answer.headers["retry-after"] == "1"


async def _recovers(desk: Desk, view: View, bodies: list[bytes]) -> None:
    """Send again until it is taken, then look at everything."""
    until = time.monotonic() + LONGEST
    while (answer := await desk.append(*bodies)).status == 503:
        assert time.monotonic() < until
        await asyncio.sleep(0.05)
    view.take(answer, bodies)
    await view.catch_up(desk)
    await desk.wire.close()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(
    "failure",
    [
        lambda: sqlite3.OperationalError("disk I/O error"),
        lambda: OSError(28, "No space left on device"),
        lambda: RuntimeError("anything"),
    ],
)
def test_a_batch_that_fails_counts_for_nobody(
    tmp_path: Path, point: str, failure: Callable[[], Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencers, "PAUSE", 0.1)
    folder, offered = new_venue(tmp_path)
    trouble = Trouble(point, failure)

    async def main() -> None:
        async with server.running(folder, faults=trouble) as url:
            desk, view = await _desk(url, offered)
            trouble.on = True
            for number in range(3):
                await _refused(desk, b"lost %d" % number)
                assert (await desk.wire.send("GET", "/health", {})).status == 503
                await asyncio.sleep(0.12)
            await view.catch_up(desk)
            assert len(view.leaves) == 2
            trouble.on = False
            await _recovers(desk, view, [b"lost 0", b"other"])
            assert len(view.leaves) == 4

    asyncio.run(main())


def test_a_signer_that_raises_releases_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencers, "PAUSE", 0.1)
    folder, offered = new_venue(tmp_path)
    broken = False
    sign = HostSigner.sign

    def maybe(self: HostSigner, *arguments: object) -> bytes:
        if broken:
            raise OperationalError("venue-disk", path="the token", why="gone")
        return sign(self, *arguments)

    monkeypatch.setattr(HostSigner, "sign", maybe)

    async def main() -> None:
        nonlocal broken
        async with server.running(folder) as url:
            desk, view = await _desk(url, offered)
            broken = True
            await _refused(desk, b"lost")
            broken = False
            await _recovers(desk, view, [b"lost"])
            assert len(view.leaves) == 3

    asyncio.run(main())


def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database may not grow; what was signed for the failed batch is never seen."""
    monkeypatch.setattr(sequencers, "PAUSE", 0.1)
    folder, offered = new_venue(tmp_path)
    signed: list[bytes] = []
    sign = HostSigner.sign

    def kept(self: HostSigner, *arguments: object) -> bytes:
        signed.append(sign(self, *arguments))
        return signed[-1]

    monkeypatch.setattr(HostSigner, "sign", kept)
    made = sequencers.connect
    writers: list[sqlite3.Connection] = []

    def limited(path: Path, *, writes: bool = False) -> sqlite3.Connection:
        connection = made(path, writes=writes)
        writers.append(connection)
        return connection

    monkeypatch.setattr(sequencers, "connect", limited)

    async def main() -> None:
        async with server.running(folder) as url:
            desk, view = await _desk(url, offered)
            connection = writers[0]
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 20}")
            taken = 0
            for number in range(40):
                body = number.to_bytes(2, "big") * 4000
                answer = await desk.append(body)
                if answer.status == 503:
                    break
                view.take(answer, [body])
                taken += 1
            assert answer.problem.code == "venue-cannot-write"
            assert 0 < taken < 39
            await view.catch_up(desk)
            assert len(view.leaves) == taken + 2
            connection.execute("PRAGMA max_page_count = 1000000")
            await _recovers(desk, view, [b"room again"])
            released = {view.keys.open(note).size for note in signed if view.keys.origin in note.decode()}
            assert max(released) == len(view.leaves)

    asyncio.run(main())


def test_a_connection_that_breaks_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencers, "PAUSE", 0.1)
    folder, offered = new_venue(tmp_path)
    rollback = sequencers.Writer.rollback
    trouble = Trouble("before-commit", lambda: sqlite3.OperationalError("disk I/O error"))

    def broken(self: sequencers.Writer) -> None:
        if trouble.on:
            raise sqlite3.OperationalError("disk I/O error")
        rollback(self)

    monkeypatch.setattr(sequencers.Writer, "rollback", broken)
    made, failing = sequencers.connect, False

    def connect(path: Path, *, writes: bool = False) -> sqlite3.Connection:
        if failing:
            raise OperationalError("venue-database-damaged", why="it cannot be opened")
        return made(path, writes=writes)

    monkeypatch.setattr(sequencers, "connect", connect)

    async def main() -> None:
        nonlocal failing
        async with server.running(folder, faults=trouble) as url:
            desk, view = await _desk(url, offered)
            trouble.on = failing = True
            for _ in range(3):
                await _refused(desk, b"lost")
                await asyncio.sleep(0.12)
            trouble.on = failing = False
            await _recovers(desk, view, [b"lost"])

    asyncio.run(main())


def test_a_batch_that_cannot_be_released_is_found_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, offered = new_venue(tmp_path)
    written = growth.write_receipts

    async def main() -> None:
        async with server.running(folder) as url:
            desk, view = await _desk(url, offered)
            monkeypatch.setattr(growth, "write_receipts", lambda *_: 1 // 0)
            answer = await desk.append(b"kept")
            assert (answer.status, answer.problem.code) == (500, "venue-fault")
            monkeypatch.setattr(growth, "write_receipts", written)
            await _recovers(desk, view, [b"kept", b"more"])
            assert len(view.leaves) == 4

    asyncio.run(main())


@pytest.mark.parametrize("damage", ["leaf", "entry", "note"])
def test_a_register_whose_disk_lost_something_takes_nothing(tmp_path: Path, damage: str) -> None:
    """Going on would sign a second root for a size that has one."""
    folder, offered = new_venue(tmp_path)
    common, other = offered.invitations[0].common, offered.invitations[0].caucus

    async def first() -> None:
        async with server.running(folder) as url:
            desk, _ = await _desk(url, offered)
            await desk.append(b"second")
            await desk.wire.close()

    async def second() -> None:
        async with server.running(folder) as url:
            desk = Desk(offered.invitations[0], url)
            await desk.enrol()
            answer = await desk.append(b"third")
            assert (answer.status, answer.problem.code) == (503, "venue-database-damaged")
            # The other registers of the same venue go on.
            assert (await desk.append(b"third", register=f"/v1/r/{other}")).status == 200
            await desk.wire.close()

    asyncio.run(first())
    connection = sqlite3.connect(folder.database)
    connection.create_function("flipped", 1, lambda leaf: leaf[:9] + bytes([leaf[9] ^ 1]) + leaf[10:])
    register = f"(SELECT number FROM register WHERE id = '{common}')"
    older = f"(SELECT note FROM register WHERE id = '{other}')"
    connection.execute(
        {
            "leaf": f"UPDATE entry SET leaf = flipped(leaf) WHERE register = {register}",
            "entry": f"DELETE FROM entry WHERE id = (SELECT max(id) FROM entry WHERE register = {register})",
            "note": f"UPDATE register SET note = {older} WHERE id = '{common}'",
        }[damage]
    )
    connection.commit()
    connection.close()
    asyncio.run(second())
