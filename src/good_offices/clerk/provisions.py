"""What provisions are called and in which state they stand, in words of the craft; and what the record says of when.

This module decides by which number and title a person finds a provision, and which of its states is told first. It
never counts how much is agreed.

1. A provision is called by its label; without one, by the number that begins the heading over it and, if it has
   neighbours, by its place among them (as on paper: spec/paper.md rule 1.4). In a list the first words stand behind it.
2. Of several states the one that asks most of the reader is told: bracketed before proposed before open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from good_offices.desk.record import Line
from good_offices.talks.event import Acceptable
from good_offices.talks.verdict import Completed, Confirmed, Unbroken, Undone
from good_offices.talks.wording import CHANGING
from good_offices.text.brackets import points_of
from good_offices.text.model import Instrument, NoteRef, Open, Placeholder, Unit, Words
from good_offices.text.state import TextState

HEADINGS: Final = frozenset({"heading", "article", "annex"})
_NUMBER: Final = re.compile(r"((?:[^\W\d_]+\s+)?\d+(?:[.\-–]\d+)*\s?(?:bis|ter|quater)?)[.:)]?\s+(?=\S)")
_SHORT: Final = 48
_BRIEF: Final = 30
ONE_SIDED: Final = frozenset({"TextTabled", "BracketsPlaced", "OptionsPlaced"})


class Called(NamedTuple):
    """How a provision is called: `number` stands in the margin, `title` under it; `whole` is a name in a sentence.

    `brief` stands in a list; `language` is that of the words in it, empty for none.
    """

    number: str
    title: str
    whole: str
    brief: str = ""
    language: str = ""


@dataclass(frozen=True)
class Done:
    """An act as the record has it: its entry, the host's time, its author's certificate, and its event."""

    index: int
    time: int
    author: bytes
    event: Any


def spoken(unit: Unit, *languages: str) -> str:
    """Return the first of these languages in which a provision has words, else the first it has; empty for none."""
    return next((one for one in (*languages, *unit.texts) if unit.texts.get(one)), "")


def plain_words(unit: Unit, *languages: str) -> str:
    """Return the words of a provision in the first of these languages it has, without brackets and emphasis.

    Between the variants of one bracket stands a stroke.
    """
    runs = unit.texts.get(spoken(unit, *languages), ())
    words = [
        run.text
        if isinstance(run, Words | Placeholder)
        else "/"
        if isinstance(run, Open) and run.variant
        else ""
        for run in runs
        if not isinstance(run, NoteRef)
    ]
    return " ".join("".join(words).replace("*", "").split())


def called(instrument: Instrument, *languages: str) -> dict[str, Called]:
    """Return how each provision is called on a screen, in the first of these languages that it has (rule 1)."""
    kept: dict[tuple[str, ...], dict[str, Called]] = instrument.__dict__.setdefault("_called", {})
    if languages not in kept:
        kept[languages] = _called(instrument, languages)
    return kept[languages]


def _called(instrument: Instrument, languages: tuple[str, ...]) -> dict[str, Called]:
    """Return the names of all provisions."""
    siblings: dict[str, list[str]] = {}
    for unit in instrument.units:
        if not unit.label and unit.kind not in HEADINGS and unit.kind != "layout":
            siblings.setdefault(unit.parent, []).append(unit.id)
    found: dict[str, Called] = {}
    for unit in instrument.units:
        words, tongue = plain_words(unit, *languages), spoken(unit, *languages)
        label = unit.label.strip("*_ ")
        over = found.get(unit.parent, Called("", "", ""))
        if unit.kind in HEADINGS:
            match = None if label else _NUMBER.match(words)
            number = label or (match[1] if match else "")
            title = words[match.end() :] if match else words
            whole = " ".join(part for part in (label, words) if part)
            found[unit.id] = Called(number, title, whole, whole, tongue)
            continue
        peers = siblings.get(unit.parent, [])
        place = f"¶{peers.index(unit.id) + 1}" if unit.id in peers and len(peers) > 1 else ""
        own = label or place
        number = own or over.number
        title = over.title if not own and over.number else ""
        above = over.whole if not label and (own or over.number) else ""
        whole = " ".join(part for part in (above, own) if part) or shortened(words)
        brief = f"{own} {shortened(words, _BRIEF)}".strip() if own or not number else number
        found[unit.id] = Called(number, title, whole, brief, over.language if above else tongue)
    return found


def shortened(words: str, most: int = _SHORT) -> str:
    """Return the first words, with an ellipsis if there are more."""
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0] + "…"


def state_of(text: TextState, unit: Unit, proposed: Iterable[object]) -> str:
    """Return the state that is told of a provision (rule 2); `proposed` are the proposals that are pending on it."""
    status = text.status(unit.id)
    if status != "open":
        return status
    if points_of(text.instrument, unit):
        return "bracketed"
    return "proposed" if any(True for _ in proposed) else "open"


def in_room(room: str, text: str) -> str:
    """Return the name of a group's text among those of all rooms."""
    return f"{room}/{text}"


