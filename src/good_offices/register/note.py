"""Signed notes and verifier keys, C2SP signed-note v1.0.0.

This module decides which bytes are a signed note. It never verifies a signature: who may sign, and what, is
decided in `host` and `cosignature`.

1. A note is UTF-8 without ASCII controls but LF; its text ends in LF; a blank line; signature lines.
2. A signature line is EM DASH, space, key name, space, base64(key id ‖ signature), LF.
3. A key name is not empty and has neither spaces nor `+`.
4. A key id is the first 4 bytes of SHA-256(name ‖ LF ‖ type ‖ public key).
5. Reading is: parse, encode again, compare; base64 (RFC 4648 section 4) has one form.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from good_offices.errors import LocalError, RemoteError

MAX_SIGNATURES: Final = 16
MAX_NOTE: Final = 128 * 1024

_DASH: Final = "\N{EM DASH} "
_CONTROLS: Final = bytes(range(0x20)).replace(b"\n", b"")
_KEY_ID: Final = 4
# The characters of White_Space in Unicode; the set has not changed since 6.3 and is spelt out, so that no
# running Python decides.
_SPACES: Final = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

ErrorType = type[LocalError | RemoteError]


class KeyType(IntEnum):
    """The signature types in use (signed-note, Signature types)."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


_KEY_BYTES: Final[dict[int, int]] = {
    KeyType.ED25519: 32,
    KeyType.ED25519_COSIGNATURE: 32,
    KeyType.ML_DSA_44_COSIGNATURE: 1312,
}


@dataclass(frozen=True, slots=True)
class VKey:
    """A verifier key: the name it signs under, its type and its public key."""

    name: str
    type: KeyType
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that stand before each signature (rule 4)."""
        material = b"".join((self.name.encode(), b"\n", bytes((self.type,)), self.public))
        return hashlib.sha256(material).digest()[:_KEY_ID]

    def __str__(self) -> str:
        """Return `name+id+base64(type ‖ public key)` (signed-note, Verifier keys)."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes((self.type,)) + self.public)}"

    @classmethod
    def parse(cls, text: str, *, what: str = "the verifier key") -> VKey:
        """Return the key that `text` stands for (spec/register.md section 6).

        Raises:
            RemoteError: `not-canonical`, or `unknown-version` for a type that is not in use.
        """
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise RemoteError("not-canonical", what=what, why="not three parts")
        material = from_base64(parts[2], what=what)
        if not material or material[0] not in _KEY_BYTES:
            raise RemoteError("unknown-version", what=what, version=material[:1].hex() or "none")
        check_name(parts[0], what=what)
        key = cls(parts[0], KeyType(material[0]), material[1:])
        if len(key.public) != _KEY_BYTES[key.type]:
            raise RemoteError("not-canonical", what=what, why="a public key of a wrong length")
        if str(key) != text:
            raise RemoteError("not-canonical", what=what, why="another key id")
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: key name, key id of 4 bytes, and the bytes after it."""

    name: str
    key_id: bytes
    blob: bytes

    def __str__(self) -> str:
        """Return the line without its LF (rule 2)."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.blob)}"

    def is_by(self, key: VKey) -> bool:
        """Tell whether the line claims to be by `key`; that proves nothing yet."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in LF, and its signature lines."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """Return the note's bytes (rule 1)."""
        return "".join((self.text, "\n", *(f"{line}\n" for line in self.signatures))).encode()

    @classmethod
    def parse(cls, data: bytes, *, what: str = "the signed note", limit: int = MAX_NOTE) -> Note:
        """Return the note that `data` stands for, nothing verified (spec/register.md section 6).

        Raises:
            RemoteError: `too-large` or `not-canonical`.
        """
        if len(data) > limit:
            raise RemoteError("too-large", what=what, size=len(data), limit=limit)
        try:
            whole = data.decode()
        except UnicodeDecodeError:
            raise RemoteError("not-canonical", what=what, why="not UTF-8") from None
        # On the bytes at once: in UTF-8 a byte below 0x20 is that character, and a note is read for every answer of a host.
        if len(data.translate(None, _CONTROLS)) != len(data):
            raise RemoteError("not-canonical", what=what, why="a control character")
        text, blank, lines = whole.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise RemoteError("not-canonical", what=what, why="no text, blank line and signature lines")
        rows = lines[:-1].split("\n")
        if len(rows) > MAX_SIGNATURES:
            raise RemoteError("not-canonical", what=what, why="too many signature lines")
        note = cls(text + "\n", tuple(_signature(row, what) for row in rows))
        if note.to_bytes() != data:
            raise RemoteError("not-canonical", what=what, why="another encoding of the same note")
        return note


def check_name(name: str, *, what: str, error: ErrorType = RemoteError) -> None:
    """Pass if `name` may be the name of a key (rule 3).

    Raises:
        LocalError or RemoteError (as `error` says): `not-canonical`.
    """
    if not name or "+" in name or any(one < " " or one in _SPACES for one in name):
        raise error("not-canonical", what=what, why="not a key name")


def to_base64(data: bytes) -> str:
    """Return RFC 4648 section 4 base64 with padding."""
    return base64.b64encode(data).decode()


def from_base64(text: str, *, what: str) -> bytes:
    """Return the bytes of `text`, which must be their one base64 form.

    Raises:
        RemoteError: `not-canonical`.
    """
    data = _decode(text, what)
    if to_base64(data) != text:
        raise RemoteError("not-canonical", what=what, why="another base64 of the same bytes")
    return data


def _decode(text: str, what: str) -> bytes:
    """Return the bytes of `text` in any base64 form; the caller encodes again and compares."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise RemoteError("not-canonical", what=what, why="not base64") from None


def _signature(row: str, what: str) -> Signature:
    """Return the signature line that `row` stands for."""
    name, space, encoded = row.removeprefix(_DASH).partition(" ")
    if not row.startswith(_DASH) or not space:
        raise RemoteError("not-canonical", what=what, why="not a signature line")
    check_name(name, what=what)
    blob = _decode(encoded, what)
    if len(blob) <= _KEY_ID:
        raise RemoteError("not-canonical", what=what, why="a signature without bytes")
    return Signature(name, blob[:_KEY_ID], blob[_KEY_ID:])
