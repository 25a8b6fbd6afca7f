"""Runs of every kind from the first message to the result; what a course refuses."""

from __future__ import annotations

import pytest
from tests.support.soundings import Coursed

from good_offices.errors import LocalError, RemoteError
from good_offices.soundings.context import Run
from good_offices.soundings.course import Found, course, refusal, scalars

KINDS = {
    "two": ("options", 3, [(True, True, False), (True, False, True)], 0),
    "three": ("options", 3, [(True, True, False), (True, True, True), (True, False, True)], 0),
    "packages": ("packages", 5, [(True,) * 5, (False, False, True, True, False)], 2),
    "range": ("range", 6, [(1, 3), (3, 5)], 0),
}


def of(kind, **changed):
    name, size, choices, chunk = KINDS[kind]
    return Coursed(name, size, choices, chunk, **changed)


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_finds_the_same(kind):
    result = of(kind).play().found()
    if kind in ("two", "three"):
        assert result == Found((0,), None, (0, 1, 2))
    elif kind == "range":
        assert result == Found((), True, ())
    else:
        assert set(result.mutual) in ({2, 3}, {2}, {3})
        assert result.mutual == tuple(at for at in result.looked if at in (2, 3))


@pytest.mark.parametrize("kind", KINDS)
def test_who_said_nothing_refuses_everything(kind):
    name, size, choices, chunk = KINDS[kind]
    silent = [*choices[:-1], refusal(Run(of(kind).run.context))]
    result = Coursed(name, size, silent, chunk).play().found()
    assert (result.mutual, bool(result.overlap)) == ((), False)
    if name == "packages":
        assert sorted(result.looked) == list(range(size))


@pytest.mark.parametrize("kind", KINDS)
def test_messages_have_one_length_whatever_is_wanted(kind):
    name, size, choices, chunk = KINDS[kind]
    every = (True,) * size if name != "range" else (0, size - 1)
    wanted = of(kind).play()
    other = Coursed(name, size, [every, *([refusal(wanted.run)] * (len(choices) - 1))], chunk).play()
    assert {at: len(one) for at, one in wanted.said.items()} == {
        at: len(one) for at, one in other.said.items()
    }
    assert [[len(one) for one in box] for box in wanted.boxes().values()] == [
        [len(one) for one in box] for box in other.boxes().values()
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_holds_only_after_what_it_followed(kind):
    played = of(kind).play()
    reader = course(played.run)
    step, place = played.steps[0]
    with pytest.raises(RemoteError) as caught:
        reader.take(step, place, played.said[step, place], bytes(64))
    assert (caught.value.code, caught.value.facts["what"]) == (
        "sounding-proof",
        "that it followed these messages",
    )
    assert not reader.has(step, place)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_made_again_is_the_same(kind):
    first, again = of(kind).play(), of(kind).play()
    assert first.said == again.said
    assert first.boxes() == again.boxes()


@pytest.mark.parametrize("kind", KINDS)
def test_no_scalar_serves_two_attempts(kind):
    """Another attempt has another ctx, so even one seed gives other secrets (spec/soundings.md section 11.6)."""
    ours, next_one = (of(kind, attempt=number).play() for number in (0, 1))
    one, other = (
        {raw[at : at + 32] for raw in played.said.values() for at in range(0, len(raw), 32)}
        for played in (ours, next_one)
    )
    assert one.isdisjoint(other)


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_byte_is_refused_wherever_it_is(kind):
    """A bit of every value of every message: its form or its proof refuses it, and names step and place."""
    played = of(kind).play()
    for number, (step, place) in enumerate(played.steps):
        message = played.said[step, place]
        reader = course(played.run)
        for before in played.steps[:number]:
            if before[0] < step:
                played.take(reader, *before)
        for at in range(0, len(message), 32 if len(message) < 700 else 224):
            changed = bytearray(message)
            changed[at] ^= 1
            with pytest.raises(RemoteError) as caught:
                reader.take(step, place, bytes(changed), reader.binds(step))
            assert caught.value.code in ("sounding-form", "sounding-proof")
            assert (caught.value.facts["place"], caught.value.facts["step"]) == (place, step)
        for cut in (message[:-1], message + b"\0", b""):
            with pytest.raises(RemoteError, match="prescribed form"):
                reader.take(step, place, cut, reader.binds(step))


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_of_another_place_or_attempt_is_refused(kind):
    played, other = of(kind).play(), of(kind, attempt=1).play()
    for number, (step, place) in enumerate(played.steps):
        reader = course(played.run)
        for before in played.steps[:number]:
            if before[0] < step:
                played.take(reader, *before)
        said = [other.said[step, place]]
        said += [played.said[step, one] for one in reader.takers(step) if one != place]
        for message in said:
            with pytest.raises(RemoteError) as caught:
                reader.take(step, place, message, reader.binds(step))
            assert caught.value.code in ("sounding-form", "sounding-proof")


@pytest.mark.parametrize("kind", KINDS)
def test_a_box_with_another_scalar_gives_no_result(kind):
    played = of(kind).play()
    opened = played.boxes()
    last = max(opened)
    opened[last] = [opened[last][0], opened[last][0], *opened[last][2:]]
    with pytest.raises(RemoteError) as caught:
        played.courses[0].found(opened)
    assert (caught.value.code, caught.value.facts["place"]) == ("sounding-box", 1)


def test_what_is_no_deposit_opens_nothing():
    with pytest.raises(RemoteError) as caught:
        scalars([b"\x00"])
    assert caught.value.code == "sounding-box"


@pytest.mark.parametrize(
    ("kind", "choice"),
    [
        ("two", None),
        ("two", (True,)),
        ("two", (1, 0, 1)),
        ("three", (True, False)),
        ("packages", (True,) * 4),
        ("range", (True, False)),
        ("range", (3, 1)),
        ("range", (0, 6)),
        ("range", (1, 2, 3)),
    ],
)
def test_a_choice_is_of_its_list(kind, choice):
    with pytest.raises(LocalError) as caught:
        course(of(kind).run).side(0, choice, bytes(32))
    assert caught.value.code == "sounding-marks"


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_is_noticed(kind):
    played = of(kind).play((2, 0) if kind != "range" else (2, 1))
    place = 0 if kind != "range" else 1
    stranger = played.courses[place].side(place, KINDS[kind][2][place], bytes(32))
    with pytest.raises(LocalError) as caught:
        played.courses[place].make(stranger, 2)
    assert caught.value.code == "sounding-own"
    assert repr(stranger) == f"Side({place})"


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_deposits_nothing(kind):
    played = of(kind).play()
    one = played.courses[0]
    stranger = one.side(0, KINDS[kind][2][0], bytes(32))
    last = {"two": 2, "three": 4, "packages": 2, "range": 5}[kind]
    # Of packages the first box holds no scalar, but a draw of one's own: the second is of a chunk.
    opened = {0: played.boxes()[0]} if kind == "packages" else {}
    with pytest.raises(LocalError) as caught:
        one.deposit(stranger, len(opened), opened)
    assert (caught.value.code, caught.value.facts["step"]) == ("sounding-own", last)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_taken_is_not_taken_again(kind):
    played = of(kind).play()
    reader = course(played.run)
    for step, place in played.steps:
        played.take(reader, step, place)
        # Whatever comes now under the same step and place: it was read once, and nothing looks at it.
        reader.take(step, place, b"something else", bytes(64))
    assert all(reader.has(step, place) for step, place in played.steps)
    assert reader.found(played.boxes()) == played.found()
