"""The glossary: one word for one meaning, in four languages.

This module decides how `glossary.toml` is read. The words and their sources stand there; `docs/glossary.md` shows them.

1. A term is named by its id; `en` is the English word, and the three others stand beside it.
2. A sentence of the interface that is exactly an English term has exactly the glossary's word as its translation.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Final

from good_offices.locale import FOLDER, LANGUAGES

FILE: Final = FOLDER / "glossary.toml"


@cache
def glossary() -> dict[str, dict[str, str]]:
    """Return every term by its id: a word for each language, `part`, `source` and `note`."""
    found: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return found


@cache
def terms(code: str) -> dict[str, str]:
    """Return the words of one language by the English ones, as inside a sentence and with a capital (rule 2)."""
    words = {term["en"]: term[code] for term in glossary().values()}
    return words | {_capital(english): _capital(word) for english, word in words.items()}


def page() -> str:
    """Return `docs/glossary.md`: the whole glossary as a table."""
    lines = [
        "# Glossary in four languages",
        "",
        "The words of the field as the interface uses them. `src/good_offices/locale/glossary.toml` is the source of this page",
        "and a test keeps the two equal; [spec/glossary.md](../spec/glossary.md) says what the words mean here.",
        "",
        "The sources are the authentic English and Russian texts of the Vienna Convention on the Law of Treaties (VCLT), its",
        "official Ukrainian translation, the law of Kazakhstan on international treaties, and the usage of ministries. Where a",
        "word is ours for want of a source, the last column says so.",
        "",
        "| " + " | ".join([*LANGUAGES.values(), "source", "note"]) + " |",
        "|---" * (len(LANGUAGES) + 2) + "|",
    ]
    for term in glossary().values():
        cells = [*(term[code] for code in LANGUAGES), term.get("source", ""), term.get("note", "")]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _capital(word: str) -> str:
    """Return a word with a capital at its beginning, and nothing else changed."""
    return word[:1].upper() + word[1:]
