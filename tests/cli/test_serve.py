"""`desk serve` as a process, and the starter files: what is printed, who is told what, in which language."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.seats import verb
from tests.support.waiting import LONGEST

from good_offices.chancery.serving import _alone, launch_file_of
from good_offices.cli import serve
from good_offices.errors import Exit, LocalError


@contextmanager
def serving(folder, language="en"):
    command = [
        sys.executable,
        "-m",
        "good_offices",
        "desk",
        "serve",
        "--no-browser",
        "--json",
        "--desk",
        folder,
    ]
    environment = {**os.environ, "LANGUAGE": language}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=LONGEST)


def test_the_second_on_one_folder_is_told_who_has_it(tmp_path):
    folder = tmp_path / "desk"
    with serving(folder, "ru") as (process, told):
        file = Path(told["launch_file"])
        assert file.stat().st_mode & 0o777 == 0o600
        page = file.read_text()
        assert '<html lang="ru">' in page
        assert told["address"].rstrip("/") in page
        assert told["fallback"].startswith("http://127.0.0.1:")
        answer = verb("desk", "serve", "--no-browser", "--desk", folder)
        assert answer.status == Exit.LOCAL
        assert f"process {process.pid}" in answer.error
        assert told["address"] in answer.error
        assert str(file) in answer.error
        assert not folder.exists()  # it must be empty when the desk is made
    assert process.returncode == 0
    assert not file.exists()
    assert not list(tmp_path.iterdir())


def test_a_starter_that_is_clicked_twice_leads_to_the_page(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(serve.webbrowser, "open", opened.append)
    with _alone(tmp_path / "desk") as say:
        say("http://go-x.localhost:1/")
        assert verb("desk", "serve", "--desk", tmp_path / "desk").status == Exit.LOCAL
    assert opened == [launch_file_of(tmp_path / "desk").as_uri()]


def test_a_lock_without_words_is_told_as_well(tmp_path):
    with (
        _alone(tmp_path / "desk"),
        pytest.raises(LocalError, match="already serves"),
        _alone(tmp_path / "desk"),
    ):
        pytest.fail("two hold the lock")
    with _alone(tmp_path / "desk"):
        pass


HARD = 'my "desk" 5% $HOME'


def written(tmp_path, system, folder):
    answer = verb(
        "desk", "starter", "--desk", folder, "--out", tmp_path / "out", "--system", system, "--json"
    )
    assert answer.status == Exit.OK, answer.error
    file = Path(json.loads(answer.out)["file"])
    assert file.stat().st_mode & 0o777 == 0o700
    return file


def test_the_linux_starter_starts_this_desk(tmp_path):
    file = written(tmp_path, "linux", tmp_path / HARD)
    entry = dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    assert file.suffix == ".desktop"
    assert entry["Type"] == "Application"
    # As the specification reads it: the string first, then the quoting of arguments, then the field codes.
    command = entry["Exec"].replace("\\\\", "\\")
    quoted = re.findall(r'"((?:[^"\\]|\\.)*)"', command)
    words = [re.sub(r"\\(.)", r"\1", one).replace("%%", "%") for one in quoted]
    assert words[-4:] == ["desk", "serve", "--desk", str(tmp_path / HARD)]


def test_the_macos_starter_starts_this_desk(tmp_path):
    file = written(tmp_path, "macos", tmp_path / HARD)
    assert file.suffix == ".command"
    first, second = file.read_text().splitlines()
    assert first == "#!/bin/sh"
    assert shlex.split(second)[-4:] == ["desk", "serve", "--desk", str(tmp_path / HARD)]


def test_a_starter_needs_a_desk_and_a_folder_that_takes_it(tmp_path, monkeypatch):
    monkeypatch.delenv("GOODOFFICES_DESK", raising=False)
    assert "no desk folder is named" in verb("desk", "starter").error
    (tmp_path / "file").write_text("")
    refused = verb("desk", "starter", "--desk", tmp_path / "desk", "--out", tmp_path / "file")
    assert "cannot be written" in refused.error


def test_the_desktop_is_where_the_system_says(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    assert serve.desktop() == tmp_path / "Desktop"
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "user-dirs.dirs").write_text('# made\nXDG_DESKTOP_DIR="$HOME/Рабочий стол"\n')
    assert serve.desktop() == tmp_path / "Рабочий стол"
