"""Communiqués at the host: the console's page, what was taken off, and what is verified once."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient
from tests.support.communiques import communique, signed_file
from tests.support.talksmith import Talksmith

from good_offices.register.communique import verify_file
from good_offices.venue import communiques as kept
from good_offices.venue import folder as folders
from good_offices.venue.console import passphrase
from good_offices.venue.console.guard import Door
from good_offices.venue.console.passphrase import Attempts
from good_offices.venue.console.serving import build

WORDS = "river house operators"
HOST = "go-0123456789abcdef.localhost:4711"
OURS = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
PAGE = {"accept": "text/html", "sec-fetch-site": "none", "sec-fetch-mode": "navigate"}


@pytest.fixture(scope="module")
def file():
    smith = Talksmith()
    return signed_file(smith, communique(smith)).to_bytes()


@pytest.fixture
def folder(tmp_path):
    return folders.init(tmp_path / "venue", "Lake House")


@pytest.fixture
def console(folder, monkeypatch):
    monkeypatch.setattr(passphrase, "COST", 1 << 10)
    passphrase.choose(folder, WORDS)
    app = build(folder, Door((HOST,)), Attempts(folder))
    with TestClient(app, base_url=f"http://{HOST}", follow_redirects=True) as client:
        client.headers["accept-language"] = "en"
        client.get("/login", headers=PAGE)
        client.post("/login", data={"passphrase": WORDS}, headers=OURS)
        yield client


def send(client, path, **data):
    page = client.get("/communiques", headers=PAGE).text
    token = re.search(r'name="csrf" value="([^"]*)"', page)[1]
    return client.post(path, data={"csrf": token, **data}, headers=OURS).text


def test_what_is_shown_and_taken_off_is_listed(folder, console, file) -> None:
    assert "No communiqué is on the public page" in console.get("/communiques", headers=PAGE).text
    verified = verify_file(file)
    kept.keep(folder, verified, file)
    page = console.get("/communiques", headers=PAGE).text
    assert "Joint communiqué" in page
    assert verified.number[:16] in page
    assert "Party A" in page
    path = f"/communiques/{verified.number}/off"
    assert "can hand it in again" in send(console, path)
    assert kept.load(folder)
    page = send(console, path, confirmed="yes")
    assert "It is shown no more." in page
    assert "Taken off the page" in page
    assert verified.number[:16] in page
    assert kept.load(folder) == []
    assert [one.number for one in kept.taken_off(folder)] == [verified.number]
    assert "no such page" in send(console, path).lower() or "not found" in send(console, path).lower()
    kept.keep(folder, verified, file)
    assert kept.taken_off(folder) == []


def test_a_file_that_does_not_hold_is_told(folder, console, file) -> None:
    number = verify_file(file).number
    (folder.path / kept.file_name(number)).write_bytes(file[:-1])
    page = console.get("/communiques", headers=PAGE).text
    assert kept.file_name(number) in page
    assert "do not hold" in page


def test_a_file_is_verified_once_and_again_when_a_byte_is_another(folder, file, monkeypatch) -> None:
    asked = []

    def counted(data: bytes):
        asked.append(data)
        return verify_file(data)

    monkeypatch.setattr(kept, "verify_file", counted)
    monkeypatch.setattr(kept, "_verified", type(kept._verified)())
    kept.keep(folder, verify_file(file), file)
    for _again in range(3):
        assert len(kept.load(folder)) == 1
    assert len(asked) == 1
    path = folder.path / kept.file_name(kept.load(folder)[0].number)
    path.write_bytes(file[:-1])
    assert kept.load(folder) == []
    assert len(asked) == 2
