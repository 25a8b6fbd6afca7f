"""`goodoffices guest`: bring a guest, invite it together with all others, withdraw the invitation, list.

This module decides how a guest is named and told on the command line. Accepting goes by `goodoffices act accept`, like everything that
needs all; admitting the guest's desk by `goodoffices desk admit`, like every desk that a delegation brings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from good_offices.clerk import guests_view, names
from good_offices.cli.files import write_new
from good_offices.cli.groups import Among, Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.work import Work, verb
from good_offices.desk import people
from good_offices.encoding import pack
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.locale.naming import listed
from good_offices.talks.event import LEVELS
from good_offices.talks.events_guests import ROLES

_PATH = click.Path(path_type=Path)


@click.group(
    cls=Verbs,
    help=N_("Interpreters, advisers and observers whom all delegations invite: they read, and say nothing."),
)
def guest() -> None:
    """Group the verbs of guests."""


@guest.command(help=N_("Write a hand-over file for the desk of a guest whom your delegation brings."))
@click.argument("file", type=_PATH)
@click.option("--name", required=True, help=N_("The guest's name."))
@verb
def bring(work: Work, file: Path, name: str) -> None:
    """Bring a guest."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    handover = people.invite(work.desk, name, _("Guest"), LEVELS[0], [], guest=True)
    write_new(file, pack(handover), secret=True)
    lines = [
        _("The hand-over file for {name} is {file}.").format(name=name, file=file),
        _("Give it by hand. When the guest's desk has synced: `goodoffices desk admit`."),
        _("The guest reads nothing until every delegation has invited it: `goodoffices guest propose`."),
    ]
    work.show({"file": str(file), "desk": handover.desk, "name": name}, lines)


@guest.command(
    help=N_(
        "Propose that all invite a guest whose desk is admitted; it reads when every delegation has accepted."
    )
)
@click.argument("who")
@click.option(
    "--role", cls=Among, among=ROLES, type=click.Choice(ROLES), required=True, help=N_("One of: {among}")
)
@click.option("--name", help=N_("The guest's name, as all will read it; else as your delegation wrote it."))
@click.option("--represents", default="", help=N_("For whom the guest comes, in words."))
@click.option(
    "--provided-by",
    default="",
    help=N_("Who provides the guest: the word host, or the name of a delegation; nobody if left out."),
)
@click.option(
    "--room",
    "rooms",
    multiple=True,
    default=("plenary",),
    show_default=True,
    help=N_(
        "The plenary, or a group by its title; may be repeated. A guest of a group reads the plenary too."
    ),
)
@click.option("--sitting", default="", help=N_("For one sitting, by its title: the invitation ends with it."))
@click.option(
    "--language", default="en", show_default=True, help=N_("The language of the words, such as en.")
)
@until_option
@verb
def propose(
    work: Work, who: str, role: str, name: str | None, language: str, until: str | None, **words: Any
) -> int:
    """Propose that a guest is invited."""
    name = name or guests_view.one_guest(work.desk, who)["name"]
    wanted = guests_view.Wanted(role=role, name=name, language=language, **words)
    return work.act("roster", guests_view.invitation(work.desk, who, wanted, names.until(until)))


@guest.command(
    help=N_(
        "Withdraw the invitation of a guest, or refuse one that is proposed; your delegation alone is enough."
    )
)
@click.argument("who")
@verb
def withdraw(work: Work, who: str) -> int:
    """End an invitation."""
    return work.act("roster", guests_view.withdrawal(work.desk, who))


@guest.command("list", help=N_("List the guests: who they are, who brought them, what they read."))
@verb
def list_(work: Work) -> None:
    """List the guests."""
    found = guests_view.guests(work.desk)
    lines = [line for one in found for line in _shown(one)]
    work.show({"guests": found}, lines or [_("No delegation has brought a guest.")])


def _shown(one: dict[str, Any]) -> list[str]:
    """Return a guest in lines."""
    called = ", ".join(part for part in (one["name"], one.get("capacity", "")) if part) or _("Guest")
    lines = [
        f"{one['certificate'][:8]}  {called}: {standing(one)}",
        "          " + _("brought by {delegation}").format(delegation=one["brought_by"]),
    ]
    if one["reads"]:
        lines.append("          " + _("reads: {rooms}").format(rooms=listed(one["reads"])))
    return lines + [
        "          "
        + _("accepted by {names}; `goodoffices act accept {index}`").format(
            names=listed(each["accepted"]), index=each["index"]
        )
        for each in one["waiting"]
    ]


def standing(one: dict[str, Any]) -> str:
    """Return how a guest stands, in a few words."""
    return {
        "invited": _("invited by all"),
        "waits": _("proposed, and not accepted by all yet"),
        "admitted": _("its desk is admitted; nobody has invited it"),
        "ended": _("no longer invited"),
    }[one["standing"]]
