"""Make the vectors of the host's box: ids, deposit receipts, evidence (spec/soundings.md section 9).

    python -m spec.vectors.make_boxes

A host's signatures over its checkpoints are hedged, so every run makes other files: what is made here can be verified, and not
reproduced byte by byte. Keys, boxes and deposits come from labels.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.soundings import digest

from good_offices.encoding import pack
from good_offices.errors import RemoteError
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid, Reason, ScalarDeposit, box_id
from good_offices.register.box_evidence import (
    FORM,
    BoxEvidence,
    Claim,
    Ends,
    Logged,
    Opening,
    Voiding,
    logged,
)
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.deposit import Deposited
from good_offices.register.genesis import Genesis
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.receipt import Receipt
from good_offices.register.tree import Tree
from good_offices.seals.group import base, scalar_from

HERE = Path(__file__).parent / "soundings"
REGISTER = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
PARTIES = ("1" * 32, "2" * 32)
CTX = hashlib.sha512(b"the context of a run").digest()
BOX = box_id(CTX, 0)


def given(*, fit: bool = True) -> list[bytes]:
    """Return the deposits of both parties; with `fit` false the scalar of place 1 is not that of its element."""
    scalars = [scalar_from(hashlib.sha512(b"scalar %d" % place).digest()) for place in range(2)]
    elements = tuple(bytes(base(one)) for one in scalars)
    if not fit:
        scalars[1] = scalar_from(hashlib.sha512(b"another").digest())
    transcript = hashlib.sha512(b"all messages").digest()
    return [
        pack(ScalarDeposit(box=BOX, elements=elements, transcript=transcript, scalar=bytes(one)))
        for one in scalars
    ]


class Log:
    """A common register and a host that logs what it is told."""

    def __init__(self, host: HostSigner, deposits: list[bytes]) -> None:
        """Begin with the genesis."""
        self.host, self.deposits = host, deposits
        self.tree = Tree()
        self.rows: list[tuple[Leaf, bytes]] = []
        self.add(Kind.GENESIS, Genesis.of(host.keys, REGISTER, list(PARTIES)).body())

    def add(self, kind: Kind, body: bytes) -> int:
        """Return the index of an entry."""
        self.rows.append((Leaf.of(kind, 1_700_000_000_000, body), body))
        return self.tree.append(self.rows[-1][0].hash)

    def commit(self) -> list[int]:
        """Return the indexes of the commitments of both."""
        return [
            self.add(
                Kind.BOX_COMMIT,
                pack(
                    BoxCommit(
                        box=BOX,
                        delegation=party,
                        parties=PARTIES,
                        release="scalars",
                        hash=hashlib.sha256(deposit).digest(),
                        wait=600_000,
                    )
                ),
            )
            for party, deposit in zip(PARTIES, self.deposits, strict=True)
        ]

    def open(self, deposits: Sequence[bytes]) -> int:
        """Return the index of a box-open."""
        return self.add(Kind.BOX_OPEN, pack(BoxOpen(box=BOX, deposits=tuple(deposits))))

    def void(self, reason: Reason) -> int:
        """Return the index of a box-void."""
        return self.add(Kind.BOX_VOID, pack(BoxVoid(box=BOX, reason=reason)))

    def shown(self, index: int) -> Logged:
        """Return an entry under the host's word on all."""
        size = len(self.rows)
        note = self.host.sign(Checkpoint(self.host.origin, size, self.tree.root()), 1_700_000_000)
        leaf, body = self.rows[index]
        return logged(Receipt.of(index, leaf, self.tree.inclusion_proof(index, size), note), body)

    def receipts(self, count: int = 2) -> tuple[bytes, ...]:
        """Return the deposit receipts of the first parties."""
        return tuple(receipt(self.host, BOX, *one) for one in zip(PARTIES, self.deposits, strict=True))[
            :count
        ]


def receipt(host: HostSigner, box: bytes, delegation: str, deposit: bytes) -> bytes:
    """Return a deposit receipt."""
    return host.sign_deposit(Deposited(host.origin, box, delegation, hashlib.sha256(deposit).digest()))


def host_of(label: str) -> HostSigner:
    """Return the host whose keys a label stands for, under the one origin."""
    return HostSigner(digest(label), digest(label + " too"), f"venue.example/t/{REGISTER}")


