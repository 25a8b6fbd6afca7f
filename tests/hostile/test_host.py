"""The host, with its real keys, cheats every way it can: either nothing changes at the desk, or evidence convicts it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable

import msgspec
import pytest
from tests.hostile.conftest import PASSPHRASE, Stage
from tests.hostile.host import HostileHost, Response, receipts

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.desk.identity import first_desk
from good_offices.desk.wire import CutError
from good_offices.encoding import pack, unpack
from good_offices.errors import EquivocationError, GoodOfficesError, LocalError, OperationalError, RemoteError
from good_offices.instrument.evidence import verify_any
from good_offices.instrument.outcome import EvidenceFile
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import DeskCosigner
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind, Leaf
from good_offices.talks.events_plenary import StatementMade
from good_offices.transport import pages

SAID = StatementMade(text="Words.", language="en")


def held(desk: Desk) -> tuple[object, ...]:
    """Everything of a desk that an answer could change."""
    size = desk.common.ledger.size
    return (
        size,
        desk.common.ledger.root(),
        desk.common.ledger.note,
        desk.talks.state_hash(desk.rooms["plenary"], size),
        desk.caucus.ledger.size,
        [content for _, content in desk.storage.outbox()],
        desk.storage.get("stopped"),
    )


def changes_nothing(stage: Stage, desk: Desk, code: str, act: Callable[[], object] | None = None) -> None:
    """The cheat is refused with its code, nothing is different after it, and an honest answer is then taken."""
    before = held(desk)
    with pytest.raises(GoodOfficesError) as refused:
        (act or desk.receive)()
    assert refused.value.code == code
    assert not isinstance(refused.value, EquivocationError)
    assert refused.value.remedy
    assert held(desk) == before
    assert not (desk.storage.folder / "evidence").exists()
    stage.host.cheats.clear()
    desk.sync()
    assert desk.common.ledger.size == stage.host.log("", stage.host.common).tree.size


def convicts(stage: Stage, desk: Desk, act: Callable[[], object] | None = None) -> None:
    """The desk stops, and a stranger with the file and the genesis sees that the host contradicted itself."""
    with pytest.raises(EquivocationError):
        (act or desk.receive)()
    files = list((desk.storage.folder / "evidence").glob("*.fork"))
    genesis = desk.common.ledger.genesis_body
    assert files
    for file in files:
        finding = verify_any(file.read_bytes())
        assert finding.valid, finding.failed
        assert unpack(file.read_bytes(), EvidenceFile).genesis == genesis
    with pytest.raises(LocalError) as stopped:
        stage.say(desk, "After it.")
    assert stopped.value.code == "desk-stopped"
    # It is stopped for good, and its record still opens.
    again = stage.reopen(desk)
    assert len(list(again.common.lines())) == again.common.ledger.size
    with pytest.raises(LocalError):
        again.sync()


@pytest.fixture
def news(stage: Stage) -> Stage:
    """The other side has said something that the first desk has not fetched."""
    for text in ("News.", "More.", "And more."):
        stage.say(stage.desks[1], text)
    return stage


# Pages


def _page(answer: pages.Page, **fields: object) -> pages.Page:
    return msgspec.structs.replace(answer, **fields)


def _row(answer: pages.Page, **fields: object) -> pages.Page:
    return _page(answer, entries=[msgspec.structs.replace(answer.entries[0], **fields), *answer.entries[1:]])


def _later(leaf: bytes) -> bytes:
    return leaf[:2] + (int.from_bytes(leaf[2:10]) + 1).to_bytes(8) + leaf[10:]


def _signed_by(seeds: tuple[bytes, bytes]) -> Callable[[pages.Page, object], pages.Page]:
    def cheat(answer: pages.Page, asked: object) -> pages.Page:
        log = asked.log
        signer = HostSigner(*seeds, log.signer.origin)
        return _page(
            answer, checkpoint=signer.sign(Checkpoint(signer.origin, log.tree.size, log.tree.root()), 9)
        )

    return cheat


def _cosigned(answer: pages.Page, asked: object) -> pages.Page:
    log = asked.log
    line = DeskCosigner(bytes(32), "desk/" + "0" * 32).sign(
        Checkpoint(log.signer.origin, log.tree.size, log.tree.root()), 9
    )
    return _page(answer, checkpoint=answer.checkpoint + line.rpartition(b"\n\n")[2])


PAGES: dict[str, tuple[str, Callable[[pages.Page, object], object]]] = {
    "altered body": ("body-mismatch", lambda a, _: _row(a, body=a.entries[0].body[:-1] + b"\x00")),
    "another body whole": (
        "register-broken",
        lambda a, q: _row(a, body=b"x", leaf=Leaf.of(Kind.ENVELOPE, 1, b"x").to_bytes()),
    ),
    "altered arrival time": ("register-broken", lambda a, _: _row(a, leaf=_later(a.entries[0].leaf))),
    "altered kind": ("register-broken", lambda a, _: _row(a, leaf=b"\x01\x03" + a.entries[0].leaf[2:])),
    "leaf of another version": (
        "unknown-version",
        lambda a, _: _row(a, leaf=b"\x02" + a.entries[0].leaf[1:]),
    ),
    "leaf too short": ("not-canonical", lambda a, _: _row(a, leaf=a.entries[0].leaf[:-1])),
    "a gap": ("answer-out-of-place", lambda a, _: _page(a, start=a.start + 1)),
    "one too many": ("register-broken", lambda a, _: _page(a, entries=[*a.entries, a.entries[-1]])),
    "the first left out": ("register-broken", lambda a, _: _page(a, entries=[*a.entries[1:], a.entries[1]])),
    "reordered": ("register-broken", lambda a, _: _page(a, entries=[*a.entries[1:], a.entries[0]])),
    "unsigned": (
        "signature-lines",
        lambda a, _: _page(
            a,
            checkpoint=a.checkpoint.split(b"\n\n")[0]
            + b"\n\n"
            + a.checkpoint.split(b"\n\n")[1].split(b"\n")[0]
            + b"\n",
        ),
    ),
    "signed by others": ("signature-lines", _signed_by((bytes(32), bytes(32)))),
    "with a desk's cosignature": ("signature-lines", _cosigned),
    "another register's note": (
        "signature-lines",
        lambda a, q: _page(
            a, checkpoint=next(log for one, log in q.host.views["true"].items() if one != q.register).note()
        ),
    ),
    "no note at all": ("not-canonical", lambda a, _: _page(a, checkpoint=b"")),
    "signed for and not shown": ("venue-withholds", lambda a, _: _page(a, entries=[])),
    "an answer of another form": ("not-canonical", lambda a, _: pages.Head(checkpoint=a.checkpoint)),
    "html": ("not-canonical", lambda *_: Response(200, b"<h1>Welcome</h1>")),
    "nothing": ("not-canonical", lambda *_: Response(200)),
    "a redirection": (
        "venue-refused",
        lambda *_: Response(302),
    ),
    "busy": ("venue-overloaded", lambda *_: Response(503)),
    "gone": ("venue-refused", lambda *_: Response(410, b"\xff" * 70_000)),
    "noise": ("not-canonical", lambda *_: Response(200, b"no gzip")),
    "another time of day": (
        "venue-refused",
        lambda *_: Response(401, pack(pages.Problem(code="clock-apart", message="", remedy="", time=2**40))),
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_not_what_the_host_signed_changes_nothing(news: Stage, name: str) -> None:
    """The host cannot alter, forge, reorder or re-time an entry, nor pass another register's or another signer's word."""
    code, cheat = PAGES[name]
    desk = news.desks[0]

    def cheated(answer: object, asked: object) -> object:
        asked.host = news.host
        return cheat(answer, asked) if asked.register == news.host.common else answer

    news.host.cheats["entries"] = cheated
    changes_nothing(news, desk, code)


def test_a_page_that_overlaps_is_taken_from_where_we_are(news: Stage) -> None:
    """What the desk already holds is not taken twice."""
    desk = news.desks[0]
    news.host.cheats["entries"] = lambda _, asked: asked.log.page(max(0, asked.query["from"] - 3))
    desk.receive()
    assert desk.common.ledger.size == news.host.log("", news.host.common).tree.size
    assert [index for index, _ in desk.common.all_kept()] == list(range(desk.common.ledger.size))


def test_an_endless_answer_is_read_to_its_limit(news: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A venue cannot fill the memory of a desk."""
    from good_offices.desk import client

    monkeypatch.setattr(client, "_MAX_ANSWER", 100_000)
    read = []

    def endless():
        while True:
            read.append(1)
            yield bytes(10_000)

    news.host.cheats["entries"] = lambda *_: Response(200, stream=endless())
    changes_nothing(news, news.desks[0], "too-large")
    assert len(read) < 20


