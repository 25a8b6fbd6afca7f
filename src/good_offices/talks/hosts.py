"""The hosts of the talks and the versions of their rules, as the roster holds them. See spec/moving.md.

This module decides the forms of the state, and which host and which rules count at a place in the register. It never decides
what an act does: that is `talks.moving`.

1. It stands in the roster, because every desk must know it: duty desks, guests and the capital read the roster too.
2. A host is of the entries from `since` on, until the next one's `since`; its keys are named for the common register.
"""

from __future__ import annotations

from msgspec import field

from good_offices.encoding import Record
from good_offices.register.genesis import Genesis
from good_offices.register.host import HostKeys
from good_offices.talks.joint import Joint
from good_offices.talks.state import State


class Hosting(Record, frozen=True, kw_only=True):
    """A host of the talks: from which entry on, by which keys; address and posting key, of the first host none."""

    since: int
    host: tuple[str, ...]
    address: str = ""
    posting: bytes = b""

    @property
    def keys(self) -> HostKeys:
        """The host's keys for the common register."""
        return HostKeys(self.host)


class Hosts(State, frozen=True, kw_only=True):
    """All hosts in order, what waits to be accepted, and the upgrades of the rules by the entry that completed them."""

    hosts: tuple[Hosting, ...] = ()
    joint: dict[str, Joint] = field(default_factory=dict)
    upgraded: dict[str, int] = field(default_factory=dict)

    @property
    def now(self) -> Hosting:
        """The host of the next entry."""
        return self.hosts[-1]

    def rules_at(self, size: int, first: int) -> int:
        """Return the version of the rules by which the entry at `size` is judged; `first` is that of the genesis."""
        made = sorted((int(index), version) for index, version in self.upgraded.items())
        return next((version for index, version in reversed(made) if index < size), first)


def first_host(genesis: Genesis) -> Hosts:
    """Return the hosts of talks of which only the genesis is known."""
    return Hosts(hosts=(Hosting(since=0, host=tuple(genesis.host)),))
