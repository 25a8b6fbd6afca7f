"""A file of standing lists: what it may hold, what it is refused for, and the calendar that it becomes."""

from __future__ import annotations

import pytest

from good_offices.clerk.listing import read_lists, shown, willingness
from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError
from good_offices.locale import LANGUAGES
from good_offices.talks.event import LEVELS
from good_offices.talks.events_sounding import Calendar

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = 1_800_000_123_456

ONE = """
format = 1
[[lists]]
about = "date"
first = 2030-01-01T12:00:00+01:00
every = "2 weeks"
times = 3
pace = "30 seconds"
open = "36 hours"
subject = { en = "When" }
options = [{ words = { en = "Monday" } }, { words = { en = "Friday" } }]
"""
RANGE = ONE.replace(
    'options = [{ words = { en = "Monday" } }, { words = { en = "Friday" } }]',
    'kind = "range"\nrange = { least = 0, most = 10, step = 5, unit = "euros" }',
)


def refused(text: str, *, now: int = NOW, parties: int = 2) -> str:
    with pytest.raises(LocalError) as error:
        read_lists(text, now, parties=parties)
    assert error.value.code == "lists-file-invalid"
    return str(error.value)


def test_the_list_of_this_release() -> None:
    (one,) = read_lists(willingness(), NOW).lists
    assert [option.value for option in one.listed.options] == list(LEVELS)
    for said in (one.listed.subject, *(option.words for option in one.listed.options)):
        assert said.keys() == LANGUAGES.keys()
        assert len(set(said.values())) == len(LANGUAGES)
    assert (one.every, one.times, one.listed.pace) == (30 * DAY, 12, HOUR)
    assert one.listed.until - one.listed.closes == 7 * DAY
    # At a full hour, at least 30 days from now.
    assert one.listed.closes % HOUR == 0
    assert 30 * DAY <= one.listed.closes - NOW < 30 * DAY + HOUR


def test_a_file_becomes_a_calendar() -> None:
    calendar = read_lists(ONE, NOW)
    (one,) = calendar.lists
    assert (one.listed.closes, one.every, one.times) == (1_893_495_600_000, 14 * DAY, 3)
    assert (one.listed.pace, one.listed.until - one.listed.closes) == (30_000, 36 * HOUR)
    assert unpack(pack(calendar), Calendar) == calendar
    (row,) = shown(calendar, "kk", "en")
    assert row == {
        "subject": "When",
        "kind": "options",
        "size": 2,
        "first_ms": one.listed.closes,
        "last_ms": one.listed.closes + 28 * DAY,
        "every_ms": 14 * DAY,
        "times": 3,
        "open_ms": 36 * HOUR,
    }


def test_ranges_and_packages() -> None:
    (one,) = read_lists(RANGE, NOW).lists
    assert (one.listed.kind, one.listed.size) == ("range", 3)
    chunked = ONE.replace('about = "date"', 'about = "package"\nkind = "packages"\nchunk = 1')
    assert read_lists(chunked, NOW).lists[0].listed.chunk == 1
    assert "between two" in refused(RANGE, parties=3)
    assert read_lists(ONE, NOW, parties=3).lists


def test_a_short_first_time_is_exact() -> None:
    text = ONE.replace("2030-01-01T12:00:00+01:00", '"5 seconds"')
    assert read_lists(text, NOW).lists[0].listed.closes == NOW + 5_000


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("format = 1", "format = 2", "format"),
        ("format = 1", "", "format"),
        ("format = 1", "format =", "TOML"),
        ("format = 1", "format = 1\nlists = []", "TOML"),
        ('about = "date"', 'about = "weather"', "about"),
        ('about = "date"', 'about = "date"\nsponsor = "us"', "sponsor"),
        ('every = "2 weeks"', 'every = "monthly"', "number 1, every"),
        ('every = "2 weeks"', 'every = "0 weeks"', "every"),
        ('every = "2 weeks"', 'every = "1 day"', "again before it is over"),
        ('pace = "30 seconds"', 'pace = "8 days"', "pace"),
        ('open = "36 hours"', 'open = "36h"', "open"),
        ("times = 3", "times = 0", "calendar has up to"),
        ("times = 3", "times = 10_001", "calendar has up to"),
        ("times = 3", "times = 3.0", "times"),
        ("2030-01-01T12:00:00+01:00", "2030-01-01T12:00:00", "time zone"),
        ("2030-01-01T12:00:00+01:00", "2030-01-01", "time zone"),
        ("2030-01-01T12:00:00+01:00", "2020-01-01T12:00:00Z", "is over"),
        ("2030-01-01T12:00:00+01:00", "3", "time zone"),
        ('{ en = "When" }', '{ en = "When", ru = "Когда" }', "languages"),
        ('"Friday"', '"Monday"', "option before it"),
        ('"Friday"', '"Fri\u202eday"', ""),
        ("options", 'kind = "range"\noptions', "range"),
    ],
)
def test_what_is_refused_names_its_place(old: str, new: str, why: str) -> None:
    assert old in ONE
    assert why in refused(ONE.replace(old, new))


def test_the_same_list_twice_is_refused() -> None:
    assert "each once" in refused(ONE + ONE.replace("format = 1", ""))


def test_what_does_not_fit_into_one_act_is_refused() -> None:
    rows = ", ".join(f'{{ words = {{ en = "{"word " * 40}{at}" }} }}' for at in range(3_000))
    text = ONE.replace('{ words = { en = "Monday" } }, { words = { en = "Friday" } }', rows)
    assert "491520 at most" in refused(text)


def test_ten_thousand_times_is_the_most() -> None:
    text = ONE.replace("times = 3", "times = 10_000").replace('"2 weeks"', '"2 days"')
    assert read_lists(text, NOW).lists[0].times == 10_000
