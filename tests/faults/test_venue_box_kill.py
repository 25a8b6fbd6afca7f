"""kill -9 around deposits and ends of boxes: no receipt is lost, no box ends twice, no deposit is out alone."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.test_venue_kill import Nursery
from tests.support.boxes import Play, ends
from tests.venue_kit import Desk, View, new_venue

from good_offices.encoding import unpack
from good_offices.register.box import BoxOpen, BoxVoid
from good_offices.transport.pages import DepositReceipt
from good_offices.venue.folder import Folder

# In the order in which a deposit comes to them; the two in the middle are within the transaction of the last deposit.
POINTS = (
    "before-insert",
    "deposit-in",
    "box-ended",
    "after-sign",
    "before-commit",
    "after-commit",
    "after-release",
)


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.kill()
    nursery.close()


class Stand:
    """A venue in a child, and the desks that outlive it."""

    def __init__(self, path: Path, nursery: Nursery) -> None:
        self.folder: Folder
        self.folder, offered = new_venue(path, 2)
        self.nursery = nursery
        self.desks = [Desk(one, "") for one in offered.invitations]
        self.views = [View(desk) for desk in self.desks]

    @contextlib.asynccontextmanager
    async def life(self, point: str = "none", count: int = 1, *, plays: tuple[Play, ...] = ()):
        """One life of the venue; it ends with the block, or at the `count`-th time it comes to `point`."""
        url = await asyncio.to_thread(self.nursery.serve, self.folder.path, point, count)
        self.desks = [Desk(one.invitation, url, id=one.id) for one in self.desks]
        by_id = {desk.id: desk for desk in self.desks}
        for play in plays:
            play.desks = [by_id[desk.id] for desk in play.desks]
        try:
            yield
        finally:
            for desk in self.desks:
                await desk.wire.close()
            await asyncio.to_thread(self.nursery.kill)

    def kept(self) -> list[bytes]:
        with contextlib.closing(sqlite3.connect(self.folder.database)) as connection:
            return [body for (body,) in connection.execute("SELECT body FROM box_deposit")]


async def _tried(play: Play, place: int) -> bytes | None:
    """Return the receipt of a deposit, None if the venue died over it."""
    try:
        answer = await play.deposit(place)
    except (OSError, asyncio.IncompleteReadError):
        return None
    if answer.status != 200:
        assert answer.status == 503, answer.problem
        return None
    note = unpack(answer.body, DepositReceipt).note
    play.desks[place].keys.open_deposit(note)
    return note


@pytest.mark.parametrize("fit", [True, False])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("last", [False, True])
def test_a_venue_that_dies_over_a_deposit(
    tmp_path: Path, nursery: Nursery, point: str, *, fit: bool, last: bool
) -> None:
    """It dies over the first or over the last deposit of a box, which is then handed in again."""
    stand = Stand(tmp_path, nursery)
    at_end = point == "box-ended"

    async def main() -> None:
        async with stand.life():
            for desk in stand.desks:
                assert (await desk.enrol()).status == 200
            play = Play(stand.desks, fit=fit)
            await play.commit_all()
            first = await play.receipt(0) if last else None
        place = int(last)
        async with stand.life("none" if at_end and not last else point, plays=(play,)):
            note = await _tried(play, place)
            if point != "after-release" and not (at_end and not last):
                assert note is None
        kept = stand.kept()
        async with stand.life(plays=(play,)):
            durable = point in ("after-commit", "after-release") or (at_end and not last)
            # Between two lives: all of a transaction or nothing of it, so no deposit is out alone.
            assert kept == play.deposits[: 0 if last and durable else place + durable]
            before = await play.ends()
            assert len(before) == (last and durable)
            again = await play.receipt(place)
            assert note in (None, again)
            if last:
                assert await play.receipt(0) == first
            else:
                assert await play.ends() == []
                await play.receipt(1)
            (end,) = await play.ends()
            assert before in ([], [end])
            expected = BoxOpen(box=play.box, deposits=tuple(play.deposits))
            assert end == (expected if fit else BoxVoid(box=play.box, reason="differ"))
            assert stand.kept() == []

    asyncio.run(main())


async def _push(play: Play, places: list[int], notes: dict[tuple[bytes, int], bytes]) -> None:
    """Do for a box what its desks would do next, until the venue dies."""
    try:
        for place in range(2):
            answer = await play.commit(place)
            assert answer.status in (200, 503), answer.problem
        for place in places:
            answer = await play.deposit(place)
            if answer.status == 200:
                note = unpack(answer.body, DepositReceipt).note
                assert notes.setdefault((play.box, place), note) == note
            else:
                assert answer.status == 503 or answer.problem.code == "box-not-ready", answer.problem
    except (OSError, asyncio.IncompleteReadError):
        return


def test_boxes_under_random_deaths(tmp_path: Path, nursery: Nursery, kills: int) -> None:
    """Boxes go on through many deaths: each ends once, as its deposits say, and the register never forks."""
    stand, rng = Stand(tmp_path, nursery), random.Random(5)
    plays: list[Play] = []
    notes: dict[tuple[bytes, int], bytes] = {}

    async def main() -> None:
        async with stand.life():
            for desk in stand.desks:
                assert (await desk.enrol()).status == 200
            plays.extend(Play(stand.desks, fit=number % 2 == 0) for number in range(8))
        for _ in range(kills):
            point, count = rng.choice(POINTS), rng.randint(1, 6)
            async with stand.life(point, count, plays=tuple(plays)):
                for play in rng.sample(plays, len(plays)):
                    await _push(play, rng.sample(range(2), 2), notes)
        async with stand.life(plays=tuple(plays)):
            for play in plays:
                await _push(play, rng.sample(range(2), 2), notes)
            for number, play in enumerate(plays):
                (end,) = await play.ends()
                assert isinstance(end, BoxVoid if number % 2 else BoxOpen)
                for place in range(2):
                    note = await play.receipt(place)
                    assert notes.setdefault((play.box, place), note) == note
            assert len(await ends(stand.desks[0])) == len(plays)
            for desk, view in zip(stand.desks, stand.views, strict=True):
                await view.catch_up(desk)

    asyncio.run(main())


async def _look_on(play: Play) -> None:
    """Look at a box that has not ended, until the venue dies."""
    for _ in range(100):
        assert await play.ends() == []
        await asyncio.sleep(0.1)


def test_a_box_whose_time_is_over_is_void_after_a_death(tmp_path: Path, nursery: Nursery) -> None:
    stand = Stand(tmp_path, nursery)

    async def main() -> None:
        async with stand.life():
            for desk in stand.desks:
                assert (await desk.enrol()).status == 200
            play = Play(stand.desks, wait=1200)
            await play.commit_all()
            note = await play.receipt(0)
        # It dies over the void itself, and makes it once in the next life.
        async with stand.life("box-ended", plays=(play,)):
            with pytest.raises((OSError, asyncio.IncompleteReadError)):
                await _look_on(play)
        async with stand.life(plays=(play,)):
            assert await play.ended() == BoxVoid(box=play.box, reason="time")
            assert await play.receipt(0) == note
            assert stand.kept() == []
            await asyncio.sleep(1.2)
            assert len(await play.ends()) == 1

    asyncio.run(main())
