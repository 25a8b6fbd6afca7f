"""The venue's pages: their templates, how a value is written for a person, the style and fonts that they load.

This module decides the form of the public page and of the operator's console. It never decides what stands on them.
Templates escape everything; nothing is marked safe but our own icons. There are no scripts at all.

1. Style and fonts are a fixed list of files, read once, under an address that holds their digest: a path names one of
   them exactly or nothing, and what a browser has kept is never stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from good_offices import locale
from good_offices.locale import _
from good_offices.locale.scripts import direction

_FILES: Final = (
    "fonts.css",
    "style.css",
    "venue.css",
    "venue.svg",
    "fonts/arabic.woff2",
    "fonts/sans.woff2",
    "fonts/sans-semibold.woff2",
    "fonts/serif.woff2",
    "fonts/serif-italic.woff2",
    "fonts/serif-semibold.woff2",
)
_TYPES: Final = {"css": "text/css", "svg": "image/svg+xml", "woff2": "font/woff2"}
# Languages that are often interpreted; a declaration may name others in its file.
_INTERPRETED: Final = (
    "ar am az be bg bs ca cs da de el en es et fa fa-AF fi fr he hi hr hu hy id it ja ka kk ko ky lt lv mk mn my nl no pl"
    " ps pt ro ru sk sl so sq sr sv sw ta tg th ti tk tr uk ur uz vi zh"
)
# 24 by 24, drawn with a stroke.
_ICONS: Final = {
    "tick": "M4 12.5l5 5L20 6.5",
    "cross": "M6 6l12 12M18 6L6 18",
    "sealed": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "waiting": "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4.5l3 2",
    "alarm": "M12 4l9 16H3zM12 10v4.5M12 17v.5",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5",
    "unseen": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM4 20L20 4",
    "down": "M12 4v12M6.5 11l5.5 5.5 5.5-5.5M5 20h14",
    "off": "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M6.5 6.5l11 11",
}


@dataclass(frozen=True)
class Asset:
    """A file that pages load."""

    data: bytes
    media_type: str


@cache
def assets() -> tuple[str, Mapping[str, Asset]]:
    """Return the digest of all files of rule 1, 16 digits, and the files by their paths below it."""
    folder = files("good_offices.assets")
    found = {
        name: Asset(folder.joinpath(name).read_bytes(), _TYPES[name.rpartition(".")[2]]) for name in _FILES
    }
    digest = hashlib.sha256(b"".join(hashlib.sha256(one.data).digest() for one in found.values()))
    return digest.hexdigest()[:16], found


def asset(digest: str, path: str) -> Asset | None:
    """Return the file at an address, or None."""
    current, found = assets()
    return found.get(path) if digest == current else None


def icon(name: str) -> Markup:
    """Return one of our icons; it says nothing that a word beside it does not say."""
    return Markup('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>').format(
        _ICONS[name]
    )


def own_name(language: str) -> str:
    """Return what a language is called in itself, such as `Русский`."""
    return _name(language, language)


def name_of_language(language: str) -> str:
    """Return what a language is called in the language of the page."""
    return _name(language, locale.language())


def _name(language: str, reader: str) -> str:
    """Return the name of a language in another, with a capital letter; its tag if no name is known."""
    try:
        spoken = Locale.parse(reader, sep="-")
        # Some tags with a region have a name of their own: fa-AF is Dari.
        name = spoken.languages.get(language.replace("-", "_")) or Locale.parse(
            language, sep="-"
        ).get_display_name(spoken)
    except (ValueError, UnknownLocaleError):
        return language
    return name[:1].upper() + name[1:] if name else language


def interpreted() -> list[tuple[str, str]]:
    """Return the languages that are often interpreted, tags and names, in the alphabet of the page's language."""
    return sorted(
        ((tag, name_of_language(tag)) for tag in _INTERPRETED.split()), key=lambda one: one[1].casefold()
    )


def day(value: date) -> str:
    """Return a date by locale."""
    return format_date(value, "d MMMM y", locale=locale.language())


def when(value: int) -> str:
    """Return milliseconds since 1970 as date and time by locale, in this machine's time zone."""
    moment = datetime.fromtimestamp(value / 1000, UTC).astimezone()
    return format_datetime(moment, "d MMM y, HH:mm", locale=locale.language())


def local(value: int) -> str:
    """Return milliseconds since 1970 as the field of a form takes date and time, by this machine's clock."""
    return f"{datetime.fromtimestamp(value / 1000, UTC).astimezone():%Y-%m-%dT%H:%M}"


def iso(value: int) -> str:
    """Return milliseconds since 1970 for the `datetime` attribute of `<time>`."""
    return f"{datetime.fromtimestamp(value / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def number(value: float) -> str:
    """Return a number by locale."""
    return str(format_decimal(value, locale=locale.language()))


def size(value: int) -> str:
    """Return a size in bytes for people, with three digits at least where there are as many."""
    if value < 1000:
        return locale.ngettext("{count} byte", "{count} bytes", value).format(count=number(value))
    for power, words in ((1, _("{count} KB")), (2, _("{count} MB")), (3, _("{count} GB"))):
        scaled = value / 1000**power
        if scaled < 1000 or power == 3:
            return words.format(count=number(round(scaled, 1 if scaled < 100 else 0)))
    raise AssertionError  # the last power always returns


@cache
def environment() -> Environment:
    """Return the environment of all templates."""
    made = Environment(
        loader=PackageLoader("good_offices.venue"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined] # the i18n extension adds it
        locale._, locale.ngettext, newstyle=True, pgettext=locale.pgettext, npgettext=locale.npgettext
    )
    made.globals.update(
        icon=icon,
        direction=direction,
        own_name=own_name,
        language_name=name_of_language,
        languages=locale.LANGUAGES,
        interface_language=locale.language,
        assets=f"/static/{assets()[0]}",
    )
    made.filters.update(day=day, when=when, local=local, iso=iso, number=number, size=size)
    return made


def render(template: str, **context: Any) -> str:
    """Return a page in the current language."""
    return environment().get_template(template).render(**context)
