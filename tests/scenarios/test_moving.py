"""Talks that leave their host and go on with another, over two real venues (spec/moving.md)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.support.ending import tabled, together
from tests.support.hosting import other_host
from tests.support.house import PASSPHRASE, House, Venue

from good_offices.clerk import closing, meeting_acts
from good_offices.desk import expecting, moving
from good_offices.desk import outcome as outcomes
from good_offices.desk.carried import verify_pouch
from good_offices.desk.client import VenueClient
from good_offices.desk.desk import Desk
from good_offices.desk.pouch import take_pouch, write_letter
from good_offices.errors import LocalError, OperationalError, RemoteError
from good_offices.instrument.anchors import Beside
from good_offices.instrument.evidence import verify_any
from good_offices.instrument.outcome import Outcome
from good_offices.instrument.verify import verify_outcome
from good_offices.register.hosting import VenueCard, read_card
from good_offices.register.term import Term
from good_offices.talks.events_meetings import SittingAccepted
from good_offices.talks.events_moving import RulesUpgraded, VenueChanged
from good_offices.talks.events_outcome import ClosingRecordSigned
from good_offices.talks.events_plenary import InstructionsGiven, StatementMade
from good_offices.venue.handing import hand_in
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


def moved(house: House, venue: Venue) -> None:
    name_host(house, venue)
    hand_over(house, venue)
    house.settle()


def test_one_delegation_alone_moves_nothing(house: House, other: Venue) -> None:
    first, second = house.desks
    first.act("roster", changed(other))
    second.sync()
    assert moving.go_on(first) is None
    with pytest.raises(LocalError) as refused:
        moving.register_file(first)
    assert refused.value.code == "venue-stays"
    assert second.act("plenary", SAID).verdict.status == "valid"


def test_what_was_posted_behind_the_cut_is_posted_again(house: House, other: Venue) -> None:
    first, second = house.desks
    second.sync()
    first.act("roster", changed(other))
    second.sync()
    # Written and sent before its author has seen that all have accepted.
    said = first.hand_in("plenary", SAID)
    home = first.hand_in("caucus", InstructionsGiven(text="Wait.", language="en"))
    second.act("roster", changed(other))
    first.send()
    hand_over(house, other)
    assert not second.sync() or second.talks.size
    first.sync()
    house.settle()
    assert first.common.verdicts[said].status == "valid"
    assert first.caucus.verdicts[home].status == "valid"
    assert next(one.act.event for one in second.common.lines(second.common.ledger.cut) if one.act) == SAID
    assert not first.storage.names("sent/")


def test_the_old_host_may_append_what_it_likes(house: House, other: Venue) -> None:
    first, second = house.desks
    name_host(house, other)
    register = first.identity.place.common
    cut = second.talks.roster.hosts.now.since
    second.client.append(register, [(4, bytes(2048))])
    second.client.append(register, [(4, bytes(2049))])
    hand_over(house, other)
    house.settle()
    assert first.act("plenary", SAID).verdict.index == cut
    assert first.common.ledger.left[0].term.tail == b"" or len(first.common.ledger.left[0].term.tail) == 64


def test_who_joins_later_reads_everything_and_trusts_the_new_host(house: House, other: Venue) -> None:
    first = house.desks[0]
    first.act("plenary", SAID)
    moved(house, other)
    adviser = house.join(first, "Adviser", powers=("speak",))
    assert adviser.talks.size == first.talks.size
    assert adviser.talks.roster.digest == first.talks.roster.digest
    assert adviser.act("plenary", SAID).verdict.status == "valid"


def test_a_desk_from_a_backup_moves_by_the_card_when_the_old_host_is_gone(
    house: House, other: Venue, tmp_path: Path
) -> None:
    first, second = house.desks
    folder = second.storage.folder
    second.close()
    shutil.copytree(folder, tmp_path / "copy")
    house.desks[1] = second = Desk.open(folder, PASSPHRASE)
    moved(house, other)
    first.act("plenary", SAID)
    second.close()
    house.venue.__exit__()
    house.desks[1] = restored = Desk.open(tmp_path / "copy", PASSPHRASE)
    with pytest.raises(OperationalError, match="venue"):
        restored.sync()
    moving.by_card(restored, card(other.folder, other.url))
    restored.sync()
    assert restored.talks.size == first.talks.size
    assert restored.talks.roster.digest == first.talks.roster.digest


def test_a_card_that_nobody_named_moves_nobody(house: House, other: Venue, tmp_path: Path) -> None:
    second = house.desks[1]
    with Venue(tmp_path / "third") as third:
        name_host(house, other)
        with pytest.raises(RemoteError) as refused:
            moving.by_card(second, card(third.folder, third.url))
    assert refused.value.code == "venue-not-named"
    assert second.identity.place.url == house.venue.url


@pytest.mark.parametrize("harm", ["cut", "altered", "keys"])
def test_a_new_host_that_does_not_go_on_from_our_record_is_not_gone_to(
    house: House, other: Venue, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = house.desks
    first.act("plenary", SAID)
    name_host(house, other)
    hand_over(house, other)
    real = VenueClient.term

    def lies(client: VenueClient, register: str) -> Term:
        term = real(client, register)
        if harm == "cut":
            return replace(term, cut=term.cut - 1)
        if harm == "keys":
            return replace(term, old=tuple(card_of(other).for_register(register).vkeys))
        return replace(term, tail=bytes(32))

    monkeypatch.setattr(VenueClient, "term", lies)
    before = second.identity.place.url
    with pytest.raises(RemoteError) as refused:
        second.sync()
    assert refused.value.code == "venue-differs"
    assert second.identity.place.url == before
    monkeypatch.undo()
    second.sync()
    assert second.identity.place.url == other.url


def test_what_a_venue_takes_over_is_the_first_desks_own_and_whole(house: House, other: Venue) -> None:
    first, _second = house.desks
    name_host(house, other)
    with pytest.raises(OperationalError):
        first.sync()
    data = moving.register_file(first)
    for harmed in (data[:-1], data[:500] + bytes(1) + data[501:], b"", house.desks[0].certificate):
        with pytest.raises(RemoteError) as refused:
            take_over(other.folder, harmed)
        assert refused.value.code == "register-file-wrong"
    once, again = take_over(other.folder, data), take_over(other.folder, data)
    assert once == again
    with pytest.raises(RemoteError, match="another host"):
        take_over(house.venue.folder, data)


def test_an_outcome_of_talks_that_moved_shows_both_hosts(tmp_path: Path) -> None:
    with House(tmp_path, played=tabled) as house, Venue(tmp_path / "other") as other:
        moved(house, other)
        first = house.desks[0]
        old = first.common.ledger.left[0].term
        together(house, lambda desk: ClosingRecordSigned(record=closing.closing_record(desk)))
        data = outcomes.export(first)
        found = verify_outcome(data)
        assert found.valid
        assert (found.host, found.hosts) == (old.keys.fingerprint, (card_of(other).keys.fingerprint,))
        assert found.origin == first.common.ledger.keys.origin
        outcome = Outcome.parse(data)
        for note in (old.note, _signed_by_nobody(outcome.checkpoint, first)):
            with pytest.raises(RemoteError) as refused:
                verify_outcome(replace(outcome, checkpoint=note).to_bytes())
            assert refused.value.code in {"checkpoint-invalid", "entry-not-in-register"}
        said = first.act("plenary", SAID).act
        assert verify_any(outcomes.disclosure(first, said)).valid
        receipt = verify_any(outcomes.receipt_file(first, first.talks.size - 1))
        assert receipt.valid
        assert receipt.host == card_of(other).keys.fingerprint
        early = verify_any(outcomes.receipt_file(first, 1))
        assert (early.valid, early.host) == (True, old.keys.fingerprint)


def _signed_by_nobody(note: bytes, desk: Desk) -> bytes:
    """The same words as the new host's, under keys that nobody named."""
    said = desk.common.ledger.keys.open(note)
    stranger = other_host("stranger.example").named(said.origin)
    return stranger.sign(said, 1)


