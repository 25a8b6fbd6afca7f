"""Other hosts, with cards of their own."""

from __future__ import annotations

from typing import Any

from tests.support.talksmith import seed

from good_offices.register.host import HostSigner
from good_offices.register.hosting import NOBODY, VenueCard, read_card, write_card
from good_offices.seals.exchange import x25519_public
from good_offices.talks.events_moving import VenueChanged


def other_host(name: str = "new.example") -> HostSigner:
    """Return the signer of another host, for no register."""
    return HostSigner(seed(name, "ed", size=32), seed(name, "ml", size=32), f"{name}/t/{NOBODY}")


def card(name: str = "new.example", address: str = "") -> VenueCard:
    """Return the card of another host."""
    posting = x25519_public(seed(name, "posting", size=32))
    return read_card(write_card(other_host(name), address or f"https://{name}", posting))


def half_renewed(old: str = "new.example") -> VenueCard:
    """Return the card of a host that kept one of its keys."""
    signer = HostSigner(seed(old, "ed", size=32), seed("renewed", "ml", size=32), f"renewed/t/{NOBODY}")
    return read_card(
        write_card(signer, "https://renewed", x25519_public(seed("renewed", "posting", size=32)))
    )


def changed(name: str = "new.example", one: VenueCard | None = None, **fields: Any) -> VenueChanged:
    """Return the act that names another host."""
    one = one or card(name)
    plain = {field: getattr(one, field) for field in ("address", "host", "posting", "signed")}
    return VenueChanged(**(plain | fields))
