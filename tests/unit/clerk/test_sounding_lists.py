"""Lists for soundings: what is read of what people give, and with which words the rest is refused."""

import time

import pytest
from tests.support.duty import HOUR, Running, listed
from tests.support.house import House
from tests.support.seats import seats

from good_offices.clerk import sounding_lists, sounding_needs, sounding_words, soundings
from good_offices.errors import LocalError
from good_offices.soundings.context import Option, Scale

NOW = 1_800_000_000_000
WHEN = sounding_lists.When(NOW + HOUR, NOW + 2 * HOUR, 1_000)
TWO = ("en", "ru")


def refused(make, *arguments, **named):
    with pytest.raises(LocalError) as no:
        make(*arguments, **named)
    assert no.value.remedy
    return no.value


def opened(options, when=WHEN, kind="options", **changed):
    return sounding_lists.opened(kind, "other", {"en": "Which"}, options, when, now=NOW, **changed)


def some(count):
    return [Option(words={"en": f"Option {number}"}) for number in range(count)]


def test_a_file_has_an_option_a_line():
    text = "# comment\n\nOne | Один\n  Two | Два  \n"
    found = sounding_lists.options_of(text, TWO)
    assert [one.words for one in found] == [{"en": "One", "ru": "Один"}, {"en": "Two", "ru": "Два"}]
    assert "line 1 is not in the languages en, ru" in str(refused(sounding_lists.options_of, "One\n", TWO))
    twice = refused(sounding_lists.options_of, "A\nB\n\nA\n", ["en"])
    assert "line 4 says the same as line 1" in str(twice)


def test_a_list_that_is_too_long_is_refused_at_once():
    began = time.monotonic()
    no = refused(sounding_lists.options_of, "\n".join(map(str, range(200_000))), ["en"])
    assert (no.code, no.facts["count"], no.facts["most"]) == ("sounding-too-long", 200_000, 10_000)
    assert time.monotonic() - began < 5
    assert refused(opened, some(1) * 10_001).code == "sounding-too-long"
    assert refused(sounding_lists.days, "2000-01-01", "2099-01-01", ["en"]).code == "sounding-too-long"


@pytest.mark.parametrize(
    ("options", "changed", "said"),
    [
        ([], {}, "a list has 1 to 10000 options"),
        (some(2) + some(1), {}, "option 3 has the words of an option before it"),
        ([Option(words={"ru": "Один"})], {}, "option 1 is not in the languages"),
        (some(3), {"kind": "packages"}, "a chunk has from one package to all"),
        (some(3), {"kind": "packages", "chunk": 4}, "a chunk has from one package to all"),
        (some(3), {"chunk": 2}, "only packages come in chunks"),
        ([], {"kind": "range"}, "a range has a scale"),
        ([], {"kind": "range", "scale": Scale(least=0, most=10, step=3, unit="t")}, "do not lead"),
    ],
)
def test_lists_that_cannot_be_sounded(options, changed, said):
    assert said in str(refused(opened, options, **changed))


def test_times_that_cannot_be():
    past = sounding_lists.When(NOW, NOW + HOUR, 1_000)
    assert refused(opened, some(2), past).code == "sounding-past"
    hurried = sounding_lists.When(NOW + 1, NOW + 5_000, 1_000)
    assert refused(opened, some(2), hurried).code == "sounding-hurried"
    slow = sounding_lists.When(NOW + 1, NOW + 1_000 * HOUR, 170 * HOUR)
    assert refused(opened, some(2), slow).code in ("sounding-hurried", "sounding-list")
    assert opened(some(2)).listed.size == 2


def test_days_spans_scales_numbers_scores():
    days = sounding_lists.days("2026-02-27", "2026-03-02", TWO)
    assert [one.value for one in days] == ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]
    assert refused(sounding_lists.days, "2026-03-02", "2026-03-01", TWO).code == "sounding-list"
    assert refused(sounding_lists.days, "soon", "later", TWO).code == "time-unreadable"
    assert [sounding_lists.span(word) for word in ("90s", "30 m", "12h", "2d")] == [
        90_000,
        1_800_000,
        43_200_000,
        172_800_000,
    ]
    assert refused(sounding_lists.span, "soon").code == "span-unreadable"
    scale = sounding_lists.scale_of("100:500:50", "t")
    assert [sounding_lists.tick(scale, number) for number in (100, 250, 500)] == [0, 3, 8]
    for number in (99, 501, 120):
        assert refused(sounding_lists.tick, scale, number).code == "sounding-marks"
    assert refused(sounding_lists.scale_of, "1:2", "t").code == "sounding-list"
    assert sounding_lists.numbers("1,3-5", 5) == [1, 3, 4, 5]
    for word in ("0", "6", "3-2", "x", "", "1-9"):
        assert refused(sounding_lists.numbers, word, 5).code == "sounding-marks"
    assert sounding_lists.scored("1\n2.5\n\n3\n", 2.5, 3) == (False, True, True)
    assert refused(sounding_lists.scored, "1\n2\n", 1, 3).code == "sounding-marks"
    assert refused(sounding_lists.scored, "1\n2\nx\n", 1, 3).code == "sounding-marks"


