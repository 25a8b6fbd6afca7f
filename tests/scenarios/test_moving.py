"""Talks that leave their host and go on with another, over two real venues (spec/moving.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.house import House, Venue

from good_offices.desk import moving
from good_offices.errors import LocalError, OperationalError
from good_offices.register.hosting import VenueCard, read_card
from good_offices.talks.events_moving import VenueChanged
from good_offices.talks.events_plenary import InstructionsGiven, StatementMade
from good_offices.venue.taking import card, take_over

SAID = StatementMade(text="We go on.", language="en")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Venue]:
    with Venue(tmp_path / "other") as opened:
        yield opened


def card_of(venue: Venue) -> VenueCard:
    return read_card(card(venue.folder, venue.url))


def changed(venue: Venue) -> VenueChanged:
    one = card_of(venue)
    return VenueChanged(address=one.address, host=one.host, posting=one.posting, signed=one.signed)


def name_host(house: House, venue: Venue) -> None:
    for desk in house.desks[:2]:
        desk.sync()
        desk.act("roster", changed(venue))


def hand_over(house: House, venue: Venue) -> None:
    for desk in house.desks[:2]:
        with pytest.raises(OperationalError, match="does not have the register") as early:
            desk.sync()
        assert early.value.code == "venue-not-ready"
    for desk in house.desks[:2]:
        take_over(venue.folder, moving.register_file(desk))


def test_talks_go_on_elsewhere_with_all_they_had(house: House, other: Venue) -> None:
    first, second = house.desks
    first.act("plenary", SAID)
    first.act("caucus", InstructionsGiven(text="Stay calm.", language="en"))
    old = first.common.ledger.keys.fingerprint
    name_host(house, other)
    hand_over(house, other)
    for desk in house.desks:
        desk.sync()
    assert {desk.identity.place.url for desk in house.desks} == {other.url}
    assert first.common.ledger.keys.fingerprint == card_of(other).keys.fingerprint != old
    assert first.act("plenary", SAID).verdict.status == "valid"
    house.settle()
    assert second.talks.size == first.talks.size
    assert second.talks.roster.digest == first.talks.roster.digest
    assert second.act("caucus", InstructionsGiven(text="Go on.", language="en")).verdict.status == "valid"
    again = house.reopen(first)
    again.sync()
    assert again.act("plenary", SAID).verdict.status == "valid"
    assert again.home.size == again.caucus.ledger.size


def test_nobody_acts_before_having_moved(house: House, other: Venue) -> None:
    name_host(house, other)
    with pytest.raises(LocalError) as refused:
        house.desks[1].act("plenary", SAID)
    assert refused.value.code == "venue-changed"
