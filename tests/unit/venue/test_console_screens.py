"""The console's screens: talks as numbers, invitations from memory, the end of a restore, the declaration."""

from __future__ import annotations

import asyncio
import io
import os
import re
import sqlite3
import zipfile
from html import unescape

import pytest
from starlette.testclient import TestClient

from good_offices.encoding import unpack
from good_offices.register.declared import open_declared
from good_offices.transport.pages import Invitation
from good_offices.venue import backup as backups
from good_offices.venue import declaration as kept
from good_offices.venue import folder as folders
from good_offices.venue import server
from good_offices.venue.console import health, passphrase
from good_offices.venue.console.guard import Door
from good_offices.venue.console.serving import build
from good_offices.venue.offer import offer, offer_unwritten
from good_offices.venue.standing import Lists, Sounded
from good_offices.venue.status import status

HOST = "go-0123456789abcdef.localhost:4711"
WORDS = "river house operators"


class Operator:
    """An operator's browser, logged in."""

    def __init__(self, folder, client, door):
        self.folder, self.client, self.door = folder, client, door
        self.post("/login", passphrase=WORDS)
        (self.session,) = door._sessions.values()

    def get(self, path, **headers):
        return self.client.get(path, headers={"accept": "text/html", **headers})

    def post(self, path, **data):
        headers = {"origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
        token = next((one.csrf for one in self.door._sessions.values()), "")
        return self.client.post(path, data={"csrf": token, **data}, headers=headers)

    def see(self, path):
        answer = self.get(path)
        assert answer.status_code == 200
        return plain(answer)


def plain(answer):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))).replace("\xa0", " ")


@pytest.fixture
def operator(tmp_path, monkeypatch):
    monkeypatch.setattr(passphrase, "COST", 1 << 10)
    folder = folders.init(tmp_path / "venue", "Lake <House>")
    passphrase.choose(folder, WORDS)
    door = Door((HOST,))
    with TestClient(build(folder, door), base_url=f"http://{HOST}") as client:
        yield Operator(folder, client, door)


# The overview.


def test_talks_are_numbers_and_where_content_would_be_there_is_none(operator):
    assert "No talks have been offered" in operator.see("/")
    offered = offer_unwritten(operator.folder, parties=3)
    page = operator.get("/")
    said = plain(page)
    digits = offered.talks.hex()
    assert " ".join(digits[at : at + 4] for at in range(0, 16, 4)) in said
    assert "Sealed; this host cannot read it" in said
    assert "Not known here" in said
    assert "Takes entries" in said
    (row,) = re.findall(r"<tbody>.*?</tbody>", page.text, re.DOTALL)
    assert re.findall(r'<td class="n"[^>]*>([^<]+)</td>', row)[:3] == ["3", "0", "4"]
    for secret in (
        *(one.delegation for one in offered.invitations),
        digits[16:],
        offered.invitations[0].common,
    ):
        assert secret not in page.text


def test_health_without_a_server(operator):
    said = operator.see("/")
    assert "Not being served" in said
    assert "None is known" in said
    backups.backup(operator.folder, operator.folder.path.parent / "b")
    assert "None is known" not in operator.see("/")
    # A server that was killed leaves its address and its number behind.
    (operator.folder.path / folders.ADDRESS).write_text("http://127.0.0.1:9\n")
    for number in ("4194304999", "x", ""):
        (operator.folder.path / folders.LOCK).write_text(number)
        assert health.look(operator.folder).state == health.STOPPED
    (operator.folder.path / folders.LOCK).write_text("1")  # somebody else's process
    (operator.folder.path / folders.ADDRESS).write_text("https://127.0.0.1:9\n")
    assert health.look(operator.folder).state == health.SILENT
    assert "It does not answer" in operator.see("/")


def test_health_beside_a_server(operator, monkeypatch):
    async def main():
        async with server.running(operator.folder) as url:
            seen = await asyncio.to_thread(health.look, operator.folder)
            assert (seen.state, seen.address) == (health.SERVED, url)
            assert seen.database > 4096
            assert "Serving" in await asyncio.to_thread(operator.see, "/")
            # What is offered here is served there at once.
            answer = await asyncio.to_thread(operator.post, "/invitations", parties="2", url="")
            assert answer.status_code == 200

    asyncio.run(main())
    (offered,) = operator.session.offers.values()
    assert offered.invitations[0].url.startswith("http://127.0.0.1:")
    monkeypatch.setattr(health, "_asked", lambda _address: 503)
    (operator.folder.path / folders.ADDRESS).write_text("http://127.0.0.1:9\n")
    (operator.folder.path / folders.LOCK).write_text(str(os.getpid()))
    assert "The disk cannot be written" in operator.see("/")


