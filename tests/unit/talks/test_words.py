"""What people write into acts is words: spec/talks.md R-17."""

from __future__ import annotations

import types
import typing
from typing import Any, Final, Literal

import msgspec
import pytest
from tests.support.talksmith import Talksmith

from good_offices.errors import LocalError
from good_offices.soundings.context import Listed, Option, Scale
from good_offices.talks.acts import Event
from good_offices.talks.convening_rule import Agreed, Deliverables, Readiness
from good_offices.talks.events_after import (
    CorrectionObjected,
    DestructionAttested,
    Erratum,
    ErrorNotified,
    PaperSignatory,
    PaperSignatureAttested,
    SignatureRecorded,
)
from good_offices.talks.events_communique import CommuniqueProposed
from good_offices.talks.events_meetings import MinutesProposed, SittingProposed, Zone
from good_offices.talks.events_outcome import InstrumentDeposited
from good_offices.talks.events_papers import ConsentAsked
from good_offices.talks.events_plenary import (
    AnnexFiled,
    FullPowersProduced,
    IncidentNotified,
    InstructionsAsked,
    InstructionsGiven,
    ItemProposed,
    Modalities,
    ModalitiesProposed,
    NotePassed,
    PublicStatementRecorded,
    StatementMade,
    TalksAdjourned,
    TalksBrokenOff,
)
from good_offices.talks.events_rooms import ReferredToLevel, RoomOpened
from good_offices.talks.events_roster import DelegationAccreditation, DelegationAccredited
from good_offices.talks.events_sounding import SoundingOpened
from good_offices.talks.events_text import AmendmentProposed, StanceTaken
from good_offices.talks.words import LANGUAGES, WORDS, check_event

TURNED = "in fa\u202evour"  # what follows is shown from right to left
HIDDEN = "in fa\u200bvour"
MIXED = "in fa\u0432our"  # a Cyrillic letter
POSITION = 6
HASH = bytes(32)
PUBLIC = {
    "speaker": "A. Marlow", "date": "1 May", "medium": "The Gazette", "reported_by": "B. Ilves", "language": "en",
    "quotation": HASH,
}  # fmt: skip


def named(**fields: str) -> DelegationAccredited:
    stated = {"name": "Upper Basin"} | fields
    return DelegationAccredited(
        accreditation=DelegationAccreditation(talks=HASH, delegation="a", **stated), signature=b""
    )


def terms(**fields: Any) -> ModalitiesProposed:
    plain = {"names": {"a": {"a": "Side"}}, "authentic": ("en",), "working": ("en",), "levels": ("experts",)}
    return ModalitiesProposed(modalities=Modalities(**(plain | fields)))


def sounded(**fields: Any) -> SoundingOpened:
    plain = {
        "kind": "options",
        "about": "date",
        "subject": {"en": "When"},
        "closes": 1,
        "pace": 1000,
        "until": 2,
    }
    return SoundingOpened(listed=Listed(**(plain | fields)))


def opening(**fields: str) -> RoomOpened:
    plain = {
        "title": "Flow",
        "kind": "contact-group",
        "level": "experts",
        "mandate": "To measure.",
        "language": "en",
    }
    return RoomOpened(**(plain | fields))


def referral(**fields: str) -> ReferredToLevel:
    plain = {"source": "a", "target": "b", "title": "Flow", "text": "Measured.", "language": "en"}
    return ReferredToLevel(subject=HASH, **(plain | fields))


def met(**fields: Any) -> SittingProposed:
    plain = {"level": "experts", "title": "Meeting", "start": 1, "end": 2}
    return SittingProposed(**(plain | fields))


def attested(**fields: Any) -> PaperSignatureAttested:
    plain = {"scan": HASH, "place": "Arna", "date": "1 May", "signatories": ()}
    return PaperSignatureAttested(instrument="t", digest=HASH, **(plain | fields))


def erring(**fields: str) -> ErrorNotified:
    plain = {"unit": "u", "language": "en", "found": "teh", "correct": "the"}
    return ErrorNotified(instrument="t", digest=HASH, errata=(Erratum(**(plain | fields)),))


