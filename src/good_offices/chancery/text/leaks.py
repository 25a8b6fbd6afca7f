"""Words that stand in the caucus or in private notes, found in what is about to go out.

This module decides what a drafter is warned of before words leave the delegation. It never forbids: a delegation may say
outside what it said inside.

1. Six words in a row, whatever their case and punctuation, are the same words; shorter runs stand in any text.
2. Words that already stand in the common record are no warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from good_offices.chancery.text import kept
from good_offices.desk.desk import Desk
from good_offices.text.model import Words

RUN: Final = 6
_WORD: Final = re.compile(r"[^\W_]+")

Shingle = tuple[str, ...]


def shingles(words: str) -> set[Shingle]:
    """Return every run of six words in a text, in lower case."""
    return {shingle for shingle, _, _ in _placed(words)}


def _placed(words: str) -> Iterator[tuple[Shingle, int, int]]:
    """Yield every run of six words with where it begins and ends."""
    found = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(words)]
    for at in range(len(found) - RUN + 1):
        run = found[at : at + RUN]
        yield tuple(one[0] for one in run), run[0][1], run[-1][2]


def passages(words: str, private: set[Shingle]) -> list[str]:
    """Return the passages of a text that stand among private words, each as long as it goes on."""
    spans: list[list[int]] = []
    for shingle, start, end in _placed(words):
        if shingle in private:
            if spans and start <= spans[-1][1]:
                spans[-1][1] = end
            else:
                spans.append([start, end])
    return [words[start:end] for start, end in spans]


def found(desk: Desk, lines: list[Any], words: Iterable[str]) -> list[str]:
    """Return the passages of outgoing words that stand in this delegation's caucus or in this reader's notes."""
    known = private(desk, lines)
    return list(dict.fromkeys(passage for one in words for passage in passages(one, known)))


def private(desk: Desk, lines: list[Any]) -> set[Shingle]:
    """Return the runs of words of the caucus (its entries are `lines`) and of private notes, less those of the texts."""
    shelf = kept.shelf(desk)
    size, known = shelf.things.get("caucus", (0, set()))
    for line in lines[size:]:
        if line.act is not None:
            for words in _words_of(line.act.event):
                known |= shingles(words)
    shelf.things["caucus"] = (len(lines), known)
    if "private" not in shelf.things:
        shelf.things["private"] = {one for words in kept.notes(desk).values() for one in shingles(words)}
    return {*known, *shelf.things["private"]} - _public(desk)


def _public(desk: Desk) -> set[Shingle]:
    """Return the runs of words of all texts on the table, as they stand."""
    things = kept.shelf(desk).things
    texts = desk.talks.plenary.texts
    stamp = tuple(text.instrument.digest for text in texts.values())
    if things.get("public", ((), set()))[0] != stamp:
        words: set[Shingle] = set()
        for text in texts.values():
            for unit in text.instrument.units:
                for runs in unit.texts.values():
                    words |= shingles(" ".join(run.text for run in runs if isinstance(run, Words)))
        things["public"] = (stamp, words)
    public: set[Shingle] = things["public"][1]
    return public


def _words_of(event: Any) -> Iterator[str]:
    """Yield the words that people wrote in an event."""
    for name in ("text", "subject", "title", "note"):
        value = getattr(event, name, "")
        if isinstance(value, str) and value:
            yield value
