"""What people call the acts of a rule of consent: several acts that are one thing to them. See spec/papers.md R-129.

This module decides which acts a member names with one word when a rule is stated: every act that binds is in one group. An act can also be
named alone, by its own name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from good_offices.locale import N_, _
from good_offices.talks.rules import RULES

_NAMED: Final[dict[str, tuple[str, ...]]] = {
    "signing": (
        "ClosingRecordSigned",
        "DepositaryAdmitted",
        "InstrumentDeposited",
        "InstrumentSigned",
        "SignatureConfirmed",
        "SignedAdReferendum",
        "TextInitialled",
    ),
    "agreeing": (
        "AdReferendumConfirmed",
        "AmendmentAccepted",
        "BracketsRemoved",
        "ConcordanceCertified",
        "LanguageTextSet",
        "ProvisionAgreed",
        "ProvisionLocked",
        "ProvisionReopened",
        "SilenceOpened",
        "TextAdopted",
        "TextReopened",
    ),
    "proposing": (
        "AmendmentProposed",
        "AmendmentWithdrawn",
        "BracketsPlaced",
        "OptionsPlaced",
        "TextTabled",
        "UnitAdded",
        "UnitMoved",
        "UnitRelabelled",
        "UnitRemoved",
    ),
    "course": ("TalksAdjourned", "TalksBrokenOff", "TalksConcluded", "TalksResumed"),
    "modalities": (
        "ItemAccepted",
        "ItemProposed",
        "ItemWithdrawn",
        "ModalitiesAccepted",
        "ModalitiesProposed",
    ),
    "meetings": (
        "ConveningWaived",
        "ExpectationsSealed",
        "ItemTakenUp",
        "MinutesAgreed",
        "MinutesProposed",
        "ReadinessDeclared",
        "SittingAccepted",
        "SittingClosed",
        "SittingConvened",
        "SittingOpened",
        "SittingProposed",
        "SittingResumed",
        "SittingWithdrawn",
    ),
    "rooms": ("ReferredToLevel", "RoomClosed", "RoomOpened"),
    "after": (
        "CorrectionAccepted",
        "CorrectionObjected",
        "ErrorNotified",
        "PaperSignatureAttested",
        "SignatureRecorded",
    ),
    "outside": (
        "CommuniqueAccepted",
        "CommuniqueProposed",
        "CommuniqueReleased",
        "CommuniqueSigned",
        "ConditionsRequested",
        "ConditionsSigned",
    ),
}
CALLED: Final = {
    "signing": N_("initials, signatures, the deposit and the closing record"),
    "proposing": N_("putting texts on the table, proposing words and brackets"),
    "agreeing": N_("agreeing words, adopting the text, confirming for the capital"),
    "course": N_("breaking off, resuming, adjourning, concluding"),
    "modalities": N_("modalities and agenda"),
    "meetings": N_("proposing, convening and conducting meetings, and their procès-verbal"),
    "rooms": N_("opening and closing rooms, referring from one to another"),
    "after": N_("what follows a signature: originals on paper, its procès-verbal, corrections"),
    "outside": N_("what goes to the host or the public"),
    "other": N_("everything else that binds, such as finding full powers in order"),
    "all": N_("everything that binds"),
}


# Every act that binds is in one group, so that a rule can be told without a code word.
GROUPS: Final[dict[str, tuple[str, ...]]] = _NAMED | {
    "other": tuple(
        sorted(
            name
            for name, rule in RULES.items()
            if rule.binding and not any(name in group for group in _NAMED.values())
        )
    )
}


def acts_that_bind() -> list[str]:
    """Return the names of all acts that a rule may name."""
    return sorted(name for name, rule in RULES.items() if rule.binding)


def called(acts: Iterable[str]) -> list[str]:
    """Return what people call the acts of a rule: groups that are in it, and of which only a part is."""
    acts = set(acts)
    if acts == set(acts_that_bind()):
        return [_(CALLED["all"])]
    words = []
    for name, group in GROUPS.items():
        if held := acts & set(group):
            said = _(CALLED[name])
            words.append(said if held == set(group) else _("in part: {acts}").format(acts=said))
    return words
