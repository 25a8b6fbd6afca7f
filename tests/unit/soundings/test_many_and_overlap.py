"""What dishonest parties can try under a joint key: each refused, or of no use."""

from __future__ import annotations

import pytest
from tests.support.soundings import Coursed, context, seed

from good_offices.errors import LocalError, RemoteError
from good_offices.seals import group
from good_offices.soundings import elgamal, many, overlap, rows
from good_offices.soundings.context import Run
from good_offices.soundings.course import scalars
from good_offices.soundings.derivation import Secrets
from good_offices.soundings.elgamal import NOTHING, Cipher, total
from good_offices.soundings.proofs import commit, respond
from good_offices.soundings.scope import Scope

MARKS = [(True, False), (True, True), (True, True)]


@pytest.fixture(scope="module")
def three():
    return Coursed("options", 2, MARKS).play()


@pytest.fixture(scope="module")
def ranges():
    return Coursed("range", 5, [(1, 2), (2, 4)]).play()


def keys(played):
    return played.courses[0].all(1)


def refused(code, call, *args, **named):
    with pytest.raises(RemoteError) as caught:
        call(*args, **named)
    assert caught.value.code == code
    return caught.value.facts["what"]


def test_a_key_made_of_the_keys_of_others_is_not_known(three):
    """The rogue key: one's own less all others would leave the joint key known to one."""
    x = group.scalar_from(b"\x07" * 64)
    others = [one.y for one in keys(three)[:2]]
    rogue = group.minus(group.base(x), group.plus(*others))
    proof = elgamal.key(three.run, 2, x, Secrets(seed(2), three.run, 2, 1))[32:]
    what = refused("sounding-proof", many.read_keys, three.run, 2, rogue + proof)
    assert what == "that it knows its key"


def test_keys_that_cancel_each_other_are_no_joint_key(three):
    x = group.scalar_from(b"\x05" * 64)
    one, other = group.base(x), group.base(group.subtract(group.small(0), x))
    with pytest.raises(RemoteError) as caught:
        elgamal.joint_key(three.run, [elgamal.Key(b"", one), elgamal.Key(b"", other)])
    assert caught.value.code == "sounding-form"


def test_the_vote_of_another_cannot_be_copied(three):
    """Ciphertexts and proofs of place 0 under place 1; and the same encrypted anew."""
    run = three.run
    refused("sounding-proof", many.read_marks, run, 1, keys(three), three.said[2, 0])
    marked = many.read_marks(run, 0, keys(three), three.said[2, 0])
    joint = elgamal.joint_key(run, keys(three))
    r = group.scalar_from(b"\x03" * 64)
    anew = [total([one, Cipher(group.base(r), group.times(r, joint))]) for one in marked.values]
    message = bytearray(three.said[2, 0])
    message[32 : 32 + 64 * len(anew)] = b"".join(b"".join(one) for one in anew)
    refused("sounding-proof", many.read_marks, run, 1, keys(three), bytes(message))


@pytest.mark.parametrize("number", [2, -1])
def test_nobody_counts_for_two_or_takes_one_away(three, number):
    """A mark of 2 or -1, each branch of the proof tried: no witness, no proof."""
    run, place = three.run, 1
    joint = elgamal.joint_key(run, keys(three))
    secrets = Secrets(seed(1), run, place, 2)
    r = [secrets.scalar(b"r", bytes([at])) for at in range(2)]
    more = (
        group.times(group.small(2), group.GENERATOR)
        if number == 2
        else group.minus(group.IDENTITY, group.GENERATOR)
    )
    values = [
        Cipher(group.base(r[0]), group.plus(group.times(r[0], joint), more)),
        elgamal.encrypted(joint, 0, r[1]),
    ]
    for true in (0, 1):
        branches = [elgamal.bit_branches(joint, one) for one in values]
        wanted = (true, 0)
        commitments = b"".join(commit(branches[at], wanted[at], secrets, at, known=r[at]) for at in range(2))
        raw = b"".join(b"".join(one) for one in values)
        challenge = Scope(run, place, 2).challenge(b"choice", joint + raw, commitments)
        answers = [respond(2, wanted[at], r[at], secrets, at, challenge) for at in range(2)]
        message = b"".join((challenge, raw, *answers))
        what = refused("sounding-proof", many.read_marks, run, place, keys(three), message)
        assert what == "that each option is accepted or rejected"


def test_a_blinding_is_of_the_whole_sum(three):
    """Another factor for one half would turn a refusal into an acceptance."""
    run, course = three.run, three.courses[0]
    marked = course.all(2)
    message = bytearray(three.said[3, 0])
    for at in (0, 32):
        changed = bytes(message[:at]) + group.plus(bytes(message[at : at + 32]), group.GENERATOR)
        changed += bytes(message[at + 32 :])
        refused("sounding-proof", many.read_blinding, run, 0, marked, changed)


