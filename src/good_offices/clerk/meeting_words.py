"""Conditions of a convening rule in words, and as people write them; times of a meeting in the zones of all who come.

This module decides how a condition is written and told, and how a claimed time reads in a zone. It never decides whether a
condition is met, and asks no network: zones are those of this machine's database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from good_offices.clerk import names, provisions
from good_offices.clerk.signing import title_of
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import N_, _, language, ngettext
from good_offices.locale.quotes import quoted
from good_offices.talks.convening import Missing
from good_offices.talks.convening_rule import (
    Agreed,
    Condition,
    Deliverables,
    Expectations,
    NoOpenPoint,
    Notice,
    Readiness,
)
from good_offices.talks.event import LEVELS, Level
from good_offices.talks.events_meetings import SittingProposed
from good_offices.text.model import Instrument, Unit

LEVEL_WORDS: Final = {
    "experts": N_("Experts"),
    "senior-officials": N_("Senior officials"),
    "ministers": N_("Ministers"),
    "leaders": N_("Leaders"),
}
AT_LEAST: Final = {
    "ad-referendum": N_("agreed ad referendum"),
    "agreed": N_("agreed"),
    "locked": N_("locked"),
}
STAGES: Final = {
    "proposed": N_("proposed"),
    "agreed": N_("accepted by all, not convened"),
    "convened": N_("convened"),
    "open": N_("open"),
    "suspended": N_("suspended"),
    "closed": N_("closed"),
    "called-off": N_("called off"),
}
_MISSING: Final = {
    "not-tabled": N_("the text “{text}” is on the table"),
    "unit-gone": N_("{where}: these provisions are in the text"),
    "not-agreed": N_("{where}: agreed"),
    "open-point": N_("no open point in {where}"),
    "brackets": N_("no bracket in {where}"),
    "not-ready": N_("the declaration of readiness"),
    "not-sealed": N_("what it expects of the sitting, sealed"),
    "not-opened": N_("the host’s box opens what all have sealed"),
    "notice": N_("the notice begins when all have accepted the sitting"),
}
# A word for each condition, as the command line takes it.
WORDS: Final = ("readiness", "notice DAYS", "expectations", "deliverables TEXT", "no-open-point TEXT [1,2]", "agreed TEXT [1,2] [ad-referendum|agreed|locked]")  # fmt: skip


def rule_words(desk: Desk, one: Condition) -> str:
    """Return a condition in one line for people."""
    match one:
        case Readiness():
            return _("every delegation declares readiness")
        case Notice():
            return ngettext("a notice of {days} day", "a notice of {days} days", one.days).format(
                days=one.days
            )
        case Expectations():
            return _("what every delegation expects is opened together")
        case Deliverables():
            return _("the joint list “{text}” has no bracket").format(text=_title(desk, one.instrument))
        case NoOpenPoint():
            where = _where(desk, one.instrument, one.units)
            return _("no open point in {where}").format(where=where)
        case Agreed():
            where = _where(desk, one.instrument, one.units)
            return _("{where}: at least {standing}").format(where=where, standing=_(AT_LEAST[one.at_least]))


def missing_words(desk: Desk, one: Missing) -> str:
    """Return what is missing of a condition in one line for people, whoever's part it is."""
    condition = one.condition
    text = getattr(condition, "instrument", "")
    where = _where(desk, text, one.units) if text else ""
    if isinstance(condition, Agreed) and one.lacks == "not-agreed":
        return _("{where}: at least {standing}").format(where=where, standing=_(AT_LEAST[condition.at_least]))
    if one.lacks == "notice" and one.until is not None:
        return _("the notice ends on {when}").format(when=names.when(one.until))
    return _(_MISSING[one.lacks]).format(text=_title(desk, text) if text else "", where=where)


def _title(desk: Desk, text: str) -> str:
    """Return the title of a text; the word for it in the rule if there is none on the table."""
    held = desk.talks.plenary.texts.get(text)
    return title_of(held.instrument)[1] if held else text


def _where(desk: Desk, text: str, units: Iterable[str]) -> str:
    """Return provisions of a text as people call them; all, if none is named."""
    held = desk.talks.plenary.texts.get(text)
    labels = provisions.called(held.instrument, language()) if held else {}
    called = list(dict.fromkeys(labels[one].whole if one in labels else one for one in units))
    title = quoted(_title(desk, text))
    return f"{title} {_first(called)}" if called else title


def _first(called: list[str]) -> str:
    """Return the first of the provisions that a condition names."""
    return ", ".join(called[:6]) + (" …" if len(called) > 6 else "")