def test_a_damaged_database_leaves_the_other_figures(operator):
    operator.folder.database.write_bytes(b"x" * 8192)
    said = operator.see("/")
    assert "damaged" in said
    assert "Disk free" in said


def test_a_damaged_published_declaration_is_told(operator):
    (operator.folder.path / kept.PUBLISHED).write_text("words = 1")
    assert "Cannot be read" in operator.see("/")
    assert "Published, and changed since" in operator.see("/declaration")


# Invitations.


def test_standing_lists_are_shown_as_a_number_and_a_time(operator, tmp_path):
    offer(operator.folder, parties=2, out=tmp_path / "without")
    assert "standing list" not in operator.see("/")
    coming = Sounded(4_102_444_800_000, 1000, 3), Sounded(4_102_444_900_000, 1000, 3)
    offer(operator.folder, parties=2, out=tmp_path / "with", lists=Lists(b"sealed willingness", coming))
    shown = operator.see("/")
    assert "2 standing lists; the next is sounded 1 Jan 2100" in shown
    assert "willingness" not in shown
    offer(operator.folder, parties=2, out=tmp_path / "over", lists=Lists(b"", (Sounded(1000, 1000, 3),)))
    assert "1 standing list " in operator.see("/")


def test_invitations_leave_from_memory_one_by_one_or_together(operator):
    before = {one.name for one in operator.folder.path.iterdir()}
    said = plain(operator.post("/invitations", parties="3", url="https://venue.example"))
    assert "3 invitations wait" in said
    assert "Who got which is not recorded" in said
    assert {one.name for one in operator.folder.path.iterdir()} == before
    ((talks, offered),) = operator.session.offers.items()
    one = operator.get(f"/invitations/{talks}/invitation-2.goodoffices")
    assert one.headers["content-disposition"] == 'attachment; filename="invitation-2.goodoffices"'
    assert one.headers["cache-control"] == "no-store"
    read = unpack(one.content, Invitation)
    assert read == offered.invitations[1]
    assert (read.url, read.talks) == ("https://venue.example", offered.talks)
    together = operator.get(f"/invitations/{talks}/all")
    with zipfile.ZipFile(io.BytesIO(together.content)) as archive:
        assert archive.namelist() == [f"invitation-{number}.goodoffices" for number in (1, 2, 3)]
        assert archive.read("invitation-2.goodoffices") == one.content
        assert all(entry.date_time[0] == 1980 for entry in archive.infolist())
    for wrong in (f"{talks}/invitation-4.goodoffices", f"{talks}/host.key", f"{'0' * 16}/all"):
        assert operator.get(f"/invitations/{wrong}").status_code == 404
    assert "3 invitations are in this session" in operator.see("/")


def test_forgetting_takes_two_steps(operator):
    operator.post("/invitations", parties="2")
    (talks,) = operator.session.offers
    assert "is gone then" in plain(operator.post(f"/invitations/{talks}/forget"))
    assert operator.session.offers
    operator.post(f"/invitations/{talks}/forget", confirmed="yes")
    assert not operator.session.offers
    assert operator.get(f"/invitations/{talks}/all").status_code == 404


@pytest.mark.parametrize("parties", ["", "1", "17", "-2", "2.5", "x", "9999", "²"])
def test_a_number_that_is_none_offers_nothing(operator, parties):
    answer = operator.post("/invitations", parties=parties)
    assert answer.status_code == 409
    assert "between 2 and 16" in plain(answer)
    assert status(operator.folder)["talks"] == []


# After a restore.


def test_a_restored_venue_is_released_in_two_steps(operator, tmp_path, monkeypatch):
    offer_unwritten(operator.folder, parties=2)
    assert "Nothing is held" in operator.see("/held")
    connection = sqlite3.connect(operator.folder.database)
    with connection:
        connection.execute("UPDATE register SET held = 1")
    connection.close()
    said = operator.see("/")
    assert "restored from a backup" in said
    assert "Held" in said
    assert "3 registers are held" in operator.see("/held")
    answer = operator.post("/held", confirmed="yes")
    assert (answer.status_code, "was not ticked" in plain(answer)) == (409, True)
    assert "two histories" in plain(operator.post("/held", synced="yes"))
    assert status(operator.folder)["talks"][0]["registers"][0]["held"]
    assert "3 registers take entries again" in plain(operator.post("/held", synced="yes", confirmed="yes"))
    assert not status(operator.folder)["talks"][0]["registers"][0]["held"]


