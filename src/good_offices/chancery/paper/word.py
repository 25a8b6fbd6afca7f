"""A sheet as a Word file: literal brackets, headings, languages marked, to be worked on anywhere. See spec/paper.md section 5.

This module decides how a sheet stands in DOCX. It never writes tracked changes, and nothing in the file names a machine or
a person.

1. Numbered, the lines end where they end on paper, and their numbers stand in a column of a table. A word processor's own
   numbering of lines cannot do it: LibreOffice does not begin again where Word does, and both count as they break.
2. Not numbered, the text flows, and no number stands beside it that could be mistaken for another one.
3. The same sheet gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from docx import Document
from docx.document import Document as Whole
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.run import CT_R
from docx.shared import Emu, Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from good_offices.chancery.paper.model import Language, Line, Look, Paper, Piece, Provision
from good_offices.chancery.paper.printing import grouped
from good_offices.locale import _, language

# On every machine that has a word processor, with Kazakh letters: the shipped faces are not on the reader's machine.
FONT: Final = "Times New Roman"
_AMBER: Final = RGBColor(0x8A, 0x43, 0x00)
_QUIET: Final = RGBColor(0x48, 0x58, 0x63)
_LOOKS: Final[dict[Look, tuple[str, ...]]] = {
    "words": (),
    "emphasis": ("italic",),
    "strong": ("bold",),
    "bracket": ("bold", "amber"),
    "blank": ("italic", "amber"),
    "note": ("superscript",),
    "by": ("italic", "quiet"),
}
_MARK: Final = Mm(20)
_NUMBER: Final = Mm(9)
# The measure at 11.5 pt and a twentieth more; the right half of the page is left for notes.
_ALONE: Final = Mm(112)


def docx(paper: Paper) -> bytes:
    """Return the sheet as a Word file (spec/paper.md section 5)."""
    whole = Document()
    beside = paper.layout == "columns" and len(paper.languages) == 2
    _page(whole, paper, beside=beside)
    _opening(whole, paper)
    if beside:
        table = _table(whole, paper, paper.languages, headed=True)
        for provision in paper.provisions:
            _row(table, provision, paper, paper.languages)
    else:
        for place, spoken in enumerate(paper.languages):
            _sequence(whole, paper, spoken, first=place == 0)
    for words in paper.imprint.closing:
        _plain(whole.add_paragraph(), words, before=Pt(12))
    for who in paper.imprint.signatories:
        _plain(whole.add_paragraph(), "_" * 36, before=Pt(42))
        _plain(whole.add_paragraph(), who)
    return _same_bytes(whole)


def _page(whole: Whole, paper: Paper, *, beside: bool) -> None:
    """Set page, styles, properties, head and foot."""
    section = whole.sections[0]
    short, long = Mm(210), Mm(297)
    section.page_width, section.page_height = (long, short) if beside else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if beside else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    _style(whole.styles["Normal"], Pt(10.5 if beside else 11.5))
    for level in range(1, 7):
        _style(whole.styles[f"Heading {level}"], Pt(16 if level == 1 else 12.5 if level == 2 else 11.5))
    about = whole.core_properties
    made = datetime.fromtimestamp(paper.imprint.made // 1_000, UTC).replace(tzinfo=None)
    about.title = paper.languages[0].title or paper.imprint.talks
    about.author = about.last_modified_by = paper.imprint.talks
    about.comments = about.keywords = f"{paper.imprint.version}, {grouped(paper.digest)}"
    about.created = about.modified = made
    about.revision = 1
    _plain(
        section.header.paragraphs[0],
        f"{paper.imprint.talks}   {paper.imprint.version}   {grouped(paper.digest)}",
    )
    foot = section.footer.paragraphs[0]
    _plain(foot, f"{paper.imprint.readers}   {paper.imprint.date}   ")
    before, _page_word, rest = _("Page {page} of {pages}").partition("{page}")
    between, _pages_word, after = rest.partition("{pages}")
    for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _plain(foot, words)
        if field:
            _field(foot, field)


def _style(style: Any, size: Pt) -> None:
    """Give a style the font and the size, in black."""
    style.font.name, style.font.size = FONT, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        if "heme" in name:
            del fonts.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)


def _field(paragraph: Paragraph, name: str) -> None:
    """Add a field that the word processor fills in."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = paragraph.add_run("1")
    run.font.size, run.font.color.rgb = Pt(9), _QUIET
    field.append(run._r)  # noqa: SLF001 - python-docx has no fields
    paragraph._p.append(field)  # noqa: SLF001 - as above


def _opening(whole: Whole, paper: Paper) -> None:
    """Say what it is, and how its lines are cited."""
    _plain(whole.add_paragraph(), _("Draft with brackets") if paper.form == "draft" else _("Clean text"))
    if paper.numbered:
        cited = _("Lines are numbered within each provision and language, on paper as on the screen.")
        _plain(whole.add_paragraph(), cited)


def _plain(paragraph: Paragraph, words: str, *, before: Length | None = None) -> None:
    """Add words of the program, small, in the reader's language."""
    run = paragraph.add_run(words)
    run.font.size, run.font.color.rgb = Pt(9), _QUIET
    _lang(run, language(), rtl=False)
    if before is not None:
        paragraph.paragraph_format.space_before = before


