"""The other delegation, or one's own colleague, with valid keys and software of its own: all readers judge alike."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace
from tests.hostile.conftest import Stage

from good_offices.desk import housekeeping
from good_offices.desk.desk import Desk
from good_offices.encoding import encode, pack
from good_offices.errors import LocalError
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import MAX_CONTENT, seal
from good_offices.seals.wraps import wrap_all, wrap_info
from good_offices.talks.acts import Act, Seen, SignedAct, act_hash, sign_act
from good_offices.talks.book import epoch_commitment
from good_offices.talks.credentials import Manifest, Wraps
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    InstructionsGiven,
    ItemAccepted,
    ItemProposed,
    ModalitiesAccepted,
    StatementMade,
)
from good_offices.talks.events_roster import (
    EpochSecret,
    EpochsHandedOver,
    KeyRenewed,
    KeysCompared,
    ManifestIssued,
    MemberAccreditation,
    MemberAccredited,
)
from good_offices.talks.verdict import Verdict

WORDS = StatementMade(text="Words.", language="en")


def agree(stage: Stage) -> None:
    """All desks hold the same state, rooms and words, also when opened again."""
    stage.settle()
    for room in ("roster", "plenary"):
        desks = [desk for desk in stage.desks if room in desk.rooms]
        size = stage.host.log("", stage.host.common).tree.size
        assert {desk.common.ledger.size for desk in desks} == {size}
        assert len({desk.talks.state_hash(desk.rooms[room], size) for desk in desks}) == 1
    for delegation in {desk.identity.place.delegation for desk in stage.desks}:
        desks = [desk for desk in stage.desks if desk.identity.place.delegation == delegation]
        assert len({(desk.home.size, desk.home.state_hash(desk.home.size)) for desk in desks}) == 1


def go_on(stage: Stage) -> None:
    """Everybody can still speak and be heard, with the same state, and so after every desk was opened again."""
    agree(stage)
    for desk in stage.desks:
        assert [line.index for line in desk.common.lines()] == list(range(desk.common.ledger.size))
        assert [line.index for line in desk.caucus.lines()] == list(range(desk.caucus.ledger.size))
    stage.desks[:] = [stage.reopen(desk) for desk in list(stage.desks)]
    for desk in stage.desks:
        desk.sync()
        if not desk.identity.person.capital:
            assert stage.say(desk, "And on.").status == "valid"
        assert stage.say(desk, "And on.", room="caucus").status == "valid"
    agree(stage)


def act_of(desk: Desk, event: Any = WORDS, room: str = "plenary", **fields: Any) -> Act:
    """Return an act as a desk would write it now, with fields that its own software would not write."""
    standing, chain = desk.standing(room), desk._chain(room)
    values = {
        "talks": standing.talks,
        "room": standing.room,
        "author": standing.author,
        "manifest": standing.manifest,
        "sequence": chain.sequence,
        "previous": chain.previous,
        "seen": standing.seen,
        "common": standing.common,
        "state": standing.state,
        "time": chain.time + 1,
        "event": event,
    }
    return Act(**{**values, **fields})


def post(
    stage: Stage, desk: Desk, content: bytes, room: str = "plenary", under: bytes | None = None
) -> list[Verdict]:
    """Post content under a room's epoch and return each reader's verdict on it."""
    secret = under or desk.epochs.secret(desk.standing(room).manifest)
    ledger = desk.book(room).ledger
    desk.client.append(ledger.register, [(int(Kind.ENVELOPE), seal(content, secret))])
    readers = [one for one in stage.desks if one.book(room).ledger.register == ledger.register]
    verdicts = []
    for one in readers:
        one.receive()
        verdicts.append(one.book(room).kept(one.book(room).ledger.size - 1).verdict)
    return verdicts


def void(verdicts: list[Verdict], code: str) -> None:
    """All readers say the same."""
    assert all(one == verdicts[0] for one in verdicts)
    assert (verdicts[0].status, verdicts[0].code) == ("void", code)


def signed(desk: Desk, act: Act) -> bytes:
    return pack(sign_act(act, desk.signer))


# What is inside an envelope


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 40,
        b"\xa1",
        encode({"form": "good-options/act/1"}),
        pack(SignedAct(act=b"", signature=b"")),
    ],
    ids=["nothing", "noise", "cut", "another form", "an empty act"],
)
@pytest.mark.parametrize("room", ["plenary", "roster", "caucus"])
def test_what_is_no_act_is_void_for_all_readers(stage: Stage, content: bytes, room: str) -> None:
    """Malformed CBOR inside a valid envelope is void, identically, and stops nobody."""
    verdicts = post(stage, stage.desks[0], content, room)
    assert {one.status for one in verdicts} == {"void"}
    assert len({one.code for one in verdicts}) == 1
    go_on(stage)


ACTS: dict[str, tuple[str, Callable[[Desk, Desk], Act]]] = {
    "wrong room": ("room-differs", lambda ours, _: replace(act_of(ours), room=ours.rooms["roster"])),
    "wrong talks": ("other-talks", lambda ours, _: act_of(ours, talks=bytes(32))),
    "wrong epoch": (
        "manifest-not-in-force",
        lambda ours, _: act_of(ours, manifest=ours.standing("roster").manifest),
    ),
    "no such epoch": ("manifest-not-in-force", lambda ours, _: act_of(ours, manifest=bytes(32))),
    "the other side's name": ("act-signature", lambda ours, their: act_of(ours, author=their.certificate)),
    "nobody's name": ("author-unknown", lambda ours, _: act_of(ours, author=bytes(32))),
    "a name of no length": ("author-unknown", lambda ours, _: act_of(ours, author=b"")),
    "sequence again": (
        "chain-broken",
        lambda ours, _: act_of(ours, sequence=ours._chain("plenary").sequence - 1),
    ),
    "sequence left out": ("chain-broken", lambda ours, _: act_of(ours, sequence=99)),
    "a sequence below nothing": ("chain-broken", lambda ours, _: act_of(ours, sequence=-1)),
    "another chain": ("chain-broken", lambda ours, _: act_of(ours, previous=bytes(range(32)))),
    "time running back": ("time-runs-back", lambda ours, _: act_of(ours, time=1)),
    "seen ahead": (
        "seen-ahead",
        lambda ours, _: act_of(ours, seen=replace(ours.standing("plenary").seen, size=10**6)),
    ),
    "seen beyond all numbers": (
        "seen-ahead",
        lambda ours, _: act_of(ours, seen=replace(ours.standing("plenary").seen, size=2**63)),
    ),
    "seen nothing": ("seen-ahead", lambda ours, _: act_of(ours, seen=Seen(size=0, root=bytes(32)))),
    "seen less than nothing": (
        "seen-ahead",
        lambda ours, _: act_of(ours, seen=Seen(size=-5, root=bytes(32))),
    ),
    "false seen": (
        "seen-differs",
        lambda ours, _: act_of(ours, seen=replace(ours.standing("plenary").seen, root=bytes(32))),
    ),
    "a seen root of no length": (
        "seen-differs",
        lambda ours, _: act_of(ours, seen=replace(ours.standing("plenary").seen, root=b"")),
    ),
    "a view of the caucus's in the plenary": (
        "common-unexpected",
        lambda ours, _: act_of(ours, common=ours.standing("plenary").seen),
    ),
    "accepted what nobody proposed": (
        "item-unknown",
        lambda ours, _: act_of(ours, ItemAccepted(item=bytes(32))),
    ),
    "accepted no modalities": (
        "modalities-unknown",
        lambda ours, _: act_of(ours, ModalitiesAccepted(modalities=bytes(32))),
    ),
    "withdrew what it never accepted": (
        "not-accepted",
        lambda ours, _: act_of(ours, AcceptanceWithdrawn(content=bytes(32))),
    ),
    "an act of the roster": ("room-wrong", lambda ours, _: act_of(ours, KeysCompared(number=bytes(32)))),
    "instructions, openly": (
        "room-wrong",
        lambda ours, _: act_of(ours, InstructionsGiven(text="Hold.", language="en")),
    ),
    "secrets that are none": (
        "epoch-secret-wrong",
        lambda ours, _: act_of(
            ours,
            EpochsHandedOver(
                room=ours.rooms["plenary"],
                epochs=(EpochSecret(manifest=ours.standing("plenary").manifest, secret=bytes(32)),),
            ),
        ),
    ),
    "secrets of no epoch": (
        "epoch-unknown",
        lambda ours, _: act_of(
            ours,
            EpochsHandedOver(
                room=ours.rooms["plenary"], epochs=(EpochSecret(manifest=b"\x01" * 32, secret=bytes(32)),)
            ),
        ),
    ),
    "secrets of no room": (
        "room-unknown",
        lambda ours, _: act_of(
            ours,
            EpochsHandedOver(
                room="no/room/at all", epochs=(EpochSecret(manifest=b"\x02" * 32, secret=b"short"),)
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_that_breaks_a_rule_is_void_for_all_readers(stage: Stage, name: str) -> None:
    """Whatever the other delegation signs, all readers give one verdict, hold one state, and the talks go on."""
    code, make = ACTS[name]
    ours, theirs = stage.desks
    stage.say(ours, "First.")
    theirs.receive()
    verdicts = post(stage, ours, signed(ours, make(ours, theirs)))
    if code not in ("item-unknown", "modalities-unknown", "not-accepted"):
        void(verdicts, code)
    else:
        void(verdicts, verdicts[0].code)
    assert not list(theirs.storage.folder.glob("evidence/*"))
    go_on(stage)


def test_a_false_state_is_noticed_and_changes_no_verdict(stage: Stage) -> None:
    """An author whose software computed another state is shown to all; the act itself is judged by the rules."""
    ours = stage.desks[0]
    verdicts = post(stage, ours, signed(ours, act_of(ours, state=bytes(32))))
    assert verdicts[0] == verdicts[1]
    assert verdicts[0].status == "valid"
    assert [type(one).__name__ for one in verdicts[0].effects] == ["StateDiffers"]
    go_on(stage)


def test_half_a_signature_is_none(stage: Stage) -> None:
    """Both signatures of a pair must verify."""
    ours = stage.desks[0]
    whole = sign_act(act_of(ours), ours.signer)
    for spoilt in (
        whole.signature[:64] + bytes(len(whole.signature) - 64),
        bytes(64) + whole.signature[64:],
        b"",
    ):
        void(post(stage, ours, pack(SignedAct(act=whole.act, signature=spoilt))), "act-signature")
    go_on(stage)


@pytest.mark.parametrize("text", ["a\u0000b", "e\u0301", "\ue000", "\u0378", "a\u001bb"])
def test_words_that_show_as_others_are_refused(stage: Stage, text: str) -> None:
    """Control, unassigned and private characters and decomposed letters do not enter the record, whoever writes them."""
    ours = stage.desks[0]
    with pytest.raises(LocalError) as refused:
        ours.act("plenary", StatementMade(text=text, language="en"))
    assert refused.value.code == "text-not-plain"
    good = pack(
        sign_act(act_of(ours, StatementMade(text="@" * len(text.encode()), language="en")), ours.signer)
    )
    verdicts = post(stage, ours, good.replace(b"@" * len(text.encode()), text.encode()))
    assert {one.status for one in verdicts} == {"void"}
    assert len({one.code for one in verdicts}) == 1
    go_on(stage)


@pytest.mark.parametrize("name", ["Envoy\u202e", "Env\u200boy", "\u0415nvoy", "Env\U000e0041oy"])
def test_names_that_show_as_others_are_refused(stage: Stage, name: str) -> None:
    """Names have no direction controls, nothing invisible and no mixed scripts."""
    from good_offices.desk import people

    with pytest.raises(LocalError) as refused:
        people.invite(stage.desks[0], name, "Adviser", "experts", ["speak"])
    assert refused.value.code == "text-not-plain"


def test_an_act_of_the_largest_size_is_carried_and_a_larger_is_not(stage: Stage) -> None:
    """An oversized act does not leave the desk; one at the limit stops nobody."""
    ours = stage.desks[0]
    post(stage, ours, bytes(MAX_CONTENT))
    with pytest.raises(LocalError) as refused:
        seal(bytes(MAX_CONTENT + 1), bytes(32))
    assert refused.value.code == "too-large"
    go_on(stage)


def test_a_flood_is_judged_and_the_talks_go_on(stage: Stage) -> None:
    """1,000 acts at once, a third of them junk, a third out of order: judged in order, alike, in seconds."""
    ours = stage.desks[0]
    secret = ours.epochs.secret(ours.standing("plenary").manifest)
    chain, previous, bodies = ours._chain("plenary"), None, []
    sequence, previous = chain.sequence, chain.previous
    standing = act_of(ours)
    for number in range(1000):
        if number % 3 == 0:
            bodies.append(seal(b"\xff" * 900, secret))
            continue
        act = replace(standing, sequence=sequence if number % 3 == 1 else 10**9, previous=previous)
        packed = sign_act(act, ours.signer)
        if number % 3 == 1:
            sequence, previous = sequence + 1, act_hash(packed.act)
        bodies.append(seal(pack(packed), secret))
    log = stage.host.log("", stage.host.common)
    for body in bodies:
        log.force(Kind.ENVELOPE, body)
    counts = []
    for desk in stage.desks:
        verdicts = desk.receive()
        counts.append(sorted((one.status, one.code or "") for one in verdicts))
    assert counts[0] == counts[1]
    assert [status for status, _ in counts[0]].count("valid") == 333
    go_on(stage)


def test_an_act_without_powers_has_no_effect(stage: Stage) -> None:
    """A member who was given no power to propose proposes nothing."""
    head = stage.desks[0]
    adviser = stage.join(head, "Adviser", ("speak",))
    verdicts = post(stage, adviser, signed(adviser, act_of(adviser, ItemProposed(title="Mine"))))
    assert all(one == verdicts[0] for one in verdicts)
    assert verdicts[0].status in ("void", "ineffective")
    assert (
        all(desk.talks.plenary.proposed == {} for desk in stage.desks) or verdicts[0].status == "ineffective"
    )
    go_on(stage)


def test_the_other_sides_envelope_again_is_void(stage: Stage) -> None:
    """The bytes of the other side's act, sealed anew and posted by us, are its act a second time: void."""
    ours, theirs = stage.desks
    stage.say(theirs, "Once.")
    ours.receive()
    body = ours.common.kept(ours.common.ledger.size - 1)
    from good_offices.seals.envelope import open_envelope

    content = open_envelope(body.body, body.key)
    void(post(stage, ours, content), "chain-broken")
    go_on(stage)


