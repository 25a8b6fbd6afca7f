"""A small register world: a host, a stranger with the same name, two histories that differ at entry 4."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from good_offices.register.checkpoint import Checkpoint
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.receipt import Receipt
from good_offices.register.tree import Tree

REGISTER = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
ORIGIN = f"venue.example/t/{REGISTER}"


class History(SimpleNamespace):
    """Leaves, their tree, and a host that signs it."""

    def __init__(self, host: HostSigner, bodies: list[bytes]) -> None:
        leaves = [Leaf.of(Kind.ENVELOPE, at, body) for at, body in enumerate(bodies)]
        tree = Tree.from_leaves(b"".join(leaf.hash for leaf in leaves))
        super().__init__(host=host, leaves=leaves, tree=tree)

    def note(self, size: int, seconds: int = 1_700_000_000) -> bytes:
        signer: HostSigner = self.host
        return signer.sign(Checkpoint(signer.origin, size, self.tree.root(size)), seconds)

    def receipt(self, index: int, size: int) -> Receipt:
        proof = self.tree.inclusion_proof(index, size)
        return Receipt.of(index, self.leaves[index], proof, self.note(size))


@pytest.fixture(scope="session")
def host() -> HostSigner:
    return HostSigner(bytes(range(32)), bytes(range(32, 64)), ORIGIN)


@pytest.fixture(scope="session")
def stranger() -> HostSigner:
    return HostSigner(bytes(range(64, 96)), bytes(range(96, 128)), ORIGIN)


@pytest.fixture(scope="session")
def one(host: HostSigner) -> History:
    return History(host, [b"body %d" % at for at in range(11)])


@pytest.fixture(scope="session")
def other(host: HostSigner) -> History:
    return History(host, [b"other" if at == 4 else b"body %d" % at for at in range(11)])


@pytest.fixture(scope="session")
def history(host: HostSigner) -> Callable[[list[bytes]], History]:
    return lambda bodies: History(host, bodies)
