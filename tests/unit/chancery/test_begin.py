"""The first minutes without a browser: what each file is said to be, what is asked, what is refused and how."""

from __future__ import annotations

import html

import pytest
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import FALLBACK, Pages

from good_offices.chancery import holding, serving
from good_offices.chancery.screen import render
from good_offices.chancery.screens import begin
from good_offices.chancery.seat import Seat
from good_offices.desk import people
from good_offices.desk.identity import MAX_FILE
from good_offices.encoding import pack

NAMES = {"delegation": "Upper Basin", "member": "Alma Marlow", "capacity": "Head of delegation"}
TWICE = {"passphrase": PASSPHRASE, "again": PASSPHRASE}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("house"), ready=False) as house:
        yield house


@pytest.fixture(scope="module")
def invitation(house):
    from good_offices.venue.offer import offer

    offered = offer(house.venue.folder, parties=3, out=house.path / "more", url=house.venue.url)
    return offered.files[0].read_bytes()


@pytest.fixture
def pages(tmp_path):
    with Pages(tmp_path / "desk") as pages:
        yield pages


def test_the_first_page_asks_for_the_file_and_says_where_the_desk_will_be(pages):
    words = pages.get("/")
    assert pages.path == "/begin"
    assert "The file that you were given" in words
    assert str(pages.seat.folder) in words
    assert "Nothing is made or sent by this step" in words


def test_an_invitation_is_told_in_words_before_anything_is_made(pages, invitation, house):
    words = pages.post("/begin", {"file": invitation})
    assert pages.path == "/begin/names"
    assert "An invitation to talks" in words
    assert house.venue.url in words
    assert "3 delegations" in words
    told = begin.brought(invitation)
    assert told.fingerprint in words.replace(" ", "")
    assert not pages.seat.folder.exists()


def test_the_desk_is_made_and_both_kits_stand_in_the_folder(pages, invitation):
    pages.post("/begin", {"file": invitation})
    words = pages.post("/begin/names", **NAMES, **TWICE)
    assert pages.path == "/people/kits"
    assert "The root key on paper" in words
    assert {"root.kit", "successor.kit"} <= {one.name for one in pages.seat.folder.iterdir()}
    assert pages.seat.is_open
    assert holding.HOLDING.get(pages.session, "founding-file") is None
    pages.get("/begin")
    assert pages.path != "/begin"


def test_a_hand_over_file_says_for_whom_it_is_and_asks_for_no_names(house, pages):
    handover = pack(people.invite(house.desks[0], "Bela Kovács", "Legal adviser", "experts", ["speak"]))
    words = pages.post("/begin", {"file": handover})
    assert "Bela Kovács, Legal adviser" in words
    assert "Upper Basin" in words
    assert "speak" in words
    assert 'name="delegation"' not in pages.page
    words = pages.post("/begin/names", **TWICE)
    assert pages.path == "/begin/joined"
    assert "Now your head of delegation admits you" in words
    assert not list(pages.seat.folder.glob("*.kit"))
    words = pages.get("/people")
    assert "not admitted yet" in words


def test_a_guests_file_says_that_it_is_a_guests_and_who_brings_it(house, pages):
    made = people.invite(house.desks[0], "Anna K.", "Guest", "experts", [], guest=True)
    words = pages.post("/begin", {"file": pack(made)})
    assert "Brought by Upper Basin" in words
    assert "Guest: reads nothing until all delegations have invited" in words
    assert "Level" not in words
    assert "all delegations invite you" in pages.post("/begin/names", **TWICE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data[:-40], "not whole"),
        (lambda data: data.replace(b"invitation/1", b"invitation/7"), "newer release"),
        (lambda _: b"%PDF-1.7 a file of another kind", "neither a host's invitation nor a hand-over file"),
        (lambda _: b"", "no file was chosen"),
        (lambda data: data + bytes(MAX_FILE), "the limit is"),
    ],
)
def test_a_wrong_or_damaged_file_is_refused_in_plain_words(pages, invitation, change, said):
    words = pages.post("/begin", {"file": change(invitation)})
    assert pages.status == 409
    assert said.lower() in words.lower()
    assert "The file that you were given" in words
    assert not pages.seat.folder.exists()


