"""`goodoffices desk serve`: the chancery of one desk, in the browser of the same machine.

This module decides what is printed of an address, and what a starter file holds. It never prints a launch code where
nobody reads it by eye.

1. Whoever starts a desk that is served already is told by which process, and led to its page: a starter that is clicked
   twice opens the same desk.
2. A starter is a file for the desktop of one machine; it holds the place of the program and of the folder, and no secret.
"""

from __future__ import annotations

import os
import shlex
import sys
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import click

from good_offices.cli.session import json_option
from good_offices.cli.voice import note, show
from good_offices.errors import LocalError, OperationalError
from good_offices.locale import N_, _

_FOLDER = click.option(
    "--desk",
    "folder",
    type=click.Path(path_type=Path),
    envvar="GOODOFFICES_DESK",
    help=N_("The desk folder (or set GOODOFFICES_DESK); it need not exist yet."),
)


@click.command(help=N_("Open this desk in the browser: a server for this machine alone, until interrupted."))
@_FOLDER
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=N_("The port; else a free one."))
@click.option(
    "--lock-after",
    type=click.IntRange(1, 24 * 60),
    default=20,
    show_default=True,
    metavar="MINUTES",
    help=N_("Lock the desk when nobody has used it for so long."),
)
@click.option("--no-browser", is_flag=True, help=N_("Open no browser; the launch file is left to you."))
@json_option
def serve(folder: Path | None, port: int, lock_after: int, *, no_browser: bool, as_json: bool) -> None:
    """Serve the desk."""
    from good_offices.chancery.serving import Served, serve

    if folder is None:
        raise LocalError("desk-not-named")

    def ready(served: Served) -> None:
        lines = [
            _("The desk is served at {address}").format(address=served.address),
            _("Open it with the file {file}; it works once, and is renewed.").format(file=served.launch_file),
        ]
        data = {
            "address": served.address,
            "fallback": served.fallback,
            "launch_file": str(served.launch_file),
        }
        show(data, lines, as_json=as_json)
        if not as_json:
            note(_("Ctrl+C locks the desk and ends."))
        if not no_browser:
            webbrowser.open(served.launch_file.as_uri())

    try:
        serve(folder, port=port, idle=lock_after * 60.0, ready=ready)
    except LocalError as taken:
        if taken.code == "desk-served" and not no_browser:
            webbrowser.open(Path(str(taken.facts["file"])).as_uri())
        raise


@click.command(
    help=N_(
        "Write a file for the desktop that opens this desk in the browser, for whoever types no commands."
    )
)
@_FOLDER
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=N_("The folder for the file; else the desktop of this machine."),
)
@click.option(
    "--system",
    type=click.Choice(("linux", "macos")),
    help=N_("For which system; else for this one."),
)
@json_option
def starter(folder: Path | None, out: Path | None, system: str | None, *, as_json: bool) -> None:
    """Write the starter (rule 2)."""
    if folder is None:
        raise LocalError("desk-not-named")
    system = system or ("macos" if sys.platform == "darwin" else "linux")
    folder = folder.expanduser().resolve()
    suffix, words = _STARTERS[system]
    path = (out or desktop()).expanduser() / f"{_('Good Offices')} ({folder.name}){suffix}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written anew each time: the program may have moved.
        path.write_text(words(program(), folder), encoding="utf-8", newline="")
        path.chmod(0o700)
    except OSError as failed:
        raise OperationalError("starter-unwritable", folder=path.parent, why=failed.strerror) from None
    lines = [
        _("The starter is {file}.").format(file=path),
        _("A double click opens the desk in {folder} in the browser; closing its window ends it.").format(
            folder=folder
        ),
    ]
    if system == "linux":
        lines.append(_("Some desktops ask once whether it may be started: choose “Allow launching”."))
    show({"file": str(path), "desk": str(folder), "system": system}, lines, as_json=as_json)


def program() -> list[str]:
    """Return the words that start this program again: its script, else the interpreter with the package."""
    script = Path(sys.argv[0]).resolve()
    if script.is_file() and script.stem == "goodoffices":
        return [str(script)]
    return [sys.executable, "-m", "good_offices"]


def desktop() -> Path:
    """Return the desktop folder of this user, by the XDG user directories where there are any, else `Desktop`."""
    home = Path.home()
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
    if settings.is_file():
        for line in settings.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _sep, value = line.strip().partition("=")
            if name == "XDG_DESKTOP_DIR":
                return Path(value.strip('"').replace("$HOME", str(home)))
    return home / "Desktop"


def _linux(words: list[str], folder: Path) -> str:
    """Return a desktop entry (Desktop Entry Specification 1.5); its window shows what the program says."""
    command = " ".join(_quoted(one) for one in [*words, "desk", "serve", "--desk", str(folder)])
    return (
        "[Desktop Entry]\nType=Application\nVersion=1.5\n"
        f"Name={_('Good Offices')} ({_escaped(folder.name)})\n"
        f"Comment={_('Open this desk in the browser.')}\n"
        f"Exec={command}\nTerminal=true\nCategories=Office;\n"
    )


def _quoted(word: str) -> str:
    """Return one argument of `Exec`: quoted, its special characters escaped, and the whole escaped as a string."""
    special = "".join(f"\\{one}" if one in '"`$\\' else one for one in word.replace("%", "%%"))
    return _escaped(f'"{special}"')


def _escaped(value: str) -> str:
    """Return a string value of a desktop entry."""
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _macos(words: list[str], folder: Path) -> str:
    """Return a shell script that the Finder opens in a terminal."""
    return f"#!/bin/sh\nexec {shlex.join([*words, 'desk', 'serve', '--desk', str(folder)])}\n"


_STARTERS: Final[Mapping[str, tuple[str, Callable[[list[str], Path], str]]]] = {
    "linux": (".desktop", _linux),
    "macos": (".command", _macos),
}
