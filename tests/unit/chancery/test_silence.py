"""The screen of the silence procedure, and what needs a member of it."""

from __future__ import annotations

from tests.support import ending
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.test_finishing import opened, twice

from good_offices.chancery.screens.overview import worded
from good_offices.clerk import needs, silence_view, steps, terms


def allowed(house) -> None:
    """Put a text on the table, under modalities that allow silence."""
    ending.tabled(house)
    event = terms.proposed(house.desks[0], {"silence": True}, None)
    ending.together(house, lambda _desk: event)


def test_one_opens_in_two_steps_and_the_other_breaks_in_one(tmp_path):
    with House(tmp_path, played=allowed) as house:
        lower = house.desks[1]
        with opened(house) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            assert "Silence procedure" in pages.get("/text/river")
            text = ending.text(lower)
            first, second = (one.id for one in steps.to_agree(text)[-2:])
            pages.get("/text/river/silence")
            words = pages.post("/text/river/silence", unit=first, hours="72")
            assert "A delegation that does nothing is not bound." in words
            assert "Hours: 72" in words
            twice(pages, "/text/river/silence", unit=first, hours="72")
            lower.sync()
            common, caucus = list(lower.common.lines()), list(lower.caucus.lines())
            since = {lower.common.ledger.register: 0, lower.caucus.ledger.register: 0}
            (need,) = [
                worded(one) for one in needs.needs(lower, common, caucus, since) if one["kind"] == "silence"
            ]
            assert need["address"] == f"/text/river/silence#s{need['index']}"
            assert (need["mine"], need["verb"]) == (True, "Break the silence…")
            event = silence_view.opening(text, [text.instrument.unit(second)], 24)
            index = lower.act("plenary", event).verdict.index
            with pages.seat.speaking() as desk:
                desk.sync()
            words = pages.get("/text/river/silence")
            assert "Break the silence" in words
            answer = pages.post(f"/text/river/silence/{index}/break")
            assert "The silence is broken" in answer
            lower.sync()
            told = {one["index"]: one["fate"] for one in silence_view.told(lower, ending.text(lower))}
            assert told[index] == "broken"


def test_without_modalities_that_allow_it_nobody_is_offered_it(tmp_path):
    with House(tmp_path, played=ending.tabled) as house, opened(house) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        assert "Silence procedure" not in pages.get("/text/river")
        assert "do not allow the silence procedure" in pages.get("/text/river/silence")
