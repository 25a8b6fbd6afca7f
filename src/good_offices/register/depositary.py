"""A depositary apart from the delegations, in clear: its card, and what it signs when it has received a text.

This module decides their forms and when they hold (spec/depositary.md sections 1 and 3). It never decides whether the delegations have
admitted a depositary: only who holds the talks knows it.

1. A card says how the depositary calls itself and whom it represents, and is signed by the key that is in it: nobody is admitted
   under a name that it did not give itself.
2. A depositary is named by the fingerprint of its key. It has 64 digits, the id of a delegation has 32: neither is taken for the other.
3. What it signs of a text names the text by its hashes, and the file that it keeps by its own.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from good_offices.encoding import Record, check_words, pack, unpack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.register.forms import read
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT

CARD: Final = "good-offices/depositary/1"
CARD_LIMIT: Final = 16 * 1024
HELD_LIMIT: Final = 4096
# In characters.
CALLED_MOST: Final = 200
REPRESENTS_MOST: Final = 500
_HASH: Final = 32
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,7}")


class Card(Record, frozen=True, kw_only=True, tag=CARD, tag_field="form"):
    """A depositary as it presents itself: how it is called, whom it represents, in which language, and its public key."""

    called: str
    represents: str = ""
    language: str
    key: bytes
    signature: bytes = b""

    @property
    def fingerprint(self) -> str:
        """The depositary's id: 64 hexadecimal digits."""
        return ACT.fingerprint(self.key)

    @property
    def presented(self) -> bytes:
        """The bytes that the card's signature is over."""
        return pack(msgspec.structs.replace(self, signature=b""))

    def verify(self) -> None:
        """Pass if the card has its bounds and is signed by its own key (spec/depositary.md R-160).

        Raises:
            RemoteError: `depositary-card-wrong`.
        """
        for words, most in ((self.called, CALLED_MOST), (self.represents, REPRESENTS_MOST)):
            try:
                check_words(words)
            except GoodOfficesError as broken:
                raise RemoteError("depositary-card-wrong", why=broken) from None
            if len(words) > most or "\n" in words:
                raise RemoteError("depositary-card-wrong", why="a name too long, or of several lines")
        if not self.called.strip() or not _TAG.fullmatch(self.language):
            raise RemoteError("depositary-card-wrong", why="no name, or no language")
        try:
            ACT.verify(Domain.DEPOSITARY, self.key, self.signature, self.presented)
        except RemoteError:
            raise RemoteError("depositary-card-wrong", why="it is not signed by its own key") from None


class Held(Record, frozen=True, kw_only=True, tag="good-offices/deposit-held/1", tag_field="form"):
    """What a depositary states: it holds this text, by its hashes, in this file, as its number of this one, since when."""

    talks: bytes
    instrument: str
    digest: bytes
    corrected: bytes | None = None
    file: bytes
    number: int
    time: int


def read_card(data: bytes) -> Card:
    """Return the card that these bytes stand for, verified.

    Raises:
        RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`, `depositary-card-wrong`.
    """
    card = read(data, Card, CARD, what="the card of a depositary", limit=CARD_LIMIT)
    card.verify()
    return card


def verify_held(key: bytes, statement: bytes, signature: bytes) -> Held:
    """Return what a depositary's key has signed of a text that it received (spec/depositary.md R-163).

    Raises:
        RemoteError: `signature-invalid`, `too-large`, `not-canonical`, `deposit-receipt-wrong`.
    """
    ACT.verify(Domain.DEPOSIT_RECEIPT, key, signature, statement)
    held = unpack(statement, Held, what="the receipt of a deposit", limit=HELD_LIMIT)
    hashes = (held.talks, held.digest, held.file, held.corrected or held.digest)
    if any(len(one) != _HASH for one in hashes) or held.number < 1 or held.time < 0:
        raise RemoteError("deposit-receipt-wrong", why="a field outside its range")
    return held
