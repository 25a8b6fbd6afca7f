"""Lists for soundings, out of what people type, a text file, a span of days, the agenda, or the brackets of a provision.

This module decides which lists are refused with which words before anything is signed, and how a file of options reads. It
opens no sounding.

1. A file has one option a line; what is said in several languages stands in their order with ` | ` between. Empty lines, and
   lines that begin with `#`, are left out.
2. A list that is too long is refused by its number of lines, before each is looked at.
3. Marks in a file are `[x]` or `[ ]` before the number of an option. The file that is written to be marked has none set.
4. Scores are private: one number for each option, in order. What reaches the reserve is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from good_offices.clerk import names
from good_offices.clerk.soundings import words
from good_offices.clerk.text_view import state_of
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.soundings.context import (
    MOST_OPTIONS,
    About,
    Kind,
    Listed,
    Option,
    Scale,
    boxes_of,
    check_list,
    steps_of,
)
from good_offices.talks.events_sounding import SoundingOpened, SoundingRepeated
from good_offices.talks.soundings import Sounding

SEPARATOR: Final = " | "
DAY: Final = 24 * 60 * 60 * 1_000
_SPAN: Final = re.compile(r"(\d+)\s*(s|m|h|d)")
_UNITS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": DAY}
_MARKED: Final = re.compile(r"\[([xX ])\]\s*(\d+)\b")
# From here on a desk in a browser that is closed or asleep for a while misses nothing: the host waits ten paces for deposits.
UNHURRIED: Final = 10 * 60 * 1_000
_NUMBERS: Final = re.compile(r"(\d+)(?:-(\d+))?")


class When(NamedTuple):
    """The times of a sounding in milliseconds: marks are fixed at `closes`, a step each `pace`, over at `until`."""

    closes: int
    until: int
    pace: int


def opened(  # one list as it is given, and when
    kind: Kind,
    about: About,
    subject: Mapping[str, str],
    options: Sequence[Option],
    when: When,
    *,
    now: int,
    chunk: int = 0,
    scale: Scale | None = None,
) -> SoundingOpened:
    """Return the event that opens a sounding of a list; `now` in milliseconds.

    Raises:
        LocalError: `sounding-too-long`, `sounding-past`, `sounding-hurried`, `sounding-list`, `text-not-plain`.
    """
    _check_length(len(options))
    _check_times(now, when, _steps(kind, len(options), chunk))
    listed = Listed(
        kind=kind,
        about=about,
        subject=dict(subject),
        options=list(options),
        scale=scale,
        chunk=chunk,
        closes=when.closes,
        pace=when.pace,
        until=when.until,
    )
    check_list(listed)
    return SoundingOpened(listed=listed)


def remark(pace: int) -> str:
    """Return what to know of so short a pace (ms) before a sounding is opened with it; nothing of one that leaves room."""
    if pace >= UNHURRIED:
        return ""
    return _(
        "So little time between two steps is for desks that run all the time, such as duty desks. "
        "A desk that people have open in a browser misses steps while it is closed or the computer sleeps; "
        "with ten minutes or more there is room for that."
    )


def repeated(sounding: Sounding, *, closes: int, until: int, now: int) -> SoundingRepeated:
    """Return the event that wants a list sounded once more.

    Raises:
        LocalError: `sounding-past`, `sounding-hurried`.
    """
    steps = _steps(sounding.kind, sounding.size, sounding.chunk)
    _check_times(now, When(closes, until, sounding.pace), steps)
    return SoundingRepeated(sounding=sounding.id, closes=closes, until=until)


def options_of(text: str, languages: Sequence[str]) -> list[Option]:
    """Return the options of a text file (rule 1); what stands twice is refused with both lines.

    Raises:
        LocalError: `sounding-too-long`, `sounding-list`.
    """
    lines = [
        (number, line.strip())
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    _check_length(len(lines))
    known: dict[str, int] = {}
    found = []
    for number, line in lines:
        if line in known:
            raise LocalError("sounding-list", why=f"line {number} says the same as line {known[line]}")
        known[line] = number
        found.append(option(line, languages, where=f"line {number}"))
    return found


def option(line: str, languages: Sequence[str], *, where: str = "an option") -> Option:
    """Return one option out of what is said in all languages, in their order.

    Raises:
        LocalError: `sounding-list`.
    """
    parts = [part.strip() for part in line.split(SEPARATOR)]
    if len(parts) != len(languages):
        given = ", ".join(languages)
        raise LocalError("sounding-list", why=f"{where} is not in the languages {given}, with “ | ” between")
    return Option(words=dict(zip(languages, parts, strict=True)))


def days(first: str, last: str, languages: Iterable[str]) -> list[Option]:
    """Return every day from the first to the last, both as ISO 8601 dates.

    Raises:
        LocalError: `time-unreadable`, `sounding-list`, `sounding-too-long`.
    """
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        raise LocalError("time-unreadable") from None
    if end < begin:
        raise LocalError("sounding-list", why="its last day is before its first")
    count = (end - begin).days + 1
    _check_length(count)
    found = [(begin + timedelta(days=number)).isoformat() for number in range(count)]
    spoken = tuple(languages)
    return [Option(words=dict.fromkeys(spoken, day), value=day) for day in found]


def items(desk: Desk, languages: Iterable[str]) -> list[Option]:
    """Return the items of the agenda, agreed or proposed, by their titles."""
    spoken = tuple(languages)
    return [
        Option(words=dict.fromkeys(spoken, one.title), value=name)
        for name, one in desk.talks.plenary.agenda.items()
    ]


def variants(desk: Desk, unit: str, instrument: str | None = None) -> list[Option]:
    """Return the variants of the brackets in a provision, in the languages of its text.

    Raises:
        LocalError: as `names.text_named` and `names.unit`; `sounding-list` if the provision has no brackets of its own.
    """
    text = names.text_named(desk.talks.plenary, instrument)
    found = names.unit(text, unit)
    (shown,) = state_of(desk, text, {found.id}, ())["units"]
    slots = [one for one in shown["slots"] if one["words"]]
    if not slots:
        raise LocalError("sounding-list", why="the provision has no brackets of its own")
    many = len(slots) > 1
    return [
        Option(
            words={
                language: (f"{slot['slot']}: " if many else "") + (said[number].strip() or _("(nothing)"))
                for language, said in slot["words"].items()
            },
            value=f"{text.instrument.id}/{found.id}/{slot['slot']}={number + 1}",
        )
        for slot in slots
        for number in range(slot["variants"])
    ]


def scale_of(word: str, unit: str) -> Scale:
    """Return the scale that a word such as `100:500:10` stands for: least, most, step.

    Raises:
        LocalError: `sounding-list`.
    """
    parts = word.split(":")
    try:
        least, most, step = (int(part) for part in parts)
    except ValueError:
        raise LocalError("sounding-list", why="a scale is least:most:step in whole numbers") from None
    return Scale(least=least, most=most, step=step, unit=unit)


def span(word: str) -> int:
    """Return the milliseconds of a span such as `90s`, `30m`, `12h` or `2d`.

    Raises:
        LocalError: `span-unreadable`.
    """
    found = _SPAN.fullmatch(word.strip())
    if found is None:
        raise LocalError("span-unreadable")
    return int(found[1]) * _UNITS[found[2]]


def tick(scale: Scale, number: int) -> int:
    """Return the tick, from 0, of a number on a scale.

    Raises:
        LocalError: `sounding-marks`.
    """
    if not scale.least <= number <= scale.most or (number - scale.least) % scale.step:
        raise LocalError(
            "sounding-marks",
            why=f"{number} is not on the scale from {scale.least} by {scale.step} to {scale.most}",
        )
    return (number - scale.least) // scale.step


def numbers(word: str, size: int) -> list[int]:
    """Return the numbers of options, from 1, that a word such as `1,3-5` stands for.

    Raises:
        LocalError: `sounding-marks`.
    """
    found: list[int] = []
    for part in word.split(","):
        match = _NUMBERS.fullmatch(part.strip())
        first = int(match[1]) if match else 0
        last = int(match[2] or first) if match else 0
        if not 1 <= first <= last <= size:
            raise LocalError("sounding-marks", why=f"the options are 1 to {size}")
        found += range(first, last + 1)
    return found


def scored(text: str, reserve: float, size: int) -> tuple[bool, ...]:
    """Return the marks for scores, one a line in the order of the options: yes for what reaches the reserve (rule 4).

    Raises:
        LocalError: `sounding-marks`.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != size:
        raise LocalError("sounding-marks", why=f"there are {size} options and {len(lines)} scores")
    try:
        return tuple(float(line) >= reserve for line in lines)
    except ValueError:
        raise LocalError("sounding-marks", why="a score is not a number") from None


