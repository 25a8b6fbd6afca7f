"""What a dishonest party or a damaged line can send: each refused, with its code, place and step."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.support.soundings import Chunked, Played, context, seed

from good_offices.encoding import pack
from good_offices.errors import RemoteError
from good_offices.seals import group
from good_offices.soundings import packages, pair, proofs
from good_offices.soundings.blinding import blind
from good_offices.soundings.context import Run
from good_offices.soundings.derivation import Secrets
from good_offices.soundings.pair import Side
from good_offices.soundings.proofs import Branch, Equality, commit, respond
from good_offices.soundings.scope import Reader, Scope

ONE = (1).to_bytes(32, "little")
ORDER = group.ORDER.to_bytes(32, "little")
MARKS = [[True, False, True], [True, True, False]]
FIRST = {"X": 0, "the challenge": 1, "T": 3, "c_0": 5, "r_0": 6, "r_1": 7}
SECOND = {"E": 0, "V": 1, "c": 2, "r": 3, "the second c": 4, "the second r": 5, "W": 7}
ELEMENTS = ("X", "T", "E", "V", "W")


@pytest.fixture(scope="module")
def played():
    both = Played(MARKS)
    assert both.opened() == [0]
    return both


@pytest.fixture(scope="module")
def chunked():
    return Chunked(MARKS, 2)


def refused(code, call, *args, place=0, step=1, **named):
    with pytest.raises(RemoteError) as caught:
        call(*args, **named)
    assert (caught.value.code, caught.value.facts["place"]) == (code, place)
    if step:
        assert caught.value.facts["step"] == step
    return caught.value.facts["what"]


def put(message, at, new):
    return message[: 32 * at] + new + message[32 * at + 32 :]


def other_valid(name, raw):
    """Another value of the same kind as what stands there."""
    if name in ELEMENTS:
        return group.plus(raw, group.GENERATOR)
    return group.add(raw, ONE)


def bad_elements():
    """Encodings that RFC 9496 refuses, and the identity; what of low order there is on the curve is among them."""
    field = 2**255 - 19
    return {
        "the identity": bytes(32),
        "negative": ONE,
        "not canonical": field.to_bytes(32, "little"),
        "not canonical, one more": (field + 2).to_bytes(32, "little"),
        "with the highest bit": bytes(31) + b"\x80",
        "of order 2 on the curve": (field - 1).to_bytes(32, "little"),
        "of order 8 on the curve": bytes.fromhex(
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
        ),
        "no square": b"\x04" + bytes(30) + b"\x01",
    }


@pytest.mark.parametrize("name", FIRST)
def test_another_value_anywhere_in_step_1_proves_nothing(played, name):
    at = FIRST[name]
    message = played.first[0]
    changed = put(message, at, other_valid(name, message[32 * at : 32 * at + 32]))
    refused("sounding-proof", pair.read_first, played.run, 0, changed)


@pytest.mark.parametrize("name", SECOND)
def test_another_value_anywhere_in_step_2_proves_nothing(played, name):
    at = SECOND[name]
    message = played.second[0]
    changed = put(message, at, other_valid(name, message[32 * at : 32 * at + 32]))
    refused("sounding-proof", pair.read_second, played.run, 0, played.firsts, changed, step=2)


@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_no_changed_bit_passes(played, bit):
    """One bit at the end and the middle of each value of both messages; form or proof refuses it."""
    readers = (
        lambda raw: pair.read_first(played.run, 0, raw),
        lambda raw: pair.read_second(played.run, 0, played.firsts, raw),
    )
    for step, message in ((1, played.first[0]), (2, played.second[0])):
        for at in range(0, len(message), 32):
            for byte in (at, at + 31):
                changed = bytearray(message)
                changed[byte] ^= bit
                with pytest.raises(RemoteError) as caught:
                    readers[step - 1](bytes(changed))
                assert caught.value.code in ("sounding-form", "sounding-proof")
                assert caught.value.facts["step"] == step


@pytest.mark.parametrize("raw", bad_elements().values(), ids=bad_elements())
def test_what_is_no_element_is_refused_by_its_form(played, raw):
    for name, at in FIRST.items():
        if name in ELEMENTS:
            what = refused("sounding-form", pair.read_first, played.run, 0, put(played.first[0], at, raw))
            assert what.startswith("X" if name == "X" else "option 2:")
    for name, at in SECOND.items():
        if name in ELEMENTS:
            changed = put(played.second[0], at, raw)
            what = refused("sounding-form", pair.read_second, played.run, 0, played.firsts, changed, step=2)
            assert what.startswith("option 2:" if name == "W" else name)


@pytest.mark.parametrize("raw", [bytes(32), ORDER, b"\xff" * 32], ids=["zero", "the order", "all bits"])
def test_what_is_no_scalar_is_refused_by_its_form(played, raw):
    for name, at in FIRST.items():
        if name not in ELEMENTS:
            what = refused("sounding-form", pair.read_first, played.run, 0, put(played.first[0], at, raw))
            assert what.startswith("the challenge" if at == 1 else "the proof of option 1:")
    for name, at in SECOND.items():
        if name not in ELEMENTS:
            changed = put(played.second[0], at, raw)
            refused("sounding-form", pair.read_second, played.run, 0, played.firsts, changed, step=2)


@pytest.mark.parametrize(
    "cut", ["", "a byte less", "an option less", "a byte more", "an option more", "nothing"]
)
def test_a_message_has_its_length(played, chunked, cut):
    for step, option, message in ((1, 128, played.first[0]), (2, 32, played.second[0])):
        changed = {
            "": message[1:],
            "a byte less": message[:-1],
            "an option less": message[:-option],
            "a byte more": message + b"\0",
            "an option more": message + message[-option:],
            "nothing": b"",
        }[cut]
        if step == 1:
            refused("sounding-form", pair.read_first, played.run, 0, changed)
        else:
            read = pair.read_second
            refused("sounding-form", read, played.run, 0, played.firsts, changed, step=2)
            read = packages.read_second
            refused("sounding-form", read, chunked.run, 0, chunked.firsts, changed, step=2)


def test_a_message_of_the_other_place_is_refused(played):
    refused("sounding-proof", pair.read_first, played.run, 1, played.first[0], place=1)
    read = pair.read_second
    refused("sounding-proof", read, played.run, 1, played.firsts, played.second[0], place=1, step=2)


def test_a_mirrored_message_is_refused(played):
    """Who sends back what it received, to learn what the other accepts, proves nothing under its own place."""
    refused("sounding-proof", pair.read_first, played.run, 1, played.first[0], place=1)
    firsts = [played.firsts[0], played.firsts[0]]
    second = pair.second(played.sides[0], firsts)
    refused("sounding-proof", pair.read_second, played.run, 1, firsts, second, place=1, step=2)


@pytest.mark.parametrize(
    "other",
    [{"attempt": 1}, {"sounding": bytes(32)}, {"head_size": 11}, {"closes": 1}, {"list_hash": bytes(32)}],
    ids=lambda other: next(iter(other)),
)
def test_a_message_of_another_run_is_refused(played, other):
    run = Run(context(3, **other))
    refused("sounding-proof", pair.read_first, run, 0, played.first[0])
    read = pair.read_second
    refused("sounding-proof", read, run, 0, played.firsts, played.second[0], step=2)


def test_exchanged_options_are_refused(played):
    message = played.first[0]
    values = [message[64 + 32 * at : 96 + 32 * at] for at in range(3)]
    answers = [message[160 + 96 * at : 256 + 96 * at] for at in range(3)]

    def joined(order, other):
        return b"".join([message[:64], *(values[at] for at in order), *(answers[at] for at in other)])

    assert joined((0, 1, 2), (0, 1, 2)) == message
    for order, other in (((1, 0, 2), (1, 0, 2)), ((1, 0, 2), (0, 1, 2)), ((0, 1, 2), (0, 2, 1))):
        refused("sounding-proof", pair.read_first, played.run, 0, joined(order, other))
    message = played.second[0]
    changed = message[:192] + message[224:256] + message[192:224] + message[256:]
    refused("sounding-proof", pair.read_second, played.run, 0, played.firsts, changed, step=2)


class Liar:
    """A party with the whole software and no scruples, in place 0 of a run of its own marks."""

    def __init__(self, played):
        self.played = played
        self.run = played.run
        self.secrets = Secrets(seed(7), self.run, 0, 1)
        self.x = self.secrets.scalar(b"x")
        self.own = group.base(self.x)

    def first(self, values, *, bases=None, true=0, tag=proofs.CHOICE, scope=None, points=None):
        """The message of step 1 for values that may be anything, the branch `true` claimed of all."""
        bases = bases or [(self.run.base(b"yes", at), self.run.base(b"no-0", at)) for at in range(3)]
        branches = [
            [Branch(one, self.own, value) for one in both] for both, value in zip(bases, values, strict=True)
        ]
        committed = b"".join(
            commit(both, true, self.secrets, at, known=self.x) for at, both in enumerate(branches)
        )
        scope = scope or Scope(self.run, 0, 1)
        challenge = scope.challenge(tag, points or self.own + b"".join(values), committed)
        answers = [respond(2, true, self.x, self.secrets, at, challenge) for at in range(3)]
        return b"".join((self.own, challenge, *values, *answers))

    def accepted(self):
        return [group.times(self.x, self.run.base(b"yes", at)) for at in range(3)]


@pytest.fixture
def liar(played):
    return Liar(played)


def test_the_liar_can_be_honest(liar):
    """Else the refusals below would say nothing."""
    pair.read_first(liar.run, 0, liar.first(liar.accepted()))


def test_a_value_that_is_neither_yes_nor_no_is_refused(liar):
    accepted = liar.accepted()
    both = group.plus(accepted[0], group.times(liar.x, liar.run.base(b"no-0", 0)))
    of_the_other = group.times(liar.x, liar.run.base(b"no-1", 0))
    of_another_option = accepted[1]
    of_another_key = group.times(liar.secrets.scalar(b"y"), liar.run.base(b"yes", 0))
    for value in (both, of_the_other, of_another_option, of_another_key, liar.own, group.GENERATOR):
        refused("sounding-proof", pair.read_first, liar.run, 0, liar.first([value, *accepted[1:]]))


def test_a_proof_over_other_bases_tags_or_circumstances_is_refused(liar):
    accepted = liar.accepted()
    accepting = [(liar.run.base(b"yes", at), liar.run.base(b"no-1", at)) for at in range(3)]
    lies = [
        liar.first(accepted, bases=accepting),
        liar.first(accepted, true=1),
        liar.first(accepted, tag=proofs.EQUALITY),
        liar.first(accepted, scope=Scope(liar.run, 1, 1)),
        liar.first(accepted, scope=Scope(liar.run, 0, 2)),
        liar.first(accepted, scope=Scope(liar.run, 0, 1, 1)),
        liar.first(accepted, points=b"".join(accepted)),
    ]
    for lie in lies:
        refused("sounding-proof", pair.read_first, liar.run, 0, lie)


def lied_second(played, *, x=None, points=None, scope=None):
    """The message of step 2 of place 0, computed from what it should not be."""
    side = played.sides[0]
    own = x or side.secrets(1).scalar(b"x")
    points = played.firsts[1].values if points is None else points
    secrets = side.secrets(2, b"lie")
    return blind(scope or Scope(played.run, 0, 2), own, points, secrets.scalar(b"z"), secrets)


def test_the_second_liar_can_be_honest(played):
    pair.read_second(played.run, 0, played.firsts, lied_second(played))


def test_values_from_another_x_or_of_other_points_are_refused(played):
    values = played.firsts[1].values
    lies = [
        lied_second(played, x=seed(3)[:31] + b"\0"),
        lied_second(played, points=played.firsts[0].values),
        lied_second(played, points=[values[0]] * 3),
        lied_second(played, points=[values[1], values[0], values[2]]),
        lied_second(played, points=[*values[:2], group.plus(values[2], group.GENERATOR)]),
        lied_second(played, scope=Scope(played.run, 0, 1)),
        lied_second(played, scope=Scope(played.run, 0, 2, 1)),
        lied_second(played, scope=Scope(played.run, 1, 2)),
    ]
    for lie in lies:
        refused("sounding-proof", pair.read_second, played.run, 0, played.firsts, lie, step=2)


def test_a_factor_of_one_exponent_with_values_of_another_is_refused(played):
    """E and V of one z, W and the second proof of another: the link between the two is what is refused."""
    one, other = lied_second(played), played.second[0]
    mixed = other[:128] + one[128:]
    refused("sounding-proof", pair.read_second, played.run, 0, played.firsts, mixed, step=2)


def test_a_second_message_after_another_first_is_refused(played):
    again = Played([MARKS[0], [False, True, True]])
    firsts = [played.firsts[0], again.firsts[1]]
    refused("sounding-proof", pair.read_second, played.run, 0, firsts, played.second[0], step=2)


@pytest.mark.parametrize("raw", [bytes(32), ORDER, ONE, b"", b"\0" * 33, b"\xff" * 32], ids=range(6))
def test_what_the_box_opens_must_be_what_was_bound(played, chunked, raw):
    good = [one.scalar for one in played.deposits]
    refused("sounding-box", pair.opened, played.run, played.seconds, [good[0], raw], place=1, step=0)
    refused("sounding-box", pair.opened, played.run, played.seconds, [raw, good[1]], place=0, step=0)
    good = [
        packages.deposit(side, chunked.firsts, chunked.seconds, 0, blank=True).scalar
        for side in chunked.sides
    ]
    packages.check_blank(chunked.seconds, 0, good)
    refused("sounding-box", packages.check_blank, chunked.seconds, 0, [good[0], raw], place=1, step=0)
    refused("sounding-box", packages.opened, chunked.run, chunked.seconds, 0, good, place=0, step=0)


def test_exchanged_scalars_are_refused(played):
    scalars = [one.scalar for one in played.deposits]
    refused("sounding-box", pair.opened, played.run, played.seconds, scalars[::-1], place=0, step=0)


def test_chunks_are_bound_to_their_place_in_the_list():
    """Chunks of equal length, exchanged with all that belongs to them."""
    four = Chunked([[True] * 4, [True] * 4], 2)
    message = four.second[0]
    half = len(message) // 2
    read = packages.read_second
    refused("sounding-proof", read, four.run, 0, four.firsts, message[half:] + message[:half], step=2)
    refused("sounding-proof", read, four.run, 1, four.firsts, message, place=1, step=2)
    refused("sounding-form", read, four.run, 0, four.firsts, message[:-32] + bytes(32), step=2)


def test_one_chunk_s_factor_does_not_open_another():
    four = Chunked([[True] * 4, [True] * 4], 2)
    scalars = [
        packages.deposit(side, four.firsts, four.seconds, 1, blank=False).scalar for side in four.sides
    ]
    assert packages.opened(four.run, four.seconds, 1, scalars) == [2, 3]
    refused("sounding-box", packages.opened, four.run, four.seconds, 0, scalars, place=0, step=0)


def test_an_order_of_another_sounding_is_refused(chunked):
    raw = packages.order_deposit(chunked.sides[0], chunked.firsts, chunked.seconds)
    good = packages.Order(context=chunked.run.ctx, place=0, nonce=packages.read_order(chunked.run, 0, raw))
    other = Run(context(3, "packages", 2, attempt=1))
    refused("sounding-box", packages.read_order, chunked.run, 1, raw, place=1, step=0)
    refused("sounding-box", packages.read_order, other, 0, raw, step=0)
    for nonce in (b"", bytes(31), bytes(33)):
        bad = pack(packages.Order(context=good.context, place=0, nonce=nonce))
        refused("sounding-box", packages.read_order, chunked.run, 0, bad, step=0)
    for bad in (b"", raw[:-1], raw + b"\0", bytes(2000)):
        refused("sounding-box", packages.read_order, chunked.run, 0, bad, step=0)


def points(count, label):
    return [group.hash_to_group(bytes([at]), label) for at in range(count)]


def test_several_equalities_under_one_challenge():
    """The proof of section 4.5: of n statements none can be changed, left out or exchanged."""
    scope = Scope(Run(context(3)), 0, 3)
    secrets = Secrets(seed(0), scope.run, 0, 3)
    ks = [secrets.scalar(b"k", bytes([at])) for at in range(3)]
    pairs = zip(points(3, b"p"), points(3, b"q"), ks, strict=True)
    said = [Equality(p, q, group.times(k, p), group.times(k, q)) for p, q, k in pairs]
    raw = proofs.prove_many(scope, said, ks, secrets)

    def read(raw, count=3):
        return proofs.read_proof(Reader(scope, raw, 32 + 32 * count), "the proof", count)

    proofs.check_many(scope, said, read(raw), "x")
    wrong = [*said[:2], said[2]._replace(s=said[1].s)]
    lies = [
        (said, put(raw, 0, other_valid("c", raw[:32]))),
        (said, put(raw, 2, raw[32:64])),
        (wrong, raw),
        ([said[1], said[0], said[2]], raw),
        (wrong, proofs.prove_many(scope, wrong, ks, secrets)),
        (said, proofs.prove_many(replace(scope, part=1), said, ks, secrets)),
    ]
    for statement, lie in lies:
        refused("sounding-proof", proofs.check_many, scope, statement, read(lie), "x", step=3)
    refused("sounding-form", read, raw[:-32], step=3)
    refused("sounding-proof", proofs.check_many, scope, said[:2], read(raw[:-32], 2), "x", step=3)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_one_of_several(count):
    """The proof of section 4.4, whichever branch holds; and none, if none does."""
    scope = Scope(Run(context(3)), 0, 3)
    secrets = Secrets(seed(0), scope.run, 0, 3)
    qs, k, y = points(count, b"q"), secrets.scalar(b"k"), secrets.scalar(b"y")

    def passes(branches, true, index=0):
        committed = commit(branches, true, secrets, index)
        challenge = scope.challenge(proofs.CHOICE, b"", committed)
        raw = respond(count, true, k, secrets, index, challenge)
        choice = proofs.read_choice(Reader(scope, raw, 32 * (2 * count - 1)), "x", count)
        again = proofs.recommit(branches, choice, challenge)
        return scope.challenge(proofs.CHOICE, b"", again) == challenge

    for true in range(count):
        branches = [Branch(q, group.base(y), group.times(secrets.scalar(b"s", q), q)) for q in qs]
        branches[true] = Branch(qs[true], group.base(k), group.times(k, qs[true]))
        assert passes(branches, true)
        branches[true] = Branch(qs[true], group.base(k), group.times(y, qs[true]))
        assert not passes(branches, true)


def test_no_side_of_another_place_makes_a_valid_message(played):
    """Place 1's software run with place 0's bases, and the other way round."""
    for place in (0, 1):
        side = Side(played.run, 1 - place, tuple(MARKS[place]), seed(place))
        refused("sounding-proof", pair.read_first, played.run, place, pair.first(side), place=place)
