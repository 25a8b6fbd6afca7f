"""A small client for the tests of the venue: raw HTTP on asyncio streams, signed like a desk's requests."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from good_offices.encoding import pack, unpack
from good_offices.register.genesis import Genesis
from good_offices.register.leaf import Leaf
from good_offices.register.proofs import verify_inclusion
from good_offices.register.tree import Tree
from good_offices.transport import signing
from good_offices.transport.pages import (
    Append,
    Enrolment,
    Invitation,
    Page,
    Posted,
    Problem,
    Receipt,
    Receipts,
)
from good_offices.venue import folder as folders
from good_offices.venue.offer import Offered, offer


def new_venue(path: Path, parties: int = 2, **limits: int) -> tuple[folders.Folder, Offered]:
    """Make a venue with one talks."""
    folder = folders.init(path / "venue", "Lake House")
    with (path / "venue" / "venue.toml").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in limits.items())
    folder = folders.open_folder(path / "venue")
    return folder, offer(folder, parties=parties, out=path / "invitations", url="http://127.0.0.1")


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> Problem:
        return unpack(self.body, Problem)

    @property
    def receipts(self) -> list[Receipt]:
        return unpack(self.body, Receipts).receipts


class Wire:
    """One connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            with contextlib.suppress(OSError):
                await self.writer.wait_closed()
            self.writer = None

    async def send(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        if self.writer is None:
            await self.open()
        head = f"{method} {target} HTTP/1.1\r\nhost: venue\r\n"
        if body or method == "POST":
            head += f"content-length: {len(body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.writer.write(head.encode() + b"\r\n" + body)
        await self.writer.drain()
        return await self.receive()

    async def receive(self) -> Answer:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        length = int(headers.get("content-length", 0))
        answer = Answer(int(head[0].split()[1]), headers, await self.reader.readexactly(length))
        if headers.get("connection") == "close":
            await self.close()
        return answer


@dataclass
class Desk:
    """A desk of one invitation; `wire` may be replaced when the venue was started again."""

    invitation: Invitation
    url: str
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    ahead: int = 0

    def __post_init__(self) -> None:
        self.secret = signing.posting_secret(self.invitation.enrolment, self.id)
        self.keys = Genesis.parse(self.invitation.genesis).keys
        self.wire = Wire(self.url)

    @property
    def common(self) -> str:
        return f"/v1/r/{self.invitation.common}"

    @property
    def caucus(self) -> str:
        return f"/v1/r/{self.invitation.caucus}"

    def signed(self, method: str, path: str, query: str = "", body: bytes = b"") -> dict[str, str]:
        return signing.sign(
            self.secret,
            keyid=self.id,
            method=method,
            path=path,
            query=query,
            body=body,
            created=int(time.time()) + self.ahead,
            nonce=os.urandom(16).hex(),
        )

    async def send(self, method: str, path: str, query: str = "", body: bytes = b"") -> Answer:
        target = f"{path}?{query}" if query else path
        return await self.wire.send(method, target, self.signed(method, path, query, body), body)

    async def with_key(self, method: str, path: str, body: bytes = b"") -> Answer:
        """Send a request signed with the enrolment key."""
        headers = signing.sign(
            self.invitation.enrolment,
            keyid=f"delegation:{self.invitation.delegation}",
            method=method,
            path=path,
            query="",
            body=body,
            created=int(time.time()),
            nonce=os.urandom(16).hex(),
        )
        return await self.wire.send(method, path, headers, body)

    async def enrol(self) -> Answer:
        body = pack(Enrolment(desk=self.id, delegation=self.invitation.delegation))
        return await self.with_key("POST", "/v1/desks", body)

    async def append(self, *bodies: bytes, kind: int = 4, register: str = "") -> Answer:
        body = pack(Append(entries=[Posted(kind=kind, body=one) for one in bodies]))
        return await self.send("POST", f"{register or self.common}/entries", "", body)

    async def page(self, start: int = 0, limit: int = 1000, register: str = "") -> Answer:
        return await self.send("GET", f"{register or self.common}/entries", f"from={start}&limit={limit}")


class View:
    """What a careful desk holds of one register: every leaf, every root it was ever shown, every receipt."""

    def __init__(self, desk: Desk) -> None:
        self.keys = desk.keys
        self.tree = Tree()
        self.leaves: list[bytes] = []
        self.roots: dict[int, bytes] = {}
        self.receipts: dict[int, bytes] = {}
        self.notes: dict[int, bytes] = {}

    def see(self, note: bytes) -> None:
        """Keep a checkpoint; two roots for one size are a fork."""
        checkpoint = self.keys.open(note)
        self.notes[checkpoint.size] = note
        assert self.roots.setdefault(checkpoint.size, checkpoint.root) == checkpoint.root, "a fork"

    def take(self, answer: Answer, bodies: list[bytes]) -> None:
        """Keep the receipts for `bodies`, each verified."""
        given = unpack(answer.body, Receipts)
        self.see(given.checkpoint)
        checkpoint = self.keys.open(given.checkpoint)
        assert len(given.receipts) == len(bodies)
        for receipt, body in zip(given.receipts, bodies, strict=True):
            leaf = Leaf.from_bytes(receipt.leaf)
            leaf.check_body(body)
            verify_inclusion(receipt.index, checkpoint.size, leaf.hash, receipt.proof, checkpoint.root)
            assert self.receipts.setdefault(receipt.index, receipt.leaf) == receipt.leaf

    def read(self, page: Page) -> bool:
        """Keep a page; tell whether there is more."""
        assert page.start == self.tree.size
        for one in page.entries:
            leaf = Leaf.from_bytes(one.leaf)
            if one.body is not None:
                leaf.check_body(one.body)
            self.tree.append(leaf.hash)
            self.leaves.append(one.leaf)
        self.see(page.checkpoint)
        return self.tree.size < self.keys.open(page.checkpoint).size

    async def catch_up(self, desk: Desk) -> None:
        """Read to the end, then compare all that was ever shown with what is there."""
        more = True
        while more:
            more = self.read(unpack((await desk.page(self.tree.size)).body, Page))
        for size, root in self.roots.items():
            assert self.tree.root(size) == root, "a checkpoint that is not of this register"
        for index, leaf in self.receipts.items():
            assert self.leaves[index] == leaf, "a receipt for what is not there"
