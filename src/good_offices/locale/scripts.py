"""From which side a language is written.

This module decides the `dir` of every text that is shown, at a desk and on the venue's pages alike. It never looks at the words.
"""

from __future__ import annotations

from typing import Final

# Languages whose usual script is written from the right, and the scripts themselves (ISO 15924), for tags that name one.
_LANGUAGES: Final = frozenset(
    "ar arc ckb dv fa he ks nqo prs ps sd syr ug ur yi".split()  # noqa: SIM905 - reads as a list
)
_SCRIPTS: Final = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})


def direction(language: str) -> str:
    """Return `rtl` or `ltr` for the script of a language."""
    tag = language.split("-")
    return "rtl" if tag[0] in _LANGUAGES or not _SCRIPTS.isdisjoint(tag) else "ltr"
