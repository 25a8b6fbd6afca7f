"""Talks with a delegation that never touches the network: its letters go to the venue, pouches come back, as files."""

from contextlib import nullcontext, suppress

import httpx
import pytest
from tests.support.house import House

from good_offices.desk import people
from good_offices.desk.client import VenueClient
from good_offices.desk.desk import Desk
from good_offices.desk.pouch import take_pouch, write_letter
from good_offices.errors import LocalError
from good_offices.talks.events_plenary import StatementMade


class Courier:
    """Carries one desk's letters; whatever that desk would send over the network fails the test."""

    def __init__(self, house: House, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.house, self.desk = house, desk
        self.trips = 0
        usual = VenueClient._send

        def refused(client, *args, **kwargs):
            assert client is not desk.client, "the desk by courier asked the network"
            assert client._keyid != f"delegation:{desk.identity.place.delegation}"
            return usual(client, *args, **kwargs)

        monkeypatch.setattr(VenueClient, "_send", refused)

    def hand_in(self, letter: bytes) -> bytes:
        answer = httpx.post(f"{self.house.venue.url}/v1/pouch", content=letter, trust_env=False)
        assert answer.status_code == 200, answer.content
        return answer.content

    def trip(self):
        self.trips += 1
        return take_pouch(self.desk, self.hand_in(write_letter(self.desk)))


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, ready=False, sync=False) as house:
        yield house


def opened(house, monkeypatch):
    """Return a courier for the second desk, after both plenaries stand open."""
    near, far = house.desks
    near.sync()
    courier = Courier(house, far, monkeypatch)
    courier.trip()
    near.sync()
    courier.trip()
    number = people.number(near)
    assert people.number(far) == number
    people.confirm(near, number, house.root(near))
    for _ in range(6):
        near.sync()
        courier.trip()
        if not (far.confirmed and far.talks.roster.delegations[far.identity.place.delegation].accreditation):
            # Until the roster is open there is nothing to confirm in; the manifest goes with the letter.
            with suppress(LocalError) if far.epoch("roster") is None else nullcontext():
                people.confirm(far, number, house.root(far))
        epoch = far.epoch("plenary")
        if epoch and near.epoch("plenary") == epoch and far.epochs.secret(epoch.manifest):
            return courier
    raise AssertionError("the plenary did not open")


def test_statements_are_exchanged_with_a_delegation_that_has_no_network(house, monkeypatch):
    courier = opened(house, monkeypatch)
    near, far = house.desks
    said = far.act("plenary", StatementMade(text="We hear you by courier.", language="en"))
    assert said.verdict is None
    again = far.act("plenary", StatementMade(text="And we say two things at once.", language="en"))
    near.act("plenary", StatementMade(text="We are ready to talk.", language="en"))
    courier.trip()
    assert not far.storage.outbox()
    near.sync()
    for desk in house.desks:
        assert desk.common.verdicts[said.act].status == "valid"
        assert desk.common.verdicts[again.act].status == "valid"
        lines = [
            one.act.event.text
            for one in desk.common.lines()
            if one.act and one.act.event.name == "StatementMade"
        ]
        assert lines == [
            "We are ready to talk.",
            "We hear you by courier.",
            "And we say two things at once.",
        ]
    assert near.talks.state_hash(near.rooms["plenary"], near.common.ledger.size) == far.talks.state_hash(
        far.rooms["plenary"], near.common.ledger.size
    )


def test_a_desk_by_courier_returns_to_the_network(house, monkeypatch):
    opened(house, monkeypatch)
    _, far = house.desks
    with pytest.raises(LocalError) as refused:
        people.invite(far, "Adviser", "Adviser", "experts", ["speak"])
    assert refused.value.code == "by-courier"
    monkeypatch.undo()
    done = far.act("plenary", StatementMade(text="On the line again.", language="en"))
    assert done.verdict is None
    far.talk_by(courier=False)
    far.sync()
    assert far.common.verdicts[done.act].status == "valid"
    assert not far.storage.outbox()


def _handed_over(desk):
    return [
        one.manifest
        for line in desk.caucus.lines()
        if line.act
        and line.act.event.name == "EpochsHandedOver"
        and line.act.event.room != desk.rooms["caucus"]
        for one in line.act.event.epochs
    ]


@pytest.mark.parametrize("carried", ["head", "capital"])
def test_the_capital_is_handed_the_common_rooms_by_courier(tmp_path, monkeypatch, carried):
    with House(tmp_path) as house:
        upper, lower = house.desks
        capital = house.join(lower, "Minister", capital=True)
        courier = Courier(house, lower if carried == "head" else capital, monkeypatch)
        house.desks[:] = [desk for desk in house.desks if desk is not courier.desk]
        house.join(upper, "Drafter", powers=("speak",))
        upper.act("plenary", StatementMade(text="In a later epoch.", language="en"))
        for _ in range(4):
            courier.trip()
            # A letter that is written twice says the same twice, and nothing more.
            write_letter(courier.desk)
            house.settle()
        house.desks.append(courier.desk)
        size = upper.common.ledger.size
        for room in ("roster", "plenary"):
            state = upper.talks.state_hash(upper.rooms[room], size)
            assert capital.talks.state_hash(capital.rooms[room], size) == state
        said = [one.act.event for one in capital.common.lines() if one.act]
        assert StatementMade(text="In a later epoch.", language="en") in said
        handed = _handed_over(capital)
        assert len(handed) == len(set(handed))
        assert not capital.doubts()
        assert not lower.doubts()