def test_nobody_accredits_for_the_other_side(stage: Stage) -> None:
    """A root signs for its own delegation alone."""
    ours, theirs = stage.desks
    place = theirs.identity.place
    person = theirs.identity.person
    statement = MemberAccreditation(
        talks=place.talks,
        delegation=place.delegation,
        member=person.member,
        name="Nobody",
        capacity="None",
        level="experts",
        powers=(),
        capital=False,
        number=7,
    )
    from good_offices.seals.domains import Domain

    signature = stage.root(ours).sign(Domain.ACCREDITATION, pack(statement))
    act = act_of(ours, MemberAccredited(accreditation=statement, signature=signature), "roster")
    void(post(stage, ours, signed(ours, act), "roster"), "statement-foreign")
    go_on(stage)


# Epochs


def test_a_recalled_member_s_old_epoch_opens_nothing_that_counts(stage: Stage) -> None:
    """A stolen or recalled desk that seals under the epoch it still has is void, for whoever joins later too."""
    from good_offices.desk import people

    head = stage.desks[0]
    gone = stage.join(head, "Gone")
    old = {room: gone.epochs.secret(gone.standing(room).manifest) for room in ("plenary", "roster")}
    acts = {room: act_of(gone, room=room) for room in ()} or {
        "plenary": act_of(gone),
        "roster": act_of(gone, KeyRenewed(room=gone.rooms["plenary"], kem=bytes(1216)), "roster"),
    }
    people.recall(head, gone.identity.person.member, stage.root(head))
    stage.desks.remove(gone)
    gone.close()
    stage.settle()
    for room, act in acts.items():
        head.client.append(
            stage.host.common, [(int(Kind.ENVELOPE), seal(pack(sign_act(act, gone.signer)), old[room]))]
        )
    verdicts = [desk.receive() for desk in stage.desks]
    assert verdicts[0] == verdicts[1]
    assert {(one.status, one.code) for one in verdicts[0]} == {("void", "desk-recalled")}
    stage.join(head, "Later")
    go_on(stage)


