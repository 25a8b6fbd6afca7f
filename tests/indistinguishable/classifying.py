"""Telling two worlds apart by numbers: three classifiers, the area under the curve, and how sure it is. Standard library only.

Everything is decided before the data is seen; a reader can check it here, and no package need be trusted.

1. Each number is replaced by its rank among all samples (ties share one), scaled to mean 0 and deviation 1: neither units nor single
   late answers count. Labels are not looked at for that. Numbers that are the same in all samples are left out, and counted.
2. `FOLDS` folds of whole groups: the samples whose worlds were drawn together, as many of each. (If one of a group were seen and
   another not, whoever knows them for neighbours, by the load of the machine, would guess that their worlds differ, and be right
   more often than not.) A score is always that of a classifier which has not seen the sample, nor its group.
   - linear: ridge regression on labels of -1 and 1 (Fisher's discriminant where both worlds are alike in number), penalty 1 for
     each number at deviation 1; on the `BEST` numbers that tell most alone among the samples seen.
   - neighbours: the share of world 1 among the nearest samples, as many as the root of those seen; Euclidean distance of the
     ranks of the same `BEST` numbers.
   - trees: `TREES` boosted trees of depth 2 for logistic loss, step 0.1, 16 classes by quantile, on all numbers, each tree on a
     third of them, drawn.
   The verdict is on the mean of the three ranks of a sample's scores: one score, so that nothing is chosen afterwards.
3. AUC with ties as one half; 95 % interval from `RESAMPLES` bootstrap resamples within each world (percentiles).
4. p of labels shuffled within groups with everything computed again (`PERMUTED` times), of linear and neighbours together; and of the
   best single number against the best of shuffled labels (Westfall and Young), which corrects for how many numbers there are.
"""

from __future__ import annotations

import math
import multiprocessing
import random
from collections.abc import Callable, Sequence
from itertools import compress
from operator import mul
from typing import NamedTuple

FOLDS = 5
TREES = 60
STEP = 0.1
CLASSES = 16
LEAST = 3
BEST = 10
RESAMPLES = 2000
PERMUTED = 200
SHUFFLED = 1000

Columns = list[list[float]]
Split = list[tuple[list[int], list[int]]]


class Judged(NamedTuple):
    """What came out: sizes, AUC with its interval by classifier, the permutation p, the best single number and its p."""

    samples: int
    ones: int
    numbers: int
    same: int
    areas: dict[str, tuple[float, float, float]]
    p: float
    best: str
    best_area: float
    best_p: float

    @property
    def area(self) -> tuple[float, float, float]:
        """AUC, lower and upper end of the verdict's score."""
        return self.areas["together"]

    @property
    def is_told(self) -> bool:
        """Whether the worlds were told apart: the interval lies above one half."""
        return self.area[1] > 0.5

    @property
    def is_alike(self) -> bool:
        """Whether the interval contains one half, and no single number stands out."""
        return self.area[1] <= 0.5 <= self.area[2] and self.best_p >= 0.01


def judge(
    rows: Sequence[dict[str, float]],
    labels: Sequence[int],
    groups: Sequence[int],
    *,
    permuted: int = PERMUTED,
) -> Judged:
    """Return how well two worlds (labels 0 and 1) are told apart by the numbers of their samples, drawn in `groups`."""
    order = random.Random(1).sample(range(len(rows)), len(rows))  # how samples were collected says nothing
    rows, labels, groups = ([of[at] for at in order] for of in (rows, labels, groups))
    names = sorted({name for row in rows for name in row})
    columns = {name: _ranked([row.get(name, 0.0) for row in rows]) for name in names}
    kept = {name: column for name, column in columns.items() if column}
    split = _split(groups)
    ranks = list(kept.values())
    smooth = Best(ranks, split)
    scores = dict(zip(("linear", "neighbours"), smooth.scores(labels), strict=True))
    p = _permutation_p(
        lambda shuffled: area(together(*smooth.scores(shuffled)), shuffled),
        area(together(*scores.values()), labels),
        labels,
        groups,
        permuted,
    )
    scores["trees"] = trees(ranks, labels, split)
    scores["together"] = together(*scores.values())
    areas = {name: (area(one, labels), *interval(one, labels)) for name, one in scores.items()}
    best, best_area, best_p = single(kept, labels, groups)
    return Judged(
        len(rows), sum(labels), len(kept), len(names) - len(kept), areas, p, best, best_area, best_p
    )


def area(scores: Sequence[float], labels: Sequence[int]) -> float:
    """Return the share of pairs of the two worlds in which that of world 1 has the higher score; ties count one half."""
    ones = sum(labels)
    ranks = _mid_ranks(scores)
    return (sum(compress(ranks, labels)) - ones * (ones + 1) / 2) / (ones * (len(labels) - ones))


