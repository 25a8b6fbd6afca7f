"""Papers at desks, over a real venue: spec/papers.md."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.support.house import House

from good_offices.clerk import papers_view, speaking
from good_offices.desk import annexes, papers
from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.encoding import pack
from good_offices.errors import LocalError, RemoteError
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import seal
from good_offices.seals.exchange import pair_mark
from good_offices.seals.wraps import wrap_all
from good_offices.talks.events_papers import AnnexPiece, NonPaper, ReaderMark
from good_offices.talks.events_plenary import AnnexFiled, StatementMade
from good_offices.talks.papers import MAX_ANNEX, PIECE

WORDS = "Suppose that the gauge stood upstream."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, 2) as made:
        yield made


def paper_lines(desk: Desk) -> list[Line]:
    return [line for line in desk.common.lines() if line.paper is not None]


def post(desk: Desk, content: bytes, *, secret: bytes | None = None) -> None:
    """Post bytes of one's own choice to the plenary, as software of one's own would."""
    standing = desk.standing("plenary")
    secret = secret or desk.epochs.secret(standing.manifest)
    outgoing = Outgoing(
        register=desk.common.ledger.register,
        kinds=[int(Kind.ENVELOPE)],
        bodies=[seal(content, secret)],
        room=standing.room,
    )
    desk.storage.post(pack(outgoing))
    desk.send()
    desk.receive()


class TestNonPapers:
    def test_the_reader_knows_whose_it_is_and_no_state_has_it(self, house: House) -> None:
        ours, theirs = house.desks
        room = ours.rooms["plenary"]
        before = ours.talks.state_hash(room, ours.talks.size), ours.talks.chain(room, ours.certificate)
        papers.pass_non_paper(ours, "plenary", WORDS, "en", "Gauge")
        theirs.sync()
        (line,) = paper_lines(theirs)
        assert line.act is None
        assert (line.verdict.status, line.verdict.room) == ("none", room)
        assert (line.paper.text, line.paper.subject) == (WORDS, "Gauge")
        assert papers.origin(theirs, line) == (
            ours.identity.place.delegation, ours.identity.person.member, "theirs",
        )  # fmt: skip
        assert papers.origin(ours, paper_lines(ours)[0]).shown == "ours"
        for desk in (ours, theirs):
            after = desk.talks.state_hash(room, desk.talks.size), desk.talks.chain(room, ours.certificate)
            assert after == before

    def test_a_recipient_could_have_made_every_byte_that_he_can_check(self, house: House) -> None:
        """R-124: with the recipient's own keys alone; the checks of the genuine one and of the forgery are the same."""
        author, reader = house.desks
        papers.pass_non_paper(author, "plenary", WORDS, "en")
        reader.sync()
        (genuine,) = paper_lines(reader)
        plain = NonPaper(
            talks=reader.identity.place.talks,
            room=reader.rooms["plenary"],
            author=author.certificate,
            nonce=secrets.token_bytes(16),
            text="We would give up the lower dam.",
            language="en",
        )
        public = reader.talks.roster.book.desks[author.certificate.hex()].statement.note
        mark = pair_mark(
            reader.identity.note_seed,
            public,
            salt=plain.talks,
            parties=author.certificate + reader.certificate,
            message=plain.core,
        )
        marks = [ReaderMark(reader=reader.certificate, mark=mark)]
        post(reader, pack(msgspec.structs.replace(plain, marks=tuple(marks))))
        forged = paper_lines(reader)[-1]
        assert forged.paper.text == "We would give up the lower dam."
        assert papers.origin(reader, forged) == papers.origin(reader, genuine)
        assert [type(one) for one in msgspec.structs.astuple(forged.paper)] == [
            type(one) for one in msgspec.structs.astuple(genuine.paper)
        ]
        assert {one.reader for one in forged.paper.marks} == {one.reader for one in genuine.paper.marks}
        # The author cannot tell the two apart either by the mark between them: it is the same computation.
        author.sync()
        assert [papers.origin(author, one).shown for one in paper_lines(author)] == ["ours", "ours"]

    def test_one_that_says_it_is_somebody_elses_is_of_unknown_origin(self, house: House) -> None:
        ours, theirs = house.desks
        plain = NonPaper(
            talks=ours.identity.place.talks,
            room=ours.rooms["plenary"],
            author=theirs.certificate,
            nonce=bytes(16),
            text=WORDS,
            language="en",
        )
        third = secrets.token_bytes(32)
        post(
            ours,
            pack(msgspec.structs.replace(plain, marks=(ReaderMark(reader=theirs.certificate, mark=third),))),
        )
        post(ours, pack(msgspec.structs.replace(plain, author=bytes(32))))
        post(ours, pack(msgspec.structs.replace(plain, talks=bytes(32))))
        post(ours, pack(msgspec.structs.replace(plain, room="00" * 16)))
        theirs.sync()
        for desk in house.desks:
            assert [papers.origin(desk, one).shown for one in paper_lines(desk)] == ["unknown"] * 4

    def test_words_that_are_none_and_papers_too_long_are_no_papers(self, house: House) -> None:
        ours, theirs = house.desks
        plain = NonPaper(
            talks=bytes(32), room="", author=bytes(32), nonce=bytes(16), text=WORDS, language="en"
        )
        post(ours, pack(msgspec.structs.replace(plain, text="x" * 70_000)))
        post(ours, pack(plain) + b"\x00")
        theirs.sync()
        for desk in house.desks:
            verdicts = [line.verdict for line in desk.common.lines()][-2:]
            assert [(one.status, one.code) for one in verdicts] == [("void", "act-unreadable")] * 2
        assert ours.talks.state_hash(ours.rooms["plenary"], ours.talks.size) == theirs.talks.state_hash(
            ours.rooms["plenary"], ours.talks.size
        )

    def test_one_that_is_posted_again_is_shown_once(self, house: House) -> None:
        ours, theirs = house.desks
        papers.pass_non_paper(ours, "plenary", WORDS, "en")
        theirs.sync()
        (line,) = paper_lines(theirs)
        post(theirs, pack(line.paper))
        post(theirs, pack(msgspec.structs.replace(line.paper, marks=())))
        assert len(paper_lines(theirs)) == 3
        (shown,) = papers_view.first_of_each(paper_lines(theirs))
        assert shown.index == line.index
        assert [one["index"] for one in papers_view.listed(theirs)] == [line.index]

    def test_what_this_desk_refuses(self, house: House) -> None:
        (ours, _), size = house.desks, house.desks[0].talks.size
        refused = {
            "act-not-plain": ("plenary", "in fa\u202evour", "en"),
            "act-language": ("plenary", WORDS, "no such"),
            "paper-not-here": ("caucus", WORDS, "en"),
            "too-large": ("plenary", "long " * 20_000, "en"),
        }
        for code, (room, text, language) in refused.items():
            with pytest.raises(LocalError) as found:
                papers.pass_non_paper(ours, room, text, language)
            assert found.value.code == code
        silent = house.join(ours, "Listener", powers=())
        with pytest.raises(LocalError) as found:
            papers.pass_non_paper(silent, "plenary", WORDS, "en")
        assert found.value.code == "power-lacking"
        assert not ours.outgoing()
        assert not paper_lines(ours)
        assert size

    def test_it_waits_behind_and_before_acts(self, house: House) -> None:
        ours, theirs = house.desks
        ours.hand_in("plenary", StatementMade(text="First", language="en"))
        ours.talk_by(courier=True)
        papers.pass_non_paper(ours, "plenary", WORDS, "en")
        ours.hand_in("plenary", StatementMade(text="Second", language="en"))
        ours.talk_by(courier=False)
        ours.sync()
        theirs.sync()
        said = [
            line.act.event.text
            for line in theirs.common.lines()
            if line.act and line.act.event.name == "StatementMade"
        ]
        assert said == ["First", "Second"]
        assert len(paper_lines(theirs)) == 1

    def test_a_desk_that_comes_later_reads_it_and_knows_nobody(self, house: House) -> None:
        ours, theirs = house.desks
        papers.pass_non_paper(ours, "plenary", WORDS, "en")
        late = house.join(theirs, "Late", powers=("speak",))
        (line,) = paper_lines(late)
        assert line.paper.text == WORDS
        assert papers.origin(late, line).shown == "unknown"
        again = house.reopen(theirs)
        assert papers.origin(again, paper_lines(again)[0]).shown == "theirs"


