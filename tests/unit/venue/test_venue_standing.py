"""What a venue does with standing lists: it signs, hands on, remembers numbers and times, and knows nothing else."""

from __future__ import annotations

import pytest
from tests.support.standing import quick

from good_offices.cli.lists import finished
from good_offices.encoding import pack, unpack
from good_offices.errors import OperationalError
from good_offices.register.genesis import Genesis
from good_offices.transport.pages import Invitation
from good_offices.venue import backup as backups
from good_offices.venue import folder as folders
from good_offices.venue import standing
from good_offices.venue.offer import offer
from good_offices.venue.standing import Lists, Sounded
from good_offices.venue.status import status

FAR = 4_000_000_000_000


@pytest.fixture
def folder(tmp_path):
    return folders.init(tmp_path / "venue", "Lake House")


def lists(*sounded):
    return Lists(b"finished bytes", sounded)


def test_all_invitations_of_an_offer_have_the_same_lists_signed_for_its_register(folder, tmp_path):
    calendar = quick()
    offered = offer(folder, parties=3, out=tmp_path / "out", lists=finished(calendar))
    read = [unpack(file.read_bytes(), Invitation) for file in offered.files]
    assert read == offered.invitations
    assert {one.calendar for one in read} == {pack(calendar)}
    (note,) = {one.calendar_note for one in read}
    Genesis.parse(read[0].genesis).keys.open_calendar(note, pack(calendar))


def test_without_lists_nothing_is_different(folder, tmp_path):
    offered = offer(folder, parties=2, out=tmp_path / "out")
    content = offered.files[0].read_bytes()
    assert b"calendar" not in content
    assert unpack(content, Invitation).calendar == b""
    assert not (folder.path / standing.FILE).exists()
    assert status(folder)["talks"][0]["standing_lists"] is None


def test_remembered_are_numbers_and_times_alone(folder, tmp_path):
    first = offer(
        folder, parties=2, out=tmp_path / "a", lists=lists(Sounded(FAR, 1000, 2), Sounded(FAR - 5, 0, 1))
    )
    second = offer(folder, parties=2, out=tmp_path / "b", lists=finished(quick()))
    assert b"illing" not in (folder.path / standing.FILE).read_bytes()
    shown = {one["id"]: one["standing_lists"] for one in status(folder)["talks"]}
    assert shown[first.talks.hex()] == {"lists": 2, "next_ms": FAR - 5}
    assert shown[second.talks.hex()]["lists"] == 1
    assert shown[second.talks.hex()]["next_ms"] is not None


@pytest.mark.parametrize(
    ("now", "expected"), [(0, 100), (100, 100), (101, 110), (110, 110), (111, 120), (120, 120), (121, None)]
)
def test_the_next_time(now, expected):
    assert Sounded(100, 10, 3).next(now) == expected


@pytest.mark.parametrize(("now", "expected"), [(0, 100), (100, 100), (101, None)])
def test_the_next_time_of_a_list_that_comes_once(now, expected):
    assert Sounded(100, 0, 1).next(now) == expected


def test_lists_that_are_over_have_no_next(folder, tmp_path):
    offered = offer(folder, parties=2, out=tmp_path / "a", lists=lists(Sounded(100, 10, 3)))
    (one,) = status(folder)["talks"]
    assert (one["id"], one["standing_lists"]) == (offered.talks.hex(), {"lists": 1, "next_ms": None})


def test_a_backup_has_them(folder, tmp_path):
    offer(folder, parties=2, out=tmp_path / "a", lists=lists(Sounded(FAR, 10, 3)))
    backups.backup(folder, tmp_path / "backup")
    restored = backups.restore(tmp_path / "backup", tmp_path / "again")
    assert status(restored)["talks"][0]["standing_lists"] == {"lists": 1, "next_ms": FAR}


@pytest.mark.parametrize("content", [b"", b"\xa1", b"\xff" * 50])
def test_a_damaged_file_is_told(folder, tmp_path, content):
    (folder.path / standing.FILE).write_bytes(content)
    with pytest.raises(OperationalError) as error:
        offer(folder, parties=2, out=tmp_path / "a", lists=lists(Sounded(FAR, 10, 3)))
    assert error.value.code == "venue-database-damaged"
    assert not (tmp_path / "a").exists()
    assert content == (folder.path / standing.FILE).read_bytes()


def test_a_full_disk_leaves_no_talks(folder, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(standing, "write_private", full)
    with pytest.raises(OperationalError) as error:
        offer(folder, parties=2, out=tmp_path / "a", lists=lists(Sounded(FAR, 10, 3)))
    assert error.value.code == "venue-disk"
    monkeypatch.undo()
    assert status(folder)["talks"] == []
    (folder.path / standing.FILE).mkdir()
    with pytest.raises(OperationalError) as error:
        standing.shown(folder, 0)
    assert error.value.code == "venue-disk"
