"""What hosts try where talks move, and what a move that is broken off leaves behind (spec/moving.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.scenarios.test_moving import SAID, hand_over, name_host
from tests.support.house import House, Venue

from good_offices.desk.client import VenueClient
from good_offices.desk.ledger import Ledger
from good_offices.desk.storage import Storage
from good_offices.errors import EquivocationError, LocalError, OperationalError, RemoteError
from good_offices.register.term import Term
from good_offices.talks.events_plenary import InstructionsGiven


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Venue]:
    with Venue(tmp_path / "other") as opened:
        yield opened


def test_a_first_desk_lets_no_new_host_cut_its_caucus_shorter_than_it_filed(
    house: House, other: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = house.desks[0]
    first.act("caucus", InstructionsGiven(text="Stay calm.", language="en"))
    name_host(house, other)
    hand_over(house, other)
    real, tree = VenueClient.term, first.caucus.ledger.tree

    def shorter(client: VenueClient, register: str) -> Term:
        term = real(client, register)
        if register != first.caucus.ledger.register:
            return term
        return replace(term, cut=1, tail=tree.leaves(1, term.cut) + term.tail)

    monkeypatch.setattr(VenueClient, "term", shorter)
    with pytest.raises(RemoteError) as refused:
        first.sync()
    assert refused.value.code == "venue-differs"
    monkeypatch.undo()
    first.sync()
    assert first.identity.place.url == other.url


def test_a_move_that_the_disk_refuses_is_not_half_made_in_memory(
    house: House, other: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = house.desks[0]
    name_host(house, other)
    hand_over(house, other)
    keys, real = first.common.ledger.keys, Storage.put

    def full(storage: Storage, name: str, content: bytes) -> None:
        if name == "identity":
            raise OperationalError("disk-refused", folder=storage.folder, why="full")
        real(storage, name, content)

    monkeypatch.setattr(Storage, "put", full)
    with pytest.raises(OperationalError):
        first.sync()
    assert first.common.ledger.keys == keys
    assert not first.common.ledger.left
    assert not first.caucus.ledger.left
    monkeypatch.undo()
    first.sync()
    assert first.identity.place.url == other.url
    assert first.act("plenary", SAID).verdict.status == "valid"


def test_a_former_host_that_is_convicted_on_the_way_stops_the_desk(
    house: House, other: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = house.desks[0]
    name_host(house, other)
    hand_over(house, other)

    def convicts(*_: object) -> None:
        raise EquivocationError(
            "host-equivocated", first=b"1", second=b"2", origin="old", first_size=1, second_size=2
        )

    monkeypatch.setattr(Ledger, "leave", convicts)
    with pytest.raises(EquivocationError):
        first.sync()
    monkeypatch.undo()
    with pytest.raises(LocalError) as refused:
        first.sync()
    assert refused.value.code == "desk-stopped"
    assert first.identity.place.url == house.venue.url
