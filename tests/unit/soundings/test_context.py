"""Lists, contexts, hashing under them, and where secrets come from."""

from __future__ import annotations

import hashlib

import pytest
from msgspec import structs
from tests.support.soundings import context, digest, seed

from good_offices.encoding import encode, pack, unpack
from good_offices.errors import LocalError
from good_offices.seals.group import hash_to_group, hash_to_scalar
from good_offices.soundings import many
from good_offices.soundings.context import (
    Context,
    Listed,
    Option,
    Party,
    Run,
    Scale,
    boxes_of,
    check_list,
    steps_of,
)
from good_offices.soundings.derivation import Secrets, bits
from good_offices.soundings.pair import Side

DAY = 24 * 60 * 60 * 1000


def listed(count=3, **changed):
    options = [Option(words={"en": f"Day {at}", "fr": f"Jour {at}"}, value=str(at)) for at in range(count)]
    made = Listed(
        kind="options",
        about="date",
        subject={"en": "When to meet", "fr": "Quand se rencontrer"},
        options=options,
        closes=1_800_000_000_000,
        pace=60_000,
        until=1_800_000_000_000 + DAY,
    )
    return structs.replace(made, **changed)


def ranged(**changed):
    scale = Scale(**{"least": 0, "most": 100, "step": 10, "unit": "km", **changed})
    return listed(kind="range", about="figure", options=[], scale=scale)


def refused(code, call, *args, **named):
    with pytest.raises(LocalError) as caught:
        call(*args, **named)
    assert caught.value.code == code
    return caught.value


@pytest.mark.parametrize(
    "good",
    [
        listed(1),
        listed(10_000),
        listed(5, kind="packages", chunk=2),
        listed(5, kind="packages", chunk=5),
        ranged(),
        ranged(least=-5, most=5, step=10),
        listed(pace=1_000),
        listed(pace=7 * DAY),
    ],
    ids=range(8),
)
def test_a_list_that_can_be_sounded(good):
    check_list(good)
    assert unpack(pack(good), Listed) == good


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (listed(0), "1 to 10000"),
        (listed(10_001), "1 to 10000"),
        (listed(2_002, kind="packages", chunk=2), "1000 chunks"),
        (listed(kind="packages", chunk=0), "from one package"),
        (listed(kind="packages", chunk=4), "from one package"),
        (listed(chunk=1), "only packages"),
        (listed(scale=Scale(least=0, most=1, step=1, unit="km")), "only a range"),
        (listed(kind="range"), "a scale and no options"),
        (listed(options=listed(1).options * 2), "before it"),
        (listed(options=[Option(words={"en": "a"})]), "languages of the subject"),
        (listed(subject={}), "languages of the subject"),
        (ranged(step=0), "do not lead"),
        (ranged(step=7), "do not lead"),
        (ranged(most=0), "2 to 2000"),
        (ranged(most=-10), "2 to 2000"),
        (ranged(most=2_000, step=1), "2 to 2000"),
        (listed(until=1_800_000_000_000), "does not end"),
        (listed(closes=-1), "does not end"),
        (listed(pace=999), "a pace"),
        (listed(pace=7 * DAY + 1), "a pace"),
        (structs.replace(ranged(), subject={"en": " "}), "no words"),
        (structs.replace(ranged(), subject={}), "no language"),
        (structs.replace(ranged(), subject={"e_n": "x"}), "tag"),
    ],
    ids=range(23),
)
def test_a_list_that_cannot_be_sounded(bad, why):
    assert why in str(refused("sounding-list", check_list, bad))


@pytest.mark.parametrize(
    "bad",
    [
        listed(subject={"en": "a\u200bb", "fr": "x"}),
        listed(options=[Option(words={"en": "a", "fr": "\u202eb"})]),
        listed(options=[Option(words={"en": "a", "fr": "b"}, value="\u00ad")]),
        ranged(unit="k\u200bm"),
    ],
    ids=range(4),
)
def test_words_that_the_eye_does_not_see_are_refused(bad):
    refused("text-not-plain", check_list, bad)


def test_the_hash_of_a_list_leaves_the_times_out_and_nothing_else():
    one = listed()
    plain = {
        "kind": "options",
        "about": "date",
        "subject": one.subject,
        "options": [{"words": option.words, "value": option.value} for option in one.options],
    }
    assert one.hash == hashlib.sha256(b"good-offices/v1/sounding-list\x00" + encode(plain)).digest()
    assert listed(closes=5, pace=5_000, until=6).hash == one.hash
    others = [listed(2), listed(about="level"), listed(subject={"en": "a", "fr": "b"}), ranged()]
    others.append(listed(kind="packages", chunk=1))
    assert len({one.hash, *(other.hash for other in others)}) == 6


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"suite": "P256"}, "suite"),
        ({"parties": [Party(delegation="a", root="0")]}, "at least two"),
        ({"parties": [Party(delegation=one, root="") for one in "ba"]}, "in order"),
        ({"parties": [Party(delegation=one, root="") for one in "aa"]}, "in order"),
        ({"attempt": 8}, "attempts"),
        ({"attempt": -1}, "attempts"),
        ({"talks": bytes(31)}, "hash"),
        ({"manifest": b""}, "hash"),
        ({"sounding": bytes(33)}, "hash"),
        ({"list_hash": b""}, "hash"),
        ({"head_root": b""}, "hash"),
        ({"size": 0}, "size"),
        ({"size": 10_001}, "size"),
        ({"size": 2_001, "kind": "range"}, "size"),
        ({"chunk": 1}, "chunks"),
        ({"kind": "packages"}, "chunks"),
        ({"kind": "packages", "chunk": 4}, "chunks"),
        ({"kind": "packages", "chunk": -1}, "chunks"),
    ],
    ids=range(18),
)
def test_a_context_that_does_not_fit_together(changed, why):
    assert why in str(refused("sounding-context", Run, structs.replace(context(3), **changed)))


