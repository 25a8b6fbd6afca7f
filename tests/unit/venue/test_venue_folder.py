"""The folder: made whole, refused rather than overwritten, one server at a time; settings with bounds; offers."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import msgspec
import pytest

from good_offices.encoding import pack, unpack
from good_offices.errors import GoodOfficesError
from good_offices.register.genesis import Genesis, talks_id
from good_offices.register.leaf import Kind, Leaf
from good_offices.transport.pages import Invitation
from good_offices.venue import backup as backups
from good_offices.venue import settings, store
from good_offices.venue.folder import KEY, Folder, init, locked, open_folder
from good_offices.venue.offer import offer
from good_offices.venue.status import status


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return init(tmp_path / "venue", "Lake House")


def refused(code: str, call: object) -> GoodOfficesError:
    with pytest.raises(GoodOfficesError) as caught:
        call()
    assert caught.value.code == code
    assert str(caught.value)
    assert caught.value.remedy
    return caught.value


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder(folder: Folder) -> None:
    assert mode(folder.path) == 0o700
    assert {one.name: mode(one) for one in folder.path.iterdir()} == {
        "venue.toml": 0o600,
        "host.key": 0o600,
        "venue.db": 0o600,
    }
    assert (folder.settings.name, folder.settings.origin) == ("Lake House", "lake-house")
    assert folder.signer().keys == open_folder(folder.path).signer().keys
    assert not [one for one in folder.path.parent.iterdir() if one.name.startswith(".")]


def test_two_venues_have_two_keys(folder: Folder, tmp_path: Path) -> None:
    assert init(tmp_path / "other", "Lake House").signer().keys != folder.signer().keys


def test_nothing_is_overwritten(folder: Folder, tmp_path: Path) -> None:
    before = (folder.path / KEY).read_bytes()
    refused("venue-folder-exists", lambda: init(folder.path, "x"))
    (tmp_path / "file").write_text("x")
    refused("venue-folder-exists", lambda: init(tmp_path / "file", "x"))
    assert (folder.path / KEY).read_bytes() == before
    (tmp_path / "empty").mkdir()
    init(tmp_path / "empty", "x")


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("venue.example", "venue.example"),
        ("127.0.0.1:8443", "127.0.0.1:8443"),
        ("[::1]:8443", "[::1]:8443"),
        ("The Lake House, Room 2", "the-lake-house-room-2"),
        ('a "quoted" \\ name', "a-quoted-name"),
        ("Дом у озера", None),
    ],
)
def test_names(tmp_path: Path, name: str, origin: str | None) -> None:
    made = init(tmp_path / "venue", name)
    assert made.settings.name == name
    assert made.settings.origin == (origin or made.settings.origin)
    Genesis.of(made.signer().named(made.origin("ab" * 16)).keys, "ab" * 16, ["01" * 16, "02" * 16])


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "a\x00b", "a\u200bb", "\ud800"])
def test_names_that_are_refused(tmp_path: Path, name: str) -> None:
    refused("venue-name-invalid", lambda: init(tmp_path / "venue", name))
    assert not (tmp_path / "venue").exists()


def test_another_database_is_refused(tmp_path: Path) -> None:
    error = refused(
        "venue-database-unsupported",
        lambda: init(tmp_path / "v", "x", database="postgresql://user:secret@host/db"),
    )
    assert "secret" not in str(error) + error.remedy
    init(tmp_path / "v", "x", database="sqlite:venue.db")


def test_what_is_no_venue_folder(tmp_path: Path) -> None:
    error = refused("venue-folder-missing", lambda: open_folder(tmp_path))
    assert "venue init" in error.remedy


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("format = 1", "format = 2\nunheard = 1", "venue-folder-newer"),
        ("format = 1", "format = 0", "venue-settings-invalid"),
        ("format = 1", "format = 'x'", "venue-settings-invalid"),
        ("[limits]", "[limits]\nbodybytes = 5", "venue-settings-invalid"),
        ("[limits]", "[limits]\nbody_bytes = 5", "venue-settings-invalid"),
        ("[limits]", "[limits]\nbody_bytes = 8388609", "venue-settings-invalid"),
        ("[limits]", "[limits]\ndesks = true", "venue-settings-invalid"),
        ("[limits]", "[limits", "venue-settings-invalid"),
    ],
)
def test_settings_that_are_refused(folder: Folder, old: str, new: str, code: str) -> None:
    file = folder.path / settings.FILE
    file.write_text(file.read_text().replace(old, new))
    refused(code, lambda: open_folder(folder.path))


def test_a_newer_database_is_refused(folder: Folder) -> None:
    connection = store.connect(folder.database, writes=True)
    connection.execute(f"PRAGMA user_version = {store.VERSION + 1}")
    connection.close()
    refused("venue-folder-newer", lambda: store.connect(folder.database))


def test_a_database_of_another_program_is_refused(folder: Folder) -> None:
    import sqlite3

    folder.database.unlink()
    refused("venue-database-damaged", lambda: store.connect(folder.database))
    folder.database.write_bytes(b"not a database at all, whatever its name says" * 100)
    refused("venue-database-damaged", lambda: store.connect(folder.database))
    folder.database.unlink()
    other = sqlite3.connect(folder.database)
    other.execute("CREATE TABLE t (x)")
    other.close()
    refused("venue-database-damaged", lambda: store.connect(folder.database))


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\xa0"])
def test_a_damaged_key_file(folder: Folder, damage: bytes) -> None:
    (folder.path / KEY).write_bytes(damage)
    refused("venue-database-damaged", folder.signer)
    (folder.path / KEY).unlink()
    refused("venue-disk", folder.signer)


def test_one_server_a_folder(folder: Folder) -> None:
    script = (
        "import sys,time\nfrom pathlib import Path\nfrom good_offices.venue.folder import *\n"
        "with locked(open_folder(Path(sys.argv[1]))):\n print('held', flush=True)\n time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(folder.path)], stdout=subprocess.PIPE)
    try:
        assert process.stdout.readline() == b"held\n"

        def enter() -> None:
            with locked(folder):
                pass

        error = refused("venue-running", enter)
        assert str(process.pid) in str(error)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    # The lock died with its holder, however it died.
    with locked(folder):
        assert (folder.path / "serving.lock").read_text() == f"{os.getpid()}\n"


def test_an_offer(folder: Folder, tmp_path: Path) -> None:
    offered = offer(folder, parties=3, out=tmp_path / "out")
    assert [file.name for file in offered.files] == [f"invitation-{n}.goodoffices" for n in (1, 2, 3)]
    assert {mode(file) for file in offered.files} == {0o600}
    read = [unpack(file.read_bytes(), Invitation) for file in offered.files]
    assert read == offered.invitations
    genesis = Genesis.parse(read[0].genesis)
    assert {one.talks for one in read} == {talks_id(read[0].genesis)} == {offered.talks}
    assert {one.genesis for one in read} == {read[0].genesis}
    assert list(genesis.delegations) == sorted(one.delegation for one in read)
    assert len({one.enrolment for one in read}) == len({one.caucus for one in read}) == 3
    for one in read:
        caucus = Genesis.parse(one.caucus_genesis)
        caucus.check_caucus(one.genesis)
        assert (caucus.register, caucus.caucus.delegation) == (one.caucus, one.delegation)
        assert one.url == "https://lake-house"
    shown = status(folder)
    assert [one["id"] for one in shown["talks"]] == [offered.talks.hex()]
    registers = shown["talks"][0]["registers"]
    assert {one["id"] for one in registers} == {read[0].common, *(one.caucus for one in read)}
    assert {(one["entries"], one["checkpoint"]["size"], one["held"]) for one in registers} == {(1, 1, False)}
    reader = store.Reader(store.connect(folder.database))
    for name, body in ((read[0].common, read[0].genesis), (read[1].caucus, read[1].caucus_genesis)):
        state, rows = reader.page(reader.register(name).number, 0, 10, 1 << 20)
        assert rows[0][1] == body
        leaf = Leaf.from_bytes(rows[0][0])
        leaf.check_body(body)
        assert leaf.kind == Kind.GENESIS
        checkpoint = Genesis.parse(body).keys.open(state.note)
        assert (checkpoint.size, checkpoint.root) == (1, leaf.hash)
    reader.connection.close()


@pytest.mark.parametrize("parties", [-1, 0, 1, 17])
def test_offers_to_too_few_or_too_many(folder: Folder, tmp_path: Path, parties: int) -> None:
    refused("venue-parties-invalid", lambda: offer(folder, parties=parties, out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert status(folder)["talks"] == []


def test_an_offer_overwrites_nothing(folder: Folder, tmp_path: Path) -> None:
    offer(folder, parties=2, out=tmp_path / "out")
    refused("venue-file-exists", lambda: offer(folder, parties=2, out=tmp_path / "out"))
    assert len(status(folder)["talks"]) == 1


def test_an_offer_that_fails_leaves_no_invitation(folder: Folder, tmp_path: Path) -> None:
    connection = store.connect(folder.database, writes=True)
    connection.execute("DROP TABLE delegation")
    connection.close()
    refused("venue-disk", lambda: offer(folder, parties=2, out=tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert [one.name for one in tmp_path.iterdir()] == ["venue"]


def test_the_address_in_invitations(folder: Folder, tmp_path: Path) -> None:
    (folder.path / "serving.address").write_text("http://127.0.0.1:5\n")
    assert offer(folder, parties=2, out=tmp_path / "a").invitations[0].url == "http://127.0.0.1:5"
    file = folder.path / settings.FILE
    file.write_text(file.read_text().replace('url = ""', 'url = "https://x.example"'))
    again = open_folder(folder.path)
    assert offer(again, parties=2, out=tmp_path / "b").invitations[0].url == "https://x.example"
    assert offer(again, parties=2, out=tmp_path / "c", url="http://y").invitations[0].url == "http://y"


def test_a_backup_of_holes_fills_no_disk(folder: Folder, tmp_path: Path) -> None:
    """A sparse entry of 512 bytes says that it is a database of two megabytes of zeros, and the manifest agrees."""
    size = 2 << 20
    good = tmp_path / "good"
    backups.backup(folder, good)
    with tarfile.open(good) as tar:
        manifest = unpack(tar.extractfile("manifest").read(), backups.Manifest)
        rest = {one.name: tar.extractfile(one).read() for one in tar.getmembers()[1:]}
    zeros = hashlib.sha256(bytes(size)).digest()
    parts = [
        msgspec.structs.replace(one, length=size, digest=zeros) if one.name == "venue.db" else one
        for one in manifest.parts
    ]
    assert parts != list(manifest.parts)
    bad = tmp_path / "bad"
    with bad.open("wb") as out:
        said = pack(msgspec.structs.replace(manifest, parts=parts))
        for name, data in ({"manifest": said} | rest | {"venue.db": b""}).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            header = bytearray(entry.tobuf(tarfile.GNU_FORMAT))
            if name == "venue.db":
                header[156:157], header[483:495] = tarfile.GNUTYPE_SPARSE, b"%011o\0" % size
                header[148:156] = b" " * 8
                header[148:156] = b"%06o\0 " % sum(header)
            out.write(header + data + bytes(-len(data) % 512))
        out.write(bytes(1024))
    with tarfile.open(bad) as tar:
        assert tar.getmember("venue.db").size == size
    refused("venue-backup-damaged", lambda: backups.restore(bad, tmp_path / "restored"))
    assert not (tmp_path / "restored").exists()
