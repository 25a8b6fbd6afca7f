"""What three or more delegations all accept, each option for itself (spec/soundings.md section 7).

This module decides what each party sends in four steps and which options all accept. It never tells how many, or which,
parties rejected an option, and it never sends, keeps or draws anything.

1. Steps follow each other: each takes the verified messages of all parties of the steps before, by place.
2. A mark is an encrypted bit, 1 for no, so that the sum of all is 0 for what all accept.
3. Yes and no cost the same: the same functions are called in the same order, and a mark only chooses which of two values,
   both computed, is sent.
4. It holds for two delegations as well; `pair` is for them because it takes half the work and a message less.

What an option costs a party of n at least, in multiplications (M), multiples of G (B): step 2: 4 M, 3 B, to verify each
other's 6 M; step 3: 4 M, to verify each other's 4 M; step 4: 2 M, to verify each other's 2 M; the result n M.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from good_offices.errors import LocalError
from good_offices.seals.group import LENGTH, Element, Scalar, base, same
from good_offices.soundings import elgamal
from good_offices.soundings.blinding import Deposit, Said, box_factor, messages, transcript
from good_offices.soundings.context import Run
from good_offices.soundings.derivation import Secrets, bits
from good_offices.soundings.elgamal import CIPHER, Blindings, Cipher, Key, Shares
from good_offices.soundings.proofs import CHOICE, Choice, commit, read_choice, recommit, respond
from good_offices.soundings.scope import Each, Reader, Scope, serial


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
        self.run.need(self.place, "options")
        self.run.check_marks(self.marks)

    def secrets(self, step: int, *before: Sequence[Said]) -> Secrets:
        """Return the secrets of a step, bound to the marks and all messages before it (section 11.6)."""
        return Secrets(self.seed, self.run, self.place, step, bits(self.marks), *messages(*before))

    @property
    def x(self) -> Scalar:
        """One's own share of the joint key."""
        return self.secrets(1).scalar(b"x")

    def __repr__(self) -> str:
        """Show the place only."""
        return f"Side({self.place})"


class Marks(NamedTuple):
    """A message of step 2: an encrypted bit for each option."""

    message: bytes
    values: list[Cipher]


def keys(side: Side) -> bytes:
    """Return the message of step 1: 96 bytes (spec/soundings.md section 7.1).

    Raises:
        LocalError: `sounding-seed`.
    """
    return elgamal.key(side.run, side.place, side.x, side.secrets(1))


def read_keys(run: Run, place: int, message: bytes) -> Key:
    """Return the message of step 1 of the party at `place`, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    run.need(place, "options")
    return elgamal.read_key(run, place, message)


def marks(side: Side, shown: Sequence[Key], *, each: Each = serial) -> bytes:
    """Return the message of step 2: 32 bytes and 160 an option (spec/soundings.md section 7.2).

    Raises:
        RemoteError: `sounding-form` if the keys together are none.
        LocalError: `sounding-own`, `sounding-seed`.
    """
    _check_own(side, shown)
    joint = elgamal.joint_key(side.run, shown)
    secrets = side.secrets(2, shown)
    randoms = [secrets.scalar(b"r", index.to_bytes(4)) for index in range(side.run.size)]

    def option(index: int) -> bytes:
        rejects = 1 - side.marks[index]
        cipher = elgamal.encrypted(joint, rejects, randoms[index])
        branches = elgamal.bit_branches(joint, cipher)
        return b"".join(cipher) + commit(branches, rejects, secrets, index, known=randoms[index])

    blocks = list(each(option, range(side.run.size)))
    values = b"".join(one[:CIPHER] for one in blocks)
    scope = Scope(side.run, side.place, 2)
    challenge = scope.challenge(CHOICE, joint + values, b"".join(one[CIPHER:] for one in blocks))
    answers = [
        respond(2, 1 - mark, randoms[index], secrets, index, challenge)
        for index, mark in enumerate(side.marks)
    ]
    return b"".join((challenge, values, *answers))


def read_marks(run: Run, place: int, shown: Sequence[Key], message: bytes, *, each: Each = serial) -> Marks:
    """Return the message of step 2 of the party at `place`, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    run.need(place, "options")
    scope = Scope(run, place, 2)
    joint = elgamal.joint_key(run, shown)
    said, challenge, choices = _marks_form(scope, message)

    def option(index: int) -> bytes:
        return recommit(elgamal.bit_branches(joint, said.values[index]), choices[index], challenge)

    commitments = b"".join(each(option, range(run.size)))
    points = joint + b"".join(map(b"".join, said.values))
    if not same(challenge, scope.challenge(CHOICE, points, commitments)):
        raise scope.unproven("that each option is accepted or rejected")
    return said


