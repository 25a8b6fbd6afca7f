"""The verbs about standing lists: the host composes and attaches them, a delegate is told."""

from __future__ import annotations

import hashlib

import pytest
from tests.support.seats import verb

from good_offices.clerk.listing import willingness
from good_offices.encoding import unpack
from good_offices.transport.pages import Invitation
from good_offices.venue import folder as folders


@pytest.fixture
def folder(tmp_path):
    return folders.init(tmp_path / "venue", "Lake House").path


def test_the_list_of_the_release_is_shown_written_and_checked(tmp_path):
    shown = verb("venue", "lists")
    assert "Willingness to meet (4 options)" in shown.out
    assert "sounded 12 times" in shown.out
    assert "then every 30 days" in shown.out
    file = tmp_path / "lists.toml"
    assert verb("venue", "lists", "--out", file, "--json").json["file"] == str(file)
    assert file.read_text() == willingness()
    assert "already" in verb("venue", "lists", "--out", file).error
    file.write_text(willingness().replace("times = 12", "times = 1").replace('"7 days"', '"90 minutes"'))
    assert "sounded once" in verb("venue", "lists", file).out
    (row,) = verb("venue", "lists", file, "--json").json["lists"]
    assert (row["times"], row["size"], row["open_ms"]) == (1, 4, 90 * 60_000)
    assert verb("venue", "lists", file, "--out", tmp_path / "other").status == 2
    assert not (tmp_path / "other").exists()


def test_durations_are_said_in_the_longest_unit_that_fits(tmp_path):
    file = tmp_path / "lists.toml"
    for words, said in (
        ("2 weeks", "14 days"),
        ("180 hours", "180 hours"),
        ("10081 minutes", "10,081 minutes"),
    ):
        file.write_text(willingness().replace('every = "30 days"', f'every = "{words}"'))
        assert f"then every {said}," in verb("venue", "lists", file).out


def test_an_offer_has_them_attached_and_the_status_shows_the_next(folder, tmp_path):
    done = verb(
        "venue", "offer", "--venue", folder, "--out", tmp_path / "out", "--willingness", "--json"
    ).json
    attached = unpack((tmp_path / "out" / "invitation-1.goodoffices").read_bytes(), Invitation)
    assert done["standing_lists"]["calendar"] == hashlib.sha256(attached.calendar).hexdigest()
    assert "1 standing list, next" in verb("venue", "status", "--venue", folder).out
    plain = verb("venue", "offer", "--venue", folder, "--out", tmp_path / "more", "--willingness")
    assert "duty desk answers them" in plain.out
    assert "Willingness to meet" in plain.out
    without = verb("venue", "offer", "--venue", folder, "--out", tmp_path / "none", "--json").json
    assert "standing_lists" not in without


def test_a_file_that_is_none_offers_nothing(folder, tmp_path):
    (tmp_path / "lists.toml").write_text(willingness().replace("about =", "abuot ="))
    out = tmp_path / "out"
    refused = verb("venue", "offer", "--venue", folder, "--out", out, "--lists", tmp_path / "lists.toml")
    assert (refused.status, "lists cannot be used" in refused.error) == (3, True)
    both = verb("venue", "offer", "--venue", folder, "--out", out, "--lists", "x", "--willingness")
    assert both.status == 2
    assert not out.exists()
    assert "no talks have been offered" in verb("venue", "status", "--venue", folder).out


def test_a_delegate_is_told_that_lists_are_attached(folder, tmp_path):
    verb("venue", "offer", "--venue", folder, "--out", tmp_path / "out", "--willingness")
    (tmp_path / "words").write_text("correct horse battery\n")
    file = tmp_path / "out" / "invitation-1.goodoffices"
    who = ("--delegation", "Upper Basin", "--member", "A", "--capacity", "Head")
    at = ("--desk", tmp_path / "desk", "--passphrase-file", tmp_path / "words")
    opened = verb("desk", "open", "--invitation", file, *who, *at)
    assert "The host has attached 1 standing list, signed." in opened.out
    shown = verb("sounding", "standing", *at)
    assert "not yet held by all" in shown.out
    assert "held by: nobody" in shown.out
    assert "Willingness to meet: 12 times" in shown.out
    assert "no duty desk" in shown.err
    data = verb("sounding", "standing", *at, "--json").json
    assert (data["calendars"][0]["given"], len(data["warnings"])) == (True, 1)
    content = file.read_bytes()
    file.write_bytes(content.replace(b"Willingness", b"willingness"))
    at = ("--desk", tmp_path / "other", "--passphrase-file", tmp_path / "words")
    refused = verb("desk", "open", "--invitation", file, *who, *at)
    assert (refused.status, "are not signed by the host" in refused.error) == (3, True)
    assert not (tmp_path / "other").exists()


def test_without_lists_nothing_is_told(folder, tmp_path):
    verb("venue", "offer", "--venue", folder, "--out", tmp_path / "out")
    (tmp_path / "words").write_text("correct horse battery\n")
    at = ("--desk", tmp_path / "desk", "--passphrase-file", tmp_path / "words")
    who = ("--delegation", "Upper Basin", "--member", "A", "--capacity", "Head")
    opened = verb("desk", "open", "--invitation", tmp_path / "out" / "invitation-1.goodoffices", *who, *at)
    assert "standing list" not in opened.out
    shown = verb("sounding", "standing", *at)
    assert "No standing lists came" in shown.out
    assert shown.err == ""
