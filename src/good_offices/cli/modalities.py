"""`goodoffices modalities`: the terms of reference.

This module decides how modalities are written on the command line and printed. What is not given is taken from those in
force (`clerk.terms`), so that an amendment says only what it changes.
"""

from __future__ import annotations

from typing import Any

import click

from good_offices.clerk import names, terms
from good_offices.clerk.meeting_words import rule_words
from good_offices.clerk.talks_view import modalities_state
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.work import Work, verb
from good_offices.locale import N_, _
from good_offices.talks.event import LEVELS
from good_offices.talks.events_plenary import Modalities


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
@click.option(
    "--silence/--no-silence",
    default=None,
    help=N_(
        "Silence procedure: what one proposes stands unless another breaks the silence in time; or none."
    ),
)
@click.option("--retention", help=N_("What is kept and when it is destroyed, in words."))
@click.option(
    "--destroy-after-days",
    type=int,
    help=N_("Days after the conclusion on which each destroys its keys and archive; 0 takes it away."),
)
@click.option(
    "--release",
    multiple=True,
    help=N_("A delegation whose desks may hand communiqués to the host, else all may; repeat."),
)
@click.option(
    "--convening",
    multiple=True,
    nargs=2,
    metavar="LEVEL CONDITION",
    help=N_(
        'A condition for convening a sitting of a level, such as "notice 7" or "agreed waters 1,2 locked"; may be '
        "repeated; the ones given replace those of the level, none takes them away."
    ),
)
@click.option("--clock", type=int, help=N_("Minutes for a speaker in a sitting; 0 is no clock."))
@click.option(
    "--presiding",
    type=click.Choice(["none", "rotation"]),
    help=N_("Who presides over a sitting: nobody, or each in turn."),
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
    if in_force and current:
        lines += _terms_lines(in_force, called, _rules(work, current.modalities))
    for one in data["proposed"]:
        lines.append(
            _("On the table, {content}, accepted by {names}:").format(
                content=one["content"][:8], names=", ".join(one["accepted"])
            )
        )
        put = work.desk.talks.plenary.proposed[one["content"]].modalities
        lines += _terms_lines(one["modalities"], called, _rules(work, put))
    work.show(data, lines)


def _rules(work: Work, put: Modalities) -> dict[str, list[str]]:
    """Return the convening rule of each level in words."""
    return {level: [rule_words(work.desk, one) for one in rule] for level, rule in put.convening.items()}


def _terms_lines(put: dict[str, Any], called: dict[str, str], rules: dict[str, list[str]]) -> list[str]:
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
    if put.get("silence"):
        lines.append(_("  a proposal may stand by silence"))
    if put["without_prejudice"]:
        lines.append(_("  without prejudice to the status of anybody"))
    for by, whom in put["names"].items():
        calls = ", ".join(f"{called.get(one, one)}: {name}" for one, name in whom.items())
        lines.append(_("  {by} says: {calls}").format(by=called.get(by, by), calls=calls))
    if put["release"]:
        who = ", ".join(called.get(one, one) for one in put["release"])
        lines.append(_("  released by: {names}").format(names=who))
    lines += [
        _("  {level}: {conditions}").format(level=level, conditions="; ".join(rule))
        for level, rule in rules.items()
    ]
    if put.get("clock"):
        lines.append(_("  a speaker's minutes: {count}").format(count=put["clock"]))
    if put.get("presiding") == "rotation":
        lines.append(_("  each delegation presides in turn"))
    lines += [f"  {put[name]}" for name in ("retention", "other") if put[name]]
    if put.get("destroy_after_days"):
        lines.append(
            _("  keys and archive are destroyed after days: {days}").format(days=put["destroy_after_days"])
        )
    return lines
