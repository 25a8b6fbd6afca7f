"""The host's box: forms, agreement of commits, and what opens (spec/soundings.md section 9)."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest

from good_offices.encoding import pack
from good_offices.errors import LocalError, RemoteError
from good_offices.register.box import (
    BoxCommit,
    BoxOpen,
    BoxVoid,
    ScalarDeposit,
    box_id,
    check_agrees,
    check_deposit,
    judge,
    read_box,
)
from good_offices.register.leaf import Kind
from good_offices.seals.group import base, scalar_from

PARTIES = ("0" * 32, "1" * 32)
BOX = box_id(bytes(64), 0)
SCALARS = [scalar_from(bytes([number]) * 64) for number in (1, 2)]
DEPOSIT = ScalarDeposit(
    box=BOX, elements=tuple(base(one) for one in SCALARS), transcript=bytes(64), scalar=SCALARS[0]
)


def deposits(*changed: dict[str, Any]) -> list[bytes]:
    """Return the deposits of both, the second or both with some fields changed."""
    both = [msgspec.structs.replace(DEPOSIT, scalar=one) for one in SCALARS]
    for place, fields in enumerate(changed):
        both[-1 - place] = msgspec.structs.replace(both[-1 - place], **fields)
    return [pack(one) for one in both]


def commit(place: int, deposit: bytes, **fields: Any) -> BoxCommit:
    plain = {"box": BOX, "delegation": PARTIES[place], "parties": PARTIES, "release": "scalars", "wait": 1000}
    return BoxCommit(**({"hash": hashlib.sha256(deposit).digest()} | plain | fields))


def commits(all_: list[bytes], **fields: Any) -> list[BoxCommit]:
    return [commit(place, one, **fields) for place, one in enumerate(all_)]


def test_the_id_of_a_box_is_that_of_its_context_and_number() -> None:
    assert hashlib.sha256(b"good-offices/v1/box\x00" + bytes(64) + b"\x00\x00").digest() == BOX
    assert box_id(bytes(64), 0xFFFF) != BOX != box_id(b"\x01" * 64, 0)
    for number in (-1, 2**16):
        with pytest.raises(LocalError) as refused:
            box_id(bytes(64), number)
        assert refused.value.code == "not-canonical"


def test_deposits_that_fit_open() -> None:
    assert judge(commits(deposits()), deposits()) == "open"


@pytest.mark.parametrize(
    "changed",
    [
        ({"transcript": b"\x01" * 64},),
        ({"transcript": b""}, {"transcript": b""}),
        ({"box": bytes(32)},),
        ({"box": bytes(32)}, {"box": bytes(32)}),
        ({"elements": DEPOSIT.elements[::-1]},),
        ({"elements": DEPOSIT.elements[::-1]}, {"elements": DEPOSIT.elements[::-1]}),
        ({"elements": DEPOSIT.elements[:1]}, {"elements": DEPOSIT.elements[:1]}),
        ({"elements": (bytes(32), bytes(32))}, {"elements": (bytes(32), bytes(32))}),
        ({"scalar": SCALARS[0]},),
        ({"scalar": bytes(32)},),
        ({"scalar": b"\xff" * 32},),
    ],
)
def test_deposits_that_do_not_fit_differ(changed: tuple[dict[str, Any], ...]) -> None:
    both = deposits(*changed)
    assert judge(commits(both), both) == "differ"


def test_what_cannot_be_read_differs_and_sealed_always_opens() -> None:
    both = [deposits()[0], b"noise"]
    assert judge(commits(both), both) == "differ"
    assert judge(commits(both, release="sealed"), both) == "open"


def test_nothing_is_judged_before_all_is_there() -> None:
    both = deposits()
    for some, some_deposits in ((commits(both)[:1], both[:1]), (commits(both), both[:1]), ([], [])):
        with pytest.raises(LocalError) as refused:
            judge(some, some_deposits)
        assert refused.value.code == "box-not-ready"


def test_a_deposit_is_the_one_committed_to() -> None:
    both = deposits()
    with pytest.raises(RemoteError) as refused:
        judge(commits(both), both[::-1])
    assert refused.value.code == "box-deposit-differs"
    with pytest.raises(RemoteError) as refused:
        check_deposit(bytes(32), bytes(64 * 1024 + 1))
    assert refused.value.code == "too-large"


def test_commits_of_a_box_agree() -> None:
    first, second = commits(deposits())
    check_agrees(second, [first])
    with pytest.raises(RemoteError) as refused:
        check_agrees(first, [first])
    assert refused.value.code == "box-committed"
    for fields in ({"wait": 1}, {"release": "sealed"}, {"parties": (*PARTIES, "2" * 32)}):
        with pytest.raises(RemoteError) as refused:
            check_agrees(msgspec.structs.replace(second, **fields), [first])
        assert refused.value.code == "box-differs"


def test_entries_are_read_by_their_kind() -> None:
    one = commit(0, b"")
    ends = BoxOpen(box=BOX, deposits=(b"a", b"b")), BoxVoid(box=BOX, reason="time")
    for kind, said in zip((Kind.BOX_COMMIT, Kind.BOX_OPEN, Kind.BOX_VOID), (one, *ends), strict=True):
        assert read_box(kind, pack(said)) == said
    for kind, data in (
        (Kind.BOX_OPEN, pack(ends[1])),
        (Kind.BOX_VOID, pack(BoxVoid(box=b"", reason="time"))),
        (Kind.BOX_COMMIT, b"\xa0"),
    ):
        with pytest.raises(RemoteError) as refused:
            read_box(kind, data)
        assert refused.value.code == "not-canonical"


@pytest.mark.parametrize(
    "fields",
    [
        {"box": b""},
        {"hash": b""},
        {"parties": PARTIES[:1]},
        {"parties": PARTIES[::-1]},
        {"parties": ("0" * 32, "0" * 32)},
        {"parties": ("0" * 32, "x" * 32)},
        {"delegation": "2" * 32},
        {"wait": 0},
        {"wait": 2**50},
    ],
)
def test_a_commit_has_its_form(fields: dict[str, Any]) -> None:
    with pytest.raises(RemoteError) as refused:
        read_box(Kind.BOX_COMMIT, pack(commit(0, b"", **fields)))
    assert refused.value.code == "not-canonical"
