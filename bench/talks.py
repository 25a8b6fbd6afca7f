"""The rules over a process of two years: replaying mixed acts, and opening the desk that holds them.

    python -m bench talks [--quick]

Two delegations do 20,000 acts in the plenary, four group rooms and the sounding room, with 40 sittings (bench/two_years.py).

1. Replay: the signed bytes of the first 10,000 acts, and of all, parsed, verified and judged on one core, beside the check
   of both signatures (Ed25519, ML-DSA-65) alone. The two go on in turns, a hundred acts each, so that whatever else the
   machine does falls on both. The growth of the cost of judging is shown apart.
2. Opening: `Desk.open` with passphrase in a fresh process, from the sealed cache; and without it, when the whole archive is
   opened, verified and judged again, beside the key derivations, openings and checks that this forces, on one core.
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
from pathlib import Path
from typing import NamedTuple

from bench.desk import Apart, unavoidable
from bench.figures import Figure
from bench.two_years import Process
from bench.venue import rss
from tests.support.house import PASSPHRASE, House

from good_offices.desk.desk import Desk
from good_offices.desk.storage import Storage
from good_offices.encoding import unpack
from good_offices.register.leaf import Leaf
from good_offices.register.tree import Tree
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import SignedAct
from good_offices.talks.entries import Content, Entry, Opened
from good_offices.talks.replay import CommonReplay

ACTS = 20_000
SITTINGS = 40
FIRST = 10_000
TURN = 100
SECONDS = 3.0


class Held(NamedTuple):
    """An entry of the record: its leaf, for an act its room, bytes and author's key, else what stands in it."""

    index: int
    leaf: Leaf
    content: Content
    room: str = ""
    signed: bytes = b""
    public: bytes = b""
    status: str = "none"


