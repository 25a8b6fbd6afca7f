"""Full powers for people: whose they are, on what they rest, who found them in order, and the verbs about them.

This module decides how full powers read. It never judges an office: it prints what VCLT 7(2) says beside the claim.
"""

from __future__ import annotations

from pathlib import Path

import click

from good_offices.clerk.closing import full_powers, produced_at
from good_offices.clerk.outcome_view import powers_lines, powers_state
from good_offices.cli.files import read_bytes
from good_offices.cli.groups import Verbs
from good_offices.cli.work import Work, verb
from good_offices.locale import N_
from good_offices.talks.events_plenary import FullPowersFoundInOrder, FullPowersFoundNotInOrder


@click.group(help=N_("Full powers: produce them, and find those of others in order."), cls=Verbs)
def powers() -> None:
    """Group the verbs of full powers."""


@powers.command(
    help=N_("Produce a member's full powers: a document by its hash, or the office that needs none.")
)
@click.argument("member", required=False)
@click.option(
    "--ex-officio", is_flag=True, help=N_("A head of state or government, or foreign minister (VCLT 7, 2a).")
)
@click.option(
    "--document",
    type=click.Path(path_type=Path),
    help=N_("The document; its hash goes on record, the file stays with you."),
)
@click.option("--text", "words", default="", help=N_("What it says, in words."))
@verb
def produce(work: Work, member: str | None, document: Path | None, words: str, *, ex_officio: bool) -> int:
    """Produce full powers; one's own if nobody is named."""
    paper = read_bytes(document) if document else None
    return work.act("plenary", full_powers(work.desk, member, paper, words, ex_officio=ex_officio))


@powers.command(
    help=N_(
        "Find another delegation's full powers not in order, and say why; it is to produce others before its member can sign."
    )
)
@click.argument("entry")
@click.argument("why")
@click.option(
    "--language", default="en", show_default=True, help=N_("The language of the words, such as en.")
)
@verb
def refuse(work: Work, entry: str, why: str, language: str) -> int:
    """Find full powers not in order."""
    produced = produced_at(work.desk, entry)
    return work.act("plenary", FullPowersFoundNotInOrder(produced=produced, text=why, language=language))


@powers.command(
    help=N_(
        "Having examined them, find another delegation's full powers in order: the only ones, or this entry's."
    )
)
@click.argument("entry", required=False)
@verb
def find(work: Work, entry: str | None) -> int:
    """Find full powers in order."""
    held = work.desk.talks.plenary.powers
    produced = produced_at(work.desk, entry)
    about = powers_state(work.desk, held[produced.hex()]) if produced.hex() in held else None
    return work.act(
        "plenary",
        FullPowersFoundInOrder(produced=produced),
        about={"powers": about},
        lines=powers_lines(about) if about else (),
    )
