"""Soundings for tests: runs of any size, both sides of them, and what each has sent."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property

from msgspec import structs

from good_offices.soundings import packages, pair
from good_offices.soundings.context import Context, Kind, Party, Run
from good_offices.soundings.course import Choice, Course, Found, course
from good_offices.soundings.pair import Side


def digest(label: str) -> bytes:
    """Return 32 bytes that a label stands for."""
    return hashlib.sha256(label.encode()).digest()


def context(
    size: int, kind: Kind = "options", chunk: int = 0, parties: int = 2, **changed: object
) -> Context:
    """Return a context; what is not said is made of labels."""
    made = Context(
        talks=digest("talks"),
        room="00" * 16,
        manifest=digest("manifest"),
        sounding=digest("sounding"),
        attempt=0,
        kind=kind,
        list_hash=digest("list"),
        size=size,
        chunk=chunk,
        closes=1_800_000_000_000,
        parties=[
            Party(delegation=f"party-{place}", root=digest(f"root {place}").hex()) for place in range(parties)
        ],
        head_size=12,
        head_root=digest("head"),
    )
    return structs.replace(made, **changed)


def seed(place: int) -> bytes:
    """Return the seed of a party."""
    return digest(f"seed {place}")


class Played:
    """Two delegations that sound out options, with the messages of both."""

    def __init__(self, marks: Sequence[Sequence[bool]], run: Run | None = None) -> None:
        self.run = run or Run(context(len(marks[0])))
        self.sides = [Side(self.run, place, tuple(one), seed(place)) for place, one in enumerate(marks)]

    @cached_property
    def first(self) -> list[bytes]:
        return [pair.first(side) for side in self.sides]

    @cached_property
    def firsts(self) -> list[pair.First]:
        return [pair.read_first(self.run, place, said) for place, said in enumerate(self.first)]

    @cached_property
    def second(self) -> list[bytes]:
        return [pair.second(side, self.firsts) for side in self.sides]

    @cached_property
    def seconds(self) -> list[pair.Second]:
        return [
            pair.read_second(self.run, place, self.firsts, said) for place, said in enumerate(self.second)
        ]

    @cached_property
    def deposits(self) -> list[pair.Deposit]:
        return [pair.deposit(side, self.firsts, self.seconds) for side in self.sides]

    def opened(self) -> list[int]:
        return pair.opened(self.run, self.seconds, [one.scalar for one in self.deposits])


class Chunked(Played):
    """Two delegations that sound out packages."""

    def __init__(self, marks: Sequence[Sequence[bool]], chunk: int) -> None:
        super().__init__(marks, Run(context(len(marks[0]), "packages", chunk)))

    @cached_property
    def second(self) -> list[bytes]:
        return [packages.second(side, self.firsts) for side in self.sides]

    @cached_property
    def seconds(self) -> list[packages.Second]:  # type: ignore[override]
        return [
            packages.read_second(self.run, place, self.firsts, said) for place, said in enumerate(self.second)
        ]

    @cached_property
    def order(self) -> list[int]:
        boxes = [packages.order_deposit(side, self.firsts, self.seconds) for side in self.sides]
        return packages.order(
            self.run, [packages.read_order(self.run, at, one) for at, one in enumerate(boxes)]
        )

    def boxes(self) -> list[tuple[int, list[pair.Deposit], list[int] | None]]:
        """Return of every box after the first: its chunk, both deposits, and what it opened; None of a blank."""
        found: list[tuple[int, list[pair.Deposit], list[int] | None]] = []
        over = False
        for chunk in self.order:
            both = [
                packages.deposit(side, self.firsts, self.seconds, chunk, blank=over) for side in self.sides
            ]
            scalars = [one.scalar for one in both]
            if over:
                packages.check_blank(self.seconds, chunk, scalars)
                found.append((chunk, both, None))
            else:
                match = packages.opened(self.run, self.seconds, chunk, scalars)
                found.append((chunk, both, match))
                over = bool(match)
        return found


class Coursed:
    """All parties of a run of any kind, through their courses; `said` has every message by step and place."""

    def __init__(
        self, kind: Kind, size: int, choices: Sequence[Choice], chunk: int = 0, **changed: object
    ) -> None:
        self.run = Run(context(size, kind, chunk, len(choices), **changed))
        self.courses = [course(self.run) for _ in choices]
        self.sides = [
            one.side(place, choice, seed(place))
            for place, (one, choice) in enumerate(zip(self.courses, choices, strict=True))
        ]
        self.said: dict[tuple[int, int], bytes] = {}

    @property
    def steps(self) -> list[tuple[int, int]]:
        """Every step with each place that takes it."""
        return [(step, place) for step, places in self.run.steps.items() for place in places]

    def play(self, until: tuple[int, int] = (99, 0)) -> Coursed:
        """Say every message up to one of a step and place, which is made and not taken."""
        for step, place in self.steps:
            self.said[step, place] = self.courses[place].make(self.sides[place], step)
            if (step, place) == until:
                return self
            for at, one in enumerate(self.courses):
                self.take(one, step, place, self.sides[at] if at == place else None)
        return self

    def take(self, to: Course, step: int, place: int, side: object = None) -> None:
        """Give a course a message that was said."""
        to.take(step, place, self.said[step, place], to.binds(step), side)

    def boxes(self) -> dict[int, list[bytes]]:
        """Return what all boxes open."""
        size, chunk = self.run.size, self.run.context.chunk
        opened: dict[int, list[bytes]] = {}
        for number in range(1 + (-(-size // chunk) if chunk else 0)):
            opened[number] = [
                one.deposit(side, number, opened) for one, side in zip(self.courses, self.sides, strict=True)
            ]
        return opened

    def found(self) -> Found:
        """Return what the run found, the same for all and for one who only read the messages."""
        opened = self.boxes()
        reader = course(self.run)
        for step, place in self.steps:
            self.take(reader, step, place)
        (result,) = {one.found(opened) for one in (*self.courses, reader)}
        return result
