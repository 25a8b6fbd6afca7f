"""Expectations of a sitting at one desk: sealed here, handed to the host's box, read when all are opened. See spec/meetings.md R-104.

This module decides when this desk commits and deposits, and how what was opened is read. It never opens anything of its own
accord: the host's box opens all deposits at once or none.

1. What is deposited is on the disk before the commitment is in the outbox, and is handed over when all have committed in the
   register as this desk has verified it; again and again until the box has ended.
2. A delegation seals once for each box, from one desk. What it sealed is kept under its own hash: nothing is written over. What the
   delegation's own rule of consent holds back (spec/papers.md R-129) is kept too, and is the same when the same words are sealed again.
3. A deposit that cannot be read, or is another sitting's, is told as no words.
4. In the deniable form the words go in a paper that nobody signs (`desk.sealed_papers`), and the deposit is the seed that opens it.
   This desk deposits only when it holds such a paper of every other delegation that announced a key: it hands over nothing
   before the other's words are fixed. Its own paper it posts only when the announcement of its key stands in the verified record.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from good_offices.desk import consent, sealed_papers
from good_offices.desk.compose import Outgoing
from good_offices.encoding import Record, check_words, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.register.box import DEPOSIT_LIMIT, BoxCommit, BoxOpen
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import open_envelope, seal
from good_offices.talks.events_meetings import ExpectationsSealed
from good_offices.talks.events_papers import SealedPaper
from good_offices.talks.expectations import WAIT_MS
from good_offices.talks.meetings import Sitting, expectations_box

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

_NAME: Final = "expectations/"
# Of their bytes: a deposit and a paper have at most 64 KiB, with what is around them.
_WORDS_MOST: Final = 48_000


class Expected(Record, frozen=True, kw_only=True, tag="good-offices/expectations/1", tag_field="form"):
    """What a delegation deposits: its words by language, for one attempt of one sitting."""

    talks: bytes
    sitting: bytes
    attempt: int
    delegation: str
    words: dict[str, str]


class ExpectedKey(Record, frozen=True, kw_only=True, tag="good-offices/expectations-key/1", tag_field="form"):
    """What a delegation deposits in the deniable form: the seed of the key to which its paper is sealed."""

    talks: bytes
    sitting: bytes
    attempt: int
    delegation: str
    seed: bytes


class Said(NamedTuple):
    """What a delegation expects, as it was opened; `entry` is where its unsigned paper stands, None of signed words."""

    words: dict[str, str]
    entry: int | None = None
    deniable: bool = False


class _Kept(Record, frozen=True, kw_only=True, tag="good-offices/expectations-kept/1", tag_field="form"):
    """What this desk keeps: what it deposits, the words for its own eyes, and its paper without marks if it chose that form."""

    attempt: int
    act: bytes
    deposit: bytes
    words: dict[str, str]
    paper: SealedPaper | None = None
    key: bytes = b""


def seal_expectations(desk: Desk, name: bytes, words: dict[str, str], *, deniable: bool = False) -> None:
    """Seal what this delegation expects of a sitting; it is opened when all have done the same (rules 1, 2 and 4).

    Raises:
        LocalError: `words-missing`, `too-large`, `text-not-plain`, `room-not-open`, `by-courier`, and what the rules refuse.
        OperationalError: it waits in the outbox.
    """
    desk.may_post("plenary")
    if desk.by_courier:
        raise LocalError("by-courier")
    sitting = desk.talks.plenary.meetings.sitting(name)
    said = _checked(words)
    epoch = desk.epoch("plenary")
    secret = desk.epochs.secret(epoch.manifest) if epoch else None
    if secret is None:
        raise LocalError("room-not-open", room="plenary")
    kept = _held_back(desk, name, sitting, said, deniable=deniable) or _made(
        desk, name, sitting, said, secret, deniable=deniable
    )
    digest = hashlib.sha256(kept.deposit).digest()
    announced = ExpectationsSealed(sitting=name, attempt=sitting.attempt, hash=digest, key=kept.key)
    stored = f"{_NAME}{name.hex()}/{digest.hex()}"
    # Before the act is: a kill in between leaves what nobody was told of, and it is removed when another was announced.
    desk.storage.put(stored, pack(kept))
    after = (int(Kind.BOX_COMMIT), pack(_commit(desk, sitting, kept.deposit)))
    try:
        consent.written(desk, "plenary", announced, lambda: desk.write("plenary", announced, after=after))
    except LocalError as refused:
        if refused.code != "consent-missing":
            desk.storage.remove(stored)
        raise
    desk.storage.faults("expectations-announced")
    # The paper goes out in `go_on`, behind the announcement in the record: whoever is shown it before its key was
    # announced knows that nobody else could have sealed it, and a host may refuse the one and take the other.
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
    for held in sorted({stored.split("/")[1] for stored in desk.storage.names(_NAME)}):
        name = bytes.fromhex(held)
        sitting = desk.talks.plenary.meetings.sittings.get(held)
        if sitting is None or desk.by_courier:
            continue
        done = _go_on(desk, name, sitting) or done
    if done:
        desk.send()
        desk.receive()
    return done


def opened(desk: Desk, name: bytes) -> dict[str, Said]:
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
    kept = _kept(desk, name, sitting) if sitting.attempt < len(sitting.attempts) else None
    return kept.words if kept is not None else {}


def papers_missing(desk: Desk, name: bytes) -> list[str]:
    """Return the other delegations that announced a key for the present box and whose paper this desk does not hold (rule 4)."""
    sitting = desk.talks.plenary.meetings.sitting(name)
    if sitting.opened is not None or sitting.attempt >= len(sitting.attempts):
        return []
    box = expectations_box(desk.identity.place.talks, sitting, sitting.attempt)
    authors = sitting.attempts[sitting.attempt].authors
    return [
        name
        for name, author in authors.items()
        if name != _own(desk) and sealed_papers.paper_of(desk, box, author) is None
    ]


def _made(
    desk: Desk, name: bytes, sitting: Sitting, said: dict[str, str], secret: bytes, *, deniable: bool
) -> _Kept:
    """Return what is deposited and kept of these words, under an epoch's secret; in the deniable form with a key of its own."""
    talks = desk.identity.place.talks
    where: dict[str, Any] = {
        "talks": talks,
        "sitting": name,
        "attempt": sitting.attempt,
        "delegation": _own(desk),
    }
    kept = _Kept(attempt=sitting.attempt, act=sitting.act, deposit=b"", words=said)
    if not deniable:
        return msgspec.structs.replace(kept, deposit=seal(pack(Expected(**where, words=said)), secret))
    seed, key = sealed_papers.fresh_key()
    paper = sealed_papers.made(desk, expectations_box(talks, sitting, sitting.attempt), key, said)
    deposit = seal(pack(ExpectedKey(**where, seed=seed)), secret)
    return msgspec.structs.replace(kept, deposit=deposit, paper=paper, key=key)


