"""Which text may stand in a record, and which in a negotiating text.

This module decides what counts as plain, visible text. It never changes a character: it refuses, with the position.

1. Every text is in Normalization Form C (UAX 15) and has only code points assigned in Unicode `UNICODE`.
   The tables come from the pinned package, never from the running Python, so that all desks agree.
2. No control characters but LF and TAB, no surrogates, no private use, no noncharacters.
3. In words that bind (`check_words`): also no bidirectional controls, no zero-width or other invisible
   characters, and no word that mixes scripts (UTS 39 section 5.1: Common and Inherited go with any).
"""

from __future__ import annotations

from typing import Final

import unicodedataplus as tables

from good_offices.errors import LocalError, RemoteError

UNICODE: Final = "16.0.0"

_FORBIDDEN: Final = {
    "Cc": "a control character",
    "Cn": "an unassigned code point",
    "Cs": "a surrogate",
    "Co": "a private-use character",
}
_ALLOWED_CONTROLS: Final = "\n\t"
_INVISIBLE: Final = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0\u2800")
# Joiners that the orthography of these scripts needs (UAX 31 section 2.3).
_JOINERS: Final = frozenset("\u200c\u200d")
_JOINING: Final = frozenset({"Arabic", "Devanagari", "Bengali", "Sinhala", "Malayalam", "Khmer", "Myanmar"})
# Scripts that are written together in one word (UTS 39 table 1a).
_TOGETHER: Final = (
    frozenset({"Han", "Hiragana", "Katakana"}),
    frozenset({"Han", "Hangul"}),
    frozenset({"Han", "Bopomofo"}),
)

ErrorType = type[LocalError | RemoteError]


def check_text(text: str, *, what: str = "the text", error: ErrorType = LocalError) -> None:
    """Pass if `text` keeps rules 1 and 2 (spec/encoding.md section 3).

    Raises:
        LocalError or RemoteError (as `error` says): `text-not-plain` with the position, counted from 1.
    """
    if text.isascii() and (text.isprintable() or _printable_lines(text)):
        return
    # Each character once; where it stands is asked only of one that is refused.
    refused = {one: why for one in set(text) if (why := _forbidden(one))}
    if refused:
        position = min(text.index(one) for one in refused)
        raise error("text-not-plain", what=what, position=position + 1, why=refused[text[position]])
    if not tables.is_normalized("NFC", text):
        normal = tables.normalize("NFC", text)
        pairs = enumerate(zip(text, normal, strict=False), 1)
        position = next((at for at, (one, two) in pairs if one != two), len(normal))
        raise error("text-not-plain", what=what, position=position, why="not in Normalization Form C")


def check_words(text: str, *, what: str = "the text", error: ErrorType = LocalError) -> None:
    """Pass if `text` may stand where words bind: rules 1, 2 and 3 (spec/encoding.md section 4).

    Raises:
        LocalError or RemoteError (as `error` says): `text-not-plain` with the position, counted from 1.
    """
    check_text(text, what=what, error=error)
    if text.isascii() or _one_script(set(text)):
        return
    word: set[str] = set()
    previous = ""
    for position, character in enumerate(text, 1):
        category = tables.category(character)
        joins = character in _JOINERS and previous and tables.script(previous) in _JOINING
        if (category == "Cf" or character in _INVISIBLE) and not joins:
            raise error("text-not-plain", what=what, position=position, why="an invisible character")
        if category[0] not in "LM":
            word.clear()
        else:
            script = tables.script(character)
            if script not in ("Common", "Inherited"):
                word.add(script)
            if len(word) > 1 and not any(word <= group for group in _TOGETHER):
                raise error("text-not-plain", what=what, position=position, why="a word that mixes scripts")
        previous = character


def _one_script(characters: set[str]) -> bool:
    """Tell whether no character is invisible and all have one script, so that no word can mix any.

    Asked first, of each character once: long statements are judged by every reader, and most are in one script.
    """
    scripts = {tables.script(one) for one in characters if tables.category(one)[0] in "LM"}
    visible = not characters & _INVISIBLE and all(tables.category(one) != "Cf" for one in characters)
    return visible and len(scripts - {"Common", "Inherited"}) <= 1


def _forbidden(character: str) -> str | None:
    """Return why a character may not stand in any text (rules 1 and 2), or None."""
    return None if character in _ALLOWED_CONTROLS else _FORBIDDEN.get(tables.category(character))


def _printable_lines(text: str) -> bool:
    """Tell whether ASCII `text` is printable apart from LF and TAB."""
    return text.replace("\n", "").replace("\t", "").isprintable()
