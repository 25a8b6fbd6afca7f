"""`goodoffices venue`: the host's verbs.

This module decides how the host's verbs read. It never sees anything of the talks but numbers and sizes.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.host import communiques, console, console_passphrase, declaration
from good_offices.cli.host import venue_option as _venue_option
from good_offices.cli.host_conditions import conditions
from good_offices.cli.host_moving import card, take_over
from good_offices.cli.lists import composed, finished, lists, told
from good_offices.cli.session import json_option
from good_offices.cli.voice import note, say, show
from good_offices.errors import LocalError
from good_offices.locale import N_, _, ngettext
from good_offices.transport.pouch import MAX_LETTER
from good_offices.venue import backup as backups
from good_offices.venue import folder as folders
from good_offices.venue.offer import offer as make_offer
from good_offices.venue.status import status as state_of

_PATH = click.Path(path_type=Path)


@click.group(cls=Verbs, help=N_("For the host: keep a venue that cannot read what passes through it."))
def venue() -> None:
    """Group the host's verbs."""


for _verb in (card, take_over, console, console_passphrase, declaration, communiques, lists, conditions):
    venue.add_command(_verb)


@venue.command(help=N_("Make a venue folder: settings, host keys, database."))
@_venue_option
@click.option("--name", required=True, help=N_("The venue's name, in plain words."))
@click.option("--url", default="", help=N_("The address under which desks reach it."))
@click.option("--database", help=N_("Another database than the one in the folder."))
@json_option
def init(folder: Path, name: str, url: str, database: str | None, *, as_json: bool) -> None:
    """Make a venue."""
    made = folders.init(folder, name, url=url, database=database)
    keys = made.signer().keys
    data = {"folder": str(made.path), "name": made.settings.name, "host": keys.fingerprint}
    lines = [
        _("The venue {name} stands in {path}.").format(name=made.settings.name, path=made.path),
        _("The host's number, for the parties to compare: {number}").format(number=grouped(keys.fingerprint)),
        _("Keep {file} secret: who holds it can speak as this host.").format(file=folders.KEY),
    ]
    show(data, lines, as_json=as_json)


@venue.command(help=N_("Serve until interrupted; prints the address."))
@_venue_option
@click.option(
    "--listen", default="127.0.0.1:8443", show_default=True, help=N_("HOST:PORT; port 0 takes a free one.")
)
@click.option("--tls-cert", type=_PATH, help=N_("The certificate chain, PEM."))
@click.option("--tls-key", type=_PATH, help=N_("The certificate's key, PEM."))
def serve(folder: Path, listen: str, tls_cert: Path | None, tls_key: Path | None) -> None:
    """Serve a venue."""
    opened = folders.open_folder(folder)
    if bool(tls_cert) != bool(tls_key):
        raise LocalError("venue-tls-invalid", why=_("one of the two is missing"))
    # Loaded here: a server with its event loop, for which the other verbs should not wait.
    from good_offices.venue.server import Tls
    from good_offices.venue.server import serve as run_server

    tls = Tls(tls_cert, tls_key) if tls_cert and tls_key else None

    run_server(opened, listen=listen, tls=tls, say=say, warn=note)


@venue.command(help=N_("Offer talks: one invitation file for each party."))
@_venue_option
@click.option("--parties", type=int, default=2, show_default=True, help=N_("How many delegations."))
@click.option("--out", type=_PATH, required=True, help=N_("The new folder for the invitations."))
@click.option("--url", help=N_("The address to write into the invitations."))
@click.option("--lists", "file", type=_PATH, help=N_("Attach the standing lists of this file."))
@click.option(
    "--willingness",
    is_flag=True,
    help=N_("Attach the standing list of this release: willingness to meet, at each level."),
)
@json_option
def offer(
    folder: Path,
    parties: int,
    out: Path,
    url: str | None,
    file: Path | None,
    *,
    willingness: bool,
    as_json: bool,
) -> None:
    """Offer talks."""
    if file and willingness:
        raise click.UsageError(_("--lists and --willingness do not go together"))
    opened = folders.open_folder(folder)
    calendar = composed(file, parties=parties) if file or willingness else None
    attached = finished(calendar) if calendar else None
    offered = make_offer(opened, parties=parties, out=out, url=url, lists=attached)
    data: dict[str, Any] = {
        "talks": offered.talks,
        "invitations": [str(file) for file in offered.files],
    }
    standing, shown = told(calendar) if calendar else (None, [])
    lines = [
        _("Talks {talks} are offered to {parties} parties.").format(
            talks=offered.talks.hex()[:16], parties=parties
        ),
        *(f"  {file}" for file in offered.files),
        _("Hand each file to one party, by hand if you can: it admits whoever holds it."),
    ]
    if standing:
        data["standing_lists"] = standing
        lines += [_("Standing lists are attached; each delegation’s duty desk answers them:"), *shown]
    show(data, lines, as_json=as_json)