def _held_back(
    desk: Desk, name: bytes, sitting: Sitting, said: dict[str, str], *, deniable: bool
) -> _Kept | None:
    """Return what was made of the same words for the present box and never announced."""
    for stored in desk.storage.names(f"{_NAME}{name.hex()}/"):
        held = unpack(desk.storage.get(stored) or b"", _Kept, what="the expectations kept here")
        same = (held.act, held.attempt, held.words) == (sitting.act, sitting.attempt, said)
        if same and (held.paper is not None) == deniable:
            return held
    return None


def _go_on(desk: Desk, name: bytes, sitting: Sitting) -> bool:
    """Commit and post the paper once more if they are nowhere, deposit if all have committed and this desk holds all papers."""
    _forget_others(desk, name, sitting)
    kept = _kept(desk, name, sitting)
    now = sitting.attempts[-1] if sitting.attempts else None
    if kept is None or now is None or now.ended is not None or kept.attempt != len(sitting.attempts) - 1:
        return False
    box = expectations_box(desk.identity.place.talks, sitting, kept.attempt)
    if _own(desk) not in now.commits:
        if any(one.act is None for one in desk.outgoing()):
            return False
        # Announced before, and the entry did not come through: that alone once more.
        entry = pack(_commit(desk, sitting, kept.deposit))
        register = desk.common.ledger.register
        desk.storage.post(pack(Outgoing(register=register, kinds=[int(Kind.BOX_COMMIT)], bodies=[entry])))
        return True
    # Also for a desk that came to read the plenary since: without a mark of its own it would wait for ever.
    waits = any(one.act is None for one in desk.outgoing())
    if kept.paper is not None and not waits and sealed_papers.hand_in(desk, kept.paper):
        return True
    receipt = f"deposit/{box.hex()}"
    if set(now.commits) != set(desk.talks.roster.expected) or desk.storage.get(receipt) is not None:
        return False
    if papers_missing(desk, name):
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


