"""`goodoffices conditions`: what all delegations ask of the host in clear, and what the host answers.

This module decides how these verbs read. A request is accepted like any other pending act, by `goodoffices act accept`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from good_offices.clerk import conditions as told
from good_offices.clerk import names
from good_offices.cli.files import read_bytes, read_words, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.voice import warn
from good_offices.cli.work import Work, verb
from good_offices.desk import conditions as desks
from good_offices.locale import N_, _, ngettext

_PATH = click.Path(path_type=Path)


@click.group(cls=Verbs, help=N_("Conditions: what all delegations ask of the host together, in clear."))
def conditions() -> None:
    """Group the verbs of conditions."""


@conditions.command(
    help=N_("Propose the request of a TOML file; it stands when every delegation has accepted the same.")
)
@click.argument("file", type=_PATH)
@until_option
@verb
def request(work: Work, file: Path, until: str | None) -> int:
    """Propose a request."""
    text = read_words(file, limit=told.MAX_FILE)
    event = told.read_request(work.desk, text, names.until(until))
    lines = [
        _(
            "Nothing reaches the host by this. When all have accepted and signed it, the host reads these words:"
        ),
        *told.item_lines([told.item(one) for one in event.request.items]),
    ]
    return work.act("plenary", event, lines=lines)


@conditions.command(
    "show", help=N_("Show the requests, who has signed them, and what the host has answered.")
)
@verb
def show_conditions(work: Work) -> None:
    """Show requests and answers."""
    data = told.state(work.desk)
    if data["refused"]:
        warn(_("The host’s last word was not taken: {why}").format(why=data["refused"]))
    work.show(data, list(_lines(data)) or [_("Nothing has been asked of the host.")])


@conditions.command(
    help=N_(
        "Sign a request that all have accepted, for the host to read; the host gets it when all have signed."
    )
)
@click.argument("number", type=int)
@verb
def sign(work: Work, number: int) -> int:
    """Sign a request."""
    return work.act("plenary", desks.signed(work.desk, number))


@conditions.command(
    "hand-over", help=N_("Hand a request that all have signed to the host, over the network or in a file.")
)
@click.argument("number", type=int)
@click.option("--out", type=_PATH, help=N_("Write it to this new file instead, for a courier."))
@verb
def hand_over(work: Work, number: int, out: Path | None) -> None:
    """Hand a request over."""
    if out is not None:
        write_new(out, desks.handed_over(work.desk, number))
        lines = [
            _("The request is in {file}. The host takes it with `goodoffices venue conditions take`.").format(
                file=out
            )
        ]
    else:
        desks.hand_over(work.desk, number)
        lines = [_("The host has the request. `goodoffices conditions answers` asks what it answers.")]
    work.show({"number": number, "file": str(out) if out else None}, lines)


@conditions.command(help=N_("Ask the host for its answers, or take them from a file that a courier brought."))
@click.option("--from", "file", type=_PATH, help=N_("Take them from this file."))
@verb
def answers(work: Work, file: Path | None) -> None:
    """Take answers."""
    if file is not None:
        fresh = desks.take_file(work.desk, read_bytes(file, limit=desks.CONDITIONS_LIMIT))
    else:
        fresh = desks.ask(work.desk)
    data = told.state(work.desk)
    line = ngettext("{count} answer is new.", "{count} answers are new.", fresh).format(count=fresh)
    work.show({"new": fresh, **data}, [line, *_lines(data)])


def _lines(data: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of requests and answers."""
    for one in data["pending"]:
        yield _("Request {number}, proposed at entry {index}; accepted by {names}").format(
            number=one["number"], index=one["index"], names=", ".join(one["accepted"])
        )
        yield from told.item_lines(one["items"])
    for one in data["requests"]:
        yield _("Request {number}, accepted by all at entry {index}").format(**one)
        if one["replaced"]:
            yield _("  asked no more: request {replaced} stands in its place").format(**one)
        elif one["missing"]:
            yield _("  not signed for the host by: {names}").format(names=", ".join(one["missing"]))
        elif one["held_ms"] is None:
            yield _(
                "  signed by all; not with the host yet: `goodoffices conditions hand-over {number}`"
            ).format(**one)
        elif not one["answer"]:
            yield _("  with the host since {time}; not answered yet").format(time=names.when(one["held_ms"]))
        else:
            yield _("  the host’s answer {answer}, of {time} by its clock").format(
                answer=one["answer"], time=names.when(one["answered_ms"])
            )
        yield from told.item_lines(one["items"])
