"""New epochs: weekly by the host's clock, and on suspicion (spec/rooms.md section 8)."""

import time
from types import SimpleNamespace

import pytest
from tests.support.house import House

from good_offices.desk import housekeeping
from good_offices.desk.suspicion import ROOMS, begin_anew
from good_offices.errors import LocalError
from good_offices.talks.events_plenary import StatementMade

HELLO = StatementMade(text="Good morning.", language="en")


def numbers(desk):
    return {room: desk.epoch(room).epoch for room in ROOMS}


def days_on(monkeypatch, days):
    """Let housekeeping, and nothing else, take it that so many days have passed."""
    later = SimpleNamespace(time=lambda: time.time() + days * 24 * 3600)
    monkeypatch.setattr(housekeeping, "time", later)


def speaks(one, other):
    done = one.act("plenary", HELLO)
    assert done.verdict.status == "valid"
    other.sync()
    (line,) = (line for line in other.common.lines() if line.index == done.verdict.index)
    assert line.act.event == HELLO


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as made:
        yield made


def test_a_week_later_each_room_has_one_new_epoch_and_everybody_reads_on(house, monkeypatch):
    upper, lower = house.desks
    before = numbers(upper)
    days_on(monkeypatch, 6)
    house.settle()
    assert numbers(upper) == before
    days_on(monkeypatch, 8)
    upper.sync()
    assert numbers(upper) == {room: number + 1 for room, number in before.items()}
    # The host's clock stays in these tests: to the other desk these epochs must be new, as they would be.
    monkeypatch.undo()
    lower.sync()
    common = {room: numbers(upper)[room] for room in ("roster", "plenary")}
    assert {room: numbers(lower)[room] for room in common} == common
    speaks(upper, lower)
    speaks(lower, upper)


def test_a_desk_begins_one_a_week_whatever_the_host_says_of_arrivals(house, monkeypatch):
    upper, _ = house.desks
    # To a desk whose clock is far ahead, every entry of an honest host looks old.
    days_on(monkeypatch, 1000)
    upper.sync()
    once = numbers(upper)
    for _ in range(3):
        upper.sync()
    assert numbers(upper) == once
    days_on(monkeypatch, 1008)
    upper.sync()
    assert numbers(upper) == {room: number + 1 for room, number in once.items()}


def test_a_clock_that_is_known_to_be_wrong_is_put_right(house, monkeypatch):
    upper, _ = house.desks
    before = numbers(upper)
    days_on(monkeypatch, 8)
    upper.client.clock_offset = -8 * 24 * 3600
    assert not housekeeping.chores(upper)
    assert numbers(upper) == before


def test_two_at_once_are_harmless(house, monkeypatch):
    upper, lower = house.desks
    before = numbers(upper)
    days_on(monkeypatch, 8)
    act = housekeeping.begin_epoch(upper, "plenary", housekeeping.readers(upper, "plenary"))
    late = housekeeping.begin_epoch(lower, "plenary", housekeeping.readers(lower, "plenary"))
    assert upper.common.verdicts[act].status == "valid"
    assert (lower.common.verdicts[late].status, lower.common.verdicts[late].code) == (
        "void",
        "manifest-superseded",
    )
    monkeypatch.undo()
    house.settle()
    assert numbers(upper)["plenary"] == numbers(lower)["plenary"] == before["plenary"] + 1
    speaks(upper, lower)
    speaks(lower, upper)


def test_on_suspicion_all_rooms_or_one(house):
    upper, lower = house.desks
    before = numbers(upper)
    keys = {room: upper.talks.kem(upper.rooms[room], upper.certificate) for room in ("roster", "plenary")}
    begun = begin_anew(upper)
    assert {room: upper.book(room).verdicts[act].status for room, act in begun.items()} == dict.fromkeys(
        ROOMS, "valid"
    )
    assert numbers(upper) == {room: number + 1 for room, number in before.items()}
    # What a copy of this desk's folder held does not open them.
    assert all(upper.talks.kem(upper.rooms[room], upper.certificate) != key for room, key in keys.items())
    speaks(upper, lower)
    assert list(begin_anew(lower, ["caucus"])) == ["caucus"]
    speaks(lower, upper)
    assert numbers(upper) == {room: number + 1 for room, number in before.items()}


def test_the_capital_begins_epochs_of_its_caucus_alone(house):
    capital = house.join(house.desks[0], "Minister", capital=True)
    before = capital.epoch("caucus").epoch
    assert list(begin_anew(capital)) == ["caucus"]
    assert capital.epoch("caucus").epoch == before + 1
    with pytest.raises(LocalError, match="plenary") as refused:
        begin_anew(capital, ["plenary"])
    assert refused.value.code == "room-not-open"


def test_by_courier_one_at_a_time(house):
    upper, _ = house.desks
    upper.talk_by(courier=True)
    begin_anew(upper)
    with pytest.raises(LocalError) as refused:
        begin_anew(upper)
    assert refused.value.code == "epoch-under-way"
    upper.talk_by(courier=False)
    upper.sync()
    assert numbers(upper)["plenary"] >= 1


def test_not_before_the_number_is_compared(tmp_path):
    with House(tmp_path, ready=False) as house:
        with pytest.raises(LocalError) as refused:
            begin_anew(house.desks[0])
        assert refused.value.code == "keys-not-compared-here"
