"""`goodoffices modalities`: the terms of reference.

This module decides how modalities are written on the command line. What is not given is taken from those in force, so
that an amendment says only what it changes; the names that nobody gave are those of the delegations themselves.
"""

from __future__ import annotations

from typing import Any

import click

from good_offices.clerk import names
from good_offices.clerk.plain import plain
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.work import Work, verb
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks.event import LEVELS
from good_offices.talks.events_plenary import Modalities, ModalitiesAccepted, ModalitiesProposed
from good_offices.talks.plenary import PlenaryState


@click.group(
    cls=Verbs,
    help=_("The modalities: names, languages, levels, how texts are settled, what stays confidential."),
)
def modalities() -> None:
    """Group the verbs of modalities."""


@modalities.command(help=_("Propose modalities; in force when every delegation has accepted the same."))
@click.option("--authentic", multiple=True, help=_("An authentic language, such as en; may be repeated."))
@click.option("--working", multiple=True, help=_("A working language; may be repeated."))
@click.option(
    "--level", "levels", multiple=True, type=click.Choice(LEVELS), help=_("A level; may be repeated.")
)
@click.option(
    "--name",
    "called",
    multiple=True,
    nargs=3,
    metavar="BY WHOM NAME",
    help=_("What delegation BY calls delegation WHOM, without prejudice; may be repeated."),
)
@click.option(
    "--confidentiality", type=click.Choice(["closed", "chatham-house"]), help=_("Who may say what outside.")
)
@click.option("--vocabulary", type=click.Choice(["treaty", "plain"]), help=_("Treaty words, or plain ones."))
@click.option("--nothing-agreed-until-everything/--agreed-as-it-goes", "everything", default=None)
@click.option("--without-prejudice/--no-clause-on-status", "clause", default=None)
@click.option("--retention", help=_("What is kept and when it is destroyed, in words."))
@click.option(
    "--release", multiple=True, help=_("A delegation that must accept before anything is public; repeat.")
)
@click.option("--other", help=_("What else the parties set down, in words."))
@until_option
@verb
def propose(work: Work, until: str | None, **given: Any) -> int:
    """Propose modalities."""
    plenary = work.desk.talks.plenary
    current = plenary.modalities
    terms = _terms(work.desk, current.modalities if current else None, given)
    base = current.content if current else None
    return work.act("plenary", ModalitiesProposed(modalities=terms, base=base, until=names.until(until)))


@modalities.command(
    help=_("Accept proposed modalities: the only ones on the table, or those with this number.")
)
@click.argument("content", required=False)
@until_option
@verb
def accept(work: Work, content: str | None, until: str | None) -> int:
    """Accept modalities."""
    pending = _pending(work.desk.talks.plenary)
    if content is None and len(pending) != 1:
        raise LocalError("modalities-unknown")
    name = names.key(content, pending, "modalities-unknown") if content else pending[0]
    return work.act("plenary", ModalitiesAccepted(modalities=bytes.fromhex(name), until=names.until(until)))


@modalities.command(help=_("Show the modalities in force and those on the table."))
@verb
def show(work: Work) -> None:
    """Show modalities."""
    plenary = work.desk.talks.plenary
    called = names.delegations(work.desk)
    current = plenary.modalities
    proposed = [
        {
            "content": name,
            "accepted": [called.get(who, who) for who in plenary.joint[name].accepted],
            "modalities": plain(plenary.proposed[name].modalities),
        }
        for name in _pending(plenary)
    ]
    in_force = plain(current.modalities) if current else None
    data = {"content": current.content if current else None, "modalities": in_force, "proposed": proposed}
    lines = [
        _("In force since entry {index}:").format(index=current.since) if current else _("None are in force.")
    ]
    lines += _terms_lines(in_force, called) if in_force else []
    for one in proposed:
        lines.append(
            _("On the table, {content}, accepted by {names}:").format(
                content=one["content"][:8], names=", ".join(one["accepted"])
            )
        )
        lines += _terms_lines(one["modalities"], called)
    work.show(data, lines)


def _pending(plenary: PlenaryState) -> list[str]:
    """Return the contents of modalities that wait for somebody's acceptance."""
    return [name for name in plenary.proposed if name in plenary.joint]


def _terms(desk: Desk, current: Modalities | None, given: dict[str, Any]) -> Modalities:
    """Return the modalities that the options describe, over those in force."""
    everyone = names.delegations(desk)
    called = (
        {by: dict(whom) for by, whom in current.names.items()}
        if current
        else {by: dict(everyone) for by in everyone}
    )
    for by, whom, name in given["called"]:
        called[names.delegation(desk, by)][names.delegation(desk, whom)] = name
    release = tuple(sorted(names.delegation(desk, one) for one in given["release"]))
    base = current or Modalities(names=called, authentic=("en",), working=("en",), levels=LEVELS)

    def pick(option: str, field: str) -> Any:
        return getattr(base, field) if given[option] is None or given[option] == () else given[option]

    return Modalities(
        names=called,
        authentic=tuple(pick("authentic", "authentic")),
        working=tuple(pick("working", "working")),
        levels=tuple(pick("levels", "levels")),
        confidentiality=pick("confidentiality", "confidentiality"),
        vocabulary=pick("vocabulary", "vocabulary"),
        nothing_agreed_until_everything=pick("everything", "nothing_agreed_until_everything"),
        without_prejudice=pick("clause", "without_prejudice"),
        retention=pick("retention", "retention"),
        release=release or base.release,
        other=pick("other", "other"),
    )


def _terms_lines(terms: dict[str, Any], called: dict[str, str]) -> list[str]:
    """Return modalities for people."""
    lines = [
        _("  authentic: {languages}").format(languages=", ".join(terms["authentic"])),
        _("  working: {languages}").format(languages=", ".join(terms["working"])),
        _("  levels: {levels}").format(levels=", ".join(terms["levels"])),
        _("  settled by: {how}").format(how=terms["settled_by"]),
        _("  confidentiality: {how}").format(how=terms["confidentiality"]),
        _("  vocabulary: {which}").format(which=terms["vocabulary"]),
    ]
    if terms["nothing_agreed_until_everything"]:
        lines.append(_("  nothing is agreed until everything is agreed"))
    if terms["without_prejudice"]:
        lines.append(_("  without prejudice to the status of anybody"))
    for by, whom in terms["names"].items():
        calls = ", ".join(f"{called.get(one, one)}: {name}" for one, name in whom.items())
        lines.append(_("  {by} says: {calls}").format(by=called.get(by, by), calls=calls))
    if terms["release"]:
        who = ", ".join(called.get(one, one) for one in terms["release"])
        lines.append(_("  released by: {names}").format(names=who))
    lines += [f"  {terms[name]}" for name in ("retention", "other") if terms[name]]
    return lines
