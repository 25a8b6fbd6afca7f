"""The seat: the open desk that the screens share, and the thread that keeps it up to date.

This module decides when the desk is open, when it speaks with its venue, and who is told that something is new. It
never decides what is shown.

1. The desk is open from the passphrase until it is locked: by its user, or when nobody has used it for a while. While it is
   locked no key and no word of the talks is in memory that we hold.
2. An act is on the disk before the screen says anything; whether the host answers is told as it is.
3. What comes is verified and kept by the thread of rule 3 of `turn`; screens hear of it as a number, and show it when
   their reader asks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from good_offices.chancery.computing import Computing
from good_offices.chancery.lasting import Lasting
from good_offices.chancery.turn import Turn
from good_offices.chancery.warming import steps
from good_offices.desk.desk import Desk, Done
from good_offices.desk.record import Book, Line
from good_offices.errors import GoodOfficesError, HostConvictedError, LocalError
from good_offices.locale import language
from good_offices.talks.acts import Event

T = TypeVar("T")
State = Literal["locked", "connecting", "up-to-date", "unreachable", "courier", "stopped"]

IDLE: Final = 20 * 60.0
_ANSWER: Final = 4.0
_PAUSE: Final = 20.0
_FIRST_RETRY: Final = 1.0
_FIRST_LOOK: Final = 0.05
_BREATH: Final = 0.005
_SHARE: Final = 0.01
_QUIET: Final = 0.15
_LONGEST_RETRY: Final = 30.0
_VISIT: Final = "visit/{register}"


class Seat:
    """One desk folder, open or locked, with its post."""

    def __init__(self, folder: Path, *, idle: float = IDLE) -> None:
        """Serve the desk in `folder`, which need not exist yet; lock it after `idle` seconds without use."""
        self.folder = folder
        self.idle = idle
        self.turn = Turn()
        self.wire = threading.RLock()
        self.state: State = "locked"
        self.trouble: GoodOfficesError | None = None
        self.up_to: datetime | None = None
        self.since: dict[str, int] = {}
        self._desk: Desk | None = None
        self._lines: dict[str, tuple[int, list[Line]]] = {}
        self._now, self._of_record = Lasting(), Lasting()
        self._used = time.monotonic()
        self._news = threading.Condition()
        self._rounds = [0, 0]  # synchronisations begun and ended
        self._wake = threading.Event()
        self._listeners: list[Callable[[], None]] = []
        self._forget: list[Callable[[], None]] = []
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self.computing = Computing(self)

    # Open and locked

    @property
    def founded(self) -> bool:
        """Whether the folder holds a desk."""
        return (self.folder / "keyring").is_file()

    @property
    def is_open(self) -> bool:
        """Whether the desk is open."""
        return self._desk is not None

    @property
    def desk(self) -> Desk:
        """The open desk, for whoever has the turn.

        Raises:
            LocalError: `desk-locked`.
        """
        if self._desk is None:
            raise LocalError("desk-locked")
        return self._desk

    def open(self, passphrase: str) -> None:
        """Open the desk and begin its post; not in one's turn.

        Raises:
            LocalError: as `Desk.open`.
        """
        if not self.is_open:
            self._join()
        with self.turn:
            if self._desk is None:
                self._begin(Desk.open(self.folder, passphrase))

    def found(
        self,
        passphrase: str,
        file: bytes,
        *,
        delegation: str | None = None,
        member: str | None = None,
        capacity: str | None = None,
    ) -> None:
        """Make the desk from an invitation or a hand-over file, and begin its post (raises as `Desk.create`)."""
        with self.turn:
            self._begin(
                Desk.create(
                    self.folder,
                    passphrase,
                    file,
                    delegation=delegation,
                    member=member,
                    capacity=capacity,
                )
            )

    def _begin(self, desk: Desk) -> None:
        """Take a desk and start its threads; in one's turn."""
        self._desk = desk
        desk.client.away = self.turn.away
        self.state, self.trouble = "connecting", None
        self._forget_all()
        for book in (desk.common, desk.caucus):
            kept = desk.storage.get(_VISIT.format(register=book.ledger.register))
            self.since[book.ledger.register] = int(kept) if kept else 0
        self.touch()
        self._closing = threading.Event()
        followed = [desk.common.ledger.register, desk.caucus.ledger.register]
        self._threads = [
            threading.Thread(target=self._post, args=(desk, self._closing), name="post", daemon=True),
            threading.Thread(
                target=self.computing.run, args=(desk, self._closing), name="answer", daemon=True
            ),
            # In the language in which the desk was unlocked: rows are written in it.
            threading.Thread(
                target=copy_context().run, args=(self._warm, desk, self._closing), name="warm", daemon=True
            ),
            *(
                threading.Thread(
                    target=self._listen, args=(desk, register, self._closing), name="listen", daemon=True
                )
                for register in followed
            ),
        ]
        for thread in self._threads:
            thread.start()

    def lock(self) -> None:
        """Lock the desk; not in one's turn. Its post thread closes it as soon as it is back from the wire."""
        self._closing.set()
        self._wake.set()
        self.computing.end()
        with self.turn:
            self._desk = None
            self._forget_all()
            self.since.clear()
            self.state, self.trouble = "locked", None
        for forget in self._forget:
            forget()
        self._tell()

    def _forget_all(self) -> None:
        """Let go of whatever was made of the record (rule 1)."""
        self._lines.clear()
        self._now.clear()
        self._of_record.clear()

    def close(self) -> None:
        """Lock the desk and wait until its folder is free."""
        self.lock()
        self._join()

    def _join(self) -> None:
        """Wait for the thread that closes the last open desk."""
        for thread in self._threads:
            if thread.name == "post":
                thread.join()

    def when_locked(self, forget: Callable[[], None]) -> None:
        """Have `forget` called whenever the desk is locked: whoever holds words or keys of it beside us lets them go (rule 1)."""
        self._forget.append(forget)

    def touch(self) -> None:
        """Note that a person is here."""
        self._used = time.monotonic()

    def lock_if_idle(self) -> bool:
        """Lock the desk if nobody has used it for a while, and tell whether it did."""
        if self.is_open and time.monotonic() - self._used > self.idle:
            self.lock()
            return True
        return False

    # What screens read and do, in their turn

    def lines(self, book: Book[Any], most: int | None = None) -> list[Line]:
        """Return all entries of a record, opened once and kept until the desk is locked or judges them again.

        With `most`, no more than so many are opened now, and what is there is returned.
        """
        readings, known = self._lines.get(book.ledger.register, (book.readings, []))
        if readings != book.readings or len(known) > book.ledger.size:
            known = []
        if len(known) < book.ledger.size:
            last = book.ledger.size if most is None else min(book.ledger.size, len(known) + most)
            known = known + list(book.lines(len(known), last))
        self._lines[book.ledger.register] = (book.readings, known)
        return known

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` makes of the desk, made again when anything was written or the minute has passed.

        Everything that a desk knows is on its disk before it is shown, so that what was not written has not changed.
        """
        return self._now.get((self.desk.storage.changes, int(time.time() // 60), language()), name, make)

    def of_record(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes of both records alone, made again as soon as either has an entry more or is judged anew.

        `name` says whatever else goes into it, but for the language: who reads, which part is asked for. It is for what
        takes long and neither the clock nor a draft changes; `once` would have it made again each minute.
        """
        books = (self.desk.common, self.desk.caucus)
        revision = tuple((book.ledger.size, book.readings) for book in books)
        return self._of_record.get((revision, language()), name, make)

    def act(self, room: str, event: Event, *, unconfirmed: bool = False) -> Done:
        """Write an act, have it sent, and return what became of it by now (rule 2).

        Raises:
            LocalError: the rules refuse it; nothing has left this machine.
        """
        return self.leave(room, lambda desk: desk.hand_in(room, event, unconfirmed=unconfirmed))

    def leave(self, room: str, write: Callable[[Desk], bytes]) -> Done:
        """Have sent what `write` puts into the outbox, and return what became of the act whose hash it returns.

        Raises:
            LocalError: as `write`; nothing has left this machine.
        """
        with self._news:
            wanted = self._rounds[0] + 1
        act = write(self.desk)
        book = self.desk.book(room)
        self._wake.set()
        with self.turn.away(), self._news:
            self._news.wait_for(
                lambda: act in book.verdicts or self._rounds[1] >= wanted or not self.is_open, _ANSWER
            )
        return Done(act, book.verdicts.get(act))

    @contextmanager
    def speaking(self) -> Iterator[Desk]:
        """Give up one's turn until the wire is free, and hold both: for steps that speak with the venue themselves."""
        with self.turn.away():
            self.wire.acquire()
        try:
            yield self.desk
        finally:
            self.wire.release()
            self._tell()

    def visited(self) -> None:
        """Keep on the disk that all up to here has been read: the next "since you left" begins here."""
        for book in (self.desk.common, self.desk.caucus):
            register, size = book.ledger.register, book.ledger.size
            self.desk.storage.put(_VISIT.format(register=register), str(size).encode())
            self.since[register] = size

    def stamp(self) -> str:
        """Return how much of both records there is, as screens compare it; empty while locked."""
        desk = self._desk
        return f"{desk.common.ledger.size}.{desk.caucus.ledger.size}" if desk else ""

    # News

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called, from any thread, when something changed; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def check(self) -> None:
        """Ask the venue now."""
        self._wake.set()

    def _tell(self) -> None:
        """Wake whoever waits for news."""
        with self._news:
            self._news.notify_all()
        for listener in list(self._listeners):
            listener()

    def _post(self, desk: Desk, closing: threading.Event) -> None:
        """Send and fetch whenever there is a reason, until the desk is locked; then close it."""
        try:
            self._go_round(desk, closing)
        finally:
            with self.wire, self.turn:
                desk.close()
            for thread in self._threads:
                if thread is not threading.current_thread():
                    thread.join()

    def _go_round(self, desk: Desk, closing: threading.Event) -> None:
        """Synchronise, tell, wait, and again."""
        pause = _FIRST_RETRY
        while not closing.is_set():
            self._wake.clear()
            with self._news:
                self._rounds[0] += 1
            self._synchronise(desk, closing)
            with self._news:
                self._rounds[1] = self._rounds[0]
            if closing.is_set():
                return
            self._tell()
            if self.state == "unreachable":
                self._wake.wait(pause)
                pause = min(2 * pause, _LONGEST_RETRY)
            else:
                self._wake.wait(_PAUSE)
                pause = _FIRST_RETRY

    def _synchronise(self, desk: Desk, closing: threading.Event) -> None:
        """Synchronise once and note how that went."""
        with self.wire, self.turn:
            if closing.is_set():
                return
            if desk.storage.get("stopped"):
                self.state = "stopped"
                return
            if desk.by_courier:
                # Nothing is asked of any network, and so nothing is said of the host (`desk.desk` rule 5).
                self.state, self.trouble = "courier", None
                return
            try:
                desk.sync()
            except HostConvictedError as evidence:
                self.state, self.trouble = "stopped", evidence
            except GoodOfficesError as failed:
                # Whatever the host sent or did not send: our state is unchanged, and work goes on.
                self.state, self.trouble = "unreachable", failed
            else:
                self.state, self.trouble = "up-to-date", None
                self.up_to = datetime.now(UTC)

    def _warm(self, desk: Desk, closing: threading.Event) -> None:
        """Make ready what the first pages show, in short turns while nobody else wants one (`turn` rule 4)."""
        while self.state == "connecting" and not closing.wait(_FIRST_LOOK):
            pass
        made = steps(desk, self.lines)
        while not closing.is_set():
            begun = time.monotonic()
            # A page that meets the same refusal tells it.
            with suppress(GoodOfficesError), self.turn.spare(_QUIET) as ours:
                while ours and not self.turn.wanted and time.monotonic() - begun < _SHARE:
                    if closing.is_set() or next(made, self) is self:
                        return
            # As long as the steps took: at most half of the machine's time goes into what nobody has asked for.
            closing.wait(max(time.monotonic() - begun, _BREATH if ours else _FIRST_LOOK))

    def _listen(self, desk: Desk, register: str, closing: threading.Event) -> None:
        """Hear over a stream that something is new, and have it fetched; nothing of the stream is believed."""
        pause = _FIRST_RETRY
        while not closing.is_set():
            if self.state in ("connecting", "courier"):
                # Whether the desk talks by courier is known after the first round.
                closing.wait(_FIRST_LOOK if self.state == "connecting" else _FIRST_RETRY)
                continue
            with suppress(GoodOfficesError):
                size = (desk.common if register == desk.common.ledger.register else desk.caucus).ledger.size
                for page in desk.client.stream(register, max(size - 1, 0)):
                    pause = _FIRST_RETRY
                    if closing.is_set():
                        return
                    if self.state == "courier":
                        break
                    if page is not None and page.entries:
                        self._wake.set()
            closing.wait(pause)
            pause = min(2 * pause, _LONGEST_RETRY)