def released(**fields: Any) -> CommuniqueProposed:
    plain = {"instrument": "t", "digest": HASH, "titles": {"en": "Communiqué"}, "names": {"a": "Side"}}
    return CommuniqueProposed(**(plain | fields))


def events(words: str) -> dict[str, Any]:
    """Return, for each field of the plenary's and caucus's own events, one with these words there."""
    said = {"text": "Good morning", "language": "en"}
    return {
        "DelegationAccredited.name": named(name=words),
        "DelegationAccredited.represents": named(represents=words),
        "ModalitiesProposed.names": terms(names={"a": {"a": "Side", "b": words}}),
        "ModalitiesProposed.retention": terms(retention=words),
        "ModalitiesProposed.other": terms(other=words),
        "ItemProposed.title": ItemProposed(title=words),
        "ItemProposed.note": ItemProposed(title="Water", note=words),
        "StatementMade.text": StatementMade(text=words, language="en"),
        "NotePassed.text": NotePassed(text=words, language="en"),
        "NotePassed.subject": NotePassed(**said, subject=words),
        "IncidentNotified.text": IncidentNotified(text=words, language="en"),
        "IncidentNotified.occurred": IncidentNotified(**said, occurred=words),
        "IncidentNotified.place": IncidentNotified(**said, place=words),
        "AnnexFiled.annex": AnnexFiled(annex=words, title="Map", media="image/png", size=1, digest=HASH),
        "AnnexFiled.title": AnnexFiled(annex="map", title=words, media="image/png", size=1, digest=HASH),
        "AnnexFiled.media": AnnexFiled(annex="map", title="Map", media=words, size=1, digest=HASH),
        **{
            f"PublicStatementRecorded.{field}": PublicStatementRecorded(**(PUBLIC | {field: words}))
            for field in ("speaker", "date", "medium", "reported_by")
        },
        "InstructionsAsked.text": InstructionsAsked(text=words, language="en"),
        "InstructionsGiven.text": InstructionsGiven(text=words, language="en"),
        "ConsentAsked.text": ConsentAsked(draft=b"", text=words, language="en"),
        "FullPowersProduced.member": FullPowersProduced(member=words),
        "FullPowersProduced.text": FullPowersProduced(member="m", text=words),
        "TalksBrokenOff.text": TalksBrokenOff(text=words, language="en"),
        "TalksAdjourned.date": TalksAdjourned(date=words),
        "TalksAdjourned.place": TalksAdjourned(place=words),
        "AmendmentProposed.condition": AmendmentProposed(
            instrument="t", proposal="p", changes=(), condition=words
        ),
        "StanceTaken.condition": StanceTaken(instrument="t", says="reserves", unit="u", condition=words),
        "InstrumentDeposited.depositary": InstrumentDeposited(instrument="t", digest=HASH, depositary=words),
        "InstrumentDeposited.place": InstrumentDeposited(
            instrument="t", digest=HASH, depositary="X", place=words
        ),
        "PaperSignatureAttested.place": attested(place=words),
        "PaperSignatureAttested.date": attested(date=words),
        "PaperSignatureAttested.name": attested(
            signatories=(PaperSignatory(delegation="a", name=words, capacity="Minister"),)
        ),
        "PaperSignatureAttested.capacity": attested(
            signatories=(PaperSignatory(delegation="a", name="Ada", capacity=words),)
        ),
        "SignatureRecorded.words": SignatureRecorded(instrument="t", digest=HASH, words={"en": words}),
        "ErrorNotified.found": erring(found=words),
        "ErrorNotified.correct": erring(correct=words),
        "CorrectionObjected.text": CorrectionObjected(notice=HASH, text=words, language="en"),
        "DestructionAttested.text": DestructionAttested(text=words, language="en"),
        "ModalitiesProposed.instrument": terms(
            convening={"experts": (Deliverables(instrument=words), Readiness())}
        ),
        "ModalitiesProposed.units": terms(
            convening={"experts": (Agreed(instrument="t", units=("u", words), at_least="ad-referendum"),)}
        ),
        "SittingProposed.title": met(title=words),
        "SittingProposed.dates": met(dates=words),
        "SittingProposed.place": met(place=words),
        "SittingProposed.zone": met(zones=(Zone(place="Arna", zone=words),)),
        "MinutesProposed.words": MinutesProposed(sitting=HASH, words={"en": words}),
        "RoomOpened.title": opening(title=words),
        "RoomOpened.mandate": opening(mandate=words),
        "ReferredToLevel.title": referral(title=words),
        "ReferredToLevel.text": referral(text=words),
        "CommuniqueProposed.titles": released(titles={"en": words}),
        "CommuniqueProposed.names": released(names={"a": words}),
        "CommuniqueProposed.embargo_words": released(embargo_words=words),
        "SoundingOpened.subject": sounded(subject={"en": words}),
        "SoundingOpened.words": sounded(options=[Option(words={"en": "one"}), Option(words={"en": words})]),
        "SoundingOpened.value": sounded(options=[Option(words={"en": "one"}, value=words)]),
        "SoundingOpened.unit": sounded(kind="range", scale=Scale(least=0, most=5, step=1, unit=words)),
    }


