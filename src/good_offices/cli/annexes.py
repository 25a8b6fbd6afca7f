"""The verbs of annexes: file one, list them, save one.

This module decides under which name a file is saved. It never opens one, and never takes a path from the record: a title is
words of its author.
"""

from __future__ import annotations

from pathlib import Path

import click

from good_offices.clerk import papers_view, rooms_view, speaking
from good_offices.clerk.filing import safe_name
from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import even_so_option
from good_offices.cli.where import InRoom, verb_in_room
from good_offices.desk import annexes
from good_offices.locale import N_, _
from good_offices.talks.papers import MAX_ANNEX

_PATH = click.Path(path_type=Path)
_ANY: int = 256 * 1024 * 1024


@click.group(cls=Verbs, help=N_("Maps, lists and scans, as sealed files."))
def annex() -> None:
    """Group the verbs of annexes."""


@annex.command("file", help=N_("Put a file on record and send it, sealed, to all who read the room."))
@click.argument("path", type=_PATH)
@click.option("--id", "name", help=N_("The annex's id; else one is drawn."))
@click.option("--title", help=N_("Its name in the record; else the name of the file."))
@click.option("--media", default="application/octet-stream", show_default=True, help=N_("Its media type."))
@click.option("--hash-only", is_flag=True, help=N_("Put its hash on record alone; the file stays with you."))
@even_so_option
@verb_in_room
def file_annex(
    work: InRoom,
    path: Path,
    name: str | None,
    title: str | None,
    media: str,
    *,
    hash_only: bool,
    even_so: bool,
) -> int:
    """File an annex."""
    data = read_bytes(path, limit=_ANY if hash_only else MAX_ANNEX)
    work.check_outgoing(work.room, [title or path.name], even_so=even_so)
    event = speaking.annex(data, title=title or path.name, media=media, name=name)
    if hash_only:
        return work.post(event)
    event = annexes.with_file(event, data)
    return work.post(event, file=data)


@annex.command("list", help=N_("List the annexes, and whether the file of each is here."))
@verb_in_room
def list_annexes(work: InRoom) -> None:
    """List the annexes."""
    found = rooms_view.annexes(work.desk, work.room)
    states = {
        "here": _("the file is here"),
        "kept-back": _("only its hash is on record"),
        "coming": _("{missing} of {pieces} pieces have not come yet"),
    }
    lines = []
    for one in found:
        lines.append(f"{one['annex']}  {one['title']} ({one['by']})")
        lines.append(
            _("        {size} bytes; {state}").format(
                size=one["size"], state=states[one["state"]].format(**one)
            )
        )
        lines.append(f"        SHA-256 {one['digest']}")
    work.show({"annexes": found}, lines or [_("No annex is on record.")])


@annex.command(
    help=N_("Save the file of an annex, by id or title, once all of it is here and its hash is right.")
)
@click.argument("which")
@click.argument("path", type=_PATH, required=False)
@verb_in_room
def save(work: InRoom, which: str, path: Path | None) -> None:
    """Save an annex."""
    name = papers_view.annex_named(work.desk, which, work.room)
    title, data = papers_view.annex_file(work.desk, name, work.room)
    # Beside the person, under a name without folders; never over a file that is there.
    target = path or Path(safe_name(title))
    write_new(target, data)
    lines = [
        _("{file}: {size} bytes, with the hash that its author signed.").format(file=target, size=len(data)),
        _("It has not been opened. What is in it is its author's responsibility."),
    ]
    work.show({"file": str(target), "annex": name, "size": len(data)}, lines)