def _manifest(desk: Desk, room: str, secret: bytes, nonce: bytes = bytes(16), **fields: Any) -> Manifest:
    current, seen = desk.epoch(room), desk.standing(room).seen
    values = {
        "talks": desk.identity.place.talks,
        "room": desk.rooms[room],
        "epoch": current.epoch + 1,
        "previous": current.manifest,
        "readers": list(current.readers),
        "head_size": seen.size,
        "head_root": seen.root,
        "commitment": epoch_commitment(secret, nonce),
        "nonce": nonce,
    }
    return Manifest(**{**values, **fields})


def _wraps(desk: Desk, room: str, manifest: Manifest, secrets: dict[bytes, bytes]) -> bytes:
    talks, rid = desk.identity.place.talks, desk.rooms[room]
    blocks: list[bytes] = []
    for reader, secret in secrets.items():
        blocks += wrap_all(secret, [(desk.talks.kem(rid, reader), wrap_info(talks, manifest.hash, reader))])
    return pack(Wraps(manifest=manifest.hash, blocks=blocks))


def _issue(
    stage: Stage, desk: Desk, manifest: Manifest, wraps: bytes, claimed: bytes | None = None
) -> list[Verdict]:
    desk.client.append(stage.host.common, [(int(Kind.WRAPS), wraps)])
    digest = hashlib.sha256(wraps).digest() if claimed is None else claimed
    desk.receive()
    event = ManifestIssued(manifest=manifest, wraps=digest)
    return post(stage, desk, signed(desk, act_of(desk, event, "roster")), "roster")


