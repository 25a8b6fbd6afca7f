"""`goodoffices venue console` and `venue declaration`: what the host's people see, and what they say to everybody.

This module decides how these verbs read. The verbs that keep the venue itself are in `venue`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from good_offices.clerk.names import when
from good_offices.cli.files import read_bytes, read_words, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.session import F, Session, json_option
from good_offices.cli.voice import note, show
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.register.communique import MAX_FILE
from good_offices.register.declared import open_declared
from good_offices.venue import communiques as released
from good_offices.venue import declaration as kept
from good_offices.venue import declared as declarations
from good_offices.venue import folder as folders
from good_offices.venue.clear.released import taken
from good_offices.venue.declaration import Declaration

_PATH = click.Path(path_type=Path)


def venue_option(command: F) -> F:
    """Add `--venue DIR`."""
    return click.option(
        "--venue",
        "folder",
        type=_PATH,
        required=True,
        envvar="GOODOFFICES_VENUE",
        help=N_("The venue folder (or set GOODOFFICES_VENUE)."),
    )(command)


@click.command(
    help=N_("Open the operator's console: a server for browsers of this machine alone, until interrupted.")
)
@venue_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=N_("The port; else a free one."))
@click.option(
    "--log-out-after",
    type=click.IntRange(1, 24 * 60),
    default=15,
    show_default=True,
    metavar="MINUTES",
    help=N_("Log an operator out who has done nothing for so long."),
)
@json_option
def console(folder: Path, port: int, log_out_after: int, *, as_json: bool) -> None:
    """Serve the console."""
    opened = folders.open_folder(folder)
    # Loaded here: a server with its event loop, for which the other verbs should not wait.
    from good_offices.venue.console import passphrase
    from good_offices.venue.console.serving import Served, serve

    if not passphrase.is_set(opened) and sys.stdin.isatty():
        note(_("Set the operators' passphrase first."))
        passphrase.choose(opened, Session().passphrase(new=True))

    def ready(served: Served) -> None:
        lines = [
            _("The console is served at {address}").format(address=served.address),
            _("A browser that does not find this address finds {fallback}").format(fallback=served.fallback),
        ]
        data = {"address": served.address, "fallback": served.fallback}
        show(data, lines, as_json=as_json)
        if not as_json:
            note(_("Ctrl+C logs everybody out and ends."))
            sys.stdout.flush()

    serve(opened, port=port, idle=log_out_after * 60.0, ready=ready)


@click.command(name="console-passphrase", help=N_("Set the passphrase with which operators log in."))
@venue_option
@click.option(
    "--passphrase-file", type=_PATH, help=N_("Read the passphrase from the first line of this file.")
)
@click.option("--passphrase-fd", type=int, help=N_("Read the passphrase from this file descriptor."))
@json_option
def console_passphrase(
    folder: Path, passphrase_file: Path | None, passphrase_fd: int | None, *, as_json: bool
) -> None:
    """Set the operators' passphrase."""
    opened = folders.open_folder(folder)
    from good_offices.venue.console import passphrase

    session = Session()
    session.passphrase_file, session.passphrase_fd = passphrase_file, passphrase_fd
    passphrase.choose(opened, session.passphrase(new=True))
    lines = [
        _("The operators' passphrase is set."),
        _("Who is logged in stays so until the console is started again."),
    ]
    show({"set": True}, lines, as_json=as_json)


@click.command(
    help=N_(
        "List the communiqués on the public page; take one off it, by its number; or take in the file of one that a courier brought."
    )
)
@venue_option
@click.option("--take", type=_PATH, metavar="FILE", help=N_("Show the communiqué in this file."))
@click.option("--take-off", metavar="NUMBER", help=N_("Show the communiqué with this number no more."))
@json_option
def communiques(folder: Path, take_off: str | None, take: Path | None, *, as_json: bool) -> None:
    """List communiqués, take one off the page, or take one in."""
    opened = folders.open_folder(folder)
    if take is not None:
        brought = taken(opened, read_bytes(take, limit=MAX_FILE))
        lines = [_("It is on the public page, signed by all delegations: {number}").format(number=brought)]
        show({"taken": brought}, lines, as_json=as_json)
        return
    if take_off is not None:
        number = released.take_off(opened, take_off)
        lines = [
            _("It is shown no more: {number}").format(number=number),
            _("The parties keep the file, which proves the same elsewhere."),
        ]
        show({"taken_off": number}, lines, as_json=as_json)
        return
    found = released.load(opened)
    data = [
        {
            "number": one.number,
            "titles": one.communique.titles,
            "names": list(one.communique.names.values()),
            "bytes": len(one.data),
        }
        for one in found
    ]
    lines = [
        f"{one.number}  {next(iter(one.communique.titles.values()))} ({', '.join(one.communique.names.values())})"
        for one in found
    ]
    show({"communiques": data}, lines or [_("There is none.")], as_json=as_json)


@click.group(cls=Verbs, help=N_("The declaration of good offices: what the host says to everybody."))
def declaration() -> None:
    """Group the verbs of the declaration."""


