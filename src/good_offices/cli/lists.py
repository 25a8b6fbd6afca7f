"""`goodoffices venue lists` and `venue offer --lists`: the standing lists of a host, from a file to finished bytes.

This module decides how the verb reads, and makes of a calendar what the venue hands on: bytes that it need not read.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click
from babel.units import format_unit

from good_offices.clerk import listing
from good_offices.clerk.names import when
from good_offices.cli.files import read_words, write_new
from good_offices.cli.offer_lists import of_offer, read_offer
from good_offices.cli.session import json_option
from good_offices.cli.voice import show
from good_offices.encoding import pack
from good_offices.locale import N_, _, language, ngettext
from good_offices.talks.events_sounding import Calendar
from good_offices.venue.standing import Lists, Sounded

_PATH = click.Path(path_type=Path)
_UNITS: Final = {"day": 86_400_000, "hour": 3_600_000, "minute": 60_000, "second": 1_000, "millisecond": 1}


def composed(file: Path | None, *, parties: int) -> Calendar:
    """Return the calendar of a file of standing lists, or of the list that comes with this release, as from now.

    Raises:
        LocalError: `lists-file-invalid`, `file-unreadable`, `too-large`, `file-not-utf8`.
    """
    text = read_words(file, limit=listing.MAX_FILE) if file else listing.willingness()
    return listing.read_lists(text, time.time_ns() // 1_000_000, parties=parties)


def finished(calendar: Calendar) -> Lists:
    """Return a calendar as the venue hands it on."""
    sounded = (Sounded(one.listed.closes, one.every, one.times) for one in calendar.lists)
    return Lists(pack(calendar), tuple(sounded))


def told(calendar: Calendar) -> tuple[dict[str, Any], list[str]]:
    """Return a calendar as values for JSON and as lines for people."""
    rows = listing.shown(calendar, language())
    data = {"lists": rows, "calendar": hashlib.sha256(pack(calendar)).hexdigest()}
    return data, list(_lines(rows))


@click.command(
    help=N_(
        "Check a file of standing lists and show what would be sounded when; without a file, the list that comes with "
        "this release."
    )
)
@click.argument("file", type=_PATH, required=False)
@click.option("--parties", type=int, default=2, show_default=True, help=N_("For how many delegations."))
@click.option("--out", type=_PATH, help=N_("Write the list of this release to a new file, to be changed."))
@click.option(
    "--offer",
    type=_PATH,
    help=N_(
        "With --out: write the list of this declaration, a draft or signed, instead: to accept it wholly or in part."
    ),
)
@json_option
def lists(file: Path | None, parties: int, out: Path | None, offer: Path | None, *, as_json: bool) -> None:
    """Show standing lists."""
    if (out and file) or (offer and not out):
        raise click.UsageError(_("--out goes without a file, and --offer with --out"))
    written = of_offer(read_offer(offer)) if offer else listing.willingness()
    data, lines = told(
        composed(file, parties=parties)
        if file
        else listing.read_lists(written, time.time_ns() // 1_000_000, parties=parties)
    )
    if out:
        write_new(out, written.encode())
        data["file"] = str(out)
        lines.append(_("The file is {file}.").format(file=out))
    lines.append(_("Attach them to talks with: goodoffices venue offer --lists FILE, or --willingness"))
    show(data, lines, as_json=as_json)


def _lines(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    """Yield two lines for each list."""
    for row in rows:
        size = ngettext("{count} option", "{count} options", row["size"]).format(count=row["size"])
        if row["kind"] == "range":
            size = ngettext("{count} figure", "{count} figures", row["size"]).format(count=row["size"])
        yield f"{row['subject']} ({size})"
        if row["times"] == 1:
            yield _("  sounded once: marks are fixed at {first}").format(first=when(row["first_ms"]))
            continue
        yield _(
            "  sounded {times} times: marks are fixed at {first}, then every {every}, at last at {last}"
        ).format(
            times=row["times"],
            first=when(row["first_ms"]),
            every=_span(row["every_ms"]),
            last=when(row["last_ms"]),
        )


def _span(milliseconds: int) -> str:
    """Return a duration in words, in the longest unit of which it is a whole number."""
    unit = next(one for one in _UNITS if milliseconds % _UNITS[one] == 0)
    return format_unit(milliseconds // _UNITS[unit], f"duration-{unit}", locale=language())
