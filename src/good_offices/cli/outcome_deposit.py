"""`goodoffices outcome depositary`: one apart from the delegations: admit it, hand it a signed text, bring its receipt.

This module decides how these verbs read. What a depositary itself does is in `depositary`.
"""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from good_offices.clerk import deposits, names
from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.text_acts import text_option
from good_offices.cli.work import Work, verb
from good_offices.desk import depositing
from good_offices.errors import LocalError
from good_offices.locale import N_, _

_PATH = click.Path(path_type=Path)


@click.group(
    cls=Verbs,
    help=N_("A depositary apart from the delegations: admit it, hand it the text, bring its receipt."),
)
def depositary() -> None:
    """Group the verbs about a depositary."""


@depositary.command(
    help=N_("Admit a depositary, with all others, by its card; compare its number with it first.")
)
@click.argument("card", type=_PATH)
@until_option
@verb
def admit(work: Work, card: Path, until: str | None) -> int:
    """Admit a depositary."""
    event = depositing.admitting(read_bytes(card))[1]
    event = msgspec.structs.replace(event, until=names.until(until))
    return work.act("plenary", event, lines=deposits.facts(event))


@depositary.command(help=N_("Show the depositaries that all have admitted, and those that wait."))
@verb
def show(work: Work) -> None:
    """Show depositaries."""
    admitted, waits = deposits.admitted_told(work.desk), deposits.admitting_waits(work.desk)
    lines = [
        _("{name}: {digits} (entry {index})").format(
            name=one["name"], digits=" ".join(one["number"]), index=one["index"]
        )
        for one in admitted
    ]
    lines += [
        _("waits to be admitted: {name}: {digits} (entry {index})").format(
            name=one["name"], digits=" ".join(one["number"]), index=one["index"]
        )
        for one in waits
    ]
    data = {
        "admitted": [{**one, "number": "".join(one["number"])} for one in admitted],
        "waiting": [{**one, "number": "".join(one["number"])} for one in waits],
    }
    work.show(data, lines or [_("No depositary apart from the delegations is admitted.")])


@depositary.command(
    "file",
    help=N_("Write the file of a deposited text that its depositary is handed; it shows this text alone."),
)
@click.argument("file", type=_PATH)
@text_option
@verb
def write_file(work: Work, file: Path, instrument: str | None) -> None:
    """Write the file of a deposit."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    text = names.text_named(work.desk.talks.plenary, instrument)
    data = depositing.deposit_file(work.desk, text.instrument.id)
    write_new(file, data)
    lines = [
        _("The file for the depositary is {file}, {size} bytes; this desk has verified it.").format(
            file=file, size=len(data)
        ),
        _("Whoever has it reads the text and who signed it. Tell the depositary the number of your root."),
    ]
    work.show({"file": str(file), "bytes": len(data)}, lines)


@depositary.command(help=N_("Bring the depositary's receipt to the record, from its file."))
@click.argument("file", type=_PATH)
@verb
def receipt(work: Work, file: Path) -> int:
    """Bring a receipt."""
    held, event = depositing.receiving(work.desk, read_bytes(file))
    digest = (held.corrected or held.digest).hex()
    lines = [
        _("Receipt no. {number}, of the text with the hash {digest}").format(
            number=held.number, digest=digest
        )
    ]
    return work.act("plenary", event, lines=lines)
