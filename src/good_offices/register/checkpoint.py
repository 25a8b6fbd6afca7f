"""Checkpoints: what a host states of its register, C2SP tlog-checkpoint v1.0.0.

This module decides the text of a checkpoint. It never signs: see `host` and `cosignature`.

    venue.example/t/0f1e2d3c4b5a69788796a5b4c3d2e1f0
    42
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

1. Three lines: origin, size in decimal without leading zeros, root in base64. No extension lines.
2. The origin is printable ASCII without spaces or `+`, at most 255 bytes: it is also the name of the host's keys.
3. The root of size 0 is SHA-256 of nothing.
4. Reading is: parse, encode again, compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from good_offices.errors import LocalError, RemoteError
from good_offices.register.note import ErrorType, check_name, from_base64, to_base64
from good_offices.register.tree import EMPTY_ROOT, HASH, MAX_SIZE

MAX_ORIGIN: Final = 255
_WHAT: Final = "the checkpoint"
_DIGITS: Final = len(str(MAX_SIZE))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The root of the first `size` leaves of the register named `origin`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines (spec/register.md section 7).

        Raises:
            LocalError: `not-canonical`.
        """
        self._check(LocalError)
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Return the checkpoint that three lines stand for, nothing verified (spec/register.md section 7).

        Raises:
            RemoteError: `not-canonical`.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise RemoteError("not-canonical", what=_WHAT, why="not three lines")
        # Bounded and ASCII before int(): other digits and long numbers would be read as well.
        if not (lines[1].isascii() and lines[1].isdigit() and len(lines[1]) <= _DIGITS):
            raise RemoteError("not-canonical", what=_WHAT, why="a size that is not a number")
        checkpoint = cls(lines[0], int(lines[1]), from_base64(lines[2], what=_WHAT))
        checkpoint._check(RemoteError)
        if checkpoint.text() != text:
            raise RemoteError("not-canonical", what=_WHAT, why="another encoding of the same checkpoint")
        return checkpoint

    def _check(self, error: ErrorType) -> None:
        """Refuse fields outside rules 1 to 3."""
        check_origin(self.origin, error=error)
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH:
            raise error("not-canonical", what=_WHAT, why="a size or root outside its range")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise error("not-canonical", what=_WHAT, why="a root of nothing that is not the empty root")


def check_origin(origin: str, *, error: ErrorType = RemoteError) -> None:
    """Pass if `origin` keeps rule 2.

    Raises:
        LocalError or RemoteError (as `error` says): `not-canonical`.
    """
    check_name(origin, what="the origin", error=error)
    if not (origin.isascii() and origin.isprintable() and len(origin) <= MAX_ORIGIN):
        raise error("not-canonical", what="the origin", why="not short printable ASCII")
