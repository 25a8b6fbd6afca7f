"""Every error of Good Offices: its code, its class, its exit status and its remedy.

This module decides what a person is told when something is refused. It never holds plaintext of the
talks, key material or file contents: facts put into a message are codes, numbers, labels and paths.

1. An error is raised by its code; the sentence and the remedy stand once, in `CATALOGUE`.
2. The class says who must act: `LocalError` (we broke a rule; nothing has left this machine),
   `RemoteError` (their bytes break a rule; our state is unchanged), `OperationalError` (disk,
   network, clock; says whether trying again is safe).
3. Verification raises; it never returns a bool.

`docs/errors.md` lists the catalogue; a test keeps the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """Exit statuses of the command line, as documented in docs/errors.md."""

    OK = 0
    NOT_VALID = 1
    USAGE = 2
    LOCAL = 3
    REMOTE = 4
    EQUIVOCATION = 5
    RETRY = 6
    OPERATIONAL = 7


class GoodOfficesError(Exception):
    """An error with a code from `CATALOGUE`; `str()` is the sentence for people."""

    exit: Exit = Exit.LOCAL

    def __init__(self, code: str, /, **facts: object) -> None:
        """Raise `code` with the facts that its sentence names."""
        self.code = code
        self.facts = facts
        self.entry = CATALOGUE[code]
        super().__init__(self.entry.message.format(**facts))

    @property
    def remedy(self) -> str:
        """What the person can do now: one sentence."""
        return self.entry.remedy.format(**self.facts)


class LocalError(GoodOfficesError):
    """Against the rules on our side; nothing has left this machine."""


class RemoteError(GoodOfficesError):
    """Their bytes break the rules; our state is unchanged and the evidence is kept."""

    exit = Exit.REMOTE


class EquivocationError(RemoteError):
    """The host has shown two histories; `first` and `second` are the signed notes that prove it."""

    exit = Exit.EQUIVOCATION

    def __init__(self, code: str, /, *, first: bytes, second: bytes, **facts: object) -> None:
        """Carry both signed checkpoints as bytes."""
        super().__init__(code, **facts)
        self.first = first
        self.second = second


class OperationalError(GoodOfficesError):
    """Disk, network or clock; `retry_safe` says whether the same call may be made again."""

    def __init__(self, code: str, /, **facts: object) -> None:
        """Take the exit status from the catalogue's word on retrying."""
        super().__init__(code, **facts)
        self.retry_safe = self.entry.retry_safe
        self.exit = Exit.RETRY if self.retry_safe else Exit.OPERATIONAL


@dataclass(frozen=True)
class Entry:
    """A sentence, a remedy and, for operational errors, whether a retry is safe."""

    message: str
    remedy: str
    retry_safe: bool = False


# One line a code, grouped by the folder that raises it.
CATALOGUE: Final[dict[str, Entry]] = {
    # encoding
    "not-canonical": Entry(
        "the bytes of {what} are not in canonical form ({why})",
        "the file or message was damaged or made by other software; ask its author to send it again",
    ),
    "too-large": Entry(
        "{what} has {size} bytes; the limit is {limit}",
        "split it, or ask its author for a shorter one",
    ),
    "unknown-version": Entry(
        "{what} has format version {version}, which this release does not know",
        "install the release of Good Offices that introduced this version",
    ),
    "text-not-plain": Entry(
        "{what} has a character that is not allowed at position {position} ({why})",
        "type the word again at that position; invisible and look-alike characters are refused",
    ),
    # seals
    "signature-invalid": Entry(
        "{what} does not verify",
        "do not rely on it; ask its author by another channel, and keep the file as evidence",
    ),
    "seal-invalid": Entry(
        "the seal of {what} does not open",
        "you may not be among its readers, or it was damaged; ask its author to send it again",
    ),
    "passphrase-wrong": Entry(
        "the passphrase does not open {what}",
        "type it again; without it the folder cannot be opened by anyone, and a recovery kit is needed",
    ),
    "at-rest-damaged": Entry(
        "a sealed item of this folder is damaged ({what})",
        "restore the folder from a backup; the venue still holds everything that was posted",
    ),
    "key-file-damaged": Entry(
        "the key file of {what} is damaged or not a key file ({why})",
        "restore the folder from a backup, or start a new desk and have it certified",
    ),
    # talks: credentials
    "introduction-invalid": Entry(
        "an introduction breaks its form",
        "do not go on; ask that delegation by another channel what its desk sent",
    ),
    # transport
    "request-not-signed": Entry(
        "the request is not signed by a desk or delegation that this venue knows",
        "check that the desk was enrolled with the invitation of this venue, and enrol it again if not",
    ),
    "clock-apart": Entry(
        "the clocks of the desk and of the venue are more than {minutes} minutes apart",
        "set the clock of the computer; the desk continues by the venue's clock meanwhile",
    ),
    "digest-differs": Entry(
        "the body of the request is not the one that its digest names",
        "send it again; if it happens again, something on the way changes what you send",
    ),
    "stream-broken": Entry(
        "the stream of the venue breaks its format ({why})",
        "check the address of the venue; the desk connects again by itself",
    ),
}
