"""Handing the talks over: both heads' desks in the browser, and the host's public page.

This module decides what a newcomer is told before taking both sides. It never acts for anybody from here on.
"""

from __future__ import annotations

import signal
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Final

from good_offices.cli.demo.opening import Table
from good_offices.cli.voice import note
from good_offices.locale import _

# Told on the screen, and never typed for a real desk.
PASSPHRASE: Final = "the waters of the Arna"  # noqa: S105 -- told to everybody who watches


def hand_over(table: Table) -> None:
    """Serve both heads' desks, say how to open them, and wait until the person has seen enough."""
    story = table.story
    story.part(_("Now take both sides yourself, and finish the agreement by hand"))
    files = []
    for side, seat in ((table.cast.upper, table.upper), (table.cast.lower, table.lower)):
        served = seat.serve()
        files.append(Path(served["launch_file"]))
        story.tell(
            side.name, _("{name} sits at {address}").format(name=side.head.name, address=served["address"])
        )
        story.tell("", _("open it with the file {file}").format(file=served["launch_file"]))
    story.tell(
        _("Host"), _("the public page, which says nothing of talks: {url}").format(url=table.stage.url)
    )
    story.tell(
        _("Passphrase"), _("of both desks, for this demonstration only: {words}").format(words=PASSPHRASE)
    )
    story.line()
    for line in (
        _("Try: accept P-1 as Upper Basin; answer the urgent note as Lower Basin; settle the brackets;"),
        _(
            "certify, agree and lock every provision on both sides; adopt, sign and deposit; then look at the record."
        ),
    ):
        story.line(f"   {line}")
    if sys.stdout.isatty():
        for file in files:
            webbrowser.open(file.as_uri())
    note(_("Ctrl+C ends the demonstration."))
    _wait()


def _wait() -> None:
    """Wait for an interruption."""
    ended = threading.Event()
    before = {one: signal.signal(one, lambda *_: ended.set()) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        while not ended.wait(1.0):
            pass
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
