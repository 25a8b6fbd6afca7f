"""`goodoffices sounding standing`: the host's standing lists at a desk, who holds them, and why they do not run.

This module decides how they are printed; what is told of them is `clerk.standing_lists`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from good_offices.clerk import standing_lists
from good_offices.clerk.names import when
from good_offices.cli.voice import warn
from good_offices.cli.work import Work, verb
from good_offices.locale import N_, _


@click.command(
    help=N_("Show the standing lists that came with the invitation: who holds them, and whether they run.")
)
@verb
def standing(work: Work) -> None:
    """Show standing lists."""
    rows, warnings = standing_lists.calendars(work.desk), standing_lists.warnings(work.desk)
    for one in warnings:
        warn(one)
    lines = [line for row in rows for line in _lines(row)]
    work.show(
        {"calendars": rows, "warnings": warnings},
        lines or [_("No standing lists came with the invitation, and nobody holds any.")],
    )


def _lines(row: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of one calendar for people."""
    number = row["calendar"][: standing_lists.SHORT]
    yield _("Standing lists {number}: {state}").format(number=number, state=row["standing_words"])
    held = ", ".join(row["held"]) or _("nobody")
    yield _("  held by: {names}").format(names=held)
    for one in row["lists"]:
        yield _("  {subject}: {times} times, from {first} to {last}").format(
            subject=one["subject"], times=one["times"], first=when(one["first_ms"]), last=when(one["last_ms"])
        )
