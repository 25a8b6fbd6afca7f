"""Whole talks in memory, by the real rules: a host, two delegations, acts that replay judges, an outcome.

`Stage.act` signs, seals, appends and replays. `Stage.assembled` makes the bundle with the project's own code;
`Stage.bundle` makes one from any entries at all, as a forger who is the host would.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from msgspec import structs

from good_offices.encoding import pack
from good_offices.instrument.closing import assemble, select_disclosed
from good_offices.instrument.entries import Content, Done
from good_offices.instrument.outcome import OUTCOME, Cosignature, Outcome, Shown
from good_offices.instrument.selecting import Judged
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import DeskCosigner, desk_name
from good_offices.register.genesis import Genesis, talks_id
from good_offices.register.host import HostSigner, seen_of
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree
from good_offices.seals.domains import Domain
from good_offices.seals.envelope import message_key, seal
from good_offices.seals.pairs import ACT, ROOT
from good_offices.seals.wraps import PUBLIC as KEM
from good_offices.talks.acts import Act, Seen, SignedAct, sign_act
from good_offices.talks.book import epoch_commitment
from good_offices.talks.closing import closing_record
from good_offices.talks.credentials import (
    NO_HASH,
    Introduction,
    Manifest,
    Root,
    Statement,
    certificate_message,
    handover_mac,
    room_id,
    successor_commitment,
)
from good_offices.talks.event import Happened
from good_offices.talks.events_outcome import (
    ClosingRecord,
    ClosingRecordSigned,
    Head,
    InstrumentDeposited,
    InstrumentSigned,
    TextInitialled,
)
from good_offices.talks.events_plenary import (
    FullPowersFoundInOrder,
    FullPowersProduced,
    ItemAccepted,
    ItemProposed,
    Modalities,
    ModalitiesAccepted,
    ModalitiesProposed,
    StatementMade,
)
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
)
from good_offices.talks.events_text import (
    Bound,
    Certified,
    ConcordanceCertified,
    ProvisionAgreed,
    ProvisionLocked,
    TextAdopted,
    TextTabled,
)
from good_offices.talks.replay import CommonReplay, Entry, Opened
from good_offices.talks.roster import number_digest
from good_offices.talks.verdict import Verdict
from good_offices.text.model import Instrument, Unit, Words, words_digest

REGISTER = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
ORIGIN = f"venue.example/t/{REGISTER}"
START = 1_790_000_000_000
ALL = ("agree", "initial", "propose", "release", "sign", "speak", "table")


def seed(label: str, length: int = 32) -> bytes:
    return hashlib.shake_256(label.encode()).digest(length)


def ident(label: str) -> str:
    return seed(label, 16).hex()


@dataclass
class Desk:
    """A desk with its member and keys."""

    label: str
    party: Party
    member: str
    name: str
    capacity: str
    talks: bytes

    def __post_init__(self) -> None:
        self.signer = ACT.signer(seed(f"{self.label} act", 64))
        self.id = ident(f"{self.label} desk")
        self.cosigner = DeskCosigner(seed(f"{self.label} cosigner"), desk_name(self.id))
        self.statement = Statement(
            talks=self.talks,
            delegation=self.party.id,
            member=self.member,
            desk=self.id,
            act=self.signer.public,
            note=seed(f"{self.label} note"),
            cosigner=self.cosigner.vkey.public,
        )

    @property
    def certificate(self) -> bytes:
        return self.statement.hash

    def introduction(self, *, first: bool = True) -> Introduction:
        rooms = [room_id(name, self.talks) for name in ("roster", "plenary")]
        kems = {room: seed(f"{self.label} {room}", KEM) for room in rooms}
        bare = {"statement": self.statement, "kems": kems}
        if first:
            bare["root"] = self.party.root
            bare["certificate"] = self.party.certificate(self.statement)
        else:
            bare["handover"] = handover_mac(seed("handover"), self.statement, kems)
        unsigned = Introduction(**bare)
        possession = self.signer.sign(Domain.INTRODUCTION, unsigned.unsigned())
        return Introduction(**bare, possession=possession)


@dataclass
class Party:
    """A delegation with its root."""

    label: str
    salt: str = ""

    def __post_init__(self) -> None:
        self.id = ident(self.label)
        self.signer = ROOT.signer(seed(f"{self.label} root {self.salt}", 64))
        self.successor = ROOT.signer(seed(f"{self.label} successor {self.salt}", 64))
        self.root = Root(public=self.signer.public, successor=successor_commitment(self.successor.public))

    def certificate(self, statement: Statement) -> bytes:
        return self.signer.sign(Domain.CERTIFICATE, certificate_message(statement, self.root))

    def accredits(self, record: object) -> bytes:
        return self.signer.sign(Domain.ACCREDITATION, pack(record))


@dataclass
class Row:
    """An entry as the stage holds it."""

    leaf: Leaf
    body: bytes
    key: bytes | None
    content: Content | None
    verdict: Verdict


@dataclass
class Stage:
    """A register with its host, two delegations, and the replay of it."""

    salt: str = ""
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host = HostSigner(seed("host 1"), seed("host 2"), ORIGIN)
        self.parties = {name: Party(name, self.salt) for name in ("Arda", "Belan")}
        self.genesis = Genesis.of(self.host.keys, REGISTER, [one.id for one in self.parties.values()])
        self.talks = talks_id(self.genesis.body())
        self.secrets = {room: seed(room) for room in ("roster", "plenary")}
        self.rooms = {room: room_id(room, self.talks) for room in self.secrets}
        self.arda = self.desk("Arda", "Mira Senn", "Minister for Water")
        self.belan = self.desk("Belan", "Oleg Tarn", "First Deputy Minister")
        self.desks = (self.arda, self.belan)
        self.tree = Tree.from_leaves(b"".join(row.leaf.hash for row in self.rows))
        self.replay = CommonReplay(self.tree)
        rows, self.rows = self.rows, []
        self.clock = START
        for row in rows:
            self.rows.append(row)
        if not rows:
            self.append(Kind.GENESIS, self.genesis.body(), None, self.genesis)

    def desk(self, party: str, name: str, capacity: str, label: str = "") -> Desk:
        label = label or f"{party} {name} {self.salt}"
        return Desk(label, self.parties[party], ident(f"{party} {name}"), name, capacity, self.talks)

    def copy(self) -> Stage:
        new = Stage(self.salt, list(self.rows))
        new.replay = CommonReplay.restored(self.replay.snapshot(), new.tree)
        new.clock = self.clock
        return new

    # Entries.

    def append(
        self, kind: Kind, body: bytes, key: bytes | None, content: object, *, judge: bool = True
    ) -> int:
        self.clock += 1000
        leaf = Leaf.of(kind, self.clock, body)
        index = self.tree.append(leaf.hash)
        verdict = Verdict(index=index)
        if judge:
            said = (
                Opened(room=content.act.room, act=content.act, act_hash=content.hash)
                if isinstance(content, Done)
                else content
            )
            verdict = self.replay.apply(
                Entry(index=index, leaf_hash=leaf.hash, kind=int(kind), time=self.clock, content=said)
            )
        kept = content if isinstance(content, Done | Introduction) else None
        self.rows.append(Row(leaf, body, key, kept, verdict))
        return index

    def introduce(self, desk: Desk, *, first: bool = True) -> int:
        introduction = desk.introduction(first=first)
        introduction.verify()
        return self.append(Kind.INTRODUCTION, pack(introduction), None, introduction)

    def note(self, size: int | None = None) -> bytes:
        size = self.tree.size if size is None else size
        return self.host.sign(Checkpoint(ORIGIN, size, self.tree.root(size)), self.clock // 1000)

    def signed(self, desk: Desk, event: Happened, room: str = "plenary", **changed: object) -> SignedAct:
        seen = seen_of(self.note())
        size = seen.size
        room_name = self.rooms[room]
        chain = self.replay.chain(room_name, desk.certificate)
        epoch = self.replay.epoch(room_name, size)
        own = epoch is None and isinstance(event, ManifestIssued) and event.manifest.room == room_name
        act = Act(
            talks=self.talks,
            room=room_name,
            author=desk.certificate,
            manifest=event.manifest.hash if own else epoch.manifest,
            sequence=chain.sequence,
            previous=chain.previous,
            seen=Seen(size=size, root=seen.root, signature=seen.signature),
            state=self.replay.state_hash(room_name, size),
            time=self.clock,
            event=event,
        )
        if "room_override" in changed:
            changed["room"] = changed.pop("room_override")
        return sign_act(structs.replace(act, **changed), desk.signer)

    def act(
        self,
        desk: Desk,
        event: Happened,
        room: str = "plenary",
        *,
        expect: str | None = "valid",
        **changed: object,
    ) -> int:
        signed = self.signed(desk, event, room, **changed)
        index = self.envelope(signed, room, judge=expect is not None)
        verdict = self.rows[index].verdict
        assert expect is None or verdict.status == expect, (event.name, verdict)
        return index

    def envelope(self, signed: SignedAct, room: str = "plenary", *, judge: bool = True) -> int:
        body, key = self.sealed(signed, room)
        return self.append(Kind.ENVELOPE, body, key, Done(signed, signed.opened()), judge=judge)

    def sealed(self, signed: SignedAct, room: str = "plenary") -> tuple[bytes, bytes]:
        secret = self.secrets[room]
        body = seal(pack(signed), secret, salt=hashlib.sha256(signed.act).digest())
        found = message_key(body, [secret])
        assert found is not None
        return body, found[1]

    def hash(self, index: int) -> bytes:
        content = self.rows[index].content
        assert isinstance(content, Done)
        return content.hash

    # The course of talks.

    def manifest(self, room: str, by: Desk) -> int:
        seen = seen_of(self.note())
        epoch = self.replay.epoch(self.rooms[room])
        manifest = Manifest(
            talks=self.talks,
            room=self.rooms[room],
            epoch=epoch.epoch + 1 if epoch else 0,
            previous=epoch.manifest if epoch else NO_HASH,
            readers=sorted(self.replay.roster.readers(self.rooms[room], seen.size)),
            head_size=seen.size,
            head_root=seen.root,
            commitment=epoch_commitment(self.secrets[room], seed("nonce")),
            nonce=seed("nonce"),
        )
        return self.act(by, ManifestIssued(manifest=manifest, wraps=bytes(32)), "roster")

    def accredit(
        self, desk: Desk, *, powers: Iterable[str] = ALL, by: Desk | None = None, **changed: object
    ) -> int:
        given = MemberAccreditation(
            talks=self.talks,
            delegation=desk.party.id,
            member=desk.member,
            name=desk.name,
            capacity=desk.capacity,
            level="ministers",
            powers=tuple(powers),
        )
        given = structs.replace(given, **changed)
        event = MemberAccredited(accreditation=given, signature=desk.party.accredits(given))
        return self.act(by or desk, event, "roster")

    def recall(self, desk: Desk, by: Desk) -> int:
        recall = Recall(talks=self.talks, delegation=desk.party.id, member=desk.member)
        event = MemberRecalled(recall=recall, signature=desk.party.accredits(recall))
        return self.act(by, event, "roster")

    def join(self, desk: Desk, by: Desk, **accreditation: object) -> None:
        """A later desk: introduced, certified, accredited, and a reader of both rooms from new epochs on."""
        self.introduce(desk, first=False)
        certified = DeskCertified(statement=desk.statement, signature=desk.party.certificate(desk.statement))
        self.act(by, certified, "roster")
        self.accredit(desk, by=by, **accreditation)
        self.manifest("roster", by)
        self.manifest("plenary", by)

    def open(self) -> Stage:
        """Accession: introductions, names, credentials, keys compared, both epochs."""
        for desk in self.desks:
            self.introduce(desk)
        self.manifest("roster", self.arda)
        for desk in self.desks:
            given = DelegationAccreditation(
                talks=self.talks, delegation=desk.party.id, name=f"Republic of {desk.party.label}"
            )
            self.act(
                desk,
                DelegationAccredited(accreditation=given, signature=desk.party.accredits(given)),
                "roster",
            )
            self.accredit(desk)
        self.manifest("plenary", self.belan)
        for desk in self.desks:
            self.act(desk, KeysCompared(number=number_digest(self.replay.roster.number)), "roster")
        return self

    def both(self, event: Happened) -> list[int]:
        return [self.act(desk, event) for desk in self.desks]

    def modalities(self) -> Stage:
        ids = [one.id for one in self.parties.values()]
        names = {one: dict.fromkeys(ids, "the Party") for one in ids}
        modalities = Modalities(names=names, authentic=("en", "ru"), working=("en",), levels=("ministers",))
        proposed = ModalitiesProposed(modalities=modalities)
        self.act(self.arda, proposed)
        self.act(self.belan, ModalitiesAccepted(modalities=proposed.content))
        item = ItemProposed(title="The waters of the river")
        self.act(self.belan, item)
        self.act(self.arda, ItemAccepted(item=item.content))
        return self

    def text(self, instrument: Instrument | None = None, *, until: str = "adopted") -> Instrument:
        instrument = instrument or treaty()
        self.act(self.arda, TextTabled(instrument=instrument))
        if until == "tabled":
            return instrument
        name = instrument.id
        bound = tuple(Bound(unit=unit.id, digest=unit.digest) for unit in instrument.units)
        self.both(ProvisionAgreed(instrument=name, units=bound, level="ministers"))
        certified = tuple(
            Certified(unit=unit.id, texts={one: words_digest(unit, one) for one in instrument.authentic})
            for unit in instrument.units
        )
        self.both(ConcordanceCertified(instrument=name, units=certified))
        self.both(ProvisionLocked(instrument=name, units=bound))
        self.both(TextAdopted(instrument=name, digest=instrument.digest))
        return instrument

    def powers(self, desk: Desk) -> bytes:
        index = self.act(desk, FullPowersProduced(member=desk.member, ex_officio=True))
        other = self.belan if desk.party is self.arda.party else self.arda
        self.act(other, FullPowersFoundInOrder(produced=self.hash(index)))
        return self.hash(index)

    def sign(self, instrument: Instrument, desks: Iterable[Desk] | None = None) -> Stage:
        for desk in desks or self.desks:
            self.powers(desk)
            self.act(desk, TextInitialled(instrument=instrument.id, digest=instrument.digest))
            self.act(desk, InstrumentSigned(instrument=instrument.id, digest=instrument.digest))
        return self

    def say(self, text: str = "We thank the host.") -> int:
        return self.act(self.belan, StatementMade(text=text, language="en"))

    # The outcome.

    @property
    def judged(self) -> list[Judged]:
        return [Judged(index, row.leaf.hash, row.verdict, row.content) for index, row in enumerate(self.rows)]

    def record(self, *, extra: Iterable[bytes] = (), signers: Iterable[bytes] | None = None) -> ClosingRecord:
        roster, plenary = self.replay.roster, self.replay.plenary
        size = self.tree.size
        return closing_record(
            roster,
            plenary,
            head=Head(size=size, root=self.tree.root(size)),
            state=self.replay.state_hash(self.rooms["plenary"], size),
            disclosed=select_disclosed(roster, plenary, self.judged, extra=extra, signers=signers),
            cosigners=tuple(desk.statement.cosigner for desk in self.desks),
        )

    def close(self, record: ClosingRecord, *, deposit: Instrument | None = None, judge: bool = True) -> Stage:
        expect = "valid" if judge else None
        for desk in self.desks:
            if judge:
                self.act(desk, ClosingRecordSigned(record=record), expect=expect)
            else:
                self.unjudged(desk, ClosingRecordSigned(record=record))
        if deposit:
            event = InstrumentDeposited(
                instrument=deposit.id,
                digest=deposit.digest,
                depositary=self.parties["Arda"].id,
                place="Meridon",
            )
            for desk in self.desks:
                if judge:
                    self.act(desk, event)
                else:
                    self.unjudged(desk, event)
        return self

    def unjudged(self, desk: Desk, event: Happened, room: str = "plenary", **changed: object) -> int:
        """Append an act that replay never saw; its chain is right all the same."""
        last = [
            row.content
            for row in self.rows
            if isinstance(row.content, Done)
            and (row.content.act.author, row.content.act.room) == (desk.certificate, self.rooms[room])
        ]
        chain = {"sequence": last[-1].act.sequence + 1, "previous": last[-1].hash} if last else {}
        return self.act(desk, event, room, expect=None, **{**chain, **changed})

    def kept(self, index: int) -> tuple[bytes, bytes, bytes | None]:
        row = self.rows[index]
        return row.leaf.to_bytes(), row.body, row.key

    def cosigned(self, size: int | None = None) -> dict[bytes, bytes]:
        size = self.tree.size if size is None else size
        state = Checkpoint(ORIGIN, size, self.tree.root(size))
        return {desk.statement.cosigner: desk.cosigner.sign(state, self.clock // 1000) for desk in self.desks}

    def texts(self) -> dict[str, Instrument]:
        return {name: text.instrument for name, text in self.replay.plenary.texts.items()}

    def assembled(self, record: ClosingRecord) -> Outcome:
        return assemble(
            record,
            self.replay.roster,
            self.judged,
            self.kept,
            self.tree,
            self.note(),
            texts=self.texts(),
            cosigned=self.cosigned(),
        )

    def shown(self, index: int, size: int | None = None) -> Shown:
        leaf, body, key = self.kept(index)
        proof = tuple(self.tree.inclusion_proof(index, size or self.tree.size))
        return Shown(index=index, leaf=leaf, proof=proof, body=body, key=key)

    def bundle(
        self, record: ClosingRecord, indices: Iterable[int], texts: Iterable[Instrument] = ()
    ) -> Outcome:
        """A bundle of whatever entries, with the host's help."""
        size = self.tree.size
        cosigned = self.cosigned()
        return Outcome(
            form=OUTCOME,
            checkpoint=self.note(),
            head=tuple(self.tree.consistency_proof(record.head.size, size)) if record.head.size else (),
            entries=tuple(self.shown(index) for index in sorted(set(indices))),
            texts=tuple(pack(one) for one in texts),
            cosignatures=tuple(
                Cosignature(note=cosigned[key]) for key in record.cosigners if key in cosigned
            ),
        )

    def lying(
        self,
        record: ClosingRecord,
        texts: Iterable[Instrument] = (),
        *,
        deposit: Instrument | None = None,
        also: Iterable[int] = (),
    ) -> Outcome:
        """A bundle whose closing record every delegation signed, whatever it says."""
        first = self.tree.size
        self.close(record, deposit=deposit, judge=False)
        after = range(first, self.tree.size)
        return self.bundle(record, [0, *(one.index for one in record.disclosed), *also, *after], texts)


def unit(name: str, en: str, ru: str, label: str = "") -> Unit:
    return Unit(
        id=name, kind="article", label=label, texts={"en": (Words(text=en),), "ru": (Words(text=ru),)}
    )


def treaty(name: str = "treaty", **changed: str) -> Instrument:
    words = {
        "en": "The Parties shall share the waters of the river.",
        "ru": "Стороны совместно пользуются водами реки.",
        **changed,
    }
    return Instrument(
        id=name,
        titles={"en": "Treaty on the River", "ru": "Договор о реке"},
        authentic=("en", "ru"),
        units=(
            unit("a1", words["en"], words["ru"], "Article 1"),
            unit(
                "a2",
                "This Treaty enters into force on signature.",
                "Договор вступает в силу с подписанием.",
                "Article 2",
            ),
        ),
    )


def full(stage: Stage | None = None) -> tuple[Stage, Instrument, int]:
    """Talks up to the moment before the closing record: signed text, one statement to be shown."""
    stage = (stage or Stage()).open().modalities()
    said = stage.say()
    instrument = stage.text()
    stage.sign(instrument)
    return stage, instrument, said


Change = Callable[[Outcome], Outcome]
