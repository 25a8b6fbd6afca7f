"""Which refusal comes first does not depend on the order of the languages in a map (spec/text.md section 10)."""

from __future__ import annotations

import pytest

from good_offices.errors import LocalError
from good_offices.text import acts
from good_offices.text.brackets import check_unit, with_units
from good_offices.text.model import Close, Instrument, Open, Unit, Words
from good_offices.text.settling import Choice, settle


def slot(text: str, role: str = "", of: int = 1) -> tuple:
    return (
        Open(slot="s", variant=0, of=of, role=role),  # type: ignore[arg-type]
        Words(text=text),
        Close(slot="s", variant=0),
    )


def both(en: tuple, ru: tuple) -> list[Unit]:
    texts = {"en": en, "ru": ru}
    return [
        Unit(id="u", kind="article", texts={one: texts[one] for one in order})
        for order in (("en", "ru"), ("ru", "en"))
    ]


def text(*units: Unit) -> Instrument:
    return Instrument(id="t", titles={}, authentic=("en", "ru"), units=units)


def test_of_two_wrong_languages_the_first_by_name_is_said() -> None:
    units = both((Words(text="a"), Words(text="b")), (Words(text="a\u200bb"),))
    codes = []
    for unit in units:
        with pytest.raises(LocalError) as refused:
            check_unit(unit)
        codes.append(refused.value.code)
    assert codes == ["runs-not-plain"] * 2


def test_a_variant_that_is_no_text_in_one_language_is_not_kept() -> None:
    for unit in [*both(slot("other", "other"), slot("words")), *both(slot("words"), slot("иное", "other"))]:
        with pytest.raises(LocalError) as refused:
            settle(text(unit), [Choice(slot="s", keep=(0,))])
        assert refused.value.code == "variant-not-text"


def test_a_slot_that_crosses_in_one_language_is_inside_a_unit_in_none() -> None:
    """Without a new slot and with the same crossing ends, another language could hold the slot whole."""
    begin = (Open(slot="s", variant=0, of=1), Words(text="One."))
    first = Unit(id="u", kind="article", texts={"en": begin, "ru": (Words(text="Одно."),)})
    last = Unit(id="v", kind="article", texts={"en": (Words(text="Two."), Close(slot="s", variant=0))})
    state = acts.table(text(first, last))
    changed = Unit(id="u", kind="article", texts={"en": begin, "ru": slot("Одно.")})
    with pytest.raises(LocalError) as refused:
        with_units(state.instrument, {"u": changed})
    assert refused.value.code == "brackets-cross"


def test_a_new_slot_that_stands_elsewhere_is_refused() -> None:
    first = Unit(id="u", kind="article", texts={"en": slot("One.")})
    last = Unit(id="v", kind="article", texts={"en": (Words(text="Two."),)})
    with pytest.raises(LocalError) as refused:
        with_units(text(first, last), {"v": Unit(id="v", kind="article", texts={"en": slot("Two.")})})
    assert refused.value.code == "brackets-cross"


def test_what_is_handed_on_is_what_is_computed_anew() -> None:
    plain = Unit(id="v", kind="article", texts={"en": (Words(text="Two."),)})
    state = acts.table(text(Unit(id="u", kind="article", texts={"en": slot("One.")}), plain))
    assert state.digest
    state = acts.settle_slots(state, [Choice(slot="s", keep=(0,))], {"u": state.instrument.unit("u").digest})
    with pytest.raises(LocalError) as refused:
        settle(state.instrument, [Choice(slot="s", keep=(0,))])
    assert refused.value.code == "slot-unknown"
    state = acts.replace_text(state, "v", plain.digest, {"en": slot("Two.")})
    state = acts.settle_slots(state, [Choice(slot="s")], {"v": state.instrument.unit("v").digest})
    anew = text(*state.instrument.units)
    assert (anew.digest, anew.outline, anew.places) == (
        state.instrument.digest,
        state.instrument.outline,
        state.instrument.places,
    )
