"""The check of an act's signatures, by whichever thread comes first (`desk.opening` rule 5)."""

from threading import Event

import pytest

from good_offices.desk import opening
from good_offices.errors import RemoteError


class Signed:
    """In the place of a signed act: counts its checks, and fails as told."""

    def __init__(self, fails: BaseException | None = None) -> None:
        self.fails = fails
        self.checked = 0
        self.done = Event()

    def verify(self, _public: bytes) -> None:
        self.checked += 1
        self.done.set()
        if self.fails is not None:
            raise self.fails


def test_a_check_is_made_once_by_the_other_thread():
    signed = Signed()
    with opening._checking() as checks:
        check = opening._Check(signed, b"")
        checks.put(check)
        assert signed.done.wait(10)
        assert check.result() is None
        assert check.result() is None
    assert signed.checked == 1


def test_a_check_that_nobody_has_begun_is_made_by_whoever_needs_it():
    signed = Signed(RemoteError("signature-invalid", what="an act"))
    check = opening._Check(signed, b"")
    assert check.result() == "act-signature"
    check.make()
    assert signed.checked == 1


def test_what_breaks_in_the_other_thread_is_raised_where_the_result_is_asked_for():
    signed = Signed(MemoryError())
    with opening._checking() as checks:
        check = opening._Check(signed, b"")
        checks.put(check)
        assert signed.done.wait(10)
        with pytest.raises(MemoryError):
            check.result()


def test_the_thread_ends_with_the_block_although_checks_are_left():
    left = [Signed() for _ in range(1000)]
    with opening._checking() as checks:
        for one in left:
            checks.put(opening._Check(one, b""))
    assert all(one.checked <= 1 for one in left)
    assert checks.empty()
