"""The vectors of spec/soundings.md, read from the files as another implementation would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec import structs

from good_offices.encoding import unpack
from good_offices.errors import RemoteError
from good_offices.seals import group
from good_offices.soundings import packages, pair
from good_offices.soundings.context import Context, Listed, Run, check_list
from good_offices.soundings.pair import Side

VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "soundings"


def read(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))[name]


def raw(values):
    return [bytes.fromhex(value) for value in values]


def run_of(case):
    return Run(unpack(bytes.fromhex(case["context"]), Context))


def sides_of(case):
    run = run_of(case)
    pairs = zip(case["marks"], raw(case["seeds"]), strict=True)
    return [Side(run, place, tuple(marks), seed) for place, (marks, seed) in enumerate(pairs)]


def firsts_of(case):
    run = run_of(case)
    return [pair.read_first(run, place, message) for place, message in enumerate(raw(case["first"]))]


@pytest.mark.parametrize("case", read("lists"), ids=range(3))
def test_list(case):
    listed = unpack(bytes.fromhex(case["list"]), Listed)
    check_list(listed)
    assert (listed.size, listed.hash.hex()) == (case["size"], case["hash"])


@pytest.mark.parametrize("name", ["options", "packages"])
def test_hashing(name):
    case = read(name)
    run = run_of(case)
    assert run.ctx.hex() == case["ctx"]
    for tag, bases in case["bases"].items():
        assert [run.base(tag.encode(), at).hex() for at in range(run.size)] == bases


def test_options():
    case = read("options")
    sides, run = sides_of(case), run_of(case)
    assert [pair.first(side).hex() for side in sides] == case["first"]
    firsts = firsts_of(case)
    assert [pair.second(side, firsts).hex() for side in sides] == case["second"]
    seconds = [pair.read_second(run, at, firsts, one) for at, one in enumerate(raw(case["second"]))]
    deposits = [pair.deposit(side, firsts, seconds) for side in sides]
    assert [one.scalar.hex() for one in deposits] == case["scalars"]
    for one in deposits:
        assert [element.hex() for element in one.elements] == case["elements"]
        assert one.transcript.hex() == case["transcript"]
    assert pair.opened(run, seconds, raw(case["scalars"])) == case["mutual"]
    both = [at for at, marks in enumerate(zip(*case["marks"], strict=True)) if all(marks)]
    assert both == case["mutual"]


def test_options_by_the_words_of_the_specification():
    """Section 5 once more, from the bytes and without the module: T, W and what is mutual."""
    case = read("options")
    size = len(case["marks"][0])
    (first, other), seconds, scalars = raw(case["first"]), raw(case["second"]), raw(case["scalars"])
    assert {len(first), len(other)} == {64 + 128 * size}
    assert [group.base(z) for z in scalars] == raw(case["elements"]) == [one[:32] for one in seconds]
    values = [[one[192 + 32 * at : 224 + 32 * at] for at in range(size)] for one in seconds]
    found = [
        at
        for at in range(size)
        if group.times(scalars[1], values[0][at]) == group.times(scalars[0], values[1][at])
    ]
    assert found == case["mutual"]


def test_packages():
    case = read("packages")
    sides, run = sides_of(case), run_of(case)
    assert [pair.first(side).hex() for side in sides] == case["first"]
    firsts = firsts_of(case)
    assert [packages.second(side, firsts).hex() for side in sides] == case["second"]
    seconds = [packages.read_second(run, at, firsts, one) for at, one in enumerate(raw(case["second"]))]
    assert [packages.order_deposit(side, firsts, seconds).hex() for side in sides] == case["orders"]
    nonces = [packages.read_order(run, at, one) for at, one in enumerate(raw(case["orders"]))]
    assert packages.order(run, nonces) == case["order"] == [box["chunk"] for box in case["boxes"]]
    for box in case["boxes"]:
        chunk, blank = box["chunk"], box["mutual"] is None
        deposits = [packages.deposit(side, firsts, seconds, chunk, blank=blank) for side in sides]
        assert [one.scalar.hex() for one in deposits] == box["scalars"]
        assert [element.hex() for element in deposits[0].elements] == box["elements"]
        assert deposits[1].transcript.hex() == box["transcript"]
        if blank:
            packages.check_blank(seconds, chunk, raw(box["scalars"]))
        else:
            assert packages.opened(run, seconds, chunk, raw(box["scalars"])) == box["mutual"]


@pytest.mark.parametrize("case", read("orders"), ids=lambda case: case["chunks"])
def test_order(case):
    made = unpack(bytes.fromhex(read("packages")["context"]), Context)
    run = Run(structs.replace(made, size=case["chunks"], chunk=1))
    assert packages.order(run, raw(case["nonces"])) == case["order"]


@pytest.mark.parametrize("case", read("refused")["cases"], ids=lambda case: case["name"])
def test_refused(case):
    whole = read("refused")
    run, message = run_of(whole), bytes.fromhex(case["message"])
    firsts = firsts_of(whole)
    readers = (
        lambda: pair.read_first(run, case["place"], message),
        lambda: pair.read_second(run, case["place"], firsts, message),
    )
    with pytest.raises(RemoteError) as caught:
        readers[case["step"] - 1]()
    facts = caught.value.facts
    assert (caught.value.code, facts["place"], facts["step"]) == (
        case["verdict"],
        case["place"],
        case["step"],
    )
