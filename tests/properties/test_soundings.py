"""Whatever two delegations mark, they find what both accept and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.soundings import Chunked, Coursed, Played

from good_offices.errors import LocalError
from good_offices.soundings.course import course

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


@settings(max_examples=25, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["options", "range"]))
def test_nothing_but_what_a_side_has_made_is_its_own(data, kind):
    """Of whatever choices: a message with any part of another's, or any bit changed, is not one's own, anew or remembered."""
    size = data.draw(st.integers(2, 4))
    marks = st.tuples(*[st.booleans()] * size)
    ends = st.tuples(*[st.integers(0, size - 1)] * 2).map(lambda two: tuple(sorted(two)))
    choice = marks if kind == "options" else ends | st.none()
    run = Coursed(kind, size, [data.draw(choice) for _ in range(3 if kind == "options" else 2)]).play()
    number = data.draw(st.integers(0, len(run.steps) - 1))
    step, place = run.steps[number]
    message = run.said[step, place]
    others = [said for (_, one), said in run.said.items() if one != place and len(said) == len(message)]
    source = data.draw(st.sampled_from(others)) if others else bytes(len(message))
    start = data.draw(st.integers(0, len(message) - 1))
    stop = data.draw(st.integers(start + 1, len(message)))
    changed = message[:start] + source[start:stop] + message[stop:]
    if changed == message:
        changed = message[:start] + bytes([message[start] ^ 1]) + message[start + 1 :]
    held = course(run.run)
    for at in run.steps[:number]:
        if at[0] < step:
            run.take(held, *at, run.sides[place] if at[1] == place else None)
    if data.draw(st.booleans()):
        held.make(run.sides[place], step)
    with pytest.raises(LocalError) as caught:
        held.take(step, place, changed, held.binds(step), run.sides[place])
    assert caught.value.code == "sounding-own"
    held.take(step, place, message, held.binds(step), run.sides[place])