class Chronicle:
    """What a record says of texts: who proposed what when, since when provisions stand, where the text changed.

    A text is named by its id, one of a group by the group's id before it: the same id may be on the table of several rooms.
    """

    def __init__(self, plenary: str) -> None:
        """Know nothing yet but the id of the plenary."""
        self.plenary = plenary
        self.size = 0
        self.proposals: dict[tuple[str, str], Done] = {}
        self.contents: dict[tuple[str, bytes], Done] = {}
        self.stood: dict[tuple[str, str, str], Done] = {}
        self.changes: dict[str, list[Done]] = {}
        self._acts: dict[int, Done] = {}
        self._silences: dict[bytes, Any] = {}

    def read(self, lines: list[Line]) -> None:
        """Take up the entries that were not read yet."""
        for line in lines[self.size :]:
            if line.act is not None and line.verdict.status != "void":
                self._take(line)
        self.size = len(lines)

    def _take(self, line: Line) -> None:
        """Take up one act."""
        assert line.act is not None
        event: Any = line.act.event
        done = Done(line.index, line.leaf.time_ms, line.act.author, event)
        self._acts[line.index] = done
        for effect in line.verdict.effects:
            if isinstance(effect, Confirmed) and effect.index in self._acts:
                event = self._acts[effect.index].event
                done = replace(done, event=event)
            elif isinstance(effect, Unbroken) and effect.content in self._silences:
                opening = self._silences[effect.content]
                for one in opening.units:
                    self.stood[(self._named(opening.instrument, line), one.unit, "ProvisionAgreed")] = done
        if event.name == "SilenceOpened":
            self._silences[event.content] = event
        name = event.instrument.id if event.name == "TextTabled" else getattr(event, "instrument", "")
        if isinstance(name, str) and name:
            self._about(self._named(name, line), line, done)

    def _named(self, name: str, line: Line) -> str:
        """Return the name of a text of an entry's room among those of all rooms."""
        return name if line.verdict.room == self.plenary else in_room(line.verdict.room, name)

    def _about(self, name: str, line: Line, done: Done) -> None:
        """Take up an act about a text."""
        event = done.event
        if event.name == "AmendmentProposed":
            self.proposals.setdefault((name, event.proposal), done)
        if isinstance(event, Acceptable):
            content = getattr(event, "amendment", None) or event.content
            self.contents.setdefault((name, content), done)
        if line.verdict.status == "valid" and event.name in ONE_SIDED:
            self.changes.setdefault(name, []).append(done)
        for effect in line.verdict.effects:
            if isinstance(effect, Completed):
                self._complete(name, done, effect)
            elif isinstance(effect, Undone):
                self.changes.setdefault(name, []).append(done)

    def _complete(self, name: str, done: Done, effect: Completed) -> None:
        """Take up that a joint act has effect from this entry."""
        if effect.event in CHANGING:
            first = self.contents.get((name, effect.content), done)
            self.changes.setdefault(name, []).append(replace(done, event=first.event))
        for one in getattr(done.event, "units", ()):
            unit = getattr(one, "unit", None)
            if isinstance(unit, str):
                self.stood[(name, unit, effect.event)] = done
