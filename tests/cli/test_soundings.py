"""Soundings by verbs alone: two delegations, a duty desk of each in a process of its own, and what each desk is told."""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from tests.support.house import PASSPHRASE, House
from tests.support.seats import seats, verb
from tests.support.waiting import LONGEST

from good_offices.desk.desk import Desk

FOUR = ("3 June | 3 июня", "4 June | 4 июня", "5 June | 5 июня", "6 June | 6 июня")


def at(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")


class OnDuty:
    """A duty desk that runs."""

    def __init__(self, folder, passphrase):
        self.folder = folder
        self.log = folder.parent / f"{folder.name}.log"
        command = [sys.executable, "-c", "from good_offices.cli.main import main; main()"]
        options = ["desk", "duty", folder, "--passphrase-file", passphrase, "--every", "1"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, *map(str, options)], stdout=log, stderr=subprocess.STDOUT
            )

    def end(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(LONGEST) == 0, self.log.read_text()
        return self.log.read_text()


def set_up(house, seat, number):
    """Set a duty desk up by verbs, and return its folder."""
    file, folder = house.path / f"duty{number}.handover", house.path / f"duty{number}"
    seat.do("desk", "invite", file, "--duty")
    Desk.create(folder, PASSPHRASE, file.read_bytes()).close()
    secret = house.path / "passphrase"
    for words in (("sync",), ("sync",)):
        assert verb("desk", *words, "--desk", folder, "--passphrase-file", secret).status == 0
        seat.do("desk", "sync")
    assert verb("desk", "duty", folder, "--passphrase-file", secret, "--every", "0.5").status == 2
    seat.do("desk", "admit")
    return folder


@pytest.fixture
def talks(tmp_path):
    path = tmp_path / "house"
    path.mkdir()
    with House(path) as house:
        both = seats(house)
        folders = [set_up(house, seat, number) for number, seat in enumerate(both)]
        for _ in range(3):
            for seat, folder in zip(both, folders, strict=True):
                seat.do("desk", "sync")
                words = ("desk", "sync", "--desk", folder, "--passphrase-file", house.path / "passphrase")
                assert verb(*words).status == 0
        running = [OnDuty(folder, house.path / "passphrase") for folder in folders]
        try:
            yield both, running
        finally:
            for one in running:
                one.process.kill()
                one.process.wait()


def ended(seat, name):
    seat.do("desk", "sync")
    return seat.do("sounding", "show", name)["standing"]


def test_soundings_from_a_list_to_a_result(talks, tmp_path):
    (upper, lower), duties = talks
    # Some thirty verbs come before marks are fixed: a machine on which a verb takes long is given the time for them.
    begun = time.monotonic()
    upper.do("desk", "sync")
    open_for = 15 + 60 * (time.monotonic() - begun)
    times = ("--closes", at(open_for), "--until", at(open_for + 600), "--pace", "1s")
    subject = ("--subject", "en=Dates", "--subject", "ru=Даты")
    dates = [word for one in FOUR for word in ("--option", one)]
    upper.do("sounding", "open", "--about", "date", *subject, *dates, *times)
    places = [word for one in ("A", "B") for word in ("--option", one)]
    upper.do("sounding", "open", "--about", "place", "--subject", "en=Places", *places, *times)
    figures = ("--scale", "100:200:10", "--unit", "m3/s")
    lower.do("desk", "sync")
    lower.do(
        "sounding", "open", "--kind", "range", "--about", "figure", "--subject", "en=Flow", *figures, *times
    )
    (tmp_path / "packages").write_text("# whole packages\nP1\nP2\n\nP3\nP4\n")
    lower.do(
        *("sounding", "open", "--kind", "packages", "--about", "package", "--subject", "en=Packages"),
        *("--file", tmp_path / "packages", "--chunk", "2", *times),
    )
    upper.do("desk", "sync")

    # Marks: options by numbers, a range by its ends, packages by scores above a reserve.
    upper.do("sounding", "mark", "S1", "--yes", "1-3")
    assert upper.do("sounding", "mark", "S1", "--no", "2")["marks"] == "kept"
    lower.do("sounding", "file", "S1", tmp_path / "S1.txt")
    (tmp_path / "S1.txt").write_text(
        (tmp_path / "S1.txt").read_text().replace("[ ] 3", "[x] 3").replace("[ ] 4", "[x] 4")
    )
    lower.do("sounding", "mark", "S1", "--file", tmp_path / "S1.txt")
    upper.do("sounding", "mark", "S2", "--yes", "1,2")
    upper.do("sounding", "mark", "S3", "--low", "150")
    lower.do("sounding", "mark", "S3", "--high", "150")
    (tmp_path / "scores").write_text("10\n70\n20\n5.5\n")
    upper.do("sounding", "mark", "S4", "--scores", tmp_path / "scores", "--reserve", "60")
    lower.do("sounding", "mark", "S4", "--yes", "2,3")
    shown = upper.do("sounding", "show", "S1")
    assert [one["yes"] for one in shown["sheet"]["options"]] == [True, False, True, False]
    assert upper.refused("sounding", "seal", "S1").status == 2
    told = upper("sounding", "seal", "S1", "--duty", duties[0].folder)
    assert (told.status, told.out) == (3, "")
    assert "exactly those options that both accept" in told.err
    for seat, duty, names in ((upper, duties[0], "1234"), (lower, duties[1], "134")):
        for name in names:
            sealed = seat.do("sounding", "seal", f"S{name}", "--duty", duty.folder, "--yes")
            assert sealed["marks"] == "sealed"
    # Lower Basin never marks S2: its duty desk says no.
    listed = upper("sounding", "list").out
    assert "opened by Lower Basin" in listed
    assert "the duty desk of your delegation" not in listed

    deadline = time.monotonic() + open_for + 300
    while any(ended(seat, f"S{n}") != "found" for seat in (upper, lower) for n in (1, 2, 3, 4)):
        assert time.monotonic() < deadline, [one.log.read_text() for one in duties]
        time.sleep(1)

    for seat in (upper, lower):
        found = seat.do("sounding", "result", "S1")
        assert [one["words"] for one in found["mutual"]] == ["5 June"]
        assert [one["what"] for one in found["mutual"][0]["becomes"]] == ["item", "statement"]
        assert seat.do("sounding", "result", "S3")["words"] == "The ranges overlap."
        assert [one["words"] for one in seat.do("sounding", "result", "S4")["mutual"]] == ["P2"]
    nothing = [seat("sounding", "result", "S2") for seat in (upper, lower)]
    assert nothing[0].out == nothing[1].out == "No match.\n"
    assert nothing[0].err == nothing[1].err == ""

    # The figures: both or none.
    assert upper.do("sounding", "figures", "S3")["standing"] == "none"
    assert (
        "To offer to open the figures is to show the wish"
        in upper("sounding", "figures", "S3", "--open", 150, 200).err
    )
    assert upper.do("sounding", "figures", "S3", "--open", 150, 200, "--yes")["standing"] == "ours"
    lower.do("desk", "sync")
    assert lower.do("sounding", "figures", "S3")["standing"] == "theirs"
    assert lower.do("sounding", "figures", "S3", "--open", 100, 150, "--yes")["standing"] == "both"
    for seat in (upper, lower, upper, lower):
        seat.do("desk", "sync")
    opened = upper.do("sounding", "figures", "S3")
    assert {(one["delegation"], one["low"], one["high"]) for one in opened["ranges"]} == {
        ("Upper Basin", 150, 200),
        ("Lower Basin", 100, 150),
    }
    again = lower("sounding", "figures", "S3", "--open", 100, 150, "--yes")
    assert (again.status, again.out) == (3, "")
    assert "this delegation has offered it before" in again.err

    logs = [one.end() for one in duties]
    # A log says how often a desk answered, and nothing of marks: both desks have answered everything.
    kinds = [{line.partition(": ")[2] for line in log.splitlines() if " UTC: " in line} for log in logs]
    assert all(one.startswith("answered in ") for each in kinds for one in each)
    assert all("Duty has ended." in log for log in logs)
