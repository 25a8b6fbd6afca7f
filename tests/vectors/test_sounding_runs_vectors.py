"""The vectors of spec/soundings.md sections 7 and 8, read from the files as another implementation would."""

from __future__ import annotations

import hashlib
import json
from functools import reduce
from pathlib import Path

import pytest

from good_offices.encoding import unpack
from good_offices.errors import RemoteError
from good_offices.register.box import ScalarDeposit
from good_offices.seals import group
from good_offices.soundings.context import Context, Run
from good_offices.soundings.course import course

VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "soundings"


def read(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))[name]


THREE, RANGE = read("three"), read("range")
RUNS = [THREE, *RANGE["runs"]]
REFUSED = [(THREE, case) for case in THREE["refused"]] + [
    (RANGE["runs"][0], case) for case in RANGE["refused"]
]
BOXES = [(THREE, case) for case in THREE["boxes_refused"]]
BOXES += [(RANGE["runs"][0], case) for case in RANGE["boxes_refused"]]


def run_of(told):
    return Run(unpack(bytes.fromhex(told["context"]), Context))


def choice(one):
    return None if one is None else tuple(one)


def heard(told, until=99):
    """A course that has heard all messages of the steps before `until`."""
    held = course(run_of(told))
    for one in told["messages"]:
        if one["step"] < until:
            held.take(one["step"], one["place"], bytes.fromhex(one["message"]), bytes.fromhex(one["binds"]))
    return held


def name_of(told):
    return told.get("name", "three")


@pytest.mark.parametrize("told", RUNS, ids=name_of)
def test_a_run_is_made_again_from_its_seeds(told):
    run = run_of(told)
    assert run.ctx.hex() == told["ctx"]
    held = course(run)
    sides = [
        held.side(place, choice(one), bytes.fromhex(seed))
        for place, (one, seed) in enumerate(zip(told["choices"], told["seeds"], strict=True))
    ]
    for one in told["messages"]:
        step, place, message = one["step"], one["place"], bytes.fromhex(one["message"])
        assert held.make(sides[place], step) == message
        assert held.binds(step).hex() == one["binds"]
        held.take(step, place, message, bytes.fromhex(one["binds"]))
    assert [held.deposit(side, 0, {}).hex() for side in sides] == told["deposits"]


@pytest.mark.parametrize("told", RUNS, ids=name_of)
def test_a_run_is_read_to_its_result(told):
    result = heard(told).found({0: [bytes.fromhex(one) for one in told["deposits"]]})
    assert (list(result.mutual), result.overlap) == (told.get("mutual", []), told.get("overlap"))


@pytest.mark.parametrize("told", RUNS, ids=name_of)
def test_a_result_by_the_words_of_the_specification(told):
    """7.2 to 7.5, 8.2 and 9.2 once more, from the bytes and without the modules of the course."""
    said, order = {}, []
    for one in told["messages"]:
        said.setdefault(one["step"], []).append(bytes.fromhex(one["message"]))
        # SHA-512 of ctx and all messages of the steps before, each with its length.
        before = [part for step in sorted(said) if step < one["step"] for part in said[step]]
        parts = [bytes.fromhex(told["ctx"]), *before]
        bound = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        assert hashlib.sha512(bound).hexdigest() == one["binds"]
        order.append(bytes.fromhex(one["message"]))
    sums, shares = said[max(said) - 1], said[max(said)]
    deposits = [unpack(bytes.fromhex(one), ScalarDeposit) for one in told["deposits"]]
    transcript = hashlib.sha512(b"".join(len(one).to_bytes(4, "big") + one for one in order)).digest()
    for place, one in enumerate(deposits):
        assert one.transcript == transcript
        assert list(one.elements) == [share[:32] for share in shares]
        assert group.base(group.scalar(one.scalar)) == shares[place][:32]
    count = (len(shares[0]) - 192) // 32
    found = []
    for at in range(count):
        b = reduce(group.plus, [one[64 * at + 32 : 64 * at + 64] for one in sums])
        opened = [
            group.times(group.invert(group.scalar(one.scalar)), share[192 + 32 * at : 224 + 32 * at])
            for one, share in zip(deposits, shares, strict=True)
        ]
        if reduce(group.plus, opened) == b:
            found.append(at)
    assert found == (told["mutual"] if "mutual" in told else [0] * told["overlap"])
    # And by what was wanted.
    if "mutual" in told:
        wanted = [at for at, marks in enumerate(zip(*told["choices"], strict=True)) if all(marks)]
        assert wanted == told["mutual"] != []
    else:
        one, other = told["choices"]
        meet = bool(one and other and max(one[0], other[0]) <= min(one[1], other[1]))
        assert meet == told["overlap"]


@pytest.mark.parametrize("told", RUNS, ids=name_of)
def test_lengths(told):
    """7.1 to 7.4, 8.1 and 8.2: a message has exactly its length, whatever was wanted."""
    size = run_of(told).size
    lengths = {1: 96, 2: 32 + 160 * size, 3: 32 + 96 * size, 4: 192 + 32 * size}
    if "overlap" in told:
        lengths = {1: 96, 2: 192 + 320 * size, 3: 160 + 128 * size, 4: 128, 5: 224}
    assert all(len(one["message"]) == 2 * lengths[one["step"]] for one in told["messages"])


@pytest.mark.parametrize(("told", "case"), REFUSED, ids=lambda case: case.get("name", ""))
def test_refused(told, case):
    held = heard(told, case["step"])
    with pytest.raises(RemoteError) as caught:
        held.take(case["step"], case["place"], bytes.fromhex(case["message"]), held.binds(case["step"]))
    facts = caught.value.facts
    assert (caught.value.code, facts["place"], facts["step"]) == (
        case["verdict"],
        case["place"],
        case["step"],
    )


@pytest.mark.parametrize(("told", "case"), BOXES, ids=lambda case: case.get("name", ""))
def test_boxes_that_give_no_result(told, case):
    with pytest.raises(RemoteError) as caught:
        heard(told).found({0: [bytes.fromhex(one) for one in case["deposits"]]})
    assert (caught.value.code, caught.value.facts["place"]) == (case["verdict"], case["place"])


def test_both_results_and_every_step_are_there():
    assert {one["overlap"] for one in RANGE["runs"]} == {True, False}
    assert {case["step"] for case in THREE["refused"]} == {1, 2, 3, 4}
    assert {case["step"] for case in RANGE["refused"]} == {2, 3, 4, 5}
