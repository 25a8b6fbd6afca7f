"""`goodoffices demo`: runs a whole talks on this machine and ends with the verdict of `verify`.

This module decides where the demonstration happens and how it ends: half way, with both heads' desks in the browser, or by
itself with the verdict. Everything of it stands in one folder, a new temporary one if none is named, and stays there: whoever
watched may look at every byte and verify the outcome again.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from pathlib import Path

import click

from good_offices.cli.demo import closing, river
from good_offices.cli.demo.draft import play_draft
from good_offices.cli.demo.hands_on import PASSPHRASE, hand_over
from good_offices.cli.demo.narrator import Narrator
from good_offices.cli.demo.opening import open_talks
from good_offices.cli.demo.stage import RefusedError, Stage
from good_offices.cli.voice import note
from good_offices.errors import Exit, LocalError
from good_offices.locale import N_, _

_PATH = click.Path(path_type=Path)


@click.command(
    help=N_(
        "Bring talks half way on this machine and open both desks in the browser; --headless runs them to a verified outcome."
    )
)
@click.option("--headless", is_flag=True, help=N_("Run to the end by itself, from the offer to the verdict."))
@click.option("--keep", type=_PATH, help=N_("Keep venue, desks, outcome and log in this new folder."))
@click.option(
    "--case", type=click.Choice(["river"]), default="river", show_default=True, help=N_("Which case.")
)
@click.option(
    "--draft", type=_PATH, help=N_("Negotiate this bracketed draft (md or txt) instead of the case's own.")
)
@click.option(
    "--canary", default="", help=N_("Plant this word in the text, in names, capacities and titles.")
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help=N_("The venue's port; 0 takes a free one.")
)
def demo(*, headless: bool, keep: Path | None, case: str, draft: Path | None, canary: str, port: int) -> int:
    """Run the demonstration."""
    del case  # there is one so far
    by_itself = headless or draft is not None or bool(canary)
    folder = _folder(keep)
    with contextlib.ExitStack() as stack:
        story = stack.enter_context(Narrator(folder / "demo.log"))
        stage = stack.enter_context(Stage(folder, port, None if by_itself else PASSPHRASE))
        began = time.monotonic()
        try:
            table = open_talks(stage, story, river.cast(canary))
            if not by_itself:
                river.half_way(table)
                hand_over(table)
                note(_("Venue, desks and log stand in {folder}").format(folder=folder))
                return 0
            if draft is None:
                river.play(table, canary)
            else:
                play_draft(table, draft)
            bundle = closing.close_and_export(table)
            closing.verdict(table, bundle)
        except RefusedError as refused:
            story.line(_("error: {text}").format(text=refused.message))
            story.line(_("hint: {text}").format(text=refused.hint))
            return int(Exit.LOCAL)
        seconds = time.monotonic() - began
    note(
        _("{seconds:.1f} s; venue, desks, outcome and log stand in {folder}").format(
            seconds=seconds, folder=folder
        )
    )
    return 0


def _folder(keep: Path | None) -> Path:
    """Return the new folder of the demonstration."""
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="good-offices-"))
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise LocalError("folder-not-empty", folder=keep)
    keep.mkdir(parents=True, exist_ok=True)
    return keep.resolve()
