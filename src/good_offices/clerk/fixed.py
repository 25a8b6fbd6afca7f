"""The words that an act fixes as they stand: of each provision that it names, and of the whole text.

This module decides which words somebody has to read before he or she agrees, certifies, locks, adopts or signs: those of every
provision that the act names by its hash, in every language that it means. What an act would change is told by
`pending.foreseen`. It never shows other words than those of the present text, and it says if the act names others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from good_offices.clerk import names
from good_offices.clerk.provisions import called
from good_offices.desk.desk import Desk
from good_offices.locale import _, language
from good_offices.talks.events_text import Certified
from good_offices.text.model import Instrument, words_digest
from good_offices.text.notation import print_runs
from good_offices.text.state import TextState

_NAMED: Final = (
    "ProvisionAgreed",
    "AdReferendumConfirmed",
    "ProvisionLocked",
    "ProvisionReopened",
    "UnitRemoved",
    "OptionsPlaced",
)


def fixed(desk: Desk, event: Any, room: str = "plenary") -> list[dict[str, Any]]:
    """Return the provisions that an event names without giving them words, as they stand, in the order of the event.

    Each has its id, what it is called, `note` (what the event does to it beside its words; empty for nothing), its runs
    and their notation by language, and `same`: are these the words whose hash the event names?
    """
    text = _text(desk, event, room)
    if text is None:
        return []
    instrument, known = text.instrument, names.delegations(desk)
    whole = called(instrument, language())
    found = []
    for name, wanted, same, note in _listed(instrument, event):
        if name not in instrument.places:
            found.append({"unit": name, "label": "", "note": note, "same": False, "texts": {}, "words": {}})
            continue
        unit = instrument.unit(name)
        # Authentic languages first, in their order, as the text has them.
        tags = [
            one for one in (*instrument.authentic, *sorted(unit.texts)) if one in unit.texts and one in wanted
        ]
        texts = {tag: unit.texts[tag] for tag in dict.fromkeys(tags)}
        found.append(
            {
                "unit": name,
                "label": whole[name].whole,
                "note": note,
                "same": same,
                "texts": texts,
                "words": {tag: print_runs(runs, names=known) for tag, runs in texts.items()},
            }
        )
    return found


def whole_text(desk: Desk, event: Any, room: str = "plenary") -> dict[str, Any] | None:
    """Return the text that an event fixes as a whole: id, titles, languages, hash, and whether it has still that hash."""
    text = _text(desk, event, room)
    digest = getattr(event, "digest", None)
    if text is None or not isinstance(digest, bytes):
        return None
    instrument = text.instrument
    return {
        "text": instrument.id,
        "titles": dict(instrument.titles),
        "authentic": list(instrument.authentic),
        "provisions": len(instrument.units),
        "digest": digest,
        "same": instrument.digest == digest,
    }


def _text(desk: Desk, event: Any, room: str) -> TextState | None:
    """Return the text on the table of a room that an event is about, if any."""
    name = getattr(event, "instrument", "")
    return names.state(desk, room).texts.get(name) if isinstance(name, str) else None


def _listed(instrument: Instrument, event: Any) -> Iterator[tuple[str, set[str], bool, str]]:
    """Yield each provision of an event, the languages it means, whether it names the present words, and what it says beside."""
    if event.name in _NAMED:
        for one in event.units:
            tongues, digest = _present(instrument, one.unit)
            yield one.unit, tongues, digest == one.digest, ""
    elif event.name == "CommuniqueProposed":
        same = event.digest == instrument.digest
        yield from ((unit.id, set(unit.texts), same, "") for unit in instrument.units)
    elif event.name == "ConcordanceCertified":
        for one in event.units:
            yield one.unit, set(one.texts), _certified(instrument, one), ""
    elif event.name == "UnitRelabelled":
        for one in event.labels:
            tongues, digest = _present(instrument, one.unit)
            yield (
                one.unit,
                tongues,
                digest == one.base,
                _("New label: {label}").format(label=one.label or "–"),
            )
    elif event.name == "UnitMoved":
        for one in event.moves:
            tongues, _digest = _present(instrument, one.unit)
            yield one.unit, tongues, event.outline == instrument.outline, _placed(instrument, one)


def _present(instrument: Instrument, name: str) -> tuple[set[str], bytes]:
    """Return the languages and the hash of a provision; nothing if it is not in the text."""
    if name not in instrument.places:
        return set(), b""
    unit = instrument.unit(name)
    return set(unit.texts), unit.digest


def _certified(instrument: Instrument, one: Certified) -> bool:
    """Tell whether a certificate names the words that stand."""
    tongues, _digest = _present(instrument, one.unit)
    return all(
        tag in tongues and words_digest(instrument.unit(one.unit), tag) == digest
        for tag, digest in one.texts.items()
    )


def _placed(instrument: Instrument, move: Any) -> str:
    """Return where a provision would stand."""
    known = called(instrument, language())
    if move.after in known:
        return _("Then stands after: {provision}").format(provision=known[move.after].whole)
    return _("Then stands first")