@pytest.mark.parametrize("room", ["roster", "plenary"])
@pytest.mark.parametrize("readers", ["ghost", "missing"])
def test_a_ghost_or_a_missing_reader_is_void_and_seen_by_all(stage: Stage, room: str, readers: str) -> None:
    """A manifest must hold exactly the accredited readers; the one left out sees it too, and so does who joins later."""
    ours, theirs = stage.desks
    held = list(ours.epoch(room).readers)
    names = sorted([*held, b"\x55" * 32]) if readers == "ghost" else [ours.certificate]
    ours.receive()
    manifest = _manifest(ours, room, b"s" * 32)
    manifest = replace(manifest, readers=names)
    seen_before = ours.standing("roster").seen
    event = ManifestIssued(manifest=manifest, wraps=bytes(32))
    verdicts = post(stage, ours, signed(ours, act_of(ours, event, "roster", seen=seen_before)), "roster")
    void(verdicts, "manifest-readers")
    stage.join(theirs, "Later")
    go_on(stage)


@pytest.mark.parametrize("room", ["roster", "plenary"])
def test_a_bad_wrap_for_one_reader_is_noticed(stage: Stage, room: str) -> None:
    """The reader who was passed over sees the manifest, knows it has not the secret, and holds no false one."""
    ours, theirs = stage.desks
    secret = b"s" * 32
    manifest = _manifest(ours, room, secret)
    # The wraps come first, and the manifest names the head before them.
    bad = _wraps(ours, room, manifest, {ours.certificate: secret, theirs.certificate: b"f" * 32})
    event = ManifestIssued(manifest=manifest, wraps=hashlib.sha256(bad).digest())
    act = act_of(ours, event, "roster")
    ours.client.append(stage.host.common, [(int(Kind.WRAPS), bad)])
    verdicts = post(stage, ours, signed(ours, act), "roster")
    assert verdicts[0] == verdicts[1]
    assert verdicts[0].status == "valid"
    assert theirs.epoch(room).manifest == manifest.hash
    assert theirs.certificate in theirs.epoch(room).readers
    assert theirs.epochs.secret(manifest.hash) is None
    assert ours.epochs.secret(manifest.hash) == secret
    with pytest.raises(LocalError) as refused:
        theirs.act(
            room, WORDS if room == "plenary" else KeyRenewed(room=theirs.rooms["plenary"], kem=bytes(1216))
        )
    assert refused.value.code == "room-closed-to-us"
    # Its record opens and the caucus goes on.
    theirs = stage.reopen(theirs)
    assert stage.say(theirs, "They shut us out.", room="caucus").status == "valid"


