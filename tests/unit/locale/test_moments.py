"""Times that somebody claims and no calendar has: every screen and file shows something."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from good_offices.chancery import screen
from good_offices.clerk import calendars, lanes, names
from good_offices.locale.moments import moment

CLAIMED = [2**64 - 1, 2**63, 253_402_300_800_000, 10**17, -(2**63), -62_135_596_800_001]


def test_a_time_that_calendars_have_is_that_time() -> None:
    assert moment(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment(1_800_000_000_000) == datetime(2027, 1, 15, 8, tzinfo=UTC)


@pytest.mark.parametrize("claimed", CLAIMED)
def test_no_screen_and_no_file_fails_for_a_time_that_somebody_claims(claimed: int) -> None:
    year = 9998 if claimed > 0 else 2
    assert moment(claimed).year == year
    assert str(year) in names.when(claimed)
    assert str(year) in screen.when(claimed)
    assert screen.iso(claimed)
    assert screen.local(claimed)
    assert lanes.day_of(claimed)
    zones = (("Upper Basin", "Asia/Almaty"), ("Verin", "UTC"))
    entry = calendars.Meant("id@x", "Meeting", claimed, claimed, zones)
    assert calendars.in_zones(claimed, zones)
    assert b"BEGIN:VEVENT" in calendars.calendar([entry], 1_800_000_000_000)
