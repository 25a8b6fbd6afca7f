"""The course of a run, whatever is sounded: messages in, the next message out, then boxes, then what was found.

This module decides how the protocols of `pair`, `packages`, `many` and `overlap` look alike to a desk. It never decides
what they compute, and never sends, keeps or draws anything.

1. A course holds the verified messages of one attempt by step and place. One's own are taken with one's side: then it is asked
   whether this side made them; all others are verified. What this side made is known by its bytes: no proof of it is
   verified, and nothing that it did not make byte for byte is taken as its own.
2. A message of a step is made when all messages before it were taken.
3. What boxes opened is given by number, as the deposits stand in the register, in the order of the places.
4. A choice is what somebody wants: a mark for each option; or the first and last tick of a range, or None, which refuses.
   What a delegation answers that has said nothing is `refusal`.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

from good_offices.encoding import pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, RemoteError
from good_offices.register.box import DEPOSIT_LIMIT, ScalarDeposit, box_id
from good_offices.soundings import many, overlap, packages, pair
from good_offices.soundings.blinding import Deposit
from good_offices.soundings.context import Run, lengthened
from good_offices.soundings.scope import Each, Scope, Store, serial

Choice: TypeAlias = tuple[bool, ...] | tuple[int, int] | None
Deposits: TypeAlias = Mapping[int, Sequence[bytes]]


class Found(NamedTuple):
    """What a run found: the options that all accept, from 0; for a range whether there is an overlap.

    `looked` are the options that were compared: for packages those of the chunks up to the first match, in that order.
    """

    mutual: tuple[int, ...] = ()
    overlap: bool | None = None
    looked: tuple[int, ...] = ()


def refusal(run: Run) -> Choice:
    """Return what a delegation answers that has said nothing: no to everything."""
    return None if run.context.kind == "range" else (False,) * run.size


def course(run: Run, *, each: Each = serial, store: Store | None = None) -> Course:
    """Return the course of a run, with nothing said yet."""
    kind = run.context.kind
    if kind == "range":
        return _Overlap(run, each, store)
    if kind == "packages":
        return _Packages(run, each, store)
    return _Pair(run, each, store) if run.parties == 2 else _Many(run, each, store)


class Course(ABC):
    """One attempt, as far as it has come."""

    def __init__(self, run: Run, each: Each, store: Store | None) -> None:
        """Have nothing said yet; use `course`."""
        self.run = run
        self.each = each
        self.store = store
        self._said: dict[tuple[int, int], Any] = {}
        self._made: set[bytes] = set()

    def takers(self, step: int) -> tuple[int, ...]:
        """Return the places that answer a step; none if the run has no such step."""
        return self.run.steps.get(step, ())

    def has(self, step: int, place: int) -> bool:
        """Tell whether a message was taken."""
        return (step, place) in self._said

    def take(self, step: int, place: int, message: bytes, binds: bytes, side: Any = None) -> None:
        """Hold a message once it is verified; with one's own `side`, one's own (rule 1). `binds` stood in its act.

        Raises:
            RemoteError: `sounding-form`, `sounding-proof`.
            LocalError: `sounding-own` if this side did not make it.
        """
        if (step, place) in self._said:
            return
        if binds != self.binds(step):
            raise Scope(self.run, place, step).unproven("that it followed these messages")
        # A side of another run, or at another place, has not made it: then it is verified like anybody's.
        own = side if side is not None and (side.run, side.place) == (self.run, place) else None
        self._said[step, place] = self._read(step, place, message, own)

    def binds(self, step: int) -> bytes:
        """Return what whoever answers a step signs with it: the hash of ctx and of all messages before (64 bytes)."""
        before = [one.message for number in self.run.steps if number < step for one in self.all(number)]
        return hashlib.sha512(lengthened(self.run.ctx, *before)).digest()

    def all(self, step: int) -> list[Any]:
        """Return the messages of a step by place; it was taken from all."""
        return [self._said[step, place] for place in self.takers(step)]

    @abstractmethod
    def side(self, place: int, choice: Choice, seed: bytes) -> Any:
        """Return one's own side of this run.

        Raises:
            LocalError: `sounding-marks`, `sounding-context`.
        """

    def make(self, side: Any, step: int) -> bytes:
        """Return one's own message of a step (rule 2).

        Raises:
            LocalError: `sounding-own`, `sounding-seed`.
        """
        message = self._make(side, step)
        self._made.add(_trace(side, step, message))
        return message

    def check_made(self, side: Any, step: int, message: bytes) -> None:
        """Pass if a side has made just this message of a step; it is made once more unless this course remembers it.

        Raises:
            LocalError: `sounding-own`, `sounding-seed`.
        """
        if _trace(side, step, message) not in self._made and self.make(side, step) != message:
            raise LocalError("sounding-own", step=step)

    @abstractmethod
    def _make(self, side: Any, step: int) -> bytes:
        """Return one's own message of a step."""

    @abstractmethod
    def deposit(self, side: Any, number: int, opened: Deposits) -> bytes:
        """Return what goes into a box, after the boxes before it were opened.

        Raises:
            LocalError: `sounding-own`, `sounding-seed`.
            RemoteError: `sounding-box`.
        """

    @abstractmethod
    def found(self, opened: Deposits) -> Found:
        """Return what the run found, of what its boxes opened.

        Raises:
            RemoteError: `sounding-box`.
        """

    @abstractmethod
    def _read(self, step: int, place: int, message: bytes, own: Any) -> Any:
        """Return a message, verified; with one's own side, one's own."""

    def _packed(self, number: int, given: Deposit) -> bytes:
        """Return the bytes of a deposit of scalars."""
        return pack(
            ScalarDeposit(
                box=box_id(self.run.ctx, number),
                elements=tuple(bytes(one) for one in given.elements),
                transcript=given.transcript,
                scalar=bytes(given.scalar),
            )
        )


