"""Who has signed what, with which full powers, and where the original is kept.

This module decides what stands of signatures, by spec/outcome.md section 5. It never decides whether an act is its author's, or
whether everybody has accepted: that is `instrument.reading`.

1. Full powers count for a member once every other delegation has found them in order, and not again after a refusal.
2. A mark is put to the text that is adopted, by its hash. To sign needs full powers; without them the act waits.
3. A signed instrument is deposited once, with a delegation or a depositary that all admitted, when all have signed for good.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from msgspec import structs

from good_offices.errors import RemoteError
from good_offices.instrument.entries import Done
from good_offices.register.depositary import Card, Held, verify_held
from good_offices.register.genesis import Genesis
from good_offices.talks.depositaries import card_of
from good_offices.talks.event import Happened
from good_offices.talks.events_after import ErrorNotified, PaperSignatureAttested, SignatureRecorded
from good_offices.talks.events_depositary import DepositaryAdmitted, DepositReceived
from good_offices.talks.events_outcome import (
    InstrumentDeposited,
    InstrumentSigned,
    Signatory,
    SignatureConfirmed,
    SignedAdReferendum,
    TextInitialled,
)
from good_offices.talks.events_plenary import (
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
)
from good_offices.talks.roster import RosterState
from good_offices.talks.verdict import Place

HOW: Final = {
    "TextInitialled": "initialled",
    "SignedAdReferendum": "ad-referendum",
    "InstrumentSigned": "signed",
}

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


class Signing:
    """The signatures of the shown entries; every method takes the next act, and `confirmed` is the one that confirms it."""

    def __init__(self, genesis: Genesis) -> None:
        """Begin with no text adopted and nothing signed."""
        self.adopted: dict[str, bytes] = {}
        self.quiet: set[tuple[str, bytes]] = set()
        self.signatories: list[Signatory] = []
        self.deposits: list[tuple[ShownAct, InstrumentDeposited]] = []
        self.papers: list[tuple[ShownAct, PaperSignatureAttested]] = []
        self.records: list[tuple[ShownAct, SignatureRecorded]] = []
        self.admitted: dict[str, Card] = {}
        self.received: list[tuple[ShownAct, Held]] = []
        self.corrections: list[ErrorNotified] = []
        self._everyone = frozenset(genesis.delegations)
        self._powers: dict[bytes, _Powers] = {}

    def is_adopted(self, instrument: str, digest: bytes) -> bool:
        """Tell whether a text was adopted by all, or put under silence to be adopted (rules 5.2 and 5.9)."""
        return self.adopted.get(instrument) == digest or (instrument, digest) in self.quiet

    def produced(
        self, shown: ShownAct, event: FullPowersProduced, confirmed: ShownAct | None, roster: RosterState
    ) -> None:
        """Full powers of a member of the author's delegation are produced (rule 5.3)."""
        place = (confirmed or shown).place
        member = roster.book.member_at(event.member, place.index)
        if member is None or member.delegation != place.delegation:
            raise RemoteError("credentials-missing", index=shown.place.index)
        self._powers[place.act] = _Powers(member.delegation, member.member)

    def found(self, shown: ShownAct, event: FullPowersFoundInOrder) -> None:
        """Another delegation has found full powers in order."""
        powers = self._powers.get(event.produced)
        own = shown.place.delegation
        if powers is None or powers.delegation == own or own in powers.refused:
            raise RemoteError("powers-missing", index=shown.place.index)
        powers.found.add(own)

    def refused(self, shown: ShownAct, event: FullPowersFoundNotInOrder) -> None:
        """Another delegation has found full powers not in order; it never finds them in order after that."""
        powers = self._powers.get(event.produced)
        if powers is not None:
            powers.refused.add(shown.place.delegation)

    def _in_order(self, delegation: str, member: str) -> bytes | None:
        """Return the act that produced a member's full powers, once every other delegation found them in order."""
        others = self._everyone - {delegation}
        held = [act for act, one in self._powers.items() if one.member == member and others <= one.found]
        return held[0] if held else None

    def signed(self, shown: ShownAct, event: Mark, confirmed: ShownAct | None) -> bool:
        """Put a member's mark to an adopted text, and tell whether it stands: to sign needs full powers (rules 5.1 to 5.4)."""
        place, how = shown.place, HOW[event.name]
        if not self.is_adopted(event.instrument, event.digest):
            raise RemoteError("adoption-missing", instrument=event.instrument)
        powers = None
        if how == "signed":
            powers = self._in_order(place.delegation, (confirmed or shown).place.desk.member)
            if powers is None:
                return False
        assert place.member is not None  # `Reading` has seen to it
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
        return True

    def confirmed(self, shown: ShownAct, event: SignatureConfirmed, by: ShownAct | None) -> bool:
        """Confirm a signature ad referendum of one's own delegation, and tell whether it stands (VCLT 12, rule 5.5)."""
        place = (by or shown).place
        wanted = (event.instrument, event.signature, "ad-referendum", place.delegation)
        for at, one in enumerate(self.signatories):
            if (one.instrument, one.act, one.how, one.delegation) == wanted:
                powers = self._in_order(place.delegation, place.desk.member)
                if powers is None:
                    return False
                self.signatories[at] = structs.replace(
                    one, how="signed", full_powers=powers, confirmed=place.act
                )
                return True
        raise RemoteError("signature-not-shown", index=shown.place.index)

    def check_deposit(self, shown: ShownAct, event: InstrumentDeposited) -> None:
        """Pass if a signed instrument can be deposited with the delegation that is named (rule 5.6)."""
        signed = {one.delegation for one in self.signatories if _signs(one, event.instrument)}
        signed |= self._on_paper(event.instrument)
        known = event.depositary in self._everyone or event.depositary in self.admitted
        if not known or not self.is_adopted(event.instrument, event.digest):
            raise RemoteError(
                "deposit-wrong", index=shown.place.index, why="another depositary or another text"
            )
        if signed != self._everyone:
            raise RemoteError("deposit-wrong", index=shown.place.index, why="not everybody has signed")
        if any(one.instrument == event.instrument for _, one in self.deposits):
            raise RemoteError("deposit-wrong", index=shown.place.index, why="it was deposited before")

    def deposited_with(self, instrument: str) -> tuple[InstrumentDeposited, Card] | None:
        """Return the deposit of an instrument with a depositary that all admitted, and its card; None if there is none."""
        for _, one in self.deposits:
            if one.instrument == instrument and one.depositary in self.admitted:
                return one, self.admitted[one.depositary]
        return None

    def check_card(self, shown: ShownAct, event: DepositaryAdmitted) -> None:
        """Pass if what is admitted is a depositary's card (spec/depositary.md R-160)."""
        try:
            card_of(event).verify()
        except RemoteError as broken:
            raise RemoteError("deposit-wrong", index=shown.place.index, why=broken) from None

    def receipt(self, shown: ShownAct, event: DepositReceived) -> None:
        """Note what the depositary signed that it received, once for the same corrections (spec/depositary.md R-163)."""
        found = self.deposited_with(event.instrument)
        if found is None:
            raise RemoteError("deposit-wrong", index=shown.place.index, why="no depositary is designated")
        try:
            held = verify_held(found[1].key, event.statement, event.signature)
        except RemoteError as broken:
            raise RemoteError("deposit-wrong", index=shown.place.index, why=broken) from None
        named = (held.talks, held.instrument, held.digest)
        if named != (shown.done.act.talks, found[0].instrument, found[0].digest):
            raise RemoteError("deposit-wrong", index=shown.place.index, why="a receipt of another text")
        if any(
            (one.instrument, one.corrected) == (held.instrument, held.corrected) for _, one in self.received
        ):
            raise RemoteError("deposit-wrong", index=shown.place.index, why="it was received before")
        self.received.append((shown, held))

    def check_named(self, shown: ShownAct, event: PaperSignatureAttested | SignatureRecorded) -> None:
        """Pass if what is said of a signature names an adopted instrument, and delegations that there are (rule 5.8)."""
        if not self.is_adopted(event.instrument, event.digest):
            raise RemoteError("adoption-missing", instrument=event.instrument)
        named = event.signatories if isinstance(event, PaperSignatureAttested) else ()
        if not {one.delegation for one in named} <= self._everyone:
            raise RemoteError("signatory-differs", index=shown.place.index)

    def _on_paper(self, instrument: str) -> set[str]:
        """Return the delegations that all say have signed an original on paper."""
        return {
            who.delegation
            for _, one in self.papers
            if one.instrument == instrument
            for who in one.signatories
        }


def _signs(one: Signatory, instrument: str) -> bool:
    """Tell whether somebody signed this instrument for good."""
    return one.instrument == instrument and one.how == "signed"
