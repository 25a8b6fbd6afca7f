"""The group computes what RFC 9496, RFC 9380 and RFC 9497 publish, proofs included."""

import hashlib
import json
from pathlib import Path

import pytest

from good_offices.errors import RemoteError
from good_offices.seals import group

HERE = Path(__file__).parents[2] / "spec" / "vectors" / "group"


def cases(name):
    return json.loads((HERE / f"{name}.json").read_text())["cases"]


RISTRETTO = cases("ristretto255")
EXPAND = cases("expand")
OPRF = cases("oprf")


def of(subject):
    return [one for one in RISTRETTO if one["subject"] == subject]


def test_all_of_the_appendices_is_here():
    assert [len(of(subject)) for subject in ("multiple", "refused", "derived")] == [16, 29 + 5, 11]
    assert len([one for one in EXPAND if one["name"].startswith("RFC")]) == 10
    assert [one["mode"] for one in OPRF] == [0, 0, 1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("case", of("multiple"), ids=lambda one: str(one["of"]))
def test_multiple_of_the_generator(case):
    expected = bytes.fromhex(case["element"])
    factor = group.small(case["of"])
    assert group.base(factor) == expected
    assert group.times(factor, group.GENERATOR) == expected
    total = group.IDENTITY
    for _ in range(case["of"]):
        total = group.plus(total, group.GENERATOR)
    assert group.same(total, expected)
    if case["of"]:
        assert group.element(expected) == expected


@pytest.mark.parametrize("case", of("refused"), ids=lambda one: f"{one['why']}: {one['element'][:12]}")
def test_encoding_is_refused_by_every_function(case):
    raw = bytes.fromhex(case["element"])
    one = group.small(1)
    for call in (
        lambda: group.element(raw),
        lambda: group.times(one, raw),
        lambda: group.times(group.small(0), raw),
        lambda: group.plus(group.GENERATOR, raw),
        lambda: group.plus(raw, group.GENERATOR),
        lambda: group.minus(group.GENERATOR, raw),
        lambda: group.minus(raw, raw),
    ):
        with pytest.raises(RemoteError) as refused:
            call()
        assert refused.value.code == "group-element"


@pytest.mark.parametrize("case", of("derived"), ids=lambda one: one["from"][:12])
def test_element_is_derived_from_bytes(case):
    assert group.element_from(bytes.fromhex(case["from"])).hex() == case["element"]


@pytest.mark.parametrize("case", EXPAND, ids=lambda one: one["name"])
def test_message_is_expanded(case):
    expanded = group.expand_message_xmd(
        bytes.fromhex(case["message"]), bytes.fromhex(case["tag"]), case["length"]
    )
    assert len(expanded) == case["length"]
    if "sha512" in case:
        assert hashlib.sha512(expanded).hexdigest() == case["sha512"]
    else:
        assert expanded.hex() == case["expanded"]


class Run:
    """The protocols of RFC 9497 section 3 by our functions; the names are those of the RFC."""

    def __init__(self, mode):
        self.context = b"OPRFV1-" + bytes([mode]) + b"-ristretto255-SHA512"

    def group(self, message):
        return group.hash_to_group(message, b"HashToGroup-" + self.context)

    def scalar(self, message):
        return group.hash_to_scalar(message, b"HashToScalar-" + self.context)

    def key(self, seed, info):
        return group.hash_to_scalar(seed + framed(info) + b"\x00", b"DeriveKeyPair" + self.context)

    def composites(self, public, ones, others, key):
        seed = hashlib.sha512(framed(public) + framed(b"Seed-" + self.context)).digest()
        m = group.IDENTITY
        for index, (one, other) in enumerate(zip(ones, others, strict=True)):
            d = self.scalar(framed(seed) + index.to_bytes(2) + framed(one) + framed(other) + b"Composite")
            m = group.plus(m, group.times(d, one))
        return m, group.times(key, m)

    def challenge(self, public, m, z, t2, t3):
        return self.scalar(b"".join(map(framed, (public, m, z, t2, t3))) + b"Challenge")

    def prove(self, key, public, ones, others, r):
        m, z = self.composites(public, ones, others, key)
        c = self.challenge(public, m, z, group.base(r), group.times(r, m))
        return c + group.subtract(r, group.multiply(c, key))

    def check(self, proof, public, ones, others, key):
        c, s = group.scalar(proof[:32]), group.scalar(proof[32:])
        m, z = self.composites(public, ones, others, key)
        t2 = group.plus(group.base(s), group.times(c, public))
        t3 = group.plus(group.times(s, m), group.times(c, z))
        return group.same(self.challenge(public, m, z, t2, t3), c)


def framed(part):
    return len(part).to_bytes(2) + part


@pytest.mark.parametrize("case", OPRF, ids=lambda one: f"mode {one['mode']} of {len(one['inputs'])}")
def test_oblivious_evaluation_and_its_proof(case):
    def several(name):
        return [bytes.fromhex(one) for one in case[name]]

    run = Run(case["mode"])
    secret = run.key(bytes.fromhex(case["seed"]), bytes.fromhex(case["key_info"]))
    assert secret.hex() == case["secret"]
    assert group.scalar(secret) == secret
    if "public" in case:
        assert group.base(secret).hex() == case["public"]

    key, info = secret, b""
    if case["mode"] == 2:
        info = framed(bytes.fromhex(case["info"]))
        key = group.add(secret, run.scalar(b"Info" + info))
    factor = group.invert(key) if case["mode"] == 2 else key

    blinds = [group.scalar(one) for one in several("blinds")]
    blinded = [
        group.times(blind, run.group(message))
        for blind, message in zip(blinds, several("inputs"), strict=True)
    ]
    assert blinded == [group.element(one) for one in several("blinded")]
    evaluated = [group.times(factor, one) for one in blinded]
    assert evaluated == [group.element(one) for one in several("evaluated")]
    for blind, message, answer, output in zip(
        blinds, several("inputs"), evaluated, several("outputs"), strict=True
    ):
        opened = group.times(group.invert(blind), answer)
        assert hashlib.sha512(framed(message) + info + framed(opened) + b"Finalize").digest() == output

    if case["mode"]:
        pairs = (evaluated, blinded) if case["mode"] == 2 else (blinded, evaluated)
        proof = bytes.fromhex(case["proof"])
        public = group.base(key)
        assert run.prove(key, public, *pairs, group.scalar(bytes.fromhex(case["random"]))) == proof
        assert run.check(proof, public, *pairs, key)
        assert not run.check(proof, public, *pairs[::-1], key)
