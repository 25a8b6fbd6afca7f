"""Conditions at a desk: signing a request for the host, handing it over, and what the host answers.

This module decides what leaves this desk in clear, and which answer is the host's. It never decides for a member: it signs when it
is told to, and a request that not all have signed is never sent.

1. What is handed over is made of the record alone: the request that all accepted, and the signatures that the rules found valid.
2. An answer is taken only if it keeps spec/conditions.md R-118. What was taken is kept, whatever comes later.
3. An answer that is refused changes nothing, and is told until the host gives one that holds.
4. Two signed answers under one number are kept beside each other in the folder `evidence`.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from good_offices.desk.certified import certified
from good_offices.desk.storage import write_durably
from good_offices.encoding import pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError, RemoteError
from good_offices.register.conditions import (
    MAX_REQUEST,
    Answered,
    ConditionsAnswer,
    GivenAnswer,
    TwoAnswers,
    check_answer,
)
from good_offices.register.handed import HandedOver, SignedBy
from good_offices.seals.domains import Domain
from good_offices.talks.events_conditions import ConditionsSigned
from good_offices.talks.requested import Requested
from good_offices.transport.clear import Conditions, HeldRequest

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

_ANSWER: Final = "conditions/answer/"
_HELD: Final = "conditions/held/"
_REFUSED: Final = "conditions/refused"
_WHAT: Final = "the host's answers"
# Answers are small; so many of the largest would fit, and more requests than a venue takes would not.
CONDITIONS_LIMIT: Final = 32 * 1024 * 1024


class Held(NamedTuple):
    """What this desk knows of a request at the host: when it came there (ms, the host's claim), and the answer taken last."""

    time: int | None
    answer: ConditionsAnswer | None


def request(desk: Desk, number: int) -> Requested:
    """Return a request that all have accepted and that is asked still.

    Raises:
        LocalError: `conditions-unknown`, `conditions-replaced`.
    """
    one = desk.talks.plenary.conditions.get(str(number))
    if one is None:
        raise LocalError("conditions-unknown", number=number)
    if one.replaced:
        raise LocalError("conditions-replaced", number=number, by=one.replaced)
    return one


def signed(desk: Desk, number: int) -> ConditionsSigned:
    """Return the event by which this desk signs a request for the host (spec/conditions.md R-113).

    Raises:
        LocalError: as `request`.
    """
    data = pack(request(desk, number).request)
    return ConditionsSigned(number=number, signature=desk.signer.sign(Domain.CONDITIONS, data))


def handed_over(desk: Desk, number: int) -> bytes:
    """Return a request with the signatures of all, as it is handed over (rule 1; spec/conditions.md R-115).

    Raises:
        LocalError: as `request`; `conditions-unsigned`.
    """
    one = request(desk, number)
    expected = sorted(desk.talks.roster.expected)
    missing = [name for name in expected if name not in one.signed]
    if missing:
        named = desk.talks.roster.delegations
        called = [(own.name if (own := named[name].accreditation) else name) for name in missing]
        raise LocalError("conditions-unsigned", number=number, missing=", ".join(called))
    return pack(
        HandedOver(
            clear=pack(one.request),
            signed=tuple(
                SignedBy(
                    desk=certified(desk, one.signed[name].certificate), signature=one.signed[name].signature
                )
                for name in expected
            ),
        )
    )


def hand_over(desk: Desk, number: int) -> None:
    """Hand a request to the host, and take what it has answered so far.

    Raises:
        LocalError: as `handed_over`; `by-courier`.
        OperationalError: as `VenueClient.append`.
        RemoteError: as `take`.
    """
    body = handed_over(desk, number)
    desk.may_go_on()
    if desk.by_courier:
        raise LocalError("by-courier")
    take(desk, desk.client.hand_over(desk.common.ledger.register, body))


def ask(desk: Desk) -> int:
    """Return how many answers are new, after asking the host.

    Raises:
        LocalError: `by-courier`.
        OperationalError: as `VenueClient.append`.
        RemoteError: as `take`.
    """
    desk.may_go_on()
    if desk.by_courier:
        raise LocalError("by-courier")
    return take(desk, desk.client.conditions(desk.common.ledger.register))


def look(desk: Desk) -> None:
    """Ask the host for answers if any request has been signed by all; what is wrong with them is kept to be told (rule 3)."""
    expected = set(desk.talks.roster.expected)
    waits = any(expected <= one.signed.keys() for one in desk.talks.plenary.conditions.values())
    if not waits or desk.by_courier or desk.identity.person.capital:
        return
    # A host that does not answer here answers nothing else either, or is of an earlier release.
    with suppress(OperationalError, RemoteError):
        ask(desk)


def take_file(desk: Desk, data: bytes) -> int:
    """Return how many answers are new in a file of the host that a courier brought.

    Raises:
        RemoteError: as `take`; what `unpack` refuses.
    """
    return take(desk, unpack(data, Conditions, what=_WHAT, limit=CONDITIONS_LIMIT))


def take(desk: Desk, told: Conditions) -> int:
    """Return how many answers are new, after all that the host told were verified and kept (R-118).

    Raises:
        RemoteError: `conditions-answer-invalid`, `conditions-answer-differs`, `signature-lines`, `signature-invalid`,
            `not-canonical`; nothing of what was told is kept then.
    """
    try:
        _check_all_there(desk, told)
        fresh = [one for held in told.requests for one in _fresh(desk, held)]
    except RemoteError as refused:
        desk.storage.put(_REFUSED, f"{refused.code}\n{refused}".encode())
        raise
    with desk.storage.transaction():
        for held in told.requests:
            if desk.storage.get(f"{_HELD}{held.number}") is None and _is_ours(desk, held):
                desk.storage.put(f"{_HELD}{held.number}", str(held.time).encode())
        for number, answer, given in fresh:
            desk.storage.put(f"{_ANSWER}{number:04d}/{answer:04d}", pack(given))
        desk.storage.remove(_REFUSED)
    return len(fresh)


def held(desk: Desk, number: int) -> Held:
    """Return what this desk knows of a request at the host."""
    time = desk.storage.get(f"{_HELD}{number}")
    names = desk.storage.names(f"{_ANSWER}{number:04d}/")
    given = desk.storage.get(names[-1]) if names else None
    answer = _opened(unpack(given, GivenAnswer)) if given else None
    return Held(int(time) if time else None, answer)


def refused(desk: Desk) -> str:
    """Return why the host's last word was not taken, as a sentence; empty if it was."""
    found = desk.storage.get(_REFUSED)
    return found.decode().partition("\n")[2] if found else ""


def _check_all_there(desk: Desk, told: Conditions) -> None:
    """Refuse a host that no longer shows a request that it has answered."""
    shown = {one.number for one in told.requests}
    for name in desk.storage.names(_ANSWER):
        number = int(name.removeprefix(_ANSWER).partition("/")[0])
        if number not in shown:
            raise RemoteError("conditions-answer-differs", number=number)


def _is_ours(desk: Desk, told: HeldRequest) -> bool:
    """Tell whether a request that the host holds is the one that all accepted."""
    one = desk.talks.plenary.conditions.get(str(told.number))
    return one is not None and one.request.hash == told.request


def _fresh(desk: Desk, told: HeldRequest) -> list[tuple[int, int, GivenAnswer]]:
    """Return the answer to one request if it holds and is new: numbers of request and answer, and the answer as it came."""
    names = desk.storage.names(f"{_ANSWER}{told.number:04d}/")
    before = unpack(desk.storage.get(names[-1]) or b"", GivenAnswer) if names else None
    known = _opened(before) if before else None
    if told.given is None:
        if known is not None:
            raise RemoteError("conditions-answer-differs", number=told.number)
        return []
    one = desk.talks.plenary.conditions.get(str(told.number))
    if one is None:
        # Accepted by all and not yet fetched by this desk, or invented: nothing can be said of it here and now.
        return []
    answer = _opened(told.given)
    check_answer(answer, one.request, RemoteError)
    keys = desk.common.ledger.keys
    text = Answered.of(keys.origin, told.given.answer).text()
    keys.open_text(told.given.note, text, what=_WHAT)
    if known is not None and before is not None:
        if answer.answer < known.answer:
            raise RemoteError("conditions-answer-differs", number=told.number)
        if answer.answer == known.answer:
            if told.given.answer != before.answer:
                _convict(desk, before, told.given, answer)
            return []
    return [(answer.number, answer.answer, told.given)]


def _opened(given: GivenAnswer) -> ConditionsAnswer:
    """Return an answer from its bytes."""
    return unpack(given.answer, ConditionsAnswer, what=_WHAT, limit=MAX_REQUEST)


def _convict(desk: Desk, first: GivenAnswer, second: GivenAnswer, answer: ConditionsAnswer) -> None:
    """Keep two signed answers under one number, and refuse the second (rule 4)."""
    evidence = TwoAnswers(
        genesis=desk.common.kept(0).body or b"",
        first=first,
        second=second,
    )
    folder = desk.storage.folder / "evidence"
    with suppress(GoodOfficesError, OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        write_durably(folder / f"conditions-{answer.number}-{answer.answer}.goodoffices", pack(evidence))
    raise RemoteError("conditions-answer-differs", number=answer.number)
