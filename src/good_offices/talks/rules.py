"""The table of rules: where an event may happen, by whom, and when.

Reading it. Every event has one row. `rooms` are the rooms it may be posted in; in another it is void. `power` is what
the author's credentials must name; without it the act is not void but without effect until a member who holds the
power confirms it (VCLT 8). `joint` events have effect when every delegation has accepted the same content; the others
have effect by themselves. `binding` events are those that a desk whose state differs from another's does not send
before a member has decided (R-15). `broken` events pass while the talks are broken off, `concluded` ones after their
conclusion; all others are then void. What completes the record of what was signed passes both: else one delegation could
sign, break off, and so keep the others from the proof of it.

The table never says what an event does: that is in the module of its room, function by function. What is not in
the table cannot happen. The rows of the roster and the caucus have no power: what binds there is the root's signature. GuestInvited, which all
delegations accept, has one, and is void without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from good_offices.talks.event import Power

Room: TypeAlias = Literal["roster", "plenary", "sounding", "group", "caucus"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table (spec/talks.md section 5)."""

    rooms: tuple[Room, ...]
    power: Power | None = None
    joint: bool = False
    binding: bool = False
    broken: bool = False
    concluded: bool = False


_ROSTER: Final = Rule(rooms=("roster",), broken=True, concluded=True)
_BOTH: Final = Rule(rooms=("roster", "caucus"), broken=True, concluded=True)
# A group's epochs and keys stand in the plenary, whose readers all know who reads it.
_KEYS: Final = Rule(rooms=("roster", "plenary", "caucus"), broken=True, concluded=True)
_HAND: Final = Rule(rooms=("roster", "plenary", "sounding", "group", "caucus"), broken=True, concluded=True)
_SAY: Final = Rule(rooms=("plenary",), power="speak")
_FILE: Final = Rule(rooms=("plenary", "group"), power="speak")
_NOTE: Final = Rule(rooms=("plenary", "group", "caucus"), power="speak", broken=True, concluded=True)
_HOME: Final = Rule(rooms=("caucus",), broken=True, concluded=True)
_OFFER: Final = Rule(rooms=("plenary", "group"), power="propose", binding=True)
_AGREE: Final = Rule(rooms=("plenary",), power="agree", joint=True, binding=True)
_WORK: Final = Rule(rooms=("plenary", "group"), power="agree", joint=True, binding=True)
_HELD: Final = Rule(rooms=("plenary", "group"), power="speak", joint=True, binding=True)
_MINUTES: Final = Rule(rooms=("plenary", "group"), power="agree", joint=True, binding=True, concluded=True)
_ONE: Final = Rule(rooms=("plenary",), power="agree", binding=True)
_SIGN: Final = Rule(rooms=("plenary",), power="sign", binding=True)
_AFTER: Final = Rule(rooms=("plenary",), power="sign", binding=True, broken=True, concluded=True)
_LAST: Final = Rule(rooms=("plenary",), power="agree", joint=True, binding=True, broken=True, concluded=True)
_MOVE: Final = Rule(rooms=("roster",), power="agree", joint=True, binding=True, broken=True, concluded=True)
_SOUND: Final = Rule(rooms=("sounding",), broken=True, concluded=True)

# The versions of the rules that this release judges by; a desk that meets another in force stops.
VERSIONS: Final = frozenset({1})

# Desks renew keys and hand over epochs without being asked: by that nobody has shown to have read anything.
UNASKED: Final = frozenset({"ManifestIssued", "KeyRenewed", "EpochsHandedOver"})

