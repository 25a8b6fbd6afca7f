"""Checking the signatures of acts on a second core, in a process beside this one, while a long record is judged.

This module decides where signatures are checked. It never decides what comes of it: an act has the same verdict wherever
its signatures were checked.

1. A check is handed over when its entry is opened, and asked for when its verdict is due. Only "they hold" is taken from the
   other process. Whatever else it says, and whatever it was not asked or did not answer, is checked here.
2. It says that they hold by the 16 random bytes that came with this check. A process that has died, hangs, or writes
   what it likes cannot say so by accident.
3. It is given public keys, signatures and the signed bytes, through a socket; never a key of this desk, a passphrase, a
   file or this process's environment. It writes nothing to the disk (`desk.checker`).
4. It is begun for `MANY` entries or more, where there is a second core; what comes before it is ready is checked here.
   It ends with the block, and by itself if this process dies.
5. What is checked here is checked in a run, when the first of it is due: all that has been read by then. Between reading and
   checking in turns the processor's caches forget one for the other.
6. Checks are asked for in the order in which they were begun. One that is passed over is not made.

A thread was tried first. The libraries do let go of the interpreter, but to get it back a thread waits up to 5 ms for the
judge, two or three times a check: docs/decisions/0018.
"""

from __future__ import annotations

import hmac
import os
import secrets
import select
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Final, Self, TypeVar

from good_offices.desk.checker import HEAD, TOKEN
from good_offices.errors import RemoteError
from good_offices.talks.acts import SignedAct

# It takes a tenth of a second of the other core to begin: as long as some hundreds of checks.
MANY: Final = 1000
# How long an answer that is due may take, in seconds: it is the oldest one asked, the work of a millisecond.
PATIENCE: Final = 2.0
# How many checks go together: each sending may give the core away to the one who reads it.
TOGETHER: Final = 8
# How many it is asked ahead of its answers. Of what comes beyond them the judge does a part, and is not kept waiting.
ASKED: Final = 24
# How many entries are read ahead of their verdicts.
AHEAD: Final = 32
_PROGRAM: Final = ("-I", "-B", "-m", "good_offices.desk.checker")
_WHOLE: Final = 65536

T = TypeVar("T")


class Check:
    """The check of one act's signatures under a public key; `token` is empty unless the other process was asked.

    It is `done` when it was made here, with the code of what is wrong as `problem`.
    """

    __slots__ = ("done", "holds", "problem", "public", "signed", "token")

    def __init__(self, signed: SignedAct, public: bytes, token: bytes = b"") -> None:
        """Have nothing checked yet."""
        self.signed = signed
        self.public = public
        self.token = token
        self.holds = self.done = False
        self.problem: str | None = None

    def make(self) -> None:
        """Check the signatures in this process."""
        self.problem = verified(self.signed, self.public)
        self.done = True


