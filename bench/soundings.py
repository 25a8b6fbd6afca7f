"""Soundings: whole runs, beside the bare group operations they cannot avoid, and beside programs that promise less.

A run is what desks compute of it, by `soundings.course`, over the threads of `desk.soundings.working`: every message made and
verified, the box, the result. Signing, sealing and posting the messages is measured by `desk` and `venue`, not here. Beside it stand
  floor  for each option, the multiplications, multiples of G, sums, hashes and decodings that the messages force
         (`soundings.pair` and `soundings.many` list them), by bare calls of libsodium, over the same threads, in the same run;
  peer   openmined-psi and MPyC, each in processes of an environment of its own (`make bench-peers`). Both stop at honest but
         curious parties, and neither has messages that can be kept, signed and answered hours later.

    python -m bench soundings [--quick]
"""

from __future__ import annotations

import hashlib
import json
import math
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.figures import Figure
from msgspec import structs
from tests.support.soundings import context, digest, seed

from good_offices.desk.soundings.working import Working
from good_offices.seals import group
from good_offices.soundings.context import Party, Run
from good_offices.soundings.course import Choice, Course, course

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "bench" / "peers" / "soundings"
PYTHON = ROOT / ".cache" / "peers" / "soundings" / "bin" / "python"
SIZES = (32, 1_000, 10_000)
# How often, by size: the shorter a run, the more it is at the mercy of what else the machine does.
ROUNDS = {32: 20, 100: 10, 1_000: 5, 10_000: 2}
OPTIONS, PARTIES, TICKS = 100, (5, 20), 1_000
GOAL = 1.25


class Bare(NamedTuple):
    """How many bare operations: multiplications, multiples of G, sums, hashes to the group and to a scalar, decodings."""

    times: int = 0
    base: int = 0
    plus: int = 0
    to_group: int = 0
    to_scalar: int = 0
    decode: int = 0

    def by(self, factor: int) -> Bare:
        """Return them `factor` times."""
        return Bare(*(factor * count for count in self))

    def and_also(self, *others: Bare) -> Bare:
        """Return the sum."""
        return Bare(*map(sum, zip(self, *others, strict=True)))


NOTHING = Bare()
# Two delegations, each party, an option: step 1 made and verified, step 2 made and verified, the result.
PAIR = (Bare(4, 2, 1, 2), Bare(5, 2, 5, 2, 0, 1), Bare(2, 0, 1, 0, 1), Bare(2, 0, 2, 0, 1, 1), Bare(1))
# What stands once in a message: X, E, V, two proofs of equality, and the scalar of the box.
PAIR_ONCE = Bare(10, 8, 4, 0, 6, 3)
# A bit made, and verified: the same for an option of many parties and for a tick of a row.
BIT, BIT_READ = Bare(4, 3, 3), Bare(6, 2, 5, 0, 0, 2)
# A branch of a pick, made or verified.
BRANCH = Bare(3, 1, 2)


def many(parties: int) -> Bare:
    """Return what an option costs one of `parties`: its own messages, those of the others, the sums, the result."""
    sums = Bare(plus=4 * (parties - 1))
    made = BIT.and_also(Bare(4), Bare(2, 0, 1, 0, 1))
    read = BIT_READ.and_also(Bare(4, 0, 2, 0, 0, 2), Bare(2, 0, 2, 0, 1, 1))
    return made.and_also(sums, read.by(parties - 1), Bare(parties, 0, parties - 1))


def overlap(place: int) -> Bare:
    """Return what a tick costs a party of a range: two bits, their running sums, two branches."""
    rows = (BIT_READ if place == 0 else BIT).by(2)
    # Two running sums, and two differences, of pairs.
    return rows.and_also(Bare(plus=4 + 4), BRANCH.by(2))


def bare(counts: Bare) -> Callable[[int], bytes]:
    """Return a function that makes these operations by bare calls of the library."""
    factor = group.scalar_from(hashlib.sha512(b"factor").digest())
    point, wide, long = group.base(factor), bytes(64), bytes(256)
    calls: list[tuple[Callable[..., object], tuple[bytes, ...], int]] = [
        (group._times, (factor, point), counts.times),
        (group._base, (factor,), counts.base),
        (group._plus, (point, point), counts.plus),
        (group._from_hash, (wide,), counts.to_group),
        (group._reduce, (wide,), counts.to_scalar),
    ]
    hashes, decodings = 2 * (counts.to_group + counts.to_scalar), counts.decode

    def work(_: int) -> bytes:
        result = group._Buffer()
        for call, arguments, times in calls:
            for _ in range(times):
                call(result, *arguments)
        for _ in range(hashes):
            hashlib.sha512(long).digest()
        for _ in range(decodings):
            group._is_valid(point)
        return b""

    return work


