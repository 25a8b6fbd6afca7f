"""What `act pending` offers: what can still be accepted, and nothing that others have overtaken."""

import pytest
from tests.support.house import House
from tests.support.seats import seats


@pytest.fixture
def table(tmp_path):
    with House(tmp_path) as house:
        yield seats(house)


def offered(seat):
    seat.do("desk", "sync")
    return [one["index"] for one in seat.do("act", "pending")["joint"]]


def test_modalities_that_others_have_replaced_are_not_offered(table):
    upper, lower = table
    first = upper.do("modalities", "propose", "--authentic", "en")["index"]
    second = upper.do("modalities", "propose", "--authentic", "ru")["index"]
    item = upper.do("agenda", "propose", "The dam")["index"]
    assert offered(lower) == offered(upper)
    assert set(offered(lower)) == {first, second, item}
    assert lower.do("act", "accept", second)["complete"] is True
    assert offered(lower) == offered(upper) == [item]
    assert "other modalities came into force" in lower.refused("act", "accept", first).error
    assert "modalities" not in lower("act", "pending").out


def test_during_a_break_only_what_passes_it_is_offered(table):
    upper, lower = table
    item = upper.do("agenda", "propose", "The dam")["index"]
    upper.do("course", "break-off", "Enough for now.")
    resume = upper.do("course", "resume")["index"]
    assert offered(lower) == [resume]
    assert lower.do("act", "accept", resume)["complete"] is True
    assert offered(lower) == [item]


def test_what_needs_another_members_power_is_still_shown(tmp_path):
    with House(tmp_path) as house:
        house.join(house.desks[1], "Adviser", powers=("speak",))
        upper, _, adviser = seats(house)
        item = upper.do("agenda", "propose", "The dam")["index"]
        assert offered(adviser) == [item]
