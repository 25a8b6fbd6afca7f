"""The verbs of going on elsewhere, at a desk: naming a host, moving; and other rules.

This module decides how these verbs read. What they do is decided by `desk.moving` and the rules; the host's are in `host_moving`.
"""

from __future__ import annotations

from pathlib import Path

import click

from good_offices.clerk import moving_view, names
from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.talks import course, until_option
from good_offices.cli.voice import progress
from good_offices.cli.work import Work, verb
from good_offices.desk import moving
from good_offices.errors import LocalError
from good_offices.locale import N_, _, ngettext
from good_offices.talks.events_moving import RulesUpgraded

_PATH = click.Path(path_type=Path)
CARD_LIMIT = 16 * 1024


@course.command(
    "move",
    help=N_(
        "Propose, or accept, to go on with another host: the one of this card. Compare its number with the host first."
    ),
)
@click.argument("card", type=_PATH)
@until_option
@verb
def name_host(work: Work, card: Path, until: str | None) -> int:
    """Name another host."""
    event = moving.proposal(read_bytes(card, limit=CARD_LIMIT), names.until(until))
    return work.act("roster", event)


@course.command("rules", help=N_("Propose, or accept, another version of the rules."))
@click.argument("version", type=int)
@until_option
@verb
def upgrade(work: Work, version: int, until: str | None) -> int:
    """Upgrade the rules."""
    return work.act("roster", RulesUpgraded(rules=version, until=names.until(until)))


@click.command(
    "move",
    help=N_(
        "Go on with the host that all delegations have named; or write the file that hands it the register, or tell where the talks are."
    ),
)
@click.option(
    "--file", type=_PATH, help=N_("Write the file for the new host: register, caucus, desks; all sealed.")
)
@click.option(
    "--card", type=_PATH, help=N_("The new host's card, when the old host does not answer any more.")
)
@verb
def move(work: Work, file: Path | None, card: Path | None) -> None:
    """Move this desk, or write the file for it."""
    if file is not None and card is not None:
        raise click.UsageError(_("--file and --card do not go together"))
    if file is not None:
        _write(work, file)
        return
    with progress(_("moving")):
        moved: moving.Moved | None
        if card is not None:
            moved = moving.by_card(work.desk, read_bytes(card, limit=CARD_LIMIT))
        else:
            moved = moving.go_on(work.desk)
        if moved is not None:
            work.desk.sync()
    told = moving_view.standing(work.desk)
    lines = [
        _("{address}, host {number}, from entry {since} on").format(
            address=one["address"] or work.desk.identity.place.url if one is told["hosts"][-1] else "…",
            number=moving_view.grouped(one["number"]),
            since=one["since"],
        )
        for one in told["hosts"]
    ]
    if moved is None:
        work.show(told | {"moved": False}, [_("This desk is where the talks are."), *lines])
        return
    lines.insert(0, _("This desk has moved to {address}.").format(address=moved.address))
    if moved.repeated:
        words = ngettext(
            "{count} entry of yours that the move had left behind is posted there again.",
            "{count} entries of yours that the move had left behind are posted there again.",
            moved.repeated,
        )
        lines.insert(1, words.format(count=moved.repeated))
    work.show(told | {"moved": True, "repeated": moved.repeated}, lines)


def _write(work: Work, file: Path) -> None:
    """Write the register file."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    data = moving.register_file(work.desk)
    write_new(file, data, secret=True)
    lines = [
        _("The file for the new host is in {file}.").format(file=file),
        _("It is sealed as the old host had it. Bring it yourself, or by a hand that you trust."),
    ]
    work.show({"file": str(file), "bytes": len(data)}, lines)


__all__ = ["course", "move", "name_host", "upgrade"]
