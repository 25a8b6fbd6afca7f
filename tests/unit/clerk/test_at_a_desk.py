"""The clerk at two desks: views are plain values, events made here are what the rules accept."""

import json

import pytest
from tests.support.house import House

from good_offices.clerk import (
    closing,
    drafting,
    names,
    outcome_view,
    pending,
    people_view,
    record_view,
    speaking,
    talks_view,
    terms,
    text_view,
)
from good_offices.clerk.acting import acted
from good_offices.errors import LocalError
from good_offices.talks.events_outcome import ClosingRecordSigned
from good_offices.talks.events_plenary import ItemProposed
from good_offices.text.importing import read_draft

DRAFT = b"1. The Parties [shall][should] share.\n\n2. The term is a year.\n"


@pytest.fixture
def desks(tmp_path):
    with House(tmp_path) as house:
        yield house.desks


def valid(desk, event, room="plenary"):
    done = acted(desk, room, event)
    assert done.verdict is not None
    assert done.verdict.status == "valid", done.verdict
    return done.verdict.index


def code(function, *arguments, **options):
    with pytest.raises(LocalError) as caught:
        function(*arguments, **options)
    return caught.value.code


def printable(value):
    return json.dumps(value, default=bytes.hex)


def test_from_a_proposal_to_its_acceptance(desks):
    upper, lower = desks
    valid(upper, drafting.tabled({"en": read_draft(DRAFT, ".txt")}, "waters", {"en": "Waters"}))
    lower.sync()
    text = names.text_named(lower.talks.plenary, None)
    first, second = (one.id for one in text.instrument.units)
    wanted = {second: {"en": "The term is two years."}}
    proposed = valid(lower, drafting.amendment(lower, text, wanted, name="term", condition="if so"))
    upper.sync()
    (waits,) = pending.pending(upper)["joint"]
    assert (waits["index"], waits["ours"]) == (proposed, False)
    shown = pending.shown(upper, names.act_at(upper.common, str(proposed)))
    assert [(one["label"], one["then"]) for one in shown["changes"]] == [("2.", "The term is two years.")]
    state = text_view.state_of(upper, names.text_named(upper.talks.plenary, None), {first, second}, ())
    assert [(one["proposal"], one["called"]) for one in state["proposals"]] == [("term", ["2."])]
    assert [one["called"] for one in state["units"]] == ["1.", "2."]
    assert printable(state)
    assert (shown["fixed"], shown["whole"]) == ([], None)
    valid(upper, drafting.acceptance(upper, "term"))
    assert code(drafting.acceptance, upper, "term") == "proposal-not-pending"
    text = names.text_named(upper.talks.plenary, None)
    (slot,) = text.instrument.unit(first).slots
    valid(upper, drafting.settlement(text, [drafting.choice(f"{slot}=1")]))
    valid(upper, pending.withdrawal(upper, str(pending.pending(upper)["joint"][0]["index"])))
    assert pending.pending(upper)["joint"] == []
    told = record_view.entries(upper, "plenary")
    assert [one["event"] for one in told][-2:] == ["BracketsRemoved", "AcceptanceWithdrawn"]
    assert {one["kind"] for one in record_view.entries(upper, everything=True)} > {"genesis", "envelope"}
    assert printable(told)
    come = record_view.arrived(lower, names.line(lower.common, proposed))
    assert (come["author"], come["words"]) == ("Head 1", "proposal term on 2.")
    assert next(one["words"] for one in told if one["index"] == proposed) == come["words"]


def test_talking(desks):
    upper, lower = desks
    item = ItemProposed(title="The dam")
    valid(upper, item)
    lower.sync()
    valid(lower, speaking.item_accepted(lower, "The dam"))
    (listed,) = talks_view.agenda_state(lower)["items"]
    assert (listed["title"], listed["agreed"], listed["by"]) == ("The dam", True, "Upper Basin")
    first = valid(lower, speaking.statement(lower, "plenary", "Good morning.", "en", item="The dam"))
    made = speaking.statement(lower, "plenary", "Again.", "en", to=[str(first)])
    assert made.to == (names.hash_of(names.act_at(lower.common, str(first)).act),)
    asked = valid(lower, speaking.instructions_asked(lower, "What now?", "en", about=[str(first)]), "caucus")
    valid(lower, speaking.instructions_given(lower, "Go on.", "en", to=[str(asked)]), "caucus")
    valid(lower, speaking.annex(b"map", title="Map", media="image/png"))
    told = speaking.public_statement(
        "We agree.", "en", speaker="S", date="today", medium="radio", reported_by="R"
    )
    assert len(told.quotation) == 32
    assert code(speaking.item_withdrawn, lower, "Another") == "item-unknown"
    assert talks_view.course_state(lower)["standing"] == "running"


def test_modalities(desks):
    upper, lower = desks
    assert code(terms.accepted, upper) == "modalities-unknown"
    valid(
        upper,
        terms.proposed(
            upper, {"authentic": ("en", "ru"), "called": [("Lower Basin", "Upper Basin", "Highland")]}
        ),
    )
    lower.sync()
    valid(lower, terms.accepted(lower))
    state = talks_view.modalities_state(lower)
    assert state["modalities"]["authentic"] == ["en", "ru"]
    assert state["proposed"] == []
    own = names.delegation(lower, "Lower Basin")
    assert "Highland" in state["modalities"]["names"][own].values()
    amended = terms.proposed(lower, {"retention": "a year"})
    assert tuple(amended.modalities.authentic) == ("en", "ru")
    assert amended.base == state["content"]
    assert printable(state)


def test_people_and_outcome(desks):
    upper, lower = desks
    state = people_view.desk_state(upper)
    assert {one["name"] for one in state["delegations"]} == {"Upper Basin", "Lower Basin"}
    compared = people_view.comparison(upper)
    assert [one["ours"] for one in compared["roots"]].count(True) == 1
    assert compared["number"] == people_view.comparison(lower)["number"]
    assert code(people_view.invited_one, upper) == "invited-unclear"
    assert printable([state, compared])
    valid(upper, closing.full_powers(upper, None, b"paper", "For the talks"))
    lower.sync()
    assert closing.produced_at(lower) == closing.produced_at(
        lower, str(outcome_view.outcome_state(lower)["powers"][0]["index"])
    )
    assert code(closing.produced_at, upper) == "full-powers-none"
    (powers,) = outcome_view.outcome_state(lower)["powers"]
    assert outcome_view.powers_lines(powers)[0] == f"full powers at {outcome_view.powers_line(powers)}"
    assert "“For the talks”" in outcome_view.powers_line(powers)
    record = closing.closing_record(upper)
    assert closing.texts_of(upper, record) == []
    valid(upper, ClosingRecordSigned(record=record))
    lower.sync()
    assert outcome_view.outcome_state(lower)["closing_waits"] is True
    assert closing.closing_record(lower) == record