@pytest.mark.parametrize("label", ["plenary", "roster", "no/such/room"])
def test_false_secrets_and_labels_make_no_joiner_differ(stage: Stage, label: str) -> None:
    """A colleague hands over false secrets under false labels, before and after the true ones: a joiner ends the same."""
    ours, theirs = stage.desks
    stage.say(ours, "From the start.")
    stage.say(theirs, "Likewise.")
    rid = theirs.rooms.get(label, label)
    false = tuple(
        EpochSecret(manifest=manifest, secret=secret)
        for manifest in (
            theirs.standing("plenary").manifest,
            theirs.standing("roster").manifest,
            b"\x09" * 32,
        )
        for secret in (b"\x01" * 32, b"short", theirs.epochs.secret(theirs.standing("roster").manifest))
    )
    for room in ("plenary", "roster"):
        stage.settle()
        verdicts = post(
            stage,
            theirs,
            signed(theirs, act_of(theirs, EpochsHandedOver(room=rid, epochs=false), room)),
            room,
        )
        assert {one.status for one in verdicts} == {"void"}
    joiner = stage.join(theirs, "Later")
    said = [
        line.act.event.text
        for line in joiner.common.lines()
        if line.act and line.act.event.name == "StatementMade"
    ]
    assert said == ["From the start.", "Likewise."]
    go_on(stage)


