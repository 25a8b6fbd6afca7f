"""The verbs of papers beside notes: non-papers and letters between heads, and the list of all.

This module decides how they are typed and printed. It never says of a non-paper that somebody wrote it, beside what this desk
alone can know.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from good_offices.clerk import groups_view, names, papers_view
from good_offices.cli.talks import even_so_option, note_, words_of, words_options
from good_offices.cli.where import room_option
from good_offices.cli.work import Work, verb
from good_offices.desk import papers
from good_offices.locale import N_, _

__all__ = ["note_"]


@note_.command("non-paper", help=N_("Pass a non-paper: nobody signs it, and nobody can prove whose it was."))
@words_options
@room_option
@click.option("--subject", default="", help=N_("What it is about."))
@even_so_option
@verb
def non_paper(
    work: Work, words: str | None, file: Path | None, language: str, room: str, subject: str, *, even_so: bool
) -> None:
    """Pass a non-paper."""
    text = words_of(words, file)
    if room not in work.desk.rooms:
        room = groups_view.group_named(work.desk, room)
    work.check_outgoing(room, [text, subject], even_so=even_so)
    papers.pass_non_paper(work.desk, room, text, language, subject)
    waits = bool(work.desk.outgoing())
    line = (
        _("The non-paper is sealed and waits in the outbox. It has no signature.")
        if waits
        else _(
            "The non-paper is passed. It has no signature and no verdict; its readers know whose it is and cannot prove it."
        )
    )
    work.show({"status": "waiting" if waits else "passed", "kind": "non-paper"}, [line])


@note_.command(
    help=N_("Write to the heads of other delegations; all see that a letter passed, only heads open it.")
)
@words_options
@click.option(
    "--delegation", multiple=True, help=N_("To whose head, by name or id; else to those of all others.")
)
@click.option("--subject", default="", help=N_("What it is about."))
@even_so_option
@verb
def letter(
    work: Work,
    words: str | None,
    file: Path | None,
    language: str,
    delegation: tuple[str, ...],
    subject: str,
    *,
    even_so: bool,
) -> int:
    """Send a letter."""
    text = words_of(words, file)
    work.check_outgoing("plenary", [text, subject], even_so=even_so)
    to = papers_view.addressed(work.desk, delegation)
    return work.act("plenary", papers.letter(work.desk, to, text, language, subject))


@note_.command(
    "list", help=N_("List every note, non-paper and letter, with its words as far as this desk can open it.")
)
@verb
def list_notes(work: Work) -> None:
    """List the papers."""
    found = papers_view.listed(work.desk)
    work.show(
        {"papers": found}, [text for one in found for text in _lines(one)] or [_("No paper has been passed.")]
    )


def _lines(one: dict[str, Any]) -> list[str]:
    """Return one paper for people."""
    kinds = {
        "note-verbale": _("note verbale"),
        "aide-memoire": _("aide-memoire"),
        "non-paper": _("non-paper, unattributable"),
        "letter": _("letter between heads"),
    }
    head = f"{one['index']:>6}  {names.when(one['time_ms'])}  {kinds[one['kind']]}"
    by = ", ".join(word for word in (one["by"], one["author"]) if word)
    if one["kind"] == "non-paper":
        by = (
            _("shown to this desk as from {by}; no proof").format(by=by)
            if by
            else _("its origin is not shown to this desk")
        )
    lines = [f"{head}; {by}"]
    lines += [f"        {one['subject']}"] if one["subject"] else []
    if one.get("closed"):
        return [*lines, _("        (it is for the heads, and closed to this desk)")]
    return [*lines, *(f"        {text}" for text in one["text"].splitlines())]
