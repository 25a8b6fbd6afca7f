"""Expectations of a sitting at one desk: sealed here, handed to the host's box, read when all are opened. See spec/meetings.md R-104.

This module decides when this desk commits and deposits, and how what was opened is read. It never opens anything of its own
accord: the host's box opens all deposits at once or none.

1. What is deposited is on the disk before the commitment is in the outbox, and is handed over when all have committed in the
   register as this desk has verified it; again and again until the box has ended.
2. A delegation seals once for each box, from one desk.
3. A deposit that cannot be read, or is another sitting's, is told as no words.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from good_offices.desk.compose import Outgoing
from good_offices.encoding import Record, check_words, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.register.box import DEPOSIT_LIMIT, BoxCommit, BoxOpen
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import open_envelope, seal
from good_offices.talks.events_meetings import ExpectationsSealed
from good_offices.talks.expectations import WAIT_MS
from good_offices.talks.meetings import Sitting, expectations_box

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

_NAME: Final = "expectations/"
_WORDS_MOST: Final = 20_000


class Expected(Record, frozen=True, kw_only=True, tag="good-offices/expectations/1", tag_field="form"):
    """What a delegation deposits: its words by language, for one attempt of one sitting."""

    talks: bytes
    sitting: bytes
    attempt: int
    delegation: str
    words: dict[str, str]


class _Kept(Record, frozen=True, kw_only=True, tag="good-offices/expectations-kept/1", tag_field="form"):
    """What this desk keeps: what it deposits, and the words for its own eyes."""

    attempt: int
    act: bytes
    deposit: bytes
    words: dict[str, str]


def seal_expectations(desk: Desk, name: bytes, words: dict[str, str]) -> None:
    """Seal what this delegation expects of a sitting; it is opened when all have done the same (rules 1 and 2).

    Raises:
        LocalError: `words-missing`, `too-large`, `text-not-plain`, `room-not-open`, `by-courier`, and what the rules refuse.
        OperationalError: it waits in the outbox.
    """
    desk.may_go_on()
    if desk.by_courier:
        raise LocalError("by-courier")
    sitting = desk.talks.plenary.meetings.sitting(name)
    said = {tag: text.strip() for tag, text in words.items() if text.strip()}
    if not said:
        raise LocalError("words-missing")
    for text in said.values():
        check_words(text, what="the expectations")
    if sum(len(text) for text in said.values()) > _WORDS_MOST:
        raise LocalError(
            "too-large", what="the expectations", size=sum(map(len, said.values())), limit=_WORDS_MOST
        )
    epoch = desk.epoch("plenary")
    secret = desk.epochs.secret(epoch.manifest) if epoch else None
    if secret is None:
        raise LocalError("room-not-open", room="plenary")
    body = Expected(
        talks=desk.identity.place.talks,
        sitting=name,
        attempt=sitting.attempt,
        delegation=_own(desk),
        words=said,
    )
    deposit = seal(pack(body), secret)
    kept = _Kept(attempt=sitting.attempt, act=sitting.act, deposit=deposit, words=said)
    announced = ExpectationsSealed(
        sitting=name, attempt=sitting.attempt, hash=hashlib.sha256(deposit).digest()
    )
    # The rules are asked first, so that nothing that stands is lost to an act that they refuse.
    standing = _kept(desk, name, sitting)
    if standing is not None and _announced(sitting).get(_own(desk)) is not None:
        raise LocalError("expectations-sealed")
    desk.storage.put(_NAME + name.hex(), pack(kept))
    desk.write("plenary", announced, after=(int(Kind.BOX_COMMIT), pack(_commit(desk, sitting, deposit))))
    desk.send()
    desk.receive()
    go_on(desk)


def go_on(desk: Desk) -> bool:
    """Hand over what is due, and tell whether anything was done (rule 1).

    Raises:
        OperationalError: the host did not take it; it is handed over again later.
        RemoteError: the receipt is not the host's.
    """
    done = False
    for stored in desk.storage.names(_NAME):
        name = bytes.fromhex(stored.removeprefix(_NAME))
        sitting = desk.talks.plenary.meetings.sittings.get(name.hex())
        if sitting is None or desk.by_courier:
            continue
        done = _go_on(desk, name, sitting) or done
    if done:
        desk.send()
        desk.receive()
    return done


def opened(desk: Desk, name: bytes) -> dict[str, dict[str, str]]:
    """Return the words of every delegation by language, once they were opened together; nothing before (rule 3)."""
    sitting = desk.talks.plenary.meetings.sitting(name)
    if sitting.opened is None:
        return {}
    body = desk.common.kept(sitting.opened).body or b""
    deposits = unpack(body, BoxOpen, what="the opened box").deposits
    parties = sorted(desk.talks.roster.expected)
    return {
        party: _read(desk, name, sitting, party, deposit)
        for party, deposit in zip(parties, deposits, strict=True)
    }


def own_words(desk: Desk, name: bytes) -> dict[str, str]:
    """Return what this desk has sealed in the present box; nothing if another desk of the delegation did, or none."""
    sitting = desk.talks.plenary.meetings.sitting(name)
    kept = _kept(desk, name, sitting)
    sealed = _announced(sitting).get(_own(desk))
    if kept is None or sealed != hashlib.sha256(kept.deposit).digest():
        return {}
    return kept.words


def _go_on(desk: Desk, name: bytes, sitting: Sitting) -> bool:
    """Commit once more if the commitment is nowhere, deposit if all have committed."""
    kept = _kept(desk, name, sitting)
    now = sitting.attempts[-1] if sitting.attempts else None
    if kept is None or now is None or now.ended is not None or kept.attempt != len(sitting.attempts) - 1:
        return False
    digest = hashlib.sha256(kept.deposit).digest()
    if now.announced.get(_own(desk)) != digest:
        return False  # Another desk of the delegation sealed it: that one goes on.
    box = expectations_box(desk.identity.place.talks, sitting, kept.attempt)
    if _own(desk) not in now.commits:
        if any(one.act is None for one in desk.outgoing()):
            return False
        # Announced before, and the entry did not come through: that alone once more.
        entry = pack(_commit(desk, sitting, kept.deposit))
        register = desk.common.ledger.register
        desk.storage.post(pack(Outgoing(register=register, kinds=[int(Kind.BOX_COMMIT)], bodies=[entry])))
        return True
    receipt = f"deposit/{box.hex()}"
    if set(now.commits) != set(desk.talks.roster.expected) or desk.storage.get(receipt) is not None:
        return False
    desk.storage.put(receipt, desk.common.ledger.deposit(box, kept.deposit))
    return True


def _commit(desk: Desk, sitting: Sitting, deposit: bytes) -> BoxCommit:
    """Return the entry for the host's box."""
    return BoxCommit(
        box=expectations_box(desk.identity.place.talks, sitting, sitting.attempt),
        delegation=_own(desk),
        parties=tuple(sorted(desk.talks.roster.expected)),
        release="sealed",
        hash=hashlib.sha256(deposit).digest(),
        wait=WAIT_MS,
    )


