"""The card of a venue: what talks must know of a host in order to move there. See spec/moving.md section 1.

This module decides the form of the card and when it is the host's own. It never decides whether the host's keys are the right
ones: people compare its number by another channel, and all delegations name the card in one act.

1. The keys bear the host's name and the register id of zeros; for a register of the talks the same keys are named anew.
2. `posting` is an X25519 key: with it and a desk's own key (`Statement.note`) desk and host have a secret in common that no
   former host knows, so that no new secret need be carried to anybody.
3. The note is the host's own over all of it: nobody else can put another address or posting key beside its keys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from good_offices.encoding import Record, pack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.register.forms import read
from good_offices.register.host import HostKeys, HostSigner
from good_offices.register.note import to_base64

CARD: Final = "good-offices/venue-card/1"
CARD_LIMIT: Final = 16 * 1024
NOBODY: Final = "0" * 32
_WHAT: Final = "the card of the venue"
_KEY: Final = 32
# What a browser, a proxy and a person can all read aloud; no credentials, query or fragment.
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.\[\]:-]{1,200}(/[A-Za-z0-9._~/-]{0,100})?")


class VenueCard(Record, frozen=True, kw_only=True, tag=CARD, tag_field="form"):
    """A venue as it presents itself: its address, its two verifier keys, its posting key, and its note over them."""

    address: str
    host: tuple[str, ...]
    posting: bytes
    signed: bytes = b""

    @property
    def keys(self) -> HostKeys:
        """The host's keys, under the register id of zeros (rule 1).

        Raises:
            RemoteError: `not-canonical`, `unknown-version`.
        """
        return HostKeys(self.host)

    @property
    def name(self) -> str:
        """The host's name: what stands before `/t/` in the origins of its registers."""
        return self.keys.origin.removesuffix(f"/t/{NOBODY}")

    def text(self) -> str:
        """Return what the host's note is over (rule 3)."""
        lines = [CARD, self.keys.origin, self.address, to_base64(self.posting), self.keys.fingerprint]
        return "".join(f"{line}\n" for line in lines)

    def for_register(self, register: str) -> HostKeys:
        """Return the host's keys for a register of the talks."""
        return self.keys.named(f"{self.name}/t/{register}")

    def verify(self) -> None:
        """Pass if the card is in its bounds and signed by its own host (spec/moving.md section 1).

        Raises:
            RemoteError: `venue-card-wrong`.
        """
        if not _ADDRESS.fullmatch(self.address):
            raise RemoteError("venue-card-wrong", why="its address is not one")
        if len(self.posting) != _KEY:
            raise RemoteError("venue-card-wrong", why="its posting key")
        try:
            if not self.keys.origin.endswith(f"/t/{NOBODY}") or self.keys.origin.startswith("/"):
                raise RemoteError("venue-card-wrong", why="its keys are those of a register")
            self.keys.open_text(self.signed, self.text(), what=_WHAT)
        except RemoteError as broken:
            if broken.code == "venue-card-wrong":
                raise
            raise RemoteError("venue-card-wrong", why=broken) from None


def write_card(signer: HostSigner, address: str, posting: bytes) -> bytes:
    """Return the card of a venue as a file; `signer` is of any of its registers.

    Raises:
        RemoteError: `venue-card-wrong` if the address is not one.
    """
    name = signer.origin.rpartition("/t/")[0]
    named = signer.named(f"{name}/t/{NOBODY}")
    card = VenueCard(address=address, host=tuple(named.vkeys), posting=posting)
    note = named.sign_text(card.text())
    card = VenueCard(address=address, host=card.host, posting=posting, signed=note)
    card.verify()
    return pack(card)


def read_card(data: bytes) -> VenueCard:
    """Return the card that these bytes stand for, verified.

    Raises:
        RemoteError: `too-large`, `not-canonical`, `unknown-version`, `venue-card-wrong`.
    """
    try:
        card = read(data, VenueCard, CARD, what=_WHAT, limit=CARD_LIMIT)
    except GoodOfficesError as broken:
        if str(broken.facts.get("version", "")).startswith(CARD.rpartition("/")[0]):
            raise
        raise RemoteError("venue-card-wrong", why=broken) from None
    card.verify()
    return card


def public_of(vkeys: Sequence[str]) -> str:
    """Return the number that people compare of a host named by its verifier keys: 64 hexadecimal digits."""
    return HostKeys(vkeys).fingerprint
