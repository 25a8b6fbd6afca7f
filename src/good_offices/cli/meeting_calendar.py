"""`goodoffices meeting calendar`: sittings and confirmed conditions, on the screen and as an iCalendar file.

This module decides how they are printed. What stands in a calendar is decided in `clerk.calendars`.
"""

from __future__ import annotations

import time
from pathlib import Path

import click

from good_offices.clerk import calendars
from good_offices.cli.files import write_new
from good_offices.cli.work import Work, verb
from good_offices.locale import N_, _


@click.command(
    help=N_(
        "Show sittings and confirmed conditions in every time zone concerned, or write them for a calendar."
    )
)
@click.option("--ics", "file", type=click.Path(path_type=Path), help=N_("Write an iCalendar file."))
@verb
def calendar(work: Work, file: Path | None) -> None:
    """Show the calendar, or write it."""
    entries = calendars.meant(work.desk)
    lines = []
    for one in entries:
        state = _("certain") if one.certain else _("not certain yet")
        lines.append(f"{one.title} ({state})" + (f", {one.place}" if one.place else ""))
        lines += [f"  {each}" for each in calendars.in_zones(one.start, one.zones)]
    if file is not None:
        write_new(file, calendars.calendar(entries, time.time_ns() // 1_000_000), secret=True)
        lines.append(
            _(
                "The calendar is in {file}. What you import it into, and whoever that is shared with, sees it."
            ).format(file=file)
        )
    data = {"entries": [one._asdict() for one in entries], "file": str(file) if file else None}
    work.show(data, lines or [_("Nothing has a time yet.")])
