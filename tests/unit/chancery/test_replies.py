"""A page that answers a form has an address: going back to it and loading it again shows it again, to its reader alone."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.chancery.guard import Session
from good_offices.chancery.replies import _BYTES, _MOST, Kept, Replies
from good_offices.chancery.screens import door as door_screen
from good_offices.chancery.visit import post
from good_offices.errors import OperationalError

WORDS = "A statement that took an hour to write.\nAnd its second paragraph."


def step(visit):
    return visit.preview(title="T", binds="B", verb="V", back="/", readers="R") or visit.go("/unlock")


def refused(_visit):
    raise OperationalError("venue-unreachable", url="http://venue", why="Timeout")


@pytest.fixture
def pages(tmp_path, monkeypatch):
    extra = (post("/refused", refused, locked=True), post("/step", step, locked=True))
    monkeypatch.setattr(door_screen, "ROUTES", (*door_screen.ROUTES, *extra))
    with Pages(tmp_path / "desk") as pages:
        yield pages


def sent(pages: Pages, accept: str = "text/html", to: str = "/refused", **data: str):
    """Return the answer to a form, and not yet what it leads to."""
    form = {"csrf": pages.session.token(), "words": WORDS, "passphrase": "secret words", **data}
    headers = {"origin": f"http://{pages.host}", "sec-fetch-site": "same-origin", "accept": accept}
    return pages.client.post(to, data=form, headers=headers)


def test_a_refusal_leads_to_an_address_that_shows_it_as_often_as_asked(pages):
    answer = sent(pages, back="/text")
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert re.fullmatch(r"/replies/[\w-]{22}\?back=%2Ftext", address)
    first, second = pages.client.get(address), pages.client.get(address)
    assert (first.status_code, first.text) == (second.status_code, second.text)
    assert first.status_code == 409
    assert first.headers["cache-control"] == "no-store"
    assert WORDS in first.text
    assert 'action="/refused"' in first.text  # the words can be sent again from where they are shown
    assert "secret words" not in first.text


def test_the_first_of_two_steps_is_there_when_its_reader_goes_back_to_it(pages):
    address = sent(pages, to="/step").headers["location"]
    pages.get(address)
    assert pages.confirm()
    assert (pages.status, pages.path) == (200, "/begin")  # as in `step`: a folder without a desk leads on
    assert 'name="confirmed" value="yes"' in pages.client.get(address).text


def test_whoever_is_let_in_by_another_session_does_not_see_it(pages):
    address = sent(pages).headers["location"]
    with TestClient(pages.client.app, base_url=f"http://{pages.host}", follow_redirects=False) as other:
        other.headers["accept"] = "text/html"
        assert WORDS not in other.get(address).text
        assert other.post("/launch", data={"token": pages.door.token()}).status_code == 200
        answer = other.get(address)
        assert answer.headers["location"] == "/unlock"
        assert WORDS not in answer.text


def test_a_script_is_answered_where_it_asked(pages):
    for accept in ("application/json", "*/*"):
        answer = sent(pages, accept)
        assert answer.status_code == 409
        assert WORDS in answer.text


def test_a_form_that_is_not_of_this_session_is_refused_at_once_and_not_kept(pages):
    answer = sent(pages, csrf="another")
    assert answer.status_code == 403
    assert not pages.session.replies._kept


def test_a_page_that_is_gone_says_so_at_an_open_desk_and_locking_lets_go_of_all(tmp_path):
    with House(tmp_path) as house:
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.post("/unlock", passphrase="wrong")
            assert (pages.status, pages.path.startswith("/replies/")) == (409, True)
            wrong = pages.path
            pages.post("/unlock", passphrase=PASSPHRASE)
            assert pages.get(wrong)
            assert pages.status == 409
            words = pages.get("/replies/unknown?back=/text")
            assert pages.status == 410
            assert "no longer kept" in words
            pages.post("/lock")
            pages.get(wrong)
            assert (pages.status, pages.path) == (200, "/unlock")


def test_what_was_begun_before_the_lock_is_not_kept_after_it():
    replies = Replies()
    since = replies.begin()
    replies.clear()
    assert replies.keep(Kept(b"words of the talks", 409), since) is None
    name = replies.keep(Kept(b"after", 409), replies.begin())
    assert name is not None
    assert replies.get(name) == Kept(b"after", 409)


@pytest.mark.parametrize(("size", "many"), [(10, _MOST), (_BYTES // 4, 4), (2 * _BYTES, 1)])
def test_the_last_pages_are_kept_up_to_a_number_and_a_size(size, many):
    replies = Session().replies
    names = [replies.keep(Kept(bytes(size), 409), replies.begin()) for _ in range(_MOST + 5)]
    assert [name for name in names if replies.get(name)] == names[-many:]
