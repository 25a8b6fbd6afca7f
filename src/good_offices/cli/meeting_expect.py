"""`goodoffices meeting expect`: what a delegation expects of a sitting, sealed, and opened together with the others'.

This module decides how that is typed and printed. When anything is opened, the host's box decides (spec/meetings.md section 3).
"""

from __future__ import annotations

import click

from good_offices.clerk import meeting_words, meetings_view
from good_offices.cli.groups import Verbs
from good_offices.cli.session import F
from good_offices.cli.talks import even_so_option
from good_offices.cli.work import Work, verb
from good_offices.desk import expecting
from good_offices.locale import N_, _


def sitting_option(command: F) -> F:
    """Add the sitting (rule 1)."""
    return click.option(
        "--sitting", help=N_("The sitting, by its title or its number; the only one if there is one.")
    )(command)


@click.group(cls=Verbs, help=N_("What your delegation expects of a sitting: sealed, and opened together."))
def expect() -> None:
    """Group the verbs of expectations."""


@expect.command(
    "seal", help=N_("Seal what you expect; nobody reads it before all have sealed and the box opens.")
)
@click.option(
    "--words",
    "said",
    multiple=True,
    nargs=2,
    required=True,
    metavar="LANGUAGE WORDS",
    help=N_("The words in one language; may be repeated."),
)
@click.option(
    "--deniable",
    is_flag=True,
    help=N_(
        "Nobody signs the words: the others know whose they are and cannot prove it. Without, they are signed."
    ),
)
@sitting_option
@even_so_option
@verb
def seal_(
    work: Work, said: tuple[tuple[str, str], ...], sitting: str | None, *, deniable: bool, even_so: bool
) -> None:
    """Seal expectations."""
    name = meetings_view.named(work.desk, sitting)
    work.check_outgoing("plenary", [text for _tag, text in said], even_so=even_so)
    expecting.seal_expectations(work.desk, name, dict(said), deniable=deniable)
    _show_expected(work, name)


@expect.command("show", help=N_("Show who has sealed, and what was opened, side by side."))
@sitting_option
@verb
def show_(work: Work, sitting: str | None) -> None:
    """Show expectations."""
    name = meetings_view.named(work.desk, sitting)
    expecting.go_on(work.desk)
    _show_expected(work, name)


def _show_expected(work: Work, name: bytes) -> None:
    """Print how expectations stand."""
    told = meetings_view.expectations(work.desk, name)
    lines = []
    if told["words"]:
        for one in told["words"]:
            lines.append(one["delegation"])
            lines += [f"  {line}" for line in meeting_words.form_words(one, compare=told["compare"])]
            lines += [f"  {tag}  {text}" for tag, text in one["words"].items()] or [
                _("  no words that can be read")
            ]
    elif told["sealed"]:
        lines.append(
            _("Sealed by: {names}. They are opened when all have sealed.").format(
                names=", ".join(told["sealed"])
            )
        )
        if told["deniable"]:
            lines.append(_("In the deniable form: {names}.").format(names=", ".join(told["deniable"])))
        lines += meeting_words.waits_words(told)
    else:
        lines.append(_("Nobody has sealed expectations."))
    if told["ended_void"]:
        lines.append(_("The last box ended without opening anything; expectations can be sealed anew."))
    work.show(told, lines)
