"""A run as it stands in the record: its messages out of the entries that carry them, what its boxes opened, what was found.

This module decides how an attempt is read back and verified at this desk. It never answers.

1. A message is put together from its pieces and verified before anything is computed of it, at every desk, whoever made it;
   but what the desk that answers has made itself it knows by its bytes (`course` rule 1).
2. What was verified is remembered while the desk is open; a result is kept, sealed, so that it is computed once.
3. What does not hold is an error that names the delegation and the step. Every desk comes to the same one.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.register.box import BoxOpen
from good_offices.soundings.context import Run
from good_offices.soundings.course import Course, Deposits, Found, course
from good_offices.soundings.scope import STORED, Each, serial
from good_offices.talks.events_sounding import SoundingAnswered
from good_offices.talks.soundings import Message, Sounding, context

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk
    from good_offices.desk.storage import Storage

_REMEMBERED: Final = 16


class KeptFound(Record, kw_only=True, tag="good-offices/sounding-found/1", tag_field="form"):
    """A result as it is kept: numbers from 0; `overlap` of a range."""

    mutual: list[int]
    overlap: bool | None
    looked: list[int]


class Blocks(MutableMapping[bytes, bytes]):
    """Finished blocks of long computations of one attempt, sealed on the disk: who was interrupted goes on from there."""

    def __init__(self, storage: Storage, ctx: bytes) -> None:
        """Keep the blocks of the attempt with this ctx."""
        self._storage = storage
        self._prefix = f"sounding-block/{ctx.hex()[:32]}/"

    def __getitem__(self, key: bytes) -> bytes:
        """Return a block."""
        found = self._storage.get(self._prefix + key.hex())
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: bytes, block: bytes) -> None:
        """Write a block."""
        self._storage.put(self._prefix + key.hex(), block)

    def __delitem__(self, key: bytes) -> None:
        """Destroy a block."""
        self._storage.remove(self._prefix + key.hex())

    def __iter__(self) -> Iterator[bytes]:
        """Yield the names of all blocks."""
        return (bytes.fromhex(name[len(self._prefix) :]) for name in self._storage.names(self._prefix))

    def __len__(self) -> int:
        """Return how many blocks there are."""
        return len(self._storage.names(self._prefix))


class Runs:
    """The runs of one desk, as far as they were read."""

    def __init__(self, desk: Desk, each: Each = serial) -> None:
        """Read from a desk's record; long loops go over `each`."""
        self.desk = desk
        self.each = each
        self._courses: dict[bytes, Course] = {}

    def course(self, sounding: Sounding, attempt: int | None = None, side: Any = None) -> Course:
        """Return an attempt, the last if none is given, with every whole message verified (rule 1).

        `side` is this desk's own side, if it answers: its own messages are then taken as its own.

        Raises:
            RemoteError: `sounding-form`, `sounding-proof` with place and step.
            LocalError: `sounding-own`.
        """
        number = sounding.attempt if attempt is None else attempt
        found = self.begun(sounding, number)
        for step, places in sounding.course.items():
            for place in places:
                said = sounding.said(place, step, number)
                if said is not None and said.whole and not found.has(step, place):
                    message, binds = self.message(said)
                    found.take(step, place, message, binds, side)
        return found

    def begun(self, sounding: Sounding, attempt: int) -> Course:
        """Return an attempt with what was read of it so far (rule 2)."""
        ctx = sounding.attempts[attempt].ctx
        if ctx not in self._courses:
            run = Run(context(self.desk.talks.roster, sounding, attempt))
            if len(self._courses) == _REMEMBERED:
                del self._courses[next(iter(self._courses))]
            store = Blocks(self.desk.storage, ctx) if run.size > STORED else None
            self._courses[ctx] = course(run, each=self.each, store=store)
        return self._courses[ctx]

    def forget(self, sounding: Sounding, attempt: int) -> None:
        """Let go of what was computed of an attempt."""
        ctx = sounding.attempts[attempt].ctx
        self._courses.pop(ctx, None)
        Blocks(self.desk.storage, ctx).clear()

    def message(self, said: Message) -> tuple[bytes, bytes]:
        """Return a message out of the entries that carry it, and what they bind it to; nothing if they differ in that."""
        pieces = [self._piece(index) for index in said.entries]
        binds = {one.binds for one in pieces}
        return b"".join(one.body for one in pieces), binds.pop() if len(binds) == 1 else b""

    def opened(self, sounding: Sounding, attempt: int | None = None) -> Deposits:
        """Return what the boxes of a run have opened so far, by number."""
        found: dict[int, tuple[bytes, ...]] = {}
        for number in range(sounding.boxes_known):
            box = self.desk.talks.sounding.box(sounding, number, attempt)
            if box is not None and box.end == "open" and box.ended is not None:
                body = self.desk.common.kept(box.ended).body or b""
                found[number] = unpack(body, BoxOpen, what="the opened box").deposits
        return found

    def found(self, sounding: Sounding) -> Found | None:
        """Return what a run that has ended found, verified whole; None while it runs or if nothing was opened (R-86).

        Raises:
            RemoteError: `sounding-form`, `sounding-proof`, `sounding-box` with the place of who did not keep to the rules.
        """
        if not has_result(sounding):
            return None
        name = f"sounding-found/{sounding.id.hex()}"
        content = self.desk.storage.get(name)
        if content is not None:
            kept = unpack(content, KeptFound, what="the result")
            return Found(tuple(kept.mutual), kept.overlap, tuple(kept.looked))
        result = self.course(sounding).found(self.opened(sounding))
        new = KeptFound(mutual=list(result.mutual), overlap=result.overlap, looked=list(result.looked))
        self.desk.storage.put(name, pack(new))
        self.forget(sounding, sounding.attempt)
        return result

    def is_found(self, sounding: Sounding) -> bool:
        """Tell whether the result of a run is at hand without computing."""
        return self.desk.storage.get(f"sounding-found/{sounding.id.hex()}") is not None

    def _piece(self, index: int) -> SoundingAnswered:
        """Return the piece of a message that an entry carries."""
        line = next(self.desk.common.lines(index, index + 1))
        if line.act is None or not isinstance(line.act.event, SoundingAnswered):
            raise RemoteError("register-broken", size=index)
        return line.act.event


def has_result(sounding: Sounding) -> bool:
    """Tell whether there is a result: also of packages that ended void after chunks were opened (R-86)."""
    halted = sounding.outcome == "void" and sounding.kind == "packages"
    return sounding.outcome == "opened" or (halted and sounding.attempts[-1].opened > 1)


def place_of(desk: Desk, sounding: Sounding) -> int:
    """Return the place of this desk's delegation in a sounding.

    Raises:
        LocalError: `sounding-not-yours`.
    """
    try:
        return sounding.delegations.index(desk.identity.place.delegation)
    except ValueError:
        raise LocalError("sounding-not-yours") from None
