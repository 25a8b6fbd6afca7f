"""People come and go: several desks, the capital, recall, succession; everybody who may read reads the same."""

import pytest
from tests.support.house import PASSPHRASE, House

from good_offices.desk import people
from good_offices.desk.capital import blind_from
from good_offices.desk.desk import Desk
from good_offices.desk.pouch import _held, write_letter
from good_offices.encoding import pack
from good_offices.errors import LocalError, OperationalError
from good_offices.seals.kit import read_kit, write_kit
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


def _states(desk):
    return [
        desk.talks.state_hash(desk.rooms[room], desk.common.ledger.size) for room in ("roster", "plenary")
    ]


def test_the_capital_sees_the_common_rooms_and_has_no_place_in_them(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        upper.act("plenary", StatementMade(text="First.", language="en"))
        lower.sync()
        capital = house.join(upper, "Minister", capital=True)
        assert _said(capital) == ["First."]
        drafter = house.join(lower, "Drafter", powers=("speak",))
        assert (
            drafter.act("plenary", StatementMade(text="In a later epoch.", language="en")).verdict.status
            == "valid"
        )
        house.settle()
        assert _said(capital) == ["First.", "In a later epoch."]
        assert _states(capital) == _states(upper) == _states(lower)
        capital = house.reopen(capital)
        assert _said(capital) == ["First.", "In a later epoch."]
        assert _states(capital) == _states(upper)
        assert not capital.doubts()
        assert not upper.doubts()


def test_nothing_in_the_common_register_tells_of_the_capital(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        before = upper.common.ledger.size
        capital = house.join(upper, "Minister", capital=True)
        for room in ("roster", "plenary"):
            with pytest.raises(LocalError) as refused:
                capital.act(room, StatementMade(text="x", language="en"))
            assert refused.value.code == "capital-only-reads"
            with pytest.raises(LocalError) as refused:
                capital.write(room, StatementMade(text="x", language="en"))
            assert refused.value.code == "capital-only-reads"
        assert upper.common.ledger.size == before
        assert capital.storage.get(f"cosigned/{capital.common.ledger.register}") is None
        assert capital.storage.get(f"cosigned/{capital.caucus.ledger.register}") == capital.caucus.ledger.note
        assert not any(capital.storage.names(f"kem/{capital.rooms[room]}/") for room in ("roster", "plenary"))
        epochs = [lower.epoch(room) for room in ("roster", "plenary")]
        assert not any(capital.certificate in one.readers for one in epochs)
        write_letter(capital)
        register = capital.common.ledger.register
        held = {one.ledger.register: _held(capital, one.ledger) for one in (capital.common, capital.caucus)}
        assert held.pop(register).cosigned is None
        assert [one.cosigned is None for one in held.values()] == [False]


def test_a_second_desk_of_the_capital_needs_no_second_hand_over(tmp_path):
    with House(tmp_path) as house:
        upper, _ = house.desks
        upper.act("plenary", StatementMade(text="First.", language="en"))
        house.join(upper, "Minister", capital=True)
        house.join(upper, "Adviser", powers=("speak",))
        handed = _handed_over(upper)
        second = house.join(upper, "Secretary", capital=True)
        assert _said(second) == ["First."]
        assert _states(second) == _states(upper)
        assert _handed_over(upper) == handed
        every = {one for room in ("roster", "plenary") for one in _manifests(upper, room)}
        assert sorted(handed) == sorted(every)


def test_who_of_the_capital_was_recalled_is_handed_nothing_later(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        gone = house.join(upper, "Minister", capital=True)
        stays = house.join(upper, "Secretary", capital=True)
        people.recall(upper, gone.identity.person.member, house.root(upper))
        house.desks.remove(gone)
        house.settle()
        house.join(lower, "Drafter", powers=("speak",))
        upper.act("plenary", StatementMade(text="Without Gone.", language="en"))
        house.settle()
        assert _said(stays) == ["Without Gone."]
        held = [
            line for line in upper.caucus.lines() if line.act and line.act.event.name == "EpochsHandedOver"
        ]
        manifest = upper.epoch("plenary").manifest
        (last,) = [line for line in held if manifest in [one.manifest for one in line.act.event.epochs]]
        sealed_under = upper.home.epoch(last.index).manifest
        assert gone.epochs.secret(sealed_under) is None
        assert gone.epochs.secret(manifest) is None
        gone.close()


def test_a_colleague_of_the_table_who_was_recalled_is_handed_nothing_in_the_caucus(tmp_path):
    with House(tmp_path) as house:
        upper, _ = house.desks
        house.join(upper, "Minister", capital=True)
        gone = house.join(upper, "Gone", powers=("speak",))
        people.recall(upper, gone.identity.person.member, house.root(upper))
        house.desks.remove(gone)
        house.settle()
        for room in ("roster", "plenary"):
            manifest = upper.epoch(room).manifest
            assert manifest in _handed_over(upper)
            assert gone.epochs.secret(manifest) is None
        gone.close()


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "killed"])
def test_a_capital_desk_that_stopped_before_it_judged_again_ends_the_same(tmp_path, monkeypatch, closed):
    with House(tmp_path) as house:
        upper, lower = house.desks
        capital = house.join(upper, "Minister", capital=True)
        house.desks.remove(capital)
        house.join(lower, "Drafter", powers=("speak",))
        upper.act("plenary", StatementMade(text="Meanwhile.", language="en"))
        with monkeypatch.context() as patch:
            patch.setattr(type(capital.common), "judge_again", _stop)
            with pytest.raises(KeyboardInterrupt):
                capital.sync()
        assert _said(capital) == []
        if closed:
            capital.close()
        _kill(capital)
        for _ in range(2):
            capital = Desk.open(capital.storage.folder, PASSPHRASE)
            assert _said(capital) == ["Meanwhile."]
            size = capital.common.ledger.size
            assert capital.talks.state_hash(capital.rooms["plenary"], size) == upper.talks.state_hash(
                upper.rooms["plenary"], size
            )
            _kill(capital)


def _kill(desk):
    """Let go of a desk's folder without keeping anything more."""
    desk.client.close()
    desk.storage.close()


def _stop(_book):
    raise KeyboardInterrupt


def test_a_colleague_hands_over_what_the_first_has_left_undone(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        capital = house.join(upper, "Minister", capital=True)
        second = house.join(upper, "Second", powers=("speak",))
        first, other = sorted((upper, second), key=lambda desk: desk.certificate)
        handover = people.invite(lower, "Drafter", "Adviser", "experts", ["speak"])
        drafter = Desk.create(tmp_path / "drafter", PASSPHRASE, pack(handover))
        house.desks.append(drafter)
        drafter.sync()
        lower.sync()
        people.admit(lower, people.waiting(lower)[0], house.root(lower))
        manifest = lower.epoch("roster").manifest
        other.sync()
        assert manifest not in _handed_over(other)
        other.sync()
        assert manifest in _handed_over(other)
        first.sync()
        house.settle()
        assert _handed_over(first).count(manifest) == 1
        assert _states(capital) == _states(other)


def test_the_capital_waits_only_when_it_cannot_tell_who_has_acted(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        capital = house.join(upper, "Minister", capital=True)
        handover = people.invite(lower, "Drafter", "Adviser", "experts", ["speak"])
        drafter = Desk.create(tmp_path / "drafter", PASSPHRASE, pack(handover))
        house.desks.append(drafter)
        drafter.sync()
        lower.sync()
        people.admit(lower, people.waiting(lower)[0], house.root(lower))
        capital.sync()
        assert blind_from(capital) is not None
        done = capital.act("caucus", InstructionsGiven(text="Go on.", language="en"))
        assert done.verdict.status == "valid"
        upper.receive()
        upper.act("caucus", StatementMade(text="We do.", language="en"))
        capital.receive()
        with pytest.raises(LocalError) as refused:
            capital.act("caucus", InstructionsGiven(text="And on.", language="en"))
        assert refused.value.code == "capital-waits"
        capital.sync()
        upper.sync()
        capital.sync()
        assert blind_from(capital) is None
        assert (
            capital.act("caucus", InstructionsGiven(text="And on.", language="en")).verdict.status == "valid"
        )
        house.settle()
        assert not upper.doubts()
        assert not capital.doubts()


def _manifests(desk, room):
    return [one.manifest for one in desk.talks.roster.book.epochs[desk.rooms[room]].issued]


def _handed_over(desk):
    """The manifests of the common rooms whose secrets were handed over in the caucus."""
    return [
        one.manifest
        for line in desk.caucus.lines()
        if line.act
        and line.act.event.name == "EpochsHandedOver"
        and line.act.event.room != desk.rooms["caucus"]
        for one in line.act.event.epochs
    ]


def test_the_capital_instructs_in_the_caucus(tmp_path):
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
