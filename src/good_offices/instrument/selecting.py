"""Which entries a file shows, so that what it says follows from them.

This module decides which entries go with an act, a joint act, a text (spec/outcome.md sections 6 and 11). It never decides what a
file is for: that is `closing`, `certified` and `deposited`.

1. What needs every delegation is shown by each one's last acceptance before it had effect, and the act that proposed it.
2. With each act go its author's introduction, certificate and credentials, and the act that confirms it.
3. All recalls and successions are shown, whoever they concern: leaving one out would change what another act means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from good_offices.errors import LocalError
from good_offices.instrument.entries import Content, Done
from good_offices.talks.credentials import Introduction
from good_offices.talks.event import Acceptable
from good_offices.talks.events_after import CorrectionAccepted, ErrorNotified
from good_offices.talks.events_outcome import Disclosed
from good_offices.talks.events_plenary import (
    ActConfirmed,
    ItemAccepted,
    ItemProposed,
    ModalitiesAccepted,
    ModalitiesProposed,
)
from good_offices.talks.events_roster import DelegationAccredited, DeskCertified, MemberAccredited
from good_offices.talks.events_text import TextAdopted
from good_offices.talks.plenary import Outcome as Result
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.roster import RosterState
from good_offices.talks.verdict import Completed, Confirmed, Verdict

_ALWAYS: Final = frozenset({"MemberRecalled", "RootSucceeded", "KeysCompared"})
_SIGNS: Final = frozenset({"agree", "sign"})
# What may follow the closing record, and is then shown with it.
LATER: Final = frozenset(
    {
        "DepositaryAdmitted",
        "InstrumentDeposited",
        "PaperSignatureAttested",
        "SignatureRecorded",
        "VenueChanged",
    }
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A replayed entry as the desk holds it: leaf hash, verdict, and what it says if this desk could open it."""

    index: int
    leaf: bytes
    verdict: Verdict
    content: Content | None = None


