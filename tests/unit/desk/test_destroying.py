"""A destroyed desk: what is left of it, and what is finished after a sudden end."""

from __future__ import annotations

import pytest
from tests.support.house import PASSPHRASE, House

from good_offices.desk.desk import Desk
from good_offices.desk.destroying import MARK, destroy_folder
from good_offices.desk.storage import Storage
from good_offices.errors import LocalError
from good_offices.talks.events_plenary import StatementMade

CANARY = "The canary sings of water."


@pytest.fixture
def folder(tmp_path):
    """The folder of a desk that has spoken, and files of every kind in it."""
    with House(tmp_path) as house:
        desk = house.desks.pop(0)
        desk.act("plenary", StatementMade(text=CANARY, language="en"))
        desk.close()
        folder = desk.storage.folder
        (folder / "evidence").mkdir(exist_ok=True)
        (folder / "evidence" / "one.fork").write_bytes(CANARY.encode())
        (folder / "link").symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").write_text("not ours")
        yield folder


def bytes_of(folder):
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_nothing_is_left_but_a_mark(folder, tmp_path):
    secrets = [(folder / name).read_bytes() for name in ("keyring", "root.kit", "successor.kit", "desk.db")]
    assert destroy_folder(folder) >= 5
    assert [path.name for path in folder.rglob("*")] == [MARK]
    left = bytes_of(folder)
    assert CANARY.encode() not in left
    for secret in secrets:
        for at in range(0, len(secret) - 32, 512):
            if secret[at : at + 32].strip(b"\0"):
                assert secret[at : at + 32] not in left
    assert (tmp_path / "elsewhere").read_text() == "not ours"
    with pytest.raises(LocalError) as refused:
        Desk.open(folder, PASSPHRASE)
    assert refused.value.code == "no-desk-here"
    # Once more changes nothing.
    assert destroy_folder(folder) == 0


@pytest.mark.parametrize("name", ["keyring", "root.kit", "desk.db"])
def test_what_is_only_a_link_is_refused_and_nothing_is_touched(folder, tmp_path, name):
    (folder / name).rename(tmp_path / name)
    (folder / name).symlink_to(tmp_path / name)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(LocalError) as refused:
        destroy_folder(folder)
    assert refused.value.code == "desk-file-is-link"
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    # With the file itself in its place it is written over and gone.
    (folder / name).unlink()
    (tmp_path / name).rename(folder / name)
    destroy_folder(folder)
    assert [path.name for path in folder.rglob("*")] == [MARK]


def test_a_file_is_written_over_before_its_name_goes(folder, tmp_path):
    keyring = (folder / "keyring").read_bytes()
    (tmp_path / "kept").hardlink_to(folder / "keyring")
    destroy_folder(folder)
    assert (tmp_path / "kept").read_bytes() == bytes(len(keyring))


@pytest.mark.parametrize("point", [1, 2, 5, 6])
def test_what_a_sudden_end_left_is_finished(folder, point):
    class EndedError(Exception):
        pass

    seen = []

    def faults(name):
        seen.append(name)
        if len(seen) == point:
            raise EndedError

    with pytest.raises(EndedError):
        destroy_folder(folder, faults)
    # The keyring is the first to go: from there on nothing here can be opened.
    with pytest.raises(LocalError) as refused:
        Storage.open(folder, PASSPHRASE)
    assert refused.value.code == "no-desk-here"
    destroy_folder(folder)
    assert [path.name for path in folder.rglob("*")] == [MARK]


def test_a_folder_that_is_no_desk_is_left_alone(tmp_path):
    (tmp_path / "letter").write_text("dear")
    with pytest.raises(LocalError) as refused:
        destroy_folder(tmp_path)
    assert refused.value.code == "no-desk-here"
    assert (tmp_path / "letter").read_text() == "dear"