def _read(desk: Desk, name: bytes, sitting: Sitting, party: str, deposit: bytes) -> dict[str, str]:
    """Return the words that a delegation deposited; none if it is no expectation of this sitting."""
    try:
        fit = desk.epochs.fit(deposit)
        if fit is None:
            return {}
        said = unpack(open_envelope(deposit, fit.key), Expected, what="the expectations", limit=DEPOSIT_LIMIT)
        for text in said.words.values():
            check_words(text, what="the expectations")
    except GoodOfficesError:
        return {}
    wanted = (desk.identity.place.talks, name, len(sitting.attempts) - 1, party)
    return said.words if (said.talks, said.sitting, said.attempt, said.delegation) == wanted else {}


def _kept(desk: Desk, name: bytes, sitting: Sitting) -> _Kept | None:
    """Return what this desk has sealed for this very proposal of a sitting."""
    held = desk.storage.get(_NAME + name.hex())
    if held is None:
        return None
    kept = unpack(held, _Kept, what="the expectations kept here")
    return kept if kept.act == sitting.act else None


def _announced(sitting: Sitting) -> dict[str, bytes]:
    """Return what was announced for the present box, by delegation."""
    return sitting.attempts[sitting.attempt].announced if sitting.attempt < len(sitting.attempts) else {}


def _own(desk: Desk) -> str:
    """Return the id of this desk's delegation."""
    return desk.identity.place.delegation
