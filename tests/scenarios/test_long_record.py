"""A record that comes in many pages, and a venue that falls silent between two of them."""

import pytest
from tests.support.house import House

from good_offices.errors import LocalError, OperationalError
from good_offices.talks.events_plenary import StatementMade
from good_offices.transport import pages


def said(number):
    return StatementMade(text=f"Statement {number}.", language="en")


def test_what_came_before_a_silence_is_kept_and_the_rest_follows(tmp_path, monkeypatch):
    with House(tmp_path) as house:
        upper, lower = house.desks
        before = lower.common.ledger.size
        done = [upper.act("plenary", said(number)) for number in range(5)]
        monkeypatch.setattr(pages, "MAX_PAGE", 2)
        asked, ask = [], lower.client.page

        def page(register, start):
            asked.append(start)
            if register == lower.common.ledger.register and start >= before + 4:
                raise OperationalError("venue-unreachable", url="", why="silence")
            return ask(register, start)

        monkeypatch.setattr(lower.client, "page", page)
        with pytest.raises(OperationalError, match="venue"):
            lower.sync()
        assert lower.common.ledger.size == lower.talks.size == before + 4

        # Closed and opened again, it goes on where it was: nothing is fetched twice.
        lower = house.reopen(lower)
        assert lower.talks.size == before + 4
        verdicts = lower.sync()
        assert before + 4 in [one.index for one in verdicts]
        assert before + 3 not in [one.index for one in verdicts if one.room == lower.rooms["plenary"]]
        size = lower.common.ledger.size
        room = lower.rooms["plenary"]
        upper.sync()
        assert lower.talks.state_hash(room, size) == upper.talks.state_hash(room, size)
        assert lower.common.verdicts[done[4].act].status == "valid"
        # What it says next is of a state that the other side computes too.
        answer = lower.act("plenary", said(6))
        assert answer.verdict is not None
        assert answer.verdict.effects == ()


def test_a_new_desk_judges_a_record_that_comes_page_by_page(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "MAX_PAGE", 3)
    with House(tmp_path) as house:
        head = house.desks[0]
        head.act("plenary", said(1))
        adviser = house.join(head, "Adviser One", powers=("speak",))
        size = head.common.ledger.size
        adviser.sync()
        room = head.rooms["plenary"]
        assert adviser.talks.state_hash(room, size) == head.talks.state_hash(room, size)
        texts = [
            line.act.event.text
            for line in adviser.common.lines()
            if line.act and line.act.event.name == "StatementMade"
        ]
        assert texts == ["Statement 1."]


def test_before_the_first_note_a_desk_says_nothing(tmp_path):
    with House(tmp_path, ready=False) as house:
        desk = house.desks[0]
        desk.common.ledger.note = b""
        with pytest.raises(LocalError) as refused:
            desk.write("roster", said(1))
        assert refused.value.code == "room-not-open"
