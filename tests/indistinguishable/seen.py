"""What the host can measure of one sample: numbers by name, out of the packets that passed it and the disk that it keeps.

The host is given more than it has: the moment `closes`, which stands inside an envelope. Times are in seconds from there. Numbers
that are not there (a desk that never posted) are `ABSENT`, so that absence tells too. The desks are `opener`'s, `other`, and of three delegations `third`.

Of the wire: of each desk, before and after `closes`, how many exchanges of each kind, bytes and chunks each way, connections; where
in the beat the first request of each beat lies, how many requests a beat has, how long answers take and gaps between requests are (least, quartiles, most, mean,
deviation); of each of the first posts after `closes` its time, its place in the beat, sizes, how long the desk had been silent before
it, how long the answer took; differences between the desks; how often each of 16 classes of bytes occurs.
Of the disk: sizes of all files, while the venue runs and after; pages, free pages, rows of each table; of each entry since the
sounding was opened kind, length, when it arrived and how long after the one before; boxes; cosignatures; deposits that were opened,
as numbers; how often each class of bytes occurs in bodies, database and log.
"""

from __future__ import annotations

import re
import sqlite3
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from tests.indistinguishable.sounded import BEAT, Heard
from tests.indistinguishable.wire import TO_VENUE

from good_offices.encoding import unpack
from good_offices.register.box import BoxOpen, ScalarDeposit
from good_offices.register.leaf import Kind, Leaf

ABSENT = -1000.0
DESKS = ("opener", "other", "third")
_KEYID = re.compile(rb'keyid="([0-9a-f]{32})"')
_TARGET = re.compile(rb"^(GET|POST|DELETE) (\S+) ")
_REGISTER = re.compile(rb"/v1/r/[0-9a-f]+/|[?].*$|[0-9a-f]{32,}")

Numbers = dict[str, float]


class Exchange(NamedTuple):
    """A request and its answer, as the wire shows them: when, which desk's, of what kind, bytes and chunks each way."""

    begun: float
    sent: float
    answered: float
    desk: int
    kind: str
    up: int
    down: int
    pieces: int


def features(heard: Heard, desks: Sequence[str], size: int) -> Numbers:
    """Return all numbers of a sample; `desks` are the ids of the desks on duty, `size` the entries of the prepared house."""
    wire = _exchanges(heard, desks)
    found: Numbers = {}
    names = DESKS[: len(desks)]
    for number, name in enumerate(names):
        mine = [one for one in wire if one.desk == number]
        for part, of in (
            ("before", [o for o in mine if o.begun < 0]),
            ("after", [o for o in mine if o.begun >= 0]),
        ):
            _load(found, f"{name} {part}", of)
            _rhythm(found, f"{name} {part}", of, heard.closes + heard.ahead)
        _posts(found, name, mine, heard.closes + heard.ahead, heard.case.posts)
    _between(found, names, heard.case.posts)
    for direction, way in enumerate(("up", "down")):
        _classes(found, f"wire {way}", (one[3] for one in heard.chunks if one[2] == direction))
    found["connections"] = len({one[1] for one in heard.chunks})
    _disk(found, heard, size)
    return found


def _exchanges(heard: Heard, desks: Sequence[str]) -> list[Exchange]:
    """Return all exchanges by their beginning: on each connection, what was sent until the answer, and the answer."""
    by_connection: dict[int, list[tuple[float, int, bytes]]] = defaultdict(list)
    for at, connection, direction, content in heard.chunks:
        if content:
            by_connection[connection].append((at - heard.closes, direction, content))
    found = []
    for chunks in by_connection.values():
        turns: list[list[tuple[float, int, bytes]]] = []
        for chunk in chunks:
            if not turns or (chunk[1] == TO_VENUE and turns[-1][-1][1] != TO_VENUE):
                turns.append([])
            turns[-1].append(chunk)
        found += [_exchange(turn, desks) for turn in turns]
    return sorted(found)


