"""Full powers for people: whose they are, on what they rest, who found them in order, and the verbs about them.

This module decides how full powers read. It never judges an office: it prints what VCLT 7(2) says beside the claim.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import click

from good_offices.cli import names
from good_offices.cli.files import read_bytes
from good_offices.cli.groups import Verbs
from good_offices.cli.voice import _
from good_offices.cli.work import Work, verb
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks.events_plenary import FullPowersFoundInOrder, FullPowersProduced
from good_offices.talks.plenary import Powers


def powers_state(desk: Desk, one: Powers) -> dict[str, Any]:
    """Return full powers as values for JSON: holder, capacity, basis, and who found them in order."""
    called = names.delegations(desk)
    holder = desk.talks.roster.book.members.get(one.member)
    given = holder.at(one.produced.index) or holder.given[-1].accreditation if holder else None
    act = names.line(desk.common, one.produced.index).act
    return {
        "index": one.produced.index,
        "act": one.produced.act,
        "delegation": called.get(one.delegation, one.delegation),
        "member": one.member,
        "name": given.name if given else one.member,
        "capacity": given.capacity if given else "",
        "ex_officio": one.ex_officio,
        "document": one.document,
        "words": act.event.text if act and isinstance(act.event, FullPowersProduced) else "",
        "found_by": [called.get(who, who) for who in one.found],
    }


def powers_lines(one: dict[str, Any]) -> list[str]:
    """Return full powers for people: the holder and the basis; what the Convention says beside a claim of office."""
    basis = [_("ex officio")] if one["ex_officio"] else []
    basis += [_("document sha256 {digest}").format(digest=one["document"].hex())] if one["document"] else []
    basis += [f"“{one['words']}”"] if one["words"] else []
    holder = ", ".join(part for part in (one["name"], one["capacity"]) if part)
    lines = [
        _("full powers at entry {index}: {holder}, for {delegation}; {basis}").format(
            index=one["index"], holder=holder, delegation=one["delegation"], basis=", ".join(basis)
        )
    ]
    if one["ex_officio"]:
        lines.append(
            _(
                "  VCLT 7(2): heads of State or government and foreign ministers hold powers ex officio; "
                "others produce a document"
            )
        )
    return lines


def found_line(one: dict[str, Any]) -> str:
    """Return by whom full powers were found in order."""
    return _("  found in order by {names}").format(names=", ".join(one["found_by"]) or _("nobody yet"))


@click.group(help=_("Full powers: produce them, and find those of others in order."), cls=Verbs)
def powers() -> None:
    """Group the verbs of full powers."""


@powers.command(
    help=_("Produce a member's full powers: a document by its hash, or the office that needs none.")
)
@click.argument("member", required=False)
@click.option(
    "--ex-officio", is_flag=True, help=_("A head of state or government, or foreign minister (VCLT 7, 2a).")
)
@click.option(
    "--document",
    type=click.Path(path_type=Path),
    help=_("The document; its hash goes on record, the file stays with you."),
)
@click.option("--text", "words", default="", help=_("What it says, in words."))
@verb
def produce(work: Work, member: str | None, document: Path | None, words: str, *, ex_officio: bool) -> int:
    """Produce full powers; one's own if nobody is named."""
    whose = names.member(work.desk, member) if member else work.desk.identity.person.member
    digest = hashlib.sha256(read_bytes(document)).digest() if document else None
    event = FullPowersProduced(member=whose, ex_officio=ex_officio, document=digest, text=words)
    return work.act("plenary", event)


@powers.command(
    help=_(
        "Having examined them, find another delegation's full powers in order: the only ones, or this entry's."
    )
)
@click.argument("entry", required=False)
@verb
def find(work: Work, entry: str | None) -> int:
    """Find full powers in order."""
    held = work.desk.talks.plenary.powers
    if entry is not None:
        produced = names.hash_of(names.act_at(work.desk.common, entry).act)
    else:
        produced = _only(work.desk).produced.act
    about = powers_state(work.desk, held[produced.hex()]) if produced.hex() in held else None
    return work.act(
        "plenary",
        FullPowersFoundInOrder(produced=produced),
        about={"powers": about},
        lines=powers_lines(about) if about else (),
    )


def _only(desk: Desk) -> Powers:
    """Return the only full powers that this delegation has not found in order yet.

    Raises:
        LocalError: `full-powers-none`, `full-powers-several`.
    """
    own = desk.identity.place.delegation
    waiting = [
        one for one in desk.talks.plenary.powers.values() if one.delegation != own and own not in one.found
    ]
    if not waiting:
        raise LocalError("full-powers-none")
    if len(waiting) > 1:
        told = [powers_state(desk, one) for one in waiting]
        listed = "; ".join(powers_lines(one)[0].removeprefix(_("full powers at ")) for one in told)
        raise LocalError("full-powers-several", waiting=listed)
    return waiting[0]
