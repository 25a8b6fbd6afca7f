"""What all delegations hand to the host in clear, by joint act: the bytes, and a desk's signature for each. See spec/conditions.md.

This module decides when a record in clear is the word of all delegations of a talks. It needs nothing but the record and the
introductions of the talks' common register, which stand in clear: no envelope is opened for it.

1. There is exactly one signature for each delegation, in the rising order of their ids, over the very bytes in clear and
   for the one purpose that the record has.
2. Whoever signs is a desk that was introduced in this register and that its delegation's roots have certified (`certified`), from
   the first root that was introduced there on.
3. Whether the desk's member had the power, and had not been recalled, stands in the talks and is known to the delegations
   alone: they sign nothing else than what they have accepted there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from good_offices.encoding import Record, unpack
from good_offices.errors import RemoteError
from good_offices.register.certified import Certified
from good_offices.register.introduced import Introduction, Root
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT

HANDED_LIMIT: Final = 2 * 1024 * 1024


class SignedBy(Record, frozen=True, kw_only=True):
    """One delegation's desk, and its pair of signatures over the bytes in clear."""

    desk: Certified
    signature: bytes


class HandedOver(Record, frozen=True, kw_only=True, tag="good-offices/handed-over/1", tag_field="form"):
    """A record in clear, as bytes, with the signatures of all delegations (spec/conditions.md R-115)."""

    clear: bytes
    signed: tuple[SignedBy, ...]


@dataclass
class Shown:
    """What a common register shows in clear: first roots by delegation, certificate hashes of the desks introduced."""

    talks: bytes
    delegations: Sequence[str]
    roots: dict[str, Root] = field(default_factory=dict)
    desks: set[bytes] = field(default_factory=set)

    def take(self, bodies: Iterable[bytes], wanted: Collection[bytes]) -> Shown:
        """Return this with the introductions among some bodies, in the order of the register; what is none is passed over.

        Of desks that are not `wanted` only those are verified that could show a first root: a request that does not hold
        must not cost its host the signatures of all desks.
        """
        for body in bodies:
            try:
                one = unpack(body, Introduction, what="an introduction")
                said = one.statement
                first = one.root is not None and said.delegation not in self.roots
                if said.talks != self.talks or said.delegation not in self.delegations:
                    continue
                if not first and said.hash not in wanted:
                    continue
                one.verify()
            except RemoteError:
                continue  # void for every desk as well (spec/credentials.md section 5)
            if one.root is None or self.roots.setdefault(said.delegation, one.root) == one.root:
                self.desks.add(said.hash)
        return self


def verify_handed(handed: HandedOver, domain: Domain, shown: Shown) -> None:
    """Pass if all delegations of a talks signed the bytes in clear for one purpose (spec/conditions.md R-115).

    Raises:
        RemoteError: `handed-over-unsigned` with why.
    """
    named = [one.desk.statement.delegation for one in handed.signed]
    if named != sorted(shown.delegations):
        raise RemoteError("handed-over-unsigned", why="not one signature of each delegation, in their order")
    for one in handed.signed:
        statement = one.desk.statement
        if statement.hash not in shown.desks or one.desk.roots[:1] != (
            shown.roots.get(statement.delegation),
        ):
            raise RemoteError("handed-over-unsigned", why="a desk or a root that was not introduced here")
        try:
            one.desk.verify(shown.talks)
            ACT.verify(domain, statement.act, one.signature, handed.clear)
        except RemoteError as refused:
            raise RemoteError("handed-over-unsigned", why=str(refused)) from refused