def test_an_endless_stream_of_one_line_is_cut_off(news: Stage) -> None:
    """A stream that never ends its line is left."""
    desk = news.desks[0]

    endless = itertools.repeat(b"data: " + bytes(1_000_000))
    news.host._stream = lambda _: Response(200, stream=endless)
    with pytest.raises(RemoteError) as refused:
        next(desk.client.stream(desk.identity.place.common, 0))
    assert refused.value.code == "too-large"


def test_a_desk_asks_for_no_compression(news: Stage) -> None:
    """A small answer cannot become a large one."""
    news.desks[0].receive()
    assert {request.headers["accept-encoding"] for request in news.host.asked} == {"identity"}


# Older, shorter, forked


def test_an_older_checkpoint_is_behind_and_nothing_is_taken(stage: Stage) -> None:
    """A host that was rolled back is noticed; an older true word of it is no second history."""
    log = stage.host.log("", stage.host.common)
    older = log.cut(log.tree.size - 2)
    stage.host.cheats["entries"] = lambda answer, asked: (
        older.page(older.tree.size) if asked.register == stage.host.common else answer
    )
    changes_nothing(stage, stage.desks[0], "venue-behind")


def _alone(stage: Stage) -> tuple[Desk, Desk, object]:
    """Give the second delegation a view of its own, in which an envelope stands that the first never sees."""
    first, second = stage.desks
    log = stage.host.fork(second.identity.place.delegation)
    log.append(Kind.ENVELOPE, bytes(2000))
    second.receive()
    return first, second, log


