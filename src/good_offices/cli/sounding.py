"""`goodoffices sounding`: find out what all could accept, and nothing else.

This module decides how lists are given and how soundings are shown. What is marked and sealed is in `sounding_marks`.

1. No view of several soundings shows marks; only `show` does, on the desk that holds them.
2. Options come from `--option`, a file, days, the agenda or the brackets of a provision, and only from one of these.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from good_offices.clerk import names, sounding_lists, sounding_words, soundings
from good_offices.cli.computing import computing
from good_offices.cli.files import read_words, write_new
from good_offices.cli.groups import Among, Verbs
from good_offices.cli.sounding_evidence import HOLDING, closed_lines
from good_offices.cli.sounding_marks import MARKING
from good_offices.cli.standing import standing
from good_offices.cli.voice import warn
from good_offices.cli.work import Work, verb
from good_offices.desk.soundings.record import Runs
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.soundings.context import Option, Scale

_PATH = click.Path(path_type=Path)
# 16 MiB hold 10,000 options of 1,600 bytes.
_LONG = 16 * 1024 * 1024


@click.group(
    cls=Verbs, help=N_("Soundings: what all could accept, found out at the same time, and nothing else.")
)
def sounding() -> None:
    """Group the verbs of soundings."""


@sounding.command("list", help=N_("Show all soundings, by what they are about."))
@verb
def list_(work: Work) -> None:
    """Show all soundings."""
    groups = soundings.rows(work.desk, _now())
    lines = [line for group in groups for line in _group_lines(group)]
    work.show({"soundings": groups}, lines or [_("There are no soundings yet.")])


@sounding.command(help=N_("Show a sounding: its options, your own marks, how far it is."))
@click.argument("which")
@verb
def show(work: Work, which: str) -> None:
    """Show a sounding."""
    found = soundings.named(work.desk, which)
    row, sheet = soundings.row(work.desk, found, _now()), soundings.sheet(work.desk, found)
    closed = closed_lines(work.desk, found)
    work.show(row | {"sheet": sheet}, [*_row_lines(row), *closed, *_sheet_lines(sheet)])


@sounding.command(
    "open", help=N_("Open a sounding of a list; all delegations see the list and who opened it.")
)
@click.option(
    "--kind",
    default="options",
    show_default=True,
    cls=Among,
    among=soundings.KINDS,
    help=N_("One of: {among}"),
)
@click.option(
    "--about",
    default="other",
    show_default=True,
    cls=Among,
    among=soundings.ABOUT,
    help=N_("One of: {among}"),
)
@click.option(
    "--subject", "subjects", multiple=True, required=True, help=N_("The subject, as LANGUAGE=WORDS; repeat.")
)
@click.option(
    "--option",
    "options",
    multiple=True,
    help=N_("An option; in several languages with “ | ” between; repeat."),
)
@click.option("--file", type=_PATH, help=N_("A text file with one option a line."))
@click.option("--days", help=N_("Every day from the first to the last, as 2026-03-01..2026-03-31."))
@click.option("--items", is_flag=True, help=N_("The items of the agenda."))
@click.option("--provision", help=N_("The variants of the brackets in this provision."))
@click.option("--text", "instrument", help=N_("The text of the provision, if several are on the table."))
@click.option("--scale", help=N_("For a range: LEAST:MOST:STEP."))
@click.option("--unit", default="", help=N_("For a range: the unit, such as m3/s."))
@click.option("--chunk", type=int, default=0, help=N_("For packages: how many are looked at together."))
@click.option("--closes", required=True, help=N_("When marks are fixed, such as 2026-03-01T12:00 (UTC)."))
@click.option("--until", required=True, help=N_("When it is over at the latest."))
@click.option(
    "--pace", default="1h", show_default=True, help=N_("How long each step may take: 90s, 30m, 12h, 2d.")
)
@verb
def open_(work: Work, kind: Any, about: Any, **given: Any) -> int:
    """Open a sounding."""
    subject = _subject(given["subjects"])
    scale = sounding_lists.scale_of(given["scale"], given["unit"]) if given["scale"] else None
    when = sounding_lists.When(
        _time(given["closes"]), _time(given["until"]), sounding_lists.span(given["pace"])
    )
    event = sounding_lists.opened(
        kind,
        about,
        subject,
        _options(work, given, tuple(subject), scale),
        when,
        now=_now(),
        chunk=given["chunk"],
        scale=scale,
    )
    hurried = sounding_lists.remark(when.pace)
    if hurried and not work.as_json:
        warn(hurried)
    return work.act("sounding", event)


@sounding.command(help=N_("Want a list sounded once more; when all want it with these times, it is."))
@click.argument("which")
@click.option("--closes", help=N_("When marks are fixed; else as the others want it."))
@click.option("--until", help=N_("When it is over at the latest; else as the others want it."))
@verb
def repeat(work: Work, which: str, closes: str | None, until: str | None) -> int:
    """Repeat a sounding."""
    found = soundings.named(work.desk, which)
    wanted = soundings.repeats(work.desk, found)
    if closes is None and until is None and len(wanted) == 1:
        times = wanted[0]["closes_ms"], wanted[0]["until_ms"]
    elif closes is None or until is None:
        raise click.UsageError(_("give --closes and --until"))
    else:
        times = _time(closes), _time(until)
    event = sounding_lists.repeated(found, closes=times[0], until=times[1], now=_now())
    return work.act("sounding", event)


@sounding.command(help=N_("Show what a sounding has found, and what a match can become."))
@click.argument("which")
@verb
def result(work: Work, which: str) -> None:
    """Show what was found."""
    found = soundings.named(work.desk, which)
    if soundings.outcome(work.desk, found)["state"] == "compute":
        with computing(found.size) as each:
            Runs(work.desk, each).found(found)
    told = soundings.outcome(work.desk, found)
    lines = [told["words"] or soundings.row(work.desk, found, _now())["standing_words"]]
    for one in told["mutual"]:
        one["becomes"] = sounding_words.becomes(work.desk, found, one["index"])
        lines.append(f"  {one['index']}. {one['words']}")
    if told["mutual"]:
        lines.append(
            _(
                "A match binds nobody. What becomes of it is said by people: an item, a statement, an amendment."
            )
        )
    lines += [one["words"] for one in told["broken"]]
    work.show(told, lines)


@sounding.command(
    help=N_("Write the options into a text file, to be marked by hand and read by `sounding mark --file`.")
)
@click.argument("which")
@click.argument("file", type=_PATH)
@verb
def file(work: Work, which: str, file: Path) -> None:
    """Write the options into a file."""
    found = soundings.named(work.desk, which)
    if found.kind == "range":
        raise LocalError("sounding-marks", why="a range has no options")
    write_new(file, sounding_lists.to_mark(work.desk, found).encode(), secret=True)
    work.show(
        {"file": str(file), "options": found.size},
        [_("The options are in {file}, none marked. Marked, it is secret.").format(file=file)],
    )


def _options(
    work: Work, given: dict[str, Any], languages: tuple[str, ...], scale: Scale | None
) -> list[Option]:
    """Return the options from the one place where they were given (rule 2)."""
    places = [name for name in ("options", "file", "days", "items", "provision") if given[name]]
    if scale is not None and places:
        raise click.UsageError(_("a range has no options"))
    if scale is not None:
        return []
    if len(places) != 1:
        raise click.UsageError(_("give the options by one of --option, --file, --days, --items, --provision"))
    if given["file"]:
        return sounding_lists.options_of(read_words(given["file"], limit=_LONG), languages)
    if given["days"]:
        first, _dots, last = given["days"].partition("..")
        return sounding_lists.days(first, last, languages)
    if given["items"]:
        return sounding_lists.items(work.desk, languages)
    if given["provision"]:
        return sounding_lists.variants(work.desk, given["provision"], given["instrument"])
    return [sounding_lists.option(one, languages) for one in given["options"]]


def _subject(given: Iterable[str]) -> dict[str, str]:
    """Return the subject by language."""
    parts = [one.partition("=") for one in given]
    if any(not sign or not words.strip() for _language, sign, words in parts):
        raise click.UsageError(_("give the subject as LANGUAGE=WORDS, such as en=Dates for a meeting"))
    return {language.strip(): words.strip() for language, _sign, words in parts}


def _time(word: str) -> int:
    """Return milliseconds of a time that must be given."""
    found = names.until(word)
    assert found is not None  # only of no word at all
    return found


def _now() -> int:
    """Return the time of this machine in milliseconds."""
    return int(time.time() * 1000)


def _group_lines(group: dict[str, Any]) -> list[str]:
    """Return the soundings about one matter for people."""
    lines = [group["called"]]
    for one in group["lists"]:
        lines += ["  " + line for row in one["runs"] for line in _row_lines(row)[:2]]
        if one["later"]:
            lines.append("  " + _("and {count} more of this standing list later").format(count=one["later"]))
    return lines


def _row_lines(row: dict[str, Any]) -> list[str]:
    """Return one sounding for people."""
    lines = [
        f"{row['name']}  {row['subject']} ({row['begun']})",
        _("    {standing}; step {step} of {steps}; marks fixed {closes}, over {until}").format(
            standing=row["standing_words"],
            step=row["step"],
            steps=row["steps"],
            closes=names.when(row["closes_ms"]),
            until=names.when(row["until_ms"]),
        ),
        "    " + row["kind_words"],
        "    " + _("answers for your delegation: {who}").format(who=row["answers_words"]),
        "    " + _("your marks: {marks}").format(marks=row["marks_words"]),
    ]
    wanted = _("to be repeated, marks fixed {closes}, over {until}: wanted by {names}")
    lines += [
        "    "
        + wanted.format(
            closes=names.when(one["closes_ms"]), until=names.when(one["until_ms"]), names=", ".join(one["by"])
        )
        for one in row["repeats"]
    ]
    lines += ["    " + one["words"] for one in row["broken"]]
    return lines


def _sheet_lines(sheet: dict[str, Any]) -> list[str]:
    """Return the options with this desk's own marks for people (rule 1)."""
    if sheet["range"] is None:
        return [
            f"    [{'x' if one['yes'] else ' '}] {one['index']}. {one['words']}" for one in sheet["options"]
        ]
    scale = sheet["range"]
    lines = [
        _("    {least} to {most} by {step} {unit}").format(
            least=scale["least"], most=scale["most"], step=scale["step"], unit=scale["unit"]
        )
    ]
    if scale["refuses"]:
        return [*lines, "    " + _("yours: any overlap is refused")]
    return [*lines, "    " + _("yours: {low} to {high}").format(low=scale["low"], high=scale["high"])]


for _command in (*MARKING, *HOLDING, standing):
    sounding.add_command(_command)
