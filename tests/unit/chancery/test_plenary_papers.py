"""Papers and four eyes on the pages of a desk: spec/papers.md, without a browser."""

from __future__ import annotations

import re

import pytest
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import until
from tests.unit.chancery.desk_pages import Pages

from good_offices.desk import annexes, papers
from good_offices.talks.events_plenary import AnnexFiled, StatementMade

WORDS = "Suppose that the gauge stood upstream of the second dam."


def ready(house: House) -> None:
    house.join(house.desks[0], "Second", powers=("agree", "speak"))


@pytest.fixture
def talks(tmp_path):
    """Upper's pages, the desk of Lower, and that of Upper's second member."""
    with House(tmp_path, 2, played=ready) as house:
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.seat.open(PASSPHRASE)
            assert until(lambda: pages.seat.state == "up-to-date")
            yield pages, *house.desks


def arrived(pages: Pages, desk, register: str = "common") -> None:
    desk.sync()
    size = getattr(desk, register).ledger.size
    pages.seat.check()
    assert until(lambda: getattr(pages.seat.desk, register).ledger.size >= size)


def said(pages: Pages, path: str, **data: object) -> str:
    return pages.post(path, **({"text": WORDS, "language": "en", "back": "/plenary"} | data))


class TestPapers:
    def test_a_non_paper_takes_two_steps_and_is_shown_as_what_it_is(self, talks) -> None:
        pages, lower, _ = talks
        first = said(pages, "/plenary/non-paper", subject="Gauge", draft="plenary-non-paper")
        assert "Nobody signs it." in first
        assert "Each of them could have made it" in first
        assert WORDS in first
        page = pages.confirm()
        assert "Nobody has signed it." in page
        assert "Non-paper, unattributable" in pages.get("/plenary")
        lower.sync()
        (line,) = [line for line in lower.common.lines() if line.paper is not None]
        assert line.paper.text == WORDS
        index = line.index
        assert pages.get(f"/record/plenary/{index}")
        refused = pages.post(f"/record/plenary/{index}/disclose", back="/record")
        assert "it proves nothing of anybody" in refused
        assert pages.get(f"/record/plenary/{index}/disclose").count("it proves nothing of anybody") == 1

    def test_theirs_is_shown_as_theirs_and_a_strange_one_as_nobodys(self, talks) -> None:
        pages, lower, _ = talks
        papers.pass_non_paper(lower, "plenary", WORDS, "en")
        arrived(pages, lower)
        page = pages.get("/plenary")
        assert "This desk is shown whose it is" in page
        assert "It could have made the paper as well" in page

    def test_a_letter_is_for_heads(self, talks) -> None:
        pages, lower, second = talks
        first = said(pages, "/plenary/letter", subject="Between us", draft="plenary-letter")
        assert "Opened by the heads alone: of Lower Basin, and of your delegation." in first
        assert "The letter is with the heads." in pages.confirm()
        assert WORDS in pages.get("/plenary")
        second.sync()
        lower.sync()
        (event,) = [
            line.act.event
            for line in lower.common.lines()
            if line.act and line.act.event.name == "LetterSent"
        ]
        assert papers.letter_words(lower, event).text == WORDS
        index = next(
            line.index for line in lower.common.lines() if line.act and line.act.event.name == "LetterSent"
        )
        entry = pages.get(f"/record/plenary/{index}")
        assert "blocks" not in entry

    def test_words_of_the_caucus_are_shown_before_they_leave(self, talks) -> None:
        pages, _, _ = talks
        pages.post("/caucus/statement", text="We can give up the lower gauge in the end.", language="en")
        words = "Perhaps we can give up the lower gauge."
        for path in ("/plenary/non-paper", "/plenary/letter"):
            assert "stand in your caucus or private notes" in said(pages, path, text=words)
            assert "stand in your caucus or private notes" in said(pages, path, subject=words)
        assert "stand in your caucus" in said(pages, "/plenary/note", subject=words)
        refused = pages.post("/plenary/annex", {"file": b"x"}, title=words, back="/plenary")
        assert "about to leave your delegation" in refused
        assert not pages.seat.desk.talks.plenary.annexes

    def test_an_aide_memoire_is_called_one(self, talks) -> None:
        pages, _, _ = talks
        said(pages, "/plenary/note", note_kind="aide-memoire")
        assert "Aide-mémoire" in pages.get("/plenary")

    def test_a_public_statement_shows_its_claim_and_the_words_this_desk_keeps(self, talks) -> None:
        pages, lower, _ = talks
        said(
            pages, "/plenary/public", speaker="A. Marlow", date="1 May", medium="The Gazette",
            reported_by="B. Ilves",
        )  # fmt: skip
        page = pages.get("/plenary")
        for words in ("A. Marlow", "1 May", "The Gazette", "B. Ilves", "A claim of the delegation", WORDS):
            assert words in page
        lower.sync()
        assert not lower.storage.names("quotation/")