class Selection:
    """The acts that have effect, and the indices chosen so far."""

    def __init__(self, roster: RosterState, plenary: PlenaryState, judged: Sequence[Judged]) -> None:
        """Sort what has effect by index and by act hash; an act done without powers counts where it is confirmed."""
        self.roster, self.plenary = roster, plenary
        self.judged = {one.index: one for one in judged}
        self.confirmed_at = {
            effect.index: one.index
            for one in judged
            for effect in one.verdict.effects
            if isinstance(effect, Confirmed)
        }
        self.acts = {
            one.content.hash: one
            for one in judged
            if isinstance(one.content, Done) and (_stands(one.verdict) or one.index in self.confirmed_at)
        }
        self.chosen: set[int] = {0}

    def selected(self, extra: Iterable[bytes], signers: Iterable[bytes] | None) -> tuple[Disclosed, ...]:
        """Return everything that is shown."""
        self._jointly()
        self.marks(self.plenary.outcomes)
        for act in extra:
            self._choose(act)
        self.standing(self._signers() if signers is None else signers)
        return tuple(Disclosed(index=index, leaf=self.judged[index].leaf) for index in sorted(self.chosen))

    def for_one(self, act: bytes) -> list[int]:
        """Return the entries that show one act and its author, and none that follow it."""
        if act not in self.acts:
            raise LocalError("closing-entry-missing", index=act.hex()[:16])
        index = self.acts[act].index
        self.chosen.add(index)
        self.standing(())
        return sorted(one for one in self.chosen if one <= index)

    def _jointly(self) -> None:
        """Choose what makes modalities, agenda and adoption."""
        if self.plenary.modalities:
            self.acceptances(self.plenary.modalities.content)
        for name, item in self.plenary.agenda.items():
            if item.agreed:
                self.acceptances(bytes.fromhex(name))
        for name, text in self.plenary.texts.items():
            if text.phase:
                self.adoption(name)
        self._later()

    def _later(self) -> None:
        """Choose what may also follow the closing record, as far as it stands; a pending part of it can be shown only if listed here."""
        for content in {effect.content for one in self.judged.values() for effect in later(one)}:
            self.acceptances(content)
        for finished in self.plenary.finished.values():
            for receipt in finished.received:
                self._choose(receipt.by.act)
        # One that others may still accept after the head: what was accepted before it can be shown only if listed here.
        for joint in (*self.plenary.joint.values(), *self.roster.hosts.joint.values()):
            for held in joint.accepted.values() if joint.event in LATER else ():
                self._choose(held.act)

    def acceptances(self, content: bytes) -> None:
        """Choose each delegation's last acceptance before the content had effect, and the act that proposed it."""
        completed = [one.index for one in self.judged.values() if completes(one, content)]
        last: dict[str, Judged] = {}
        for one in self.acts.values():
            at = self.confirmed_at.get(one.index, one.index)
            if completed and at <= completed[-1] and accepts(one, content):
                last[delegation_of(one, self.roster)] = one
        proposers = [one for one in self.acts.values() if _proposes(one, content)]
        for one in (*proposers[:1], *last.values()):
            self._take(one.index)

    def adoption(self, name: str) -> None:
        """Choose what adopted a text: everybody's acceptance, or the opening of the silence that nobody broke."""
        digest = self.plenary.texts[name].instrument.digest
        self.acceptances(TextAdopted(instrument=name, digest=digest).content)
        for one in self.plenary.silences.values():
            if one.fate == "adopted" and (one.event.instrument, one.event.digest) == (name, digest):
                self._choose(one.opened.act)

    def marks(self, outcomes: Mapping[str, Result]) -> None:
        """Choose initials and signatures, their confirmations, and the full powers that they rely on."""
        for outcome in outcomes.values():
            for mark in outcome.marks:
                self._choose(mark.done.act)
                if mark.confirmed:
                    self._choose(mark.confirmed.act)
                if mark.full_powers:
                    self._powers(mark.full_powers)

    def _powers(self, produced: bytes) -> None:
        """Choose the act that produced full powers, and each other delegation's finding."""
        self._choose(produced)
        for found in self.plenary.powers[produced.hex()].found.values():
            self._choose(found.act)

    def _signers(self) -> list[bytes]:
        """Return the certificates of every desk that may sign the closing record or receive the deposit."""
        size = max(self.judged) + 1
        return [
            name
            for name, desk in self.roster.book.desks_at(size)
            if (member := self.roster.book.member_at(desk.statement.member, size))
            and _SIGNS & set(member.powers)
        ]

    def standing(self, signers: Iterable[bytes]) -> None:
        """Choose introductions and credentials until every author of what is chosen is shown; and what named another host."""
        authors = set(signers)
        for content in self._hosts():
            self.acceptances(content)
        for one in self.judged.values():
            if one.verdict.status != "valid":
                continue
            if (isinstance(one.content, Introduction) and one.content.root is not None) or (
                _name(one) in _ALWAYS and (_name(one) != "KeysCompared" or self._first_comparison(one))
            ):
                self.chosen.add(one.index)
        for delegation in self.roster.expected:
            self._last(delegation)
        pending: set[bytes] = set()
        while pending != (pending := self._authors() | authors):
            for certificate in pending:
                self._desk(certificate)

    def _hosts(self) -> set[bytes]:
        """Return the contents that named another host (spec/moving.md 7.1)."""
        return {
            effect.content
            for one in self.judged.values()
            for effect in later(one)
            if effect.event == "VenueChanged"
        }

    def _authors(self) -> set[bytes]:
        """Return the certificates of all authors of what is chosen."""
        contents = [self.judged[index].content for index in self.chosen]
        return {one.act.author for one in contents if isinstance(one, Done)}

    def _desk(self, certificate: bytes) -> None:
        """Choose a desk's introduction and certificate, and all credentials of its member."""
        statement = self.roster.certificate(certificate)
        if statement is None:
            raise LocalError("closing-entry-missing", index=0)
        for one in self.judged.values():
            event = event_of(one)
            introduced = isinstance(one.content, Introduction) and one.content.statement == statement
            certified = isinstance(event, DeskCertified) and event.statement == statement
            accredited = (
                isinstance(event, MemberAccredited) and event.accreditation.member == statement.member
            )
            if one.verdict.status == "valid" and (introduced or certified or accredited):
                self.chosen.add(one.index)

    def _first_comparison(self, one: Judged) -> bool:
        """Tell whether this is the act by which its delegation compared keys."""
        delegation = self.roster.delegations[delegation_of(one, self.roster)]
        return delegation.compared == one.index

    def _last(self, delegation: str) -> None:
        """Choose the last act by which a delegation named itself."""
        named = [
            one.index
            for one in self.acts.values()
            if isinstance(event := event_of(one), DelegationAccredited)
            and event.accreditation.delegation == delegation
        ]
        self.chosen.update(named[-1:])

    def _choose(self, act: bytes) -> None:
        """Choose an act by its hash."""
        if act not in self.acts:
            raise LocalError("closing-entry-missing", index=act.hex()[:16])
        self._take(self.acts[act].index)

    def _take(self, index: int) -> None:
        """Choose an entry; of an act done without powers and the act that confirms it, both."""
        self.chosen.add(index)
        event = event_of(self.judged[index])
        if index in self.confirmed_at:
            self.chosen.add(self.confirmed_at[index])
        elif isinstance(event, ActConfirmed):
            self.chosen.add(event.index)


