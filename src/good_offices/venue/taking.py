"""Taking talks over from another host: their registers as a delegation brings them, and who may post here.

This module decides what of a register file becomes part of this venue (spec/moving.md section 3). It never reads an envelope, and
cannot know whether all delegations named this host: their desks know, and come here only if they did.

1. A file holds by itself: leaves, bodies, the former host's signature, the signature of the delegation's first desk (`register.term`).
2. The tree goes on: a register is founded with exactly these leaves, and the first checkpoint here is of the same root.
3. The first file of talks founds their common register; every other must have the same, and adds its caucus and its desks.
4. Secrets are made with the desks' own public keys (1.3): nothing secret is in the file.
5. Boxes that had not ended go on here, from their commitments in the register; deposits do not come, and desks hand them in again.
6. A file reaches for nothing of other talks here, and for no desk that another delegation introduced: who wrote it is known, not what
   it is worth.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from good_offices.encoding import pack, unpack
from good_offices.errors import OperationalError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.genesis import Genesis
from good_offices.register.hosting import NOBODY, write_card
from good_offices.register.introduced import Introduction
from good_offices.register.leaf import Leaf
from good_offices.register.term import MAX_FILE, Part, Statement, Term, introductions, read_file
from good_offices.register.tree import Tree
from good_offices.seals.exchange import moved_secret, x25519_public
from good_offices.venue.boxes import restored
from good_offices.venue.folder import ADDRESS, Folder
from good_offices.venue.known import KEY
from good_offices.venue.registers import complete_tiles
from good_offices.venue.store import State, Writer, connect

__all__ = ["MAX_FILE", "Taken", "card", "take_over"]

_DIGEST: Final = 18
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Taken:
    """What a file brought: the talks, the delegation, how many entries, and how many desks it has now."""

    talks: bytes
    delegation: str
    entries: int
    desks: int


def card(folder: Folder, url: str = "") -> bytes:
    """Return this venue's card, with `url`, the address of its settings, or that of the server now running.

    Raises:
        OperationalError: `venue-disk` or `venue-database-damaged`.
        RemoteError: `venue-card-wrong` if the address is not one.
    """
    address = url or folder.settings.url
    if not address:
        path = folder.path / ADDRESS
        address = path.read_text(encoding="ascii").strip() if path.is_file() else ""
    address = address or f"https://{folder.settings.origin}"
    return write_card(folder.signer(), address, x25519_public(folder.posting()))


def take_over(folder: Folder, data: bytes) -> Taken:
    """Take over what a delegation's file brings, and return it; a file that comes twice changes nothing.

    Raises:
        LocalError: `venue-folder-newer`.
        OperationalError: `venue-disk` or `venue-database-damaged`.
        RemoteError: `register-file-wrong`, `desks-full`; nothing was changed.
    """
    statement, _ = read_file(data, folder.signer().named(folder.origin(NOBODY)).vkeys)
    connection = connect(folder.database, writes=True)
    try:
        writer = Writer(connection)
        writer.bring_forward()
        writer.begin()
        try:
            for part, delegation in zip(statement.registers, (None, statement.delegation), strict=True):
                _found(folder, writer, statement, part, delegation)
            _admit(folder, writer, statement)
        except BaseException:
            writer.rollback()
            raise
        writer.commit()
        desks = writer.desks(statement.delegation)
    except connection.Error as failed:
        raise OperationalError("venue-disk", path=folder.database, why=str(failed)) from failed
    finally:
        connection.close()
    entries = sum(len(part.entries) for part in statement.registers)
    return Taken(statement.talks, statement.delegation, entries, desks)


def _found(folder: Folder, writer: Writer, statement: Statement, part: Part, delegation: str | None) -> None:
    """Found one register, or see that it is the one that is here (rules 2 and 3)."""
    genesis = Genesis.parse(part.genesis)
    hashes = part.hashes()
    known = writer.register(genesis.register)
    if known is not None:
        same = (known.talks, known.delegation) == (statement.talks, delegation)
        kept = writer.term(known.number)
        if not same or kept is None or _cut(kept) != part.term.cut:
            raise RemoteError("register-file-wrong", why="the register is here already, and is another one")
        if writer.hashes(known.number, part.term.cut)[0] != hashes:
            raise RemoteError("register-file-wrong", why="another record than the one that is here")
        return
    signer = folder.signer().named(folder.origin(genesis.register))
    tree = Tree.from_leaves(hashes)
    leaves = [Leaf.from_bytes(one.leaf) for one in part.entries]
    now = max(time.time_ns() // 1_000_000, *(leaf.time_ms for leaf in leaves))
    note = signer.sign(Checkpoint(signer.origin, tree.size, tree.root()), now // 1000)
    state = State(tree.size, sum(leaf.length for leaf in leaves), now, note, held=False)
    number = writer.found(genesis.register, statement.talks, delegation, state)
    writer.insert(number, 0, [(one.leaf, one.body) for one in part.entries])
    keys = b"".join(one.leaf[_DIGEST : _DIGEST + KEY] for one in part.entries)
    writer.tiles(number, complete_tiles(tree, 0, keys)[0])
    writer.take(number, pack(part.term))
    restored(writer, number, zip(leaves, [one.body for one in part.entries], strict=True))


def _admit(folder: Folder, writer: Writer, statement: Statement) -> None:
    """Let the desks of the delegation post here, and give every delegation its enrolment key (rules 4 and 6)."""
    private = folder.posting()
    shown = list(introductions(statement))

    def secret(public: bytes, purpose: str, name: str) -> bytes:
        return moved_secret(private, public, talks=statement.talks, purpose=purpose, name=name)

    for delegation, note in _first_desks(statement, shown).items():
        known = writer.delegation(delegation)
        if known is None:
            writer.accept(delegation, statement.talks, secret(note, "enrolment", delegation))
        elif known[0] != statement.talks:
            # Its desks would come into the registers of those talks.
            raise RemoteError("register-file-wrong", why="a delegation of other talks")
    owners: dict[str, str] = {}
    for said in (one.statement for one in shown):
        owners.setdefault(said.desk, said.delegation)
    for seat in statement.desks:
        desk = writer.desk(seat.desk)
        owner = desk.delegation if desk else owners.get(seat.desk, statement.delegation)
        if owner != statement.delegation:
            raise RemoteError("register-file-wrong", why="a desk of another delegation")
        if not _ID.fullmatch(seat.desk):
            raise RemoteError("register-file-wrong", why="an id that is not 32 hexadecimal digits")
        writer.seat(seat.desk, statement.delegation, secret(seat.note, "posting", seat.desk))
    most = folder.settings.limits.desks
    if writer.desks(statement.delegation) > most:
        raise RemoteError("desks-full", limit=most)


def _first_desks(statement: Statement, shown: Iterable[Introduction]) -> dict[str, bytes]:
    """Return the X25519 key of the first desk of every delegation, from the introductions in clear."""
    found: dict[str, bytes] = {}
    expected = Genesis.parse(statement.registers[0].genesis).delegations
    for one in shown:
        if one.root is not None and one.statement.delegation in expected:
            found.setdefault(one.statement.delegation, one.statement.note)
    if len(found) != len(expected):
        raise RemoteError("register-file-wrong", why="a delegation that has not introduced itself")
    return found


def _cut(record: bytes) -> int:
    """Return where the former host's part ended, of a term that is kept here."""
    return unpack(record, Term, what="a term").cut