def read_condition(desk: Desk, words: str) -> Condition:
    """Return the condition that somebody wrote (`WORDS`).

    Raises:
        LocalError: `condition-unreadable`, `unit-unknown`, `unit-ambiguous`.
    """
    kind, *rest = words.split()
    plain: dict[str, Condition] = {"readiness": Readiness(), "expectations": Expectations()}
    if kind in plain and not rest:
        return plain[kind]
    if kind == "notice" and len(rest) == 1 and rest[0].isascii() and rest[0].isdigit() and len(rest[0]) < 4:
        return Notice(days=int(rest[0]))
    if kind == "deliverables" and len(rest) == 1:
        return Deliverables(instrument=rest[0])
    if kind == "no-open-point" and 1 <= len(rest) <= 2:
        return NoOpenPoint(instrument=rest[0], units=read_units(desk, rest[0], "".join(rest[1:])))
    if kind == "agreed" and 1 <= len(rest) <= 3:
        how = rest.pop() if rest[-1] in AT_LEAST and len(rest) > 1 else "ad-referendum"
        if len(rest) <= 2:
            return Agreed(
                instrument=rest[0],
                units=read_units(desk, rest[0], "".join(rest[1:])),
                at_least=how,  # type: ignore[arg-type] # one of the keys of AT_LEAST
            )
    raise LocalError("condition-unreadable", words=", ".join(WORDS))


def read_units(desk: Desk, text: str, words: str) -> tuple[str, ...]:
    """Return the ids of provisions that somebody named by ids or labels, with commas; of a text not on the table, as written.

    An article or a heading stands for all that is under it.

    Raises:
        LocalError: `unit-unknown`, `unit-ambiguous`.
    """
    named = [one.strip() for one in words.split(",") if one.strip()]
    held = desk.talks.plenary.texts.get(text)
    if held is None:
        return tuple(named)
    found: dict[str, None] = {}
    for one in named:
        found |= dict.fromkeys(_under(held.instrument, names.unit(held, one)))
    return tuple(found)


def _under(instrument: Instrument, unit: Unit) -> list[str]:
    """Return a provision and, of an article or a heading, all that stand under it."""
    under = [unit.id]
    if unit.kind in provisions.HEADINGS:
        for one in instrument.units:
            under += [one.id] if one.parent in under and one.id not in under else []
    return under


def read_rule(
    desk: Desk, said: Iterable[tuple[str, str]], current: dict[Level, tuple[Condition, ...]]
) -> dict[Level, tuple[Condition, ...]]:
    """Return the convening rule that (level, condition) pairs make; a level that is named has these alone, `none` has none.

    Raises:
        LocalError: as `read_condition`.
    """
    fresh: dict[Level, list[Condition]] = {}
    for level, words in said:
        held = fresh.setdefault(level, [])  # type: ignore[arg-type] # chosen among the levels
        if words.strip() != "none":
            held.append(read_condition(desk, words))
    whole = current | {level: tuple(rule) for level, rule in fresh.items()}
    return {level: whole[level] for level in LEVELS if whole.get(level)}


def in_zone(milliseconds: int, zone: str) -> str:
    """Return a claimed time as it reads in a zone, with its distance from UTC; empty if this machine does not know the zone."""
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
        local = moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError, OverflowError):
        return ""
    ahead = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} (UTC{ahead[:3]}:{ahead[3:5]})"


def times(terms: SittingProposed) -> list[dict[str, Any]]:
    """Return begin and end of a sitting at each place that it names: `place`, `zone`, `start`, `end` in words (claims)."""
    return [
        {
            "place": one.place,
            "zone": one.zone,
            "start": in_zone(terms.start, one.zone),
            "end": in_zone(terms.end, one.zone),
        }
        for one in terms.zones
    ]


def form_words(said: dict[str, Any], *, compare: bool) -> list[str]:
    """Return in which form a delegation's expectations were sealed, and what that means for whoever reads them.

    `said` is one of `words` of `meetings_view.expectations`; `compare` if others could have been given other words.
    """
    if not said["deniable"]:
        return [_("Signed")]
    if said["ours"]:
        found = [_("Deniable: nobody signed it, and whoever reads it could have written it himself")]
    else:
        found = [_("Deniable: nobody signed it, and you could have written it yourself")]
    if compare and said["entry"] is not None:
        found.append(
            _(
                "Compare aloud with the other delegations: it stands in entry {number}. Another number is another paper."
            ).format(number=said["entry"])
        )
    return found


def waits_words(told: dict[str, Any]) -> list[str]:
    """Return of whom this desk still lacks the sealed paper, and what it does until it has it."""
    return [
        _(
            "The sealed paper of {delegation} has not come, or does not show its origin to this desk. Until it has, this desk "
            "hands over nothing, and nothing can be opened."
        ).format(delegation=one)
        for one in told["waits_for"]
    ]
