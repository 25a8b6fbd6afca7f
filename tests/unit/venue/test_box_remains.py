"""What is left at a host of a deposit that it has deleted (docs/threat-model.md, section 1)."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

from tests.support.boxes import Play
from tests.unit.venue.test_venue_boxes import venue

from good_offices.register.box import BoxVoid
from good_offices.venue import backup as backups
from good_offices.venue.folder import Folder


def holding(folder: Folder, what: bytes) -> set[str]:
    """Return the files of a venue in which some bytes stand."""
    files = [one for one in folder.database.parent.rglob("*") if one.is_file()]
    return {one.name for one in files if what in one.read_bytes()}


def test_a_deposit_of_a_void_box_stays_in_the_log_and_in_backups_until_they_are_written_over(
    tmp_path: Path,
) -> None:
    """What is deleted is overwritten in the database; what was written before the deletion is not protected."""

    async def main() -> None:
        async with venue(tmp_path) as (folder, desks):
            play = Play(desks, fit=False)
            await play.commit_all()
            await play.receipt(0)
            backups.backup(folder, tmp_path / "backup")
            await play.receipt(1)
            assert await play.ends() == [BoxVoid(box=play.box, reason="differ")]
            assert holding(folder, play.deposits[0]) == {folder.database.name + "-wal"}
            # The last one ends the box in the transaction that takes it: it was never written.
            assert holding(folder, play.deposits[1]) == set()
        # Nothing takes it out of there but that the log is written over, or emptied as here.
        with contextlib.closing(sqlite3.connect(folder.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert holding(folder, play.deposits[0]) == set()
        assert play.deposits[0] in (tmp_path / "backup").read_bytes()

    asyncio.run(main())
