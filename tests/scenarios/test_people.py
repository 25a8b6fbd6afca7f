"""People come and go: several desks, the capital, recall, succession; everybody who may read reads the same."""

import pytest
from tests.support.house import PASSPHRASE, House

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.encoding import pack
from good_offices.errors import LocalError, OperationalError
from good_offices.seals.kit import write_kit, read_kit
from good_offices.talks.events_plenary import InstructionsGiven, NotePassed, StatementMade


def _said(desk, room="plenary"):
    return [
        line.act.event.text
        for line in desk.book(room).lines()
        if line.act
        and line.act.event.name == "StatementMade"
        and line.verdict.status == "valid"
        and line.act.room == desk.rooms[room]
    ]


def test_a_member_who_joins_later_reads_everything_from_the_start(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        upper.act("plenary", StatementMade(text="First.", language="en"))
        lower.sync()
        lower.act("caucus", StatementMade(text="Between us.", language="en"))
        drafter = house.join(lower, "Drafter", powers=("speak", "propose"))
        assert _said(drafter) == ["First."]
        assert _said(drafter, "caucus") == ["Between us."]
        done = drafter.act("plenary", StatementMade(text="Second.", language="en"))
        assert done.verdict.status == "valid"
        house.settle()
        assert _said(upper) == _said(lower) == _said(drafter) == ["First.", "Second."]
        assert _said(upper, "caucus") == []
        states = {
            desk.talks.state_hash(desk.rooms["plenary"], desk.common.ledger.size) for desk in house.desks
        }
        assert len(states) == 1


def test_the_caucus_is_not_served_to_the_other_side(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        upper.act("caucus", StatementMade(text="Not for them.", language="en"))
        with pytest.raises(OperationalError) as refused:
            lower.client.page(upper.identity.place.caucus, 0)
        assert refused.value.facts["status"] == 404


def test_the_capital_reads_the_caucus_alone(tmp_path):
    with House(tmp_path) as house:
        upper, _ = house.desks
        capital = house.join(upper, "Minister", capital=True)
        assert (
            capital.act("caucus", InstructionsGiven(text="Hold at 240.", language="en")).verdict.status
            == "valid"
        )
        upper.sync()
        texts = [
            line.act.event.text
            for line in upper.caucus.lines()
            if line.act and line.act.event.name == "InstructionsGiven"
        ]
        assert texts == ["Hold at 240."]
        assert "plenary" not in capital.rooms
        with pytest.raises(KeyError):
            capital.act("plenary", StatementMade(text="x", language="en"))


def test_a_recalled_member_neither_reads_nor_acts(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        gone = house.join(lower, "Gone", powers=("speak",))
        assert gone.act("plenary", StatementMade(text="Here.", language="en")).verdict.status == "valid"
        people.recall(lower, gone.identity.person.member, house.root(lower))
        house.desks.remove(gone)
        house.settle()
        with pytest.raises(OperationalError):
            gone.sync()
        gone.close()
        upper.act("plenary", StatementMade(text="Without Gone.", language="en"))
        epoch = upper.epoch("plenary")
        assert gone.certificate not in epoch.readers
        assert gone.epochs.secret(epoch.manifest) is None


def test_the_successor_root_takes_over(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        old, new = house.root(upper), house.root(upper, "successor.kit")
        following = read_kit(write_kit(bytes(range(64)), PASSPHRASE), PASSPHRASE)
        assert people.succeed(upper, new, following).verdict.status == "valid"
        with pytest.raises(LocalError) as refused:
            people.accredit_again(upper, upper.identity.person, old)
        assert refused.value.code == "root-kit-foreign"
        assert people.accredit_again(upper, upper.identity.person, new).verdict.status == "valid"
        lower.sync()
        assert lower.talks.roster.root(upper.identity.place.delegation).public == new.public


def test_nothing_but_keys_leaves_before_the_number_is_compared(tmp_path):
    with House(tmp_path, ready=False) as house:
        upper, lower = house.desks
        upper.sync()
        with pytest.raises(LocalError) as refused:
            upper.act("plenary", StatementMade(text="Too early.", language="en"))
        assert refused.value.code == "keys-not-compared-here"
        with pytest.raises(LocalError) as refused:
            people.confirm(upper, "0" * 60, house.root(upper))
        assert refused.value.code == "number-does-not-match"
        assert people.number(upper) == people.number(lower)
        kinds = [int(line.leaf.kind) for line in upper.common.lines()]
        assert kinds == [1, 2, 2]


def test_a_hand_over_is_for_one_desk(tmp_path):
    with House(tmp_path) as house:
        upper, _ = house.desks
        handover = people.invite(upper, "Adviser", "Adviser", "experts", ["speak"])
        with pytest.raises(LocalError) as refused:
            people.admit(upper, people.waiting(upper)[0], house.root(upper))
        assert refused.value.code == "not-yet-introduced"
        with pytest.raises(LocalError) as refused:
            Desk.create(tmp_path / "other", PASSPHRASE, pack(handover), member="Somebody else")
        assert refused.value.code == "hand-over-differs"


def test_a_desk_opened_again_holds_the_same(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        upper.act("plenary", NotePassed(text="Urgent.", language="en", urgent=True))
        lower.sync()
        size, state = (
            lower.common.ledger.size,
            lower.talks.state_hash(lower.rooms["plenary"], lower.common.ledger.size),
        )
        lower = house.reopen(lower)
        assert lower.common.ledger.size == size
        assert lower.talks.state_hash(lower.rooms["plenary"], size) == state
        assert lower.act("plenary", StatementMade(text="Again.", language="en")).verdict.status == "valid"


@pytest.mark.parametrize("parties", [3, 5])
def test_more_delegations_by_the_same_rules(tmp_path, parties):
    with House(tmp_path, parties) as house:
        for number, desk in enumerate(house.desks):
            desk.sync()
            done = desk.act("plenary", StatementMade(text=f"From {number}.", language="en"))
            assert done.verdict.status == "valid"
        house.settle()
        assert all(len(_said(desk)) == parties for desk in house.desks)