def scalars(deposits: Sequence[bytes]) -> list[bytes]:
    """Return the scalars of opened deposits, by place.

    Raises:
        RemoteError: `sounding-box`.
    """
    found = []
    for place, raw in enumerate(deposits):
        try:
            found.append(unpack(raw, ScalarDeposit, what="the deposit", limit=DEPOSIT_LIMIT).scalar)
        except GoodOfficesError as broken:
            raise RemoteError("sounding-box", place=place, what=str(broken)) from broken
    return found


class _Pair(Course):
    """Two delegations, options (spec/soundings.md section 5)."""

    def side(self, place: int, choice: Choice, seed: bytes) -> pair.Side:
        """Return one's own side."""
        return pair.Side(self.run, place, _marks(choice), seed)

    def _make(self, side: pair.Side, step: int) -> bytes:
        """Return the message of a step."""
        if step == 1:
            return pair.first(side, each=self.each, store=self.store)
        return self._second(side)

    def deposit(self, side: pair.Side, number: int, opened: Deposits) -> bytes:  # noqa: ARG002 -- one box
        """Return what goes into a box."""
        return self._packed(number, pair.deposit(side, self.all(1), self.all(2)))

    def found(self, opened: Deposits) -> Found:
        """Return what the run found."""
        mutual = pair.opened(self.run, self.all(2), scalars(opened[0]), each=self.each)
        return Found(tuple(mutual), None, tuple(range(self.run.size)))

    def _read(self, step: int, place: int, message: bytes, own: pair.Side | None) -> Any:
        """Return a message, verified, or one's own."""
        if own is not None:
            self.check_made(own, step, message)
            return self._own(place, step, message)
        if step == 1:
            return pair.read_first(self.run, place, message, each=self.each, store=self.store)
        return self._read_second(place, message)

    def _own(self, place: int, step: int, message: bytes) -> Any:
        """Return a message that this side has made."""
        return pair.own(self.run, place, step, message)

    def _second(self, side: pair.Side) -> bytes:
        """Return the message of step 2."""
        return pair.second(side, self.all(1), each=self.each)

    def _read_second(self, place: int, message: bytes) -> Any:
        """Return a message of step 2, verified."""
        return pair.read_second(self.run, place, self.all(1), message, each=self.each)


