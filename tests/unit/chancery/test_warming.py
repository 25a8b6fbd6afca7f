"""What is made ready after unlocking is what the pages show, and it ends with the open desk."""

from __future__ import annotations

import threading

from tests.support import river
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import LONGEST
from tests.unit.chancery.desk_pages import Pages

from good_offices.chancery import warming
from good_offices.chancery.text import kept
from good_offices.clerk import versions


def test_the_pages_find_record_rows_and_versions_ready(tmp_path):
    with House(tmp_path, played=river.half_way) as house:
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            for thread in threading.enumerate():
                if thread.name == "warm":
                    thread.join(LONGEST)
                    assert not thread.is_alive()
            with pages.seat.turn:
                open_desk = pages.seat.desk
                shelf = kept.shelf(open_desk)
                rows = dict(shelf.rows)
                units = open_desk.talks.plenary.texts["river"].instrument.units
                assert len(rows) == len([one for one in units if one.kind != "layout"])
                assert len(pages.seat.lines(open_desk.common, 0)) == open_desk.common.ledger.size
                assert versions.look_back(open_desk, 1) is False
            pages.get("/text/river")
            assert pages.status == 200
            assert {key for key in shelf.rows if "rail" not in key} == set(rows)


def test_each_step_opens_a_few_entries(tmp_path, monkeypatch):
    monkeypatch.setattr(warming, "_ENTRIES", 5)
    with House(tmp_path, played=river.half_way) as house:
        desk = house.desks[0]
        opened: dict[str, int] = {}

        def lines(book, most=None):
            name = book.ledger.register
            if most is not None:
                opened[name] = opened.get(name, 0) + most
            return list(book.lines(0, opened[name]))

        made = warming.steps(desk, lines)
        next(made)
        assert list(opened.values()) == [5]
        assert sum(1 for _ in made) > desk.common.ledger.size // 5