def test_a_fork_shown_back_at_the_same_size_convicts(stage: Stage) -> None:
    """Two roots of one size: evidence."""
    first, second, _ = _alone(stage)
    stage.say(first, "In the other history.")
    assert first.common.ledger.size == second.common.ledger.size
    stage.host.shown.clear()
    convicts(stage, second)


def test_a_fork_shown_back_when_it_is_shorter_convicts(stage: Stage) -> None:
    """Rewinding to another history convicts."""
    first, second, log = _alone(stage)
    log.append(Kind.ENVELOPE, bytes(2001))
    log.append(Kind.ENVELOPE, bytes(2002))
    second.receive()
    stage.say(first, "In the other history.")
    stage.host.shown.clear()
    convicts(stage, second)


def test_a_fork_shown_back_when_it_is_longer_convicts(stage: Stage) -> None:
    """The desk follows a longer history that is not its own to its leaves, and proves it."""
    first, second, _ = _alone(stage)
    for _ in range(3):
        stage.say(first, "In the other history.")
    stage.host.shown.clear()
    convicts(stage, second)


def test_a_longer_history_without_its_leaves_changes_nothing(stage: Stage) -> None:
    """A host that will not show what it signed proves nothing against itself, and gets nowhere."""
    first, second, _log = _alone(stage)
    for _ in range(3):
        stage.say(first, "In the other history.")
    before = held(second)
    stage.host.shown.clear()
    stage.host.cheats["entries"] = lambda answer, asked: _page(answer, start=asked.query["from"], entries=[])
    with pytest.raises(RemoteError) as refused:
        second.receive()
    assert refused.value.code in ("register-broken", "consistency-invalid")
    assert held(second) == before


