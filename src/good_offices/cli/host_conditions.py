"""`goodoffices venue conditions`: what delegations asked of this host together, the checklist, and the host's answers.

This module decides how these verbs read. What may be answered is decided by `venue.clear.conditions`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from good_offices.clerk.names import until, when
from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.host import venue_option
from good_offices.cli.session import F, json_option
from good_offices.cli.voice import show
from good_offices.locale import N_, _
from good_offices.register.conditions import SAYS, AnsweredItem
from good_offices.register.handed import HANDED_LIMIT
from good_offices.venue import folder as folders
from good_offices.venue.clear import conditions as kept
from good_offices.venue.clear.conditions import Asked
from good_offices.venue.clear.table import Task

_PATH = click.Path(path_type=Path)
_SHORT = 16


def _which(command: F) -> F:
    """Add the talks and the number of a request."""
    for option in (
        click.argument("number", type=int),
        click.argument("talks"),
    ):
        command = option(command)
    return command


@click.group(cls=Verbs, help=N_("What delegations have asked of this host together, in clear."))
def conditions() -> None:
    """Group the host's verbs of conditions."""


@conditions.command("show", help=N_("Show the requests, the checklist and the answers."))
@venue_option
@json_option
def show_conditions(folder: Path, *, as_json: bool) -> None:
    """Show requests."""
    rows = [_told(one) for one in kept.asked(folders.open_folder(folder))]
    lines = [line for row in rows for line in _lines(row)]
    show({"requests": rows}, lines or [_("Nothing has been asked of this host.")], as_json=as_json)


@conditions.command(help=N_("Sign an answer to one item of a request: confirmed, changed or declined."))
@venue_option
@_which
@click.argument("item")
@click.argument("says", type=click.Choice(SAYS))
@click.argument("words", default="")
@click.option(
    "--language", default="en", show_default=True, help=N_("The language of the words, such as en.")
)
@click.option("--begins", help=N_("For a change: from when, such as 2027-05-04T10:00+02:00."))
@click.option("--ends", help=N_("For a change: until when."))
@json_option
def answer(  # one argument for each part of an answer
    folder: Path,
    talks: str,
    number: int,
    item: str,
    says: Any,
    words: str,
    language: str,
    begins: str | None,
    ends: str | None,
    *,
    as_json: bool,
) -> None:
    """Answer an item."""
    said = AnsweredItem(
        key=item,
        says=says,
        words=words,
        language=language if words else "",
        begins=until(begins),
        ends=until(ends),
    )
    given = kept.answer(folders.open_folder(folder), talks, number, [said])
    lines = [
        _("Answer {answer} to request {number} is signed. The desks take it when they ask next.").format(
            answer=given.answer, number=number
        )
    ]
    show({"number": number, "answer": given.answer, "items": len(given.items)}, lines, as_json=as_json)


@conditions.command(help=N_("Note for the host's people alone who sees to an item, and whether it is done."))
@venue_option
@_which
@click.argument("item")
@click.option("--owner", default="", help=N_("Who sees to it, in words."))
@click.option("--remark", default="", help=N_("A remark."))
@click.option("--done/--not-done", default=False, help=N_("Whether it is done."))
@json_option
def note(
    folder: Path, talks: str, number: int, item: str, owner: str, remark: str, *, done: bool, as_json: bool
) -> None:
    """Note something of an item."""
    kept.note(folders.open_folder(folder), talks, number, item, Task(owner, remark, done))
    lines = [_("Noted. Nobody outside this house sees it.")]
    show({"item": item, "owner": owner, "remark": remark, "done": done}, lines, as_json=as_json)


@conditions.command(help=N_("Take a request from a file that a courier brought."))
@venue_option
@click.argument("file", type=_PATH)
@json_option
def take(folder: Path, file: Path, *, as_json: bool) -> None:
    """Take a request."""
    taken = kept.taken(folders.open_folder(folder), read_bytes(file, limit=HANDED_LIMIT))
    lines = [
        _("Request {number} of the talks {talks} is here, signed by all delegations.").format(
            number=taken.number, talks=taken.talks.hex()[:_SHORT]
        )
    ]
    show({"talks": taken.talks, "number": taken.number}, lines, as_json=as_json)


@conditions.command(help=N_("Write the answers to one talks' requests into a file, for a courier."))
@venue_option
@click.argument("talks")
@click.option("--out", type=_PATH, required=True, help=N_("The new file."))
@json_option
def export(folder: Path, talks: str, out: Path, *, as_json: bool) -> None:
    """Write answers to a file."""
    write_new(out, kept.exported(folders.open_folder(folder), talks))
    lines = [
        _(
            "The answers are in {file}. A desk takes them with `goodoffices conditions answers --from`."
        ).format(file=out)
    ]
    show({"file": str(out)}, lines, as_json=as_json)


def _told(one: Asked) -> dict[str, Any]:
    """Return one request as values."""
    return {
        "talks": one.request.talks.hex(),
        "number": one.kept.number,
        "came_ms": one.kept.time,
        "replaced": one.replaced,
        "answer": one.answer.answer if one.answer else 0,
        "items": [
            {
                "key": each.key,
                "kind": each.kind,
                "words": each.words,
                "language": each.language,
                "pair": list(each.pair),
                "begins_ms": each.begins,
                "ends_ms": each.ends,
                "says": said.says if (said := one.said.get(each.key)) else None,
                "said": said.words if said else "",
                "owner": (task := one.tasks.get(each.key, Task())).owner,
                "remark": task.remark,
                "done": task.done,
            }
            for each in one.request.items
        ],
    }


def _lines(row: dict[str, Any]) -> list[str]:
    """Return one request for people."""
    says = {
        None: _("not answered yet"),
        "confirmed": _("confirmed"),
        "changed": _("a change is offered"),
        "declined": _("declined"),
    }
    lines = [
        _("Talks {talks}, request {number}, came {time}").format(
            talks=row["talks"][:_SHORT], number=row["number"], time=when(row["came_ms"])
        )
    ]
    if row["replaced"]:
        lines.append(_("  asked no more: request {replaced} stands in its place").format(**row))
    for one in row["items"]:
        mark = "x" if one["done"] else " "
        lines.append(f"  [{mark}] {one['key']}: {one['words']}")
        lines.append(f"      {says[one['says']]}" + (f": {one['said']}" if one["said"] else ""))
        owner = " · ".join(each for each in (one["owner"], one["remark"]) if each)
        lines += [f"      {owner}"] if owner else []
    return lines
