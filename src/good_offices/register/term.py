"""A host's term: what it signed before the talks left it, and the file by which another host takes over.

This module decides when such a file holds (spec/moving.md section 3). It reads no envelope, and never decides whether the new
host was named: that stands sealed in the register, and desks read it.

1. The old host's last word may be over more than was cut off: the hashes of the leaves behind the cut come with it, and
   nothing else of them.
2. The file is signed by the delegation's first desk: the one whose introduction a root certified in clear. Whoever else has the
   ciphertext, the old host above all, cannot hand over a delegation's caucus in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.register.forms import read
from good_offices.register.genesis import Genesis, talks_id
from good_offices.register.host import HostKeys
from good_offices.register.introduced import Introduction
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import HASH, Tree
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT, PairSigner

FORM: Final = "good-offices/register-file/1"
MAX_FILE: Final = 1 << 30


class Term(Record, frozen=True, kw_only=True, tag="good-offices/term/1", tag_field="form"):
    """The end of a host's part of a register: the cut, its keys, its checkpoint of a size not below the cut, leaf hashes between."""

    cut: int
    old: tuple[str, ...]
    note: bytes
    tail: bytes

    @property
    def keys(self) -> HostKeys:
        """The keys of the host that was left, for this register."""
        return HostKeys(self.old)

    def tree(self, leaves: bytes) -> Tree:
        """Return the old host's whole tree, from the leaf hashes below the cut, if its note is over it (rule 1).

        Raises:
            RemoteError: as `HostKeys.open`; `register-broken`.
        """
        checkpoint = self.keys.open(self.note)
        if len(leaves) != self.cut * HASH or len(self.tail) % HASH:
            raise RemoteError("register-broken", size=self.cut)
        tree = Tree.from_leaves(leaves + self.tail)
        if (checkpoint.size, checkpoint.root) != (tree.size, tree.root()):
            raise RemoteError("register-broken", size=checkpoint.size)
        return tree


class Held(Record, frozen=True, kw_only=True):
    """One entry: its 50-byte leaf, and its body unless that was destroyed."""

    leaf: bytes
    body: bytes | None = None


class Part(Record, frozen=True, kw_only=True):
    """One register up to its cut: genesis, entries, and the old host's term."""

    genesis: bytes
    entries: tuple[Held, ...]
    term: Term

    def hashes(self) -> bytes:
        """Return the leaf hashes of the entries, one after another, if leaves and bodies are as they should be.

        Raises:
            RemoteError: `body-mismatch`, `not-canonical`, `unknown-version`.
        """
        found = []
        for one in self.entries:
            leaf = Leaf.from_bytes(one.leaf)
            if one.body is not None:
                leaf.check_body(one.body)
            found.append(leaf.hash)
        return b"".join(found)


class Seat(Record, frozen=True, kw_only=True):
    """A desk that goes on at the new venue: its id, and its X25519 public key."""

    desk: str
    note: bytes


class Statement(Record, frozen=True, kw_only=True):
    """What a delegation hands over: the talks, to which host, the common register and its caucus, its desks."""

    talks: bytes
    delegation: str
    host: tuple[str, ...]
    registers: tuple[Part, ...]
    desks: tuple[Seat, ...]


class RegisterFile(Record, frozen=True, kw_only=True):
    """The file: the statement as bytes, by which desk, and that desk's signature."""

    form: str
    statement: bytes
    certificate: bytes
    signature: bytes


def write_file(statement: Statement, certificate: bytes, signer: PairSigner) -> bytes:
    """Return the file by which a new host takes over (spec/moving.md 3.1)."""
    data = pack(statement)
    signature = signer.sign(Domain.REGISTER_FILE, data)
    return pack(RegisterFile(form=FORM, statement=data, certificate=certificate, signature=signature))


def read_file(data: bytes, host: Sequence[str]) -> tuple[Statement, Introduction]:
    """Return what a file hands over to this host, and the introduction of the desk that signed it (spec/moving.md 3.2).

    Raises:
        RemoteError: `register-file-wrong`.
    """
    try:
        file = read(data, RegisterFile, FORM, what="the register file", limit=MAX_FILE)
        statement = unpack(file.statement, Statement, what="the register file", limit=MAX_FILE)
        if list(statement.host) != list(host):
            raise _wrong("it is for another host")
        _check_registers(statement)
        return statement, _signed(file, statement)
    except GoodOfficesError as broken:
        if broken.code == "register-file-wrong":
            raise
        raise _wrong(broken) from None


def _check_registers(statement: Statement) -> None:
    """Refuse registers that are not the talks' own, whole and signed."""
    if len(statement.registers) != 2:
        raise _wrong("not the common register and one caucus")
    common, caucus = statement.registers
    first, second = Genesis.parse(common.genesis), Genesis.parse(caucus.genesis)
    second.check_caucus(common.genesis)
    if talks_id(common.genesis) != statement.talks or second.caucus is None:
        raise _wrong("it is of other talks")
    if second.caucus.delegation != statement.delegation:
        raise _wrong("a caucus of another delegation")
    for part, genesis in ((common, first), (caucus, second)):
        if part.term.keys.origin.rpartition("/")[2] != genesis.register:
            raise _wrong("keys of another register")
        if not part.entries or part.entries[0].body != part.genesis:
            raise _wrong("it does not begin with its genesis")
        if len(part.entries) != part.term.cut:
            raise _wrong("it does not end where it says")
        part.term.tree(part.hashes())
    if common.term.keys.fingerprint != caucus.term.keys.fingerprint:
        raise _wrong("two hosts")


def introductions(statement: Statement) -> Iterator[Introduction]:
    """Yield the introductions of the common register that hold and are of these talks, in order (spec/moving.md 3.2)."""
    for one in statement.registers[0].entries:
        if one.body is None or Leaf.from_bytes(one.leaf).kind is not Kind.INTRODUCTION:
            continue
        try:
            shown = unpack(one.body, Introduction, what="an introduction")
            shown.verify()
        except RemoteError:
            continue
        if shown.statement.talks == statement.talks:
            yield shown


def _signed(file: RegisterFile, statement: Statement) -> Introduction:
    """Return the introduction of the delegation's first desk, if that desk signed (rule 2)."""
    for shown in introductions(statement):
        said = shown.statement
        if shown.root is None or said.delegation != statement.delegation:
            continue
        if said.hash != file.certificate:
            break  # whoever comes second for a delegation is nobody
        ACT.verify(Domain.REGISTER_FILE, said.act, file.signature, file.statement)
        return shown
    raise _wrong("it is not signed by the first desk of its delegation")


def _wrong(why: object) -> RemoteError:
    """Return the refusal of a file."""
    return RemoteError("register-file-wrong", why=why)
