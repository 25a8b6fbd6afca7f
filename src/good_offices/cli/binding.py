"""What an act binds to, told with it: title, authentic languages and digest of each text.

This module decides how a text is named to whoever is about to put a name to it. The whole digest is in the JSON; people
get its beginning in groups, enough to compare by voice and not a proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from good_offices.clerk.outcome_view import bound_to
from good_offices.cli.work import Work
from good_offices.locale import _
from good_offices.talks.event import Happened
from good_offices.text.model import Instrument

_DIGITS: Final = 16
_GROUP: Final = 4


def act_on(
    work: Work,
    event: Happened,
    texts: Iterable[Instrument],
    *,
    room: str = "plenary",
    without_powers: bool = False,
) -> int:
    """Do an act in a room, tell which texts it binds to and what became of it, and return the exit status."""
    bound = bound_to(texts)
    lines = [line for one in bound for line in text_lines(one)]
    return work.act(room, event, without_powers=without_powers, about={"bound": bound}, lines=lines)


def text_lines(one: dict[str, Any]) -> list[str]:
    """Return a text for people."""
    digits = one["digest"].hex()[:_DIGITS]
    grouped = " ".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))
    return [
        _("text {text}: {titles}").format(text=one["text"], titles="; ".join(one["titles"].values()) or "-"),
        _("  authentic: {languages}; digest {digits}…").format(
            languages=", ".join(one["authentic"]), digits=grouped
        ),
    ]
