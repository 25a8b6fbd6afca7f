"""The events that concern the words and the order of a text: table, propose, bracket, settle, translate, add, move...

This module decides how words that people typed become changes of a text. It never changes a text: each event names the hash
of the words or of the order that this desk holds, so that one made from an older text is refused as stale.

1. Provisions are given by id, words by language in the notation of the text (spec/text.md section 4); `names.unit` finds the
   id of a provision by its label.
2. What needs an id and is given none gets one of chance, short enough to be said: `p-` a proposal, `u-` a provision, `o-` a
   bracket around whole provisions.
3. `until` is the time in milliseconds since 1970 after which one's own acceptance no longer stands.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from good_offices.clerk import names, pending
from good_offices.clerk.wording import bracketed, worded
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks import events_text as events
from good_offices.talks.acts import Event
from good_offices.text.importing import Draft
from good_offices.text.model import Kind, Unit
from good_offices.text.notation import parse
from good_offices.text.parallel import side_by_side
from good_offices.text.settling import Choice, settle, touched
from good_offices.text.state import Says, TextState

Wanted = Mapping[str, Mapping[str, str]]
"""Words by provision and language."""

_MANY: Final = 10_000


def bound(units: Iterable[Unit]) -> tuple[events.Bound, ...]:
    """Return provisions by their hashes, as acts name them."""
    return tuple(events.Bound(unit=one.id, digest=one.digest) for one in units)


def tabled(
    drafts: Mapping[str, Draft], name: str, titles: Mapping[str, str], authentic: Sequence[str] = ()
) -> events.TextTabled:
    """Return the event that puts a draft on the table, in one language or in several side by side.

    All languages are authentic unless some are named.

    Raises:
        LocalError: as `side_by_side`.
    """
    whole = side_by_side(dict(drafts), name=name, titles=dict(titles))
    if authentic:
        whole = msgspec.structs.replace(whole, authentic=tuple(authentic))
    return events.TextTabled(instrument=whole)


def amendment(
    desk: Desk,
    text: TextState,
    wanted: Wanted,
    *,
    name: str | None = None,
    condition: str = "",
    until: int | None = None,
) -> events.AmendmentProposed:
    """Return the event that proposes complete new words for provisions, which stand or fall together.

    Raises:
        LocalError: `notation`, `unit-unknown`.
    """
    parties = names.printed(desk)
    changes = []
    for word, given in wanted.items():
        unit = names.unit(text, word)
        texts = worded(text.instrument, unit, given, parties)
        changes.append(events.Change(unit=unit.id, base=unit.digest, texts=texts))
    return events.AmendmentProposed(
        instrument=text.instrument.id,
        proposal=name or f"p-{secrets.token_hex(3)}",
        changes=tuple(changes),
        condition=condition,
        until=until,
    )


def acceptance(
    desk: Desk,
    which: str,
    instrument: str | None = None,
    until: int | None = None,
    room: str = "plenary",
) -> Event:
    """Return the event that accepts a proposal of a room by its name, or any pending act by its entry or hash.

    Raises:
        LocalError: `no-text-tabled`, `proposal-not-pending`, and as `pending.acceptance`.
    """
    plenary = names.state(desk, room)
    if not plenary.texts:
        raise LocalError("no-text-tabled")
    for name in [instrument] if instrument else plenary.texts:
        held = names.amendments(plenary, name).get(which)
        if held is not None:
            return events.AmendmentAccepted(
                instrument=name, proposal=which, amendment=held.content, until=until
            )
        for proposal in names.text_named(plenary, name).proposals.values():
            if which in (proposal.id, proposal.package):
                raise LocalError("proposal-not-pending", proposal=which, status=proposal.status)
    return pending.acceptance(desk, which, until)


def withdrawal(text: TextState, proposal: str) -> events.AmendmentWithdrawn:
    """Return the event that takes back one's own proposal."""
    return events.AmendmentWithdrawn(instrument=text.instrument.id, proposal=proposal)


def brackets(desk: Desk, text: TextState, wanted: Wanted) -> events.BracketsPlaced:
    """Return the event that puts brackets around words of provisions; without them the words are the same.

    Raises:
        LocalError: `notation`, `language-missing`, `unit-unknown`.
    """
    parties = names.printed(desk)
    changes = []
    for word, given in wanted.items():
        unit = names.unit(text, word)
        texts = bracketed(text.instrument, unit, given, parties)
        changes.append(events.Change(unit=unit.id, base=unit.digest, texts=texts))
    return events.BracketsPlaced(instrument=text.instrument.id, changes=tuple(changes))


def choice(word: str) -> Choice:
    """Return the choice that a word such as `s3=2`, `s3=1,3` or `s3=omit` stands for; variants count from 1.

    Raises:
        LocalError: `choice-unreadable`.
    """
    slot, sign, kept = word.rpartition("=")
    numbers = [] if kept == "omit" else kept.split(",")
    if not sign or not slot or not all(one.isdecimal() and 0 < int(one) <= _MANY for one in numbers):
        raise LocalError("choice-unreadable")
    return Choice(slot=slot, keep=tuple(sorted({int(one) - 1 for one in numbers})))


