"""Files at a desk: an annex goes out in pieces, and is put together again. See spec/papers.md R-127.

This module decides how a file becomes entries and entries a file. It never opens a file, and never lets its title, id or media
type name a place on this machine.

1. The act and all pieces are in the outbox, on the disk, in one transaction: after a crash all of it is sent, or none.
   Each piece leaves the outbox when its receipt is kept, so that a sending that broke off goes on where it was.
2. A file is handed out only if every piece is there by its hash, and all of it has the length and the hash of the act.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from good_offices.desk.asides import piece_at
from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk, Done
from good_offices.encoding import pack
from good_offices.errors import LocalError, OperationalError, RemoteError
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import open_envelope, seal
from good_offices.talks.events_papers import AnnexPiece
from good_offices.talks.events_plenary import AnnexFiled
from good_offices.talks.papers import MAX_ANNEX, PIECE, read_aside
from good_offices.talks.plenary import Annex


def with_file(event: AnnexFiled, data: bytes) -> AnnexFiled:
    """Return the event that brings its file: with the hashes of the pieces.

    Raises:
        LocalError: `annex-too-large`, also of a file without a byte.
    """
    if not 0 < len(data) <= MAX_ANNEX:
        raise LocalError("annex-too-large", size=len(data), limit=MAX_ANNEX)
    digests = tuple(hashlib.sha256(one).digest() for one in _cut(data))
    return AnnexFiled(
        annex=event.annex,
        title=event.title,
        media=event.media,
        size=len(data),
        digest=hashlib.sha256(data).digest(),
        pieces=digests,
    )


def hand_in(desk: Desk, room: str, event: AnnexFiled, data: bytes, *, unconfirmed: bool = False) -> bytes:
    """Return the hash of the act that waits in the outbox with all pieces of its file behind it (rule 1).

    Raises:
        LocalError: as `Desk.hand_in`.
    """
    with desk.storage.transaction():
        act = desk.hand_in(room, event, unconfirmed=unconfirmed)
        standing = desk.standing(room)
        secret = desk.epochs.secret(standing.manifest)
        if secret is None:
            raise LocalError("room-closed-to-us")
        for one in _cut(data):
            piece = AnnexPiece(talks=standing.talks, room=standing.room, data=one)
            outgoing = Outgoing(
                register=desk.book(room).ledger.register,
                kinds=[int(Kind.ENVELOPE)],
                bodies=[seal(pack(piece), secret)],
                room=standing.room,
            )
            desk.storage.post(pack(outgoing))
    return act


def file_annex(desk: Desk, room: str, event: AnnexFiled, data: bytes, *, unconfirmed: bool = False) -> Done:
    """File an annex with its file, send both, and return what became of the act; what was not sent waits in the outbox.

    Raises:
        LocalError: as `Desk.hand_in`; nothing has left this machine.
    """
    act = hand_in(desk, room, event, data, unconfirmed=unconfirmed)
    # It is on the disk, whole: that the venue does not answer is no failure, and to file it again would file it twice.
    with suppress(OperationalError):
        desk.send()
        desk.receive()
    return Done(act, desk.book(room).verdicts.get(act))


def missing(desk: Desk, annex: Annex) -> int:
    """Return how many pieces of an annex have not come."""
    return sum(1 for one in annex.pieces if piece_at(desk.storage, one) is None)


def file_of(desk: Desk, annex: Annex) -> bytes:
    """Return the file of an annex, whole and checked (rule 2).

    Raises:
        LocalError: `annex-kept-back`, `annex-incomplete`.
        RemoteError: `annex-differs`.
    """
    if not annex.pieces:
        raise LocalError("annex-kept-back")
    lacking = missing(desk, annex)
    if lacking:
        raise LocalError("annex-incomplete", missing=lacking, count=len(annex.pieces))
    data = b"".join(_piece(desk, one) for one in annex.pieces)
    if (len(data), hashlib.sha256(data).digest()) != (annex.size, annex.file):
        raise RemoteError("annex-differs")
    return data


def _cut(data: bytes) -> list[bytes]:
    """Return the pieces of a file, in order."""
    return [data[at : at + PIECE] for at in range(0, len(data), PIECE)]


def _piece(desk: Desk, digest: bytes) -> bytes:
    """Return a piece that has come, by its hash."""
    found = piece_at(desk.storage, digest)
    assert found is not None  # counted by the caller
    # Only a common register has pieces: in a caucus such an entry is void.
    kept = desk.common.kept(found[1])
    content = open_envelope(kept.body or b"", kept.key)
    piece = read_aside(content)
    if not isinstance(piece, AnnexPiece) or hashlib.sha256(piece.data).digest() != digest:
        raise RemoteError("annex-differs")
    return piece.data
