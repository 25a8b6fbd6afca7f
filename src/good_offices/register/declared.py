"""The host's declaration of good offices as it is signed, and its withdrawal: C2SP signed notes over plain text.

This module decides the text that stands over the host's signature (spec/conditions.md section 4). It never reads the words: to a
reader without this program the note is a text file.

    good-offices/declaration/1
    venue.example/declaration/3
    2026-12-01T09:00:00Z
    published
    venue.example+5e1b8a52+AU...
    venue.example+0c4fbd11+Bt...

    format = 1
    ...

1. Lines: the form; the host's origin, `/declaration/` and the number; when it was signed, by the host's clock; for whom
   (`published`, `private`; a withdrawal has the SHA-256 of what it withdraws in base64); the host's two verifier keys; of a declaration
   an empty line and the words.
2. The keys stand in the text, so that a file alone shows whose it would be: their number is compared with the host's.
3. The note has the host's Ed25519 line alone, under the name of its origin. Reading is: parse, write again, compare.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

from good_offices.errors import LocalError, RemoteError
from good_offices.register.checkpoint import check_origin
from good_offices.register.host import HostKeys
from good_offices.register.note import Note, from_base64, to_base64

DECLARED: Final = "good-offices/declaration/1"
WITHDRAWN: Final = "good-offices/declaration-withdrawn/1"
# A declaration's words have 512 KiB at most; keys and signature stand around them.
MAX_DECLARED: Final = 520 * 1024
MAX_NUMBER: Final = 999_999
_WHAT: Final = "the host's declaration"
_NAMED: Final = re.compile(r"([^ ]+)/declaration/([1-9][0-9]{0,5})")

Scope: TypeAlias = Literal["published", "private"]
SCOPES: Final[tuple[Scope, ...]] = ("published", "private")


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration that a host signed, or its withdrawal: `words` or `withdraws` (32 bytes), never both.

    `time` is in seconds since 1970.
    """

    keys: HostKeys
    number: int
    time: int
    scope: Scope = "published"
    words: str = ""
    withdraws: bytes = b""

    def text(self) -> str:
        """Return the text that the host signs (rule 1).

        Raises:
            LocalError: `not-canonical`.
        """
        check_origin(self.keys.origin, error=LocalError)
        moment = f"{datetime.fromtimestamp(self.time, UTC):%Y-%m-%dT%H:%M:%SZ}"
        first, fourth = (WITHDRAWN, to_base64(self.withdraws)) if self.withdraws else (DECLARED, self.scope)
        head = "\n".join(
            (first, f"{self.keys.origin}/declaration/{self.number}", moment, fourth, *self.keys.vkeys)
        )
        return f"{head}\n" if self.withdraws else f"{head}\n\n{self.words}"

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the text, by which a withdrawal names a declaration."""
        return hashlib.sha256(self.text().encode()).digest()


def open_declared(note: bytes) -> Declared:
    """Return what a host signed, its signature verified against the keys in it (spec/conditions.md R-141).

    Raises:
        RemoteError: `too-large`, `not-canonical`, `unknown-version`, `signature-lines` or `signature-invalid`.
    """
    text = Note.parse(note, what=_WHAT, limit=MAX_DECLARED).text
    head, _blank, words = text.partition("\n\n")
    lines = head.split("\n")
    withdrawn = lines[0] == WITHDRAWN
    if withdrawn:
        lines = text.split("\n")[:-1]
    elif lines[0] != DECLARED:
        raise RemoteError("unknown-version", what=_WHAT, version=lines[0][:64])
    named = _NAMED.fullmatch(lines[1]) if len(lines) == 6 else None
    if named is None:
        raise RemoteError("not-canonical", what=_WHAT, why="not the lines of a declaration")
    try:
        time = int(datetime.fromisoformat(lines[2]).timestamp())
    except (ValueError, OverflowError):
        raise RemoteError("not-canonical", what=_WHAT, why="no time") from None
    scope = next((one for one in SCOPES if one == lines[3]), None)
    if not withdrawn and scope is None:
        raise RemoteError("not-canonical", what=_WHAT, why="for nobody")
    found = Declared(
        keys=HostKeys(lines[4:]),
        number=int(named[2]),
        time=time,
        scope=scope or "published",
        words="" if withdrawn else words,
        withdraws=from_base64(lines[3], what=_WHAT) if withdrawn else b"",
    )
    if found.text() != text:
        raise RemoteError("not-canonical", what=_WHAT, why="another writing of the same")
    found.keys.open_text(note, text, what=_WHAT, limit=MAX_DECLARED)
    return found
