"""The rules over a process of two years: replaying mixed acts, and opening the desk that holds them.

    python -m bench talks [--quick]

Two delegations do 20,000 acts in the plenary, four group rooms and the sounding room, with 40 sittings (bench/two_years.py).

1. Replay: the signed bytes of the first 10,000 acts, and of all, parsed, verified and judged, beside the check of both signatures
   (Ed25519, ML-DSA-65) alone, one after another on one core. The two go on in turns, so that whatever else the machine does
   falls on both. Twice, both times with the desk's own `Checks` and as far ahead as a desk reads:
   a) on the clock, as a desk with a second core does it: pages of a thousand acts, the checks in a process beside the judge
      (docs/decisions/0018). It stands beside the clock of the bare checks: how long somebody waits.
   b) by processor time of one core, all in this process, a hundred acts a turn: what it costs, and how long it takes where
      there is one core only. The growth of the cost of judging is shown apart.
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
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench.desk import Apart, unavoidable
from bench.figures import Figure
from bench.two_years import Process
from bench.venue import rss
from tests.support.house import PASSPHRASE, House

from good_offices.desk.checking import Check, Checks, ahead
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
PAGE = 1000
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
    yield from on_the_clock(entries, first)
    rows = list(replayed(entries))
    name = "signature checks alone"
    for claim, part in (
        (f"replay of {first:,} mixed acts, processor time", rows[: first // TURN]),
        ("  of all of them", rows),
    ):
        ours, bare = (sum(row[at] for row in part) for at in (0, 1))
        goal = 1.5 if part is not rows else None
        state = f"all on one core, {len(part) * TURN:,} acts" if goal else ""
        yield Figure(claim, ours, "s", bare, name, most=goal, state=state)
    quarter = len(rows) // 4
    early, late = (statistics.median(row[2] for row in part) for part in (rows[:quarter], rows[-quarter:]))
    yield Figure(
        "  judging an act, last quarter", late / TURN * 1e6, "us", early / TURN * 1e6, "first quarter"
    )


def on_the_clock(entries: list[Held], first: int) -> Iterator[Figure]:
    """Yield how long replay takes by the clock, the checks in a process beside it where there is a second core."""
    page = min(PAGE, first)
    rows = list(islice(replayed(entries, page, len(entries), time.perf_counter), first // page))
    ours, bare = (sum(row[at] for row in rows) for at in (0, 1))
    ratio = statistics.median(row[0] / row[1] for row in rows)
    elsewhere = rows[-1][3] / (len(rows) * page)
    state = (
        f"clock, {len(rows)} pages of {page:,}, median {ratio:.2f}; {elsewhere:.0%} of the checks elsewhere"
    )
    name = "signature checks alone"
    yield Figure(f"replay of {first:,} mixed acts, on the clock", ours, "s", bare, name, 1.5, state=state)


def replayed(
    entries: list[Held],
    turn: int = TURN,
    beside: int = 0,
    clock: Callable[[], float] = time.process_time,
) -> Iterator[tuple[float, float, float, int]]:
    """Yield for each turn the seconds of replay, of the checks alone, of judging within the first; and what was checked elsewhere.

    `beside` is of how many entries the desk's `Checks` are told: 0 keeps them all in this process.
    """
    tree = Tree()
    replay = CommonReplay(tree)
    with Checks() as checks:
        for part in turns(entries, turn):
            acts = [(unpack(one.signed, SignedAct), one.public) for one in part if one.signed]
            begun = clock()
            for signed, public in acts:
                signed.verify(public)
            bare = clock() - begun
            judging = 0.0
            begun = clock()
            checks.expect(beside)
            for one, content in verified(part, checks):
                before = clock()
                judge(replay, tree, one, content)
                judging += clock() - before
            yield clock() - begun, bare, judging, checks.elsewhere


def judge(replay: CommonReplay, tree: Tree, one: Held, content: Content) -> None:
    """Let the rules judge an entry as the desk did."""
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


def verified(part: list[Held], checks: Checks) -> Iterator[tuple[Held, Content]]:
    """Yield what stands in each entry, an act after its signatures were checked; read as far ahead as a desk reads."""
    for one, content, check in ahead(begun(one, checks) for one in part):
        problem = check and checks.result(check)
        if isinstance(content, Opened) and problem:
            yield one, Opened(room=one.room, act=content.act, act_hash=content.act_hash, problem=problem)
        else:
            yield one, content


def begun(one: Held, checks: Checks) -> tuple[Held, Content, Check | None]:
    """Return an entry with what stands in it, the check of an act's signatures begun."""
    if not one.signed:
        return one, one.content, None
    signed = unpack(one.signed, SignedAct)
    content = Opened(room=one.room, act=signed.opened(), act_hash=signed.hash)
    return one, content, checks.begin(signed, one.public)


def turns(entries: list[Held], turn: int) -> Iterator[list[Held]]:
    """Yield the record in parts of so many acts each, less what is left over at its end."""
    part: list[Held] = []
    acts = 0
    for one in entries:
        part.append(one)
        acts += bool(one.signed)
        if acts == turn:
            yield part
            part, acts = [], 0


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
