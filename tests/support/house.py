"""A whole house for tests: a venue that really listens, and desks that really call it.

The venue runs in a thread of the test process; each desk has its own folder. Passphrases are cheap (tests/conftest.py).
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Self

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.encoding import pack
from good_offices.seals.kit import read_kit
from good_offices.venue import folder as venue_folder
from good_offices.venue.offer import offer
from good_offices.venue.server import running

PASSPHRASE = "correct horse battery"
NAMES = ("Upper Basin", "Lower Basin", "Middle Basin", "Delta", "Headwaters")


class Venue:
    """A venue on loopback, in a thread."""

    def __init__(self, path: Path) -> None:
        self.folder = venue_folder.init(path, "River House")
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        async with running(self.folder, listen="127.0.0.1:0") as url:
            self.url = url
            self._started.set()
            await self._stop.wait()


class House:
    """A venue and the first desk of each delegation, keys compared, plenary open if `open_plenary`."""

    def __init__(self, path: Path, parties: int = 2, *, ready: bool = True, sync: bool = True) -> None:
        self.path = path
        self.venue = Venue(path / "venue")
        self.parties = parties
        self.ready = ready
        self.sync = sync
        self.desks: list[Desk] = []

    def __enter__(self) -> Self:
        self.venue.__enter__()
        offered = offer(
            self.venue.folder, parties=self.parties, out=self.path / "invitations", url=self.venue.url
        )
        for number, file in enumerate(offered.files):
            self.desks.append(
                Desk.create(
                    self.path / f"desk{number}",
                    PASSPHRASE,
                    file.read_bytes(),
                    delegation=NAMES[number],
                    member=f"Head {number}",
                    capacity="Head of delegation",
                )
            )
        for desk in self.desks if self.sync else []:
            desk.sync()
        if self.ready:
            self.compare()
        return self

    def compare(self) -> None:
        """Let everyone compare the number and sync until the plenary is open."""
        for desk in self.desks:
            desk.sync()
        number = people.number(self.desks[0])
        for desk in self.desks:
            people.confirm(desk, number, self.root(desk))
        self.settle()

    def settle(self) -> None:
        """Sync every desk until nothing more comes."""
        for _ in range(6):
            fresh = [desk.sync() for desk in self.desks]
            if not any(fresh):
                return

    def root(self, desk: Desk, kit: str = "root.kit"):
        return read_kit((desk.storage.folder / kit).read_text(), PASSPHRASE)

    def join(self, head: Desk, name: str, *, powers: tuple[str, ...] = (), capital: bool = False) -> Desk:
        """Return the desk of a further member, invited and admitted."""
        handover = people.invite(head, name, "Adviser", "experts", powers, capital=capital)
        folder = self.path / f"desk-{name.replace(' ', '-')}"
        desk = Desk.create(folder, PASSPHRASE, pack(handover))
        desk.sync()
        head.sync()
        people.admit(head, people.waiting(head)[0], self.root(head))
        self.desks.append(desk)
        self.settle()
        return desk

    def reopen(self, desk: Desk) -> Desk:
        """Return the same desk from its folder, opened again."""
        desk.close()
        again = Desk.open(desk.storage.folder, PASSPHRASE)
        self.desks[self.desks.index(desk)] = again
        return again

    def __exit__(self, *_: object) -> None:
        for desk in self.desks:
            desk.close()
        self.venue.__exit__()
