"""A thief of the disk, of the logs, of the process list: no word of the talks is there, and no secret."""

from __future__ import annotations

import gzip
import logging
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from tests.hostile.conftest import PASSPHRASE, Stage
from tests.support.waiting import LONGEST

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.talks.events_plenary import NotePassed, StatementMade

CANARIES = (
    "Kingfisher clause",
    "Anneliese Canary",
    "Plenipotentiary Canary",
    "Upper Basin",
    "Head of delegation",
)


def forms(words: str) -> list[bytes]:
    """The bytes as which words could stand on a disk."""
    plain = words.encode()
    return [plain, words.encode("utf-16-le"), words.encode("utf-16-be"), plain.hex().encode(), plain[::-1]]


def inflated(data: bytes) -> list[bytes]:
    """Every zlib, gzip or raw deflate stream that begins anywhere a stream header stands."""
    found = []
    for header, bits in ((b"\x1f\x8b\x08", 31), (b"\x78\x01", 15), (b"\x78\x9c", 15), (b"\x78\xda", 15)):
        at = data.find(header)
        while at >= 0:
            try:
                found.append(zlib.decompressobj(bits).decompress(data[at : at + 65536], 1 << 20))
            except zlib.error:
                found.append(b"")
            at = data.find(header, at + 1)
    return found


