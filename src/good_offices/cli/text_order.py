"""The verbs that concern a text's languages and order: language, add, move, relabel, remove, options.

This module decides how provisions and places are named on the command line. It never changes a text: it writes acts,
each naming the order or the words that this desk holds. All but `options` are joint.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Final, get_args

import click

from good_offices.clerk import names
from good_offices.clerk.wording import worded
from good_offices.cli.talks import until_option
from good_offices.cli.text_acts import bound, draft_in, in_option, text_option, words_by_language
from good_offices.cli.work import Work, verb
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks import events_text as events
from good_offices.text.model import Instrument, Kind, Runs, Unit
from good_offices.text.notation import parse
from good_offices.text.state import TextState

_PATH = click.Path(path_type=Path)


@click.command(
    help=_(
        "Give provisions their words in a language: one by --in, or all from a file in order. All must do the same."
    )
)
@click.argument("language")
@click.option("--unit", help=_("The provision whose words are given."))
@click.option("--words", help=_("Its words in that language."))
@click.option("--file", type=_PATH, help=_("The whole draft in that language, provision by provision."))
@text_option
@until_option
@verb
def language_(
    work: Work,
    language: str,
    unit: str | None,
    words: str | None,
    file: Path | None,
    instrument: str | None,
    until: str | None,
) -> int:
    """Set a language."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    parties = names.printed(work.desk)
    if file is not None:
        new = _translated(text, draft_in(file, parties).to_instrument(language), language)
    elif unit is not None and words is not None:
        one = names.unit(text, unit)
        new = [(one, worded(text.instrument, one, {language: words}, parties)[language])]
    else:
        raise LocalError("words-missing")
    texts = tuple(
        events.LanguageText(unit=one.id, base=one.digest, language=language, runs=runs) for one, runs in new
    )
    event = events.LanguageTextSet(instrument=text.instrument.id, texts=texts, until=names.until(until))
    return work.act("plenary", event)


@click.command(help=_("Add a provision after another one. All must do the same."))
@in_option
@click.option("--after", default="", help=_("After which provision; else it comes first."))
@click.option("--parent", default="", help=_("Under which provision it stands."))
@click.option(
    "--kind", type=click.Choice(get_args(Kind)), default="paragraph", show_default=True, help=_("What it is.")
)
@click.option("--label", default="", help=_("Its label as printed, such as 3 bis."))
@click.option("--id", "name", help=_("Its id; else one is drawn."))
@text_option
@until_option
@verb
def add(
    work: Work,
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
    text = names.text_named(work.desk.talks.plenary, instrument)
    identity = name or f"u-{secrets.token_hex(3)}"
    parties = names.printed(work.desk)
    texts = {
        language: parse(words, f"{identity}.", names=parties)
        for language, words in words_by_language(given).items()
    }
    unit = Unit(
        id=identity, kind=kind, label=label, parent=names.unit(text, parent).id if parent else "", texts=texts
    )
    addition = events.Addition(unit=unit, after=names.unit(text, after).id if after else "")
    event = events.UnitAdded(
        instrument=text.instrument.id,
        outline=text.instrument.outline,
        additions=(addition,),
        until=names.until(until),
    )
    return work.act("plenary", event)


@click.command(help=_("Move a provision. All must do the same."))
@click.argument("unit")
@click.option("--after", default="", help=_("After which provision; else it comes first."))
@click.option("--parent", default="", help=_("Under which provision it stands."))
@text_option
@until_option
@verb
def move(work: Work, unit: str, after: str, parent: str, instrument: str | None, until: str | None) -> int:
    """Move a provision."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    moved = events.Move(
        unit=names.unit(text, unit).id,
        parent=names.unit(text, parent).id if parent else "",
        after=names.unit(text, after).id if after else "",
    )
    event = events.UnitMoved(
        instrument=text.instrument.id,
        outline=text.instrument.outline,
        moves=(moved,),
        until=names.until(until),
    )
    return work.act("plenary", event)


@click.command(
    help=_("Print a provision under another label; it stays the same provision. All must do the same.")
)
@click.argument("unit")
@click.argument("label")
@text_option
@until_option
@verb
def relabel(work: Work, unit: str, label: str, instrument: str | None, until: str | None) -> int:
    """Relabel a provision."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    one = names.unit(text, unit)
    labels = (events.Label(unit=one.id, base=one.digest, label=label),)
    event = events.UnitRelabelled(instrument=text.instrument.id, labels=labels, until=names.until(until))
    return work.act("plenary", event)


@click.command(help=_("Take provisions out of the text. All must do the same."))
@click.argument("units", nargs=-1, required=True)
@text_option
@until_option
@verb
def remove(work: Work, units: tuple[str, ...], instrument: str | None, until: str | None) -> int:
    """Remove provisions."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    chosen = bound([names.unit(text, word) for word in units])
    event = events.UnitRemoved(instrument=text.instrument.id, units=chosen, until=names.until(until))
    return work.act("plenary", event)


@click.command(help=_("Make groups of whole neighbouring provisions the variants of one bracket."))
@click.option(
    "--group",
    "groups",
    multiple=True,
    required=True,
    help=_("The provisions of one variant, with commas; repeat."),
)
@click.option("--slot", help=_("A name for the bracket; else one is drawn."))
@text_option
@verb
def options(work: Work, groups: tuple[str, ...], slot: str | None, instrument: str | None) -> int:
    """Set provisions as options."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    grouped = [[names.unit(text, word.strip()) for word in group.split(",")] for group in groups]
    event = events.OptionsPlaced(
        instrument=text.instrument.id,
        slot=slot or f"o-{secrets.token_hex(3)}",
        groups=tuple(tuple(one.id for one in group) for group in grouped),
        units=bound([one for group in grouped for one in group]),
    )
    return work.act("plenary", event)


def _translated(text: TextState, other: Instrument, language: str) -> list[tuple[Unit, Runs]]:
    """Return the provisions whose words in a language are not yet those of a whole draft, with these words.

    Raises:
        LocalError: `drafts-not-parallel`.
    """
    units = text.instrument.units
    if len(units) != len(other.units):
        raise LocalError("drafts-not-parallel", language=language, unit=min(len(units), len(other.units)) + 1)
    pairs = [(one, second.texts[language]) for one, second in zip(units, other.units, strict=True)]
    return [(one, runs) for one, runs in pairs if one.texts.get(language) != runs]


language_.name = "language"
ORDER: Final = (language_, add, move, relabel, remove, options)
