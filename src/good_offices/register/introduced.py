"""Introductions: the public keys that stand in clear in a register. See spec/credentials.md sections 4 and 5.

This module decides the forms that whoever holds the register can read, the host too, and checks their signatures. It never
decides who may act: that is `talks.roster`, from these forms.

1. The introduction, in clear, binds the root, the commitment to its successor and the first desk to the talks and to the
   delegation's place in the genesis.
2. A desk is its certificate: a statement of its public keys, signed by the root. Its hash is the desk's name in acts.
3. Every desk proves possession of its signing key over its introduction.
4. A root is succeeded only by the key that it committed to.
"""

from __future__ import annotations

import hashlib

from good_offices.encoding import Record, pack
from good_offices.errors import RemoteError
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT, ROOT


class Statement(Record, kw_only=True, tag="good-offices/certificate/1", tag_field="form"):
    """The public keys of one desk, before or under certification (spec/credentials.md section 4).

    A desk of the `capital` reads the caucus alone; a `duty` desk answers soundings and reads no plenary; that of a `guest`
    reads nothing until all delegations have invited it.
    """

    talks: bytes
    delegation: str
    member: str
    desk: str
    act: bytes
    note: bytes
    cosigner: bytes
    capital: bool = False
    duty: bool = False
    guest: bool = False

    @property
    def hash(self) -> bytes:
        """The certificate hash by which acts name their author: 32 bytes."""
        return hashlib.sha256(pack(self)).digest()


class Root(Record, kw_only=True):
    """A delegation's root key and the commitment to the root that may succeed it."""

    public: bytes
    successor: bytes

    @property
    def fingerprint(self) -> str:
        """The number that trust anchors name: 64 hexadecimal digits."""
        return ROOT.fingerprint(self.public)


class Introduction(Record, kw_only=True, tag="good-offices/introduction/1", tag_field="form"):
    """A desk's first entry, in clear: public keys only (spec/credentials.md section 5)."""

    statement: Statement
    kems: dict[str, bytes]
    root: Root | None = None
    certificate: bytes | None = None
    handover: bytes | None = None
    possession: bytes = b""

    def unsigned(self) -> bytes:
        """Return the bytes that the desk's own signature covers."""
        return pack(
            Introduction(
                statement=self.statement,
                kems=self.kems,
                root=self.root,
                certificate=self.certificate,
                handover=self.handover,
            )
        )

    def verify(self) -> None:
        """Pass if the desk holds its key and, for a first desk, the root certified it.

        Raises:
            RemoteError: `signature-invalid` or `introduction-invalid`.
        """
        ACT.verify(Domain.INTRODUCTION, self.statement.act, self.possession, self.unsigned())
        if self.root is None:
            if self.certificate is not None or self.handover is None:
                raise RemoteError("introduction-invalid")
            return
        if self.certificate is None or self.handover is not None:
            raise RemoteError("introduction-invalid")
        ROOT.verify(
            Domain.CERTIFICATE,
            self.root.public,
            self.certificate,
            certificate_message(self.statement, self.root),
        )


class Succession(Record, frozen=True, kw_only=True, tag="good-offices/succession/1", tag_field="form"):
    """The root that takes over, and its commitment to the next one; `succeeds` is the fingerprint of the last one."""

    talks: bytes
    delegation: str
    succeeds: str
    root: Root


def certificate_message(statement: Statement, root: Root) -> bytes:
    """Return what a root signs to certify a desk: the statement under this root and successor."""
    return pack({"statement": pack(statement), "root": pack(root)})


def successor_commitment(public: bytes) -> bytes:
    """Return the commitment to a successor root: 32 bytes."""
    return hashlib.sha256(b"good-offices/v1/successor\x00" + public).digest()
