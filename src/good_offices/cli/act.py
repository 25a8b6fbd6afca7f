"""`goodoffices act`: acts about acts: what waits for acceptance, accepting it, taking it back, confirming.

This module decides how what waits is printed. How a pending act is found and repeated stands in `clerk.pending`.
"""

from __future__ import annotations

import click

from good_offices.clerk import names
from good_offices.clerk import pending as waits
from good_offices.clerk.act_lines import act_lines
from good_offices.clerk.conditions import item, item_lines
from good_offices.clerk.describing import described
from good_offices.clerk.rooms_view import labels
from good_offices.cli.binding import text_lines
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.work import Work, verb
from good_offices.locale import N_, _
from good_offices.talks.events_conditions import ConditionsRequested
from good_offices.talks.events_moving import RulesUpgraded, VenueChanged


@click.group(cls=Verbs, help=N_("Acts that wait: see them, accept, take back, confirm."))
def act() -> None:
    """Group the verbs about acts."""


@act.command(
    help=N_(
        "Show what waits for an acceptance and can still have it, and what waits for a member with the power."
    )
)
@verb
def pending(work: Work) -> None:
    """Show what waits."""
    data = waits.pending(work.desk)
    lines = [
        _("entry {index}: {what}; accepted by {names}{ours}").format(
            index=one["index"],
            what=one["what"],
            names=", ".join(one["accepted"]),
            ours=""
            if one["ours"]
            else _(" (awaits your delegation: `goodoffices act accept {index}`)").format(**one),
        )
        for one in data["joint"]
    ]
    lines += [
        (
            _(
                "entry {index}: done without powers; a member with the power may `goodoffices act confirm {index}`"
            )
            if one["ours"]
            else _("entry {index}: done without powers; its own delegation may confirm it")
        ).format(index=one["index"])
        for one in data["unconfirmed"]
    ]
    work.show(data, lines or [_("Nothing waits.")])


@act.command(help=N_("Show one act whole, and what it would change in the present text, word by word."))
@click.argument("which")
@verb
def show(work: Work, which: str) -> None:
    """Show one act."""
    line = names.act_at(work.desk.common, which)
    assert line.act is not None
    data = waits.shown(work.desk, line)
    lines = [
        _("entry {index}: {what}").format(index=line.index, what=described(line.act.event, labels(work.desk)))
    ]
    for one in data["changes"]:
        lines.append(f"  {one['label'] or _('(without a number)')}  {one['language']}")
        lines.append(_("    now   {words}").format(words=one["now"] or "-"))
        lines.append(_("    then  {words}").format(words=one["then"] or "-"))
    for one in data["fixed"]:
        lines.append(f"  {one['label'] or _('(without a number)')}")
        lines += [f"    {one['note']}"] if one["note"] else []
        lines += [f"    {tag}  {words}" for tag, words in one["words"].items()]
        lines += [] if one["same"] else [_("    these words have changed since: the act names others")]
    if data["whole"]:
        lines += text_lines(data["whole"])
    if isinstance(line.act.event, VenueChanged | RulesUpgraded):
        lines += [f"  {one}" for one in act_lines(work.desk, line.act.event, waits.ROSTER)]
    if isinstance(line.act.event, ConditionsRequested):
        lines += item_lines([item(one) for one in line.act.event.request.items])
    work.show(data, lines)


@act.command(
    help=N_("Accept what is pending, by its entry or its hash: posts the same content for your delegation.")
)
@click.argument("which")
@until_option
@verb
def accept(work: Work, which: str, until: str | None) -> int:
    """Accept what another delegation posted."""
    event = waits.acceptance(work.desk, which, names.until(until))
    return work.act(waits.room_where(work.desk, which), event)


@act.command(
    "withdraw-acceptance", help=N_("Take back your delegation's acceptance of what is not complete yet.")
)
@click.argument("which")
@verb
def withdraw_acceptance(work: Work, which: str) -> int:
    """Take back an acceptance."""
    return work.act(waits.room_where(work.desk, which), waits.withdrawal(work.desk, which))


@act.command(help=N_("Confirm an act that a member of your delegation did without powers (VCLT 8)."))
@click.argument("index", type=int)
@verb
def confirm(work: Work, index: int) -> int:
    """Confirm an act."""
    event = waits.confirmation(work.desk, index)
    return work.act(waits.room_of(work.desk, names.line(work.desk.common, index)), event)
