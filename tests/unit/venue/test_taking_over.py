"""What a venue does not take over: files that reach for what is others' (spec/moving.md section 3)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.support.hosting import other_host
from tests.support.talksmith import seed

from good_offices.encoding import pack
from good_offices.errors import RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.genesis import Caucus, Genesis, talks_id
from good_offices.register.hosting import NOBODY
from good_offices.register.introduced import Introduction, Root, certificate_message
from good_offices.register.introduced import Statement as Certificate
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.term import Held, Part, Seat, Statement, Term, write_file
from good_offices.register.tree import Tree
from good_offices.seals.domains import Domain
from good_offices.seals.exchange import x25519_public
from good_offices.seals.pairs import ACT, ROOT
from good_offices.venue import folder as venue_folder
from good_offices.venue.folder import Folder
from good_offices.venue.offer import offer_unwritten
from good_offices.venue.store import Reader, connect
from good_offices.venue.taking import take_over

OLD = other_host("old.example")
COMMON, FIRST, SECOND = "c" * 32, "a" * 32, "b" * 32


class Party:
    """A delegation of talks whose host is its friend: both may make up whatever both sign."""

    def __init__(self, delegation: str, caucus: str) -> None:
        self.id, self.caucus, self.desk = delegation, caucus, delegation[::-1][:31] + "f"
        self.root, self.act = ROOT.signer(seed(caucus, "root")), ACT.signer(seed(caucus, "act", size=64))
        self.note = x25519_public(seed(caucus, "note", size=32))

    def certificate(self, talks: bytes) -> Certificate:
        cosigner = seed(self.caucus, "cosigner", size=32)
        return Certificate(
            talks=talks,
            delegation=self.id,
            member="9" * 32,
            desk=self.desk,
            act=self.act.public,
            note=self.note,
            cosigner=cosigner,
        )

    def introduction(self, talks: bytes) -> bytes:
        root = Root(public=self.root.public, successor=bytes(32))
        statement = self.certificate(talks)
        signed = self.root.sign(Domain.CERTIFICATE, certificate_message(statement, root))
        plain = Introduction(statement=statement, kems={}, root=root, certificate=signed)
        possession = self.act.sign(Domain.INTRODUCTION, plain.unsigned())
        return pack(msgspec.structs.replace(plain, possession=possession))


def part(register: str, genesis: bytes, *introductions: bytes) -> Part:
    """Return a register as its host signed it."""
    bodies = [(Kind.GENESIS, genesis), *((Kind.INTRODUCTION, one) for one in introductions)]
    leaves = [Leaf.of(kind, 1, body) for kind, body in bodies]
    tree = Tree.from_leaves(b"".join(leaf.hash for leaf in leaves))
    signer = OLD.named(f"old.example/t/{register}")
    note = signer.sign(Checkpoint(signer.origin, tree.size, tree.root()), 1)
    held = tuple(
        Held(leaf=leaf.to_bytes(), body=body) for leaf, (_, body) in zip(leaves, bodies, strict=True)
    )
    return Part(
        genesis=genesis, entries=held, term=Term(cut=tree.size, old=tuple(signer.vkeys), note=note, tail=b"")
    )


def file(to: Folder, mine: Party, others: list[Party], seats: list[Seat]) -> bytes:
    """Return the file of a delegation for a venue."""
    parties = [mine, *others]
    ids = [one.id for one in parties]
    common = Genesis.of(OLD.named(f"old.example/t/{COMMON}").keys, COMMON, ids).body()
    talks = talks_id(common)
    own = OLD.named(f"old.example/t/{mine.caucus}").keys
    caucus = Genesis.of(own, mine.caucus, ids, Caucus(talks=talks, delegation=mine.id)).body()
    statement = Statement(
        talks=talks,
        delegation=mine.id,
        host=tuple(to.signer().named(to.origin(NOBODY)).vkeys),
        registers=(
            part(COMMON, common, *(one.introduction(talks) for one in parties)),
            part(mine.caucus, caucus),
        ),
        desks=tuple(seats),
    )
    return write_file(statement, mine.certificate(talks).hash, mine.act)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return venue_folder.init(tmp_path / "venue", "River House")


def test_a_file_seats_its_own_desks(folder: Folder) -> None:
    mine, other = Party(FIRST, "1" * 32), Party(SECOND, "2" * 32)
    assert take_over(folder, file(folder, mine, [other], [Seat(desk=mine.desk, note=mine.note)])).desks == 1


def test_talks_that_name_a_delegation_of_other_talks_here_are_not_taken(folder: Folder) -> None:
    here = offer_unwritten(folder, parties=2).invitations[0].delegation
    mine, other = Party(here, "1" * 32), Party(SECOND, "2" * 32)
    with pytest.raises(RemoteError) as refused:
        take_over(folder, file(folder, mine, [other], [Seat(desk="d" * 32, note=mine.note)]))
    assert refused.value.code == "register-file-wrong"
    reader = Reader(connect(folder.database))
    assert reader.desk("d" * 32) is None
    assert reader.register(COMMON) is None


def test_a_file_does_not_seat_the_desk_of_another_delegation(folder: Folder) -> None:
    mine, other = Party(FIRST, "1" * 32), Party(SECOND, "2" * 32)
    with pytest.raises(RemoteError) as refused:
        take_over(folder, file(folder, mine, [other], [Seat(desk=other.desk, note=mine.note)]))
    assert refused.value.code == "register-file-wrong"
    theirs = file(folder, other, [mine], [Seat(desk=other.desk, note=other.note)])
    assert take_over(folder, theirs).desks == 1
