"""One register at this desk, from the wire to the state: fetched, verified, opened, judged, kept.

This module decides when an entry counts at this desk: when its leaf is proved, its verdict is given, and both are on the
disk, all in one transaction with the host's note. It never decides what the rules say.

1. Entries are judged in the order of the register, each once.
2. A secret that was handed over opens entries that came earlier: the record is then judged again from its beginning,
   out of the archive; no entry is fetched twice.
3. The verified prefix is cached: leaf hashes and state, sealed. Opening a desk reads the cache and judges what came after.
4. An act whose author saw another history is compared with ours at once; if the host signed both, the desk stops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, NamedTuple, TypeVar

from good_offices.desk.epochs import Epochs
from good_offices.desk.ledger import Ledger, Verified
from good_offices.desk.opening import read_entry
from good_offices.desk.storage import Storage
from good_offices.encoding import Record, pack, unpack
from good_offices.register.leaf import Kind, Leaf
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import Act, SignedAct
from good_offices.talks.caucus import CaucusReplay
from good_offices.talks.credentials import Introduction
from good_offices.talks.events_roster import EpochsHandedOver
from good_offices.talks.entries import Entry, Opened
from good_offices.talks.replay import CommonReplay
from good_offices.talks.verdict import ForkSuspected, Verdict


class Kept(Record, kw_only=True):
    """One archived entry: leaf record, body, the message key that opens it (empty if none), and its verdict."""

    leaf: bytes
    body: bytes | None
    key: bytes
    verdict: Verdict


class Cache(Record, kw_only=True, tag="good-offices/cache/1", tag_field="form"):
    """A verified prefix: all leaf hashes and the state after them."""

    leaves: bytes
    state: bytes


class Line(NamedTuple):
    """One entry as people read it: where, when by the host's clock, what, and what the rules say."""

    index: int
    leaf: Leaf
    act: Act | None
    verdict: Verdict


J = TypeVar("J", CommonReplay, CaucusReplay)


class Book(Generic[J]):
    """The record of one register."""

    def __init__(
        self,
        storage: Storage,
        ledger: Ledger,
        epochs: Epochs,
        begin: Callable[[bytes | None], J],
    ) -> None:
        """Read the cache and judge what came after it; `begin` makes a judge from a snapshot, or afresh from None."""
        self.ledger = ledger
        self.verdicts: dict[bytes, Verdict] = {}
        self._storage = storage
        self._epochs = epochs
        self._begin = begin
        self._cached = 0
        self.judge = self._restore()

    def update(self) -> list[Verdict]:
        """Return the verdicts on all entries that are new at the venue; each is kept when this returns.

        Raises:
            EquivocationError, OperationalError, RemoteError: as `Ledger.fetch`.
        """
        fresh = []
        for batch in self.ledger.fetch():
            fresh += self.take(batch)
        return fresh

    def take(self, batch: Verified) -> list[Verdict]:
        """Return the verdicts on a verified batch, judged and kept in one transaction (rule 1)."""
        verdicts = []
        again = False
        with self._storage.transaction():
            for index, leaf, body in batch:
                verdict, learned = self._judge(index, leaf, body)
                again = again or learned
                verdicts.append(verdict)
            self._storage.put(f"note/{self.ledger.register}", self.ledger.note)
            self._storage.faults("record-before-commit")
        self._storage.faults("record-after-commit")
        if again:
            self.judge_again()
        return verdicts

    def judge_again(self) -> None:
        """Judge the whole archive from its beginning, after a secret came that opens earlier entries (rule 2)."""
        self.judge = self._begin(None)
        self.verdicts.clear()
        rows = list(self._storage.archived(self.ledger.register))
        with self._storage.transaction():
            for index, content in rows:
                kept = unpack(content, Kept)
                self._judge(index, Leaf.from_bytes(kept.leaf), kept.body, replace=True)

    def save(self) -> None:
        """Write the cache if the record has grown (rule 3)."""
        size = self.ledger.tree.size
        if size == self._cached:
            return
        cache = Cache(leaves=self.ledger.leaves(), state=self.judge.snapshot())
        self._storage.put(f"cache/{self.ledger.register}", pack(cache))
        self._cached = size

    def lines(self, first: int = 0, last: int | None = None) -> Iterator[Line]:
        """Yield the entries from `first` up to and without `last`, opened again from the archive."""
        for index, content in self._storage.archived(self.ledger.register, first, last):
            kept = unpack(content, Kept)
            yield Line(index, Leaf.from_bytes(kept.leaf), _act(kept), kept.verdict)

    def introductions(self) -> Iterator[Introduction]:
        """Yield the introductions of this register that hold, in order."""
        for _, content in self._storage.archived(self.ledger.register):
            kept = unpack(content, Kept)
            if kept.body is not None and Leaf.from_bytes(kept.leaf).kind == Kind.INTRODUCTION:
                if kept.verdict.status == "valid":
                    yield unpack(kept.body, Introduction, what="an introduction")

    def kept(self, index: int) -> Kept:
        """Return one archived entry whole: what a disclosure or an outcome needs."""
        ((_, content),) = self._storage.archived(self.ledger.register, index, index + 1)
        return unpack(content, Kept)

    def _restore(self) -> J:
        """Return the judge with all archived entries behind it."""
        register = self.ledger.register
        note = self._storage.get(f"note/{register}")
        cached = self._storage.get(f"cache/{register}")
        if note is None:
            self.judge = self._begin(None)
            return self.judge
        cache = unpack(cached, Cache) if cached else Cache(leaves=b"", state=b"")
        self.judge = self._begin(cache.state or None)
        self._cached = len(cache.leaves) // 32
        rows = [
            (index, unpack(content, Kept)) for index, content in self._storage.archived(register, self._cached)
        ]
        leaves = b"".join(Leaf.from_bytes(kept.leaf).hash for _, kept in rows)
        self.ledger.restore(cache.leaves + leaves, note)
        with self._storage.transaction():
            for index, kept in rows:
                self._judge(index, Leaf.from_bytes(kept.leaf), kept.body, replace=True)
        return self.judge

    def _judge(
        self, index: int, leaf: Leaf, body: bytes | None, *, replace: bool = False
    ) -> tuple[Verdict, bool]:
        """Return the verdict on one entry after archiving it, and whether it handed over secrets new to us."""
        content, key = read_entry(leaf, body, self._epochs, self.judge.certificate)
        entry = Entry(index=index, leaf=leaf.hash, kind=int(leaf.kind), time=leaf.time_ms, content=content)
        verdict = self.judge.apply(entry)
        for effect in verdict.effects:
            if isinstance(effect, ForkSuspected):
                self.ledger.compare_seen(effect.seen)
        learned = False
        if isinstance(content, Opened) and content.act is not None:
            self.verdicts[content.act_hash] = verdict
            event = content.act.event
            # Whatever the verdict: a joiner cannot yet know the author. A false secret opens nothing, and the
            # rules hold each one against its manifest's commitment when the record is judged again.
            if isinstance(event, EpochsHandedOver):
                learned = any([self._epochs.learn(event.room, one.manifest, one.secret) for one in event.epochs])
        kept = Kept(leaf=leaf.to_bytes(), body=body, key=key, verdict=verdict)
        self._storage.archive(self.ledger.register, index, pack(kept), replace=replace)
        return verdict, learned


def _act(kept: Kept) -> Act | None:
    """Return the act in an archived entry, if this desk can open it."""
    if not kept.key or kept.body is None:
        return None
    return unpack(open_envelope(kept.body, kept.key), SignedAct, what="an act").opened()
