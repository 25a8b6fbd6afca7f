"""A snapshot packed and unpacked continues identically; history is kept with it."""

from __future__ import annotations

import pytest
from tests.support.drafting import Table

from good_offices.errors import RemoteError
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.replay import CommonReplay


def test_it_continues_where_it_was() -> None:
    table = Table()
    mine, theirs = table.amendment("p1", "Mine."), table.amendment("p2", "Theirs.")
    table.post("A", mine)
    table.post("B", theirs)
    size = table.size
    table.post("B", table.accept(mine), seen=size)
    smith = table.smith
    # In the middle of a crossing: what undoing takes is in the snapshot.
    other = CommonReplay.restored(smith.replay.snapshot(), smith.common.tree)
    assert other.snapshot() == smith.replay.snapshot()
    table.post("A", table.accept(theirs), seen=size)
    smith.both(StatementMade(text="Noted", language="en"))
    for entry in smith.common.entries[other.size :]:
        assert other.apply(entry) == smith.verdicts[entry.index]
    assert other.snapshot() == smith.replay.snapshot()
    for at in range(smith.replay.size + 1):
        for room in (smith.roster_room, smith.plenary_room):
            assert other.state_hash(room, at) == smith.replay.state_hash(room, at)


def test_a_damaged_one_is_refused() -> None:
    table = Table()
    data = table.smith.replay.snapshot()
    with pytest.raises(RemoteError):
        CommonReplay.restored(data[:-1], table.smith.common.tree)


def test_a_member_recalled_is_no_member_at_later_sizes() -> None:
    table = Table()
    smith = table.smith
    smith.joined("A.second")
    member = smith.desk("A.second").member
    before = smith.common.tree.size
    smith.post("A", smith.recall("A.second"), room="roster")
    assert smith.replay.roster.book.member_at(member, before) is not None
    assert smith.replay.roster.book.member_at(member, before + 1) is None
    assert smith.replay.roster.book.member_at("nobody", before) is None