class TestAnnexes:
    def test_it_is_filed_and_handed_out_as_an_attachment_alone(self, talks) -> None:
        pages, lower, _ = talks
        pages.post(
            "/plenary/annex",
            {"file": b"<script>alert(1)</script>"},
            title="../../x\r\n.html",
            back="/plenary",
        )
        ((name, _),) = pages.seat.desk.talks.plenary.annexes.items()
        lower.sync()
        assert annexes.file_of(lower, lower.talks.plenary.annexes[name]).startswith(b"<script>")
        assert until(lambda: not pages.seat.desk.outgoing())
        arrived(pages, lower)
        answer = pages.client.get("/plenary/annex/file", params={"annex": name})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert "/" not in answer.headers["content-disposition"].partition("filename*")[0]
        assert answer.content == b"<script>alert(1)</script>"

    def test_what_is_not_here_is_not_handed_out(self, talks) -> None:
        pages, lower, _ = talks
        pages.post("/plenary/annex", {"file": b"map"}, title="Kept", hash_only="yes", back="/plenary")
        (name,) = pages.seat.desk.talks.plenary.annexes
        assert (
            "only the hash of this annex is on record"
            in pages.get(f"/plenary/annex/file?annex={name}").lower()
        )
        assert "there is no such annex" in pages.get("/plenary/annex/file?annex=../../etc/passwd").lower()
        event = annexes.with_file(
            AnnexFiled(annex="a/../b", title="T", media="x", size=1, digest=bytes(32)), b"only the act"
        )
        lower.act("plenary", event)
        arrived(pages, lower)
        assert "not all of it has come yet" in pages.get("/plenary")
        assert "1 of 1 pieces" in pages.get("/plenary/annex/file?annex=a/../b")


class TestConsent:
    def rule(self, pages: Pages, second) -> None:
        pages.get("/caucus/consent")
        assert "Your desks hold these back" in pages.post(
            "/caucus/consent/rule", acts="course", consents="1", back="/caucus/consent"
        )
        assert "1 other member must consent to:" in pages.confirm()
        second.sync()

    def broken_off(self, pages: Pages) -> str:
        pages.post("/agenda/break-off", text="Enough for now.", language="en", back="/agenda")
        return pages.confirm()

    def test_what_is_held_back_is_asked_for_consented_to_and_sent(self, talks) -> None:
        pages, lower, second = talks
        self.rule(pages, second)
        words = self.broken_off(pages)
        assert "Another member must consent" in words
        assert "Ask for consent" in words
        assert lower.talks.plenary.course.standing == "running"
        content = re.search(r'name="content" value="([0-9a-f]{64})"', pages.page)[1]
        page = pages.post("/caucus/consent/ask", content=content, text="Before noon?", back="/caucus/consent")
        assert "Nothing has left your delegation." in page
        assert "Before noon?" in page
        assert "Waits for another member." in page
        assert "Send it now" not in page
        with Pages(second.storage.folder) as theirs:
            second.close()
            theirs.seat.open(PASSPHRASE)
            assert until(lambda: theirs.seat.state == "up-to-date")
            assert "Consent…" in theirs.get("/caucus")
            assert "A member asks for consent" in theirs.get("/")
            assert "Your consent is for these words" in theirs.post(
                "/caucus/consent/give", content=content, back="/caucus/consent"
            )
            assert "You have consented." in theirs.confirm()
            assert "Enough for now." in theirs.get("/caucus/consent")
            size = theirs.seat.desk.caucus.ledger.size
        pages.seat.check()
        assert until(lambda: pages.seat.desk.caucus.ledger.size >= size)
        assert "Send it now" in pages.get("/caucus/consent")
        assert "It leaves your delegation" in pages.post(
            "/caucus/consent/send", content=content, back="/caucus/consent"
        )
        pages.confirm()
        lower.sync()
        assert lower.talks.plenary.course.standing == "broken-off"
        assert "no draft with this content" in pages.post("/caucus/consent/send", content=content).lower()

    def test_what_was_not_held_back_is_not_asked_for(self, talks) -> None:
        pages, _, second = talks
        self.rule(pages, second)
        self.broken_off(pages)
        assert "nothing was held back" in pages.post("/caucus/consent/ask", content="00" * 32).lower()
        pages.post("/caucus/consent/drop", back="/caucus/consent")
        assert "nothing was held back" in pages.post("/caucus/consent/ask", content="").lower()

    def test_other_acts_leave_as_before(self, talks) -> None:
        pages, lower, second = talks
        self.rule(pages, second)
        said(pages, "/plenary/statement", text="Good morning")
        lower.sync()
        assert any(
            line.act and isinstance(line.act.event, StatementMade) and line.act.event.text == "Good morning"
            for line in lower.common.lines()
        )
