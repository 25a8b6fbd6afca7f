"""The recovery kit: a root key on paper, under a passphrase.

This module decides the lines of a kit (spec/keyring.md section 3). A kit is text that can be printed and typed in
again: base32 in groups of five, a check of four digits at the end of each line, so that a slip is found where it is.
It never holds a key without a passphrase.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.seals.keyring import new_keyring, open_keyring
from good_offices.seals.pairs import ROOT, PairSigner

_TITLE: Final = "GOOD OFFICES ROOT KEY KIT 1"
_GROUPS: Final = 8
_GROUP: Final = 5


class Kit(Record, kw_only=True, tag="good-offices/root-kit/1", tag_field="form"):
    """A root seed sealed under a passphrase, with the fingerprint of its public key."""

    fingerprint: str
    keyring: bytes
    sealed: bytes


def write_kit(seed: bytes, passphrase: str) -> str:
    """Return the lines of a kit for the root that the 64-byte `seed` generates."""
    keyring, vault = new_keyring(passphrase)
    fingerprint = ROOT.signer(seed).fingerprint
    kit = Kit(fingerprint=fingerprint, keyring=keyring, sealed=vault.seal("root", fingerprint, seed))
    letters = base64.b32encode(pack(kit)).decode().rstrip("=")
    groups = [letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)]
    lines = [" ".join(groups[at : at + _GROUPS]) for at in range(0, len(groups), _GROUPS)]
    body = "\n".join(f"{line} {_check(number, line)}" for number, line in enumerate(lines, 1))
    return f"{_TITLE}\nroot {fingerprint}\n\n{body}\n"


def read_kit(text: str, passphrase: str) -> PairSigner:
    """Return the root key pair of a kit.

    Raises:
        LocalError: `kit-damaged` with the line at fault, or `passphrase-wrong`.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 3 or lines[0] != _TITLE:
        raise LocalError("kit-damaged", line=1)
    letters = ""
    for number, line in enumerate(lines[2:], 1):
        groups, _, check = line.rpartition(" ")
        if check != _check(number, groups):
            raise LocalError("kit-damaged", line=number + 3)
        letters += groups.replace(" ", "")
    try:
        kit = unpack(base64.b32decode(letters + "=" * (-len(letters) % 8)), Kit, what="the kit")
    except (RemoteError, ValueError):
        raise LocalError("kit-damaged", line=3) from None
    vault = open_keyring(kit.keyring, passphrase, what="the root key kit")
    root = ROOT.signer(vault.open("root", kit.fingerprint, kit.sealed))
    if root.fingerprint != kit.fingerprint or lines[1] != f"root {kit.fingerprint}":
        raise LocalError("kit-damaged", line=2)
    return root


def _check(number: int, line: str) -> str:
    """Return the four check digits of one line."""
    digest = hashlib.sha256(f"{number}:{line}".encode()).digest()
    return f"{int.from_bytes(digest[:4]) % 10_000:04d}"
