"""Standing lists in the rules: many occurrences, their times, and what they cost."""

from __future__ import annotations

import itertools
import time

from tests.support.sounder import CLOSES, UNTIL, Sounder, listed

from good_offices.encoding import pack
from good_offices.talks.events_sounding import CALENDAR_LIMIT, Calendar, Recurring, StandingListsHeld
from good_offices.talks.soundings import standing_id

EVERY = UNTIL - CLOSES


def test_ten_thousand_occurrences_are_found_each_at_its_time() -> None:
    smith = Sounder(duty=True)
    one = Recurring(listed=listed(), every=EVERY, times=10_000)
    for name in smith.names:
        assert smith.holds(f"{name}.duty", one).status == "valid"
    data = pack(Calendar(lists=(one,)))
    found = list(smith.replay.sounding.every())
    assert len({sounding.id for sounding in found}) == 10_000
    assert len({sounding.attempts[0].ctx for sounding in found}) == 10_000
    for number in (0, 1, 5_000, 9_999):
        assert found[number].id == standing_id(data, 0, number)
        assert smith.replay.sounding.find(found[number].id) == found[number]
        assert (found[number].closes, found[number].until) == (
            CLOSES + number * EVERY,
            UNTIL + number * EVERY,
        )
    # None begins before the one before it is over.
    assert all(one.until <= other.closes for one, other in itertools.pairwise(found))
    # A desk on duty looks through all of them at every beat.
    begun = time.process_time()
    assert len(list(smith.replay.sounding.every())) == 10_000
    assert time.process_time() - begun < 0.5
    # What has happened in one is not hidden by what was computed before.
    smith.says("A.duty", found[7].id, 1, time=found[7].closes)
    after = {sounding.id: sounding for sounding in smith.replay.sounding.every()}
    assert len(after) == 10_000
    assert after[found[7].id] != found[7]
    assert after[found[8].id] == found[8]


def test_a_calendar_longer_than_an_act_is_void() -> None:
    smith = Sounder(duty=True)
    words = [f"{'word ' * 40}{at}" for at in range(2_500)]
    data = pack(Calendar(lists=(Recurring(listed=listed(*words), every=EVERY, times=1),)))
    assert len(data) > CALENDAR_LIMIT
    verdict = smith.sound("A.duty", StandingListsHeld(calendar=data))
    assert (verdict.status, verdict.code) == ("void", "too-large")
