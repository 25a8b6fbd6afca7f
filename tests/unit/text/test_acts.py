"""Acts on words: nothing changes but by an act on the base it names."""

from __future__ import annotations

import pytest
from tests.unit.text.helpers import A, B, bases, state, unit

from good_offices.errors import LocalError
from good_offices.text import acts, ladder, order
from good_offices.text.model import Close, Open, Unit, Words
from good_offices.text.notation import parse, print_runs
from good_offices.text.settling import Choice, first_open_slot, settle, settle_first, touched
from good_offices.text.state import Proposal, Stance


def refusal(code, call, *given, **named):
    with pytest.raises(LocalError) as refused:
        call(*given, **named)
    assert refused.value.code == code
    assert str(refused.value)
    assert refused.value.remedy
    return refused.value


def words(of, name, language="en"):
    return print_runs(of.instrument.unit(name).texts[language])


def proposal(of, name, text, number="p1", **more):
    given = {
        "party": A,
        "unit": name,
        "base": of.instrument.unit(name).digest,
        "texts": {"en": parse(text, name)},
    }
    return Proposal(id=number, **(given | more))


def test_a_proposal_changes_nothing_until_it_is_accepted():
    old = state(unit("u1", en="Each Party [shall][should] cooperate"))
    new = acts.propose(old, proposal(old, "u1", "Each Party shall cooperate"))
    assert new.instrument is old.instrument
    assert new.digest != old.digest
    done = acts.accept(new, ["p1"])
    assert words(done, "u1") == "Each Party shall cooperate"
    assert done.proposals["p1"].status == "accepted"
    refusal("proposal-not-pending", acts.accept, done, ["p1"])


def test_competing_proposals_stand_beside_each_other_and_the_other_is_superseded():
    here = state(unit("u1", en="shall"))
    here = acts.propose(here, proposal(here, "u1", "should"))
    here = acts.propose(here, proposal(here, "u1", "may", "p2", party=B))
    refusal("proposals-compete", acts.accept, here, ["p1", "p2"])
    done = acts.accept(here, ["p2"])
    assert (words(done, "u1"), done.proposals["p1"].status) == ("may", "superseded")


def test_proposals_that_are_refused():
    here = state(unit("u1", en="shall"), unit("u2", en="x"))
    first = proposal(here, "u1", "should")
    stale = refusal("stale-base", acts.propose, here, proposal(here, "u1", "should", base=b"\0" * 32))
    assert stale.facts["current"] == here.instrument.unit("u1").digest.hex()[:12]
    refusal("proposal-empty", acts.propose, here, proposal(here, "u1", "shall"))
    refusal("proposal-not-pending", acts.propose, here, proposal(here, "u1", "should", fate="accepted"))
    refusal("text-id", acts.propose, here, proposal(here, "u1", "should", "p 1"))
    refusal("text-not-plain", acts.propose, here, proposal(here, "u1", "p\u0430rty"))
    refusal("unit-unknown", acts.propose, here, proposal(here, "u1", "should", unit="u9"))
    here = acts.propose(here, first)
    refusal("proposal-twice", acts.propose, here, first)
    refusal("proposal-unknown", acts.accept, here, ["p9"])
    refusal("proposal-not-yours", acts.withdraw, here, "p1", B)
    gone = acts.withdraw(here, "p1", A)
    assert gone.proposals["p1"].status == "withdrawn"
    refusal("proposal-not-pending", acts.withdraw, gone, "p1", A)


def test_a_package_stands_or_falls_together():
    here = state(unit("u1", en="a"), unit("u2", en="b"), unit("u3", en="c"))
    for number, name in enumerate(("u1", "u2"), 1):
        here = acts.propose(here, proposal(here, name, "new", f"p{number}", package="k"))
    here = acts.propose(here, proposal(here, "u3", "new", "p3", package="k"))
    here = acts.withdraw(here, "p3", A)
    refusal("package-incomplete", acts.accept, here, ["p1"])
    done = acts.accept(here, ["p1", "p2"])
    assert [words(done, name) for name in ("u1", "u2", "u3")] == ["new", "new", "c"]


