"""What people call the acts of a rule of consent: several acts that are one thing to them. See spec/papers.md R-129.

This module decides which acts a member names with one word when a rule is stated. Any other act that binds can be named by its own
name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from good_offices.locale import N_, _
from good_offices.talks.rules import RULES

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "signing": (
        "ClosingRecordSigned",
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
    "course": ("TalksAdjourned", "TalksBrokenOff", "TalksConcluded", "TalksResumed"),
    "modalities": ("ItemAccepted", "ItemWithdrawn", "ModalitiesAccepted", "ModalitiesProposed"),
    "meetings": (
        "ConveningWaived",
        "ReadinessDeclared",
        "SittingAccepted",
        "SittingConvened",
        "SittingProposed",
    ),
    "outside": (
        "CommuniqueAccepted",
        "CommuniqueReleased",
        "CommuniqueSigned",
        "ConditionsRequested",
        "ConditionsSigned",
    ),
}
CALLED: Final = {
    "signing": N_("initials, signatures, the deposit and the closing record"),
    "agreeing": N_("agreeing words, adopting the text, confirming for the capital"),
    "course": N_("breaking off, resuming, adjourning, concluding"),
    "modalities": N_("modalities and agenda"),
    "meetings": N_("proposing and convening meetings"),
    "outside": N_("what goes to the host or the public"),
    "all": N_("everything that binds"),
}


def acts_that_bind() -> list[str]:
    """Return the names of all acts that a rule may name."""
    return sorted(name for name, rule in RULES.items() if rule.binding)


def called(acts: Iterable[str]) -> list[str]:
    """Return what people call the acts of a rule: groups that are in it whole, and other acts by name."""
    acts = set(acts)
    if acts == set(acts_that_bind()):
        return [_(CALLED["all"])]
    whole = [name for name, group in GROUPS.items() if set(group) <= acts]
    rest = acts - {one for name in whole for one in GROUPS[name]}
    return [_(CALLED[name]) for name in whole] + sorted(rest)
