"""`goodoffices caucus consent`: the delegation's own rule of four eyes, and what waits for another member.

This module decides how they are typed and printed. What is held back, and until when, the desk decides.
"""

from __future__ import annotations

from typing import Any

import click

from good_offices.clerk import consents, names
from good_offices.cli.groups import Verbs
from good_offices.cli.work import Work, verb
from good_offices.desk import consent as guard
from good_offices.locale import N_, _, ngettext


@click.group(cls=Verbs, help=N_("Your delegation's own room: what it settles for itself alone."))
def caucus() -> None:
    """Group the verbs of the caucus."""


@caucus.group(cls=Verbs, help=N_("Four eyes: acts that need another member's consent before they leave."))
def consent() -> None:
    """Group the verbs of consent."""


@consent.command(help=N_("Show the rule, and what waits for consent with its words."))
@verb
def show(work: Work) -> None:
    """Show the rule and the drafts."""
    data = consents.state(work.desk)
    if data["consents"]:
        lines = [
            ngettext(
                "{count} other member must consent before these leave:",
                "{count} other members must consent before these leave:",
                data["consents"],
            ).format(count=data["consents"])
        ]
        lines += [f"  {one}" for one in data["groups"]]
    else:
        lines = [_("No rule of consent is in force: every member acts alone, by his or her powers.")]
    for one in data["proposed"]:
        acts = ", ".join(one["groups"]) or _("no act")
        lines.append(
            _("Wanted instead by {names}: {count}, for {acts}").format(
                names=", ".join(one["by"]), count=one["consents"], acts=acts
            )
        )
    lines += [text for one in data["drafts"] for text in _draft(one)]
    if data["held"]:
        lines.append(_("Held back at this desk: {what}").format(what=data["held"]))
        lines.append(_("  `goodoffices caucus consent ask` puts it before the other members"))
    work.show(data, lines)


@consent.command(help=N_("List the acts that a rule may name, and the words for several at once."))
@verb
def acts(work: Work) -> None:
    """List what can be named."""
    groups = {name: list(group) for name, group in consents.GROUPS.items()}
    lines = [f"{name}: {_(consents.CALLED[name])}" for name in (*groups, "all")]
    work.show({"groups": groups, "acts": consents.acts_that_bind()}, [*lines, *consents.acts_that_bind()])


@consent.command(
    help=N_(
        "State the rule: which acts need how many consents; none and 0 end it. A rule in force is changed by several members."
    )
)
@click.argument("names_of_acts", metavar="[ACTS]...", nargs=-1)
@click.option("--consents", "count", type=int, required=True, help=N_("How many other members must consent."))
@verb
def rule(work: Work, names_of_acts: tuple[str, ...], count: int) -> int:
    """State the rule."""
    return work.act("caucus", consents.rule(names_of_acts, count))


@consent.command(help=N_("Put what this desk held back before the other members."))
@click.argument("words", required=False, default="")
@click.option(
    "--language", default="en", show_default=True, help=N_("The language of the words, such as en.")
)
@verb
def ask(work: Work, words: str, language: str) -> int:
    """Ask for consent."""
    status = work.act("caucus", guard.asking(work.desk, words, language))
    guard.forget(work.desk)
    return status


@consent.command(
    help=N_("Consent to a draft of another member, by the entry that asked; read its words first.")
)
@click.argument("which")
@verb
def give(work: Work, which: str) -> int:
    """Consent."""
    return work.act("caucus", consents.giving(work.desk, which))


@consent.command(
    help=N_("Do now what was put before the members, by the entry that asked; it leaves if enough consent.")
)
@click.argument("which")
@verb
def send(work: Work, which: str) -> int:
    """Send a draft."""
    room, event = consents.sending(work.desk, which)
    return work.act(room, event)


def _draft(one: dict[str, Any]) -> list[str]:
    """Return a draft that waits, for people."""
    lines = [
        _("entry {index}, {when}: {name} asks for consent to: {what}").format(
            index=one["index"], when=names.when(one["time_ms"]), name=one["by"].name, what=one["what"]
        )
    ]
    lines += [f"  “{one['says']}”"] if one["says"] else []
    lines += [f"    {text}" for said in (*one["lines"], one["text"]) for text in said.splitlines()]
    for provision in one["fixed"]:
        lines.append(f"  {provision['label']}")
        lines += [f"    {provision['note']}"] if provision["note"] else []
        lines += [f"    {tag}  {words}" for tag, words in provision["words"].items()]
    for change in one["changes"]:
        lines.append(f"  {change['label'] or _('(without a number)')}  {change['language']}")
        lines.append(_("    now   {words}").format(words=change["now"] or "-"))
        lines.append(_("    then  {words}").format(words=change["then"] or "-"))
    given = ", ".join(one["given"]) or _("nobody yet")
    lines.append(
        _("  consented: {names}; still missing if you send it: {count}").format(
            names=given, count=one["missing"]
        )
    )
    return lines
