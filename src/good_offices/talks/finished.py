"""What is kept of a text after its signature: originals on paper, the procès-verbal, notices of errors. Part of the plenary's state.

This module decides what is kept (spec/talks.md R-65 to R-68), and what a text reads once its errors are corrected. It never
decides what an act does: that is `talks.after`.

1. The text of the state stays the one that was signed, and its hash with it. Corrections stand beside it, in the order in
   which they were made.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import field

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.talks.events_after import Erratum, PaperSignatory
from good_offices.talks.state import Item
from good_offices.talks.verdict import Cited
from good_offices.text import ladder
from good_offices.text.model import Runs, Unit, Words, joined, name_of
from good_offices.text.state import TextState, evolve

# No provision has an empty id: an erratum without one is of the title.
TITLE: Final = ""

Fate: TypeAlias = Literal["open", "objected", "made", "overtaken"]


class SignedOnPaper(Record, frozen=True, kw_only=True):
    """An original on paper that all say was signed: the hash of its scan, where, when, by whom, since which entry."""

    scan: bytes
    place: str
    date: str
    signatories: tuple[PaperSignatory, ...]
    content: bytes
    since: int


class Notice(Record, frozen=True, kw_only=True):
    """Errors that a delegation notified, and what became of it.

    `begun` says for each delegation when, by its own clock, it had first acted in view of the notice; `passed` by which
    entry the days had passed for it. `ended` is the entry that ended the notice, `by` who notified, `objected` who objected.
    """

    by: str
    notified: Cited
    errata: tuple[Erratum, ...]
    days: int
    fate: Fate = "open"
    begun: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    objected: str = ""
    ended: int = 0


class Received(Record, frozen=True, kw_only=True):
    """What the depositary signed that it holds: the hash with corrections, if it has any, its number, when, by which act."""

    corrected: bytes | None = None
    number: int
    time: int
    by: Cited


class Finished(Item, frozen=True, kw_only=True):
    """What stands of a text after its signature; `corrected` is the hash that it has with its corrections, if it has any."""

    papers: tuple[SignedOnPaper, ...] = ()
    recorded: bytes | None = None
    notices: dict[str, Notice] = field(default_factory=dict)
    made: tuple[bytes, ...] = ()
    corrected: bytes | None = None
    received: tuple[Received, ...] = ()


def on_paper(finished: Finished) -> set[str]:
    """Return the delegations whose signature stands on an original on paper (R-65)."""
    return {who.delegation for one in finished.papers for who in one.signatories}


def corrected_text(text: TextState, finished: Finished) -> TextState:
    """Return a signed text as it reads with the corrections that were made, in their order (R-68)."""
    for content in finished.made:
        text = with_errata(text, finished.notices[content.hex()].errata)
    return text


def with_errata(text: TextState, errata: Iterable[Erratum]) -> TextState:
    """Return a closed text in which these words are replaced, one after the other (R-67).

    Raises:
        LocalError: `erratum-not-found`; as `ladder.correct`.
    """
    for one in errata:
        if one.unit == TITLE:
            text = _with_title(text, one)
            continue
        unit = text.instrument.unit(one.unit)
        runs = _replaced(unit, one)
        text = ladder.correct(text, one.unit, unit.digest, {one.language: runs})
    return text


def with_notice(finished: Finished, content: bytes, notice: Notice) -> Finished:
    """Return the state of a text with this notice in its place."""
    notices = dict(sorted({**finished.notices, content.hex(): notice}.items()))
    return msgspec.structs.replace(finished, notices=notices)


def with_text(text: TextState, finished: Finished) -> Finished:
    """Return the state of a text with the hash that it has with its corrections."""
    now = corrected_text(text, finished).instrument.digest
    return msgspec.structs.replace(finished, corrected=now)


def _with_title(text: TextState, erratum: Erratum) -> TextState:
    """Return a closed text with the right words in its title in one language."""
    title = text.instrument.titles.get(erratum.language, "")
    right = title.replace(erratum.found, erratum.correct) if erratum.found else title
    if title.count(erratum.found) != 1 or right == title or not right.strip() or not text.phase:
        raise LocalError("erratum-not-found", unit="the title", language=erratum.language)
    titles = {**text.instrument.titles, erratum.language: right}
    return evolve(text, instrument=msgspec.structs.replace(text.instrument, titles=titles))


def _replaced(unit: Unit, erratum: Erratum) -> Runs:
    """Return the runs of a provision with the right words in the place of the wrong ones, which stand there once.

    Twice would leave open which of the two is meant; whoever notifies names more of the words around it.
    """
    runs = unit.texts.get(erratum.language, ())
    places = [
        (at, run.text)
        for at, run in enumerate(runs)
        if isinstance(run, Words) and erratum.found and erratum.found in run.text
    ]
    if len(places) != 1 or places[0][1].count(erratum.found) != 1 or erratum.found == erratum.correct:
        raise LocalError("erratum-not-found", unit=name_of(unit), language=erratum.language)
    at, words = places[0]
    new = Words(text=words.replace(erratum.found, erratum.correct))
    return joined([*runs[:at], new, *runs[at + 1 :]])
