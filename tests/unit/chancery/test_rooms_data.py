"""What the overview, the rooms, the agenda and "since you left" are made of: plain values from two real desks."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from tests.support import river
from tests.support.house import House

from good_offices.chancery import addresses
from good_offices.chancery.screens.accepting import local_moment
from good_offices.chancery.screens.overview import drawing, worded
from good_offices.chancery.screens.rooms import MANY, window
from good_offices.clerk import agenda_view, changes, needs, rooms_view, speaking
from good_offices.clerk.authors import Author, Authors, powers_of
from good_offices.clerk.lanes import Lanes, lanes
from good_offices.desk.ahead import waiting_acts
from good_offices.errors import LocalError
from good_offices.talks import events_plenary as events


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("data")) as house:
        house.join(house.desks[0], "Aigul Sen", powers=("speak",))
        house.join(house.desks[0], "The Ministry", capital=True)
        river.half_way(house)
        yield house


def told(desk, room="plenary"):
    lines = list(desk.book(room).lines())
    return rooms_view.told(desk, room, rooms_view.room_lines(desk, room, lines), Authors(desk))


def all_needs(desk, since=0):
    books = (desk.common, desk.caucus)
    read = {book.ledger.register: since for book in books}
    return needs.needs(desk, *(list(book.lines()) for book in books), read)


def test_a_room_is_told_in_order_with_names_labels_and_no_work_of_desks(house):
    upper, lower = house.desks[:2]
    entries = told(upper)
    assert [one["index"] for one in entries] == sorted(one["index"] for one in entries)
    assert not {one["kind"] for one in entries} & {"keys"}
    statement = next(one for one in entries if one["kind"] == "statement")
    assert (statement["author"].called, statement["author"].name) == ("Lower Basin", "Head 1")
    assert (statement["text"], statement["language"]) == (
        "We came to agree on the water, not on the past.",
        "en",
    )
    assert [one["ours"] for one in told(lower) if one["index"] == statement["index"]] == [True]
    assert [one["ours"] for one in entries if one["index"] == statement["index"]] == [False]
    accepted = [one["what"] for one in entries if "accepted" in one["what"]]
    assert "agenda item accepted: Minimum flow in summer" in accepted
    (proposal,) = (one for one in entries if "P-1" in one["what"])
    assert proposal["what"] == "proposal P-1 on 2. Minimum flow"
    assert addresses.of_entry(proposal) == f"/text/river#unit-{river.FLOW}"
    (tabled,) = (one for one in entries if one["what"].startswith("text tabled"))
    assert tabled["what"] == "text tabled: Agreement on the waters of the Arna River, 12 provisions"


def test_a_note_is_answered_by_a_note_and_each_says_so(house):
    upper, lower = house.desks[:2]
    urgent = upper.act(
        "plenary", speaking.note(upper, "plenary", "The gate is stuck.", "en", subject="Gate", urgent=True)
    )
    house.settle()
    index = urgent.verdict.index
    asked = lambda: [one["index"] for one in all_needs(lower) if one["kind"] == "urgent"]  # noqa: E731
    assert index in asked()
    done = lower.act("plenary", speaking.note(lower, "plenary", "We send a crew.", "en", to=[str(index)]))
    assert index not in asked()
    entries = {one["index"]: one for one in told(lower)}
    assert entries[done.verdict.index]["answers"] == [{"index": index, "common": False}]
    assert entries[index]["answered"] == [done.verdict.index]
    house.settle()


def test_an_answer_names_its_entry_and_a_void_act_its_reason(house):
    upper, lower = house.desks[:2]
    said = next(one for one in told(lower) if one["kind"] == "note")
    act = next(key for key, verdict in lower.common.verdicts.items() if verdict.index == said["index"])
    done = lower.act("plenary", events.StatementMade(text="We repair it.", language="en", to=(act,)))
    assert rooms_view.told(
        lower,
        "plenary",
        [line for line in lower.common.lines() if line.index == done.verdict.index],
        Authors(lower),
    )[0]["answers"] == [{"index": said["index"], "common": False}]
    house.settle()
    # Both withdraw the same at once: whoever comes second is refused by the rules, and stands there with its reason.
    title = events.ItemProposed(title="Boats")
    upper.act("plenary", title)
    item = events.ItemWithdrawn(item=title.content)
    first = upper.hand_in("plenary", item)
    second = house.desks[0].storage.outbox()
    assert len(second) == 1
    assert [act.event for act in waiting_acts(upper, "plenary")] == [item]
    (waits,) = rooms_view.waiting(upper, "plenary")
    assert waits["kind"] == "agenda"
    upper.send()
    upper.receive()
    assert upper.common.verdicts[first].status == "valid"
    assert rooms_view.waiting(upper, "plenary") == []
    house.settle()


def test_needs_follow_the_powers_and_end_when_they_are_met(house):
    upper, lower, speaker, capital = house.desks
    kinds = [one["kind"] for one in all_needs(lower)]
    assert kinds.index("joint") > -1
    assert "proposal" in kinds
    item = next(one for one in all_needs(lower) if one["kind"] == "joint")
    assert (item["what"], item["by"], item["mine"]) == ("Exchange of data", ["Upper Basin"], True)
    assert worded(item)["verb"] == "Accept…"
    assert worded(item)["address"] == f"/accept?index={item['index']}"
    # The urgent note was answered in the test before; a new one asks again, until the visit after it.
    upper.act(
        "plenary", events.NotePassed(text="It is out again.", language="en", subject="Gauge", urgent=True)
    )
    house.settle()
    urgent = [one for one in all_needs(lower) if one["kind"] == "urgent"]
    assert [(one["what"], one["by"]) for one in urgent] == [("Gauge", ["Upper Basin"])]
    assert not [one for one in all_needs(lower, lower.common.ledger.size) if one["kind"] == "urgent"]
    assert not [one for one in all_needs(upper) if one["kind"] == "urgent"]
    # Who may only speak is told of a proposal, and that it needs another member.
    proposal = next(one for one in all_needs(speaker) if one["kind"] == "proposal")
    assert powers_of(speaker) == ("speak",)
    assert (proposal["mine"], worded(proposal)["lacks"]) == (False, "agree")
    # What he does without the power waits for his head.
    speaker.act("plenary", events.ItemProposed(title="Fish"), unconfirmed=True)
    house.settle()
    (confirm,) = (one for one in all_needs(upper) if one["kind"] == "confirm")
    assert (confirm["by"], confirm["mine"], confirm["power"]) == (["Aigul Sen"], True, "propose")
    assert not [one for one in all_needs(lower) if one["kind"] == "confirm"]
    # The capital is asked, until it has answered; then the others have something to read.
    upper.act("caucus", events.InstructionsAsked(text="May we?", language="en"))
    house.settle()
    (asked,) = (one for one in all_needs(capital) if one["kind"] == "asked")
    assert asked["what"] == "May we?"
    act = next(key for key, verdict in capital.caucus.verdicts.items() if verdict.index == asked["index"])
    capital.act("caucus", events.InstructionsGiven(text="No.", language="en", to=(act,)))
    house.settle()
    assert not [one for one in all_needs(capital) if one["kind"] == "asked"]
    assert [one["what"] for one in all_needs(upper) if one["kind"] == "given"] == ["No."]
    assert powers_of(capital) == ()


def test_what_waits_for_others_and_what_expires(house):
    upper, lower = house.desks[:2]
    now = int(datetime.now(UTC).timestamp() * 1000)
    hour, month = 3_600_000, 30 * 24 * 3_600_000
    upper.act("plenary", events.ItemProposed(title="Nets", until=now + hour))
    upper.act("plenary", events.ItemProposed(title="Ferries", until=now + month))
    house.settle()
    waits = {one["what"]: one for one in needs.awaited(upper, list(upper.common.lines()))}
    assert waits["Nets"]["by"] == ["Lower Basin"]
    assert waits["Nets"]["until_ms"] == now + hour
    for desk, ours in ((upper, True), (lower, False)):
        (soon,) = needs.expiring(desk, list(desk.common.lines()), now)
        assert (soon["what"], soon["by"], soon["ours"], soon["passed"]) == (
            "Nets",
            ["Upper Basin"],
            ours,
            False,
        )
    assert needs.expiring(upper, list(upper.common.lines()), now + 2 * hour)[0]["passed"]


def test_since_you_left_tells_what_others_did_by_subject(house):
    upper, lower = house.desks[:2]
    books = (lower.common, lower.caucus)
    lines = [list(book.lines()) for book in books]
    found = changes.changes(lower, *lines, {book.ledger.register: 0 for book in books})
    assert set(found) <= set(changes.SUBJECTS)
    assert any("P-2" in one["what"] for one in found["text"])
    assert all(one["author"].called == "Upper Basin" for one in found["said"])
    assert [one["subject"] for one in found["urgent"]] == ["Kessel gauge", "Gate", "Gauge"]
    size = {book.ledger.register: book.ledger.size for book in books}
    assert changes.changes(lower, *lines, size) == {}
    del upper


def test_modalities_stand_rule_by_rule_and_say_where_they_differ(house):
    upper, lower = house.desks[:2]
    (table,) = agenda_view.columns(upper)
    assert table["pending"] is None
    now = upper.talks.plenary.modalities.modalities
    assert agenda_view.form(upper)["authentic"] == ["en", "ru"]
    wanted = events.Modalities(
        names=now.names, authentic=now.authentic, working=("ru",), levels=now.levels, without_prejudice=False
    )
    lower.act("plenary", agenda_view.proposed(lower, wanted))
    house.settle()
    (table,) = agenda_view.columns(upper)
    differ = {one["key"]: (one["accepted"], one["proposed"]) for one in table["rules"] if one["differs"]}
    assert differ == {"working": (["en"], ["ru"]), "clause": (True, False)}
    assert agenda_view.differences(table["rules"]) == [
        "Working languages: now English; then Russian",
        "Without prejudice to status and claims: now yes; then no",
    ]
    assert {one["name"]: one["accepted"] for one in table["pending"]["marks"]} == {
        "Upper Basin": False,
        "Lower Basin": True,
    }
    assert agenda_view.value_words("levels", ["experts", "ministers"]) == "Experts and Ministers"
    assert agenda_view.value_words("text", "") == "nothing said"
    states = {one["title"]: one["agreed"] for one in agenda_view.items(upper)}
    assert states["Minimum flow in summer"] is True
    assert states["Exchange of data"] is False


def test_the_course_says_where_the_talks_stand(house):
    upper, lower = house.desks[:2]
    assert agenda_view.course(upper)["standing"] == "running"
    upper.act("plenary", events.TalksAdjourned(date="next week", place="the bridge"))
    house.settle()
    (step,) = agenda_view.course(lower)["pending"]
    assert (step["event"], step["ours"]) == ("TalksAdjourned", False)
    lower.act("plenary", events.TalksAdjourned(date="next week", place="the bridge"))
    house.settle()
    course = agenda_view.course(upper)
    assert (course["standing"], course["pending"], course["what"]["place"]) == ("adjourned", [], "the bridge")


def test_readers_of_a_room_are_members_once_each(house):
    upper, lower, _, capital = house.desks
    plenary = {(one.called, one.name) for one in Authors(upper).readers("plenary")}
    assert plenary == {("Upper Basin", "Head 0"), ("Upper Basin", "Aigul Sen"), ("Lower Basin", "Head 1")}
    caucus = Authors(upper).readers("caucus")
    assert {one.name for one in caucus} == {"Head 0", "Aigul Sen", "The Ministry"}
    assert [one.name for one in caucus if one.capital] == ["The Ministry"]
    assert Authors(capital)(bytes(32), 1) == Author()
    assert [one.name for one in Authors(lower).readers("caucus")] == ["Head 1"]


def test_lanes_mark_kinds_and_never_counts(house):
    upper = house.desks[0]
    lines = list(upper.common.lines())
    today = datetime.now(UTC).astimezone().date()
    drawn = lanes(lines, {upper.rooms["plenary"]}, ("experts", "ministers"), Authors(upper), today)
    assert drawn.levels == ("leaders", "ministers", "experts")
    assert drawn.marks["leaders", today] == ("said", "text", "agreed")
    assert len(drawn.days) == 14
    assert ("ministers", today) not in drawn.marks
    twice = lanes(lines + lines, {upper.rooms["plenary"]}, (), Authors(upper), today)
    assert twice.marks == lanes(lines, {upper.rooms["plenary"]}, (), Authors(upper), today).marks
    figure = drawing(drawn, today)
    assert "Ministers: nothing yet." in figure["finding"]
    assert max(one["x"] for one in figure["marks"]) == figure["today"] < 100


@pytest.mark.parametrize(
    ("dated", "drawn_on"), [(253_402_300_799_999, date(2026, 1, 14)), (1, date(2021, 1, 4))]
)
def test_a_date_of_the_host_far_away_leaves_the_lanes_readable(house, dated, drawn_on):
    upper, today = house.desks[0], date(2026, 1, 14)
    lines = [replace(one, leaf=replace(one.leaf, time_ms=dated)) for one in upper.common.lines()]
    drawn = lanes(lines, {upper.rooms["plenary"]}, (), Authors(upper), today)
    assert len(drawn.days) <= 366
    assert {day for _level, day in drawn.marks} == {drawn_on}
    assert drawing(drawn, today)["moved"]


def test_a_long_course_is_drawn_by_weeks():
    days = (date(2026, 1, 5), date(2026, 1, 12))
    drawn = Lanes(("experts",), days, weekly=True, marks={("experts", days[0]): ("said",)})
    figure = drawing(drawn, date(2026, 1, 14))
    assert figure["today"] > figure["marks"][0]["x"]
    assert [row["cells"] for row in figure["table"]] == [{"experts": ("said",)}]


class Numbered:
    def __init__(self, index):
        self.index = index


def test_a_page_of_a_room_has_a_hundred_entries_and_ways_to_both_sides():
    lines = [Numbered(one * 2) for one in range(250)]
    page, earlier, later = window(lines, "")
    assert (len(page), earlier, later) == (MANY, lines[149].index, None)
    page, earlier, later = window(lines, str(earlier))
    assert (page[-1].index, earlier, later) == (lines[149].index, lines[49].index, lines[249].index)
    page, earlier, later = window(lines, str(earlier))
    assert (len(page), earlier, later) == (50, None, lines[149].index)
    assert window([], "nonsense") == ([], None, None)
    assert window(lines, "\u00b2", at="9" * 5000) == window(lines, "", at="498") == window(lines, "")
    page, earlier, later = window(lines, "", at="200")
    assert (page[0].index, page[-1].index) == (102, 300)


def test_a_time_of_a_form_is_by_the_clock_of_this_machine():
    wanted = datetime(2026, 11, 22, 20, 0).astimezone()
    assert local_moment("2026-11-22T20:00") == int(wanted.timestamp() * 1000)
    assert local_moment("") is None
    with pytest.raises(LocalError) as caught:
        local_moment("soon")
    assert caught.value.code == "time-unreadable"