@pytest.mark.parametrize("words", [TURNED, HIDDEN, MIXED])
@pytest.mark.parametrize("field", sorted(events("")))
def test_what_the_eye_would_not_see_is_refused_by_field_and_position(field: str, words: str) -> None:
    with pytest.raises(LocalError) as refused:
        check_event(events(words)[field])
    assert refused.value.code == "act-not-plain"
    assert (refused.value.facts["field"], refused.value.facts["position"]) == (field.split(".")[1], POSITION)
    assert words not in str(refused.value)
    assert words not in refused.value.remedy


@pytest.mark.parametrize(
    "words", ["", "Good morning", "two\nlines", "Добрый день", "صباح الخير", "水", "می‌خواهم"]
)
def test_words_of_every_script_pass(words: str) -> None:
    for event in events(words).values():
        check_event(event)


@pytest.mark.parametrize(
    "tag", ["", "e n", "en-", "-en", "languages", "1en", "en_GB", "\u202een", "a-" * 40 + "a"]
)
def test_a_language_is_a_tag(tag: str) -> None:
    asked = [
        StatementMade(text="x", language=tag),
        NotePassed(text="x", language=tag),
        IncidentNotified(text="x", language=tag),
        InstructionsAsked(text="x", language=tag),
        InstructionsGiven(text="x", language=tag),
        PublicStatementRecorded(**(PUBLIC | {"language": tag})),
        TalksBrokenOff(text="x", language=tag),
        opening(language=tag),
        MinutesProposed(sitting=HASH, words={"en": "x", tag: "x"}),
        referral(language=tag),
        erring(language=tag),
        SignatureRecorded(instrument="t", digest=HASH, words={tag: "x"}),
        CorrectionObjected(notice=HASH, text="x", language=tag),
        DestructionAttested(text="x", language=tag),
        released(titles={tag: "Communiqué"}),
        terms(authentic=("en", tag)),
        terms(working=(tag,)),
    ]
    for event in asked:
        with pytest.raises(LocalError) as refused:
            check_event(event)
        assert refused.value.code == "act-language"
        assert not tag or tag not in str(refused.value)


@pytest.mark.parametrize("tag", ["en", "ru", "zh-Hant", "sr-Latn-RS", "de-CH-1996"])
def test_tags_of_every_shape_pass(tag: str) -> None:
    check_event(StatementMade(text="x", language=tag))


def test_a_break_without_words_is_in_no_language() -> None:
    check_event(TalksBrokenOff())


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(2, signing=False)


