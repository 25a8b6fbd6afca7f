"""Before words go out: which of them also stand in private, or in a group that not all who will see them read.

This module decides what counts as a repetition (spec/groups.md R-173). It is a warning to the author, on the author's machine, and
nothing else: it never keeps anybody from saying anything, and nothing of it is kept.

1. Words are compared without regard to capitals, of how an accent is encoded, and of what stands between words: a token
   is a run of letters or digits, or one character of a script that is written without spaces.
2. `RUN` tokens in a row that also stand in a row in a private text are a repetition; rows that overlap are one.
3. A private text shorter than that counts whole, from two tokens on: one word alone is everybody's.
4. What stands in a row in a text on the table, of any room that this desk reads, is no repetition of the caucus: a delegation quotes them
   in private too. Words of a group are repeated unless they stand in a text that all can read who will see them, or were said in that room;
   of its texts those in rows alone, since a heading is everybody's.
5. On the way into the caucus nothing is compared: a delegation tells its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from good_offices.clerk import groups_view, pending
from good_offices.clerk.authors import Authors
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.locale import _
from good_offices.locale.quotes import quoted
from good_offices.talks.plenary import PlenaryState
from good_offices.text.model import Words

RUN: Final = 4
_LEAST: Final = 2
_TOKEN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")

_Row: TypeAlias = tuple[str, ...]


class Repeated(NamedTuple):
    """A passage of words about to go out, and where it stands: `caucus`, which with notes is private, or the id of a group."""

    words: str
    room: str


def private_words(lines: Iterable[Line]) -> Iterator[str]:
    """Yield what was said in entries: statements, notes, non-papers, questions and instructions."""
    for line in lines:
        said = line.act.event if line.act is not None else getattr(line, "paper", None)
        words = getattr(said, "text", "")
        if isinstance(words, str) and words:
            yield words


def table_words(state: PlenaryState) -> Iterator[str]:
    """Yield the words of all texts on the table of a room, as they stand."""
    for text in state.texts.values():
        for unit in text.instrument.units:
            for runs in unit.texts.values():
                yield " ".join(run.text for run in runs if isinstance(run, Words))


def leaving(
    desk: Desk,
    room: str,
    words: Iterable[str],
    *,
    caucus: Iterable[Line] | None = None,
    common: Callable[[], Iterable[Line]] | None = None,
    notes: Iterable[str] = (),
) -> list[Repeated]:
    """Return what of words about to go into a room stands in private, or in a group that not all readers of the room read.

    `caucus` and `common` are the entries of both records, if they are at hand; `notes` are private ones.
    """
    said = [one for one in words if one]
    if room == "caucus" or not said:
        return []
    states = pending.states(desk)
    public = [one for state in states.values() for one in table_words(state)]
    private = [*private_words(desk.caucus.lines() if caucus is None else caucus), *notes]
    found = [Repeated(hit, "caucus") for one in said for hit in repeats(one, private, public)]
    closed = [one for one in states if one not in ("plenary", room) and not covers(desk, one, room)]
    if closed:
        known = _spoken(desk, (common or desk.common.lines)())
        here = [*known.get(room, ())]
        here += [one for which in states if which not in closed for one in table_words(states[which])]
        for group in closed:
            rows = [one for one in table_words(states[group]) if len(_tokens(one)) >= RUN]
            theirs = [*known.get(group, ()), *rows]
            found += [Repeated(hit, group) for one in said for hit in repeats(one, theirs, here)]
    return list(dict.fromkeys(found))


def covers(desk: Desk, group: str, room: str) -> bool:
    """Tell whether all who read a room read a group as well."""
    authors = Authors(desk)
    theirs, ours = ({one.member for one in authors.readers(which)} for which in (group, room))
    return ours <= theirs


def _spoken(desk: Desk, common: Iterable[Line]) -> dict[str, list[str]]:
    """Return what was said in the plenary and in each group, by room."""
    plenary = desk.rooms["plenary"]
    found: dict[str, list[str]] = {}
    for line in common:
        room = "plenary" if line.verdict.room == plenary else line.verdict.room
        found.setdefault(room, []).extend(private_words([line]))
    return found


def told(desk: Desk, found: Iterable[Repeated]) -> list[str]:
    """Return what was found in sentences, one for each passage."""
    return [
        _("These words stand in your caucus or private notes: {which}").format(which=quoted(one.words))
        if one.room == "caucus"
        else _("These words stand in {group}, which not all read who would see them: {which}").format(
            group=quoted(groups_view.called(desk, one.room)), which=quoted(one.words)
        )
        for one in found
    ]


def repeats(words: str, private: Iterable[str], public: Iterable[str] = ()) -> list[str]:
    """Return the passages of `words` (as there, in NFC) that stand in a private text and in no public one (rules 1 to 4)."""
    words = unicodedata.normalize("NFC", words)
    found = list(_TOKEN.finditer(words))
    tokens = _tokens(words)
    # What goes out is short and the record is long: its rows are looked for there, none of the record's are kept.
    rows = {row for size in range(_LEAST, RUN + 1) for row in _rows(tokens, size)}
    hit: set[_Row] = set()
    for text in private:
        ours = _tokens(text)
        hit.update(rows.intersection(_rows(ours, min(RUN, len(ours)))))
    for text in public if hit else ():
        theirs = _tokens(text)
        for size in {len(row) for row in hit}:
            hit.difference_update(_rows(theirs, size))
    spans: list[tuple[int, int]] = []
    for at in range(len(tokens)):
        sizes = range(min(RUN, len(tokens) - at), _LEAST - 1, -1)
        length = next((size for size in sizes if tuple(tokens[at : at + size]) in hit), 0)
        if length and spans and at <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], at + length))
        elif length:
            spans.append((at, at + length))
    return [words[found[first].start() : found[last - 1].end()] for first, last in spans]


def _rows(tokens: list[str], size: int) -> Iterator[_Row]:
    """Yield every row of `size` tokens."""
    return zip(*(tokens[at:] for at in range(size)), strict=False)


def _tokens(text: str) -> list[str]:
    """Return the tokens of a text as they are compared (rule 1)."""
    found = _TOKEN.findall(unicodedata.normalize("NFC", text))
    # All at once: a token holds no line feed, and none comes to hold one.
    return unicodedata.normalize("NFKC", "\n".join(found)).casefold().split("\n") if found else []
