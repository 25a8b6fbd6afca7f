"""`goodoffices meeting`: convening a sitting, what is expected of it, and what happens in it.

This module decides how meetings are told on the command line. What is still missing is computed by the rules (`talks.convening`),
and accepting what another delegation proposed is `goodoffices act accept`.

1. A sitting is named by its title or the beginning of its number; the only one that is not over need not be named.
2. Whatever happens in a sitting goes to its room.
"""

from __future__ import annotations

from typing import Any

import click

from good_offices.clerk import meeting_acts, meetings_view, names
from good_offices.clerk.meeting_words import STAGES
from good_offices.cli.groups import Verbs
from good_offices.cli.meeting_calendar import calendar
from good_offices.cli.meeting_expect import expect, sitting_option
from good_offices.cli.talks import even_so_option, until_option, words_of, words_options
from good_offices.cli.work import Work, verb
from good_offices.locale import N_, _
from good_offices.talks import events_meetings as events
from good_offices.talks.event import LEVELS

_KINDS = ("agreed", "no-open-point", "readiness", "notice", "expectations", "deliverables")


@click.group(cls=Verbs, help=N_("Meetings: propose, prepare, convene, and hold them."))
def meeting() -> None:
    """Group the verbs of meetings."""


meeting.add_command(calendar)
meeting.add_command(expect)


@meeting.command(help=N_("Propose a sitting at a level; the others accept it with `act accept`."))
@click.argument("title")
@click.option("--level", type=click.Choice(LEVELS), required=True, help=N_("The level at which one meets."))
@click.option("--start", required=True, help=N_("When it begins, such as 2026-03-01T10:00+01:00."))
@click.option("--end", required=True, help=N_("When it ends, such as 2026-03-01T12:00+01:00."))
@click.option(
    "--zone",
    "zones",
    multiple=True,
    nargs=2,
    required=True,
    metavar="PLACE ZONE",
    help=N_(
        "A place and its time zone, such as Verin Europe/Zurich; the meeting's own first; may be repeated."
    ),
)
@click.option("--place", default="", help=N_("Where it is held; without, at a distance."))
@click.option("--dates", default="", help=N_("The dates in words, as you want them read."))
@click.option("--item", "items", multiple=True, help=N_("An agreed agenda item; may be repeated."))
@click.option(
    "--room", default="", help=N_("The group in which it is held, by its number; without, the plenary.")
)
@click.option("--chatham-house", is_flag=True, help=N_("Under the Chatham House Rule; without, closed."))
@until_option
@verb
def propose(work: Work, until: str | None, start: str, end: str, **given: Any) -> int:
    """Propose a sitting."""
    if given["room"]:
        known = work.desk.talks.plenary.groups.rooms
        given["room"] = names.key(given["room"], known, "room-unknown")
    event = meeting_acts.proposed(
        work.desk, start=names.until(start), end=names.until(end), until=names.until(until), **given
    )
    return work.act("plenary", event)


@meeting.command("list", help=N_("List the sittings with what is still missing for each."))
@verb
def list_(work: Work) -> None:
    """List sittings."""
    found = meetings_view.sittings(work.desk)
    lines = [line for one in found for line in (_headline(one), *_missing_lines(one))]
    work.show({"sittings": found}, lines or [_("No sitting is planned.")])


@meeting.command(help=N_("Show one sitting: terms, what is missing, and how it goes."))
@sitting_option
@verb
def show(work: Work, sitting: str | None) -> None:
    """Show a sitting."""
    one = meetings_view.sitting(work.desk, meetings_view.named(work.desk, sitting))
    work.show(one, [_headline(one), *_terms_lines(one), *_missing_lines(one), *_course_lines(one)])


@meeting.command(
    help=N_("Show what is still missing before a sitting can be convened, and whose part it is.")
)
@sitting_option
@verb
def missing(work: Work, sitting: str | None) -> None:
    """Show what is missing."""
    one = meetings_view.sitting(work.desk, meetings_view.named(work.desk, sitting))
    told = {key: one[key] for key in ("sitting", "title", "stage", "missing", "missing_together", "complete")}
    work.show(told, _missing_lines(one) or [_("Nothing is missing.")])


@meeting.command(help=N_("Declare, as head of your delegation, that it is ready for a sitting."))
@sitting_option
@click.option("--not-yet", is_flag=True, help=N_("Take the declaration back."))
@verb
def ready(work: Work, sitting: str | None, *, not_yet: bool) -> int:
    """Declare readiness."""
    name = meetings_view.named(work.desk, sitting)
    return work.act("plenary", events.ReadinessDeclared(sitting=name, ready=not not_yet))


