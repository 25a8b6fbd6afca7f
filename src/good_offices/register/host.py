"""The host's checkpoints: signed with two keys, opened with both.

This module decides when a checkpoint is the host's word. It never decides whether that word is true: a root is
checked against the leaves, and two words against each other (`fork`).

1. A host note has exactly two lines in this order: the host's Ed25519 note signature (type 0x01) and its
   ML-DSA-44 cosignature (type 0x06). Other, missing or repeated lines are refused, although signed-note lets
   clients ignore them: a line that nobody checks is a channel.
2. Both keys are named like the origin, and sign for that origin alone: a note of another register of the same
   host does not open.
3. The host always states a time; it is 1 or more.
4. An act carries a shorter form, `seen`: size, root and the bare Ed25519 signature. Its note has line 1 only.
5. Whatever else the host signs (a deposit receipt, a calendar, an answer to a request for conditions, its declaration) has line 1
   only: a tlog-cosignature, as line 2 is, signs checkpoints and nothing else. The text says what it is.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from good_offices.errors import LocalError, RemoteError
from good_offices.register.calendar import Attached
from good_offices.register.checkpoint import Checkpoint, check_origin
from good_offices.register.cosignature import mldsa44_line, verify_cosignature
from good_offices.register.deposit import Deposited
from good_offices.register.note import MAX_NOTE, KeyType, Note, Signature, VKey
from good_offices.seals.signatures import ML_DSA_44, Ed25519Signer, verify_ed25519

_WHAT: Final = "the host's checkpoint"
_DEPOSIT: Final = "the deposit receipt"
_CALENDAR: Final = "the signature of the calendar"
_TYPES: Final = (KeyType.ED25519, KeyType.ML_DSA_44_COSIGNATURE)


@dataclass(frozen=True, slots=True)
class Seen:
    """The short form of a host's checkpoint that an act carries; the register is known from elsewhere."""

    size: int
    root: bytes
    signature: bytes


