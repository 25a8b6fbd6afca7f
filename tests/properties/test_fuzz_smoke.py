"""Every fuzz target on its seeds and a few hundred changed inputs; `python -m fuzz` goes on for as long as one likes."""

import random

import pytest
from fuzz.__main__ import call, inputs
from fuzz.mutation import mutate
from fuzz.targets import TARGETS

RUNS = 200


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_are_read_or_refused(name):
    target, chance = TARGETS[name], random.Random(name)
    corpus = inputs(target, chance)
    assert corpus
    for data in [*corpus, *(mutate(chance, chance.choice(corpus), corpus) for _ in range(RUNS))]:
        call(target, data)
