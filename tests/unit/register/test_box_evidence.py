"""Evidence of what a host did with a box: what convicts, what does not, and that every byte of it counts."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import msgspec
import pytest
from tests.support.boxes import deposits

from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument.anchors import Anchors, Beside
from good_offices.instrument.evidence import verify_any
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid
from good_offices.register.box_evidence import BoxEvidence, Claim, Ends, Logged, Opening, Voiding, logged
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.deposit import Deposited
from good_offices.register.genesis import Caucus, Genesis, talks_id
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.receipt import Receipt
from good_offices.register.tree import Tree

REGISTER = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
PARTIES = ["1" * 32, "2" * 32, "3" * 32]
BOX = bytes(range(32))


class Register:
    """A common register of three delegations, and a host that logs what it is told."""

    def __init__(self, parties: list[str] = PARTIES, caucus: Caucus | None = None, seed: int = 1) -> None:
        self.host = HostSigner(bytes([seed]) * 32, bytes([seed + 1]) * 32, f"venue.example/t/{REGISTER}")
        self.parties = parties
        self.deposits = deposits(len(parties), BOX)
        self.tree, self.rows = Tree(), []
        self.add(Kind.GENESIS, Genesis.of(self.host.keys, REGISTER, parties, caucus).body())

    def add(self, kind: Kind, body: bytes) -> int:
        leaf = Leaf.of(kind, 1_700_000_000_000, body)
        self.rows.append((leaf, body))
        return self.tree.append(leaf.hash)

    def commit(self, place: int, deposit: bytes | None = None, **fields: Any) -> int:
        plain = {
            "box": BOX,
            "delegation": self.parties[place],
            "parties": tuple(self.parties),
            "release": "scalars",
            "hash": hashlib.sha256(self.deposits[place] if deposit is None else deposit).digest(),
            "wait": 1000,
        }
        return self.add(Kind.BOX_COMMIT, pack(BoxCommit(**(plain | fields))))

    def commits(self, **fields: Any) -> list[int]:
        return [self.commit(place, **fields) for place in range(len(self.parties))]

    def open(self, given: list[bytes] | None = None, box: bytes = BOX) -> int:
        given = self.deposits if given is None else given
        return self.add(Kind.BOX_OPEN, pack(BoxOpen(box=box, deposits=tuple(given))))

    def void(self, reason: Any = "time", box: bytes = BOX) -> int:
        return self.add(Kind.BOX_VOID, pack(BoxVoid(box=box, reason=reason)))

    def receipts(self, box: bytes = BOX) -> tuple[bytes, ...]:
        return tuple(
            self.host.sign_deposit(Deposited(self.host.origin, box, one, hashlib.sha256(given).digest()))
            for one, given in zip(self.parties, self.deposits, strict=True)
        )

    def shown(self, *indexes: int) -> tuple[Logged, ...]:
        size = len(self.rows)
        note = self.host.sign(Checkpoint(self.host.origin, size, self.tree.root()), 1_700_000_000)
        found = []
        for index in indexes:
            leaf, body = self.rows[index]
            found.append(logged(Receipt.of(index, leaf, self.tree.inclusion_proof(index, size), note), body))
        return tuple(found)

    def evidence(self, claim: Claim) -> BoxEvidence:
        return BoxEvidence.of(self.shown(0)[0], claim)


def unproved(register: Register, claim: Claim, code: str = "box-unproved", why: str = "") -> None:
    with pytest.raises(RemoteError) as refused:
        register.evidence(claim)
    assert refused.value.code == code
    assert why in str(refused.value.facts.get("why", ""))


def opening() -> tuple[Register, Claim]:
    register = Register()
    commits = register.commits()
    end = register.open([*register.deposits[:2], b"another"])
    return register, Opening(commits=register.shown(commits[2]), end=register.shown(end)[0])


def voiding() -> tuple[Register, Claim]:
    register = Register()
    register.commits()
    end = register.void()
    return register, Voiding(end=register.shown(end)[0], receipts=register.receipts())


def differing() -> tuple[Register, Claim]:
    register = Register()
    commits = register.commits()
    end = register.void("differ")
    return register, Voiding(
        end=register.shown(end)[0],
        receipts=register.receipts(),
        commits=register.shown(*commits),
        deposits=tuple(register.deposits),
    )


def twice() -> tuple[Register, Claim]:
    register = Register()
    register.commits()
    first, second = register.open(), register.void()
    one, other = register.shown(first, second)
    return register, Ends(first=one, second=other)


CASES = [opening, voiding, differing, twice]


@pytest.mark.parametrize("case", CASES)
def test_it_convicts_and_verify_says_of_what(case: Any) -> None:
    register, claim = case()
    evidence = register.evidence(claim)
    assert evidence.verify() == BOX
    data = evidence.to_bytes()
    assert BoxEvidence.parse(data) == evidence
    stranger = verify_any(data)
    assert (stranger.valid, stranger.trust, stranger.origin) == (True, "unestablished", register.host.origin)
    assert BOX.hex() in str(stranger.proves[0])
    known = verify_any(data, Beside(anchors=Anchors(hosts=(register.host.keys,))))
    assert known.trust == "established"


@pytest.mark.parametrize("case", CASES)
def test_every_byte_counts(case: Any) -> None:
    register, claim = case()
    data = register.evidence(claim).to_bytes()
    rng = random.Random(7)
    for at in rng.sample(range(len(data)), 250):
        changed = bytearray(data)
        changed[at] ^= 1 << rng.randrange(8)
        with pytest.raises(GoodOfficesError):
            BoxEvidence.parse(bytes(changed)).verify()
        assert not verify_any(bytes(changed)).valid
    for cut in (data[:-1], data + b"\x00", data[: len(data) // 2]):
        assert not verify_any(cut).valid


@pytest.mark.parametrize("parties", [PARTIES[:2], [*PARTIES, "4" * 32]])
def test_a_genesis_with_other_parties_convicts_nobody(parties: list[str]) -> None:
    """Two of three hold receipts, the third never deposited: an honest void; or an opening of three told as one of four."""
    register, claim = voiding()
    assert isinstance(claim, Voiding)
    body = Genesis.of(register.host.keys, REGISTER, parties).body()
    true = register.shown(0)[0]
    leaf = Leaf.of(Kind.GENESIS, 1_700_000_000_000, body).to_bytes()
    for founding in (
        msgspec.structs.replace(true, body=body),
        msgspec.structs.replace(true, body=body, leaf=leaf),
    ):
        with pytest.raises(RemoteError) as refused:
            BoxEvidence.of(founding, msgspec.structs.replace(claim, receipts=claim.receipts[: len(parties)]))
        assert refused.value.code in ("body-mismatch", "inclusion-invalid")
    # Nor does one that stands in the register as something else, or later.
    for kind in (Kind.ENVELOPE, Kind.GENESIS):
        at = register.add(kind, body)
        with pytest.raises(RemoteError) as refused:
            BoxEvidence.of(register.shown(at)[0], claim)
        assert refused.value.code == "box-unproved"


def test_a_caucus_convicts_nobody() -> None:
    talks = talks_id(Register().rows[0][1])
    register = Register(caucus=Caucus(talks=talks, delegation=PARTIES[0]))
    end = register.shown(register.void())[0]
    unproved(register, Voiding(end=end, receipts=register.receipts()))


def test_another_host_of_the_same_name_convicts_only_itself() -> None:
    register, claim = twice()
    other = Register(seed=9)
    unproved_ = pytest.raises(RemoteError)
    with unproved_ as refused:
        BoxEvidence.of(other.shown(0)[0], claim)
    assert refused.value.code == "signature-lines"
    assert register.host.keys != other.host.keys


def test_openings_that_convict_nobody() -> None:
    register = Register()
    first = register.commits()
    foreign = register.commit(1, b"another", box=bytes(32))
    fewer = register.commit(0, b"x", parties=tuple(PARTIES[:2]))
    end = register.open()
    late = register.commit(1, b"after the end")
    void = register.void(box=bytes(32))
    (one,) = register.shown(end)
    for commits in ((), first[:1], first[:2], first):
        unproved(register, Opening(commits=register.shown(*commits), end=one))
    for index, why in (
        (late, "no commitment before the end"),
        (end, "no commitment before the end"),
        (0, "no commitment before the end"),
        (foreign, "another box"),
        (fewer, "other parties"),
    ):
        unproved(register, Opening(commits=register.shown(index), end=one), why=why)
    for commits in ((first[0], first[0]), (first[1], first[0])):
        unproved(register, Opening(commits=register.shown(*commits), end=one))
    unproved(register, Opening(commits=register.shown(first[0]), end=register.shown(void)[0]))
    unproved(register, Opening(commits=register.shown(first[0]), end=register.shown(first[1])[0]))
    unproved(register, Opening(commits=register.shown(*([first[0]] * 65)), end=one))
    sealed = Register()
    commits = sealed.commits(release="sealed")
    unproved(sealed, Opening(commits=sealed.shown(*commits), end=sealed.shown(sealed.open())[0]))


def test_openings_that_convict() -> None:
    short = Register()
    commits = short.commits()
    short.evidence(
        Opening(commits=short.shown(commits[0]), end=short.shown(short.open(short.deposits[:2]))[0])
    )
    unlike = Register()
    unlike.deposits = [*deposits(3, BOX)[:2], unlike.deposits[2]]
    commits = unlike.commits()
    end = unlike.shown(unlike.open())[0]
    unlike.evidence(Opening(commits=unlike.shown(*commits), end=end))


def test_voids_that_convict_nobody() -> None:
    register, claim = voiding()
    assert isinstance(claim, Voiding)
    replace = msgspec.structs.replace
    for notes in (
        claim.receipts[:2],
        claim.receipts[::-1],
        (claim.receipts[0],) * 3,
        register.receipts(bytes(32)),
        claim.receipts * 22,
    ):
        unproved(register, replace(claim, receipts=notes))
    unproved(register, replace(claim, deposits=(b"x",)))
    unproved(register, replace(claim, commits=register.shown(1)))
    unproved(register, replace(claim, receipts=Register(seed=9).receipts()), "signature-lines")
    note = register.host.sign(Checkpoint(register.host.origin, 1, register.tree.root(1)), 1)
    unproved(register, replace(claim, receipts=(*claim.receipts[:2], note)), "signature-lines")
    seen = note.split(b"\n\n")[0] + b"\n\n" + note.split(b"\n\n")[1].split(b"\n")[0] + b"\n"
    unproved(register, replace(claim, receipts=(*claim.receipts[:2], seen)), "not-canonical")
    unproved(register, replace(claim, end=register.shown(register.open())[0]))


def test_differing_deposits_convict_nobody() -> None:
    register, claim = differing()
    assert isinstance(claim, Voiding)
    replace = msgspec.structs.replace
    unproved(register, replace(claim, commits=(), deposits=()))
    unproved(register, replace(claim, deposits=claim.deposits[:2]))
    unproved(register, replace(claim, commits=claim.commits[:2]))
    unproved(register, replace(claim, deposits=claim.deposits[::-1]), "box-deposit-differs")
    honest = Register()
    honest.deposits = [*deposits(3, BOX)[:2], honest.deposits[2]]
    commits = honest.commits()
    end = honest.void("differ")
    unproved(
        honest,
        Voiding(
            end=honest.shown(end)[0],
            receipts=honest.receipts(),
            commits=honest.shown(*commits),
            deposits=tuple(honest.deposits),
        ),
    )


def test_one_end_is_not_two() -> None:
    register, claim = twice()
    assert isinstance(claim, Ends)
    unproved(register, Ends(first=claim.first, second=claim.first))
    unproved(register, Ends(first=claim.second, second=claim.first))
    later = register.shown(4)[0]
    register.add(Kind.ENVELOPE, b"more")
    unproved(register, Ends(first=later, second=register.shown(4)[0]))
    other = register.void(box=bytes(32))
    unproved(register, Ends(first=claim.first, second=register.shown(other)[0]))
    unproved(register, Ends(first=register.shown(1)[0], second=claim.second))


def test_two_ends_in_two_histories_convict() -> None:
    one, other = Register(), Register()
    other.deposits = one.deposits
    ends = []
    for register, reason in ((one, "time"), (other, "differ")):
        register.commits()
        ends += register.shown(register.void(reason))
    first, second = sorted(ends, key=lambda entry: entry.leaf)
    one.evidence(Ends(first=first, second=second))