class TestLetters:
    def test_only_heads_open_it_and_all_see_that_it_passed(self, house: House) -> None:
        ours, theirs = house.desks
        adviser = house.join(theirs, "Adviser", powers=("speak", "propose"))
        event = papers.letter(ours, (theirs.identity.place.delegation,), WORDS, "en", "Between us")
        assert ours.act("plenary", event).verdict.status == "valid"
        house.settle()
        for desk in (ours, theirs):
            assert papers.letter_words(desk, event).text == WORDS
        with pytest.raises(LocalError) as found:
            papers.letter_words(adviser, event)
        assert found.value.code == "letter-closed"
        assert any(line.act and line.act.event == event for line in adviser.common.lines())
        again = house.reopen(theirs)
        assert papers.letter_words(again, event).subject == "Between us"

    def test_a_letter_that_opens_for_nobody_is_closed(self, house: House) -> None:
        ours, theirs = house.desks
        good = papers.letter(ours, (theirs.identity.place.delegation,), WORDS, "en")
        blocks = tuple(wrap_all(bytes(32), []) or wrap_all(bytes(32), [(b"", b"")]))
        event = msgspec.structs.replace(good, blocks=blocks)
        assert ours.act("plenary", event).verdict.status == "valid"
        other = tuple(
            wrap_all(bytes(32), [(ours.talks.kem(ours.rooms["plenary"], one), b"") for one in good.readers])
        )
        assert ours.act("plenary", msgspec.structs.replace(good, blocks=other)).verdict.status == "valid"
        theirs.sync()
        with pytest.raises(LocalError) as found:
            papers.letter_words(theirs, event)
        assert found.value.code == "letter-closed"

    def test_what_is_inside_must_be_words(self, house: House) -> None:
        ours, theirs = house.desks
        with pytest.raises(LocalError) as found:
            papers.letter(ours, (theirs.identity.place.delegation,), "in fa\u202evour", "en")
        assert found.value.code == "act-not-plain"


