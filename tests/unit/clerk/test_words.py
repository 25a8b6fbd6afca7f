"""Names, descriptions and words, without a desk."""

from types import SimpleNamespace

import pytest
from tests.unit.text.helpers import state, unit

from good_offices.clerk import describing, names, plain, wording
from good_offices.errors import LocalError
from good_offices.locale import use
from good_offices.soundings.context import Listed
from good_offices.talks import events_plenary as events
from good_offices.talks.events_sounding import SoundingOpened
from good_offices.talks.rules import RULES
from good_offices.talks.verdict import Verdict
from good_offices.text.notation import print_runs


def refusal(code, function, *arguments):
    with pytest.raises(LocalError) as caught:
        function(*arguments)
    assert caught.value.code == code


def test_every_event_of_the_rules_has_a_sentence():
    assert set(describing._SENTENCES) == set(RULES)


def test_an_event_is_one_line():
    assert describing.described(events.StatementMade(text="a\nb", language="en")) == "statement: a b"
    long = describing.described(events.StatementMade(text="a" * 400, language="en"))
    assert len(long) == 160
    assert long.endswith("…")
    assert describing.shortened(["a", "b", "c", "d"]) == "a, b, c, d"
    assert describing.shortened(list("abcde")) == "a to e (5)"


def test_a_description_is_in_the_language_of_whoever_reads_it(monkeypatch):
    monkeypatch.setattr(describing, "_", lambda sentence: sentence.replace("statement", "déclaration"))
    assert describing.described(events.StatementMade(text="a", language="en")) == "déclaration: a"


def test_a_verdict_is_told_with_its_sentence():
    with use("en"):
        told = plain.verdict_of(Verdict(room=b"", index=3, status="void", code="not-pending"))
    assert told["status"] == "void"
    assert told["message"]
    assert told["hint"]
    assert plain.verdict_of(Verdict(room=b"", index=3, status="valid"))["message"] is None


def test_plain_values():
    assert plain.plain({1: (b"\x01", frozenset({"a"}))}) == {"1": ["01", ["a"]]}
    made = plain.plain(events.ItemProposed(title="The dam"))
    assert (made["title"], made["note"]) == ("The dam", "")


def test_a_provision_is_named_by_id_or_by_its_only_label():
    here = state(
        unit("u1", en="a", label="1."), unit("u2", en="b", label="2"), unit("u3", en="c", label="2.")
    )
    assert names.unit(here, "u2").id == "u2"
    assert names.unit(here, "1").id == "u1"
    refusal("unit-ambiguous", names.unit, here, "2")
    refusal("unit-unknown", names.unit, here, "9")


def test_a_text_is_named_or_is_the_only_one():
    here = state(unit("u1", en="a"))
    assert names.text_named(SimpleNamespace(texts={"t": here}), None) is here
    refusal("no-text-tabled", names.text_named, SimpleNamespace(texts={}), None)
    refusal("instrument-unknown", names.text_named, SimpleNamespace(texts={"t": here}), "x")
    refusal("text-not-named", names.text_named, SimpleNamespace(texts={"t": here, "s": here}), None)


def test_the_beginning_of_a_number_names_one_key():
    assert names.key("ABCD", ["abcd01", "abce"], "not-pending") == "abcd01"
    refusal("not-pending", names.key, "abc", ["abcd01"], "not-pending")
    refusal("not-pending", names.key, "abcd", ["abcd01", "abcd02"], "not-pending")


def test_times():
    assert names.until("2026-03-01T12:00") == names.until("2026-03-01T15:00+03:00") == 1_772_366_400_000
    assert names.until(None) is None
    assert names.when(1_772_366_400_000) == "2026-03-01 12:00:00 UTC"
    refusal("time-unreadable", names.until, "noon")


def test_words_with_the_same_brackets_keep_their_ids():
    here = state(unit("u1", en="[a][b] c", ru="[а][б] в"))
    one = here.instrument.unit("u1")
    (slot,) = one.slots
    made = wording.worded(here.instrument, one, {"en": "[a][x] d"}, {})
    assert slot in {getattr(run, "slot", None) for run in made["en"]}
    made = wording.worded(here.instrument, one, {"en": "[p] [a][x] d", "ru": "[п] [а][х] д"}, {})
    new = [{run.slot for run in runs if hasattr(run, "slot")} for runs in made.values()]
    assert new[0] == new[1]
    assert slot not in new[0]


def test_brackets_placed_around_brackets_that_stand():
    here = state(unit("u1", en="a [b][c] d"))
    one = here.instrument.unit("u1")
    made = wording.bracketed(here.instrument, one, {"en": "[a [b][c]] d"}, {})["en"]
    assert print_runs(made) == "[a [b][c]] d"
    assert set(one.slots) < {run.slot for run in made if hasattr(run, "slot")}
    refusal("language-missing", wording.bracketed, here.instrument, one, {"fr": "[a]"}, {})


def test_a_sounding_is_told_by_its_subject_in_the_readers_language():
    said = {"de": "Wann", "en": "When"}
    listed = Listed(kind="options", about="date", subject=said, closes=1, pace=1000, until=2)
    with use("en"):
        assert describing.described(SoundingOpened(listed=listed)) == "sounding opened: When"
    with use("ru"):
        assert describing.described(SoundingOpened(listed=listed)).endswith("Wann")