def to_mark(desk: Desk, sounding: Sounding) -> str:
    """Return a sounding as a text file to be marked by hand, nothing set (rule 3)."""
    listed = desk.talks.sounding.listed(sounding)
    head = [f"# {words(listed.subject)}", "# " + _("Put an x between the brackets of what you could accept.")]
    lines = [f"[ ] {at} {SEPARATOR.join(one.words.values())}" for at, one in enumerate(listed.options, 1)]
    return "\n".join([*head, *lines, ""])


def marked(text: str, size: int) -> tuple[bool, ...]:
    """Return the marks of a file as `to_mark` writes it; each option stands there once (rule 3).

    Raises:
        LocalError: `sounding-marks`.
    """
    found: dict[int, bool] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        match = _MARKED.match(line.strip())
        if match is None or int(match[2]) in found:
            raise LocalError("sounding-marks", why=f"this line is not read: {line[:40]}")
        found[int(match[2])] = match[1] != " "
    if found.keys() != set(range(1, size + 1)):
        raise LocalError("sounding-marks", why=f"the options are 1 to {size}, each once")
    return tuple(found[number] for number in range(1, size + 1))


def _check_length(count: int) -> None:
    """Pass if a list is not too long (rule 2)."""
    if count > MOST_OPTIONS:
        raise LocalError("sounding-too-long", count=count, most=MOST_OPTIONS)


def _check_times(now: int, when: When, steps: int) -> None:
    """Pass if the marks close in the future, and the steps of the run fit between then and the end."""
    if when.closes <= now:
        raise LocalError("sounding-past", now=names.when(now))
    if when.until - when.closes < steps * when.pace:
        raise LocalError("sounding-hurried", steps=steps, minutes=-(-steps * when.pace // 60_000))


def _steps(kind: Kind, size: int, chunk: int) -> int:
    """Return about how many paces a run takes, a commitment and a deposit for each box among them.

    Of options as many as three delegations take: for two that is room to spare.
    """
    return len(steps_of(kind, 3)) + 1 + 2 * boxes_of(size, chunk)
