"""Replay: one entry of the register in, one verdict out, the same at every desk. See spec/talks.md sections 3 and 10.

This module decides whether an act stands at its place in the register, in this order, and then hands it to the module
of its room. It never opens an envelope, never checks an act's own signature, and asks no clock: the desk has done the
one, and the order of the register is the only order.

1. An entry that opens under a room's epoch is an entry of that room, whatever is inside (R-3).
2. An act of these talks, of that room, by a desk that was certified, next in its chain, advances the chain (R-10).
3. What it says it saw is a size of the register up to its own index, never less than it saw before, with the root
   that we hold (R-11). Another root is void and evidence of two histories.
4. Its time is not before that of the act before it in its chain (R-12).
5. It names the epoch in force at what it had seen, and its author was among that epoch's readers (R-13).
6. Its author is a reader of the room at the act's own index (R-14).
7. Its state hash is compared; a difference is an effect, never a verdict (R-15).
8. Its words are words (R-17).
9. The table of rules: room, keys compared, course, power (R-20 to R-24).
10. What the event does, by its own rules.
11. A group is a room like the plenary, with a state of its own and what the plenary lends it (spec/rooms.md section 9). Whoever
    does not read it has no verdict on its entries, and the same roster and plenary as all others.

A rule broken makes the act void with the rule's code; the state is then as before, the chain and what was seen apart.
A first manifest that is void leaves no trace at all, not even in its author's chain: it is sealed under a secret that
nobody who joins later will ever be handed, and they must come to the same state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from good_offices.encoding import pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, RemoteError
from good_offices.register.genesis import Genesis, talks_id
from good_offices.talks import authors, expectations, group_acts, groups, guest_acts
from good_offices.talks import roster as rosters
from good_offices.talks.acts import NO_ACT, Act, act_hash
from good_offices.talks.book import Issued
from good_offices.talks.closing import Register
from good_offices.talks.credentials import Introduction, Statement
from good_offices.talks.crossing import saw
from good_offices.talks.entries import Aside, Broken, Content, Entry, InBox, Opened, concluded, refused, told
from good_offices.talks.hosts import first_host
from good_offices.talks.performing import perform, permit
from good_offices.talks.plenary import PlenaryState, Step
from good_offices.talks.rooms import (
    Chain,
    History,
    Log,
    begins_room,
    check_next,
    check_seen,
    recorded,
    state_hash,
)
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import VERSIONS, Room
from good_offices.talks.snapshots import SNAPSHOT_LIMIT, Snapshot
from good_offices.talks.sounding_acts import perform as sounded
from good_offices.talks.sounding_boxes import put_in_box
from good_offices.talks.soundings import SoundingState
from good_offices.talks.verdict import Effect, ForkSuspected, Place, StateDiffers, Verdict
from good_offices.talks.words import check_event
from good_offices.text.tables import put

__all__ = ["Broken", "CommonReplay", "Content", "Entry", "Opened", "Verdict"]

# What happens in the roster, and every genesis and introduction, is in the state of each.
_COMMON: Final[tuple[Room, ...]] = ("roster", "plenary", "sounding")
# Of a group in which nothing has happened yet.
_NOTHING: Final = PlenaryState()
_NO_LOG: Final = Log()


@dataclass(slots=True)
class _Case:
    """An act on trial: what it would change, and what was found on the way."""

    roster: RosterState
    plenary: PlenaryState
    sounding: SoundingState
    group: PlenaryState | None
    log: Log
    # The chains of the log, with the author's own advanced.
    chains: Mapping[str, Chain] | None = None
    effects: tuple[Effect, ...] = ()


class CommonReplay:
    """The roster, the plenary, the sounding room and the groups, replayed from the common register."""

    def __init__(self, register: Register) -> None:
        """Start before the genesis; `register` is the tree of all leaves, for roots and leaf hashes."""
        self.register = register
        self.size = 0
        self.roster = RosterState()
        self.plenary = PlenaryState()
        self.sounding = SoundingState()
        # A group's own state by its id, without what the plenary lends; empty at a desk that does not read it.
        self.groups: dict[str, PlenaryState] = {}
        # Under the name of a common room, or a group's id.
        self._logs: dict[str, Log] = {room: Log() for room in _COMMON}
        self._history: defaultdict[str, History] = defaultdict(History, {room: History() for room in _COMMON})
        # By group: its own state and the plenary's, and its own with what the plenary lends, while both are the same.
        self._lent: dict[str, tuple[PlenaryState, PlenaryState, PlenaryState]] = {}

    # What a desk asks.

    def certificate(self, author: bytes) -> Statement | None:
        """Return the public keys of a desk that was certified before the next entry, recalled or not."""
        return self.roster.certificate(author)

    def kind(self, room: str) -> Room | None:
        """Return which room of the common register an id names."""
        if room in self.roster.rooms:
            return _COMMON[self.roster.rooms.index(room)]
        return "group" if room in self.plenary.groups.rooms else None

    def state_hash(self, room: str, size: int) -> bytes:
        """Return the hash of a room's state at a size of the register (R-70).

        Raises:
            LocalError: `room-unknown`.
        """
        kind = self._known(room)
        if kind != "group":
            return self._history[kind].at(size)
        own = self._history[room].at(size) if room in self._history else NO_ACT
        return state_hash(room, [self._history["plenary"].at(size), own])

    def chain(self, room: str, author: bytes) -> Chain:
        """Return what the next act of a desk in a room must follow.

        Raises:
            LocalError: `room-unknown`.
        """
        return self._log(room, self._known(room)).chain(author)

    def epoch(self, room: str, size: int | None = None) -> Issued | None:
        """Return the epoch of a room in force at a size of the register, the present one if none is given."""
        at = self.size if size is None else size
        return self.roster.book.epoch_at(room, at) or groups.epoch_at(self.plenary.groups, room, at)

    def kem(self, room: str, certificate: bytes) -> bytes | None:
        """Return a desk's present key for the epochs of a room."""
        if room in self.plenary.groups.rooms:
            return groups.kem(self.plenary.groups, self.roster, room, certificate)
        return self.roster.book.kem(room, certificate)

    def readers(self, room: str, size: int) -> list[bytes]:
        """Return the certificates of all readers of a room at a size of the register, in order (spec/rooms.md section 2).

        Raises:
            LocalError: `room-unknown`.
        """
        if self._known(room) == "group":
            return groups.readers(self.plenary.groups.rooms[room], self.roster, size)
        return self.roster.readers(room, size)

    def room_state(self, room: str) -> PlenaryState:
        """Return the state by which the next act in the plenary or a group is judged (R-95).

        Raises:
            LocalError: `room-unknown`.
        """
        if self._known(room) != "group":
            return self.plenary
        return self._with_lent(room, self.groups.get(room, _NOTHING))

    def check_rules(self) -> None:
        """Pass if this release knows the rules in force; else LocalError `rules-newer` (R-159)."""
        if self.size and self.roster.rules not in VERSIONS:
            raise LocalError("rules-newer", rules=self.roster.rules, index=self.size - 1)

    def check(self, act: Act) -> None:
        """Pass if the act, posted now and next, would be valid.

        Raises:
            LocalError: the code with which it would be void; as `WithoutEffectError` if it would have no effect.
        """
        opened = Opened(room=act.room, act=act, act_hash=act_hash(pack(act)))
        entry = Entry(index=self.size, leaf_hash=bytes(32), kind=4, time=0, content=opened)
        refused(self._judged(entry, opened, self._known(act.room))[1])

    # What a desk feeds.

    def apply(self, entry: Entry) -> Verdict:
        """Return the verdict on the next entry; the state advances by it.

        Raises:
            LocalError: `entry-out-of-order` if it is not the next, or `register` does not hold it yet; `rules-newer` if
                rules are in force that this release does not know (R-159).
        """
        self.check_rules()
        if entry.index != self.size or self.register.size < entry.index:
            raise LocalError("entry-out-of-order", index=entry.index, expected=self.size)
        content = entry.content
        if isinstance(content, Aside):
            if self.kind(content.room) not in ("roster", "sounding"):
                # Of no rule's concern: who reads it and who does not hold the same state (spec/papers.md R-121).
                self.size = entry.index + 1
                return Verdict(index=entry.index, room=content.room, facts={"aside": content.name})
            content = Opened(room=content.room, act=None, act_hash=bytes(32), problem="act-unreadable")
        if isinstance(content, Opened):
            kind = self._known(content.room)
            case, verdict = self._judged(entry, content, kind)
            room = content.room if kind == "group" else kind
            if verdict.status != "valid" and begins_room(content.act):
                self.size = entry.index + 1
                return verdict
            self.roster, self.plenary, self.sounding = case.roster, case.plenary, case.sounding
            if case.group is not None:
                self.groups[room] = case.group
            self._logs[room] = recorded(case.log, entry.leaf_hash, verdict, case.chains)
            changed: tuple[str, ...] = _COMMON if kind == "roster" else (room,)
        elif isinstance(content, Genesis | Introduction | Broken):
            verdict = self._in_clear(entry.index, content)
            self._logs["roster"] = recorded(self._logs["roster"], entry.leaf_hash, verdict)
            changed = _COMMON
        elif isinstance(content, InBox):
            verdict = self._boxed(entry, content)
            boxed = self.kind(verdict.room)
            changed = (boxed,) if boxed else ()
        else:
            verdict, changed = Verdict(index=entry.index), ()
        for one in changed:
            self._history[one].add(entry.index, self._hash(one))
        self.size = entry.index + 1
        return verdict

    def snapshot(self) -> bytes:
        """Return everything this replay holds, as bytes."""
        return pack(
            Snapshot(
                size=self.size,
                roster=self.roster,
                plenary=self.plenary,
                sounding=self.sounding,
                logs=self._logs,
                history={room: one.rows() for room, one in self._history.items()},
                groups=self.groups,
            )
        )

    @classmethod
    def restored(cls, data: bytes, register: Register) -> CommonReplay:
        """Return the replay that `snapshot` made these bytes of.

        Raises:
            RemoteError: `not-canonical` or `too-large`.
        """
        held = unpack(data, Snapshot, what="a snapshot", limit=SNAPSHOT_LIMIT)
        new = cls(register)
        new.size, new.roster, new.plenary, new.sounding = held.size, held.roster, held.plenary, held.sounding
        new.groups = dict(held.groups)
        new._logs |= held.logs
        new._history |= {room: History(rows) for room, rows in held.history.items()}
        return new

    # How it is judged.

    def _known(self, room: str) -> Room:
        """Return which room an id names; an envelope can have opened only under an epoch of such a room."""
        kind = self.kind(room)
        if kind is None:
            raise LocalError("room-unknown")
        return kind

    def _log(self, room: str, kind: Room) -> Log:
        """Return the chains and the running record of a room; of a group in which nothing was read yet, none."""
        return self._logs.get(room, _NO_LOG) if kind == "group" else self._logs[kind]

    def _hash(self, room: str) -> bytes:
        """Return the hash of a room's present state: of the roster, and for another room of both (R-70).

        For a group, that of its own part: the plenary's is added when it is asked for, so that an act of the plenary costs
        the same however many groups there are.
        """
        if room not in _COMMON:
            return state_hash(room, [self.groups.get(room, _NOTHING).digest, self._logs[room].digest])
        parts = [self.roster.digest, self._logs["roster"].digest]
        if room != "roster":
            own = self.plenary if room == "plenary" else self.sounding
            parts += [own.digest, self._logs[room].digest]
        return state_hash(self.roster.rooms[_COMMON.index(room)], parts)

    def _in_clear(self, index: int, content: Genesis | Introduction | Broken) -> Verdict:
        """Take up the genesis or an introduction."""
        if isinstance(content, Genesis) and index == 0:
            self.roster = RosterState(
                talks=talks_id(content.body()),
                suite=content.suite,
                rules=content.rules,
                expected=tuple(content.delegations),
                hosts=first_host(content),
            )
            return Verdict(index=index, room=self.roster.room, status="valid")
        room = self.roster.room
        try:
            if not isinstance(content, Introduction):
                code = content.code if isinstance(content, Broken) else "genesis-twice"
                return Verdict(index=index, room=room, status="void", code=code)
            self.roster = rosters.introduce(self.roster, content, index)
        except LocalError as broken:
            return told(index, room, broken)
        return Verdict(index=index, room=room, status="valid")

    def _boxed(self, entry: Entry, content: InBox) -> Verdict:
        """Take up an entry of the host's box; one of no sounding that we know is of no room (R-87)."""
        room = self.roster.sounding
        try:
            after = put_in_box(self.sounding, self.roster.talks, entry.index, content)
            if after is None:
                return self._expected(entry, content)
            self.sounding = after
            verdict = Verdict(index=entry.index, room=room, status="valid")
        except (LocalError, RemoteError) as broken:
            verdict = told(entry.index, room, broken)
        self._logs["sounding"] = recorded(self._logs["sounding"], entry.leaf_hash, verdict)
        return verdict

    def _expected(self, entry: Entry, content: InBox) -> Verdict:
        """Take up an entry of the box of what is expected of a sitting; one of no sitting is of no room (R-104)."""
        room = self.roster.plenary
        try:
            after = expectations.put_in_box(self.plenary, self.roster, entry.index, content)
            if after is None:
                return Verdict(index=entry.index)
            self.plenary = after
            verdict = Verdict(index=entry.index, room=room, status="valid")
        except (LocalError, RemoteError) as broken:
            verdict = told(entry.index, room, broken)
        self._logs["plenary"] = recorded(self._logs["plenary"], entry.leaf_hash, verdict)
        return verdict

    def _judged(self, entry: Entry, opened: Opened, room: Room) -> tuple[_Case, Verdict]:
        """Return what an act would change, and the verdict on it."""
        case = _Case(self.roster, self.plenary, self.sounding, None, self._log(opened.room, room))
        try:
            self._try(case, entry, opened, room)
        except GoodOfficesError as broken:
            return case, told(entry.index, opened.room, broken, case.effects)
        return case, concluded(entry.index, opened.room, case.effects)

    def _try(self, case: _Case, entry: Entry, opened: Opened, room: Room) -> None:
        """Apply the rules in their order; `case` keeps what stands even if a later one is broken."""
        act = opened.act
        if opened.problem is not None or act is None:
            raise LocalError(opened.problem or "act-unreadable")
        if act.talks != self.roster.talks:
            raise LocalError("other-talks")
        if act.room != opened.room:
            raise LocalError("room-differs")
        desk = self.roster.certificate(act.author)
        if desk is None:
            raise LocalError("author-unknown")
        chain = case.log.chain(act.author)
        check_next(chain, act)
        self._advance(case, act, opened.act_hash, chain, entry.index)
        if act.common is not None:
            raise LocalError("common-unexpected")
        authors.check_epoch(self.epoch(act.room, act.seen.size), act, room)
        authors.check_reader(self.roster, self.plenary, act, desk, room, entry.index)
        place = Place(
            index=entry.index,
            leaf=entry.leaf_hash,
            act=opened.act_hash,
            author=act.author,
            desk=desk,
            member=self.roster.credentials(desk, entry.index),
            seen=act.seen.size,
            seen_root=act.seen.root,
            time=act.time,
            room=act.room,
        )
        computed = self.state_hash(act.room, act.seen.size)
        if act.state != computed:
            case.effects += (StateDiffers(stated=act.state, computed=computed),)
        check_event(act.event)
        self._perform(case, place, act, room)

    def _perform(self, case: _Case, place: Place, act: Act, room: Room) -> None:
        """Let an act that stands have effect in its room, if the table lets it happen there."""
        if room == "group":
            self._in_group(case, place, act)
            return
        if room == "plenary":
            case.plenary = saw(case.plenary, self.roster, place)
        permit(case.plenary, self.roster, place, act.event, room)
        if room == "roster":
            case.roster, effects = guest_acts.in_roster(self.roster, place, act.event)
            case.effects += effects
            return
        if room == "sounding":
            case.sounding, effects = sounded(case.sounding, self.roster, place, act.event, self.register)
            case.effects += effects
            return
        case.plenary, effects = self._performed(case.plenary, place, act, room)
        case.effects += effects

    def _in_group(self, case: _Case, place: Place, act: Act) -> None:
        """Judge an act of a group by the group's own state and what the plenary lends (R-95)."""
        own = saw(self.groups.get(act.room, _NOTHING), self.roster, place)
        # What its author has seen is noted even if the act is void, as in the plenary.
        case.group = own
        state = self._with_lent(act.room, own)
        permit(state, self.roster, place, act.event, "group")
        group_acts.check_open(state, place, act.event)
        after, effects = self._performed(state, place, act, "group")
        if after is not state:
            case.group = group_acts.given_back(after)
        case.effects += effects

    def _with_lent(self, room: str, own: PlenaryState) -> PlenaryState:
        """Return a group's state with what the plenary lends it; most acts leave both as they are."""
        known = self._lent.get(room)
        if known is None or known[0] is not own or known[1] is not self.plenary:
            known = self._lent[room] = (own, self.plenary, group_acts.lent(own, self.plenary, room))
        return known[2]

    def _performed(self, state: PlenaryState, place: Place, act: Act, room: Room) -> Step:
        """Return the state of the plenary or of a group after an act that may happen there."""
        return perform(
            state,
            self.roster,
            place,
            act.event,
            register=self.register,
            state_at=self._history["plenary"].at,
            room=room,
        )

    def _advance(self, case: _Case, act: Act, digest: bytes, chain: Chain, index: int) -> None:
        """Advance the author's chain, whatever else is wrong with the act, and check what it saw and its time."""
        size = act.seen.size
        root = self.register.root(size) if 1 <= size <= index else None
        true = root == act.seen.root
        new = Chain(
            sequence=act.sequence + 1,
            previous=digest,
            seen=max(chain.seen, size) if true else chain.seen,
            time=max(chain.time, act.time),
        )
        case.chains = put(case.log.chains, {act.author.hex(): new})
        if root is not None and not true:
            case.effects += (ForkSuspected(seen=act.seen, register="common"),)
        check_seen(act.seen, chain.seen, index, root)
        if act.time < chain.time:
            raise LocalError("time-runs-back")
