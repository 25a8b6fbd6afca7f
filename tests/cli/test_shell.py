"""`desk shell`: one verb a line, one line of JSON for each, as scripts drive it through a pipe."""

import json
import os
import subprocess
import sys

import pytest
from tests.support.house import PASSPHRASE, House

PROGRAM = [sys.executable, "-m", "good_offices"]


@pytest.fixture
def folder(tmp_path):
    with House(tmp_path) as house:
        house.reopen(house.desks[0]).close()
        (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
        yield house.desks[0].storage.folder
        house.desks.pop(0)


def shell(folder, lines, *options):
    reading, writing = os.pipe()
    os.write(writing, PASSPHRASE.encode() + b"\n")
    os.close(writing)
    done = subprocess.run(
        [*PROGRAM, "desk", "shell", "--desk", folder, "--passphrase-fd", str(reading), *options],
        input="".join(lines).encode(),
        capture_output=True,
        pass_fds=(reading,),
        check=False,
        timeout=180,
    )
    os.close(reading)
    return done


def test_every_line_is_answered_by_one_line(folder):
    done = shell(
        folder,
        [
            "desk status\n",
            "\n",
            "# a remark\n",
            'statement make "Two words"\n',
            json.dumps(["statement", "make", "Two\nlines"]) + "\n",
            "statement make 'never closed\n",
            "[1]\n",
            "note\n",
            "text frobnicate\n",
            "text show\n",
            "text --help\n",
            "desk shell\n",
            f"desk status --desk {folder}-other\n",
            "desk status\n",
        ],
        "--json",
    )
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert len(answers) == 12
    status, said, lines, *refused, help_, inner, other, last = answers
    assert status["rooms"]["plenary"]["open"]
    assert said["status"] == lines["status"] == "valid"
    assert lines["index"] == said["index"] + 1
    assert [one["error"] for one in refused] == [
        "line-unreadable",
        "line-unreadable",
        "usage",
        "usage",
        "no-text-tabled",
    ]
    assert all(set(one) == {"error", "message", "hint", "exit"} for one in (*refused, inner, other))
    assert "Verbs" in help_["text"]
    assert inner["error"] == "shell-in-shell"
    assert other["error"] == "desk-other-open"
    assert last["folder"] == status["folder"]
    assert done.returncode == 3
    assert done.stderr == b""


def test_people_get_words_and_the_shell_goes_on(folder):
    done = shell(folder, ["text show\n", "statement make hello\n", "exit-not\n"])
    assert b", plenary (read by all delegations): it stands." in done.stdout
    assert done.stderr.decode().splitlines()[0] == "error: no text is on the table"
    assert done.returncode == 2


def test_a_wrong_passphrase_ends_the_shell_at_once(folder, tmp_path):
    (tmp_path / "wrong").write_text("wrong\n")
    done = subprocess.run(
        [*PROGRAM, "desk", "shell", "--json", "--desk", folder, "--passphrase-file", tmp_path / "wrong"],
        input=b"desk status\n",
        capture_output=True,
        check=False,
    )
    assert done.stdout == b""
    assert done.returncode == 3
    assert done.stderr.startswith(b"error: the passphrase does not open")


def test_what_cannot_be_sent_waits_and_that_is_no_error(tmp_path, monkeypatch):
    from tests.support.seats import seats

    with House(tmp_path) as house:
        upper, _ = seats(house)
        house.venue.__exit__()
        monkeypatch.setattr(type(house.venue), "__exit__", lambda *_: None)
        answer = upper("statement", "make", "Into the void", "--json")
        assert answer.status == 0
        assert answer.json["status"] == "waiting"
        assert answer.json["index"] is None
        assert upper.do("desk", "status")["outbox"] == 1
        refused = upper("desk", "sync")
        assert refused.status == 6
        assert refused.error
