"""One sample: a real venue, two desks on duty and the wire between them, each a process of its own, over one sounding.

A house is prepared once (`prepare`) and copied for each sample. What differs between the samples of one question is the marks, and
nothing else: whether a file was given, and what stands in it. Everything is started, and the sounding opened, in the same way.

World 1: all delegations' members hand their duty desks a file; they accept one same option of eight (`Sample.accepted`), or their
ranges touch. World 0: nobody accepts anything, or the ranges do not touch; by `told` the desks were handed files that say so, or none.
Files come at a random moment while marks are open, drawn for every sample whether or not there is a file.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import socket
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from tests.indistinguishable import sabotage
from tests.indistinguishable.cases import CASES, OPEN, Case
from tests.indistinguishable.wire import record
from tests.support.house import PASSPHRASE, House

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.desk.soundings import duty, marks
from good_offices.desk.soundings.record import Runs
from good_offices.desk.wire import Network
from good_offices.encoding import pack
from good_offices.seals import keyring
from good_offices.talks.events_sounding import SoundingOpened
from good_offices.venue.folder import open_folder
from good_offices.venue.server import serve

FORK = multiprocessing.get_context("fork")
BEAT = 0.25
FILES = (0.4, 2.0)  # seconds after the opening within which files come


class Sample(NamedTuple):
    """What is played: the world, whether files are given, how the desks are spoilt, the seed of what is drawn, and which case."""

    world: int
    told: bool
    spoilt: str
    seed: int
    case: str = "options"

    @property
    def accepted(self) -> int:
        """How many options both sides accept: one.

        Four, of desks that betray each by its time, to be heard on a busy machine; and of those that halt: then no match is in the last chunk alone.
        """
        return self.world * (4 if self.spoilt in ("pause", "halt") else 1)

    @property
    def ahead(self) -> float:
        """How far the clocks by which the desks beat run ahead, in seconds: samples that play at once do not all beat at once."""
        return BEAT * (self.seed % 8) / 8


class Heard(NamedTuple):
    """What the host holds after a sample, and what the run found (which the host does not see; of ranges that touch, 0)."""

    case: Case
    closes: float
    ahead: float
    chunks: list[tuple[float, int, int, bytes]]
    folder: Path
    running: dict[str, int]
    mutual: list[int] | None


def prepare(path: Path, parties: int) -> None:
    """Build a house with a desk on duty on each side, ready to sound, and note who is who."""
    worker = FORK.Process(target=_prepare, args=(path, parties))
    worker.start()
    worker.join()
    if worker.exitcode:
        raise SystemExit("the house could not be prepared")


def _prepare(path: Path, parties: int) -> None:
    for name, least in (("MEMORY_KIB", 8 * 1024), ("PASSES", 1), ("LANES", 1)):
        setattr(keyring, name, least)
    path.mkdir()
    with House(path, parties) as house:
        for number, head in enumerate(tuple(house.desks)):
            handover = people.invite(head, "Duty desk", "unattended", "experts", [], duty=True)
            house.desks.append(Desk.create(path / f"duty{number}", PASSPHRASE, pack(handover)))
            house.desks[-1].sync()
            head.sync()
            people.admit(head, people.waiting(head)[0], house.root(head))
            house.settle()
        house.settle()
        said = {
            "size": house.desks[0].common.ledger.size,
            "desks": [desk.identity.statement.desk for desk in house.desks[parties:]],
        }
        assert all(desk.epoch("sounding") for desk in house.desks)
        (path / "said.json").write_text(json.dumps(said))


def play(kept: Path, path: Path, sample: Sample) -> Heard:
    """Play one sample in a copy of the prepared house, and return what the host holds afterwards."""
    shutil.copytree(kept, path)
    case, draw = CASES[sample.case], random.Random(sample.seed)
    moment = draw.uniform(*FILES)
    listening = socket.create_server(("127.0.0.1", 0))
    ours, theirs = FORK.Pipe()
    venue = _started(_serve, path / "venue", theirs)
    port = int(ours.recv().rsplit(":", 1)[1])
    ours_wire, theirs_wire = FORK.Pipe()
    wire = _started(record, listening, port, theirs_wire)
    there = listening.getsockname()[1]
    listening.close()
    pipes = [FORK.Pipe() for _ in range(case.parties)]
    desks = [_started(_answer, path / f"duty{at}", there, sample, pipe[1]) for at, pipe in enumerate(pipes)]
    for pipe, _ in pipes:
        pipe.recv()
    closes, files = _open(path, port, sample, case.wanted(sample.accepted, draw))
    _wait(closes - OPEN + moment)
    for at, file in enumerate(files):
        _hand_over(path / f"duty{at}" / duty.INBOX, file)
    _wait(closes + case.after)
    running = {one.name: one.stat().st_size for one in (path / "venue").iterdir() if one.is_file()}
    found = [_stopped(desk, pipe[0]) for desk, pipe in zip(desks, pipes, strict=True)]
    _end(venue)
    chunks = _stopped(wire, ours_wire)
    mutual = found[0] if all(one == found[0] for one in found) else None
    return Heard(case, closes, sample.ahead, chunks, path / "venue", running, mutual)


def _serve(folder: Path, say: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    serve(open_folder(folder), listen="127.0.0.1:0", say=say.send, warn=lambda _: None)


def _answer(folder: Path, port: int, sample: Sample, say: Connection) -> None:
    """A desk on duty, until it is told to end; then it tells what its run found."""
    sabotage.spoil(sample.spoilt)
    duty.time = SimpleNamespace(time=lambda: time.time() + sample.ahead, sleep=time.sleep)
    ending = []
    signal.signal(signal.SIGTERM, lambda *_: ending.append(True))
    with Desk.open(folder, PASSPHRASE) as desk:
        # The recording wire stands before the venue, as the host's own ears do; the desk's folder names another port.
        desk.client.wire = Network(f"http://127.0.0.1:{port}")
        say.send(True)
        for _ in duty.on_duty(desk, every=BEAT):
            if ending:
                break
        run = next(desk.talks.sounding.every(), None)
        found = Runs(desk).found(run) if run else None
        say.send(found and (list(found.mutual) or [0] * bool(found.overlap)))
        desk.client.wire.close()


def _open(path: Path, port: int, sample: Sample, wanted: list[Any]) -> tuple[float, list[bytes]]:
    """Open the list by a member of one side, let the others' read it, and write the files of all."""
    heads = [Desk.open(path / f"desk{at}", PASSPHRASE) for at in range(len(wanted))]
    files = []
    try:
        for head in heads:
            head.client.wire = Network(f"http://127.0.0.1:{port}")
        now = time.time()
        closes = now + OPEN
        heads[0].act("sounding", SoundingOpened(listed=CASES[sample.case].listed(closes)))
        for head in heads[1:]:
            head.sync()
        (run,) = heads[1].talks.sounding.every()
        written = [marks.marks_file(head, run, one) for head, one in zip(heads, wanted, strict=True)]
        if sample.told:
            files = written
    finally:
        for head in heads:
            head.close()
    return closes, files


def _hand_over(inbox: Path, file: bytes) -> None:
    inbox.mkdir(exist_ok=True)
    (inbox / "new").write_bytes(file)
    (inbox / "new").rename(inbox / "new.marks")


def _wait(until: float) -> None:
    time.sleep(max(0.0, until - time.time()))


def _started(target, *arguments):
    process = FORK.Process(target=target, args=arguments)
    process.start()
    return process


def _stopped(process, pipe: Connection):
    """End a process that we started, and return what it said last."""
    os.kill(process.pid, signal.SIGTERM)
    if not pipe.poll(20):
        print("a process of a sample has not answered", file=sys.stderr)
        process.kill()
        return None
    said = pipe.recv()
    process.join()
    return said


def _end(process) -> None:
    os.kill(process.pid, signal.SIGTERM)
    process.join(20)
