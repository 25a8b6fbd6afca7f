"""The record's screens: the verdict in words, entries, files that leave, evidence and doubts."""

from __future__ import annotations

import re
import time

import httpx
import pytest
from starlette.requests import Request
from tests.support import ending
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import until
from tests.unit.chancery.desk_pages import Pages

from good_offices.chancery.downloads import disposition, safe
from good_offices.chancery.screens import record
from good_offices.chancery.screens.record import verdict
from good_offices.chancery.visit import Visit
from good_offices.clerk.verifying import verified
from good_offices.desk.assurance import Assurance, assurance, told
from good_offices.talks.events_plenary import NotePassed, StatementMade

MANY = 120


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A desk after the closing record, with more statements than a page holds; the other desk stays in the house."""
    with House(tmp_path_factory.mktemp("record"), played=ending.closed) as house:
        upper, lower = house.desks
        upper.act("caucus", StatementMade(text="Our floor is 185.", language="en"))
        for number in range(MANY):
            upper.hand_in("caucus", StatementMade(text=f"Remark {number}.", language="en"))
        upper.sync()
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            until(lambda: pages.seat.state == "up-to-date")
            yield pages, lower


def test_the_verdict_comes_first_and_says_what_it_rests_on(closed):
    pages, lower = closed
    words = pages.get("/record")
    assert "Complete and unaltered up to" in words
    assert f"The host signed this register of {lower.common.ledger.size} entries" in words
    assert "Lower Basin had seen the same first" in words
    assert "When an entry arrived: times are the host’s word" in words
    root = lower.common.ledger.root(lower.common.ledger.size).hex()
    assert " ".join(root[at : at + 4] for at in range(0, len(root), 4)) in words


def test_the_verdict_says_what_speaks_against_it(closed):
    pages, _lower = closed
    visit = type("Visit", (), {"desk": pages.seat.desk, "seat": pages.seat})()
    plain = {"size": 5, "caucus": 1, "root": bytes(32), "host": "h", "acts": 2}
    cases = (
        ({"signed": False, "gaps": False}, "void", "do not belong together"),
        ({"signed": True, "gaps": True}, "void", "is missing between others"),
        ({"signed": True, "gaps": False, "suspected": (3, 4)}, "void", "3 and 4"),
        ({"signed": True, "gaps": False, "stopped": True}, "void", ""),
        ({"signed": True, "gaps": False, "doubts": (("r", 3),)}, "waiting", ""),
        ({"signed": True, "gaps": False, "awaited": 2}, "valid", "receipts for 2 entries"),
    )
    for facts, tone, against in cases:
        told = verdict(visit, Assurance(**plain, **facts))
        assert told["tone"] == tone
        assert against in " ".join(told["against"])


def test_without_the_host_the_verdict_keeps_its_time(closed):
    pages, _lower = closed
    seat = pages.seat
    before, seat.state = seat.state, "unreachable"
    try:
        assert "nothing newer is known" in pages.get("/record")
    finally:
        seat.state = before


def test_what_another_root_would_look_like(closed):
    pages, _lower = closed
    with pages.seat.turn:
        desk = pages.seat.desk
        ledger, lines = desk.common.ledger, pages.seat.lines(desk.common)
        assert assurance(desk, told(desk, lines)).signed
        gaps = [
            one
            for one in lines
            if one.act is None or one.act.author != desk.certificate or one.act.sequence != 2
        ]
        assert assurance(desk, told(desk, gaps)).gaps
        kept = ledger.note
        try:
            ledger.note = b""
            assert not assurance(desk, told(desk, lines)).signed
            ledger.note = kept[:-20] + b"A" * 19 + b"\n"
            assert not assurance(desk, told(desk, lines)).signed
        finally:
            ledger.note = kept


def test_entries_are_chosen_by_room_and_kind(closed):
    pages, _lower = closed
    words = pages.get("/record?room=caucus&kind=words")
    assert "Remark 119." in words
    assert "Remark 0." not in words
    earlier = re.search(r'href="(/record\?[^"]*upto=\d+)">Earlier', pages.page)[1].replace("&amp;", "&")
    words = pages.get(earlier)
    assert "Remark 0." in words
    assert "Newer entries" in words
    words = pages.get("/record?room=plenary&kind=outcome")
    assert "The closing record is signed" in words
    assert "Remark" not in words
    assert "sealed for the readers" in pages.get("/record?room=roster&kind=keys")
    assert "No entry is of this kind" in pages.get("/record?kind=failed")
    assert "What members did" in pages.get("/record?kind=nonsense&room=nowhere&upto=99999999999")
    assert pages.status == 200


def test_an_entry_is_shown_whole_and_leaves_as_a_file(closed):
    pages, lower = closed
    index = next(one.index for one in lower.common.lines() if one.act and one.act.event.name == "TextAdopted")
    words = pages.get(f"/record/plenary/{index}")
    assert "Head 0, Head of delegation" in words
    digest = next(iter(lower.common.lines(index, index + 1))).leaf.digest.hex()
    assert " ".join(digest[at : at + 4] for at in range(0, 64, 4)) in words
    receipt = pages.client.get(f"/record/common/{index}/receipt")
    assert "attachment" in receipt.headers["content-disposition"]
    assert verified(receipt.content).valid
    words = pages.get(f"/record/common/{index}/disclose")
    assert "Whoever gets this file can read the act" in words
    shown = pages.send(f"/record/common/{index}/disclose")
    assert shown.headers["content-disposition"].startswith("attachment")
    finding = verified(shown.content)
    assert finding.valid
    assert finding.form.startswith("good-offices/disclosure")
    assert "Check a file" in pages.post("/record/verify", {"file": shown.content})
    assert "This proves" in pages.page


@pytest.mark.parametrize(
    "path", ["/record/caucus/2/receipt", "/record/nowhere/1", "/record/caucus/2/disclose"]
)
def test_there_is_no_such_page(closed, path):
    pages, _lower = closed
    pages.get(path)
    assert pages.status == 404


def test_an_entry_that_there_is_not_is_refused(closed):
    pages, _lower = closed
    assert "Nothing has left this machine" in pages.get("/record/plenary/99999")
    assert pages.status == 400
    pages.get("/record/common/0/disclose")
    assert pages.status == 400


def test_the_outcome_is_made_verified_and_handed_out(closed):
    pages, lower = closed
    lower.sync()
    assert pages.client.get("/record/outcome/file").status_code == 404
    words = pages.post("/record/outcome")
    assert "The outcome is made and verified by this desk" in words, words
    assert "Valid, by roots that you have compared" in words
    assert "This does not prove" in words
    assert (
        "that Head 0, Head of delegation, for Upper Basin, signed Agreement on the waters of the Arna River"
        in words
    )
    file = pages.client.get("/record/outcome/file")
    assert (
        'filename="Agreement on the waters of the Arna River.goodoffices"'
        in file.headers["content-disposition"]
    )
    finding = verified(file.content)
    assert finding.valid
    assert {one.name for one in finding.signatories} == {"Head 0", "Head 1"}
    damaged = bytearray(file.content)
    damaged[len(damaged) // 2] ^= 1
    assert "Not valid" in pages.post("/record/verify", {"file": bytes(damaged)})


def test_the_host_is_asked_whose_desks_have_cosigned(closed):
    pages, lower = closed
    lower.sync()
    assert "ntries" in pages.post("/record/cosigners")
    assert pages.status == 200


def test_evidence_is_explained_and_handed_out(closed):
    pages, _lower = closed
    assert "There is none" in pages.get("/record/evidence")
    folder = pages.seat.folder / "evidence"
    folder.mkdir(exist_ok=True)
    (folder / "0123.fork").write_bytes(b"damaged")
    try:
        words = pages.get("/record/evidence")
        assert "The host signed what no honest host signs" in words
        assert "This desk has not stopped" in words
        assert "Against desks of other delegations" not in words
        assert "Not valid" in words
        answer = pages.client.get("/record/evidence/0123.fork")
        assert answer.content == b"damaged"
        assert "attachment" in answer.headers["content-disposition"]
        assert "There is evidence against the host" in pages.get("/record")
        for name in ("4567.box", "89ab-0.sounding"):
            (folder / name).write_bytes(name.encode())
        words = pages.get("/record/evidence")
        assert words.count("Not valid") == 2
        assert "89ab-0.sounding" in words.partition("Against desks of other delegations")[2]
        for name in ("4567.box", "89ab-0.sounding"):
            assert pages.client.get(f"/record/evidence/{name}").content == name.encode()
            (folder / name).unlink()
        for path in ("/record/evidence/..%2Fkeyring", "/record/evidence/other.fork"):
            assert b"argon" not in pages.client.get(path).content
            assert pages.client.get(path).status_code in (400, 404)
    finally:
        (folder / "0123.fork").unlink()


def test_doubts_are_shown_and_decided_in_two_steps(closed):
    pages, _lower = closed
    assert "There is none" in pages.get("/record/doubts")
    with pages.seat.turn:
        desk = pages.seat.desk
        desk.storage.put(f"doubt/{desk.common.ledger.register}/{20:012d}", b"1")
    assert "another desk computed another state" in pages.get("/record")
    assert "Entry 20" in pages.get("/record/doubts")
    assert "Go on in spite of the difference" in pages.post("/record/doubts")
    with pages.seat.turn:
        assert pages.seat.desk.doubts()
    assert "Decided. This desk goes on." in pages.confirm()
    with pages.seat.turn:
        assert not pages.seat.desk.doubts()


def test_by_courier_a_letter_goes_out_and_a_pouch_comes_in(closed):
    pages, lower = closed
    assert "This desk talks over the network" in pages.get("/record/courier")
    letter = pages.send("/record/courier/letter")
    assert letter.headers["content-disposition"].startswith("attachment")
    assert "This desk talks by courier" in pages.get("/record/courier")
    until(lambda: pages.seat.state == "courier")
    assert "By courier, no network" in pages.get("/record/courier")
    lower.act("plenary", NotePassed(text="By the way.", language="en", subject="Post"))
    with pages.seat.turn:
        before = pages.seat.desk.common.ledger.size
        venue = pages.seat.desk.identity.place.url
    pages.post("/record/courier/pouch", {"pouch": b"no pouch"})
    assert pages.status == 409
    pouch = httpx.post(f"{venue}/v1/pouch", content=letter.content, trust_env=False).content
    words = pages.post("/record/courier/pouch", {"pouch": pouch})
    assert pages.status == 200, words
    assert re.search(r"\d+ new entr", words)
    with pages.seat.turn:
        assert pages.seat.desk.common.ledger.size > before
    pages.post("/record/cosigners")
    assert pages.status == 409
    assert "over the network again" in pages.post("/record/courier/network")
    until(lambda: pages.seat.state == "up-to-date")


def test_a_page_of_the_record_is_quick(closed, monkeypatch):
    """Of 2,000 acts, by the processor time of the thread that writes the page: others load this machine as well."""
    pages, _lower = closed
    with pages.seat.turn:
        desk, seat = pages.seat.desk, pages.seat
        both = {book: list(seat.lines(book)) for book in (desk.common, desk.caucus)}
    remarks = [one for one in both[desk.caucus] if one.act is not None]
    both[desk.caucus] = (remarks * 20)[:2000]
    monkeypatch.setattr(seat, "lines", both.__getitem__)
    took = []
    shown = record.show

    def timed(visit):
        start = time.thread_time()
        page = shown(visit)
        took.append(time.thread_time() - start)
        return page

    seen = Visit(
        Request({"type": "http", "method": "GET", "path": "/record", "query_string": b"", "headers": []}),
        seat,
        pages.session,
    )
    with seat.turn:
        for _ in range(20):
            assert timed(seen).status_code == 200
    assert sorted(took)[18] < 0.1, took


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Договор о водах", "attachment; filename=\"good-offices.pdf\"; filename*=UTF-8''%D0%94"),
        ('a"b\r\nSet-Cookie: x', 'attachment; filename="a b Set-Cookie x.pdf"'),
        ("../../etc/passwd", 'attachment; filename="etc passwd.pdf"'),
        ("Año", 'attachment; filename="Ano.pdf"'),
    ],
)
def test_a_name_never_ends_a_header(name, expected):
    header = disposition(name, "pdf")
    assert header.startswith(expected)
    assert header.isascii()
    assert "\n" not in header
    assert "/" not in header.partition("filename*")[0]


def test_a_name_without_letters_has_one_all_the_same():
    assert safe("\u202e///") == "good-offices"
    assert len(safe("a" * 500)) == 80
