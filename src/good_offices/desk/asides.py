"""What stands in an envelope and is no act: reading it, and remembering where the pieces of files are.

This module decides whether the content of an envelope is a non-paper or a piece (spec/papers.md R-121). It never decides whom a
paper is from, and never puts a file together.

1. A content says what it is by its first field: `act` of an act, `data` of a piece, `form` of a non-paper. So an act, which most are,
   costs one comparison.
2. Where a piece stands is kept under its hash; who asks for a file looks there, and checks what it finds.
"""

from __future__ import annotations

import hashlib
from typing import Final

from good_offices.desk.storage import Storage
from good_offices.encoding import unpack
from good_offices.seals.envelope import open_envelope
from good_offices.talks.entries import Aside
from good_offices.talks.events_papers import AnnexPiece, NonPaper
from good_offices.talks.papers import MAX_NON_PAPER

# Canonical bytes: behind one byte for the number of fields, the first field's name with its length (encoding.md section 2).
_PAPER: Final = b"dformx\x18good-offices/non-paper/1"
_DATA: Final = b"ddata"
_PIECE: Final = "piece/"


def read_aside(content: bytes) -> NonPaper | AnnexPiece | None:
    """Return the non-paper or the piece that a content is; None if it is neither.

    Raises:
        RemoteError: `not-canonical`, `text-not-plain`, `too-large`: it calls itself one and is none.
    """
    if content.startswith(_PAPER, 1):
        return unpack(content, NonPaper, what="a non-paper", limit=MAX_NON_PAPER)
    if content.startswith(_DATA, 1):
        return unpack(content, AnnexPiece, what="a piece of a file")
    return None


def open_paper(body: bytes, key: bytes) -> NonPaper | None:
    """Return the non-paper in an archived envelope."""
    found = read_aside(open_envelope(body, key))
    return found if isinstance(found, NonPaper) else None


def note_piece(storage: Storage, register: str, index: int, aside: Aside) -> None:
    """Remember where a piece of a file stands, by its hash (rule 2)."""
    if isinstance(aside.payload, AnnexPiece):
        name = _PIECE + hashlib.sha256(aside.payload.data).hexdigest()
        storage.put(name, f"{register}/{index}".encode())


def piece_at(storage: Storage, digest: bytes) -> tuple[str, int] | None:
    """Return register and index of the entry that holds a piece, if one has come."""
    found = storage.get(_PIECE + digest.hex())
    if found is None:
        return None
    register, _, index = found.decode().rpartition("/")
    return register, int(index)
