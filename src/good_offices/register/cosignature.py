"""Timestamped cosignatures on checkpoints, C2SP tlog-cosignature v1.

This module decides what a desk states when it cosigns (type 0x04, Ed25519), and what the host's second line
states (type 0x06, ML-DSA-44). It never reads a clock: times are arguments, in seconds since 1970 UTC.

1. A cosignature is an 8-byte big-endian time, at most 2^63 - 1, and a signature.
2. Type 0x04 signs `cosignature/v1`, LF, `time <seconds>`, LF and the checkpoint's text.
3. Type 0x06 signs the structure `cosigned_message` from leaf 0 to the size: it names the cosigner. Its ML-DSA
   context is empty, as C2SP gives none; the label `subtree/v1` separates it.
4. A desk cosigns under the name `desk/<desk id>` with a key that serves nothing else, and only what follows by
   a consistency proof from all it has cosigned. One desk, one key: the message of type 0x04 names no cosigner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from good_offices.errors import LocalError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.note import KeyType, Note, Signature, VKey, check_name
from good_offices.seals.signatures import ML_DSA_44, Ed25519Signer, MLDSASigner, verify_ed25519

SECONDS_MAX: Final = 2**63 - 1
_TIME: Final = 8
_LABEL: Final = b"subtree/v1\n\x00"
_WHAT: Final = "the cosignature"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint that a known key has cosigned, and the second it claims."""

    checkpoint: Checkpoint
    time: int


class DeskCosigner:
    """A desk's cosigner key (type 0x04); its repr shows only the verifier key."""

    def __init__(self, seed: bytes, name: str) -> None:
        """Make the key from a 32-byte seed, to sign as `name` (see `desk_name`)."""
        check_name(name, what="the cosigner's name", error=LocalError)
        self._signer = Ed25519Signer(seed)
        self.vkey = VKey(name, KeyType.ED25519_COSIGNATURE, self._signer.public)

    def sign(self, checkpoint: Checkpoint, time_seconds: int) -> bytes:
        """Return a note: the checkpoint's text and this one cosignature (spec/register.md section 9).

        Raises:
            LocalError: `not-canonical` for a time or checkpoint outside its range.
        """
        message = ed25519_message(checkpoint, time_seconds)
        blob = time_seconds.to_bytes(_TIME, "big") + self._signer.sign(message)
        return Note(checkpoint.text(), (Signature(self.vkey.name, self.vkey.key_id, blob),)).to_bytes()

    def __repr__(self) -> str:
        """Show the verifier key only."""
        return f"DeskCosigner({self.vkey})"


def desk_name(desk: str) -> str:
    """Return the name under which the desk with this id cosigns (rule 4)."""
    return f"desk/{desk}"


def open_cosigned(key: VKey, note: bytes) -> Cosigned:
    """Return what the desk of `key` cosigned: `note` has exactly its line (spec/register.md section 9).

    Raises:
        RemoteError: `not-canonical`, `signature-lines` or `signature-invalid`.
    """
    parsed = Note.parse(note, what=_WHAT)
    if len(parsed.signatures) != 1 or not parsed.signatures[0].is_by(key):
        raise RemoteError("signature-lines", what=_WHAT)
    checkpoint = Checkpoint.parse(parsed.text)
    return Cosigned(checkpoint, verify_cosignature(key, checkpoint, parsed.signatures[0]))


def verify_cosignature(key: VKey, checkpoint: Checkpoint, line: Signature) -> int:
    """Return the second that `line` claims if it is by `key` over `checkpoint` (types 0x04 and 0x06).

    Raises:
        RemoteError: `signature-invalid`.
    """
    seconds = int.from_bytes(line.blob[:_TIME], "big")
    if not line.is_by(key) or len(line.blob) < _TIME or seconds > SECONDS_MAX:
        raise RemoteError("signature-invalid", what=_WHAT)
    signature = line.blob[_TIME:]
    if key.type is KeyType.ED25519_COSIGNATURE:
        verify_ed25519(key.public, signature, ed25519_message(checkpoint, seconds), what=_WHAT)
    elif key.type is KeyType.ML_DSA_44_COSIGNATURE:
        message = mldsa44_message(key.name, checkpoint, seconds)
        ML_DSA_44.verify(key.public, signature, message, b"", what=_WHAT)
    else:
        raise RemoteError("signature-invalid", what=_WHAT)
    return seconds


def mldsa44_line(signer: MLDSASigner, key: VKey, checkpoint: Checkpoint, time_seconds: int) -> Signature:
    """Return the ML-DSA-44 cosignature line of `key`, whose private half is `signer` (rule 3)."""
    signature = signer.sign(mldsa44_message(key.name, checkpoint, time_seconds), b"")
    return Signature(key.name, key.key_id, time_seconds.to_bytes(_TIME, "big") + signature)


def ed25519_message(checkpoint: Checkpoint, time_seconds: int) -> bytes:
    """Return the bytes that a cosignature of type 0x04 signs (rule 2).

    Raises:
        LocalError: `not-canonical`.
    """
    _check_time(time_seconds)
    return f"cosignature/v1\ntime {time_seconds}\n{checkpoint.text()}".encode()


def mldsa44_message(name: str, checkpoint: Checkpoint, time_seconds: int) -> bytes:
    """Return the bytes that a cosignature of type 0x06 by `name` signs (rule 3).

    Raises:
        LocalError: `not-canonical`.
    """
    _check_time(time_seconds)
    cosigner, origin = name.encode(), checkpoint.origin.encode()
    if max(len(cosigner), len(origin)) > 0xFF:
        raise LocalError("not-canonical", what="the cosigner's name", why="more than 255 bytes")
    parts = (
        _LABEL,
        bytes((len(cosigner),)),
        cosigner,
        time_seconds.to_bytes(_TIME, "big"),
        bytes((len(origin),)),
        origin,
        bytes(8),
        checkpoint.size.to_bytes(8, "big"),
        checkpoint.root,
    )
    return b"".join(parts)


def _check_time(time_seconds: int) -> None:
    """Refuse a time outside rule 1."""
    if not 0 <= time_seconds <= SECONDS_MAX:
        raise LocalError("not-canonical", what="the time of the cosignature", why="outside its range")
