"""The pages of soundings without a browser: opening, private marks, sealing, what was found, what each page keeps to itself."""

from __future__ import annotations

import re
import time

import pytest
from tests.support import river
from tests.support.duty import Clock, with_duty_desks
from tests.support.house import House
from tests.support.standing import ListedHouse, quick
from tests.support.waiting import until
from tests.unit.chancery.desk_pages import Pages
from tests.unit.chancery.test_people import opened, settle

from good_offices.chancery.screen import date_of
from good_offices.clerk import sounding_lists, sounding_needs
from good_offices.desk import people
from good_offices.desk.soundings import duty, marks
from good_offices.desk.soundings.answering import Answering
from good_offices.soundings.context import Option, Scale

HOUR = 3_600_000
FORM = {
    "kind": "options",
    "about": "date",
    "subject.en": "When to meet",
    "options.en": "Monday\nTuesday\nFriday",
    "closes": "2090-01-01T12:00",
    "until": "2090-01-03T12:00",
    "pace": "60",
}


@pytest.fixture
def both(tmp_path):
    """Upper's pages, its clock set by the test, and the house of Lower's desk; the talks are half way."""
    with House(tmp_path, played=river.half_way) as house:
        pages = at_pages(house)
        yield pages, house
        pages.__exit__()


def at_pages(house: House) -> Pages:
    """Return the pages of a house's first desk, with a clock and quick beats."""
    pages = opened(house)
    pages.seat.computing.beat, pages.seat.computing.now = 0.02, Clock()
    pages.seat.computing.hurry()
    return pages


def open_one(desk, *words, kind="options", about="date", scale=None, chunk=0):
    """Open a sounding at a desk, and return its id."""
    now = time.time_ns() // 1_000_000
    when = sounding_lists.When(now + HOUR, now + 9 * HOUR, 1_000)
    options = [Option(words={"en": one}) for one in words]
    event = sounding_lists.opened(
        kind, about, {"en": "When to meet"}, options, when, now=now, scale=scale, chunk=chunk
    )
    assert desk.act("sounding", event).verdict.status == "valid"
    return sounding_of(desk).id


def sounding_of(desk):
    """Return the newest sounding."""
    return max(desk.talks.sounding.every(), key=lambda one: one.index)


def known(pages, name):
    """Wait until the pages know a sounding, and return its address."""
    pages.seat.check()
    assert until(lambda: pages.seat.desk.talks.sounding.find(name) is not None)
    return f"/soundings/{name.hex()}"


def run(pages, lower, name, wanted, their):
    """Seal marks at the pages and at a desk, and let both answer until the pages have the result."""
    address = known(pages, name)
    pages.post(f"{address}/marks", **wanted)
    pages.post(f"{address}/seal")
    assert "Sealed" in pages.get(address)
    lower.sync()
    sounding = lower.talks.sounding.find(name)
    marks.keep(lower, sounding, their, sealed=True)
    pages.seat.computing.now.time = sounding.closes
    answering = Answering(lower, now=pages.seat.computing.now)

    def is_over() -> bool:
        pages.seat.computing.now.time += 1_000
        lower.sync()
        answering.beat()
        answering.runs.found(sounding_of(lower))
        return "Under way" not in pages.get(address) and "worked out" not in pages.get(address)

    assert until(is_over)
    return address


def main_of(page: str) -> str:
    """Return what stands in a page, without the numbers of its forms."""
    (found,) = re.findall(r"<main.*?</main>", page, flags=re.DOTALL)
    return re.sub(r'name="csrf" value="[^"]*"', "", found)