RULES: Final[dict[str, Rule]] = {
    # credentials and epochs
    "DelegationAccredited": _ROSTER,
    "MemberAccredited": _BOTH,
    "DeskCertified": _BOTH,
    "MemberRecalled": _BOTH,
    "RootSucceeded": _ROSTER,
    "KeysCompared": _ROSTER,
    "ManifestIssued": _KEYS,
    "KeyRenewed": _KEYS,
    "EpochsHandedOver": _HAND,
    # guests: in the roster, because by them it is judged who reads it; there nothing is kept for a confirmation
    "GuestInvited": Rule(
        rooms=("roster",), power="agree", joint=True, binding=True, broken=True, concluded=True
    ),
    "GuestWithdrawn": _ROSTER,
    # another host, other rules: for every desk, duty desks too; a break or a conclusion binds nobody to a host
    "VenueChanged": _MOVE,
    "RulesUpgraded": _MOVE,
    # modalities and agenda: to propose modalities is to accept them, so it needs the power to agree
    "ModalitiesProposed": _AGREE,
    "ModalitiesAccepted": _AGREE,
    "ItemProposed": Rule(rooms=("plenary", "group"), power="propose", joint=True, binding=True),
    "ItemAccepted": _WORK,
    "ItemWithdrawn": _WORK,
    # group rooms: whom a delegation sends it can say at any time, else a member could not be withdrawn after a break
    "RoomOpened": _AGREE,
    "RoomMembersNamed": Rule(rooms=("plenary",), power="agree", broken=True, concluded=True),
    "RoomClosed": _AGREE,
    "ReferredToLevel": _WORK,
    # what is said and filed
    "StatementMade": Rule(rooms=("plenary", "group", "caucus"), power="speak"),
    "NotePassed": _NOTE,
    "IncidentNotified": Rule(rooms=("plenary",), power="speak", broken=True),
    "AnnexFiled": _FILE,
    "PublicStatementRecorded": _SAY,
    "InstructionsAsked": _HOME,
    "InstructionsGiven": _HOME,
    # letters pass a break, as urgent notes do: they may be how the heads find back
    "LetterSent": Rule(rooms=("plenary",), power="speak", broken=True, concluded=True),
    "ConsentRuleSet": _HOME,
    "ConsentAsked": _HOME,
    "ConsentGiven": _HOME,
    "ConsentUsed": _HOME,
    # full powers; one act confirms another of any kind, so the power is that of the act confirmed
    "FullPowersProduced": Rule(rooms=("plenary",), power="speak", broken=True, concluded=True),
    "FullPowersFoundInOrder": Rule(
        rooms=("plenary",), power="agree", binding=True, broken=True, concluded=True
    ),
    "FullPowersFoundNotInOrder": Rule(
        rooms=("plenary",), power="agree", binding=True, broken=True, concluded=True
    ),
    "ActConfirmed": Rule(rooms=("plenary", "group"), binding=True, broken=True, concluded=True),
    "AcceptanceWithdrawn": Rule(rooms=("roster", "plenary", "group"), power="agree", concluded=True),
    # conditions asked of the host: accepted by all, then signed by each
    "ConditionsRequested": _AGREE,
    "ConditionsSigned": _ONE,
    # meetings: what leads to a sitting is in the plenary, what happens in it is in its room
    "SittingProposed": _AGREE,
    "SittingAccepted": _AGREE,
    "SittingWithdrawn": _ONE,
    "ReadinessDeclared": _ONE,
    "ConveningWaived": _AGREE,
    "SittingConvened": _AGREE,
    "ExpectationsSealed": _ONE,
    "SittingOpened": _HELD,
    "AttendanceAnnounced": _FILE,
    "ItemTakenUp": _HELD,
    "FloorRequested": _FILE,
    "FloorGiven": _FILE,
    "SittingSuspended": _FILE,
    "SittingResumed": _HELD,
    "SittingClosed": _WORK,
    # the last procès-verbal is often agreed when the talks are over
    "MinutesProposed": _MINUTES,
    "MinutesAgreed": _MINUTES,
    # course
    "TalksBrokenOff": _ONE,
    "TalksResumed": Rule(rooms=("plenary",), power="agree", joint=True, binding=True, broken=True),
    "TalksAdjourned": _AGREE,
    "TalksConcluded": _AGREE,
    # text
    "TextTabled": Rule(rooms=("plenary", "group"), power="table", binding=True),
    "UnitAdded": _WORK,
    "UnitMoved": _WORK,
    "UnitRemoved": _WORK,
    "UnitRelabelled": _WORK,
    "AmendmentProposed": Rule(rooms=("plenary", "group"), power="propose", joint=True, binding=True),
    "AmendmentWithdrawn": _OFFER,
    "AmendmentAccepted": _WORK,
    "StanceTaken": _FILE,
    "BracketsPlaced": _OFFER,
    "OptionsPlaced": _OFFER,
    "BracketsRemoved": _WORK,
    "LanguageTextSet": _WORK,
    "ConcordanceCertified": _WORK,
    "ProvisionAgreed": _WORK,
    "AdReferendumConfirmed": Rule(rooms=("plenary", "group"), power="agree", binding=True),
    "ProvisionLocked": _WORK,
    "ProvisionReopened": _WORK,
    "TextAdopted": _WORK,
    "TextReopened": _WORK,
    # silence: an objection fails for no want of a power, and a break or a conclusion ends what it could be about
    "SilenceOpened": Rule(rooms=("plenary", "group"), power="agree", binding=True),
    "SilenceBroken": Rule(rooms=("plenary", "group")),
    # soundings: they bind nobody, and are how one finds back after a break
    "SoundingOpened": Rule(rooms=("sounding",), power="propose", broken=True, concluded=True),
    "SoundingRepeated": Rule(rooms=("sounding",), power="agree", joint=True, broken=True, concluded=True),
    "StandingListsHeld": _SOUND,
    "SoundingAnswered": _SOUND,
    "SoundingCommitted": _SOUND,
    "SoundingGivenUp": _SOUND,
    # outcome
    "TextInitialled": Rule(rooms=("plenary",), power="initial", binding=True),
    "SignedAdReferendum": _SIGN,
    "SignatureConfirmed": _AFTER,
    "InstrumentSigned": _SIGN,
    # joint: nobody makes itself the depositary (VCLT 76)
    "InstrumentDeposited": Rule(
        rooms=("plenary",), power="agree", joint=True, binding=True, broken=True, concluded=True
    ),
    "ClosingRecordSigned": Rule(
        rooms=("plenary",), power="agree", joint=True, binding=True, broken=True, concluded=True
    ),
    # after the text: what completes its record, and what is said when all is over
    "PaperSignatureAttested": Rule(
        rooms=("plenary",), power="sign", joint=True, binding=True, broken=True, concluded=True
    ),
    "SignatureRecorded": _LAST,
    "ErrorNotified": _LAST,
    "CorrectionAccepted": _LAST,
    "CorrectionObjected": Rule(rooms=("plenary",), power="agree", binding=True, broken=True, concluded=True),
    "DestructionAttested": Rule(rooms=("plenary",), power="speak", broken=True, concluded=True),
    # a depositary apart from the delegations: deposits pass a break and a conclusion, and so does what they need
    "DepositaryAdmitted": _LAST,
    "DepositReceived": Rule(rooms=("plenary",), power="agree", broken=True, concluded=True),
    # the communiqué: a signature leaves the talks, so breaking off takes none back and gives none
    "CommuniqueProposed": Rule(rooms=("plenary",), power="release", joint=True, binding=True, concluded=True),
    "CommuniqueAccepted": Rule(rooms=("plenary",), power="release", joint=True, binding=True, concluded=True),
    "CommuniqueSigned": Rule(rooms=("plenary",), power="release", binding=True, concluded=True),
    "CommuniqueWithdrawn": Rule(rooms=("plenary",), power="release", broken=True, concluded=True),
    "CommuniqueReleased": Rule(
        rooms=("plenary",), power="release", binding=True, broken=True, concluded=True
    ),
}