def test_a_stale_proposal_is_refused_and_never_rebased():
    here = state(unit("u1", en="shall"))
    here = acts.propose(here, proposal(here, "u1", "should"))
    base = here.instrument.unit("u1").digest
    here = acts.place_brackets(here, "u1", base, {"en": parse("[shall]", "n")})
    assert here.proposals["p1"].status == "pending"
    assert refusal("stale-base", acts.accept, here, ["p1"]).facts["base"] == base.hex()[:12]


@pytest.mark.parametrize(
    ("text", "choices", "then"),
    [
        ("a [b][c] d", [("1", (0,))], "a b d"),
        ("a [b][c] d", [("1", (1,))], "a c d"),
        ("a [b][c] d", [("1", ())], "a d"),
        ("[a ]b", [("1", ())], "b"),
        ("[a] b", [("1", ())], "b"),
        ("a [b]", [("1", ())], "a"),
        ("a [b] [c]", [("1", ()), ("2", ())], "a"),
        ("a [b] [c] d", [("1", ()), ("2", ())], "a d"),
        ("a [b [c][d]] e", [("1", (0,))], "a b [c][d] e"),
        ("a [b [c][d]] e", [("1", (0,)), ("2", (1,))], "a b d e"),
        ("a [b [c][d]] e", [("1", ()), ("2", (1,))], "a e"),
        ("a [b [c][d]] e", [("2", (1,))], "a [b d] e"),
        ("a [no text] b", [("1", (0,))], "a b"),
        ("low-[carbon][emission]", [("1", (0,))], "low-carbon"),
        ("a{x} [b]", [("1", ())], "a{x}"),
        ("a [b]{x} c", [("1", ())], "a {x} c"),
        ("[a] [b]", [("1", ())], "[b]"),
        ("a, [b], c", [("1", ())], "a, , c"),
    ],
)
def test_settling(text, choices, then):
    here = state(unit("u1", en=text))
    chosen = [Choice(slot=f"u1.{slot}", keep=keep) for slot, keep in choices]
    done = acts.settle_slots(here, chosen, bases(here, "u1"))
    assert words(done, "u1") == then


def test_settling_names_every_base_it_touches_and_the_result():
    here = state(unit("u1", en="a"), unit("u2", en="b [x]"), unit("u3", en="c"))
    here = order.place_options(here, "o", [["u1"], ["u2", "u3"]], bases(here, "u1", "u2", "u3"))
    assert touched(here.instrument, ["o"]) == ("u1", "u2", "u3")
    one = [Choice(slot="o", keep=(1,))]
    refusal("base-missing", acts.settle_slots, here, one, bases(here, "u1", "u2"))
    refusal("stale-base", acts.settle_slots, here, one, bases(here, "u1", "u2") | {"u3": b""})
    every = bases(here, "u1", "u2", "u3")
    refusal("result-differs", acts.settle_slots, here, one, every, result=bases(here, "u2"))
    expected = settle(here.instrument, one)
    after = {name: expected.unit(name).digest for name in ("u2", "u3")}
    # Neither may one that goes be named, nor one that stands be left out.
    for wrong in ({**after, "u1": every["u1"]}, {"u2": after["u2"]}, {**after, "u2": bytes(32)}, {}):
        refusal("result-differs", acts.settle_slots, here, one, every, result=wrong)
    done = acts.settle_slots(here, one, every, result=after)
    assert done.instrument == expected
    assert [(one.id, words(done, one.id)) for one in done.instrument.units] == [("u2", "b [x]"), ("u3", "c")]


def test_settling_refuses_what_is_no_choice():
    here = state(unit("u1", en="[other][a][move to article 9]"))
    every = bases(here, "u1")
    refusal("slot-unknown", acts.settle_slots, here, [Choice(slot="z")], every)
    refusal("variant-unknown", acts.settle_slots, here, [Choice(slot="u1.1", keep=(3,))], every)
    refusal("variants-unsorted", acts.settle_slots, here, [Choice(slot="u1.1", keep=(1, 1))], every)
    refusal("variants-unsorted", acts.settle_slots, here, [Choice(slot="u1.1", keep=(1, 0))], every)
    refusal("variant-not-text", acts.settle_slots, here, [Choice(slot="u1.1", keep=(0,))], every)
    refusal("variant-not-text", acts.settle_slots, here, [Choice(slot="u1.1", keep=(2,))], every)
    assert settle_first(here.instrument, "u1") == (Choice(slot="u1.1", keep=(1,)),)


