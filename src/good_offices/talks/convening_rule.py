"""The convening rule: what must be there before a sitting of a level is convened. See spec/meetings.md section 1.

This module decides the closed vocabulary of conditions and which of them can stand in modalities. It never decides whether one is
met: that is `talks.convening`.

1. A rule is a list of conditions; all of them must be met. An empty rule asks for nothing but the confirmation of all.
2. The vocabulary is closed, so that every desk computes the same and no condition needs anybody's judgement.
3. A condition may name a text that is not on the table yet: it is then not met.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.talks.event import Level

AtLeast: TypeAlias = Literal["ad-referendum", "agreed", "locked"]
Presiding: TypeAlias = Literal["none", "rotation"]

DAY_MS: Final = 24 * 60 * 60 * 1000
MINUTE_MS: Final = 60 * 1000
DAYS_MOST: Final = 365
CLOCK_MOST: Final = 240


class Agreed(Record, frozen=True, kw_only=True, tag="agreed", tag_field="condition"):
    """These units of a text, all if none is named, have come at least so far."""

    instrument: str
    units: tuple[str, ...] = ()
    at_least: AtLeast


class NoOpenPoint(Record, frozen=True, kw_only=True, tag="no-open-point", tag_field="condition"):
    """These units of a text, all if none is named, have no bracket, no placeholder and no proposal that waits."""

    instrument: str
    units: tuple[str, ...] = ()


class Readiness(Record, frozen=True, kw_only=True, tag="readiness", tag_field="condition"):
    """The head of every delegation, a member with the power to agree, has declared readiness for this sitting."""


class Notice(Record, frozen=True, kw_only=True, tag="notice", tag_field="condition"):
    """So many days lie between the agreement on the sitting and every delegation's confirmation."""

    days: int


class Expectations(Record, frozen=True, kw_only=True, tag="expectations", tag_field="condition"):
    """What every delegation expects of the sitting was opened, together."""


class Deliverables(Record, frozen=True, kw_only=True, tag="deliverables", tag_field="condition"):
    """A joint list of results is on the table as a text, and no bracket in it is open."""

    instrument: str


Condition: TypeAlias = Agreed | NoOpenPoint | Readiness | Notice | Expectations | Deliverables
Convening: TypeAlias = dict[Level, tuple[Condition, ...]]


def condition_name(condition: Condition) -> str:
    """Return what a condition is called in the bytes: `agreed`, `no-open-point`, `readiness` ..."""
    return str(condition.__struct_config__.tag)


def check_convening(convening: Convening, levels: Iterable[Level], clock: int) -> None:
    """Pass if a convening rule and a floor clock can stand in modalities that name these levels (R-100).

    Raises:
        LocalError: `modalities-invalid` with the field.
    """
    if not convening.keys() <= set(levels):
        raise LocalError("modalities-invalid", field="convening: a level that the modalities do not name")
    for rule in convening.values():
        if len({repr(one) for one in rule}) < len(rule):
            raise LocalError("modalities-invalid", field="convening: a condition named twice")
        for one in rule:
            _check_condition(one)
    if not 0 <= clock <= CLOCK_MOST:
        raise LocalError("modalities-invalid", field="clock")


def _check_condition(condition: Condition) -> None:
    """Refuse a condition with a field outside its range."""
    if isinstance(condition, Notice) and not 1 <= condition.days <= DAYS_MOST:
        raise LocalError("modalities-invalid", field="convening: notice")
    if isinstance(condition, Agreed | NoOpenPoint | Deliverables) and not condition.instrument:
        raise LocalError("modalities-invalid", field="convening: a condition that names no text")
    if isinstance(condition, Agreed | NoOpenPoint):
        units = condition.units
        if len(set(units)) < len(units) or "" in units:
            raise LocalError("modalities-invalid", field="convening: provisions of a condition")
