"""From the table of rules to what an event does in the plenary or a group. See spec/talks.md section 5.

This module decides whether an event may happen here and now, and by whom. It never decides what it does.

1. The event is one of the room (R-20).
2. In the plenary, the groups and the sounding room, its author's delegation has compared keys (R-21).
3. While the talks are broken off, and after their conclusion, only the events pass that the table lets pass; a note
   passes a break only if it is urgent (R-22, R-23).
4. Its author holds the power that the table names; without it the act has no effect and is kept for a member who
   holds the power to confirm (R-24). A closing record signed so is void (R-63), and a communiqué (R-134).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from good_offices.errors import LocalError
from good_offices.talks import (
    after,
    communique,
    conditions,
    convening,
    depositaries,
    expectations,
    group_acts,
    outcome,
    papers,
    plenary,
    powers,
    silence,
    sittings,
    textual,
)
from good_offices.talks.closing import Register, StateAt, closing_record_signed
from good_offices.talks.confirming import Perform, confirmed, kept
from good_offices.talks.plenary import PlenaryState, Step
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import RULES, Room
from good_offices.talks.verdict import Effect, Place, WithoutEffectError

Handler: TypeAlias = Callable[[PlenaryState, RosterState, Place, Any], Step]


# Signatures that stand without the power or not at all.
_ALONE: Final = {
    "ClosingRecordSigned": "closing-power-lacking",
    "CommuniqueSigned": "communique-power-lacking",
}

HANDLERS: Final[Mapping[str, Handler]] = {
    "EpochsHandedOver": group_acts.epochs_handed_over,
    "ManifestIssued": group_acts.manifest_issued,
    "KeyRenewed": group_acts.key_renewed,
    "RoomOpened": group_acts.room_opened,
    "RoomMembersNamed": group_acts.room_members_named,
    "RoomClosed": group_acts.room_closed,
    "ReferredToLevel": group_acts.referred,
    "SittingProposed": convening.sitting_proposed,
    "SittingAccepted": convening.sitting_accepted,
    "SittingWithdrawn": convening.sitting_withdrawn,
    "ReadinessDeclared": convening.readiness_declared,
    "ConveningWaived": convening.convening_waived,
    "SittingConvened": convening.sitting_convened,
    "ExpectationsSealed": expectations.expectations_sealed,
    "SittingOpened": sittings.sitting_opened,
    "AttendanceAnnounced": sittings.attendance_announced,
    "ItemTakenUp": sittings.item_taken_up,
    "FloorRequested": sittings.floor_requested,
    "FloorGiven": sittings.floor_given,
    "SittingSuspended": sittings.sitting_suspended,
    "SittingResumed": sittings.sitting_resumed,
    "SittingClosed": sittings.sitting_closed,
    "MinutesProposed": sittings.minutes_proposed,
    "MinutesAgreed": sittings.minutes_agreed,
    "ModalitiesProposed": plenary.modalities_proposed,
    "ModalitiesAccepted": plenary.modalities_accepted,
    "ItemProposed": plenary.item_proposed,
    "ItemAccepted": plenary.item_accepted,
    "ItemWithdrawn": plenary.item_withdrawn,
    "StatementMade": sittings.statement_made,
    "NotePassed": plenary.said,
    "IncidentNotified": plenary.said,
    "PublicStatementRecorded": plenary.said,
    "AnnexFiled": papers.annex_filed,
    "LetterSent": papers.letter_sent,
    "FullPowersProduced": powers.full_powers_produced,
    "FullPowersFoundInOrder": powers.full_powers_found,
    "FullPowersFoundNotInOrder": powers.full_powers_refused,
    "AcceptanceWithdrawn": textual.acceptance_withdrawn,
    "TalksBrokenOff": plenary.talks_broken_off,
    "TalksResumed": plenary.course_changed,
    "TalksAdjourned": plenary.course_changed,
    "TalksConcluded": plenary.course_changed,
    "TextTabled": textual.text_tabled,
    "AmendmentProposed": textual.amendment_proposed,
    "AmendmentWithdrawn": textual.amendment_withdrawn,
    "AmendmentAccepted": textual.amendment_accepted,
    "StanceTaken": textual.one_sided,
    "BracketsPlaced": textual.one_sided,
    "OptionsPlaced": textual.one_sided,
    "AdReferendumConfirmed": textual.one_sided,
    "UnitAdded": textual.joint_text,
    "UnitMoved": textual.joint_text,
    "UnitRemoved": textual.joint_text,
    "UnitRelabelled": textual.joint_text,
    "BracketsRemoved": textual.joint_text,
    "LanguageTextSet": textual.joint_text,
    "ConcordanceCertified": textual.joint_text,
    "ProvisionAgreed": textual.joint_text,
    "ProvisionLocked": textual.joint_text,
    "ProvisionReopened": textual.joint_text,
    "TextAdopted": textual.joint_text,
    "TextReopened": outcome.text_reopened,
    "SilenceOpened": silence.silence_opened,
    "SilenceBroken": silence.silence_broken,
    "TextInitialled": outcome.text_initialled,
    "SignedAdReferendum": outcome.signed_ad_referendum,
    "InstrumentSigned": outcome.instrument_signed,
    "SignatureConfirmed": outcome.signature_confirmed,
    "InstrumentDeposited": outcome.instrument_deposited,
    "PaperSignatureAttested": after.paper_attested,
    "SignatureRecorded": after.signature_recorded,
    "ErrorNotified": after.error_notified,
    "CorrectionAccepted": after.correction_accepted,
    "CorrectionObjected": after.correction_objected,
    "DestructionAttested": after.destruction_attested,
    "DepositaryAdmitted": depositaries.depositary_admitted,
    "DepositReceived": depositaries.deposit_received,
    "ConditionsRequested": conditions.conditions_requested,
    "ConditionsSigned": conditions.conditions_signed,
    "CommuniqueProposed": communique.communique_proposed,
    "CommuniqueAccepted": communique.communique_accepted,
    "CommuniqueSigned": communique.communique_signed,
    "CommuniqueWithdrawn": communique.communique_withdrawn,
    "CommuniqueReleased": communique.communique_released,
}


def permit(state: PlenaryState, roster: RosterState, place: Place, event: Any, room: Room) -> None:
    """Pass if the table lets this event happen here and now (R-20 to R-23).

    Raises:
        LocalError: `room-wrong`, `sitting-elsewhere`, `keys-not-compared`, `talks-broken-off`, `talks-concluded`.
    """
    rule = RULES[event.name]
    if room not in rule.rooms:
        raise LocalError("room-wrong", event=event.name, room=room)
    if room == "caucus" and getattr(event, "sitting", None) is not None:
        raise LocalError("sitting-elsewhere")
    if room in ("roster", "caucus"):
        return
    if not roster.compared(place.delegation):
        raise LocalError("keys-not-compared")
    if room == "sounding":
        return  # Soundings go on after a break and a conclusion: they are how one finds back.
    standing = state.course.standing
    urgent = event.name != "NotePassed" or event.urgent
    if standing == "broken-off" and not (rule.broken and urgent):
        raise LocalError("talks-broken-off")
    if standing == "concluded" and not rule.concluded:
        raise LocalError("talks-concluded")


def perform(
    state: PlenaryState,
    roster: RosterState,
    place: Place,
    event: Any,
    *,
    register: Register,
    state_at: StateAt,
    room: Room = "plenary",
) -> Step:
    """Return the plenary, or a group's state, after an event that was permitted, and its effects; one without powers is kept (R-24).

    Raises:
        LocalError: what the event's own rules say; `closing-power-lacking`.
    """

    def act(now: PlenaryState, where: Place, what: Any) -> Step:
        if what is not event:
            permit(now, roster, where, what, room)
        if what.name == "ClosingRecordSigned":
            return closing_record_signed(now, roster, where, what, register=register, state_at=state_at)
        return HANDLERS[what.name](now, roster, where, what)

    done, effects = _done(state, place, event, act)
    if room not in ("plenary", "group"):
        return done, effects
    more: tuple[Effect, ...] = ()
    if room == "plenary":
        done, more = after.passed(done, roster, place, event)
    done, last = silence.passed(done, roster, place, event)
    return done, (*effects, *more, *last)


def _done(state: PlenaryState, place: Place, event: Any, act: Perform) -> Step:
    """Return the state after an event, or one that keeps it for who holds the power."""
    if event.name == "ActConfirmed":
        return confirmed(state, place, event, act)
    power = RULES[event.name].power
    if power is not None and (place.member is None or power not in place.member.powers):
        if event.name in _ALONE:
            # No file could show a confirmation: it would stand after the record's head, or is not for the public.
            raise LocalError(_ALONE[event.name], power=power)
        return kept(state, place, event, WithoutEffectError("power-lacking", power=power))
    try:
        return act(state, place, event)
    except WithoutEffectError as lacking:
        return kept(state, place, event, lacking)
