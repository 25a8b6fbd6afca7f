"""What people and desks compare: the number of the talks, and the proof of a later desk. See spec/credentials.md sections 5 and 6."""

from __future__ import annotations

import hashlib
import hmac
import re

from msgspec.structs import replace
from tests.support.talksmith import Talksmith

from good_offices.encoding import pack
from good_offices.talks.credentials import Statement, comparison_number, handover_mac

SECRET = bytes(range(32))
KEMS = {"a" * 32: b"key of the roster", "b" * 32: b"key of the plenary"}


def statement() -> Statement:
    return Talksmith(2, signing=False).desk("A").statement


def test_the_proof_of_a_later_desk_is_over_its_statement_and_its_keys_and_nothing_else() -> None:
    one = statement()
    told = b"good-offices/v1/handover" + b"\x00" + pack({"kems": KEMS, "statement": pack(one)})
    proof = handover_mac(SECRET, one, KEMS)
    assert proof == hmac.digest(SECRET, told, hashlib.sha256)
    others = (
        handover_mac(bytes(32), one, KEMS),
        handover_mac(SECRET, replace(one, act=bytes(9)), KEMS),
        handover_mac(SECRET, one, KEMS | {"b" * 32: b"key of the host"}),
    )
    assert len({proof, *others}) == 4


def test_the_number_is_twelve_groups_of_five_digits_of_the_talks_the_suite_and_the_roots() -> None:
    roots = [b"second", b"first"]
    number = comparison_number(bytes(32), "suite", roots)
    assert re.fullmatch(r"(\d{5} ){11}\d{5}", number)
    told = pack({"roots": [b"first", b"second"], "suite": "suite", "talks": bytes(32)})
    whole = int.from_bytes(hashlib.sha512(b"good-offices/v1/comparison\x00" + told).digest(), "big")
    assert number.replace(" ", "") == str(whole)[-60:]
    assert number == comparison_number(bytes(32), "suite", roots[::-1])
    assert number != comparison_number(bytes(32), "suite", [b"first", b"third"])
