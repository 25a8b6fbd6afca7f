"""Wherever signatures are checked, and whenever the other process ends, each act is told the same."""

from __future__ import annotations

from collections import deque
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.checking import KINDS, act, ready

from good_offices.desk import checking
from good_offices.desk.checking import Check, Checks

RECORDS = st.lists(st.sampled_from(KINDS), min_size=1, max_size=40)


def told(checks: Checks, record: list[str], ahead: int, ends: int | None) -> list[str | None]:
    """Return what each act is told when it is asked for `ahead` acts later; the process is killed before one of them."""
    waiting: deque[Check] = deque()
    found = []
    for at, kind in enumerate(record):
        if at == ends and checks._process is not None:
            checks._process.kill()
        waiting.append(checks.begin(*act(kind)))
        if len(waiting) > ahead:
            found.append(checks.result(waiting.popleft()))
    return found + [checks.result(one) for one in waiting]


@given(RECORDS, st.integers(0, 33))
@settings(max_examples=60, deadline=None)
def test_the_other_process_and_this_one_say_the_same(record: list[str], ahead: int) -> None:
    with Checks() as here:
        assert told(here, record, ahead, None) == told(_SHARED(), record, ahead, None)


@given(RECORDS, st.integers(0, 33), st.integers(0, 39))
@settings(max_examples=15, deadline=None)
def test_so_they_do_when_it_is_killed_in_the_middle(record: list[str], ahead: int, ends: int) -> None:
    with patch.object(checking, "_cores", lambda: 2), Checks() as here, Checks() as beside:
        assert told(here, record, ahead, None) == told(ready(beside), record, ahead, ends)


class _Shared:
    """One process for all examples: to begin one takes longer than an example."""

    def __init__(self) -> None:
        self.checks: Checks | None = None

    def __call__(self) -> Checks:
        if self.checks is None or self.checks._wire is None:
            with patch.object(checking, "_cores", lambda: 2):
                self.checks = ready(Checks())
        return self.checks


_SHARED = _Shared()


def teardown_module() -> None:
    if _SHARED.checks is not None:
        _SHARED.checks._give_up()
