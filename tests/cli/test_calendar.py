"""The calendar: sittings and confirmed conditions, in every time zone, as RFC 5545 has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from tests.support.house import House
from tests.support.seats import seats

from good_offices.clerk import calendars
from good_offices.clerk.calendars import Meant
from good_offices.register.conditions import AnsweredItem
from good_offices.venue.clear import conditions as venue

SITTING = (
    "--start", "2027-03-26T10:00+01:00", "--end", "2027-03-26T12:00+01:00", "--zone", "Verin", "Europe/Zurich",
    "--zone", "Upper Basin", "Asia/Almaty", "--zone", "Lower Basin", "America/New_York", "--place", "Verin",
)  # fmt: skip
REQUEST = """
format = 1
sitting = "{sitting}"

[[items]]
key = "rooms"
kind = "rooms"
words = "Two rooms; of equal size, with doors"
language = "en"
begins = 2027-03-26T09:00:00+01:00
ends = 2027-03-26T13:00:00+01:00

[[items]]
key = "press"
kind = "press"
words = "A press centre"
language = "en"
begins = 2027-03-26T14:00:00+01:00
"""


def test_sittings_and_confirmed_conditions_in_all_three_zones(tmp_path):
    with House(tmp_path / "house") as house:
        upper, lower = seats(house)
        assert "Nothing has a time yet" in upper("meeting", "calendar").out
        upper.do("meeting", "propose", "First meeting", "--level", "experts", *SITTING)
        (sitting,) = house.desks[0].talks.plenary.meetings.sittings
        file = tmp_path / "request.toml"
        file.write_text(REQUEST.format(sitting="0" * 64))
        assert "does not know" in upper.refused("conditions", "request", str(file)).error
        file.write_text(REQUEST.format(sitting=sitting))
        index = upper.do("conditions", "request", str(file))["index"]
        lower.do("desk", "sync")
        lower.do("act", "accept", index)
        lower.do("conditions", "sign", "1")
        upper.do("desk", "sync")
        upper.do("conditions", "sign", "1")
        upper.do("conditions", "hand-over", "1")
        talks = house.desks[0].identity.place.talks.hex()
        venue.answer(
            house.venue.folder,
            talks,
            1,
            [
                AnsweredItem(key="rooms", says="confirmed"),
                AnsweredItem(
                    key="press", says="changed", words="At three", language="en", begins=1_806_069_600_000
                ),
            ],
        )
        upper.do("conditions", "answers")
        out = tmp_path / "talks.ics"
        shown = upper("meeting", "calendar", "--ics", str(out)).out
        for line in (
            "Verin: 2027-03-26 10:00 (Europe/Zurich)",
            "Upper Basin: 2027-03-26 14:00 (Asia/Almaty)",
            "Lower Basin: 2027-03-26 05:00 (America/New_York)",
        ):
            assert line in shown
        calendar = Calendar.from_ical(out.read_bytes())
        events = {str(one["summary"]): one for one in calendar.walk("VEVENT")}
        assert {name: str(one["status"]) for name, one in events.items()} == {
            "First meeting": "TENTATIVE",
            "Rooms": "CONFIRMED",
            "Press centre (offered)": "TENTATIVE",
        }
        begins = events["Rooms"]["dtstart"]
        assert begins.params["TZID"] == "Europe/Zurich"
        assert begins.dt == datetime(2027, 3, 26, 9, tzinfo=ZoneInfo("Europe/Zurich"))
        assert "equal size, with doors" in events["Rooms"]["description"]
        assert {str(one["tzid"]) for one in calendar.walk("VTIMEZONE")} == {"Europe/Zurich"}
        again = {
            one["uid"]
            for one in Calendar.from_ical(calendars.calendar(calendars.meant(house.desks[0]), 1)).walk(
                "VEVENT"
            )
        }
        assert again == {one["uid"] for one in events.values()}


def test_a_change_of_summer_time_lies_between(tmp_path):
    """The same hour before and after the clocks change is an hour apart in UTC, and stays the same hour in the file."""
    zone = ZoneInfo("Europe/Zurich")
    days = [datetime(2027, 3, day, 10, tzinfo=zone) for day in (27, 29)]
    assert (days[1].astimezone(UTC) - days[0].astimezone(UTC)) == timedelta(hours=47)
    entries = [
        Meant(f"{at}@x", "Sitting", int(day.timestamp() * 1000), None, (("Verin", "Europe/Zurich"),))
        for at, day in enumerate(days)
    ]
    found = Calendar.from_ical(calendars.calendar(entries, 0)).walk("VEVENT")
    assert [one["dtstart"].dt.hour for one in found] == [10, 10]
    assert [one["dtstart"].dt.astimezone(UTC).hour for one in found] == [9, 8]


def test_what_would_break_a_line_does_not():
    entry = Meant("a@b", "A;B,C\nBEGIN:VEVENT", 1_806_000_000_000, None, (("UTC", "UTC"),), words="é" * 200)
    data = calendars.calendar([entry], 0)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    assert str(found["summary"]) == "A;B,C\nBEGIN:VEVENT"


def test_a_zone_that_nobody_knows_keeps_nothing_out():
    """Whoever proposes a sitting names its zones: one of no map must not take the others' calendar away."""
    at = int(datetime(2027, 3, 26, 9, tzinfo=UTC).timestamp() * 1000)
    zones = (("Nowhere", "Middle/Earth"), ("Verin", "Europe/Zurich"))
    entries = [
        Meant("a@b", "Sitting", at, None, zones),
        Meant("c@d", "Another", at, at + 1, (("Verin", "Europe/Zurich"),)),
    ]
    assert calendars.in_zones(at, zones) == [
        "Nowhere: 2027-03-26 09:00 (UTC; this computer does not know Middle/Earth)",
        "Verin: 2027-03-26 10:00 (Europe/Zurich)",
    ]
    first, other = Calendar.from_ical(calendars.calendar(entries, 0)).walk("VEVENT")
    assert first["dtstart"].dt == datetime(2027, 3, 26, 9, tzinfo=UTC)
    assert "does not know Middle/Earth" in first["description"]
    assert other["dtstart"].params["TZID"] == "Europe/Zurich"
