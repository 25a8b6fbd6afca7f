"""What languages are called, and how a sentence lists names, in the language of whoever reads.

This module decides no words of its own: they are those of the CLDR, as Babel has them.
"""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

from good_offices.locale import language as reading


def own_name(language: str) -> str:
    """Return what a language is called in itself, such as `Русский`."""
    name = _display_name(language, language)
    return name[:1].upper() + name[1:] if name else language


def name_of_language(language: str) -> str:
    """Return what a language is called in the language of whoever reads; its tag where nobody knows."""
    return _display_name(language, reading()) or language


def listed(values: list[str]) -> str:
    """Return names as a sentence lists them."""
    return format_list(values, locale=reading()) if values else ""


# Each page names languages by the hundred, and mostly the same ones.
@lru_cache(256)
def _display_name(language: str, within: str) -> str:
    """Return what a language is called in another or in itself; empty where nobody knows."""
    try:
        known = Locale.parse(language, sep="-")
        return known.get_display_name(None if within == language else within) or ""
    except (ValueError, LookupError, UnknownLocaleError):
        return ""