def test_false_secrets_between_a_new_epoch_and_its_hand_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague is quicker than the true hand-over: what the joiner hears first is false, and it still ends the same."""
    ours, theirs = stage.desks
    stage.say(theirs, "From the start.")
    true = housekeeping._hand_over

    def quicker(desk: Desk, room: str) -> Any:
        ours.receive()
        rid = desk.rooms[room]
        book = ours.talks.roster.book.epochs.get(rid)
        if book is not None:
            false = tuple(EpochSecret(manifest=one.manifest, secret=b"\x07" * 32) for one in book.issued)
            post(
                stage, ours, signed(ours, act_of(ours, EpochsHandedOver(room=rid, epochs=false), room)), room
            )
            desk.receive()
        return true(desk, room)

    monkeypatch.setattr(housekeeping, "_hand_over", quicker)
    joiner = stage.join(theirs, "Later")
    monkeypatch.undo()
    stage.connect()
    assert "From the start." in [
        line.act.event.text
        for line in joiner.common.lines()
        if line.act and line.act.event.name == "StatementMade"
    ]
    go_on(stage)


def test_a_host_that_wraps_false_secrets_to_the_keys_it_saw_keeps_nobody_out(stage: Stage) -> None:
    """The keys of the introduction are in clear: false wraps for a true manifest come first, and change nothing."""
    ours, theirs = stage.desks
    log, true = stage.host.log("", stage.host.common), stage.host._append
    kems = {line.statement.hash: line.kems for line in ours.common.introductions()}

    def first(asked: Any) -> Any:
        from good_offices.encoding import unpack
        from good_offices.transport import pages

        for one in unpack(asked.request.content, pages.Append).entries:
            if one.kind == Kind.WRAPS:
                wraps = unpack(one.body, Wraps)
                readers = [
                    (public, wrap_info(ours.identity.place.talks, wraps.manifest, certificate))
                    for certificate, of in kems.items()
                    for public in of.values()
                ]
                log.append(
                    Kind.WRAPS, pack(Wraps(manifest=wraps.manifest, blocks=wrap_all(b"\x0b" * 32, readers)))
                )
        return true(asked)

    stage.host._append = first
    stage.join(theirs, "Later")
    go_on(stage)


def test_two_who_begin_an_epoch_at_once_leave_one_state_to_who_joins(stage: Stage) -> None:
    """The first valid successor wins; the other is void for all, those who join later too."""
    ours, theirs = stage.desks
    for room in ("roster", "plenary"):
        stage.settle()
        for desk in (ours, theirs):
            secret = hashlib.sha256(desk.certificate).digest()
            manifest = _manifest(desk, room, secret)
            wraps = _wraps(desk, room, manifest, dict.fromkeys(desk.epoch(room).readers, secret))
            desk.write(
                "roster",
                ManifestIssued(manifest=manifest, wraps=hashlib.sha256(wraps).digest()),
                before=(int(Kind.WRAPS), wraps),
            )
        for desk in (ours, theirs):
            desk.send()
        for desk in (ours, theirs):
            desk.receive()
        assert theirs.common.kept(theirs.common.ledger.size - 1).verdict.code == "manifest-superseded"
    stage.join(theirs, "Later")
    stage.join(ours, "Last")
    go_on(stage)


def test_one_secret_for_two_rooms_divides_nobody(stage: Stage) -> None:
    """A manifest of the plenary with the roster's secret: what is sealed under it has one room for all readers."""
    ours, theirs = stage.desks
    secret = ours.epochs.secret(ours.standing("roster").manifest)
    manifest = _manifest(ours, "plenary", secret, b"n" * 16)
    wraps = _wraps(ours, "plenary", manifest, dict.fromkeys(ours.epoch("plenary").readers, secret))
    act = act_of(ours, ManifestIssued(manifest=manifest, wraps=hashlib.sha256(wraps).digest()), "roster")
    ours.client.append(stage.host.common, [(int(Kind.WRAPS), wraps)])
    assert post(stage, ours, signed(ours, act), "roster")[0].status == "valid"
    for desk, room in ((theirs, "plenary"), (ours, "plenary"), (theirs, "roster")):
        event = (
            WORDS
            if room == "plenary"
            else KeyRenewed(room=desk.rooms["plenary"], kem=desk.epochs.add_key(desk.rooms["plenary"]))
        )
        verdicts = post(stage, desk, signed(desk, act_of(desk, event, room)), room)
        assert [one.status for one in verdicts] == ["valid", "valid"]
        assert verdicts[0] == verdicts[1]
    verdicts = post(stage, ours, b"\xff", "plenary", under=secret)
    assert verdicts[0] == verdicts[1]
    stage.join(theirs, "Later")
    go_on(stage)