def test_a_sounding_is_opened_in_two_steps_that_say_who_sees_what(both):
    pages, house = both
    assert "Nothing has been sounded yet" in pages.get("/soundings")
    form = pages.get("/soundings/~/open")
    assert "The others see that your delegation opened it, and the whole list." in form
    shown = pages.post("/soundings/~/open", **FORM)
    assert "Open this sounding" in shown
    assert "Tuesday" in shown
    assert "Seen by all delegations: Upper Basin and Lower Basin." in shown
    hurried = "So little time between two steps is for desks that run all the time"
    assert (hurried in shown, hurried in pages.post("/soundings/~/open", **(FORM | {"pace": "600"}))) == (
        True,
        False,
    )
    pages.post("/soundings/~/open", **FORM)
    assert not list(pages.seat.desk.talks.sounding.every())
    assert "Now mark what you could accept" in pages.confirm()
    (lower,) = house.desks
    lower.sync()
    assert lower.talks.sounding.listed(sounding_of(lower)).subject == {"en": "When to meet"}
    assert "opened by Upper Basin" in pages.get("/soundings")
    # The same list, whatever its times, is not opened again.
    pages.post("/soundings/~/open", **(FORM | {"until": "2091-01-01T12:00"}))
    assert "has had a run" in pages.confirm() or pages.status == 409


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"closes": "2001-01-01T12:00"}, "sounding-past"),
        ({"options.en": "Monday\nMonday"}, "sounding-list"),
        ({"options.en": ""}, "sounding-list"),
        ({"subject.en": ""}, "field-empty"),
        ({"subject.ru": "Когда", "options.ru": "Понедельник"}, "lines"),
        ({"kind": "range", "least": "1", "most": "ten", "step": "1", "unit": "euro"}, "ten"),
    ],
)
def test_a_list_that_cannot_be_sounded_is_refused_before_anything_is_sent(both, fields, told):
    pages, _ = both
    page = pages.post("/soundings/~/open", **(FORM | fields))
    assert pages.status == 409
    assert told in page.lower()
    assert not list(pages.seat.desk.talks.sounding.every())


def test_lines_are_filled_in_from_days_levels_agenda_and_brackets(both):
    pages, _ = both
    page = pages.post(
        "/soundings/~/open/fill", **(FORM | {"first": "2026-03-02", "last": "2026-03-04", "fill": "days"})
    )
    assert "Monday, 2 March 2026 Tuesday, 3 March 2026 Wednesday, 4 March 2026" in page
    assert 'value="{&#34;Monday, 2 March 2026&#34;: &#34;2026-03-02&#34;' in pages.page
    assert "Experts Senior officials" in pages.post("/soundings/~/open/fill", **(FORM | {"fill": "levels"}))
    assert "Minimum flow in summer" in pages.post("/soundings/~/open/fill", **(FORM | {"fill": "items"}))
    unit = f"river/{river.FLOW}"
    assert f'value="{unit}"' in pages.page
    page = pages.post("/soundings/~/open/fill", **(FORM | {"fill": "variants", "unit": unit}))
    assert "180" in page
    values = re.search(r'name="values" value="([^"]*)"', pages.page)[1]
    assert f"{unit}/" in values
    # Another language: what was typed stays.
    page = pages.post("/soundings/~/open/edit", **(FORM | {"add": "ar"}))
    assert 'dir="rtl"' in pages.page
    assert "Tuesday" in page


def test_marks_are_kept_as_often_as_one_wishes_and_only_at_this_desk(both):
    pages, house = both
    (lower,) = house.desks
    address = known(pages, open_one(lower, *(f"Day {at}" for at in range(1, 451))))
    size = pages.seat.desk.common.ledger.size
    page = pages.get(address)
    assert "Only your delegation" in page
    assert pages.page.count('value="no" checked') == 200
    assert "Part 1 of 3" in page
    assert "Kept at this desk, not sealed." in pages.post(f"{address}/marks", **{"m.3": "yes", "go": "2"})
    assert "Part 2 of 3" in pages.get(f"{address}?page=2")
    pages.post(f"{address}/marks", **{"m.201": "yes", "m.202": "no", "page": "2"})
    assert "2 found" not in pages.get(f"{address}?find=Day+45")
    assert "Day 450" in pages.get(f"{address}?find=Day+45")
    seal = pages.get(f"{address}/seal")
    assert "3 Day 3 201 Day 201" in seal
    assert "Day 202" not in seal
    pages.post(f"{address}/marks", way="numbers", numbers="1, 4-6 450")
    seal = pages.get(f"{address}/seal")
    assert "1 Day 1 4 Day 4 5 Day 5 6 Day 6 450 Day 450" in seal
    assert "451" in pages.post(f"{address}/marks", way="numbers", numbers="451") or pages.status == 409
    assert "1 Day 1 4 Day 4" in pages.get(f"{address}/seal")
    # Of all that nothing has left the desk, and no list of soundings counts it.
    assert pages.seat.desk.common.ledger.size == size
    assert not pages.seat.desk.outgoing()
    assert "Kept, not sealed" in pages.get("/soundings")


