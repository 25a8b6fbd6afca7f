"""The people of a delegation: comparing keys, inviting, admitting, recalling, and the root's succession.

This module decides what a head of delegation does with the root kit in hand (spec/credentials.md). It never keeps a root
key: the kit is read, used and forgotten.

1. Comparing comes first. Only after a person has said that the number matches does this desk send anything but keys.
2. A hand-over file is made once for one person; its secret ties the joining desk's keys to it. The desk is then
   admitted by the root, and all rooms it may read get a new epoch.
3. A capital's members are accredited in the caucus alone.
4. Recall ends a member's desks everywhere at once: by the rules, in new epochs, and at the venue's door.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from good_offices.desk.desk import Desk, Done
from good_offices.desk.founding import CALENDAR, CALENDAR_NOTE
from good_offices.desk.identity import HandOver, Person
from good_offices.encoding import Record, check_words, pack, unpack
from good_offices.errors import LocalError
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import PairSigner
from good_offices.talks.credentials import (
    Introduction,
    Root,
    Succession,
    certificate_message,
    handover_mac,
    successor_commitment,
)
from good_offices.talks.event import LEVELS, POWERS
from good_offices.talks.events_roster import (
    DelegationAccreditation,
    DelegationAccredited,
    DeskCertified,
    KeysCompared,
    MemberAccreditation,
    MemberAccredited,
    MemberRecalled,
    Recall,
    RootSucceeded,
)
from good_offices.talks.roster import number_digest
from good_offices.transport.signing import posting_secret

GUEST: Final = "guest/"


class Invited(Record, kw_only=True, tag="good-offices/invited/1", tag_field="form"):
    """Somebody who was given a hand-over file and has not been admitted."""

    desk: str
    person: Person
    secret: bytes


def number(desk: Desk) -> str:
    """Return the 60 digits that this desk's user compares with every other delegation.

    Raises:
        LocalError: `introductions-missing`.
    """
    return desk.talks.roster.number


def confirm(desk: Desk, said: str, root: PairSigner | None) -> list[Done]:
    """Keep that the user has compared the number, and accredit delegation and head if this desk is the first.

    `said` is the number as the other side read it; spaces do not count. `root` is needed at a first desk.

    Raises:
        LocalError: `number-does-not-match`, `introductions-missing`, `root-kit-needed`, `root-kit-foreign`.
    """
    ours = number(desk)
    if not hmac.compare_digest("".join(said.split()), "".join(ours.split())):
        raise LocalError("number-does-not-match")
    first = desk.identity.enrolment is not None
    if first:
        _check_root(desk, root)
    desk.storage.put("compared", desk.first_number.encode())
    desk.sync()
    if not first or root is None:
        return []
    done = []
    roster = desk.talks.roster
    delegation = desk.identity.place.delegation
    if not roster.compared(delegation):
        done.append(desk.act("roster", KeysCompared(number=number_digest(ours))))
    if roster.delegations[delegation].accreditation is None:
        done.append(_accredit_delegation(desk, root))
    if not roster.book.members[desk.identity.person.member].given:
        done.append(_accredit(desk, desk.identity.person, root, "roster"))
    desk.sync()
    return done


def invite(
    desk: Desk,
    name: str,
    capacity: str,
    level: str,
    powers: Sequence[str],
    *,
    capital: bool = False,
    duty: bool = False,
    guest: bool = False,
) -> HandOver:
    """Return the hand-over for one person's desk; the venue knows the desk from here on, but not whose it is.

    A desk on `duty` is nobody's: it answers soundings and has no powers (spec/soundings.md section 2.2). That of a `guest` reads nothing
    until all delegations have invited it, and has no powers (spec/guests.md).

    Raises:
        LocalError: `not-first-desk`, `level-unknown`, `power-unknown`, `text-not-plain`.
        OperationalError: the venue cannot be told; nothing was kept.
    """
    if level not in LEVELS:
        raise LocalError("level-unknown", level=level, levels=", ".join(LEVELS))
    unknown = [power for power in powers if power not in POWERS]
    if unknown:
        raise LocalError("power-unknown", power=unknown[0], powers=", ".join(POWERS))
    check_words(name, what="the name")
    check_words(capacity, what="the capacity")
    client = desk.delegation_client()
    identity = desk.identity
    assert identity.enrolment is not None
    person = Person(
        member=secrets.token_hex(16),
        name=name,
        capacity=capacity,
        level=level,
        powers=[power for power in POWERS if power in powers],
        capital=capital,
        duty=duty,
        guest=guest,
    )
    invited = Invited(desk=secrets.token_hex(16), person=person, secret=secrets.token_bytes(32))
    desk.storage.put(f"invited/{invited.desk}", pack(invited))
    try:
        client.enrol(invited.desk, identity.place.delegation)
    except BaseException:
        desk.storage.remove(f"invited/{invited.desk}")
        raise
    finally:
        client.close()
    compared = desk.storage.get("compared")
    return HandOver(
        place=identity.place,
        person=person,
        delegation_name=identity.delegation_name,
        desk=invited.desk,
        posting=posting_secret(identity.enrolment, invited.desk),
        secret=invited.secret,
        number=compared.decode() if compared else None,
        left={name: desk.storage.get(name) or b"" for name in desk.storage.names("parted/")},
        # A guest reads no sounding.
        calendar=b"" if guest else desk.storage.get(CALENDAR) or b"",
        calendar_note=b"" if guest else desk.storage.get(CALENDAR_NOTE) or b"",
    )


def waiting(desk: Desk) -> list[Invited]:
    """Return the people who were invited and not yet admitted."""
    names = desk.storage.names("invited/")
    return [unpack(desk.storage.get(name) or b"", Invited) for name in names]


def uninvite(desk: Desk, invited: Invited) -> None:
    """Take an invitation back: the venue no longer answers that desk, and nobody can be admitted by its file.

    Raises:
        LocalError: `not-first-desk`.
        OperationalError: the venue cannot be told; the invitation stands.
    """
    client = desk.delegation_client()
    try:
        client.dismiss(invited.desk)
    finally:
        client.close()
    desk.storage.remove(f"invited/{invited.desk}")


def admit(desk: Desk, invited: Invited, root: PairSigner) -> list[Done]:
    """Accredit an invited member and certify the desk that introduced itself under the hand-over's secret.

    Raises:
        LocalError: `not-yet-introduced`, `hand-over-broken`, `root-kit-foreign`.
    """
    _check_root(desk, root)
    room = "caucus" if invited.person.capital else "roster"
    statement = _introduction(desk, invited, room).statement
    signature = root.sign(Domain.CERTIFICATE, certificate_message(statement, _root(desk)))
    # A desk on duty is no member's, and a guest is no member: nobody is accredited for it.
    is_nobodys = invited.person.duty or invited.person.guest
    done = [] if is_nobodys else [_accredit(desk, invited.person, root, room)]
    done.append(desk.act(room, DeskCertified(statement=statement, signature=signature)))
    if invited.person.guest:
        # Whose desk it is stands nowhere until the guest is invited: kept for whoever writes the invitation.
        desk.storage.put(f"{GUEST}{statement.hash.hex()}", pack(invited.person))
    desk.storage.remove(f"invited/{invited.desk}")
    desk.sync()
    return done


def recall(desk: Desk, member: str, root: PairSigner) -> list[Done]:
    """Recall a member for good: by the rules, by new epochs, and at the venue's door.

    Raises:
        LocalError: `root-kit-foreign`, `member-unknown`.
    """
    _check_root(desk, root)
    place = desk.identity.place
    books = {"roster": desk.talks.roster.book, "caucus": desk.home.caucus.book}
    rooms = [room for room, book in books.items() if member in book.members]
    if not rooms:
        raise LocalError("member-unknown")
    statement = Recall(talks=place.talks, delegation=place.delegation, member=member)
    signature = root.sign(Domain.ACCREDITATION, pack(statement))
    done = [desk.act(room, MemberRecalled(recall=statement, signature=signature)) for room in rooms]
    desks = {
        one.statement.desk
        for book in books.values()
        for one in book.desks.values()
        if one.statement.member == member
    }
    client = desk.delegation_client()
    try:
        for one in sorted(desks):
            client.dismiss(one)
    finally:
        client.close()
    desk.sync()
    return done


def succeed(desk: Desk, successor: PairSigner, following: PairSigner) -> Done:
    """Put the successor root in force; `following` is the root that it commits to in turn.

    Raises:
        LocalError: `root-kit-foreign` if this is not the successor that the root committed to.
    """
    check_successor(desk, successor)
    place = desk.identity.place
    last = _root(desk)
    root = Root(public=successor.public, successor=successor_commitment(following.public))
    succession = Succession(
        talks=place.talks, delegation=place.delegation, succeeds=last.fingerprint, root=root
    )
    signature = successor.sign(Domain.SUCCESSION, pack(succession))
    return desk.act("roster", RootSucceeded(succession=succession, signature=signature))


def check_successor(desk: Desk, successor: PairSigner) -> None:
    """Pass if this is the successor to which the root in force has committed.

    Raises:
        LocalError: `root-kit-foreign`.
    """
    if successor_commitment(successor.public) != _root(desk).successor:
        raise LocalError("root-kit-foreign")


def accredit_again(desk: Desk, person: Person, root: PairSigner) -> Done:
    """Give a member other powers, level or capacity; the newest accreditation counts."""
    _check_root(desk, root)
    return _accredit(desk, person, root, "caucus" if person.capital else "roster")


def _accredit(desk: Desk, person: Person, root: PairSigner, room: str) -> Done:
    """Post a member's accreditation under its next number."""
    book = desk.home.caucus.book if room == "caucus" else desk.talks.roster.book
    known = book.members.get(person.member)
    place = desk.identity.place
    statement = MemberAccreditation(
        talks=place.talks,
        delegation=place.delegation,
        member=person.member,
        name=person.name,
        capacity=person.capacity,
        level=person.level,  # type: ignore[arg-type] # checked against LEVELS when the person was invited
        powers=tuple(person.powers),  # type: ignore[arg-type] # likewise against POWERS
        capital=person.capital,
        number=known.given[-1].accreditation.number + 1 if known and known.given else 0,
    )
    signature = root.sign(Domain.ACCREDITATION, pack(statement))
    return desk.act(room, MemberAccredited(accreditation=statement, signature=signature))


