"""A desk that its root has certified, in one piece: what a stranger needs to know whose a signature is.

This module decides when a desk is a delegation's. It never knows whether its member was recalled, or what powers it has: that
is sealed, and only who holds the talks knows it.

1. The chain of roots begins with the one that was introduced; each root is the one that the root before committed to, and
   names it. The last of the chain has certified the desk.
2. A desk of the capital and one on duty speak for nobody in public.
"""

from __future__ import annotations

from good_offices.encoding import Record, pack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.register.introduced import (
    Root,
    Statement,
    Succession,
    certificate_message,
    successor_commitment,
)
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ROOT


class Certified(Record, frozen=True, kw_only=True):
    """A desk's statement, its delegation's roots from the introduced one to the one that certified it, and the signatures.

    `successions` are those of each root but the first over its succession (spec/credentials.md section 8).
    """

    statement: Statement
    roots: tuple[Root, ...]
    successions: tuple[bytes, ...] = ()
    certificate: bytes

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """The fingerprints of the roots, that of the introduced one first."""
        return tuple(one.fingerprint for one in self.roots)

    def verify(self, talks: bytes) -> None:
        """Pass if this is a desk of its delegation in these talks, by the first of its roots (spec/communique.md R-137).

        Raises:
            RemoteError: `desk-not-certified`.
        """
        statement = self.statement
        if statement.talks != talks:
            raise RemoteError("desk-not-certified", why="it is a desk of other talks")
        if statement.capital or statement.duty or statement.guest:
            raise RemoteError("desk-not-certified", why="it speaks for nobody in public")
        if not self.roots or len(self.successions) != len(self.roots) - 1:
            raise RemoteError("desk-not-certified", why="roots without their successions")
        try:
            self._verify()
        except GoodOfficesError as broken:
            raise RemoteError("desk-not-certified", why=broken) from None

    def _verify(self) -> None:
        """Pass if every root follows from the one before, and the last has certified the desk (rule 1)."""
        statement = self.statement
        for before, root, signature in zip(self.roots, self.roots[1:], self.successions, strict=False):
            if successor_commitment(root.public) != before.successor:
                raise RemoteError("successor-wrong")
            told = Succession(
                talks=statement.talks,
                delegation=statement.delegation,
                succeeds=before.fingerprint,
                root=root,
            )
            ROOT.verify(Domain.SUCCESSION, root.public, signature, pack(told))
        last = self.roots[-1]
        message = certificate_message(statement, last)
        ROOT.verify(Domain.CERTIFICATE, last.public, self.certificate, message)
