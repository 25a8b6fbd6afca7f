"""Requests for conditions at the venue: when one is taken, how it is answered, what the host notes for itself.

This module decides when a request in clear is the word of all delegations (spec/conditions.md R-115), and what an answer may be. It
opens nothing: what it needs beside the record stands in clear in the talks' common register.

1. What breaks a rule is refused before anything is written. The same request again is answered as before.
2. An answer is signed and kept in one transaction; a number is used once, whoever answers at the same time.
3. The checklist binds nobody, and leaves this machine in a backup alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from good_offices.encoding import check_words, pack, unpack
from good_offices.errors import LocalError, OperationalError, RemoteError
from good_offices.register.conditions import (
    MAX_REQUEST,
    Answered,
    AnsweredItem,
    ConditionsAnswer,
    ConditionsRequest,
    check_answer,
    check_request,
)
from good_offices.register.handed import HANDED_LIMIT, HandedOver, Shown, verify_handed
from good_offices.register.leaf import Kind
from good_offices.seals.domains import Domain
from good_offices.transport.clear import Conditions, GivenAnswer, HeldRequest
from good_offices.venue.clear.table import ConditionsTable, Given, Kept, Task
from good_offices.venue.folder import Folder
from good_offices.venue.store import Reader, Register, Writer, connect

MAX_REQUESTS: Final = 1_000
MAX_NOTE_WORDS: Final = 500
_WHAT: Final = "a request for conditions"
T = TypeVar("T")


def verified(reader: Reader, register: Register, body: bytes) -> Kept:
    """Return a request that was handed over, if it is the word of all delegations of these talks; nothing is kept yet.

    Raises:
        RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `conditions-invalid`, `conditions-foreign` or
            `handed-over-unsigned`.
    """
    handed = unpack(body, HandedOver, what=_WHAT, limit=HANDED_LIMIT)
    request = unpack(handed.clear, ConditionsRequest, what=_WHAT, limit=MAX_REQUEST)
    delegations = reader.delegations(register.talks)
    if register.delegation is not None or request.talks != register.talks:
        raise RemoteError("conditions-foreign")
    if list(request.delegations) != delegations:
        raise RemoteError("conditions-foreign")
    check_request(request, RemoteError)
    signers = frozenset(one.desk.statement.hash for one in handed.signed)
    shown = Shown(register.talks, delegations).take(
        reader.bodies(register.number, Kind.INTRODUCTION), signers
    )
    verify_handed(handed, Domain.CONDITIONS, shown)
    return Kept(request.number, request.hash, body, time.time_ns() // 1_000_000)


def take(writer: Writer, register: Register, one: Kept) -> None:
    """Keep a request that was verified; within the transaction that the caller begins (rule 1).

    Raises:
        RemoteError: `conditions-number-taken`, `conditions-full`.
    """
    table = ConditionsTable(writer.connection, register.number)
    known = table.request(one.number)
    if known is not None:
        if known.hash != one.hash:
            raise RemoteError("conditions-number-taken", number=one.number)
        return
    if len(table.requests()) >= MAX_REQUESTS:
        raise RemoteError("conditions-full", limit=MAX_REQUESTS)
    table.keep(one)


def told(reader: Reader, register: Register) -> Conditions:
    """Return what desks are told: the requests that are held, and the last answer to each."""
    table = ConditionsTable(reader.connection, register.number)
    rows = [(one, table.last(one.number)) for one in table.requests()]
    return Conditions(
        requests=tuple(
            HeldRequest(
                number=one.number,
                request=one.hash,
                time=one.time,
                given=GivenAnswer(answer=last.body, note=last.note) if last else None,
            )
            for one, last in rows
        )
    )


def request_of(one: Kept) -> ConditionsRequest:
    """Return the request in what was handed over and kept.

    Raises:
        OperationalError: `venue-database-damaged`.
    """
    try:
        handed = unpack(one.body, HandedOver, what=_WHAT, limit=HANDED_LIMIT)
        return unpack(handed.clear, ConditionsRequest, what=_WHAT, limit=MAX_REQUEST)
    except RemoteError as broken:
        raise OperationalError("venue-database-damaged", why=str(broken)) from broken


def answer_of(one: Given) -> ConditionsAnswer:
    """Return an answer that was kept.

    Raises:
        OperationalError: `venue-database-damaged`.
    """
    try:
        return unpack(one.body, ConditionsAnswer, what="an answer", limit=MAX_REQUEST)
    except RemoteError as broken:
        raise OperationalError("venue-database-damaged", why=str(broken)) from broken


class Asked:
    """One request as the host's people see it: what is asked, what they last answered, what they noted."""

    def __init__(self, register: Register, kept: Kept, given: Given | None, tasks: dict[str, Task]) -> None:
        """Read what was kept (raises as `request_of`)."""
        # The number of the request that stands in the place of this one, 0 if none does.
        self.replaced = 0
        self.register = register
        self.kept = kept
        self.request = request_of(kept)
        self.answer = answer_of(given) if given else None
        self.tasks = tasks

    @property
    def said(self) -> dict[str, AnsweredItem]:
        """What was answered last, by the keys of the items."""
        return {one.key: one for one in self.answer.items} if self.answer else {}