def _accredit_delegation(desk: Desk, root: PairSigner) -> Done:
    """Post the name that this delegation gives itself."""
    place = desk.identity.place
    statement = DelegationAccreditation(
        talks=place.talks, delegation=place.delegation, name=desk.identity.delegation_name
    )
    signature = root.sign(Domain.ACCREDITATION, pack(statement))
    return desk.act("roster", DelegationAccredited(accreditation=statement, signature=signature))


def has_shown_keys(desk: Desk, invited: Invited) -> bool:
    """Return whether the invited person's desk has posted its keys; `admit` checks whose they are."""
    room = "caucus" if invited.person.capital else "roster"
    return any(line.statement.desk == invited.desk for line in desk.book(room).introductions())


def _introduction(desk: Desk, invited: Invited, room: str) -> Introduction:
    """Return what the joining desk posted, after checking it against the hand-over's secret (rule 2)."""
    for line in desk.book(room).introductions():
        statement = line.statement
        if statement.desk != invited.desk or line.handover is None:
            continue
        expected = handover_mac(invited.secret, statement, line.kems)
        if not hmac.compare_digest(expected, line.handover) or statement.member != invited.person.member:
            raise LocalError("hand-over-broken", name=invited.person.name)
        return line
    raise LocalError("not-yet-introduced", name=invited.person.name)


def _root(desk: Desk) -> Root:
    """Return this delegation's root as the register has it."""
    return desk.talks.roster.root(desk.identity.place.delegation)


def _check_root(desk: Desk, root: PairSigner | None) -> None:
    """Refuse a kit that is not this delegation's root in force."""
    if root is None:
        raise LocalError("root-kit-needed")
    if root.public != _root(desk).public:
        raise LocalError("root-kit-foreign")