def _table(whole: Whole, paper: Paper, spoken: Sequence[Language], *, headed: bool) -> Table:
    """Add an empty table: marks, then for each language its text, with the numbers of the lines before it."""
    page = whole.sections[0]
    room = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    each = (room - _MARK) // 2
    widths: list[Length] = [_MARK]
    for _language in spoken:
        widths += [_NUMBER, Emu(each - _NUMBER)] if paper.numbered else [Emu(each)]
    if len(spoken) == 1:
        widths[-1] = _ALONE
    table: Table = whole.add_table(rows=0, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    if headed:
        head = table.add_row()  # type: ignore[no-untyped-call]
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - python-docx has no head rows
        step = 2 if paper.numbered else 1
        for place, one in enumerate(spoken):
            _words(head.cells[step * (place + 1)], [Piece(look="strong", text=one.name)], one)
    return table


def _row(table: Table, provision: Provision, paper: Paper, languages: Sequence[Language]) -> None:
    """Add a row: mark and status, then numbers and text of each language."""
    cells = table.add_row().cells  # type: ignore[no-untyped-call]
    step = 2 if paper.numbered else 1
    first = cells[0].paragraphs[0]
    if not provision.level:
        first.add_run(provision.mark).bold = True
    if provision.status:
        _plain(cells[0].add_paragraph() if provision.mark else first, provision.status)
    for place, spoken in enumerate(languages):
        lines = provision.lines.get(spoken.tag, ())
        text = cells[step * (place + 1)].paragraphs[0]
        _provision(text, provision, lines, spoken, paper)
        if paper.numbered:
            numbers = cells[step * place + 1].paragraphs[0]
            numbers.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            column = "\n".join(str(line.number) for line in lines if line.number)
            numbers.add_run(column).font.color.rgb = _QUIET


def _sequence(whole: Whole, paper: Paper, spoken: Language, *, first: bool) -> None:
    """Add the provisions in one language: headings that Word lists, and between them the text, in tables if numbered."""
    if len(paper.languages) > 1:
        head = whole.add_paragraph()
        head.paragraph_format.page_break_before = not first
        _plain(head, spoken.name)
    table: Table | None = None
    for provision in paper.provisions:
        if paper.numbered and not provision.level:
            table = table or _table(whole, paper, (spoken,), headed=False)
            _row(table, provision, paper, (spoken,))
        else:
            table = None
            paragraph = whole.add_paragraph()
            _provision(paragraph, provision, provision.lines.get(spoken.tag, ()), spoken, paper, marked=True)


def _provision(
    paragraph: Paragraph,
    provision: Provision,
    lines: Sequence[Line],
    spoken: Language,
    paper: Paper,
    *,
    marked: bool = False,
) -> None:
    """Fill a paragraph with a provision: as a heading, or with its mark before it where there is no column for marks."""
    if provision.level:
        paragraph.style = f"Heading {min(provision.level, 6)}"
    else:
        paragraph.paragraph_format.left_indent = Mm(5 * min(provision.depth, 3))
        paragraph.paragraph_format.space_after = Pt(6)
    if not lines:
        _plain(paragraph, f"({paper.missing})")
        return
    _direction(paragraph, spoken)
    if provision.mark and (marked or provision.level):
        _runs(paragraph, [Piece(look="strong", text=provision.mark)], spoken)
        paragraph.add_run(" " if provision.level else "\t")
    # A heading is one line on paper as in a table of contents.
    broken = paper.numbered and not provision.level
    for place, line in enumerate(lines):
        _runs(paragraph, line.pieces, spoken)
        if place + 1 < len(lines):
            if broken or line.last:
                paragraph.runs[-1].add_break()
            else:
                _runs(paragraph, [Piece(look="words", text=line.gap)], spoken)


def _words(cell: _Cell, pieces: Sequence[Piece], spoken: Language) -> None:
    """Fill a cell with one line."""
    _direction(cell.paragraphs[0], spoken)
    _runs(cell.paragraphs[0], pieces, spoken)


def _runs(paragraph: Paragraph, pieces: Sequence[Piece], spoken: Language) -> None:
    """Add pieces as runs, each with its language; brackets are characters of the text."""
    for piece in pieces:
        run = deepcopy(_run(piece.look, spoken.tag, rtl=spoken.rtl))
        run.text = piece.text
        paragraph._p.append(run)  # noqa: SLF001 - thousands of runs, each made anew, would take half a minute


@cache
def _run(look: Look, tag: str, *, rtl: bool) -> CT_R:
    """Return an empty run of this look and language, to be copied."""
    made = Document().add_paragraph().add_run()
    for one in _LOOKS[look]:
        if one in ("amber", "quiet"):
            made.font.color.rgb = _AMBER if one == "amber" else _QUIET
        else:
            setattr(made.font, one, True)
    _lang(made, tag, rtl=rtl)
    return deepcopy(made._r)  # noqa: SLF001 - as above


def _lang(run: Run, tag: str, *, rtl: bool) -> None:
    """Mark a run with its language and, from right to left, with its direction (ISO/IEC 29500-1, 17.3.2.20 and 30)."""
    found = run._r.get_or_add_rPr()  # noqa: SLF001 - python-docx knows no languages
    if rtl:
        run.font.rtl = True
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), tag)
    if rtl:
        mark.set(qn("w:bidi"), tag)
    found.append(mark)


def _direction(paragraph: Paragraph, spoken: Language) -> None:
    """Make a paragraph run from right to left where its language does."""
    if spoken.rtl:
        found = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no bidi paragraphs
        found.insert_element_before(
            OxmlElement("w:bidi"), "w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
        )


def _same_bytes(whole: Whole) -> bytes:
    """Return the file with no time of its making in it."""
    first, made = io.BytesIO(), io.BytesIO()
    whole.save(first)
    with zipfile.ZipFile(first) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in _parts(parts):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            out.writestr(entry, data)
    return made.getvalue()


def _parts(parts: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the parts of a file in their order."""
    for name in parts.namelist():
        yield name, parts.read(name)
