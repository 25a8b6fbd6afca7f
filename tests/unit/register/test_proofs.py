"""Proofs: each refusal by its reason. That good proofs pass is in tests/properties/test_register.py."""

import pytest

from good_offices.errors import RemoteError
from good_offices.register import proofs
from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.register.tree import Tree, leaf_hash

LEAVES = [leaf_hash(bytes([at])) for at in range(7)]
TREE = Tree.from_leaves(b"".join(LEAVES))
SHORT = bytes(31)


def why(call):
    with pytest.raises(RemoteError) as error:
        call()
    assert error.value.code in ("inclusion-invalid", "consistency-invalid")
    return error.value.facts["why"]


@pytest.mark.parametrize(("index", "size"), [(-1, 7), (7, 7), (0, 0), (0, 2**63)])
def test_inclusion_outside(index, size):
    assert "outside" in why(lambda: verify_inclusion(index, size, LEAVES[0], [], TREE.root()))


def test_inclusion_lengths_come_before_hashing(monkeypatch):
    monkeypatch.setattr(proofs, "node_hash", None)
    proof = TREE.inclusion_proof(2)
    for wrong in (proof[1:], [*proof, bytes(32)], []):
        assert "number" in why(lambda wrong=wrong: verify_inclusion(2, 7, LEAVES[2], wrong, TREE.root()))
    assert "length" in why(lambda: verify_inclusion(2, 7, LEAVES[2], [SHORT, *proof[1:]], TREE.root()))
    assert "length" in why(lambda: verify_inclusion(2, 7, SHORT, proof, TREE.root()))
    assert "length" in why(lambda: verify_inclusion(2, 7, LEAVES[2], proof, SHORT))


def test_inclusion_of_another_leaf():
    assert "another root" in why(
        lambda: verify_inclusion(2, 7, LEAVES[3], TREE.inclusion_proof(2), TREE.root())
    )


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 7), (5, 4), (-1, 4), (1, 2**63)])
def test_consistency_order(old, new):
    assert "order" in why(lambda: verify_consistency(old, new, [], TREE.root(), TREE.root()))


def test_consistency_with_itself():
    root = TREE.root()
    verify_consistency(7, 7, [], root, root)
    assert "number" in why(lambda: verify_consistency(7, 7, [root], root, root))
    assert "another root" in why(lambda: verify_consistency(7, 7, [], root, TREE.root(6)))


@pytest.mark.parametrize("old", [3, 4])
def test_consistency_lengths_come_before_hashing(old, monkeypatch):
    monkeypatch.setattr(proofs, "node_hash", None)
    proof, first, second = TREE.consistency_proof(old, 7), TREE.root(old), TREE.root()
    for wrong in (proof[1:], [*proof, bytes(32)], []):
        assert "number" in why(lambda wrong=wrong: verify_consistency(old, 7, wrong, first, second))
    assert "length" in why(lambda: verify_consistency(old, 7, [SHORT, *proof[1:]], first, second))
    assert "length" in why(lambda: verify_consistency(old, 7, proof, SHORT, second))
    assert "length" in why(lambda: verify_consistency(old, 7, proof, first, SHORT))


def test_consistency_with_another_history():
    proof = TREE.consistency_proof(3, 7)
    assert "another root" in why(lambda: verify_consistency(3, 7, proof, TREE.root(2), TREE.root()))
    assert "another root" in why(lambda: verify_consistency(3, 7, proof, TREE.root(3), TREE.root(6)))
