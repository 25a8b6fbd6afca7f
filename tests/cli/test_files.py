"""Every file that a stranger can hand over: no traceback, the right exit status, an error and a hint."""

import json
import os
from pathlib import Path

import pytest
from tests.support.seats import verb

HOSTILE = {
    "empty": b"",
    "zeros": bytes(4096),
    "noise": os.urandom(4096),
    "text": b"good-offices/hand-over/1 and nothing else",
    "deep": b"\x81" * 100_000,
    "map": b"\xa1dform\x78\x18good-offices/invitation/1",
    "outcome": b"\xa1dform\x76good-offices/outcome/1",
    "receipt": b"c2sp.org/tlog-proof@v1\nindex 1\n",
    "note": b"a\n1\nAAAA\n\n\xe2\x80\x94 a AAAA\n",
    "json": b'{"form": "good-offices/outcome/1"}',
}


@pytest.fixture(params=sorted(HOSTILE))
def hostile(request, tmp_path):
    path = tmp_path / request.param
    path.write_bytes(HOSTILE[request.param])
    return path


@pytest.fixture
def passphrase(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text("a passphrase\n")
    return path


def test_verify_says_what_is_wrong(hostile):
    answer = verb("verify", hostile, "--json")
    assert answer.status == 1
    assert not answer.json["valid"]
    assert answer.json["failed"]["what"]
    assert answer.json["trust"] == "unestablished"
    assert verb("verify", hostile).out.startswith("NOT VALID: ")


def test_verify_refuses_hostile_companions(hostile, tmp_path):
    other = tmp_path / "file"
    other.write_bytes(b"a\n1\nAAAA\n\n\xe2\x80\x94 a AAAA\n")
    assert verb("verify", other, "--genesis", hostile).status == 1
    assert verb("verify", other, "--genesis", hostile, "--leaf", hostile).status == 1
    answer = verb("verify", other, "--trust", hostile)
    assert answer.status in (1, 3)
    assert "Traceback" not in answer.err


def test_an_invitation(hostile, passphrase, tmp_path):
    names = ("--delegation", "A", "--member", "B", "--capacity", "C")
    folder = tmp_path / "desk"
    answer = verb(
        "desk", "open", "--desk", folder, "--invitation", hostile, "--passphrase-file", passphrase, *names
    )
    assert answer.status == 3
    assert answer.error.startswith("error: the file is not a whole invitation")
    assert not folder.exists() or not any(folder.iterdir())


def test_a_kit(hostile, passphrase):
    answer = verb("desk", "kit", "check", hostile, "--passphrase-file", passphrase)
    assert answer.status == 3
    assert answer.error


def test_a_backup(hostile, tmp_path):
    answer = verb("venue", "restore", "--venue", tmp_path / "venue", hostile)
    assert answer.status in (3, 7)
    assert answer.error


@pytest.mark.parametrize("ending", ["md", "txt"])
def test_a_draft(hostile, ending):
    path = hostile.rename(hostile.with_suffix("." + ending))
    answer = verb("text", "import", path, "--json")
    assert answer.status in (0, 3)
    if answer.status:
        assert answer.error
    other = verb("text", "diff", path, path)
    assert other.status in (0, 3)
    assert "Traceback" not in other.err


def test_a_folder_that_is_no_desk_and_one_that_is_no_venue(hostile, passphrase):
    folder = hostile.parent
    assert verb("desk", "status", "--desk", folder, "--passphrase-file", passphrase).error
    (folder / "keyring").write_bytes(hostile.read_bytes())
    answer = verb("desk", "status", "--desk", folder, "--passphrase-file", passphrase)
    assert answer.status == 3
    assert answer.error
    assert verb("venue", "status", "--venue", folder).error


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "{missing}"),
        ("text", "import", "{missing}"),
        ("text", "diff", "{missing}", "{missing}"),
        ("verify", "{folder}"),
        ("text", "import", "{folder}"),
        ("venue", "status", "--venue", "{missing}"),
        ("venue", "restore", "--venue", "{missing}", "{missing}.backup"),
        ("desk", "status", "--desk", "{missing}", "--passphrase-file", "{passphrase}"),
        ("desk", "status", "--desk", "{missing}", "--passphrase-file", "{missing}"),
        ("desk", "status", "--desk", "{missing}", "--passphrase-fd", "999"),
        ("desk", "kit", "check", "{missing}", "--passphrase-file", "{passphrase}"),
        ("desk", "sync"),
        ("verify", "{passphrase}", "--root", "zz"),
        ("venue", "offer", "--venue", "{missing}", "--out", "{missing}"),
        ("venue", "init", "--venue", "{folder}", "--name", "x"),
    ],
)
def test_what_is_missing_is_named(words, tmp_path, passphrase, monkeypatch):
    monkeypatch.delenv("GOODOFFICES_DESK", raising=False)
    places = {"missing": tmp_path / "missing", "folder": tmp_path, "passphrase": passphrase}
    answer = verb(*[word.format(**places) for word in words])
    assert answer.status in (3, 7), answer.out
    assert answer.error


