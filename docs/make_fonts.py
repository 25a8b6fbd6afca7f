"""Make the fonts in src/good_offices/assets/fonts again, from the whole faces that the npm registry has.

Run `python docs/make_fonts.py` where npm is, with `fonttools[woff]==4.68.0` installed; nothing else needs either. Each
package is named with its version and hash; another file is refused.

1. One file a face holds Latin, Greek and Cyrillic with their extensions, so that kerning works across a Kazakh word.
   Subsets by `unicode-range`, as web font services cut them, part Ә, Ғ and Қ from the letters beside them.
2. The same faces twice: WOFF2 for pages, TrueType for paper, because typst reads no WOFF2.
3. The licence reserves the name "Source" to the unmodified font (OFL 1.1, clause 3): the cut faces are called Good Offices
   Serif and Good Offices Sans. The Arabic face reserves no name, and is called after its script for one manner of naming.
4. `widths.json` has the advance of each character in thousandths of an em, for lines that are broken alike on every
   machine (spec/paper.md section 2).
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "src" / "good_offices" / "assets" / "fonts"
PACKAGES = {
    "@expo-google-fonts/source-serif-4@0.4.1": "Ej4UXDjW1kwYPHG8YLq6fK1bqnJGb3K35J3S5atSL0ScKFAFLKvndxoTWeCls7mybtlS9x99hzwDeXCBkiI3rA==",
    "@expo-google-fonts/source-sans-3@0.4.1": "sxsO4kfxQnVMT6ri/yWiBefkgem6suvc7KWJ4m/kWGTGqxkGouxG7MQsZ8XR6wqasxYZxdWK1gtusMBLSZDiiA==",
    "@expo-google-fonts/noto-naskh-arabic@0.4.5": "KN73tROdoKQubTZ/ZsERCdAlZ1cBLRbRIe196tISAcPLgIqMvIgFCUs1xsrS/pe3fIYxT9l+c95sQF8wv48ijA==",
}
SERIF, SANS, NASKH = PACKAGES
# The face in its package, the file here, the family and style by which programs know it.
FACES = (
    (SERIF, "400Regular/SourceSerif4_400Regular.ttf", "serif", "Good Offices Serif", "Regular"),
    (
        SERIF,
        "400Regular_Italic/SourceSerif4_400Regular_Italic.ttf",
        "serif-italic",
        "Good Offices Serif",
        "Italic",
    ),
    (SERIF, "600SemiBold/SourceSerif4_600SemiBold.ttf", "serif-semibold", "Good Offices Serif", "SemiBold"),
    (SANS, "400Regular/SourceSans3_400Regular.ttf", "sans", "Good Offices Sans", "Regular"),
    (SANS, "600SemiBold/SourceSans3_600SemiBold.ttf", "sans-semibold", "Good Offices Sans", "SemiBold"),
    (NASKH, "400Regular/NotoNaskhArabic_400Regular.ttf", "arabic", "Good Offices Arabic", "Regular"),
)
LICENCES = {SERIF: "OFL-serif.txt", SANS: "OFL-sans.txt", NASKH: "OFL-arabic.txt"}
LETTERS = (
    "0020-007E 00A0-024F 0259 02B9-02BA 02BC 02C6-02DD 0300-0304 0306-030C 0311-0312 0323-0328 0384-038A 038C 038E-03A1 "
    "03A3-03CE 0400-052F 1E00-1EFF 2010-2027 202F-203A 2044 2070-2094 20A0-20C0 2113 2116 2122 2190-2193 2200-2265 FFFD"
)
ARABIC = "0020-007E 00A0 00AB 00BB 0600-06FF 200C-200D 2010-2014 2018-201D 2026 2039-203A FFFD"
LIKE = {0x2011: 0x2010, 0x202F: 0x2009}
FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum", "pnum"]
JOINING = [
    "kern",
    "liga",
    "rlig",
    "calt",
    "ccmp",
    "locl",
    "mark",
    "mkmk",
    "init",
    "medi",
    "fina",
    "isol",
    "curs",
]


def fetched(package: str) -> dict[str, bytes]:
    """Return the files of a package by their paths, after seeing that it has the hash named above."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True)
        data = next(Path(folder).glob("*.tgz")).read_bytes()
    if base64.b64encode(hashlib.sha512(data).digest()).decode() != PACKAGES[package]:
        sys.exit(f"{package} has another hash than the one named here; nothing was written")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {
            one.name.removeprefix("package/"): file.read()
            for one in archive.getmembers()
            if (file := archive.extractfile(one))
        }


def codes(ranges: str) -> list[int]:
    """Return the code points of "0020-007E 00A0 ..."."""
    ends = [(part.split("-")[0], part.split("-")[-1]) for part in ranges.split()]
    return [code for first, last in ends for code in range(int(first, 16), int(last, 16) + 1)]


def cut(data: bytes, family: str, style: str) -> TTFont:
    """Return the face with the letters that are shipped and its own name."""
    arabic = family.endswith("Arabic")
    options = subset.Options()
    options.layout_features = JOINING if arabic else FEATURES
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes(ARABIC if arabic else LETTERS))
    cutter.subset(font)
    for table in font["cmap"].tables:
        # Signs that look like another one and that the serif lacks: a text never shows a box for them.
        for code, like in LIKE.items():
            if like in table.cmap:
                table.cmap.setdefault(code, table.cmap[like])
    named(font, family, style)
    return font


def named(font: TTFont, family: str, style: str) -> None:
    """Give the face its family and style, keeping who holds the copyright and under which licence."""
    whole = f"{family} {style}"
    linked = (family, style) if style in ("Regular", "Italic") else (whole, "Regular")
    table = font["name"]
    table.names = [one for one in table.names if one.nameID in (0, 13, 14)]
    records = {1: linked[0], 2: linked[1], 3: f"1.0;{whole}", 4: whole, 5: "Version 1.0"}
    records |= {6: "".join(family.split()) + "-" + style, 16: family, 17: style}
    for number, text in records.items():
        table.setName(text, number, 3, 1, 0x409)


def widths(serif: TTFont, arabic: TTFont) -> dict[str, int]:
    """Return the advance of each character in thousandths of an em; the serif's where both faces have it."""
    found: dict[int, int] = {}
    for font in (arabic, serif):
        scale = 1000 / font["head"].unitsPerEm
        found |= {code: round(font["hmtx"][glyph][0] * scale) for code, glyph in font.getBestCmap().items()}
    return {f"{code:04X}": found[code] for code in sorted(found)}


def main() -> None:
    """Write faces, licences and widths."""
    FONTS.mkdir(parents=True, exist_ok=True)
    packages = {package: fetched(package) for package in PACKAGES}
    for package, licence in LICENCES.items():
        (FONTS / licence).write_bytes(packages[package]["LICENSE_FONT"])
    made: dict[str, TTFont] = {}
    for package, path, file, family, style in FACES:
        font = made[file] = cut(packages[package][path], family, style)
        font.flavor = None
        font.save(FONTS / f"{file}.ttf")
        font.flavor = "woff2"
        font.save(FONTS / f"{file}.woff2")
    table = json.dumps(widths(made["serif"], made["arabic"]), separators=(",", ":"))
    (FONTS / "widths.json").write_text(table + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
