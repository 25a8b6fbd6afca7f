"""The shipped faces: every letter that four languages need, small enough, under their licences and own names."""

import json
import re
import zlib
from importlib import resources

import pytest
import typst

ASSETS = resources.files("good_offices") / "assets"
FONTS = ASSETS / "fonts"
FACES = ("serif", "serif-italic", "serif-semibold", "sans", "sans-semibold")
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
UKRAINIAN = "ҐґЄєІіЇї"
RUSSIAN = "АаЁёЙйЪъЫыЭэЯя"
SIGNS = "«»„“”’–—…§№°‑\N{NO-BREAK SPACE}[]{}"


def characters(face):
    """Return the code points that a TrueType face maps to a glyph (OpenType cmap, formats 4 and 12)."""
    data = (FONTS / f"{face}.ttf").read_bytes()
    number = int.from_bytes(data[4:6], "big")
    records = [data[12 + 16 * n : 28 + 16 * n] for n in range(number)]
    at = next(int.from_bytes(one[8:12], "big") for one in records if one[:4] == b"cmap")
    tables = int.from_bytes(data[at + 2 : at + 4], "big")
    places = {at + int.from_bytes(data[at + 8 + 8 * n : at + 12 + 8 * n], "big") for n in range(tables)}
    return set().union(*(_mapped(data[place:]) for place in places))


def _mapped(table):
    """Return the code points of one subtable, leaving out those that map to the missing glyph."""

    def word(place):
        return int.from_bytes(table[place : place + 2], "big")

    if word(0) == 12:
        groups = int.from_bytes(table[12:16], "big")
        ends = [
            [int.from_bytes(table[p : p + 4], "big") for p in (16 + 12 * n, 20 + 12 * n)]
            for n in range(groups)
        ]
        return {code for first, last in ends for code in range(first, last + 1)}
    assert word(0) == 4
    twice = word(6)
    found = set()
    for n in range(0, twice, 2):
        last, first = word(14 + n), word(16 + twice + n)
        delta, offset = word(16 + 2 * twice + n), word(16 + 3 * twice + n)
        for code in range(first, last + 1):
            place = 16 + 3 * twice + n + offset + 2 * (code - first)
            glyph = word(place) if offset else code
            if glyph and (glyph + delta) & 0xFFFF and code != 0xFFFF:
                found.add(code)
    return found


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("letters", [KAZAKH, UKRAINIAN, RUSSIAN, SIGNS, "ÄäÇçĞğŁłŞşŽž", "ΆάΩω"])
def test_a_face_has_the_letters(face, letters):
    assert not set(map(ord, letters)) - characters(face)


def test_the_arabic_face_has_its_letters():
    assert not set(map(ord, "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآةىپچژگ،؛؟٠١٢٣")) - characters("arabic")


def test_every_face_comes_as_woff2_too_and_the_style_sheet_names_all_of_them():
    css = (ASSETS / "fonts.css").read_text()
    named = set(re.findall(r'url\("fonts/([\w-]+\.woff2)"\)', css))
    assert named == {one.name for one in FONTS.iterdir() if one.name.endswith(".woff2")}
    assert named == {f"{face}.woff2" for face in (*FACES, "arabic")}
    assert all((FONTS / one).read_bytes()[:4] == b"wOF2" for one in named)
    assert "//" not in css.replace("/*", "").replace("*/", "")


def test_no_face_bears_the_reserved_name():
    faces = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    assert sorted({one.family for one in faces.fonts()}) == [
        "Good Offices Arabic",
        "Good Offices Sans",
        "Good Offices Serif",
    ]


def test_each_licence_is_beside_its_faces():
    for name in ("OFL-serif.txt", "OFL-sans.txt", "OFL-arabic.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / name).read_text(encoding="utf-8")


def test_the_widths_are_those_of_the_serif_face():
    widths = json.loads((FONTS / "widths.json").read_text())
    assert {int(code, 16) for code in widths} == characters("serif") | characters("arabic")
    assert (widths["0020"], widths["0041"], widths["04D8"]) == (237, 712, 669)


def test_the_data_of_the_interface_stays_small():
    found = [one.read_bytes() for one in FONTS.iterdir()]
    assert sum(map(len, found)) < 1_300_000
    assert sum(len(zlib.compress(one, 9)) for one in found) < 700_000
