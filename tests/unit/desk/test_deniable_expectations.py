"""Expectations that nobody signs, over a real venue: spec/meetings.md section 3.1."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from tests.support.house import PASSPHRASE, House

from good_offices.clerk import meeting_acts, meetings_view
from good_offices.clerk.meeting_words import form_words, waits_words
from good_offices.desk import expecting, papers, sealed_papers
from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk
from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError, OperationalError
from good_offices.instrument.entries import is_aside
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import open_envelope, seal
from good_offices.seals.wraps import seal_to
from good_offices.talks.events_meetings import ExpectationsSealed, SittingAccepted
from good_offices.talks.events_papers import SealedPaper, SealedWords
from good_offices.talks.meetings import expectations_box

OURS = {"en": "A date for the lower dam."}
THEIRS = {"en": "A common gauge."}


def sitting(house: House) -> bytes:
    """Let all delegations agree a sitting, and return its name."""
    first, *others = house.desks
    event = meeting_acts.proposed(
        first, title="First meeting", level="experts", start=1_900_000_000_000, end=1_900_003_600_000,
        zones=[("Verin", "Europe/Zurich")],
    )  # fmt: skip
    first.act("plenary", event)
    for desk in others:
        desk.sync()
        desk.act("plenary", SittingAccepted(sitting=event.content))
    settle(house, rounds=1)
    return event.content


def settle(house: House, rounds: int = 4) -> None:
    for _ in range(rounds):
        for desk in house.desks:
            desk.sync()
            expecting.go_on(desk)


def box_of(desk: Desk, name: bytes) -> bytes:
    return expectations_box(desk.identity.place.talks, desk.talks.plenary.meetings.sitting(name), 0)


def key_of(desk: Desk, delegation: str) -> bytes:
    """Return the key that a delegation announced, as every reader of the plenary sees it."""
    for line in desk.common.lines():
        event = line.act.event if line.act else None
        if isinstance(event, ExpectationsSealed) and line.verdict.status == "valid":
            author = desk.talks.roster.book.desks[line.act.author.hex()].statement
            if author.delegation == delegation:
                return event.key
    raise AssertionError


def post(desk: Desk, paper: SealedPaper) -> None:
    """Post a paper of one's own making, as software of one's own would."""
    standing = desk.standing("plenary")
    outgoing = Outgoing(
        register=desk.common.ledger.register,
        kinds=[int(Kind.ENVELOPE)],
        bodies=[seal(pack(paper), desk.epochs.secret(standing.manifest))],
        room=standing.room,
    )
    desk.storage.post(pack(outgoing))
    desk.send()
    desk.receive()


def forged(desk: Desk, author: bytes, box: bytes, key: bytes, words: dict[str, str]) -> SealedPaper:
    """Return a paper in another's name that fits the desk that makes it, made with that desk's own keys alone."""
    talks = desk.identity.place.talks
    content = sealed_papers.padded(pack(SealedWords(words=words)))
    plain = SealedPaper(
        talks=talks,
        room=desk.rooms["plenary"],
        author=author,
        box_id=box,
        sealed=seal_to(key, sealed_papers.info(talks, box, author), content),
    )
    mark = papers._mark(desk, plain, desk.certificate)
    return msgspec.structs.replace(plain, marks=(papers.ReaderMark(reader=desk.certificate, mark=mark),))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, 2) as made:
        yield made


def test_nobody_reads_them_before_all_do_and_nothing_signed_says_them(house: House) -> None:
    ours, theirs = house.desks
    name = sitting(house)
    expecting.seal_expectations(ours, name, OURS, deniable=True)
    theirs.sync()
    told = meetings_view.expectations(theirs, name)
    assert told["deniable"] == told["sealed"] == [ours.identity.delegation_name]
    (paper,) = [found for _, found in sealed_papers._standing(theirs, box_of(theirs, name))]
    assert len(paper.sealed) == sealed_papers.STEP + 1136
    assert expecting.own_words(ours, name) == OURS
    expecting.seal_expectations(theirs, name, THEIRS)
    settle(house)
    for desk in house.desks:
        opened = expecting.opened(desk, name)
        mine, other = (opened[one.identity.place.delegation] for one in (ours, theirs))
        assert (mine.words, mine.deniable, mine.entry is not None) == (OURS, True, True)
        assert (other.words, other.deniable, other.entry) == (THEIRS, False, None)
    # Whatever is signed, and whatever the box opened, holds no word of it.
    for index, kept in theirs.common.all_kept():
        if kept.key and kept.verdict.facts.get("aside") is None:
            assert b"lower dam" not in open_envelope(kept.body, kept.key), index
    said = meetings_view.expectations(theirs, name)["words"]
    assert [form_words(one, compare=False)[0].split(":")[0] for one in said if one["deniable"]] == [
        "Deniable"
    ]
    assert next(form_words(one, compare=True)[1] for one in said if one["entry"]).count(str(mine.entry)) == 1


def test_a_recipient_could_have_made_the_paper_before_and_after_the_box_opened(house: House) -> None:
    """The reader's own keys and what the whole plenary was told make another paper that passes every check; at any time."""
    ours, theirs = house.desks
    name = sitting(house)
    expecting.seal_expectations(ours, name, OURS, deniable=True)
    theirs.sync()
    delegation, box = ours.identity.place.delegation, box_of(theirs, name)
    false = {"en": "We would give up the lower dam."}
    early = forged(theirs, ours.certificate, box, key_of(theirs, delegation), false)
    genuine = sealed_papers.paper_of(theirs, box, ours.certificate)
    assert genuine is not None
    room = theirs.rooms["plenary"]
    post(theirs, early)
    places = sealed_papers._standing(theirs, box)
    assert [papers.origin_of(theirs, paper, room, index) for index, paper in places] == [
        (delegation, ours.identity.person.member, "theirs")
    ] * 2
    # Before the box opens the reader cannot read the genuine one, and needs nothing of it to make the other.
    expecting.seal_expectations(theirs, name, THEIRS)
    settle(house)
    sitting_now = theirs.talks.plenary.meetings.sitting(name)
    deposits = unpack(theirs.common.kept(sitting_now.opened).body, expecting.BoxOpen).deposits
    deposit = deposits[sorted(theirs.talks.roster.expected).index(delegation)]
    seed = unpack(open_envelope(deposit, theirs.epochs.fit(deposit).key), expecting.ExpectedKey).seed
    key = sitting_now.attempts[0].keys[delegation]
    late = forged(theirs, ours.certificate, box, key_of(theirs, delegation), {"en": "Nothing at all."})
    read = [sealed_papers.words_in(one, seed, key) for one in (genuine.paper, early, late)]
    assert read == [OURS, false, {"en": "Nothing at all."}]
    # Of the two in the record the first counts at its reader's desk; its author's desk shows what it kept.
    assert expecting.opened(theirs, name)[delegation].words == OURS
    assert expecting.opened(ours, name)[delegation].words == OURS
    assert {len(pack(one)) for one in (genuine.paper, early, late)} == {len(pack(early))}
    assert all(is_aside(pack(one)) for one in (genuine.paper, early))


