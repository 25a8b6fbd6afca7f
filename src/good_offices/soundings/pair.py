"""What two delegations both accept, each option for itself: the two messages, the deposit, the result.

This module decides what each party sends and which options are mutual (spec/soundings.md section 5). It never sends,
keeps or draws anything: every message is a function of the run, the place, the marks, a seed and the messages before.

1. A message that is read has passed form and proof, or it is refused with place and step. One's own is taken by `own`,
   once its bytes are known to be what this seed and these marks make (`course`).
2. Yes and no cost the same: for each option the same functions are called in the same order, and a mark only chooses which
   of two bases, both computed, stands where. Lengths do not depend on marks.
3. All is computed again from the same arguments to the same bytes, so a caller may stop anywhere by raising in `each` and
   begin again; `store` keeps finished blocks of the two long loops. What it keeps is no secret: whoever reads the message
   can compute it.

What an option costs at least, in multiplications (M), multiples of G (B), sums (A), hashes to the group (H), decodings (D):
step 1: 4 M, 2 B, 1 A, 2 H. To verify it: 5 M, 2 B, 5 A, 2 H, 1 D; a sixth M is spared as the second challenge times X is
what the first leaves of c·X. Step 2: 2 M, 1 A. To verify it: 2 M, 2 A, 1 D. The result: 1 M, as both factors are folded
into one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from good_offices.errors import LocalError
from good_offices.seals.group import LENGTH, Element, Scalar, base, same, times
from good_offices.soundings.blinding import (
    Blinded,
    Deposit,
    blind,
    box_factor,
    check_blinded,
    length,
    messages,
    mutual,
    read_blinded,
    transcript,
)
from good_offices.soundings.context import Run, lengthened
from good_offices.soundings.derivation import Secrets, bits
from good_offices.soundings.proofs import CHOICE, Branch, Choice, commit, read_choice, recommit, respond
from good_offices.soundings.scope import Each, Reader, Scope, Store, kept, serial

YES: Final = b"yes"
NO: Final = (b"no-0", b"no-1")
_FIXED: Final = 2 * LENGTH
_OPTION: Final = 4 * LENGTH


@dataclass(frozen=True, repr=False)
class Side:
    """One's own side of a run: its place, its marks (yes or no to each option in order), and the seed of this attempt."""

    run: Run
    place: int
    marks: tuple[bool, ...]
    seed: bytes

    def __post_init__(self) -> None:
        """Refuse marks that are not those of the list.

        Raises:
            LocalError: `sounding-context`, `sounding-marks`.
        """
        self.run.need(self.place, "options", "packages", parties=2)
        self.run.check_marks(self.marks)

    def secrets(self, step: int, *before: bytes) -> Secrets:
        """Return the secrets of a step, bound to the marks and all messages before it (section 11.6)."""
        return Secrets(self.seed, self.run, self.place, step, bits(self.marks), *before)

    def __repr__(self) -> str:
        """Show the place only."""
        return f"Side({self.place})"


class First(NamedTuple):
    """A message of step 1: X and T of every option."""

    message: bytes
    x: Element
    values: list[Element]


class Second(NamedTuple):
    """A message of step 2."""

    message: bytes
    blinded: Blinded


def first(side: Side, *, each: Each = serial, store: Store | None = None) -> bytes:
    """Return the message of step 1: 64 bytes and 128 an option (spec/soundings.md section 5.1).

    Raises:
        LocalError: `sounding-seed`.
    """
    run, place, marks = side.run, side.place, side.marks
    secrets = side.secrets(1)
    x = secrets.scalar(b"x")
    own = base(x)

    def option(index: int) -> bytes:
        bases = _bases(run, place, index)
        true = _branch(marks[index])
        value = times(x, bases[true])
        return value + commit(_branches(bases, own, value), true, secrets, index, known=x)

    # The seed is secret: what names a block is derived from it.
    blocks = kept(option, run.size, each, store, secrets.raw(b"blocks"))
    values, commitments = _split(blocks)
    challenge = Scope(run, place, 1).challenge(CHOICE, own + values, commitments)
    answers = (respond(2, _branch(mark), x, secrets, index, challenge) for index, mark in enumerate(marks))
    return b"".join((own, challenge, values, *answers))