def settlement(
    text: TextState, choices: Sequence[Choice], until: int | None = None
) -> events.BracketsRemoved:
    """Return the event that settles brackets by choices; all delegations must do the same.

    Raises:
        LocalError: as `settle`.
    """
    concerned = touched(text.instrument, [one.slot for one in choices])
    after = settle(text.instrument, tuple(choices))
    return events.BracketsRemoved(
        instrument=text.instrument.id,
        units=bound(text.instrument.unit(name) for name in concerned),
        choices=tuple(choices),
        result=bound(after.unit(name) for name in concerned if name in after.places),
        until=until,
    )


def stance(
    text: TextState, unit: str, says: Says, *, slot: str = "", variant: int = 1, condition: str = ""
) -> events.StanceTaken:
    """Return the event of a stance on a provision, or on a variant (from 1) of a bracket; never an acceptance."""
    return events.StanceTaken(
        instrument=text.instrument.id,
        says=says,
        unit=unit,
        slot=slot,
        variant=variant - 1,
        condition=condition,
    )


def language(
    desk: Desk, text: TextState, which: str, words: Mapping[str, str], until: int | None = None
) -> events.LanguageTextSet:
    """Return the event that gives provisions, by their ids, their words in a language.

    Raises:
        LocalError: `notation`, `unit-unknown`.
    """
    parties = names.printed(desk)
    texts = []
    for word, given in words.items():
        unit = names.unit(text, word)
        runs = worded(text.instrument, unit, {which: given}, parties)[which]
        texts.append(events.LanguageText(unit=unit.id, base=unit.digest, language=which, runs=runs))
    return events.LanguageTextSet(instrument=text.instrument.id, texts=tuple(texts), until=until)


def translation(
    text: TextState, which: str, draft: Draft, until: int | None = None
) -> events.LanguageTextSet:
    """Return the event that gives provisions their words from a whole draft in a language, in order.

    Provisions that have these words already are left out.

    Raises:
        LocalError: `drafts-not-parallel`.
    """
    units, other = text.instrument.units, draft.to_instrument(which).units
    if len(units) != len(other):
        raise LocalError("drafts-not-parallel", language=which, unit=min(len(units), len(other)) + 1)
    pairs = [(one, second.texts[which]) for one, second in zip(units, other, strict=True)]
    texts = tuple(
        events.LanguageText(unit=one.id, base=one.digest, language=which, runs=runs)
        for one, runs in pairs
        if one.texts.get(which) != runs
    )
    return events.LanguageTextSet(instrument=text.instrument.id, texts=texts, until=until)


def provision(
    desk: Desk,
    words: Mapping[str, str],
    *,
    kind: Kind = "paragraph",
    label: str = "",
    parent: str = "",
    name: str | None = None,
) -> Unit:
    """Return a new provision with its words by language, for `addition`.

    Raises:
        LocalError: `notation`.
    """
    identity = name or f"u-{secrets.token_hex(3)}"
    parties = names.printed(desk)
    texts = {tongue: parse(given, f"{identity}.", names=parties) for tongue, given in words.items()}
    return Unit(id=identity, kind=kind, label=label, parent=parent, texts=texts)


def addition(text: TextState, unit: Unit, after: str = "", until: int | None = None) -> events.UnitAdded:
    """Return the event that adds a provision after another one; else it comes first."""
    return events.UnitAdded(
        instrument=text.instrument.id,
        outline=text.instrument.outline,
        additions=(events.Addition(unit=unit, after=after),),
        until=until,
    )


def move(
    text: TextState, unit: str, *, parent: str = "", after: str = "", until: int | None = None
) -> events.UnitMoved:
    """Return the event that moves a provision under a parent and after a provision."""
    return events.UnitMoved(
        instrument=text.instrument.id,
        outline=text.instrument.outline,
        moves=(events.Move(unit=unit, parent=parent, after=after),),
        until=until,
    )


def labels(text: TextState, wanted: Mapping[str, str], until: int | None = None) -> events.UnitRelabelled:
    """Return the event that prints provisions under other labels; they stay the same provisions."""
    units = text.instrument
    return events.UnitRelabelled(
        instrument=units.id,
        labels=tuple(
            events.Label(unit=one, base=units.unit(one).digest, label=label) for one, label in wanted.items()
        ),
        until=until,
    )


def removal(text: TextState, units: Iterable[str], until: int | None = None) -> events.UnitRemoved:
    """Return the event that takes provisions out of the text."""
    chosen = bound(text.instrument.unit(one) for one in units)
    return events.UnitRemoved(instrument=text.instrument.id, units=chosen, until=until)


def options(
    text: TextState, groups: Sequence[Sequence[str]], slot: str | None = None
) -> events.OptionsPlaced:
    """Return the event that makes groups of whole neighbouring provisions the variants of one bracket."""
    return events.OptionsPlaced(
        instrument=text.instrument.id,
        slot=slot or f"o-{secrets.token_hex(3)}",
        groups=tuple(tuple(group) for group in groups),
        units=bound(text.instrument.unit(one) for group in groups for one in group),
    )
