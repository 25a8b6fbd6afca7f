"""Papers that nobody signs, under the key of a host's box: expectations in deniable form. See spec/meetings.md section 3.1.

This module decides what such a paper is made of, whose it is to this desk, and what stands in it once the box was opened. It never
decides which box counts, and never signs anything.

1. The key is drawn afresh for every sealing and never again used, so that nothing which was restored can use it for other words.
2. A paper is sealed to a key that everybody was told before: who reads it could have made it at any time, also before the box opened.
3. Of several papers in the name of the desk that announced the key the first counts whose mark fits this desk. Another desk of the
   same delegation, an adviser's or a guest's, says nothing in its place.
4. What cannot be read is told as no words.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final, NamedTuple

import msgspec

from good_offices.desk import asides, papers
from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk
from good_offices.encoding import check_words, pack, unpack
from good_offices.errors import GoodOfficesError
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import seal
from good_offices.seals.wraps import KemKey, seal_to
from good_offices.talks.events_papers import SealedPaper, SealedWords

# The words are filled up to a multiple of this, so that the length of a paper tells little of them.
STEP: Final = 4096
_SEED: Final = 32
_LENGTH: Final = 4
_LABEL: Final = b"good-offices/v1/sealed-paper\x00"


class Placed(NamedTuple):
    """A paper that this desk takes for a delegation's, and the first entry at which the same bytes stand."""

    paper: SealedPaper
    entry: int


def fresh_key() -> tuple[bytes, bytes]:
    """Return a seed of 32 bytes from the operating system, and the public key of 1,216 bytes that it makes (rule 1)."""
    seed = secrets.token_bytes(_SEED)
    return seed, KemKey(seed).public


def made(desk: Desk, box: bytes, key: bytes, words: dict[str, str]) -> SealedPaper:
    """Return the paper with these words under a public key, without marks."""
    talks, author = desk.identity.place.talks, desk.certificate
    sealed = seal_to(key, info(talks, box, author), padded(pack(SealedWords(words=words))))
    return SealedPaper(talks=talks, room=desk.rooms["plenary"], author=author, box_id=box, sealed=sealed)


def hand_in(desk: Desk, paper: SealedPaper) -> bool:
    """Put a paper into the outbox if a reader of the plenary has none yet that is marked for it; tell whether."""
    epoch = desk.epoch("plenary")
    secret = desk.epochs.secret(epoch.manifest) if epoch else None
    if epoch is None or secret is None:
        return False
    marks = papers.marks_for(desk, paper, epoch.readers)
    there = [found for _, found in _standing(desk, paper.box_id) if found.core == paper.core]
    served = {one.reader for found in there for one in found.marks}
    if there and {one.reader for one in marks} <= served:
        return False
    outgoing = Outgoing(
        register=desk.common.ledger.register,
        kinds=[int(Kind.ENVELOPE)],
        bodies=[seal(pack(msgspec.structs.replace(paper, marks=marks)), secret)],
        room=desk.rooms["plenary"],
    )
    desk.storage.post(pack(outgoing))
    return True


def paper_of(desk: Desk, box: bytes, author: bytes, before: int | None = None) -> Placed | None:
    """Return the paper for a box of the desk that announced its key, as this one can know it (rule 3); `before` is the box-open."""
    found = [
        one for one in _standing(desk, box) if one[1].author == author and (before is None or one[0] < before)
    ]
    room = desk.rooms["plenary"]
    for index, paper in found:
        origin = papers.origin_of(desk, paper, room, index)
        if origin.shown != "unknown":
            first = min(place for place, one in found if one.core == paper.core)
            return Placed(paper, first)
    return None


def words_in(paper: SealedPaper, seed: bytes, key: bytes) -> dict[str, str]:
    """Return the words by language that a seed opens, if it makes the key with this SHA-256; none else (rule 4)."""
    try:
        own = KemKey(seed)
        if hashlib.sha256(own.public).digest() != key:
            return {}
        content = own.open(paper.sealed, info(paper.talks, paper.box_id, paper.author))
        words = unpack(unpadded(content or b""), SealedWords, what="a sealed paper").words
        for text in words.values():
            check_words(text, what="the expectations")
    except (GoodOfficesError, ValueError):
        return {}
    return words


def info(talks: bytes, box: bytes, author: bytes) -> bytes:
    """Return the HPKE `info` of a sealed paper."""
    return _LABEL + talks + box + author


def padded(content: bytes) -> bytes:
    """Return the content behind its length (4 bytes), filled up with zeros to a multiple of `STEP`."""
    whole = len(content).to_bytes(_LENGTH, "big") + content
    return whole + bytes(-len(whole) % STEP)


def unpadded(whole: bytes) -> bytes:
    """Return the content in what `padded` made; nothing if it did not."""
    content = whole[_LENGTH : _LENGTH + int.from_bytes(whole[:_LENGTH], "big")]
    return content if padded(content) == whole else b""


def _standing(desk: Desk, box: bytes) -> list[tuple[int, SealedPaper]]:
    """Return the papers for a box with their places, rising."""
    found = []
    for index in asides.sealed_at(desk.storage, box):
        # A place in a caucus, or one that a change of venue left behind, is something else here or nothing: a colleague's own
        # software could else stop the desks of its delegation.
        if index >= desk.talks.size:
            continue
        kept = desk.common.kept(index)
        paper = asides.open_sealed(kept.body or b"", kept.key)
        if paper is not None and (paper.room, paper.box_id) == (kept.verdict.room, box):
            found.append((index, paper))
    return found