@pytest.mark.parametrize(
    "words",
    [("verify",), ("desk", "nothing"), ("text", "import", "--frob"), ("venue", "offer", "--parties", "many")],
)
def test_a_command_line_that_is_not_understood(words):
    answer = verb(*words)
    assert answer.status == 2
    assert answer.error


def test_what_was_not_foreseen_is_told_without_words_of_the_talks(monkeypatch, tmp_path):
    from good_offices.cli import text

    def broken(*_args, **_kwargs):
        raise KeyError("a secret sentence")

    monkeypatch.setattr(text, "drafted", broken)
    answer = verb("text", "import", tmp_path / "x.md")
    assert answer.status == 70
    assert "KeyError in " in answer.error
    assert "secret" not in answer.err


def test_interrupting_ends_with_its_own_status(monkeypatch, tmp_path):
    from good_offices.cli import text

    def interrupted(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(text, "drafted", interrupted)
    answer = verb("text", "import", tmp_path / "x.md")
    assert answer.status == 130
    assert answer.err.strip() == "error: interrupted"


def test_version_and_help():
    assert verb("--version").out.startswith("goodoffices ")
    assert "Verbs" in verb("--help").out
    assert verb().status == 2


def test_the_draft_that_everybody_measures(real_draft):
    found = verb("text", "import", real_draft, "--json").json
    assert (found["units"], found["pairs"], found["depth"]) == (442, 1024, 7)
    assert [(one["line"], one["bracket"]) for one in found["orphans"]] == [(21, "]"), (27, "]"), (866, "[")]
    assert set(found["orphans"][0]) == {"line", "column", "bracket"}


def test_a_redline_in_three_forms(tmp_path):
    old, new, page = tmp_path / "old.md", tmp_path / "new.md", tmp_path / "page.html"
    old.write_text("The term is 180 or 240 days.\n\n<b>Same</b> in both.\n")
    new.write_text("The term is 210 days.\n\n<b>Same</b> in both.\n")
    assert "[-180 or 240-]{+210+}" in verb("text", "diff", old, new).out
    assert "180 or 240 becomes 210" in verb("text", "diff", old, new, "--plain").out
    assert verb("text", "diff", old, new, "--json").json["changed"] == 1
    assert verb("text", "diff", old, new, "--html", page, "--whole").status == 0
    shown = page.read_text()
    assert "<del>180 or 240</del><ins>210</ins>" in shown
    assert "&lt;b&gt;Same" in shown
    assert "<b>" not in shown
    assert verb("text", "diff", old, new, "--html", page).status == 3
    assert verb("text", "diff", old, old).out == "The two drafts say the same.\n"


def test_a_venue_by_its_verbs(tmp_path):
    venue = tmp_path / "venue"
    assert (
        verb("venue", "init", "--venue", venue, "--name", "Lake House", "--json").json["name"] == "Lake House"
    )
    offered = verb("venue", "offer", "--venue", venue, "--out", tmp_path / "out", "--json").json
    assert len(offered["invitations"]) == 2
    assert Path(offered["invitations"][0]).stat().st_mode & 0o777 == 0o600
    status = verb("venue", "status", "--venue", venue, "--json").json
    assert status["talks"][0]["id"] == offered["talks"]
    assert "Lake House" in verb("venue", "status", "--venue", venue).out
    assert verb("venue", "backup", "--venue", venue, tmp_path / "copy").status == 0
    assert verb("venue", "backup", "--venue", venue, tmp_path / "copy").error
    assert verb("venue", "restore", "--venue", tmp_path / "again", tmp_path / "copy", "--json").json["held"]
    held = verb("venue", "status", "--venue", tmp_path / "again", "--json").json
    assert all(one["held"] for one in held["talks"][0]["registers"])
    assert verb("venue", "confirm", "--venue", tmp_path / "again").error
    released = verb(
        "venue", "confirm", "--venue", tmp_path / "again", "--every-desk-has-synced", "--json"
    ).json
    assert released["released"] == 3
    assert verb("venue", "serve", "--venue", venue, "--tls-cert", tmp_path / "none").error
    assert verb("venue", "serve", "--venue", venue, "--listen", "nowhere").error
    assert verb("venue", "init", "--venue", tmp_path / "pg", "--name", "x", "--database", "mongodb://x").error
    assert json.dumps(status)
