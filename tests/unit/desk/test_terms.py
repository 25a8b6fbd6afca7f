"""How the part of a host that is left ends, as a hostile one shows it (spec/moving.md 3.1)."""

from __future__ import annotations

import pytest
from tests.unit.desk.test_kept_views import REGISTER, Host

from good_offices.desk.terms import MOST, term_of
from good_offices.errors import OperationalError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.transport import pages


class Growing(Host):
    """A host that signs two entries more before each page of one."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def page(self, register: str, start: int) -> pages.Page | None:
        self.asked += 1
        assert self.asked < 20
        for _ in range(2):
            body = b"more %d" % self.tree.size
            leaf = Leaf.of(Kind.ENVELOPE, 1, body)
            self.kept.append(pages.Kept(leaf=leaf.to_bytes(), body=body))
            self.tree.extend(leaf.hash)
        return super().page(register, start)


@pytest.mark.parametrize("cut", [2, 6])
def test_a_term_is_that_of_the_hosts_first_word(cut: int) -> None:
    host = Growing()
    term = term_of(host, REGISTER, host.tree.leaves(0, cut), host.signer.keys)
    assert term.cut == cut
    assert host.signer.keys.open(term.note).size == 8
    assert len(term.tail) == (8 - cut) * 32


def test_a_term_at_the_end_has_no_tail() -> None:
    host = Host()
    term = term_of(host, REGISTER, host.tree.leaves(0, host.tree.size), host.signer.keys)
    assert (term.cut, term.tail) == (host.tree.size, b"")


class Boasting(Host):
    """A host that says that it has any number of entries."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def note(self, tree: Tree) -> bytes:
        return self.signer.sign(Checkpoint(self.signer.origin, self.size, bytes(32)), 1)


@pytest.mark.parametrize("size", [1, 8, 7 + MOST, 1 << 40])
def test_a_host_that_shows_less_than_it_signed_gives_no_term(size: int) -> None:
    host = Boasting(size)
    with pytest.raises(OperationalError) as refused:
        term_of(host, REGISTER, host.tree.leaves(0, host.tree.size), host.signer.keys)
    assert refused.value.code == "venue-withholds"
