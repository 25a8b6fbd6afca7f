"""A whole house for tests: a venue that really listens, and desks that really call it.

The venue runs in a thread of the test process; each desk has its own folder. Passphrases are cheap (tests/conftest.py).

A house at the same point of the talks is built once in a process and then copied, folder by folder: most tests are not
about the way to where they begin. The tests of that way (tests/scenarios/test_people.py) build theirs step by step.
"""

from __future__ import annotations

import asyncio
import functools
import random
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import NamedTuple, Self

from tests.support.waiting import LONGEST

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
    """A venue on loopback, in a thread; that of the folder, if there is one."""

    def __init__(self, path: Path, port: int = 0) -> None:
        self.folder = (
            venue_folder.open_folder(path) if path.exists() else venue_folder.init(path, "River House")
        )
        self._port = port
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(LONGEST)
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(LONGEST)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        async with running(self.folder, listen=f"127.0.0.1:{self._port}") as url:
            self.url = url
            self._started.set()
            await self._stop.wait()


class Kept(NamedTuple):
    """A house to copy: its folder, the port that its desks know, the names of their folders."""

    path: Path
    port: int
    desks: tuple[str, ...]


class Keeping:
    """The houses that this process has built to copy."""

    def __init__(self) -> None:
        # Named by tests/conftest.py. Elsewhere (bench) a house is what its user pays for, and none is kept.
        self.folder: Path | None = None
        self._kept: dict[Hashable, Kept] = {}

    def like(self, house: House) -> Kept | None:
        """Return what can be copied for a house; None if none is kept, or if a copy still listens at its port."""
        if self.folder is None:
            return None
        kind = (house.parties, house.ready, house.sync, house.played, NAMES)
        if kind not in self._kept:
            self._kept[kind] = self._build(house, Path(tempfile.mkdtemp(dir=self.folder)))
        kept = self._kept[kind]
        return kept if _free(kept.port) else None

    def _build(self, like: House, path: Path) -> Kept:
        port = next(one for one in iter(_port, None) if _free(one))
        house = House(path, like.parties, ready=like.ready, sync=like.sync, played=like.played)
        house.port = port
        house.build()
        desks = tuple(desk.storage.folder.name for desk in house.desks)
        house.__exit__()
        return Kept(path, port, desks)


KEEPING = Keeping()


def _port() -> int:
    # Below those that the system gives to whoever asks for any.
    return random.randrange(20_000, 32_000)


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class House:
    """A venue and the first desk of each delegation, keys compared and plenary open if `ready`, then `played`."""

    def __init__(
        self,
        path: Path,
        parties: int = 2,
        *,
        ready: bool = True,
        sync: bool = True,
        played: Callable[[House], object] | None = None,
    ) -> None:
        self.path = path
        self.parties = parties
        self.ready = ready
        self.sync = sync
        self.played = played
        self.port = 0
        self.desks: list[Desk] = []

    @functools.cached_property
    def venue(self) -> Venue:
        """The venue in the house's folder."""
        return Venue(self.path / "venue", self.port)

    def __enter__(self) -> Self:
        kept = KEEPING.like(self)
        if kept is None:
            self.build()
            return self
        shutil.copytree(kept.path, self.path, dirs_exist_ok=True)
        self.port = kept.port
        self.venue.__enter__()
        self.desks += [Desk.open(self.path / name, PASSPHRASE) for name in kept.desks]
        return self

    def build(self) -> None:
        """Come to where the house begins, step by step."""
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
        if self.played:
            self.played(self)

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
