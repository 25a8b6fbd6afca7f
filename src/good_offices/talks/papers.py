"""Papers: who the heads are to whom letters go, when a letter stands, and what an annex must name. See spec/papers.md.

This module decides R-121 and R-125 to R-127. It never opens a letter, never sees a file, and has nothing to say of a non-paper: no rule
is about what nobody has signed.

1. The heads of a delegation are its members, the capital apart, whose credentials name the powers to agree and to
   release, at the highest level at which it has such members.
2. A letter names exactly the desks of the heads it is for, its author's own among them, as they are at its place. It is void
   if a new epoch came since its author looked: the keys it was sealed to may be gone.
3. What an envelope holds says what it is by its first field: `act` of an act, `data` of a piece, `form` of a paper. So an
   act, which most are, costs one comparison.
4. An annex that brings its file names the hash of each piece; all pieces but the last have the same length.
"""

from __future__ import annotations

from typing import Final

from good_offices.encoding import unpack
from good_offices.errors import LocalError
from good_offices.talks.event import LEVELS
from good_offices.talks.events_papers import AnnexPiece, LetterSent, NonPaper, SealedPaper
from good_offices.talks.events_plenary import AnnexFiled
from good_offices.talks.plenary import Annex, PlenaryState, Step
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Place
from good_offices.text.tables import put

PIECE: Final = 896 * 1024
MAX_ANNEX: Final = 32 * 1024 * 1024
MAX_LETTER: Final = 128 * 1024
MAX_NON_PAPER: Final = 64 * 1024
NONCE: Final = 16
_HASH: Final = 32
# spec/rooms.md section 4: equal blocks, filled up to a multiple of 8. Not taken from `seals.wraps`, which draws randomness.
_BLOCK: Final = 1168
_STEP: Final = 8
# Canonical bytes: behind one byte for the number of fields, the first field's name with its length (encoding.md section 2).
_PAPER: Final = b"dformx\x18good-offices/non-paper/1"
_SEALED: Final = b"dformx\x1bgood-offices/sealed-paper/1"
_DATA: Final = b"ddata"
_POWERS: Final = frozenset(("agree", "release"))


def is_aside(content: bytes) -> bool:
    """Tell whether the content of an envelope calls itself a paper or a piece, and no act (rule 3)."""
    return content.startswith((_PAPER, _SEALED, _DATA), 1)


def read_aside(content: bytes) -> NonPaper | SealedPaper | AnnexPiece | None:
    """Return the non-paper, the sealed paper or the piece that a content is; None if it is none of them.

    Raises:
        RemoteError: `not-canonical`, `text-not-plain`, `too-large`: it calls itself one and is none.
    """
    if content.startswith(_PAPER, 1):
        return unpack(content, NonPaper, what="a non-paper", limit=MAX_NON_PAPER)
    if content.startswith(_SEALED, 1):
        return unpack(content, SealedPaper, what="a sealed paper", limit=MAX_NON_PAPER)
    if content.startswith(_DATA, 1):
        return unpack(content, AnnexPiece, what="a piece of a file")
    return None


def heads(roster: RosterState, delegation: str, size: int) -> list[str]:
    """Return the ids of a delegation's heads at a size of the register, in order (R-126)."""
    found = []
    for name, member in sorted(roster.book.members.items()):
        given = member.at(size) if member.delegation == delegation else None
        if given is not None and not given.capital and set(given.powers) >= _POWERS:
            found.append((LEVELS.index(given.level), name))
    highest = max((level for level, _ in found), default=-1)
    return [name for level, name in found if level == highest]


def head_desks(roster: RosterState, delegations: tuple[str, ...], size: int) -> list[bytes]:
    """Return the desks of the heads of these delegations that read the plenary, by certificate, in order (R-126)."""
    called = {name for one in delegations for name in heads(roster, one, size)}
    desks = roster.book.desks
    return [
        one for one in roster.readers(roster.plenary, size) if desks[one.hex()].statement.member in called
    ]


def letter_sent(state: PlenaryState, roster: RosterState, place: Place, event: LetterSent) -> Step:
    """Leave the state as it is if the letter is for the heads it names, and for them alone (R-125)."""
    others = [one for one in sorted(set(event.to)) if one in roster.expected and one != place.delegation]
    if not others or list(event.to) != others:
        raise LocalError("letter-to")
    if place.desk.member not in heads(roster, place.delegation, place.index):
        raise LocalError("letter-not-head")
    if any(not head_desks(roster, (one,), place.index) for one in others):
        raise LocalError("letter-no-head")
    now = roster.book.epoch_at(roster.plenary, place.index)
    if now != roster.book.epoch_at(roster.plenary, place.seen):
        raise LocalError("letter-late")
    if list(event.readers) != head_desks(roster, (place.delegation, *others), place.index):
        raise LocalError("letter-late")
    enough = len(event.blocks) % _STEP == 0 and len(event.readers) <= len(event.blocks)
    if not enough or any(len(one) != _BLOCK for one in event.blocks) or len(event.letter) > MAX_LETTER:
        raise LocalError("letter-form")
    return state, ()


def annex_filed(state: PlenaryState, _roster: RosterState, place: Place, event: AnnexFiled) -> Step:
    """Put a file on record under an id not used before (R-43), if it names no piece, or as many as its size has (R-127)."""
    if event.pieces:
        fits = 0 < event.size <= MAX_ANNEX and len(event.pieces) == -(-event.size // PIECE)
        if not fits or any(len(one) != _HASH for one in (*event.pieces, event.digest)):
            raise LocalError("annex-pieces")
    if event.annex in state.annexes:
        raise LocalError("annex-twice")
    annex = Annex(
        title=event.title,
        media=event.media,
        size=event.size,
        file=event.digest,
        by=place.delegation,
        pieces=event.pieces,
    )
    return evolve(state, annexes=put(state.annexes, {event.annex: annex})), ()
