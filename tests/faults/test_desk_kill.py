"""kill -9 of the desk at every write point, at random, and of the venue with it: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.waiting import LONGEST

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.register.leaf import Kind
from good_offices.seals import keyring
from good_offices.seals.kit import read_kit
from good_offices.venue import folder as venue_folder
from good_offices.venue.offer import offer

POINTS = (
    "outbox-before",
    "outbox-after",
    "send-before",
    "send-after-receipt",
    "record-before-commit",
    "record-after-commit",
)
PASSPHRASE = "correct horse battery"


class Nursery:
    """The process whose children are killed."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("desk_nursery.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.children: set[int] = set()
        self.killed = 0
        threading.Thread(target=self._drain, daemon=True).start()
        self.words: list[str] = []

    def _drain(self) -> None:
        for line in self.process.stderr:
            self.words.append(line)

    def tell(self, *words: object) -> None:
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def hear(self) -> list[str]:
        return self.process.stdout.readline().split()

    def venue(self, folder: Path, port: int) -> int:
        self.tell("venue", folder, port)
        heard = {word: int(number) for word, number in (self.hear(), self.hear())}
        self.children.add(heard["up"])
        return heard["up"]

    def desk(self, folder: Path, point: str, count: int, text: str, after: float, also: int) -> list[int]:
        """Return the indices of what the child said and had receipted before it died."""
        self.tell("desk", folder, point, count, text)
        said: list[int] = []
        timer = None
        while (heard := self.hear())[0] != "over":
            if heard[0] == "child" and after:
                timer = threading.Timer(after, self._kill, (int(heard[1]), also))
                timer.start()
            if heard[0] == "said":
                said.append(int(heard[1]))
        self.killed += heard[1] == "killed"
        if timer:
            timer.cancel()
            timer.join()
        return said

    def _kill(self, *children: int) -> None:
        for child in filter(None, children):
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def close(self) -> None:
        self._kill(*self.children)
        self.process.stdin.close()
        self.process.wait(LONGEST)
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MEMORY_KIB", 8 * 1024), ("PASSES", 1), ("LANES", 1)):
        monkeypatch.setattr(keyring, name, value)


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _open(tmp_path: Path, port: int, nursery: Nursery) -> tuple[Path, list[Path], int]:
    """Return a venue's folder, two desks with an open plenary, and the venue's process."""
    venue = venue_folder.init(tmp_path / "venue", "River House")
    files = offer(venue, parties=2, out=tmp_path / "invitations", url=f"http://127.0.0.1:{port}").files
    process = nursery.venue(venue.path, port)
    desks = [
        Desk.create(
            tmp_path / f"desk{number}",
            PASSPHRASE,
            file.read_bytes(),
            delegation=f"Side {number}",
            member="Head",
            capacity="Head",
        )
        for number, file in enumerate(files)
    ]
    for desk in (*desks, *desks):
        desk.sync()
    for desk in desks:
        people.confirm(
            desk, people.number(desk), read_kit((desk.storage.folder / "root.kit").read_text(), PASSPHRASE)
        )
    for desk in (*desks, *desks):
        desk.sync()
        assert desk.epoch("plenary")
    for desk in desks:
        desk.close()
    return venue.path, [desk.storage.folder for desk in desks], process


@pytest.mark.usefixtures("cheap")
def test_a_desk_killed_anywhere_loses_nothing_and_doubles_nothing(
    tmp_path: Path, nursery: Nursery, request: pytest.FixtureRequest
) -> None:
    """What was acknowledged stands once, chains are unbroken, and all desks end with the same state."""
    rng, port = random.Random(7), _port()
    venue, folders, process = _open(tmp_path, port, nursery)
    acknowledged: dict[int, str] = {}
    for number in range(request.config.getoption("--kills") or 28):
        point = (*POINTS, "none")[number % 7]
        after = rng.uniform(0.05, 0.5) if point == "none" else 0.0
        both = point == "none" and number % 2 == 0
        text = f"said-{number}"
        # The first sync sends nothing new, so that most counts fall into the act; a larger count falls later or nowhere.
        said = nursery.desk(
            folders[number % 2], point, rng.randint(1, 2), text, after, process if both else 0
        )
        acknowledged.update(dict.fromkeys(said, text))
        if both:
            nursery._kill(process)
            time.sleep(0.05)
            process = nursery.venue(venue, port)
    assert nursery.killed >= 14, nursery.words
    desks = [Desk.open(folder, PASSPHRASE) for folder in folders]
    for _ in range(4):
        for desk in desks:
            desk.sync()
    _check(desks, acknowledged)
    for desk in desks:
        desk.close()


def _check(desks: list[Desk], acknowledged: dict[int, str]) -> None:
    one, other = desks
    size = one.common.ledger.size
    assert other.common.ledger.size == size
    for room in ("roster", "plenary"):
        assert one.talks.state_hash(one.rooms[room], size) == other.talks.state_hash(other.rooms[room], size)
    lines = [(line.index, line.act, line.verdict) for line in one.common.lines()]
    assert lines == [(line.index, line.act, line.verdict) for line in other.common.lines()]
    said = {index: act.event.text for index, act, _ in lines if act and act.event.name == "StatementMade"}
    assert len(set(said.values())) == len(said)
    assert acknowledged
    assert acknowledged.items() <= said.items()
    assert {verdict.code for _, act, verdict in lines if act and act.event.name == "StatementMade"} == {None}
    bodies = [kept.body for _, kept in one.common.all_kept() if kept.leaf[1] == Kind.ENVELOPE]
    assert len(set(bodies)) == len(bodies)
    assert all(desk.storage.outbox() == [] for desk in desks)