def test_such_an_act_is_void_at_every_desk_and_refused_at_ones_own(smith: Talksmith) -> None:
    event = ItemProposed(title=MIXED)
    with pytest.raises(LocalError) as refused:
        smith.replay.check(smith.act("A", event))
    verdict = smith.post("A", event)
    assert (verdict.status, verdict.code) == ("void", "act-not-plain")
    assert (
        verdict.facts
        == refused.value.facts
        == {"field": "title", "position": POSITION, "why": "a word that mixes scripts"}
    )
    assert smith.replay.plenary.agenda == {}
    assert smith.post("A", ItemProposed(title="in favour")).status == "valid"


def test_a_name_in_the_roster_and_a_word_in_the_caucus_likewise(smith: Talksmith) -> None:
    given = smith.accreditation("A", number=9)
    hidden = msgspec.structs.replace(
        given, accreditation=msgspec.structs.replace(given.accreditation, name=HIDDEN)
    )
    refused = smith.post("A", hidden, room="roster")
    assert (refused.status, refused.code, refused.facts["field"]) == ("void", "act-not-plain", "name")
    smith.caucus("A")
    asked = smith.caucus_post("A", InstructionsAsked(text=TURNED, language="en"))
    assert (asked.status, asked.code) == ("void", "act-not-plain")


# Every other text of an event, with the reason why R-17 does not name it.
OTHERWISE: Final = {
    "it has a shape of its own, of ASCII alone (spec/conditions.md R-110)": {
        "ConditionsRequested.request.items.key",
        "ConditionsRequested.request.sitting",
    },
    "it has a shape of its own, of ASCII alone (spec/moving.md R-155)": {
        "VenueChanged.address",
        "VenueChanged.host",
    },
    "the state must hold it, or it must equal what the state says": {
        "DelegationAccredited.accreditation.delegation",
        "MemberAccredited.accreditation.delegation",
        "MemberRecalled.recall.delegation",
        "RootSucceeded.succession.delegation",
        "RootSucceeded.succession.succeeds",
        "DeskCertified.statement.delegation",
        "ManifestIssued.manifest.room",
        "KeyRenewed.room",
        "EpochsHandedOver.room",
        "ModalitiesProposed.modalities.release",
        "SittingProposed.room",
        "ConveningWaived.conditions.instrument",
        "ConveningWaived.conditions.units",
        "AttendanceAnnounced.members",
        "AttendanceAnnounced.advisers",
        "FloorGiven.member",
        "ConditionsRequested.request.delegations",
        "PaperSignatureAttested.signatories.delegation",
        "ErrorNotified.errata.unit",
        "RoomMembersNamed.room",
        "RoomMembersNamed.members",
        "RoomClosed.room",
        "LetterSent.to",
        "GuestInvited.provided_by",
        "GuestInvited.rooms",
        "ConsentRuleSet.acts",
        "ReferredToLevel.source",
        "ReferredToLevel.target",
    },
}
# Whole events and records whose texts the negotiating text or the closing record judges (spec/text.md, R-63).
JUDGED: Final = (
    "instrument",
    "record",
    "units",
    "unit",
    "changes",
    "additions",
    "moves",
    "labels",
    "choices",
    "result",
    "texts",
    "groups",
    "slot",
    "proposal",
)


def texts_in(kind: Any, path: str) -> list[str]:
    """Return the paths of everything in a type that is text a person could write."""
    origin = typing.get_origin(kind)
    if kind is str:
        return [path]
    if origin is Literal:
        return []
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [
            found
            for name, field in typing.get_type_hints(kind).items()
            if name in kind.__struct_fields__
            for found in texts_in(field, f"{path}.{name}")
        ]
    if origin in (tuple, list, dict, typing.Union, types.UnionType):
        return sorted({found for inner in typing.get_args(kind) for found in texts_in(inner, path)})
    return []


def test_every_text_of_every_event_is_judged_somewhere() -> None:
    kinds = typing.get_args(Event)
    found = {one for kind in kinds for one in texts_in(kind, kind.__name__)}
    named = {
        f"{event}.{path}" for table in (WORDS, LANGUAGES) for event, paths in table.items() for path in paths
    }
    assert named <= found
    told = set().union(*OTHERWISE.values())
    assert not told & named
    rest = {one for one in found - named - told if one.split(".")[1] not in JUDGED}
    assert rest == set()
