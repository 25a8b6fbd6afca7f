"""The public page: four languages, no script, the declaration as it stands now, nothing of talks."""

from __future__ import annotations

import asyncio
import logging
import re
from html import unescape
from pathlib import Path

import pytest
from tests.venue_kit import Desk, new_venue

from good_offices.locale import LANGUAGES
from good_offices.venue import declaration as kept
from good_offices.venue import public, rendering, server
from good_offices.venue.declaration import Conditions, Declaration, Version
from good_offices.venue.folder import Folder, init

# The host's limits in exactly these words, never stronger ones.
BOUNDS = """It cannot read, forge or alter sealed acts, once keys are compared.
It cannot remove or reorder anything after it has given a receipt without leaving evidence that convicts it as soon as two desks’ views meet.
Before a receipt it can delay or refuse, which the author sees, and it chooses the order of what arrives together.
It sees which desk (a random number) of which delegation posts, fetches and cosigns, from which address, when, in which register, the kind of entry, and padded sizes."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return init(tmp_path / "venue", "Lake <House>")


def plain(page: bytes) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.decode())))


def declared(**versions: str) -> Declaration:
    return Declaration(versions={code: Version(words=words) for code, words in versions.items()})


def test_it_says_exactly_what_a_host_can_and_cannot_do(folder: Folder) -> None:
    said = plain(public.Public(folder).page("/"))
    assert all(words in said for words in BOUNDS.splitlines())
    assert "has no part in the substance" in said


def test_each_language_has_an_address_and_names_itself(folder: Folder) -> None:
    pages = public.Public(folder)
    assert list(public.ADDRESSES) == ["/", "/ru", "/uk", "/kk"]
    for address, code in public.ADDRESSES.items():
        page = pages.page(address).decode()
        assert f'<html lang="{code}"' in page
        assert page.count('aria-current="page"') == 1
        for other, name in zip(public.ADDRESSES, LANGUAGES.values(), strict=True):
            assert f'href="{other}"' in page
            assert name in page
        for forbidden in ("<script", "<form", "style=", "http://", "https://", " on"):
            assert forbidden not in re.sub(r">[^<]*<", "><", page), forbidden
        assert "Lake &lt;House&gt;" in page


def test_the_page_follows_what_is_published(folder: Folder) -> None:
    pages = public.Public(folder)
    before = pages.page("/")
    kept.keep(folder, declared(en="We offer <b>a place</b>."))
    assert pages.page("/") == before
    kept.publish(folder)
    assert "We offer &lt;b&gt;a place&lt;/b&gt;." in pages.page("/").decode()
    kept.withdraw(folder)
    after = pages.page("/").decode()
    assert "We offer" not in after
    assert "The host has withdrawn its declaration number 1." in after


def test_a_page_is_made_again_only_when_another_file_is_published(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = public.Public(folder)
    monkeypatch.setattr(public, "render", lambda *_, **__: pytest.fail("made again"))
    for address in public.ADDRESSES:
        assert pages.page(address)


def test_a_version_stands_on_the_page_of_its_language() -> None:
    made = declared(en="In English", ru="По-русски", fr="En français")
    assert public.shown(made, "en") == ["en", "fr"]
    assert public.shown(made, "ru") == ["ru", "fr"]
    assert public.shown(made, "kk") == ["en", "ru", "fr"]
    assert public.shown(None, "en") == []
    page = public.page("Lake House", made, "uk").decode()
    assert '<h3 id="in-fr" lang="fr">Français</h3>' in page
    assert 'lang="ru" dir="ltr">По-русски' in page
    assert 'dir="rtl">نعرض' in public.page("Lake House", declared(ar="نعرض مكانا"), "en").decode()


def test_conditions_pairs_and_days_are_shown() -> None:
    version = Version(words="Words", to="To all", conditions=Conditions(rooms="Two rooms", entry="Visas"))
    pairs = [("en", "ru"), ("fa-AF", "kk")]
    whole = kept.read("valid_from = 2026-12-01\nvalid_until = 2027-11-30")
    made = Declaration(
        versions={"en": version},
        interpretation=pairs,
        valid_from=whole.valid_from,
        valid_until=whole.valid_until,
    )
    said = plain(public.page("Lake House", made, "en"))
    for words in (
        "To all",
        "Rooms",
        "Two rooms",
        "Visas and safe conduct",
        "English – Russian",
        "Dari – Kazakh",
    ):
        assert words in said
    assert "from 1 December 2026 until 30 November 2027" in said
    assert "Security" not in said
    open_end = Declaration(versions={"en": version}, valid_from=whole.valid_from)
    assert "from 1 December 2026 until it is withdrawn" in plain(public.page("Lake House", open_end, "en"))
    end = Declaration(versions={"en": version}, valid_until=whole.valid_until)
    assert "until 30 November 2027" in plain(public.page("Lake House", end, "en"))


def test_a_damaged_declaration_is_not_shown_and_is_logged(
    folder: Folder, caplog: pytest.LogCaptureFixture
) -> None:
    (folder.path / kept.PUBLISHED).write_text("[versions.en]\nwords = 'We \u202eoffer'")
    with caplog.at_level(logging.ERROR, "good_offices.venue"):
        page = public.Public(folder).page("/").decode()
    assert "offer" not in page.replace("good offices", "").replace("Its host offers", "").replace(
        "Good Offices", ""
    )
    assert "text-not-plain" in caplog.text
    assert "What the host cannot do" in page


def test_it_is_served_with_its_files_and_nothing_else(tmp_path: Path) -> None:
    folder, offered = new_venue(tmp_path)
    kept.keep(folder, declared(en="We offer a place."))
    kept.publish(folder)

    async def main() -> None:
        async with server.running(folder) as url:
            desk = Desk(offered.invitations[0], url)
            seen = b""
            for address in public.ADDRESSES:
                answer = await desk.wire.send("GET", address, {})
                seen += answer.body
                assert answer.status == 200
                assert answer.headers["content-security-policy"].startswith(
                    "default-src 'none'; style-src 'self'; font-src 'self';"
                )
                assert "set-cookie" not in answer.headers
            assert b"We offer a place." in seen
            for one in (*offered.invitations,):
                for secret in (one.common, one.caucus, one.delegation, one.talks.hex(), one.talks.hex()[:16]):
                    assert secret.encode() not in seen
            digest, files = rendering.assets()
            for path in files:
                answer = await desk.wire.send("GET", f"/static/{digest}/{path}", {})
                assert answer.status == 200
                assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
                assert answer.headers["x-content-type-options"] == "nosniff"
            for wrong in (
                f"/static/{'0' * 16}/style.css",
                f"/static/{digest}/rooms.css",
                f"/static/{digest}/fonts/../style.css",
                f"/static/{digest}/..%2f__init__.py",
                f"/static/{digest}/%2e%2e/__init__.py",
                "/static/style.css",
                "/en",
                "/ru/",
                "/declaration.toml",
                "/declaration-published.toml",
            ):
                answer = await desk.wire.send("GET", wrong, {})
                assert (answer.status, answer.problem.code) == (404, "no-such-page"), wrong
            for method in ("POST", "PUT", "DELETE"):
                assert (await desk.wire.send(method, "/ru", {})).status == 404
            await desk.wire.close()

    asyncio.run(main())


def test_visitors_are_limited_like_everybody(tmp_path: Path) -> None:
    folder, offered = new_venue(tmp_path, address_rate=1, address_burst=3)
    digest = rendering.assets()[0]

    async def main() -> None:
        async with server.running(folder) as url:
            desk = Desk(offered.invitations[0], url)
            answers = [
                (await desk.wire.send("GET", path, {})).status
                for path in ("/", f"/static/{digest}/style.css", "/ru", "/kk", f"/static/{digest}/venue.css")
            ]
            assert answers[:3] == [200, 200, 200]
            assert 429 in answers[3:]
            await desk.wire.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (99_960, "100 KB"),
        (131_072, "131 KB"),
        (2_500_000, "2.5 MB"),
        (81_700_000_000, "81.7 GB"),
        (10**13, "10,000 GB"),
    ],
)
def test_sizes_are_said_in_few_digits(value: int, said: str) -> None:
    assert rendering.size(value) == said


def test_a_language_without_a_name_shows_its_tag() -> None:
    assert rendering.own_name("zz") == "zz"
    assert rendering.name_of_language("not a tag") == "not a tag"
    assert rendering.direction("ku-Arab") == "rtl"
    assert all(name != tag for tag, name in rendering.interpreted())