@venue.command(help=N_("Show the talks as the host sees them: numbers, sizes, checkpoints."))
@_venue_option
@json_option
def status(folder: Path, *, as_json: bool) -> None:
    """Show a venue's state."""
    data = state_of(folders.open_folder(folder))
    show(data, _status_lines(data), as_json=as_json)


@venue.command(help=N_("Write the whole venue into one file; it holds the host's keys."))
@_venue_option
@click.argument("file", type=_PATH)
@json_option
def backup(folder: Path, file: Path, *, as_json: bool) -> None:
    """Back a venue up."""
    backups.backup(folders.open_folder(folder), file)
    lines = [
        _("The backup is complete: {file}").format(file=file),
        _("Keep it as secret as the venue: it holds the host's keys."),
    ]
    show({"file": str(file), "bytes": file.stat().st_size}, lines, as_json=as_json)


@venue.command(help=N_("Make a new venue folder from a backup; its registers are held until you confirm."))
@_venue_option
@click.argument("file", type=_PATH)
@json_option
def restore(folder: Path, file: Path, *, as_json: bool) -> None:
    """Restore a venue."""
    restored = backups.restore(file, folder)
    lines = [
        _("The venue stands in {path}, held: it answers, and takes nothing new.").format(path=restored.path),
        _("Serve it, let every desk sync so that it gives back what came after the backup,"),
        _("and then run `goodoffices venue confirm`."),
    ]
    show({"folder": str(restored.path), "held": True}, lines, as_json=as_json)


@venue.command(help=N_("After a restore: let the registers take entries again."))
@_venue_option
@click.option(
    "--every-desk-has-synced", is_flag=True, help=N_("Say that you have asked, and every desk has synced.")
)
@json_option
def confirm(folder: Path, *, every_desk_has_synced: bool, as_json: bool) -> None:
    """Release a restored venue."""
    if not every_desk_has_synced:
        question = _("Has every desk synced since the restore? Otherwise this venue may show two histories.")
        if not (sys.stdin.isatty() and click.confirm(question, err=True)):
            raise LocalError("not-confirmed")
    held = backups.confirm(folders.open_folder(folder))
    show({"released": held}, [_("{count} registers take entries again.").format(count=held)], as_json=as_json)


@venue.command(help=N_("Hand in a letter that a courier brought, and write the pouch to take back."))
@_venue_option
@click.argument("letter", type=_PATH)
@click.option("--out", type=_PATH, required=True, help=N_("The new file for the pouch."))
@json_option
def pouch(folder: Path, letter: Path, out: Path, *, as_json: bool) -> None:
    """Answer a letter."""
    if out.exists():
        raise LocalError("file-exists", path=out)
    from good_offices.venue.handing import hand_in

    data = hand_in(folders.open_folder(folder), read_bytes(letter, limit=MAX_LETTER))
    write_new(out, data, secret=True)
    lines = [
        _("The pouch is in {file}.").format(file=out),
        _(
            "Give it to the courier: it is for the desk that wrote the letter; taking it in twice does no harm."
        ),
    ]
    show({"file": str(out), "bytes": len(data)}, lines, as_json=as_json)


def grouped(digits: str, size: int = 4) -> str:
    """Return a number in groups, as people read it to each other."""
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))


def _status_lines(data: dict[str, Any]) -> list[str]:
    """Return the state of a venue for people."""
    serving = data["serving"] or _("nothing; it is not being served")
    lines = [f"{data['name']}  ({data['origin']})", _("serving: {address}").format(address=serving)]
    if not data["talks"]:
        lines.append(_("no talks have been offered"))
    for one in data["talks"]:
        last = datetime.fromtimestamp(one["last_checkpoint"]["time_ms"] / 1000, UTC)
        lines.append(
            _("talks {id}: {entries} entries, {bytes} bytes, last checkpoint {time}").format(
                id=one["id"][:16],
                entries=one["entries"],
                bytes=one["bytes"],
                time=f"{last:%Y-%m-%d %H:%M:%S} UTC",
            )
        )
        if one["standing_lists"]:
            lines.append(_standing_line(one["standing_lists"]))
        for register in one["registers"]:
            held = _(", held after a restore") if register["held"] else ""
            lines.append(
                _("  {kind} {id}: {entries} entries{held}").format(
                    kind=register["kind"], id=register["id"][:8], entries=register["entries"], held=held
                )
            )
    return lines


def _standing_line(standing: dict[str, Any]) -> str:
    """Return how many standing lists talks have, and when the next is sounded."""
    count = standing["lists"]
    if standing["next_ms"] is None:
        words = ngettext(
            "  {count} standing list; its time is over", "  {count} standing lists; their time is over", count
        )
        return words.format(count=count)
    next_one = datetime.fromtimestamp(standing["next_ms"] / 1000, UTC)
    words = ngettext("  {count} standing list, next {time}", "  {count} standing lists, next {time}", count)
    return words.format(count=count, time=f"{next_one:%Y-%m-%d %H:%M:%S} UTC")
