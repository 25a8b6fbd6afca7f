"""Make the test vectors of spec/paper.md: run it from the root of the repository; it writes spec/vectors/paper/.

The sentences are ours, or those of the Charter of the United Nations in its authentic Arabic and Chinese texts (Article 1).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from good_offices.chancery.paper import lines, marks
from good_offices.text.model import Instrument, Unit, Words
from good_offices.text.notation import parse

HERE = Path(__file__).parent / "paper"

CASES = (
    (
        "en",
        "The Parties shall cooperate in good faith in the use and protection of the waters of the Arna River.",
    ),
    (
        "en",
        "not less than [180][240] cubic metres per second[, except in a year declared dry by the Commission].",
    ),
    (
        "en",
        "Disputes are settled by negotiation and by good[ offices and, failing that within six months, by it].",
    ),
    (
        "en",
        "a low-[carbon][emission] and climate-resilient development in line with the temperature-related objective",
    ),
    (
        "en",
        "*Recalling* the **whole** text{second sentence of 3.8} and its note[^4], 5 * 3 * 2 and snake_case remain",
    ),
    ("en", "one line\nand another  \n\nand a third after an empty one"),
    ("en", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsversammlung"),
    ("en", r"[shall cooperate with each other]\|[should cooperate with all others][other]"),
    (
        "ru",
        "Верхняя Сторона обеспечивает у водомерного поста Кессель расход не менее [180][240] кубических метров.",
    ),
    (
        "uk",
        "Сторони добросовісно співпрацюють у використанні й охороні вод — ґрунтових і поверхневих — річки Арна.",
    ),
    (
        "kk",
        "Тараптар Арна өзенінің суларын пайдалануда және қорғауда адал ынтымақтасады; үлгісі мен ұсынысы һәм іргесі.",
    ),
    (
        "ar",
        "حفظ السلم والأمن الدولي، وتحقيقاً لهذه الغاية تتخذ الهيئة التدابير المشتركة الفعّالة لمنع الأسباب التي تهدد السلم",
    ),
    (
        "zh",
        "维持国际和平及安全；并为此目的：采取有效集体办法，以防止且消除对于和平之威胁，制止侵略行为或其他和平之破坏。",
    ),
)
UNITS = (
    ("h1", "heading", "", ""),
    ("u1", "recital", "", "h1"),
    ("u2", "recital", "", "h1"),
    ("u3", "paragraph", "3 bis", "h1"),
    ("h2", "article", "Article 2", ""),
    ("u4", "paragraph", "", "h2"),
    ("u5", "subparagraph", "**(a)**", "u4"),
    ("n1", "note", "1", ""),
)


def broken(language: str, text: str) -> dict[str, Any]:
    unit = Unit(id="u", kind="paragraph", label="1", texts={language: parse(text, "u.")})
    found = [
        {
            "number": line.number,
            "pieces": [[piece.look, piece.text] for piece in line.pieces],
            "gap": line.gap,
            "last": line.last,
        }
        for line in lines(unit, language)
    ]
    return {"language": language, "notation": text, "lines": found}


def cited() -> dict[str, Any]:
    units = tuple(
        Unit(id=name, kind=kind, label=label, parent=parent, texts={"en": (Words(text=name),)})
        for name, kind, label, parent in UNITS
    )
    found = marks(Instrument(id="t", titles={}, authentic=("en",), units=units))
    return {"units": [list(one) for one in UNITS], "marks": found}


def write(name: str, about: str, cases: list[dict[str, Any]]) -> None:
    HERE.mkdir(exist_ok=True)
    text = json.dumps({"about": about, "cases": cases}, ensure_ascii=False, indent=1)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write("lines", "spec/paper.md sections 1 and 2: notation to lines", [broken(*case) for case in CASES])
    write("marks", "spec/paper.md rule 1.4: id, kind, label and parent to marks", [cited()])
