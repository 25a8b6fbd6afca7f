"""Where a line ends: the same place on screen, on paper and in a file. See spec/paper.md section 2.

This module decides the breaks from a table of widths that is shipped. It never asks the fonts of the machine, and no
program that shows a line breaks it again where there is room for `MEASURE`.

1. A line holds as many characters as the measure, each with the width of the shipped serif face, without kerning; spaces
   at the end do not count.
2. It ends after spaces, after a hyphen or dash between letters, or beside a wide character; else where the room ends.
3. No line ends with an opening bracket: with spaces behind the bracket, the break is before it.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Final

import unicodedataplus as tables

EM: Final = 1_000
MEASURE: Final = 26 * EM
# For letters that the shipped faces lack: a wide one (UAX 11: W, F) fills an em, any other three fifths.
_WIDE: Final = 1_000
_OTHER: Final = 600
_OPEN: Final = "\ue000"
_CLOSE: Final = "\ue001"
_SPACES: Final = re.compile(r"[ \t]+")
_DASHED: Final = re.compile(r"(?<=[^\W\d_])[-\u2010\u2013\u2014](?=[^\W\d_])")


@cache
def widths() -> dict[str, int]:
    """Return the width of each character of the shipped faces, in thousandths of an em."""
    data = (resources.files("good_offices") / "assets" / "fonts" / "widths.json").read_bytes()
    return {chr(int(code, 16)): width for code, width in json.loads(data).items()}


@cache
def width(character: str) -> int:
    """Return the width of any character, in thousandths of an em (spec/paper.md rule 2.2)."""
    known = widths().get({"\t": " ", _OPEN: "[", _CLOSE: "]"}.get(character, character))
    if known is not None:
        return known
    if tables.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return _WIDE if _is_wide(character) else _OTHER


def broken(text: str, edges: dict[int, bool], measure: int = MEASURE) -> list[int]:
    """Return where each line of `text` ends, the last at its end; `text` has no line end (spec/paper.md section 2).

    `edges` has the places of brackets: True where one opens, False where one closes.
    """
    marked = list(text)
    for place, opens in edges.items():
        marked[place] = _OPEN if opens else _CLOSE
    shown = "".join(marked)
    reached = list(accumulate(map(width, shown), initial=0))
    chances = _chances(shown)
    ends: list[int] = []
    start = 0
    while start < len(shown):
        end = _end(shown, reached, chances, start, measure)
        ends.append(end)
        start = end
    return ends or [0]


def _end(shown: str, reached: list[int], chances: list[int], start: int, measure: int) -> int:
    """Return where the line that begins at `start` ends."""
    room = bisect_right(reached, reached[start] + measure) - 1
    over = _SPACES.match(shown, room)
    fits = over.end() if over else room
    if fits >= len(shown):
        return len(shown)
    best = bisect_right(chances, fits) - 1
    return chances[best] if best >= 0 and chances[best] > start else max(room, start + 1)


def _chances(shown: str) -> list[int]:
    """Return the places where a line may end, in rising order (spec/paper.md rule 2.3)."""
    found: set[int] = {match.end() for match in _DASHED.finditer(shown)}
    for match in _SPACES.finditer(shown):
        before = len(shown[: match.start()].rstrip(_OPEN))
        found.add(match.end() if before == match.start() else before)
    found |= {match.end() for match in re.finditer(f"{_CLOSE}[|]?(?={_OPEN})", shown)}
    wide = {one for one in set(shown) if _is_wide(one)}
    if wide:
        found |= {
            place + side
            for place, one in enumerate(shown)
            if one in wide
            for side in (0, 1)
            if 0 < place + side < len(shown) and _apart(shown[place + side - 1], shown[place + side])
        }
    return sorted(found - {0})


def _apart(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters of which one is wide: not beside punctuation (rule 2.3)."""
    opens = before == _OPEN or tables.category(before) in ("Ps", "Pi")
    closes = after == _CLOSE or tables.category(after) in ("Pe", "Pf", "Po")
    return not opens and not closes


@cache
def _is_wide(character: str) -> bool:
    """Tell whether a character is wide (UAX 11)."""
    return tables.east_asian_width(character) in ("W", "F")
