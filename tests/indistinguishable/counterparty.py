"""What the other delegation holds after a run, on an option that it rejected: did we accept it or not?

Samples are runs of the pure core, with the other delegation ("B") on either place; it rejects every option. World 1: we ("A") accept
the option asked about; world 0: we reject it. Our mark on the second option is drawn. Context and seeds are fresh in every run.

B holds all messages, both scalars of the box, and its own x and seed. Of that:
1. *Values*: every element and scalar on the option or on the whole run, and both proofs: first and last byte, share of ones; of those on
   the option every byte; which of two challenges, responses and scalars is greater.
2. *Relations*: elements by name (both parties' X, E, V, T, W, the bases, G), each also times x_B, z_A, z_B and their inverses, twice over
   where it is on the option; then which of them are equal to which, and whether a sum or a difference of two is a third.
   What is equal in every run of both worlds is the protocol; what is equal in one world only is the mark.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from itertools import combinations

from tests.support.soundings import context

from good_offices.seals.group import GENERATOR, Element, Scalar, invert, minus, plus, times
from good_offices.soundings import pair
from good_offices.soundings.context import Run
from good_offices.soundings.proofs import Choice

SIZE = 2
ASKED = 0
Numbers = dict[str, float]


def samples(count: int, seed: int) -> Iterator[tuple[int, Numbers]]:
    """Yield (world, numbers) of runs, worlds drawn in pairs."""
    draw = random.Random(seed)
    worlds: list[int] = []
    for _ in range(count):
        if not worlds:
            worlds = draw.sample((0, 1), 2)
        world = worlds.pop()
        yield world, _sample(draw, world)


def _sample(draw: random.Random, world: int) -> Numbers:
    run = Run(context(SIZE, sounding=secrets.token_bytes(32), head_root=secrets.token_bytes(32)))
    ours = draw.randrange(2)
    marks = {ours: (bool(world), bool(draw.randrange(2))), 1 - ours: (False,) * SIZE}
    sides = [pair.Side(run, place, marks[place], secrets.token_bytes(32)) for place in (0, 1)]
    first = [pair.first(side) for side in sides]
    firsts = [pair.read_first(run, place, said) for place, said in enumerate(first)]
    seconds = [pair.read_second(run, side.place, firsts, pair.second(side, firsts)) for side in sides]
    z = [pair.deposit(side, firsts, seconds).scalar for side in sides]
    result = pair.opened(run, seconds, z)
    _, challenge, choices = pair._read_first(run, ours, first[ours])
    factor = pair.own_factor(sides[1 - ours], firsts)
    elements = _elements(run, ours, firsts, seconds)
    found = _values(elements, challenge, choices[ASKED], z, seconds[ours])
    found |= {"found": ASKED in result, "found in all": len(result)}
    return found | relations(elements, {"x": factor, "zA": z[ours], "zB": z[1 - ours]})


def _elements(run: Run, ours: int, firsts, seconds) -> dict[str, Element]:
    """All elements that B has, by name; those in small letters are on the option asked about."""
    theirs = 1 - ours
    found = {"G": GENERATOR}
    for name, place in (("A", ours), ("B", theirs)):
        found[f"X{name}"] = firsts[place].x
        found[f"E{name}"], found[f"V{name}"] = seconds[place].blinded.e, seconds[place].blinded.v
        found[f"t{name}"] = firsts[place].values[ASKED]
        found[f"w{name}"] = seconds[place].blinded.values[ASKED]
        found[f"n{name}"] = run.base(pair.NO[place], ASKED)
    return found | {"y": run.base(pair.YES, ASKED)}


def _values(
    elements: dict[str, Element], challenge: Scalar, choice: Choice, z: list[Scalar], second
) -> Numbers:
    blinded = second.blinded
    values: dict[str, bytes] = {name: elements[name] for name in ("XA", "EA", "VA", "tA", "wA", "wB")}
    values |= {
        "c": challenge,
        "c0": choice.challenges[0],
        "r0": choice.responses[0],
        "r1": choice.responses[1],
    }
    values |= {"z0": z[0], "z1": z[1], "link": blinded.link.challenge, "batch": blinded.batch.challenge}
    values |= {"link r": blinded.link.responses[0], "batch r": blinded.batch.responses[0]}
    return told(values)


def told(values: dict[str, bytes]) -> Numbers:
    """Return elements and scalars as numbers: of all some bytes, of those on the option every byte, and which are greater."""
    found: Numbers = {}
    for name, value in values.items():
        found[f"{name} low"], found[f"{name} high"] = value[0], value[-1]
        found[f"{name} ones"] = int.from_bytes(value).bit_count()
    for name in ("tA", "wA", "wB", "c0", "r0", "r1"):
        found |= {f"{name} byte {at}": byte for at, byte in enumerate(values[name])}
    whole = {name: int.from_bytes(value, "little") for name, value in values.items()}
    for one, other in combinations(("c", "c0", "r0", "r1", "z0", "z1"), 2):
        found[f"{one} over {other}"] = whole[one] > whole[other]
    return found


def relations(elements: dict[str, Element], factors: dict[str, Scalar]) -> Numbers:
    """Return which products of B's elements and scalars are equal, and which are sums or differences of others."""
    known = factors | {f"1/{name}": invert(one) for name, one in factors.items()}
    reached = dict(elements)
    for name, one in elements.items():
        reached |= {f"{by} {name}": times(factor, one) for by, factor in known.items()}
        if name[0].islower():
            for (by, factor), (again, further) in combinations(known.items(), 2):
                reached[f"{by} {again} {name}"] = times(factor, times(further, one))
    by_value: dict[bytes, list[str]] = {}
    for name, one in reached.items():
        by_value.setdefault(bytes(one), []).append(name)
    found: Numbers = {}
    for names in by_value.values():
        found |= {f"{one} = {other}": 1.0 for one, other in combinations(sorted(names), 2)}
    on_option = {
        name: one
        for name, one in reached.items()
        if name[-2:] in ("tA", "tB", "wA", "wB") and name.count(" ") < 2
    }
    for (name, one), (other_name, other) in combinations(on_option.items(), 2):
        for sign, made in (("+", plus(one, other)), ("-", minus(one, other))):
            for third in by_value.get(bytes(made), ()):
                found[f"{name} {sign} {other_name} = {third}"] = 1.0
    return found


def common_no() -> tuple[bytes, bytes]:
    """Return bases that betray: one for both places, so that two refusals look like two acceptances (section 12.5)."""
    return (pair.NO[0], pair.NO[0])
