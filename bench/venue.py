"""The venue beside its floors, in one run on one machine: read the ratios, not the figures.

Everything is on: signed requests, receipts with proofs, synced commits, two signatures a checkpoint, streams. The load
runs in one process over raw sockets, its requests signed beforehand; the venue in another.

    python -m bench.venue [--quick]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import cbor2
from bench.figures import Figure
from bench.figures import show as print_table

from good_offices.encoding import pack
from good_offices.transport import signing
from good_offices.transport.pages import Append, Enrolment, Invitation, Posted
from good_offices.venue.folder import Folder, init, open_folder
from good_offices.venue.offer import offer

BODY = 1024
MOST = "".join(f"{name} = 1000000\n" for name in ("desk_rate", "desk_burst", "address_rate", "address_burst"))


@dataclass
class Desk:
    """A desk that signs requests beforehand."""

    invitation: Invitation
    id: str = field(default_factory=lambda: os.urandom(16).hex())

    def __post_init__(self) -> None:
        self.secret = signing.posting_secret(self.invitation.enrolment, self.id)
        self.path = f"/v1/r/{self.invitation.common}"

    def request(
        self, method: str, path: str, query: str = "", body: bytes = b"", *, by_key: bool = False
    ) -> bytes:
        headers = signing.sign(
            self.invitation.enrolment if by_key else self.secret,
            keyid=f"delegation:{self.invitation.delegation}" if by_key else self.id,
            method=method,
            path=path,
            query=query,
            body=body,
            created=int(time.time()),
            nonce=os.urandom(16).hex(),
        )
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        target = f"{path}?{query}" if query else path
        head = f"{method} {target} HTTP/1.1\r\nhost: venue\r\ncontent-length: {len(body)}\r\n{lines}\r\n"
        return head.encode() + body

    def enrol(self) -> bytes:
        body = pack(Enrolment(desk=self.id, delegation=self.invitation.delegation))
        return self.request("POST", "/v1/desks", body=body, by_key=True)

    def append(self, bodies: list[bytes]) -> bytes:
        body = pack(Append(entries=[Posted(kind=4, body=one) for one in bodies]))
        return self.request("POST", f"{self.path}/entries", body=body)


class Sender(asyncio.Protocol):
    """One connection with one request in flight, fed from a shared iterator."""

    def __init__(self, work: Iterator[tuple[int, bytes]], sent: dict[int, float], took: list[float]) -> None:
        self.work, self.sent, self.took = work, sent, took
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = bytearray()
        self.need = -1
        self.start = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def go(self) -> None:
        item = next(self.work, None)
        if item is None:
            self.transport.close()
            self.done.set_result(None)
            return
        self.start = self.sent[item[0]] = time.perf_counter()
        self.transport.write(item[1])

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.need < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self.buffer.startswith(b"HTTP/1.1 200"):
                msg = f"refused: {bytes(self.buffer)!r}"
                raise SystemExit(msg)
            at = self.buffer.find(b"content-length: ") + 16
            self.need = end + 4 + int(self.buffer[at : self.buffer.find(b"\r", at)])
        if len(self.buffer) >= self.need:
            self.took.append(time.perf_counter() - self.start)
            self.buffer.clear()
            self.need = -1
            self.go()


class Listener(asyncio.Protocol):
    """One open stream; records how long after its sending each message arrived."""

    seen: ClassVar[dict[tuple[str, bytes], list[int]]] = {}

    def __init__(self, desk: Desk, after: int, sent: dict[int, float], took: list[float]) -> None:
        self.after = after
        self.desk, self.sent, self.took = desk, sent, took
        self.buffer = bytearray()
        self.count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.desk.request("GET", f"{self.desk.path}/stream", f"after={self.after}"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        now = time.perf_counter()
        while (end := self.buffer.find(b"\n\n")) >= 0:
            event = bytes(self.buffer[:end])
            del self.buffer[: end + 2]
            at = event.find(b"id: ")
            if at < 0:
                continue
            key = (self.desk.path, event[at : event.find(b"\n", at)])
            numbers = self.seen.get(key)
            if numbers is None:
                page = cbor2.loads(b64decode(event[event.find(b"data: ") + 6 :]))
                numbers = [int.from_bytes(one["body"][:8], "big") for one in page["entries"]]
                self.seen[key] = numbers
            self.count += len(numbers)
            self.took += [now - self.sent[one] for one in numbers]


@contextlib.contextmanager
def program(*arguments: str) -> Iterator[tuple[int, str]]:
    """Run this file as the server; give its process id and address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.venue", *arguments], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.pid, process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        process.stdout.close()