def test_scores_mark_what_reaches_the_reserve(both):
    pages, house = both
    (lower,) = house.desks
    address = known(pages, open_one(lower, "One", "Two", "Three", kind="packages", about="package", chunk=2))
    scores = {"s.1": "10", "s.2": "30", "s.3": "", "reserve": "20"}
    pages.post(f"{address}/marks", way="scores", **scores)
    assert 'name="s.2" value="30"' in pages.page
    assert 'name="reserve" value="20"' in pages.page
    seal = pages.get(f"{address}/seal")
    assert "Accepted; all else is refused: 2 Two" in seal
    assert "1 One" not in seal
    assert "whole numbers" in pages.post(f"{address}/marks", way="scores", reserve="high")


def test_before_sealing_a_page_says_what_each_side_learns(both):
    pages, house = both
    (lower,) = house.desks
    address = known(pages, open_one(lower, "Monday", "Tuesday"))
    page = pages.post(f"{address}/marks", **{"m.1": "yes", "go": "seal"})
    assert pages.path == f"{address}/seal"
    for words in (
        "Both delegations learn, at the same time, exactly those options that both accept.",
        "A delegation that has marked nothing refuses everything: a refusal proves no decision.",
        "The host learns that a sounding runs",
        "has not yet been reviewed",
        "it answers only while it is open",
    ):
        assert words in page
    assert "passphrase" not in page.lower()
    page = pages.post(f"{address}/seal")
    assert "Sealed. This desk answers with these marks" in page
    assert "This desk answers, as long as it is open." in page
    assert "sealed and can no longer be changed" in pages.post(f"{address}/marks", **{"m.1": "no"})
    assert "1 Monday Yes 2 Tuesday No" in pages.get(f"{address}/own")


def test_no_match_is_one_page_whatever_was_marked(both):
    pages, house = both
    (lower,) = house.desks
    words = ("Monday", "Tuesday", "Friday")
    all_yes = {f"m.{at}": "yes" for at in (1, 2, 3)}
    address = run(pages, lower, open_one(lower, *words), all_yes, (False,) * 3)
    page = pages.get(address)
    assert "No match." in page
    upper_page = main_of(pages.page)
    pages.__exit__()
    folder = lower.storage.folder
    lower.close()
    house.desks.clear()
    with Pages(folder) as theirs:
        theirs.seat.open("correct horse battery")
        settle(theirs)
        theirs.seat.computing.now = pages.seat.computing.now
        theirs.get(address)
        lower_page = main_of(theirs.page)
        assert "No match." in theirs.get(address)
    own = "Seen by all delegations: {} and {}."
    assert upper_page.replace(own.format("Upper Basin", "Lower Basin"), "") == lower_page.replace(
        own.format("Lower Basin", "Upper Basin"), ""
    )
    pages.__enter__()


def test_a_match_becomes_an_act_only_by_hand(both):
    pages, house = both
    (lower,) = house.desks
    name = open_one(lower, "Monday", "Tuesday", "Friday")
    address = run(pages, lower, name, {"m.1": "yes", "m.2": "yes"}, (False, True, True))
    page = pages.get(address)
    assert "All accept: 2 Tuesday Make it an act" in page
    assert "Friday" not in page.partition("The whole list")[0]
    size = pages.seat.desk.common.ledger.size
    ways = dict.fromkeys(re.findall(r'href="(/agenda\?[^"]*|/plenary\?[^"]*)"', pages.page))
    assert len(ways) == 2
    for way in ways:
        assert "Meeting: Tuesday" in pages.get(way.replace("&amp;", "&")) or "Meeting: Tuesday" in pages.page
    assert pages.seat.desk.common.ledger.size == size
    # News until it was looked at, and not after; the number of matches is told nowhere else.
    assert sounding_needs.is_seen(pages.seat.desk, sounding_of(pages.seat.desk))
    assert "Ended" in pages.get("/soundings")
    for other in ("/room", "/soundings", "/", "/since"):
        assert "Tuesday" not in pages.get(other), other
    # Once more: a joint step.
    moment = {"closes": "2090-01-01T12:00", "until": "2090-01-03T12:00"}
    assert "Sound the same list once more" in pages.post(f"{address}/repeat", **moment)
    assert "Waits for Lower Basin" in pages.confirm()


