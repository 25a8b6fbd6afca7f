"""kill -9 at every write point and at random times: what was ever receipted is there, and nothing forks.

This is the death of a process. The loss of power is SQLite's own test matter: WAL with synchronous=FULL.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.waiting import LONGEST
from tests.venue_kit import Desk, View, new_venue

from good_offices.errors import GoodOfficesError

POINTS = ("before-insert", "after-sign", "before-commit", "after-commit", "after-release")
SENDERS = 6


class Nursery:
    """The process that serves in children."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("nursery.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.child = 0

    def serve(self, folder: Path, point: str, count: int) -> str:
        self.process.stdin.write(f"{folder} {point} {count}\n")
        self.process.stdin.flush()
        pid, address = self.process.stdout.readline().split()
        self.child = int(pid)
        return address

    def kill(self) -> None:
        """Kill the child if it lives, and wait until it is gone."""
        try:
            os.kill(self.child, signal.SIGKILL)
        except ProcessLookupError:
            return
        while True:
            try:
                os.kill(self.child, 0)
            except ProcessLookupError:
                return
            time.sleep(0.002)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(LONGEST)
        self.process.stdout.close()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.kill()
    nursery.close()


async def _load(desk: Desk, view: View, rng: random.Random, unanswered: list[list[bytes]]) -> None:
    """Send until the venue dies; what was not answered is kept, to be sent again."""
    mine = Desk(desk.invitation, desk.url, id=desk.id)
    bodies: list[bytes] = []
    try:
        while True:
            again = unanswered.pop() if unanswered and rng.random() < 0.5 else None
            bodies = again or [
                rng.randbytes(rng.choice((0, 40, 1000, 5000))) + os.urandom(8)
                for _ in range(rng.randint(1, 4))
            ]
            answer = await mine.append(*bodies)
            if answer.status == 200:
                view.take(answer, bodies)
            else:
                assert answer.status == 503, answer
                unanswered.append(bodies)
            bodies = []
    except (OSError, asyncio.IncompleteReadError):
        if bodies:
            unanswered.append(bodies)
    finally:
        await mine.wire.close()


async def _life(
    nursery: Nursery, desk: Desk, view: View, rng: random.Random, unanswered: list[list[bytes]], after: float
) -> None:
    """One life of the venue under load; `after` seconds it is killed from outside, if above 0."""
    senders = [asyncio.ensure_future(_load(desk, view, rng, unanswered)) for _ in range(SENDERS)]
    if after:
        await asyncio.sleep(after)
        await asyncio.to_thread(nursery.kill)
    done = asyncio.gather(*senders)
    try:
        await asyncio.wait_for(done, 20)
    except TimeoutError:
        pytest.fail("the venue did not come to its write point")


def test_no_receipt_is_lost_and_nothing_forks(tmp_path: Path, nursery: Nursery, kills: int) -> None:
    rng = random.Random(20)
    folder, offered = new_venue(
        tmp_path, address_rate=1000000, address_burst=1000000, desk_rate=1000000, desk_burst=1000000
    )
    desk = Desk(offered.invitations[0], nursery.serve(folder.path, "none", 1))
    view = View(desk)
    unanswered: list[list[bytes]] = []

    async def begin() -> None:
        assert (await desk.enrol()).status == 200
        await view.catch_up(desk)
        await desk.wire.close()

    async def check(url: str) -> None:
        desk.url = url
        desk.wire = type(desk.wire)(url)
        await view.catch_up(desk)
        await desk.wire.close()

    asyncio.run(begin())
    nursery.kill()
    for number in range(kills):
        point = (*POINTS, "none")[number % (len(POINTS) + 1)]
        # The check before the load writes nothing, so the count is of batches under load.
        asyncio.run(check(nursery.serve(folder.path, point, rng.randint(1, 12))))
        after = rng.uniform(0.01, 0.25) if point == "none" else 0.0
        asyncio.run(_life(nursery, desk, view, rng, unanswered, after))
        nursery.kill()
    asyncio.run(check(nursery.serve(folder.path, "none", 1)))
    assert len(view.receipts) > kills
    # What was never answered can be sent again and has one place each.
    asyncio.run(_finish(desk, view, unanswered))


async def _finish(desk: Desk, view: View, unanswered: list[list[bytes]]) -> None:
    last = Desk(desk.invitation, desk.url, id=desk.id)
    for bodies in unanswered:
        view.take(await last.append(*bodies), bodies)
        view.take(await last.append(*bodies), bodies)
    await view.catch_up(last)
    await last.wire.close()
    bodies = [leaf[18:] for leaf in view.leaves]
    assert len(set(bodies)) == len(bodies)


def test_a_view_notices_a_lost_receipt(tmp_path: Path, nursery: Nursery) -> None:
    """The check itself can fail: a venue folder that is put back by hand is noticed."""
    import shutil

    folder, offered = new_venue(tmp_path)
    desk = Desk(offered.invitations[0], nursery.serve(folder.path, "none", 1))
    view = View(desk)

    async def first() -> None:
        await desk.enrol()
        view.take(await desk.append(b"one"), [b"one"])
        await desk.wire.close()

    async def second(url: str) -> None:
        desk.url, desk.wire = url, type(desk.wire)(url)
        try:
            view.take(await desk.append(b"another"), [b"another"])
        finally:
            await desk.wire.close()

    asyncio.run(first())
    nursery.kill()
    # Without the log of the database, what was committed since the last copy is gone.
    kept = tmp_path / "kept"
    shutil.copytree(folder.path, kept)
    for name in ("venue.db-wal", "venue.db-shm"):
        (kept / name).unlink(missing_ok=True)
    url = nursery.serve(kept, "none", 1)
    with pytest.raises((AssertionError, GoodOfficesError)):
        asyncio.run(second(url))
    nursery.kill()