def test_a_paper_goes_out_only_when_its_key_stands_in_the_record(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host without room for the box takes the act no more: a paper before its key would be its author's alone."""
    ours, theirs = house.desks
    name = sitting(house)
    refused, append = [], ours.common.ledger.append

    def full(entries: list[tuple[int, bytes]]) -> list[int]:
        if int(Kind.BOX_COMMIT) in [kind for kind, _ in entries]:
            refused.append(len(entries))
            raise OperationalError("venue-refused", url="venue", status=422, why="boxes-full")
        return append(entries)

    with monkeypatch.context() as host:
        host.setattr(ours.common.ledger, "append", full)
        expecting.seal_expectations(ours, name, OURS, deniable=True)
        assert refused
        theirs.sync()
        assert sealed_papers._standing(theirs, box_of(theirs, name)) == []
    with suppress(LocalError):
        expecting.seal_expectations(ours, name, OURS, deniable=True)
    settle(house, rounds=2)
    (announced,) = [
        line.index
        for line in theirs.common.lines()
        if line.act and isinstance(line.act.event, ExpectationsSealed) and line.verdict.status == "valid"
    ]
    ((first, _paper),) = sealed_papers._standing(theirs, box_of(theirs, name))
    assert announced < first


def test_a_paper_in_a_caucus_is_none_and_stops_nobody(house: House) -> None:
    """Its place in the caucus is no place of the common register: a colleague's own software would stop every desk of ours."""
    ours, theirs = house.desks
    name = sitting(house)
    expecting.seal_expectations(theirs, name, THEIRS, deniable=True)
    ours.sync()
    box, standing = box_of(ours, name), ours.standing("caucus")
    paper = sealed_papers.made(ours, box, key_of(ours, theirs.identity.place.delegation), OURS)
    for _ in range(3):
        outgoing = Outgoing(
            register=ours.caucus.ledger.register,
            kinds=[int(Kind.ENVELOPE)],
            bodies=[seal(pack(paper), ours.epochs.secret(standing.manifest))],
            room=standing.room,
        )
        ours.storage.post(pack(outgoing))
    ours.send()
    ours.sync()
    assert len(sealed_papers._standing(ours, box)) == 1
    assert expecting.papers_missing(ours, name) == []


def test_nothing_is_handed_over_before_the_paper_has_come(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = house.desks
    name = sitting(house)
    with monkeypatch.context() as held:
        # As a kill between the act and the paper, or software that leaves the paper out.
        held.setattr(sealed_papers, "hand_in", lambda _desk, _paper: False)
        expecting.seal_expectations(ours, name, OURS, deniable=True)
        theirs.sync()
        assert expecting.papers_missing(theirs, name) == [ours.identity.place.delegation]
        assert "hands over nothing" in waits_words(meetings_view.expectations(theirs, name))[0]
        expecting.seal_expectations(theirs, name, THEIRS)
        settle(house)
        assert ours.talks.plenary.meetings.sitting(name).opened is None
        box = box_of(theirs, name)
        assert theirs.storage.get(f"deposit/{box.hex()}") is None
        # A paper that somebody else marks for this desk is nobody's: it still waits.
        stranger = forged(ours, theirs.certificate, box, key_of(ours, ours.identity.place.delegation), OURS)
        post(ours, msgspec.structs.replace(stranger, author=ours.certificate))
        settle(house)
        assert expecting.papers_missing(theirs, name)
    again = house.reopen(ours)
    house.desks[0] = again
    settle(house)
    assert expecting.opened(theirs, name)[again.identity.place.delegation].words == OURS


def test_every_sealing_draws_a_key_of_its_own(house: House) -> None:
    ours, theirs = house.desks
    name = sitting(house)
    seeds = {sealed_papers.fresh_key() for _ in range(4)}
    assert len(seeds) == 4
    expecting.seal_expectations(ours, name, OURS, deniable=True)
    with pytest.raises(LocalError) as refused:
        expecting.seal_expectations(ours, name, {"en": "Something else."}, deniable=True)
    assert refused.value.code == "expectations-sealed"
    assert expecting.own_words(ours, name) == OURS
    assert len(ours.storage.names("expectations/")) == 1
    theirs.sync()
    assert len(sealed_papers._standing(theirs, box_of(theirs, name))) == 1


def test_a_seed_of_another_key_and_a_damaged_paper_open_nothing(house: House) -> None:
    ours, _ = house.desks
    name = sitting(house)
    seed, key = sealed_papers.fresh_key()
    digest = hashlib.sha256(key).digest()
    paper = sealed_papers.made(ours, box_of(ours, name), key, OURS)
    assert sealed_papers.words_in(paper, seed, digest) == OURS
    other, _key = sealed_papers.fresh_key()
    assert sealed_papers.words_in(paper, other, digest) == {}
    assert sealed_papers.words_in(paper, b"short", digest) == {}
    assert sealed_papers.words_in(msgspec.structs.replace(paper, box_id=bytes(32)), seed, digest) == {}
    assert sealed_papers.words_in(msgspec.structs.replace(paper, sealed=b""), seed, digest) == {}
    bad = sealed_papers.made(ours, box_of(ours, name), key, {"en": "in fa\u202evour"})
    assert sealed_papers.words_in(bad, seed, digest) == {}
    for whole in (b"", b"\x00\x00\x00\x05abc", sealed_papers.padded(b"x") + bytes(4096)):
        assert sealed_papers.unpadded(whole) == b""
    with pytest.raises(LocalError) as refused:
        expecting.seal_expectations(ours, name, {"en": "д" * 24_001})
    assert refused.value.code == "too-large"


def test_a_desk_restored_from_before_it_sealed_seals_nothing_else(house: House, tmp_path: Path) -> None:
    """What it lost it cannot deposit; what it draws anew is another key, and the delegation's announcement stands."""
    ours, theirs = house.desks
    name = sitting(house)
    ours.close()
    folder = ours.storage.folder
    shutil.copytree(folder, tmp_path / "backup")
    ours = house.desks[0] = Desk.open(folder, PASSPHRASE)
    expecting.seal_expectations(ours, name, OURS, deniable=True)
    key = key_of(ours, ours.identity.place.delegation)
    ours.close()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "backup", folder)
    ours = house.desks[0] = Desk.open(folder, PASSPHRASE)
    ours.sync()
    with pytest.raises(LocalError) as refused:
        expecting.seal_expectations(ours, name, {"en": "Something else."}, deniable=True)
    assert refused.value.code == "expectations-sealed"
    assert expecting.own_words(ours, name) == {}
    assert not ours.storage.names("expectations/")
    theirs.sync()
    assert key_of(theirs, ours.identity.place.delegation) == key
    assert len(sealed_papers._standing(theirs, box_of(theirs, name))) == 1


def test_two_readers_who_were_given_different_papers_see_different_numbers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Software of the author's own marks one paper for one reader and another for the other; a colleague's counts for nobody."""
    author, theirs = house.desks
    name = sitting(house)
    adviser = house.join(author, "Adviser")
    expecting.seal_expectations(theirs, name, THEIRS)
    author.sync()
    seed, key = sealed_papers.fresh_key()
    box = box_of(author, name)
    with monkeypatch.context() as own:
        own.setattr(sealed_papers, "fresh_key", lambda: (seed, key))
        own.setattr(sealed_papers, "hand_in", lambda _desk, _paper: False)
        expecting.seal_expectations(author, name, OURS, deniable=True)
        adviser.sync()
        post(
            adviser, _marked(adviser, sealed_papers.made(adviser, box, key, {"en": "Nothing of it."}), theirs)
        )
        post(author, _marked(author, sealed_papers.made(author, box, key, OURS), theirs))
        other = sealed_papers.made(author, box, key, {"en": "A date for the upper dam."})
        post(author, _marked(author, other, adviser))
        settle(house)
    mine = author.identity.place.delegation
    read = [expecting.opened(one, name)[mine] for one in (theirs, adviser)]
    assert [one.words for one in read] == [OURS, {"en": "A date for the upper dam."}]
    assert read[0].entry != read[1].entry


def _marked(desk: Desk, paper: SealedPaper, *readers: Desk) -> SealedPaper:
    """Return a paper with marks for these readers alone."""
    marks = papers.marks_for(desk, paper, tuple(one.certificate for one in readers))
    return msgspec.structs.replace(paper, marks=marks)
