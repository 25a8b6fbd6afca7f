"""The words of an act are words: what a member's eye sees is what was signed. See spec/talks.md R-17.

This module decides whether what people write into an act may stand there. It never looks at a negotiating text, whose own
rules do (spec/text.md), and never at a name that the state must already hold.

1. Fields in `WORDS` keep spec/encoding.md section 4. Of ids, those are here that an act may bring in for the first time.
2. Fields in `LANGUAGES` have the shape of a language tag (BCP 47).
3. A refusal names field and position, never the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Final, TypeAlias

from good_offices.encoding import check_words
from good_offices.errors import LocalError

# By event: the fields that hold words, those of a record in it after a dot. A test holds the two lists against every
# field of every event, so that a new field is in one of them or has its reason there.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "DelegationAccredited": ("accreditation.name", "accreditation.represents"),
    "MemberAccredited": ("accreditation.member", "accreditation.name", "accreditation.capacity"),
    "DeskCertified": ("statement.member", "statement.desk"),
    "MemberRecalled": ("recall.member",),
    "ModalitiesProposed": (
        "modalities.names",
        "modalities.retention",
        "modalities.other",
        "modalities.convening.instrument",
        "modalities.convening.units",
    ),
    "ItemProposed": ("title", "note"),
    "StatementMade": ("text",),
    "NotePassed": ("text", "subject"),
    "IncidentNotified": ("text", "occurred", "place"),
    "AnnexFiled": ("annex", "title", "media"),
    "PublicStatementRecorded": ("speaker", "date", "medium", "reported_by"),
    "InstructionsAsked": ("text",),
    "InstructionsGiven": ("text",),
    "ConsentAsked": ("text",),
    "FullPowersProduced": ("member", "text"),
    "FullPowersFoundNotInOrder": ("text",),
    "SittingProposed": ("title", "dates", "place", "zones.place", "zones.zone"),
    "MinutesProposed": ("words",),
    "TalksBrokenOff": ("text",),
    "TalksAdjourned": ("date", "place"),
    "SoundingOpened": ("listed.subject", "listed.options.words", "listed.options.value", "listed.scale.unit"),
    "AmendmentProposed": ("condition",),
    "StanceTaken": ("condition",),
    "InstrumentDeposited": ("depositary", "place"),
    "PaperSignatureAttested": ("place", "date", "signatories.name", "signatories.capacity"),
    "SignatureRecorded": ("words",),
    "ErrorNotified": ("errata.found", "errata.correct"),
    "CorrectionObjected": ("text",),
    "DestructionAttested": ("text",),
    "ConditionsRequested": ("request.items.words",),
    "RoomOpened": ("title", "mandate"),
    "ReferredToLevel": ("title", "text"),
    "CommuniqueProposed": ("titles", "names", "embargo_words"),
    "DepositaryAdmitted": ("called", "represents"),
    "GuestInvited": ("guest", "represents"),
    "SilenceOpened": ("text",),
    "SilenceBroken": ("text",),
}
LANGUAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "ModalitiesProposed": ("modalities.authentic", "modalities.working"),
    "StatementMade": ("language",),
    "NotePassed": ("language",),
    "IncidentNotified": ("language",),
    "PublicStatementRecorded": ("language",),
    "InstructionsAsked": ("language",),
    "InstructionsGiven": ("language",),
    "ConsentAsked": ("language",),
    "FullPowersFoundNotInOrder": ("language",),
    "MinutesProposed": ("words",),
    "TalksBrokenOff": ("language",),
    "RoomOpened": ("language",),
    "GuestInvited": ("language",),
    "ReferredToLevel": ("language",),
    "ConditionsRequested": ("request.items.language", "request.items.pair"),
    "SignatureRecorded": ("words",),
    "ErrorNotified": ("errata.language",),
    "CorrectionObjected": ("language",),
    "DestructionAttested": ("language",),
    # Those of the options are those of the subject (spec/soundings.md section 1).
    "SoundingOpened": ("listed.subject",),
    "CommuniqueProposed": ("titles",),
    "DepositaryAdmitted": ("language",),
    "SilenceOpened": ("language",),
    "SilenceBroken": ("language",),
}
# RFC 5646 section 2.1 by its shape alone: wider than the languages of a text, which name a language, script and region.
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_TAG_LONGEST: Final = 64
_WORDLESS: Final = frozenset({"TalksBrokenOff", "ConsentAsked", "SilenceOpened", "SilenceBroken"})

_Fields: TypeAlias = tuple[tuple[str, Callable[[Any], Any]], ...]


def _reader(path: str) -> Callable[[Any], Any]:
    """Return what reads a field; a list that is sounded has many options, or none and a scale."""
    if path.startswith(("signatories.", "errata.")):
        many, each = path.split(".")
        return lambda event: [getattr(one, each) for one in getattr(event, many)]
    if path.startswith("request.items."):
        _, _, each = path.split(".")
        return lambda event: list(_inside(getattr(one, each) for one in event.request.items))
    if path.startswith("zones."):
        _, each = path.split(".")
        return lambda event: [getattr(one, each) for one in event.zones]
    if path.startswith("modalities.convening."):
        return _of_conditions(path.rpartition(".")[2])
    if not path.startswith(("listed.options.", "listed.scale.")):
        return attrgetter(path)
    _, where, name = path.split(".")

    def read(event: Any) -> list[Any]:
        held = getattr(event.listed, where)
        return [getattr(one, name) for one in (held if isinstance(held, list) else [held] if held else [])]

    return read


def _of_conditions(name: str) -> Callable[[Any], list[Any]]:
    """Return what reads a field of all conditions of a convening rule that have it."""

    def read(event: Any) -> list[Any]:
        rules = event.modalities.convening.values()
        return [getattr(one, name) for rule in rules for one in rule if hasattr(one, name)]

    return read


def _readers(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, _Fields]:
    """Return for each event its fields as people call them, and how each is read; made once."""
    return {
        event: tuple((path.rpartition(".")[2], _reader(path)) for path in paths)
        for event, paths in table.items()
    }


_WORDS: Final = _readers(WORDS)
_LANGUAGES: Final = _readers(LANGUAGES)


def check_event(event: Any) -> None:
    """Pass if the words of an event are words, and its languages language tags (spec/talks.md R-17).

    Raises:
        LocalError: `act-not-plain` with field and position, `act-language` with the field.
    """
    for field, read in _WORDS.get(event.name, ()):
        said = read(event)
        for words in (said,) if isinstance(said, str) else _inside(said):
            # Most words are ASCII; asking costs a tenth of what the whole check does.
            if not (words.isascii() and words.isprintable()):
                _check(words, field)
    for field, read in _LANGUAGES.get(event.name, ()):
        named = read(event)
        for tag in (named,) if isinstance(named, str) else named:
            # Talks may be broken off without a word, and then in no language; and a draft may speak for itself.
            silent = tag == "" and event.name in _WORDLESS and not event.text
            if not silent and (len(tag) > _TAG_LONGEST or not _TAG.fullmatch(tag)):
                raise LocalError("act-language", field=field)


def _inside(said: Any) -> Iterator[str]:
    """Yield the words by language, by delegation or by option, however deep; whose they are is checked elsewhere."""
    for one in said.values() if isinstance(said, Mapping) else said:
        if isinstance(one, str):
            yield one
        else:
            yield from _inside(one)


def _check(words: str, field: str) -> None:
    """Refuse words that are none, by field and position."""
    try:
        check_words(words)
    except LocalError as found:
        position, why = found.facts["position"], found.facts["why"]
        raise LocalError("act-not-plain", field=field, position=position, why=why) from None
