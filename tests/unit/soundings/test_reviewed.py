"""What an independent review found breakable, and that it is mended; each test once failed because of what its name states."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tests.support import sounder
from tests.support.soundings import Coursed, context, digest

from good_offices.desk.soundings.marks import chosen
from good_offices.encoding import pack
from good_offices.soundings.context import Run
from good_offices.soundings.course import course


@pytest.mark.parametrize("opened", [1, 2], ids=["the order", "a chunk"])
def test_what_packages_have_opened_is_not_drawn_anew(opened):
    """Who lets the next box lapse gets another order, and another run against the same marks: eight runs of one list."""
    smith = sounder.Sounder()
    run = smith.opens(sounder.packages())
    smith.all_said(run)
    for number in range(opened):
        smith.all_commit(run, number)
        assert smith.opens_box(run, number).status == "valid"
    smith.commits("B", run, opened)
    smith.voids_box(run, opened)
    found = smith.sounding(run)
    assert found.outcome != "running", "a further attempt draws a new order and opens other chunks"


@pytest.mark.parametrize("listed", [sounder.listed(), sounder.figures()], ids=["options", "range"])
def test_a_void_after_which_a_scalar_may_be_known_begins_no_further_attempt(listed):
    """A host that sides with a party hands it our scalar and logs a void: eight questions to the same range, not one."""
    smith = sounder.Sounder()
    run = smith.opens(listed)
    smith.all_said(run)
    smith.all_commit(run)  # from here on an honest desk hands its scalar over
    smith.voids_box(run)
    assert smith.sounding(run).outcome != "running"


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(("other", "covers"), [((1, 6), True), ((2, 3), False), ((5, 7), False)])
def test_who_exchanges_the_ends_of_a_range_asks_another_question_of_one_bit(place, other, covers):
    """With lo > hi the bit is whether the other's range covers the interval between them (spec/soundings.md 12.8, 13.8)."""
    played = Coursed("range", 8, [other, other])
    object.__setattr__(played.sides[place], "ticks", (5, 2))  # what a dishonest party does
    assert played.play().found().overlap is covers


def test_a_box_of_packages_costs_the_same_before_and_after_a_match():
    """The time between reading and committing is the host's to measure: it tells whether, and at which box, there was a match."""

    def costs(theirs):
        count = 0

        def each(function, items):
            nonlocal count
            count += len(items)
            return [function(item) for item in items]

        run = Run(context(8, "packages", 2))
        courses = [course(run, each=each), course(run)]
        given = [(True,) * 8, theirs]
        sides = [one.side(at, given[at], digest(f"side {at}")) for at, one in enumerate(courses)]
        for step in (1, 2):
            said = [courses[at].make(sides[at], step) for at in (0, 1)]
            for own, one in enumerate(courses):
                binds = one.binds(step)
                for at in (0, 1):
                    one.take(step, at, said[at], binds, sides[own])
        opened, found = {}, []
        for number in range(5):
            count = 0
            ours = courses[0].deposit(sides[0], number, opened)
            found.append(count)
            opened[number] = [ours, courses[1].deposit(sides[1], number, opened)]
        return found

    assert costs((False,) * 8) == costs((True,) * 8)


def test_marks_of_a_range_have_one_length():
    """`Chosen` says that its length tells nothing; integers of CBOR have one to three bytes."""
    scale = SimpleNamespace(kind="range", size=2000)
    wanted = (None, (0, 0), (10, 30), (30, 300), (300, 500))
    assert len({len(pack(chosen(scale, one))) for one in wanted}) == 1
