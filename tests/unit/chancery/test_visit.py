"""How a screen answers: refusals and faults as pages, words kept, two steps."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from good_offices.chancery.app import build
from good_offices.chancery.guard import Door
from good_offices.chancery.screen import name_of_language, own_name
from good_offices.chancery.screens import door as door_screen
from good_offices.chancery.seat import Seat
from good_offices.chancery.visit import get, post
from good_offices.errors import OperationalError
from good_offices.locale import use

HOST = "127.0.0.1:4711"
OURS = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}


@pytest.fixture
def visitor(tmp_path, monkeypatch):
    def broken(_visit):
        secret = "Our floor is 185."
        raise KeyError(secret)

    def refused(_visit):
        raise OperationalError("venue-unreachable", url="http://venue", why="Timeout")

    def twice(visit):
        step = visit.preview(title="T", binds="B", verb="V", back="/", readers="R")
        return step or visit.go("/unlock", visit.field("words"))

    def shadow(visit):
        return visit.page("unlock.html", **{visit.query["name"]: "another meaning"})

    extra = (
        get("/shadow", shadow, locked=True),
        get("/broken", broken, locked=True),
        post("/refused", refused, locked=True),
        post("/twice", twice, locked=True),
    )
    monkeypatch.setattr(door_screen, "ROUTES", (*door_screen.ROUTES, *extra))
    door = Door((HOST,))
    app = build(Seat(tmp_path / "desk"), door)
    app.state.renew = door.token
    with TestClient(app, base_url=f"http://{HOST}", follow_redirects=False) as client:
        client.post("/launch", data={"token": door.token()})
        client.csrf = next(iter(door._sessions.values())).csrf
        yield client


def test_a_fault_is_a_page_with_its_place_and_nothing_of_the_talks(visitor, capfd):
    answer = visitor.get("/broken", headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert "KeyError" in answer.text
    assert "did not foresee" in answer.text
    assert "185" not in answer.text
    assert "185" not in capfd.readouterr().err


def test_a_refusal_says_what_happened_what_is_safe_what_to_do_and_keeps_the_words(visitor):
    words = "A statement that took an hour to write.\nAnd its second paragraph."
    form = {"csrf": visitor.csrf, "words": words, "passphrase": "secret words", "item": "3"}
    answer = visitor.post("/refused", data=form, headers=OURS)
    assert answer.status_code == 409
    assert "What is safe" in answer.text
    assert "What to do next" in answer.text
    assert words in answer.text
    assert 'name="item" value="3"' in answer.text
    assert "secret words" not in answer.text


def test_what_binds_takes_two_steps(visitor):
    form = {"csrf": visitor.csrf, "words": "Said."}
    first = visitor.post("/twice", data=form, headers=OURS)
    assert first.status_code == 200
    assert 'name="confirmed" value="yes"' in first.text
    assert 'name="words" value="Said."' in first.text
    second = visitor.post("/twice", data={**form, "confirmed": "yes"}, headers=OURS)
    assert second.status_code == 303


def test_the_page_follows_the_language_that_was_chosen(visitor):
    visitor.post("/language", data={"csrf": visitor.csrf, "language": "ru"}, headers=OURS)
    assert '<html lang="ru" dir="ltr">' in visitor.get("/nothing", headers={"accept": "text/html"}).text


@pytest.mark.parametrize("name", ["visit", "flashes", "here", "languages", "icon"])
def test_no_screen_gives_a_name_of_the_frame_a_second_meaning(visitor, name):
    answer = visitor.get("/shadow", params={"name": name}, headers={"accept": "text/html"})
    assert answer.status_code == 500
    assert "TypeError" in answer.text


def test_a_status_is_a_value_of_a_screen_like_others(visitor):
    answer = visitor.get("/shadow", params={"name": "status"}, headers={"accept": "text/html"})
    assert answer.status_code == 200


def test_a_form_with_too_many_fields_is_refused_in_words(visitor):
    files = [(f"f{at}", ("a.txt", b"a")) for at in range(9)]
    answer = visitor.post("/refused", data={"csrf": visitor.csrf}, files=files, headers=OURS)
    assert answer.status_code == 413
    assert "What to do next" in answer.text


def test_a_language_that_nobody_knows_is_called_by_its_tag(visitor):
    with use("ru"):
        assert (own_name("qaa"), name_of_language("qaa-Cyrl")) == ("qaa", "qaa-Cyrl")
        assert (own_name("kk"), name_of_language("kk")) == ("Қазақ тілі", "казахский")
