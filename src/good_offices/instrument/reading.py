"""What the shown entries say when they are read in their order: who is who, what is in force, who signed.

This module decides what follows from the entries that are shown, by spec/outcome.md sections 4 to 6, and by the same
functions of `talks` that a desk replays with. It never claims that nothing else was in the register: only whoever
holds all entries knows that, and every delegation states it by signing the closing record.

1. Introductions and root-signed acts make a roster; an author acts under the certificate and the credentials that
   stand in it at the index of the act.
2. What needs every delegation counts when all have accepted the same content, by the rules of `talks.joint`.
3. An act without the power it needs counts from the act that confirms it, or not at all.
4. What carries secrets of epochs is refused: a file that is handed out must open nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec import structs

from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument.entries import Done, Opened
from good_offices.register.genesis import Genesis
from good_offices.talks import joint as joints
from good_offices.talks import roster as rosters
from good_offices.talks.acts import NO_ACT
from good_offices.talks.credentials import Introduction, Statement
from good_offices.talks.event import Acceptable, Happened
from good_offices.talks.events_outcome import (
    ClosingRecordSigned,
    InstrumentDeposited,
    InstrumentSigned,
    Signatory,
    SignatureConfirmed,
    SignedAdReferendum,
    TextInitialled,
)
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
    ItemAccepted,
    ItemProposed,
    Modalities,
    ModalitiesAccepted,
    ModalitiesProposed,
)
from good_offices.talks.events_roster import MemberAccreditation
from good_offices.talks.events_text import TextAdopted, TextReopened
from good_offices.talks.joint import Acceptance, Joint
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import RULES
from good_offices.talks.verdict import Place

STANDING: Final = frozenset(
    {
        "DelegationAccredited",
        "MemberAccredited",
        "DeskCertified",
        "MemberRecalled",
        "RootSucceeded",
        "KeysCompared",
    }
)
SECRET: Final = frozenset({"ManifestIssued", "KeyRenewed", "EpochsHandedOver"})
HOW: Final = {
    "TextInitialled": "initialled",
    "SignedAdReferendum": "ad-referendum",
    "InstrumentSigned": "signed",
}
_JOINED: Final = (
    ModalitiesProposed,
    ItemProposed,
    TextAdopted,
    TextReopened,
    InstrumentDeposited,
    ClosingRecordSigned,
)

Mark = TextInitialled | SignedAdReferendum | InstrumentSigned


@dataclass(frozen=True, slots=True)
class ShownAct:
    """A shown act with its place and its author's names."""

    place: Place
    done: Done
    room: str

    @property
    def event(self) -> Happened:
        """What the act says has happened."""
        return self.done.act.event


@dataclass(slots=True)
class _Powers:
    """Full powers that were produced, and who found them in order or not in order."""

    delegation: str
    member: str
    found: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


