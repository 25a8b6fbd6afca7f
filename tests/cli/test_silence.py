"""The silence procedure between two desks, by verbs."""

import time

import pytest
from tests.support import ending
from tests.support.house import House
from tests.support.seats import seats

from good_offices.talks.events_plenary import NotePassed
from good_offices.talks.silence import HOUR


@pytest.fixture
def table(tmp_path):
    with House(tmp_path, played=ending.tabled) as house:
        yield seats(house)


def test_what_one_proposes_stands_or_is_broken(table, monkeypatch):
    upper, lower = table
    assert "do not allow" in upper.refused("text", "silence", "open", "1", "--hours", "2").error
    done = upper.do("modalities", "propose", "--silence", "--authentic", "en", "--authentic", "ru")
    lower.do("desk", "sync")
    assert lower.do("act", "accept", done["index"])["complete"] is True
    assert "silence" in str(lower("modalities", "show").out)
    upper.do("desk", "sync")
    first = upper.do("text", "silence", "open", "1", "--hours", "2", "--words", "As agreed in June.")
    second = upper.do("text", "silence", "open", "2", "--hours", "2")
    assert "1 to 8760" in upper.refused("text", "silence", "open", "1", "--hours", "0").error
    lower.do("desk", "sync")
    lower.do("text", "silence", "break", second["index"])
    assert "has ended" in lower.refused("text", "silence", "break", second["index"]).error
    lower.desk.act("plenary", NotePassed(text="We have seen it.", language="en"))
    told = {one["index"]: one for one in lower.do("text", "silence", "show")["silences"]}
    assert (told[first["index"]]["fate"], told[second["index"]]["fate"]) == ("open", "broken")
    assert told[first["index"]]["ends_ms"] is not None
    assert "ends for your delegation" in lower("text", "silence", "show").out
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 2 * HOUR / 1000 + 60)
    act = lower.desk.act("plenary", NotePassed(text="We go on.", language="en"))
    monkeypatch.undo()
    assert act.verdict is not None
    upper.do("desk", "sync")
    told = {one["index"]: one["fate"] for one in upper.do("text", "silence", "show")["silences"]}
    assert told == {first["index"]: "adopted", second["index"]: "broken"}
