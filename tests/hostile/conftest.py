"""Two desks at a venue that can be told to cheat; made once for each worker, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile.host import HostileHost

from good_offices.desk import client, people
from good_offices.desk.desk import Desk
from good_offices.encoding import pack
from good_offices.seals import keyring
from good_offices.seals.kit import read_kit
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.verdict import Verdict

PASSPHRASE = "correct horse battery"
NAMES = ("Upper Basin", "Lower Basin")


class Stage:
    """A hostile host and the desks that call it."""

    def __init__(self, host: HostileHost, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.host = host
        self.folder = folder
        self.desks: list[Desk] = []
        # Argon2id is made cheap in this process alone; what it costs is tested in tests/unit/seals.
        patch.setattr(keyring, "MEMORY_KIB", 8 * 1024)
        patch.setattr(keyring, "PASSES", 1)
        patch.setattr(keyring, "LANES", 1)
        self._patch = patch
        self.connect()

    def connect(self) -> None:
        """Let every new client reach the hostile host and nothing else."""
        self._patch.setattr(client, "Network", lambda _url: self.host)

    def first(self, number: int) -> Desk:
        """Return the first desk of a delegation."""
        desk = Desk.create(
            self.folder / f"desk{number}",
            PASSPHRASE,
            pack(self.host.invitations[number]),
            delegation=NAMES[number],
            member=f"Head {number}",
            capacity="Head of delegation",
        )
        self.desks.append(desk)
        return desk

    def reopen(self, desk: Desk) -> Desk:
        """Return the same desk from its folder, opened again."""
        desk.close()
        again = Desk.open(desk.storage.folder, PASSPHRASE)
        self.desks[self.desks.index(desk)] = again
        return again

    def root(self, desk: Desk):
        return read_kit((desk.storage.folder / "root.kit").read_text(), PASSPHRASE)

    def settle(self) -> None:
        for _ in range(6):
            fresh = [desk.sync() for desk in self.desks]
            if not any(fresh):
                return

    def open(self) -> None:
        """Bring the desks to an open plenary."""
        for number in range(2):
            self.first(number)
        for _ in range(2):
            for desk in self.desks:
                desk.sync()
        number = people.number(self.desks[0])
        for desk in self.desks:
            people.confirm(desk, number, self.root(desk))
        self.settle()

    def join(
        self, head: Desk, name: str, powers: tuple[str, ...] = ("speak",), *, capital: bool = False
    ) -> Desk:
        """Return the desk of a further member, invited and admitted."""
        handover = people.invite(head, name, "Adviser", "experts", powers, capital=capital)
        desk = Desk.create(self.folder / f"desk-{name}", PASSPHRASE, pack(handover))
        desk.sync()
        head.sync()
        people.admit(head, people.waiting(head)[0], self.root(head))
        self.desks.append(desk)
        self.settle()
        return desk

    def say(self, desk: Desk, text: str, room: str = "plenary") -> Verdict | None:
        return desk.act(room, StatementMade(text=text, language="en")).verdict

    def close(self) -> None:
        for desk in self.desks:
            desk.close()


@pytest.fixture(scope="session")
def _opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[HostileHost, Path]:
    folder = tmp_path_factory.mktemp("opened")
    with pytest.MonkeyPatch.context() as patch:
        stage = Stage(HostileHost(), folder, patch)
        stage.open()
        stage.close()
    return stage.host, folder


@pytest.fixture
def stage(
    _opened: tuple[HostileHost, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """Two desks whose plenary is open."""
    host, folder = _opened
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    stage = Stage(host.copy(), tmp_path, monkeypatch)
    stage.desks = [Desk.open(tmp_path / f"desk{number}", PASSPHRASE) for number in range(2)]
    yield stage
    stage.close()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A hostile host before anybody has come."""
    stage = Stage(HostileHost(), tmp_path, monkeypatch)
    yield stage
    stage.close()
