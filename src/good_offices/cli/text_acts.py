"""The verbs that concern words: table, propose, accept, withdraw, bracket, settle, stance.

This module decides how words and brackets are named on the command line. The events are made in `clerk.drafting`.

1. A provision is named by its id or its label, a bracket by the name that `text show` prints, a variant by its number
   from 1.
2. Words are in the notation of the text (spec/text.md section 4), one language at a time: `--in en "..."`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, get_args

import click

from good_offices.clerk import drafting, names, referred
from good_offices.cli.files import read_bytes
from good_offices.cli.session import F
from good_offices.cli.talks import until_option
from good_offices.cli.where import InRoom, verb_in_room
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.text.importing import MAX_DRAFT, Draft, read_draft
from good_offices.text.state import Says

_PATH = click.Path(path_type=Path)


def text_option(command: F) -> F:
    """Add `--text`."""
    return click.option("--text", "instrument", help=N_("Which text, if there are several."))(command)


def in_option(command: F) -> F:
    """Add `--in LANGUAGE WORDS`."""
    return click.option(
        "--in",
        "given",
        multiple=True,
        nargs=2,
        metavar="LANGUAGE WORDS",
        help=N_("Complete words in a language; repeat."),
    )(command)


def words_by_language(given: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the words by language; there must be some."""
    if not given:
        raise LocalError("words-missing")
    return dict(given)


@click.command(help=N_("Put a draft on the table; every provision is open, and nobody is bound."))
@click.argument("file", type=_PATH)
@click.option("--language", default="en", show_default=True, help=N_("The language of the draft."))
@click.option(
    "--with",
    "others",
    multiple=True,
    nargs=2,
    metavar="LANGUAGE FILE",
    help=N_("The same draft in another language; repeat."),
)
@click.option("--id", "name", default="text", show_default=True, help=N_("A short name for it."))
@click.option(
    "--title", "titles", multiple=True, nargs=2, metavar="LANGUAGE TITLE", help=N_("Its title; repeat.")
)
@click.option(
    "--authentic", multiple=True, help=N_("An authentic language; repeat; else all that are given.")
)
@verb_in_room
def table(
    work: InRoom,
    file: Path,
    language: str,
    others: tuple[tuple[str, str], ...],
    name: str,
    titles: tuple[tuple[str, str], ...],
    authentic: tuple[str, ...],
) -> int:
    """Table a text."""
    parties = names.printed(work.desk)
    drafts = {language: draft_in(file, parties)} | {
        other: draft_in(Path(path), parties) for other, path in others
    }
    return work.post(drafting.tabled(drafts, name, dict(titles), authentic))


def draft_in(file: Path, parties: dict[str, str]) -> Draft:
    """Return the draft in a file."""
    return read_draft(read_bytes(file, limit=MAX_DRAFT), file.suffix, names=parties)


@click.command(
    help=N_("Propose complete new words for a provision; the text changes when all have accepted them.")
)
@click.argument("unit")
@in_option
@click.option(
    "--also",
    multiple=True,
    nargs=3,
    metavar="UNIT LANGUAGE WORDS",
    help=N_("Another provision that stands or falls with it; repeat."),
)
@click.option("--id", "name", help=N_("A short name for the proposal; else one is drawn."))
@click.option("--condition", default="", help=N_("Under which condition, in words."))
@text_option
@until_option
@verb_in_room
def propose(
    work: InRoom,
    unit: str,
    given: tuple[tuple[str, str], ...],
    also: tuple[tuple[str, str, str], ...],
    name: str | None,
    condition: str,
    instrument: str | None,
    until: str | None,
) -> int:
    """Propose an amendment."""
    text = work.text(instrument)
    wanted: dict[str, dict[str, str]] = {names.unit(text, unit).id: words_by_language(given)}
    for word, language, words in also:
        wanted.setdefault(names.unit(text, word).id, {})[language] = words
    event = drafting.amendment(
        work.desk, text, wanted, name=name, condition=condition, until=names.until(until)
    )
    return work.post(event)


@click.command(help=N_("Accept a proposal by its name, or any pending act on the text by its entry or hash."))
@click.argument("which")
@text_option
@until_option
@verb_in_room
def accept(work: InRoom, which: str, instrument: str | None, until: str | None) -> int:
    """Accept."""
    return work.post(drafting.acceptance(work.desk, which, instrument, names.until(until), work.room))


@click.command(help=N_("Take back your own proposal."))
@click.argument("proposal")
@text_option
@verb_in_room
def withdraw(work: InRoom, proposal: str, instrument: str | None) -> int:
    """Withdraw a proposal."""
    text = work.text(instrument)
    return work.post(drafting.withdrawal(text, proposal))


@click.command(
    "table-referred",
    help=N_(
        "Put a text on the table that was referred to this room: its words are checked against the hash of the referral."
    ),
)
@click.argument("subject")
@verb_in_room
def table_referred(work: InRoom, subject: str) -> int:
    """Table a referred text."""
    one = referred.referral_named(work.desk, work.room, subject)
    event = referred.tabled(work.desk, work.room, one)
    told = referred.told(work.desk, one)
    lines = [
        _("{title}: from {room}, referred at entry {since}").format(**told),
        _("its words have the hash of the referral: {subject}").format(subject=told["subject"]),
    ]
    return work.post(event, about={"text": event.instrument.id, "from": told}, lines=lines)


@click.command(
    help=N_("Put brackets around words of an open provision; without the brackets the words are the same.")
)
@click.argument("unit")
@in_option
@text_option
@verb_in_room
def bracket(work: InRoom, unit: str, given: tuple[tuple[str, str], ...], instrument: str | None) -> int:
    """Place brackets."""
    text = work.text(instrument)
    wanted = {names.unit(text, unit).id: words_by_language(given)}
    return work.post(drafting.brackets(work.desk, text, wanted))


@click.command(
    help=N_(
        "Settle brackets: SLOT=2 keeps a variant, SLOT=omit none; of whole provisions SLOT=1,3 several. All must do the same."
    )
)
@click.argument("choices", nargs=-1, required=True)
@text_option
@until_option
@verb_in_room
def settle_(work: InRoom, choices: tuple[str, ...], instrument: str | None, until: str | None) -> int:
    """Settle brackets."""
    text = work.text(instrument)
    chosen = [drafting.choice(word) for word in choices]
    return work.post(drafting.settlement(text, chosen, names.until(until)))


@click.command(
    help=N_("Take a stance on a provision or on one variant of a bracket; it is never an acceptance.")
)
@click.argument("unit")
@click.argument("says", type=click.Choice(get_args(Says)))
@click.option("--slot", default="", help=N_("The bracket, as `text show` names it."))
@click.option("--variant", type=click.IntRange(1), default=1, help=N_("The variant of the bracket, from 1."))
@click.option("--condition", default="", help=N_("What is reserved or conditional, in words."))
@text_option
@verb_in_room
def stance(
    work: InRoom, unit: str, says: Any, slot: str, variant: int, condition: str, instrument: str | None
) -> int:
    """Take a stance."""
    text = work.text(instrument)
    one = names.unit(text, unit).id
    event = drafting.stance(text, one, says, slot=slot, variant=variant, condition=condition)
    return work.post(event)


settle_.name = "settle"
ACTS: Final = (table, table_referred, propose, accept, withdraw, bracket, settle_, stance)
