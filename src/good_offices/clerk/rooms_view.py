"""A room as people read it: what was said, in order, and one quiet line for every other act.

This module decides which entries of a room are words that people read whole (statements, notes, incidents, reports of what
was said in public, annexes, instructions) and which are told in one line. It never leaves out an act because it is void
or without effect: what somebody tried is part of the record, with its reason beside it.

1. Only the entries that are asked for are put into words: a room may hold thousands.
2. New keys for a room are not told as long as they stand: they are the desks' work, not the members'.
3. What waits to be sent stands at the end, as written, without a number: it is in no record yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from good_offices.clerk import joining, names, papers_view
from good_offices.clerk.authors import Author, Authors
from good_offices.clerk.joining import Joined, Joining
from good_offices.clerk.plain import effects_in_words, plain, verdict_of
from good_offices.clerk.provisions import shortened
from good_offices.desk.ahead import waiting_acts
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.locale import _, language
from good_offices.talks.events_papers import LetterSent
from good_offices.talks.plenary import AgendaItem
from good_offices.text.model import Instrument, Words

KINDS: Final[Mapping[str, str]] = {
    "StatementMade": "statement",
    "NotePassed": "note",
    "IncidentNotified": "incident",
    "PublicStatementRecorded": "public",
    "AnnexFiled": "annex",
    "LetterSent": "letter",
    "InstructionsAsked": "asked",
    "InstructionsGiven": "given",
}
# What desks do by themselves: no news for people. When a step of a sounding is answered says nothing of anybody.
_CHORES: Final = {
    "ManifestIssued",
    "KeyRenewed",
    "EpochsHandedOver",
    "SoundingAnswered",
    "SoundingCommitted",
    "SoundingGivenUp",
    "StandingListsHeld",
}
_HEADING: Final = 40
_ALONE: Final = Joined()

# What an act is about, so that a screen can lead there.
_SUBJECTS: Final[Mapping[str, str]] = (
    dict.fromkeys(("ItemProposed", "ItemAccepted", "ItemWithdrawn"), "agenda")
    | dict.fromkeys(("ModalitiesProposed", "ModalitiesAccepted"), "modalities")
    | dict.fromkeys(("TalksBrokenOff", "TalksResumed", "TalksAdjourned", "TalksConcluded"), "course")
    | dict.fromkeys(
        (
            "TextInitialled",
            "SignedAdReferendum",
            "SignatureConfirmed",
            "InstrumentSigned",
            "InstrumentDeposited",
            "DepositaryAdmitted",
            "DepositReceived",
            "ClosingRecordSigned",
            "PaperSignatureAttested",
            "SignatureRecorded",
            "ErrorNotified",
            "CorrectionAccepted",
            "CorrectionObjected",
            "DestructionAttested",
            "CommuniqueProposed",
            "CommuniqueAccepted",
            "CommuniqueSigned",
            "CommuniqueWithdrawn",
            "CommuniqueReleased",
            "FullPowersProduced",
            "FullPowersFoundInOrder",
            "FullPowersFoundNotInOrder",
        ),
        "outcome",
    )
    | dict.fromkeys(("ConsentRuleSet", "ConsentAsked", "ConsentGiven", "ConsentUsed"), "consent")
    | dict.fromkeys(
        (
            "DelegationAccredited",
            "MemberAccredited",
            "DeskCertified",
            "MemberRecalled",
            "RootSucceeded",
            "KeysCompared",
            "GuestInvited",
            "GuestWithdrawn",
        ),
        "people",
    )
    | dict.fromkeys(
        (
            "SittingProposed",
            "SittingAccepted",
            "SittingWithdrawn",
            "ReadinessDeclared",
            "ConveningWaived",
            "SittingConvened",
            "ExpectationsSealed",
            "SittingOpened",
            "AttendanceAnnounced",
            "ItemTakenUp",
            "FloorRequested",
            "FloorGiven",
            "SittingSuspended",
            "SittingResumed",
            "SittingClosed",
            "MinutesProposed",
            "MinutesAgreed",
        ),
        "meetings",
    )
    | dict.fromkeys(("RoomOpened", "RoomMembersNamed", "RoomClosed", "ReferredToLevel"), "groups")
    | {"ActConfirmed": "record", "AcceptanceWithdrawn": "record"}
    | dict.fromkeys(("ConditionsRequested", "ConditionsSigned"), "conditions")
    | dict.fromkeys(("SoundingOpened", "SoundingRepeated"), "sounding")
    | dict.fromkeys(_CHORES, "keys")
)


def subject(event: Any) -> str:
    """Return what an act is about: a kind of words (`KINDS`), agenda, course, outcome, people, groups, meetings, record, sounding, keys or text."""
    return KINDS.get(event.name) or _SUBJECTS.get(event.name, "text")


def labels(desk: Desk, room: str = "plenary") -> dict[str, str]:
    """Return what people call each text, by id, and each provision, by its own id and behind that of its text.

    The plenary's only text is called nothing there, it needs no name. The same id may be on the tables of several rooms: it is
    called what it is called in `room`.
    """
    texts = desk.talks.plenary.texts
    found: dict[str, str] = {}
    for name, text in texts.items():
        found |= _labels_of(text.instrument, name)
    if len(texts) == 1:
        found[next(iter(texts))] = ""
    for state in desk.talks.groups.values():
        for name, text in state.texts.items():
            # The same text may be worked on in several rooms: what the plenary calls it stands.
            found = _labels_of(text.instrument, name) | found
    here = desk.talks.groups.get(room)
    for name, text in here.texts.items() if here else ():
        found |= _labels_of(text.instrument, name)
    rooms = desk.talks.plenary.groups.rooms
    found |= {room: one.title for room, one in rooms.items()}
    if "plenary" in desk.rooms:
        found[desk.rooms["plenary"]] = _("the plenary")
    return found


def _labels_of(instrument: Instrument, name: str) -> dict[str, str]:
    """Return what people call a text and its provisions."""
    # An instrument never changes, and outlives the states it stands in: what was read out of it once is kept with it.
    kept: dict[str, dict[str, str]] = instrument.__dict__.setdefault("_labels", {})
    if language() not in kept:
        titles = instrument.titles
        found = {name: titles.get(language()) or next(iter(titles.values()), name)}
        units = {unit.id: _label(instrument, unit.id) for unit in instrument.units}
        kept[language()] = found | units | {f"{name}/{unit}": label for unit, label in units.items()}
    return kept[language()]


def _label(instrument: Instrument, name: str) -> str:
    """Return a provision's label with its heading, else those of what it stands under, else its place from 1."""
    unit = instrument.unit(name)
    while True:
        head = unit.label.strip("*_ ")
        if head or unit.kind in ("heading", "article"):
            runs = unit.texts.get(language()) or next(iter(unit.texts.values()), ())
            words = " ".join(run.text for run in runs if isinstance(run, Words)).strip()
            short = shortened(words, _HEADING) if unit.kind == "heading" else ""
            if head or short:
                return f"{head} {short}".strip()
        if unit.parent not in instrument.places:
            return str(instrument.places[name] + 1)
        unit = instrument.unit(unit.parent)


