"""Among three, whoever accepts before the last has accepted, and is told to wait for the others by name."""

from __future__ import annotations

import pytest
from tests.support.house import House

from good_offices.clerk import drafting, names, pending, record_view, register_view, rooms_view
from good_offices.clerk.authors import Authors
from good_offices.text.importing import read_draft

DRAFT = b"1. The Parties [shall][should] share.\n"


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    with House(tmp_path_factory.mktemp("three"), parties=3) as house:
        yield house.desks


def acted(desk, event):
    for _ in range(2):
        desk.sync()
    done = desk.act("plenary", event)
    assert done.verdict is not None
    assert done.verdict.status == "valid", done.verdict
    return done.verdict.index


def said(desk, *indices):
    """Return the lines of entries as the room, the record and the command line tell them."""
    desk.sync()
    lines = list(desk.common.lines(0))
    wanted = [lines[one] for one in indices]
    room = [one["what"] for one in rooms_view.told(desk, "plenary", wanted, Authors(desk), lines)]
    listed = {one["index"]: one["words"] for one in record_view.entries(desk, "plenary")}
    assert [listed[one] for one in indices] == room
    return room


def test_three_accept_one_after_the_other(desks):
    first, second, third = desks
    acted(first, drafting.tabled({"en": read_draft(DRAFT, ".txt")}, "waters", {"en": "Waters"}))
    text = names.text_named(first.talks.plenary, None)
    (slot,) = text.instrument.unit(text.instrument.units[0].id).slots
    proposed = acted(first, drafting.settlement(text, [drafting.choice(f"{slot}=1")]))
    assert said(second, proposed) == ["proposed: to settle the brackets in 1."]
    joined = acted(second, pending.acceptance(second, str(proposed), None))
    waiting = names.delegations(third)[third.identity.place.delegation]
    assert said(first, proposed, joined) == [
        "proposed: to settle the brackets in 1.",
        f"accepted: to settle the brackets in 1., waits for {waiting}",
    ]
    come = record_view.arrived(first, names.line(first.common, joined))
    assert come["words"] == f"accepted: to settle the brackets in 1., waits for {waiting}"
    whole = register_view.whole(first, "plenary", joined)
    assert whole["what"] == come["words"]
    third.sync()
    done = acted(third, pending.acceptance(third, str(proposed), None))
    assert said(second, proposed, joined, done) == [
        "proposed: to settle the brackets in 1.",
        "accepted: to settle the brackets in 1.",
        "accepted: to settle the brackets in 1.",
    ]