def _carried(stage: Stage, log: object, desk: Desk, *, last: int = 1) -> None:
    """Copy the newest entries of the true history into the other view, where they are answered with its receipts."""
    for leaf, body in stage.host.views["true"][stage.host.common].rows[-last:]:
        log.append(Leaf.from_bytes(leaf).kind, body)


def test_two_who_still_hear_each_other_find_the_fork_with_the_next_message(stage: Stage) -> None:
    """What an author saw gives away a host that shows each side another history."""
    first, second, log = _alone(stage)
    stage.say(first, "One.")
    stage.say(first, "Two.")
    _carried(stage, log, first, last=2)
    convicts(stage, second)


def test_a_fork_is_found_although_a_message_was_held_back(stage: Stage) -> None:
    """The chain is then broken and the act void, but what its author saw still convicts."""
    first, second, log = _alone(stage)
    stage.say(first, "Held back.")
    stage.say(first, "Carried.")
    _carried(stage, log, first)
    convicts(stage, second)


def test_a_fork_is_found_although_the_shorter_side_hears_of_it_early(stage: Stage) -> None:
    """A view beyond our own is kept until our leaves reach it."""
    first, second, log = _alone(stage)
    for _ in range(4):
        stage.say(first, "In the other history.")
    _carried(stage, log, first)
    (verdict,) = second.receive()
    assert verdict.code in ("chain-broken", "seen-ahead")
    second = stage.reopen(second)
    for number in range(4):
        log.append(Kind.ENVELOPE, bytes(3000 + number))
    convicts(stage, second)


def test_a_fork_of_the_common_register_is_found_in_the_caucus(stage: Stage) -> None:
    """An act of the caucus says what its author saw of the common register."""
    head = stage.desks[0]
    adviser = stage.join(head, "Adviser")
    # One desk of a delegation is shown another common register than the other.
    other = stage.host.copy()
    stage.host.log("", stage.host.common).append(Kind.ENVELOPE, bytes(2000))
    head.receive()
    stage.say(head, "Between us.", room="caucus")
    body = head.caucus.kept(head.caucus.ledger.size - 1).body
    other.views["true"][other.common].append(Kind.ENVELOPE, bytes(2001))
    other.views["true"][head.identity.place.caucus].append(Kind.ENVELOPE, body)
    adviser.client.wire = other
    convicts(stage, adviser)


# Receipts


def _forged(stage: Stage, cheat: Callable[[object, pages.Receipts], pages.Receipts]) -> None:
    stage.host.cheats["append"] = lambda answer, asked: cheat(asked.log, answer)


RECEIPTS: dict[str, tuple[str, Callable[[object, pages.Receipts], pages.Receipts]]] = {
    "wrong index": (
        "inclusion-invalid",
        lambda log, a: msgspec.structs.replace(
            a, receipts=[msgspec.structs.replace(a.receipts[0], index=a.receipts[0].index - 1)]
        ),
    ),
    "another leaf": ("body-mismatch", lambda log, a: receipts(log, [0])),
    "another kind": (
        "receipt-invalid",
        lambda log, a: msgspec.structs.replace(
            a, receipts=[msgspec.structs.replace(a.receipts[0], leaf=b"\x01\x03" + a.receipts[0].leaf[2:])]
        ),
    ),
    "another time": (
        "inclusion-invalid",
        lambda log, a: msgspec.structs.replace(
            a, receipts=[msgspec.structs.replace(a.receipts[0], leaf=_later(a.receipts[0].leaf))]
        ),
    ),
    "proof of another entry": (
        "inclusion-invalid",
        lambda log, a: msgspec.structs.replace(
            a, receipts=[msgspec.structs.replace(a.receipts[0], proof=log.tree.inclusion_proof(0))]
        ),
    ),
    "none": ("receipt-invalid", lambda log, a: msgspec.structs.replace(a, receipts=[])),
    "two": ("receipt-invalid", lambda log, a: msgspec.structs.replace(a, receipts=a.receipts * 2)),
    "under an older note": (
        "inclusion-invalid",
        lambda log, a: msgspec.structs.replace(a, checkpoint=log.note(log.tree.size - 1)),
    ),
}


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_forged_receipt_does_not_count(stage: Stage, name: str) -> None:
    """Without a true receipt nothing is shown as delivered: the act waits, and is sent again."""
    code, cheat = RECEIPTS[name]
    desk = stage.desks[0]
    done = desk.write("plenary", SAID)
    _forged(stage, cheat)
    changes_nothing(stage, desk, code, desk.send)
    assert desk.storage.outbox() == []
    assert desk.common.verdicts[done].status == "valid"


