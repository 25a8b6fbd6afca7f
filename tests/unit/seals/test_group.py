"""spec/group.md sections 2 and 3: what is refused, and that the group is one."""

import resource
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from good_offices.errors import LocalError, RemoteError
from good_offices.seals import group

wides = st.binary(min_size=64, max_size=64).filter(any)
scalars = wides.map(group.scalar_from)
elements = wides.map(group.element_from)
ONE = group.small(1)
ZERO = group.small(0)


def little(number):
    return number.to_bytes(32, "little")


def number(one):
    return int.from_bytes(one, "little")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "its length"),
        (group.GENERATOR[:31], "its length"),
        (group.GENERATOR + b"\x00", "its length"),
        (group.IDENTITY, "the identity"),
        (b"\xff" * 32, "not the encoding of an element"),
        (group.GENERATOR[:31] + bytes([group.GENERATOR[31] | 0x80]), "not the encoding of an element"),
    ],
)
def test_an_element_that_arrives_is_refused(raw, why):
    with pytest.raises(RemoteError) as refused:
        group.element(raw, what="a mark")
    assert (refused.value.code, refused.value.facts) == ("group-element", {"what": "a mark", "why": why})


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "its length"),
        (little(5)[:31], "its length"),
        (little(5) + b"\x00", "its length"),
        (little(0), "zero"),
        (little(group.ORDER), "not below the order"),
        (little(group.ORDER + 1), "not below the order"),
        (little(2**255 + 5), "not below the order"),
        (b"\xff" * 32, "not below the order"),
    ],
)
def test_a_scalar_that_arrives_is_refused(raw, why):
    with pytest.raises(RemoteError) as refused:
        group.scalar(raw, what="an answer")
    assert (refused.value.code, refused.value.facts) == ("group-scalar", {"what": "an answer", "why": why})


def test_the_ends_of_the_range_are_accepted():
    assert group.scalar(little(1)) == ONE
    assert number(group.scalar(little(group.ORDER - 1))) == group.ORDER - 1
    assert group.element(group.GENERATOR) == group.GENERATOR


def test_what_is_not_bytes_but_like_them_becomes_bytes():
    assert type(group.element(bytearray(group.GENERATOR))) is bytes
    assert type(group.scalar(memoryview(little(7)))) is bytes


@pytest.mark.parametrize("wide", [b"", bytes(63), bytes(65)])
def test_randomness_of_another_length_is_refused(wide):
    with pytest.raises(LocalError, match="random") as refused:
        group.scalar_from(wide)
    assert refused.value.code == "group-scalar"
    with pytest.raises(LocalError) as refused:
        group.element_from(wide)
    assert refused.value.code == "group-hash"


@pytest.mark.parametrize("wide", [bytes(64), group.ORDER.to_bytes(64, "little")])
def test_randomness_that_is_none_is_refused(wide):
    with pytest.raises(LocalError) as refused:
        group.scalar_from(wide)
    assert refused.value.facts["why"] == "zero"


@pytest.mark.parametrize("wrong", [-1, 2**64])
def test_small_numbers_are_small(wrong):
    with pytest.raises(LocalError) as refused:
        group.small(wrong)
    assert refused.value.code == "group-scalar"
    assert number(group.small(2**64 - 1)) == 2**64 - 1


@pytest.mark.parametrize(("dst", "length"), [(b"", 64), (b"t", 0), (b"t", -1), (b"t", 16321)])
def test_what_cannot_be_expanded_is_refused(dst, length):
    with pytest.raises(LocalError) as refused:
        group.expand_message_xmd(b"message", dst, length)
    assert refused.value.code == "group-hash"


def test_hashing_needs_a_domain():
    for hashing in (group.hash_to_group, group.hash_to_scalar):
        with pytest.raises(LocalError):
            hashing(b"message", b"")


# The library would read beyond bytes that are too short.
@pytest.mark.parametrize("short", [b"", bytes(31), bytes(33)])
@pytest.mark.parametrize(
    ("code", "call"),
    [
        ("group-scalar", lambda short: group.times(short, group.GENERATOR)),
        ("group-element", lambda short: group.times(ONE, short)),
        ("group-scalar", group.base),
        ("group-element", lambda short: group.plus(short, group.GENERATOR)),
        ("group-element", lambda short: group.plus(group.GENERATOR, short)),
        ("group-element", lambda short: group.minus(short, group.IDENTITY)),
        ("group-element", lambda short: group.minus(group.IDENTITY, short)),
        ("group-scalar", lambda short: group.add(short, ONE)),
        ("group-scalar", lambda short: group.add(ONE, short)),
        ("group-scalar", lambda short: group.subtract(short, ONE)),
        ("group-scalar", lambda short: group.subtract(ONE, short)),
        ("group-scalar", lambda short: group.multiply(short, ONE)),
        ("group-scalar", lambda short: group.multiply(ONE, short)),
        ("group-scalar", group.invert),
    ],
)
def test_another_length_never_reaches_the_library(code, call, short):
    with pytest.raises(RemoteError) as refused:
        call(short)
    assert (refused.value.code, refused.value.facts["why"]) == (code, "its length")


