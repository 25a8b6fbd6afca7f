"""The verbs that hold a host to its box: receipts, convict.

This module decides what is said of deposit receipts and of what they prove. That a box was closed by its time proves nothing by
itself: the other delegation may not have deposited.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from good_offices.clerk import soundings
from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.work import Work, verb
from good_offices.desk.desk import Desk
from good_offices.desk.soundings import receipts as deposits
from good_offices.locale import N_, _
from good_offices.talks.soundings import Sounding

_PATH = click.Path(path_type=Path)


@click.command(
    help=N_(
        "Write the host's receipts for what this desk deposited in the boxes of a sounding, to be given to the others."
    )
)
@click.argument("which")
@click.option("-o", "--output", "file", type=_PATH, required=True, help=N_("Where to write them."))
@verb
def receipts(work: Work, which: str, file: Path) -> None:
    """Write deposit receipts into a file."""
    found = soundings.named(work.desk, which)
    write_new(file, deposits.receipts(work.desk, found))
    lines = [
        _("The receipts are in {file}. They hold no mark, and nothing that the register does not.").format(
            file=file
        ),
        _("Give them to the other delegations by another way, and ask for theirs."),
    ]
    work.show({"file": str(file), "sounding": found.id.hex()}, lines)


@click.command(
    help=N_(
        "Make evidence of the receipts of all delegations for a box that the host closed instead of opening it."
    )
)
@click.argument("which")
@click.argument("files", nargs=-1, required=True, type=_PATH)
@verb
def convict(work: Work, which: str, files: tuple[Path, ...]) -> None:
    """Put receipts together to evidence against the host."""
    found = soundings.named(work.desk, which)
    made = deposits.convict(work.desk, found, [read_bytes(one) for one in files])
    lines = [_("The evidence is in {file}; `goodoffices verify` reads it.").format(file=one) for one in made]
    lines.append(
        _(
            "The host had taken the deposits of all and closed the box. This desk goes on: what follows is for you to decide."
        )
    )
    work.show({"evidence": [str(one) for one in made], "sounding": found.id.hex()}, lines)


def closed_lines(desk: Desk, sounding: Sounding) -> list[str]:
    """Return a line for each box that was closed by its time although the host had taken this desk's deposit."""
    line = _(
        "    attempt {attempt}: the host closed a box although it held this desk's deposit. If the others hold receipts too, that "
        "convicts it: see `goodoffices sounding receipts`"
    )
    return [line.format(attempt=one.attempt + 1) for one in deposits.closed(desk, sounding)]


HOLDING: Final = (receipts, convict)