def test_a_range_is_marked_and_its_figures_opened_together(both):
    pages, house = both
    (lower,) = house.desks
    scale = Scale(least=100, most=200, step=10, unit="m3/s")
    name = open_one(lower, kind="range", about="figure", scale=scale)
    address = known(pages, name)
    assert "is not on the scale" in pages.post(f"{address}/marks", willing="yes", low="105", high="150")
    assert "lower end first" in pages.post(f"{address}/marks", willing="yes", low="150", high="120")
    address = run(pages, lower, name, {"willing": "yes", "low": "120", "high": "160"}, (5, 10))
    page = pages.get(address)
    assert "The ranges overlap." in page
    assert "the other side sees the offer at once" in page
    assert "Open the figures together" in pages.post(f"{address}/figures", low="120", high="160")
    assert "Your offer is on record" in pages.confirm()
    assert "Offered by: Upper Basin" in pages.get(address)


def test_reminders_are_private_and_can_be_put_aside(both):
    pages, house = both
    (lower,) = house.desks
    address = known(pages, open_one(lower, "Monday"))
    assert "When to meet: the marks of your delegation are not sealed" in pages.get("/")
    for other in ("/room", "/plenary"):
        assert "When to meet" not in pages.get(other)
    assert "You are not reminded of it again" in pages.post(f"{address}/aside")
    assert "marks of your delegation" not in pages.get("/")
    assert "sounding opened" in pages.get("/since")
    assert "Soundings opened" in pages.get("/")


def test_with_a_duty_desk_sealing_makes_a_file_that_only_it_can_open(tmp_path):
    with House(tmp_path, played=with_duty_desks) as house:
        folders = [desk.storage.folder for desk in house.desks]
        pages = at_pages(house)
        lower, on_duty, _ = house.desks
        address = known(pages, open_one(lower, "Monday", "Tuesday"))
        people_page = pages.get("/people")
        assert people_page.count("Answers soundings; reads nothing else") == 2
        pages.post(f"{address}/marks", **{"m.2": "yes"})
        page = pages.get(f"{address}/seal")
        assert "The marks go into a file that only your duty desk can open." in page
        answer = pages.send(f"{address}/file")
        assert answer.headers["content-disposition"].startswith('attachment; filename="S1')
        on_duty.sync()
        clock = pages.seat.computing.now
        taken = marks.take_file(on_duty, answer.content, clock())
        assert marks.choice(taken, marks.kept(on_duty, taken).chosen) == (False, True)
        # Straight into its folder; other folders are refused.
        for wrong in ("", "relative", str(tmp_path), str(folders[0])):
            page = pages.post(f"{address}/seal", folder=wrong)
            assert "is not the folder of a duty desk" in page, wrong
        pages.post(f"{address}/marks", **{"m.1": "yes", "m.2": "yes"})
        assert "takes it up at its next beat" in pages.post(f"{address}/seal", folder=str(folders[2]))
        assert len(list((folders[2] / "inbox").glob("*.marks"))) == 1
        told = duty.beat(on_duty, Answering(on_duty, now=clock))
        assert [one.id for one in told.taken] == [taken.id]
        assert marks.choice(taken, marks.kept(on_duty, taken).chosen) == (True, True)
        assert str(folders[2]) in pages.get(f"{address}/seal") or str(folders[2]) in pages.page
        pages.__exit__()


