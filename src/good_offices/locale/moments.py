"""Moments out of numbers that others have claimed.

This module decides what is shown of a time that no calendar has. It never decides whether a time is believed: a claim is shown as
its author's.

1. The rules let an act claim any time that its bytes can hold, so that no clock decides. No screen and no file may fail for it:
   a claim before the year 2 or after the year 9998 is shown as the nearest moment within, whatever the time zone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_FIRST: Final = datetime(2, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC)
_RANGE: Final = (int(_FIRST.timestamp()) * 1000, int(_LAST.timestamp()) * 1000)


def moment(milliseconds: int) -> datetime:
    """Return the moment in UTC of milliseconds since 1970, or the nearest that every calendar has (rule 1)."""
    first, last = _RANGE
    if milliseconds <= first:
        return _FIRST
    return _LAST if milliseconds >= last else datetime.fromtimestamp(milliseconds / 1000, UTC)
