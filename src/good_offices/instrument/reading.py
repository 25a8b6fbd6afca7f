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
from typing import Any, Final

from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument.entries import Done, Opened
from good_offices.instrument.signing import ShownAct, Signing
from good_offices.register.genesis import Genesis
from good_offices.talks import guest_acts
from good_offices.talks import joint as joints
from good_offices.talks import roster as rosters
from good_offices.talks.acts import NO_ACT
from good_offices.talks.credentials import Introduction, Statement
from good_offices.talks.depositaries import card_of
from good_offices.talks.event import Acceptable, Happened
from good_offices.talks.events_after import (
    CorrectionAccepted,
    ErrorNotified,
    PaperSignatureAttested,
    SignatureRecorded,
)
from good_offices.talks.events_depositary import DepositaryAdmitted, DepositReceived
from good_offices.talks.events_outcome import (
    ClosingRecordSigned,
    InstrumentDeposited,
    InstrumentSigned,
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
from good_offices.talks.events_silence import SilenceOpened
from good_offices.talks.events_text import TextAdopted, TextReopened
from good_offices.talks.hosts import first_host
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
_JOINED: Final = (
    ModalitiesProposed,
    ItemProposed,
    TextAdopted,
    TextReopened,
    InstrumentDeposited,
    PaperSignatureAttested,
    SignatureRecorded,
    ErrorNotified,
    DepositaryAdmitted,
    ClosingRecordSigned,
)


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
            hosts=first_host(genesis),
        )
        self.acts: list[ShownAct] = []
        self.modalities: tuple[bytes, Modalities] | None = None
        self.agenda: dict[bytes, ItemProposed] = {}
        self.signing = Signing(genesis)
        self.closings: dict[str, tuple[ShownAct, ClosingRecordSigned]] = {}
        self.closed: bytes | None = None
        self._joint: joints.Joints = {}
        self._proposed: dict[bytes, Acceptable] = {}
        self._admitting: set[bytes] = set()
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

    def keeper(self, depositary: str) -> str:
        """Return how a depositary is called: a delegation by its own name, another by its card."""
        card = self.signing.admitted.get(depositary)
        return card.called if card else self.name(depositary)

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
            self._standing(place.index, lambda: guest_acts.in_roster(self.roster, place, event)[0])
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
            if not self.signing.signed(shown, event, confirmed):
                self._waiting[shown.place.index, shown.place.act] = shown
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
            self.signing.check_deposit(shown, proposed)
        elif isinstance(proposed, PaperSignatureAttested | SignatureRecorded):
            self.signing.check_named(shown, proposed)
        elif isinstance(proposed, DepositaryAdmitted) and content not in self._admitting:
            self.signing.check_card(shown, proposed)
            self._admitting.add(content)
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
            self.signing.adopted[event.instrument] = event.digest
        elif isinstance(event, TextReopened):
            self.signing.adopted.pop(event.instrument, None)
        elif isinstance(event, InstrumentDeposited):
            self.signing.deposits.append((shown, event))
        elif isinstance(event, PaperSignatureAttested):
            self.signing.papers.append((shown, event))
        elif isinstance(event, SignatureRecorded):
            self.signing.records.append((shown, event))
        elif isinstance(event, DepositaryAdmitted):
            card = card_of(event)
            self.signing.admitted[card.fingerprint] = card
        elif isinstance(event, ErrorNotified):
            self.signing.corrections.append(event)
        else:
            self.closed = content

    def _short_acceptance(self, shown: ShownAct, event: Any, confirmed: ShownAct | None) -> None:
        """Accept by content hash what another act proposed."""
        content = event.modalities if isinstance(event, ModalitiesAccepted) else event.item
        self._accept(shown, content, event.until, confirmed)

    def _correction(self, shown: ShownAct, event: CorrectionAccepted, confirmed: ShownAct | None) -> None:
        """Accept a correction whose notice is shown; one whose notice is not says what it says (rule 5.7)."""
        if event.notice in self._proposed:
            self._accept(shown, event.notice, event.until, confirmed)

    def _received(self, shown: ShownAct, event: DepositReceived, _confirmed: ShownAct | None) -> None:
        """Bring what a depositary signed."""
        self.signing.receipt(shown, event)

    def _withdrawn(self, shown: ShownAct, event: AcceptanceWithdrawn, _confirmed: ShownAct | None) -> None:
        """Take an acceptance back."""
        try:
            self._joint = joints.withdraw(self._joint, event.content, shown.place.delegation)
        except GoodOfficesError:
            raise RemoteError("entry-not-shown", index=shown.place.index, event=event.name) from None

    def _produced(self, shown: ShownAct, event: FullPowersProduced, confirmed: ShownAct | None) -> None:
        """Full powers are produced."""
        self.signing.produced(shown, event, confirmed, self.roster)

    def _found(self, shown: ShownAct, event: FullPowersFoundInOrder, _confirmed: ShownAct | None) -> None:
        """Full powers are found in order."""
        self.signing.found(shown, event)

    def _refused(
        self, shown: ShownAct, event: FullPowersFoundNotInOrder, _confirmed: ShownAct | None
    ) -> None:
        """Full powers are found not in order."""
        self.signing.refused(shown, event)

    def _signature_confirmed(self, shown: ShownAct, event: SignatureConfirmed, by: ShownAct | None) -> None:
        """Confirm a signature ad referendum, or have the confirmation wait for full powers."""
        if not self.signing.confirmed(shown, event, by):
            self._waiting[shown.place.index, shown.place.act] = shown

    def _silence_opened(self, _shown: ShownAct, event: SilenceOpened, _confirmed: ShownAct | None) -> None:
        """Note that a text was put under silence to be adopted (rule 5.9)."""
        if event.digest is not None:
            self.signing.quiet.add((event.instrument, event.digest))

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


def _empowered(event: Happened, member: MemberAccreditation) -> bool:
    """Tell whether a member holds the power that an event needs."""
    power = RULES[event.name].power
    return power is None or power in member.powers


_Effect = Callable[[Reading, ShownAct, Any, ShownAct | None], None]
_EFFECTS: Final[dict[type, _Effect]] = {
    ModalitiesAccepted: Reading._short_acceptance,  # noqa: SLF001 -- the table of this class
    ItemAccepted: Reading._short_acceptance,  # noqa: SLF001
    AcceptanceWithdrawn: Reading._withdrawn,  # noqa: SLF001
    CorrectionAccepted: Reading._correction,  # noqa: SLF001
    DepositReceived: Reading._received,  # noqa: SLF001
    FullPowersProduced: Reading._produced,  # noqa: SLF001
    FullPowersFoundInOrder: Reading._found,  # noqa: SLF001
    FullPowersFoundNotInOrder: Reading._refused,  # noqa: SLF001
    SignatureConfirmed: Reading._signature_confirmed,  # noqa: SLF001
    SilenceOpened: Reading._silence_opened,  # noqa: SLF001
    ActConfirmed: Reading._act_confirmed,  # noqa: SLF001
}
