"""Before talks: the host composes the lists, carries the introductions, and would like to be the other side."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.hostile.conftest import PASSPHRASE, Stage
from tests.hostile.host import HostileHost
from tests.support.standing import quick

from good_offices.desk import people
from good_offices.desk.brought import brought
from good_offices.desk.desk import Desk
from good_offices.desk.founding import CALENDAR
from good_offices.desk.soundings import duty
from good_offices.desk.soundings.answering import Answering
from good_offices.encoding import pack
from good_offices.errors import LocalError
from good_offices.register.host import HostSigner
from good_offices.talks.events_sounding import Calendar


def signer(host: HostileHost, register: str = "") -> HostSigner:
    return HostSigner(*host.seeds, f"venue.invalid/t/{register or host.common}")


def give(host: HostileHost, calendar: bytes, note: bytes | None = None) -> None:
    """Put a calendar into all invitations."""
    signed = signer(host).sign_calendar(calendar) if note is None else note
    host.invitations = [replace(one, calendar=calendar, calendar_note=signed) for one in host.invitations]


def said(reader: Desk, *authors: Desk) -> set[tuple[str, str]]:
    """Rooms and names of all acts of some desks, as the other side reads them."""
    ours = {desk.certificate for desk in authors}
    rooms = {room: name for name, room in reader.rooms.items()}
    acts = [line.act for line in reader.common.lines() if line.act is not None]
    return {(rooms[one.room], one.event.name) for one in acts if one.author in ours}


def on_duty(stage: Stage, head: Desk, name: str) -> Desk:
    """A duty desk that was handed its file and has introduced itself; nobody has admitted it."""
    handover = people.invite(head, "Duty desk", "unattended", "experts", [], duty=True)
    desk = Desk.create(stage.folder / name, PASSPHRASE, pack(handover))
    stage.desks.append(desk)
    desk.sync()
    return desk


def admit(stage: Stage, head: Desk) -> None:
    head.sync()
    (invited,) = people.waiting(head)
    people.admit(head, invited, stage.root(head))


@pytest.mark.parametrize("number", [0, 1])
def test_with_keys_swapped_no_sounding_message_ever_leaves(empty: Stage, number: int) -> None:
    """The host is the other side, and does all that the other side could do; as long as nobody has compared, silence."""
    host = empty.host
    give(host, pack(quick()))
    victim, impostor = empty.first(number), empty.first(1 - number)
    for desk in (victim, impostor) * 2:
        desk.sync()
    people.confirm(impostor, people.number(impostor), empty.root(impostor))
    theirs = on_duty(empty, impostor, "their-duty")
    ours = on_duty(empty, victim, "our-duty")
    with pytest.raises(LocalError) as refused:
        admit(empty, victim)
    assert refused.value.code == "keys-not-compared-here"
    with pytest.raises(LocalError) as refused:
        duty.check_on_duty(ours)
    assert refused.value.code == "keys-not-compared-here"
    # Even one that somebody starts in spite of that.
    answering = Answering(ours)
    for desk, _ in itertools.product((impostor, theirs, victim), range(4)):
        desk.sync()
        assert duty.beat(ours, answering).answered == ()
    # Of the honest side the host has public keys, and the epoch of the roster in which numbers are compared.
    impostor.sync()
    assert said(impostor, victim, ours) <= {("roster", "ManifestIssued"), ("roster", "KeyRenewed")}
    assert {int(line.leaf.kind) for line in impostor.common.lines()} <= {1, 2, 3, 4}
    assert ours.outgoing() == victim.outgoing() == []
    # It is the comparison that stands between: somebody who says that the number matches opens the way.
    people.confirm(victim, people.number(impostor), empty.root(victim))
    ours.storage.put("compared", victim.storage.get("compared"))
    empty.settle()
    for head in (impostor, victim):
        admit(empty, head)
    empty.settle()
    for _ in range(6):
        duty.beat(ours, answering)
        empty.settle()
    assert ("sounding", "StandingListsHeld") in said(impostor, ours)


def other_host(host: HostileHost, calendar: bytes) -> bytes:
    return signer(HostileHost(), host.common).sign_calendar(calendar)


def other_register(host: HostileHost, calendar: bytes) -> bytes:
    return signer(host, host.invitations[0].caucus).sign_calendar(calendar)


def other_calendar(host: HostileHost, _calendar: bytes) -> bytes:
    return signer(host).sign_calendar(pack(quick(times=3)))


def a_checkpoint(host: HostileHost, _calendar: bytes) -> bytes:
    return host.log("", host.common).note()


def no_note(_host: HostileHost, _calendar: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("forged", [other_host, other_register, other_calendar, a_checkpoint, no_note])
def test_lists_that_the_host_did_not_sign_for_these_talks_open_no_desk(empty: Stage, forged: object) -> None:
    """What came on the way into an invitation is refused, and no folder is left."""
    calendar = pack(quick())
    give(empty.host, calendar, forged(empty.host, calendar))
    for read in (lambda: empty.first(0), lambda: brought(pack(empty.host.invitations[0]))):
        with pytest.raises(LocalError) as refused:
            read()
        assert refused.value.code == "calendar-not-signed"
        assert "another channel" in refused.value.remedy
    assert not (empty.folder / "desk0").exists()


def test_a_note_without_lists_opens_no_desk(empty: Stage) -> None:
    """A signature of nothing is no signature of no lists."""
    give(empty.host, b"", signer(empty.host).sign_calendar(b"something"))
    with pytest.raises(LocalError) as refused:
        empty.first(0)
    assert refused.value.code == "calendar-not-signed"


@pytest.mark.parametrize(
    "content", [b"\xa1", pack(Calendar(lists=())), b"x" * 500_000], ids=["cut", "none", "long"]
)
def test_signed_lists_that_cannot_be_sounded_open_no_desk(empty: Stage, content: bytes) -> None:
    """A host that signs nonsense is told so by the first desk that opens it, not by a duty desk that stays silent."""
    give(empty.host, content)
    with pytest.raises(LocalError) as refused:
        empty.first(0)
    assert refused.value.code == "calendar-unusable"


def test_a_hand_over_with_other_lists_opens_no_desk(empty: Stage, tmp_path: Path) -> None:
    """Who alters a hand-over on its way cannot give a duty desk lists of his own."""
    give(empty.host, pack(quick()))
    head = empty.first(0)
    head.sync()
    handover = people.invite(head, "Duty desk", "unattended", "experts", [], duty=True)
    assert handover.calendar == head.storage.get(CALENDAR)
    with pytest.raises(LocalError) as refused:
        Desk.create(tmp_path / "altered", PASSPHRASE, pack(replace(handover, calendar=pack(quick(times=9)))))
    assert refused.value.code == "calendar-not-signed"