def test_messages_count_variants_from_one():
    here = state(unit("u1", en="[shall][should]"))
    every = bases(here, "u1")
    with pytest.raises(LocalError, match="no variant 3") as refused:
        acts.settle_slots(here, [Choice(slot="u1.1", keep=(2,))], every)
    assert refused.value.remedy == "choose one of its 2 variants"
    with pytest.raises(LocalError, match="no variant 3") as refused:
        acts.take_stance(here, Stance(party=A, unit="u1", slot="u1.1", variant=2, says="retain"))
    assert refused.value.remedy == "choose one of its 2 variants"


def test_several_variants_are_kept_only_as_whole_units():
    both = [Choice(slot="u1.1", keep=(0, 1))]
    for inline in (
        "[shall][should]",
        "Each [shall][should] go",
        "[ shall ][ should ]",
        "[no text][should]",
        "[][a]",
    ):
        here = state(unit("u1", en=inline))
        refusal("variants-joined", acts.settle_slots, here, both, bases(here, "u1"))
    here = state(unit("u1", en="a"), unit("u2", en="b"), unit("u3", en="c [x][y]"))
    here = order.place_options(here, "o", [["u1"], ["u2"], ["u3"]], bases(here, "u1", "u2", "u3"))
    done = acts.settle_slots(here, [Choice(slot="o", keep=(0, 2))], bases(here, "u1", "u2", "u3"))
    assert [words(done, one.id) for one in done.instrument.units] == ["a", "c [x][y]"]
    # The second variant ends before its unit does: what stands behind it was written for another reading.
    first = (Open(slot="o", variant=0, of=2), Words(text="a"), Close(slot="o", variant=0))
    second = (Open(slot="o", variant=1, of=2), Words(text="b"), Close(slot="o", variant=1), Words(text=" c"))
    here = state(
        Unit(id="u1", kind="paragraph", texts={"en": first}),
        Unit(id="u2", kind="paragraph", texts={"en": second}),
    )
    refusal(
        "variants-joined", acts.settle_slots, here, [Choice(slot="o", keep=(0, 1))], bases(here, "u1", "u2")
    )


def test_a_slot_is_settled_in_every_language_at_once():
    here = state(unit("u1", en="[shall][should]", ru="[обязуется][следует]"), authentic=("en", "ru"))
    done = acts.settle_slots(here, [Choice(slot="u1.1", keep=(1,))], bases(here, "u1"))
    assert (words(done, "u1"), words(done, "u1", "ru")) == ("should", "следует")


def test_a_unit_of_which_nothing_is_left_goes_but_not_from_under_its_parts():
    here = state(
        unit("u1", en="*[a]*"), unit("u2", en="[b]"), unit("u3", parent="u2", en="c"), unit("u4", en="")
    )
    choices = [Choice(slot="u1.1"), Choice(slot="u2.1")]
    done = acts.settle_slots(here, choices, bases(here, "u1", "u2"))
    assert list(done.instrument.places) == ["u2", "u3", "u4"]


def test_joined_words_are_checked_too():
    here = state(unit("u1", en="p[\u0430][a]rty"))
    refusal("text-not-plain", acts.settle_slots, here, [Choice(slot="u1.1", keep=(0,))], bases(here, "u1"))


def test_slots_across_units_cut_the_text_between():
    opened = (Words(text="a "), Open(slot="z", variant=0, of=1), Words(text="b"))
    closed = (Words(text="d"), Close(slot="z", variant=0), Words(text=" e"))
    here = state(
        *(
            one if one.id == "u2" else _with(one, runs)
            for one, runs in (
                (unit("u1", en=""), opened),
                (unit("u2", en="c", ru="в"), ()),
                (unit("u3", en=""), closed),
            )
        )
    )
    assert first_open_slot(here.instrument).units == ("u1", "u2", "u3")
    refusal("brackets-cross", order.remove_unit, here, "u1", here.instrument.unit("u1").digest)
    kept = settle(here.instrument, [Choice(slot="z", keep=(0,))])
    assert [print_runs(one.texts["en"]) for one in kept.units] == ["a b", "c", "d e"]
    gone = settle(here.instrument, [Choice(slot="z")])
    assert [(one.id, {key: print_runs(runs) for key, runs in one.texts.items()}) for one in gone.units] == [
        ("u1", {"en": "a"}),
        ("u2", {"en": "", "ru": "в"}),
        ("u3", {"en": "e"}),
    ]
    assert settle_first(here.instrument, "u1") == (Choice(slot="z", keep=(0,)),)
    assert first_open_slot(gone) is None


