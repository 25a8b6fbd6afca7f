"""The versions of a text: how it read after each entry that changed it.

This module decides nothing: it lets the rules judge the record again, and keeps every text that comes of it for as long
as the desk is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from good_offices.chancery.text.kept import shelf
from good_offices.clerk.provisions import in_room
from good_offices.desk.desk import Desk
from good_offices.text.model import Instrument
from good_offices.text.state import TextState


@dataclass(frozen=True)
class Version:
    """A text as it read after an entry; `number` counts from 1."""

    number: int
    index: int
    instrument: Instrument


class _Look:
    """How far the record was judged again, and the versions that were found."""

    def __init__(self) -> None:
        """Begin at the beginning."""
        self.judge: Any = None
        self.texts: dict[str, list[Version]] = {}


def versions(desk: Desk, text: str) -> list[Version]:
    """Return the versions of a text, named as `kept` rule 1 says, the present one last."""
    look_back(desk)
    found: list[Version] = shelf(desk).things["versions"].texts.get(text, [])
    return found


def look_back(desk: Desk, most: int | None = None) -> bool:
    """Judge again up to `most` entries that were not yet, all without it; return whether any may be left."""
    look: _Look = shelf(desk).things.setdefault("versions", _Look())
    for done, judge in enumerate(desk.common.replayed(look.judge), 1):
        look.judge = judge
        for name, text in judge.plenary.texts.items():
            _keep(look, name, judge, text)
        for room, state in judge.groups.items():
            for name, text in state.texts.items():
                _keep(look, in_room(room, name), judge, text)
        if done == most:
            return True
    return False


def _keep(look: _Look, name: str, judge: Any, text: TextState) -> None:
    """Keep how a text reads after an entry, if it reads otherwise than before."""
    known, now = look.texts.setdefault(name, []), text.instrument
    if not known or (now is not known[-1].instrument and now.digest != known[-1].instrument.digest):
        known.append(Version(len(known) + 1, judge.size - 1, now))
