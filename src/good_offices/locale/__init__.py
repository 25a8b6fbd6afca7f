"""The interface in the reader's language: English, Russian, Ukrainian, Kazakh.

This module decides how a sentence of the program is looked up and which language is current. It never touches
a text of the talks: the languages of the text and of the interface are independent.

1. A lookup happens when a sentence is shown, in the language of the current context; never at import time.
   A constant is marked with `N_` where it stands and goes through `_` where it is shown.
2. The English sentence is its own key, so English has no catalogue and nothing is ever shown as a code.
3. A catalogue is read once, when its language is first asked for; importing this module reads no file.
4. `use` is for one context (a request, a test), `begin` for a whole process, its threads and its libraries.
5. Words that are short or have several meanings carry a context (`pgettext`).
"""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final

__all__ = [
    "LANGUAGES",
    "N_",
    "Use",
    "_",
    "begin",
    "from_environment",
    "language",
    "ngettext",
    "npgettext",
    "pgettext",
    "preferred",
    "use",
]

DOMAIN: Final = "goodoffices"
FOLDER: Final = Path(__file__).parent
SOURCE: Final = "en"

# Each under its own name, in the order of those names: a reader looks for the word that he can read.
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "English", "ru": "Русский", "uk": "Українська", "kk": "Қазақша"}
)

_current: ContextVar[str] = ContextVar("good_offices_language")
_of_process = SOURCE


class Use:
    """A choice of language that has been made; as a context manager it is undone at the end."""

    def __init__(self, code: str) -> None:
        """Make the choice now."""
        self._token = _current.set(code)

    def __enter__(self) -> None:
        """Do nothing more: the choice stands since `use`."""

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Return to the language of before."""
        _current.reset(self._token)


def use(code: str) -> Use:
    """Choose the language of this context; as a `with` statement, until its end.

    A code that is not among `LANGUAGES` is English: a bad header or cookie must not end a request.
    """
    return Use(code if code in LANGUAGES else SOURCE)


def begin(code: str) -> None:
    """Choose the language of this process, with its threads and with libraries that speak by `gettext`."""
    global _of_process  # noqa: PLW0603 - a thread starts with an empty context, so a ContextVar cannot do this
    _of_process = code if code in LANGUAGES else SOURCE
    # click speaks through the global domain of the process: its few sentences stand in our catalogues.
    _gettext.bindtextdomain(DOMAIN, str(FOLDER))
    _gettext.textdomain(DOMAIN)


def language() -> str:
    """Return the code of the current language."""
    return _current.get(_of_process)


def N_(message: str) -> str:  # noqa: N802 - the name every extractor knows
    """Return the sentence as it stands; it is marked for the catalogues and translated when shown."""
    return message


def _(message: str) -> str:
    """Return the sentence in the current language."""
    # The empty key is the header of a catalogue, never a sentence.
    return _catalogue(language()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the sentence for this count in the current language."""
    return _catalogue(language()).ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """Return the word in the current language, in the meaning that the context names."""
    return _catalogue(language()).pgettext(context, message)


def npgettext(context: str, singular: str, plural: str, count: int) -> str:
    """Return the word for this count in the current language, in the meaning that the context names."""
    return _catalogue(language()).npgettext(context, singular, plural, count)


def preferred(accept_language: str) -> str:
    """Return the language of ours that an Accept-Language header prefers; English if it names none."""
    best, weight = SOURCE, 0.0
    for part in accept_language.split(","):
        tag, _semicolon, parameter = part.partition(";")
        code = _primary(tag)
        asked = _weight(parameter)
        # Of equal weights the first stands (RFC 9110 section 12.5.4 leaves it open; browsers list by liking).
        if code in LANGUAGES and asked > weight:
            best, weight = code, asked
    return best


def from_environment(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language that the environment asks for; English if it is none of ours.

    The first variable that is set decides, as in `gettext`; only LANGUAGE is a list.
    """
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            asked = (_primary(part) for part in (value.split(":") if name == "LANGUAGE" else [value]))
            return next((code for code in asked if code in LANGUAGES), SOURCE)
    return SOURCE


@cache
def _catalogue(code: str) -> _gettext.NullTranslations:
    """Return the catalogue of a language (rule 3)."""
    if code == SOURCE:
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, FOLDER, [code], fallback=True)


def _primary(tag: str) -> str:
    """Return the first part of `ru_RU.UTF-8`, `uk-UA` or ` kk `, in small letters."""
    for mark in ".@_-":
        tag = tag.partition(mark)[0]
    return tag.strip().lower()


def _weight(parameter: str) -> float:
    """Return the weight of `q=0.8`, 1 where none is given, 0 where it is no number."""
    name, _equals, value = parameter.partition("=")
    if not name.strip():
        return 1.0
    try:
        # `q=nan` compares as false and so is refused without a rule of its own.
        return min(float(value), 1.0) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 0.0
