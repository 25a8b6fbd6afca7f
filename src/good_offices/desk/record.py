"""One register at this desk, from the wire to the state: fetched, verified, opened, judged, kept.

This module decides when an entry counts at this desk: when its leaf is proved, its verdict is given, and both are on the
disk, all in one transaction with the host's note. It never decides what the rules say.

1. Entries are judged in the order of the register, each once.
2. A secret that was handed over opens entries that came earlier: the record is then judged again from its beginning,
   out of the archive; no entry is fetched twice.
3. The verified prefix is cached: leaf hashes and state, sealed. Opening a desk reads the cache and judges what came after.
4. An act whose author saw another history is void; the desk compares the two, and stops if the host signed both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from good_offices.desk.epochs import Epochs
from good_offices.desk.ledger import Ledger, Verified
from good_offices.desk.opening import read_entry
from good_offices.desk.storage import Storage
from good_offices.encoding import Record, pack, unpack
from good_offices.register.leaf import Kind, Leaf
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import Act, SignedAct
from good_offices.talks.caucus import CaucusReplay
from good_offices.talks.credentials import Introduction, Statement
from good_offices.talks.entries import Entry, Opened
from good_offices.talks.events_roster import EpochsHandedOver
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


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as people read it: where, when by the host's clock, what, and what the rules say."""

    index: int
    leaf: Leaf
    act: Act | None
    verdict: Verdict


J = TypeVar("J", bound=CommonReplay | CaucusReplay)


class Book(Generic[J]):
    """The record of one register."""

    def __init__(
        self,
        storage: Storage,
        ledger: Ledger,
        epochs: Epochs,
        begin: Callable[[bytes | None], J],
        certificate: Callable[[J, Act], Statement | None],
    ) -> None:
        """Read the cache and judge what came after it.

        `begin` makes a judge from a snapshot, or afresh from None; `certificate` finds an act's author.
        """
        self.ledger = ledger
        self.verdicts: dict[bytes, Verdict] = {}
        self._storage = storage
        self._epochs = epochs
        self._begin = begin
        self._certificate = certificate
        self._suspects: list[ForkSuspected] = []
        self._cached = 0
        self.judge = self._restore()

    def fetch(self) -> list[Verified]:
        """Return what is new at the venue, verified and not yet judged; `take` is to follow.

        Raises:
            EquivocationError, OperationalError, RemoteError: as `Ledger.fetch`; nothing was taken.
        """
        try:
            return list(self.ledger.fetch())
        except BaseException:
            self.judge = self._restore()
            raise

    def take(self, batches: list[Verified]) -> list[Verdict]:
        """Return the verdicts on verified batches, judged and kept in one transaction (rule 1).

        Raises:
            OperationalError: `disk-refused` or `common-behind`; nothing was taken.
        """
        entries = [entry for batch in batches for entry in batch]
        if not entries:
            return []
        try:
            with self._storage.transaction():
                judged = [self._judge(index, leaf, body) for index, leaf, body in entries]
                self._storage.put(f"note/{self.ledger.register}", self.ledger.note)
                self.ledger.settle()
                self._storage.faults("record-before-commit")
        except BaseException:
            self.judge = self._restore()
            raise
        self._storage.faults("record-after-commit")
        if any(learned for _, learned in judged):
            self.judge_again()
        return [verdict for verdict, _ in judged]

    def suspects(self) -> list[ForkSuspected]:
        """Return, once, the views of other authors that differ from ours (rule 4)."""
        found, self._suspects = self._suspects, []
        return found

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
        for _, kept in self.all_kept():
            shown = kept.body is not None and Leaf.from_bytes(kept.leaf).kind == Kind.INTRODUCTION
            if shown and kept.verdict.status == "valid":
                yield unpack(kept.body or b"", Introduction, what="an introduction")

    def all_kept(self) -> Iterator[tuple[int, Kept]]:
        """Yield every archived entry whole, in order."""
        for index, content in self._storage.archived(self.ledger.register):
            yield index, unpack(content, Kept)

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
            (index, unpack(content, Kept))
            for index, content in self._storage.archived(register, self._cached)
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
        content, key = read_entry(leaf, body, self._epochs, lambda act: self._certificate(self.judge, act))
        entry = Entry(
            index=index, leaf_hash=leaf.hash, kind=int(leaf.kind), time=leaf.time_ms, content=content
        )
        verdict = self.judge.apply(entry)
        self._suspects += [effect for effect in verdict.effects if isinstance(effect, ForkSuspected)]
        learned = False
        if isinstance(content, Opened) and content.act is not None:
            self.verdicts[content.act_hash] = verdict
            event = content.act.event
            # Whatever the verdict: a joiner cannot yet know the author. A false secret opens nothing, and the
            # rules hold each one against its manifest's commitment when the record is judged again.
            if isinstance(event, EpochsHandedOver):
                for one in event.epochs:
                    learned = self._epochs.learn(event.room, one.manifest, one.secret) or learned
        kept = Kept(leaf=leaf.to_bytes(), body=body, key=key, verdict=verdict)
        self._storage.archive(self.ledger.register, index, pack(kept), replace=replace)
        return verdict, learned


def _act(kept: Kept) -> Act | None:
    """Return the act in an archived entry, if this desk can open it."""
    if not kept.key or kept.body is None:
        return None
    return unpack(open_envelope(kept.body, kept.key), SignedAct, what="an act").opened()
