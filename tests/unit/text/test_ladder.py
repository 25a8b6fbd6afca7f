"""The ladder, locks, closing and concordance."""

from __future__ import annotations

import pytest
from tests.unit.text.helpers import A, B, bases, state, unit
from tests.unit.text.test_acts import proposal, refusal

from good_offices.text import acts, ladder, order
from good_offices.text.concordance import certify, concordance_of, discordant
from good_offices.text.model import words_digest
from good_offices.text.notation import parse
from good_offices.text.settling import Choice


def locked():
    here = state(unit("u1", en="a", ru="а"), unit("u2", en="b", ru="б"), authentic=("en", "ru"))
    every = bases(here, "u1", "u2")
    return ladder.lock(ladder.agree(here, every, level="experts"), every, [B, A])


def certified(here):
    for one in here.instrument.units:
        texts = {language: words_digest(one, language) for language in ("en", "ru")}
        here = certify(here, one.id, texts)
    return here


def test_the_ladder_up():
    here = state(unit("u1", en="a"))
    base = bases(here, "u1")
    assert here.status("u1") == "open"
    refusal("unit-status", ladder.lock, here, base, [A, B])
    refusal("unit-status", ladder.confirm, here, base, A)
    here = ladder.agree(here, base, level="experts")
    assert (here.status("u1"), here.standing["u1"].level) == ("agreed", "experts")
    here = ladder.agree(here, base, level="ministers", ad_referendum=True)
    assert here.status("u1") == "agreed_ad_referendum"
    refusal("unit-status", ladder.agree, here, base)
    refusal("not-all-confirmed", ladder.lock, here, base, [A, B])
    here = ladder.confirm(ladder.confirm(here, base, B), base, A)
    here = ladder.lock(here, base, [A, B])
    assert (here.status("u1"), here.locked_by("u1")) == ("locked", (A, B))
    assert here.standing["u1"].confirmed_by == (A, B)
    refusal("unit-unknown", here.status, "u9")
    refusal("stale-base", ladder.lock, here, {"u1": b""}, [A])


def test_a_lock_covers_every_authentic_language():
    here = state(unit("u1", en="a"), authentic=("en", "ru"))
    base = bases(here, "u1")
    refusal("language-missing", ladder.lock, ladder.agree(here, base), base, [A, B])


@pytest.mark.parametrize("text", ["[a]", "a {b}", "a ____ b"])
def test_nothing_open_can_be_agreed(text):
    here = state(unit("u1", en=text))
    refusal("brackets-remain", ladder.agree, here, bases(here, "u1"))


def test_a_unit_inside_a_crossing_slot_is_open_too():
    here = state(unit("u1", en="a"), unit("u2", en="b"), unit("u3", en="c"))
    here = order.place_options(here, "o", [["u1", "u2", "u3"]], bases(here, "u1", "u2", "u3"))
    refusal("brackets-remain", ladder.agree, here, bases(here, "u2"))


def test_a_locked_unit_accepts_only_a_reopening_by_everyone_who_locked_it():
    here = locked()
    base = here.instrument.unit("u1").digest
    outline = here.instrument.outline
    runs = {"en": parse("x", "n")}
    refusal("unit-locked", acts.propose, here, proposal(here, "u1", "x"))
    refusal("unit-locked", acts.replace_text, here, "u1", base, runs)
    refusal("unit-locked", acts.place_brackets, here, "u1", base, {"en": parse("[a]", "n")})
    refusal("unit-locked", order.relabel_unit, here, "u1", base, "x")
    refusal("unit-locked", order.remove_unit, here, "u1", base)
    refusal("unit-locked", order.move_unit, here, "u1", after="u2", parent="", outline=outline)
    refusal("unit-status", ladder.agree, here, {"u1": base})
    refusal("not-all-reopen", ladder.reopen, here, {"u1": base}, [A])
    opened = ladder.reopen(here, {"u1": base}, [A, B])
    assert (opened.status("u1"), opened.status("u2")) == ("open", "locked")
    refusal("unit-status", ladder.reopen, opened, {"u1": base}, [A, B])


def test_a_change_makes_an_agreed_unit_open_again():
    here = state(unit("u1", en="a"))
    here = ladder.agree(here, bases(here, "u1"))
    assert (
        acts.replace_text(here, "u1", here.instrument.unit("u1").digest, {"en": parse("b", "n")}).standing
        == {}
    )