def interval(scores: Sequence[float], labels: Sequence[int], seed: int = 2) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the area: 2.5 and 97.5 % of resamples within each world."""
    draw = random.Random(seed)
    places = [[at for at, label in enumerate(labels) if label == world] for world in (0, 1)]
    ranks = _mid_ranks(scores)
    found = sorted(
        _weighted_area(ranks, labels, [at for place in places for at in draw.choices(place, k=len(place))])
        for _ in range(RESAMPLES)
    )
    return found[int(0.025 * RESAMPLES)], found[int(0.975 * RESAMPLES) - 1]


def _weighted_area(ranks: Sequence[float], labels: Sequence[int], drawn: list[int]) -> float:
    below = pairs = tied_low = tied_high = 0
    last = None
    for at in sorted(drawn, key=ranks.__getitem__):
        if ranks[at] != last:
            pairs += tied_high * (2 * below + tied_low)
            below, tied_low, tied_high, last = below + tied_low, 0, 0, ranks[at]
        if labels[at]:
            tied_high += 1
        else:
            tied_low += 1
    pairs += tied_high * (2 * below + tied_low)
    ones = sum(labels)
    return pairs / (2 * ones * (len(labels) - ones))


def together(*scores: Sequence[float]) -> list[float]:
    """Return the mean of each sample's ranks in several scores."""
    return [sum(ranks) for ranks in zip(*map(_mid_ranks, scores), strict=True)]


def single(
    columns: dict[str, list[float]], labels: Sequence[int], groups: Sequence[int]
) -> tuple[str, float, float]:
    """Return the number that alone tells most, its area, and p of the best under shuffled labels."""
    ranks = {name: _mid_ranks(column) for name, column in columns.items()}
    ones, count = sum(labels), len(labels)
    middle = ones * (count + 1) / 2
    # Ties make the deviation of a number smaller: each is measured by its own.
    scale = {
        name: math.sqrt(sum((one - (count + 1) / 2) ** 2 for one in column)) for name, column in ranks.items()
    }

    def most(chosen: Sequence[int]) -> tuple[float, str]:
        return max((abs(sum(compress(ranks[name], chosen)) - middle) / scale[name], name) for name in ranks)

    found, best = most(labels)
    draw = random.Random(3)
    over = sum(most(_shuffled(labels, groups, draw))[0] >= found - 1e-12 for _ in range(SHUFFLED))
    return best, area(columns[best], labels), (over + 1) / (SHUFFLED + 1)


class Best:
    """Linear and neighbours, on the numbers that tell most alone among the samples seen; labels come afterwards."""

    def __init__(self, columns: Columns, split: Split) -> None:
        self._columns, self._split = columns, split

    def scores(self, labels: Sequence[int]) -> tuple[list[float], list[float]]:
        """Return the scores of both classifiers, every sample's from a fold that has not seen it."""
        linear, nearest = [0.0] * len(labels), [0.0] * len(labels)
        for seen, unseen in self._split:
            columns = self._chosen(seen, labels)
            weights = _ridge([[column[at] for at in seen] for column in columns], [labels[at] for at in seen])
            points = list(zip(*columns, strict=True))
            count = round(math.sqrt(len(seen)))
            for at in unseen:
                point = points[at]
                linear[at] = sum(map(mul, point, weights))
                near = sorted(seen, key=lambda one: math.dist(point, points[one]))[:count]
                nearest[at] = sum(labels[one] for one in near) / count
        return linear, nearest

    def _chosen(self, seen: list[int], labels: Sequence[int]) -> Columns:
        signs = [0.0] * len(labels)
        mean = sum(labels[at] for at in seen) / len(seen)
        for at in seen:
            signs[at] = labels[at] - mean
        told = [abs(sum(map(mul, column, signs))) for column in self._columns]
        order = sorted(range(len(told)), key=told.__getitem__)
        return [self._columns[at] for at in order[-BEST:]]


def _ridge(columns: Columns, labels: list[int]) -> list[float]:
    count, mean = len(labels), sum(labels) / len(labels)
    signs = [(label - mean) / count for label in labels]
    matrix = [[sum(map(mul, one, other)) / count for other in columns] for one in columns]
    for at, row in enumerate(matrix):
        row[at] += 1.0
    return _solve(_cholesky(matrix), [sum(map(mul, column, signs)) for column in columns])


def _cholesky(matrix: Columns) -> Columns:
    factor: Columns = []
    for row in matrix:
        new: list[float] = []
        for at, known in enumerate(factor):
            new.append((row[at] - sum(map(mul, new, known))) / known[at])
        new.append(math.sqrt(row[len(factor)] - sum(one * one for one in new)))
        factor.append(new)
    return factor


def _solve(factor: Columns, right: list[float]) -> list[float]:
    half: list[float] = []
    for at, row in enumerate(factor):
        half.append((right[at] - sum(map(mul, half, row))) / row[at])
    for at in reversed(range(len(factor))):
        half[at] /= factor[at][at]
        known, row = half[at], factor[at]
        for before in range(at):
            half[before] -= known * row[before]
    return half


