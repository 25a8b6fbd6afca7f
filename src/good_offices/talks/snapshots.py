"""What a desk keeps of the common rooms so that it need not judge its whole record again when it is opened.

This module decides the form of it. It never decides what stands in it: that is `talks.replay`, which makes and reads it.
"""

from __future__ import annotations

from typing import Final

from msgspec import field

from good_offices.encoding import Record
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.rooms import Log
from good_offices.talks.roster import RosterState
from good_offices.talks.soundings import SoundingState

SNAPSHOT_LIMIT: Final = 256 * 1024 * 1024


class Snapshot(Record, frozen=True, kw_only=True, tag="good-offices/common-snapshot/1", tag_field="form"):
    """Everything a replay holds at one size, for opening quickly; trusted only from one's own sealed store."""

    size: int
    roster: RosterState
    plenary: PlenaryState
    sounding: SoundingState = field(default_factory=SoundingState)
    logs: dict[str, Log]
    history: dict[str, bytes]
    groups: dict[str, PlenaryState] = field(default_factory=dict)
