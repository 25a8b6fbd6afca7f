"""Deposit receipts: the text by which a host states that it holds a deposit. See spec/soundings.md 9.3.

This module decides the text. It never signs: see `host`.

    venue.example/t/0f1e2d3c4b5a69788796a5b4c3d2e1f0/box
    6a09...c908 0f1e2d3c4b5a69788796a5b4c3d2e1f0
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

1. Three lines: the register's origin with `/box` behind it; the box in hexadecimal, a space, the delegation; the SHA-256 of the
   deposit in base64.
2. It is no checkpoint, and no checkpoint is one: its second line has a space, a size has none.
3. Reading is: parse, encode again, compare.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from good_offices.errors import LocalError, RemoteError
from good_offices.register.checkpoint import check_origin
from good_offices.register.note import ErrorType, from_base64, to_base64
from good_offices.register.tree import HASH

_WHAT: Final = "the deposit receipt"
_END: Final = "/box"
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Deposited:
    """What a host states: it holds the deposit with this SHA-256, of a delegation, in a box of the register `origin`."""

    origin: str
    box: bytes
    delegation: str
    digest: bytes

    def text(self) -> str:
        """Return the three lines (spec/soundings.md 9.3).

        Raises:
            LocalError: `not-canonical`.
        """
        self._check(LocalError)
        return f"{self.origin}{_END}\n{self.box.hex()} {self.delegation}\n{to_base64(self.digest)}\n"

    @classmethod
    def parse(cls, text: str) -> Deposited:
        """Return what three lines stand for, nothing verified (spec/soundings.md 9.3).

        Raises:
            RemoteError: `not-canonical`.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0].endswith(_END):
            raise RemoteError("not-canonical", what=_WHAT, why="not three lines of a box")
        box, _, delegation = lines[1].partition(" ")
        if not _HEX.fullmatch(box):
            raise RemoteError("not-canonical", what=_WHAT, why="not the id of a box")
        digest = from_base64(lines[2], what=_WHAT)
        deposited = cls(lines[0].removesuffix(_END), bytes.fromhex(box), delegation, digest)
        deposited._check(RemoteError)
        return deposited

    def _check(self, error: ErrorType) -> None:
        """Refuse fields outside rule 1."""
        check_origin(self.origin, error=error)
        if len(self.box) != HASH or len(self.digest) != HASH or not _ID.fullmatch(self.delegation):
            raise error("not-canonical", what=_WHAT, why="a field outside its range")