def in_words(desk: Desk, event: Any, called: Mapping[str, str], joined: Joined = _ALONE) -> str:
    """Return the line of an act, with the title of the agenda item that it names by its hash."""
    item = getattr(event, "item", None)
    known = _agendas(desk).get(item.hex()) if item and event.name != "StatementMade" else None
    return joining.told(event, called, joined, known.title if known else "")


def room_lines(desk: Desk, room: str, lines: Iterable[Line]) -> list[Line]:
    """Return the entries of a room out of those of its register, without the work of desks (rule 2)."""
    wanted = desk.room_id(room)
    found = [
        line
        for line in lines
        if line.verdict.room == wanted
        and (line.act is not None or line.paper is not None or line.verdict.status == "void")
        and not (line.act is not None and line.act.event.name in _CHORES and line.verdict.status == "valid")
    ]
    return papers_view.first_of_each(found)


def told(
    desk: Desk, room: str, lines: Sequence[Line], authors: Authors, every: Sequence[Line] | None = None
) -> list[dict[str, Any]]:
    """Return entries in words, one dictionary each (rule 1); what answers them is looked for in `every`, else in them."""
    called = labels(desk, room)
    known = lines if every is None else every
    answers, joined = _Answers(desk, room, known), Joining(desk, known if room == "plenary" else ())
    return [_entry(desk, line, authors, called, answers, joined) for line in lines]


def waiting(desk: Desk, room: str) -> list[dict[str, Any]]:
    """Return what waits to be sent to a room, in words (rule 3)."""
    called = labels(desk, room)
    return [
        {
            "kind": subject(act.event),
            "what": in_words(desk, act.event, called),
            "claimed_ms": act.time,
            "item": "",
            "answers": [],
            "answered": [],
            **_words(desk, act.event),
        }
        for act in waiting_acts(desk, room)
    ]


