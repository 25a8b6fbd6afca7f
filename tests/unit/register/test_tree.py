"""Tree: what is refused, and what the rows hold. Roots and proofs are in tests/properties/test_register.py."""

import pytest

from good_offices.errors import LocalError
from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.register.tree import EMPTY_ROOT, HASH, Tree, leaf_hash, node_hash

LEAVES = [leaf_hash(bytes([at])) for at in range(7)]


def refused(code, call):
    with pytest.raises(LocalError) as error:
        call()
    assert error.value.code == code


def test_empty():
    tree = Tree()
    assert tree.size == 0
    assert tree.root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_append_gives_indexes_and_keeps_old_roots():
    tree = Tree()
    roots = [tree.root()]
    for at, leaf in enumerate(LEAVES):
        assert tree.append(leaf) == at
        assert tree.leaf(at) == leaf
        roots.append(tree.root())
    assert [tree.root(size) for size in range(8)] == roots
    assert roots[2] == node_hash(LEAVES[0], LEAVES[1])


def test_extend_gives_the_first_index():
    tree = Tree()
    assert tree.extend(b"".join(LEAVES[:3])) == 0
    assert tree.extend(b"") == 3
    assert tree.extend(b"".join(LEAVES[3:])) == 3
    assert tree.root() == Tree.from_leaves(b"".join(LEAVES)).root()


def test_many_leaves_at_once_cross_the_run():
    leaves = b"".join(leaf_hash(at.to_bytes(2, "big")) for at in range(10_001))
    bulk, single = Tree.from_leaves(leaves), Tree()
    for at in range(0, len(leaves), HASH):
        single.append(leaves[at : at + HASH])
    assert bulk.size == 10_001
    assert [bulk.root(size) for size in (1, 4095, 4096, 8193, 10_001)] == [
        single.root(size) for size in (1, 4095, 4096, 8193, 10_001)
    ]
    assert bulk._rows == single._rows


def test_portions_that_end_before_on_and_after_a_page():
    leaves = b"".join(leaf_hash(at.to_bytes(2, "big")) for at in range(12_290))
    tree, done = Tree(), 0
    for count in (4095, 1, 1, 4094, 2, 4097):
        assert tree.extend(leaves[done * HASH : (done + count) * HASH]) == done
        done += count
    assert tree.size == done == 12_290
    assert tree._rows == Tree.from_leaves(leaves)._rows
    assert [tree.leaf(at) for at in (4095, 4096, 8191, 8192)] == [
        leaves[at * HASH : (at + 1) * HASH] for at in (4095, 4096, 8191, 8192)
    ]
    verify_inclusion(4096, done, tree.leaf(4096), tree.inclusion_proof(4096), tree.root())
    verify_consistency(4097, done, tree.consistency_proof(4097, done), tree.root(4097), tree.root())


def test_a_leaf_hash_has_32_bytes():
    tree = Tree()
    refused("leaf-hash-length", lambda: tree.append(b"short"))
    refused("leaf-hash-length", lambda: tree.extend(bytes(33)))
    assert tree.size == 0


def test_leaves_are_each_leaf():
    hashes = [leaf_hash(b"%d" % at) for at in range(5000)]
    tree = Tree.from_leaves(b"".join(hashes))
    assert (
        tree.leaves(4000, 4200) == b"".join(hashes[4000:4200]) == b"".join(map(tree.leaf, range(4000, 4200)))
    )
    assert tree.leaves(7, 7) == b""
    for start, stop in ((-1, 3), (4999, 5001)):
        refused("register-range", lambda start=start, stop=stop: tree.leaves(start, stop))


@pytest.mark.parametrize("index", [-1, 7])
def test_no_leaf_outside(index):
    tree = Tree.from_leaves(b"".join(LEAVES))
    refused("register-range", lambda: tree.leaf(index))
    refused("register-range", lambda: tree.inclusion_proof(index))


@pytest.mark.parametrize("size", [0, 1, 2, 7, 8, 9, 100, 255, 256, 257])
def test_joined_proofs_are_the_proofs_of_each(size):
    tree = Tree.from_leaves(b"".join(leaf_hash(b"%d" % at) for at in range(size)))
    each = [b"".join(b"<" + one for one in tree.inclusion_proof(at)) for at in range(size)]
    for start in {0, 1, size // 3, size // 2, max(0, size - 1)}:
        for stop in {start, start + 1, (start + size) // 2, size}:
            if stop <= size:
                assert tree.joined_proofs(start, stop, b"<") == each[start:stop]
    refused("register-range", lambda: tree.joined_proofs(-1, 1))
    refused("register-range", lambda: tree.joined_proofs(0, size + 1))


@pytest.mark.parametrize("size", [-1, 8])
def test_no_size_that_was_not_reached(size):
    tree = Tree.from_leaves(b"".join(LEAVES))
    refused("register-range", lambda: tree.root(size))
    refused("register-range", lambda: tree.inclusion_proof(0, size))
    refused("register-range", lambda: tree.consistency_proof(1, size))


def test_an_index_within_the_tree_but_not_within_the_size():
    refused("register-range", lambda: Tree.from_leaves(b"".join(LEAVES)).inclusion_proof(5, 5))


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 7), (5, 4), (-1, 4)])
def test_no_consistency_from_nothing_or_backward(old, new):
    refused("register-range", lambda: Tree.from_leaves(b"".join(LEAVES)).consistency_proof(old, new))


def test_consistency_with_itself_is_empty():
    assert Tree.from_leaves(b"".join(LEAVES)).consistency_proof(7, 7) == []
