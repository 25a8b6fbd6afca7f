"""A desk: one member's own place in the talks, from its folder to its venue.

This module decides what happens when a person does something: bring the record up to date, ask the rules, sign, seal,
keep in the outbox, send, and read the verdict from the register like everybody else. It never shows anything.

1. Nothing is sent to the other side before this desk's own user has compared the number, but public keys.
2. An act is in the outbox, on the disk, before it is sent; it leaves the outbox when its receipt is kept.
3. What one's own act has done is learned from the register, never assumed.
4. After evidence against the host the desk stops: it opens and shows its record, and sends nothing.
5. A desk that talks by courier (`desk.pouch`) asks nothing of any network: what it writes waits for the next letter.
"""

from __future__ import annotations

import time
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from good_offices.desk import boxes, conditions, consent, housekeeping, moving, sending
from good_offices.desk.ahead import check_in_turn
from good_offices.desk.books import caucus_book, common_book, compare_views
from good_offices.desk.capital import check_may_write
from good_offices.desk.checking import Checks
from good_offices.desk.client import VenueClient
from good_offices.desk.compose import Outgoing, Standing, seal_act, write_act
from good_offices.desk.epochs import Epochs
from good_offices.desk.founding import found
from good_offices.desk.identity import Identity
from good_offices.desk.record import AGAIN, Book
from good_offices.desk.storage import Faults, Storage, no_faults
from good_offices.encoding import pack, unpack
from good_offices.errors import HostConvictedError, LocalError, OperationalError
from good_offices.register.leaf import Kind
from good_offices.talks.acts import Event
from good_offices.talks.book import Issued
from good_offices.talks.caucus import CaucusReplay
from good_offices.talks.credentials import comparison_number
from good_offices.talks.replay import CommonReplay
from good_offices.talks.rooms import Chain
from good_offices.talks.rules import RULES
from good_offices.talks.verdict import Verdict, WithoutEffectError


class Done(NamedTuple):
    """What became of an act: its hash, and its verdict if the register has it already."""

    act: bytes
    verdict: Verdict | None


