"""What stands in an archived envelope and is no act, and where the pieces of files and the sealed papers are.

This module decides where a piece is looked for: where it stands is kept under its hash, and whoever asks for a file checks
what is found there. Where sealed papers stand is kept by their box. It never decides whom a paper is from, and never puts a file
together.
"""

from __future__ import annotations

import hashlib
from typing import Final

from good_offices.desk.storage import Storage
from good_offices.errors import GoodOfficesError
from good_offices.seals.envelope import open_envelope
from good_offices.talks.entries import Aside
from good_offices.talks.events_papers import AnnexPiece, NonPaper, SealedPaper
from good_offices.talks.papers import read_aside

_PIECE: Final = "piece/"
_SEALED: Final = "sealed-paper/"


def open_paper(body: bytes, key: bytes) -> NonPaper | None:
    """Return the non-paper in an archived envelope."""
    found = read_aside(open_envelope(body, key))
    return found if isinstance(found, NonPaper) else None


def open_sealed(body: bytes, key: bytes) -> SealedPaper | None:
    """Return the sealed paper in an archived entry; None if it is something else."""
    try:
        found = read_aside(open_envelope(body, key))
    except GoodOfficesError:
        return None
    return found if isinstance(found, SealedPaper) else None


def note(storage: Storage, register: str, index: int, aside: Aside) -> None:
    """Remember where a piece of a file stands, by its hash, and where a sealed paper does, by its box."""
    if isinstance(aside.payload, SealedPaper):
        storage.put(f"{_SEALED}{aside.payload.box_id.hex()}/{index:012d}", b"1")
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


def sealed_at(storage: Storage, box: bytes) -> list[int]:
    """Return the indexes of the common register at which a paper for a box stands, rising."""
    return sorted(int(name.rpartition("/")[2]) for name in storage.names(f"{_SEALED}{box.hex()}/"))
