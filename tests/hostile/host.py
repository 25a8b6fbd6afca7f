"""A venue that speaks the real protocol and cheats, without a network: the host's real keys, and views of its own.

Desks reach it through their own client: the host stands in for `desk.wire.Network`. What it says is signed as a real venue
signs. A *view* is one history of all registers; each delegation is shown one. `cheats` names a route and changes its honest
answer. The manner is that of python-tuf's repository simulator.
"""

from __future__ import annotations

import copy
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from good_offices.encoding import pack, unpack
from good_offices.register.box import BoxOpen
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.deposit import Deposited
from good_offices.register.genesis import Caucus, Genesis, talks_id
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.transport import pages

URL = "http://venue.invalid"
Cheat = Callable[[Any, "Asked"], Any]


class Request(NamedTuple):
    """One request as the host receives it; names of headers are in small letters."""

    method: str
    target: str
    headers: dict[str, str]
    content: bytes


class Response:
    """One answer of the host: a status and a body, whole or piece by piece."""

    def __init__(self, status: int = 200, content: bytes = b"", *, stream: Iterable[bytes] = ()) -> None:
        self.status = status
        self._stream = iter((content, *stream) if content else stream)

    def pieces(self) -> Iterator[bytes]:
        return self._stream

    def close(self) -> None:
        """Nothing is open."""


class Log:
    """One register as one view shows it."""

    def __init__(self, signer: HostSigner) -> None:
        self.signer = signer
        self.tree = Tree()
        self.rows: list[tuple[bytes, bytes | None]] = []

    def __deepcopy__(self, _memo: object) -> Log:
        return self.cut(len(self.rows))

    def append(self, kind: int, body: bytes) -> int:
        """Return the index of a body, the old one if it is there already."""
        digest = hashlib.sha256(body).digest()
        for index, (leaf, _) in enumerate(self.rows):
            if leaf[18:] == digest:
                return index
        return self.force(kind, body)

    def force(self, kind: int, body: bytes) -> int:
        """Return the index of a body that is appended whether it is there already or not."""
        leaf = Leaf.of(Kind(kind), int(time.time() * 1000), body)
        self.rows.append((leaf.to_bytes(), body))
        return self.tree.append(leaf.hash)

    def cut(self, size: int) -> Log:
        """Return this register as it was at a size."""
        new = Log(self.signer)
        for leaf, body in self.rows[:size]:
            new.rows.append((leaf, body))
            new.tree.append(Leaf.from_bytes(leaf).hash)
        return new

    def note(self, size: int | None = None, root: bytes | None = None) -> bytes:
        """Return the host's word on a size, true unless `root` says otherwise."""
        size = self.tree.size if size is None else size
        checkpoint = Checkpoint(self.signer.origin, size, root or self.tree.root(size))
        return self.signer.sign(checkpoint, int(time.time()))

    def page(self, start: int, note: bytes | None = None) -> pages.Page:
        """Return the entries from `start` on."""
        entries = [pages.Kept(leaf=leaf, body=body) for leaf, body in self.rows[start:]]
        return pages.Page(start=start, entries=entries, checkpoint=note or self.note())


class Asked:
    """One request: who asks, of which register, and with what."""

    def __init__(self, host: HostileHost, request: Request) -> None:
        self.request = request
        self.method = request.method
        url = urlsplit(request.target)
        self.parts = url.path.strip("/").split("/")
        self.query = {key: int(value) for key, value in parse_qsl(url.query)}
        (self.keyid,) = re.findall(r'keyid="([^"]+)"', request.headers["signature-input"])
        self.delegation = host.desks.get(self.keyid, "")
        self.route = self.parts[-1] if self.parts[1] == "r" else "desks"
        if self.route == "entries" and self.method == "POST":
            self.route = "append"
        if self.parts[-2] == "boxes":
            self.route = "boxes"
        self.register = self.parts[2] if self.parts[1] == "r" else ""
        self.log = host.log(self.delegation, self.register) if self.register else None


