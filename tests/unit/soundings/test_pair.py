"""Two delegations: what is found, how it is computed, and that yes and no are computed alike."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.support.soundings import Chunked, Played, context, seed

from good_offices.errors import LocalError
from good_offices.seals import group
from good_offices.soundings import blinding, packages, pair, proofs, scope
from good_offices.soundings.context import Run
from good_offices.soundings.pair import Side

EVERY = list(itertools.product([False, True], repeat=2))


@pytest.fixture(scope="module")
def played():
    """Every pair of marks there is."""
    return Played(list(zip(*EVERY, strict=True)))


def test_exactly_what_both_accept_is_found(played):
    assert played.opened() == [3]


def test_lengths_do_not_depend_on_marks(played):
    assert {len(one) for one in played.first} == {64 + 128 * 4}
    assert {len(one) for one in played.second} == {192 + 32 * 4}


def test_both_sides_deposit_the_same_but_the_scalar(played):
    one, other = played.deposits
    assert one.elements == other.elements
    assert one.transcript == other.transcript
    assert [group.base(each.scalar) for each in (one, other)] == one.elements


def test_one_s_own_messages_are_taken_without_their_proofs(played):
    for place, (first, second) in enumerate(zip(played.first, played.second, strict=True)):
        assert pair.own(played.run, place, 1, first) == played.firsts[place]
        assert pair.own(played.run, place, 2, second) == played.seconds[place]


@pytest.mark.parametrize("changed", ["marks", "seed"])
def test_a_side_does_not_go_on_from_a_message_that_is_not_its_own(played, changed):
    side = played.sides[0]
    other = {
        "marks": Side(played.run, 0, (True,) * 4, side.seed),
        "seed": Side(played.run, 0, side.marks, seed(9)),
    }[changed]
    calls = [
        (1, pair.second, other, played.firsts),
        (2, pair.deposit, other, played.firsts, played.seconds),
    ]
    for step, call, *args in calls:
        with pytest.raises(LocalError) as caught:
            call(*args)
        assert (caught.value.code, caught.value.facts["step"]) == ("sounding-own", step)


def test_no_secret_of_step_2_serves_two_answers(played):
    """Another message of step 1 of the other side has another factor of the box."""
    side = played.sides[0]
    again = pair.first(Side(played.run, 1, (True,) * 4, seed(1)))
    firsts = [played.firsts[0], pair.read_first(played.run, 1, again)]
    assert pair.second(side, firsts)[:32] != played.second[0][:32]


class Called:
    """Notes which functions of the group are called, in order."""

    def __init__(self, monkeypatch):
        self.names: list[str] = []
        for module in (pair, proofs, blinding):
            for name in ("times", "base", "plus", "minus", "add", "subtract", "multiply", "same"):
                if hasattr(module, name):
                    monkeypatch.setattr(module, name, self.noting(name, getattr(group, name)))
        hashed = Run.base
        monkeypatch.setattr(Run, "base", self.noting("hash", hashed))

    def noting(self, name, function):
        def call(*args):
            self.names.append(name)
            return function(*args)

        return call


def test_yes_and_no_are_computed_alike(monkeypatch):
    traces = set()
    for marks in itertools.product([False, True], repeat=3):
        with monkeypatch.context() as patch:
            called = Called(patch)
            both = Played([marks, (True, False, True)])
            assert both.opened() == [at for at in (0, 2) if marks[at]]
            assert both.first
            traces.add(tuple(called.names))
    assert len(traces) == 1


@pytest.mark.parametrize(
    ("step", "wanted"),
    [
        ("first", {"times": 4, "base": 2, "plus": 1, "hash": 2}),
        ("read_first", {"times": 5, "base": 2, "plus": 4, "minus": 1, "hash": 2}),
        ("second", {"times": 2, "plus": 1}),
        ("read_second", {"times": 2, "plus": 2}),
        ("opened", {"times": 1}),
    ],
)
def test_an_option_costs_what_the_module_says(monkeypatch, step, wanted):
    counts = []
    for size in (8, 16):
        both = Played([[True] * size, [False] * size])
        scalars = [one.scalar for one in both.deposits]
        calls = {
            "first": lambda both=both: pair.first(both.sides[0]),
            "read_first": lambda both=both: pair.read_first(both.run, 0, both.first[0]),
            "second": lambda both=both: pair.second(both.sides[0], both.firsts),
            "read_second": lambda both=both: pair.read_second(both.run, 0, both.firsts, both.second[0]),
            "opened": lambda both=both, scalars=scalars: pair.opened(both.run, both.seconds, scalars),
        }
        with monkeypatch.context() as patch:
            called = Called(patch)
            calls[step]()
        counts.append({name: called.names.count(name) for name in ("times", "base", "plus", "minus", "hash")})
    grown = {name: (counts[1][name] - counts[0][name]) / 8 for name in counts[0]}
    assert {name: count for name, count in grown.items() if count} == wanted


def test_threads_make_the_same_bytes(played):
    with ThreadPoolExecutor(2) as pool:

        def each(function, items):
            return group.each(function, items, pool, chunk=2)

        assert pair.first(played.sides[0], each=each) == played.first[0]
        assert pair.read_first(played.run, 1, played.first[1], each=each) == played.firsts[1]
        assert pair.second(played.sides[0], played.firsts, each=each) == played.second[0]
        assert (
            pair.read_second(played.run, 1, played.firsts, played.second[1], each=each) == played.seconds[1]
        )
        scalars = [one.scalar for one in played.deposits]
        assert pair.opened(played.run, played.seconds, scalars, each=each) == [3]


class StopError(Exception):
    """The user has closed the window."""


def test_what_was_stopped_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(scope, "STORED", 2)
    both = Played([[True, False, True, False, True], [True, True, False, False, True]])
    store: dict[bytes, bytes] = {}
    computed = []

    def until(limit):
        def each(function, items):
            for item in items:
                if len(computed) == limit:
                    raise StopError
                computed.append(item)
                yield function(item)

        return each

    for work in (
        lambda each: pair.first(both.sides[0], each=each, store=store),
        lambda each: pair.read_first(both.run, 1, both.first[1], each=each, store=store),
    ):
        computed.clear()
        with pytest.raises(StopError):
            work(until(3))
        assert computed == [0, 1, 2]
        made = work(until(99))
        assert computed == [0, 1, 2, 2, 3, 4]
        assert made in (both.first[0], both.firsts[1])
    assert len(store) == 6


def test_a_store_is_never_taken_for_other_marks():
    run, store = Run(context(3)), {}
    for marks in itertools.product([False, True], repeat=3):
        assert pair.first(Side(run, 0, marks, seed(0)), store=store) == pair.first(
            Side(run, 0, marks, seed(0))
        )
    assert len(store) == 8


def test_packages_are_looked_at_until_one_is_found():
    marks = [[at in (1, 4, 7, 8) for at in range(9)], [at in (4, 6, 7) for at in range(9)]]
    chunked = Chunked(marks, 2)
    assert sorted(chunked.order) == [0, 1, 2, 3, 4]
    boxes = chunked.boxes()
    expected = []
    over = False
    for chunk in chunked.order:
        mutual = [at for at in range(2 * chunk, min(2 * chunk + 2, 9)) if at in (4, 7)]
        expected.append((chunk, None if over else mutual))
        over = over or bool(mutual)
    assert [(chunk, found) for chunk, _, found in boxes] == expected
    assert over
    for chunk, (one, other), found in boxes:
        assert one.elements == other.elements
        assert one.transcript == other.transcript
        parts = [said.chunks[chunk] for said in chunked.seconds]
        bound = [part.blank if found is None else part.blinded.e for part in parts]
        assert one.elements == bound
        assert [group.base(each.scalar) for each in (one, other)] == bound


def test_packages_cost_bytes_by_their_number_only():
    for marks in ([[True] * 5, [False] * 5], [[False] * 5, [True] * 5]):
        assert {len(one) for one in Chunked(marks, 2).second} == {3 * 224 + 5 * 32}


def test_one_chunk_has_one_order():
    chunked = Chunked([[True, False], [True, True]], 2)
    assert chunked.order == [0]
    assert [found for _, _, found in chunked.boxes()] == [[0]]
    for place, said in enumerate(chunked.second):
        assert packages.own_second(chunked.run, place, said) == chunked.seconds[place]


def test_the_order_is_of_both_and_every_order_can_be_drawn():
    run = Run(context(3, "packages", 1))
    drawn = {tuple(packages.order(run, [bytes([at]) * 32, bytes(32)])) for at in range(60)}
    assert drawn == set(itertools.permutations(range(3)))
    other = {tuple(packages.order(run, [bytes(32), bytes([at]) * 32])) for at in range(60)}
    assert other == drawn
    nobody = Run(context(3))
    with pytest.raises(LocalError, match="kind"):
        packages.order(nobody, [bytes(32)] * 2)


def test_packages_do_not_go_on_from_what_is_not_one_s_own():
    chunked = Chunked([[True, False], [True, True]], 1)
    other = Side(chunked.run, 0, (True, True), seed(0))
    for call in (
        lambda: packages.second(other, chunked.firsts),
        lambda: packages.deposit(other, chunked.firsts, chunked.seconds, 0, blank=False),
        lambda: packages.deposit(other, chunked.firsts, chunked.seconds, 0, blank=True),
    ):
        with pytest.raises(LocalError) as caught:
            call()
        assert caught.value.code == "sounding-own"
