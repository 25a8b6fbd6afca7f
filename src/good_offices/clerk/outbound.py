"""Before words go out: which of them also stand among one's own delegation's private words.

This module decides what counts as a repetition. It is a warning to the author, on the author's machine, and nothing else:
it never keeps anybody from saying anything, and nothing of it is kept.

1. Words are compared without regard to capitals, of how an accent is encoded, and of what stands between words: a token
   is a run of letters or digits, or one character of a script that is written without spaces.
2. `RUN` tokens in a row that also stand in a row in a private text are a repetition; rows that overlap are one.
3. A private text shorter than that counts whole, from two tokens on: one word alone is everybody's.
4. What stands in a row in the texts on the table is no repetition: a delegation quotes them in private too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.text.model import Words

RUN: Final = 4
_LEAST: Final = 2
_TOKEN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")

_Row: TypeAlias = tuple[str, ...]


def private_words(caucus: Iterable[Line]) -> Iterator[str]:
    """Yield what was said in the caucus, whose entries are `caucus`: statements, questions and instructions."""
    for line in caucus:
        words = getattr(line.act.event, "text", "") if line.act is not None else ""
        if isinstance(words, str) and words:
            yield words


def table_words(desk: Desk) -> Iterator[str]:
    """Yield the words of all texts on the table, as they stand."""
    for text in desk.talks.plenary.texts.values():
        for unit in text.instrument.units:
            for runs in unit.texts.values():
                yield " ".join(run.text for run in runs if isinstance(run, Words))


def from_caucus(desk: Desk, words: Iterable[str]) -> list[str]:
    """Return the passages of words about to go out that also stand in the caucus, and in no text on the table."""
    private = list(private_words(desk.caucus.lines()))
    return [passage for one in words if one for passage in repeats(one, private, table_words(desk))]


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
