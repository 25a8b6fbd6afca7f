"""Houses with a duty desk for each delegation, and soundings that run as fast as the desks can answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.support.house import PASSPHRASE, House

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.desk.soundings import duty, marks
from good_offices.desk.soundings.answering import Answering
from good_offices.encoding import pack
from good_offices.soundings.context import Listed, Option, Scale
from good_offices.talks.events_sounding import SoundingAnswered, SoundingOpened
from good_offices.talks.soundings import Sounding

HOUR = 60 * 60 * 1_000


def with_duty_desks(house: House) -> None:
    """Let each delegation set up a duty desk; they stand in the house behind the heads' desks."""
    for number, head in enumerate(list(house.desks)):
        handover = people.invite(head, "Duty desk", "unattended", "experts", [], duty=True)
        desk = Desk.create(house.path / f"duty{number}", PASSPHRASE, pack(handover))
        desk.sync()
        head.sync()
        (invited,) = people.waiting(head)
        people.admit(head, invited, house.root(head))
        house.desks.append(desk)
    house.settle()


class Clock:
    """A clock of the answering desks, which tests set forward; acts bear the machine's own time."""

    def __init__(self) -> None:
        self.time = int(time.time() * 1000)

    def __call__(self) -> int:
        return self.time


def listed(kind: str = "options", size: int = 4, *, subject: str = "Dates", **changed: Any) -> Listed:
    """Return a list that closes in an hour, with an hour for its steps."""
    now = int(time.time() * 1000)
    times = {"closes": now + HOUR, "pace": 1_000, "until": now + 2 * HOUR}
    rest: dict[str, Any] = {"options": [Option(words={"en": f"Day {at}"}) for at in range(1, size + 1)]}
    if kind == "range":
        rest = {"scale": Scale(least=100, most=100 + 10 * (size - 1), step=10, unit="m3/s")}
    if kind == "packages":
        rest["chunk"] = 2
    return Listed(**{"kind": kind, "about": "date", "subject": {"en": subject}, **rest, **times, **changed})  # type: ignore[arg-type]


class Running:
    """A sounding that was opened, with the desks that answer it."""

    def __init__(self, house: House, what: Listed | None = None, answering: Sequence[Desk] = ()) -> None:
        self.house = house
        self.clock = Clock()
        house.desks[0].act("sounding", SoundingOpened(listed=what or listed()))
        house.settle()
        known = {one.id for one in house.desks[0].talks.sounding.every()}
        self.id = max(known, key=lambda name: house.desks[0].talks.sounding.find(name).index)  # type: ignore[union-attr]
        self.answers = [Answering(desk, now=self.clock) for desk in answering or house.desks[2:]]

    @property
    def sounding(self) -> Sounding:
        found = self.answers[0].desk.talks.sounding.find(self.id)
        assert found is not None
        return found

    def tell(self, head: Desk, on_duty: Desk, wanted: Any) -> None:
        """Carry marks to a duty desk."""
        marks.keep(head, self.sounding, wanted, sealed=False)
        content = marks.let_go(head, self.sounding, self.clock())
        assert content is not None
        marks.take_file(on_duty, content, self.clock())

    def close(self) -> None:
        """Set the clock to when the marks are fixed."""
        self.clock.time = max(self.clock.time, self.sounding.closes)

    def beat(self) -> None:
        """Let every desk have a beat, a pace later than the last."""
        self.clock.time += self.sounding.pace
        for one in self.answers:
            told = duty.beat(one.desk, one)
            assert told.failed is None, told.failed

    def until(self, done: Callable[[], bool], beats: int = 40) -> None:
        """Beat until something is the case."""
        for _ in range(beats):
            if done():
                return
            self.beat()
        raise AssertionError(self.sounding)

    def run(self) -> None:
        """Let it run to its end, and tell every desk."""
        self.close()
        self.until(lambda: self.sounding.outcome != "running")
        self.house.settle()

    def values(self) -> list[bytes]:
        """Return the first value of every message of all attempts: X of step 1, E of step 2."""
        desk = self.answers[0].desk
        return [
            line.act.event.body[:32]
            for line in desk.common.lines()
            if line.act is not None
            and isinstance(line.act.event, SoundingAnswered)
            and line.act.event.piece == 0
            and line.verdict.status == "valid"
        ]
