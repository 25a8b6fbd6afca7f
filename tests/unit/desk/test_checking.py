"""Signatures checked in a process beside the desk: only its "they hold" counts, and only with the right token."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.checking import KINDS, act, ready
from tests.support.waiting import LONGEST

from good_offices.desk import checker, checking
from good_offices.desk.checking import Checks
from good_offices.errors import RemoteError
from good_offices.talks.acts import SignedAct


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "_cores", lambda: 2)
    with Checks() as one:
        yield ready(one)


def test_the_other_process_says_of_each_whether_it_holds(checks: Checks) -> None:
    asked = [(kind, checks.begin(*act(kind))) for kind in KINDS]
    assert all(check.token for _, check in asked)
    for kind, check in asked:
        assert checks.result(check) == (None if kind == "good" else "act-signature")
    assert checks.elsewhere == 1


def test_what_it_refuses_is_checked_here(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A "no" is nobody's word but ours: a process that is wrong makes no act void."""
    check = checks.begin(*act("cut"))
    checks._await(check)
    assert not check.holds
    monkeypatch.setattr(checking, "verified", lambda *_: None)
    assert checks.result(check) is None


def test_it_is_not_begun_for_little_nor_on_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_a, **_k: pytest.fail("begun"))
    monkeypatch.setattr(checking, "_cores", lambda: 2)
    with Checks() as one:
        one.expect(checking.MANY - 1)
        monkeypatch.setattr(checking, "_cores", lambda: 1)
        one.expect(checking.MANY)
        assert one.result(one.begin(*act("good"))) is None
        assert one.result(one.begin(*act("words"))) == "act-signature"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words that were checked here, in their order."""
    words: list[str] = []
    check = checking.verified

    def noted(signed: SignedAct, public: bytes) -> str | None:
        words.append(signed.act.decode())
        return check(signed, public)

    monkeypatch.setattr(checking, "verified", noted)
    return words


def test_what_is_read_is_checked_in_one_run(made: list[str]) -> None:
    one = Checks()
    asked = [one.begin(*act(kind, words=str(at))) for at, kind in enumerate(("good", "cut", "good"))]
    assert made == []
    assert one.result(asked[0]) is None
    assert sorted(made) == ["0", "1", "2"]
    assert [one.result(check) for check in asked] == [None, "act-signature", None]
    assert len(made) == 3


def test_what_is_passed_over_is_not_checked_until_it_is_asked_for(made: list[str]) -> None:
    one = Checks()
    over, due, behind = (one.begin(*act(kind, words=kind)) for kind in ("cut", "good", "none"))
    assert one.result(due) is None
    assert sorted(made) == ["good", "none"]
    assert one.result(behind) == "act-signature"
    assert one.result(over) == "act-signature"
    assert sorted(made) == ["cut", "good", "none"]


def test_no_more_is_held_than_is_read_ahead(made: list[str]) -> None:
    one = Checks()
    first = one.begin(*act("cut"))
    for _ in range(2 * checking.AHEAD):
        one.begin(*act("good"))
    assert len(one._here) == checking.AHEAD + 1
    assert one.result(first) == "act-signature"
    assert len(made) == 1


def test_the_judge_makes_its_own_checks_while_it_waits(
    checks: Checks, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PATIENCE", 0.1)
    os.kill(checks._process.pid, signal.SIGSTOP)
    asked = [checks.begin(*act("good", words=str(at))) for at in range(checking.AHEAD + 1)]
    mine = [check.signed.act.decode() for check in asked if not check.token]
    assert mine
    checks.result(asked[0])
    assert made[: len(mine)] == mine


@pytest.mark.parametrize("count", [0, 1, checking.AHEAD, checking.AHEAD + 1, 3 * checking.AHEAD])
def test_each_comes_when_enough_were_read_behind_it(count: int) -> None:
    read: list[int] = []

    def source() -> Iterator[int]:
        for number in range(count):
            read.append(number)
            yield number

    for at, number in enumerate(checking.ahead(source())):
        assert number == at
        assert len(read) == min(count, at + checking.AHEAD + 1)
    assert len(read) == count


@pytest.mark.parametrize("fails", ["no process", "no interpreter", "packed", "no such program"])
def test_where_it_cannot_begin_all_is_checked_here(fails: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_cores", lambda: 2)
    if fails == "no process":
        monkeypatch.setattr(subprocess, "Popen", _refuse)
    elif fails == "no interpreter":
        monkeypatch.setattr(sys, "executable", "")
    elif fails == "packed":
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    else:
        monkeypatch.setattr(checking, "_PROGRAM", ("-I", "-m", "good_offices.desk.nothing"))
    with Checks() as one:
        one.expect(checking.MANY)
        if one._process is not None:
            one._process.wait(LONGEST)
        for kind in KINDS:
            assert one.result(one.begin(*act(kind))) == (None if kind == "good" else "act-signature")
        assert one._wire is None
        assert one.elsewhere == 0


def _refuse(*_: object, **__: object) -> None:
    raise BlockingIOError("no more processes")


@pytest.mark.parametrize("last", [signal.SIGKILL, signal.SIGSTOP])
def test_one_that_ends_or_stands_still_leaves_the_rest_to_be_checked_here(
    last: signal.Signals, checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PATIENCE", 0.2)
    first = checks.begin(*act("good"))
    assert checks.result(first) is None
    assert checks.elsewhere == 1
    process = checks._process
    os.kill(process.pid, last)
    asked = [(kind, checks.begin(*act(kind))) for kind in KINDS * 3]
    for kind, check in asked:
        assert checks.result(check) == (None if kind == "good" else "act-signature")
    assert checks._wire is None
    assert process.returncode is not None


@pytest.mark.parametrize(
    "said",
    [b"", b"\x01" * 5, b"\x01" * 16, bytes(16), b"\xff" * 4096],
    ids=["nothing", "cut", "another token", "no", "much"],
)
@pytest.mark.parametrize("kind", ["good", "words"])
def test_whatever_it_says_but_the_token_is_no_success(said: bytes, kind: str) -> None:
    """A process that crashed while it wrote, or writes what it likes."""
    ours, theirs = socket.socketpair()
    with theirs, Checks() as one:
        ours.settimeout(0)
        one._wire = ours
        check = one.begin(*act(kind))
        assert check.token
        theirs.sendall(said)
        theirs.shutdown(socket.SHUT_WR)
        assert one.result(check) == (None if kind == "good" else "act-signature")
        assert one.elsewhere == 0


def test_a_token_is_of_one_check_alone() -> None:
    ours, theirs = socket.socketpair()
    with theirs, Checks() as one:
        ours.settimeout(0)
        one._wire = ours
        good, bad = one.begin(*act("good")), one.begin(*act("words"))
        theirs.sendall(good.token + good.token)
        assert [one.result(good), one.result(bad)] == [None, "act-signature"]
        assert one.elsewhere == 1


def test_an_answer_to_nothing_ends_it() -> None:
    ours, theirs = socket.socketpair()
    with theirs, Checks() as one:
        ours.settimeout(0)
        one._wire = ours
        theirs.sendall(bytes(16))
        one._exchange()
        assert one._wire is None


def test_one_that_does_not_greet_as_it_was_greeted_is_not_asked() -> None:
    ours, theirs = socket.socketpair()
    with theirs, Checks() as one:
        ours.settimeout(0)
        one._wire, one._greeting = ours, b"g" * 16
        theirs.sendall(b"h" * 16)
        assert one.begin(*act("good")).token == b""
        assert one._wire is None


def test_an_act_larger_than_the_socket_goes_through(checks: Checks) -> None:
    large = [checks.begin(*act("good", words="x" * 900_000)) for _ in range(4)]
    assert [checks.result(one) for one in large] == [None] * 4
    assert checks.elsewhere >= 1


def test_it_is_given_no_environment_no_file_and_no_argument(
    checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Path("/proc") / str(checks._process.pid)
    if not here.exists():
        pytest.skip("this system has no folder of processes")
    assert (here / "environ").read_bytes() == b""
    assert (here / "cmdline").read_bytes().split(b"\0")[1:-1] == [one.encode() for one in checking._PROGRAM]
    open_files = [one.readlink() for one in (here / "fd").iterdir()]
    assert {str(one).partition(":")[0] for one in open_files} <= {"socket", os.devnull}
    assert sum(str(one).startswith("socket") for one in open_files) <= 2
    assert "Max core file size        0                    0" in (here / "limits").read_text()


def test_it_ends_with_the_block_and_with_the_socket(checks: Checks) -> None:
    process = checks._process
    checks._wire.shutdown(socket.SHUT_RDWR)
    assert process.wait(LONGEST) == 0
    with Checks() as other:
        ready(other)
        last = other._process
    assert last.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(last.pid, 0)


def test_what_breaks_here_is_raised_here(checks: Checks) -> None:
    class Fails:
        act, signature = b"", b""

        def verify(self, _public: bytes) -> None:
            raise MemoryError

    with pytest.raises(MemoryError):
        checks.result(checks.begin(Fails(), b""))  # type: ignore[arg-type]


def test_the_program_answers_whole_checks_alone() -> None:
    """The program itself, by its bytes: greeting, a token for what holds, zeros for what does not, nothing for half."""
    asked = b"g" * 16
    for number, kind in enumerate(KINDS):
        signed, public = act(kind)
        token = bytes([number + 1]) * 16
        asked += checker.HEAD.pack(token, len(public), len(signed.signature), len(signed.act))
        asked += public + signed.signature + signed.act
    ours, theirs = socket.socketpair()
    with ours, theirs:
        checker.serve(io.BytesIO(asked + b"half"), theirs)
        theirs.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: ours.recv(4096), b""))
    expected = [bytes([at + 1]) * 16 if kind == "good" else bytes(16) for at, kind in enumerate(KINDS)]
    assert said == b"g" * 16 + b"".join(expected)


def test_a_check_cut_short_is_not_one_that_holds() -> None:
    signed, public = act("good")
    whole = checker.HEAD.pack(b"t" * 16, len(public), len(signed.signature), len(signed.act))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        checker.serve(io.BytesIO(b"g" * 16 + whole + public + signed.signature + signed.act[:-1]), theirs)
        assert ours.recv(4096) == b"g" * 16 + bytes(16)


def test_good_acts_are_good_and_the_others_are_not() -> None:
    for kind in KINDS:
        signed, public = act(kind)
        if kind == "good":
            signed.verify(public)
        else:
            with pytest.raises(RemoteError):
                signed.verify(public)


def test_waiting_costs_no_more_than_patience(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PATIENCE", 0.1)
    os.kill(checks._process.pid, signal.SIGSTOP)
    begun = time.monotonic()
    asked = [checks.begin(*act("good")) for _ in range(8)]
    assert [checks.result(one) for one in asked] == [None] * 8
    assert time.monotonic() - begun < 5
