"""Whatever two delegations mark, they find what both accept and nothing else."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.soundings import Chunked, Played

MARKS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(marks=MARKS)
def test_exactly_what_both_accept_is_found(marks):
    both = Played(list(zip(*marks, strict=True)))
    assert both.opened() == [at for at, (one, other) in enumerate(marks) if one and other]


@settings(max_examples=25, deadline=None)
@given(marks=MARKS, chunk=st.integers(1, 12))
def test_of_packages_the_first_chunk_with_a_match_in_the_joint_order(marks, chunk):
    chunk = min(chunk, len(marks))
    both = Chunked(list(zip(*marks, strict=True)), chunk)
    over = False
    expected: list[tuple[int, list[int] | None]] = []
    for number in both.order:
        options = range(number * chunk, min(number * chunk + chunk, len(marks)))
        found = [at for at in options if all(marks[at])]
        expected.append((number, None if over else found))
        over = over or bool(found)
    assert [(number, found) for number, _, found in both.boxes()] == expected
    assert sorted(both.order) == list(range(-(-len(marks) // chunk)))
