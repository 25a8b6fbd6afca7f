"""Roots from peaks: held against the tree itself."""

import pytest

from good_offices.errors import LocalError, RemoteError
from good_offices.register.peaks import peaks_of, root_after
from good_offices.register.tree import EMPTY_ROOT, Tree, leaf_hash

LEAVES = [leaf_hash(bytes([number])) for number in range(70)]
TREE = Tree.from_leaves(b"".join(LEAVES))


@pytest.mark.parametrize("size", range(71))
def test_peaks_and_the_leaves_after_them_give_every_root(size):
    peaks = peaks_of(TREE, size)
    assert len(peaks) == size.bit_count()
    for end in range(size, 71):
        assert root_after(size, peaks, LEAVES[size:end]) == (TREE.root(end) if end else EMPTY_ROOT)


def test_a_peak_that_is_missing_added_or_short_is_refused():
    peaks = peaks_of(TREE, 5)
    for wrong in (peaks[:-1], [*peaks, peaks[0]], [peaks[0], peaks[1][:31]]):
        with pytest.raises(RemoteError) as refused:
            root_after(5, wrong, LEAVES[5:])
        assert refused.value.code == "peaks-invalid"
    with pytest.raises(RemoteError):
        root_after(-1, [], [])


def test_other_peaks_give_another_root():
    peaks = peaks_of(TREE, 6)
    assert root_after(6, peaks[::-1], LEAVES[6:]) != TREE.root()


def test_there_are_no_peaks_beyond_the_tree():
    with pytest.raises(LocalError):
        peaks_of(TREE, 71)
