"""Which language is current, and how it is chosen."""

from __future__ import annotations

import contextvars
import subprocess
import sys
import threading

import pytest

from good_offices import locale


@pytest.fixture(autouse=True)
def _process_language(monkeypatch):
    monkeypatch.setattr(locale, "_of_process", "en")


def test_english_is_its_own_key():
    assert locale.language() == "en"
    assert locale._("any sentence at all") == "any sentence at all"
    assert locale.ngettext("one", "many", 1) == "one"
    assert locale.ngettext("one", "many", 2) == "many"
    assert locale.pgettext("state", "agreed") == "agreed"
    assert locale.npgettext("state", "one", "many", 5) == "many"
    assert locale.N_("kept") == "kept"


@pytest.mark.parametrize("code", ["en", "ru", "uk", "kk"])
def test_the_empty_sentence_is_not_the_header_of_the_catalogue(code):
    with locale.use(code):
        assert locale._("") == ""


def test_use_is_undone_at_the_end():
    with locale.use("ru"):
        assert locale.language() == "ru"
        with locale.use("kk"):
            assert locale.language() == "kk"
        assert locale.language() == "ru"
    assert locale.language() == "en"


def test_use_without_with_stands_in_its_context_only():
    def request():
        locale.use("uk")
        return locale.language()

    assert contextvars.copy_context().run(request) == "uk"
    assert locale.language() == "en"


def test_an_unknown_code_is_english():
    with locale.use("ru"), locale.use("xx"):
        assert locale.language() == "en"


def test_begin_reaches_threads(monkeypatch):
    import gettext

    monkeypatch.setattr(gettext, "_current_domain", "messages")
    monkeypatch.setattr(gettext, "_localedirs", {})
    locale.begin("kk")
    heard = []
    thread = threading.Thread(target=lambda: heard.append(locale.language()))
    thread.start()
    thread.join()
    assert heard == ["kk"]
    assert gettext.textdomain() == locale.DOMAIN


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de,fr;q=0.9", "en"),
        ("de, uk-UA;q=0.7, ru;q=0.6", "uk"),
        ("en;q=0.2, kk;q=0.4", "kk"),
        ("ru;q=0, en;q=0.1", "en"),
        ("ru;q=0", "en"),
        ("uk;q=oops, kk;q=0.1", "kk"),
        ("ru;q=nan, uk;q=0.5", "uk"),
        ("KK-Cyrl-KZ", "kk"),
        ("*", "en"),
        ("uk, ru", "uk"),
        ("ru;level=1", "ru"),
        (",;,=;q", "en"),
    ],
)
def test_preferred(header, expected):
    assert locale.preferred(header) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "uk_UA.KOI8-U"}, "uk"),
        ({"LANG": "ru_RU", "LC_ALL": "kk_KZ.UTF-8"}, "kk"),
        ({"LANG": "ru_RU", "LC_MESSAGES": "uk_UA"}, "uk"),
        ({"LANG": "ru_RU", "LC_ALL": "de_DE"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de:uk:ru"}, "uk"),
        ({"LANG": "ru_RU", "LANGUAGE": ""}, "ru"),
        ({"LC_ALL": "kk@cyrillic"}, "kk"),
    ],
)
def test_from_environment(environment, expected):
    assert locale.from_environment(environment) == expected


def test_importing_reads_no_catalogue():
    code = (
        "import sys, gettext\n"
        "gettext.translation = lambda *a, **k: sys.exit(1)\n"
        "import good_offices.locale\n"
        "sys.exit(3 if 'babel' in sys.modules else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
