"""Whether the ranges of two delegations overlap, as one bit (spec/soundings.md section 8).

This module decides what each party sends in five steps and what the bit is. It never tells where a range lies, nor which
of the two refused.

1. Place 1 shows, encrypted, where its range begins and ends, each as a row of bits with one 1; who refuses any overlap has no 1
   in the second row (8.1).
2. Place 0 picks from the running sums of the two rows, at the ends of its own range, and encrypts again what it picked. It
   proves that it picked, and not where. Who refuses picks an encryption of 0 (8.1).
3. 2 less the two picks is 0 exactly if the ranges overlap and nobody refused. That number is blinded by both and opened by
   both shares, like an option of `many` (8.2).
4. Whatever the range is, the same functions are called in the same order on values of the same length.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from good_offices.errors import LocalError
from good_offices.seals.group import LENGTH, Element, Scalar, base, same, times
from good_offices.soundings import elgamal
from good_offices.soundings.blinding import Deposit, Said, box_factor, messages, transcript
from good_offices.soundings.context import PICKS, SHOWS, Run
from good_offices.soundings.derivation import Secrets
from good_offices.soundings.elgamal import (
    CIPHER,
    NOTHING,
    Blindings,
    Cipher,
    Key,
    Shares,
    ciphers,
    total,
)
from good_offices.soundings.proofs import (
    CHOICE,
    Choice,
    Proof,
    check_equality,
    commit,
    prove_equality,
    read_choice,
    read_proof,
    recommit,
    respond,
)
from good_offices.soundings.rows import difference, is_one, raw, running, statements
from good_offices.soundings.scope import Each, Reader, Scope, serial

ROWS_STEP: Final = 2
PICKS_STEP: Final = 3
_PROOF: Final = 2 * LENGTH


@dataclass(frozen=True, repr=False)
class Side:
    """One's own side of a run: its place, the first and last tick of its range (None: it refuses), and the seed."""

    run: Run
    place: int
    ticks: tuple[int, int] | None
    seed: bytes

    def __post_init__(self) -> None:
        """Refuse a range that is not one of the scale.

        Raises:
            LocalError: `sounding-context`, `sounding-marks`.
        """
        self.run.need(self.place, "range", parties=2)
        if self.ticks is not None and not 0 <= self.ticks[0] <= self.ticks[1] < self.run.size:
            raise LocalError("sounding-marks", why="the range does not lie on the scale, its lower end first")

    @property
    def ends(self) -> tuple[int, int]:
        """The first and last tick; those of a party that refuses are never sent."""
        return self.ticks or (0, 0)

    def secrets(self, step: int, *before: Sequence[Said]) -> Secrets:
        """Return the secrets of a step, bound to the range and all messages before it (section 11.6)."""
        said = b"" if self.ticks is None else b"".join(tick.to_bytes(4) for tick in self.ticks)
        return Secrets(self.seed, self.run, self.place, step, said, *messages(*before))

    @property
    def x(self) -> Scalar:
        """One's own share of the joint key."""
        return self.secrets(1).scalar(b"x")

    def __repr__(self) -> str:
        """Show the place only."""
        return f"Side({self.place})"


class Rows(NamedTuple):
    """The message of step 2: encrypted, whether the range of place 1 begins at a tick or before, and ends there or later."""

    message: bytes
    low: list[Cipher]
    high: list[Cipher]


class Picks(NamedTuple):
    """The message of step 3: encrypted, whether 1 begins before 0 ends, and whether it ends after 0 begins."""

    message: bytes
    low: Cipher
    high: Cipher