def test_a_changed_genesis_is_refused(pages, invitation):
    at = invitation.index(b"good-offices/genesis/1") + 60
    words = pages.post(
        "/begin", {"file": invitation[:at] + bytes([invitation[at] ^ 1]) + invitation[at + 1 :]}
    )
    assert "not whole" in words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({**NAMES, "passphrase": "short", "again": "short"}, "fewer than 12 characters"),
        ({**NAMES, "passphrase": PASSPHRASE, "again": PASSPHRASE + " "}, "two passphrases are not the same"),
        ({**NAMES, **TWICE, "member": ""}, "needs the names"),
        ({**NAMES, **TWICE, "member": "Alma\u202eMarlow"}, "not allowed at position"),
    ],
)
def test_what_was_typed_stands_there_after_a_refusal_but_the_passphrase(pages, invitation, typed, said):
    pages.post("/begin", {"file": invitation})
    words = pages.post("/begin/names", **typed)
    assert pages.status == 409
    assert said in words
    assert 'value="Upper Basin"' in pages.page
    assert PASSPHRASE not in pages.page
    assert not pages.seat.founded
    words = pages.post("/begin/names", **NAMES, **TWICE)
    assert pages.path == "/people/kits"


def test_a_folder_with_other_things_in_it_is_refused_and_not_touched(tmp_path, invitation):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "letter.txt").write_text("keep me")
    with Pages(folder) as pages:
        words = pages.get("/begin")
        assert "is not empty" in words
        assert 'type="file"' not in pages.page
        pages.post("/begin", {"file": invitation})
        words = pages.post("/begin/names", **NAMES, **TWICE)
        assert "is not empty" in words
    assert [one.name for one in folder.iterdir()] == ["letter.txt"]


def test_the_file_is_held_for_its_session_and_for_a_while_only(pages, invitation, monkeypatch):
    pages.post("/begin", {"file": invitation})
    monkeypatch.setattr(holding.time, "monotonic", lambda: 1e12)
    words = pages.post("/begin/names", **NAMES, **TWICE)
    assert "no longer kept" in words
    assert not pages.seat.founded


def test_the_file_can_be_forgotten(pages, invitation):
    pages.post("/begin", {"file": invitation})
    assert "Nothing was made" in pages.post("/begin/forget")
    assert "no longer kept" in pages.get("/begin/names")


def test_the_secret_of_the_file_is_in_no_page(pages, invitation):
    pages.post("/begin", {"file": invitation})
    secret = begin.brought(invitation)
    assert secret.is_first
    from good_offices.desk.identity import read_invitation

    assert read_invitation(invitation).enrolment.hex() not in pages.page


def test_a_passphrase_that_was_forgotten_is_a_page_in_plain_words(pages, invitation):
    pages.post("/begin", {"file": invitation})
    pages.post("/begin/names", **NAMES, **TWICE)
    pages.post("/lock")
    words = pages.post("/unlock", passphrase="something else entirely")
    assert "does not open" in words
    assert "What is safe" in words
    words = pages.get("/unlock")
    assert "I have forgotten the passphrase" in words
    assert "invite you again" in words


def test_two_programs_on_one_folder_are_told_apart(pages, invitation):
    pages.post("/begin", {"file": invitation})
    pages.post("/begin/names", **NAMES, **TWICE)
    with Pages(pages.seat.folder) as second:
        words = second.post("/unlock", passphrase=PASSPHRASE)
        assert "another process is using" in words.lower()
        assert "What to do next" in words


def test_a_browser_that_knows_no_names_below_localhost_comes_in_by_the_number(tmp_path, invitation):
    with Pages(tmp_path / "desk", host=FALLBACK) as pages:
        pages.post("/begin", {"file": invitation})
        pages.post("/begin/names", **NAMES, **TWICE)
        assert pages.path == "/people/kits"


@pytest.mark.parametrize("language", ["ru", "uk", "kk"])
def test_the_first_minutes_are_in_the_language_of_the_browser(tmp_path, language, invitation):
    with Pages(tmp_path / "desk", language=language) as pages:
        pages.get("/begin")
        assert f'<html lang="{language}"' in pages.page


def test_the_pages_before_the_passphrase_say_which_desk_they_open(tmp_path):
    folder = tmp_path / "desk of <Upper>"
    assert folder.name in html.unescape(render("outside.html", seat=Seat(folder)))
    launch = tmp_path / "launch.html"
    serving._write_launch(launch, folder.name, ("a.localhost:1", "127.0.0.1:1"), "token")
    assert "desk of &lt;Upper&gt;" in launch.read_text()
