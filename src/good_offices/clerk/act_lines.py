"""What an act says besides its one line: for whoever is to accept it, to confirm it or to consent to it.

This module decides which facts of an act are told, in lines, the same wherever somebody puts a name to it. What it would make of the
words of a text is told by `pending.foreseen` and `fixed`; whether it has effect, by its verdict.

1. An act that only names another by its hash or its entry is told as that other (`meant`): nobody agrees to a hash.
2. No words that people wrote into an act are left out; `text`, which may be long, is told apart by whoever shows an act.
3. No code word and no id of the program stands in a line; of a scan its hash does, in groups, since people compare it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from good_offices.clerk import (
    afterwards,
    agenda_view,
    conditions,
    deposits,
    guest_words,
    guests_view,
    meetings_view,
    moving_view,
    names,
)
from good_offices.clerk.describing import described
from good_offices.clerk.keepers import keepers
from good_offices.clerk.meeting_words import LEVEL_WORDS
from good_offices.clerk.outcome_view import powers_state
from good_offices.clerk.rooms_view import labels
from good_offices.clerk.signing import grouped
from good_offices.desk.desk import Desk
from good_offices.encoding import unpack
from good_offices.locale import _, ngettext
from good_offices.locale.naming import listed, name_of_language
from good_offices.locale.quotes import quoted
from good_offices.talks.event import Acceptable
from good_offices.talks.events_plenary import ActConfirmed
from good_offices.talks.words import WORDS

When: TypeAlias = Callable[[int], str]
# An id, and words that are told apart (rule 2).
_APART: Final = frozenset({"depositary", "member", "text"})


def meant(desk: Desk, event: Any, room: str = "plenary") -> Any:
    """Return the event whose words an act stands for: the one that it confirms or accepts; else itself (rule 1)."""
    if isinstance(event, ActConfirmed):
        if not 0 <= event.index < desk.common.ledger.size:
            return event
        return names.event_at(desk, event.index) or event
    if isinstance(event, Acceptable):
        joint = names.state(desk, room).joint.get(event.content.hex())
        if joint is not None:
            first = names.event_at(desk, min(one.index for one in joint.accepted.values()))
            return first if first is not None else event
    return event


def act_lines(desk: Desk, event: Any, room: str = "plenary", when: When = names.when) -> list[str]:
    """Return in lines what an act says besides `describing.described`; `when` writes a moment for the reader."""
    whole = meant(desk, event, room)
    lines = [] if whole is event or whole.name == event.name else [described(whole, labels(desk))]
    tell = _LINES.get(whole.name)
    lines += tell(desk, whole, room, when) if tell else []
    lines += afterwards.facts(desk, whole)
    lines += meetings_view.act_lines(desk, whole)
    if getattr(whole, "condition", ""):
        lines.append(_("On condition: {condition}").format(condition=whole.condition))
    if getattr(whole, "note", ""):
        lines.append(whole.note)
    if getattr(whole, "level", "") and whole.name != "SittingProposed":
        lines.append(_level(whole.level))
    if getattr(whole, "ad_referendum", False):
        lines.append(_("Ad referendum: it stands when the capital confirms it."))
    return lines + _unsaid(whole, lines)


def _unsaid(event: Any, lines: list[str]) -> list[str]:
    """Return the words of an act that no line says yet, but for those that it says at length (rule 2)."""
    told = "\n".join((described(event), *lines))
    fields = [one for one in WORDS.get(event.name, ()) if "." not in one and one not in _APART]
    values = [getattr(event, one) for one in fields]
    return [one for one in values if isinstance(one, str) and one and one not in told]


def _level(level: str) -> str:
    """Return the line that names a level."""
    return _("Level: {level}").format(level=_(LEVEL_WORDS[level]))


def _modalities(desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return the rules that would differ from those in force."""
    current = desk.talks.plenary.modalities
    rules = agenda_view.rules(desk, current.modalities if current else None, event.modalities)
    return agenda_view.differences(rules)


def _item(desk: Desk, event: Any, room: str, _when: When) -> list[str]:
    """Return the title of an item of the agenda that an act names."""
    item = names.state(desk, room).agenda.get(event.item.hex()) or desk.talks.plenary.agenda.get(
        event.item.hex()
    )
    return [part for part in (item.title, item.note) if part] if item else []