def test_a_dropped_entry_waits_and_is_sent_again(stage: Stage) -> None:
    """Before a receipt the host can refuse, and only the author notices."""
    desk = stage.desks[0]
    done = desk.write("plenary", SAID)
    stage.host.cheats["append"] = lambda *_: Response(503)
    changes_nothing(stage, desk, "venue-overloaded", desk.send)
    assert desk.common.verdicts[done].status == "valid"


def test_a_receipt_and_then_denial_convicts(stage: Stage) -> None:
    """After a receipt the host cannot put another entry in the place."""
    desk = stage.desks[0]
    log = stage.host.log("", stage.host.common)
    size = log.tree.size
    desk.write("plenary", SAID)
    desk.send()
    other = stage.host.fork(desk.identity.place.delegation, size)
    other.append(Kind.ENVELOPE, bytes(2000))
    other.append(Kind.ENVELOPE, bytes(2001))
    convicts(stage, desk)


def test_a_receipt_under_another_history_convicts_even_if_the_entry_stands(stage: Stage) -> None:
    """The note of a receipt is compared, not the entry alone."""
    desk = stage.desks[0]
    size = stage.host.log("", stage.host.common).tree.size
    other = stage.host.fork(desk.identity.place.delegation)
    other.append(Kind.ENVELOPE, bytes(2000))
    desk.write("plenary", SAID)
    desk.send()
    true = stage.host.views["true"][stage.host.common]
    true.append(Kind.ENVELOPE, bytes(2001))
    leaf, body = other.rows[-1]
    true.rows.append((leaf, body))
    true.tree.append(Leaf.from_bytes(leaf).hash)
    assert true.tree.size == other.tree.size == size + 2
    stage.host.shown.clear()
    convicts(stage, desk)


def test_a_receipt_that_contradicts_what_the_desk_holds_convicts_at_once(stage: Stage) -> None:
    """The other history comes with the receipt itself."""
    desk = stage.desks[0]
    other = stage.host.log("", stage.host.common).cut(4)

    def cheat(log: object, answer: pages.Receipts) -> pages.Receipts:
        leaf, body = log.rows[answer.receipts[0].index]
        index = other.append(Leaf.from_bytes(leaf).kind, body)
        while other.tree.size < log.tree.size + 5:
            other.append(Kind.ENVELOPE, bytes(2000 + other.tree.size))
        return receipts(other, [index])

    _forged(stage, cheat)
    desk.write("plenary", SAID)
    convicts(stage, desk, desk.send)


# Replays