def receipts() -> list[dict[str, Any]]:
    """Return deposit receipts, and notes that are none."""
    host, deposit = host_of("host"), given()[0]
    true = receipt(host, BOX, PARTIES[0], deposit)
    checkpoint = host.sign(Checkpoint(host.origin, 1, bytes(32)), 1_700_000_000)
    named = true.partition(b"\n\n")
    notes = {
        "true": (true, "ok"),
        "of another host of this name": (receipt(host_of("stranger"), BOX, PARTIES[0], deposit), None),
        "another delegation in it": (true.replace(PARTIES[0].encode(), PARTIES[1].encode()), None),
        "a line more": (named[0] + b"\nmore" + b"".join(named[1:]), None),
        "a checkpoint": (checkpoint, None),
        "nothing": (b"", None),
    }
    return [
        {"name": name, "note": note.decode(), "verdict": verdict or refusal(host, note)}
        for name, (note, verdict) in notes.items()
    ]


def refusal(host: HostSigner, note: bytes) -> str:
    """Return the code with which a note is refused."""
    try:
        host.keys.open_deposit(note)
    except RemoteError as refused:
        return refused.code
    raise AssertionError(note)


def evidence() -> list[dict[str, str]]:
    """Return files that convict a host, and files that do not."""
    found = []

    def add(name: str, log: Log, claim: Claim, verdict: str = "ok") -> None:
        file = BoxEvidence(form=FORM, founding=log.shown(0), claim=claim).to_bytes()
        found.append({"name": name, "file": b64encode(file).decode(), "verdict": verdict})

    def fresh(*, fit: bool = True) -> tuple[Log, list[int]]:
        log = Log(host_of("host"), given(fit=fit))
        return log, log.commit()

    def shown(log: Log, places: list[int]) -> tuple[Logged, ...]:
        return tuple(log.shown(one) for one in places)

    log, commits = fresh()
    end = log.open([log.deposits[0], b"forged"])
    add("opened with a forged deposit", log, Opening(commits=shown(log, commits[1:]), end=log.shown(end)))
    one = Opening(commits=shown(log, commits[:1]), end=log.shown(end))
    add("the commitment that was kept shows nothing", log, one, "box-unproved")
    log, commits = fresh()
    end = log.open(log.deposits[:1])
    add("opened with one deposit", log, Opening(commits=shown(log, commits[:1]), end=log.shown(end)))
    log, commits = fresh(fit=False)
    end = log.open(log.deposits)
    add("opened what does not fit", log, Opening(commits=shown(log, commits), end=log.shown(end)))
    log, commits = fresh()
    end = log.open(log.deposits)
    add("an honest opening", log, Opening(commits=shown(log, commits), end=log.shown(end)), "box-unproved")
    log, _ = fresh()
    end = log.void("time")
    add("closed although it held both", log, Voiding(end=log.shown(end), receipts=log.receipts()))
    add("one receipt alone", log, Voiding(end=log.shown(end), receipts=log.receipts(1)), "box-unproved")
    log, commits = fresh()
    end, both = log.void("differ"), tuple(given())
    claim = Voiding(end=log.shown(end), receipts=log.receipts(), commits=shown(log, commits), deposits=both)
    add("called different what opens", log, claim)
    log, _ = fresh()
    ends = [log.open(log.deposits), log.void("time")]
    add("ended twice", log, Ends(first=log.shown(ends[0]), second=log.shown(ends[1])))
    add("one end twice", log, Ends(first=log.shown(ends[0]), second=log.shown(ends[0])), "box-unproved")
    return found


def main() -> None:
    """Write the file."""
    HERE.mkdir(exist_ok=True)
    numbers = [0, 1, 255, 256, 65_535]
    made = {
        "spec": "spec/soundings.md",
        "ids": [{"ctx": CTX.hex(), "number": at, "box": box_id(CTX, at).hex()} for at in numbers],
        "genesis": Genesis.of(host_of("host").keys, REGISTER, list(PARTIES)).body().hex(),
        "box": BOX.hex(),
        "delegation": PARTIES[0],
        "deposit": given()[0].hex(),
        "receipts": receipts(),
        "evidence": evidence(),
    }
    (HERE / "boxes.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