class HostKeys:
    """The two verifier keys of a host for one register; equal if both keys are."""

    def __init__(self, vkeys: Sequence[str]) -> None:
        """Take the two vkey lines, Ed25519 (0x01) first, ML-DSA-44 (0x06) second.

        Raises:
            RemoteError: `not-canonical` or `unknown-version`.
        """
        keys = tuple(VKey.parse(one, what="the host's verifier key") for one in vkeys)
        if tuple(key.type for key in keys) != _TYPES or keys[0].name != keys[1].name:
            raise RemoteError("not-canonical", what="the host's verifier keys", why="not the pair 0x01, 0x06")
        check_origin(keys[0].name)
        self.origin = keys[0].name
        self._ed25519, self._mldsa = keys

    @property
    def vkeys(self) -> list[str]:
        """The two vkey lines, as a genesis states them."""
        return [str(self._ed25519), str(self._mldsa)]

    @property
    def fingerprint(self) -> str:
        """What people compare: 64 hexadecimal digits over both public keys, the same for all registers."""
        return hashlib.sha256(
            b"good-offices/host/1\x00" + self._ed25519.public + self._mldsa.public
        ).hexdigest()

    def shares_a_key(self, other: HostKeys) -> bool:
        """Tell whether one of the two public keys is the other's too, under whatever name."""
        return self._ed25519.public == other._ed25519.public or self._mldsa.public == other._mldsa.public

    def named(self, origin: str) -> HostKeys:
        """Return the same public keys for another register of the same host.

        Raises:
            RemoteError: `not-canonical`.
        """
        pair = (self._ed25519, self._mldsa)
        return HostKeys([str(VKey(origin, key.type, key.public)) for key in pair])

    def open(self, note: bytes) -> Checkpoint:
        """Return the checkpoint of `note` if both lines are the host's (spec/register.md section 8).

        Raises:
            RemoteError: `not-canonical`, `too-large`, `checkpoint-foreign`, `signature-lines` or
                `signature-invalid`.
        """
        return self.open_timed(note)[0]

    def open_timed(self, note: bytes) -> tuple[Checkpoint, int]:
        """Return the checkpoint and the second that the host claims for it; trusts and raises as `open`."""
        parsed = Note.parse(note, what=_WHAT)
        lines = parsed.signatures
        if len(lines) != 2 or not (lines[0].is_by(self._ed25519) and lines[1].is_by(self._mldsa)):
            raise RemoteError("signature-lines", what=_WHAT)
        checkpoint = self._open_first(parsed)
        seconds = verify_cosignature(self._mldsa, checkpoint, lines[1])
        if seconds == 0:
            raise RemoteError("not-canonical", what=_WHAT, why="no time")
        return checkpoint, seconds

    def open_ed25519(self, note: bytes) -> Checkpoint:
        """Return the checkpoint of a `seen` note: the host's Ed25519 line and no other (section 8).

        Raises:
            RemoteError: as `open`.
        """
        parsed = Note.parse(note, what=_WHAT)
        if len(parsed.signatures) != 1 or not parsed.signatures[0].is_by(self._ed25519):
            raise RemoteError("signature-lines", what=_WHAT)
        return self._open_first(parsed)

    def named_by(self, note: bytes) -> bool:
        """Tell whether a note's first line bears the id of this host's key; nothing is verified.

        Two hosts may call themselves by one name: only their keys tell them apart.

        Raises:
            RemoteError: `not-canonical` or `too-large`.
        """
        return Note.parse(note, what=_WHAT).signatures[0].is_by(self._ed25519)

    def open_evidence(self, note: bytes) -> Checkpoint:
        """Return the checkpoint of a note in either form, full or `seen` (spec/register.md section 11).

        Raises:
            RemoteError: as `open`.
        """
        short = len(Note.parse(note, what=_WHAT).signatures) == 1
        return self.open_ed25519(note) if short else self.open(note)

    def seen_note(self, seen: Seen) -> bytes:
        """Return the note of a `seen`, unverified, as `open_ed25519` reads it.

        Raises:
            RemoteError: `not-canonical`.
        """
        try:
            text = Checkpoint(self.origin, seen.size, seen.root).text()
        except LocalError as broken:
            raise RemoteError(broken.code, **broken.facts) from None
        line = Signature(self.origin, self._ed25519.key_id, seen.signature)
        return Note(text, (line,)).to_bytes()

    def open_seen(self, seen: Seen) -> Checkpoint:
        """Return the checkpoint of a `seen` if its signature is the host's (spec/register.md section 8).

        Raises:
            RemoteError: `not-canonical` or `signature-invalid`.
        """
        return self.open_ed25519(self.seen_note(seen))

    def open_deposit(self, note: bytes) -> Deposited:
        """Return what a deposit receipt states if its one line is the host's (spec/soundings.md 9.3).

        Raises:
            RemoteError: as `open`.
        """
        text, blob = self._open_line(note, _DEPOSIT)
        deposited = Deposited.parse(text)
        if deposited.origin != self.origin:
            raise RemoteError("checkpoint-foreign", origin=self.origin)
        verify_ed25519(self._ed25519.public, blob, text.encode(), what=_DEPOSIT)
        return deposited

    def open_calendar(self, note: bytes, calendar: bytes) -> None:
        """Pass if a note is the host's on this calendar, for this register (spec/soundings.md 2.7).

        Raises:
            RemoteError: as `open`; `signature-invalid` also for a note on another calendar.
        """
        text, blob = self._open_line(note, _CALENDAR)
        attached = Attached.parse(text)
        if attached.origin != self.origin:
            raise RemoteError("checkpoint-foreign", origin=self.origin)
        verify_ed25519(self._ed25519.public, blob, text.encode(), what=_CALENDAR)
        if attached != Attached.of(self.origin, calendar):
            raise RemoteError("signature-invalid", what="the calendar")

    def open_text(self, note: bytes, text: str, *, what: str, limit: int = MAX_NOTE) -> None:
        """Pass if a note is the host's over exactly this text (rule 5).

        Raises:
            RemoteError: as `open`; `signature-invalid` also for a note over another text.
        """
        found, blob = self._open_line(note, what, limit)
        verify_ed25519(self._ed25519.public, blob, found.encode(), what=what)
        if found != text:
            raise RemoteError("signature-invalid", what=what)

    def _open_line(self, note: bytes, what: str, limit: int = MAX_NOTE) -> tuple[str, bytes]:
        """Return text and signature of a note whose one line bears the name of the host's Ed25519 key (rule 5)."""
        parsed = Note.parse(note, what=what, limit=limit)
        if len(parsed.signatures) != 1 or not parsed.signatures[0].is_by(self._ed25519):
            raise RemoteError("signature-lines", what=what)
        return parsed.text, parsed.signatures[0].blob

    def _open_first(self, parsed: Note) -> Checkpoint:
        """Return the checkpoint if the first line is the host's Ed25519 signature over it."""
        checkpoint = Checkpoint.parse(parsed.text)
        if checkpoint.origin != self.origin:
            raise RemoteError("checkpoint-foreign", origin=self.origin)
        verify_ed25519(self._ed25519.public, parsed.signatures[0].blob, parsed.text.encode(), what=_WHAT)
        return checkpoint

    def __eq__(self, other: object) -> bool:
        """Compare both keys and the origin."""
        return isinstance(other, HostKeys) and self.vkeys == other.vkeys

    def __hash__(self) -> int:
        """Hash both keys and the origin."""
        return hash(tuple(self.vkeys))

    def __repr__(self) -> str:
        """Show origin and fingerprint."""
        return f"HostKeys({self.origin}, {self.fingerprint})"