def keys(side: Side) -> bytes:
    """Return the message of step 1, of both: 96 bytes (spec/soundings.md section 7.1).

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
    run.need(place, "range", parties=2)
    return elgamal.read_key(run, place, message)


def rows(side: Side, shown: Sequence[Key], *, each: Each = serial) -> bytes:
    """Return the message of step 2, of place 1: 192 bytes and 320 a tick (spec/soundings.md section 8.1).

    Raises:
        LocalError: `sounding-context`, `sounding-own`, `sounding-seed`.
    """
    _check_own(side, shown, SHOWS)
    run, scope = side.run, Scope(side.run, SHOWS, ROWS_STEP)
    joint, secrets = elgamal.joint_key(run, shown), side.secrets(ROWS_STEP, shown)
    ones = [int(tick == side.ends[0]) for tick in range(run.size)]
    ones += [int(tick == side.ends[1] and side.ticks is not None) for tick in range(run.size)]
    randoms = [secrets.scalar(b"r", index.to_bytes(4)) for index in range(len(ones))]

    def one(index: int) -> bytes:
        cipher = elgamal.encrypted(joint, ones[index], randoms[index])
        branches = elgamal.bit_branches(joint, cipher)
        return b"".join(cipher) + commit(branches, ones[index], secrets, index, known=randoms[index])

    blocks = list(each(one, range(len(ones))))
    values = ciphers(block[:CIPHER] for block in blocks)
    begun, ending = running(values, each)
    low, high = begun[-1], ending[0]
    # The sum of the second row is one choice more.
    ones.append(int(side.ticks is not None))
    randoms.append(elgamal.added(randoms[run.size :]))
    last = commit(elgamal.bit_branches(joint, high), ones[-1], secrets, len(ones) - 1, known=randoms[-1])
    commitments = b"".join([block[CIPHER:] for block in blocks] + [last])
    challenge = scope.challenge(CHOICE, joint + raw(values), commitments)
    answers = [
        respond(2, bit, r, secrets, index, challenge)
        for index, (bit, r) in enumerate(zip(ones, randoms, strict=True))
    ]
    first = prove_equality(scope, is_one(joint, low), elgamal.added(randoms[: run.size]), secrets)
    return b"".join((challenge, raw(values), *answers, first))


def read_rows(run: Run, shown: Sequence[Key], message: bytes, *, each: Each = serial) -> Rows:
    """Return the message of step 2, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    run.need(SHOWS, "range", parties=2)
    scope, joint = Scope(run, SHOWS, ROWS_STEP), elgamal.joint_key(run, shown)
    form = _rows_form(scope, message)
    low, high = running(form.values, each)
    shown_bits = [*form.values, high[0]]

    def one(index: int) -> bytes:
        return recommit(elgamal.bit_branches(joint, shown_bits[index]), form.choices[index], form.challenge)

    commitments = b"".join(each(one, range(len(shown_bits))))
    if not same(form.challenge, scope.challenge(CHOICE, joint + raw(form.values), commitments)):
        raise scope.unproven("that each tick is marked or not")
    check_equality(scope, is_one(joint, low[-1]), form.first, "that the range begins somewhere")
    return Rows(bytes(message), low, high)


def own_rows(run: Run, message: bytes, *, each: Each = serial) -> Rows:
    """Return a message of step 2 that the caller knows to be its own, byte for byte; no proof of it is verified.

    Raises:
        RemoteError: `sounding-form`.
        LocalError: `sounding-context`.
    """
    run.need(SHOWS, "range", parties=2)
    values = _rows_form(Scope(run, SHOWS, ROWS_STEP), message).values
    return Rows(bytes(message), *running(values, each))


def picks(side: Side, shown: Sequence[Key], row: Rows, *, each: Each = serial) -> bytes:
    """Return the message of step 3, of place 0: 160 bytes and 128 a tick (spec/soundings.md section 8.1).

    Raises:
        LocalError: `sounding-context`, `sounding-own`, `sounding-seed`.
    """
    _check_own(side, shown, PICKS)
    scope, joint = Scope(side.run, PICKS, PICKS_STEP), elgamal.joint_key(side.run, shown)
    secrets = side.secrets(PICKS_STEP, shown, [row])
    offered = _offered(row)
    # Of the first row also nothing at all may be picked, which is behind its last tick.
    chosen = (side.ends[1] if side.ticks is not None else side.run.size, side.ends[0])
    randoms = [secrets.scalar(b"r", index.to_bytes(4)) for index in range(2)]
    picked = [
        total([options[at], Cipher(base(r), times(r, joint))])
        for options, at, r in zip(offered, chosen, randoms, strict=True)
    ]
    branches = [statements(joint, one, options, each) for one, options in zip(picked, offered, strict=True)]
    commitments = b"".join(
        commit(branches[index], chosen[index], secrets, index, each=each) for index in range(2)
    )
    challenge = scope.challenge(CHOICE, _stated(joint, row, picked), commitments)
    answers = [
        respond(len(branches[index]), chosen[index], randoms[index], secrets, index, challenge)
        for index in range(2)
    ]
    return b"".join((raw(picked), challenge, *answers))


def read_picks(run: Run, shown: Sequence[Key], row: Rows, message: bytes, *, each: Each = serial) -> Picks:
    """Return the message of step 3, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    run.need(PICKS, "range", parties=2)
    scope, joint = Scope(run, PICKS, PICKS_STEP), elgamal.joint_key(run, shown)
    said, challenge, choices = _picks_form(scope, message)
    picked, offered = said[1:], _offered(row)
    commitments = b"".join(
        recommit(statements(joint, one, options, each), choice, challenge, each=each)
        for one, options, choice in zip(picked, offered, choices, strict=True)
    )
    if not same(challenge, scope.challenge(CHOICE, _stated(joint, row, picked), commitments)):
        raise scope.unproven("that it picked from the rows")
    return said


def own_picks(run: Run, message: bytes) -> Picks:
    """Return a message of step 3 that the caller knows to be its own, byte for byte; no proof of it is verified.

    Raises:
        RemoteError: `sounding-form`.
        LocalError: `sounding-context`.
    """
    run.need(PICKS, "range", parties=2)
    return _picks_form(Scope(run, PICKS, PICKS_STEP), message)[0]


def blinding(side: Side, shown: Sequence[Key], row: Rows, pick: Picks) -> bytes:
    """Return the message of step 4, of both: 128 bytes (spec/soundings.md section 8.2).

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    _check_own(side, shown, side.place)
    secrets = side.secrets(4, shown, [row], [pick])
    return elgamal.blinding(Scope(side.run, side.place, 4), difference(pick.low, pick.high), secrets)


