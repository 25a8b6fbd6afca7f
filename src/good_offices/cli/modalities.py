"""`goodoffices modalities`: the terms of reference.

This module decides how modalities are written on the command line and printed. What is not given is taken from those in
force (`clerk.terms`), so that an amendment says only what it changes.
"""

from __future__ import annotations

from typing import Any

import click

from good_offices.clerk import names, terms
from good_offices.clerk.talks_view import modalities_state
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.work import Work, verb
from good_offices.locale import N_, _
from good_offices.talks.event import LEVELS


@click.group(
    cls=Verbs,
    help=N_("The modalities: names, languages, levels, how texts are settled, what stays confidential."),
)
def modalities() -> None:
    """Group the verbs of modalities."""


@modalities.command(help=N_("Propose modalities; in force when every delegation has accepted the same."))
@click.option("--authentic", multiple=True, help=N_("An authentic language, such as en; may be repeated."))
@click.option("--working", multiple=True, help=N_("A working language; may be repeated."))
@click.option(
    "--level", "levels", multiple=True, type=click.Choice(LEVELS), help=N_("A level; may be repeated.")
)
@click.option(
    "--name",
    "called",
    multiple=True,
    nargs=3,
    metavar="BY WHOM NAME",
    help=N_("What delegation BY calls delegation WHOM, without prejudice; may be repeated."),
)
@click.option(
    "--confidentiality", type=click.Choice(["closed", "chatham-house"]), help=N_("Who may say what outside.")
)
@click.option("--vocabulary", type=click.Choice(["treaty", "plain"]), help=N_("Treaty words, or plain ones."))
@click.option(
    "--nothing-agreed-until-everything/--agreed-as-it-goes",
    "everything",
    default=None,
    help=N_("Nothing is agreed until everything is agreed; or each provision as it goes."),
)
@click.option(
    "--without-prejudice/--no-clause-on-status",
    "clause",
    default=None,
    help=N_("Without prejudice to status and claims; or no such clause."),
)
@click.option("--retention", help=N_("What is kept and when it is destroyed, in words."))
@click.option(
    "--release", multiple=True, help=N_("A delegation that must accept before anything is public; repeat.")
)
@click.option("--other", help=N_("What else the parties set down, in words."))
@until_option
@verb
def propose(work: Work, until: str | None, **given: Any) -> int:
    """Propose modalities."""
    return work.act("plenary", terms.proposed(work.desk, given, names.until(until)))


@modalities.command(
    help=N_("Accept proposed modalities: the only ones on the table, or those with this number.")
)
@click.argument("content", required=False)
@until_option
@verb
def accept(work: Work, content: str | None, until: str | None) -> int:
    """Accept modalities."""
    return work.act("plenary", terms.accepted(work.desk, content, names.until(until)))


@modalities.command(help=N_("Show the modalities in force and those on the table."))
@verb
def show(work: Work) -> None:
    """Show modalities."""
    data, called = modalities_state(work.desk), names.delegations(work.desk)
    current, in_force = work.desk.talks.plenary.modalities, data["modalities"]
    lines = [
        _("In force since entry {index}:").format(index=current.since) if current else _("None are in force.")
    ]
    lines += _terms_lines(in_force, called) if in_force else []
    for one in data["proposed"]:
        lines.append(
            _("On the table, {content}, accepted by {names}:").format(
                content=one["content"][:8], names=", ".join(one["accepted"])
            )
        )
        lines += _terms_lines(one["modalities"], called)
    work.show(data, lines)


def _terms_lines(put: dict[str, Any], called: dict[str, str]) -> list[str]:
    """Return modalities for people."""
    lines = [
        _("  authentic: {languages}").format(languages=", ".join(put["authentic"])),
        _("  working: {languages}").format(languages=", ".join(put["working"])),
        _("  levels: {levels}").format(levels=", ".join(put["levels"])),
        _("  settled by: {how}").format(how=put["settled_by"]),
        _("  confidentiality: {how}").format(how=put["confidentiality"]),
        _("  vocabulary: {which}").format(which=put["vocabulary"]),
    ]
    if put["nothing_agreed_until_everything"]:
        lines.append(_("  nothing is agreed until everything is agreed"))
    if put["without_prejudice"]:
        lines.append(_("  without prejudice to the status of anybody"))
    for by, whom in put["names"].items():
        calls = ", ".join(f"{called.get(one, one)}: {name}" for one, name in whom.items())
        lines.append(_("  {by} says: {calls}").format(by=called.get(by, by), calls=calls))
    if put["release"]:
        who = ", ".join(called.get(one, one) for one in put["release"])
        lines.append(_("  released by: {names}").format(names=who))
    lines += [f"  {put[name]}" for name in ("retention", "other") if put[name]]
    return lines
