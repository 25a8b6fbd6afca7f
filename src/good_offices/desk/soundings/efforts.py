"""The secrets of an attempt: drawn for it, bound to the folder they were drawn in, and gone when it ends.

This module decides where a seed is kept and when it may be used (spec/soundings.md section 11.6). It never computes with one.

1. One file for each attempt in the folder `soundings`, apart from what is worth a backup, sealed under the master key and
   bound to its name and to the marker file beside it: its number on the disk and when it was made. A copy of the folder has
   another marker, and opens none of them.
2. That a step was made is on the disk before it is posted. A step that the register has and the file does not know was made
   by a desk that this one has been restored from.
3. A seed that cannot be opened, or that has made something unknown, is lost: it is erased, and its attempt ended.
A machine that is set back as a whole, disk and all, keeps its marker: there only what the register has already tells.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from msgspec import field

from good_offices.desk.storage import Storage, write_durably
from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError
from good_offices.soundings.derivation import SEED

FOLDER: Final = "soundings"
_MARKER: Final = "here"
_PURPOSE: Final = "sounding"


class Effort(Record, kw_only=True, tag="good-offices/effort/1", tag_field="form"):
    """What this desk has done in an attempt: its seed, since when (ms), the steps and boxes it has begun to answer."""

    seed: bytes
    began: int
    steps: list[int] = field(default_factory=list)
    boxes: list[int] = field(default_factory=list)
    lost: bool = False


class Efforts:
    """The attempts of one desk."""

    def __init__(self, storage: Storage) -> None:
        """Use the folder `soundings` of a desk."""
        self._storage = storage
        self._folder = storage.folder / FOLDER

    def begin(self, sounding: bytes, attempt: int, now: int) -> Effort:
        """Return a new effort with a fresh seed, on the disk."""
        return self.keep(sounding, attempt, Effort(seed=secrets.token_bytes(SEED), began=now))

    def keep(self, sounding: bytes, attempt: int, effort: Effort) -> Effort:
        """Write an effort, and return it."""
        path = self._path(sounding, attempt)
        sealed = self._storage.vault.seal(_PURPOSE, self._place(path), pack(effort))
        write_durably(path, sealed)
        return effort

    def get(self, sounding: bytes, attempt: int) -> Effort | None:
        """Return an effort; one without a seed if it is lost (rule 3), None if there is none."""
        path = self._path(sounding, attempt)
        if not path.exists():
            return None
        try:
            content = self._storage.vault.open(_PURPOSE, self._place(path), path.read_bytes())
            return unpack(content, Effort, what="the sounding's secrets")
        except GoodOfficesError:
            return self.lose(sounding, attempt, Effort(seed=b"", began=0))

    def lose(self, sounding: bytes, attempt: int, effort: Effort) -> Effort:
        """Erase the seed of an attempt that must not be gone on with (rule 3), and return what is left."""
        left = Effort(seed=b"", began=effort.began, steps=effort.steps, boxes=effort.boxes, lost=True)
        return self.keep(sounding, attempt, left)

    def known(self) -> list[tuple[bytes, int]]:
        """Return the attempts of which something is kept, by sounding and number."""
        names = [path.name.rpartition("-") for path in self._folder.glob("*-*") if path.suffix == ""]
        return [(bytes.fromhex(sounding), int(attempt)) for sounding, _, attempt in names]

    def end(self, sounding: bytes, attempt: int) -> None:
        """Destroy the secrets of an attempt that has ended."""
        self._path(sounding, attempt).unlink(missing_ok=True)

    def _path(self, sounding: bytes, attempt: int) -> Path:
        """Return the file of an attempt; the folder and its marker are made when they are first needed."""
        if not (self._folder / _MARKER).exists():
            self._folder.mkdir(mode=0o700, exist_ok=True)
            write_durably(self._folder / _MARKER, b"")
        return self._folder / f"{sounding.hex()}-{attempt}"

    def _place(self, path: Path) -> str:
        """Return what the seal of a file is bound to (rule 1)."""
        marker = (self._folder / _MARKER).stat()
        return f"{path.name}/{marker.st_dev}/{marker.st_ino}/{marker.st_ctime_ns}"