class _Packages(_Pair):
    """Two delegations, packages in chunks (spec/soundings.md section 6)."""

    def __init__(self, run: Run, each: Each, store: Store | None) -> None:
        """Have nothing said and no chunk opened yet."""
        super().__init__(run, each, store)
        self._chunks: dict[int, list[int]] = {}

    def deposit(self, side: pair.Side, number: int, opened: Deposits) -> bytes:
        """Return what goes into a box."""
        if number == 0:
            return packages.order_deposit(side, self.all(1), self.all(2))
        order, before = self._looked(opened, number - 1)
        chunk, blank = order[number - 1], bool(before.mutual)
        return self._packed(number, packages.deposit(side, self.all(1), self.all(2), chunk, blank=blank))

    def found(self, opened: Deposits) -> Found:
        """Return what the run found."""
        # A run that the host ended between two chunks found what the chunks before showed.
        return self._looked(opened, len(opened) - 1)[1]

    def _looked(self, opened: Deposits, count: int) -> tuple[list[int], Found]:
        """Return the order of the chunks, and what the first `count` boxes of chunks showed."""
        nonces = [packages.read_order(self.run, place, raw) for place, raw in enumerate(opened[0])]
        order = packages.order(self.run, nonces)
        cut, seconds = packages.chunks(self.run), self.all(2)
        mutual: list[int] = []
        looked: list[int] = []
        for at in range(count):
            if not mutual:
                looked += cut[order[at]]
            # Each box once, and as much work after a match as before it: what lies between two boxes tells the host nothing.
            if at not in self._chunks:
                given = scalars(opened[1 + at])
                if mutual:
                    packages.check_blank(seconds, order[at], given, each=self.each)
                    self._chunks[at] = mutual
                else:
                    found = packages.opened(self.run, seconds, order[at], given, each=self.each)
                    self._chunks[at] = found
            mutual = self._chunks[at]
        return order, Found(tuple(mutual), None, tuple(looked))

    def _second(self, side: pair.Side) -> bytes:
        """Return the message of step 2."""
        return packages.second(side, self.all(1), each=self.each)

    def _own(self, place: int, step: int, message: bytes) -> Any:
        """Return a message that this side has made."""
        return (
            packages.own_second(self.run, place, message) if step == 2 else super()._own(place, step, message)
        )

    def _read_second(self, place: int, message: bytes) -> Any:
        """Return a message of step 2, verified."""
        return packages.read_second(self.run, place, self.all(1), message, each=self.each)


class _Many(Course):
    """Three and more delegations, options (spec/soundings.md section 7)."""

    def side(self, place: int, choice: Choice, seed: bytes) -> many.Side:
        """Return one's own side."""
        return many.Side(self.run, place, _marks(choice), seed)

    def _make(self, side: many.Side, step: int) -> bytes:
        """Return the message of a step."""
        if step == 1:
            return many.keys(side)
        if step == 2:
            return many.marks(side, self.all(1), each=self.each)
        if step == 3:
            return many.blinding(side, self.all(1), self.all(2), each=self.each)
        return many.shares(side, self.all(1), self.all(2), self.all(3), each=self.each)

    def deposit(self, side: many.Side, number: int, opened: Deposits) -> bytes:  # noqa: ARG002 -- one box
        """Return what goes into a box."""
        return self._packed(number, many.deposit(side, self.all(1), self.all(2), self.all(3), self.all(4)))

    def found(self, opened: Deposits) -> Found:
        """Return what the run found."""
        mutual = many.opened(self.run, self.all(3), self.all(4), scalars(opened[0]), each=self.each)
        return Found(tuple(mutual), None, tuple(range(self.run.size)))

    def _read(self, step: int, place: int, message: bytes, own: many.Side | None) -> Any:
        """Return a message, verified, or one's own."""
        if own is not None:
            self.check_made(own, step, message)
        if step == 1:
            return many.read_keys(self.run, place, message)
        if own is not None:
            return many.own(self.run, place, step, message)
        if step == 2:
            return many.read_marks(self.run, place, self.all(1), message, each=self.each)
        if step == 3:
            return many.read_blinding(self.run, place, self.all(2), message, each=self.each)
        return many.read_shares(self.run, place, self.all(1), self.all(3), message, each=self.each)


