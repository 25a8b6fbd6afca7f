"""Between two clicks: the other side moves, a button is pressed twice, the desk is locked, a page comes by itself."""

from __future__ import annotations

import re
import threading
from urllib.parse import quote

import pytest
from tests.support import river
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import until
from tests.unit.chancery.desk_pages import HOST, Pages

from good_offices.chancery.downloads import disposition
from good_offices.chancery.holding import HOLDING
from good_offices.chancery.once import Once
from good_offices.chancery.text.cells import plain
from good_offices.chancery.ways import within
from good_offices.clerk import drafting, names, pending, provisions, steps
from good_offices.clerk.rooms_view import labels
from good_offices.talks import events_plenary as events
from good_offices.talks.events_text import StanceTaken
from good_offices.text.notation import print_runs

READY = "u4"
HERE = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def talks(tmp_path_factory):
    """Upper's pages and the desk of Lower, the river talks half way."""
    with House(tmp_path_factory.mktemp("steps"), played=river.half_way) as house:
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.seat.open(PASSPHRASE)
            assert until(lambda: pages.seat.state == "up-to-date")
            yield pages, house.desks[0]


def arrived(pages, lower):
    """Let what Lower did arrive at Upper's desk."""
    lower.sync()
    size = lower.common.ledger.size
    pages.seat.check()
    assert until(lambda: pages.seat.desk.common.ledger.size >= size)


def size(pages):
    return pages.seat.desk.common.ledger.size


