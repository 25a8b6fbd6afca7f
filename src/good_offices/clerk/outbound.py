"""Before words go out: which of them also stand among one's own delegation's private words.

This module decides what counts as a repetition. It is a warning to the author, on the author's machine, and nothing else:
it never keeps anybody from saying anything, and nothing of it is kept.

1. Words are compared without regard to capitals, of how an accent is encoded, and of what stands between words: a token is a run of letters or digits, or one
   character of a script that is written without spaces.
2. `RUN` tokens in a row that also stand in a row in a private text are a repetition; rows that overlap are one.
3. A private text shorter than that counts whole, from two tokens on: one word alone is everybody's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

RUN: Final = 4
_LEAST: Final = 2
_TOKEN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


def repeats(words: str, private: Iterable[str]) -> list[str]:
    """Return the passages of `words`, as they are written there (in NFC), that also stand in a private text (rules 1 to 3)."""
    words = unicodedata.normalize("NFC", words)
    found = list(_TOKEN.finditer(words))
    tokens = [_plain(one.group()) for one in found]
    wanted: set[tuple[str, ...]] = set()
    for text in private:
        ours = [_plain(one) for one in _TOKEN.findall(unicodedata.normalize("NFC", text))]
        if _LEAST <= len(ours) < RUN:
            wanted.add(tuple(ours))
        wanted.update(tuple(ours[at : at + RUN]) for at in range(len(ours) - RUN + 1))
    hits: list[tuple[int, int]] = []
    for at in range(len(tokens)):
        length = next(
            (
                size
                for size in range(min(RUN, len(tokens) - at), _LEAST - 1, -1)
                if tuple(tokens[at : at + size]) in wanted
            ),
            0,
        )
        if not length:
            continue
        if hits and at <= hits[-1][1]:
            hits[-1] = (hits[-1][0], max(hits[-1][1], at + length))
        else:
            hits.append((at, at + length))
    return [words[found[first].start() : found[last - 1].end()] for first, last in hits]


def _plain(token: str) -> str:
    """Return a token as it is compared (rule 1)."""
    return unicodedata.normalize("NFKC", token).casefold()
