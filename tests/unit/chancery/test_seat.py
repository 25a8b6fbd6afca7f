"""The seat: an open desk shared by screens, kept up to date by a thread, locked and opened again."""

from __future__ import annotations

import threading

import pytest
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import LONGEST, until

from good_offices.chancery.seat import Seat
from good_offices.errors import LocalError
from good_offices.locale import use
from good_offices.talks.events_plenary import StatementMade

WORDS = StatementMade(text="Good morning.", language="en")


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def seat(house):
    desk = house.desks.pop(0)
    desk.close()
    seat = Seat(desk.storage.folder)
    seat.open(PASSPHRASE)
    yield seat
    seat.close()


def test_an_act_is_told_by_its_verdict(seat):
    with seat.turn:
        done = seat.act("plenary", WORDS)
    assert done.verdict is not None
    assert done.verdict.status == "valid"


def test_what_the_other_side_does_arrives_by_itself(house, seat):
    assert until(lambda: seat.state == "up-to-date")
    heard = threading.Event()

    def look():
        with seat.turn:
            last = seat.lines(seat.desk.common)[-1].act
        if last is not None and last.event == WORDS:
            heard.set()

    end = seat.listen(look)
    house.desks[0].act("plenary", WORDS)
    # By the stream: by itself the desk asks every 20 seconds.
    assert heard.wait(LONGEST)
    end()
    with seat.turn:
        line = seat.lines(seat.desk.common)[-1]
    assert line.act.event == WORDS


def test_without_the_host_work_goes_on_and_is_sent_later(house, seat):
    assert until(lambda: seat.state == "up-to-date")
    sending = seat.desk.client.wire
    seat.desk.client.wire = Dead()
    with seat.turn:
        done = seat.act("plenary", WORDS)
    assert done.verdict is None
    assert until(lambda: seat.state == "unreachable")
    with seat.turn:
        assert [one.act for one in seat.desk.outgoing()] == [done.act]
    seat.desk.client.wire = sending
    seat.check()
    assert until(lambda: done.act in seat.desk.common.verdicts)
    assert until(lambda: seat.state == "up-to-date")


def test_screens_are_read_while_the_host_is_slow(seat):
    assert until(lambda: seat.state == "up-to-date")
    slow = Slow(seat.desk.client.wire)
    seat.desk.client.wire = slow
    seat.check()
    assert slow.begun.wait(LONGEST)
    with seat.turn:
        assert seat.lines(seat.desk.common)
    assert not slow.back.is_set()
    slow.go_on.set()


def test_a_locked_desk_is_closed_and_opens_again(seat):
    seat.lock()
    assert not seat.is_open
    assert seat.stamp() == ""
    with pytest.raises(LocalError, match="locked"):
        _ = seat.desk
    with pytest.raises(LocalError, match="passphrase"):
        seat.open("another passphrase")
    seat.open(PASSPHRASE)
    with seat.turn:
        assert seat.desk.confirmed


def test_an_idle_desk_locks_itself(seat):
    assert not seat.lock_if_idle()
    seat.idle = 0.05
    assert until(seat.lock_if_idle)
    assert not seat.is_open
    assert seat.state == "locked"


def test_two_seats_on_one_folder_are_refused(seat):
    with pytest.raises(LocalError) as refused:
        Seat(seat.folder).open(PASSPHRASE)
    assert refused.value.code == "folder-in-use"


def test_what_was_read_is_kept_over_a_lock(seat):
    assert until(lambda: seat.state == "up-to-date")
    with seat.turn:
        seat.visited()
        size = seat.desk.common.ledger.size
        register = seat.desk.common.ledger.register
    seat.lock()
    seat.open(PASSPHRASE)
    assert seat.since[register] == size


class Dead:
    """A wire that is cut."""

    def send(self, *_args):
        from good_offices.desk.wire import CutError

        raise CutError("cut")

    def close(self):
        pass


class Slow:
    """A wire on which nothing comes back for a while."""

    def __init__(self, wire):
        self.wire = wire
        self.begun, self.go_on, self.back = threading.Event(), threading.Event(), threading.Event()

    def send(self, *args):
        self.begun.set()
        self.go_on.wait(LONGEST)
        self.back.set()
        return self.wire.send(*args)

    def close(self):
        self.go_on.set()
        self.wire.close()


def test_what_was_made_of_the_desk_is_made_again_when_something_was_written(seat):
    assert until(lambda: seat.state == "up-to-date")
    made = []

    def make():
        made.append(1)
        return len(made)

    with seat.turn:
        seat._once = (None, {})
        assert [seat.once("made", make), seat.once("made", make)] == [1, 1]
        seat.desk.storage.put("language", b"ru")
        assert seat.once("made", make) == 2
        with use("kk"):
            assert seat.once("made", make) == 3
