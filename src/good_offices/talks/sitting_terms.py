"""The terms of a sitting: level, title, times, zones, agenda, room. See spec/meetings.md R-102.

This module decides whether what a delegation proposes can be a sitting at all. It never decides whether it is held, and asks no
database of time zones: that differs from machine to machine.
"""

from __future__ import annotations

import re
from typing import Final

from good_offices.errors import LocalError
from good_offices.talks.events_meetings import SittingProposed
from good_offices.talks.plenary import PlenaryState

# IANA Time Zone Database, "Theory and pragmatics": names of parts joined by slashes. Whether a zone exists is not asked:
# the database differs from machine to machine.
_ZONE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")
_ZONE_LONGEST: Final = 64
_ZONES_MOST: Final = 16
# 9999-12-31, as for conditions: every calendar can show it.
_LATEST: Final = 253_402_300_799_999


def check_terms(plenary: PlenaryState, event: SittingProposed) -> None:
    """Pass if the terms of a sitting can stand (R-102).

    Raises:
        LocalError: `sitting-invalid` with the field, `item-unknown`, `room-unknown`, `group-closed`.
    """
    current = plenary.modalities
    if current is not None and event.level not in current.modalities.levels:
        raise LocalError("sitting-invalid", field="level")
    if not event.title.strip():
        raise LocalError("sitting-invalid", field="title")
    if not 0 <= event.start < event.end <= _LATEST:
        raise LocalError("sitting-invalid", field="start and end")
    zones = event.zones
    fits = all(len(one.zone) <= _ZONE_LONGEST and _ZONE.fullmatch(one.zone) and one.place for one in zones)
    if not zones or len(zones) > _ZONES_MOST or not fits:
        raise LocalError("sitting-invalid", field="zones")
    if len(set(event.agenda)) < len(event.agenda):
        raise LocalError("sitting-invalid", field="agenda")
    agreed = {key for key, one in plenary.agenda.items() if one.agreed}
    if any(item.hex() not in agreed for item in event.agenda):
        raise LocalError("item-unknown")
    if event.room:
        group = plenary.groups.open_room(event.room)
        if group.level != event.level:
            raise LocalError("sitting-invalid", field="level")
