"""Sheets as PDF and as Word files, read back by other programs' libraries."""

import io
import re
import time
import zipfile

import msgspec
import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn

from good_offices.chancery.paper import Imprint, docx, paper, pdf, printing
from good_offices.chancery.paper.making import language_name
from good_offices.chancery.paper.model import right_to_left
from good_offices.errors import LocalError, OperationalError
from good_offices.locale import use
from good_offices.text.model import Instrument, Unit, Words
from good_offices.text.notation import parse

IMPRINT = Imprint(
    talks="Arna River talks",
    version="Version 31",
    made=1_790_000_000_000,
    date="21 September 2026, 14:13",
    readers="May be read by: Upper Basin, Lower Basin",
)
TEXTS = {
    "en": "From 1 April to 30 September the Upper Party shall release not less than [180][240] cubic metres per second.",
    "kk": "Жоғарғы Тарап секундына кемінде [180][240] текше метр су жібереді; өңірдің, Қазақстанның ұсынысы һәм үлгісі.",
    "uk": "Верхня Сторона забезпечує [180][240] кубічних метрів, ґрунт і їжа є.",
    "ar": "يطلق الطرف الأعلى ما لا يقل عن [180][240] مترا مكعبا في الثانية.",
    "zh": "上游方应释放不少于立方米。",
}


def text(*languages, count=1, body=None):
    units = [
        Unit(id="h", kind="heading", texts={tag: (Words(text=f"Agreement {tag}"),) for tag in languages}),
        *(
            Unit(
                id=f"u{n}",
                kind="paragraph",
                label=f"2.{n}",
                parent="h",
                texts={tag: parse(body or TEXTS[tag], f"{n}.") for tag in languages},
            )
            for n in range(1, count + 1)
        ),
    ]
    titles = {tag: f"Agreement {tag}" for tag in languages}
    return Instrument(id="t", titles=titles, authentic=languages, units=tuple(units))


def read(data):
    reader = pypdf.PdfReader(io.BytesIO(data))
    return "\n".join(page.extract_text() for page in reader.pages), reader


def embedded(reader):
    return {
        font["/BaseFont"].partition("+")[2]
        for page in reader.pages
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values())
    }


def test_a_page_has_the_brackets_the_numbers_and_who_may_read_it():
    sheet = paper(text("en"), IMPRINT, status=lambda _: "Bracketed")
    found, reader = read(pdf(sheet))
    numbered = [(line.number, line.text) for line in sheet.provisions[1].lines["en"]]
    places = [re.search(rf"\b{number}\s*{re.escape(words)}", found) for number, words in numbered]
    assert len(places) == 3
    assert all(places)
    assert places[0].start() < places[1].start()
    for words in (
        "Arna River talks",
        "Version 31",
        "May be read by: Upper Basin",
        "Draft with brackets",
        "2.1",
        "Bracketed",
    ):
        assert words in found
    assert sheet.digest.hex()[:4] in found
    assert reader.metadata.title == "Agreement en"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True


@pytest.mark.parametrize("other", ["kk", "uk"])
@pytest.mark.parametrize("layout", ["columns", "sequence"])
def test_letters_are_in_the_file_and_come_out_of_it(other, layout):
    sheet = paper(text("en", other), IMPRINT, layout=layout)
    found, reader = read(pdf(sheet))
    assert all(line.text in found for line in sheet.provisions[1].lines[other])
    assert embedded(reader) == {
        "GoodOfficesSerif-Regular",
        "GoodOfficesSerif-SemiBold",
        "GoodOfficesSans-Regular",
        "GoodOfficesSans-SemiBold",
    }


def test_two_languages_stand_beside_each_other_and_three_follow():
    def width(*languages, **options):
        return read(pdf(paper(text(*languages), IMPRINT, **options)))[1].pages[0].mediabox.width

    assert width("en", "kk") > 800
    assert width("en", "kk", layout="sequence") < 600
    assert width("en", "kk", "uk") < 600


def test_arabic_runs_from_right_to_left():
    sheet = paper(text("en", "ar"), IMPRINT)
    data = pdf(sheet)
    assert "GoodOfficesArabic-Regular" in embedded(read(data)[1])
    # The number of the first line stands right of the middle: beside the beginning of a line from right to left.
    spots = []
    page = read(data)[1].pages[0]
    page.extract_text(
        visitor_text=lambda words, cm, tm, _font, _size: spots.append((words.strip(), cm[4] + tm[4]))
    )
    ones = [at for words, at in spots if words == "1"]
    assert len(ones) == 2
    assert max(ones) > 0.75 * float(page.mediabox.width)


def test_the_same_sheet_gives_the_same_bytes_and_another_does_not():
    one, two = (paper(text("en", "kk"), IMPRINT) for _ in range(2))
    later = msgspec.structs.replace(one, imprint=msgspec.structs.replace(IMPRINT, version="Version 32"))
    assert pdf(one) == pdf(two) != pdf(later)
    assert docx(one) == docx(two) != docx(later)