class _Overlap(Course):
    """Two delegations, a range each (spec/soundings.md section 8)."""

    def side(self, place: int, choice: Choice, seed: bytes) -> overlap.Side:
        """Return one's own side."""
        return overlap.Side(self.run, place, _ticks(choice), seed)

    def _make(self, side: overlap.Side, step: int) -> bytes:
        """Return the message of a step."""
        keys = self.all(1) if step > 1 else []
        if step == 1:
            return overlap.keys(side)
        if step == 2:
            return overlap.rows(side, keys, each=self.each)
        (row,) = self.all(2)
        if step == 3:
            return overlap.picks(side, keys, row, each=self.each)
        (pick,) = self.all(3)
        if step == 4:
            return overlap.blinding(side, keys, row, pick)
        return overlap.shares(side, keys, row, pick, self.all(4))

    def deposit(self, side: overlap.Side, number: int, opened: Deposits) -> bytes:  # noqa: ARG002 -- one box
        """Return what goes into a box."""
        (row,), (pick,) = self.all(2), self.all(3)
        given = overlap.deposit(side, self.all(1), row, pick, self.all(4), self.all(5))
        return self._packed(number, given)

    def found(self, opened: Deposits) -> Found:
        """Return what the run found."""
        overlaps = overlap.opened(self.run, self.all(4), self.all(5), scalars(opened[0]))
        return Found((), overlaps, ())

    def _read(self, step: int, place: int, message: bytes, own: overlap.Side | None) -> Any:
        """Return a message, verified, or one's own."""
        if own is not None:
            self.check_made(own, step, message)
        if step == 1:
            return overlap.read_keys(self.run, place, message)
        if step == overlap.ROWS_STEP:
            if own is not None:
                return overlap.own_rows(self.run, message, each=self.each)
            return overlap.read_rows(self.run, self.all(1), message, each=self.each)
        (row,) = self.all(2)
        if step == overlap.PICKS_STEP:
            if own is not None:
                return overlap.own_picks(self.run, message)
            return overlap.read_picks(self.run, self.all(1), row, message, each=self.each)
        (pick,) = self.all(3)
        if step == 4:
            return overlap.read_blinding(self.run, place, pick, message)
        return overlap.read_shares(self.run, place, self.all(1), self.all(4), message)


def _trace(side: Any, step: int, message: bytes) -> bytes:
    """Return what is remembered of a message that a side has made: nothing that outlives the secrets of its attempt."""
    return hashlib.sha512(lengthened(side.secrets(step).raw(b"made"), message)).digest()


def _marks(choice: Choice) -> tuple[bool, ...]:
    """Return a choice as marks.

    Raises:
        LocalError: `sounding-marks`.
    """
    if choice is None:
        raise LocalError("sounding-marks", why="there are more or fewer than options")
    # Whether all are marks is asked by the side.
    return cast("tuple[bool, ...]", choice)


def _ticks(choice: Choice) -> tuple[int, int] | None:
    """Return a choice as the ends of a range.

    Raises:
        LocalError: `sounding-marks`.
    """
    if choice is None:
        return None
    if len(choice) != 2 or any(type(one) is not int for one in choice):
        raise LocalError("sounding-marks", why="a range has two ends")
    return (int(choice[0]), int(choice[1]))
