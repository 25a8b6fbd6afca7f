"""The command line speaks the language of the environment, and its codes speak none."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import click
import pytest

from good_offices import locale
from good_offices.cli import groups

CODES = ["en", "ru", "uk", "kk"]


def said(*arguments, **environment):
    clean = {
        name: value for name, value in os.environ.items() if name not in ("LC_ALL", "LC_MESSAGES", "LANG")
    }
    clean |= {"LANGUAGE": "", "PYTHONUTF8": "1"} | environment
    run = [sys.executable, "-m", "good_offices", *arguments]
    done = subprocess.run(run, env=clean, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("code", CODES)
def test_help_is_in_the_language_of_the_environment(code):
    status, text = said("verify", "--help", LANG=f"{code}_XX.UTF-8")
    assert status == 0
    with locale.use(code):
        for sentence in (
            locale._(
                "Verify an outcome, a communiqué, a disclosed act, a deposit, a receipt or evidence, offline; says what it proves."
            ),
            locale._("The 50-byte leaf, for a bare receipt."),
            locale._("Print one JSON object."),
            locale._("Usage:"),
        ):
            assert " ".join(sentence.split()) in text


@pytest.mark.parametrize("code", CODES)
def test_an_error_is_in_the_language_of_the_environment(code, tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"nothing of ours")
    status, text = said("verify", str(file), LC_ALL=f"{code}_XX.UTF-8")
    assert status == 1
    with locale.use(code):
        assert locale._("NOT VALID: {what}").partition("{")[0].strip() in text
    status, text = said("verify", "--json", str(file), LANGUAGE=code)
    assert json.loads(text)["failed"]["code"] == "file-unknown"


@pytest.mark.parametrize("code", CODES)
def test_a_wrong_option_is_told_in_the_language_of_the_environment(code):
    status, text = said("verify", "--no-such", LANGUAGE=code)
    assert status == 2
    with locale.use(code):
        # The first letter is made small: click begins its sentences with a capital.
        assert locale._("No such option {name!r}.").format(name="--no-such").rstrip(".")[1:] in text


def test_a_verb_is_copied_into_a_language_and_itself_stays_english(monkeypatch):
    monkeypatch.setattr(groups, "_", lambda sentence: f"<{sentence}>")
    verb = click.Command(
        "v", help="Do it.", params=[click.Option(["--x"], help="How."), click.Argument(["y"])]
    )
    spoken = groups.in_words(verb)
    assert (spoken.help, spoken.params[0].help) == ("<Do it.>", "<How.>")
    assert (verb.help, verb.params[0].help) == ("Do it.", "How.")