def test_a_duty_desk_is_invited_admitted_and_recalled(both):
    from good_offices.desk.desk import Desk

    pages, house = both
    assert "no duty desk" in pages.get("/people")
    assert "reads who sits where" in pages.get("/people/duty")
    assert "The hand-over file for Duty desk" in pages.post("/people/duty")
    path = pages.path
    answer = pages.send(f"{path}/file")
    on_duty = Desk.create(house.path / "duty", "correct horse battery", answer.content)
    on_duty.sync()
    settle(pages)
    (invited,) = people.waiting(pages.seat.desk)
    assert "no other desk of your delegation does" in pages.get(f"/people/admit/{invited.desk}")
    page = pages.post(f"/people/admit/{invited.desk}", passphrase="correct horse battery")
    assert "is admitted" in page, page
    settle(pages)
    assert "Answers soundings; reads nothing else" in pages.get("/people")
    (member,) = re.findall(r"/people/recall/(\w+)", pages.page)
    assert "answers no sounding any more" in pages.get(f"/people/recall/{member}")
    assert "is recalled" in pages.post(f"/people/recall/{member}", passphrase="correct horse battery")
    settle(pages)
    assert "Answers soundings; reads nothing else" not in pages.get("/people")
    on_duty.close()


def test_long_work_is_stopped_and_begun_again(both):
    pages, house = both
    (lower,) = house.desks
    name = open_one(lower, *(f"Day {at}" for at in range(1, 1_501)))
    address = known(pages, name)
    sounding = sounding_of(lower)
    pages.post(f"{address}/marks", way="numbers", numbers="7, 1500")
    pages.post(f"{address}/seal")
    computing = pages.seat.computing
    computing.now.time = sounding.closes
    assert until(lambda: computing.progress is not None)
    begun = time.monotonic()
    page = pages.get(address)
    assert time.monotonic() - begun < 3
    assert "This desk computes for a sounding" in page or computing.progress is None
    pages.post("/soundings/~/pause", back=address)
    assert "This desk computes nothing for soundings" in pages.get(address)
    assert until(lambda: computing.progress is None)
    assert not sounding_of(pages.seat.desk).attempts[-1].answers
    pages.post("/soundings/~/go-on", back=address)
    assert until(lambda: bool(sounding_of(pages.seat.desk).attempts[-1].answers))


def test_ten_thousand_options_are_shown_and_marked_in_time(both):
    pages, house = both
    (lower,) = house.desks
    address = known(pages, open_one(lower, *(f"Option number {at}" for at in range(1, 10_001))))
    pages.get(address)
    taken = []
    for page in range(1, 11):
        # By the processor time of this process: others load this machine as well.
        begun = time.process_time()
        assert f"Part {page} of 50" in pages.get(f"{address}?page={page}")
        taken.append(time.process_time() - begun)
    assert sorted(taken)[len(taken) // 2] < 0.5, taken
    assert "Kept at this desk" in pages.post(f"{address}/marks", way="numbers", numbers="1-5000")
    assert "and 4800 more" in pages.get(f"{address}/seal")


def test_links_of_strangers_lead_nowhere(both):
    pages, _ = both
    assert "no such sounding" in pages.get("/soundings/0123456789abcdef")


def test_a_day_is_shown_as_people_read_it_beside_the_words_of_the_list(both):
    pages, house = both
    name = open_one(house.desks[0], "2026-12-28", "20261229", "Any day")
    page = pages.get(known(pages, name))
    assert "Monday, 28 December 2026 2026-12-28" in page
    assert "29 December" not in page
    assert date_of("2026-12-28", "ru") == "понедельник, 28 декабря 2026"
    assert {date_of("2026-12-28", "no language"), date_of("28", "en"), date_of("", "en")} == {""}


def test_standing_lists_are_shown_with_why_they_do_not_run(tmp_path):
    with ListedHouse(tmp_path, quick()) as house:
        pages = opened(house)
        try:
            page = pages.get("/soundings")
        finally:
            pages.__exit__()
    assert "your delegation has no duty desk" in page
    assert "not yet held by all: nothing of it runs" in page
    assert "Willingness to meet: 500 times, from" in page
    assert "Held by: nobody" in page