def test_marks_in_a_file():
    assert sounding_lists.marked("# head\n[x] 2 two\n[ ] 1 one\n[X] 3\n", 3) == (False, True, True)
    for text in ("[x] 1\n[x] 1\n", "[x] 1\n", "[?] 1\n[ ] 2\n", "[x] 1\n[x] 3\n", ""):
        assert refused(sounding_lists.marked, text, 2).code == "sounding-marks"


DRAFT = "# Waters\n\n1. The Parties [shall][should] share.\n"


def test_at_a_desk(tmp_path):
    with House(tmp_path) as house:
        upper, lower = seats(house)
        (tmp_path / "draft.md").write_text(DRAFT)
        upper.do("text", "table", tmp_path / "draft.md", "--id", "waters")
        upper.do("agenda", "propose", "The waters")
        desk = upper.desk
        assert [one.words["en"] for one in sounding_lists.items(desk, ["en"])] == ["The waters"]
        variants = sounding_lists.variants(desk, "1")
        assert [(one.words, one.value.rpartition("=")[2]) for one in variants] == [
            ({"en": "shall"}, "1"),
            ({"en": "should"}, "2"),
        ]
        heading = desk.talks.plenary.texts["waters"].instrument.units[0].id
        assert "no brackets" in str(refused(sounding_lists.variants, desk, heading))
        bracket = Running(
            house, listed(about="provision", options=variants, subject="Article 1"), [desk, lower.desk]
        )
        (amendment, statement) = sounding_words.becomes(desk, bracket.sounding, 2)
        assert (amendment["what"], amendment["text"], amendment["variant"]) == ("amendment", "waters", 2)
        assert statement["text"] == "Article 1: should"
        meeting = Running(house, listed(subject="Days"), [desk, lower.desk])
        assert [one["what"] for one in sounding_words.becomes(desk, meeting.sounding, 1)] == [
            "item",
            "statement",
        ]
        assert sounding_words.becomes(desk, meeting.sounding, 1)[0]["title"] == "Meeting: Day 1"
        assert refused(sounding_words.becomes, desk, meeting.sounding, 5).code == "sounding-marks"
        told = sounding_words.learns(desk, meeting.sounding)
        assert any("exactly those options that both accept" in one for one in told)
        assert any("has no duty desk" in one for one in told)
        assert told == sounding_words.learns(lower.desk, meeting.sounding)
        groups = soundings.rows(lower.desk, meeting.clock())
        names = [run["name"] for group in groups for one in group["lists"] for run in one["runs"]]
        assert sorted(names) == ["S1", "S2"]
        assert soundings.named(desk, "s2").id == soundings.named(desk, meeting.id.hex()[:8]).id == meeting.id
        for word in ("S3", "S0", "S", "zz", ""):
            assert refused(soundings.named, desk, word).code == "sounding-unknown"
        assert sounding_needs.needs(desk, meeting.clock())
        # The other side wants it again; the row tells with which times, and the same words accept.
        at = meeting.sounding
        event = sounding_lists.repeated(
            at, closes=at.closes + HOUR, until=at.until + HOUR, now=meeting.clock()
        )
        lower.desk.act("sounding", event)
        desk.sync()
        (wanted,) = soundings.repeats(desk, at)
        assert (wanted["by"], wanted["waits_for"], wanted["ours"]) == (
            ["Lower Basin"],
            ["Upper Basin"],
            False,
        )
        assert upper.do("sounding", "repeat", "S2")["complete"]
        lower.do("desk", "sync")
        shown = lower.do("sounding", "show", "S3")
        assert (shown["begun"], shown["list"]) == ("repeated by all", at.list_hash.hex())


def test_of_a_short_pace_it_is_said_for_whom_it_is_and_it_is_no_rule():
    assert "desks that run all the time" in sounding_lists.remark(1_000)
    assert sounding_lists.remark(sounding_lists.UNHURRIED - 1)
    assert sounding_lists.remark(sounding_lists.UNHURRIED) == ""
    assert opened(some(2)).listed.pace == 1_000
