"""`goodoffices depositary`: a machine apart that keeps signed texts: its key, what it takes, what it signs.

This module decides how these verbs read. What is taken and signed is decided in `depositary.keeping`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from good_offices.cli.files import read_bytes, read_words, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.session import F, json_option
from good_offices.cli.voice import show
from good_offices.depositary import folder as folders
from good_offices.depositary import keeping
from good_offices.depositary.folder import Folder
from good_offices.depositary.keeping import Entry
from good_offices.errors import LocalError
from good_offices.instrument.anchors import anchors_of
from good_offices.locale import N_, _
from good_offices.locale import language as spoken

_PATH = click.Path(path_type=Path)
_GROUP = 4


def _depositary_option(command: F) -> F:
    """Add `--depositary DIR`."""
    return click.option(
        "--depositary",
        "folder",
        type=_PATH,
        required=True,
        envvar="GOODOFFICES_DEPOSITARY",
        help=N_("The depositary's folder (or set GOODOFFICES_DEPOSITARY)."),
    )(command)


@click.group(
    cls=Verbs,
    help=N_("A depositary apart from the delegations: it keeps signed texts on a machine of its own."),
)
def depositary() -> None:
    """Group the verbs of a depositary."""


@depositary.command(
    help=N_("Make a depositary: its key, and the card by which all delegations admit it together.")
)
@_depositary_option
@click.option("--name", "called", required=True, help=N_("What it is called, as all will read it."))
@click.option("--represents", default="", help=N_("Whom it speaks for; may be left out."))
@click.option("--language", default="en", show_default=True, help=N_("The language of both, such as en."))
@json_option
def init(folder: Path, called: str, represents: str, language: str, *, as_json: bool) -> None:
    """Make a depositary."""
    made = folders.init(folder, called, represents=represents, language=language)
    lines = [
        _("The depositary {name} is made in {path}.").format(name=called, path=folder),
        *_number_lines(made),
        _("Its card for the delegations: {path}").format(path=made.path / folders.CARD),
        _("Tell each delegation the number by another channel than the card: they compare the two."),
    ]
    show(_told(made) | {"card": str(made.path / folders.CARD)}, lines, as_json=as_json)


@depositary.command("show", help=N_("Show the depositary's name and number, and the texts that it keeps."))
@_depositary_option
@json_option
def show_depositary(folder: Path, *, as_json: bool) -> None:
    """Show a depositary."""
    opened = folders.open_folder(folder)
    entries = keeping.kept(opened)
    lines = [
        ", ".join(part for part in (opened.card.called, opened.card.represents) if part),
        *_number_lines(opened),
        *(_entry_line(one) for one in entries),
    ]
    show(
        _told(opened) | {"kept": [_values(one) for one in entries]},
        lines if entries else [*lines, _("It keeps no text yet.")],
        as_json=as_json,
    )


@depositary.command(
    help=N_("Take the file of a deposit, keep it, and sign the receipt that goes back to the delegations.")
)
@_depositary_option
@click.argument("file", type=_PATH)
@click.argument("receipt", type=_PATH)
@click.option(
    "--root", "roots", multiple=True, help=N_("A delegation's root that you compared; may be repeated.")
)
@click.option(
    "--trust", type=_PATH, help=N_("A file of roots that you trust, one a line with a name after it.")
)
@json_option
def keep(
    folder: Path, file: Path, receipt: Path, roots: tuple[str, ...], trust: Path | None, *, as_json: bool
) -> None:
    """Take a text."""
    opened = folders.open_folder(folder)
    if receipt.exists():
        raise LocalError("file-exists", path=receipt)
    anchors = anchors_of(roots, read_words(trust) if trust else None)
    entry, signed = keeping.keep(opened, read_bytes(file), anchors)
    write_new(receipt, signed)
    lines = [
        _("The text is kept as number {number}: {line}").format(number=entry.number, line=_title(entry)),
        _("The receipt is {file}. Any delegation brings it to the record.").format(file=receipt),
    ]
    show(_values(entry) | {"receipt": str(receipt)}, lines, as_json=as_json)


@depositary.command(
    help=N_(
        "Certify a copy of a text that is kept, with its corrections, into a file that anyone can verify."
    )
)
@_depositary_option
@click.argument("number", type=int)
@click.argument("file", type=_PATH)
@click.option("--words", default="", help=N_("The words of the certificate, else the usual ones."))
@click.option("--language", "tag", default="", help=N_("The language of the words, such as en."))
@click.option("--place", default="", help=N_("Where it is certified, in words."))
@click.option("--date", default="", help=N_("When it is certified, in words; else today's date."))
@json_option
def certify(
    folder: Path, number: int, file: Path, words: str, tag: str, place: str, date: str, *, as_json: bool
) -> None:
    """Certify a copy."""
    opened = folders.open_folder(folder)
    if file.exists():
        raise LocalError("file-exists", path=file)
    entry = next((one for one in keeping.kept(opened) if one.number == number), None)
    if entry is None:
        raise LocalError("deposit-unknown", number=number)
    said = words or _(
        "I hereby certify that the foregoing text is a true copy of {title}, the original of which is deposited with {name}."
    ).format(title=_title(entry), name=opened.card.called)
    today = date or datetime.now(UTC).strftime("%Y-%m-%d")
    data = keeping.certify(opened, number, said, tag if words and tag else spoken(), place=place, date=today)
    write_new(file, data)
    lines = [
        _("The certified copy is {file}, {size} bytes; it was verified here.").format(
            file=file, size=len(data)
        ),
        _(
            "Whoever has it reads the text and who signed it. Check it elsewhere with `goodoffices verify {file}`."
        ).format(file=file),
    ]
    show({"file": str(file), "bytes": len(data), "words": said}, lines, as_json=as_json)


def _number_lines(opened: Folder) -> list[str]:
    """Return the depositary's number in groups, as people compare it."""
    whole = opened.card.fingerprint
    groups = [whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP)]
    return [_("Its number: {digits}").format(digits=" ".join(groups))]


def _told(opened: Folder) -> dict[str, Any]:
    """Return the depositary as values."""
    one = opened.card
    return {"name": one.called, "represents": one.represents, "number": one.fingerprint}


def _title(entry: Entry) -> str:
    """Return a text's title: in the reader's language, else in the first authentic one."""
    text = entry.said.text
    titles = [text.titles.get(tag, "") for tag in (spoken(), *text.authentic)]
    return next((one for one in titles if one), text.id)


def _entry_line(entry: Entry) -> str:
    """Return a text that is kept in one line."""
    words = (
        _("{number}: {title}, corrected; hash {digest}")
        if entry.said.errata
        else _("{number}: {title}; hash {digest}")
    )
    digest = (entry.states[1] or entry.states[0]).hex()
    return words.format(number=entry.number, title=_title(entry), digest=digest)


def _values(entry: Entry) -> dict[str, Any]:
    """Return a text that is kept as values."""
    return {
        "number": entry.number,
        "talks": entry.name[0],
        "text": entry.name[1],
        "title": _title(entry),
        "digest": entry.states[0],
        "corrected": entry.states[1],
    }