def trees(columns: Columns, labels: Sequence[int], split: Split) -> list[float]:
    """Return the scores of boosted trees of depth 2."""
    binned = [_binned(column) for column in columns]
    found = [0.0] * len(labels)
    for number, (seen, unseen) in enumerate(split):
        draw = random.Random(number)
        score = [0.0] * len(labels)
        for _ in range(TREES):
            chosen = [binned[at] for at in draw.sample(range(len(binned)), -(-len(binned) // 3))]
            chance = [1 / (1 + math.exp(-one)) for one in score]
            slope = [label - one for label, one in zip(labels, chance, strict=True)]
            bend = [one * (1 - one) for one in chance]
            for part, value in _tree(chosen, slope, bend, seen, range(len(labels))):
                for at in part:
                    score[at] += STEP * value
        for at in unseen:
            found[at] = score[at]
    return found


def _tree(columns: list[list[int]], slope, bend, seen, every) -> list[tuple[list[int], float]]:
    """Return the leaves of one tree: which samples lie in each, and its value; only those seen decide."""
    leaves = []
    for learn, reach in _cut(columns, slope, bend, seen, every):
        for inner, part in _cut(columns, slope, bend, learn, reach):
            value = sum(slope[at] for at in inner) / (1.0 + sum(bend[at] for at in inner))
            leaves.append((part, value))
    return leaves


def _cut(columns: list[list[int]], slope, bend, learn, reach) -> list[tuple[list[int], list[int]]]:
    """Return both sides of the best cut of the samples that decide, and of those that follow; or all as one."""
    slopes, bends = [slope[at] for at in learn], [bend[at] for at in learn]
    all_slope, all_bend = sum(slopes), sum(bends)
    best = (all_slope**2 / (1.0 + all_bend) + 1e-9, None, 0)
    for column in columns:
        sums, weights, counts = [0.0] * CLASSES, [0.0] * CLASSES, [0] * CLASSES
        for at, one, two in zip(learn, slopes, bends, strict=True):
            place = column[at]
            sums[place] += one
            weights[place] += two
            counts[place] += 1
        low = weight = number = 0.0
        for place in range(CLASSES - 1):
            low, weight, number = low + sums[place], weight + weights[place], number + counts[place]
            if not LEAST <= number <= len(learn) - LEAST:
                continue
            gain = low**2 / (1.0 + weight) + (all_slope - low) ** 2 / (1.0 + all_bend - weight)
            if gain > best[0]:
                best = (gain, column, place)
    _, column, place = best
    if column is None:
        return [(list(learn), list(reach))]
    return [
        (
            [at for at in learn if (column[at] <= place) == side],
            [at for at in reach if (column[at] <= place) == side],
        )
        for side in (True, False)
    ]


def _permutation_p(
    found_by: Callable[[list[int]], float],
    found: float,
    labels: Sequence[int],
    groups: Sequence[int],
    times: int,
) -> float:
    draw = random.Random(4)
    shuffled = [_shuffled(labels, groups, draw) for _ in range(times)]
    over = sum(one >= found - 1e-12 for one in _each(found_by, shuffled))
    return (over + 1) / (times + 1)


def _shuffled(labels: Sequence[int], groups: Sequence[int], draw: random.Random) -> list[int]:
    """Return the labels as they could have been drawn as well: each group's dealt out anew among its samples."""
    found = list(labels)
    for places in _places(groups).values():
        for at, label in zip(places, draw.sample([labels[one] for one in places], len(places)), strict=True):
            found[at] = label
    return found


def _places(groups: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for at, group in enumerate(groups):
        found.setdefault(group, []).append(at)
    return found


def _each(function: Callable[[list[int]], float], items: list[list[int]]) -> list[float]:
    """Return a function of all items, computed by as many processes as there are cores."""
    # Forked with what they need in place: a closure cannot be sent to them.
    with multiprocessing.get_context("fork").Pool(
        initializer=_TASK.extend, initargs=[[function, items]]
    ) as pool:
        return pool.map(_one, range(len(items)), chunksize=8)


_TASK: list = []


def _one(number: int) -> float:
    function, items = _TASK
    return function(items[number])


def _split(groups: Sequence[int]) -> Split:
    """Return of each fold which samples are seen and which are not; whole groups are dealt out in turn."""
    fold = {group: turn % FOLDS for turn, group in enumerate(_places(groups))}
    places = range(len(groups))
    return [
        ([at for at in places if fold[groups[at]] != one], [at for at in places if fold[groups[at]] == one])
        for one in range(FOLDS)
    ]


def _ranked(values: Sequence[float]) -> list[float]:
    """Return ranks at mean 0 and deviation 1; nothing if all are the same."""
    ranks = _mid_ranks(values)
    middle = (len(ranks) + 1) / 2
    deviation = math.sqrt(sum((one - middle) ** 2 for one in ranks) / len(ranks))
    return [(one - middle) / deviation for one in ranks] if deviation else []


def _mid_ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1; those that are equal share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or values[order[end]] != values[order[start]]:
            for at in order[start:end]:
                ranks[at] = (start + end + 1) / 2
            start = end
    return ranks


def _binned(column: Sequence[float]) -> list[int]:
    """Return the class of each value: 16 of about the same size."""
    ranks = _mid_ranks(column)
    return [min(CLASSES - 1, int((one - 0.5) * CLASSES / len(ranks))) for one in ranks]