def test_concordance_by_hash():
    here = state(unit("u1", en="a", ru="а"), unit("u2", "layout", en="---"), authentic=("en", "ru"))
    one = here.instrument.unit("u1")
    assert concordance_of(here, one).uncertified == ("en", "ru")
    refusal("concordance-single", certify, here, "u1", {"en": words_digest(one, "en")})
    refusal("concordance-differs", certify, here, "u1", {"en": words_digest(one, "en"), "ru": b""})
    refusal("language-missing", certify, here, "u1", {"en": words_digest(one, "en"), "fr": b""})
    sure = certify(here, "u1", {language: words_digest(one, language) for language in ("en", "ru")})
    assert concordance_of(sure, one).complete
    assert discordant(sure) == ()
    changed = acts.set_language_text(sure, "u1", one.digest, "ru", parse("б", "n"))
    now = changed.instrument.unit("u1")
    assert concordance_of(changed, now).stale == ("ru",)
    back = acts.set_language_text(changed, "u1", now.digest, "ru", parse("а", "n"))
    assert concordance_of(back, back.instrument.unit("u1")).complete
    assert concordance_of(state(unit("u1", ru="а")), unit("u1", ru="а")).missing == ("en",)


def test_the_whole_text():
    here = locked()
    base = here.instrument.digest
    refusal("stale-base", ladder.advance, here, "adopted", b"")
    refusal("text-phase", ladder.advance, here, "signed", base)
    refusal("text-phase", ladder.advance, here, "", base)
    here = ladder.advance(here, "adopted", base)
    assert here.status("u1") == "adopted"
    refusal("text-phase", ladder.advance, here, "adopted", base)
    refusal("text-closed", acts.replace_text, here, "u1", here.instrument.unit("u1").digest, {})
    refusal("text-closed", ladder.agree, here, bases(here, "u1"))
    refusal("text-closed", ladder.reopen, here, bases(here, "u1"), [A, B])
    refusal(
        "text-closed", order.add_unit, here, unit("u9", en="x"), after="", outline=here.instrument.outline
    )
    refusal("concordance-incomplete", ladder.advance, here, "initialled", base)
    assert [(one.unit, one.why) for one in ladder.obstacles(here)] == [
        ("u1", "concordance"),
        ("u2", "concordance"),
    ]
    here = certified(here)
    assert ladder.obstacles(here) == ()
    here = ladder.advance(here, "initialled", base)
    refusal("text-phase", ladder.reopen_text, here, base, [A, B])
    here = ladder.advance(here, "signed", base)
    assert here.status("u2") == "signed"


def test_an_adopted_text_is_reopened_by_all_who_locked_it():
    here = locked()
    base = here.instrument.digest
    refusal("text-phase", ladder.reopen_text, here, base, [A, B])
    here = ladder.advance(here, "adopted", base)
    refusal("stale-base", ladder.reopen_text, here, b"", [A, B])
    refusal("not-all-reopen", ladder.reopen_text, here, base, [A])
    assert ladder.reopen_text(here, base, [A, B]).status("u1") == "locked"


def test_corrections():
    here = locked()
    base = here.instrument.unit("u1").digest
    refusal("text-phase", ladder.correct, here, "u1", base, {"en": parse("x", "n")})
    here = ladder.advance(here, "adopted", here.instrument.digest)
    done = ladder.correct(here, "u1", base, {"en": parse("x", "n")})
    assert (done.phase, done.instrument.unit("u1").texts["en"]) == ("adopted", parse("x", "n"))
    refusal("brackets-remain", ladder.correct, here, "u1", base, {"en": parse("[x]", "n")})
    refusal("stale-base", ladder.correct, here, "u1", b"", {})


def test_adoption_needs_every_unit_locked_but_not_layout():
    here = state(*(unit(f"u{number}", en="a") for number in range(8)), unit("r", "layout", en="---"))
    error = refusal("units-not-locked", ladder.advance, here, "adopted", here.instrument.digest)
    assert error.facts["where"] == "u0, u1, u2, u3, u4 and 3 more"


def test_obstacles_in_the_order_of_the_text():
    here = state(unit("u1", en="[a][b] ____ {c}"), unit("u2", en="d"))
    here = ladder.lock(ladder.agree(here, bases(here, "u2")), bases(here, "u2"), [A])
    assert [(one.unit, one.why, one.count) for one in ladder.obstacles(here)] == [
        ("u1", "slots", 1),
        ("u1", "placeholders", 2),
        ("u1", "not-locked", 1),
    ]
    assert acts.settle_slots(here, [Choice(slot="u1.1")], bases(here, "u1"))
