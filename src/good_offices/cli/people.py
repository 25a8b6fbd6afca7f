"""The verbs about people: compare, confirm, invite, admit, recall, succeed.

This module decides how a head of delegation is asked. It never keeps a root key: a kit is read, used and forgotten.

1. The number is shown in groups with whose roots it is made of. A person reads it with the other side by another
   channel, and says that it matches, or types what was read out.
2. A hand-over file is secret: mode 0600, for one person, by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from good_offices.clerk import names
from good_offices.clerk.people_view import comparison, invited_one
from good_offices.cli.files import read_words, write_new
from good_offices.cli.groups import Among
from good_offices.cli.session import F
from good_offices.cli.voice import note
from good_offices.cli.work import Work, verb
from good_offices.desk import kits, people
from good_offices.desk.identity import MAX_FILE
from good_offices.encoding import pack
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.seals.pairs import PairSigner
from good_offices.talks.event import LEVELS, POWERS

_PATH = click.Path(path_type=Path)


def _kit_options(command: F) -> F:
    """Add the options that bring the root key."""
    for option in (
        click.option(
            "--kit-passphrase-file", type=_PATH, help=N_("The kit's passphrase, if it is not the desk's.")
        ),
        click.option(
            "--root-kit", type=_PATH, help=N_("The root key kit; else root.kit in the desk folder.")
        ),
    ):
        command = option(command)
    return command


def _root(
    work: Work, kit: Path | None, passphrase_file: Path | None, *, default: str = "root.kit"
) -> PairSigner | None:
    """Return the root key of a kit; nothing if none was named and none is in the folder."""
    file = kit or work.desk.storage.folder / default
    if kit is None and not file.is_file():
        return None
    passphrase = (
        read_words(passphrase_file, limit=MAX_FILE).split("\n", 1)[0]
        if passphrase_file
        else work.session.passphrase()
    )
    return kits.root_of(read_words(file, limit=MAX_FILE), passphrase)


def _needed(root: PairSigner | None) -> PairSigner:
    """Return the root key, which this verb cannot do without."""
    if root is None:
        raise LocalError("root-kit-needed")
    return root


@click.command(help=N_("Show the 60 digits that you read with the other side, and whose roots they are."))
@verb
def compare(work: Work) -> None:
    """Show the number."""
    data = comparison(work.desk)
    lines = [_("Read this number with every other delegation, by voice or in person:"), ""]
    groups = data["number"].split()
    lines += ["    " + "  ".join(groups[at : at + 4]) for at in range(0, len(groups), 4)]
    lines += ["", _("It is made of these roots:")]
    lines += [
        f"  {one['name']}{_(' (yours)') if one['ours'] else ''}: {one['fingerprint']}"
        for one in data["roots"]
    ]
    lines += [_("The host's number, for whoever knows the host: {host}").format(host=data["host"])]
    lines.append(
        _("It has been confirmed at this desk.")
        if data["compared"]
        else _("If it is equal: `goodoffices desk confirm`. If one digit differs: stop, and confirm nothing.")
    )
    work.show(data, lines)


@click.command(
    help=N_("Confirm that the number is the same on the other side; before that nothing but keys leaves.")
)
@click.option("--matches", is_flag=True, help=N_("Say that you have compared it, and it matches."))
@click.option("--number", help=N_("The number as the other side read it to you; it is compared for you."))
@_kit_options
@verb
def confirm(
    work: Work, *, matches: bool, number: str | None, root_kit: Path | None, kit_passphrase_file: Path | None
) -> int:
    """Confirm the comparison."""
    desk = work.desk
    ours = people.number(desk)
    if matches and number is not None:
        raise click.UsageError(_("give --matches or --number, not both"))
    said = ours if matches else number
    if said is None and (work.session.in_shell or not sys.stdin.isatty()):
        # A script's next verb must not be taken for the answer.
        raise LocalError("comparison-unsaid")
    if said is None:
        note(_("The number of this desk: {number}").format(number=ours))
        said = click.prompt(
            _("Type the number as the other side reads it to you, or `does not match`"), err=True, type=str
        )
    done = people.confirm(desk, said, _root(work, root_kit, kit_passphrase_file))
    if done:
        return work.tell(done)
    work.show({"compared": True}, [_("Noted: the number matches. This desk may now act.")])
    return 0


@click.command(help=N_("Write a hand-over file for one more member of your delegation."))
@click.argument("file", type=_PATH)
@click.option("--name", help=N_("The member's name."))
@click.option("--capacity", help=N_("The member's capacity."))
@click.option(
    "--level",
    default="experts",
    show_default=True,
    cls=Among,
    among=LEVELS,
    help=N_("One of: {among}"),
)
@click.option(
    "--power",
    "powers",
    multiple=True,
    cls=Among,
    among=POWERS,
    help=N_("May be repeated; among: {among}"),
)
@click.option(
    "--capital",
    is_flag=True,
    help=N_("A member of the capital: reads everything, speaks and instructs in the caucus alone."),
)
@click.option(
    "--duty",
    is_flag=True,
    help=N_(
        "No member: a desk that stays on and answers soundings, with no powers and no place in the talks."
    ),
)
@verb
def invite(
    work: Work,
    file: Path,
    name: str | None,
    capacity: str | None,
    level: str,
    powers: tuple[str, ...],
    *,
    capital: bool,
    duty: bool,
) -> None:
    """Invite somebody."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    if duty:
        if powers or capital:
            raise click.UsageError(_("a duty desk has no powers and is not of the capital"))
        name, capacity = name or _("Duty desk"), capacity or _("unattended")
    if not name or not capacity:
        raise click.UsageError(_("give --name and --capacity"))
    handover = people.invite(work.desk, name, capacity, level, powers, capital=capital, duty=duty)
    write_new(file, pack(handover), secret=True)
    lines = [
        _("The hand-over file for {name} is {file}.").format(name=name, file=file),
        _(
            "Give it by hand: it admits whoever opens it first. When the desk has synced: `goodoffices desk admit`."
        ),
    ]
    data = {"file": str(file), "member": handover.person.member, "desk": handover.desk, "name": name}
    work.show(data, lines)