def test_zero_has_no_inverse():
    with pytest.raises(RemoteError) as refused:
        group.invert(ZERO)
    assert refused.value.facts["why"] == "zero"


@given(elements, scalars)
def test_the_identity_is_a_result_and_never_an_error(a, s):
    identity = group.IDENTITY
    assert group.minus(a, a) == identity
    assert group.plus(a, identity) == group.minus(a, identity) == a
    assert group.plus(a, group.minus(identity, a)) == identity
    assert group.times(ZERO, a) == group.times(s, identity) == group.base(ZERO) == identity
    assert group.subtract(s, s) == ZERO
    assert group.add(s, group.subtract(ZERO, s)) == ZERO
    assert group.subtract(ZERO, ZERO) == ZERO


@settings(max_examples=50)
@given(elements, elements, scalars, scalars)
def test_it_is_a_group_and_scalars_are_its_field(a, b, s, t):
    assert group.plus(a, b) == group.plus(b, a)
    assert group.minus(group.plus(a, b), b) == a
    assert group.times(group.add(s, t), a) == group.plus(group.times(s, a), group.times(t, a))
    assert group.times(s, group.plus(a, b)) == group.plus(group.times(s, a), group.times(s, b))
    assert group.times(group.multiply(s, t), a) == group.times(s, group.times(t, a))
    assert group.times(group.invert(s), group.times(s, a)) == a
    assert group.base(s) == group.times(s, group.GENERATOR)
    assert group.element(a) == a
    assert group.same(a, a)
    assert group.same(a, b) == (a == b)


# Integers are the second way to the same numbers.
@given(scalars, scalars)
def test_scalars_are_integers_modulo_the_order(s, t):
    order, m, n = group.ORDER, number(s), number(t)
    assert number(group.add(s, t)) == (m + n) % order
    assert number(group.subtract(s, t)) == (m - n) % order
    assert number(group.multiply(s, t)) == m * n % order
    assert number(group.subtract(ZERO, s)) == -m % order
    assert number(group.invert(s)) == pow(m, -1, order)


@given(wides)
def test_wide_bytes_are_reduced(wide):
    assert number(group.scalar_from(wide)) == number(wide) % group.ORDER


@given(st.binary(min_size=32, max_size=32))
def test_bytes_are_an_element_or_refused(raw):
    try:
        point = group.element(raw)
    except RemoteError:
        return
    assert group.minus(group.plus(point, group.GENERATOR), group.GENERATOR) == raw


@given(elements, st.integers(0, 255))
def test_an_element_has_one_encoding(point, bit):
    altered = bytearray(point)
    altered[bit // 8] ^= 1 << bit % 8
    try:
        other = group.element(bytes(altered))
    except RemoteError:
        return
    assert group.minus(other, point) != group.IDENTITY


def test_domains_are_apart():
    hashed = [
        hashing(b"m", tag) for hashing in (group.hash_to_group, group.hash_to_scalar) for tag in (b"a", b"b")
    ]
    assert len(set(hashed)) == 4
    # A tag's length is hashed after it: what moves from the message into the tag makes another value.
    assert group.hash_to_group(b"mt", b"t") != group.hash_to_group(b"m", b"tt")


@pytest.mark.parametrize("chunk", [1, 3, 50])
def test_each_keeps_the_order_in_threads(chunk):
    factors = [group.small(one) for one in range(101)]
    alone = group.each(group.base, factors)
    with ThreadPoolExecutor(2) as pool:
        assert group.each(group.base, iter(factors), pool, chunk=chunk) == alone
        assert group.each(group.base, [], pool) == []
    assert alone[1] == group.GENERATOR


def test_each_raises_the_first_error_of_the_items():
    def fail(one):
        if one % 10 == 7:
            raise LocalError("group-hash", why=str(one))
        return one

    with ThreadPoolExecutor(2) as pool, pytest.raises(LocalError) as refused:
        group.each(fail, range(100), pool, chunk=2)
    assert refused.value.facts["why"] == "7"


def test_threads_do_not_share_buffers():
    factors = [group.small(one) for one in range(1, 200)]
    expected = [group.base(one) for one in factors]
    wrong = []

    def work():
        for _ in range(5):
            wrong.extend(
                one for one, right in zip(factors, expected, strict=True) if group.base(one) != right
            )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong


IMPORT = "from good_offices.seals import group; print(group.base(group.small(1)).hex())"


def run(program, folder):
    return subprocess.run(
        [sys.executable, "-c", program],
        env={"TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a loaded library cannot be removed there")
def test_the_temporary_library_is_removed(tmp_path):
    done = run(IMPORT, tmp_path)
    assert done.stdout.strip() == group.GENERATOR.hex()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of processes there")
def test_without_room_for_the_library_it_says_so(tmp_path):
    limited = f"import resource; resource.setrlimit({resource.RLIMIT_FSIZE}, (4096, 4096))\n"
    catching = (
        "from good_offices.errors import OperationalError\n"
        "try:\n    from good_offices.seals import group\n"
        "except OperationalError as refused:\n    print(refused.code, refused.retry_safe, refused)\n"
    )
    done = run(limited + catching, tmp_path)
    assert done.stdout.startswith(
        "group-library True the library that soundings compute with cannot be loaded"
    )
