"""What the other delegation holds of a package in a chunk that no box has opened: it accepts the package; do we?

Samples are runs of the pure core over two packages, a chunk each. Both delegations accept the one whose chunk is opened first, so that
of the other chunk the blanks are opened (spec/soundings.md 6.3). The other delegation ("B") accepts that package too. World 1: we ("A")
accept it; world 0: we reject it. Runs whose order is the other way are drawn again: the order depends on nothing that is asked about.

B holds all messages, what both boxes after the order opened, its own x and seed, so its own scalar of the closed chunk as well. Values
and relations are made of that as in `counterparty`. A spoilt run opens the chunk and not its blank.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator

from tests.indistinguishable.counterparty import Numbers, relations, told
from tests.support.soundings import context

from good_offices.seals.group import GENERATOR, Element
from good_offices.soundings import packages, pair
from good_offices.soundings.context import Run

CHUNKS = 2


def samples(count: int, seed: int, *, opens: bool = False) -> Iterator[tuple[int, Numbers]]:
    """Yield (world, numbers) of runs, worlds drawn in pairs; `opens` spoils them."""
    draw = random.Random(seed)
    worlds: list[int] = []
    for _ in range(count):
        if not worlds:
            worlds = draw.sample((0, 1), 2)
        world = worlds.pop()
        sample = None
        while sample is None:
            sample = _sample(draw, world, opens=opens)
        yield world, sample


def _sample(draw: random.Random, world: int, *, opens: bool) -> Numbers | None:
    """Return the numbers of a run; None if its order opens the chunk first that is to stay closed."""
    of = context(
        CHUNKS,
        "packages",
        1,
        sounding=secrets.token_bytes(32),
        head_root=secrets.token_bytes(32),
    )
    run, ours, asked = Run(of), draw.randrange(2), draw.randrange(CHUNKS)
    marks = {ours: tuple(at != asked or bool(world) for at in range(CHUNKS)), 1 - ours: (True,) * CHUNKS}
    sides = [pair.Side(run, place, marks[place], secrets.token_bytes(32)) for place in (0, 1)]
    first = [pair.first(side) for side in sides]
    firsts = [pair.read_first(run, place, said) for place, said in enumerate(first)]
    said = [packages.second(side, firsts) for side in sides]
    seconds = [packages.read_second(run, place, firsts, one) for place, one in enumerate(said)]
    nonces = [
        packages.read_order(run, side.place, packages.order_deposit(side, firsts, seconds)) for side in sides
    ]
    if packages.order(run, nonces)[0] == asked:
        return None
    theirs = 1 - ours
    open_z, blank = (
        [packages.deposit(side, firsts, seconds, chunk, blank=is_blank).scalar for side in sides]
        for chunk, is_blank in ((1 - asked, False), (asked, not opens))
    )
    own = packages.deposit(sides[theirs], firsts, seconds, asked, blank=False).scalar
    _, challenge, choices = pair._read_first(run, ours, first[ours])
    elements = _elements(run, ours, asked, firsts, seconds)
    values = {name: elements[name] for name in ("XA", "EA", "VA", "DA", "tA", "wA", "wB")}
    choice, part = choices[asked], seconds[ours].chunks[asked].blinded
    values |= {"c": challenge, "c0": choice.challenges[0], "r0": choice.responses[0]}
    values |= {"r1": choice.responses[1], "z0": open_z[ours], "z1": blank[ours]}
    values |= {"link": part.link.challenge, "link r": part.link.responses[0]}
    values |= {"batch": part.batch.challenge, "batch r": part.batch.responses[0]}
    factor = pair.own_factor(sides[theirs], firsts)
    known = {"x": factor, "zB": own, "zA": open_z[ours], "dA": blank[ours]}
    return told(values) | relations(elements, known)


def _elements(run: Run, ours: int, asked: int, firsts, seconds) -> dict[str, Element]:
    """All elements that B has of the closed chunk, by name; those in small letters are on the package asked about."""
    found = {"G": GENERATOR}
    for name, place in (("A", ours), ("B", 1 - ours)):
        part = seconds[place].chunks[asked]
        found[f"X{name}"], found[f"D{name}"] = firsts[place].x, part.blank
        found[f"E{name}"], found[f"V{name}"] = part.blinded.e, part.blinded.v
        found[f"t{name}"], found[f"w{name}"] = firsts[place].values[asked], part.blinded.values[0]
        found[f"n{name}"] = run.base(pair.NO[place], asked)
    return found | {"y": run.base(pair.YES, asked)}