class Reading:
    """The shown entries, read; `take` one after the other in the order of their index."""

    def __init__(self, genesis: Genesis, talks: bytes, *, alone: bool = False) -> None:
        """Begin with what the genesis says; `alone` reads who did an act, and not whether it has effect."""
        self.genesis = genesis
        self._alone = alone
        self.roster = RosterState(
            talks=talks,
            suite=genesis.suite,
            rules=genesis.rules,
            expected=tuple(genesis.delegations),
        )
        self.acts: list[ShownAct] = []
        self.modalities: tuple[bytes, Modalities] | None = None
        self.agenda: dict[bytes, ItemProposed] = {}
        self.adopted: dict[str, bytes] = {}
        self.signatories: list[Signatory] = []
        self.closings: dict[str, tuple[ShownAct, ClosingRecordSigned]] = {}
        self.closed: bytes | None = None
        self.deposits: list[tuple[ShownAct, InstrumentDeposited]] = []
        self._joint: joints.Joints = {}
        self._proposed: dict[bytes, Acceptable] = {}
        self._powers: dict[bytes, _Powers] = {}
        self._waiting: dict[tuple[int, bytes], ShownAct] = {}
        self._chains: dict[tuple[bytes, str], tuple[int, bytes, int, int]] = {}

    @property
    def talks(self) -> bytes:
        """The talks id: 32 bytes."""
        return self.roster.talks

    def take(self, opened: Opened) -> None:
        """Read the next entry (spec/outcome.md sections 4 to 6).

        Raises:
            RemoteError: with the code of the first rule that the entry breaks.
        """
        if isinstance(opened.content, Introduction):
            introduction = opened.content
            self._standing(opened.index, lambda: rosters.introduce(self.roster, introduction, opened.index))
        else:
            self._take(self._placed(opened, opened.content))

    def name(self, delegation: str) -> str:
        """Return how a delegation names itself; its id while it has not."""
        one = self.roster.delegations.get(delegation)
        return one.accreditation.name if one and one.accreditation else delegation

    def waiting(self) -> list[ShownAct]:
        """Return the acts that were done without powers and that nobody confirmed."""
        return list(self._waiting.values())

    def _placed(self, opened: Opened, done: Done) -> ShownAct:
        """Return an act with its author; the act is signed by a desk that stands at its index (section 4)."""
        act, index = done.act, opened.index
        rooms = {self.roster.room: "roster", self.roster.plenary: "plenary"}
        if act.talks != self.talks:
            raise RemoteError("act-foreign", index=index)
        name = act.event.name
        if act.room not in rooms or rooms[act.room] not in RULES[name].rooms or act.common is not None:
            raise RemoteError("act-misplaced", index=index, event=name)
        if name in SECRET:
            raise RemoteError("entry-not-shown", index=index, event=name)
        desk = self._desk(done, index)
        self._chain(done, index)
        member = self.roster.credentials(desk, index)
        place = Place(
            index=index,
            leaf=opened.leaf.hash,
            act=done.hash,
            author=act.author,
            desk=desk,
            member=member,
            seen=act.seen.size,
            seen_root=act.seen.root,
            time=act.time,
        )
        return ShownAct(place, done, rooms[act.room])

    def _desk(self, done: Done, index: int) -> Statement:
        """Return the desk that signed an act, if it stands at the act's index (rules 4.2 to 4.4)."""
        statement = self.roster.certificate(done.act.author)
        if statement is None:
            raise RemoteError("certificate-missing", index=index)
        try:
            done.signed.verify(statement.act)
        except RemoteError:
            raise RemoteError("act-signature-invalid", index=index) from None
        if self.roster.book.recalled_at(statement.member, index):
            raise RemoteError("author-recalled", index=index)
        return statement

    def _chain(self, done: Done, index: int) -> None:
        """Refuse an act that cannot follow its author's earlier shown act in that room (rule 4.5)."""
        act = done.act
        sequence, previous, seen, time = self._chains.get((act.author, act.room), (-1, NO_ACT, 1, 0))
        follows = act.previous == previous if act.sequence == sequence + 1 else act.sequence > sequence
        if not follows or not seen <= act.seen.size <= index or act.time < time:
            raise RemoteError("act-out-of-order", index=index)
        self._chains[act.author, act.room] = (act.sequence, done.hash, act.seen.size, act.time)

    def _standing(self, index: int, change: Callable[[], RosterState]) -> None:
        """Take a change of the roster by the rules of `talks.roster`."""
        try:
            self.roster = change()
        except GoodOfficesError as broken:
            raise RemoteError("credentials-invalid", index=index, why=broken) from None

    def _take(self, shown: ShownAct) -> None:
        """Give an act its effect (sections 4 to 6)."""
        place, event = shown.place, shown.event
        self.acts.append(shown)
        if shown.room == "roster":
            handler = rosters.HANDLERS[event.name]
            self._standing(place.index, lambda: handler(self.roster, place, event))
            return
        if place.member is None:
            raise RemoteError("credentials-missing", index=place.index)
        if self._alone:
            return
        if not self.roster.compared(place.delegation):
            raise RemoteError("comparison-missing", index=place.index)
        if _empowered(event, place.member):
            self._effect(shown)
        elif isinstance(event, ClosingRecordSigned):
            raise RemoteError("powers-missing", index=place.index)
        else:
            self._waiting[place.index, place.act] = shown

    def _effect(self, shown: ShownAct, confirmed: ShownAct | None = None) -> None:
        """Give an act of the plenary its effect; `confirmed` is the act that confirms it, if one does."""
        event = shown.event
        if isinstance(event, (TextInitialled, SignedAdReferendum, InstrumentSigned)):
            self._signed(shown, event, confirmed)
        elif isinstance(event, _JOINED):
            self._proposed[event.content] = event
            self._accept(shown, event.content, event.until, confirmed)
        elif type(event) in _EFFECTS:
            _EFFECTS[type(event)](self, shown, event, confirmed)

    def _accept(self, shown: ShownAct, content: bytes, until: int | None, confirmed: ShownAct | None) -> None:
        """Count an acceptance; it has effect when every delegation has accepted (spec/talks.md section 4)."""
        proposed = self._proposed.get(content)
        if proposed is None:
            raise RemoteError("entry-not-shown", index=shown.place.index, event=shown.event.name)
        place = (confirmed or shown).place
        if isinstance(proposed, ClosingRecordSigned):
            self._closing(shown, proposed)
        elif isinstance(proposed, InstrumentDeposited):
            self._depositing(shown, proposed)
        mine = Acceptance(index=place.index, act=shown.place.act, author=shown.place.author, until=until)
        fresh = Joint(event=proposed.name, content=content, accepted={shown.place.delegation: mine})
        everyone = self.genesis.delegations
        self._joint, joint, _ = joints.accept(
            self._joint, fresh, shown.place.delegation, everyone=everyone, time=place.time
        )
        if joints.complete(joint, everyone):
            del self._joint[content.hex()]
            self._completed(content, proposed, shown)

    def _closing(self, shown: ShownAct, event: ClosingRecordSigned) -> None:
        """Note a closing record; all that are shown must say the same, each delegation once (rule 6.1)."""
        if shown.place.delegation in self.closings:
            raise RemoteError("entry-not-shown", index=shown.place.index, event=event.name)
        if event.until is not None:
            raise RemoteError("closing-record-incomplete", who="a signature with a time limit is none")
        if any(other.content != event.content for _, other in self.closings.values()):
            raise RemoteError("closing-record-differs", what="what the delegations signed")
        self.closings[shown.place.delegation] = (shown, event)

    def _completed(self, content: bytes, event: Acceptable, shown: ShownAct) -> None:
        """Give effect to what every delegation has accepted; `shown` is the act that completed it."""
        if isinstance(event, ModalitiesProposed):
            self.modalities = (content, event.modalities)
        elif isinstance(event, ItemProposed):
            self.agenda[content] = event
        elif isinstance(event, TextAdopted):
            self.adopted[event.instrument] = event.digest
        elif isinstance(event, TextReopened):
            self.adopted.pop(event.instrument, None)
        elif isinstance(event, InstrumentDeposited):
            self.deposits.append((shown, event))
        else:
            self.closed = content

    def _short_acceptance(self, shown: ShownAct, event: Any, confirmed: ShownAct | None) -> None:
        """Accept by content hash what another act proposed."""
        content = event.modalities if isinstance(event, ModalitiesAccepted) else event.item
        self._accept(shown, content, event.until, confirmed)

    def _withdrawn(self, shown: ShownAct, event: AcceptanceWithdrawn, _confirmed: ShownAct | None) -> None:
        """Take an acceptance back."""
        try:
            self._joint = joints.withdraw(self._joint, event.content, shown.place.delegation)
        except GoodOfficesError:
            raise RemoteError("entry-not-shown", index=shown.place.index, event=event.name) from None

    def _produced(self, shown: ShownAct, event: FullPowersProduced, confirmed: ShownAct | None) -> None:
        """Full powers of a member of the author's delegation are produced (rule 5.3)."""
        place = (confirmed or shown).place
        member = self.roster.book.member_at(event.member, place.index)
        if member is None or member.delegation != place.delegation:
            raise RemoteError("credentials-missing", index=shown.place.index)
        self._powers[place.act] = _Powers(member.delegation, member.member)

    def _found(self, shown: ShownAct, event: FullPowersFoundInOrder, _confirmed: ShownAct | None) -> None:
        """Another delegation has found full powers in order."""
        powers = self._powers.get(event.produced)
        own = shown.place.delegation
        if powers is None or powers.delegation == own or own in powers.refused:
            raise RemoteError("powers-missing", index=shown.place.index)
        powers.found.add(own)

    def _refused(
        self, shown: ShownAct, event: FullPowersFoundNotInOrder, _confirmed: ShownAct | None
    ) -> None:
        """Another delegation has found full powers not in order; it never finds them in order after that."""
        powers = self._powers.get(event.produced)
        if powers is not None:
            powers.refused.add(shown.place.delegation)

    def _in_order(self, delegation: str, member: str) -> bytes | None:
        """Return the act that produced a member's full powers, once every other delegation found them in order."""
        others = set(self.genesis.delegations) - {delegation}
        held = [act for act, one in self._powers.items() if one.member == member and others <= one.found]
        return held[0] if held else None

    def _signed(self, shown: ShownAct, event: Mark, confirmed: ShownAct | None) -> None:
        """Put a member's mark to an adopted text; to sign needs full powers as well (rules 5.1 to 5.4)."""
        place, how = shown.place, HOW[event.name]
        if self.adopted.get(event.instrument) != event.digest:
            raise RemoteError("adoption-missing", instrument=event.instrument)
        powers = None
        if how == "signed":
            powers = self._in_order(place.delegation, (confirmed or shown).place.desk.member)
            if powers is None:
                self._waiting[place.index, place.act] = shown
                return
        assert place.member is not None  # `_take` has seen to it
        self.signatories.append(
            Signatory(
                instrument=event.instrument,
                how=how,
                delegation=place.delegation,
                member=place.desk.member,
                name=place.member.name,
                capacity=place.member.capacity,
                certificate=place.author,
                index=place.index,
                act=place.act,
                full_powers=powers,
                confirmed=confirmed.place.act if confirmed else None,
            )
        )

    def _confirmed_signature(self, shown: ShownAct, event: SignatureConfirmed, by: ShownAct | None) -> None:
        """Confirm a signature ad referendum of one's own delegation, with full powers (VCLT 12, rule 5.5)."""
        place = (by or shown).place
        wanted = (event.instrument, event.signature, "ad-referendum", place.delegation)
        for at, one in enumerate(self.signatories):
            if (one.instrument, one.act, one.how, one.delegation) == wanted:
                powers = self._in_order(place.delegation, place.desk.member)
                if powers is None:
                    self._waiting[shown.place.index, shown.place.act] = shown
                    return
                self.signatories[at] = structs.replace(
                    one, how="signed", full_powers=powers, confirmed=place.act
                )
                return
        raise RemoteError("signature-not-shown", index=shown.place.index)

    def _act_confirmed(self, shown: ShownAct, event: ActConfirmed, _confirmed: ShownAct | None) -> None:
        """Give effect, from here, to an act done without powers (VCLT 8, rule 5.4)."""
        waiting = self._waiting.get((event.index, event.act))
        member = shown.place.member
        if waiting is None or member is None or waiting.place.delegation != shown.place.delegation:
            raise RemoteError("signature-not-shown", index=shown.place.index)
        if not _empowered(waiting.event, member):
            raise RemoteError("powers-missing", index=shown.place.index)
        del self._waiting[event.index, event.act]
        self._effect(waiting, shown)

    def _depositing(self, shown: ShownAct, event: InstrumentDeposited) -> None:
        """Pass if a signed instrument can be deposited with the delegation that is named (rule 5.6)."""
        signed = {one.delegation for one in self.signatories if _signs(one, event.instrument)}
        known = event.depositary in self.genesis.delegations
        if not known or self.adopted.get(event.instrument) != event.digest:
            raise RemoteError(
                "deposit-wrong", index=shown.place.index, why="another depositary or another text"
            )
        if signed != set(self.genesis.delegations):
            raise RemoteError("deposit-wrong", index=shown.place.index, why="not everybody has signed")
        if any(one.instrument == event.instrument for _, one in self.deposits):
            raise RemoteError("deposit-wrong", index=shown.place.index, why="it was deposited before")


def _signs(one: Signatory, instrument: str) -> bool:
    """Tell whether somebody signed this instrument for good."""
    return one.instrument == instrument and one.how == "signed"


def _empowered(event: Happened, member: MemberAccreditation) -> bool:
    """Tell whether a member holds the power that an event needs."""
    power = RULES[event.name].power
    return power is None or power in member.powers


_Effect = Callable[[Reading, ShownAct, Any, ShownAct | None], None]
_EFFECTS: Final[dict[type, _Effect]] = {
    ModalitiesAccepted: Reading._short_acceptance,  # noqa: SLF001 -- the table of this class
    ItemAccepted: Reading._short_acceptance,  # noqa: SLF001
    AcceptanceWithdrawn: Reading._withdrawn,  # noqa: SLF001
    FullPowersProduced: Reading._produced,  # noqa: SLF001
    FullPowersFoundInOrder: Reading._found,  # noqa: SLF001
    FullPowersFoundNotInOrder: Reading._refused,  # noqa: SLF001
    SignatureConfirmed: Reading._confirmed_signature,  # noqa: SLF001
    ActConfirmed: Reading._act_confirmed,  # noqa: SLF001
}