def test_everything_in_a_context_changes_what_is_hashed_under_it():
    one = context(3)
    assert Run(one).ctx == hashlib.sha512(pack(one)).digest()
    assert unpack(pack(one), Context) == one
    others = [
        {"talks": digest("x")},
        {"room": "x"},
        {"manifest": digest("x")},
        {"sounding": digest("x")},
        {"attempt": 1},
        {"list_hash": digest("x")},
        {"size": 4},
        {"kind": "packages", "chunk": 1},
        {"closes": 1},
        {"parties": [Party(delegation=each, root="") for each in ("a", "b")]},
        {"head_size": 1},
        {"head_root": digest("x")},
    ]
    assert len({Run(structs.replace(one, **other)).ctx for other in [{}, *others]}) == 13


def test_hashing_is_bound_to_context_tag_and_number():
    run = Run(context(3))
    assert run.base(b"yes", 1) == hash_to_group(run.ctx + b"\0\0\0\1", b"good-offices/v1/sounding/yes")
    whole = b"\0\0\0\x40" + run.ctx + b"\0\0\0\1a" + b"\0\0\0\0"
    assert run.hashed(b"batch", b"a", b"") == hash_to_scalar(whole, b"good-offices/v1/sounding/batch")
    assert run.hashed(b"batch", b"", b"a") != run.hashed(b"batch", b"a", b"")


def test_a_run_is_asked_only_for_what_it_has():
    run = Run(context(3))
    run.need(1, "packages", "options", parties=2)
    refused("sounding-context", run.need, 0, "range")
    refused("sounding-context", run.need, 0, "options", parties=3)
    refused("sounding-context", run.need, 2, "options")
    refused("sounding-context", run.need, -1, "options")


def test_secrets_depend_on_everything_they_are_used_on():
    run, other = Run(context(3)), Run(context(3, attempt=1))
    made = [
        Secrets(seed(0), run, 0, 1, b"marks"),
        Secrets(seed(1), run, 0, 1, b"marks"),
        Secrets(seed(0), other, 0, 1, b"marks"),
        Secrets(seed(0), run, 1, 1, b"marks"),
        Secrets(seed(0), run, 0, 2, b"marks"),
        Secrets(seed(0), run, 0, 1, b"narks"),
        Secrets(seed(0), run, 0, 1, b"marks", b""),
        Secrets(seed(0), run, 0, 1, b"mark", b"s"),
    ]
    drawn = [secrets.scalar(b"x", at) for secrets in made for at in (b"", b"0", b"1")]
    assert len(set(drawn)) == 24
    assert made[0].scalar(b"x", b"1") != made[0].scalar(b"x\x001")
    assert Secrets(seed(0), run, 0, 1, b"marks").scalar(b"x") == drawn[0]
    assert repr(made[0]) == "Secrets()"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_has_32_bytes(length):
    refused("sounding-seed", Secrets, bytes(length), Run(context(3)), 0, 1)


def test_marks_are_bits_with_the_first_the_highest():
    assert bits((True,)) == b"\x80"
    assert bits((False,) * 7 + (True, True)) == b"\x01\x80"
    assert bits(()) == b""


def test_marks_are_one_for_each_option():
    run = Run(context(3))
    for side in (Side, many.Side):
        refused("sounding-marks", side, run, 0, (True,) * 2, seed(0))
        refused("sounding-marks", side, run, 0, (True,) * 4, seed(0))
        refused("sounding-marks", side, run, 0, (True, 1, False), seed(0))
    refused("sounding-context", Side, run, 2, (True,) * 3, seed(0))
    refused("sounding-context", Side, Run(context(3, "range")), 0, (True,) * 3, seed(0))
    refused("sounding-context", Side, Run(context(3, parties=3)), 0, (True,) * 3, seed(0))
    assert "True" not in repr(Side(run, 0, (True,) * 3, seed(0)))


@pytest.mark.parametrize(
    ("kind", "parties", "expected"),
    [
        ("options", 2, {1: (0, 1), 2: (0, 1)}),
        ("packages", 2, {1: (0, 1), 2: (0, 1)}),
        ("options", 3, dict.fromkeys((1, 2, 3, 4), (0, 1, 2))),
        ("range", 2, {1: (0, 1), 2: (1,), 3: (0,), 4: (0, 1), 5: (0, 1)}),
    ],
)
def test_the_steps_of_a_run(kind, parties, expected):
    chunk = 2 if kind == "packages" else 0
    assert Run(context(5, kind, chunk, parties)).steps == expected
    with pytest.raises(TypeError):
        steps_of(kind, parties)[1] = ()


@pytest.mark.parametrize(("size", "chunk", "expected"), [(5, 0, 1), (5, 2, 4), (6, 2, 4), (1, 1, 2)])
def test_the_boxes_of_a_run(size, chunk, expected):
    assert boxes_of(size, chunk) == expected
