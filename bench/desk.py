"""Opening a desk of ten thousand acts, beside the signature checks and openings that nobody can avoid.

Two delegations do the acts through a venue in a process of its own; a copy of one desk's folder, made when the plenary
opened, has everything still to come. Each opening runs in a fresh process.

    python -m bench desk [--quick]
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from bench.figures import Figure
from bench.venue import program, rss
from tests.support.house import PASSPHRASE, House

from good_offices.desk.compose import seal_act, write_act
from good_offices.desk.desk import Desk
from good_offices.encoding import unpack
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import message_key, open_envelope
from good_offices.talks.acts import SignedAct
from good_offices.talks.event import Happened
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.events_text import (
    AmendmentAccepted,
    AmendmentProposed,
    Change,
    StanceTaken,
    TextTabled,
)
from good_offices.text.model import Instrument, Unit, Words

ACTS = 10_000
UNITS = 60
ROUND = 16
WORDS = "The Parties shall exchange hydrological data of the river each month, in the form agreed by the experts. "


class Apart:
    """A venue in a process of its own, in the place of the one that tests run in a thread."""

    def __init__(self, house: House) -> None:
        self.folder = house.venue.folder
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.pid, self.url = self._stack.enter_context(program("--serve", str(self.folder.path)))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def run(*, quick: bool) -> Iterator[Figure]:
    """Yield the figures of one run."""
    count = ACTS // 10 if quick else ACTS
    with tempfile.TemporaryDirectory(prefix="good-offices-bench-") as temporary:
        house = House(Path(temporary))
        house.venue = Apart(house)
        with house:
            idle = rss(house.venue.pid)
            desk = house.desks[1]
            fresh = Path(temporary) / "fresh"
            house.reopen(desk).close()
            shutil.copytree(desk.storage.folder, fresh)
            house.desks[1] = Desk.open(desk.storage.folder, PASSPHRASE)
            negotiate(house.desks, count)
            floor = unavoidable(house.desks[0])
            first = opened(fresh)
            again = [opened(fresh) for _ in range(1 if quick else 3)]
        yield from figures(count, floor, first, again, idle)


def figures(
    count: int, floor: tuple[float, float], first: dict, again: list[dict], idle: float
) -> Iterator[Figure]:
    """Yield what was measured as figures with their goals."""
    acts = (
        f"{first['entries']:,} entries, {count:,} of them acts; 2 delegations, 1 connection, synced to disk"
    )
    second = statistics.median(one["open"] for one in again)
    bare = second - statistics.median(one["argon2id"] for one in again)
    yield Figure(
        "first opening", first["sync"], "s", floor[0], "checks it cannot avoid", most=2.0, state=acts
    )
    # Two cores share the work: on a busy machine the clock says less than the processor's own count.
    yield Figure("  processor time, all cores", first["cpu"], "s", floor[1], "checks it cannot avoid")
    yield Figure("  per entry", first["sync"] / first["entries"] * 1e6, "us")
    yield Figure("second opening, from the sealed cache", bare, "s", limit=1.5, state="without Argon2id")
    yield Figure("  with Argon2id (64 MiB, 3 passes)", second, "s")
    yield Figure("  second / first", second, "s", first["sync"], "first opening", most=1.0)
    yield Figure("memory of a desk after its first opening", first["rss"], "MB")
    idle_desk = statistics.median(one["rss"] for one in again)
    yield Figure("memory of an idle desk", idle_desk, "MB", limit=120, state="opened from the cache")
    yield Figure("memory of an idle venue", idle, "MB", limit=100, state="1 talks, nobody connected")


def negotiate(desks: list[Desk], count: int) -> None:
    """Let the desks take turns until `count` acts are done and everyone has received them."""
    units = tuple(
        Unit(id=f"u{at}", kind="article", label=f"Article {at + 1}", texts={"en": (Words(text=WORDS),)})
        for at in range(UNITS)
    )
    text = Instrument(id="waters", titles={"en": "The waters"}, authentic=("en",), units=units)
    post(desks[0], [TextTabled(instrument=text)])
    done, turn, proposed = 1, 0, []
    while done < count:
        desk = desks[turn % len(desks)]
        desk.receive()
        events = [
            AmendmentAccepted(instrument="waters", proposal=one.proposal, amendment=one.content)
            for one in proposed
        ]
        proposed = amendments(desk, turn)
        events += [*proposed, *stances(turn), *statements(turn)]
        events = events[: min(ROUND, count - done)]
        post(desk, events)
        done += len(events)
        turn += 1
    for desk in desks:
        desk.receive()


def amendments(desk: Desk, turn: int) -> list[AmendmentProposed]:
    """Return two amendments of one article each, over the text as the desk has it."""
    found = []
    for number in (2 * turn, 2 * turn + 1):
        unit = desk.talks.plenary.texts["waters"].instrument.unit(f"u{number % UNITS}")
        words = (Words(text=WORDS + f"The month of the data shall be stated ({number})."),)
        change = Change(unit=unit.id, base=unit.digest, texts={"en": words})
        found.append(AmendmentProposed(instrument="waters", proposal=f"p{number}", changes=(change,)))
    return found


def stances(turn: int) -> list[Happened]:
    """Return three stances on articles that are not being amended in this round."""
    return [
        StanceTaken(instrument="waters", says="reserves", unit=f"u{(2 * turn + away) % UNITS}")
        for away in (20, 30, 40)
    ]


def statements(turn: int) -> list[Happened]:
    """Return enough statements to fill a round."""
    return [StatementMade(text=f"{turn}.{at}: {WORDS * 3}".strip(), language="en") for at in range(ROUND)]


def post(desk: Desk, events: list[Happened]) -> None:
    """Write, sign, seal and append the events of one desk in one request."""
    standing, chain, entries = desk.standing("plenary"), desk._chain("plenary"), []
    for event in events:
        act = write_act(standing, chain, event, int(time.time() * 1000))
        envelope, _, chain = seal_act(act, desk.signer, desk.epochs.secret(standing.manifest))
        entries.append((int(Kind.ENVELOPE), envelope))
    desk.common.ledger.append(entries)
    bad = [one for one in desk.receive() if one.status not in {"valid", "none"}]
    if bad:
        msg = f"an act of the bench is not valid: {bad[0]}"
        raise SystemExit(msg)


def unavoidable(desk: Desk) -> tuple[float, float]:
    """Return seconds, by the clock and of one core, to derive a key, open, and check both signatures of every act."""
    work = []
    for _, kept in desk.common.all_kept():
        if kept.key and "aside" not in kept.verdict.facts:
            signed = unpack(open_envelope(kept.body, kept.key), SignedAct)
            act = signed.opened()
            secret = desk.epochs.secret(act.manifest)
            work.append((kept.body, secret, signed, desk.talks.certificate(act.author).act))
    begun, used = time.perf_counter(), time.process_time()
    for body, secret, signed, public in work:
        _, key = message_key(body, [secret])
        open_envelope(body, key)
        signed.verify(public)
    return time.perf_counter() - begun, time.process_time() - used


def opened(folder: Path) -> dict:
    """Return what a fresh process says of opening a desk folder and bringing it up to date."""
    command = [sys.executable, "-m", "bench.desk", str(folder)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def child(folder: Path) -> None:
    """Open the folder, sync, and print times in seconds and memory in MB."""
    import os

    from good_offices.seals.keyring import open_keyring

    keyring = (folder / "keyring").read_bytes()
    begun = time.perf_counter()
    open_keyring(keyring, PASSPHRASE, what="bench")
    argon2id = time.perf_counter() - begun
    begun = time.perf_counter()
    desk = Desk.open(folder, PASSPHRASE)
    opening = time.perf_counter() - begun
    # With the time of the process that checks signatures, which has ended with the sync.
    begun, used = time.perf_counter(), sum(os.times()[:4])
    desk.sync()
    sync, used = time.perf_counter() - begun, sum(os.times()[:4]) - used
    size = desk.common.ledger.size
    said = {"argon2id": argon2id, "open": opening, "sync": sync, "entries": size}
    said |= {"cpu": used, "rss": rss(os.getpid())}
    desk.close()
    print(json.dumps(said))


if __name__ == "__main__":
    child(Path(sys.argv[1]))
