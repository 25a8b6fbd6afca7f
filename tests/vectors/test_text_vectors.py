"""The vectors of spec/text.md, read from the files as another implementation would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError
from good_offices.text.acts import table
from good_offices.text.importing import export, import_draft
from good_offices.text.model import Instrument, Unit, words_digest
from good_offices.text.notation import parse, print_runs
from good_offices.text.settling import Choice, settle

VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "text"


def cases(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", cases("notation"), ids=lambda case: case["notation"])
def test_notation(case):
    if "refused" in case:
        with pytest.raises(LocalError) as refused:
            parse(case["notation"], "u1.")
        assert (refused.value.code, refused.value.facts["position"]) == (case["refused"], case["position"])
        return
    unit = unpack(bytes.fromhex(case["unit"]), Unit)
    assert parse(case["notation"], "u1.") == unit.texts["en"]
    assert print_runs(unit.texts["en"]) == case["notation"]
    assert unit.digest.hex() == case["digest"]
    assert pack(unit).hex() == case["unit"]


@pytest.mark.parametrize("case", cases("settling"), ids=lambda case: str(case["texts"]))
def test_settling(case):
    units = tuple(
        Unit(id=f"u{number}", kind="paragraph", label=f"{number}.", texts={"en": parse(text, f"u{number}.")})
        for number, text in enumerate(case["texts"], 1)
    )
    old = Instrument(id="t", titles={"en": "A text"}, authentic=("en",), units=units)
    assert (old.digest.hex(), old.outline.hex()) == (case["digest"], case["outline"])
    assert table(old).digest.hex() == case["state"]
    assert [words_digest(unit, "en").hex() for unit in units] == case["en"]
    choices = [Choice(slot=slot, keep=tuple(keep)) for slot, keep in case["choices"].items()]
    if "refused" in case:
        with pytest.raises(LocalError) as refused:
            settle(old, choices)
        assert refused.value.code == case["refused"]
        return
    new = settle(old, choices)
    assert {unit.id: print_runs(unit.texts["en"]) for unit in new.units} == case["settled"]
    assert new.digest.hex() == case["settled_digest"]


@pytest.mark.parametrize("case", cases("drafts"), ids=lambda case: case["draft"])
def test_drafts(case):
    draft = import_draft(case["draft"], "md")
    assert (len(draft.units), draft.pairs, draft.depth) == (case["units"], case["pairs"], case["depth"])
    found = [{"line": one.line, "column": one.column, "bracket": one.bracket} for one in draft.orphans]
    assert found == case["orphans"]
    assert draft.to_instrument("en").digest.hex() == case["digest"]
    assert export(draft) == case["draft"]