def run(*, quick: bool) -> Iterator[Figure]:
    """Yield the figures of one run."""
    acts, sittings = (ACTS // 10, SITTINGS // 10) if quick else (ACTS, SITTINGS)
    with tempfile.TemporaryDirectory(prefix="good-offices-bench-") as temporary:
        house = House(Path(temporary))
        house.venue = Apart(house)
        with house:
            process = Process(house, acts, sittings)
            process.run()
            desk, done = house.desks[0], process.done
            size = len(desk.storage.get(f"cache/{desk.common.ledger.register}") or b"") / 1e6
            yield from replaying(list(record(desk)), FIRST // 10 if quick else FIRST)
            floor = unavoidable(desk)
            folder = desk.storage.folder
        yield from opening(Path(temporary), folder, floor, done, size, 2 if quick else 5)


def replaying(entries: list[Held], first: int) -> Iterator[Figure]:
    """Yield what replay costs beside the signature checks alone."""
    rows = list(replayed(entries))
    name = "signature checks alone"
    for claim, part in (
        (f"replay of {first:,} mixed acts", rows[: first // TURN]),
        ("  of all of them", rows),
    ):
        ours, bare = (sum(row[at] for row in part) for at in (0, 1))
        goal = 1.5 if part is not rows else None
        state = f"processor time of one core, {len(part) * TURN:,} acts" if goal else ""
        yield Figure(claim, ours, "s", bare, name, most=goal, state=state)
    quarter = len(rows) // 4
    early, late = (statistics.median(row[2] for row in part) for part in (rows[:quarter], rows[-quarter:]))
    yield Figure(
        "  judging an act, last quarter", late / TURN * 1e6, "us", early / TURN * 1e6, "first quarter"
    )


def replayed(entries: list[Held]) -> Iterator[tuple[float, float, float]]:
    """Yield for each hundred acts the seconds of replay, of the checks alone, and of judging within the first."""
    tree = Tree()
    replay = CommonReplay(tree)
    for turn in turns(entries):
        acts = [(unpack(one.signed, SignedAct), one.public) for one in turn if one.signed]
        begun = time.process_time()
        for signed, public in acts:
            signed.verify(public)
        bare = time.process_time() - begun
        begun = time.process_time()
        read = [(one, verified(one)) for one in turn]
        judging = time.process_time()
        for one, content in read:
            leaf_hash = one.leaf.hash
            entry = Entry(
                index=tree.append(leaf_hash),
                leaf_hash=leaf_hash,
                kind=int(one.leaf.kind),
                time=one.leaf.time_ms,
                content=content,
            )
            verdict = replay.apply(entry)
            if verdict.status != one.status:
                msg = f"the bench judges entry {one.index} otherwise than the desk: {verdict}"
                raise SystemExit(msg)
        ended = time.process_time()
        yield ended - begun, bare, ended - judging


def verified(one: Held) -> Content:
    """Return what stands in an entry, an act after its signatures were checked."""
    if not one.signed:
        return one.content
    signed = unpack(one.signed, SignedAct)
    act = signed.opened()
    signed.verify(one.public)
    return Opened(room=one.room, act=act, act_hash=signed.hash)


def turns(entries: list[Held]) -> Iterator[list[Held]]:
    """Yield the record in parts of a hundred acts each, less what is left over at its end."""
    part: list[Held] = []
    for one in entries:
        part.append(one)
        if sum(bool(held.signed) for held in part) == TURN:
            yield part
            part = []


def record(desk: Desk) -> Iterator[Held]:
    """Yield the common record as a desk has it, opened and not judged."""
    from good_offices.desk.opening import read_entries

    looks = desk.common._looks(desk.talks)
    for index, kept in desk.common.all_kept():
        leaf, status = Leaf.from_bytes(kept.leaf), kept.verdict.status
        if kept.key and "aside" not in kept.verdict.facts:
            signed = open_envelope(kept.body, kept.key)
            author = unpack(signed, SignedAct).opened().author
            public = desk.talks.certificate(author).act
            yield Held(index, leaf, None, kept.verdict.room, signed, public, status)
            continue
        ((_, read),) = read_entries([(index, leaf, kept.body)], desk.epochs, lambda: looks)
        yield Held(index, leaf, read.content, status=status)


def opening(
    temporary: Path, folder: Path, floor: tuple[float, float], acts: int, size: float, times: int
) -> Iterator[Figure]:
    """Yield what opening the desk takes, from its cache and without it."""
    again = [opened(folder) for _ in range(times)]
    anew = []
    for number in range(min(times, 3)):
        copy = Path(shutil.copytree(folder, temporary / f"anew{number}"))
        anew.append(opened(copy, "anew"))
        shutil.rmtree(copy)
    second = statistics.median(one["open"] for one in again)
    bare = second - statistics.median(one["argon2id"] for one in again)
    first = sorted(anew, key=lambda one: one["open"])[len(anew) // 2]
    state = f"{acts:,} acts, {again[0]['entries']:,} entries, a cache of {size:.1f} MB, median of {times}"
    yield Figure("opening from the sealed cache, with Argon2id", second, "s", limit=SECONDS, state=state)
    yield Figure("  without Argon2id", bare, "s")
    name = "openings and checks it cannot avoid"
    yield Figure("opening without a cache", first["open"], "s", floor[0], name, most=2.0)
    yield Figure("  processor time, all cores", first["cpu"], "s", floor[1], name)
    yield Figure("memory of a desk opened from its cache", again[0]["rss"], "MB")


def opened(folder: Path, *how: str) -> dict:
    """Return what a fresh process says of opening a desk folder."""
    command = [sys.executable, "-m", "bench.talks", str(folder), *how]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def child(folder: Path, *, anew: bool) -> None:
    """Open the folder, without its caches if `anew`, and print times in seconds and memory in MB."""
    import os

    if anew:
        storage = Storage.open(folder, PASSPHRASE)
        for name in storage.names("cache/"):
            storage.remove(name)
        storage.close()
    from good_offices.seals.keyring import open_keyring

    keyring = (folder / "keyring").read_bytes()
    begun = time.perf_counter()
    open_keyring(keyring, PASSPHRASE, what="bench")
    argon2id = time.perf_counter() - begun
    begun, used = time.perf_counter(), sum(os.times()[:4])
    desk = Desk.open(folder, PASSPHRASE)
    said = {"open": time.perf_counter() - begun, "argon2id": argon2id, "cpu": sum(os.times()[:4]) - used}
    said |= {"entries": desk.common.ledger.size, "rss": rss(os.getpid())}
    desk.close()
    print(json.dumps(said))


if __name__ == "__main__":
    child(Path(sys.argv[1]), anew="anew" in sys.argv[2:])