def _stands(verdict: Verdict) -> bool:
    """Tell whether an act counts: it is valid, or crossed with another and stands beside it."""
    return verdict.status == "valid" or verdict.code == "crossed"


def event_of(one: Judged) -> object:
    """Return what an act says has happened; None for other entries."""
    return one.content.act.event if isinstance(one.content, Done) else None


def _name(one: Judged) -> str:
    """Return the name of an act's event; empty for other entries."""
    return one.content.act.event.name if isinstance(one.content, Done) else ""


def accepts(one: Judged, content: bytes) -> bool:
    """Tell whether an act is an acceptance of this content."""
    event = event_of(one)
    if isinstance(event, ModalitiesAccepted):
        return event.modalities == content
    if isinstance(event, ItemAccepted):
        return event.item == content
    if isinstance(event, CorrectionAccepted):
        return event.notice == content
    return isinstance(event, Acceptable) and event.content == content


def _proposes(one: Judged, content: bytes) -> bool:
    """Tell whether an act proposed this content, for those that accept it by its hash."""
    event = event_of(one)
    return isinstance(event, ModalitiesProposed | ItemProposed | ErrorNotified) and event.content == content


def later(one: Judged) -> list[Completed]:
    """Return the deposits and what is said of the signature that have effect from an entry on."""
    return [
        effect for effect in one.verdict.effects if isinstance(effect, Completed) and effect.event in LATER
    ]


def completes(one: Judged, content: bytes) -> bool:
    """Tell whether a content had effect from this entry on."""
    return any(isinstance(effect, Completed) and effect.content == content for effect in one.verdict.effects)


def delegation_of(one: Judged, roster: RosterState) -> str:
    """Return for which delegation an act was done; empty for other entries."""
    content = one.content
    statement = roster.certificate(content.act.author) if isinstance(content, Done) else None
    return statement.delegation if statement else ""


def settled(judged: Sequence[Judged], name: str) -> set[bytes]:
    """Return the contents about a text that have effect: its deposit, and what is said of its signature."""
    done = {
        effect.content
        for one in judged
        for effect in one.verdict.effects
        if isinstance(effect, Completed) and effect.event in LATER
    }
    events = [one.content.act.event for one in judged if isinstance(one.content, Done)]
    return {
        one.content
        for one in events
        if isinstance(one, Acceptable) and getattr(one, "instrument", "") == name and one.content in done
    }
