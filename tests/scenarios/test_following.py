"""A desk that is left running hears within a second, and goes on when the venue comes back."""

import threading
import time

import pytest
from tests.support.house import PASSPHRASE, House

from good_offices.desk import following
from good_offices.desk.desk import Desk
from good_offices.talks.events_plenary import StatementMade


def _heard(fresh, desk):
    lines = [line for one in fresh for line in desk.common.lines(one.index, one.index + 1) if line.act]
    return [line.act.event.text for line in lines if line.act.event.name == "StatementMade"]


def test_what_the_other_side_says_is_heard_at_once(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        house.desks.remove(upper)
        upper.close()
        folder = upper.storage.folder

        def speak():
            # A desk's database belongs to the thread that opened it.
            time.sleep(0.3)
            with Desk.open(folder, PASSPHRASE) as again:
                again.act("plenary", StatementMade(text="Are you there?", language="en"))

        speaking = threading.Thread(target=speak)
        speaking.start()
        heard = []
        for fresh in following.follow(lower, lost=lambda _: None):
            heard += _heard(fresh, lower)
            if heard:
                break
        speaking.join()
        assert heard == ["Are you there?"]


def test_a_lost_venue_is_told_and_tried_again(tmp_path):
    with House(tmp_path) as house:
        lower = house.desks[1]
        house.venue.__exit__()
        lost, pauses = [], []

        class EnoughError(Exception):
            pass

        def pause(seconds):
            pauses.append(seconds)
            if len(pauses) == 3:
                raise EnoughError

        with pytest.raises(EnoughError):
            next(following.follow(lower, lost=lost.append, pause=pause))
        assert [one.code for one in lost] == ["venue-unreachable"] * 3
        assert pauses == [1.0, 2.0, 4.0]
