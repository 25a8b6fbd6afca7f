"""Numbers of lines beside the words of a screen: those of the printed page. See spec/paper.md section 2, rule 2.6.

This module decides where a mark stands in the markup of a cell. It measures nothing: where lines end, `paper.numbering` says.

1. A mark is an empty element with its number as an attribute. Number and line end are drawn by the style sheet, so that what is
   selected, copied, searched or read aloud is the words and nothing else.
2. A mark is `on` where the line before it ends at the measure; where the text itself ends it, its own line end does.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from good_offices.chancery.paper.model import Line

_MARK = Markup('<i class="no{}" data-no="{}" aria-hidden="true"></i>')


class Lined:
    """Words on their way into markup, with a mark wherever a line begins."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        """Begin before the first word; without lines nothing is marked, and so in a heading, whose lines have no numbers."""
        self._at = 0
        self._marks: list[tuple[int, Markup]] = []
        place, on = 0, ""
        for line in lines:
            if line.number:
                self._marks.append((place, _MARK.format(on, line.number)))
            place += len(line.text) + len(line.gap) + line.last
            on = "" if line.last else " on"
        self._marks.reverse()

    def before(self, length: int) -> Markup:
        """Return the marks before something that is not divided, of so many characters."""
        found = Markup("")
        self._at += length
        while self._marks and self._marks[-1][0] < self._at:
            found += self._marks.pop()[1]
        return found

    def words(self, text: str) -> Markup:
        """Return words, escaped, with the marks within them."""
        begun, done = self._at, 0
        self._at += len(text)
        if not self._marks or self._marks[-1][0] >= self._at:
            return escape(text)
        found = Markup("")
        while self._marks and self._marks[-1][0] < self._at:
            place, mark = self._marks.pop()
            found += escape(text[done : place - begun]) + mark
            done = place - begun
        return found + escape(text[done:])
