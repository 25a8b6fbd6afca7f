"""The host's verbs for its declaration and for its console."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import httpx
import pytest
from tests.support.seats import verb
from tests.support.waiting import LONGEST

from good_offices.venue import folder as folders
from good_offices.venue.console import passphrase

TEXT = '[versions.en]\nto = "To all"\nwords = "We offer a place."\n[versions.en.conditions]\nrooms = "Two"\n'


@pytest.fixture
def folder(tmp_path):
    return folders.init(tmp_path / "venue", "Lake House").path


def test_a_declaration_is_set_shown_published_and_withdrawn(folder, tmp_path):
    (tmp_path / "text.toml").write_text(TEXT)
    at = ("--venue", folder)
    assert "There is no declaration yet" in verb("venue", "declaration", "show", *at).out
    empty = verb("venue", "declaration", "publish", *at)
    assert (empty.status, "no declaration to publish" in empty.error) == (3, True)
    assert verb("venue", "declaration", "set", *at, tmp_path / "text.toml").status == 0
    shown = verb("venue", "declaration", "show", *at, "--json").json
    assert (shown["published"], shown["as_published"]) == (False, False)
    assert shown["declaration"]["versions"]["en"]["conditions"] == {"rooms": "Two"}
    assert verb("venue", "declaration", "publish", *at, "--json").json["languages"] == ["en"]
    assert "The declaration is published." in verb("venue", "declaration", "show", *at).out
    (tmp_path / "text.toml").write_text(TEXT.replace("Two", "Three"))
    verb("venue", "declaration", "set", *at, tmp_path / "text.toml")
    assert "the draft differs" in verb("venue", "declaration", "show", *at).out
    assert 'rooms = "Two"' in verb("venue", "declaration", "show", *at, "--published").out
    assert verb("venue", "declaration", "withdraw", *at, "--json").json["was_published"] is True
    assert "not published" in verb("venue", "declaration", "withdraw", *at).out


@pytest.mark.parametrize("text", ["words = 'a'", "[versions.en]\nwords = 'We \u202eoffer'", "x" * 600_000])
def test_a_file_that_is_none_changes_nothing(folder, tmp_path, text):
    (tmp_path / "text.toml").write_text(text)
    refused = verb("venue", "declaration", "set", "--venue", folder, tmp_path / "text.toml")
    assert refused.status == 3
    assert "There is no declaration yet" in verb("venue", "declaration", "show", "--venue", folder).out
    assert verb("venue", "declaration", "set", "--venue", folder, tmp_path / "none").status == 3


def test_the_console_wants_a_passphrase_and_is_served_beside_the_venue(folder, tmp_path, monkeypatch):
    refused = verb("venue", "console", "--venue", folder, "--json")
    assert (refused.status, "is not set" in refused.error) == (3, True)
    (tmp_path / "words").write_text("short\n")
    at = ("--venue", folder, "--passphrase-file", tmp_path / "words")
    assert "fewer than" in verb("venue", "console-passphrase", *at).error
    (tmp_path / "words").write_text("river house operators\nnot this line")
    assert verb("venue", "console-passphrase", *at, "--json").json == {"set": True}
    passphrase.Attempts(folders.open_folder(folder)).check("river house operators")
    command = [sys.executable, "-m", "good_offices", "venue", "console", "--venue", folder, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            address = json.loads(running.stdout.readline())["fallback"]
            answer = httpx.get(f"{address}login", trust_env=False, timeout=LONGEST)
        finally:
            running.send_signal(signal.SIGTERM)
    assert (answer.status_code, "passphrase" in answer.text) == (200, True)
    assert running.returncode == 0
