"""Opening a sounding: a list as one writes it, one option a line, or filled in from what the talks have already.

This module decides how the form becomes a list and what is said before it binds. Which lists can be sounded is decided in
`clerk.sounding_lists`.

1. In each language an option is a line; the lines of all languages stand in the same order.
2. What fills the lines in (days, levels, items of the agenda, variants of a provision) only fills: every line can be changed.
   A line that was left as it was filled in keeps the value by which a program knows it.
3. Opening takes two steps; the first shows the whole list, its times, and that the others see who opened it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, get_args

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from starlette.responses import Response

from good_offices import locale
from good_offices.chancery.screen import NAMED, level_name
from good_offices.chancery.screens.accepting import local_moment
from good_offices.chancery.screens.text_tabling import languages
from good_offices.chancery.visit import Visit, bound, get, post
from good_offices.clerk import sounding_lists
from good_offices.clerk.authors import powers_of
from good_offices.clerk.provisions import called
from good_offices.clerk.soundings import ABOUT
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.soundings.context import Kind, Option, Scale
from good_offices.talks.event import LEVELS
from good_offices.talks.events_sounding import SoundingOpened
from good_offices.talks.soundings import opened_id
from good_offices.text.model import Open

PACES: Final = {
    "60": N_("a minute"),
    "600": N_("ten minutes"),
    "3600": N_("an hour"),
    "21600": N_("six hours"),
    "86400": N_("a day"),
}
KINDS: Final[dict[Kind, tuple[str, str]]] = {
    "options": (N_("Options"), N_("Everything that all accept is found.")),
    "packages": (
        N_("Packages"),
        N_("Looked through in parts, in an order of chance, up to the first part with a match."),
    ),
    "range": (N_("A range"), N_("Whether two ranges of figures overlap: yes or no, and no figure.")),
}
_ABOUT: Final[dict[Kind, str]] = {"options": "date", "packages": "package", "range": "figure"}
_SHOWN: Final = 200
_CLOSES, _ENDS = timedelta(days=3), timedelta(days=5)
_MOST_LANGUAGES: Final = 6


def ask(visit: Visit) -> Response:
    """Show the form."""
    return _form(visit, {})


def _form(visit: Visit, typed: Mapping[str, Any]) -> Response:
    """Show the form with what was typed."""
    desk = visit.desk
    kind = typed.get("kind") or visit.query.get("kind", "")
    kind = kind if kind in KINDS else "options"
    noon = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)
    tongues = list(dict.fromkeys([*typed.get("tongues", ()), *_tongues(visit)]))
    return visit.page(
        "sounding_open.html",
        kind=kind,
        kinds=KINDS,
        about=ABOUT,
        chosen=typed.get("about") or _ABOUT[kind],
        tongues=tongues,
        more=[one for one in NAMED if one not in tongues],
        typed=typed,
        closes=typed.get("closes") or f"{noon + _CLOSES:%Y-%m-%dT%H:%M}",
        until=typed.get("until") or f"{noon + _ENDS:%Y-%m-%dT%H:%M}",
        zone=f"UTC{noon:%z}"[:6] + ":" + f"{noon:%z}"[3:],
        paces=PACES,
        pace=typed.get("pace") or "600",
        levels=LEVELS,
        units=_bracketed(visit),
        many=len(desk.talks.roster.expected) > 2,
        proposes="propose" in powers_of(desk),
    )


def _bracketed(visit: Visit) -> list[tuple[str, str]]:
    """Return the provisions with brackets of their own, each by what `fill` takes and by its name."""
    return [
        (f"{name}/{one.id}", called(text.instrument, locale.language())[one.id].whole)
        for name, text in visit.desk.talks.plenary.texts.items()
        for one in text.instrument.units
        if any(isinstance(run, Open) for runs in one.texts.values() for run in runs)
    ]


def _tongues(visit: Visit) -> Sequence[str]:
    """Return the languages in which a list is written: those of the talks, and one that was asked for."""
    asked = visit.field("add")
    return [*languages(visit.desk), *([asked] if asked in NAMED else [])][:_MOST_LANGUAGES]


def fill(visit: Visit) -> Response:
    """Show the form again with options filled in (rule 2)."""
    typed = _typed(visit)
    found = _filled(visit, typed["tongues"])
    for tongue in typed["tongues"]:
        lines = [one.words.get(tongue) or next(iter(one.words.values())) for one in found]
        typed[f"options.{tongue}"] = "\n".join(lines)
    first = typed["tongues"][0]
    values = {one.words.get(first) or next(iter(one.words.values())): one.value for one in found}
    return _form(visit, typed | {"values": json.dumps(values, ensure_ascii=False)})


def _filled(visit: Visit, tongues: Sequence[str]) -> list[Option]:
    """Return the options that a button of the form stands for.

    Raises:
        LocalError: as `clerk.sounding_lists`.
    """
    way = visit.field("fill")
    if way == "days":
        days = sounding_lists.days(visit.field("first"), visit.field("last"), tongues)
        return [
            Option(words={one: day_in(each.value, one) for one in tongues}, value=each.value) for each in days
        ]
    if way == "levels":
        return [Option(words={one: _level(level, one) for one in tongues}, value=level) for level in LEVELS]
    if way == "items":
        return sounding_lists.items(visit.desk, tongues)
    text, _slash, unit = visit.field("unit").partition("/")
    return sounding_lists.variants(visit.desk, unit, text or None)


def day_in(day: str, language: str) -> str:
    """Return a day, given as ISO 8601, as it is written out in a language; as given where nobody knows."""
    try:
        return str(
            format_date(date.fromisoformat(day), "EEEE, d MMMM y", locale=Locale.parse(language, sep="-"))
        )
    except (ValueError, UnknownLocaleError):
        return day


def _level(level: str, language: str) -> str:
    """Return the name of a level in a language, if the program speaks it."""
    with locale.use(language if language in locale.LANGUAGES else "en"):
        return level_name(level)


def open_it(visit: Visit) -> Response:
    """Show the whole list and its times, then open the sounding (rule 3)."""
    typed = _typed(visit)
    event = _event(visit, typed)
    shown = bound(event)
    confirmed = visit.field("confirmed") == "yes"
    if confirmed and visit.has_shown(shown):
        done = visit.seat.act("sounding", event)
        there = done.verdict is not None and done.verdict.status == "valid"
        back = f"/soundings/{opened_id(done.act).hex()}" if there else "/soundings"
        return visit.tell(
            done, event.name, back, said=_("The sounding is open. Now mark what you could accept.")
        )
    listed = event.listed
    return visit.page(
        "sounding_opened.html",
        409 if confirmed else 200,
        moved=visit.moved() if confirmed else "",
        listed=listed,
        about=ABOUT[listed.about],
        kinds=KINDS,
        rows=listed.options[:_SHOWN],
        more=max(len(listed.options) - _SHOWN, 0),
        paces=PACES,
        hurried=sounding_lists.remark(listed.pace),
        carried=[*_carried(visit), ("shown", shown), ("confirmed", "yes")],
        readers=visit.readers("plenary"),
    )


def _carried(visit: Visit) -> list[tuple[str, str]]:
    """Return the fields of the form, as the second step sends them."""
    left = ("csrf", "confirmed", "shown", "fill")
    return [
        (name, value)
        for name, value in visit.form.multi_items()
        if isinstance(value, str) and name not in left
    ]


def edit(visit: Visit) -> Response:
    """Show the form again, to change what the first step has shown."""
    return _form(visit, _typed(visit))


def _typed(visit: Visit) -> dict[str, Any]:
    """Return what was typed, with the languages of it in order."""
    typed: dict[str, Any] = {
        name: value.replace("\r\n", "\n").strip()
        for name, value in visit.form.multi_items()
        if isinstance(value, str)
    }
    named = [name.partition(".")[2] for name in typed if name.startswith("subject.")]
    return typed | {"tongues": list(dict.fromkeys([*named, *_tongues(visit)]))}


def _event(visit: Visit, typed: Mapping[str, Any]) -> SoundingOpened:
    """Return the event of a form.

    Raises:
        LocalError: `field-empty`, `time-unreadable`, and as `clerk.sounding_lists.opened`.
    """
    kind: Kind = typed["kind"] if typed.get("kind") in KINDS else "options"
    said = [one for one in typed["tongues"] if typed.get(f"subject.{one}")]
    closes, until = (local_moment(typed.get(name, "")) for name in ("closes", "until"))
    if not said or closes is None or until is None:
        raise LocalError("field-empty")
    about = typed.get("about", "")
    return sounding_lists.opened(
        kind,
        next((one for one in ABOUT if one == about), "other"),
        {one: typed[f"subject.{one}"] for one in said},
        [] if kind == "range" else _options(typed, said),
        sounding_lists.When(
            closes, until, 1000 * int(typed["pace"] if typed.get("pace") in PACES else "600")
        ),
        now=visit.seat.computing.now(),
        chunk=_number(typed.get("chunk", "")) if kind == "packages" else 0,
        scale=_scale(typed) if kind == "range" else None,
    )


def _options(typed: Mapping[str, Any], said: Iterable[str]) -> list[Option]:
    """Return the options, line by line in all languages (rule 1).

    Raises:
        LocalError: `sounding-list`.
    """
    tongues = list(said)
    lines = {
        one: [line.strip() for line in typed.get(f"options.{one}", "").split("\n") if line.strip()]
        for one in tongues
    }
    if len({len(found) for found in lines.values()}) > 1:
        raise LocalError("sounding-list", why=N_("its languages have not the same number of lines"))
    values = dict(json.loads(typed["values"])) if typed.get("values") else {}
    return [
        Option(words={one: lines[one][at] for one in tongues}, value=str(values.get(words, "")))
        for at, words in enumerate(lines[tongues[0]])
    ]


def _scale(typed: Mapping[str, Any]) -> Scale:
    """Return the scale of a range."""
    least, most, step = (_number(typed.get(name, "")) for name in ("least", "most", "step"))
    return Scale(least=least, most=most, step=step, unit=typed.get("unit", ""))


def _number(word: str) -> int:
    """Return a whole number of the form.

    Raises:
        LocalError: `field-empty`, `numbers-unreadable`.
    """
    if not word:
        raise LocalError("field-empty")
    try:
        return int(word)
    except ValueError:
        raise LocalError("numbers-unreadable", what=word[:40]) from None


assert set(KINDS) == set(get_args(Kind))

ROUTES: Final = (
    get("/soundings/~/open", ask),
    post("/soundings/~/open", open_it),
    post("/soundings/~/open/fill", fill),
    post("/soundings/~/open/edit", edit),
)