@pytest.mark.parametrize("kem", [bytes(1216), b"\xff" * 1216], ids=["zeros", "ones"])
def test_a_key_that_is_none_shuts_out_its_owner_alone(stage: Stage, kem: bytes) -> None:
    """Who publishes a key that nothing can be sealed to does not stop the epochs of the others."""
    ours, theirs = stage.desks
    act = act_of(ours, KeyRenewed(room=ours.rooms["plenary"], kem=kem), "roster")
    post(stage, ours, signed(ours, act), "roster")
    housekeeping.begin_epoch(theirs, "plenary", list(theirs.epoch("plenary").readers))
    ours.receive()
    assert theirs.epoch("plenary").manifest == ours.epoch("plenary").manifest
    assert ours.epochs.secret(ours.epoch("plenary").manifest) is None
    assert stage.say(theirs, "We go on.").status == "valid"


# The caucus


def test_a_colleague_who_names_a_record_that_is_not_there_stops_nobody(stage: Stage) -> None:
    """A caucus act that names more of the common register than the host signed is void, not waited for."""
    head = stage.desks[0]
    adviser = stage.join(head, "Adviser")
    for author in (adviser.certificate, bytes(32)):
        far = replace(adviser.common.ledger.seen(), size=10**9)
        void(
            post(
                stage,
                adviser,
                signed(adviser, act_of(adviser, room="caucus", common=far, author=author)),
                "caucus",
            ),
            "seen-unsigned",
        )
    go_on(stage)


def test_a_further_desk_of_the_capital_reads_the_same(stage: Stage) -> None:
    """Epochs of the caucus, joiners of the capital, junk between: one state."""
    head = stage.desks[0]
    stage.say(head, "Between us.", room="caucus")
    post(stage, head, b"\xff" * 30, "caucus")
    minister = stage.join(head, "Minister", capital=True)
    assert minister.talks.roster.book.epochs
    stage.join(head, "Adviser")
    go_on(stage)


@pytest.mark.parametrize("label", ["roster", "plenary", "caucus"])
def test_false_secrets_of_the_common_rooms_make_no_capital_differ(stage: Stage, label: str) -> None:
    """A colleague hands over false secrets in the caucus, before the capital comes and before each true hand-over."""
    head = stage.desks[0]
    adviser = stage.join(head, "Adviser")
    stage.say(adviser, "From the start.")
    minister: Desk | None = None
    for name in ("Minister", "Another", "Last"):
        stage.settle()
        false = tuple(
            EpochSecret(manifest=adviser.standing(room).manifest, secret=secret)
            for room in ("roster", "plenary")
            for secret in (bytes(32), b"short", adviser.epochs.secret(adviser.standing("caucus").manifest))
        )
        event = EpochsHandedOver(room=adviser.rooms[label], epochs=false)
        verdicts = post(stage, adviser, signed(adviser, act_of(adviser, event, "caucus")), "caucus")
        void(verdicts, "epoch-secret-wrong" if label == "roster" else "epoch-unknown")
        joined = stage.join(head, name, capital=name == "Minister")
        minister = minister or joined
    assert minister is not None
    said = [line.act.event for line in minister.common.lines() if line.act]
    assert StatementMade(text="From the start.", language="en") in said
    go_on(stage)
