"""What every event of the talks has in common: its name, its content hash, its optional time limit.

This module decides how one act accepts the same thing as another. It never knows what the thing is.

1. An event is a record named by its class, in the past tense.
2. The content of an event is the event without `until`: two delegations that post the same content have accepted
   the same thing, whatever time limits they set (spec/talks.md R-30).
"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, Final, Literal, TypeAlias

import msgspec

from good_offices.encoding import Record, image

Level: TypeAlias = Literal["experts", "senior-officials", "ministers", "leaders"]
LEVELS: Final[tuple[Level, ...]] = ("experts", "senior-officials", "ministers", "leaders")

Power: TypeAlias = Literal["agree", "initial", "propose", "release", "sign", "speak", "table"]
POWERS: Final[tuple[Power, ...]] = ("agree", "initial", "propose", "release", "sign", "speak", "table")


class Happened(Record, frozen=True, tag=True, tag_field="event"):
    """Base of every event: what an act says has happened (spec/talks.md section 2)."""

    # As in the table of rules, such as `TextTabled`.
    name: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        """Name the event by its class."""
        super().__init_subclass__(**options)
        cls.name = cls.__name__


class Acceptable(Happened, frozen=True, kw_only=True):
    """An event by which a delegation accepts something that needs every delegation's acceptance."""

    until: int | None = None

    @property
    def content(self) -> bytes:
        """The content hash that every delegation must accept: 32 bytes (spec/talks.md R-30)."""
        said = self if self.until is None else msgspec.structs.replace(self, until=None)
        return hashlib.sha256(image(said)).digest()