@meeting.command(help=N_("Propose to waive conditions for one sitting; has effect when all have accepted."))
@click.argument("conditions", nargs=-1, required=True, type=click.Choice(_KINDS))
@sitting_option
@until_option
@verb
def waive(work: Work, conditions: tuple[str, ...], sitting: str | None, until: str | None) -> int:
    """Waive conditions."""
    name = meetings_view.named(work.desk, sitting)
    return work.act("plenary", meeting_acts.waived(work.desk, name, conditions, names.until(until)))


@meeting.command(help=N_("Confirm a sitting for your delegation; confirmed by all, it is convened."))
@sitting_option
@until_option
@verb
def convene(work: Work, sitting: str | None, until: str | None) -> int:
    """Confirm a sitting."""
    name = meetings_view.named(work.desk, sitting)
    return work.act("plenary", events.SittingConvened(sitting=name, until=names.until(until)))


@meeting.command(
    "step-back", help=N_("Step back from a sitting that is not convened: alone, without a reason.")
)
@sitting_option
@verb
def step_back(work: Work, sitting: str | None) -> int:
    """Step back."""
    name = meetings_view.named(work.desk, sitting)
    return work.act("plenary", events.SittingWithdrawn(sitting=name))


@meeting.command(help=N_("Announce who sits for your delegation; nobody named is yourself."))
@click.argument("members", nargs=-1)
@click.option("--adviser", "advisers", multiple=True, help=N_("An adviser, by name; may be repeated."))
@sitting_option
@verb
def attend(work: Work, members: tuple[str, ...], advisers: tuple[str, ...], sitting: str | None) -> int:
    """Announce attendance."""
    name = meetings_view.named(work.desk, sitting)
    return _in_room(work, name, meeting_acts.attending(work.desk, name, members, advisers))


@meeting.command("open", help=N_("Open a convened sitting; open when all have done so."))
@sitting_option
@verb
def open_(work: Work, sitting: str | None) -> int:
    """Open a sitting."""
    name = meetings_view.named(work.desk, sitting)
    return _in_room(work, name, events.SittingOpened(sitting=name))


@meeting.command(help=N_("Go to another item of the sitting's agenda; has effect when all have done so."))
@click.argument("title")
@sitting_option
@verb
def item(work: Work, title: str, sitting: str | None) -> int:
    """Go to an item."""
    name = meetings_view.named(work.desk, sitting)
    wanted = bytes.fromhex(names.item(work.desk.talks.plenary, title))
    return _in_room(work, name, events.ItemTakenUp(sitting=name, item=wanted))


@meeting.command(help=N_("Ask for the floor."))
@sitting_option
@click.option("--no-longer", is_flag=True, help=N_("Take the request back."))
@verb
def floor(work: Work, sitting: str | None, *, no_longer: bool) -> int:
    """Ask for the floor."""
    name = meetings_view.named(work.desk, sitting)
    return _in_room(work, name, events.FloorRequested(sitting=name, wanted=not no_longer))


@meeting.command(help=N_("Give the floor to whose turn it is; who that is, is computed."))
@sitting_option
@verb
def give(work: Work, sitting: str | None) -> int:
    """Give the floor."""
    name = meetings_view.named(work.desk, sitting)
    return _in_room(work, name, meeting_acts.given(work.desk, name))


@meeting.command(help=N_("Speak in a sitting, having the floor."))
@words_options
@sitting_option
@even_so_option
@verb
def speak(
    work: Work, words: str | None, file: Any, language: str, sitting: str | None, *, even_so: bool
) -> int:
    """Make a statement in a sitting."""
    name = meetings_view.named(work.desk, sitting)
    one = work.desk.talks.plenary.meetings.sitting(name)
    room, text = meetings_view.room_name(one), words_of(words, file)
    work.check_outgoing(room, [text], even_so=even_so)
    return work.act(room, meeting_acts.spoken(work.desk, name, text, language))


@meeting.command(help=N_("Suspend a sitting; your delegation alone, nothing of its place is lost."))
@sitting_option
@verb
def suspend(work: Work, sitting: str | None) -> int:
    """Suspend a sitting."""
    name = meetings_view.named(work.desk, sitting)
    return _in_room(work, name, events.SittingSuspended(sitting=name))