def found(folder: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return where any of the words stand in any file of a folder, in any form."""
    hits = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            pieces = (data, *inflated(data))
            hits += [
                (path.name, text)
                for text in words
                if any(form in piece for piece in pieces for form in forms(text))
            ]
    return hits


def secrets_of(desk: Desk) -> list[bytes]:
    """Everything that would open something: seeds, posting secret, epoch secrets, the enrolment key."""
    identity = desk.identity
    held = [
        identity.act_seed,
        identity.note_seed,
        identity.cosigner_seed,
        identity.posting,
        identity.enrolment or b"",
    ]
    claims = [claim.secret for held_ in desk.epochs._claims.values() for claim in held_]
    return [one for one in (*held, *claims) if one]


def spoken(stage: Stage) -> None:
    head = stage.desks[0]
    stage.join(head, CANARIES[1])
    stage.say(head, f"The {CANARIES[0]} stands.")
    stage.say(head, f"Between us: the {CANARIES[0]}.", room="caucus")
    head.act("plenary", NotePassed(text=CANARIES[2], language="en", urgent=True))
    head.write("plenary", StatementMade(text=f"Unsent: {CANARIES[0]}.", language="en"))
    stage.settle()


def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    """The search can fail: plain, wide, and inside compressed streams."""
    (tmp_path / "a").write_bytes(b"..." + CANARIES[0].encode("utf-16-le"))
    (tmp_path / "b").write_bytes(b"..." + zlib.compress(CANARIES[1].encode()) + b"...")
    (tmp_path / "c").write_bytes(b"..." + gzip.compress(CANARIES[2].encode()))
    assert found(tmp_path, CANARIES) == [("a", CANARIES[0]), ("b", CANARIES[1]), ("c", CANARIES[2])]


def test_the_folder_of_a_desk_holds_no_word_and_no_secret(stage: Stage) -> None:
    """A stolen disk, the write-ahead log with it, tells neither names nor words nor keys."""
    spoken(stage)
    for desk in stage.desks:
        assert (desk.storage.folder / "desk.db-wal").stat().st_size > 0
        assert found(desk.storage.folder, CANARIES) == []
        data = b"".join(path.read_bytes() for path in desk.storage.folder.rglob("*") if path.is_file())
        for secret in secrets_of(desk):
            assert secret not in data
            assert secret.hex().encode() not in data
    for desk in stage.desks:
        folder = desk.storage.folder
        desk.close()
        assert found(folder, CANARIES) == []
        for path in folder.rglob("*"):
            assert path.stat().st_mode & 0o077 == 0 or path.name == "lock", path
    stage.desks.clear()


def test_a_desk_that_was_killed_leaves_no_word(stage: Stage) -> None:
    """kill -9 in the middle of writing leaves the log and the outbox, sealed."""
    spoken(stage)
    head = stage.desks[0]
    child = os.fork()
    if child == 0:
        try:
            head.storage._database.execute("BEGIN IMMEDIATE")
            head.storage.put("canary", CANARIES[0].encode())
            os.kill(os.getpid(), 9)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    assert found(head.storage.folder, CANARIES) == []


def test_what_the_host_is_sent_and_stores_has_no_word_and_no_secret(stage: Stage) -> None:
    """The host sees ciphertext, public keys and HMACs; no secret is in an address, a header or a body."""
    spoken(stage)
    head = stage.desks[0]
    sent = [
        repr((request.method, request.target, request.headers)).encode() + request.content
        for request in stage.host.asked
    ]
    kept = [
        body or b"" for view in stage.host.views.values() for log in view.values() for _, body in log.rows
    ]
    assert len(sent) > 50
    for data in (*sent, *kept):
        for words in CANARIES:
            assert not any(form in data for form in forms(words))
        for secret in secrets_of(head):
            assert secret not in data
            assert secret.hex().encode() not in data


def test_logs_and_errors_hold_no_word_and_no_secret(
    stage: Stage, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Everything any library logs at its most talkative, and what goes wrong aloud."""
    caplog.set_level(logging.DEBUG)
    spoken(stage)
    head = stage.desks[0]
    with pytest.raises(Exception) as refused:  # noqa: PT011  any error will do: its words are what is looked at
        people.confirm(head, "0" * 60, stage.root(head))
    said = (
        caplog.text
        + "".join(capfd.readouterr())
        + repr(refused.value)
        + str(refused.value)
        + repr(head.epochs)
        + repr(head.storage.vault)
    )
    for words in (*CANARIES, PASSPHRASE):
        assert words not in said
    for secret in secrets_of(head):
        assert secret.hex() not in said
        assert repr(secret)[2:-1] not in said


def test_the_process_list_shows_no_secret(stage: Stage) -> None:
    """Neither arguments nor environment of a desk's process hold the passphrase or a key."""
    head = stage.desks[0]
    secrets = secrets_of(head)
    folder = head.storage.folder
    head.close()
    stage.desks.remove(head)
    script = (
        "import sys; from pathlib import Path; from good_offices.desk.desk import Desk\n"
        "with Desk.open(Path(sys.argv[1]), sys.stdin.readline().strip()): print('open', flush=True); sys.stdin.readline()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        process.stdin.write(f"{PASSPHRASE}\n")
        process.stdin.flush()
        assert process.stdout.readline() == "open\n"
        shown = b"".join(Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
    finally:
        process.stdin.close()
        process.wait(LONGEST)
        process.stdout.close()
    assert str(folder).encode() in shown
    for secret in (PASSPHRASE.encode(), *secrets, *(one.hex().encode() for one in secrets)):
        assert secret not in shown


def test_a_locked_desk_opens_to_nobody_without_the_passphrase(stage: Stage) -> None:
    """Nor does an item that was moved to another place of the folder open."""
    from good_offices.errors import LocalError

    head = stage.desks[0]
    folder = head.storage.folder
    row = head.storage._database.execute("SELECT sealed FROM item WHERE name = 'identity'").fetchone()[0]
    head.storage._database.execute("UPDATE item SET sealed = ? WHERE name = 'compared'", (row,))
    with pytest.raises(LocalError) as refused:
        head.storage.get("compared")
    assert refused.value.code == "at-rest-damaged"
    head.close()
    stage.desks.remove(head)
    with pytest.raises(LocalError) as refused:
        Desk.open(folder, "wrong")
    assert refused.value.code == "passphrase-wrong"


def test_a_root_kit_is_nothing_without_its_passphrase(stage: Stage) -> None:
    """The paper kit holds the root sealed."""
    from good_offices.errors import LocalError
    from good_offices.seals.kit import read_kit

    text = (stage.desks[0].storage.folder / "root.kit").read_text()
    with pytest.raises(LocalError) as refused:
        read_kit(text, "wrong")
    assert refused.value.code == "passphrase-wrong"
