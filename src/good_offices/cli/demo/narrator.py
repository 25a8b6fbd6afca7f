"""The narrator: what the demonstration says, on the terminal and in `demo.log`.

This module decides the form of the story. It never says what did not happen: each line is written after the answer of
the verb that it tells.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from good_offices.cli.voice import say
from good_offices.locale import _

_WIDTH: Final = 92
_WHO: Final = 14
_COLUMN: Final = 44


class Narrator:
    """Tells a story line by line."""

    def __init__(self, log: Path) -> None:
        """Write everything to `log` as well."""
        self._log = log.open("w", encoding="utf-8")
        self._parts = 0

    def __enter__(self) -> Self:
        """Return the narrator."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the log."""
        self._log.close()

    def line(self, text: str = "") -> None:
        """Say one line."""
        say(text)
        self._log.write(text + "\n")
        self._log.flush()

    def part(self, title: str) -> None:
        """Begin a part of the story."""
        self._parts += 1
        self.line()
        self.line(f"{self._parts}. {title}")

    def tell(self, who: str, what: str, answer: dict[str, Any] | None = None) -> None:
        """Say what somebody did, and where it stands in the register."""
        place = ""
        if answer is not None and answer.get("index") is not None:
            place = f"  [#{answer['index']}]"
        if answer is not None and answer.get("status") == "ineffective":
            place += "  " + _("without effect: {why}").format(why=answer.get("message"))
        # An address or the name of a file is never broken: it is to be copied.
        lines = textwrap.wrap(what + place, _WIDTH - _WHO - 4, break_long_words=False, break_on_hyphens=False)
        self.line(f"   {who:<{_WHO}} {lines[0]}")
        for more in lines[1:]:
            self.line(" " * (_WHO + 4) + more)

    def quote(self, title: str, text: str) -> None:
        """Say something that stands in a text."""
        self.line(f"   {title}")
        for line in text.splitlines():
            for piece in textwrap.wrap(line, _WIDTH - 6) or [""]:
                self.line(f"   | {piece}")

    def beside(self, left: tuple[str, str], right: tuple[str, str]) -> None:
        """Say two things beside each other, each with its title."""
        columns = [[title, "-" * min(len(title), _COLUMN), *_wrapped(text)] for title, text in (left, right)]
        height = max(len(column) for column in columns)
        one, two = ([*column, *[""] * (height - len(column))] for column in columns)
        self.line()
        for here, there in zip(one, two, strict=True):
            self.line(f"   {here:<{_COLUMN}}  {there}".rstrip())
        self.line()


def _wrapped(text: str) -> list[str]:
    """Return the lines of a column."""
    return [piece for line in text.splitlines() for piece in textwrap.wrap(line, _COLUMN) or [""]]