@pytest.mark.parametrize("room", ["plenary", "caucus", "roster"])
def test_an_envelope_again_at_another_index_counts_once(stage: Stage, room: str) -> None:
    """A replayed act is void, identically for all readers."""
    first, second = stage.desks
    if room == "roster":
        # An act of the roster: the first delegation's accreditation.
        index = next(
            line.index
            for line in first.common.lines()
            if line.act and line.act.event.name == "MemberAccredited"
        )
        book, body = first.common, first.common.kept(index).body
    else:
        stage.say(first, "Once.", room=room)
        book = first.book(room)
        body = book.kept(book.ledger.size - 1).body
    second.sync()
    stage.host.log("", book.ledger.register).force(Kind.ENVELOPE, body)
    verdicts = [desk.receive()[-1] for desk in stage.desks[: 1 if room == "caucus" else 2]]
    assert {(one.status, one.code) for one in verdicts} == {("void", "chain-broken")}
    agree(stage)
    assert stage.say(first, "And on.", room=room if room != "roster" else "plenary").status == "valid"


def agree(stage: Stage) -> None:
    """All desks hold the same state of the common rooms."""
    stage.settle()
    for room in ("roster", "plenary"):
        states = {
            desk.talks.state_hash(desk.rooms[room], desk.common.ledger.size)
            for desk in stage.desks
            if room in desk.rooms
        }
        assert len(states) == 1


def test_the_caucus_carried_into_the_common_register_and_back_is_nobodys(stage: Stage) -> None:
    """An envelope in another room's register counts for nothing, and the other side learns nothing of it."""
    first, _second = stage.desks
    stage.say(first, "Between us.", room="caucus")
    stage.say(first, "Openly.")
    caucus, common = first.identity.place.caucus, stage.host.common
    ours = first.caucus.kept(first.caucus.ledger.size - 1).body
    open_ = first.common.kept(first.common.ledger.size - 1).body
    stage.host.log("", common).append(Kind.ENVELOPE, ours)
    stage.host.log("", caucus).append(Kind.ENVELOPE, open_)
    for desk in stage.desks:
        assert {one.status for one in desk.receive()} <= {"none", "valid"}
    agree(stage)
    assert stage.say(first, "And on.").status == "valid"
    assert stage.say(first, "And on.", room="caucus").status == "valid"