def blinding(side: Side, shown: Sequence[Key], marked: Sequence[Marks], *, each: Each = serial) -> bytes:
    """Return the message of step 3: 32 bytes and 96 an option (spec/soundings.md section 7.3).

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    _check_own(side, shown)
    secrets = side.secrets(3, shown, marked)
    return elgamal.blinding(Scope(side.run, side.place, 3), _sums(side.run, marked, each), secrets, each)


def read_blinding(
    run: Run, place: int, marked: Sequence[Marks], message: bytes, *, each: Each = serial
) -> Blindings:
    """Return the message of step 3 of the party at `place`, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    run.need(place, "options")
    return elgamal.read_blinding(Scope(run, place, 3), _sums(run, marked, each), message, each)


def shares(
    side: Side,
    shown: Sequence[Key],
    marked: Sequence[Marks],
    blinded: Sequence[Blindings],
    *,
    each: Each = serial,
) -> bytes:
    """Return the message of step 4: 192 bytes and 32 an option (spec/soundings.md section 7.4).

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    _check_own(side, shown)
    secrets = side.secrets(4, shown, marked, blinded)
    sums, z = _blinded(side.run, blinded, each), box_factor(secrets)
    return elgamal.share(Scope(side.run, side.place, 4), side.x, sums, z, secrets, each)


def read_shares(
    run: Run,
    place: int,
    shown: Sequence[Key],
    blinded: Sequence[Blindings],
    message: bytes,
    *,
    each: Each = serial,
) -> Shares:
    """Return the message of step 4 of the party at `place`, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    run.need(place, "options")
    sums = _blinded(run, blinded, each)
    return elgamal.read_share(Scope(run, place, 4), shown[place].y, sums, message, each)


def deposit(
    side: Side,
    shown: Sequence[Key],
    marked: Sequence[Marks],
    blinded: Sequence[Blindings],
    shared: Sequence[Shares],
) -> Deposit:
    """Return what goes into box 0, after all messages of step 4 were verified (spec/soundings.md section 7.5).

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    z = box_factor(side.secrets(4, shown, marked, blinded))
    elements: list[Element] = [one.blinded.e for one in shared]
    if not same(base(z), elements[side.place]):
        raise LocalError("sounding-own", step=4)
    return Deposit(elements, z, transcript(shown, marked, blinded, shared))


def opened(
    run: Run,
    blinded: Sequence[Blindings],
    shared: Sequence[Shares],
    scalars: Sequence[bytes],
    *,
    each: Each = serial,
) -> list[int]:
    """Return the options that all accept, from 0, in order, of what box 0 opened (spec/soundings.md section 7.5).

    Raises:
        RemoteError: `sounding-box`.
    """
    run.need(0, "options")
    found = elgamal.zeros(_blinded(run, blinded, each), shared, scalars, each)
    return [index for index, zero in enumerate(found) if zero]


def own(run: Run, place: int, step: int, message: bytes) -> Marks | Blindings | Shares:
    """Return a message of step 2, 3 or 4 that the caller knows to be its own, byte for byte; no proof of it is verified.

    Raises:
        RemoteError: `sounding-form`.
        LocalError: `sounding-context`.
    """
    run.need(place, "options")
    scope = Scope(run, place, step)
    if step == 2:
        return _marks_form(scope, message)[0]
    if step == 3:
        return elgamal.blinding_form(scope, run.size, message)[0]
    return elgamal.share_form(scope, run.size, message)


def _marks_form(scope: Scope, message: bytes) -> tuple[Marks, Scalar, list[Choice]]:
    """Return a message of step 2 with its challenge and its proofs; only its form is verified."""
    size = scope.run.size
    reader = Reader(scope, message, LENGTH + (CIPHER + 3 * LENGTH) * size)
    challenge = reader.scalar("the challenge")
    numbers = range(1, size + 1)
    values = [elgamal.read_cipher(reader, f"option {number}") for number in numbers]
    choices = [read_choice(reader, f"the proof of option {number}") for number in numbers]
    return Marks(bytes(message), values), challenge, choices


def _check_own(side: Side, shown: Sequence[Key]) -> None:
    """Pass if this side has made the key at its place.

    Raises:
        LocalError: `sounding-own`.
    """
    if not same(base(side.x), shown[side.place].y):
        raise LocalError("sounding-own", step=1)


def _sums(run: Run, marked: Sequence[Marks], each: Each) -> list[Cipher]:
    """Return for each option the encryption of how many reject it; every message of step 3 is about the same."""
    return run.once("marks", marked, lambda: elgamal.totals([one.values for one in marked], each))


def _blinded(run: Run, blinded: Sequence[Blindings], each: Each) -> list[Cipher]:
    """Return each of these times the factors of all; every message of step 4 is about the same."""
    return run.once("blindings", blinded, lambda: elgamal.blinded_sums(blinded, each))