@pytest.mark.parametrize(
    "words",
    [
        '#read("widths.json")',
        "$ x $ *not* _markup_ <label> @ref // none",
        "#panic()",
        "= Title",
        "`raw` \\#\\$",
    ],
)
def test_words_are_never_read_as_markup(words):
    instrument = Instrument(
        id="t",
        titles={"en": words},
        authentic=("en",),
        units=(Unit(id="u", kind="paragraph", label="#1", texts={"en": (Words(text=words),)}),),
    )
    imprint = msgspec.structs.replace(IMPRINT, talks=words, readers=words)
    found = "".join(read(pdf(paper(instrument, imprint)))[0].split())
    printed = "".join(words.replace("*not*", "not").split())
    assert found.count(printed) >= 1
    assert found.count("".join(words.split())) >= 2  # head and foot show every star


def test_letters_that_no_shipped_face_has_are_refused_with_the_way_out():
    with pytest.raises(LocalError) as refused:
        pdf(paper(text("en", "zh"), IMPRINT))
    assert refused.value.code == "paper-letters"
    assert "方" in str(refused.value)
    assert "Word" in refused.value.remedy
    assert "上游方" in "".join(
        cell for row in table_of(docx(paper(text("en", "zh"), IMPRINT))) for cell in row
    )


def test_a_page_that_cannot_be_made_says_so(monkeypatch):
    monkeypatch.setattr(printing, "_template", lambda: b'#panic("no space")')
    with pytest.raises(OperationalError) as refused:
        pdf(paper(text("en"), IMPRINT))
    assert refused.value.code == "paper-failed"
    assert "no space" in str(refused.value)


def test_clean_is_refused_while_points_are_open_and_has_lines_to_sign_when_none_are():
    with pytest.raises(LocalError) as refused:
        paper(text("en"), IMPRINT, form="clean")
    assert refused.value.code == "brackets-remain"
    signed = msgspec.structs.replace(IMPRINT, signatories=("For the Upper Basin", "For the Lower Basin"))
    sheet = paper(text("en", body="The Parties shall."), signed, form="clean")
    assert "For the Lower Basin" in read(pdf(sheet))[0]
    assert "Clean text" in read(pdf(sheet))[0]
    assert [one.text for one in Document(io.BytesIO(docx(sheet))).paragraphs][-1] == "For the Lower Basin"


def test_a_unit_without_text_in_a_language_says_so():
    whole = text("en", "kk")
    alone = msgspec.structs.replace(whole.units[1], texts={"en": whole.units[1].texts["en"]})
    sheet = paper(msgspec.structs.replace(whole, units=(whole.units[0], alone)), IMPRINT)
    assert "(No text in this language yet)" in read(pdf(sheet))[0]
    assert any("(No text in this language yet)" in cell for row in table_of(docx(sheet)) for cell in row)


@pytest.mark.parametrize("layout", ["columns", "sequence"])
def test_the_heaviest_line_has_room_under_the_deepest_indentation(layout):
    heavy = "**" + "Обеспечивает у водомерного поста расход, сотрудничая " * 6 + "всегда**"
    parts = [("a", ""), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "d")]
    units = tuple(
        Unit(
            id=name,
            kind="subparagraph",
            parent=above,
            texts=dict.fromkeys(("ru", "uk"), (Words(text=heavy),)),
        )
        for name, above in parts
    )
    sheet = paper(Instrument(id="t", titles={}, authentic=("ru", "uk"), units=units), IMPRINT, layout=layout)
    assert [one.depth for one in sheet.provisions] == [0, 1, 2, 3, 4]
    found, _reader = read(pdf(sheet))
    whole = [line.text for line in sheet.provisions[-1].lines["ru"]]
    assert all(found.count(line) == 10 * whole.count(line) for line in whole)


@pytest.mark.parametrize("layout", ["columns", "sequence"])
def test_a_heading_missing_in_one_language_spoils_no_page(layout):
    def one(name, kind, parent, *languages):
        return Unit(id=name, kind=kind, parent=parent, texts={tag: (Words(text=name),) for tag in languages})

    units = (
        one("p", "paragraph", "", "en"),
        one("h1", "heading", "p", "en", "kk"),
        one("h2", "heading", "h1", "kk"),
        one("h3", "heading", "h2", "en"),
    )
    whole = Instrument(id="t", titles={"en": "Agreement"}, authentic=(), units=units)
    found, _reader = read(pdf(paper(whole, IMPRINT, layout=layout)))
    assert all(name in found for name in ("h1", "h2", "h3"))


def test_an_empty_text_is_a_page_with_its_title():
    whole = Instrument(id="t", titles={"en": "Agreement"}, authentic=("en",), units=())
    assert "Agreement" in read(pdf(paper(whole, IMPRINT)))[0]
    bare = msgspec.structs.replace(whole, titles={}, authentic=())
    assert "Arna River talks" in read(pdf(paper(bare, IMPRINT)))[0]
    assert docx(paper(bare, IMPRINT))[:2] == b"PK"


