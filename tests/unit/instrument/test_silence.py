"""A text adopted under silence, in the file of the outcome: spec/outcome.md 5.9."""

from __future__ import annotations

import json
import time

from tests.support import ending
from tests.support.house import House
from tests.support.seats import seats

from good_offices.clerk import closing, silence_view, steps, terms
from good_offices.talks.events_outcome import ClosingRecordSigned
from good_offices.talks.events_plenary import NotePassed
from good_offices.talks.silence import HOUR


def test_the_outcome_shows_the_opening_and_says_what_it_proves(tmp_path, monkeypatch):
    with House(tmp_path, played=ending.tabled) as house:
        upper, lower = house.desks[:2]
        event = terms.proposed(upper, {"silence": True, "authentic": ("en", "ru")}, None)
        ending.together(house, lambda _desk: event)
        text = ending.text
        ending.together(house, lambda desk: steps.certified(text(desk), steps.to_certify(text(desk))))
        ending.together(house, lambda desk: steps.agreed(text(desk), steps.to_agree(text(desk)), "leaders"))
        ending.together(house, lambda desk: steps.locked(text(desk), steps.to_lock(text(desk))))
        upper.act("plenary", silence_view.opening(text(upper), (), 1, whole=True))
        lower.sync()
        lower.act("plenary", NotePassed(text="We have seen it.", language="en"))
        now = time.time
        monkeypatch.setattr(time, "time", lambda: now() + HOUR / 1000 + 60)
        lower.act("plenary", NotePassed(text="We go on.", language="en"))
        assert text(lower).phase == "adopted"
        ending.in_order(house)
        ending.together(house, lambda desk: closing.signed(text(desk)))
        ending.together(house, lambda desk: ClosingRecordSigned(record=closing.closing_record(desk)))
        upper.sync()
        seat, _other = seats(house)
        seat.do("outcome", "export", tmp_path / "end.gooutcome")
        found = seat.do("verify", tmp_path / "end.gooutcome")
        assert found["valid"]
        said = json.dumps(found)
        assert "put under silence" in said
        assert "that every delegation adopted" not in said
        assert "We go on." not in said
