"""One register at this desk, from the wire to the state: fetched, verified, opened, judged, kept.

This module decides when an entry counts at this desk: when its leaf is proved, its verdict is given, and both are on the
disk, in one transaction a page. It never decides what the rules say.

1. Entries are judged in the order of the register, each once.
2. A secret that was handed over opens entries that came earlier: the record is then judged again from its beginning,
   out of the archive; no entry is fetched twice. A caucus hands over secrets of the common register, and is judged by it:
   both are judged again, and a mark on the disk says so until that is done.
3. The verified prefix is cached: leaf hashes and state, sealed. Opening a desk reads the cache and judges what came after.
4. An act whose author saw another history is void; the desk compares the two, and stops if the host signed both. So it
   does with the views of every void act, whatever made it void: a host that forks also breaks chains.
5. Where the talks left a host, or came under rules that this release does not know, the record ends for now: what is beyond is
   not taken, and what was taken of it before this could be read is let go (spec/moving.md).
6. An act whose author computed another state than we did is kept as a doubt: until a member has decided, this desk sends
   nothing that binds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from good_offices.desk import asides, boxes, sending
from good_offices.desk.checking import Checks
from good_offices.desk.epochs import Epochs
from good_offices.desk.ledger import Ledger, Verified
from good_offices.desk.opening import Looks, read_entries
from good_offices.desk.storage import Storage
from good_offices.encoding import Record, pack, unpack
from good_offices.errors import RemoteError
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid
from good_offices.register.leaf import Kind, Leaf
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import Act, SignedAct, act_hash
from good_offices.talks.book import Book as Members
from good_offices.talks.book import epoch_commitment
from good_offices.talks.caucus import CaucusReplay
from good_offices.talks.credentials import Introduction
from good_offices.talks.entries import Aside, Content, Entry, Opened
from good_offices.talks.events_papers import LetterSent, NonPaper
from good_offices.talks.events_roster import EpochsHandedOver, ManifestIssued
from good_offices.talks.replay import CommonReplay
from good_offices.talks.rules import VERSIONS
from good_offices.talks.verdict import ForkSuspected, StateDiffers, Verdict
from good_offices.transport.pages import MAX_PAGE

# The newest verdicts are at hand by act; all are in the archive.
_VERDICTS: Final = 10_000
# The mark that both records must be judged again (rule 2).
AGAIN: Final = "again"


class Kept(Record, kw_only=True):
    """One archived entry: leaf record, body, the message key that opens it (empty if none), and its verdict.

    The fields are in the order of the bytes, so that packing need not sort them; so are a verdict's.
    """

    key: bytes
    body: bytes | None
    leaf: bytes
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
    paper: NonPaper | None = None

    @property
    def kind(self) -> str:
        """Which kind of entry it is, as a word: `envelope`, `wraps` and so on."""
        return Kind(self.leaf.kind).name.lower()


J = TypeVar("J", bound=CommonReplay | CaucusReplay)


class Book(Generic[J]):
    """The record of one register."""

    def __init__(
        self,
        storage: Storage,
        ledger: Ledger,
        epochs: Epochs,
        begin: Callable[[bytes | None], J],
        looks: Callable[[J], Looks],
    ) -> None:
        """Read the cache and judge what came after it.

        `begin` makes a judge from a snapshot, or afresh from None; `looks` shows what its record says of secrets and
        authors.
        """
        self.ledger = ledger
        self.verdicts: dict[bytes, Verdict] = {}
        # How often the record was judged anew: whoever keeps lines of it reads them again then.
        self.readings = 0
        self._storage = storage
        self._epochs = epochs
        self._begin = begin
        self._looks = looks
        self._suspects: list[ForkSuspected] = []
        self._cached = 0
        self.judge = self._restore()

    def catch_up(self, checks: Checks) -> list[Verdict]:
        """Return the verdicts on all that is new at the venue, fetched, judged and kept page by page.

        Raises:
            EquivocationError, OperationalError, RemoteError: as `Ledger.fetch` and `take`; pages before it are kept.
        """
        verdicts: list[Verdict] = []
        pages = self.ledger.fetch()
        while not self.has_ended and (page := next(pages, None)) is not None:
            verdicts += self.take(page, checks)
        return verdicts

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is taken here: the talks left this host, or are under rules that we do not know (rule 5)."""
        if not isinstance(self.judge, CommonReplay) or not self.judge.size:
            return False
        roster = self.judge.roster
        since = roster.hosts.now.since
        moved = since == 0 or any(one.term.cut == since for one in self.ledger.left)
        return roster.rules not in VERSIONS or not moved

    def take(self, page: Verified, checks: Checks) -> list[Verdict]:
        """Return the verdicts on a verified page, judged and kept in one transaction (rule 1).

        Raises:
            OperationalError: `disk-refused` or `common-behind`; nothing was taken.
        """
        if not page:
            return []
        checks.expect(len(page) + self.ledger.ahead)
        try:
            with self._storage.transaction():
                verdicts, learned = self._judge_all(page, checks)
                if len(verdicts) < len(page):
                    self._end()
                self._storage.put(f"note/{self.ledger.register}", self.ledger.note)
                self.ledger.settle()
                sending.covered(self._storage, self.ledger.register, self.ledger.size)
                if learned:
                    # What was cached did not know what these secrets open.
                    for name in self._storage.names("cache/"):
                        self._storage.remove(name)
                    self._storage.put(AGAIN, b"1")
                self._storage.faults("record-before-commit")
        except BaseException:
            self.forget(page)
            raise
        self._storage.faults("record-after-commit")
        return verdicts

    def _end(self) -> None:
        """Let go of what was taken beyond the end of the record (rule 5)."""
        register = self.ledger.register
        self._storage.unarchive(register, self.judge.size)
        self.ledger.truncate(self.judge.size, self._storage.get(f"note/{register}") or b"")
        self._storage.put(f"note/{register}", self.ledger.note)

    def shorten(self, size: int) -> list[Kept]:
        """Forget the entries from `size` on and judge the rest again; return them, in order (spec/moving.md R-157)."""
        register = self.ledger.register
        gone = [unpack(content, Kept) for _, content in self._storage.archived(register, size)]
        if gone:
            self._storage.unarchive(register, size)
            self._storage.remove(f"cache/{register}")
            for name in self._storage.names(f"doubt/{register}/"):
                if int(name.rpartition("/")[2]) >= size:
                    self._storage.remove(name)
            self.ledger.truncate(size, b"")
            self.verdicts.clear()
            self.readings += 1
            self._epochs.load()
            self._restore()
        return gone

    def forget(self, page: Verified | None = None) -> None:
        """Go back to what is on the disk, if `page` was fetched and not kept; without one, as a move was undone (its host too)."""
        if page is None or page:
            self.ledger.look_up_hosts()
            self._epochs.load()
            self.judge = self._restore()

    def suspects(self) -> list[ForkSuspected]:
        """Return, once, the views of other authors that differ from ours (rule 4)."""
        found, self._suspects = self._suspects, []
        return found

    def judge_again(self) -> tuple[list[Verdict], bool]:
        """Judge the whole archive from its beginning, after a secret came that opens earlier entries (rule 2).

        What is opened now may hand over further secrets: then once more. Returns the verdicts on the entries that could
        not be read before, and whether there were further secrets.
        """
        read: dict[int, Verdict] = {}
        further, learned = False, True
        while learned:
            learned = False
            self.readings += 1
            self.judge = self._begin(None)
            self.verdicts.clear()
            # A desk that was closed before this was done has cached what it could read then.
            self._storage.remove(f"cache/{self.ledger.register}")
            self._cached = 0
            for name in self._storage.names(f"doubt/{self.ledger.register}/"):
                self._storage.remove(name)  # whoever could not read everything computed another state
            with Checks() as checks:
                checks.expect(self.ledger.size)
                for page, archived in self._archived_pages(0):
                    with self._storage.transaction():
                        verdicts, more = self._judge_all(page, checks, archived)
                        if len(verdicts) < len(page) or self.has_ended:
                            self._end()
                    learned = learned or more
                    before = {index for index, one in archived.items() if one.verdict.status == "none"}
                    now = {one.index: one for one in verdicts if one.index in read or one.index in before}
                    read.update({index: one for index, one in now.items() if one.status != "none"})
            further = further or learned
        return list(read.values()), further

    def replayed(self, judge: J | None = None) -> Iterator[J]:
        """Yield a judge of its own after each archived entry that it has not judged yet; nothing becomes of its verdicts.

        For looking back at how things stood. `judge` is one that an earlier look came to, else one that begins anew.
        """
        looking = self._begin(None) if judge is None else judge
        for index, content in self._storage.archived(self.ledger.register, looking.size):
            kept = unpack(content, Kept)
            leaf = Leaf.from_bytes(kept.leaf)
            found = self._found(index, leaf, kept, looking)
            looking.apply(
                Entry(index=index, leaf_hash=leaf.hash, kind=int(leaf.kind), time=leaf.time_ms, content=found)
            )
            yield looking

    def _found(self, index: int, leaf: Leaf, kept: Kept, judge: J) -> Content:
        """Return what an archived entry holds; of one that broke no rule the signatures are not checked again."""
        act = _act(kept) if kept.verdict.status in ("valid", "ineffective") else None
        if act is not None:
            return Opened(room=kept.verdict.room, act=act, act_hash=act_hash(pack(act)))
        ((_entry, read),) = read_entries([(index, leaf, kept.body)], self._epochs, lambda: self._looks(judge))
        return read.content

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
            yield Line(index, Leaf.from_bytes(kept.leaf), _act(kept), kept.verdict, paper_in(kept))

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
        cached = self._storage.get(f"cache/{register}")
        cache = unpack(cached, Cache) if cached else Cache(leaves=b"", state=b"")
        self.judge = self._begin(cache.state or None)
        self._cached = len(cache.leaves) // 32
        self.ledger.restore(cache.leaves, self._storage.get(f"note/{register}") or b"")
        with Checks() as checks:
            for page, archived in self._archived_pages(self._cached):
                # A whole page without a cache is the beginning of a long record.
                checks.expect(len(page))
                self.ledger.tree.extend(b"".join(leaf.hash for _, leaf, _ in page))
                with self._storage.transaction():
                    if len(self._judge_all(page, checks, archived)[0]) < len(page) or self.has_ended:
                        self._end()
        return self.judge

    def _archived_pages(self, first: int) -> Iterator[tuple[Verified, dict[int, Kept]]]:
        """Yield the archived entries from `first` on, and by index as they are kept.

        A page at a time: a long record need not fit into memory.
        """
        while True:
            rows = list(self._storage.archived(self.ledger.register, first, first + MAX_PAGE))
            if not rows:
                return
            kept = {index: unpack(content, Kept) for index, content in rows}
            yield [(index, Leaf.from_bytes(one.leaf), one.body) for index, one in kept.items()], kept
            first += len(rows)

    def _judge_all(
        self, page: Verified, checks: Checks | None = None, archived: Mapping[int, Kept] | None = None
    ) -> tuple[list[Verdict], bool]:
        """Return the verdicts on a page after archiving it, and whether it handed over secrets new to us.

        Of what is archived already only what is judged otherwise, or read now, is written again.
        """
        verdicts, kept, learned = [], [], False
        entries = read_entries(page, self._epochs, lambda: self._looks(self.judge), checks)
        for (index, leaf, body), read in entries:
            # A joiner cannot yet know whose word a hand-over is; once epochs are in the record, the rules do.
            is_joining = any(not book.epochs for book in self._books())
            entry = Entry(
                index=index, leaf_hash=leaf.hash, kind=int(leaf.kind), time=leaf.time_ms, content=read.content
            )
            verdict = self.judge.apply(entry)
            verdicts.append(verdict)
            self._doubt(verdict)
            self._note(read.content, verdict)
            if isinstance(read.content, Aside):
                asides.note(self._storage, self.ledger.register, index, read.content)
            if archived is None:
                self._note_box(index, read.content)
            learned = self._learn(read.act, believed=verdict.status == "valid" or is_joining) or learned
            one = Kept(leaf=leaf.to_bytes(), body=body, key=read.key, verdict=verdict)
            if archived is None or archived[index] != one:
                kept.append((index, pack(one)))
            if self.has_ended:
                break
        self._storage.archive(self.ledger.register, kept, replace=archived is not None)
        return verdicts, learned

    def _note(self, content: Content, verdict: Verdict) -> None:
        """Take up what a verdict means for this desk."""
        if not isinstance(content, Opened) or content.act is None:
            return
        self.verdicts[content.act_hash] = verdict
        if len(self.verdicts) > _VERDICTS:
            del self.verdicts[next(iter(self.verdicts))]
        self._suspect(content.act, verdict)
        event = content.act.event
        if verdict.status == "valid" and isinstance(event, LetterSent):
            # Now: the key that opens it is gone when a younger one has opened an epoch.
            self._epochs.open_letter(verdict.room, event)
        if verdict.status == "valid" and isinstance(event, ManifestIssued):
            manifest = event.manifest
            self._epochs.prove(
                manifest.hash,
                manifest.room,
                lambda secret: epoch_commitment(secret, manifest.nonce) == manifest.commitment,
            )
        if verdict.status == "valid" and isinstance(event, EpochsHandedOver) and event.room != verdict.room:
            for one in event.epochs:
                self._storage.put(f"handed/{one.manifest.hex()}", b"1")

    def _note_box(self, index: int, content: Content) -> None:
        """Remember an entry of a box of the common register; a caucus has none, whatever its host puts there."""
        if isinstance(self.judge, CommonReplay) and isinstance(content, BoxCommit | BoxOpen | BoxVoid):
            boxes.note(self._storage, index, content)

    def _learn(self, act: Act | None, *, believed: bool) -> bool:
        """Take up the secrets that an act hands over, and return whether any was new to us.

        Of an act that is not believed, those that a manifest in the record commits to: a joiner who has been handed one
        room and not yet the other cannot follow the chain of the act that hands over the other.
        """
        if act is None or not isinstance(act.event, EpochsHandedOver):
            return False
        groups = self._looks(self.judge).groups.values()
        histories = [*(epochs for book in self._books() for epochs in book.epochs.values()), *groups]
        issued = [one for epochs in histories for one in epochs.issued]
        nonces = {one.manifest: (one.nonce, one.commitment) for one in issued}
        learned = [
            self._epochs.learn(one.manifest, one.secret)
            for one in act.event.epochs
            if believed or _is_committed(one.secret, nonces.get(one.manifest))
        ]
        return any(learned)

    def _books(self) -> tuple[Members, ...]:
        """Return the rules' books in which a manifest may stand whose secret this register hands over."""
        looks = self._looks(self.judge)
        return looks.book, *looks.others

    def _doubt(self, verdict: Verdict) -> None:
        """Keep that an author computed another state from what it had seen, until a member has decided (rule 5)."""
        if not any(isinstance(effect, StateDiffers) for effect in verdict.effects):
            return
        name = f"{self.ledger.register}/{verdict.index:012d}"
        if self._storage.get(f"decided/{name}") is None:
            self._storage.put(f"doubt/{name}", b"1")

    def _suspect(self, act: Act, verdict: Verdict) -> None:
        """Remember views that differ, and all of an act that is void: the rules may not have come to them (rule 4)."""
        self._suspects += [effect for effect in verdict.effects if isinstance(effect, ForkSuspected)]
        if verdict.status != "void":
            return
        here: Literal["common", "caucus"] = "common" if act.common is None else "caucus"
        self._suspects.append(ForkSuspected(seen=act.seen, register=here))
        if act.common is not None:
            self._suspects.append(ForkSuspected(seen=act.common, register="common"))


def _is_committed(secret: bytes, manifest: tuple[bytes, bytes] | None) -> bool:
    """Tell whether a manifest of the record, as (nonce, commitment), commits to a secret."""
    return manifest is not None and epoch_commitment(secret, manifest[0]) == manifest[1]


def paper_in(kept: Kept) -> NonPaper | None:
    """Return the non-paper in an archived entry, if it is one."""
    if kept.verdict.facts.get("aside") != "non-paper" or kept.body is None:
        return None
    return asides.open_paper(kept.body, kept.key)


def _act(kept: Kept) -> Act | None:
    """Return the act in an archived entry, if this desk can open it and it is one."""
    if not kept.key or kept.body is None or "aside" in kept.verdict.facts:
        return None
    try:
        return unpack(open_envelope(kept.body, kept.key), SignedAct, what="an act").opened()
    except RemoteError:
        return None  # its verdict says that it cannot be read; the record around it can