class Taken(NamedTuple):
    """Seconds on the clock, and of the processor."""

    clock: float
    processor: float

    @property
    def cores(self) -> float:
        """How many cores worked, on average."""
        return self.processor / self.clock


class Clock:
    """Adds up what each party takes."""

    def __init__(self) -> None:
        self._clock: Counter[int] = Counter()
        self._processor: Counter[int] = Counter()

    @contextmanager
    def runs(self, place: int) -> Iterator[None]:
        """Add what happens in the block to a party's time."""
        begun, used = time.perf_counter(), time.process_time()
        yield
        self._clock[place] += time.perf_counter() - begun
        self._processor[place] += time.process_time() - used

    def taken(self, places: Sequence[int]) -> Taken:
        """Return what these parties took together."""
        return Taken(sum(self._clock[one] for one in places), sum(self._processor[one] for one in places))


def played(run: Run, choices: Sequence[Choice], each: Working, live: Sequence[int]) -> Taken:
    """Return what the parties `live` took for a whole run; what the others say is made, and counts for nobody."""
    clock = Clock()
    own: dict[int, Course] = {place: course(run, each=each) for place in live}
    first = own[live[0]]
    courses = [own.get(place, first) for place in range(run.parties)]
    sides = [courses[place].side(place, choice, seed(place)) for place, choice in enumerate(choices)]
    for step, places in run.steps.items():
        said = {}
        for place in places:
            with clock.runs(place):
                said[place] = courses[place].make(sides[place], step), courses[place].binds(step)
        for place in live:
            for author, message in said.items():
                with clock.runs(place):
                    courses[place].take(step, author, *message, sides[place])
    deposits = []
    for place in range(run.parties):
        with clock.runs(place):
            deposits.append(courses[place].deposit(sides[place], 0, {}))
    for place in live:
        with clock.runs(place):
            found = courses[place].found({0: deposits})
        expected = expect(choices)
        assert found.mutual == expected or (expected == () and found.overlap is True)
    return clock.taken(live)


def expect(choices: Sequence[Choice]) -> tuple[int, ...]:
    """Return the options that all accept; none of ranges."""
    if len(choices[0] or ()) == 2:
        return ()
    return tuple(at for at, marks in enumerate(zip(*choices, strict=True)) if all(marks))


def floor(each: Working, counts: Bare, times: int, once: Bare = NOTHING) -> Taken:
    """Return what the bare operations take, `times` times over the threads, and `once` one after another."""
    work, alone = bare(counts), bare(once)
    begun, used = time.perf_counter(), time.process_time()
    alone(0)
    for _ in each(work, range(times)):
        pass
    return Taken(time.perf_counter() - begun, time.process_time() - used)


def best(rounds: int, *works: Callable[[], Taken]) -> list[Taken]:
    """Return the least clock and the least processor time of some rounds of each.

    They are taken in turns, so that what else the machine does falls on all alike; and apart, as it can take a core away in
    one round and slow both in another.
    """
    found = [[work() for work in works] for _ in range(rounds)]
    columns = list(zip(*found, strict=True))
    return [Taken(min(one.clock for one in of), min(one.processor for one in of)) for of in columns]


def marks(size: int, every: int) -> tuple[bool, ...]:
    """Return marks that accept one option in `every`."""
    return tuple(at % every == 0 for at in range(size))