def read_blinding(run: Run, place: int, pick: Picks, message: bytes) -> Blindings:
    """Return the message of step 4 of the party at `place`, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    run.need(place, "range", parties=2)
    return elgamal.read_blinding(Scope(run, place, 4), difference(pick.low, pick.high), message)


def shares(side: Side, shown: Sequence[Key], row: Rows, pick: Picks, blinded: Sequence[Blindings]) -> bytes:
    """Return the message of step 5, of both: 224 bytes (spec/soundings.md section 8.2).

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    _check_own(side, shown, side.place)
    secrets = side.secrets(5, shown, [row], [pick], blinded)
    sums, z = elgamal.blinded_sums(blinded), box_factor(secrets)
    return elgamal.share(Scope(side.run, side.place, 5), side.x, sums, z, secrets)


def read_shares(
    run: Run, place: int, shown: Sequence[Key], blinded: Sequence[Blindings], message: bytes
) -> Shares:
    """Return the message of step 5 of the party at `place`, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    run.need(place, "range", parties=2)
    sums = elgamal.blinded_sums(blinded)
    return elgamal.read_share(Scope(run, place, 5), shown[place].y, sums, message)


def deposit(  # a deposit names all messages
    side: Side,
    shown: Sequence[Key],
    row: Rows,
    pick: Picks,
    blinded: Sequence[Blindings],
    shared: Sequence[Shares],
) -> Deposit:
    """Return what goes into box 0, after both messages of step 5 were verified (spec/soundings.md section 8.2).

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    z = box_factor(side.secrets(5, shown, [row], [pick], blinded))
    elements: list[Element] = [one.blinded.e for one in shared]
    if not same(base(z), elements[side.place]):
        raise LocalError("sounding-own", step=5)
    return Deposit(elements, z, transcript(shown, [row], [pick], blinded, shared))


def opened(
    run: Run, blinded: Sequence[Blindings], shared: Sequence[Shares], scalars: Sequence[bytes]
) -> bool:
    """Return whether the ranges overlap, of what box 0 opened (spec/soundings.md section 8.2).

    Raises:
        RemoteError: `sounding-box`.
    """
    run.need(0, "range", parties=2)
    (found,) = elgamal.zeros(elgamal.blinded_sums(blinded), shared, scalars)
    return found


class _RowsForm(NamedTuple):
    """A message of step 2 as it was read: both rows, one after the other, and their proofs."""

    values: list[Cipher]
    challenge: Scalar
    choices: list[Choice]
    first: Proof


def _rows_form(scope: Scope, message: bytes) -> _RowsForm:
    """Return a message of step 2; only its form is verified."""
    size = scope.run.size
    count = 2 * size
    reader = Reader(scope, message, LENGTH + CIPHER * count + 3 * LENGTH * (count + 1) + _PROOF)
    challenge = reader.scalar("the challenge")
    values = [elgamal.read_cipher(reader, f"tick {index % size + 1}") for index in range(count)]
    choices = [read_choice(reader, "the proof of a tick") for _ in range(count + 1)]
    return _RowsForm(values, challenge, choices, read_proof(reader, "the proof of the first row"))


def _picks_form(scope: Scope, message: bytes) -> tuple[Picks, Scalar, list[Choice]]:
    """Return a message of step 3 with its challenge and its proofs; only its form is verified."""
    # For n branches n - 1 challenges and n responses: n + 1 branches, then n.
    counts = (scope.run.size + 1, scope.run.size)
    reader = Reader(scope, message, 2 * CIPHER + LENGTH + LENGTH * sum(2 * count - 1 for count in counts))
    picked = [elgamal.read_cipher(reader, "a pick") for _ in range(2)]
    challenge = reader.scalar("the challenge")
    choices = [read_choice(reader, "the proof of a pick", count) for count in counts]
    return Picks(bytes(message), *picked), challenge, choices


def _offered(row: Rows) -> tuple[list[Cipher], list[Cipher]]:
    """Return what place 0 picks from, by tick: 1 begins there or before, or nothing; 1 ends there or later."""
    return [*row.low, NOTHING], row.high


def _stated(joint: Element, row: Rows, picked: Sequence[Cipher]) -> bytes:
    """Return what the challenge of the picks covers: the joint key, what was offered, what was picked."""
    return joint + hashlib.sha512(row.message).digest() + raw(picked)


def _check_own(side: Side, shown: Sequence[Key], place: int) -> None:
    """Pass if this side is at `place` and has made the key there.

    Raises:
        LocalError: `sounding-context`, `sounding-own`.
    """
    if side.place != place:
        raise LocalError("sounding-context", why="this step is the other's")
    if not same(base(side.x), shown[place].y):
        raise LocalError("sounding-own", step=1)
