"""`goodoffices desk`: a delegate's own desk: open it, bring it up to date, see how it stands.

This module decides how a desk is opened and what its state looks like. What is done about people is in `people`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from good_offices.clerk import groups_view, people_view
from good_offices.clerk.record_view import arrived
from good_offices.clerk.standing_lists import calendars
from good_offices.cli.desk_end import attest_destruction, destroy
from good_offices.cli.duty import duty
from good_offices.cli.files import read_bytes, read_words, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.moving import move
from good_offices.cli.people import PEOPLE
from good_offices.cli.serve import serve, starter
from good_offices.cli.session import Session, chosen, desk_options, json_option
from good_offices.cli.shell import shell
from good_offices.cli.sounding_marks import answer_due
from good_offices.cli.voice import complain, progress, show
from good_offices.cli.work import Work, verb
from good_offices.desk import following
from good_offices.desk.desk import Desk, Done
from good_offices.desk.identity import MAX_FILE
from good_offices.desk.kits import root_of
from good_offices.desk.pouch import take_pouch, write_letter
from good_offices.desk.record import Line
from good_offices.desk.suspicion import ROOMS, begin_anew
from good_offices.errors import LocalError
from good_offices.locale import N_, _, ngettext
from good_offices.talks.verdict import Verdict

_PATH = click.Path(path_type=Path)


@click.group(cls=Verbs, help=N_("For delegates: your own desk, with its keys and its record."))
def desk() -> None:
    """Group the verbs of a desk."""


@desk.command(
    "open", help=N_("Open a new desk with the host's invitation, or with your delegation's hand-over file.")
)
@click.option("--invitation", type=_PATH, required=True, help=N_("The invitation or the hand-over file."))
@click.option("--delegation", help=N_("The name your delegation gives itself; it stays sealed."))
@click.option("--member", help=N_("Your name; it stays sealed."))
@click.option("--capacity", help=N_("In which capacity you act, such as Head of delegation."))
@desk_options
@json_option
@click.pass_obj
def open_desk(
    session: Session,
    /,
    invitation: Path,
    delegation: str | None,
    member: str | None,
    capacity: str | None,
    desk_folder: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    *,
    as_json: bool,
) -> None:
    """Open a new desk."""
    chosen(session, desk_folder, passphrase_file, passphrase_fd)
    if session.folder is None:
        raise LocalError("desk-not-named")
    data = read_bytes(invitation, limit=MAX_FILE)
    folder, passphrase = session.folder, session.passphrase(new=True)
    opened = Desk.create(folder, passphrase, data, delegation=delegation, member=member, capacity=capacity)
    session.keep(opened)
    first = opened.identity.enrolment is not None
    lines = [_("The desk stands in {folder}.").format(folder=folder)]
    if first:
        lines += [
            _(
                "root.kit and successor.kit in it are your delegation's root keys: print both, keep them apart,"
            ),
            _("and take the files out of this folder when the others have been admitted."),
        ]
        lines.append(_("Next: `goodoffices desk sync`, then `goodoffices desk compare`."))
    else:
        lines.append(
            _(
                "Next: `goodoffices desk sync`; then your head of delegation admits you with "
                "`goodoffices desk admit`, and you sync again."
            )
        )
    attached = sum(len(one["lists"]) for one in calendars(opened))
    if attached:
        words = ngettext(
            "The host has attached {count} standing list, signed. It runs when every delegation has a duty desk.",
            "The host has attached {count} standing lists, signed. They run when every delegation has a duty desk.",
            attached,
        )
        lines.append(words.format(count=attached))
    answer = {
        "folder": str(folder),
        "talks": opened.identity.place.talks,
        "delegation": opened.identity.place.delegation,
        "desk": opened.identity.statement.desk,
        "first": first,
        "kits": [str(folder / name) for name in ("root.kit", "successor.kit")] if first else [],
        "standing_lists": attached,
    }
    show(answer, lines, as_json=as_json or session.as_json)


@desk.command(help=N_("Send what waits, fetch what is new, and do the desk's chores."))
@click.option(
    "--pouch-out", type=_PATH, help=N_("Use no network: write a letter for the courier to this new file.")
)
@click.option(
    "--pouch-in", type=_PATH, help=N_("Use no network: take in the pouch that the courier brought back.")
)
@click.option("--follow", is_flag=True, help=N_("Go on until interrupted; tells what is new as it comes."))
@verb
def sync(work: Work, pouch_out: Path | None, pouch_in: Path | None, *, follow: bool) -> None:
    """Synchronise; by courier, the pouch is taken in before the next letter is written."""
    if follow:
        if pouch_out or pouch_in or work.session.in_shell:
            raise click.UsageError(_("--follow goes alone, and not inside a shell"))
        _follow(work)
    if pouch_out is not None and pouch_out.exists():
        raise LocalError("file-exists", path=pouch_out)
    with progress(_("synchronising")):
        fresh, answered = _exchange(work, pouch_out, pouch_in)
    acts = [one for one in fresh if one.status in ("valid", "void", "ineffective")]
    left = len(work.desk.storage.outbox())
    counts = {
        status: sum(one.status == status for one in fresh) for status in ("valid", "void", "ineffective")
    }
    line = ngettext("{count} new entry", "{count} new entries", len(fresh)).format(count=len(fresh))
    lines = [line] if pouch_in or not pouch_out else []
    if pouch_out:
        lines.append(
            _("The letter is in {file}; at the venue: `goodoffices venue pouch`.").format(file=pouch_out)
        )
    elif pouch_in and left:
        lines.append(_("Something waits for the next letter: `goodoffices desk sync --pouch-out FILE`."))
    if counts["void"] or counts["ineffective"]:
        lines.append(
            _("{void} of them void, {without} without effect; see `goodoffices record show`").format(
                void=counts["void"], without=counts["ineffective"]
            )
        )
    if answered:
        lines.append(_("Soundings in which this desk has answered now: {count}").format(count=answered))
    offset = work.desk.client.clock_offset
    if offset:
        lines.append(_("This computer's clock is {seconds} s away from the venue's.").format(seconds=offset))
    data = {"entries": len(fresh), "acts": len(acts), **counts, "outbox": left, "clock_offset": offset}
    work.show(data | {"answered": answered}, lines)


def _exchange(work: Work, pouch_out: Path | None, pouch_in: Path | None) -> tuple[list[Verdict], int]:
    """Return what came, over the network or by courier, and in how many soundings this desk has answered."""
    if pouch_out is None and pouch_in is None:
        work.desk.talk_by(courier=False)
        return work.desk.sync(), answer_due(work)
    fresh = take_pouch(work.desk, read_bytes(pouch_in)) if pouch_in else []
    if pouch_out is not None:
        write_new(pouch_out, write_letter(work.desk), secret=True)
    return fresh, 0


def _follow(work: Work) -> None:
    """Tell what is new as it comes, until interrupted."""
    work.desk.talk_by(courier=False)
    for fresh in following.follow(work.desk, lost=complain, synced=lambda: answer_due(work)):
        for one in fresh:
            book = work.desk.caucus if one.room == work.desk.rooms["caucus"] else work.desk.common
            for line in book.lines(one.index, one.index + 1):
                if line.act is not None:
                    _tell(work, line)


def _tell(work: Work, line: Line) -> None:
    """Tell one act that has come."""
    told = arrived(work.desk, line)
    work.show(told, ["{index:>6}  {delegation}, {author}: {words}".format(**told)])


@desk.command(
    "new-epoch",
    help=N_(
        "Seal what comes under new keys from now on, because you suspect something; in all rooms, or in some."
    ),
)
@click.option(
    "--room",
    "rooms",
    multiple=True,
    help=N_("One room: roster, plenary, sounding, caucus, or a group by its title or id. Repeat. Else all."),
)
@verb
def new_epoch(work: Work, rooms: tuple[str, ...]) -> int:
    """Begin epochs."""
    named = [one if one in ROOMS else groups_view.group_named(work.desk, one) for one in rooms]
    begun = begin_anew(work.desk, list(dict.fromkeys(named)))
    books = {room: work.desk.book("caucus" if room == "caucus" else "roster") for room in begun}
    return work.tell([Done(act, books[room].verdicts.get(act)) for room, act in begun.items()])


@desk.command(help=N_("Show how this desk stands: talks, rooms, members, what waits."))
@verb
def status(work: Work) -> None:
    """Show the desk's state."""
    data = people_view.desk_state(work.desk)
    work.show(data, _state_lines(data))


