"""Make the test vectors of spec/text.md section 12 as both the desk and its pages show a redline; writes spec/vectors/redline/."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from good_offices.text.redline import in_words, redline, tokens_of

HERE = Path(__file__).parent / "redline"

PAIRS = (
    ("", "Each Party shall cooperate."),
    ("Each Party shall cooperate.", ""),
    ("not less than 180 or 240 cubic metres", "not less than 210 cubic metres"),
    ("not less than [180][240] cubic metres", "not less than 210 cubic metres, averaged over ten days"),
    ("From 1 April", "From 15 April"),
    (
        "расход не менее [180][240] кубических метров",
        "расход не менее 210 кубических метров в среднем за десять суток",
    ),
    ("Тараптар өзара әрекет етеді", "Тараптар адал өзара әрекет етеді"),
    ("يتعاون الطرفان بحسن نية", "يتعاون الطرفان دائما بحسن نية"),
    ("双方应当合作", "双方应当真诚合作"),
    ("café d’hiver", "cafe\u0301 d’été"),
    ("1,000.5 m³ and 2½", "1,000.6 m³ and 3½"),
    ("1\u00a0000 m", "1\u00a0500 m"),
    ("1\u202f000\u202f000 m", "1\u202f000\u202f500 m"),
    ("1 000 m", "1\u00a0000 m"),
    ("1  000 m", "1  500 m"),
    ("a b c d", "d c b a"),
    ("the the the", "the a the the"),
    ("😀 ends", "😁 ends"),
    ("first line\nsecond line", "first line\nthird line"),
)
WORDS = ("the", "Party", "shall", "should", "not", "180", "240", ",", "[", "]", "вода", "и")


def pairs() -> list[tuple[str, str]]:
    """Return the pairs above, and pairs of chance in which many alignments are equally long."""
    chance = random.Random(12)
    found = list(PAIRS)
    for _ in range(60):
        old = [chance.choice(WORDS) for _ in range(chance.randint(0, 14))]
        new = [one for one in old if chance.random() > 0.3]
        for _ in range(chance.randint(0, 4)):
            new.insert(chance.randint(0, len(new)), chance.choice(WORDS))
        found.append((" ".join(old), " ".join(new)))
    return found


def case(old: str, new: str) -> dict[str, Any]:
    """Return one vector."""
    segments = redline(old, new)
    return {
        "old": old,
        "new": new,
        "tokens": tokens_of(new),
        "segments": [[one.change, one.text] for one in segments],
        "words": list(in_words(segments)),
    }


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    told = {"rule": "spec/text.md section 12", "cases": [case(old, new) for old, new in pairs()]}
    (HERE / "redline.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
