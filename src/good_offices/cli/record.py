"""`goodoffices record`: what happened, entry by entry, with the verdict on each act.

This module decides how the record is shown. Void acts and acts without effect are shown with their sentence, like all
others: what somebody tried is part of the record.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from good_offices.clerk import archive, names
from good_offices.clerk import parity as parities
from good_offices.clerk.outcome_view import found_lines, powers_lines
from good_offices.clerk.plain import effects_in_words
from good_offices.clerk.record_view import entries
from good_offices.cli.files import write_folder, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.work import Work, verb
from good_offices.desk.outcome import disclosure, receipt_file
from good_offices.errors import LocalError
from good_offices.locale import N_, _

_PATH = click.Path(path_type=Path)


@click.group(
    cls=Verbs, help=N_("The record: every act with its verdict; disclosures and receipts out of it.")
)
def record() -> None:
    """Group the verbs of the record."""


@record.command(
    help=N_("Show every act: entry, the host's time, author, what it was, and what the rules say of it.")
)
@click.option(
    "--room", type=click.Choice(["roster", "plenary", "caucus"]), help=N_("One room alone; else all.")
)
@click.option("--from", "first", type=int, default=0, help=N_("Begin at this entry."))
@click.option("--all", "everything", is_flag=True, help=N_("Also entries that hold no act, such as keys."))
@verb
def show(work: Work, room: str | None, first: int, *, everything: bool) -> None:
    """Show the record."""
    found = entries(work.desk, room, first, everything=everything)
    work.show({"entries": found}, [text for one in found for text in _entry_lines(one)])


@record.command(
    help=N_(
        "Show how the host served each delegation, from the common register alone; with what that proves."
    )
)
@click.option("--csv", "file", type=_PATH, help=N_("Write the table to this new file."))
@verb
def parity(work: Work, file: Path | None) -> None:
    """Show the parity of treatment."""
    told = parities.report(work.desk, work.desk.common.lines())
    lines = parities.lines_of(told)
    if file is not None:
        write_new(file, parities.table(told).encode())
        lines.append(_("The table is in {file}.").format(file=file))
    work.show(told, lines)


@record.command(
    "archive",
    help=N_(
        "Write an archive IN CLEAR that is read without this software: pages, a table, texts, the outcome, and what each file is."
    ),
)
@click.option("--out", type=_PATH, required=True, help=N_("A new folder, or a new file that ends in .zip."))
@click.option(
    "--with-caucus", is_flag=True, help=N_("Also the caucus of your delegation, in a folder of its own.")
)
@verb
def write_archive(work: Work, out: Path, *, with_caucus: bool) -> None:
    """Write the archive."""
    if out.exists():
        raise LocalError("file-exists", path=out)
    outcome = archive.bundle(work.desk)
    files = archive.archive(work.desk, caucus=with_caucus, outcome=outcome)
    if out.suffix == ".zip":
        write_new(out, archive.zipped(files), secret=True)
    else:
        write_folder(out, files)
    lines = [
        _("The archive is {file}: {count} files, IN CLEAR. Whoever has it reads it.").format(
            file=out, count=len(files)
        ),
        _("Begin with README.txt; it says what each file is and how it can be checked."),
    ]
    lines += (
        [_("The caucus is in it: take it out before you hand the rest to anybody.")] if with_caucus else []
    )
    lines += [_("The outcome is not in it: {why}").format(why=outcome.missing)] if outcome.missing else []
    data = {"out": str(out), "files": sorted(files), "with_caucus": with_caucus}
    work.show(data | {"outcome_missing": outcome.missing or None}, lines)


@record.command(
    help=N_("Write a file that shows one act of the common record to anyone, with who its author is.")
)
@click.argument("index")
@click.argument("file", type=_PATH)
@verb
def disclose(work: Work, index: str, file: Path) -> None:
    """Disclose one act."""
    line = names.act_at(work.desk.common, index)
    write_new(file, disclosure(work.desk, names.hash_of(line.act)))
    lines = [
        _("{file} shows entry {index} and its author's credentials.").format(file=file, index=line.index),
        _("Whoever has it can check it with `goodoffices verify`, and can pass it on."),
    ]
    work.show({"file": str(file), "index": line.index}, lines)


@record.command(
    help=N_(
        "Write the host's receipt for an entry of the common record: that it stands in the register, and nothing else."
    )
)
@click.argument("index", type=int)
@click.argument("file", type=_PATH)
@verb
def receipt(work: Work, index: int, file: Path) -> None:
    """Write a receipt."""
    write_new(file, receipt_file(work.desk, index))
    line = _("The receipt for entry {index} is {file}.").format(index=index, file=file)
    work.show({"file": str(file), "index": index}, [line])


def _entry_lines(one: dict[str, Any]) -> list[str]:
    """Return one entry for people."""
    head = f"{one['index']:>6}  {names.when(one['time_ms'])}"
    if one["act"] is None:
        return [f"{head}  ({one['words'] or one['kind']})"]
    lines = [f"{head}  {one['delegation']}, {one['author']} [{one['room']}]  {one['words']}"]
    if one["status"] != "valid":
        standing = _("VOID") if one["status"] == "void" else _("WITHOUT EFFECT")
        lines.append(f"        {standing}: {one['message']}")
        lines.append(f"        {one['hint']}")
    if one["powers"]:
        told = powers_lines(one["powers"])
        whole = one["index"] == one["powers"]["index"]
        lines += [f"        {text}" for text in ([*told, *found_lines(one["powers"])] if whole else told[:1])]
    return lines + [f"        {text}" for text in effects_in_words(one["effects"])]
