"""The acts of the negotiating text: spec/talks.md R-50 to R-59, and crossing, R-35 to R-38."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support.drafting import ALL, T, Table, certified, draft, words
from tests.support.talksmith import START

from good_offices.talks.events_plenary import AcceptanceWithdrawn, ActConfirmed, StatementMade
from good_offices.talks.events_text import (
    Addition,
    AdReferendumConfirmed,
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentWithdrawn,
    Bound,
    BracketsPlaced,
    BracketsRemoved,
    Change,
    Label,
    LanguageText,
    LanguageTextSet,
    Move,
    OptionsPlaced,
    ProvisionAgreed,
    ProvisionLocked,
    ProvisionReopened,
    StanceTaken,
    TextAdopted,
    TextReopened,
    TextTabled,
    UnitAdded,
    UnitMoved,
    UnitRelabelled,
    UnitRemoved,
)
from good_offices.talks.verdict import AcceptanceExpired, Completed, Undone
from good_offices.text.model import Close, Open, Unit, Words
from good_offices.text.settling import Choice

VALID = ("valid", None)


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def table() -> Table:
    return Table()


class TestTabling:
    def test_a_tabled_text_binds_nobody(self, table: Table) -> None:
        assert {table.text.status(unit.id) for unit in table.text.instrument.units} == {"open"}
        assert said(table.post("B", TextTabled(instrument=draft()))) == ("void", "instrument-tabled")
        other = msgspec.structs.replace(draft(1), id="protocol")
        assert said(table.post("B", TextTabled(instrument=other))) == VALID
        assert table.smith.replay.plenary.texts.keys() == {T, "protocol"}

    def test_what_is_no_text_is_refused(self, table: Table) -> None:
        twice = msgspec.structs.replace(draft(1), id="x", units=draft(1).units * 2)
        assert said(table.post("A", TextTabled(instrument=twice))) == ("void", "unit-twice")

    def test_acts_name_a_text_on_the_table(self, table: Table) -> None:
        units = table.bound("u1")
        unknown = ProvisionAgreed(instrument="nothing", units=units, level="experts")
        assert said(table.post("A", unknown)) == ("void", "instrument-unknown")
        wrong = table.accept(table.amendment("p", "x"))
        wrong = msgspec.structs.replace(wrong, instrument="nothing")
        assert said(table.post("A", wrong)) == ("void", "instrument-unknown")


class TestAmendments:
    def test_become_the_text_when_accepted(self, table: Table) -> None:
        one = table.amendment("p1", "Article one, better.", condition="if article 2 is kept")
        assert said(table.post("A", one)) == VALID
        assert table.en("u1") == "Article 1 text."
        verdict = table.post("B", table.accept(one))
        assert verdict.effects == (Completed(content=one.content, event="AmendmentProposed"),)
        assert table.en("u1") == "Article one, better."
        assert table.unit("u1").texts["ru"] == words("Статья 1.")

    def test_several_changes_stand_or_fall_together(self, table: Table) -> None:
        one = table.amendment("p1", "Same words.", "u1", "u2")
        table.post("A", one)
        assert table.text.proposals.keys() == {"p1.0", "p1.1"}
        table.post("B", table.accept(one))
        assert table.en("u1") == table.en("u2") == "Same words."

    def test_a_stale_base_is_refused(self, table: Table) -> None:
        one, two = table.amendment("p1", "First."), table.amendment("p2", "Second.")
        table.post("A", one)
        table.post("B", two)
        table.post("B", table.accept(one))
        assert said(table.post("A", table.accept(two))) == ("void", "proposal-not-pending")
        third = msgspec.structs.replace(two, proposal="p3")
        assert said(table.post("A", third)) == ("void", "stale-base")
        assert table.en("u1") == "First."

    def test_refusals(self, table: Table) -> None:
        post = lambda event: said(table.post("A", event))  # noqa: E731
        empty = AmendmentProposed(instrument=T, proposal="p", changes=())
        assert post(empty) == ("void", "units-missing")
        assert post(table.amendment("p", "x", "u1", "u1")) == ("void", "units-repeated")
        one = table.amendment("p1", "First.")
        assert post(one) == VALID
        assert post(table.amendment("p1", "Other.")) == ("void", "proposal-twice")
        assert post(AmendmentAccepted(instrument=T, proposal="p1", amendment=bytes(32))) == (
            "void",
            "amendment-unknown",
        )
        assert post(AmendmentWithdrawn(instrument=T, proposal="p9")) == ("void", "amendment-unknown")
        assert said(table.post("B", AmendmentWithdrawn(instrument=T, proposal="p1"))) == (
            "void",
            "proposal-not-yours",
        )

    def test_withdrawn_ones_cannot_be_accepted(self, table: Table) -> None:
        one, two = table.amendment("p1", "First."), table.amendment("p2", "x", "u1", "u2")
        for amendment, how in (
            (one, AmendmentWithdrawn(instrument=T, proposal="p1")),
            (two, AcceptanceWithdrawn(content=two.content)),
        ):
            table.post("A", amendment)
            assert said(table.post("A", how)) == VALID
            assert table.smith.replay.plenary.joint == {}
        assert said(table.post("B", table.accept(one))) == ("void", "proposal-not-pending")
        assert said(table.post("B", table.accept(two))) == ("void", "amendment-unknown")
        assert {one.fate for one in table.text.proposals.values()} == {"withdrawn"}

    def test_proposing_the_same_is_accepting(self, table: Table) -> None:
        one = table.amendment("p1", "First.")
        table.both(one)
        assert table.en("u1") == "First."

    def test_one_of_three_is_not_enough_and_may_expire(self) -> None:
        table = Table(3)
        one = table.amendment("p1", "First.", until=START + 300)
        table.post("A", one)
        table.post("B", table.accept(one))
        assert table.en("u1") == "Article 1 text."
        verdict = table.post("C", table.accept(one), time=START + 400)
        assert verdict.effects == (AcceptanceExpired(content=one.content, delegation=table.smith.id("A")),)
        table.post("A", table.accept(one))
        assert table.en("u1") == "First."


class TestOneSided:
    def test_brackets_leave_the_words(self, table: Table) -> None:
        runs = (
            Words(text="Article 1 "),
            Open(slot="s1", variant=0, of=1),
            Words(text="text"),
            Close(slot="s1", variant=0),
            Words(text="."),
        )
        place = BracketsPlaced(
            instrument=T, changes=(Change(unit="u1", base=table.unit("u1").digest, texts={"en": runs}),)
        )
        assert said(table.post("B", place)) == VALID
        assert table.unit("u1").slots == {"s1"}
        assert said(table.post("B", place)) == ("void", "stale-base")
        other = Change(unit="u2", base=table.unit("u2").digest, texts={"en": words("Other words.")})
        changed = BracketsPlaced(instrument=T, changes=(other,))
        assert said(table.post("B", changed)) == ("void", "brackets-change-words")
        assert said(table.post("B", BracketsPlaced(instrument=T, changes=()))) == ("void", "units-missing")
        stance = StanceTaken(instrument=T, says="retain", unit="u1", slot="s1")
        assert said(table.post("A", stance)) == VALID
        assert said(table.post("A", msgspec.structs.replace(stance, slot="s9"))) == ("void", "slot-unknown")
        settle = BracketsRemoved(
            instrument=T, units=table.bound("u1"), choices=(Choice(slot="s1", keep=(0,)),)
        )
        assert [said(one) for one in table.both(settle)] == [VALID, VALID]
        assert table.en("u1") == "Article 1 text."

    def test_two_settlements_that_wait_leave_each_other_alone(self, table: Table) -> None:
        table.post("A", table.brackets("u1", "u2"))
        first, second = table.settlement("u1"), table.settlement("u2")
        table.post("A", first)
        table.post("A", second)
        assert [said(table.post("B", one)) for one in (first, second)] == [VALID, VALID]
        assert [table.unit(name).slots for name in ("u1", "u2")] == [set(), set()]

    def test_a_settlement_that_announces_other_words_is_void(self, table: Table) -> None:
        table.post("A", table.brackets("u1"))
        true = table.settlement("u1")
        false = msgspec.structs.replace(true, result=table.bound("u1"))
        assert said(table.post("A", false)) == ("void", "result-differs")
        twice = msgspec.structs.replace(true, result=(*true.result, *true.result))
        assert said(table.post("A", twice)) == ("void", "units-repeated")
        assert [said(one) for one in table.both(true)] == [VALID, VALID]

    def test_options_over_whole_units(self, table: Table) -> None:
        place = OptionsPlaced(
            instrument=T, slot="o", groups=(("u1",), ("u2",)), units=table.bound("u1", "u2")
        )
        assert said(table.post("A", place)) == VALID
        settle = BracketsRemoved(
            instrument=T, units=table.bound("u1", "u2"), choices=(Choice(slot="o", keep=(1,)),)
        )
        table.both(settle)
        assert [unit.id for unit in table.text.instrument.units] == ["u0", "u2", "u3"]


class TestOrder:
    def test_units_are_added_moved_relabelled_and_removed_by_all(self, table: Table) -> None:
        outline = table.text.instrument.outline
        new = Unit(id="u1bis", kind="article", label="1 bis", texts={"en": words("New.")})
        add = UnitAdded(instrument=T, outline=outline, additions=(Addition(unit=new, after="u1"),))
        assert table.post("A", add).effects == ()
        assert "u1bis" not in table.text.instrument.places
        table.post("B", add)
        assert table.text.instrument.places["u1bis"] == 2
        assert said(table.post("A", add)) == ("void", "stale-base")
        outline = table.text.instrument.outline
        table.both(
            UnitMoved(
                instrument=T, outline=outline, moves=(Move(unit="u1bis"), Move(unit="u3", after="u1bis"))
            )
        )
        assert [unit.id for unit in table.text.instrument.units][:2] == ["u1bis", "u3"]
        table.both(
            UnitRelabelled(instrument=T, labels=(Label(unit="u3", base=table.unit("u3").digest, label="2"),))
        )
        assert table.unit("u3").label == "2"
        table.both(UnitRemoved(instrument=T, units=table.bound("u1bis", "u3")))
        assert [unit.id for unit in table.text.instrument.units] == ["u0", "u1", "u2"]

    @pytest.mark.parametrize(
        "empty",
        [
            UnitAdded(instrument=T, outline=b"", additions=()),
            UnitMoved(instrument=T, outline=b"", moves=()),
            UnitRemoved(instrument=T, units=()),
            UnitRelabelled(instrument=T, labels=()),
            LanguageTextSet(instrument=T, texts=()),
            ProvisionAgreed(instrument=T, units=(), level="experts"),
        ],
    )
    def test_acts_about_nothing_are_void(self, table: Table, empty: Any) -> None:
        assert said(table.post("A", empty)) == ("void", "units-missing")

    def test_a_unit_is_named_once(self, table: Table) -> None:
        twice = table.bound("u1", "u1")
        assert said(table.post("A", ProvisionLocked(instrument=T, units=twice))) == ("void", "units-repeated")


class TestLadder:
    def test_from_open_to_adopted_and_back(self, table: Table) -> None:
        agree = ProvisionAgreed(instrument=T, units=table.bound(*ALL), level="ministers")
        table.both(agree)
        assert table.text.status("u1") == "agreed"
        table.both(certified(table, *ALL))
        lock = ProvisionLocked(instrument=T, units=table.bound(*ALL))
        table.both(lock)
        assert table.text.locked_by("u1") == tuple(sorted(table.smith.id(name) for name in "AB"))
        assert said(table.post("A", table.amendment("p1", "x"))) == ("void", "unit-locked")
        adopt = TextAdopted(instrument=T, digest=table.text.instrument.digest)
        table.post("A", adopt)
        assert table.text.phase == ""
        table.post("B", adopt)
        assert table.text.phase == "adopted"
        assert said(table.post("B", ProvisionReopened(instrument=T, units=table.bound("u1")))) == (
            "void",
            "text-closed",
        )
        table.both(TextReopened(instrument=T, digest=table.text.instrument.digest))
        assert table.text.phase == ""
        table.both(ProvisionReopened(instrument=T, units=table.bound("u1")))
        assert table.text.status("u1") == "open"

    def test_ad_referendum_waits_for_every_capital(self, table: Table) -> None:
        table.both(
            ProvisionAgreed(instrument=T, units=table.bound("u1"), level="experts", ad_referendum=True)
        )
        lock = ProvisionLocked(instrument=T, units=table.bound("u1"))
        confirm = AdReferendumConfirmed(instrument=T, units=table.bound("u1"))
        assert said(table.post("A", lock)) == ("void", "not-all-confirmed")
        assert said(table.post("A", confirm)) == VALID
        assert said(table.post("A", lock)) == ("void", "not-all-confirmed")
        assert said(table.post("B", confirm)) == VALID
        assert [said(one) for one in table.both(lock)] == [VALID, VALID]

    def test_languages_are_set_and_certified(self, table: Table) -> None:
        new = LanguageText(
            unit="u1", base=table.unit("u1").digest, language="ru", runs=words("Статья первая.")
        )
        table.both(LanguageTextSet(instrument=T, texts=(new,)))
        assert table.unit("u1").texts["ru"] == words("Статья первая.")
        table.both(certified(table, "u1"))
        assert table.text.certified.keys() == {"u1"}

    def test_an_act_without_powers_is_confirmed_with_effect_from_there(self, table: Table) -> None:
        table.smith.joined("B.junior", powers=("speak",))
        one = table.amendment("p1", "First.")
        table.post("A", one)
        verdict = table.post("B.junior", table.accept(one))
        assert said(verdict) == ("ineffective", "power-lacking")
        assert table.en("u1") == "Article 1 text."
        table.post("B", ActConfirmed(index=verdict.index, act=table.smith.hash_of(verdict)))
        assert table.en("u1") == "First."


class TestCrossing:
    """Two acceptances, each completing something over the same base, of authors who had not seen each other."""

    def proposed(self, table: Table) -> tuple[AmendmentProposed, AmendmentProposed, int]:
        mine, theirs = table.amendment("p1", "Mine."), table.amendment("p2", "Theirs.")
        assert said(table.post("A", mine)) == VALID
        assert said(table.post("B", theirs)) == VALID
        return mine, theirs, table.size

    def test_both_stand_beside_each_other(self, table: Table) -> None:
        mine, theirs, size = self.proposed(table)
        settled = table.post("B", table.accept(mine), seen=size)
        assert table.en("u1") == "Mine."
        verdict = table.post("A", table.accept(theirs), seen=size)
        assert said(verdict) == ("ineffective", "crossed")
        assert verdict.effects == (Undone(index=settled.index, content=mine.content),)
        assert table.en("u1") == "Article 1 text."
        pending = table.smith.replay.plenary.joint
        assert pending[mine.content.hex()].accepted.keys() == {table.smith.id("A")}
        assert pending[theirs.content.hex()].accepted.keys() == {table.smith.id("B")}
        assert {one.status for one in table.text.proposals.values()} == {"pending"}
        # Having seen both, either can be accepted.
        assert said(table.post("A", table.accept(theirs))) == VALID
        assert table.en("u1") == "Theirs."

    def test_the_order_of_the_host_makes_no_difference(self) -> None:
        outcomes = []
        for first, second in (("A", "B"), ("B", "A")):
            table = Table()
            mine, theirs, size = self.proposed(table)
            acts = {"A": theirs, "B": mine}
            table.post(first, table.accept(acts[first]), seen=size)
            table.post(second, table.accept(acts[second]), seen=size)
            plenary = table.smith.replay.plenary
            outcomes.append(
                (table.text.digest, {key: set(one.accepted) for key, one in plenary.joint.items()})
            )
        assert outcomes[0] == outcomes[1]

    def test_who_has_seen_is_refused(self, table: Table) -> None:
        mine, theirs, _ = self.proposed(table)
        table.post("B", table.accept(mine))
        assert said(table.post("A", table.accept(theirs))) == ("void", "proposal-not-pending")
        assert table.en("u1") == "Mine."

    def test_what_one_desk_saw_its_delegation_saw(self, table: Table) -> None:
        table.smith.joined("A.second")
        mine, theirs, size = self.proposed(table)
        table.post("B", table.accept(mine), seen=size)
        table.post("A.second", StatementMade(text="I saw it", language="en"))
        assert said(table.post("A", table.accept(theirs), seen=size)) == ("void", "proposal-not-pending")

    def test_nobody_crosses_its_own_delegation(self, table: Table) -> None:
        table.smith.joined("A.second")
        mine, theirs, _ = self.proposed(table)
        other = table.amendment("p3", "Third.")
        table.post("B", other)
        size = table.size
        table.post("A", table.accept(theirs), seen=size)
        assert said(table.post("A.second", table.accept(other), seen=size)) == (
            "void",
            "proposal-not-pending",
        )
        assert mine.content.hex() not in table.smith.replay.plenary.joint

    def test_what_was_built_upon_stays(self, table: Table) -> None:
        table.smith.joined("A.second")
        mine, theirs, size = self.proposed(table)
        completed = table.post("B", table.accept(mine), seen=size)
        runs = (
            Words(text="Mine"),
            Open(slot="s", variant=0, of=1),
            Words(text="!"),
            Close(slot="s", variant=0),
        )
        brackets = (*runs[:1], Open(slot="s", variant=0, of=1), Words(text="."), Close(slot="s", variant=0))
        place = BracketsPlaced(
            instrument=T, changes=(Change(unit="u1", base=table.unit("u1").digest, texts={"en": brackets}),)
        )
        assert said(table.post("B", place)) == VALID
        verdict = table.post("A", table.accept(theirs), seen=size)
        assert said(verdict) == ("void", "crossed-late")
        # The reason names the entry of what stands, which a person can look up.
        assert verdict.facts == {"index": completed.index}
        assert table.unit("u1").slots == {"s"}

    def test_what_is_wrong_by_itself_says_so(self, table: Table) -> None:
        """Even when something late stands between: the author learns what to mend."""
        mine, _, size = self.proposed(table)
        table.post("B", table.accept(mine), seen=size)
        runs = (
            Words(text="Mine"),
            Open(slot="s", variant=0, of=1),
            Words(text="."),
            Close(slot="s", variant=0),
        )
        change = Change(unit="u1", base=table.unit("u1").digest, texts={"en": runs})
        table.post("B", BracketsPlaced(instrument=T, changes=(change,)))
        repeated = ProvisionAgreed(instrument=T, units=table.bound("u1", "u1"), level="experts")
        assert said(table.post("A", repeated, seen=size)) == ("void", "units-repeated")

    def test_a_mere_proposal_undoes_nothing(self, table: Table) -> None:
        mine, theirs, size = self.proposed(table)
        fresh = msgspec.structs.replace(theirs, proposal="p9")
        table.post("B", table.accept(mine), seen=size)
        assert said(table.post("A", fresh, seen=size)) == ("void", "stale-base")
        agree = ProvisionAgreed(
            instrument=T, units=(Bound(unit="u1", digest=theirs.changes[0].base),), level="experts"
        )
        assert said(table.post("A", agree, seen=size)) == ("void", "stale-base")
        assert table.en("u1") == "Mine."

    def test_what_would_be_refused_anyway_undoes_nothing(self, table: Table) -> None:
        mine, theirs, size = self.proposed(table)
        table.post("B", AmendmentWithdrawn(instrument=T, proposal="p2"), seen=size)
        table.post("B", table.accept(mine), seen=size)
        assert said(table.post("A", table.accept(theirs), seen=size)) == ("void", "proposal-not-pending")
        bad = UnitRelabelled(
            instrument=T, labels=(Label(unit="u1", base=theirs.changes[0].base, label="\u200b"),)
        )
        assert said(table.post("A", bad, seen=size)) == ("void", "stale-base")
        assert table.en("u1") == "Mine."

    def test_agreement_and_changed_words_cross_either_way(self) -> None:
        for words_first in (True, False):
            table = Table()
            mine = table.amendment("p1", "Mine.")
            agree = ProvisionAgreed(instrument=T, units=table.bound("u1"), level="experts")
            table.post("A", mine)
            table.post("B", agree)
            size = table.size
            acts = {"B": table.accept(mine), "A": agree}
            for name in "BA" if words_first else "AB":
                verdict = table.post(name, acts[name], seen=size)
            assert said(verdict) == ("ineffective", "crossed")
            assert table.en("u1") == "Article 1 text."
            assert table.text.status("u1") == "open"
            assert len(table.smith.replay.plenary.joint) == 2

    def test_agreement_after_which_something_was_built_stays(self, table: Table) -> None:
        mine = table.amendment("p1", "Mine.")
        agree = ProvisionAgreed(instrument=T, units=table.bound("u1"), level="experts", ad_referendum=True)
        table.post("A", mine)
        table.post("B", agree)
        size = table.size
        table.post("A", agree, seen=size)
        table.post("A", AdReferendumConfirmed(instrument=T, units=table.bound("u1")))
        assert said(table.post("B", table.accept(mine), seen=size)) == ("void", "crossed-late")
        assert table.text.status("u1") == "agreed_ad_referendum"

    def test_two_that_do_not_conflict_do_not_cross(self, table: Table) -> None:
        agree = ProvisionAgreed(instrument=T, units=table.bound("u1"), level="experts")
        table.post("A", agree)
        table.post("B", certified(table, "u1"))
        size = table.size
        assert said(table.post("B", agree, seen=size)) == VALID
        assert said(table.post("A", certified(table, "u1"), seen=size)) == VALID
        assert table.text.status("u1") == "agreed"
        assert "u1" in table.text.certified

    def test_two_changes_of_the_order_cross(self, table: Table) -> None:
        outline = table.text.instrument.outline
        one = UnitMoved(instrument=T, outline=outline, moves=(Move(unit="u3"),))
        new = Unit(id="n", kind="article", label="n", texts={"en": words("New.")})
        two = UnitAdded(instrument=T, outline=outline, additions=(Addition(unit=new, after="u0"),))
        table.post("A", one)
        table.post("B", two)
        size = table.size
        table.post("B", one, seen=size)
        assert said(table.post("A", two, seen=size)) == ("ineffective", "crossed")
        assert [unit.id for unit in table.text.instrument.units] == ["u0", "u1", "u2", "u3"]
        assert len(table.smith.replay.plenary.joint) == 2

    def test_what_was_proposed_on_the_undone_words_is_superseded(self, table: Table) -> None:
        mine, theirs, size = self.proposed(table)
        table.post("B", table.accept(mine), seen=size)
        table.post("B", table.amendment("p3", "On top."))
        table.post("A", table.accept(theirs), seen=size)
        assert table.text.proposals["p3"].fate == "superseded"
        assert table.en("u1") == "Article 1 text."

    def test_what_all_have_seen_is_forgotten(self, table: Table) -> None:
        mine, _, _ = self.proposed(table)
        table.post("B", table.accept(mine))
        assert len(table.smith.replay.plenary.undo) == 1
        table.both(StatementMade(text="Noted", language="en"))
        table.both(StatementMade(text="Noted", language="en"))
        assert table.smith.replay.plenary.undo == {}

    def test_adoption_is_built_on_everything(self, table: Table) -> None:
        ids = ALL
        table.both(certified(table, *ids))
        table.both(ProvisionAgreed(instrument=T, units=table.bound(*ids), level="ministers"))
        table.both(ProvisionLocked(instrument=T, units=table.bound(*ids)))
        reopen = ProvisionReopened(instrument=T, units=table.bound("u1"))
        table.both(TextAdopted(instrument=T, digest=table.text.instrument.digest))
        assert all(one.late for one in table.smith.replay.plenary.undo.values())
        assert said(table.post("A", reopen)) == ("void", "text-closed")


def test_a_package_and_a_lone_proposal_do_not_share_an_id() -> None:
    table = Table(3)
    assert table.post("A", table.amendment("p", "Mine.", "u0", "u1")).status == "valid"
    again = table.post("B", table.amendment("p", "Theirs.", "u2"))
    assert (again.status, again.code) == ("void", "proposal-twice")
    assert table.post("B", table.amendment("q", "Theirs.", "u2")).status == "valid"
    package = table.post("A", table.amendment("q", "Both.", "u0", "u1"))
    assert (package.status, package.code) == ("void", "proposal-twice")
    stranger = table.post("C", AmendmentWithdrawn(instrument=T, proposal="p"))
    assert (stranger.code, stranger.facts) == ("proposal-not-yours", {"proposal": "p.0"})
