"""The verbs that concern words: table, propose, accept, withdraw, bracket, settle, stance.

This module decides how words and brackets are named on the command line. It never changes a text: it writes acts, each
naming the hash of the text that this desk holds.

1. A provision is named by its id or its label, a bracket by the name that `text show` prints, a variant by its number
   from 1.
2. Words are in the notation of the text (spec/text.md section 4), one language at a time: `--in en "..."`.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Final, get_args

import click
import msgspec

from good_offices.clerk import names
from good_offices.clerk.pending import acceptance
from good_offices.clerk.wording import bracketed, worded
from good_offices.cli.files import read_bytes
from good_offices.cli.session import F
from good_offices.cli.talks import until_option
from good_offices.cli.work import Work, verb
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks import events_text as events
from good_offices.text.importing import MAX_DRAFT, Draft, read_draft
from good_offices.text.model import Unit
from good_offices.text.parallel import side_by_side
from good_offices.text.settling import Choice, settle, touched
from good_offices.text.state import Says, TextState

_PATH = click.Path(path_type=Path)


def text_option(command: F) -> F:
    """Add `--text`."""
    return click.option("--text", "instrument", help=_("Which text, if there are several."))(command)


def in_option(command: F) -> F:
    """Add `--in LANGUAGE WORDS`."""
    return click.option(
        "--in",
        "given",
        multiple=True,
        nargs=2,
        metavar="LANGUAGE WORDS",
        help=_("Complete words in a language; repeat."),
    )(command)


def bound(units: list[Unit]) -> tuple[events.Bound, ...]:
    """Return provisions by their hashes, as acts name them."""
    return tuple(events.Bound(unit=one.id, digest=one.digest) for one in units)


def words_by_language(given: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return the words by language; there must be some."""
    if not given:
        raise LocalError("words-missing")
    return dict(given)