def test_rules_that_a_desk_does_not_know_stop_it_and_lose_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = house.desks
    with pytest.raises(LocalError) as refused:
        first.act("roster", RulesUpgraded(rules=2))
    assert refused.value.code == "rules-unknown-here"
    # A release that knows them, at both.
    monkeypatch.setattr("good_offices.desk.moving.VERSIONS", frozenset({1, 2}))
    for desk in house.desks:
        desk.sync()
        desk.act("roster", RulesUpgraded(rules=2))
    monkeypatch.undo()
    second.client.append(second.identity.place.common, [(4, bytes(2048))])
    sizes = set()
    for desk in list(house.desks):
        with pytest.raises(LocalError) as stopped:
            desk.sync()
        assert stopped.value.code == "rules-newer"
        again = house.reopen(desk)
        with pytest.raises(LocalError, match="version 2 of the rules"):
            again.act("plenary", SAID)
        assert again.talks.roster.rules == 2
        sizes.add((again.talks.size, again.common.ledger.size, again.talks.roster.digest))
    assert len(sizes) == 1


def test_after_the_move_a_courier_carries_to_and_from_the_new_host(house: House, other: Venue) -> None:
    first, second = house.desks
    moved(house, other)
    first.act("plenary", SAID)
    second.talk_by(courier=True)
    pouch = hand_in(other.folder, write_letter(second))
    taken = take_pouch(second, pouch)
    assert second.talks.size == first.talks.size
    assert taken
    assert verify_pouch(pouch, Beside()).host == card_of(other).keys.fingerprint


def test_a_box_that_is_open_goes_on_at_the_new_host(house: House, other: Venue) -> None:
    first, second = house.desks
    event = meeting_acts.proposed(
        first,
        title="First meeting",
        level="experts",
        start=1_900_000_000_000,
        end=1_900_003_600_000,
        zones=[("Verin", "Europe/Zurich")],
    )
    name = event.content
    first.act("plenary", event)
    second.sync()
    second.act("plenary", SittingAccepted(sitting=name))
    first.sync()
    expecting.seal_expectations(first, name, {"en": "A date for the lower dam."})
    expecting.go_on(first)
    moved(house, other)
    expecting.seal_expectations(second, name, {"en": "A common gauge."})
    for _ in range(4):
        for desk in house.desks:
            desk.sync()
            expecting.go_on(desk)
    assert len(expecting.opened(first, name)) == 2
    assert expecting.opened(first, name) == expecting.opened(second, name)
