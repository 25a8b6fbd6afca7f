"""The desk folder: sealed rows, one process, all or nothing."""

import sqlite3

import pytest

from good_offices.desk.storage import Storage, write_durably
from good_offices.errors import LocalError, OperationalError

PASSPHRASE = "correct horse"
CANARY = b"QXZWORD-minimum-flow"


@pytest.fixture
def storage(tmp_path):
    storage = Storage.create(tmp_path / "desk", PASSPHRASE)
    yield storage
    storage.close()


def test_what_is_written_is_read_back_after_opening_again(storage):
    folder = storage.folder
    storage.put("a/1", b"one")
    storage.put("a/2", b"two")
    storage.archive("register", [(0, b"entry")])
    place = storage.post(b"letter")
    storage.close()
    again = Storage.open(folder, PASSPHRASE)
    assert again.get("a/1") == b"one"
    assert again.get("b") is None
    assert again.names("a/") == ["a/1", "a/2"]
    assert list(again.archived("register")) == [(0, b"entry")]
    assert again.outbox() == [(place, b"letter")]
    again.posted(place)
    again.remove("a/1")
    assert again.outbox() == []
    assert again.names("a/") == ["a/2"]
    again.close()


def test_nothing_in_plaintext_reaches_the_disk(storage):
    storage.put("note", CANARY)
    storage.archive("register", [(0, CANARY)])
    storage.post(CANARY)
    found = [path for path in storage.folder.rglob("*") if path.is_file() and CANARY in path.read_bytes()]
    assert found == []


def test_a_transaction_is_whole_or_nothing(storage):
    def half():
        with storage.transaction():
            storage.put("one", b"1")
            storage.archive("register", [(0, b"x")])
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert storage.get("one") is None
    assert list(storage.archived("register")) == []
    with storage.transaction():
        storage.put("one", b"1")
        storage.put("two", b"2")
    assert storage.names("") == ["one", "two"]


def test_an_archived_entry_never_changes(storage):
    storage.archive("register", [(0, b"x")])
    with pytest.raises(OperationalError) as refused:
        storage.archive("register", [(0, b"y")])
    assert refused.value.code == "disk-refused"
    assert list(storage.archived("register")) == [(0, b"x")]


def test_two_processes_do_not_share_a_folder(storage):
    with pytest.raises(LocalError) as refused:
        Storage.open(storage.folder, PASSPHRASE)
    assert refused.value.code == "folder-in-use"


def test_a_row_moved_to_another_place_does_not_open(storage):
    storage.put("a", b"1")
    storage.put("b", b"2")
    folder = storage.folder
    storage.close()
    database = sqlite3.connect(folder / "desk.db")
    with database:
        database.execute(
            "UPDATE item SET sealed = (SELECT sealed FROM item WHERE name = 'a') WHERE name = 'b'"
        )
    database.close()
    again = Storage.open(folder, PASSPHRASE)
    with pytest.raises(LocalError) as refused:
        again.get("b")
    assert refused.value.code == "at-rest-damaged"
    again.close()


def test_clear_words_for_what_is_not_a_desk(tmp_path, storage):
    with pytest.raises(LocalError) as refused:
        Storage.open(tmp_path / "nowhere", PASSPHRASE)
    assert refused.value.code == "no-desk-here"
    with pytest.raises(LocalError) as refused:
        Storage.create(storage.folder, PASSPHRASE)
    assert refused.value.code == "folder-not-empty"


def test_a_wrong_passphrase_leaves_the_folder_free(storage):
    folder = storage.folder
    storage.close()
    with pytest.raises(LocalError) as refused:
        Storage.open(folder, "wrong")
    assert refused.value.code == "passphrase-wrong"
    Storage.open(folder, PASSPHRASE).close()


def test_a_folder_of_a_newer_release_is_left_alone(storage):
    folder = storage.folder
    storage.close()
    database = sqlite3.connect(folder / "desk.db")
    database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(LocalError, match="format 9"):
        Storage.open(folder, PASSPHRASE)


def test_a_damaged_database_is_named(storage):
    folder = storage.folder
    storage.close()
    (folder / "desk.db").write_bytes(b"not a database" * 100)
    with pytest.raises(LocalError) as refused:
        Storage.open(folder, PASSPHRASE)
    assert refused.value.code == "key-file-damaged"


def test_a_file_is_replaced_whole(tmp_path):
    write_durably(tmp_path / "file", b"old")
    write_durably(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    with pytest.raises(OperationalError) as refused:
        write_durably(tmp_path / "missing" / "file", b"x")
    assert refused.value.code == "disk-refused"


def test_a_desk_whose_opening_was_broken_off_says_so(storage):
    from good_offices.desk.desk import Desk

    folder = storage.folder
    storage.close()
    with pytest.raises(LocalError) as refused:
        Desk.open(folder, PASSPHRASE)
    assert refused.value.code == "desk-unfinished"
    Storage.open(folder, PASSPHRASE).close()