# The declaration.


def typed(operator, **fields):
    page = operator.get("/declaration").text
    (base,) = re.findall(r'name="base" value="([0-9a-f]+)"', page)
    return {"base": base, "language": "en", "words": "We offer a place.", **fields}


def test_a_declaration_is_written_previewed_published_and_withdrawn(operator):
    assert operator.get("/declaration/preview").url.path == "/declaration"
    fields = typed(
        operator,
        to="To all",
        rooms="Two <rooms>",
        interpreted_from=["en", "ru"],
        interpreted_to=["ru", "kk"],
        valid_from="2026-12-01",
    )
    said = plain(operator.post("/declaration", **fields))
    for words in (
        "Kept. Nobody else sees it yet",
        "To all",
        "Two <rooms>",
        "English – Russian",
        "Not published",
    ):
        assert words in said
    assert kept.published(operator.folder) is None
    assert "prove that you made this offer" in plain(operator.post("/declaration/sign"))
    note = operator.post("/declaration/sign", confirmed="yes")
    assert open_declared(note.content).scope == "private"
    assert kept.published(operator.folder) is None
    assert "at once" in plain(operator.post("/declaration/publish"))
    assert kept.published(operator.folder) is None
    assert "is published" in plain(operator.post("/declaration/publish", confirmed="yes"))
    assert kept.published(operator.folder) == kept.draft(operator.folder)
    operator.post("/declaration", **typed(operator, language="uk", words="Ми надаємо місце."))
    assert "Published, and changed since" in operator.see("/declaration")
    assert list(kept.draft(operator.folder).versions) == ["en", "uk"]
    operator.post("/declaration/remove", language="en")
    assert "en" in kept.draft(operator.folder).versions
    operator.post("/declaration/remove", language="en", confirmed="yes")
    assert list(kept.draft(operator.folder).versions) == ["uk"]
    operator.post("/declaration/withdraw")
    assert kept.published(operator.folder)
    operator.post("/declaration/withdraw", confirmed="yes")
    assert kept.published(operator.folder) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": "We \u202eoffer"}, "invisible character"),
        ({"words": ""}, "without words"),
        ({"rooms": "x" * 2001}, "2001 characters"),
        ({"interpreted_from": ["en"], "interpreted_to": [""]}, "no language tag"),
        ({"valid_from": "tomorrow"}, "no day"),
        ({"base": "0" * 16}, "Somebody else has changed"),
    ],
)
def test_what_is_refused_is_not_lost(operator, fields, said):
    answer = operator.post("/declaration", **typed(operator, **{"security": "Outer ring", **fields}))
    assert answer.status_code == 409
    assert said in plain(answer)
    assert "Outer ring" in answer.text
    assert kept.draft(operator.folder).versions == {}
    # With the form as it stands now, what was typed can be kept.
    (base,) = re.findall(r'name="base" value="([0-9a-f]+)"', answer.text)
    assert operator.post("/declaration", base=base, language="en", words="Fine").status_code == 200


def test_two_operators_do_not_write_over_each_other(operator):
    mine = typed(operator, words="Mine")
    operator.post("/declaration", **typed(operator, words="Theirs"))
    answer = operator.post("/declaration", **mine)
    assert answer.status_code == 409
    assert "Mine" in answer.text
    assert kept.draft(operator.folder).versions["en"].words == "Theirs"


def test_addresses_that_are_none(operator):
    for path in ("/declaration?language=../x", "/declaration?language=EN", "/nothing", "/invitations/"):
        assert operator.get(path).status_code == 404, path
    assert operator.post("/declaration/remove", language="xx").status_code == 404
    assert operator.post("/declaration/publish").status_code == 409
    assert operator.get("/declaration?language=ar").text.count('dir="rtl"') > 5


def test_the_console_speaks_the_readers_language(operator):
    operator.post("/language", language="ru", back="/declaration")
    assert '<html lang="ru"' in operator.get("/").text
    operator.post("/language", language="tlh")
    assert '<html lang="ru"' in operator.get("/").text
    operator.post("/logout")
    assert '<html lang="kk"' in operator.get("/login", **{"accept-language": "kk, en;q=0.5"}).text
