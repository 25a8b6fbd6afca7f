"""`goodoffices room`: rooms of a level and contact groups: open, name, speak, refer, send back, close.

This module decides how a group is named and told on the command line. Accepting goes by `goodoffices act accept`, like
everything that needs all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from good_offices.clerk import grouping, groups_view, names, rooms_view, speaking
from good_offices.clerk.authors import Authors
from good_offices.cli.groups import Among, Verbs
from good_offices.cli.talks import even_so_option, until_option, words_of, words_options
from good_offices.cli.voice import note as remark
from good_offices.cli.work import Work, verb
from good_offices.locale import N_, _
from good_offices.talks.event import LEVELS, Level
from good_offices.talks.events_plenary import ItemProposed
from good_offices.talks.events_rooms import GroupKind


@click.group(
    cls=Verbs, help=N_("Rooms of a level and contact groups: who sits in them, and what goes up and down.")
)
def room() -> None:
    """Group the verbs of group rooms."""


@room.command(
    "open", help=N_("Propose a group with its mandate; it is open when every delegation has accepted it.")
)
@click.argument("title")
@click.option("--mandate", required=True, help=N_("What the group is to do, in words that all accept."))
@click.option(
    "--level",
    cls=Among,
    among=LEVELS,
    type=click.Choice(LEVELS),
    required=True,
    help=N_("The least level of its members: {among}."),
)
@click.option(
    "--of-level", is_flag=True, help=N_("It is the room of that level; else it is a contact group.")
)
@click.option(
    "--language", default="en", show_default=True, help=N_("The language of the words, such as en.")
)
@until_option
@verb
def open_(
    work: Work, title: str, mandate: str, level: Level, language: str, until: str | None, *, of_level: bool
) -> int:
    """Propose a group."""
    kind: GroupKind = "level" if of_level else "contact-group"
    event = grouping.opened(title, mandate, language, level=level, kind=kind, until=names.until(until))
    return work.act("plenary", event)


@room.command(
    help=N_(
        "Name the members whom your delegation sends, in place of those named before; nobody withdraws all."
    )
)
@click.argument("group")
@click.argument("members", nargs=-1)
@verb
def name(work: Work, group: str, members: tuple[str, ...]) -> int:
    """Name one's own members."""
    return work.act("plenary", grouping.named(work.desk, group, members))


@room.command(help=N_("Close a group; has effect when all have done so. What was said in it stays."))
@click.argument("group")
@until_option
@verb
def close(work: Work, group: str, until: str | None) -> int:
    """Close a group."""
    return work.act("plenary", grouping.closed(work.desk, group, names.until(until)))


@room.command("list", help=N_("List the groups, those of the highest level first."))
@verb
def list_(work: Work) -> None:
    """List the groups."""
    found = groups_view.all_groups(work.desk)
    lines = [f"{one['room'][:8]}  {one['title']} ({_standing(one)})" for one in found]
    work.show({"groups": found}, lines or [_("No group has been opened.")])


@room.command(help=N_("Show a group: mandate, who sits and who reads, what was referred, what was said."))
@click.argument("group")
@verb
def show(work: Work, group: str) -> None:
    """Show a group."""
    desk = work.desk
    which = groups_view.group_named(desk, group)
    told = groups_view.group(desk, which)
    lines = rooms_view.room_lines(desk, which, desk.common.lines())
    said = rooms_view.told(desk, which, lines, Authors(desk))
    told["results"] = [
        {"subject": digest.hex(), "words": words}
        for digest, words in (groups_view.results(desk, which) if groups_view.reads(desk, which) else ())
    ]
    told["entries"] = [
        {key: one[key] for key in ("index", "time_ms", "kind", "what", "status", "code", "message")}
        | {"delegation": one["author"].called, "author": one["author"].name, "text": one.get("text", "")}
        for one in said
    ]
    work.show(told, _shown(told))


def _standing(one: dict[str, Any]) -> str:
    """Return where a group stands, in a few words."""
    if one["closed"] is not None:
        return _("closed")
    return _("you read it") if one["reads"] else _("you do not read it")


def _shown(told: dict[str, Any]) -> list[str]:
    """Return a group for people."""
    kind = _(groups_view.KINDS[told["kind"]])
    lines = [f"{told['title']}  ({kind}, {told['level']}, {_standing(told)})", told["mandate"]]
    for side in told["delegations"]:
        people = ", ".join(_member(one) for one in side["members"]) or _("nobody named")
        lines.append(f"  {side['name']}: {people}")
    if told["guests"]:
        people = ", ".join(f"{one['name']} ({one['capacity']})" for one in told["guests"])
        lines.append("  " + _("Guests: {names}").format(names=people))
    for one in told["referred"]:
        way = _("referred up to {to}") if one["up"] else _("sent back down to {to}")
        lines.append(f"  {way.format(to=one['to'])}: {one['title']} ({one['subject'][:8]}). {one['text']}")
        if one["known"] is False:
            lines.append(_("    nothing with this hash is known in {source}").format(source=one["from"]))
    lines += [f"  {one['subject'][:8]}  {one['words']}" for one in told["results"]]
    for one in told["entries"]:
        lines.append(f"{one['index']:>6}  {one['delegation']}, {one['author']}: {one['what']}")
        if one["status"] != "valid":
            lines.append(f"        {one['message']}")
    return lines