def test_other_talks_envelopes_are_nobodys(stage: Stage, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said in other talks of the same host opens here for nobody."""
    elsewhere = Stage(HostileHost(), tmp_path / "elsewhere", monkeypatch)
    elsewhere.open()
    elsewhere.say(elsewhere.desks[0], "In other talks.")
    rows = elsewhere.host.log("", elsewhere.host.common).rows
    elsewhere.close()
    stage.connect()
    log = stage.host.log("", stage.host.common)
    for leaf, body in rows:
        log.append(Leaf.from_bytes(leaf).kind, body)
    for desk in stage.desks:
        verdicts = desk.receive()
        assert {one.status for one in verdicts} <= {"none", "void"}
        assert [one.code for one in verdicts if one.status == "void"] == [
            "genesis-twice",
            "statement-foreign",
            "statement-foreign",
        ]
    agree(stage)
    assert stage.say(stage.desks[0], "And on.").status == "valid"


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "body", [b"", bytes(3000), b"\xa1", b"\xff" * 2000], ids=["empty", "zeros", "cut", "noise"]
)
def test_junk_of_every_kind_stops_nobody(stage: Stage, kind: Kind, body: bytes) -> None:
    """What the host writes into the register itself is void or nothing, and the talks go on."""
    stage.host.log("", stage.host.common).append(kind, body)
    stage.host.log("", stage.desks[0].identity.place.caucus).append(kind, body)
    for desk in stage.desks:
        desk.sync()
    agree(stage)
    assert stage.say(stage.desks[0], "And on.").status == "valid"
    assert stage.say(stage.desks[0], "And on.", room="caucus").status == "valid"


# The introduction


def test_keys_swapped_at_the_introduction_give_two_numbers(empty: Stage) -> None:
    """The host stands between with keys of its own for each side: the numbers that people read differ."""
    host = empty.host
    first, second = empty.first(0), empty.first(1)
    for number, victim in ((0, first), (1, second)):
        log = host.fork(host.invitations[number].delegation)
        other = host.invitations[1 - number]
        log.append(Kind.INTRODUCTION, next(iter(first_desk(other, "B", "B", "B").introductions.values())))
        victim.sync()
        victim.sync()
    assert people.number(first) != people.number(second)
    for desk, heard in ((first, second), (second, first)):
        with pytest.raises(LocalError) as refused:
            people.confirm(desk, people.number(heard), empty.root(desk))
        assert refused.value.code == "number-does-not-match"
        assert not desk.confirmed
        with pytest.raises(LocalError) as refused:
            desk.act("plenary", SAID)
        assert refused.value.code == "keys-not-compared-here"
        assert {int(line.leaf.kind) for line in desk.common.lines()} <= {1, 2, 3, 4}


def test_a_second_introduction_in_a_partys_place_is_void(stage: Stage) -> None:
    """Whoever comes second for a delegation is nobody, even with the host's help."""
    host = stage.host
    log = host.log("", host.common)
    number = people.number(stage.desks[0])
    log.append(
        Kind.INTRODUCTION, next(iter(first_desk(host.invitations[1], "B", "B", "B").introductions.values()))
    )
    for desk in stage.desks:
        assert [(one.status, one.code) for one in desk.receive()] == [("void", "introduced-twice")]
        assert people.number(desk) == number
    agree(stage)


def test_genesis_of_other_talks_is_refused(empty: Stage) -> None:
    """A register that does not begin as the invitation says is not taken."""
    desk = empty.first(0)
    other = HostileHost()
    other_log = other.log("", other.common)

    def cheat(answer: object, asked: object) -> object:
        if asked.register != empty.host.common:
            return answer
        log = asked.log.cut(0)
        log.force(Kind.GENESIS, other_log.rows[0][1])
        return log.page(asked.query["from"])

    empty.host.cheats["entries"] = cheat
    with pytest.raises(RemoteError) as refused:
        desk.receive()
    assert refused.value.code == "genesis-differs"
    assert desk.common.ledger.size == 0


@pytest.mark.parametrize("change", ["talks", "common", "caucus", "their caucus", "other host"])
def test_an_invitation_that_does_not_hold_together_opens_no_desk(empty: Stage, change: str) -> None:
    """Talks id, registers and both geneses of an invitation must belong to each other and to one host."""
    ours, theirs = empty.host.invitations
    other = HostileHost().invitations[0]
    fields = {
        "talks": {"talks": hashlib.sha256(b"").digest()},
        "common": {"common": ours.caucus},
        "caucus": {"caucus": ours.common},
        "their caucus": {"caucus": theirs.caucus, "caucus_genesis": theirs.caucus_genesis},
        "other host": {"caucus": other.caucus, "caucus_genesis": other.caucus_genesis},
    }[change]
    with pytest.raises(LocalError) as refused:
        Desk.create(
            empty.folder / "refused",
            PASSPHRASE,
            pack(msgspec.structs.replace(ours, **fields)),
            delegation="A",
            member="B",
            capacity="C",
        )
    assert refused.value.code == "invitation-damaged"
    assert not (empty.folder / "refused").exists()


def test_a_host_that_answers_nothing_is_operational(stage: Stage) -> None:
    """A connection that breaks is said to be so, and nothing is lost."""

    def breaks(*_: object) -> object:
        raise CutError("cut")

    stage.host.cheats["entries"] = breaks
    changes_nothing(stage, stage.desks[0], "venue-unreachable")


def test_nothing_is_believed_of_cosignatures(stage: Stage) -> None:
    """A cosignature that is refused or lost changes nothing but that it is offered again."""
    desk = stage.desks[0]
    stage.say(stage.desks[1], "News.")
    stage.host.cheats["cosignatures"] = lambda *_: Response(500)
    with pytest.raises(OperationalError):
        desk.sync()
    stage.host.cheats.clear()
    desk.sync()
    assert desk.storage.get(f"cosigned/{stage.host.common}") == desk.common.ledger.note