class Desk:
    """An open desk folder with its rules and its venue."""

    def __init__(self, storage: Storage) -> None:
        """Take an open folder; use `create` or `open`."""
        self.storage = storage
        identity = storage.get("identity")
        if identity is None:
            raise LocalError("desk-unfinished", folder=storage.folder)
        self.identity = unpack(identity, Identity, what="the desk's identity")
        place = self.identity.place
        self.signer = self.identity.signer
        self.certificate = self.identity.statement.hash
        self.rooms = self.identity.rooms
        self.client = VenueClient(place.url, self.identity.statement.desk, self.identity.posting)
        self.epochs = Epochs(storage, place.talks, self.certificate)
        self.common: Book[CommonReplay] = common_book(storage, self.client, place, self.epochs)
        self.caucus: Book[CaucusReplay] = caucus_book(
            storage, self.client, place, self.epochs, self.common.ledger, lambda: self.talks
        )
        self.judge_again()

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        file: bytes,
        *,
        delegation: str | None = None,
        member: str | None = None,
        capacity: str | None = None,
        faults: Faults = no_faults,
    ) -> Desk:
        """Return a new desk from an invitation or a hand-over file; for a first desk both kits stand in the folder.

        Raises:
            LocalError: `invitation-damaged`, `names-missing`, `hand-over-differs`, `folder-not-empty`.
        """
        storage = found(
            folder, passphrase, file, delegation=delegation, member=member, capacity=capacity, faults=faults
        )
        return cls._of(storage)

    @classmethod
    def open(cls, folder: Path, passphrase: str, faults: Faults = no_faults) -> Desk:
        """Return the desk in a folder.

        Raises:
            LocalError: as `Storage.open`; `desk-unfinished`.
        """
        return cls._of(Storage.open(folder, passphrase, faults))

    @classmethod
    def _of(cls, storage: Storage) -> Self:
        """Return the desk in an open folder, or close the folder again."""
        try:
            return cls(storage)
        except BaseException:
            storage.close()
            raise

    def close(self) -> None:
        """Keep the verified prefix and give the folder free."""
        try:
            self.common.save()
            self.caucus.save()
        finally:
            self.client.close()
            self.storage.close()

    def __enter__(self) -> Self:
        """Return the desk."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the desk."""
        self.close()

    # What this desk knows

    @property
    def talks(self) -> CommonReplay:
        """The rules' view of the common rooms."""
        return self.common.judge

    @property
    def home(self) -> CaucusReplay:
        """The rules' view of this delegation's caucus."""
        return self.caucus.judge

    @property
    def confirmed(self) -> bool:
        """Whether this desk's own user has compared the number (rule 1)."""
        return self.storage.get("compared") == self.first_number.encode()

    @property
    def first_number(self) -> str:
        """The number over the roots that were introduced: a succession is bound to them and needs no new comparison."""
        roster = self.talks.roster
        if not roster.introduced:
            return ""
        roots = [one.roots[0].root.public for one in roster.delegations.values()]
        return comparison_number(roster.talks, roster.suite, roots)

    @property
    def by_courier(self) -> bool:
        """Whether this desk talks by letter and pouch (rule 5)."""
        return self.storage.get("courier") is not None

    def talk_by(self, *, courier: bool) -> None:
        """Talk by courier from now on, or over the network again."""
        if courier:
            self.storage.put("courier", b"1")
        elif self.by_courier:
            self.storage.remove("courier")

    def delegation_client(self) -> VenueClient:
        """Return a connection that speaks for the delegation at the venue: for enrolling and dismissing desks.

        Raises:
            LocalError: `by-courier`, or `not-first-desk` if this desk does not hold the enrolment key.
        """
        if self.by_courier:
            raise LocalError("by-courier")
        if self.identity.enrolment is None:
            raise LocalError("not-first-desk")
        place = self.identity.place
        return VenueClient(place.url, f"delegation:{place.delegation}", self.identity.enrolment)

    def room_id(self, room: str) -> str:
        """Return the id of a room by its name; a group is named by its id.

        Raises:
            LocalError: `room-unknown`.
        """
        known = self.rooms.get(room)
        if known is None and self.talks.kind(room) != "group":
            raise LocalError("room-unknown")
        return known or room

    def book(self, room: str) -> Book[CommonReplay] | Book[CaucusReplay]:
        """Return the record in which a room stands, by the room's name."""
        return self.caucus if room == "caucus" else self.common

    # What a person does

    def sync(self) -> list[Verdict]:
        """Return the verdicts on everything new, after sending what waits and doing the desk's own chores.

        By courier only the chores are done.

        Raises:
            HostConvictedError, OperationalError, RemoteError: nothing that was acknowledged is lost.
        """
        self.check_unstopped()
        moving.follow(self)
        self.may_go_on()
        housekeeping.enrol(self)
        fresh = self.receive()
        if moving.follow(self):
            fresh += self.receive()
        self.may_go_on()
        self.send()
        fresh += self.receive()
        if housekeeping.chores(self):
            fresh += self.receive()
        housekeeping.cosign(self)
        conditions.look(self)
        self.common.save()
        self.caucus.save()
        return fresh

    def receive(self) -> list[Verdict]:
        """Return the verdicts on what the venue has that this desk has not; nothing by courier."""
        return [] if self.by_courier else self.read()

    def read(self) -> list[Verdict]:
        """Return the verdicts on what the source of the ledgers has that this desk has not.

        A page of the caucus is fetched before the common record is brought up to date and judged after it, so that the
        common record reaches whatever the page's acts had seen.
        """
        fresh = self.judge_again()
        try:
            # A desk on duty or a guest's has no place in the caucus, and does not ask for it.
            caucus = self.caucus.ledger.fetch() if "caucus" in self.identity.seats else iter(())
            with Checks() as checks:
                while True:
                    ours = next(caucus, [])
                    try:
                        common = self.common.catch_up(checks)
                    except BaseException:
                        self.caucus.forget(ours)
                        raise
                    # Always: a record that could not be taken was restored, and is another object since.
                    self.caucus.judge.common = self.talks
                    fresh |= {(self.common.ledger.register, one.index): one for one in common}
                    told = self.caucus.take(ours, checks)
                    fresh |= {(self.caucus.ledger.register, one.index): one for one in told}
                    fresh |= self.judge_again()
                    if not ours:
                        break
            compare_views(self.common, self.caucus)
            boxes.look(self.storage, self.common)
        except HostConvictedError as convicted:
            self.storage.put("stopped", convicted.code.encode())
            raise
        return list(fresh.values())

    def judge_again(self) -> dict[tuple[str, int], Verdict]:
        """Judge both records again if a secret came that opens earlier entries; return what can be read only now.

        The caucus is judged by the common record and may hand over its secrets, so each round takes both.
        """
        fresh: dict[tuple[str, int], Verdict] = {}
        further = self.storage.get(AGAIN) is not None
        while further:
            common, _ = self.common.judge_again()
            caucus, further = self.caucus.judge_again()
            fresh |= {(self.common.ledger.register, one.index): one for one in common}
            fresh |= {(self.caucus.ledger.register, one.index): one for one in caucus}
        if self.storage.get(AGAIN) is not None:
            self.storage.remove(AGAIN)
        return fresh

    def act(self, room: str, event: Event, *, unconfirmed: bool = False) -> Done:
        """Do one act in a room and return what became of it.

        Raises:
            LocalError: as `hand_in`; nothing has left this machine.
            OperationalError: it waits in the outbox.
        """
        done = self.hand_in(room, event, unconfirmed=unconfirmed)
        self.send()
        # The act is posted now, and its receipt kept: that the venue does not answer again is no failure of the act.
        with suppress(OperationalError):
            self.receive()
        return Done(done, self.book(room).verdicts.get(done))

    def hand_in(self, room: str, event: Event, *, unconfirmed: bool = False) -> bytes:
        """Return the hash of a member's act that now waits in the outbox for the next `send`.

        `unconfirmed` lets an act go that has no effect yet, such as one done without powers (VCLT 8): it stands in
        the record, without effect, until a member with the power confirms it.

        Raises:
            LocalError: the rules refuse it, or the delegation's own (`consent-missing`); nothing has left this machine.
        """
        self.may_post(room)
        return consent.written(self, room, event, lambda: self.write(room, event, unconfirmed=unconfirmed))

    def may_post(self, room: str) -> None:
        """Refuse what a member of this desk may not post in a room, whatever it is.

        Raises:
            LocalError: `desk-stopped`, `capital-only-reads`, `guest-desk`, `keys-not-compared-here`.
        """
        self.may_go_on()
        if self.identity.person.guest:
            raise LocalError("guest-desk")
        if room != "caucus" and self.identity.person.capital:
            raise LocalError("capital-only-reads", room=room)
        if room != "caucus" and not self.confirmed:
            raise LocalError("keys-not-compared-here")

    def check_passphrase(self, passphrase: str) -> None:
        """Pass if this is the passphrase of the folder: asked again before a signature.

        Raises:
            LocalError: `passphrase-wrong`.
        """
        self.storage.check_passphrase(passphrase)

    def write(
        self,
        room: str,
        event: Event,
        *,
        before: tuple[int, bytes] | None = None,
        after: tuple[int, bytes] | None = None,
        under: bytes | None = None,
        unconfirmed: bool = False,
    ) -> bytes:
        """Return the hash of an act that now waits in the outbox.

        `before` is an entry that goes with it (a manifest's wraps), `after` one behind it (what it announces); `under` is the manifest of a new epoch that the
        act itself begins.

        Raises:
            LocalError: the rules refuse it, or this desk has no secret for the room.
        """
        moving.check_known(event)
        if self.doubts() and RULES[event.name].binding:
            raise LocalError("state-differs", entries=", ".join(str(index) for _, index in self.doubts()))
        if self.identity.person.capital:
            check_may_write(self, room, event)
        standing = self.standing(room, under)
        written = write_act(standing, self._chain(room), event, int(time.time() * 1000))
        with suppress(WithoutEffectError) if unconfirmed else nullcontext():
            check_in_turn(self, room, written)
        envelope, act, following = seal_act(written, self.signer, self.epochs.secret(standing.manifest))
        entries = [one for one in (before, (int(Kind.ENVELOPE), envelope), after) if one]
        outgoing = Outgoing(
            register=self.book(room).ledger.register,
            kinds=[kind for kind, _ in entries],
            bodies=[body for _, body in entries],
            room=standing.room,
            act=act,
            chain=following,
        )
        self.storage.faults("outbox-before")
        self.storage.post(pack(outgoing))
        self.storage.faults("outbox-after")
        return act

    def doubts(self) -> list[tuple[str, int]]:
        """Return (register, index) of the acts whose authors computed another state, and nobody has decided yet."""
        names = [name.split("/") for name in self.storage.names("doubt/")]
        return [(register, int(index)) for _, register, index in names]

    def decide(self) -> int:
        """Go on in spite of all present doubts, which stay on record as decided; return how many there were."""
        with self.storage.transaction():
            names = self.storage.names("doubt/")
            for name in names:
                self.storage.put("decided" + name.removeprefix("doubt"), b"1")
                self.storage.remove(name)
        return len(names)

    def send(self) -> None:
        """Send all that waits, in order, keeping each receipt before anything else; nothing by courier.

        Raises:
            HostConvictedError: a receipt convicts the host; nothing more is sent.
            OperationalError: the rest waits.
        """
        if not self.by_courier:
            sending.send(self)

    def outgoing(self) -> list[Outgoing]:
        """Return all that waits to be sent, in order."""
        return [unpack(content, Outgoing) for _, content in self.storage.outbox()]

    def standing(self, room: str, under: bytes | None = None) -> Standing:
        """Return what an act written now in a room says of its circumstances."""
        ledger = self.book(room).ledger
        epoch = self.epoch(room)
        manifest = under or (epoch.manifest if epoch else None)
        if manifest is None and room not in self.rooms:
            raise LocalError("group-not-begun")
        if manifest is None or not ledger.note:
            raise LocalError("room-not-open", room=room)
        # Not the size that we hold: a fetch that broke off leaves entries beyond the host's last note.
        seen = ledger.seen()
        if room == "caucus":
            state = self.home.state_hash(seen.size)
        else:
            state = self.talks.state_hash(self.room_id(room), seen.size)
        return Standing(
            talks=self.identity.place.talks,
            room=self.room_id(room),
            author=self.certificate,
            manifest=manifest,
            seen=seen,
            common=self.common.ledger.seen() if room == "caucus" else None,
            state=state,
        )

    def epoch(self, room: str) -> Issued | None:
        """Return the epoch of a room that is in force as this desk has verified the register."""
        return self.home.epoch() if room == "caucus" else self.talks.epoch(self.room_id(room))

    def _chain(self, room: str) -> Chain:
        """Return the end of this desk's chain in a room, counting what waits in the outbox."""
        chains = [one.chain for one in self.outgoing() if one.room == self.room_id(room) and one.chain]
        if chains:
            return chains[-1]
        if room == "caucus":
            return self.home.chain(self.certificate)
        return self.talks.chain(self.room_id(room), self.certificate)

    def may_go_on(self) -> None:
        """Refuse to act once there is evidence against the host (rule 4), where the talks are not, or by rules unknown here.

        Raises:
            LocalError: `desk-stopped`, `venue-changed`, `rules-newer`.
        """
        self.check_unstopped()
        moving.check_place(self)

    def check_unstopped(self) -> None:
        """Refuse to act once there is evidence against the host (rule 4)."""
        if self.storage.get("stopped"):
            raise LocalError("desk-stopped", folder=self.storage.folder / "evidence")