def asked(folder: Folder) -> list[Asked]:
    """Return all requests of all talks, the newest first.

    Raises:
        OperationalError: `venue-database-damaged` or `venue-disk`.
    """

    def look(writer: Writer) -> list[Asked]:
        found: list[Asked] = []
        for register, _ in writer.registers():
            if register.delegation is None:
                table = ConditionsTable(writer.connection, register.number)
                every = {
                    one.number: Asked(register, one, table.last(one.number), table.tasks(one.number))
                    for one in table.requests()
                }
                for number, one in every.items():
                    if one.request.replaces in every:
                        every[one.request.replaces].replaced = number
                found += every.values()
        return sorted(found, key=lambda one: -one.kept.time)

    return written(folder, look)


def named(folder: Folder, talks: str, number: int) -> Asked:
    """Return a request by the beginning of its talks' id and its number.

    Raises:
        LocalError: `conditions-not-held`.
        OperationalError: as `asked`.
    """
    found = [
        one
        for one in asked(folder)
        if one.kept.number == number and one.request.talks.hex().startswith(talks)
    ]
    if len(found) != 1:
        raise LocalError("conditions-not-held", number=number)
    return found[0]


def answer(
    folder: Folder, talks: str, number: int, items: Sequence[AnsweredItem], *, base: int | None = None
) -> ConditionsAnswer:
    """Return the answer that is now signed and kept: what was answered before, with these items in their places.

    `base` is the number of the answer that the operator had before him; another meanwhile is refused.

    Raises:
        LocalError: `conditions-not-held`, `conditions-answer-invalid`, `conditions-answer-moved`, `text-not-plain`.
        OperationalError: as `asked`.
    """
    one = named(folder, talks, number)

    def write(writer: Writer) -> ConditionsAnswer:
        table = ConditionsTable(writer.connection, one.register.number)
        last = table.last(number)
        if base is not None and base != (last.answer if last else 0):
            raise LocalError("conditions-answer-moved")
        before = {each.key: each for each in answer_of(last).items} if last else {}
        said = before | {each.key: each for each in items}
        keys = [each.key for each in one.request.items]
        unknown = [key for key in said if key not in keys]
        if unknown:
            raise LocalError("conditions-answer-invalid", why=f"no item is called {unknown[0]}")
        fresh = ConditionsAnswer(
            talks=one.request.talks,
            request=one.request.hash,
            number=number,
            answer=(last.answer if last else 0) + 1,
            items=tuple(said[key] for key in keys if key in said),
            time=time.time_ns() // 1_000_000,
        )
        check_answer(fresh, one.request)
        body = pack(fresh)
        signer = folder.signer().named(folder.origin(one.register.id))
        note = signer.sign_text(Answered.of(signer.origin, body).text())
        table.give(number, Given(fresh.answer, body, note))
        return fresh

    return written(folder, write)


def note(folder: Folder, talks: str, number: int, key: str, task: Task) -> None:
    """Keep what the host notes for itself of an item (rule 3).

    Raises:
        LocalError: `conditions-not-held`, `conditions-answer-invalid`, `declaration-too-long`, `text-not-plain`.
        OperationalError: as `asked`.
    """
    one = named(folder, talks, number)
    if key not in [each.key for each in one.request.items]:
        raise LocalError("conditions-answer-invalid", why="no item is called so")
    for words in (task.owner, task.remark):
        if len(words) > MAX_NOTE_WORDS:
            raise LocalError("conditions-answer-invalid", why=f"a note beyond {MAX_NOTE_WORDS} characters")
        check_words(words, what="a note")
    written(
        folder,
        lambda writer: ConditionsTable(writer.connection, one.register.number).note(number, key, task),
    )


def taken(folder: Folder, body: bytes) -> ConditionsRequest:
    """Return the request of a file that a courier brought, verified and kept.

    Raises:
        RemoteError: as `verified` and `take`; `conditions-foreign` for talks that are not of this venue.
        OperationalError: as `asked`.
    """

    def write(writer: Writer) -> ConditionsRequest:
        handed = unpack(body, HandedOver, what=_WHAT, limit=HANDED_LIMIT)
        talks = unpack(handed.clear, ConditionsRequest, what=_WHAT, limit=MAX_REQUEST).talks
        common = [one for one, _ in writer.registers() if one.talks == talks and one.delegation is None]
        if not common:
            raise RemoteError("conditions-foreign")
        one = verified(writer, common[0], body)
        take(writer, common[0], one)
        return request_of(one)

    return written(folder, write)


def exported(folder: Folder, talks: str) -> bytes:
    """Return what desks are told of one talks' requests, as a file for a courier.

    Raises:
        LocalError: `conditions-not-held`.
        OperationalError: as `asked`.
    """
    found = {
        one.register.number: one.register
        for one in asked(folder)
        if one.request.talks.hex().startswith(talks)
    }
    if len(found) != 1:
        raise LocalError("conditions-not-held", number=1)
    (register,) = found.values()
    return written(folder, lambda writer: pack(told(writer, register)))


def written(folder: Folder, work: Callable[[Writer], T]) -> T:
    """Return what `work` gives, in a transaction of its own beside the server's.

    Raises:
        OperationalError: as `asked`.
    """
    with _writer(folder) as writer:
        writer.begin()
        try:
            done = work(writer)
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        return done


@contextmanager
def _writer(folder: Folder) -> Iterator[Writer]:
    """Give a writer on the venue's database, of this release's form."""
    connection: Any = connect(folder.database, writes=True)
    try:
        writer = Writer(connection)
        writer.bring_forward()
        yield writer
    except connection.Error as failed:
        raise OperationalError("venue-disk", path=folder.database, why=str(failed)) from failed
    finally:
        connection.close()