@click.command(help=N_("Admit an invited member whose desk has shown its keys; with the root key kit."))
@click.argument("who", required=False)
@_kit_options
@verb
def admit(work: Work, who: str | None, root_kit: Path | None, kit_passphrase_file: Path | None) -> int:
    """Admit somebody."""
    chosen = invited_one(work.desk, who)
    return work.tell(people.admit(work.desk, chosen, _needed(_root(work, root_kit, kit_passphrase_file))))


@click.command(help=N_("Recall a member for good: by the rules, in new keys, and at the venue's door."))
@click.argument("who")
@_kit_options
@verb
def recall(work: Work, who: str, root_kit: Path | None, kit_passphrase_file: Path | None) -> int:
    """Recall somebody."""
    member = names.member(work.desk, who)
    return work.tell(people.recall(work.desk, member, _needed(_root(work, root_kit, kit_passphrase_file))))


@click.command(help=N_("Put the successor root in force, with its kit; writes the kit of the root after it."))
@click.option(
    "--successor-kit", type=_PATH, help=N_("The successor's kit; else successor.kit in the desk folder.")
)
@click.option("--new-kit", type=_PATH, required=True, help=N_("The file for the kit of the next successor."))
@click.option("--kit-passphrase-file", type=_PATH, help=N_("The kits' passphrase, if it is not the desk's."))
@verb
def succeed(work: Work, successor_kit: Path | None, new_kit: Path, kit_passphrase_file: Path | None) -> int:
    """Let the successor take over."""
    successor = _needed(_root(work, successor_kit, kit_passphrase_file, default="successor.kit"))
    passphrase = (
        read_words(kit_passphrase_file, limit=MAX_FILE).split("\n", 1)[0]
        if kit_passphrase_file
        else work.session.passphrase()
    )
    root, words = kits.next_root(passphrase)
    # Before the act: a root that commits to a successor nobody holds could never be succeeded.
    write_new(new_kit, words.encode(), secret=True)
    note(_("The next successor's kit is {file}: print it, and keep it apart.").format(file=new_kit))
    return work.tell([people.succeed(work.desk, successor, root)])


PEOPLE: Final = (compare, confirm, invite, admit, recall, succeed)