def rss(pid: int) -> float:
    """Resident memory in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def spent(pid: int) -> float:
    """Processor time of all threads of a process, in microseconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1e6 / os.sysconf("SC_CLK_TCK")


def quantiles(times: list[float]) -> str:
    times = sorted(times)
    p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
    return f"p50 {p50 * 1e3:6.2f} ms  p99 {p99 * 1e3:6.2f} ms  p99/p50 {p99 / p50:4.1f}"


async def once(url: str, requests: list[bytes]) -> None:
    """Send requests one after another and wait for them."""
    await load(url, requests, 1)


async def load(
    url: str,
    requests: list[bytes],
    flight: int,
    listeners: list[Desk] | None = None,
    rooms: int = 1,
    after: int = 0,
) -> tuple[float, list[float], list[float]]:
    """Return seconds, times to the receipt, times to the delivery."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    sent: dict[int, float] = {}
    took: list[float] = []
    delivered: list[float] = []
    streams = []
    for desk in listeners or []:
        _, stream = await loop.create_connection(
            lambda desk=desk: Listener(desk, after, sent, delivered), parts.hostname, parts.port
        )
        streams.append(stream)
    if streams:
        await asyncio.sleep(0.3)
    work = iter(enumerate(requests))
    senders = []
    for _ in range(flight):
        _, sender = await loop.create_connection(lambda: Sender(work, sent, took), parts.hostname, parts.port)
        senders.append(sender)
    # The generator's own collector looks at all requests that wait to be sent: it is not what is measured.
    gc.collect()
    gc.freeze()
    begun = time.perf_counter()
    for sender in senders:
        sender.go()
    await asyncio.gather(*(sender.done for sender in senders))
    seconds = time.perf_counter() - begun
    deadline = time.perf_counter() + 5
    while streams and len(delivered) < len(requests) * len(streams) // rooms:
        if time.perf_counter() > deadline:
            msg = f"delivered {len(delivered)} of {len(requests) * len(streams) // rooms}"
            raise SystemExit(msg)
        await asyncio.sleep(0.01)
    for stream in streams:
        stream.transport.close()
    return seconds, took, delivered


def bodies(first: int, count: int) -> list[bytes]:
    return [number.to_bytes(8, "big") + os.urandom(BODY - 8) for number in range(first, first + count)]


def sqlite_floor(path: Path, batch: int, seconds: float) -> float:
    """Messages a second of bare SQLite, WAL, FULL."""
    connection = sqlite3.connect(path / f"floor-{batch}.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, leaf BLOB, body BLOB)")
    rows = [(os.urandom(50), one) for one in bodies(0, batch)]
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO entry (leaf, body) VALUES (?, ?)", rows)
        connection.execute("COMMIT")
        done += batch
    rate = done / (time.perf_counter() - begun)
    connection.close()
    return rate


def file_floor(path: Path, batch: int, seconds: float) -> float:
    """Messages a second of raw append and fdatasync."""
    data = b"".join(bodies(0, batch))
    done, begun = 0, time.perf_counter()
    with (path / f"floor-{batch}.raw").open("wb", buffering=0) as file:
        while time.perf_counter() - begun < seconds:
            file.write(data)
            os.fdatasync(file.fileno())
            done += batch
    return done / (time.perf_counter() - begun)


FOUND: list[Figure] = []
# The goals of the whole system beside others, at 32 messages in flight; no peer is installed by this project.
PEERS = (("prosody, SQL", 7.0), ("magic-wormhole mailbox", 4.0), ("NATS JetStream", 0.5))


def show(
    what: str,
    figure: float,
    floor: float | None = None,
    name: str = "",
    more: str = "",
    least: float | None = None,
) -> None:
    """Note messages a second, beside a floor if there is one."""
    FOUND.append(Figure(what, figure, "/s", floor, name, least=least, state=more))


def slowest(what: str, times: list[float]) -> None:
    """Note how far the slowest of a hundred lies from the middle."""
    ordered = sorted(times)
    ratio = ordered[int(len(ordered) * 0.99)] / statistics.median(ordered)
    FOUND.append(Figure(f"{what}: p99/p50", ratio, "x", limit=3, state=quantiles(times)))


def run(*, quick: bool) -> list[Figure]:
    """Return the figures of one run."""
    FOUND.clear()
    measure(quick=quick)
    return FOUND


def measure(*, quick: bool) -> None:
    scale = 4 if quick else 1
    with tempfile.TemporaryDirectory(prefix="good-offices-bench-") as temporary:
        path = Path(temporary)
        floor32, floor1 = sqlite_floor(path, 32, 2 / scale), sqlite_floor(path, 1, 1 / scale)
        show("floor: SQLite WAL FULL, 32 a commit", floor32)
        show("floor: SQLite WAL FULL, 1 a commit", floor1)
        show("floor: append + fdatasync, 1 a sync", file_floor(path, 1, 1 / scale))
        show("floor: append + fdatasync, 32 a sync", file_floor(path, 32, 1 / scale))
        folder = venue(path / "venue")
        talks = [
            offer(folder, parties=2, out=path / f"talks-{number}", url="http://x").invitations
            for number in range(11)
        ]
        nothing = stack_floor(16_000 // scale)
        show("floor: the HTTP stack doing nothing, 128", nothing)
        with program("--serve", str(folder.path)) as (pid, url):
            idle = rss(pid)
            workloads(pid, url, talks, scale, floor32, nothing)
            FOUND.append(Figure("memory when idle", idle, "MB", limit=100))
            FOUND.append(Figure("memory after the run", rss(pid), "MB", limit=100))
        many(path, 1000 // scale)


def venue(path: Path) -> Folder:
    init(path, "bench")
    with (path / "venue.toml").open("a") as file:
        file.write(MOST)
    return open_folder(path)


def stack_floor(count: int) -> float:
    """Requests a second of the same server around an application that does nothing."""
    with program("--nothing") as (_, url):
        head = f"POST /v1/r/{'0' * 32}/entries HTTP/1.1\r\nhost: venue\r\ncontent-length: {BODY}\r\n\r\n"
        seconds, took, _ = asyncio.run(load(url, [head.encode() + one for one in bodies(0, count)], 128))
    return len(took) / seconds


def workloads(
    pid: int, url: str, talks: list[list[Invitation]], scale: int, floor32: float, nothing: float
) -> None:
    """W1 to W3 and the two ways to have 128 messages in flight."""
    desks = [Desk(talks[0][0]) for _ in range(16)]
    asyncio.run(once(url, [desk.enrol() for desk in desks]))
    count = 16_000 // scale
    requests = [desks[at % 16].append([body]) for at, body in enumerate(bodies(0, count))]
    before = spent(pid)
    seconds, took, _ = asyncio.run(load(url, requests, 128))
    rate = count / seconds
    processor = Figure("    processor time an entry", (spent(pid) - before) / count, "us")
    show("(a) 128 in flight, one a request", rate, floor32, "SQLite 32", quantiles(took), least=0.4)
    show("    the same", rate, nothing, "the HTTP stack doing nothing")
    FOUND.append(processor)
    groups = [bodies(count + at * 16, 16) for at in range(count // 8)]
    requests = [desks[at % 16].append(group) for at, group in enumerate(groups)]
    before = spent(pid)
    seconds, took, _ = asyncio.run(load(url, requests, 8))
    rate = len(groups) * 16 / seconds
    processor = Figure("    processor time an entry", (spent(pid) - before) / (len(groups) * 16), "us")
    show("(b) 128 in flight, 16 a request", rate, floor32, "SQLite 32", quantiles(took), least=0.4)
    FOUND.append(processor)
    rooms = [Desk(one[0]) for one in talks[1:]]
    readers = [Desk(one[reader % 2]) for one in talks[1:] for reader in range(5)]
    asyncio.run(once(url, [desk.enrol() for desk in (*rooms, *readers)]))
    done = 0
    for name, flight, count in (("(c) W2", 32, 8000), ("    W2", 10, 4000), ("    W1, 1 room,", 1, 1000)):
        here = 1 if flight == 1 else 10
        new = bodies(0, count // scale)
        requests = [rooms[at % here].append([body]) for at, body in enumerate(new)]
        listening = readers[: here * 5]
        Listener.seen.clear()
        seconds, took, delivered = asyncio.run(load(url, requests, flight, listening, here, done // 10))
        done += len(requests)
        show(f"{name} {flight} in flight, 5 readers a room", len(took) / seconds, floor32, "SQLite 32")
        slowest("    to the receipt", took)
        slowest("    to the delivery", delivered)
        beside = PEERS if flight == 32 else (("matrix-synapse", 100.0),) if flight == 10 else ()
        for peer, least in beside:
            show("    the same", len(took) / seconds, None, peer, least=least)
    pages = [
        desks[0].request("GET", f"{desks[0].path}/entries", f"from={at}&limit=1000")
        for at in range(1, 10_001, 1000)
    ]
    seconds, _, _ = asyncio.run(load(url, pages[: 10 // scale or 1], 1))
    FOUND.append(
        Figure("W3 10,000 entries in pages", seconds * scale, "s", None, "matrix-synapse", most=0.01)
    )


def many(path: Path, count: int) -> None:
    """Memory with many talks, each of which was written to."""
    folder = venue(path / "many")
    talks = [
        offer(folder, parties=2, out=path / f"many-{at}", url="http://x").invitations[0]
        for at in range(count)
    ]
    with program("--serve", str(folder.path)) as (pid, url):
        desks = [Desk(one) for one in talks]
        asyncio.run(once(url, [desk.enrol() for desk in desks]))
        asyncio.run(load(url, [desk.append(bodies(0, 1)) for desk in desks], 8))
        FOUND.append(Figure(f"memory with {count} talks in use", rss(pid), "MB", limit=100))


def serve_venue(path: str) -> None:
    from good_offices.venue.server import serve

    serve(open_folder(Path(path)), say=lambda text: print(text, flush=True), warn=print)


def serve_nothing() -> None:
    """The same protocol, loop and server; the application reads the body and answers 3,900 bytes."""
    import uvicorn

    from good_offices.venue.protocol import guarded
    from good_offices.venue.server import _bind, loop_factory
    from good_offices.venue.settings import Limits

    async def app(_: dict, receive: Callable, send: Callable) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3900")]})
        await send({"type": "http.response.body", "body": bytes(3900)})

    async def main(bound: object) -> None:
        config = uvicorn.Config(
            app, http=guarded(Limits()), ws="none", lifespan="off", access_log=False, log_level="critical"
        )
        await uvicorn.Server(config).serve(sockets=[bound])

    with _bind("127.0.0.1:0") as bound:
        host, port = bound.getsockname()
        print(f"http://{host}:{port}", flush=True)
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(main(bound))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--serve")
    parser.add_argument("--nothing", action="store_true")
    arguments = parser.parse_args()
    if arguments.serve:
        serve_venue(arguments.serve)
    elif arguments.nothing:
        serve_nothing()
    else:
        print_table("venue", run(quick=arguments.quick))
