"""The versions of a text: how it read after each entry that changed it.

This module decides nothing: it lets the rules judge the record again, and keeps every text that comes of it for as long
as the desk is open. A text of a group is named with the group's id before its own (`provisions.in_room`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

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
    """How far the record was judged again, and the versions that were found; `readings` is that of the record."""

    def __init__(self, readings: int) -> None:
        """Begin at the beginning."""
        self.readings = readings
        self.judge: Any = None
        self.texts: dict[str, list[Version]] = {}


# Keyed by the desk itself: with a desk that is locked every word that was kept here is let go.
_LOOKS: Final[WeakKeyDictionary[Desk, _Look]] = WeakKeyDictionary()


def versions(desk: Desk, text: str) -> list[Version]:
    """Return the versions of a text, the present one last."""
    return all_versions(desk).get(text, [])


def all_versions(desk: Desk) -> Mapping[str, list[Version]]:
    """Return the versions of every text of the rooms that this desk reads."""
    look_back(desk)
    return _look(desk).texts


def _look(desk: Desk) -> _Look:
    """Return what was found at a desk so far; a record that was judged anew begins anew."""
    held = _LOOKS.get(desk)
    if held is None or held.readings != desk.common.readings:
        held = _LOOKS[desk] = _Look(desk.common.readings)
    return held


def look_back(desk: Desk, most: int | None = None) -> bool:
    """Judge again up to `most` entries that were not yet, all without it; return whether any may be left."""
    look = _look(desk)
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
