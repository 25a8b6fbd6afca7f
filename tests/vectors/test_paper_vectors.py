"""The vectors of spec/paper.md, read from the files as another implementation would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from good_offices.chancery.paper import lines, marks
from good_offices.text.model import Instrument, Unit, Words
from good_offices.text.notation import parse

VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "paper"


def cases(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", cases("lines"), ids=lambda case: case["notation"][:24])
def test_lines(case):
    unit = Unit(id="u", kind="paragraph", texts={case["language"]: parse(case["notation"], "u.")})
    found = lines(unit, case["language"])
    assert [
        {
            "number": line.number,
            "pieces": [[piece.look, piece.text] for piece in line.pieces],
            "gap": line.gap,
            "last": line.last,
        }
        for line in found
    ] == case["lines"]


@pytest.mark.parametrize("case", cases("marks"))
def test_marks(case):
    units = tuple(
        Unit(id=name, kind=kind, label=label, parent=parent, texts={"en": (Words(text=name),)})
        for name, kind, label, parent in case["units"]
    )
    assert marks(Instrument(id="t", titles={}, authentic=("en",), units=units)) == case["marks"]
