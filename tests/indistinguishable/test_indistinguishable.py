"""What `make indistinguishable` measures at length, in little: desks that betray their marks are found out, by the same means.

That honest desks are not is a matter of many samples: see the long run, whose result stands in docs/assurance.md.
"""

from __future__ import annotations

import random

import pytest
from tests.indistinguishable import closed_chunks, counterparty
from tests.indistinguishable.cases import CASES, SIZE
from tests.indistinguishable.classifying import area, interval, judge
from tests.indistinguishable.gathering import drawn, gather, group, rows
from tests.indistinguishable.seen import ABSENT

from good_offices.soundings import pair

FEW = 12


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """Samples of real venues and desks whose padding tells how many options they accept."""
    file = tmp_path_factory.mktemp("spoilt") / "rows.jsonl"
    for seed in range(1, 4):
        gather(FEW, "padding", file, seed=seed, lanes=FEW // 4, apart=0.1)
        # A run that a busy machine kept from its end by the time the sample was over says nothing of padding, and so does one whose
        # desks came too late to read their marks.
        ended = [one for one in rows(file) if one["mutual"] is not None]
        done = [one for one in ended if len(one["mutual"]) == one["world"] and one["numbers"]["opened"] == 1]
        if len(done) >= FEW - 2 and {one["world"] for one in done} == {0, 1}:
            return done
    pytest.fail("this machine is too busy: runs do not come to their end")


def test_a_desk_whose_padding_depends_on_marks_is_found_out(spoilt):
    result = judge(
        [one["numbers"] for one in spoilt],
        [one["world"] for one in spoilt],
        [group(one) for one in spoilt],
        permuted=20,
    )
    assert result.numbers > 100
    assert result.area[1] > 0.5, result


def test_desks_really_sound_and_find_what_was_marked(spoilt):
    assert {len(one["mutual"]) for one in spoilt} == {0, 1}


def test_wire_and_disk_of_both_desks_are_measured(spoilt):
    for one in spoilt:
        numbers = one["numbers"]
        for desk in ("opener", "other"):
            assert numbers[f"{desk} before GET entries"] >= 1
            assert numbers[f"{desk} after POST entries"] >= 3
            assert numbers[f"{desk} after POST boxes/"] >= 1
            assert all(numbers[f"{desk} post {number} time"] > ABSENT for number in range(4))
        assert numbers["opened"] == 1
        assert numbers["entries"] >= 8
        assert numbers["after venue.db size"] > 100_000
        assert abs(sum(numbers[f"wire up bytes {high:x}"] for high in range(16)) - 1) < 1e-9


def test_worlds_are_drawn_alike():
    played = list(drawn(40, "", 1))
    assert sum(one.world for one in played) == 20
    assert sum(one.world == 0 and not one.told for one in played) == 10


@pytest.mark.parametrize("name", CASES)
def test_what_is_wanted_is_found_in_one_world_only(name):
    case = CASES[name]
    for seed in range(20):
        for world in (0, 1):
            wanted = case.wanted(world, random.Random(seed))
            assert len(wanted) == case.parties
            if case.kind == "range":
                (low, high), (other_low, other_high) = wanted
                assert 0 <= low <= high < SIZE
                assert 0 <= other_low <= other_high < SIZE
                assert (high >= other_low and other_high >= low) == bool(world)
            else:
                assert sum(map(all, zip(*wanted, strict=True))) == world


def test_a_common_base_of_refusal_is_found_out(monkeypatch):
    monkeypatch.setattr(pair, "NO", counterparty.common_no())
    worlds, numbers = zip(*counterparty.samples(16, 5), strict=True)
    assert judge(numbers, worlds, [at // 2 for at in range(16)], permuted=20).is_told


def test_two_bases_of_refusal_stand_in_the_same_relations():
    worlds, numbers = zip(*counterparty.samples(12, 5), strict=True)
    relations = [{name for name in one if "=" in name} for one in numbers]
    assert set(worlds) == {0, 1}
    assert all(one == relations[0] for one in relations)
    assert len(relations[0]) > 20


def test_a_chunk_that_is_opened_after_a_match_is_found_out():
    worlds, numbers = zip(*closed_chunks.samples(16, 5, opens=True), strict=True)
    assert judge(numbers, worlds, [at // 2 for at in range(16)], permuted=20).is_told


def test_a_chunk_that_stays_closed_stands_in_the_same_relations():
    worlds, numbers = zip(*closed_chunks.samples(12, 5), strict=True)
    found = [{name for name in one if "=" in name} for one in numbers]
    assert set(worlds) == {0, 1}
    assert all(one == found[0] for one in found)
    assert len(found[0]) > 20


@pytest.mark.parametrize(
    ("scores", "found"), [([1, 2, 3, 4], 1.0), ([4, 3, 2, 1], 0.0), ([1, 1, 1, 1], 0.5), ([1, 3, 2, 4], 0.75)]
)
def test_area_is_the_share_of_pairs_in_order(scores, found):
    labels = [0, 0, 1, 1]
    assert area(scores, labels) == found
    low, high = interval(scores, labels)
    assert low <= found <= high


def test_a_small_difference_is_found_and_none_is_not():
    draw = random.Random(6)
    labels = [at % 2 for at in range(120)]

    def noise(shift):
        return [
            {f"n{at}": draw.gauss(shift * label if at == 3 else 0, 1) for at in range(20)} for label in labels
        ]

    pairs = [at // 2 for at in range(120)]
    found = judge(noise(1.2), labels, pairs, permuted=20)
    assert found.is_told
    assert (found.best, found.numbers) == ("n3", 20)
    assert found.best_p < 0.01
    assert found.p < 0.1
    nothing = judge(noise(0), labels, pairs, permuted=20)
    assert nothing.area[1] < 0.5
    assert nothing.best_p > 0.05


def test_numbers_that_never_change_are_left_out():
    labels = [at % 2 for at in range(20)]
    result = judge([{"a": 1, "b": at} for at in range(20)], labels, range(20), permuted=5)
    assert (result.numbers, result.same) == (1, 1)
