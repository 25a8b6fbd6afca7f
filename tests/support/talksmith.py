"""A smith of talks: signed entries in memory, without venue, disk or envelopes.

`Talksmith(2)` has a genesis, introductions, first epochs, accredited members and compared keys; `post` does an act and
returns its verdict. Keys and signatures are real; with `signing=False` acts are not signed, for tests of thousands of
acts. Each party has one desk per name; a desk remembers nothing: its chain is read from the replay.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.genesis import Caucus, Genesis, talks_id
from good_offices.register.host import HostSigner, seen_of
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT, ROOT, PairSigner
from good_offices.talks.acts import Act, Seen, SignedAct, act_hash, sign_act
from good_offices.talks.book import epoch_commitment
from good_offices.talks.caucus import CaucusReplay
from good_offices.talks.credentials import (
    NO_HASH,
    Introduction,
    Manifest,
    Root,
    Statement,
    Succession,
    certificate_message,
    handover_mac,
    room_id,
    successor_commitment,
)
from good_offices.talks.event import POWERS
from good_offices.talks.events_rooms import RoomMembersNamed, RoomOpened
from good_offices.talks.events_roster import (
    DelegationAccreditation,
    DelegationAccredited,
    DeskCertified,
    KeysCompared,
    ManifestIssued,
    MemberAccreditation,
    MemberAccredited,
    MemberRecalled,
    Recall,
    RootSucceeded,
)
from good_offices.talks.groups import group_id
from good_offices.talks.replay import Broken, CommonReplay, Entry, Opened
from good_offices.talks.roster import number_digest
from good_offices.talks.verdict import Verdict

KEM = bytes(1216)
COMMON = ("roster", "plenary", "sounding")
START = 1_800_000_000_000


def seed(*names: object, size: int = 64) -> bytes:
    """Return bytes that only depend on the names."""
    return hashlib.shake_256("/".join(map(str, names)).encode()).digest(size)


def ident(*names: object) -> str:
    """Return an id of 32 hexadecimal digits that only depends on the names."""
    return seed("id", *names, size=16).hex()


@lru_cache(maxsize=64)
def act_key(*names: object) -> PairSigner:
    return ACT.signer(seed("act", *names))


@lru_cache(maxsize=16)
def root_key(*names: object) -> PairSigner:
    return ROOT.signer(seed("root", *names))


@lru_cache(maxsize=8)
def host_key(name: str) -> HostSigner:
    return HostSigner(seed("host-ed", size=32), seed("host-ml", size=32), f"host.example/t/{ident(name)}")


@dataclass
class Desk:
    """A desk: its delegation and member, its key, its statement."""

    delegation: str
    member: str
    signer: PairSigner
    statement: Statement
    name: str

    @property
    def certificate(self) -> bytes:
        return self.statement.hash


@dataclass
class Party:
    """A delegation: its root key, how many roots it had, its desks by name."""

    id: str
    name: str
    generation: int = 0
    desks: dict[str, Desk] = field(default_factory=dict)

    @property
    def signer(self) -> PairSigner:
        return root_key(self.name, self.generation)

    @property
    def root(self) -> Root:
        successor = successor_commitment(root_key(self.name, self.generation + 1).public)
        return Root(public=self.signer.public, successor=successor)


class Register:
    """A register in memory: a tree, its entries, and a replay that is fed from it."""

    def __init__(self, host: HostSigner, signing: bool) -> None:
        self.host, self.signing = host, signing
        self.tree = Tree()
        self.entries: list[Entry] = []
        self.bodies: list[bytes] = []
        self._seen: dict[int, Seen] = {}

    def append(self, kind: Kind, body: bytes, content: Any, replay: Any, time: int) -> Verdict:
        leaf = Leaf.of(kind, START + time, body)
        index = self.tree.append(leaf.hash)
        self.bodies.append(body)
        entry = Entry(index=index, leaf_hash=leaf.hash, kind=int(kind), time=START + time, content=content)
        self.entries.append(entry)
        return replay.apply(entry)

    def seen(self, size: int) -> Seen:
        """Return what a desk that holds `size` entries has seen; signed by the host if acts are signed."""
        if size not in self._seen:
            root = self.tree.root(size)
            signature = bytes(64)
            if self.signing:
                note = self.host.sign(Checkpoint(self.host.keys.origin, size, root), START // 1000)
                signature = seen_of(note).signature
            self._seen[size] = Seen(size=size, root=root, signature=signature)
        return self._seen[size]


class Talksmith:
    """Talks between `parties` delegations, named A, B, C, ...; each has one desk with its own name."""

    def __init__(self, parties: int = 2, *, signing: bool = True, open_: bool = True) -> None:
        self.signing = signing
        self.names = [chr(ord("A") + number) for number in range(parties)]
        self.parties = {name: Party(id=ident("delegation", name), name=name) for name in self.names}
        host = host_key("common")
        self.genesis = Genesis.of(host.keys, ident("common"), [party.id for party in self.parties.values()])
        self.talks = talks_id(self.genesis.body())
        self.common = Register(host, signing)
        self.replay = CommonReplay(self.common.tree)
        self.verdicts: list[Verdict] = []
        self.roster_room = room_id("roster", self.talks)
        self.plenary_room = room_id("plenary", self.talks)
        self.sounding_room = room_id("sounding", self.talks)
        self.rooms = dict(zip(COMMON, (self.roster_room, self.plenary_room, self.sounding_room), strict=True))
        self.caucuses: dict[str, tuple[Register, CaucusReplay]] = {}
        self.clock = 0
        self._note(self.common.append(Kind.GENESIS, self.genesis.body(), self.genesis, self.replay, 0))
        if open_:
            self.open()

    # Shape of the talks.

    def id(self, name: str) -> str:
        """Return the delegation id of a party."""
        return self.parties[name].id

    def desk(self, name: str) -> Desk:
        """Return a desk by name: `A` is the first desk of A, `A.second` another one."""
        return self.parties[name.split(".", maxsplit=1)[0]].desks[name]

    def new_desk(
        self,
        name: str,
        *,
        member: str | None = None,
        capital: bool = False,
        duty: bool = False,
        guest: bool = False,
    ) -> Desk:
        """Make a desk's key and statement; it is not introduced yet."""
        party = self.parties[name.split(".", maxsplit=1)[0]]
        signer = act_key(name)
        statement = Statement(
            talks=self.talks,
            delegation=party.id,
            member=member or ident("member", name),
            desk=ident("desk", name),
            act=signer.public,
            note=seed("note", name, size=32),
            cosigner=seed("cosigner", name, size=32),
            capital=capital,
            duty=duty,
            guest=guest,
        )
        desk = Desk(party.id, statement.member, signer, statement, name)
        party.desks[name] = desk
        return desk

    def introduction(self, desk: Desk, *, first: bool, rooms: tuple[str, ...] = ()) -> Introduction:
        """Return a desk's introduction, signed by itself; as the first desk, certified by its root."""
        party = self.parties[desk.name.split(".")[0]]
        kems = dict.fromkeys(rooms or (self.roster_room, self.plenary_room), KEM)
        if first:
            certificate = party.signer.sign(
                Domain.CERTIFICATE, certificate_message(desk.statement, party.root)
            )
            plain = Introduction(
                statement=desk.statement, kems=kems, root=party.root, certificate=certificate
            )
        else:
            handover = handover_mac(seed("handover", desk.name, size=32), desk.statement, kems)
            plain = Introduction(statement=desk.statement, kems=kems, handover=handover)
        signature = desk.signer.sign(Domain.INTRODUCTION, plain.unsigned())
        return msgspec.structs.replace(plain, possession=signature)

    def introduce(self, introduction: Introduction) -> Verdict:
        """Put an introduction into the common register."""
        content: Any = introduction
        try:
            introduction.verify()
        except GoodOfficesError as broken:
            content = Broken(broken.code)
        body = pack(introduction)
        return self._note(self.common.append(Kind.INTRODUCTION, body, content, self.replay, self.clock))

    def open(self) -> None:
        """Introduce, begin the epochs, accredit with all powers, and compare keys."""
        for name in self.names:
            self.introduce(self.introduction(self.new_desk(name), first=True))
        self.issue(self.names[0], self.roster_room)
        for name in self.names:
            self.post(name, self.naming(name), room="roster")
            self.post(name, self.accreditation(name), room="roster")
        self.issue(self.names[0], self.plenary_room)
        for name in self.names:
            self.compare(name)

    def joined(self, name: str, *, member: str | None = None, powers: tuple[str, ...] = POWERS) -> Desk:
        """Bring a later desk in: introduced, accredited if its member is new, certified, and in new epochs."""
        first = name.split(".", maxsplit=1)[0]
        desk = self.new_desk(name, member=member)
        self.introduce(self.introduction(desk, first=False))
        if member is None:
            assert self.post(first, self.accreditation(name, powers=powers), room="roster").status == "valid"
        assert self.post(first, self.certificate(name), room="roster").status == "valid"
        self.issue(first, self.roster_room)
        self.issue(first, self.plenary_room)
        return desk

    def on_duty(self, name: str) -> Desk:
        """Bring a duty desk in: introduced and certified by its root; the rooms get new epochs only if they had one."""
        first = name.split(".", maxsplit=1)[0]
        desk = self.new_desk(name, duty=True)
        self.introduce(self.introduction(desk, first=False, rooms=(self.roster_room, self.sounding_room)))
        assert self.post(first, self.certificate(name), room="roster").status == "valid"
        self.issue(first, self.roster_room)
        if self.replay.epoch(self.sounding_room) is not None:
            self.issue(first, self.sounding_room)
        return desk

    def guest(self, name: str) -> Desk:
        """Bring a guest's desk in: introduced and certified by the root of the delegation that brings it; it reads nothing yet."""
        desk = self.new_desk(name, guest=True)
        self.introduce(self.introduction(desk, first=False))
        assert (
            self.post(name.split(".", maxsplit=1)[0], self.certificate(name), room="roster").status == "valid"
        )
        return desk

    # Events that a root signs.

    def naming(self, name: str, number: int = 0) -> DelegationAccredited:
        party = self.parties[name]
        said = DelegationAccreditation(
            talks=self.talks, delegation=party.id, name=f"Delegation {name}", number=number
        )
        return DelegationAccredited(accreditation=said, signature=self.root_signed(name, said))

    def accreditation(
        self, name: str, *, powers: tuple[str, ...] = POWERS, **fields: Any
    ) -> MemberAccredited:
        desk = self.desk(name)
        said = MemberAccreditation(
            talks=self.talks,
            delegation=desk.delegation,
            member=fields.pop("member", desk.member),
            name=f"Delegate {name}",
            capacity="Head of delegation",
            level=fields.pop("level", "ministers"),
            powers=powers,  # type: ignore[arg-type]
            **fields,
        )
        return MemberAccredited(accreditation=said, signature=self.root_signed(name, said))

    def certificate(self, name: str) -> DeskCertified:
        party, desk = self.parties[name.split(".", maxsplit=1)[0]], self.desk(name)
        message = certificate_message(desk.statement, party.root)
        return DeskCertified(
            statement=desk.statement, signature=party.signer.sign(Domain.CERTIFICATE, message)
        )

    def recall(self, name: str, member: str | None = None) -> MemberRecalled:
        desk = self.desk(name)
        said = Recall(talks=self.talks, delegation=desk.delegation, member=member or desk.member)
        return MemberRecalled(recall=said, signature=self.root_signed(name, said))

    def succession(self, name: str) -> RootSucceeded:
        """Return the act of succession; the party's later statements are signed by the new root."""
        party = self.parties[name]
        last = party.root.fingerprint
        party.generation += 1
        said = Succession(talks=self.talks, delegation=party.id, succeeds=last, root=party.root)
        return RootSucceeded(succession=said, signature=party.signer.sign(Domain.SUCCESSION, pack(said)))

    def root_signed(self, name: str, said: Any) -> bytes:
        return self.parties[name.split(".", maxsplit=1)[0]].signer.sign(Domain.ACCREDITATION, pack(said))

    # Acts.

    def compare(self, name: str) -> Verdict:
        return self.post(name, KeysCompared(number=number_digest(self.replay.roster.number)), room="roster")

    def manifest(self, room: str, seen: int | None = None, **fields: Any) -> Manifest:
        """Return the manifest of the next epoch of a common room or a group."""
        size = self.common.tree.size if seen is None else seen
        last = self.replay.epoch(room)
        epoch = last.epoch + 1 if last else 0
        nonce = seed("nonce", room, epoch, size=32)
        values = {
            "talks": self.talks,
            "room": room,
            "epoch": epoch,
            "previous": last.manifest if last else NO_HASH,
            "readers": (self.replay if self.replay.kind(room) else self.replay.roster).readers(room, size),
            "head_size": size,
            "head_root": self.common.tree.root(size),
            "commitment": epoch_commitment(self.secret(room, epoch), nonce),
            "nonce": nonce,
        }
        return Manifest(**(values | fields))

    def secret(self, room: str, epoch: int) -> bytes:
        return seed("epoch", room, epoch, size=32)

    def issue(self, name: str, room: str, **fields: Any) -> Verdict:
        event = ManifestIssued(manifest=self.manifest(room, **fields), wraps=bytes(32))
        return self.post(name, event, room="plenary" if self.replay.kind(room) == "group" else "roster")

    def act(
        self, name: str, event: Any, *, room: str = "plenary", seen: int | None = None, **fields: Any
    ) -> Act:
        """Return the next act of a desk; `seen` is the size it has seen, the whole register if none is given."""
        rid = self.rooms.get(room, room)
        desk = self.desk(name)
        chain = self.replay.chain(rid, desk.certificate)
        view = self.common.seen(self.common.tree.size if seen is None else seen)
        epoch = self.replay.epoch(rid, view.size)
        if epoch is None and isinstance(event, ManifestIssued) and event.manifest.room == rid:
            manifest = event.manifest.hash
        else:
            manifest = epoch.manifest if epoch else NO_HASH
        self.clock += 1
        values = {
            "talks": self.talks,
            "room": rid,
            "author": desk.certificate,
            "manifest": manifest,
            "sequence": chain.sequence,
            "previous": chain.previous,
            "seen": view,
            "state": self.replay.state_hash(rid, view.size),
            "time": START + self.clock,
            "event": event,
        }
        return Act(**(values | fields))

    def post(
        self, name: str, event: Any, *, room: str = "plenary", seen: int | None = None, **fields: Any
    ) -> Verdict:
        """Do an act and return the verdict on it."""
        act = self.act(name, event, room=room, seen=seen, **fields)
        return self.put(act, self.desk(name), self.rooms.get(room, room))

    def group(self, *sent: str, **fields: str) -> str:
        """Return the id of a group that all have opened, with these desks' members named and its first epoch begun."""
        plain = {
            "title": "Flow",
            "kind": "contact-group",
            "level": "experts",
            "mandate": "To measure the flow.",
            "language": "en",
        }
        event = RoomOpened(**(plain | fields))  # type: ignore[arg-type]
        self.both(event)
        room = group_id(self.talks, event.content)
        for name in self.names:
            members = [self.desk(one).member for one in sent if one.split(".", maxsplit=1)[0] == name]
            if members:
                named = RoomMembersNamed(room=room, members=tuple(sorted(set(members))))
                assert self.post(name, named).status == "valid"
        if sent:
            assert self.issue(sent[0], room).status == "valid"
        return room

    def put(self, act: Act, desk: Desk, room: str, *, problem: str | None = None) -> Verdict:
        """Put an act into the common register as an entry that opened in a room."""
        body, opened = self._opened(act, desk, room, self.replay.certificate(act.author), problem)
        return self._note(self.common.append(Kind.ENVELOPE, body, opened, self.replay, self.clock))

    def put_other(self, kind: Kind = Kind.ENVELOPE, body: bytes = b"sealed to others") -> Verdict:
        """Put an entry that we cannot open into the common register."""
        return self._note(self.common.append(kind, body, None, self.replay, self.clock))

    def both(self, event: Any, *names: str, **fields: Any) -> list[Verdict]:
        """Let several parties, or all, post the same event one after the other."""
        return [self.post(name, event, **fields) for name in names or self.names]

    def hash_of(self, verdict: Verdict) -> bytes:
        """Return the act hash of the entry that a verdict is about."""
        content = self.common.entries[verdict.index].content
        assert isinstance(content, Opened)
        return content.act_hash

    # The caucus.

    def caucus(self, name: str) -> tuple[Register, CaucusReplay]:
        """Return a party's caucus register and its replay; it has a genesis and its first epoch."""
        if name not in self.caucuses:
            party = self.parties[name]
            host = self.common.host.named(f"host.example/t/{ident('caucus', name)}")
            genesis = Genesis.of(
                host.keys, ident("caucus", name), self.genesis.delegations, Caucus(self.talks, party.id)
            )
            register = Register(host, self.signing)
            replay = CaucusReplay(self.replay, register.tree)
            self.caucuses[name] = (register, replay)
            register.append(Kind.GENESIS, genesis.body(), genesis, replay, 0)
            self.caucus_issue(name)
        return self.caucuses[name]

    def caucus_room(self, name: str) -> str:
        return room_id(f"caucus/{self.parties[name].id}", self.talks)

    def caucus_manifest(self, name: str, seen: int | None = None, **fields: Any) -> Manifest:
        register, replay = self.caucus(name)
        room = self.caucus_room(name)
        size = register.tree.size if seen is None else seen
        last = replay.epoch(size)
        epoch = last.epoch + 1 if last else 0
        nonce = seed("nonce", room, epoch, size=32)
        values = {
            "talks": self.talks,
            "room": room,
            "epoch": epoch,
            "previous": last.manifest if last else NO_HASH,
            "readers": replay.readers(size, self.common.tree.size),
            "head_size": size,
            "head_root": register.tree.root(size),
            "commitment": epoch_commitment(self.secret(room, epoch), nonce),
            "nonce": nonce,
        }
        return Manifest(**(values | fields))

    def caucus_issue(self, name: str, **fields: Any) -> Verdict:
        event = ManifestIssued(manifest=self.caucus_manifest(name, **fields), wraps=bytes(32))
        return self.caucus_post(name, event)

    def caucus_act(
        self, name: str, event: Any, *, seen: int | None = None, common: int | None = None, **fields: Any
    ) -> Act:
        first = name.split(".", maxsplit=1)[0]
        register, replay = self.caucus(first)
        desk = self.desk(name)
        chain = replay.chain(desk.certificate)
        view = register.seen(register.tree.size if seen is None else seen)
        room = self.caucus_room(first)
        epoch = replay.epoch(view.size)
        if epoch is None and isinstance(event, ManifestIssued) and event.manifest.room == room:
            manifest = event.manifest.hash
        else:
            manifest = epoch.manifest if epoch else NO_HASH
        self.clock += 1
        values = {
            "talks": self.talks,
            "room": room,
            "author": desk.certificate,
            "manifest": manifest,
            "sequence": chain.sequence,
            "previous": chain.previous,
            "seen": view,
            "common": self.common.seen(self.common.tree.size if common is None else common),
            "state": replay.state_hash(view.size),
            "time": START + self.clock,
            "event": event,
        }
        return Act(**(values | fields))

    def caucus_post(self, name: str, event: Any, **fields: Any) -> Verdict:
        return self.caucus_put(self.caucus_act(name, event, **fields), self.desk(name))

    def caucus_put(self, act: Act, desk: Desk, *, problem: str | None = None) -> Verdict:
        register, replay = self.caucuses[desk.name.split(".")[0]]
        known = replay.certificate(act.author, act.common.size if act.common else 0)
        body, opened = self._opened(act, desk, replay.room, known, problem)
        return register.append(Kind.ENVELOPE, body, opened, replay, self.clock)

    def caucus_introduce(self, introduction: Introduction) -> Verdict:
        name = next(one.name for one in self.parties.values() if one.id == introduction.statement.delegation)
        register, replay = self.caucus(name)
        return register.append(Kind.INTRODUCTION, pack(introduction), introduction, replay, self.clock)

    # Inside.

    def _opened(
        self, act: Act, desk: Desk, room: str, known: Statement | None, problem: str | None
    ) -> tuple[bytes, Opened]:
        if not self.signing:
            body = pack(act)
            return body, Opened(room=room, act=act, act_hash=act_hash(body), problem=problem)
        signed: SignedAct = sign_act(act, desk.signer)
        if known is None:
            problem = problem or "author-unknown"
        else:
            try:
                signed.verify(known.act)
            except GoodOfficesError:
                problem = problem or "act-signature"
        return pack(signed), Opened(room=room, act=act, act_hash=signed.hash, problem=problem)

    def _note(self, verdict: Verdict) -> Verdict:
        self.verdicts.append(verdict)
        return verdict