@click.command(help=_("Put a draft on the table; every provision is open, and nobody is bound."))
@click.argument("file", type=_PATH)
@click.option("--language", default="en", show_default=True, help=_("The language of the draft."))
@click.option(
    "--with",
    "others",
    multiple=True,
    nargs=2,
    metavar="LANGUAGE FILE",
    help=_("The same draft in another language; repeat."),
)
@click.option("--id", "name", default="text", show_default=True, help=_("A short name for it."))
@click.option(
    "--title", "titles", multiple=True, nargs=2, metavar="LANGUAGE TITLE", help=_("Its title; repeat.")
)
@click.option("--authentic", multiple=True, help=_("An authentic language; repeat; else all that are given."))
@verb
def table(
    work: Work,
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
    whole = side_by_side(drafts, name=name, titles=dict(titles))
    if authentic:
        whole = msgspec.structs.replace(whole, authentic=authentic)
    return work.act("plenary", events.TextTabled(instrument=whole))


def draft_in(file: Path, parties: dict[str, str]) -> Draft:
    """Return the draft in a file."""
    return read_draft(read_bytes(file, limit=MAX_DRAFT), file.suffix, names=parties)


@click.command(
    help=_("Propose complete new words for a provision; the text changes when all have accepted them.")
)
@click.argument("unit")
@in_option
@click.option(
    "--also",
    multiple=True,
    nargs=3,
    metavar="UNIT LANGUAGE WORDS",
    help=_("Another provision that stands or falls with it; repeat."),
)
@click.option("--id", "name", help=_("A short name for the proposal; else one is drawn."))
@click.option("--condition", default="", help=_("Under which condition, in words."))
@text_option
@until_option
@verb
def propose(
    work: Work,
    unit: str,
    given: tuple[tuple[str, str], ...],
    also: tuple[tuple[str, str, str], ...],
    name: str | None,
    condition: str,
    instrument: str | None,
    until: str | None,
) -> int:
    """Propose an amendment."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    wanted: dict[str, dict[str, str]] = {names.unit(text, unit).id: words_by_language(given)}
    for word, language, words in also:
        wanted.setdefault(names.unit(text, word).id, {})[language] = words
    changes = tuple(_change(work, text, text.instrument.unit(one), words) for one, words in wanted.items())
    event = events.AmendmentProposed(
        instrument=text.instrument.id,
        proposal=name or f"p-{secrets.token_hex(3)}",
        changes=changes,
        condition=condition,
        until=names.until(until),
    )
    return work.act("plenary", event)


def _change(work: Work, text: TextState, unit: Unit, words: dict[str, str]) -> events.Change:
    """Return the new words of a provision over its present ones."""
    texts = worded(text.instrument, unit, words, names.printed(work.desk))
    return events.Change(unit=unit.id, base=unit.digest, texts=texts)


@click.command(help=_("Accept a proposal by its name, or any pending act on the text by its entry or hash."))
@click.argument("which")
@text_option
@until_option
@verb
def accept(work: Work, which: str, instrument: str | None, until: str | None) -> int:
    """Accept."""
    plenary = work.desk.talks.plenary
    if not plenary.texts:
        raise LocalError("no-text-tabled")
    for name in [instrument] if instrument else plenary.texts:
        held = names.amendments(plenary, name).get(which)
        if held is not None:
            event = events.AmendmentAccepted(
                instrument=name, proposal=which, amendment=held.content, until=names.until(until)
            )
            return work.act("plenary", event)
        for proposal in names.text_named(plenary, name).proposals.values():
            if which in (proposal.id, proposal.package):
                raise LocalError("proposal-not-pending", proposal=which, status=proposal.status)
    return work.act("plenary", acceptance(work.desk, which, names.until(until)))


@click.command(help=_("Take back your own proposal."))
@click.argument("proposal")
@text_option
@verb
def withdraw(work: Work, proposal: str, instrument: str | None) -> int:
    """Withdraw a proposal."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    return work.act("plenary", events.AmendmentWithdrawn(instrument=text.instrument.id, proposal=proposal))


@click.command(
    help=_("Put brackets around words of an open provision; without the brackets the words are the same.")
)
@click.argument("unit")
@in_option
@text_option
@verb
def bracket(work: Work, unit: str, given: tuple[tuple[str, str], ...], instrument: str | None) -> int:
    """Place brackets."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    one = names.unit(text, unit)
    texts = bracketed(text.instrument, one, words_by_language(given), names.printed(work.desk))
    change = events.Change(unit=one.id, base=one.digest, texts=texts)
    return work.act("plenary", events.BracketsPlaced(instrument=text.instrument.id, changes=(change,)))


@click.command(
    help=_(
        "Settle brackets: SLOT=2 keeps a variant, SLOT=omit none; of whole provisions SLOT=1,3 several. All must do the same."
    )
)
@click.argument("choices", nargs=-1, required=True)
@text_option
@until_option
@verb
def settle_(work: Work, choices: tuple[str, ...], instrument: str | None, until: str | None) -> int:
    """Settle brackets."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    chosen = tuple(_choice(word) for word in choices)
    concerned = touched(text.instrument, [one.slot for one in chosen])
    event = events.BracketsRemoved(
        instrument=text.instrument.id,
        units=bound([text.instrument.unit(name) for name in concerned]),
        choices=chosen,
        result=settle(text.instrument, chosen).digest,
        until=names.until(until),
    )
    return work.act("plenary", event)


def _choice(word: str) -> Choice:
    """Return the choice that a word such as `s3=2` stands for.

    Raises:
        LocalError: `choice-unreadable`.
    """
    slot, sign, kept = word.rpartition("=")
    numbers = [] if kept == "omit" else kept.split(",")
    if not sign or not slot or not all(one.isdecimal() and 0 < int(one) <= _MANY for one in numbers):
        raise LocalError("choice-unreadable")
    return Choice(slot=slot, keep=tuple(sorted({int(one) - 1 for one in numbers})))


_MANY: Final = 10_000


@click.command(
    help=_("Take a stance on a provision or on one variant of a bracket; it is never an acceptance.")
)
@click.argument("unit")
@click.argument("says", type=click.Choice(get_args(Says)))
@click.option("--slot", default="", help=_("The bracket, as `text show` names it."))
@click.option("--variant", type=click.IntRange(1), default=1, help=_("The variant of the bracket, from 1."))
@click.option("--condition", default="", help=_("What is reserved or conditional, in words."))
@text_option
@verb
def stance(
    work: Work, unit: str, says: Any, slot: str, variant: int, condition: str, instrument: str | None
) -> int:
    """Take a stance."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    event = events.StanceTaken(
        instrument=text.instrument.id,
        says=says,
        unit=names.unit(text, unit).id,
        slot=slot,
        variant=variant - 1,
        condition=condition,
    )
    return work.act("plenary", event)


settle_.name = "settle"
ACTS: Final = (table, propose, accept, withdraw, bracket, settle_, stance)
