"""Soundings before talks: opened by nobody, answered by desks on duty, with nothing said in the plenary."""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec.structs import replace
from tests.support.house import Venue
from tests.support.standing import ListedHouse, quick

from good_offices.clerk import standing_lists
from good_offices.desk.desk import Desk
from good_offices.desk.founding import CALENDAR
from good_offices.desk.soundings.record import Runs
from good_offices.encoding import pack, unpack
from good_offices.register.leaf import Kind
from good_offices.talks.events_sounding import StandingListsHeld
from good_offices.transport.pages import Invitation

MINISTERS = (False, False, True, False)
FROM_OFFICIALS = (False, True, True, False)


def said(desk: Desk, room: str) -> list[str]:
    """The names of all acts in a room, as a desk reads them."""
    return [
        line.act.event.name
        for line in desk.common.lines()
        if line.act is not None and line.act.room == desk.rooms[room]
    ]


def host_signs(venue: Venue, file: bytes, calendar: bytes) -> bytes:
    """An invitation with another calendar, which the real host signs as well."""
    told = unpack(file, Invitation)
    note = venue.folder.signer().named(venue.folder.origin(told.common)).sign_calendar(calendar)
    return pack(replace(told, calendar=calendar, calendar_note=note))


def test_willingness_to_meet_is_found_with_nothing_in_the_plenary(tmp_path: Path) -> None:
    with ListedHouse(tmp_path, quick()) as house:
        given = {desk.storage.get(CALENDAR) for desk in house.desks}
        assert given == {pack(house.calendar)}
        first, second = house.desks
        house.compare()
        duties = [house.on_duty(desk) for desk in house.desks]
        assert [desk.storage.get(CALENDAR) for desk in duties] == [pack(house.calendar)] * 2
        house.settle()
        assert house.beats(lambda: all(list(desk.talks.sounding.every()) for desk in duties))
        house.settle()
        assert [one["standing"] for one in standing_lists.calendars(first)] == ["runs"]
        assert standing_lists.warnings(first) == standing_lists.warnings(second) == []
        before = said(first, "plenary"), said(second, "plenary")
        sounding = house.coming(first)
        assert (sounding.begun, sounding.sponsor) == ("standing", "")
        house.tell(first, duties[0], sounding, MINISTERS)
        house.tell(second, duties[1], sounding, FROM_OFFICIALS)

        def ended() -> bool:
            return duties[0].talks.sounding.find(sounding.id).outcome == "opened"

        assert house.beats(ended)
        house.settle()
        for desk in (first, second, *duties):
            desk.sync()
            done = desk.talks.sounding.find(sounding.id)
            found = Runs(desk).found(done)
            listed = desk.talks.sounding.listed(done)
            assert [listed.options[at].value for at in found.mutual] == ["ministers"]
        assert (said(first, "plenary"), said(second, "plenary")) == before
        # Each delegation's desk on duty posted the calendar, once; no member did.
        holders = [line.act.author for line in first.common.lines() if _holds(line.act)]
        assert sorted(holders) == sorted(desk.certificate for desk in duties)


def test_who_was_given_none_is_warned_and_the_capital_is_told_nothing(tmp_path: Path) -> None:
    def without(number: int, file: bytes) -> bytes:
        return pack(replace(unpack(file, Invitation), calendar=b"", calendar_note=b"")) if number else file

    with ListedHouse(tmp_path, quick(), change=without) as house:
        first, second = house.desks
        house.compare()
        for desk in (first, second):
            house.on_duty(desk)
        capital = house.join(second, "Capital", capital=True)

        def held() -> bool:
            second.sync()
            return "StandingListsHeld" in said(second, "sounding")

        assert house.beats(held)
        house.beats(lambda: False, most=1)
        house.settle()
        assert said(first, "sounding").count("StandingListsHeld") == 1
        assert [one["standing"] for one in standing_lists.calendars(second)] == ["differs"]
        (warning,) = standing_lists.warnings(second)
        assert warning.startswith("Upper Basin holds standing lists that did not come with your invitation.")
        assert standing_lists.calendars(capital) == standing_lists.warnings(capital) == []


def _holds(act: object) -> bool:
    return act is not None and isinstance(act.event, StandingListsHeld)


def test_without_a_duty_desk_nobody_holds_them_and_the_interface_says_so(tmp_path: Path) -> None:
    with ListedHouse(tmp_path, quick()) as house:
        house.compare()
        first, second = house.desks
        house.on_duty(first)
        house.settle()

        def held() -> bool:
            first.sync()
            return "StandingListsHeld" in said(first, "sounding")

        assert house.beats(held)
        for _ in range(5):
            house.settle()
        assert list(first.talks.sounding.every()) == list(second.talks.sounding.every()) == []
        (row,) = standing_lists.calendars(second)
        assert (row["given"], row["standing"], row["held"]) == (True, "waits", ["Upper Basin"])
        assert row["missing"] == ["Lower Basin"]
        assert "no duty desk" in standing_lists.warnings(second)[0]
        assert standing_lists.warnings(first) == []
        # The members' desks were there all the time and have posted nothing of it.
        assert said(second, "sounding").count("StandingListsHeld") == 1


def test_two_calendars_of_one_host_run_nothing_and_both_see_it(tmp_path: Path) -> None:
    other = pack(quick(times=7))
    house = ListedHouse(tmp_path, quick())
    house.change = lambda number, file: host_signs(house.venue, file, other) if number else file
    with house:
        first, second = house.desks
        house.compare()
        for desk in (first, second):
            house.on_duty(desk)
        house.settle()

        def both() -> bool:
            first.sync()
            return said(first, "sounding").count("StandingListsHeld") == 2

        assert house.beats(both)
        house.settle()
        house.beats(lambda: False, most=3)
        house.settle()
        assert list(first.talks.sounding.every()) == list(second.talks.sounding.every()) == []
        for desk, own in ((first, pack(house.calendar)), (second, other)):
            rows = standing_lists.calendars(desk)
            assert [one["standing"] for one in rows] == ["waits", "differs"]
            assert rows[0]["calendar"] == hashlib.sha256(own).hexdigest()
            (warning,) = standing_lists.warnings(desk)
            assert "Nothing of them runs" in warning
            assert rows[0]["calendar"][: standing_lists.SHORT] in warning
            boxes = {Kind.BOX_COMMIT, Kind.BOX_OPEN, Kind.BOX_VOID}
            assert not [line for line in desk.common.lines() if line.leaf.kind in boxes]
