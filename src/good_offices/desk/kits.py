"""Root key kits at a desk: read from the words of a file, and made for the next successor.

This module decides nothing about keys: it is the door through which the command line and the chancery, which hold no keys,
reach those of `seals`. It never writes a file and keeps nothing.
"""

from __future__ import annotations

import secrets
from typing import TypeAlias

from good_offices.seals.kit import read_kit, write_kit
from good_offices.seals.pairs import ROOT, PairSigner

# What a caller holds while a step lasts, without reaching into `seals` for its name.
RootKey: TypeAlias = PairSigner


def root_of(words: str, passphrase: str) -> PairSigner:
    """Return the root key of a kit as it was printed or typed in; its `fingerprint` is what people compare.

    Raises:
        LocalError: as `seals.kit.read_kit`.
    """
    return read_kit(words, passphrase)


def next_root(passphrase: str) -> tuple[PairSigner, str]:
    """Return a new root key and the words of its kit, for the successor of a successor."""
    seed = secrets.token_bytes(64)
    return ROOT.signer(seed), write_kit(seed, passphrase)