def _powers(desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return whose full powers they are and on what they rest."""
    one = desk.talks.plenary.powers.get(event.produced.hex())
    if one is None:
        return []
    told = powers_state(desk, one)
    basis = [_("By office, without a document")] if told["ex_officio"] else []
    basis += [_("Document, by its hash: {digits}").format(digits=" ".join(grouped(one.document)))] if one.document else []  # fmt: skip
    basis += [quoted(told["words"])] if told["words"] else []
    return [_("{name}, {capacity}, for {delegation}").format(**told), *basis]


def _request(_desk: Desk, event: Any, _room: str, when: When) -> list[str]:
    """Return what the host would read, once all have signed."""
    return [
        _("Accepting it sends nothing. Once all have signed it as well, the host reads these words:"),
        *_asked(event.request, when),
    ]


def _signed_request(desk: Desk, event: Any, _room: str, when: When) -> list[str]:
    """Return what the host reads."""
    held = desk.talks.plenary.conditions.get(str(event.number))
    return [_("The host reads these words:"), *_asked(held.request, when)] if held else []


def _asked(request: Any, when: When) -> list[str]:
    """Return the items of a request in lines."""
    lines = []
    for one in request.items:
        pair = f" ({' – '.join(name_of_language(tag) for tag in one.pair)})" if one.pair else ""
        lines.append(f"{_(conditions.KINDS[one.kind])}{pair}: {one.words}")
        if one.begins is not None:
            times = [when(one.begins)] + ([when(one.ends)] if one.ends is not None else [])
            lines.append(" – ".join(times))
    return lines


def _silence(_desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return what silence would do."""
    return [
        ngettext(
            "If no delegation objects within {count} hour, it is agreed.",
            "If no delegation objects within {count} hours, it is agreed.",
            event.hours,
        ).format(count=event.hours)
    ]


def _opened(_desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return what a group is for."""
    kind = _("A contact group") if event.kind == "contact-group" else _("A room of a level")
    return [kind, _("Mandate: {words}").format(words=event.mandate)]


def _guest(desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return who would be a guest, where, and what that means."""
    return guests_view.lines(desk, event)


def _guest_gone(desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return who is no longer a guest, and why."""
    terms = guest_words.last_terms(desk, event.certificate)
    return ([guest_words.line(desk, terms)] if terms else []) + [_(guest_words.BECAUSE[event.because])]


def _referred(_desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return what is said with a referral."""
    return [event.text] if event.text else []


def _adjourned(_desk: Desk, event: Any, _room: str, when: When) -> list[str]:
    """Return when adjourned talks resume by themselves, if they do."""
    return [_("They resume {time}").format(time=when(event.resumes))] if event.resumes is not None else []


def _tabled(_desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return title and languages of a text that would be put on the table."""
    text = event.instrument
    titles = [f"{name_of_language(tag)}: {title}" for tag, title in text.titles.items()]
    tongues = listed([name_of_language(tag) for tag in text.authentic])
    return [*titles, _("Authentic languages: {languages}").format(languages=tongues)]


def _options(desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return the provisions of each option."""
    known = labels(desk)
    return [
        _("Option {number}: {where}").format(
            number=at, where=listed([known.get(unit, unit) for unit in group]) or "–"
        )
        for at, group in enumerate(event.groups, 1)
    ]


def _deposit(desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return who would keep the original, and where."""
    called = keepers(desk)
    place = [_("Kept at: {place}").format(place=event.place)] if event.place else []
    return [_("Depositary: {name}").format(name=called.get(event.depositary, event.depositary)), *place]


def _confirmed_signature(desk: Desk, event: Any, _room: str, when: When) -> list[str]:
    """Return whose signature would be confirmed, and when it was given."""
    outcome = desk.talks.plenary.outcomes.get(event.instrument)
    for mark in outcome.marks if outcome else ():
        if mark.done.act == event.signature:
            time = when(names.line(desk.common, mark.done.index).leaf.time_ms)
            return [
                _("Signed by {name}, {capacity}, {time}").format(
                    name=mark.name, capacity=mark.capacity, time=time
                )
            ]
    return []


def _closing(desk: Desk, event: Any, _room: str, _when: When) -> list[str]:
    """Return what a closing record covers: its texts, and who signed or initialled them."""
    record, known, called = event.record, labels(desk), names.delegations(desk)
    texts = [known.get(one.instrument, "") for one in record.instruments]
    lines = [_("Text: {title}").format(title=title) for title in texts if title]
    lines += [
        _("{name}, {capacity}, for {delegation}").format(
            name=one.name, capacity=one.capacity, delegation=called.get(one.delegation, one.delegation)
        )
        for one in record.signatories
    ]
    return lines


def _release(_desk: Desk, event: Any, _room: str, when: When) -> list[str]:
    """Return what the public would read above a communiqué, and when."""
    return _public(event.titles, event.names, event.embargo, event.embargo_words, when)


def _released(desk: Desk, event: Any, _room: str, when: When) -> list[str]:
    """Return what the public would read: titles, names, words, and when."""
    held = desk.talks.plenary.communiques.get(event.communique.hex())
    if held is None:
        return []
    record = unpack(held.record, dict[str, Any], what="the communiqué")
    lines = _public(record["titles"], record["names"], held.embargo, record.get("embargo_words", ""), when)
    return [*lines, *(f"{name_of_language(tag)}: {words}" for tag, words in record["words"].items())]


def _public(
    titles: Mapping[str, str], called: Mapping[str, str], embargo: int, said: str, when: When
) -> list[str]:
    """Return titles, names and embargo of a communiqué in lines."""
    lines = [f"{name_of_language(tag)}: {title}" for tag, title in titles.items()]
    lines.append(_("In public: {names}").format(names=listed(list(called.values()))))
    lines += [_("Not to be released before {time}").format(time=when(embargo))] if embargo else []
    lines += [_("The public reads: {words}").format(words=said)] if said else []
    return lines


_LINES: Final[Mapping[str, Callable[[Desk, Any, str, When], list[str]]]] = {
    "ModalitiesProposed": _modalities,
    "ItemAccepted": _item,
    "ItemWithdrawn": _item,
    "FullPowersFoundInOrder": _powers,
    "FullPowersFoundNotInOrder": _powers,
    "ConditionsRequested": _request,
    "ConditionsSigned": _signed_request,
    "SilenceOpened": _silence,
    "RoomOpened": _opened,
    "ReferredToLevel": _referred,
    "VenueChanged": moving_view.changed_lines,
    "RulesUpgraded": moving_view.rules_lines,
    "GuestInvited": _guest,
    "GuestWithdrawn": _guest_gone,
    "TalksAdjourned": _adjourned,
    "TextTabled": _tabled,
    "OptionsPlaced": _options,
    "InstrumentDeposited": _deposit,
    "DepositaryAdmitted": lambda _desk, event, _room, _when: deposits.facts(event),
    "SignatureConfirmed": _confirmed_signature,
    "ClosingRecordSigned": _closing,
    "CommuniqueProposed": _release,
    "CommuniqueSigned": _released,
    "CommuniqueReleased": _released,
}