class Checks:
    """Where signatures are checked; a context, at whose end the other process is gone."""

    def __init__(self) -> None:
        """Check here until `expect` says that much is to come."""
        self._process: subprocess.Popen[bytes] | None = None
        self._wire: socket.socket | None = None
        self._tried = False
        self._greeting = b""
        self._asked: deque[Check] = deque()
        # What is checked here, in the order of what was begun; never more than is read ahead.
        self._here: deque[Check] = deque(maxlen=AHEAD + 1)
        self._unsent = bytearray()
        self._gathered = 0
        self._answers = bytearray()
        self.elsewhere = 0

    def __enter__(self) -> Self:
        """Begin nothing yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the other process, if there is one."""
        self._give_up()

    def expect(self, entries: int) -> None:
        """Begin the other process if so many entries to come are worth it (rule 4)."""
        if self._tried or entries < MANY or _cores() < 2:
            return
        self._tried = True
        # Whoever packs the program into one file has no interpreter to start.
        if not sys.executable or getattr(sys, "frozen", False):
            return
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # noqa: S603 -- our own program, nothing in it from outside
                    [sys.executable, *_PROGRAM],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={},
                    cwd="/",
                    start_new_session=True,
                )
            except OSError:
                ours.close()  # no more processes, or no interpreter: it is all checked here
                return
        ours.settimeout(0)
        self._wire = ours
        self._greeting = secrets.token_bytes(TOKEN)
        self._unsent += self._greeting
        self._exchange()

    def begin(self, signed: SignedAct, public: bytes) -> Check:
        """Return the check of an act's signatures, handed over if the other process can take it."""
        if self._wire is not None and (self._greeting or len(self._asked) >= ASKED):
            self._exchange()
        if self._wire is None or self._greeting or len(self._asked) >= ASKED:
            check = Check(signed, public)
            self._here.append(check)
            return check
        check = Check(signed, public, secrets.token_bytes(TOKEN))
        head = HEAD.pack(check.token, len(public), len(signed.signature), len(signed.act))
        self._unsent += b"".join((head, public, signed.signature, signed.act))
        self._asked.append(check)
        self._gathered += 1
        if self._gathered >= TOGETHER:
            self._gathered = 0
            self._exchange()
        return check

    def result(self, check: Check) -> str | None:
        """Return the code of what is wrong with the signatures, or None (rule 1)."""
        if check.token:
            self._await(check)
        if check.holds:
            return None
        if not check.done:
            self._run(check)
        return check.problem

    def _run(self, due: Check) -> None:
        """Check what is due, and with it all that waits to be checked here (rules 5 and 6)."""
        if due in self._here:
            while self._here.popleft() is not due:
                pass
            for check in self._here:
                check.make()
            self._here.clear()
        due.make()

    def _await(self, check: Check) -> None:
        """Return when a check is answered, or the other process given up; make the checks meanwhile that are made here."""
        self._exchange()
        while check.token and self._wire is not None:
            if self._here:
                self._here.popleft().make()
                self._exchange()
                continue
            wanted = select.POLLIN | (select.POLLOUT if self._unsent else 0)
            poll = select.poll()
            poll.register(self._wire, wanted)
            if not poll.poll(PATIENCE * 1000):
                self._give_up()
                return
            self._exchange()

    def _exchange(self) -> None:
        """Send and take what goes through the socket without waiting; give up on whoever is gone or talks nonsense."""
        if self._wire is None:
            return
        try:
            if self._unsent:
                del self._unsent[: self._wire.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError:
            self._give_up()
            return
        try:
            came = self._wire.recv(_WHOLE)
        except BlockingIOError:
            return
        except OSError:
            came = b""
        self._answers += came
        if not came or not self._taken():
            self._give_up()

    def _taken(self) -> bool:
        """Note all whole answers in the order of what was asked, and return whether each was to something (rule 2)."""
        while len(self._answers) >= TOKEN:
            answer = bytes(self._answers[:TOKEN])
            del self._answers[:TOKEN]
            if self._greeting:
                if answer != self._greeting:
                    return False
                self._greeting = b""
            elif self._asked:
                check = self._asked.popleft()
                check.holds = hmac.compare_digest(answer, check.token)
                check.token = b""
                self.elsewhere += check.holds
            else:
                return False
        return True

    def _give_up(self) -> None:
        """End the other process; what it has not answered is checked here."""
        for check in self._asked:
            check.token = b""
        self._asked.clear()
        self._unsent.clear()
        self._answers.clear()
        self._greeting = b""
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        if self._process is not None:
            # It holds nothing that would have to be put in order.
            self._process.kill()
            self._process.wait()
            self._process = None


def ahead(items: Iterable[T]) -> Iterator[T]:
    """Yield items in order, each when as many as are read ahead were taken behind it."""
    waiting: deque[T] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > AHEAD:
            yield waiting.popleft()
    yield from waiting


def verified(signed: SignedAct, public: bytes) -> str | None:
    """Return the code of what is wrong with an act's signatures, or None."""
    try:
        signed.verify(public)
    except RemoteError:
        return "act-signature"
    return None


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
