"""What pages keep is never older than the record, the language and the reader that it was made of; and pages go first."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
from msgspec.structs import replace
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import LONGEST, until
from tests.unit.chancery.desk_pages import Pages

from good_offices.chancery import room_log
from good_offices.chancery import serving as chancery_serving
from good_offices.chancery.lasting import Lasting
from good_offices.chancery.turn import Turn
from good_offices.talks.events_plenary import StatementMade
from good_offices.venue.console import serving as console_serving

PLACES = ("/plenary", "/record", "/since")


@pytest.fixture
def talks(tmp_path):
    """Yield the pages of one side, and the desk of the other."""
    with House(tmp_path) as house:
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            yield pages, house.desks[0]


def said(pages: Pages, other, words: str) -> None:
    """Have the other side say something, and wait until this desk has it."""
    act = other.act("plenary", StatementMade(text=words, language="en")).act
    until(lambda: act in pages.seat.desk.common.verdicts)


def test_a_thing_is_made_once_of_one_state_and_anew_of_another():
    made, kept = [], Lasting()

    def make(value):
        return lambda: made.append(value) or value

    assert [kept.get(1, "a", make("x")), kept.get(1, "a", make("y")), kept.get(1, "b", make("z"))] == [*"xxz"]
    assert kept.get(2, "a", make("y")) == "y"
    assert kept.get(1, "a", make("w")) == "w"
    kept.clear()
    assert kept.get(1, "a", make("v")) == "v"
    assert made == ["x", "z", "y", "w", "v"]


def test_what_is_kept_of_one_state_has_an_end():
    kept = Lasting()
    for name in range(1_000):
        kept.get(1, name, object)
    assert len(kept._made) <= 64


def test_every_page_shows_what_has_just_come(talks):
    pages, other = talks
    for words in ("Good morning.", "The second point."):
        assert all(words not in pages.get(place) for place in PLACES)
        said(pages, other, words)
        assert all(words in pages.get(place) for place in PLACES)


def test_what_was_written_in_one_language_is_not_shown_in_another(talks):
    pages, other = talks
    said(pages, other, "Good morning.")
    english = [pages.get(place) for place in PLACES]
    pages.client.headers["accept-language"] = "ru"
    assert all("Plenary" in one for one in english)
    assert not any("Plenary" in pages.get(place) for place in PLACES)
    pages.client.headers["accept-language"] = "en"
    assert "Plenary" in pages.get("/record")


def test_the_mark_of_the_last_visit_moves_with_the_visit(talks):
    pages, other = talks
    said(pages, other, "Good morning.")
    pages.post("/since/read")
    assert "Since your last visit" not in pages.get("/plenary")
    said(pages, other, "The second point.")
    assert "Since your last visit" in pages.get("/plenary")
    assert "Good morning." not in pages.get("/since")
    pages.post("/since/read")
    assert "Since your last visit" not in pages.get("/plenary")
    assert "The second point." not in pages.get("/since")


def test_the_log_is_written_once_while_nothing_comes_and_anew_for_another_reader(talks, monkeypatch):
    pages, other = talks
    said(pages, other, "Good morning.")
    written, render = [], room_log.render
    monkeypatch.setattr(
        room_log, "render", lambda *args, **words: written.append(1) or render(*args, **words)
    )
    pages.get("/plenary")
    pages.post("/rooms/draft", draft="plenary-statement", text="Not yet said.", language="en")
    assert "Not yet said." in pages.get("/plenary")
    assert written == [1]
    with pages.seat.turn:
        desk = pages.seat.desk
        capital = replace(desk.identity.person, capital=True)
        desk.identity = replace(desk.identity, person=capital)
    assert "Ask the capital about it" not in pages.get("/plenary")
    assert written == [1, 1]


def test_a_record_that_is_judged_anew_is_written_anew(talks):
    pages, _other = talks
    with pages.seat.turn:
        assert pages.seat.of_record("a", lambda: 1) == 1
        assert pages.seat.of_record("a", lambda: 2) == 1
        pages.seat.desk.caucus.readings += 1
        assert pages.seat.of_record("a", lambda: 2) == 2


def test_nothing_of_it_outlives_the_open_desk(talks):
    pages, _other = talks
    pages.get("/plenary")
    assert pages.seat._of_record._made
    pages.seat.lock()
    assert not pages.seat._of_record._made
    assert not pages.seat._now._made


@pytest.mark.parametrize("serving", [chancery_serving, console_serving])
def test_the_second_write_of_an_answer_waits_for_nothing(serving):
    async def connect() -> int:
        accepted = asyncio.get_running_loop().create_future()

        async def answer(_reader, writer) -> None:
            accepted.set_result(
                writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            )
            writer.close()

        listening = serving._listen(0)
        async with await asyncio.start_server(answer, sock=listening):
            _reader, writer = await asyncio.open_connection(*listening.getsockname())
            writer.close()
            return await accepted

    assert asyncio.run(connect())


def test_spare_time_is_only_while_nobody_has_or_wants_the_turn():
    turn = Turn()
    with turn:
        entered, free = threading.Event(), threading.Event()

        def wait() -> None:
            with turn:
                entered.set()
                free.wait(LONGEST)

        waiting = threading.Thread(target=wait)
        waiting.start()
        until(lambda: turn.wanted)
        with turn.spare(0) as ours:
            assert not ours
    assert entered.wait(LONGEST)
    assert not turn.wanted
    with turn.spare(0) as ours:
        assert not ours
    free.set()
    waiting.join()
    with turn.spare(60) as ours:
        assert not ours
    for _ in range(2):  # what is done in spare time is no use that keeps it waiting
        with turn.spare(60) as ours:
            assert not ours
        time.sleep(0.02)
        with turn.spare(0.01) as ours:
            assert ours
        with turn.spare(0.01) as ours:
            assert ours
            with turn.away(), turn:
                pass


def test_a_page_that_comes_during_spare_work_is_seen_to_wait():
    turn = Turn()
    with turn.spare(0) as ours:
        assert ours
        page = threading.Thread(target=turn.__enter__)
        page.start()
        until(lambda: turn.wanted)
    page.join(LONGEST)
    assert not page.is_alive()
