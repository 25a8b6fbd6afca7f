"""The verbs that concern a text's languages and order: language, add, move, relabel, remove, options.

This module decides how provisions and places are named on the command line. It never changes a text: it writes acts,
each naming the order or the words that this desk holds. All but `options` are joint.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, get_args

import click

from good_offices.clerk import drafting, names
from good_offices.cli.talks import until_option
from good_offices.cli.text_acts import draft_in, in_option, text_option, words_by_language
from good_offices.cli.where import InRoom, verb_in_room
from good_offices.errors import LocalError
from good_offices.locale import N_
from good_offices.text.model import Kind

_PATH = click.Path(path_type=Path)


@click.command(
    help=N_(
        "Give provisions their words in a language: one by --in, or all from a file in order. All must do the same."
    )
)
@click.argument("language")
@click.option("--unit", help=N_("The provision whose words are given."))
@click.option("--words", help=N_("Its words in that language."))
@click.option("--file", type=_PATH, help=N_("The whole draft in that language, provision by provision."))
@text_option
@until_option
@verb_in_room
def language_(
    work: InRoom,
    language: str,
    unit: str | None,
    words: str | None,
    file: Path | None,
    instrument: str | None,
    until: str | None,
) -> int:
    """Set a language."""
    text = work.text(instrument)
    limit = names.until(until)
    if file is not None:
        draft = draft_in(file, names.printed(work.desk))
        return work.post(drafting.translation(text, language, draft, limit))
    if unit is None or words is None:
        raise LocalError("words-missing")
    one = names.unit(text, unit).id
    return work.post(drafting.language(work.desk, text, language, {one: words}, limit))


@click.command(help=N_("Add a provision after another one. All must do the same."))
@in_option
@click.option("--after", default="", help=N_("After which provision; else it comes first."))
@click.option("--parent", default="", help=N_("Under which provision it stands."))
@click.option(
    "--kind",
    type=click.Choice(get_args(Kind)),
    default="paragraph",
    show_default=True,
    help=N_("What it is."),
)
@click.option("--label", default="", help=N_("Its label as printed, such as 3 bis."))
@click.option("--id", "name", help=N_("Its id; else one is drawn."))
@text_option
@until_option
@verb_in_room
def add(
    work: InRoom,
    given: tuple[tuple[str, str], ...],
    after: str,
    parent: str,
    kind: Any,
    label: str,
    name: str | None,
    instrument: str | None,
    until: str | None,
) -> int:
    """Add a provision."""
    text = work.text(instrument)
    under = names.unit(text, parent).id if parent else ""
    before = names.unit(text, after).id if after else ""
    words = words_by_language(given)
    new = drafting.provision(work.desk, words, kind=kind, label=label, parent=under, name=name)
    return work.post(drafting.addition(text, new, before, names.until(until)))


@click.command(help=N_("Move a provision. All must do the same."))
@click.argument("unit")
@click.option("--after", default="", help=N_("After which provision; else it comes first."))
@click.option("--parent", default="", help=N_("Under which provision it stands."))
@text_option
@until_option
@verb_in_room
def move(work: InRoom, unit: str, after: str, parent: str, instrument: str | None, until: str | None) -> int:
    """Move a provision."""
    text = work.text(instrument)
    event = drafting.move(
        text,
        names.unit(text, unit).id,
        parent=names.unit(text, parent).id if parent else "",
        after=names.unit(text, after).id if after else "",
        until=names.until(until),
    )
    return work.post(event)


@click.command(
    help=N_("Print a provision under another label; it stays the same provision. All must do the same.")
)
@click.argument("unit")
@click.argument("label")
@text_option
@until_option
@verb_in_room
def relabel(work: InRoom, unit: str, label: str, instrument: str | None, until: str | None) -> int:
    """Relabel a provision."""
    text = work.text(instrument)
    labels = {names.unit(text, unit).id: label}
    return work.post(drafting.labels(text, labels, names.until(until)))


@click.command(help=N_("Take provisions out of the text. All must do the same."))
@click.argument("units", nargs=-1, required=True)
@text_option
@until_option
@verb_in_room
def remove(work: InRoom, units: tuple[str, ...], instrument: str | None, until: str | None) -> int:
    """Remove provisions."""
    text = work.text(instrument)
    chosen = [names.unit(text, word).id for word in units]
    return work.post(drafting.removal(text, chosen, names.until(until)))


@click.command(help=N_("Make groups of whole neighbouring provisions the variants of one bracket."))
@click.option(
    "--group",
    "groups",
    multiple=True,
    required=True,
    help=N_("The provisions of one variant, with commas; repeat."),
)
@click.option("--slot", help=N_("A name for the bracket; else one is drawn."))
@text_option
@verb_in_room
def options(work: InRoom, groups: tuple[str, ...], slot: str | None, instrument: str | None) -> int:
    """Set provisions as options."""
    text = work.text(instrument)
    grouped = [[names.unit(text, word.strip()).id for word in group.split(",")] for group in groups]
    return work.post(drafting.options(text, grouped, slot))


language_.name = "language"
ORDER: Final = (language_, add, move, relabel, remove, options)
