"""Conditions at the host: the console's pages and the verbs."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress

import pytest
from starlette.testclient import TestClient
from tests.support.conditions import agreed, signed_by_all
from tests.support.house import House

from good_offices.cli.main import run
from good_offices.desk import conditions
from good_offices.errors import LocalError
from good_offices.venue.clear import conditions as kept
from good_offices.venue.console import conditions as conditions_page
from good_offices.venue.console import passphrase
from good_offices.venue.console.guard import Door
from good_offices.venue.console.passphrase import Attempts
from good_offices.venue.console.serving import build

WORDS = "river house operators"
HOST = "go-0123456789abcdef.localhost:4711"
OURS = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
PAGE = {"accept": "text/html", "sec-fetch-site": "none", "sec-fetch-mode": "navigate"}


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        agreed(house)
        signed_by_all(house)
        conditions.hand_over(house.desks[0], 1)
        yield house


@pytest.fixture
def console(house, monkeypatch):
    monkeypatch.setattr(passphrase, "COST", 1 << 10)
    folder = house.venue.folder
    passphrase.choose(folder, WORDS)
    app = build(folder, Door((HOST,)), Attempts(folder))
    with TestClient(app, base_url=f"http://{HOST}", follow_redirects=True) as client:
        client.headers["accept-language"] = "en"
        client.get("/login", headers=PAGE)
        client.post("/login", data={"passphrase": WORDS}, headers=OURS)
        yield client


def send(client, path, **data):
    page = client.get("/conditions", headers=PAGE).text
    token = re.search(r'name="csrf" value="([^"]*)"', page)[1]
    return client.post(path, data={"csrf": token, **data}, headers=OURS)


def test_a_request_is_noted_and_answered(house, console):
    talks = house.desks[0].identity.place.talks.hex()
    assert talks[:16] in console.get("/conditions", headers=PAGE).text
    path = f"/conditions/{talks[:16]}/1"
    assert "Two rooms of equal size" in console.get(path, headers=PAGE).text
    kept_page = send(console, f"{path}/notes", **{"owner-rooms": "The steward", "done-rooms": "yes"})
    assert "The steward" in kept_page.text
    assert kept.named(house.venue.folder, talks, 1).answer is None

    form = {
        "base": "0",
        "says-rooms": "confirmed",
        "says-days": "changed",
        "words-days": "A week later",
        "language-days": "en",
        "begins-days": "2027-05-11T10:00",
    }
    asked = send(console, f"{path}/answer", **form)
    assert "Sign this answer?" in asked.text
    assert kept.named(house.venue.folder, talks, 1).answer is None
    send(console, f"{path}/answer", **form, confirmed="yes")
    answer = kept.named(house.venue.folder, talks, 1).answer
    assert [(one.key, one.says) for one in answer.items] == [("rooms", "confirmed"), ("days", "changed")]
    # From the same page again, and by somebody who had not seen it.
    assert send(console, f"{path}/answer", **form, confirmed="yes").status_code == 409
    moved = form | {"says-rooms": "declined", "words-rooms": "No room", "language-rooms": "en"}
    assert (
        "somebody else has answered" in send(console, f"{path}/answer", **moved, confirmed="yes").text.lower()
    )
    assert send(console, f"{path}/answer", **(form | {"begins-days": "soon"})).status_code == 409
    for desk in house.desks:
        desk.sync()
        assert conditions.held(desk, 1).answer == answer


@pytest.mark.parametrize(
    "path", ["/conditions/0000000000000000/1", "/conditions/00/1", "/conditions/{}/x", "/conditions/{}/7"]
)
def test_an_address_that_is_none(house, console, path):
    talks = house.desks[0].identity.place.talks.hex()[:16]
    assert console.get(path.format(talks), headers=PAGE).status_code == 404


def test_by_verbs(house, tmp_path, capsys):
    talks = house.desks[0].identity.place.talks.hex()[:8]
    venue = ("--venue", str(house.path / "venue"), "--json")

    def do(*words):
        assert run(["venue", "conditions", *words, *venue]) == 0
        return json.loads(capsys.readouterr().out)

    assert do("show")["requests"][0]["items"][0]["says"] is None
    assert do("answer", talks, "1", "rooms", "declined", "No room is free")["answer"] == 1
    assert do("answer", talks, "1", "rooms", "confirmed")["answer"] == 2
    do("note", talks, "1", "rooms", "--owner", "The steward", "--done")
    (row,) = do("show")["requests"]
    assert (row["items"][0]["says"], row["items"][0]["owner"], row["items"][0]["done"]) == (
        "confirmed",
        "The steward",
        True,
    )
    out = tmp_path / "answers.goodoffices"
    do("export", talks, "--out", str(out))
    assert conditions.take_file(house.desks[1], out.read_bytes()) == 1
    file = tmp_path / "request.goodoffices"
    file.write_bytes(conditions.handed_over(house.desks[0], 1))
    assert do("take", str(file))["number"] == 1
    assert run(["venue", "conditions", "show", "--venue", str(house.path / "venue")]) == 0
    assert "[x] rooms: Two rooms of equal size" in capsys.readouterr().out


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Almaty", "UTC"])
def test_a_day_that_no_calendar_has_here_is_refused_in_words(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for word in ("0001-01-01T00:00", "9999-12-31T23:59", "soon"):
            with suppress(LocalError):  # where the calendar has it, it is a time
                assert conditions_page._moment(word) > 253_402_000_000_000
        with pytest.raises(LocalError) as refused:
            conditions_page._moment("0001-01-01T00:00")
        assert refused.value.code == "time-unreadable"
    finally:
        monkeypatch.undo()
        time.tzset()
