"""One's own messages, as they come back out of the register: known by their bytes, and by nothing else."""

from __future__ import annotations

import pytest
from tests.support.soundings import Coursed, seed

from good_offices.errors import LocalError, RemoteError
from good_offices.soundings import elgamal, many, overlap, packages, pair, scope
from good_offices.soundings.course import Choice, Course, course

CHOICES: dict[str, tuple[Choice, ...]] = {
    "two": ((True, False, True), (True, True, False)),
    "three": ((True, False, True), (True, True, False), (False, True, True)),
    "packages": ((True, False, True), (True, True, False)),
    "range": ((1, 3), (2, 4)),
}
KINDS = sorted(CHOICES)


def begun(kind: str) -> Coursed:
    if kind == "range":
        return Coursed("range", 5, CHOICES[kind])
    if kind == "packages":
        return Coursed("packages", 3, CHOICES[kind], 2)
    return Coursed("options", 3, CHOICES[kind])


def played(kind: str) -> Coursed:
    return begun(kind).play()


def before(run: Coursed, number: int, place: int) -> Course:
    """A course of a desk that has begun anew, with all messages of the steps before the given one."""
    held = course(run.run)
    for at in range(number):
        if run.steps[at][0] < run.steps[number][0]:
            run.take(held, *run.steps[at], run.sides[place] if run.steps[at][1] == place else None)
    return held


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_taken_as_ones_own_is_what_everybody_reads(kind: str) -> None:
    run = played(kind)
    reader = course(run.run)
    for step, place in run.steps:
        run.take(reader, step, place)
        again = before(run, run.steps.index((step, place)), place)
        again.take(step, place, run.said[step, place], again.binds(step), run.sides[place])
        for one in (run.courses[place], again):
            assert one._said[step, place] == reader._said[step, place]


@pytest.mark.parametrize("kind", KINDS)
def test_no_proof_of_what_this_course_has_made_is_verified(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begun(kind)
    verified: list[str] = []
    for module, name in (
        (pair, "recommit"),
        (pair, "check_blinded"),
        (packages, "check_blinded"),
        (many, "recommit"),
        (overlap, "recommit"),
        (elgamal, "check_many"),
        (elgamal, "check_blinded"),
    ):
        call = getattr(module, name)

        def told(*arguments: object, _call: object = call, _name: str = name, **more: object) -> object:
            verified.append(_name)
            return _call(*arguments, **more)  # type: ignore[operator]

        monkeypatch.setattr(module, name, told)
    for step, place in run.steps:
        held = run.courses[place]
        run.said[step, place] = held.make(run.sides[place], step)
        verified.clear()
        run.take(held, step, place, run.sides[place])
        # Of one sum, the blinding and the share of a range are verified: that costs nothing worth a branch.
        assert not verified or (kind == "range" and step in (4, 5))
        for at, one in enumerate(run.courses):
            if at != place:
                verified.clear()
                run.take(one, step, place, run.sides[at])
                assert verified or (step == 1 and kind not in ("two", "packages"))


@pytest.mark.parametrize("kind", ["two", "packages"])
def test_nothing_of_what_this_course_has_made_is_decoded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begun(kind)
    decoded: list[str] = []
    decode = scope.element

    def told(raw: bytes, *, what: str) -> object:
        decoded.append(what)
        return decode(raw, what=what)

    monkeypatch.setattr(scope, "element", told)
    for step, place in run.steps:
        run.said[step, place] = run.courses[place].make(run.sides[place], step)
        for at, one in enumerate(run.courses):
            decoded.clear()
            run.take(one, step, place, run.sides[at])
            assert bool(decoded) == (at != place)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("anew", [False, True])
def test_one_changed_bit_is_not_ones_own(kind: str, anew: bool) -> None:
    run = played(kind)
    for number, (step, place) in enumerate(run.steps):
        message = run.said[step, place]
        for at in range(0, len(message), 97):
            held = before(run, number, place)
            if not anew:
                held.make(run.sides[place], step)
            changed = bytearray(message)
            changed[at] ^= 1
            with pytest.raises(LocalError) as caught:
                held.take(step, place, bytes(changed), held.binds(step), run.sides[place])
            assert (caught.value.code, caught.value.facts["step"]) == ("sounding-own", step)
            assert not held.has(step, place)


@pytest.mark.parametrize("kind", KINDS)
def test_a_mirrored_message_is_nobodys(kind: str) -> None:
    """The other's under one's own place is not one's own; one's own under the other's place is verified, and has no proof."""
    run = played(kind)
    for number, (step, place) in enumerate(run.steps):
        others = [one for one in run.run.steps[step] if one != place]
        for other in others:
            held = before(run, number, place)
            with pytest.raises(LocalError) as caught:
                held.take(step, place, run.said[step, other], held.binds(step), run.sides[place])
            assert caught.value.code == "sounding-own"
            held.make(run.sides[place], step)
            with pytest.raises(RemoteError) as refused:
                held.take(step, other, run.said[step, place], held.binds(step), run.sides[place])
            assert refused.value.code == "sounding-proof"
            assert refused.value.facts["place"] == other


@pytest.mark.parametrize("kind", KINDS)
def test_a_side_of_another_seed_other_marks_or_another_run_makes_nothing_ones_own(kind: str) -> None:
    run, other = played(kind), begun(kind)
    place = 1
    choices: Choice = None if kind == "range" else (False,) * 3
    for number, (step, at) in enumerate(run.steps):
        if at != place:
            continue
        for side in (
            run.courses[place].side(place, CHOICES[kind][place], seed(7)),
            run.courses[place].side(place, choices, seed(place)),
        ):
            held = before(run, number, place)
            with pytest.raises(LocalError) as caught:
                held.take(step, place, run.said[step, place], held.binds(step), side)
            assert caught.value.code == "sounding-own"
        # Of another run, if of the same context: then it is read like anybody's, and a false one is the sender's fault.
        held = before(run, number, place)
        changed = bytearray(run.said[step, place])
        changed[-1] ^= 1
        with pytest.raises(RemoteError):
            held.take(step, place, bytes(changed), held.binds(step), other.sides[place])
        held.take(step, place, run.said[step, place], held.binds(step), other.sides[place])