class HostSigner:
    """The host's two private keys for one register; its repr shows only the public side."""

    def __init__(self, seed_ed25519: bytes, seed_mldsa44: bytes, origin: str) -> None:
        """Make the keys from two 32-byte seeds, to sign for `origin` alone."""
        check_origin(origin, error=LocalError)
        self._ed25519 = Ed25519Signer(seed_ed25519)
        self._mldsa = ML_DSA_44.signer(seed_mldsa44)
        self._name(origin)

    def _name(self, origin: str) -> None:
        """Set the origin and the verifier keys that bear its name."""
        self._first = VKey(origin, KeyType.ED25519, self._ed25519.public)
        self._second = VKey(origin, KeyType.ML_DSA_44_COSIGNATURE, self._mldsa.public)
        self.origin = origin
        self.keys = HostKeys([str(self._first), str(self._second)])

    def named(self, origin: str) -> HostSigner:
        """Return a signer for another register that shares these keys.

        Raises:
            LocalError: `not-canonical`.
        """
        check_origin(origin, error=LocalError)
        other = copy.copy(self)
        other._name(origin)  # noqa: SLF001 -- an object of this class, not yet handed out
        return other

    @property
    def vkeys(self) -> list[str]:
        """The two vkey lines, as a genesis states them."""
        return self.keys.vkeys

    def sign(self, checkpoint: Checkpoint, time_seconds: int) -> bytes:
        """Return the host's note over `checkpoint` at `time_seconds` (spec/register.md section 8).

        The caller answers for it that every earlier checkpoint is consistent with this one, and durable.

        Raises:
            LocalError: `not-canonical`, also for another origin or a time below 1.
        """
        if checkpoint.origin != self.origin or time_seconds < 1:
            raise LocalError("not-canonical", what=_WHAT, why="another origin or no time")
        text = checkpoint.text()
        first = Signature(self.origin, self._first.key_id, self._ed25519.sign(text.encode()))
        second = mldsa44_line(self._mldsa, self._second, checkpoint, time_seconds)
        return Note(text, (first, second)).to_bytes()

    def sign_deposit(self, deposited: Deposited) -> bytes:
        """Return the deposit receipt of the host (spec/soundings.md 9.3).

        The caller answers for it that the deposit is durable.

        Raises:
            LocalError: `not-canonical`, also for another origin.
        """
        if deposited.origin != self.origin:
            raise LocalError("not-canonical", what=_DEPOSIT, why="another origin")
        return self._one_line(deposited.text())

    def sign_calendar(self, calendar: bytes) -> bytes:
        """Return the host's note on a calendar of standing lists, its canonical bytes (spec/soundings.md 2.7).

        The caller answers for it that all delegations of these talks are given the same one.

        Raises:
            LocalError: `not-canonical`.
        """
        return self._one_line(Attached.of(self.origin, calendar).text())

    def sign_text(self, text: str) -> bytes:
        """Return the host's note over a text that says by itself what it is, and of which host or talks (rule 5)."""
        return self._one_line(text)

    def _one_line(self, text: str) -> bytes:
        """Return the note over a text with the host's Ed25519 line alone (rule 5)."""
        line = Signature(self.origin, self._first.key_id, self._ed25519.sign(text.encode()))
        return Note(text, (line,)).to_bytes()

    def __repr__(self) -> str:
        """Show the public side only."""
        return f"HostSigner({self.keys!r})"


def seen_of(note: bytes) -> Seen:
    """Return the `seen` of a host's note that the caller has opened (spec/register.md section 8).

    Raises:
        RemoteError: `not-canonical`.
    """
    parsed = Note.parse(note, what=_WHAT)
    checkpoint = Checkpoint.parse(parsed.text)
    return Seen(checkpoint.size, checkpoint.root, parsed.signatures[0].blob)
