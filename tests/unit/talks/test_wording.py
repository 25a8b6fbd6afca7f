"""What acts about a text write into it, field by field: spec/talks.md R-50 to R-53."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.drafting import T, Table, words

from good_offices.talks.events_text import (
    Addition,
    Move,
    OptionsPlaced,
    StanceTaken,
    UnitAdded,
    UnitMoved,
)
from good_offices.text.model import Unit
from good_offices.text.state import Stance

VALID = ("valid", None)


def said(verdict: Any) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def table() -> Table:
    return Table()


def part(name: str) -> Unit:
    return Unit(id=name, kind="article", label=name, texts={"en": words("New.")})


def test_several_units_are_added_by_one_act_each_in_the_order_that_the_last_has_left(table: Table) -> None:
    outline = table.text.instrument.outline
    added = UnitAdded(
        instrument=T,
        outline=outline,
        additions=(Addition(unit=part("n1"), after="u1"), Addition(unit=part("n2"), after="n1")),
    )
    assert [said(one) for one in table.both(added)] == [VALID, VALID]
    assert [one.id for one in table.text.instrument.units] == ["u0", "u1", "n1", "n2", "u2", "u3"]


def test_a_unit_is_moved_under_another(table: Table) -> None:
    chapter = Unit(id="c", kind="chapter", label="I", texts={"en": words("Flow.")})
    outline = table.text.instrument.outline
    added = UnitAdded(instrument=T, outline=outline, additions=(Addition(unit=chapter, after=""),))
    assert [said(one) for one in table.both(added)] == [VALID, VALID]
    moved = UnitMoved(
        instrument=T, outline=table.text.instrument.outline, moves=(Move(unit="u0", after="c", parent="c"),)
    )
    assert [said(one) for one in table.both(moved)] == [VALID, VALID]
    assert table.unit("u0").parent == "c"
    assert table.unit("u1").parent == ""


def test_a_stance_is_its_authors_and_says_what_was_said(table: Table) -> None:
    groups = (("u1",), ("u2",))
    options = OptionsPlaced(instrument=T, slot="o", groups=groups, units=table.bound("u1", "u2"))
    assert said(table.post("A", options)) == VALID
    taken = StanceTaken(
        instrument=T,
        says="reserves",
        unit="u2",
        slot="o",
        variant=1,
        condition="until the capital has answered",
    )
    assert said(table.post("B", taken)) == VALID
    (stance,) = table.text.stances.values()
    assert stance == Stance(
        party=table.smith.id("B"),
        unit="u2",
        slot="o",
        variant=1,
        says="reserves",
        condition="until the capital has answered",
    )


def test_a_condition_stands_with_every_proposal_of_a_package(table: Table) -> None:
    package = table.amendment("p", "Same words.", "u1", "u2", condition="if article 3 is kept")
    assert said(table.post("A", package)) == VALID
    assert {one.condition for one in table.text.proposals.values()} == {"if article 3 is kept"}
    assert {one.package for one in table.text.proposals.values()} == {"p"}
