"""What a desk keeps to compare with the register later: no page of a host makes it let go unseen (spec/transport.md section 7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from good_offices.desk.ledger import Ledger
from good_offices.desk.storage import Storage
from good_offices.errors import EquivocationError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.genesis import Genesis
from good_offices.register.host import HostSigner, seen_of
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.talks.acts import Seen
from good_offices.transport import pages

DELEGATIONS = ["1" * 32, "2" * 32]
REGISTER = "3" * 32


class Host:
    """A host of one history that it shows in pages as small as it likes; it forks at index `forked`."""

    def __init__(self) -> None:
        self.signer = HostSigner(bytes(32), b"\x01" * 32, f"host.example/t/{REGISTER}")
        genesis = Genesis.of(self.signer.keys, REGISTER, DELEGATIONS).body()
        bodies = [genesis, *(b"%d" % at for at in range(5))]
        kinds = [Kind.GENESIS, *[Kind.ENVELOPE] * 5]
        self.genesis = genesis
        self.kept = [
            pages.Kept(leaf=Leaf.of(kind, 1, body).to_bytes(), body=body)
            for kind, body in zip(kinds, bodies, strict=True)
        ]
        self.tree = Tree.from_leaves(b"".join(Leaf.from_bytes(one.leaf).hash for one in self.kept))
        self.most = 1

    def note(self, tree: Tree) -> bytes:
        return self.signer.sign(Checkpoint(self.signer.origin, tree.size, tree.root()), 1)

    def seen_elsewhere(self, size: int) -> Seen:
        """Return a view of this size that the host signed in another history."""
        other = Tree.from_leaves(self.tree.leaves(0, size - 1) + bytes(32))
        seen = seen_of(self.note(other))
        return Seen(size=seen.size, root=seen.root, signature=seen.signature)

    def page(self, register: str, start: int) -> pages.Page | None:
        assert register == REGISTER
        shown = self.kept[start : start + self.most]
        return pages.Page(start=start, entries=shown, checkpoint=self.note(self.tree))

    def consistency(self, register: str, old: int, new: int) -> list[bytes]:
        assert register == REGISTER
        return self.tree.consistency_proof(old, new)

    def append(self, register: str, entries: list[tuple[int, bytes]]) -> pages.Receipts:
        raise AssertionError((register, entries))

    def deposit(self, register: str, box: bytes, deposit: bytes) -> pages.DepositReceipt:
        raise AssertionError((register, box, deposit))


def _take_all(ledger: Ledger) -> None:
    for _ in ledger.fetch():
        ledger.settle()


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    opened = Storage.create(tmp_path / "desk", "a long enough passphrase of words")
    yield opened
    opened.close()


@pytest.mark.parametrize("most", [1, 4, 6])
def test_a_view_of_another_history_convicts_however_small_the_pages_are(storage: Storage, most: int) -> None:
    host = Host()
    host.most = most
    ledger = Ledger(storage, host, REGISTER, host.genesis, DELEGATIONS[0])
    ledger.compare_seen(host.seen_elsewhere(3))
    with pytest.raises(EquivocationError):
        _take_all(ledger)
    assert list((storage.folder / "evidence").iterdir())


def test_a_view_of_the_same_history_is_let_go_when_it_was_compared(storage: Storage) -> None:
    host = Host()
    ledger = Ledger(storage, host, REGISTER, host.genesis, DELEGATIONS[0])
    tree = Tree.from_leaves(host.tree.leaves(0, 3))
    seen = seen_of(host.note(tree))
    ledger.compare_seen(Seen(size=seen.size, root=seen.root, signature=seen.signature))
    _take_all(ledger)
    assert not storage.names("ahead/")