@declaration.command(name="show", help=N_("Show the declaration, and whether it is published."))
@venue_option
@click.option("--published", is_flag=True, help=N_("Show what everybody sees, not the draft."))
@json_option
def show_declaration(folder: Path, *, published: bool, as_json: bool) -> None:
    """Show the declaration."""
    opened = folders.open_folder(folder)
    seen = kept.published(opened)
    shown = (seen or Declaration()) if published else kept.draft(opened)
    data = {
        "published": seen is not None,
        "as_published": seen == kept.draft(opened),
        "declaration": _as_json(shown),
    }
    if seen is None:
        state = _("The declaration is not published.")
    elif data["as_published"]:
        state = _("The declaration is published.")
    else:
        state = _("The declaration is published; the draft differs from it.")
    text = kept.to_toml(shown) if shown.versions else _("There is no declaration yet.")
    show(data, [state, "", text.rstrip("\n")], as_json=as_json)


@declaration.command(
    name="set", help=N_("Take a declaration from a TOML file as the draft; nothing is published.")
)
@venue_option
@click.argument("file", type=_PATH)
@json_option
def set_declaration(folder: Path, file: Path, *, as_json: bool) -> None:
    """Keep a declaration."""
    opened = folders.open_folder(folder)
    taken = kept.read(read_words(file, limit=kept.MAX_FILE))
    kept.keep(opened, taken)
    lines = [
        _("The draft is kept. Nobody else sees it."),
        _("Publish it with: goodoffices venue declaration publish"),
    ]
    show({"declaration": _as_json(taken)}, lines, as_json=as_json)


@declaration.command(help=N_("Show the draft to everybody, on the public page."))
@venue_option
@json_option
def publish(folder: Path, *, as_json: bool) -> None:
    """Publish the declaration."""
    done = kept.publish(folders.open_folder(folder))
    lines = [_("The declaration is published in: {languages}").format(languages=", ".join(done.versions))]
    show({"published": True, "languages": list(done.versions)}, lines, as_json=as_json)


@declaration.command(
    name="sign",
    help=N_("Sign the draft into a file for those whom it is made to; nothing is published."),
)
@venue_option
@click.argument("file", type=_PATH)
@json_option
def sign_declaration(folder: Path, file: Path, *, as_json: bool) -> None:
    """Sign a declaration without publishing it."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    note_ = kept.sign_private(folders.open_folder(folder))
    write_new(file, note_)
    number = open_declared(note_).number
    lines = [
        _("Declaration {number} is signed: {file}").format(number=number, file=file),
        _("Whoever has it can prove that you made it: `goodoffices verify` reads it."),
        _("Withdraw it with: goodoffices venue declaration revoke {number}").format(number=number),
    ]
    show({"number": number, "file": str(file)}, lines, as_json=as_json)


@declaration.command(
    help=N_(
        "Sign that a declaration is withdrawn, into a file for those who have it; see `issued` for its number."
    )
)
@venue_option
@click.argument("number", type=int)
@click.argument("file", type=_PATH)
@json_option
def revoke(folder: Path, number: int, file: Path, *, as_json: bool) -> None:
    """Withdraw a declaration by its number."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    opened = folders.open_folder(folder)
    told = {one.number: one for one in declarations.issued(opened)}
    if number in told and told[number].scope == "published":
        # It leaves the public page by the verb that says so.
        raise LocalError("declaration-is-published", number=number)
    write_new(file, declarations.withdraw(opened, number) or b"")
    lines = [
        _("Declaration {number} is withdrawn, signed: {file}").format(number=number, file=file),
        _("Send it to those who have the declaration: nobody else learns of either."),
    ]
    show({"number": number, "file": str(file)}, lines, as_json=as_json)


@declaration.command(help=N_("List the declarations that were signed here, published or private."))
@venue_option
@json_option
def issued(folder: Path, *, as_json: bool) -> None:
    """List declarations."""
    rows: list[dict[str, Any]] = [
        {
            "number": one.number,
            "scope": one.scope,
            "time_ms": one.time * 1000,
            "withdrawn_ms": one.withdrawn * 1000 or None,
            "digest": one.digest,
        }
        for one in declarations.issued(folders.open_folder(folder))
    ]
    scopes = {"published": _("published"), "private": _("private")}
    lines = [
        _("{number}  {scope}, signed {time}{withdrawn}").format(
            number=one["number"],
            scope=scopes[str(one["scope"])],
            time=when(one["time_ms"]),
            withdrawn=_(", withdrawn {time}").format(time=when(one["withdrawn_ms"]))
            if one["withdrawn_ms"]
            else "",
        )
        for one in rows
    ]
    show({"declarations": rows}, lines or [_("No declaration was signed here.")], as_json=as_json)


@declaration.command(help=N_("Take the declaration from the public page; the draft stays."))
@venue_option
@json_option
def withdraw(folder: Path, *, as_json: bool) -> None:
    """Withdraw the declaration."""
    was = kept.withdraw(folders.open_folder(folder))
    line = (
        _("The declaration is withdrawn. The draft stays.") if was else _("The declaration is not published.")
    )
    show({"published": False, "was_published": was}, [line], as_json=as_json)


def _as_json(shown: Declaration) -> dict[str, Any]:
    """Return a declaration as values for JSON."""
    return {
        "valid_from": shown.valid_from and shown.valid_from.isoformat(),
        "valid_until": shown.valid_until and shown.valid_until.isoformat(),
        "interpretation": [list(pair) for pair in shown.interpretation],
        "versions": {
            language: {
                "to": version.to,
                "words": version.words,
                "conditions": {
                    key: words for key in kept.CONDITIONS if (words := getattr(version.conditions, key))
                },
            }
            for language, version in shown.versions.items()
        },
    }
