"""`goodoffices conditions`: request, act accept, sign, hand-over, answers; by network and by courier."""

from __future__ import annotations

import pytest
from tests.support.house import House
from tests.support.seats import seats

from good_offices.register.conditions import AnsweredItem
from good_offices.venue.clear import conditions as venue

REQUEST = """
format = 1

[[items]]
key = "rooms"
kind = "rooms"
words = "Two rooms of equal size"
language = "en"

[[items]]
key = "voices"
kind = "interpretation"
words = "In both directions"
language = "en"
pair = ["en", "ru"]

[[items]]
key = "days"
kind = "dates"
words = "Three days in May"
language = "en"
begins = 2027-05-04T10:00:00+02:00
ends = 2027-05-06T18:00:00+02:00
"""


def test_from_a_file_to_the_hosts_answer(tmp_path):
    file = tmp_path / "request.toml"
    file.write_text(REQUEST)
    with House(tmp_path / "house") as house:
        upper, lower = seats(house)
        index = upper.do("conditions", "request", str(file))["index"]
        assert "Two rooms of equal size" in lower_shows(lower, index)
        assert lower.do("act", "accept", index)["complete"] is True
        upper.do("desk", "sync")
        assert "not signed for the host by" in upper("conditions", "show").out
        assert "not all delegations have signed" in upper.refused("conditions", "hand-over", "1").error
        upper.do("conditions", "sign", "1")
        lower.do("desk", "sync")
        lower.do("conditions", "sign", "1")
        upper.do("desk", "sync")
        upper.do("conditions", "hand-over", "1")

        (asked,) = venue.asked(house.venue.folder)
        assert asked.request.items[2].ends - asked.request.items[2].begins == 56 * 3_600_000
        answer = [AnsweredItem(key="rooms", says="declined", words="One room is free", language="en")]
        venue.answer(house.venue.folder, asked.request.talks.hex(), 1, answer)
        assert lower.do("conditions", "answers")["new"] == 1
        for seat in (upper, lower):
            seat.do("desk", "sync")
            shown = seat("conditions", "show").out
            assert "declined by the host: One room is free" in shown

        # Another request stands whole in the place of the first.
        file.write_text(REQUEST.replace("format = 1", "format = 1\nreplaces = 1"))
        index = upper.do("conditions", "request", str(file))["index"]
        lower.do("desk", "sync")
        lower.do("act", "accept", index)
        lower.do("conditions", "sign", "2")
        upper.do("desk", "sync")
        upper.do("conditions", "sign", "2")
        assert "asked no more" in upper("conditions", "show").out
        carried = tmp_path / "request-2.goodoffices"
        upper.do("conditions", "hand-over", "2", "--out", str(carried))
        assert venue.taken(house.venue.folder, carried.read_bytes()).number == 2


def lower_shows(seat, index):
    seat.do("desk", "sync")
    return seat("act", "show", str(index)).out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format = 1", "format = 2"),
        ("format = 1", "form = 1"),
        ('kind = "rooms"', 'kind = "halls"'),
        ("2027-05-04T10:00:00+02:00", "2027-05-04T10:00:00"),
        ("2027-05-04T10:00:00+02:00", '"in May"'),
        ("[[items]]", "[[items"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, old, new):
    file = tmp_path / "request.toml"
    file.write_text(REQUEST.replace(old, new, 1))
    with House(tmp_path / "house") as house:
        (upper, *_) = seats(house)
        assert "cannot be read" in upper.refused("conditions", "request", str(file)).error