def read_first(
    run: Run, place: int, message: bytes, *, each: Each = serial, store: Store | None = None
) -> First:
    """Return the message of step 1 of the party at `place`, verified (spec/soundings.md section 5.1).

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    said, challenge, choices = _read_first(run, place, message)
    whole = times(challenge, said.x)

    def option(index: int) -> bytes:
        branches = _branches(_bases(run, place, index), said.x, said.values[index])
        return recommit(branches, choices[index], challenge, whole=whole)

    name = lengthened(b"read-first", run.ctx, place.to_bytes(4), said.message)
    commitments = b"".join(kept(option, run.size, each, store, name))
    scope = Scope(run, place, 1)
    if not same(challenge, scope.challenge(CHOICE, b"".join((said.x, *said.values)), commitments)):
        raise scope.unproven("that each option is accepted or rejected")
    return said


def second(side: Side, firsts: Sequence[First], *, each: Each = serial) -> bytes:
    """Return the message of step 2: 192 bytes and 32 an option (spec/soundings.md section 5.2).

    `firsts` are those of step 1 by place: the other's from `read_first`, one's own from `own`.

    Raises:
        LocalError: `sounding-own`, `sounding-context`, `sounding-seed`.
    """
    side.run.need(side.place, "options")
    x = own_factor(side, firsts)
    secrets = step_two(side, firsts)
    points = firsts[1 - side.place].values
    return blind(Scope(side.run, side.place, 2), x, points, box_factor(secrets), secrets, each)


def read_second(
    run: Run, place: int, firsts: Sequence[First], message: bytes, *, each: Each = serial
) -> Second:
    """Return the message of step 2 of the party at `place`, verified (spec/soundings.md section 5.2).

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    said = _read_second(run, place, message)
    check_blinded(Scope(run, place, 2), firsts[place].x, firsts[1 - place].values, said.blinded, each)
    return said


def own(run: Run, place: int, step: int, message: bytes) -> First | Second:
    """Return a message that the caller knows to be its own, byte for byte; neither proofs nor elements are verified.

    Raises:
        RemoteError: `sounding-form` by its length.
        LocalError: `sounding-context`.
    """
    return (
        _read_first(run, place, message, own=True)[0]
        if step == 1
        else _read_second(run, place, message, own=True)
    )


def deposit(side: Side, firsts: Sequence[First], seconds: Sequence[Second]) -> Deposit:
    """Return what goes into box 0, after the other's step 2 was verified (spec/soundings.md section 5.3).

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    z = box_factor(step_two(side, firsts))
    elements = [one.blinded.e for one in seconds]
    if not same(base(z), elements[side.place]):
        raise LocalError("sounding-own", step=2)
    return Deposit(elements, z, transcript(firsts, seconds))


def opened(
    run: Run, seconds: Sequence[Second], scalars: Sequence[bytes], *, each: Each = serial
) -> list[int]:
    """Return the mutual options, from 0, in order, of what box 0 opened (spec/soundings.md section 5.4).

    Raises:
        RemoteError: `sounding-box`.
    """
    run.need(0, "options", parties=2)
    return mutual([one.blinded for one in seconds], scalars, each)


def own_factor(side: Side, firsts: Sequence[First]) -> Scalar:
    """Return x of one's own step 1.

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    x = side.secrets(1).scalar(b"x")
    if not same(base(x), firsts[side.place].x):
        raise LocalError("sounding-own", step=1)
    return x


def step_two(side: Side, firsts: Sequence[First]) -> Secrets:
    """Return the secrets of step 2."""
    return side.secrets(2, *messages(firsts))


def _read_first(
    run: Run, place: int, message: bytes, *, own: bool = False
) -> tuple[First, Scalar, list[Choice]]:
    """Return a message of step 1 with its challenge and what was sent for each option; only its form is verified."""
    run.need(place, "options", "packages", parties=2)
    reader = Reader(Scope(run, place, 1), message, _FIXED + _OPTION * run.size, own=own)
    x, challenge = reader.element("X"), reader.scalar("the challenge")
    numbers = range(1, run.size + 1)
    values = [reader.element(f"option {number}") for number in numbers]
    choices = [read_choice(reader, f"the proof of option {number}") for number in numbers]
    return First(bytes(message), x, values), challenge, choices


def _read_second(run: Run, place: int, message: bytes, *, own: bool = False) -> Second:
    """Return a message of step 2; only its form is verified."""
    run.need(place, "options", parties=2)
    reader = Reader(Scope(run, place, 2), message, length(run.size), own=own)
    return Second(bytes(message), read_blinded(reader, range(run.size)))


def _bases(run: Run, place: int, index: int) -> tuple[Element, Element]:
    """Return what the party at `place` multiplies to accept an option, and what to reject it."""
    return run.base(YES, index), run.base(NO[place], index)


def _branch(mark: bool) -> int:  # noqa: FBT001 - a mark is one bit, and nothing else
    """Return the number of the base and of the branch that a mark chooses."""
    return 1 - mark


def _branches(bases: tuple[Element, Element], own: Element, value: Element) -> list[Branch]:
    """Return the two statements of an option."""
    return [Branch(one, own, value) for one in bases]


def _split(blocks: list[bytes]) -> tuple[bytes, bytes]:
    """Return the values of all options, and their commitments."""
    return b"".join(one[:LENGTH] for one in blocks), b"".join(one[LENGTH:] for one in blocks)
