"""`goodoffices text silence`: a proposal that stands unless somebody breaks the silence in time.

This module decides how these verbs read. What they mean stands in `clerk.silence_view`; whether they have effect, in the rules.
"""

from __future__ import annotations

from typing import Any

import click

from good_offices.clerk import names, pending, silence_view, steps
from good_offices.cli.groups import Verbs
from good_offices.cli.session import F
from good_offices.cli.text_acts import text_option
from good_offices.cli.where import InRoom, verb_in_room
from good_offices.cli.work import Work, verb
from good_offices.locale import N_, _
from good_offices.talks.event import LEVELS


def _said(command: F) -> F:
    """Add `--words` and `--language`."""
    for option in (
        click.option("--language", "tag", default="en", help=N_("The language of the words, such as en.")),
        click.option("--words", default="", help=N_("What is said with it, if you wish.")),
    ):
        command = option(command)
    return command


@click.group(cls=Verbs, help=N_("The silence procedure: open one, break one, show them."))
def silence() -> None:
    """Group the verbs of the silence procedure."""


@silence.command(
    "open",
    help=N_(
        "Propose that provisions are agreed, or the whole text adopted, unless a delegation breaks the silence in time."
    ),
)
@click.argument("units", nargs=-1)
@click.option("--whole", is_flag=True, help=N_("The whole text, to be adopted."))
@click.option("--hours", type=int, required=True, help=N_("How many hours each delegation has, 1 to 8760."))
@click.option(
    "--level", type=click.Choice(LEVELS), default="experts", show_default=True, help=N_("At which level.")
)
@click.option("--ad-referendum", is_flag=True, help=N_("Subject to confirmation by the capitals."))
@_said
@text_option
@verb_in_room
def open_(
    work: InRoom,
    units: tuple[str, ...],
    hours: int,
    level: Any,
    words: str,
    tag: str,
    instrument: str | None,
    *,
    whole: bool,
    ad_referendum: bool,
) -> int:
    """Open a silence."""
    text = work.text(instrument)
    found = [] if whole and not units else steps.named(text, units)
    event = silence_view.opening(
        text, found, hours, level=level, ad_referendum=ad_referendum, whole=whole, words=words, tag=tag
    )
    return work.post(event)


@silence.command(
    "break", help=N_("Break the silence opened at an entry: one delegation is enough, without a reason.")
)
@click.argument("entry")
@_said
@verb
def break_(work: Work, entry: str, words: str, tag: str) -> int:
    """Break a silence, in the room in which it was opened."""
    event = silence_view.breaking(work.desk, entry, words, tag)
    return work.act(pending.room_of(work.desk, names.act_at(work.desk.common, entry)), event)


@silence.command(
    "show", help=N_("Show what is under silence, until when by your own clock, and what became of it.")
)
@text_option
@verb_in_room
def show_silences(work: InRoom, instrument: str | None) -> None:
    """Show silences."""
    found = silence_view.told(work.desk, work.text(instrument), work.room)
    lines = []
    for one in found:
        lines.append(
            _("entry {index}, by {by}: {state}").format(
                index=one["index"], by=one["by"], state=f"{one['what']}; {_state(one)}"
            )
        )
        lines += [f"  {each['label']}" for each in one["provisions"]]
    data = [{**one, "content": one["content"].hex(), "words": list(one["words"])} for one in found]
    work.show({"silences": data}, lines or [_("Nothing was put under silence.")])


def _state(one: dict[str, Any]) -> str:
    """Return what became of a silence, or what it waits for."""
    if one["fate"] != "open":
        fates = {
            "adopted": _("it stands: nobody broke the silence"),
            "broken": _("broken by {name}").format(name=one["broken"]),
            "overtaken": _("overtaken: the provisions are not what they were"),
            "ended": _("ended with the talks or with the modalities"),
        }
        return fates[one["fate"]]
    said = [_("waits for {names}").format(names=", ".join(one["waits_for"]))]
    if one["ends_ms"] is not None and not one["passed"]:
        said.append(_("ends for your delegation {time}").format(time=names.when(one["ends_ms"])))
    return "; ".join(said)
