"""The screens after the signature: paper, originals, corrections, certified copies; archive and the end of a desk."""

from __future__ import annotations

import io
import zipfile

import pytest
from pypdf import PdfReader
from tests.support import ending
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.chancery.paper import alternat
from good_offices.chancery.screens.overview import worded
from good_offices.clerk import afterwards, needs, terms
from good_offices.clerk import ending as ending_of
from good_offices.desk.destroying import MARK
from good_offices.instrument.evidence import verify_any
from good_offices.talks.events_plenary import TalksAdjourned, TalksConcluded

ERROR = {"unit": "", "language": "en", "found": "ten years", "correct": "twelve years"}


def deposited(house) -> None:
    """Bring the text to its deposit with the first delegation."""
    from good_offices.clerk import closing

    ending.signed(house)
    first = house.desks[0].identity.place.delegation
    ending.together(
        house, lambda desk: closing.deposited(desk, ending.text(desk), "Lake House", depositary=first)
    )


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, played=deposited) as house:
        yield house


def opened(house):
    desk = house.desks.pop(0)
    desk.close()
    return Pages(desk.storage.folder)


def twice(pages, path, files=None, **fields):
    """Take both steps of a form."""
    pages.post(path, files, **fields)
    return pages.confirm()


def pdf_text(answer):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


def test_each_party_stands_first_in_its_own_original(house):
    with opened(house) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        pages.get("/signature")
        everyone = pages.seat.desk.talks.roster.expected
        said = {}
        for one in everyone:
            assert f"/text/river/paper.pdf?original={one}" in pages.page
            answer = pages.client.get(f"/text/river/paper.pdf?original={one}&layout=sequence&numbers=no")
            said[one] = pdf_text(answer)
        first, second = (said[one] for one in everyone)
        assert first.index("The Parties share") < first.index("Стороны")
        assert second.index("Стороны") < second.index("The Parties share")
        named = {
            one.identity.place.delegation: f"{one.identity.delegation_name}" for one in (house.desks[0],)
        }
        named = {one: named.get(one, "Upper Basin") for one in everyone}
        one, other = (named[each] for each in everyone)
        # The lines to sign: whoever keeps the original stands first.
        assert f"{one} {other}" in " ".join(first.split())
        assert f"{other} {one}" in " ".join(second.split())
        pages.get(f"/text/river/paper?original={everyone[1]}&layout=sequence")
        assert f"original of {other}" in pages.page
        assert pages.page.index("Стороны") < pages.page.index("The Parties share")
        word = pages.client.get(f"/text/river/paper.docx?original={everyone[1]}&layout=sequence").content
        with zipfile.ZipFile(io.BytesIO(word)) as parts:
            body = parts.read("word/document.xml").decode()
        assert body.index("Стороны") < body.index("The Parties share")
        # Whoever prints may choose another order of the languages.
        chosen = pages.client.get(
            f"/text/river/paper.pdf?original={everyone[1]}&languages=en,ru&layout=sequence"
        )
        assert pdf_text(chosen).index("The Parties share") < pdf_text(chosen).index("Стороны")


def test_what_is_due_is_told_by_the_desks_own_clock(tmp_path):
    with House(tmp_path) as house:
        ending.together(house, lambda _desk: TalksAdjourned(date="Yesterday", resumes=1_000))
        desk = house.desks[0]
        common, caucus = list(desk.common.lines()), list(desk.caucus.lines())
        since = {desk.common.ledger.register: 0, desk.caucus.ledger.register: 0}
        kinds = [worded(one)["kind"] for one in needs.needs(desk, common, caucus, since)]
        assert "resume" in kinds
        assert "destroy" not in kinds
        terms_ = terms.proposed(desk, {"destroy_after_days": 1}, None)
        ending.together(house, lambda _desk: terms_)
        ending.together(house, lambda _desk: TalksConcluded())
        now = desk.common.lines
        ended = list(now())[-1].leaf.time_ms
        assert ending_of.retention(desk, ended + 1)["due"] is False
        assert ending_of.retention(desk, ended + 2 * 86_400_000)["due"] is True


def test_the_order_of_an_original():
    assert alternat.first(("a", "b", "c"), "b") == ("b", "c", "a")
    assert alternat.first(("a", "b"), "") == ("a", "b")
    assert alternat.languages(("en", "ru"), ("a", "b"), "b") == ("ru", "en")
    assert alternat.languages(("en", "ru", "kk"), ("a", "b"), "b") == ("en", "ru", "kk")


def test_a_signature_on_paper_is_attested_by_the_hash_of_its_scan(house):
    with opened(house) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        one = pages.seat.desk.identity.place.delegation
        fields = {
            "place": "Arna",
            "date": "1 May 2030",
            f"name-{one}": "Ada Vale",
            f"capacity-{one}": "President",
        }
        assert "no file was chosen" in pages.post("/signature/river/paper", **fields).lower()
        words = pages.post("/signature/river/paper", {"document": b"the scan"}, **fields)
        assert "Ada Vale, President, for Upper Basin" in words
        twice(pages, "/signature/river/paper", {"document": b"the scan"}, **fields)
        words = pages.get("/signature")
        assert "An attestation waits: Arna, 1 May 2030." in words