def _with(one, runs):
    return type(one)(id=one.id, kind=one.kind, label=one.label, texts={"en": runs})


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("shall act", "[shall] act", True),
        ("shall act", "[shall][should] act", True),
        ("shall act", "[shall act]", True),
        ("[a][b] c", "[a][b][d] c", True),
        ("[a] b", "[a] [b]", False),  # the slot of b is taken for the one of a: ids name slots
        ("shall act", "[should][shall] act", False),
        ("shall act", "shall act", False),
        ("shall act", "[shall]", False),
        ("[a][b] c", "[a] c", False),
    ],
)
def test_one_side_places_brackets_but_changes_no_word(old, new, allowed):
    here = state(unit("u1", en=old))
    runs = parse(new, "u1." if old.startswith("[") else "n")
    base = here.instrument.unit("u1").digest
    if old == "[a] b":
        runs = (*here.instrument.unit("u1").texts["en"][:3], Words(text=" c"))
    if allowed:
        done = acts.place_brackets(here, "u1", base, {"en": runs})
        assert words(done, "u1") == new
    else:
        refusal("brackets-change-words", acts.place_brackets, here, "u1", base, {"en": runs})


def test_no_bracket_can_say_of_words_that_they_are_none():
    here = state(unit("u1", en="shall"))
    trick = (Open(slot="n", variant=0, of=1, role="none"), Words(text="shall"), Close(slot="n", variant=0))
    base = here.instrument.unit("u1").digest
    refusal("runs-not-plain", acts.place_brackets, here, "u1", base, {"en": trick})


def test_brackets_need_an_open_unit_and_a_language_that_is_there():
    here = state(unit("u1", en="a"))
    base = here.instrument.unit("u1").digest
    refusal("brackets-change-words", acts.place_brackets, here, "u1", base, {"ru": parse("[a]", "n")})
    agreed = ladder.agree(here, {"u1": base})
    refusal("unit-not-open", acts.place_brackets, agreed, "u1", base, {"en": parse("[a]", "n")})


def test_stances_one_a_party_and_thing_and_gone_with_the_words():
    here = state(unit("u1", en="[a][b] c"), unit("u2", en="x"))
    here = acts.take_stance(here, Stance(party=A, unit="u1", says="supports"))
    here = acts.take_stance(here, Stance(party=A, unit="u1", says="reserves", condition="with article 5"))
    here = acts.take_stance(here, Stance(party=A, unit="u1", slot="u1.1", variant=1, says="delete"))
    here = acts.take_stance(here, Stance(party=B, unit="u2", says="opposes"))
    assert len(here.stances) == 3
    refusal("slot-unknown", acts.take_stance, here, Stance(party=A, unit="u2", slot="u1.1", says="retain"))
    refusal(
        "variant-unknown",
        acts.take_stance,
        here,
        Stance(party=A, unit="u1", slot="u1.1", variant=2, says="retain"),
    )
    done = acts.replace_text(here, "u1", here.instrument.unit("u1").digest, {"en": parse("c", "n")})
    assert [one.unit for one in done.stances.values()] == ["u2"]
    here2 = state(unit("u1", en="[a [b]] c [d]"))
    here2 = acts.take_stance(here2, Stance(party=A, unit="u1", slot="u1.3", says="delete"))
    here2 = acts.take_stance(here2, Stance(party=A, unit="u1", slot="u1.2", says="delete"))
    done = acts.settle_slots(here2, [Choice(slot="u1.1")], bases(here2, "u1"))
    assert [one.slot for one in done.stances.values()] == ["u1.3"]


def test_language_texts():
    here = state(unit("u1", en="a"), authentic=("en", "ru"))
    base = here.instrument.unit("u1").digest
    done = acts.set_language_text(here, "u1", base, "ru", parse("а", "n"))
    assert words(done, "u1", "ru") == "а"
    refusal("language-tag", acts.set_language_text, here, "u1", base, "Russian", ())
    refusal(
        "brackets-differ",
        acts.replace_text,
        here,
        "u1",
        base,
        {"en": parse("[a][b]", "n"), "ru": parse("[а]", "n")},
    )


