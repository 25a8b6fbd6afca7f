"""The templates: where they are, what they may call, and how a value is written for a person.

This module decides the words for times, names and states that every screen shares. It never decides what a screen
shows. Templates escape everything; nothing is marked safe but our own icons.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from good_offices import locale
from good_offices.chancery.remedies import hint_for_page
from good_offices.chancery.text.cells import told
from good_offices.locale import N_, _, naming
from good_offices.locale.moments import moment
from good_offices.locale.scripts import direction

# Offered wherever one writes: the languages of the interface and of the United Nations.
NAMED: Final = (*locale.LANGUAGES, "ar", "es", "fr", "zh")

# 24 by 24, drawn with a stroke; the fonts that are shipped have no such characters.
_ICONS: Final = {
    "agreed": "M4 12.5l5 5L20 6.5",
    "bracketed": "M8 4H5v16h3M16 4h3v16h-3",
    "proposed": "M4 20l1-5L16 4l4 4L9 19z",
    "locked": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "private": "M4 5h10l6 7-6 7H4z",
    "open": "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16",
    "void": "M6 6l12 12M18 6L6 18",
    "without-effect": "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M6.5 6.5l11 11",
    "waiting": "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4.5l3 2",
    "urgent": "M12 4l9 16H3zM12 10v4.5M12 17v.5",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5",
    "next": "M5 12h13M13 6.5l5.5 5.5L13 17.5",
    "back": "M19 12H6M11 6.5L5.5 12l5.5 5.5",
    "paper": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "people": "M9 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M3 19c0-3 2.5-5 6-5s6 2 6 5M16 6a2.6 2.6 0 1 1 0 5.2M17 14.2c2.4.4 4 2.2 4 4.8",
    "key": "M8 10a4 4 0 1 0 0 8a4 4 0 1 0 0-8M11 11l9-8M17 5.5l2.5 2.5",
    "down": "M12 4v12M6.5 11l5.5 5.5 5.5-5.5M5 20h14",
    "screen": "M3 5h18v11H3zM9 20h6M12 16v4",
}


@cache
def icon(name: str) -> Markup:
    """Return one of our icons; it says nothing that a word beside it does not say."""
    return Markup('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>').format(
        _ICONS[name]
    )


own_name: Final = naming.own_name
name_of_language: Final = naming.name_of_language
listed: Final = naming.listed


# Each page names moments by the hundred, and mostly the same ones.
@lru_cache(4_096)
def _written(moment: datetime, pattern: str, language: str) -> str:
    """Return a moment by a pattern and a language."""
    return format_datetime(moment, pattern, locale=language)


def _by(value: int | datetime, pattern: str) -> str:
    """Return a moment in this machine's time zone, as far as the minute, by a pattern and the language of the screen."""
    return _written(
        _moment(value).astimezone().replace(second=0, microsecond=0, tzinfo=None), pattern, locale.language()
    )


def _moment(value: int | datetime) -> datetime:
    """Return a moment from milliseconds since 1970."""
    return value if isinstance(value, datetime) else moment(value)


def when(value: int | datetime) -> str:
    """Return a date and time by locale, in this machine's time zone."""
    return _by(value, "d MMMM y, HH:mm")


def day(value: int | datetime) -> str:
    """Return a date by locale."""
    return _by(value, "d MMMM y")


def date_of(words: str, language: str) -> str:
    """Return an ISO 8601 date, with the day of the week, as a language writes it; empty for all other words."""
    try:
        found, known = date.fromisoformat(words), Locale.parse(language, sep="-")
        return str(format_date(found, "EEEE, d MMMM y", locale=known)) if found.isoformat() == words else ""
    except (ValueError, UnknownLocaleError):
        return ""


def brief(value: int | datetime) -> str:
    """Return a date and time in few characters, for a margin."""
    return _by(value, "d MMM, HH:mm")


def clock(value: int | datetime) -> str:
    """Return the time of day."""
    return _by(value, "HH:mm")


def iso(value: int | datetime) -> str:
    """Return a moment for the `datetime` attribute of `<time>`."""
    return f"{_moment(value).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def local(value: int) -> str:
    """Return milliseconds since 1970 as the field of a form takes date and time, by this machine's clock."""
    return f"{moment(value).astimezone():%Y-%m-%dT%H:%M}"


def number(value: int) -> str:
    """Return a number by locale."""
    return str(format_decimal(value, locale=locale.language()))


def bytes_of(value: int) -> str:
    """Return a size for people."""
    if value < 1024:
        return locale.ngettext("{count} byte", "{count} bytes", value).format(count=number(value))
    return _("{count} KB").format(count=number(round(value / 1024)))


LEVEL_NAMES: Final = {
    "experts": N_("Experts"),
    "senior-officials": N_("Senior officials"),
    "ministers": N_("Ministers"),
    "leaders": N_("Leaders"),
}
STATUS_NAMES: Final = {
    "open": N_("Open"),
    "bracketed": N_("Bracketed"),
    "proposed": N_("Proposed"),
    "agreed": N_("Agreed"),
    "agreed_ad_referendum": N_("Agreed ad referendum"),
    "locked": N_("Locked"),
    "adopted": N_("Adopted"),
    "initialled": N_("Initialled"),
    "signed": N_("Signed"),
    "signed_ad_referendum": N_("Signed ad referendum"),
    "deposited": N_("Deposited"),
    "valid": N_("Stands"),
    "void": N_("Void"),
    "ineffective": N_("Without effect"),
    "waiting": N_("Waits to be sent"),
}


def level_name(level: str) -> str:
    """Return the name of a level."""
    return _(LEVEL_NAMES.get(level, level)) if level else ""


def power_name(power: str) -> str:
    """Return the name of a power."""
    # With their context: as the name of a right a verb stands in another form than on a button.
    names = {
        "speak": locale.pgettext("power", "speak"),
        "table": locale.pgettext("power", "table texts"),
        "propose": locale.pgettext("power", "propose"),
        "agree": locale.pgettext("power", "agree"),
        "initial": locale.pgettext("power", "initial"),
        "sign": locale.pgettext("power", "sign"),
        "release": locale.pgettext("power", "release to the public"),
    }
    return names.get(power, power)


def status_name(status: str) -> str:
    """Return the word for a status."""
    return _(STATUS_NAMES.get(status, status))


@cache
def environment() -> Environment:
    """Return the environment of all templates."""
    made = Environment(
        loader=PackageLoader("good_offices.chancery"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.policies["ext.i18n.trimmed"] = True
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
    )
    made.filters.update(
        when=when,
        day=day,
        date_of=date_of,
        brief=brief,
        local=local,
        clock=clock,
        iso=iso,
        listed=listed,
        number=number,
        bytes=bytes_of,
        level=level_name,
        power=power_name,
        status=status_name,
        hint=lambda verdict: hint_for_page(verdict["code"], verdict["hint"]),
        redlined=lambda one: told(one["now"], one["then"]),
    )
    return made


def render(template: str, frame: Mapping[str, Any] = MappingProxyType({}), /, **context: Any) -> str:
    """Return a page of what the frame shows and what a screen shows.

    Raises:
        TypeError: the screen gives a name of the frame, or of what every template may call, a second meaning.
    """
    made = environment()
    if twice := context.keys() & (frame.keys() | made.globals.keys()):
        msg = f"{template}: {', '.join(sorted(twice))} already mean something on every page"
        raise TypeError(msg)
    return made.get_template(template).render(frame, **context)