def test_the_mark_stands_again_on_the_page_where_a_provision_goes_on():
    body = " ".join(["The Parties shall cooperate in good faith."] * 60)
    _found, reader = read(pdf(paper(text("en", count=1, body=body), IMPRINT)))
    assert len(reader.pages) > 1
    assert all("2.1" in page.extract_text() for page in reader.pages)


def test_the_words_around_the_text_are_in_the_reader_s_language():
    with use("ru"):
        _found, reader = read(pdf(paper(text("en"), IMPRINT)))
    assert reader.trailer["/Root"]["/Lang"] == "ru"


def test_a_long_text_in_two_languages_is_a_matter_of_seconds():
    body = (
        "The Parties [shall][should] cooperate in good faith in the use and protection of the waters of the river, "
        * 4
    )
    sheet = paper(text("en", "kk", count=442, body=body.strip()), IMPRINT)
    start = time.process_time()
    data = pdf(sheet)
    assert time.process_time() - start < 6
    assert len(read_pages(data)) > 40


def read_pages(data):
    return pypdf.PdfReader(io.BytesIO(data)).pages


def table_of(data):
    return [[cell.text for cell in row.cells] for row in Document(io.BytesIO(data)).tables[0].rows]


def test_a_word_file_has_a_row_a_provision_with_its_numbers_and_brackets():
    sheet = paper(text("en", "kk"), IMPRINT)
    rows = table_of(docx(sheet))
    assert rows[0] == ["", "", "English", "", "Қазақ тілі"]
    assert rows[1][2] == "Agreement en"
    mark, numbers, english, kazakh_numbers, kazakh = rows[2]
    lines = sheet.provisions[1].lines
    assert mark == "2.1"
    assert numbers.split("\n") == [str(line.number) for line in lines["en"]]
    assert english.split("\n") == [line.text for line in lines["en"]]
    assert kazakh_numbers.split("\n") == [str(line.number) for line in lines["kk"]]
    assert kazakh.split("\n") == [line.text for line in lines["kk"]]
    assert "[180][240]" in english.replace("\n", "")


def test_a_word_file_in_sequence_has_headings_that_can_be_listed_and_a_table_of_lines_under_each():
    sheet = paper(text("en", "kk", count=3), IMPRINT, layout="sequence")
    data = docx(sheet)
    whole = Document(io.BytesIO(data))
    heads = [one.text for one in whole.paragraphs if one.style.name == "Heading 1"]
    assert heads == ["Agreement en", "Agreement kk"]
    assert len(whole.tables) == 2
    assert [row[0] for row in table_of(data)] == ["2.1", "2.2", "2.3"]
    lines = sheet.provisions[1].lines["en"]
    assert table_of(data)[0][1:] == [
        "\n".join(str(one.number) for one in lines),
        "\n".join(one.text for one in lines),
    ]
    assert b"lnNumType" not in zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")


@pytest.mark.parametrize("layout", ["columns", "sequence"])
def test_without_numbers_the_text_flows(layout):
    data = docx(paper(text("en", "kk"), IMPRINT, layout=layout, numbered=False))
    written = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert "w:br/>" not in written.replace(" ", "")
    joined = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", written))
    assert TEXTS["en"] in joined
    assert TEXTS["kk"] in joined


def test_every_run_of_the_text_has_its_language_and_direction():
    rows = Document(io.BytesIO(docx(paper(text("en", "ar"), IMPRINT)))).tables[0].rows
    english, arabic = rows[2].cells[2].paragraphs[0], rows[2].cells[4].paragraphs[0]
    assert {run._r.rPr.find(qn("w:lang")).get(qn("w:val")) for run in english.runs} == {"en"}
    assert {run._r.rPr.find(qn("w:lang")).get(qn("w:bidi")) for run in arabic.runs} == {"ar"}
    assert all(run.font.rtl for run in arabic.runs)
    assert arabic._p.pPr.find(qn("w:bidi")) is not None
    assert english._p.pPr.find(qn("w:bidi")) is None


def test_nothing_in_a_word_file_names_a_person_or_a_machine():
    whole = Document(io.BytesIO(docx(paper(text("en"), IMPRINT))))
    assert whole.core_properties.author == whole.core_properties.last_modified_by == "Arna River talks"
    assert whole.core_properties.created.isoformat().startswith("2026-09-21T")
    assert "python" not in whole.core_properties.comments


def test_languages_by_their_own_names_and_directions():
    assert [language_name(one) for one in ("uk", "kk", "qqq")] == ["Українська", "Қазақ тілі", "qqq"]
    assert [right_to_left(one) for one in ("ar", "fa", "az-Arab", "ku-Latn", "en", "ur-PK")] == [
        True,
        True,
        True,
        False,
        False,
        True,
    ]
