"""`goodoffices communique`: from the proposal to the file that a stranger verifies."""

from __future__ import annotations

import urllib.request

import pytest
from tests.support import releasing
from tests.support.house import House
from tests.support.seats import seats, verb

from good_offices.venue import folder as folders

LATER = "2999-01-01T12:00+01:00"


@pytest.fixture
def table(tmp_path):
    """Two delegations with modalities in force and a text that can be released."""
    with House(tmp_path, played=releasing.text_ready) as house:
        upper, lower = seats(house)
        yield house, upper, lower


def read(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def code(answer):
    return answer.error.splitlines()[0]


def proposed_and_accepted(upper, lower, *words):
    done = upper.do("communique", "propose", *words)
    assert done["complete"] is False
    lower.do("desk", "sync")
    (waits,) = lower.do("act", "pending")["joint"]
    assert "to release together" in waits["what"]
    accepted = lower.do("act", "accept", waits["index"])
    assert accepted["complete"] is True
    upper.do("desk", "sync")
    return done


def test_from_the_proposal_to_the_page_and_a_file_that_a_stranger_verifies(table, tmp_path):
    house, upper, lower = table
    assert upper("communique", "show").out == "There is none.\n"
    proposed_and_accepted(upper, lower, "--title", "en", "Joint communiqué", "--embargo-words", "at noon")
    shown = lower("communique", "show").out
    assert "Joint communiqué (accepted by all)" in shown
    assert "[ru]" in shown
    (line,) = [one for one in shown.splitlines() if "not signed yet by" in one]
    assert {"Upper Basin", "Lower Basin"} == set(line.removeprefix("  not signed yet by ").split(", "))
    assert code(upper.refused("communique", "release")).startswith(
        "error: the communiqué lacks the signatures"
    )
    upper.do("communique", "sign")
    words = lower("communique", "sign")
    assert "The term is ten years." in words.out  # nobody signs unread
    upper.do("desk", "sync")
    assert code(upper.refused("communique", "withdraw")).startswith("error: your delegation has signed")
    file = tmp_path / "communique.goodoffices"
    assert upper.do("communique", "save", file)["bytes"] == file.stat().st_size
    assert code(upper.refused("communique", "save", file)).startswith("error:")
    assert "communique-" not in read(house.venue.url).decode()
    released = upper.do("communique", "release")
    assert released["status"] == "valid"
    page = read(house.venue.url).decode()
    assert f"/communique/{released['number']}" in page
    lower.do("desk", "sync")
    assert lower.do(
        "communique", "release", str(lower.do("communique", "show")["communiques"][0]["index"])
    ) == {"number": released["number"]}
    assert code(lower("communique", "release", "0")).startswith("error: there is no such communiqué")

    data = read(f"{house.venue.url}/communique/{released['number']}")
    assert data == file.read_bytes()
    roots = [
        one.talks.roster.delegations[one.identity.place.delegation].root.fingerprint for one in house.desks
    ]
    plain = verb("verify", file)
    assert plain.status == 0
    assert plain.out.startswith("CONSISTENT IN ITSELF")
    assert "Срок составляет десять лет." in plain.out
    known = verb("verify", file, "--root", roots[0], "--root", roots[1])
    assert (known.status, known.out.splitlines()[0]) == (0, "VALID, by roots that you have compared")
    half = verb("verify", file, "--root", roots[0], "--json")
    assert (half.status, half.json["trust"]) == (0, "unestablished")
    other = verb("verify", file, "--root", "0" * 64)
    assert other.status == 1
    file.write_bytes(data.replace(b"ten years", b"two years"))
    altered = verb("verify", file)
    assert altered.status == 1
    assert "NOT VALID: the signature for" in altered.out


def test_before_the_embargo_a_desk_refuses_in_words(table):
    _house, upper, lower = table
    proposed_and_accepted(upper, lower, "--embargo", LATER, "--embargo-words", "New Year, noon in Geneva")
    upper.do("communique", "sign")
    lower.do("communique", "sign")
    refused = lower.refused("communique", "release")
    assert code(refused) == "error: the communiqué is under embargo until New Year, noon in Geneva"
    assert "not before 2999-01-01 11:00:00 UTC (New Year, noon in Geneva)" in lower("communique", "show").out


def test_who_has_not_signed_withdraws(table):
    _house, upper, lower = table
    proposed_and_accepted(upper, lower)
    upper.do("communique", "sign")
    lower.do("communique", "withdraw")
    upper.do("desk", "sync")
    assert "withdrawn by Lower Basin" in upper("communique", "show").out
    assert code(upper.refused("communique", "release")).startswith("error: there is no such communiqué")
    again = upper.do("communique", "propose", "--embargo-words", "tomorrow")
    assert again["status"] == "valid"


def test_two_communiques_are_told_apart(table):
    _house, upper, lower = table
    first = proposed_and_accepted(upper, lower)
    second = proposed_and_accepted(upper, lower, "--embargo-words", "tomorrow")
    refused = upper.refused("communique", "sign")
    assert f"name one by its entry: {first['index']}, {second['index']}" in refused.error
    assert upper.do("communique", "sign", str(second["index"]))["status"] == "valid"


def test_the_host_lists_what_it_shows_and_takes_it_off(tmp_path):
    with House(tmp_path, played=releasing.signed) as house:
        upper, _lower = seats(house)
        folder = house.venue.folder.path
        assert verb("venue", "communiques", "--venue", folder).out == "There is none.\n"
        number = upper.do("communique", "release")["number"]
        (shown,) = verb("venue", "communiques", "--venue", folder, "--json").json["communiques"]
        assert (shown["number"], set(shown["names"])) == (number, {"Upper Basin", "Lower Basin"})
        wrong = verb(
            "venue",
            "communiques",
            "--venue",
            folder,
            "--take-off",
            "ffff" if number[:4] != "ffff" else "0000",
        )
        assert (wrong.status, number[:8] in wrong.error) == (3, True)
        taken = verb("venue", "communiques", "--venue", folder, "--take-off", number[:8])
        assert taken.status == 0
        assert b"<article" not in read(house.venue.url)
        # The file proves the same, and the parties can hand it over once more.
        assert upper.do(
            "communique", "release", str(upper.do("communique", "show")["communiques"][0]["index"])
        )
        assert b"<article" in read(house.venue.url)


def test_a_backup_has_them_and_a_restored_venue_shows_them(tmp_path):
    with House(tmp_path, played=releasing.signed) as house:
        upper, _lower = seats(house)
        number = upper.do("communique", "release")["number"]
        assert (
            verb("venue", "backup", tmp_path / "backup.tar", "--venue", house.venue.folder.path).status == 0
        )
    back = tmp_path / "restored"
    assert verb("venue", "restore", tmp_path / "backup.tar", "--venue", back).status == 0
    (shown,) = verb("venue", "communiques", "--venue", back, "--json").json["communiques"]
    assert shown["number"] == number


def test_by_courier_the_act_goes_in_a_letter_and_the_file_by_hand(tmp_path):
    with House(tmp_path, played=releasing.signed) as house:
        upper, lower = seats(house)
        upper.desk.talk_by(courier=True)
        assert upper.do("communique", "release")["number"] == ""
        assert code(upper.refused("communique", "release")).startswith("error: the release is in a letter")
        file = tmp_path / "carried.goodoffices"
        upper.do("communique", "save", file)
        upper.desk.talk_by(courier=False)
        upper.do("desk", "sync")
        lower.do("desk", "sync")
        assert lower.do("communique", "show")["communiques"][0]["stage"] == "released"
        folder = house.venue.folder.path
        wrong = tmp_path / "wrong.goodoffices"
        wrong.write_bytes(file.read_bytes()[:-1])
        assert verb("venue", "communiques", "--venue", folder, "--take", wrong).status == 4
        taken = verb("venue", "communiques", "--venue", folder, "--take", file, "--json").json["taken"]
        assert f"/communique/{taken}" in read(house.venue.url).decode()
        offered = folders.init(tmp_path / "elsewhere", "Elsewhere")
        refused = verb("venue", "communiques", "--venue", offered.path, "--take", file)
        assert "not one of these talks" in refused.error
