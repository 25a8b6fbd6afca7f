"""Form and balance: what is no text is refused, whoever wrote it."""

from __future__ import annotations

import msgspec
import pytest
from tests.unit.text.helpers import A, bases, state, unit
from tests.unit.text.test_acts import proposal, refusal

from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError
from good_offices.text import acts
from good_offices.text.brackets import check_instrument, check_unit, open_points, pairs_of, slots_of
from good_offices.text.model import Close, Instrument, NoteRef, Open, Placeholder, Unit, Words
from good_offices.text.rendering import clean, notation, render
from good_offices.text.state import Stance, TextState


def opening(slot="s", variant=0, of=1):
    return Open(slot=slot, variant=variant, of=of)


def closing(slot="s", variant=0):
    return Close(slot=slot, variant=variant)


def instrument(*texts, **more):
    units = tuple(
        Unit(id=f"u{number}", kind="paragraph", texts=one if isinstance(one, dict) else {"en": one})
        for number, one in enumerate(texts, 1)
    )
    return Instrument(**({"id": "t", "titles": {}, "authentic": ("en",), "units": units} | more))


@pytest.mark.parametrize(
    "texts",
    [
        [(opening(),)],
        [(closing(),)],
        [(opening(), closing(), closing())],
        [(opening(of=2), closing())],
        [(opening(variant=1, of=2), closing(variant=1))],
        [(opening(of=0), closing())],
        [(opening(variant=-1), closing(variant=-1))],
        [(opening(), opening("r"), closing(), closing("r"))],
        [(opening(), closing(), opening(), closing())],
        [(opening(of=2), closing(), opening("r"), opening("s", 1, 2), closing("s", 1), closing("r"))],
        [(opening(), closing()), (opening(), closing())],
        [(opening("r"), opening(), closing("r")), (closing(),)],
        [(opening(),), (opening("r"),), (closing(),), (closing("r"),)],
        [(opening(),), (opening("s"),), (closing(),), (closing("s"),)],
        [(opening(),), (closing(), opening("r"), closing("r")), (opening("r"), closing("r"))],
        [{"en": (opening(),), "ru": (opening(), closing())}, {"en": (closing(),)}],
    ],
)
def test_what_is_not_balanced_is_no_text(texts):
    refusal("brackets-cross", check_instrument, instrument(*texts))


def test_the_same_slot_has_the_same_variants_in_every_language():
    en = (opening(of=2), closing(), opening(variant=1, of=2), closing(variant=1))
    refusal("brackets-differ", check_instrument, instrument({"en": en, "ru": (opening(), closing())}))
    texts = (
        {"en": (opening(of=2), closing()), "ru": (opening(),)},
        {
            "en": (opening(variant=1, of=2), closing(variant=1)),
            "ru": (closing(),),
        },
    )
    refusal("brackets-differ", check_instrument, instrument(*texts))


@pytest.mark.parametrize(
    "runs",
    [
        (Words(text=""),),
        (Open(slot="s", variant=0, of=1, role="none"), Words(text="shall"), Close(slot="s", variant=0)),
        (Open(slot="s", variant=0, of=1, role="none"), Words(text="other"), Close(slot="s", variant=0)),
        (Open(slot="s", variant=0, of=1, role="other"), Close(slot="s", variant=0)),
        (Words(text="a"), Words(text="b")),
        (Placeholder(text=""),),
        (Placeholder(text="a]"),),
        (Placeholder(text=":toc"),),
        (NoteRef(note="a b"),),
    ],
)
def test_runs_in_another_form_are_refused(runs):
    refusal("runs-not-plain", check_instrument, instrument(runs))


def test_words_bind_so_they_are_checked():
    for text in ("p\u0430rty", "a\u202eb", "zero\u200bwidth"):
        refusal("text-not-plain", check_instrument, instrument((Words(text=text),)))
        refusal("text-not-plain", check_instrument, instrument((), titles={"en": text}))
        refusal("text-not-plain", check_unit, msgspec.structs.replace(unit("u1", en="a"), label=text))
        refusal("text-not-plain", check_instrument, instrument((Placeholder(text=text),)))