@desk.command(
    help=N_(
        "Show the acts whose authors computed another state of the talks; decide to go on in spite of them."
    )
)
@click.option("--go-on", is_flag=True, help=N_("Go on: the doubts stay on record as decided."))
@verb
def doubts(work: Work, *, go_on: bool) -> None:
    """Show or decide doubts."""
    registers = {work.desk.common.ledger.register: _("common"), work.desk.caucus.ledger.register: _("caucus")}
    found = [{"register": registers[name], "index": index} for name, index in work.desk.doubts()]
    lines = [
        _("entry {index} of the {register} record: its author computed another state").format(**one)
        for one in found
    ]
    if go_on:
        work.desk.decide()
        lines.append(_("Decided: this desk goes on."))
    work.show(
        {"doubts": found, "decided": go_on},
        lines or [_("There is no doubt: every author computed the same.")],
    )


@desk.group(help=N_("The delegation's root key on paper."))
def kit() -> None:
    """Group the verbs about kits."""


@kit.command(help=N_("Read a kit as it was typed in from paper: names the line with a slip."))
@click.argument("file", type=_PATH)
@desk_options
@json_option
@click.pass_obj
def check(
    session: Session,
    /,
    file: Path,
    desk_folder: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    *,
    as_json: bool,
) -> None:
    """Check a kit."""
    chosen(session, desk_folder, passphrase_file, passphrase_fd)
    root = root_of(read_words(file, limit=MAX_FILE), session.passphrase())
    lines = [_("The kit is whole. Its root has the number"), f"  {root.fingerprint}"]
    show({"fingerprint": root.fingerprint}, lines, as_json=as_json or session.as_json)


