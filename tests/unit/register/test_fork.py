"""Forks: two histories convict the host, one never does."""

import pytest

from good_offices.errors import EquivocationError, Exit, LocalError, RemoteError
from good_offices.register.fork import (
    check_notes,
    check_view,
    fork_of_entries,
    fork_of_prefix,
    fork_of_roots,
    verify_fork,
)
from good_offices.register.host import seen_of
from good_offices.register.tree import Tree


@pytest.fixture
def keys(host):
    return host.keys


def unproved(call, code="fork-unproved"):
    with pytest.raises(RemoteError) as error:
        call()
    assert error.value.code == code


def test_two_roots_of_one_size(keys, one, other):
    first, second = one.note(9), other.note(9)
    fork = fork_of_roots(first, second, keys)
    assert fork == fork_of_roots(second, first, keys) == verify_fork(fork.to_bytes(), keys)
    assert {fork.first, fork.second} == {first, second}


def test_the_error_carries_notes_and_evidence(keys, one, other):
    with pytest.raises(EquivocationError) as error:
        check_notes(one.note(9), other.note(9), keys)
    assert {keys.open(error.value.first).root, keys.open(error.value.second).root} == {
        one.tree.root(9),
        other.tree.root(9),
    }
    assert error.value.exit is Exit.EQUIVOCATION
    assert verify_fork(error.value.evidence, keys).first == error.value.first
    assert "of 9 and of 9 entries" in str(error.value)


def test_notes_that_agree_or_that_cannot_be_compared(keys, one, other):
    check_notes(one.note(9), one.note(9, seconds=5), keys)
    check_notes(one.note(3), other.note(11), keys)
    check_notes(one.note(4), other.note(4), keys)


@pytest.mark.parametrize("size", range(5, 12))
def test_a_view_against_our_leaves(keys, one, other, size):
    for note in (one.note(size), keys.seen_note(seen_of(one.note(size)))):
        assert check_view(note, one.tree, one.note(11), keys).size == size
        with pytest.raises(EquivocationError) as error:
            check_view(note, other.tree, other.note(11), keys)
        verify_fork(error.value.evidence, keys)


@pytest.mark.parametrize("size", range(5))
def test_before_the_fork_the_views_agree(keys, one, other, size):
    assert check_view(one.note(size), other.tree, other.note(11), keys).size == size


def test_a_view_beyond_our_leaves_is_not_judged(keys, one, other):
    ours = Tree.from_leaves(b"".join(leaf.hash for leaf in other.leaves[:6]))
    assert check_view(one.note(9), ours, other.note(6), keys).size == 9


def test_prefix_needs_the_leaves_under_the_later_note(keys, one, other):
    unproved(lambda: fork_of_prefix(one.note(11), other.note(9), other.tree, keys))
    unproved(lambda: fork_of_prefix(one.note(6), other.note(9), one.tree, keys))
    with pytest.raises(LocalError):
        fork_of_prefix(one.note(6), other.note(9), Tree(), keys)


def test_no_prefix_convicts_an_honest_host(keys, one):
    for size in range(12):
        unproved(lambda size=size: fork_of_prefix(one.note(size), one.note(11), one.tree, keys))


def test_a_denied_entry(keys, one, other):
    ours, theirs = one.receipt(4, 6), other.receipt(4, 11)
    fork = fork_of_entries(theirs, ours, keys)
    assert fork.first == ours.note
    assert verify_fork(fork.to_bytes(), keys) == fork


def test_denied_at_the_same_size(keys, one, other):
    fork = fork_of_entries(one.receipt(4, 9), other.receipt(4, 9), keys)
    verify_fork(fork.to_bytes(), keys)


def test_receipts_that_agree(keys, one, other):
    unproved(lambda: fork_of_entries(one.receipt(3, 6), other.receipt(3, 11), keys))
    unproved(lambda: fork_of_entries(one.receipt(4, 6), one.receipt(5, 11), keys))
    unproved(lambda: fork_of_entries(one.receipt(4, 9), one.receipt(4, 9), keys))


def test_a_receipt_that_does_not_verify_is_no_evidence(keys, one, other, stranger):
    wrong = one.receipt(4, 6)
    wrong = type(wrong).of(5, wrong.leaf, wrong.proof, wrong.note)
    unproved(lambda: fork_of_entries(wrong, other.receipt(4, 11), keys), "inclusion-invalid")
    evidence = fork_of_roots(one.note(9), other.note(9), keys).to_bytes()
    unproved(lambda: verify_fork(evidence, stranger.keys), "signature-lines")


def test_every_byte_of_the_evidence_counts(keys, one, other):
    seen = [keys.seen_note(seen_of(history.note(9))) for history in (one, other)]
    evidence = fork_of_roots(*seen, keys).to_bytes()
    verify_fork(evidence, keys)
    for at in range(len(evidence)):
        changed = evidence[:at] + bytes([evidence[at] ^ 1]) + evidence[at + 1 :]
        with pytest.raises(RemoteError):
            verify_fork(changed, keys)