def form(pages, path, action):
    """Return the hidden fields of the form with an action on a page."""
    pages.get(path)
    found = re.search(rf'<form method="post" action="{re.escape(action)}".*?</form>', pages.page, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', found[0]))


def test_a_statement_that_is_sent_by_two_clicks_is_made_once(talks):
    pages, _lower = talks
    fields = {**form(pages, "/plenary", "/plenary/statement"), "text": "Twice.", "language": "en"}
    answers = []

    def click():
        answers.append(
            pages.client.post("/plenary/statement", data=fields, headers=HERE, follow_redirects=False)
        )

    before = size(pages)
    clicks = [threading.Thread(target=click) for _ in range(3)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    click()
    assert size(pages) == before + 1
    assert {one.status_code for one in answers} == {303}
    assert len({one.headers["location"] for one in answers}) == 1
    pages.client.post("/plenary/statement", data=fields | {"text": "Other words."}, headers=HERE)
    assert size(pages) == before + 2


def test_a_form_that_did_nothing_may_be_sent_again():
    once = Once()
    assert once.begin(b"form") is None
    once.end(b"form", None)
    assert once.begin(b"form") is None
    once.end(b"form", "/plenary")
    assert once.begin(b"form") == "/plenary"
    for number in range(100):
        assert once.begin(b"%d" % number) is None
    assert len(once._led) <= 65


def test_what_is_agreed_is_what_the_page_showed(talks):
    pages, lower = talks
    path = f"/text/river/step/agree?unit={READY}"
    shown = re.findall(r'name="shown" value="([^"]*)"', (pages.get(path), pages.page)[1])
    assert shown
    text = river.text(lower)
    changed = {READY: {"en": "Each Party keeps its readings.", "ru": "Каждая Сторона хранит свои показания."}}
    lower.act("plenary", drafting.amendment(lower, text, changed, name="P-11"))
    arrived(pages, lower)
    with pages.seat.turn:
        desk = pages.seat.desk
        done = pages.seat.act("plenary", drafting.acceptance(desk, "P-11", "river"))
    assert done.verdict.status == "valid"
    before = size(pages)
    words = pages.post("/text/river/step/agree", unit=READY, level="experts", shown=shown)
    assert "Something has changed since this page was shown to you" in words
    assert size(pages) == before
    shown = re.findall(r'name="shown" value="([^"]*)"', (pages.get(path), pages.page)[1])
    pages.post("/text/river/step/agree", unit=READY, level="experts", shown=shown)
    assert size(pages) == before + 1


def test_brackets_that_moved_are_not_settled_as_they_were_shown(talks):
    pages, lower = talks
    text = river.text(lower)
    unit = text.instrument.unit(river.FLOW)
    slot = min(unit.slots)
    pages.post(f"/text/river/settle/{river.FLOW}", **{f"slot.{slot}": "1"})
    page = pages.page
    assert 'name="shown"' in page
    now = _bracketed(lower, text, unit)
    lower.act("plenary", now)
    arrived(pages, lower)
    before = size(pages)
    pages.page = page
    words = pages.confirm()
    assert pages.status in (409, 400)
    assert size(pages) == before
    assert "Settled" not in words


def _bracketed(desk, text, unit):
    """Return brackets round a word that stood outside of any, in both languages."""
    called = names.delegations(desk)
    words = {one: print_runs(runs, names=called) for one, runs in unit.texts.items()}
    first = {one: said.split(" ", 1) for one, said in words.items()}
    return drafting.brackets(
        desk, text, {unit.id: {one: f"[{head}] {rest}" for one, (head, rest) in first.items()}}
    )


def test_an_acceptance_is_of_what_the_page_showed(talks):
    pages, _lower = talks
    pages.post("/text/river/accept", proposal="P-1")
    assert 'name="shown"' in pages.page
    before = size(pages)
    pages.page = re.sub(r'(name="shown" value=")[0-9a-f]{8}', r"\g<1>00000000", pages.page)
    assert "Something has changed" in pages.confirm()
    assert pages.status == 409
    assert size(pages) == before


def test_locking_forgets_what_was_to_be_told_and_what_was_held(talks):
    pages, _lower = talks
    pages.session.flashes.append(("done", "P-3 of Lower Basin is withdrawn."))
    HOLDING.put(pages.session, "hand-over/1", b"a key")
    pages.seat.lock()
    words = pages.get("/")
    assert pages.path == "/unlock"
    assert "Lower Basin" not in words
    assert HOLDING.get(pages.session, "hand-over/1") is None
    for path in (
        "/",
        "/plenary",
        "/caucus",
        "/text/river",
        "/room",
        "/notes",
        "/live/news?since=0.0",
        "/record/common/3",
    ):
        answer = pages.client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/unlock")
        assert not answer.content
    pages.seat.open(PASSPHRASE)
    assert until(lambda: pages.seat.state == "up-to-date")


def test_what_comes_by_itself_keeps_no_desk_awake(talks):
    pages, lower = talks
    pages.get("/room")
    used = pages.seat._used
    lower.act("plenary", events.StatementMade(text="Are you still there?", language="en"))
    arrived(pages, lower)
    pages.client.get("/live/news?itself=1&since=0.0")
    pages.get("/room?text=river&itself=1")
    assert pages.seat._used == used
    for script in ("live.js", "room.js"):
        assert "itself" in pages.client.get(f"/static/{script}").text
    again = re.search(
        r'http-equiv="refresh" content="10;url=([^"]*)"', (pages.get("/room?unit=%22x"), pages.page)[1]
    )
    assert again[1] == "/room?unit=%22x&amp;itself=1"
    pages.get("/plenary")
    assert pages.seat._used > used


def test_the_wall_tells_nothing_that_is_meant_for_the_desk(talks):
    pages, _lower = talks
    pages.session.flashes.append(("refused", "Your floor of 185 was not sent."))
    assert "185" not in pages.get("/room?text=river")
    assert "Your floor of 185 was not sent." in pages.get("/agenda")


def test_what_comes_names_provisions_by_number_and_title(talks, monkeypatch):
    pages, lower = talks
    lower.act("plenary", StanceTaken(instrument="river", says="reserves", unit=READY))
    arrived(pages, lower)
    monkeypatch.setattr(pages.seat.desk, "certificate", b"another")
    since = f"{size(pages) - 1}.999"
    told = pages.client.get(f"/live/news?itself=1&since={since}").json()["acts"]
    (line,) = [one["what"] for one in told if "reserves its position" in one["what"]]
    with pages.seat.turn:
        assert line == f"reserves its position: {labels(pages.seat.desk)[READY]}"
    assert not re.search(r"\bu\d", line)


def test_no_word_of_the_caucus_is_told_on_a_page_of_the_common_space(talks, monkeypatch):
    pages, _lower = talks
    # As if a colleague had said it: what this desk said itself is no news to it.
    monkeypatch.setattr(pages.seat.desk, "certificate", b"another")
    told = pages.client.get("/live/news?itself=1&since=9999.0").json()["acts"]
    assert [one["what"] for one in told if one["where"] == "caucus"]
    assert {one["what"] for one in told} == {"In your caucus"}
    assert "185" not in str(told)


def test_a_refusal_shows_no_passphrase_again(talks):
    pages, _lower = talks
    answer = pages.client.post(
        "/people/passphrase",
        data={"csrf": "another", "old": "opens-it", "passphrase": "opens-it-anew", "again": "opens-it-anew"},
        headers=HERE,
    )
    assert answer.status_code == 403
    assert "opens-it" not in answer.text


def test_ways_back_lead_to_our_own_screens(talks):
    pages, _lower = talks
    for address in (
        "javascript:alert(1)",
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/a\nb",
        "\t//x",
    ):
        assert within(address) == "/"
        waiting = next(iter(pending.pending(pages.seat.desk)["joint"]), None)
        if waiting:
            page = (pages.get(f"/accept?index={waiting['index']}&back={quote(address)}"), pages.page)[1]
            assert "evil" not in page.replace(HOST, "")
            assert "javascript:" not in page
        answer = pages.client.post(
            "/check", data={"csrf": pages.session.csrf, "back": address}, headers=HERE, follow_redirects=False
        )
        assert answer.headers["location"] == "/"
    assert within("/agenda?x=1#course") == "/agenda?x=1#course"


@pytest.mark.parametrize(
    "name",
    [
        "a\uff02; filename=\uff02evil.exe",
        "..\uff0f..\uff0fetc",
        "a\r\nset-cookie: x=1",
        'a"b',
        "\u202egpj.exe",
        "x" * 900,
    ],
)
def test_a_name_of_the_talks_ends_no_header_and_names_no_folder(name):
    value = disposition(name, "pdf")
    plain, coded = re.fullmatch(r"attachment; filename=\"([^\"]*)\"; filename\*=UTF-8''(\S+)", value).groups()
    assert not set(plain + coded) & set('/\\;\r\n"')
    assert plain.endswith(".pdf")
    assert coded.endswith(".pdf")
    assert len(plain) < 120


def test_whoever_accepts_reads_the_very_words_before(talks):
    pages, lower = talks
    text = river.text(lower)
    provision = text.instrument.unit(READY)
    done = lower.act("plenary", steps.certified(text, [provision]))
    arrived(pages, lower)
    path = f"/accept?index={done.verdict.index}"
    told = pages.get(path)
    called = provisions.called(text.instrument, "en")[READY].whole
    for words in (
        called,
        "English",
        "Russian",
        *(plain(print_runs(one)) for one in provision.texts.values()),
    ):
        assert " ".join(words.replace("*", "").split()) in told, words
    # A form without its yes leads to the same page: nobody accepts without having been shown the words.
    before = size(pages)
    assert "It is about these words" in pages.post("/accept", index=str(done.verdict.index))
    assert pages.post("/text/river/accept", content=content_of(lower, "ConcordanceCertified")).count(called)
    assert size(pages) == before
    pages.get(path)
    pages.confirm()
    assert size(pages) == before + 1
    assert READY in pages.seat.desk.talks.plenary.texts["river"].certified


def content_of(desk, event):
    """Return the content of the one joint act of a kind that waits."""
    (found,) = [one.content.hex() for one in desk.talks.plenary.joint.values() if one.event == event]
    return found