def test_what_waits_is_accepted_with_its_words_shown(tmp_path):
    with House(tmp_path, played=ending.adopted) as house:
        lower, upper = house.desks[1], house.desks[0]
        ids = {one.identity.delegation_name: one.identity.place.delegation for one in (upper, lower)}
        who = [(ids[name], f"Leader of {name}", "President") for name in ids]
        event = afterwards.attested(lower, ending.text(lower), bytes(32), who, place="Arna", date="1 May")
        done = lower.act("plenary", event)
        with opened(house) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            with pages.seat.speaking() as desk:
                desk.sync()
            words = pages.get(f"/accept?index={done.verdict.index}")
            assert "Leader of Lower Basin, President, for Lower Basin" in words
            assert "Arna, 1 May" in words
            pages.confirm()
            words = pages.get("/signature")
            assert words.count("signed on paper, as all attest") == 2
            common, caucus = list(pages.seat.desk.common.lines()), list(pages.seat.desk.caucus.lines())
            since = {pages.seat.desk.common.ledger.register: 0, pages.seat.desk.caucus.ledger.register: 0}
            kinds = [one["kind"] for one in needs.needs(pages.seat.desk, common, caucus, since)]
            assert "sign" not in kinds


def test_an_error_is_notified_objected_to_and_corrected(house):
    lower = house.desks[1]
    with opened(house) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        unit = next(one.id for one in ending.text(lower).instrument.units if "ten years" in str(one.texts))
        words = pages.post("/signature/river/error", **(ERROR | {"unit": unit, "days": "30"}))
        assert "Days within which to object: 30" in words
        twice(pages, "/signature/river/error", **(ERROR | {"unit": unit, "days": "30"}))
        lower.sync()
        (notice,) = afterwards.finished_told(lower, ending.text(lower))["notices"]
        lower.act("plenary", afterwards.objected(lower, str(notice["index"]), "We meant ten.", "en"))
        pages.seat.check()
        with pages.seat.speaking() as desk:
            desk.sync()
        words = pages.get("/signature")
        assert "Not corrected" in words
        assert "We meant ten." in words
        twice(pages, "/signature/river/error", **(ERROR | {"unit": unit}))
        lower.sync()
        index = afterwards.finished_told(lower, ending.text(lower))["notices"][-1]["index"]
        from good_offices.clerk import pending

        waits = [one for one in pending.pending(lower)["joint"] if one["event"] == "ErrorNotified"]
        assert index == waits[0]["index"]
        lower.act("plenary", pending.acceptance(lower, str(index), None))
        with pages.seat.speaking() as desk:
            desk.sync()
        words = pages.get("/signature")
        assert "Hash of the text with its corrections:" in words
        words = pages.get("/signature/river/rectification")
        assert "for “ten years” read “twelve years”" in words
        answer = pages.send("/signature/river/certified", place="Lake House", date="2 May")
        assert answer.status_code == 200, answer.text
        found = verify_any(answer.content)
        assert found.valid
        assert "twelve years" in found.text["en"]
        said = pdf_text(pages.client.get("/text/river/certified.pdf?place=Lake House&date=2 May"))
        assert "true copy" in said
        assert "twelve years" in said
        assert "Lake House, 2 May" in said


def test_only_the_depositary_is_offered_to_certify(house):
    lower = house.desks.pop(1)
    lower.close()
    with Pages(lower.storage.folder) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        words = pages.get("/signature")
        assert "Procès-verbal of signature" in words
        assert "Certified copies" not in words
        assert "Days within which to object" not in words
        assert "ask the depositary" in pages.get("/text/river/certified.pdf").lower()
        assert "ask the depositary" in pages.post("/signature/river/certified").lower()


def test_the_archive_is_made_and_the_desk_destroyed(house):
    with opened(house) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        words = pages.get("/record/archive")
        assert "in clear" in words.lower()
        answer = pages.send("/record/archive")
        assert answer.status_code == 200, (answer.headers, answer.text)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
            assert {"README.txt", "index.html", "acts.csv", "rooms/plenary.html"} <= set(files.namelist())
            assert not any(one.startswith("caucus") for one in files.namelist())
            assert "THE OUTCOME IS NOT IN THIS ARCHIVE" in files.read("README.txt").decode()
        assert "there is no outcome yet" in words
        words = pages.get("/record/destroy")
        assert "What stays verifiable" in words
        folder = pages.seat.folder
        words = pages.post("/record/destroy", name="Somebody Else", passphrase=PASSPHRASE)
        assert "Head 0" in words
        words = pages.post("/record/destroy", name="Head 0", passphrase="not this one")
        assert (folder / "keyring").exists()
        words = pages.post("/record/destroy", name="Head 0", passphrase=PASSPHRASE)
        assert "is destroyed" in words
        assert [path.name for path in folder.rglob("*")] == [MARK]