@meeting.command(help=N_("Resume a suspended sitting where it stood; has effect when all have done so."))
@sitting_option
@verb
def resume(work: Work, sitting: str | None) -> int:
    """Resume a sitting."""
    name = meetings_view.named(work.desk, sitting)
    return _in_room(work, name, events.SittingResumed(sitting=name))


@meeting.command(
    help=N_("Close a sitting, or call it off before it was opened; has effect when all have done so.")
)
@sitting_option
@verb
def close(work: Work, sitting: str | None) -> int:
    """Close a sitting."""
    name = meetings_view.named(work.desk, sitting)
    return _in_room(work, name, events.SittingClosed(sitting=name))


@meeting.command(help=N_("Propose a procès-verbal; without words, show those that there are."))
@click.option(
    "--words",
    "said",
    multiple=True,
    nargs=2,
    metavar="LANGUAGE WORDS",
    help=N_("The words in one language; may be repeated."),
)
@sitting_option
@even_so_option
@until_option
@verb
def minutes(
    work: Work, said: tuple[tuple[str, str], ...], sitting: str | None, until: str | None, *, even_so: bool
) -> int | None:
    """Propose or show a procès-verbal."""
    name = meetings_view.named(work.desk, sitting)
    if said:
        one = work.desk.talks.plenary.meetings.sitting(name)
        room = meetings_view.room_name(one)
        work.check_outgoing(room, [text for _tag, text in said], even_so=even_so)
        return work.act(room, meeting_acts.minutes(name, dict(said), names.until(until)))
    found = meetings_view.sitting(work.desk, name)["minutes"]
    lines = [line for one in found for line in _minutes_lines(one)]
    work.show({"minutes": found}, lines or [_("No procès-verbal was proposed.")])
    return None


def _in_room(work: Work, name: bytes, event: Any) -> int:
    """Do an act in the room of a sitting (rule 2)."""
    one = work.desk.talks.plenary.meetings.sitting(name)
    return work.act(meetings_view.room_name(one), event)


def _headline(one: dict[str, Any]) -> str:
    """Return a sitting in one line."""
    return _("{number}  {title}, level {level}: {stage}").format(
        number=one["sitting"][:8], title=one["title"], level=one["level"], stage=_(STAGES[one["stage"]])
    )


def _terms_lines(one: dict[str, Any]) -> list[str]:
    """Return the terms of a sitting."""
    lines = [f"  {one['dates']}"] if one["dates"] else []
    lines += [
        _("  {place}: {start} to {end}").format(
            place=each["place"],
            start=each["start"] or names.when(one["start_ms"]),
            end=each["end"] or names.when(one["end_ms"]),
        )
        for each in one["times"]
    ]
    lines.append(_("  held in {place}").format(place=one["place"]) if one["place"] else _("  at a distance"))
    lines += [_("  item: {title}").format(title=each["title"]) for each in one["agenda"]]
    lines += [_("  rule: {condition}").format(condition=each) for each in one["rule"]]
    lines += [_("  waived: {condition}").format(condition=each) for each in one["waived"]]
    return lines


def _missing_lines(one: dict[str, Any]) -> list[str]:
    """Return what is missing, for each delegation its own part."""
    lines = [
        _("  missing, {delegation}: {part}").format(delegation=each["delegation"], part=part)
        for each in one["missing"]
        for part in each["parts"]
    ]
    return lines + [_("  missing: {part}").format(part=part) for part in one["missing_together"]]


def _course_lines(one: dict[str, Any]) -> list[str]:
    """Return how a sitting goes."""
    lines = [
        _("  present, {delegation}: {names}").format(
            delegation=each["delegation"], names=", ".join([*each["members"], *each["advisers"]])
        )
        for each in one["present"]
    ]
    if one["speaker"]:
        lines.append(_("  has the floor: {name} ({delegation})").format(**one["speaker"]))
        if one["speaker"]["over_by"]:
            over = ", ".join(one["speaker"]["over_by"])
            lines.append(_("  its time is called over by: {names}").format(names=over))
    lines += [_("  waits: {name} ({delegation})").format(**each) for each in one["waiting"]]
    if one["next"]:
        lines.append(_("  next: {name}").format(name=one["next"]))
    return lines


def _minutes_lines(one: dict[str, Any]) -> list[str]:
    """Return a procès-verbal."""
    head = _("agreed") if one["agreed"] else _("proposed, entry {index}").format(index=one["index"])
    return [head, *(f"  {tag}  {text}" for tag, text in one["words"].items())]