def run(*, quick: bool) -> Iterator[Figure]:
    """Yield the figures of one run."""
    share = 10 if quick else 1
    with Working() as each:
        for size in sorted({max(32, size // share) for size in SIZES}):
            yield from two(each, size, ROUNDS.get(size, 3))
        for parties in PARTIES:
            yield from several(each, parties, OPTIONS // share)
        yield from ranges(each, TICKS // share)


def two(each: Working, size: int, rounds: int) -> Iterator[Figure]:
    """Two delegations, both parties of a whole run, beside floor and peers."""
    made = Run(context(size))
    per_option = PAIR[0].and_also(*PAIR[1:])
    ours, least = best(
        rounds,
        lambda: played(made, [marks(size, 2), marks(size, 3)], each, (0, 1)),
        lambda: floor(each, per_option, 2 * size, PAIR_ONCE.by(2)),
    )
    said = f"{size:,} options, both parties"
    yield Figure(said, ours.clock, "s", least.clock, "floor", most=GOAL)
    yield Figure("  processor time", ours.processor, "s", least.processor, "floor")
    yield Figure(
        "  cores at work",
        ours.cores,
        "",
        least.cores,
        "floor",
        state=f"of {each.cores} at hand" if size == min(SIZES) else "",
    )
    for name, peer, less in ((SETS, peer_sets, LESS_SETS), (PRODUCT, peer_product, LESS_PRODUCT)):
        state = less if size == min(SIZES) else ""
        yield Figure(f"  beside {name}", ours.clock, "s", peer(size), name, state=state)


SETS, PRODUCT = "openmined-psi 2.0.6", "MPyC 0.11"
LESS_SETS = (
    "one core; one side alone learns what is mutual, and when; honest but curious: nothing proves that a set is what was meant"
    " or that the answer was computed from it; nothing can be shown to anybody"
)
LESS_PRODUCT = (
    "three processes, all there at once; honest but curious: a party that deviates changes the result unseen, and any two of"
    " the three together know all marks; no fairness; nothing can be shown to anybody"
)


def several(each: Working, parties: int, size: int) -> Iterator[Figure]:
    """Three and more delegations: one party's share of a run."""
    named = [Party(delegation=f"party-{place:02}", root=digest(str(place)).hex()) for place in range(parties)]
    made = Run(structs.replace(context(size), parties=named))
    choices = [marks(size, 1 + place % 2) for place in range(parties)]
    ours, least = best(
        2,
        lambda: played(made, choices, each, (0,)),
        lambda: floor(each, many(parties), size),
    )
    said = f"{size:,} options, {parties} parties, each"
    yield Figure(said, ours.clock, "s", least.clock, "floor")
    yield Figure("  processor time", ours.processor, "s", least.processor, "floor")


def ranges(each: Working, size: int) -> Iterator[Figure]:
    """Whether two ranges overlap: each party's share of a run."""
    made = Run(context(size, "range"))
    choices: list[Choice] = [(0, size // 2), (size // 3, size - 1)]
    for place, what in ((0, "who picks"), (1, "who shows")):
        ours, least = best(
            2,
            lambda place=place: played(made, choices, each, (place,)),
            lambda place=place: floor(each, overlap(place), size),
        )
        said = f"a range of {size:,} numbers, {what}"
        yield Figure(said, ours.clock, "s", least.clock, "floor")
        yield Figure("  processor time", ours.processor, "s", least.processor, "floor")


def peer_sets(size: int) -> float | None:
    """Return openmined-psi's seconds for two sets of this size; None if it is not there."""
    if not PYTHON.exists():
        return None
    return min(
        clock(
            subprocess.run(
                [PYTHON, PEERS / "sets.py", str(size)], check=True, capture_output=True, text=True
            ).stdout
        )
        for _ in range(3)
    )


def peer_product(size: int) -> float | None:
    """Return MPyC's seconds for the product of two vectors, of the slower of the two parties; None if it is not there."""
    if not PYTHON.exists():
        return None
    return min(product(size) for _ in range(3))


def product(size: int) -> float:
    """Start three parties over loopback, and return the seconds of the slower of the two that learn."""
    with socket.socket() as one, socket.socket() as two_, socket.socket() as three:
        ports = []
        for free in (one, two_, three):
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
    parties = [part for port in ports for part in ("-P", f"127.0.0.1:{port}")]
    command = [PYTHON, PEERS / "product.py", str(size), "--no-log", *parties, "-I"]
    begun = [
        subprocess.Popen([*command, str(place)], stdout=subprocess.PIPE, text=True) for place in range(3)
    ]
    try:
        said = [one.communicate(timeout=120)[0] for one in begun]
    finally:
        for one in begun:
            one.kill()
            one.wait()
    return max(clock(one) for one in said[:2])


def clock(said: str) -> float:
    """Return the seconds on the clock that a peer printed."""
    seconds = float(json.loads(said)["clock"])
    assert math.isfinite(seconds)
    return seconds
