"""What a run costs, counted in calls of the library: a message that costs more, or a sum made twice, shows here on any machine."""

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import pytest
from tests.support.soundings import context, seed

from good_offices.seals import group
from good_offices.soundings.context import Run
from good_offices.soundings.course import course

_T = TypeVar("_T")
CALLS = {"_times": "M", "_base": "B", "_plus": "A", "_minus": "A", "_from_hash": "H", "_is_valid": "D"}


class Counted:
    """Counts the calls of the library, by the letters of `soundings.pair`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: Counter[str] = Counter()
        for name, letter in CALLS.items():
            monkeypatch.setattr(group, name, self._counting(getattr(group, name), letter))

    def _counting(self, call: Callable[..., object], letter: str) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            self.calls[letter] += 1
            return call(*arguments)

        return counted

    def of(self, work: Callable[[], _T]) -> tuple[_T, Counter[str]]:
        """Return what some work gives, and its calls."""
        self.calls.clear()
        return work(), Counter(self.calls)


def run_of(counted: Counted, size: int, kind: str, parties: int) -> dict[str, Counter[str]]:
    """Return the calls for every message of a run, made by and taken from the last place that sends it, and for the result."""
    run = Run(context(size, kind, parties=parties))
    one = course(run)
    choice = (0, size - 1) if kind == "range" else (True, False) * (size // 2)
    sides = [one.side(place, choice, seed(place)) for place in range(parties)]
    found = {}
    for step, places in run.steps.items():
        for place in places:
            message, found[f"make {step}"] = counted.of(lambda s=step, p=place: one.make(sides[p], s))
            _, found[f"take {step}"] = counted.of(
                lambda s=step, p=place, said=message: one.take(s, p, said, one.binds(s))
            )
    deposits = [one.deposit(side, 0, {}) for side in sides]
    _, found["result"] = counted.of(lambda: one.found({0: deposits}))
    return found


def an_option(monkeypatch: pytest.MonkeyPatch, kind: str, parties: int) -> dict[str, dict[str, float]]:
    """Return the calls that an option more costs, by message."""
    counted = Counted(monkeypatch)
    few, more = (run_of(counted, size, kind, parties) for size in (16, 32))
    return {
        name: {
            letter: (more[name][letter] - few[name][letter]) / 16 for letter in sorted(set(CALLS.values()))
        }
        for name in more
    }


def costs(**letters: float) -> dict[str, float]:
    return {letter: letters.get(letter, 0) for letter in sorted(set(CALLS.values()))}


def test_an_option_of_two_delegations_costs_what_pair_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert an_option(monkeypatch, "options", 2) == {
        "make 1": costs(M=4, B=2, A=1, H=2),
        "take 1": costs(M=5, B=2, A=5, H=2, D=1),
        "make 2": costs(M=2, A=1),
        "take 2": costs(M=2, A=2, D=1),
        "result": costs(M=1),
    }


@pytest.mark.parametrize("parties", [3, 5])
def test_an_option_of_many_costs_what_many_says(monkeypatch: pytest.MonkeyPatch, parties: int) -> None:
    """The last message of a step is counted: the sums over all parties were made for the first, and are not made again."""
    assert an_option(monkeypatch, "options", parties) == {
        "make 1": costs(),
        "take 1": costs(),
        "make 2": costs(M=4, B=3, A=3),
        "take 2": costs(M=6, B=2, A=5, D=2),
        "make 3": costs(M=4),
        "take 3": costs(M=4, A=2, D=2),
        "make 4": costs(M=2, A=1),
        "take 4": costs(M=2, A=2, D=1),
        "result": costs(M=parties, A=parties - 1),
    }


def test_a_tick_of_a_range_costs_two_bits_and_two_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    found = an_option(monkeypatch, "range", 2)
    bits = {
        # Of two bits each, and the running sums of two rows of pairs.
        "make 2": costs(M=8, B=6, A=6 + 4),
        "take 2": costs(M=12, B=4, A=10 + 4, D=4),
        # Two branches each, and the two differences of pairs that they are about.
        "make 3": costs(M=6, B=2, A=4 + 4),
        "take 3": costs(M=6, B=2, A=4 + 4),
    }
    assert found == {name: bits.get(name, costs()) for name in found}


def test_what_is_made_once_is_made_again_of_anything_else() -> None:
    run = Run(context(3))
    one, other = b"a" * 40, b"b" * 40
    made = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [run.once("sums", [one, other], make) for _ in range(3)] == [1, 1, 1]
    # Equal is not enough, nor are some of them, nor the same ones for another purpose.
    assert run.once("sums", [bytes(bytearray(one)), other], make) == 2
    assert run.once("sums", [one], make) == 3
    assert run.once("sums", [one, other], make) == 4
    assert run.once("others", [one, other], make) == 5
    assert run.once("sums", [one, other], make) == 4
    assert Run(context(3)).once("sums", [one, other], make) == 6


def test_what_could_not_be_made_is_not_kept() -> None:
    run = Run(context(3))
    with pytest.raises(ZeroDivisionError):
        run.once("sums", [], lambda: 1 / 0)
    assert run.once("sums", [], lambda: 7) == 7
