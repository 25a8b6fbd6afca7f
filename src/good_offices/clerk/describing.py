"""What an act is, in one line for people.

This module decides the words for each kind of act. It never decides whether the act has effect: that is its verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final

from good_offices.clerk.consent_words import called
from good_offices.encoding import unpack
from good_offices.errors import RemoteError
from good_offices.locale import N_, _, language
from good_offices.talks.consent import Draft

_LONGEST: Final = 160
_SENTENCES: Final = {
    "DelegationAccredited": N_("the delegation names itself: {accreditation.name}"),
    "MemberAccredited": N_("credentials of {accreditation.name}, {accreditation.capacity}"),
    "DeskCertified": N_("a desk is certified"),
    "MemberRecalled": N_("a member is recalled"),
    "RootSucceeded": N_("the successor root takes over"),
    "KeysCompared": N_("keys were compared"),
    "ManifestIssued": N_("new keys for the readers of a room"),
    "KeyRenewed": N_("a desk renews its key"),
    "GuestInvited": N_("{did}: to invite {guest} as a guest, {role}"),
    "GuestWithdrawn": N_("a guest is no longer invited"),
    "EpochsHandedOver": N_("earlier keys are handed to those who joined"),
    "ModalitiesProposed": N_("modalities are proposed"),
    "ModalitiesAccepted": N_("modalities are accepted"),
    "ItemProposed": N_("agenda item proposed: {title}"),
    "ItemAccepted": N_("agenda item accepted"),
    "ItemWithdrawn": N_("agenda item withdrawn"),
    "StatementMade": N_("statement: {text}"),
    "NotePassed": N_("note: {text}"),
    "LetterSent": N_("a letter between heads of delegation"),
    "ConsentRuleSet": N_("rule of consent stated, {consents} of the other members: {acts}"),
    "ConsentAsked": N_("consent asked for a draft: {draft}"),
    "ConsentGiven": N_("consent given"),
    "ConsentUsed": N_("what waited for consent has left"),
    "IncidentNotified": N_("incident: {text}"),
    "AnnexFiled": N_("annex filed: {title}, {size} bytes"),
    "PublicStatementRecorded": N_("reported by {reported_by}: {speaker} said something in public, {date}"),
    "InstructionsAsked": N_("instructions asked: {text}"),
    "InstructionsGiven": N_("instructions given: {text}"),
    "FullPowersProduced": N_("full powers are produced"),
    "FullPowersFoundInOrder": N_("full powers are found in order"),
    "FullPowersFoundNotInOrder": N_("full powers are found not in order: {text}"),
    "ActConfirmed": N_("the act at entry {index} is confirmed"),
    "AcceptanceWithdrawn": N_("an acceptance is withdrawn"),
    "ConditionsRequested": N_("{did}: to ask the host for conditions, request {request.number}"),
    "ConditionsSigned": N_("request {number} for conditions is signed for the host"),
    "VenueChanged": N_("{did}: to move the talks to another host, {address}"),
    "RulesUpgraded": N_("{did}: version {rules} of the rules"),
    "TalksBrokenOff": N_("the talks are broken off"),
    "TalksResumed": N_("{did}: to resume the talks"),
    "TalksAdjourned": N_("{did}: to adjourn the talks"),
    "TalksConcluded": N_("{did}: to conclude the talks"),
    "SittingProposed": N_("sitting proposed: {title}"),
    "SittingAccepted": N_("a sitting is accepted"),
    "SittingWithdrawn": N_("the delegation steps back from a sitting"),
    "ReadinessDeclared": N_("readiness for a sitting"),
    "ConveningWaived": N_("{did}: to waive conditions of the convening rule for a sitting"),
    "SittingConvened": N_("a sitting is confirmed"),
    "ExpectationsSealed": N_("expectations of a sitting are sealed"),
    "SittingOpened": N_("to open a sitting"),
    "AttendanceAnnounced": N_("attendance at a sitting is announced"),
    "ItemTakenUp": N_("to go to an item of a sitting's agenda"),
    "FloorRequested": N_("the floor is asked for"),
    "FloorGiven": N_("the floor is given, or the speaker's time called over"),
    "SittingSuspended": N_("a sitting is suspended"),
    "SittingResumed": N_("to resume a sitting"),
    "SittingClosed": N_("to close a sitting"),
    "MinutesProposed": N_("procès-verbal of a sitting proposed"),
    "MinutesAgreed": N_("procès-verbal of a sitting agreed"),
    "RoomOpened": N_("{did}: to open the group “{title}”"),
    "RoomMembersNamed": N_("members are named for a group: {count}"),
    "RoomClosed": N_("{did}: to close the group “{group}”"),
    "ReferredToLevel": N_("{did}: to refer “{title}” from {source} to {target}"),
    "TextTabled": N_("text tabled: {instrument.id}, {units} provisions"),
    "UnitAdded": N_("{instrument}: {did}: to add {where}"),
    "UnitMoved": N_("{instrument}: {did}: to move {where}"),
    "UnitRemoved": N_("{instrument}: {did}: to take out {where}"),
    "UnitRelabelled": N_("{instrument}: {did}: new labels for {where}"),
    "AmendmentProposed": N_("{instrument}: proposal {proposal} on {where}"),
    "AmendmentWithdrawn": N_("{instrument}: proposal {proposal} is withdrawn"),
    "AmendmentAccepted": N_("{instrument}: proposal {proposal} is accepted"),
    "StanceTaken": N_("{instrument}: {says}: {unit}"),
    "BracketsPlaced": N_("{instrument}: brackets placed in {where}"),
    "OptionsPlaced": N_("{instrument}: {where} set as options"),
    "BracketsRemoved": N_("{instrument}: {did}: to settle the brackets in {where}"),
    "LanguageTextSet": N_("{instrument}: {did}: text in a language for {where}"),
    "ConcordanceCertified": N_("{instrument}: {did}: the languages say the same in {where}"),
    "ProvisionAgreed": N_("{instrument}: {did}: to agree {where}"),
    "AdReferendumConfirmed": N_("{instrument}: the capital confirms {where}"),
    "ProvisionLocked": N_("{instrument}: {did}: to lock {where}"),
    "ProvisionReopened": N_("{instrument}: {did}: to reopen {where}"),
    "TextAdopted": N_("{instrument}: {did}: to adopt the text"),
    "TextReopened": N_("{instrument}: {did}: to reopen the adopted text"),
    "SilenceOpened": N_("{instrument}: under silence for {hours} hours: {where}"),
    "SilenceBroken": N_("the silence is broken"),
    "SoundingOpened": N_("sounding opened: {subject}"),
    "SoundingRepeated": N_("to repeat a sounding"),
    "StandingListsHeld": N_("the standing lists of soundings are held"),
    "SoundingAnswered": N_("a step of a sounding is answered"),
    "SoundingCommitted": N_("a commitment to the host's box"),
    "SoundingGivenUp": N_("an attempt of a sounding is given up"),
    "TextInitialled": N_("{instrument}: initialled"),
    "SignedAdReferendum": N_("{instrument}: signed ad referendum"),
    "SignatureConfirmed": N_("{instrument}: the signature ad referendum is confirmed"),
    "InstrumentSigned": N_("{instrument}: signed"),
    "InstrumentDeposited": N_("{instrument}: {did}: the deposit of the original"),
    "DepositaryAdmitted": N_("{did}: to admit {called} as a depositary"),
    "DepositReceived": N_("{instrument}: the depositary has signed that it received the text"),
    "ClosingRecordSigned": N_("the closing record is signed"),
    "PaperSignatureAttested": N_("{instrument}: {did}: to attest that an original on paper was signed"),
    "SignatureRecorded": N_("{instrument}: {did}: the procès-verbal of signature"),
    "ErrorNotified": N_("{instrument}: an error is notified, to be corrected"),
    "CorrectionAccepted": N_("the correction of an error is accepted"),
    "CorrectionObjected": N_("objection to the correction of an error: {text}"),
    "DestructionAttested": N_("keys and archive are destroyed, says the delegation: {text}"),
    "CommuniqueProposed": N_("{did}: to release together: {headline}"),
    "CommuniqueAccepted": N_("a communiqué is accepted"),
    "CommuniqueSigned": N_("a communiqué is signed for the public"),
    "CommuniqueWithdrawn": N_("the delegation withdraws from a communiqué"),
    "CommuniqueReleased": N_("a communiqué is handed to the host for its public page"),
}
# What may be left out, and what separates it from the sentence when it is there.
_TAILS: Final = {
    "TalksBrokenOff": (": ", ("text",)),
    "TalksAdjourned": (": ", ("date", "place")),
    "StanceTaken": (", ", ("slot", "condition")),
    "InstrumentDeposited": (": ", ("place",)),
    "PaperSignatureAttested": (": ", ("place", "date")),
    "SilenceOpened": (": ", ("text",)),
    "SilenceBroken": (": ", ("text",)),
}
_MANY: Final = 4
_GUESTS: Final = {"interpreter": N_("interpreter"), "adviser": N_("adviser"), "observer": N_("observer")}
_STANCES: Final = {
    "proposes": N_("proposes"),
    "supports": N_("supports"),
    "opposes": N_("opposes"),
    "retain": N_("would retain"),
    "delete": N_("would delete"),
    "reserves": N_("reserves its position"),
}


def described(event: Any, labels: Mapping[str, str] | None = None, *, accepted: bool = False) -> str:
    """Return one line that says what an event is; `labels` are what people call texts and provisions (`rooms_view.labels`).

    Of a joint act it says that it was proposed, or with `accepted` that it was accepted. A text that is called nothing, because there is no other, is left out of the line.
    """
    labels = labels or {}
    facts = {name: getattr(event, name) for name in event.__struct_fields__} | _of_consent(event, labels)
    facts |= _of_guest(event)
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
    if event.name == "SoundingOpened":
        said = event.listed.subject
        facts["subject"] = said.get(language()) or next(iter(said.values()), "")
    if event.name == "CommuniqueProposed":
        facts["headline"] = event.titles.get(language()) or next(iter(event.titles.values()), "")
    text = facts.get("instrument")
    of = text if isinstance(text, str) else getattr(text, "id", "")
    facts["where"] = shortened([_called(labels, of, _named(one)) for one in listed])
    if event.name == "SilenceOpened" and event.digest is not None:
        facts["where"] = _("the whole text")
    facts["units"] = len(listed)
    if isinstance(text, str):
        facts["instrument"] = labels.get(text, text)
    elif text is not None and labels:
        titles = text.titles
        facts["instrument"] = SimpleNamespace(
            id=titles.get(language()) or next(iter(titles.values()), text.id)
        )
    if isinstance(facts.get("unit"), str):
        facts["unit"] = _called(labels, of, facts["unit"])
    if event.name == "RoomMembersNamed":
        facts["count"] = len(event.members)
    facts["group"] = labels.get(facts.get("room", ""), "")
    facts |= {name: labels.get(facts[name], facts[name]) for name in ("source", "target") if name in facts}
    if "says" in facts:
        stance = _STANCES[facts["says"]]
        facts["says"] = _(stance)
    facts["did"] = _("accepted") if accepted else _("proposed")
    sentence = _(_SENTENCES.get(event.name, event.name)).format(**facts)
    separator, names = _TAILS.get(event.name, ("", ()))
    tail = ", ".join(facts[name] for name in names if facts[name])
    sentence = sentence.removeprefix(": ")
    line = " ".join(f"{sentence}{separator}{tail}".split() if tail else sentence.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _of_consent(event: Any, labels: Mapping[str, str]) -> dict[str, str]:
    """Return the words for the acts of a rule of consent, and for the draft that consent is asked for."""
    if event.name == "ConsentRuleSet":
        return {"acts": "; ".join(called(event.acts)) or _("no act")}
    if event.name != "ConsentAsked":
        return {}
    try:
        return {"draft": described(unpack(event.draft, Draft).event, labels)}
    except RemoteError:
        return {"draft": ""}  # void, and told as what it tried to be


def _of_guest(event: Any) -> dict[str, str]:
    """Return the word for what a guest is invited as."""
    return {"role": _(_GUESTS[event.role])} if event.name == "GuestInvited" else {}


def shortened(names: list[str]) -> str:
    """Return a list of names; a long one by its ends."""
    if len(names) <= _MANY:
        return ", ".join(names)
    return _("{first} to {last} ({count})").format(first=names[0], last=names[-1], count=len(names))


def _called(labels: Mapping[str, str], text: str, unit: str) -> str:
    """Return what a provision of a text is called: two texts may have provisions with the same id."""
    return labels.get(f"{text}/{unit}") or labels.get(unit, unit)


def _named(one: Any) -> str:
    """Return the id of what an event lists: a provision, however it is wrapped."""
    unit = getattr(one, "unit", None)
    return str(unit if isinstance(unit, str) else getattr(unit or one, "id", ""))
