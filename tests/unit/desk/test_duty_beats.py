"""When a desk on duty reads and speaks: at fixed times, whatever came into its inbox (spec/soundings.md section 11.3)."""

from __future__ import annotations

from itertools import islice
from types import SimpleNamespace

import pytest

from good_offices.desk.soundings import duty
from good_offices.errors import OperationalError


class Clock:
    """A clock that goes on only while somebody sleeps or works."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.did: list[tuple[str, float]] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def work(self, name: str, seconds: float):
        self.did.append((name, round(self.now, 3)))
        self.now += seconds
        return [], []


@pytest.fixture
def clock(monkeypatch):
    """A desk on duty whose reading takes 1 s, whose files take as long as `files` says, and which answers nothing."""
    clock = Clock(1_000_003.0)
    clock.files, clock.reading = 0.0, 1.0
    monkeypatch.setattr(duty, "time", clock)
    monkeypatch.setattr(duty, "_take_all", lambda *_: clock.work("files", clock.files))
    monkeypatch.setattr(duty, "_hold", lambda _: None)

    def answering(*_, **__):
        return SimpleNamespace(now=lambda: 0, beat=lambda: clock.work("speak", 0.5) and [])

    monkeypatch.setattr(duty, "Answering", answering)
    return clock


def beats(clock, count: int, sync=None) -> list[tuple[str, float]]:
    desk = SimpleNamespace(sync=sync or (lambda: clock.work("read", clock.reading)))
    list(islice(duty.on_duty(desk, every=60, sleep=clock.sleep), count))
    return clock.did


@pytest.mark.parametrize("files", [0.0, 0.004, 2.4])
def test_files_move_neither_reading_nor_speaking(clock, files):
    clock.files = files
    did = beats(clock, 3)
    assert [at for name, at in did if name == "read"] == [1_000_020, 1_000_080, 1_000_140]
    assert [at for name, at in did if name == "speak"] == [1_000_025, 1_000_085, 1_000_145]


@pytest.mark.parametrize("files", [0.0, 0.004, 2.4])
@pytest.mark.parametrize(("reading", "speaks"), [(2.4, 25), (2.6, 30), (4.99, 30), (8.0, 35)])
def test_a_host_that_lets_its_answer_wait_does_not_measure_files(clock, files, reading, speaks):
    clock.files, clock.reading = files, reading
    assert ("speak", 1_000_000 + speaks) in beats(clock, 1)


def test_short_beats_speak_a_quarter_of_the_way(clock):
    clock.reading = 0.01
    desk = SimpleNamespace(sync=lambda: clock.work("read", 0.01))
    next(duty.on_duty(desk, every=1, sleep=clock.sleep))
    assert [at for _, at in clock.did] == [1_000_004.0, 1_000_004.01, 1_000_004.25]


def test_files_are_taken_although_the_venue_is_not_reached(clock):
    def away():
        raise OperationalError("venue-unreachable", url="http://127.0.0.1:1", why="refused")

    assert [name for name, _ in beats(clock, 2, away)] == ["files", "files"]


def test_a_failure_that_repeating_does_not_mend_ends_the_duty(clock):
    def full():
        raise OperationalError("venue-disk", path="/", why="full")

    with pytest.raises(OperationalError, match="full"):
        beats(clock, 1, full)