def test_a_refusal_says_nothing_but_that_it_is_one(three):
    """The opened sums of two runs in which one and in which two rejected are no small multiple of G, and all differ."""
    seen = set()
    for rejecting in ((False, True, True), (False, False, True)):
        played = Coursed("options", 1, [(mark,) for mark in rejecting]).play()
        course = played.courses[0]
        sums, shared = elgamal.blinded_sums(course.all(3)), course.all(4)
        opened = played.boxes()[0]
        factors = [group.invert(group.scalar(one)) for one in scalars(opened)]
        shown = [
            group.times(factor, one.blinded.values[0]) for factor, one in zip(factors, shared, strict=True)
        ]
        left = group.minus(sums[0].b, group.plus(group.plus(*shown[:2]), shown[2]))
        assert left not in [group.base(group.small(count)) for count in range(1, 4)]
        seen.add(left)
        assert played.found().mutual == ()
    assert len(seen) == 2


@pytest.mark.parametrize("ours", [(0, 0), (0, 2), (1, 1), (2, 2)])
def test_every_overlap_of_a_small_scale(ours):
    for other in ((0, 1), (1, 2), None):
        result = Coursed("range", 3, [ours, other]).play().found()
        assert result.overlap == (other is not None and ours[0] <= other[1] and other[0] <= ours[1])


def test_rows_begin_in_one_place(ranges):
    """No 1, or two of them, in the first row; two in the second."""
    run, shown = ranges.run, keys(ranges)
    joint = elgamal.joint_key(run, shown)
    for low, high in (
        ([0] * 5, [0, 0, 0, 0, 1]),
        ([1, 1, 0, 0, 0], [0, 0, 0, 0, 1]),
        ([1, 0, 0, 0, 0], [0, 0, 0, 1, 1]),
    ):
        message = _rows(run, joint, low, high)
        refused("sounding-proof", overlap.read_rows, run, shown, message)
    honest = _rows(run, joint, [0, 1, 0, 0, 0], [0, 0, 1, 0, 0])
    assert len(overlap.read_rows(run, shown, honest).low) == 5


def _rows(run, joint, low, high):
    """Return rows of any bits, proved as well as they can be."""
    scope, secrets = Scope(run, overlap.SHOWS, 2), Secrets(seed(1), run, overlap.SHOWS, 2)
    ones = [*low, *high]
    r = [secrets.scalar(b"r", bytes([at])) for at in range(len(ones))]
    values = [elgamal.encrypted(joint, one, x) for one, x in zip(ones, r, strict=True)]
    ones.append(min(sum(high), 1))
    r.append(elgamal.added(r[len(low) :]))
    shown = [*values, total(values[len(low) :])]
    commitments = b"".join(
        commit(elgamal.bit_branches(joint, one), bit, secrets, at, known=x)
        for at, (one, bit, x) in enumerate(zip(shown, ones, r, strict=True))
    )
    raw = b"".join(b"".join(one) for one in values)
    challenge = scope.challenge(b"choice", joint + raw, commitments)
    answers = [
        respond(2, bit, x, secrets, at, challenge) for at, (bit, x) in enumerate(zip(ones, r, strict=True))
    ]
    said = rows.is_one(joint, total(values[: len(low)]))
    first = overlap.prove_equality(scope, said, elgamal.added(r[: len(low)]), secrets)
    return b"".join((challenge, raw, *answers, first))


def test_what_was_not_offered_cannot_be_picked(ranges):
    """An encryption of 1 of one's own would make every range overlap."""
    run, shown = ranges.run, keys(ranges)
    joint = elgamal.joint_key(run, shown)
    (row,) = ranges.courses[0].all(2)
    forged = elgamal.encrypted(joint, 1, group.scalar_from(b"\x09" * 64))
    message = bytearray(ranges.said[3, 0])
    message[:64] = b"".join(forged)
    what = refused("sounding-proof", overlap.read_picks, run, shown, row, bytes(message))
    assert what == "that it picked from the rows"


def test_a_step_belongs_to_its_place(ranges):
    course = ranges.courses[0]
    with pytest.raises(LocalError) as caught:
        overlap.rows(ranges.sides[0], course.all(1))
    assert caught.value.code == "sounding-context"
    (row,) = course.all(2)
    with pytest.raises(LocalError):
        overlap.picks(ranges.sides[1], course.all(1), row)


def test_a_range_is_for_two():
    run = Run(context(5, "range", parties=3))
    with pytest.raises(LocalError) as caught:
        overlap.Side(run, 0, (1, 2), seed(0))
    assert caught.value.code == "sounding-context"


def test_nothing_is_nothing():
    assert total([]) == NOTHING
