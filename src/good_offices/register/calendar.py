"""Signed calendars: the text by which a host states that a calendar of standing lists is its own. See spec/soundings.md 2.7.

This module decides the text. It never reads a calendar, and never signs: see `host`.

    venue.example/t/0f1e2d3c4b5a69788796a5b4c3d2e1f0/calendar
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

1. Two lines: the origin of the talks' common register with `/calendar` behind it; the SHA-256 of the calendar in base64. So
   a calendar of other talks of the same host is none of these.
2. It is no checkpoint and no deposit receipt, which have three lines.
3. Reading is: parse, encode again, compare.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from good_offices.errors import LocalError, RemoteError
from good_offices.register.checkpoint import check_origin
from good_offices.register.note import ErrorType, from_base64, to_base64
from good_offices.register.tree import HASH

_WHAT: Final = "the signature of the calendar"
_END: Final = "/calendar"


@dataclass(frozen=True, slots=True)
class Attached:
    """What a host states: the calendar with this SHA-256 is the one of the talks whose common register is `origin`."""

    origin: str
    digest: bytes

    @classmethod
    def of(cls, origin: str, calendar: bytes) -> Attached:
        """Return the statement on a calendar, its canonical bytes."""
        return cls(origin, hashlib.sha256(calendar).digest())

    def text(self) -> str:
        """Return the two lines (spec/soundings.md 2.7).

        Raises:
            LocalError: `not-canonical`.
        """
        self._check(LocalError)
        return f"{self.origin}{_END}\n{to_base64(self.digest)}\n"

    @classmethod
    def parse(cls, text: str) -> Attached:
        """Return what two lines stand for, nothing verified (spec/soundings.md 2.7).

        Raises:
            RemoteError: `not-canonical`.
        """
        lines = text.split("\n")
        if len(lines) != 3 or lines[2] or not lines[0].endswith(_END):
            raise RemoteError("not-canonical", what=_WHAT, why="not two lines of a calendar")
        attached = cls(lines[0].removesuffix(_END), from_base64(lines[1], what=_WHAT))
        attached._check(RemoteError)
        return attached

    def _check(self, error: ErrorType) -> None:
        """Refuse fields outside rule 1."""
        check_origin(self.origin, error=error)
        if len(self.digest) != HASH:
            raise error("not-canonical", what=_WHAT, why="a field outside its range")