class _Answers:
    """Finds the entry that an act answers, by its hash."""

    def __init__(self, desk: Desk, room: str, lines: Iterable[Line]) -> None:
        """Know the newest verdicts of the room's register, and of the common one: instructions are about its acts."""
        self._here, self._common = desk.book(room).verdicts, desk.common.verdicts
        self._by: dict[bytes, list[int]] = {}
        for line in lines:
            for one in (
                getattr(line.act.event, "to", ()) if line.act and line.verdict.status == "valid" else ()
            ):
                self._by.setdefault(one, []).append(line.index)

    def __call__(self, event: Any) -> list[dict[str, Any]]:
        """Return the entries that an event answers (`common`: is it one of the common record?)."""
        found = []
        for acts, known, common in (
            (getattr(event, "to", ()), self._here, False),
            (getattr(event, "about", ()), self._common, True),
        ):
            found += [{"index": known[one].index, "common": common} for one in acts if one in known]
        return found

    def by(self, act: bytes) -> list[int]:
        """Return the entries of the room that answer an act."""
        return self._by.get(act, [])


def _entry(  # each is looked up once for all entries
    desk: Desk, line: Line, authors: Authors, called: Mapping[str, str], answers: _Answers, joined: Joining
) -> dict[str, Any]:
    """Return one entry in words."""
    if line.paper is not None:
        return _unsigned(desk, line, authors)
    event = line.act.event if line.act else None
    author = authors(line.act.author, line.index) if line.act else Author()
    verdict = verdict_of(line.verdict)
    item = getattr(event, "item", None) if event is not None and event.name == "StatementMade" else None
    agenda = _agendas(desk)
    return {
        "index": line.index,
        "time_ms": line.leaf.time_ms,
        "claimed_ms": line.act.time if line.act else None,
        "author": author,
        "ours": author.delegation == desk.identity.place.delegation,
        "kind": subject(event) if event is not None else "unreadable",
        "what": in_words(desk, event, called, joined(line)) if event is not None else "",
        "instrument": _text_of(event),
        "unit": _first_unit(event),
        "item": agenda[item.hex()].title if item and item.hex() in agenda else "",
        "answers": answers(event) if event is not None else [],
        "answered": answers.by(names.hash_of(line.act)) if event is not None and event.name in KINDS else [],
        "effects": effects_in_words(verdict["effects"]),
        **{name: verdict[name] for name in ("status", "code", "message", "hint")},
        **_words(desk, event),
    }


def _agendas(desk: Desk) -> Mapping[str, AgendaItem]:
    """Return the items of the plenary's agenda and of the groups that this desk reads, by id."""
    if not desk.talks.groups:
        return desk.talks.plenary.agenda
    found = {name: one for state in desk.talks.groups.values() for name, one in state.agenda.items()}
    return found | desk.talks.plenary.agenda


def _unsigned(desk: Desk, line: Line, authors: Authors) -> dict[str, Any]:
    """Return a non-paper in words: nothing of it has a verdict, and nothing answers it."""
    nothing = {
        "claimed_ms": None,
        "instrument": "",
        "unit": "",
        "item": "",
        "code": None,
        "message": None,
        "hint": None,
    }
    return {
        "index": line.index,
        "time_ms": line.leaf.time_ms,
        "status": line.verdict.status,
        "answers": [],
        "answered": [],
        "effects": [],
        **nothing,
        **papers_view.non_paper(desk, line, authors),
    }


def _words(desk: Desk, event: Any) -> dict[str, Any]:
    """Return the fields of an event that people read whole, as plain values."""
    if event is None or event.name not in KINDS:
        return {}
    if isinstance(event, LetterSent):
        return papers_view.letter(desk, event)
    kept = (
        {"words": papers_view.quotation(desk, event.quotation)}
        if event.name == "PublicStatementRecorded"
        else {}
    )
    return kept | {
        "note_kind" if name == "kind" else name: plain(getattr(event, name))
        for name in event.__struct_fields__
        if name not in ("item", "to", "about")
    }


def _text_of(event: Any) -> str:
    """Return the id of the text that an act is about, if any."""
    text = getattr(event, "instrument", "")
    return text if isinstance(text, str) else str(getattr(text, "id", ""))


def _first_unit(event: Any) -> str:
    """Return the id of the first provision that an act is about, if any."""
    if event is None:
        return ""
    if isinstance(getattr(event, "unit", None), str):
        return str(event.unit)
    for field in ("units", "changes", "texts", "labels", "moves", "additions"):
        for one in getattr(event, field, ()):
            unit = getattr(one, "unit", None)
            return unit if isinstance(unit, str) else str(getattr(unit or one, "id", ""))
    return ""


def annexes(desk: Desk, room: str = "plenary") -> list[dict[str, Any]]:
    """Return the annexes on record in a room: title, kind of file, size in bytes, hash, who filed them."""
    called = names.delegations(desk)
    return [
        {
            "annex": name,
            "title": one.title,
            "media": one.media,
            "size": one.size,
            "digest": one.file.hex(),
            "by": called.get(one.by, one.by),
            **papers_view.annex_state(desk, name, room),
        }
        for name, one in names.state(desk, room).annexes.items()
    ]