class HostileHost:
    """A venue with two delegations (or more), honest until it is told otherwise."""

    def __init__(self, parties: int = 2, host: str = "venue.invalid") -> None:
        seeds = secrets.token_bytes(32), secrets.token_bytes(32)
        ids = [secrets.token_hex(16) for _ in range(parties + 1)]
        delegations = sorted(secrets.token_hex(16) for _ in range(parties))
        signers = {one: HostSigner(*seeds, f"{host}/t/{one}") for one in ids}
        self.seeds = seeds
        self.common = ids[0]
        genesis = Genesis.of(_keys(signers[ids[0]]), ids[0], delegations)
        bodies = {ids[0]: genesis.body()}
        for one, delegation in zip(ids[1:], delegations, strict=True):
            caucus = Caucus(talks=talks_id(genesis.body()), delegation=delegation)
            bodies[one] = Genesis.of(_keys(signers[one]), one, delegations, caucus).body()
        self.views: dict[str, dict[str, Log]] = {"true": {one: Log(signers[one]) for one in ids}}
        for one, body in bodies.items():
            self.views["true"][one].append(Kind.GENESIS, body)
        self.shown: dict[str, str] = {}
        self.desks: dict[str, str] = {}
        self.cheats: dict[str, Cheat] = {}
        self.asked: list[Request] = []
        self.deposits: dict[bytes, dict[str, bytes]] = {}
        self.invitations = [
            pages.Invitation(
                form=pages.INVITATION,
                url=URL,
                talks=talks_id(genesis.body()),
                genesis=bodies[ids[0]],
                common=ids[0],
                caucus=caucus_id,
                caucus_genesis=bodies[caucus_id],
                delegation=delegation,
                enrolment=secrets.token_bytes(32),
            )
            for caucus_id, delegation in zip(ids[1:], delegations, strict=True)
        ]

    def log(self, delegation: str, register: str) -> Log:
        """Return a register in the view that a delegation is shown."""
        return self.views[self.shown.get(delegation, "true")][register]

    def fork(self, delegation: str, size: int | None = None) -> Log:
        """Show a delegation a view of its own of the common register from now on, cut at `size`; return it."""
        view = copy.deepcopy(self.views[self.shown.get(delegation, "true")])
        if size is not None:
            view[self.common] = view[self.common].cut(size)
        name = f"view {len(self.views)}"
        self.views[name] = view
        self.shown[delegation] = name
        return view[self.common]

    def copy(self) -> HostileHost:
        """Return a host with the same past and a future of its own."""
        new = copy.copy(self)
        new.views = copy.deepcopy(self.views)
        new.shown, new.desks, new.cheats, new.asked = dict(self.shown), dict(self.desks), {}, []
        new.deposits = copy.deepcopy(self.deposits)
        return new

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, _silence: float
    ) -> Response:
        """Return the answer to a request, instead of a network: the honest one, as a cheat has changed it."""
        request = Request(method, target, {name.lower(): value for name, value in headers.items()}, body)
        self.asked.append(request)
        asked = Asked(self, request)
        answer = getattr(self, f"_{asked.route}")(asked)
        if asked.route in self.cheats:
            answer = self.cheats[asked.route](answer, asked)
        return answer if isinstance(answer, Response) else Response(200, pack(answer))

    def close(self) -> None:
        """Nothing is open."""

    def _desks(self, asked: Asked) -> Any:
        if asked.method == "DELETE":
            self.desks.pop(asked.parts[-1], None)
            return pages.Enrolment(desk=asked.parts[-1], delegation="")
        enrolment = unpack(asked.request.content, pages.Enrolment)
        self.desks[enrolment.desk] = enrolment.delegation
        return enrolment

    def _append(self, asked: Asked) -> Any:
        posted = unpack(asked.request.content, pages.Append).entries
        log = asked.log
        indices = [log.append(one.kind, one.body) for one in posted]
        return receipts(log, indices)

    def _boxes(self, asked: Asked) -> Any:
        """Take a deposit of a box to which all have committed, and open it with the last (spec/soundings.md section 9)."""
        box, given = bytes.fromhex(asked.parts[-1]), unpack(asked.request.content, pages.Deposit).deposit
        held = self.deposits.setdefault(box, {})
        held[asked.delegation] = given
        if len(held) == len(self.invitations):
            deposits = tuple(held[one] for one in sorted(held))
            asked.log.append(Kind.BOX_OPEN, pack(BoxOpen(box=box, deposits=deposits)))
        return pages.DepositReceipt(note=self.deposit_receipt(box, asked.delegation, given))

    def deposit_receipt(self, box: bytes, delegation: str, given: bytes) -> bytes:
        """Return this host's receipt for a deposit, held or not."""
        signer = self.views["true"][self.common].signer
        digest = hashlib.sha256(given).digest()
        return signer.sign_deposit(Deposited(signer.origin, box, delegation, digest))

    def _entries(self, asked: Asked) -> Any:
        start = asked.query["from"]
        if start > asked.log.tree.size:
            return Response(404, pack(pages.Problem(code="no-such-entry", message="", remedy="")))
        return asked.log.page(start)

    def _checkpoint(self, asked: Asked) -> Any:
        return pages.Head(checkpoint=asked.log.note())

    def _consistency(self, asked: Asked) -> Any:
        old, new = asked.query["old"], asked.query["new"]
        proof = asked.log.tree.consistency_proof(old, new)
        return pages.Consistency(old=old, new=new, proof=proof)

    def _cosignatures(self, asked: Asked) -> Any:
        if asked.method == "POST":
            return unpack(asked.request.content, pages.Cosigned)
        return pages.Cosignatures(notes=[])


def receipts(log: Log, indices: list[int]) -> pages.Receipts:
    """Return true receipts for entries of a register."""
    made = [
        pages.Receipt(index=index, leaf=log.rows[index][0], proof=log.tree.inclusion_proof(index))
        for index in indices
    ]
    return pages.Receipts(checkpoint=log.note(), receipts=made)


def _keys(signer: HostSigner) -> Any:
    return signer.keys
