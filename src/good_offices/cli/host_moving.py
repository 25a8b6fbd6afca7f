"""The host's verbs of talks that move: the venue's card, and taking talks over.

This module decides how these verbs read. What they do is decided by `venue.taking`.
"""

from __future__ import annotations

from pathlib import Path

import click

from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.host import venue_option
from good_offices.cli.session import json_option
from good_offices.cli.voice import show
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.register.hosting import read_card
from good_offices.venue import folder as folders
from good_offices.venue import taking

_PATH = click.Path(path_type=Path)


@click.command(help=N_("Write this venue's card, for parties that may wish to move here."))
@venue_option
@click.argument("file", type=_PATH)
@click.option("--url", default="", help=N_("The address to write into the card."))
@json_option
def card(folder: Path, file: Path, url: str, *, as_json: bool) -> None:
    """Write the card."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    data = taking.card(folders.open_folder(folder), url)
    write_new(file, data)
    shown = read_card(data)
    lines = [
        _("The card is in {file}: {address}").format(file=file, address=shown.address),
        _("Give the parties this number by another way, for them to compare: {number}").format(
            number=_grouped(shown.keys.fingerprint)
        ),
    ]
    show(
        {"file": str(file), "address": shown.address, "host": shown.keys.fingerprint}, lines, as_json=as_json
    )


@click.command(
    "take-over", help=N_("Take talks over from another host, as the file of one delegation brings them.")
)
@venue_option
@click.argument("file", type=_PATH)
@json_option
def take_over(folder: Path, file: Path, *, as_json: bool) -> None:
    """Take talks over."""
    taken = taking.take_over(folders.open_folder(folder), read_bytes(file, limit=taking.MAX_FILE))
    data = {
        "talks": taken.talks,
        "delegation": taken.delegation,
        "entries": taken.entries,
        "desks": taken.desks,
    }
    lines = [
        _("Talks {talks} go on here: {entries} entries, {desks} desks of delegation {delegation}.").format(
            talks=taken.talks.hex()[:16],
            entries=taken.entries,
            desks=taken.desks,
            delegation=taken.delegation[:8],
        ),
        _("Every other delegation brings its own file: its caucus is in it, and its desks."),
    ]
    show(data, lines, as_json=as_json)


def _grouped(number: str) -> str:
    """Return a number as people compare it."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