@desk.group(help=N_("The passphrase of this desk."))
def passphrase() -> None:
    """Group the verbs about the passphrase."""


@passphrase.command(help=N_("Change the passphrase; kits keep the one they were made with."))
@click.option(
    "--new-passphrase-file", type=_PATH, help=N_("Read the new passphrase from the first line of this file.")
)
@verb
def change(work: Work, new_passphrase_file: Path | None) -> None:
    """Change the passphrase."""
    opened, old = work.desk, work.session.passphrase()
    new = (
        read_words(new_passphrase_file, limit=MAX_FILE).split("\n", 1)[0]
        if new_passphrase_file
        else click.prompt(_("New passphrase"), hide_input=True, confirmation_prompt=True, err=True)
    )
    if not new:
        raise LocalError("passphrase-missing")
    opened.storage.change_passphrase(old, new)
    lines = [_("The passphrase is changed. Backups of the folder made before still open with the old one.")]
    work.show({"changed": True}, lines)


def _state_lines(data: dict[str, Any]) -> list[str]:
    """Return how a desk stands for people."""
    member, registers = data["member"], data["registers"]
    lines = [
        _("{name}, {capacity}, for {delegation}").format(
            name=member["name"], capacity=member["capacity"], delegation=data["delegation"]["name"]
        ),
        _("talks {talks} at {venue}: {course}").format(
            talks=data["talks"].hex()[:16], venue=data["venue"], course=data["course"]
        ),
        _("record: {common} entries, caucus {caucus}").format(
            common=registers["common"]["entries"], caucus=registers["caucus"]["entries"]
        ),
    ]
    if data["stopped"]:
        lines.append(_("STOPPED: this desk holds evidence against the host"))
    compared = (
        _("the number has been compared") if data["compared"] else _("the number has NOT been compared yet")
    )
    lines.append(compared)
    for name, room in data["rooms"].items():
        standing = (
            _("open, readers: {readers}").format(readers=room["readers"]) if room["open"] else _("not open")
        )
        lines.append(f"  {name}: {standing}")
    if data["by_courier"]:
        lines.append(_("by courier: no network until the next plain `goodoffices desk sync`"))
    if data["outbox"]:
        lines.append(_("{count} waiting in the outbox").format(count=data["outbox"]))
    titles = {one["id"]: one["name"] for one in data["delegations"]}
    for one in data["members"]:
        recalled = _(" (recalled)") if one["recalled"] else ""
        capital = _(", capital") if one["capital"] else ""
        standing = f"{titles[one['delegation']]}{capital}; {one['level']}"
        powers = _("; powers: {powers}").format(powers=", ".join(one["powers"]) or _("none"))
        lines.append(f"  {one['id'][:8]}  {one['name']}, {one['capacity']} ({standing}{powers}){recalled}")
    lines += [
        "  " + _("guest: {name} ({capacity})").format(name=one["name"], capacity=one["capacity"])
        for one in data["guests"]
        if one["standing"] == "invited"
    ]
    lines += [_("  invited: {name}").format(name=one["name"]) for one in data["invited"]]
    return lines


for _command in (*PEOPLE, move, serve, starter, shell, duty, destroy, attest_destruction):
    desk.add_command(_command)