def test_whole_units():
    here = state(unit("u1", en="a"), unit("u2", en="b", parent="u1"), unit("u3", en="c"))
    outline = here.instrument.outline
    more = order.add_unit(here, unit("u4", en="d"), after="", outline=outline)
    more = order.add_unit(more, unit("u5", en="e"), after="u2", outline=more.instrument.outline)
    assert list(more.instrument.places) == ["u4", "u1", "u2", "u5", "u3"]
    refusal("stale-base", order.add_unit, more, unit("u6", en="d"), after="", outline=outline)
    refusal("unit-twice", order.add_unit, here, unit("u1", en="d"), after="", outline=outline)
    refusal("unit-unknown", order.add_unit, here, unit("u7", en="d"), after="u9", outline=outline)
    refusal("unit-parent", order.move_unit, here, "u1", after="u3", parent="", outline=outline)
    refusal("unit-parent", order.move_unit, here, "u1", after="u1", parent="", outline=outline)
    moved = order.move_unit(here, "u2", after="u3", parent="u3", outline=outline)
    assert [(one.id, one.parent) for one in moved.instrument.units] == [("u1", ""), ("u3", ""), ("u2", "u3")]
    base = here.instrument.unit("u1").digest
    named = order.relabel_unit(here, "u1", base, "1 bis")
    assert named.instrument.unit("u1").label == "1 bis"
    refusal("unit-has-parts", order.remove_unit, here, "u1", base)
    here = acts.propose(here, proposal(here, "u2", "x"))
    here = acts.take_stance(here, Stance(party=A, unit="u2", says="delete"))
    fewer = order.remove_unit(here, "u2", here.instrument.unit("u2").digest)
    assert list(fewer.instrument.places) == ["u1", "u3"]
    assert (fewer.stances, fewer.proposals["p1"].status) == ({}, "superseded")


def test_options_over_whole_units():
    here = state(unit("u1", en="a", ru="а"), unit("u2", en="b"), unit("u3", en="c"))
    every = bases(here, "u1", "u2", "u3")
    done = order.place_options(here, "o", [["u1", "u2"], ["u3"]], every)
    assert [words(done, name) for name in ("u1", "u2", "u3")] == ["⟦a", "b⟧", "⟦c⟧"]
    assert words(done, "u3", "ru") == "⟦⟧"
    refusal("options-apart", order.place_options, here, "o", [["u1"], ["u3"]], every)
    refusal("options-apart", order.place_options, here, "o", [["u1"], []], every)
    refusal("options-apart", order.place_options, here, "o", [], every)
    agreed = ladder.agree(here, bases(here, "u2"))
    refusal("unit-not-open", order.place_options, agreed, "o", [["u1"], ["u2"]], every)
    chosen = acts.settle_slots(done, [Choice(slot="o", keep=(0,))], bases(done, "u1", "u2", "u3"))
    assert list(chosen.instrument.places) == ["u1", "u2"]


def test_undoing_a_settlement_puts_everything_back_as_it_was():
    before = state(unit("u1", en="[a][b]"), unit("u2", en="[c]"), unit("u3", en="d"))
    before = acts.propose(before, proposal(before, "u1", "z"))
    after = acts.settle_slots(
        before, [Choice(slot="u1.1", keep=(0,)), Choice(slot="u2.1")], bases(before, "u1", "u2")
    )
    assert list(after.instrument.places) == ["u1", "u3"]
    assert order.undo(after, before=before, after=after) == before
    later = acts.take_stance(after, Stance(party=B, unit="u3", says="supports"))
    undone = order.undo(later, before=before, after=after)
    assert undone.instrument == before.instrument
    assert undone.proposals["p1"].status == "pending"
    assert len(undone.stances) == 1
    built = acts.replace_text(after, "u1", after.instrument.unit("u1").digest, {"en": parse("q", "n")})
    refusal("stale-base", order.undo, built, before=before, after=after)
    grown = order.add_unit(after, unit("u9", en="x"), after="", outline=after.instrument.outline)
    refusal("stale-base", order.undo, grown, before=before, after=after)
    only = acts.settle_slots(before, [Choice(slot="u1.1", keep=(0,))], bases(before, "u1"))
    assert order.undo(only, before=before, after=only) == before