def _read(desk: Desk, name: bytes, sitting: Sitting, party: str, deposit: bytes) -> Said:
    """Return what a delegation expects, from its deposit and, in the deniable form, its paper; no words if it is none (rule 3)."""
    key = sitting.attempts[-1].keys.get(party)
    none = Said({}, deniable=key is not None)
    said: Expected | ExpectedKey
    try:
        fit = desk.epochs.fit(deposit)
        if fit is None:
            return none
        content = open_envelope(deposit, fit.key)
        if key is None:
            said = unpack(content, Expected, what="the expectations", limit=DEPOSIT_LIMIT)
            for text in said.words.values():
                check_words(text, what="the expectations")
        else:
            said = unpack(content, ExpectedKey, what="the expectations", limit=DEPOSIT_LIMIT)
    except GoodOfficesError:
        return none
    wanted = (desk.identity.place.talks, name, len(sitting.attempts) - 1, party)
    if (said.talks, said.sitting, said.attempt, said.delegation) != wanted:
        return none
    if isinstance(said, Expected):
        return Said(said.words)
    return _unsealed(desk, name, sitting, said, key or b"")


def _unsealed(desk: Desk, name: bytes, sitting: Sitting, said: ExpectedKey, key: bytes) -> Said:
    """Return the words in the paper that a deposited seed opens; of this desk's own paper those that it kept."""
    box = expectations_box(said.talks, sitting, said.attempt)
    author = sitting.attempts[-1].authors[said.delegation]
    found = sealed_papers.paper_of(desk, box, author, sitting.opened)
    kept = _kept(desk, name, sitting)
    if said.delegation == _own(desk) and kept is not None:
        # The mark at its author's desk shows nothing: whoever it was for could have made it.
        return Said(kept.words, found.entry if found else None, deniable=True)
    if found is None:
        return Said({}, deniable=True)
    return Said(sealed_papers.words_in(found.paper, said.seed, key), found.entry, deniable=True)


def _checked(words: dict[str, str]) -> dict[str, str]:
    """Return what somebody typed without what is empty, or refuse it."""
    said = {tag: text.strip() for tag, text in words.items() if text.strip()}
    if not said:
        raise LocalError("words-missing")
    for text in said.values():
        check_words(text, what="the expectations")
    size = sum(len(text.encode()) for text in said.values())
    if size > _WORDS_MOST:
        raise LocalError("too-large", what="the expectations", size=size, limit=_WORDS_MOST)
    return said


def _kept(desk: Desk, name: bytes, sitting: Sitting) -> _Kept | None:
    """Return what this desk has sealed for the box of this sitting that stands last, if it is what its delegation announced."""
    digest = sitting.attempts[-1].announced.get(_own(desk)) if sitting.attempts else None
    held = desk.storage.get(f"{_NAME}{name.hex()}/{digest.hex()}") if digest else None
    return unpack(held, _Kept, what="the expectations kept here") if held is not None else None


def _forget_others(desk: Desk, name: bytes, sitting: Sitting) -> None:
    """Remove what was sealed here for a box for which the delegation announced something else: it can never be deposited."""
    digest = sitting.attempts[-1].announced.get(_own(desk)) if sitting.attempts else None
    if digest is None:
        return
    for stored in desk.storage.names(f"{_NAME}{name.hex()}/"):
        held = unpack(desk.storage.get(stored) or b"", _Kept, what="the expectations kept here")
        stale = held.act != sitting.act or held.attempt < len(sitting.attempts)
        if stale and not stored.endswith(f"/{digest.hex()}"):
            desk.storage.remove(stored)


def _own(desk: Desk) -> str:
    """Return the id of this desk's delegation."""
    return desk.identity.place.delegation
