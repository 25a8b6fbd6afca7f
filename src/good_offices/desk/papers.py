"""Non-papers and letters at a desk: making them, and finding out what this desk can know of them. See spec/papers.md.

This module decides what a member's non-paper or letter is made of, and what this desk finds of another's origin. It never
makes evidence of a non-paper, and never signs one.

1. A non-paper carries a mark for every reader but its author's desk. No rule is asked, because no rule is about it; this
   desk refuses what it would refuse of an act: words that are none, a member without the power to speak, a stopped desk.
2. A mark that fits shows this desk's own reader whom the paper is from, and nobody else anything: this desk could have made it.
3. A letter is sealed to the heads' desks as they are now. Its secret was kept when the letter came.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from typing import Literal, NamedTuple

import msgspec

from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.encoding import check_words, pack, unpack
from good_offices.errors import LocalError, OperationalError, RemoteError
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import message_key, open_envelope, seal
from good_offices.seals.exchange import check_mark, pair_mark
from good_offices.seals.wraps import SECRET, wrap_all, wrap_info
from good_offices.talks.events_papers import LetterSent, LetterWords, NonPaper, ReaderMark, SealedPaper
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.papers import MAX_NON_PAPER, NONCE, head_desks
from good_offices.talks.words import check_event


class Origin(NamedTuple):
    """What this desk finds of a non-paper's origin: whose it says it is, and whether the mark for this desk fits."""

    delegation: str
    member: str
    shown: Literal["ours", "theirs", "unknown"]


def pass_non_paper(desk: Desk, room: str, text: str, language: str, subject: str = "") -> None:
    """Pass a non-paper, now or when the venue answers.

    Raises:
        LocalError: as `hand_in_non_paper`.
    """
    hand_in_non_paper(desk, room, text, language, subject)
    # As with an annex: what is on the disk is sent later, and must not be typed a second time.
    with suppress(OperationalError):
        desk.send()
        desk.receive()


def hand_in_non_paper(desk: Desk, room: str, text: str, language: str, subject: str = "") -> None:
    """Put a non-paper into the outbox for the next `send`; it is unsigned, and stands in no chain (R-122).

    Raises:
        LocalError: `paper-not-here`, `power-lacking`, `act-not-plain`, `act-language`, `too-large`, `room-not-open`, and as
            `Desk.hand_in`.
    """
    if room in ("roster", "sounding", "caucus"):
        raise LocalError("paper-not-here")
    desk.may_post(room)
    if "speak" not in _powers(desk):
        raise LocalError("power-lacking", power="speak")
    for words in (text, subject):
        check_event(StatementMade(text=words, language=language))
    standing = desk.standing(room)
    epoch = desk.epoch(room)
    secret = desk.epochs.secret(standing.manifest)
    if secret is None or epoch is None:
        raise LocalError("room-closed-to-us")
    plain = NonPaper(
        talks=standing.talks,
        room=standing.room,
        author=desk.certificate,
        nonce=secrets.token_bytes(NONCE),
        text=text,
        language=language,
        subject=subject,
    )
    content = pack(msgspec.structs.replace(plain, marks=marks_for(desk, plain, epoch.readers)))
    if len(content) > MAX_NON_PAPER:
        raise LocalError("too-large", what="the non-paper", size=len(content), limit=MAX_NON_PAPER)
    outgoing = Outgoing(
        register=desk.book(room).ledger.register,
        kinds=[int(Kind.ENVELOPE)],
        bodies=[seal(content, secret)],
        room=standing.room,
    )
    desk.storage.post(pack(outgoing))


def origin(desk: Desk, line: Line) -> Origin:
    """Return what this desk finds of the origin of the non-paper in an entry (R-124)."""
    assert line.paper is not None
    return origin_of(desk, line.paper, line.verdict.room, line.index)


def origin_of(desk: Desk, paper: NonPaper | SealedPaper, room: str, index: int) -> Origin:
    """Return what this desk finds of the origin of a paper at a place of the common register (R-124)."""
    roster = desk.talks.roster
    author = roster.book.desks.get(paper.author.hex())
    none = Origin("", "", "unknown")
    if author is None or (paper.talks, paper.room) != (roster.talks, room):
        return none
    statement = author.statement
    if statement.guest or paper.author not in desk.talks.readers(room, index):
        return none
    marks = {one.reader: one.mark for one in paper.marks}
    ours = paper.author == desk.certificate
    # The author's own desk has no mark: it looks at the one for the first reader, who could have made that as well.
    other = min(marks, default=b"") if ours else desk.certificate
    try:
        check_mark(marks.get(other, b""), _mark(desk, paper, other))
    except (RemoteError, KeyError):
        return none
    return Origin(statement.delegation, statement.member, "ours" if ours else "theirs")


def letter(desk: Desk, to: tuple[str, ...], text: str, language: str, subject: str = "") -> LetterSent:
    """Return the event of a letter to the heads of other delegations, sealed to their desks as they are now (R-125).

    Raises:
        LocalError: `act-not-plain`, `act-language`; what else is wrong with it the rules say.
    """
    for words in (text, subject):
        check_event(StatementMade(text=words, language=language))
    size, own = desk.talks.size, desk.identity.place.delegation
    to = tuple(sorted(set(to)))
    readers = tuple(head_desks(desk.talks.roster, (own, *to), size))
    secret = secrets.token_bytes(SECRET)
    sealed = seal(pack(LetterWords(text=text, language=language, subject=subject)), secret)
    digest = hashlib.sha256(sealed).digest()
    talks, room = desk.identity.place.talks, desk.rooms["plenary"]
    keys = [(desk.talks.kem(room, one) or b"", wrap_info(talks, digest, one)) for one in readers]
    return LetterSent(to=to, readers=readers, letter=sealed, blocks=tuple(wrap_all(secret, keys)))


def letter_words(desk: Desk, event: LetterSent) -> LetterWords:
    """Return what stands in a letter that this desk can open.

    Raises:
        LocalError: `letter-closed`.
    """
    secret = desk.storage.get(f"letter/{hashlib.sha256(event.letter).hexdigest()}")
    if secret is None:
        raise LocalError("letter-closed")
    try:
        found = message_key(event.letter, [secret])
        if found is None:
            raise LocalError("letter-closed")
        words = unpack(open_envelope(event.letter, found[1]), LetterWords, what="a letter")
        for one in (words.text, words.subject):
            check_words(one)
    except (RemoteError, LocalError):
        raise LocalError("letter-closed") from None
    return words


def _powers(desk: Desk) -> tuple[str, ...]:
    """Return the powers in this desk's member's credentials."""
    given = desk.talks.roster.credentials(desk.identity.statement, desk.talks.size)
    return given.powers if given else ()


def marks_for(
    desk: Desk, plain: NonPaper | SealedPaper, readers: tuple[bytes, ...]
) -> tuple[ReaderMark, ...]:
    """Return the mark for each reader but this desk, in order; none for a reader whose key is none."""
    found = []
    for one in sorted(set(readers) - {desk.certificate}):
        try:
            found.append(ReaderMark(reader=one, mark=_mark(desk, plain, one)))
        except RemoteError:
            continue
    return tuple(found)


def _mark(desk: Desk, paper: NonPaper | SealedPaper, reader: bytes) -> bytes:
    """Return the mark between the paper's author and a reader, one of whom is this desk."""
    other = reader if paper.author == desk.certificate else paper.author
    public = desk.talks.roster.book.desks[other.hex()].statement.note
    return pair_mark(
        desk.identity.note_seed,
        public,
        salt=paper.talks,
        parties=paper.author + reader,
        message=paper.core,
    )