def _exchange(turn: list[tuple[float, int, bytes]], desks: Sequence[str]) -> Exchange:
    asked = [one for one in turn if one[1] == TO_VENUE]
    request = b"".join(content for _, _, content in asked)
    target, keyid = _TARGET.match(request), _KEYID.search(request)
    kind = "none" if not target else (target[1] + b" " + _REGISTER.sub(b"", target[2])).decode()
    desk = desks.index(keyid[1].decode()) if keyid and keyid[1].decode() in desks else -1
    down = sum(len(one[2]) for one in turn) - len(request)
    return Exchange(turn[0][0], asked[-1][0], turn[-1][0], desk, kind, len(request), down, len(turn))


def _load(found: Numbers, name: str, mine: list[Exchange]) -> None:
    for kind, number in Counter(one.kind for one in mine).items():
        found[f"{name} {kind}"] = number
    for column in ("up", "down", "pieces"):
        values = [getattr(one, column) for one in mine]
        found[f"{name} {column}"] = sum(values)
        found[f"{name} {column} most"] = max(values, default=ABSENT)
        found[f"{name} {column} kinds"] = len(set(values))


def _rhythm(found: Numbers, name: str, mine: list[Exchange], clock: float) -> None:
    beats: dict[int, Exchange] = {}
    asked: Counter[int] = Counter()
    for one in mine:
        number = int((one.begun + clock) // BEAT)
        beats.setdefault(number, one)
        asked[number] += 1
    found[f"{name} beats"] = len(beats)
    found[f"{name} requests in a beat most"] = max(asked.values(), default=ABSENT)
    found[f"{name} beats with requests beyond one"] = sum(number > 1 for number in asked.values())
    _spread(found, f"{name} in beat", [(one.begun + clock) % BEAT for one in beats.values()])
    _spread(found, f"{name} answer", [one.answered - one.sent for one in mine])
    _spread(found, f"{name} gap", [b.begun - a.answered for a, b in pairwise(mine)])
    numbers = sorted(beats)
    _spread(
        found,
        f"{name} beat to beat",
        [beats[b].begun - beats[a].begun for a, b in pairwise(numbers)],
    )


def _spread(found: Numbers, name: str, values: list[float]) -> None:
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else [ABSENT] * 3
    found[f"{name} least"], found[f"{name} most"] = min(values, default=ABSENT), max(values, default=ABSENT)
    found[f"{name} quarter"], found[f"{name} median"], found[f"{name} three quarters"] = low, middle, high
    found[f"{name} mean"] = statistics.fmean(values) if values else ABSENT
    found[f"{name} deviation"] = statistics.pstdev(values) if values else ABSENT


def _posts(found: Numbers, name: str, mine: list[Exchange], clock: float, posts: int) -> None:
    said = [
        at for at, one in enumerate(mine) if one.begun >= 0 and one.kind in ("POST entries", "POST boxes/")
    ]
    for number in range(posts):
        at = said[number] if number < len(said) else None
        one = mine[at] if at is not None else None
        silent = one.begun - mine[at - 1].answered if one and at else ABSENT
        beat = (mine[at - 1].begun + clock) // BEAT * BEAT - clock if one and at else 0.0
        found |= {
            f"{name} post {number} time": one.begun if one else ABSENT,
            f"{name} post {number} in beat": (one.begun + clock) % BEAT if one else ABSENT,
            f"{name} post {number} up": one.up if one else ABSENT,
            f"{name} post {number} down": one.down if one else ABSENT,
            f"{name} post {number} after silence": silent,
            f"{name} post {number} after beat": one.begun - beat if one else ABSENT,
            f"{name} post {number} answer": one.answered - one.sent if one else ABSENT,
        }


def _between(found: Numbers, names: Sequence[str], posts: int) -> None:
    for number in range(posts):
        for one, other in combinations(names, 2):
            for what in ("time", "after silence", "after beat", "up"):
                first, second = found[f"{one} post {number} {what}"], found[f"{other} post {number} {what}"]
                found[f"{one} less {other} post {number} {what}"] = first - second


def _classes(found: Numbers, name: str, contents: Iterable[bytes]) -> None:
    """How often bytes of each high half occur, as a share."""
    counted: Counter[int] = Counter()
    for content in contents:
        counted.update(content)
    total = sum(counted.values()) or 1
    for high in range(16):
        found[f"{name} bytes {high:x}"] = sum(counted[high << 4 | low] for low in range(16)) / total


def _disk(found: Numbers, heard: Heard, size: int) -> None:
    for name, length in heard.running.items():
        found[f"running {name} size"] = length
    for file in heard.folder.iterdir():
        if file.is_file():
            found[f"after {file.name} size"] = file.stat().st_size
    _classes(found, "database", [(heard.folder / "venue.db").read_bytes()])
    store = sqlite3.connect(heard.folder / "venue.db")
    try:
        for pragma in ("page_count", "freelist_count"):
            found[pragma] = store.execute(f"PRAGMA {pragma}").fetchone()[0]
        for (table,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[f"rows of {table}"] = store.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        _entries(found, store, heard, size)
        notes = [len(note) for (note,) in store.execute("SELECT note FROM cosignature")]
        found["cosignatures bytes"] = sum(notes)
        sizes = [row[0] for row in store.execute("SELECT size FROM cosignature ORDER BY size")]
        found["cosignatures of"] = sum(sizes)
        found["boxes wait"] = sum(row[0] for row in store.execute("SELECT wait FROM box"))
        found["boxes due"] = sum(row[0] / 1000 - heard.closes for row in store.execute("SELECT due FROM box"))
    finally:
        store.close()


def _entries(found: Numbers, store: sqlite3.Connection, heard: Heard, size: int) -> None:
    register = store.execute("SELECT number, bytes FROM register ORDER BY size DESC LIMIT 1").fetchone()
    rows = store.execute(
        "SELECT leaf, body FROM entry WHERE register = ? ORDER BY id LIMIT -1 OFFSET ?", (register[0], size)
    ).fetchall()
    leaves = [Leaf.from_bytes(leaf) for leaf, _ in rows]
    found["register bytes"], found["entries"] = register[1], len(rows)
    for at in range(heard.case.entries):
        leaf = leaves[at] if at < len(leaves) else None
        found |= {
            f"entry {at} kind": int(leaf.kind) if leaf else ABSENT,
            f"entry {at} length": leaf.length if leaf else ABSENT,
            f"entry {at} time": leaf.time_ms / 1000 - heard.closes if leaf else ABSENT,
            f"entry {at} later": (leaf.time_ms - leaves[at - 1].time_ms) / 1000 if leaf and at else ABSENT,
            f"entry {at} ones": _ones(rows[at][1]) if leaf else ABSENT,
        }
    _classes(found, "bodies", (body or b"" for _, body in rows))
    opened = [body for leaf, (_, body) in zip(leaves, rows, strict=True) if leaf.kind == Kind.BOX_OPEN]
    found["opened"] = len(opened)
    for number in range(heard.case.boxes):
        _opened(found, f"box {number}", opened[number] if number < len(opened) else b"", heard.case.parties)


def _opened(found: Numbers, name: str, body: bytes, parties: int) -> None:
    """What a box opened, as numbers: scalars, elements, and the transcript; of a sealed one its bytes."""
    deposits = unpack(body, BoxOpen).deposits if body else (b"",) * parties
    for place, deposit in enumerate(deposits):
        found[f"{name} {place} length"] = len(deposit)
        values = {"bytes": deposit[-32:]}
        if deposit and b"box-scalar" in deposit:
            said = unpack(deposit, ScalarDeposit)
            values = {"scalar": said.scalar, "transcript": said.transcript}
            values |= {f"element {at}": one for at, one in enumerate(said.elements)}
        for what, value in values.items():
            found[f"{name} {place} {what} high"] = value[-1] if value else ABSENT
            found[f"{name} {place} {what} low"] = value[0] if value else ABSENT
            found[f"{name} {place} {what} ones"] = _ones(value)


def _ones(content: bytes) -> float:
    """The share of bits that are 1."""
    return int.from_bytes(content).bit_count() / (8 * len(content) or 1)
