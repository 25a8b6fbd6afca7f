"""The text on paper: the same numbers on every medium, and what is refused."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader
from tests.support import river
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.chancery.paper import lines, marks


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with House(tmp_path_factory.mktemp("paper"), played=river.half_way) as house:
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            yield pages


def test_a_page_has_the_lines_of_the_sheet(pages):
    words = pages.get("/text/river/paper")
    with pages.seat.turn:
        text = pages.seat.desk.talks.plenary.texts["river"].instrument
    unit = text.unit(river.FLOW)
    numbered = [one for one in lines(unit, "en") if one.number]
    assert len(numbered) > 1
    row = re.search(rf'id="unit-{unit.id}">(.*?)lang="ru"', pages.page, re.DOTALL)[1]
    assert re.findall(r'class="no"[^>]*>(\d+)<', row) == [str(one.number) for one in numbered]
    for one in numbered:
        assert " ".join(one.text.split())[:12] in words
    assert marks(text)[unit.id] in row


def test_a_pdf_comes_with_its_name_and_has_both_languages(pages):
    answer = pages.client.get("/text/river/paper.pdf?form=bracketed&languages=en,ru")
    assert answer.headers["content-type"] == "application/pdf"
    said = answer.headers["content-disposition"]
    assert said.startswith('attachment; filename="Agreement on the waters of the Arna River, draft, Version')
    assert said.isascii()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "Kessel" in text
    assert "водомерного" in text


def test_one_language_and_without_numbers(pages):
    pages.get("/text/river/paper?languages=ru&numbers=no&layout=sequence")
    assert 'class="no"' not in pages.page
    assert "Kessel" not in pages.page
    assert "paper.pdf?form=bracketed&amp;languages=ru&amp;numbers=no&amp;layout=sequence" in pages.page


def test_a_word_file(pages):
    answer = pages.client.get("/text/river/paper.docx")
    assert answer.content[:2] == b"PK"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ".docx" in answer.headers["content-disposition"]


def test_a_clean_page_of_an_open_text_is_refused(pages):
    for kind in ("paper", "paper.pdf", "paper.docx"):
        words = pages.get(f"/text/river/{kind}?form=clean")
        assert pages.status == 400
        assert "This was not done" in words


def test_a_text_that_there_is_not(pages):
    pages.get("/text/other/paper")
    assert pages.status == 400