def _member(one: dict[str, Any]) -> str:
    """Return a member of a group, and what changes with the next keys."""
    if one["named"] and not one["desks"]:
        return _("{name} (reads with the next keys)").format(name=one["name"])
    if not one["named"]:
        return _("{name} (withdrawn, reads until the next keys)").format(name=one["name"])
    return str(one["name"])


@room.command(help=N_("Make a statement in a group; its readers alone can read it."))
@click.argument("group")
@words_options
@click.option("--item", help=N_("The agenda item under which it is made."))
@click.option("--to", multiple=True, help=N_("An entry that it answers; may be repeated."))
@even_so_option
@verb
def say(
    work: Work,
    group: str,
    words: str | None,
    file: Path | None,
    language: str,
    item: str | None,
    to: tuple[str, ...],
    *,
    even_so: bool,
) -> int:
    """Make a statement in a group."""
    which = groups_view.group_named(work.desk, group)
    text = words_of(words, file)
    work.check_outgoing(which, [text], even_so=even_so)
    return work.act(which, speaking.statement(work.desk, which, text, language, item=item, to=to))


@room.command(help=N_("Pass a note in a group; an urgent one passes even while the talks are broken off."))
@click.argument("group")
@words_options
@click.option("--subject", default="", help=N_("What it is about."))
@click.option("--urgent", is_flag=True, help=N_("It cannot wait."))
@click.option("--to", multiple=True, help=N_("An entry that it answers; may be repeated."))
@even_so_option
@verb
def note(
    work: Work,
    group: str,
    words: str | None,
    file: Path | None,
    language: str,
    subject: str,
    to: tuple[str, ...],
    *,
    urgent: bool,
    even_so: bool,
) -> int:
    """Pass a note in a group."""
    which = groups_view.group_named(work.desk, group)
    text = words_of(words, file)
    work.check_outgoing(which, [text, subject], even_so=even_so)
    event = speaking.note(work.desk, which, text, language, subject=subject, urgent=urgent, to=to)
    return work.act(which, event)


@room.command(
    help=N_("Propose an item of a group's own agenda; it stands when every delegation has accepted it.")
)
@click.argument("group")
@click.argument("title")
@click.option("--note", "remarked", default="", help=N_("A remark on it."))
@until_option
@verb
def item(work: Work, group: str, title: str, remarked: str, until: str | None) -> int:
    """Propose an item in a group."""
    which = groups_view.group_named(work.desk, group)
    return work.act(which, ItemProposed(title=title, note=remarked, until=names.until(until)))


@room.command(
    help=N_(
        "Refer a result of a group to the plenary or a higher group: a text, annex or item, or a whole hash."
    )
)
@click.argument("group")
@click.argument("subject")
@words_options
@click.option("--title", required=True, help=N_("What it is called there."))
@click.option("--to", "target", default="plenary", show_default=True, help=N_("The room that receives it."))
@until_option
@verb
def refer(
    work: Work,
    group: str,
    subject: str,
    words: str | None,
    file: Path | None,
    language: str,
    title: str,
    target: str,
    until: str | None,
) -> int:
    """Refer something up."""
    return _refer(work, group, target, subject, title, words_of(words, file), language, until)


@room.command(
    "send-back", help=N_("Send something back to a group with instructions; all accept it in that group.")
)
@click.argument("group")
@click.argument("subject")
@words_options
@click.option("--title", required=True, help=N_("What it is called there."))
@click.option(
    "--from", "source", default="plenary", show_default=True, help=N_("The room that sends it back.")
)
@until_option
@verb
def send_back(
    work: Work,
    group: str,
    subject: str,
    words: str | None,
    file: Path | None,
    language: str,
    title: str,
    source: str,
    until: str | None,
) -> int:
    """Send something back."""
    return _refer(work, source, group, subject, title, words_of(words, file), language, until)


def _refer(
    work: Work,
    source: str,
    target: str,
    subject: str,
    title: str,
    text: str,
    language: str,
    until: str | None,
) -> int:
    """Refer something from one room to another, and say beside it if nothing with that hash is known here."""
    desk = work.desk
    event = grouping.referred(desk, source, target, subject, title, text, language, names.until(until))
    status = work.act(groups_view.room_named(desk, target), event)
    if groups_view.is_known(desk, event.source, event.subject) is False and not work.as_json:
        remark(_("note: nothing with this hash is known in that room; look again at what you refer"))
    return status
