"""The events of drafting and of the ladder: what each names, and what is refused before there is an event."""

import pytest
from tests.unit.text.helpers import A, B, bases, state, unit

from good_offices.clerk import drafting, steps
from good_offices.errors import LocalError
from good_offices.text import ladder
from good_offices.text.importing import read_draft
from good_offices.text.model import words_digest
from good_offices.text.settling import Choice, settle


def refusal(code, function, *arguments):
    with pytest.raises(LocalError) as caught:
        function(*arguments)
    assert caught.value.code == code


@pytest.fixture
def here():
    return state(
        unit("u1", en="a", ru="а"),
        unit("u2", en="[b][c] d", ru="[б][в] г"),
        unit("u3", kind="layout"),
        authentic=("en", "ru"),
    )


def test_a_draft_in_several_languages_becomes_one_text():
    drafts = {"en": read_draft(b"1. One.\n", ".txt"), "ru": read_draft("1. Один.\n".encode(), ".txt")}
    made = drafting.tabled(drafts, "waters", {"en": "Waters"}).instrument
    assert (made.id, dict(made.titles), tuple(made.authentic)) == ("waters", {"en": "Waters"}, ("en", "ru"))
    assert drafting.tabled(drafts, "waters", {}, ["ru"]).instrument.authentic == ("ru",)


def test_choices():
    assert drafting.choice("s3=2") == Choice(slot="s3", keep=(1,))
    assert drafting.choice("o=3,1") == Choice(slot="o", keep=(0, 2))
    assert drafting.choice("s3=omit") == Choice(slot="s3", keep=())
    for word in ("s3", "=1", "s3=0", "s3=x", "s3=10001"):
        refusal("choice-unreadable", drafting.choice, word)


def test_a_settlement_names_what_it_touches_and_what_it_makes(here):
    (slot,) = here.instrument.unit("u2").slots
    made = drafting.settlement(here, [Choice(slot=slot, keep=(0,))], 5)
    assert [one.unit for one in made.units] == ["u2"]
    assert made.units[0].digest == here.instrument.unit("u2").digest
    assert [one.unit for one in made.result or ()] == ["u2"]
    assert (
        made.result[0].digest
        == settle(here.instrument, made.choices).unit("u2").digest
        != made.units[0].digest
    )
    assert made.until == 5
    refusal("slot-unknown", drafting.settlement, here, [Choice(slot="x", keep=(0,))])


def test_a_stance_counts_variants_from_one(here):
    made = drafting.stance(here, "u2", "prefers", slot="s", variant=2, condition="if")
    assert (made.unit, made.slot, made.variant, made.condition) == ("u2", "s", 1, "if")


def test_a_translation_names_what_differs(here):
    draft = read_draft(b"a\n\nb\n\nc\n", ".txt")
    other = state(unit("p1", en="a"), unit("p2", en="x"), unit("p3", en="c"))
    made = drafting.translation(other, "en", draft, 7)
    assert [(one.unit, one.language) for one in made.texts] == [("p2", "en")]
    refusal("drafts-not-parallel", drafting.translation, state(unit("u1", en="a")), "en", draft)
    assert len(drafting.translation(here, "fr", draft).texts) == 3


def test_the_order_of_provisions(here):
    outline = here.instrument.outline
    moved = drafting.move(here, "u2", after="u3")
    assert (moved.outline, moved.moves[0].after) == (outline, "u3")
    new = unit("u9", en="n")
    added = drafting.addition(here, new, "u1", 5)
    assert (added.outline, added.additions[0].unit, added.additions[0].after) == (outline, new, "u1")
    (label,) = drafting.labels(here, {"u1": "1 bis"}).labels
    assert (label.unit, label.label, label.base) == ("u1", "1 bis", here.instrument.unit("u1").digest)
    assert [one.unit for one in drafting.removal(here, ["u1", "u3"]).units] == ["u1", "u3"]
    refusal("unit-unknown", drafting.removal, here, ["u8"])


def test_options_get_a_name_of_chance(here):
    made = drafting.options(here, [["u1"], ["u2", "u3"]])
    assert made.groups == (("u1",), ("u2", "u3"))
    assert [one.unit for one in made.units] == ["u1", "u2", "u3"]
    assert made.slot.startswith("o-")
    assert drafting.options(here, [["u1"], ["u2"]], "either").slot == "either"


def test_only_what_is_ready_is_listed(here):
    assert [one.id for one in steps.to_agree(here)] == ["u1"]
    assert [one.id for one in steps.to_certify(here)] == ["u1", "u2"]
    refusal("none-ready", steps.to_lock, here)
    refusal("none-ready", steps.to_confirm, here, A)
    agreed = ladder.agree(here, bases(here, "u1"), level="experts", ad_referendum=True)
    refusal("none-ready", steps.to_agree, agreed)
    assert [one.id for one in steps.to_lock(agreed)] == ["u1"]
    assert [one.id for one in steps.to_confirm(agreed, A)] == ["u1"]
    confirmed = ladder.confirm(agreed, bases(here, "u1"), A)
    refusal("none-ready", steps.to_confirm, confirmed, A)
    assert [one.id for one in steps.to_confirm(confirmed, B)] == ["u1"]


def test_named_provisions(here):
    assert [one.id for one in steps.named(here, ["u2", "u1"])] == ["u2", "u1"]
    refusal("units-missing", steps.named, here, [])


def test_steps_name_hashes(here):
    one = here.instrument.unit("u1")
    for made in (
        steps.agreed(here, [one], "experts"),
        steps.confirmed(here, [one]),
        steps.locked(here, [one]),
        steps.reopened(here, [one]),
    ):
        assert [(each.unit, each.digest) for each in made.units] == [("u1", one.digest)]
    certified = steps.certified(here, [one], (), 9)
    assert certified.units[0].texts == {name: words_digest(one, name) for name in ("en", "ru")}
    assert set(steps.certified(here, [one], ["ru"]).units[0].texts) == {"ru"}
    for made in (steps.adopted(here, 3), steps.whole_reopened(here, 3)):
        assert (made.digest, made.until) == (here.instrument.digest, 3)
