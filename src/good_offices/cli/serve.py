"""`goodoffices desk serve`: the chancery of one desk, in the browser of the same machine.

This module decides what is printed of an address. It never prints a launch code where nobody reads it by eye.
"""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from good_offices.cli.session import json_option
from good_offices.cli.voice import note, show
from good_offices.errors import LocalError
from good_offices.locale import N_, _


@click.command(help=N_("Open this desk in the browser: a server for this machine alone, until interrupted."))
@click.option(
    "--desk",
    "folder",
    type=click.Path(path_type=Path),
    envvar="GOODOFFICES_DESK",
    help=N_("The desk folder (or set GOODOFFICES_DESK); it need not exist yet."),
)
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

    serve(folder, port=port, idle=lock_after * 60.0, ready=ready)
