"""The words that an act fixes: those of every provision it names, in every language it means, and no others."""

from types import SimpleNamespace

import msgspec
from tests.unit.text.helpers import state, unit

from good_offices.clerk import fixed as fixing
from good_offices.clerk import steps
from good_offices.talks.events_text import Label, Move, UnitMoved, UnitRelabelled, UnitRemoved


def desk(text):
    """A desk as far as these views look at it."""
    nobody = SimpleNamespace(delegations={}, expected=())
    return SimpleNamespace(
        talks=SimpleNamespace(plenary=SimpleNamespace(texts={text.instrument.id: text}), roster=nobody),
        identity=SimpleNamespace(place=SimpleNamespace(delegation="a" * 32), delegation_name="Upper"),
    )


def here():
    return state(
        unit("u1", label="1.", en="One.", ru="Один."),
        unit("u2", label="2.", en="Two.", ru="Два."),
        authentic=("ru", "en"),
    )


def words(text, event):
    return [(one["label"], one["same"], one["words"]) for one in fixing.fixed(desk(text), event)]


def test_what_is_certified_agreed_locked_or_reopened_is_read_in_every_language():
    text = here()
    units = [text.instrument.unit("u2")]
    for event in (
        steps.certified(text, units),
        steps.agreed(text, units, "experts", ad_referendum=False),
        steps.locked(text, units),
        steps.reopened(text, units),
        steps.confirmed(text, units),
        UnitRemoved(instrument="t", units=steps.reopened(text, units).units),
    ):
        assert words(text, event) == [("2.", True, {"ru": "Два.", "en": "Two."})], event.name
        assert list(fixing.fixed(desk(text), event)[0]["texts"]) == ["ru", "en"]
        assert fixing.whole_text(desk(text), event) is None


def test_words_that_have_changed_since_are_told_as_such():
    text, later = here(), state(unit("u1", label="1.", en="One."), unit("u2", label="2.", en="2", ru="Два."))
    certificate = steps.certified(text, list(text.instrument.units))
    assert [one[1] for one in words(later, certificate)] == [False, False]
    agreed = steps.agreed(text, list(text.instrument.units), "experts", ad_referendum=False)
    without = state(unit("u1", label="1.", en="One.", ru="Один."), authentic=("ru", "en"))
    assert words(without, agreed) == [("1.", True, {"ru": "Один.", "en": "One."}), ("", False, {})]


def test_what_an_act_does_beside_the_words_is_said():
    text = here()
    name, outline = text.instrument.id, text.instrument.outline
    base = text.instrument.unit("u1").digest
    label = UnitRelabelled(instrument=name, labels=(Label(unit="u1", base=base, label="7."),))
    move = UnitMoved(instrument=name, outline=outline, moves=(Move(unit="u1", after="u2"), Move(unit="u2")))
    assert [one["note"] for one in fixing.fixed(desk(text), label)] == ["New label: 7."]
    assert [one["note"] for one in fixing.fixed(desk(text), move)] == [
        "Then stands after: 2.",
        "Then stands first",
    ]
    assert all(one["same"] for one in fixing.fixed(desk(text), move))


def test_the_whole_text_is_named_by_its_hash():
    text = here()
    told = fixing.whole_text(desk(text), steps.adopted(text))
    assert (told["text"], told["provisions"], told["same"]) == (text.instrument.id, 2, True)
    assert told["digest"] == text.instrument.digest
    other = msgspec.structs.replace(steps.adopted(text), digest=bytes(32))
    assert fixing.whole_text(desk(text), other)["same"] is False
    assert fixing.fixed(desk(text), other) == []
    elsewhere = msgspec.structs.replace(other, instrument="another")
    assert fixing.whole_text(desk(text), elsewhere) is None
    assert words(text, elsewhere) == []