def test_ids_languages_and_parents():
    refusal("text-id", check_instrument, instrument((), id=""))
    refusal("text-id", check_instrument, instrument((opening("a b"), closing("a b"))))
    refusal("language-tag", check_instrument, instrument((), authentic=("EN",)))
    refusal("language-tag", check_instrument, instrument({"xx-": ()}))
    twice = instrument(units=(unit("u1", en="a"), unit("u1", en="b")))
    refusal("unit-twice", check_instrument, twice)
    refusal("unit-parent", check_instrument, instrument(units=(unit("u1", parent="u1", en="a"),)))
    refusal("unit-parent", check_instrument, instrument(units=(unit("u1", parent="u9", en="a"),)))
    refusal("unit-unknown", instrument(()).unit, "u9")
    for tag in ("zh-Hant", "sr-Latn-RS", "es-419", "kk"):
        check_instrument(instrument({tag: ()}))


def test_records_come_back_from_their_bytes():
    here = state(unit("u1", en="[a][b] {c}[^1] d", ru="[а][б]"), unit("u2", en="x"), authentic=("en", "ru"))
    here = acts.propose(here, proposal(here, "u1", "new"))
    here = acts.take_stance(here, Stance(party=A, unit="u2", says="reserves", condition="if"))
    again = unpack(pack(here), TextState)
    assert again == here
    assert again.digest == here.digest
    assert again.instrument.digest == here.instrument.digest


def test_one_changed_unit_changes_its_hash_and_the_whole_but_not_the_outline():
    here = state(unit("u1", en="a"), unit("u2", en="b"))
    new = acts.replace_text(here, "u1", here.instrument.unit("u1").digest, {"en": (Words(text="c"),)})
    assert new.instrument.digest != here.instrument.digest
    assert new.instrument.outline == here.instrument.outline
    assert new.instrument.unit("u2") is here.instrument.unit("u2")
    assert new.digest == TextState(instrument=new.instrument).digest


def test_open_points_and_slots():
    here = state(
        unit("u1", en="[a [b]][c]", ru="[а [б]][в]"), unit("u2", en="d ____ {x}"), unit("u3", en="e")
    )
    assert {name: (one.slots, one.placeholders) for name, one in open_points(here.instrument).items()} == {
        "u1": (2, 0),
        "u2": (0, 2),
    }
    assert [(one.id, one.outer, one.kind) for one in slots_of(here.instrument).values()] == [
        ("u1.1", "", "choice"),
        ("u1.2", "u1.1", "retain"),
    ]
    assert pairs_of(here.instrument, "ru") == 3


def test_rendering():
    here = state(
        unit("a2", "article", "Article 2", en="*(purpose)*"),
        unit("u1", label="1.", parent="a2", en=r"One [x][y] \[z\][^1]", ru="Раз"),
        unit("u2", "subparagraph", "(a)", parent="u1", en="sub {later}"),
        unit("h", "heading", "-", en="Head"),
        unit("n", "note", "1", en="A note"),
    )
    assert render(here.instrument, "en", "md") == (
        "# A text\n\n## Article 2 *(purpose)*\n\n1. One [x][y] [z][^1]\n\n    (a) sub {later}\n\n## - Head\n\n"
        "[^1]: A note\n"
    )
    assert render(here.instrument, "ru", "txt").startswith("Article 2 (ru: -)\n\n1. Раз\n\n    (a) (ru: -)")
    assert notation(here.instrument.unit("u1"), "en") == r"One [x][y] \[z\][^1]"
    refusal("brackets-remain", clean, here.instrument.unit("u1"), "en")
    refusal("brackets-remain", clean, here.instrument.unit("u2"), "en")
    refusal("brackets-remain", render, here.instrument, "en", "md", final=True)
    refusal("language-missing", clean, here.instrument.unit("u2"), "ru")
    done = acts.replace_text(here, "u2", bases(here, "u2")["u2"], {"en": (Words(text="sub"),)})
    done = acts.replace_text(
        done, "u1", bases(done, "u1")["u1"], {"en": (Words(text="One [z]"), NoteRef(note="1"))}
    )
    assert "1. One [z][1]" in render(done.instrument, "en", "txt", final=True)
    assert clean(unit("u", en=""), "en") == ""


def test_every_error_of_the_text_has_a_sentence_and_a_remedy():
    with pytest.raises(LocalError) as refused:
        state(unit("u1", en="a")).instrument.unit("")
    assert refused.value.remedy.endswith("one of them")
