"""What an act is, in one line for people.

This module decides the words for each kind of act. It never decides whether the act has effect: that is its verdict.
"""

from __future__ import annotations

from typing import Any, Final

from good_offices.cli.voice import _

_LONGEST: Final = 160
_SENTENCES: Final = {
    "DelegationAccredited": _("the delegation names itself: {accreditation.name}"),
    "MemberAccredited": _("credentials of {accreditation.name}, {accreditation.capacity}"),
    "DeskCertified": _("a desk is certified"),
    "MemberRecalled": _("a member is recalled"),
    "RootSucceeded": _("the successor root takes over"),
    "KeysCompared": _("keys were compared"),
    "ManifestIssued": _("new keys for the readers of a room"),
    "KeyRenewed": _("a desk renews its key"),
    "EpochsHandedOver": _("earlier keys are handed to those who joined"),
    "ModalitiesProposed": _("modalities are proposed"),
    "ModalitiesAccepted": _("modalities are accepted"),
    "ItemProposed": _("agenda item proposed: {title}"),
    "ItemAccepted": _("agenda item accepted"),
    "ItemWithdrawn": _("agenda item withdrawn"),
    "StatementMade": _("statement: {text}"),
    "NotePassed": _("note: {text}"),
    "IncidentNotified": _("incident: {text}"),
    "AnnexFiled": _("annex filed: {title}, {size} bytes"),
    "PublicStatementRecorded": _("reported by {reported_by}: {speaker} said something in public, {date}"),
    "InstructionsAsked": _("instructions asked: {text}"),
    "InstructionsGiven": _("instructions given: {text}"),
    "FullPowersProduced": _("full powers are produced"),
    "FullPowersFoundInOrder": _("full powers are found in order"),
    "ActConfirmed": _("the act at entry {index} is confirmed"),
    "AcceptanceWithdrawn": _("an acceptance is withdrawn"),
    "TalksBrokenOff": _("the talks are broken off"),
    "TalksResumed": _("to resume the talks"),
    "TalksAdjourned": _("to adjourn the talks"),
    "TalksConcluded": _("to conclude the talks"),
    "TextTabled": _("text tabled: {instrument.id}, {units} provisions"),
    "UnitAdded": _("{instrument}: to add {where}"),
    "UnitMoved": _("{instrument}: to move {where}"),
    "UnitRemoved": _("{instrument}: to take out {where}"),
    "UnitRelabelled": _("{instrument}: new labels for {where}"),
    "AmendmentProposed": _("{instrument}: proposal {proposal} on {where}"),
    "AmendmentWithdrawn": _("{instrument}: proposal {proposal} is withdrawn"),
    "AmendmentAccepted": _("{instrument}: proposal {proposal} is accepted"),
    "StanceTaken": _("{instrument}: {says} {unit}"),
    "BracketsPlaced": _("{instrument}: brackets placed in {where}"),
    "OptionsPlaced": _("{instrument}: {where} set as options"),
    "BracketsRemoved": _("{instrument}: to settle {slots}"),
    "LanguageTextSet": _("{instrument}: text in a language for {where}"),
    "ConcordanceCertified": _("{instrument}: the languages say the same in {where}"),
    "ProvisionAgreed": _("{instrument}: to agree {where}"),
    "AdReferendumConfirmed": _("{instrument}: the capital confirms {where}"),
    "ProvisionLocked": _("{instrument}: to lock {where}"),
    "ProvisionReopened": _("{instrument}: to reopen {where}"),
    "TextAdopted": _("{instrument}: to adopt the text"),
    "TextReopened": _("{instrument}: to reopen the adopted text"),
    "TextInitialled": _("{instrument}: initialled"),
    "SignedAdReferendum": _("{instrument}: signed ad referendum"),
    "SignatureConfirmed": _("{instrument}: the signature ad referendum is confirmed"),
    "InstrumentSigned": _("{instrument}: signed"),
    "InstrumentDeposited": _("{instrument}: deposited"),
    "ClosingRecordSigned": _("the closing record is signed"),
}
# What may be left out, and what separates it from the sentence when it is there.
_TAILS: Final = {
    "TalksBrokenOff": (": ", ("text",)),
    "TalksAdjourned": (": ", ("date", "place")),
    "StanceTaken": (", ", ("slot", "condition")),
    "InstrumentDeposited": (": ", ("place",)),
}
_MANY: Final = 4


def described(event: Any) -> str:
    """Return one line that says what an event is."""
    facts = {name: getattr(event, name) for name in event.__struct_fields__}
    listed = next(
        (
            facts[name]
            for name in ("units", "changes", "texts", "labels", "moves", "additions")
            if name in facts
        ),
        (),
    )
    if event.name == "TextTabled":
        listed = event.instrument.units
    facts["where"] = shortened([_named(one) for one in listed])
    facts["units"] = len(listed)
    facts["slots"] = shortened([one.slot for one in facts.get("choices", ())])
    sentence = _SENTENCES.get(event.name, event.name).format(**facts)
    separator, names = _TAILS.get(event.name, ("", ()))
    tail = ", ".join(facts[name] for name in names if facts[name])
    line = " ".join(f"{sentence}{separator}{tail}".split() if tail else sentence.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def shortened(names: list[str]) -> str:
    """Return a list of names; a long one by its ends."""
    if len(names) <= _MANY:
        return ", ".join(names)
    return _("{first} to {last} ({count})").format(first=names[0], last=names[-1], count=len(names))


def _named(one: Any) -> str:
    """Return the id of what an event lists: a provision, however it is wrapped."""
    unit = getattr(one, "unit", None)
    return str(unit if isinstance(unit, str) else getattr(unit or one, "id", ""))