class TestAnnexes:
    def filed(self, desk: Desk, data: bytes, title: str = "Map of the gauges") -> AnnexFiled:
        plain = speaking.annex(data, title=title, media="image/png", name="map")
        event = annexes.with_file(plain, data)
        assert annexes.file_annex(desk, "plenary", event, data).verdict.status == "valid"
        return event

    def test_the_file_reaches_the_other_side_whole(self, house: House) -> None:
        ours, theirs = house.desks
        data = secrets.token_bytes(PIECE + 5)
        self.filed(ours, data)
        theirs.sync()
        for desk in house.desks:
            assert annexes.file_of(desk, desk.talks.plenary.annexes["map"]) == data
        again = house.reopen(theirs)
        assert annexes.file_of(again, again.talks.plenary.annexes["map"]) == data

    def test_pieces_may_be_missing_doubled_swapped_or_foreign(self, house: House) -> None:
        ours, theirs = house.desks
        parts = [secrets.token_bytes(PIECE), secrets.token_bytes(10)]
        event = annexes.with_file(
            speaking.annex(b"".join(parts), title="T", media="x", name="map"), b"".join(parts)
        )
        ours.act("plenary", event)
        pieces = [pack(AnnexPiece(talks=bytes(32), room="", data=one)) for one in parts]
        foreign = pack(AnnexPiece(talks=bytes(32), room="", data=b"something else"))
        theirs.sync()
        annex = theirs.talks.plenary.annexes["map"]
        for content, lacking in ((pieces[1], 1), (pieces[1], 1), (foreign, 1)):
            post(theirs, content)
            ours.sync()
            with pytest.raises(LocalError) as found:
                annexes.file_of(ours, annex)
            assert (found.value.code, found.value.facts["missing"]) == ("annex-incomplete", lacking)
        post(theirs, pieces[0])
        ours.sync()
        assert annexes.file_of(ours, annex) == b"".join(parts)

    def test_pieces_that_do_not_make_the_signed_file_are_not_handed_out(self, house: House) -> None:
        ours, theirs = house.desks
        event = annexes.with_file(speaking.annex(b"map", title="T", media="x", name="map"), b"map")
        lying = msgspec.structs.replace(event, digest=hashlib.sha256(b"another").digest())
        assert annexes.file_annex(ours, "plenary", lying, b"map").verdict.status == "valid"
        theirs.sync()
        with pytest.raises(RemoteError) as found:
            annexes.file_of(theirs, theirs.talks.plenary.annexes["map"])
        assert found.value.code == "annex-differs"

    def test_a_sending_that_broke_off_goes_on(self, house: House) -> None:
        ours, theirs = house.desks
        data = secrets.token_bytes(PIECE * 2)
        event = annexes.with_file(speaking.annex(data, title="T", media="x", name="map"), data)
        ours.talk_by(courier=True)
        annexes.hand_in(ours, "plenary", event, data)
        assert len(ours.outgoing()) == 3
        ours.talk_by(courier=False)
        again = house.reopen(ours)
        again.sync()
        theirs.sync()
        assert annexes.file_of(theirs, theirs.talks.plenary.annexes["map"]) == data

    @pytest.mark.parametrize("size", [0, MAX_ANNEX + 1])
    def test_a_file_has_a_size(self, size: int) -> None:
        with pytest.raises(LocalError) as found:
            annexes.with_file(speaking.annex(b"", title="T", media="x"), bytes(size))
        assert found.value.code == "annex-too-large"

    def test_one_of_its_hash_alone_stays_with_its_filer(self, house: House) -> None:
        ours, _ = house.desks
        ours.act("plenary", speaking.annex(b"map", title="T", media="x", name="map"))
        with pytest.raises(LocalError) as found:
            annexes.file_of(ours, ours.talks.plenary.annexes["map"])
        assert found.value.code == "annex-kept-back"

    def test_an_annex_that_is_refused_leaves_nothing_in_the_outbox(self, house: House) -> None:
        ours, _ = house.desks
        self.filed(ours, b"map")
        event = annexes.with_file(speaking.annex(b"two", title="T", media="x", name="map"), b"two")
        with pytest.raises(LocalError) as found:
            annexes.file_annex(ours, "plenary", event, b"two")
        assert found.value.code == "annex-twice"
        assert not ours.outgoing()


def test_an_outgoing_non_paper_is_no_act_that_waits(house: House) -> None:
    ours, _ = house.desks
    ours.talk_by(courier=True)
    papers.pass_non_paper(ours, "plenary", WORDS, "en")
    assert [one.act for one in ours.outgoing()] == [None]
