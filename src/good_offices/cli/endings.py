"""How every run of the program ends: the exit status, and the words on standard error.

This module decides what becomes of whatever is raised. It never prints a traceback: what was not foreseen is told by
class and place alone, because a traceback could hold words of the talks.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from good_offices.cli.voice import complain, note
from good_offices.errors import Exit, GoodOfficesError
from good_offices.locale import _

UNFORESEEN: Final = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells say it


def guarded(work: Callable[[], int | None]) -> int:
    """Return the exit status of `work`, which returns one or raises; nothing passes but the end of the process."""
    try:
        return int(work() or 0)
    except GoodOfficesError as refused:
        complain(refused)
        return int(refused.exit)
    except click.ClickException as misused:
        return misuse(misused)
    except (KeyboardInterrupt, click.Abort):
        note(_("error: interrupted"))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; what is left in the buffer must not fail again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.OK)
    except Exception as unforeseen:  # noqa: BLE001 -- the last resort of the program: no traceback with words of the talks
        note(_("error: {text}").format(text=unforeseen_in_words(unforeseen)))
        note(_("hint: {text}").format(text=_("report this line, the command, and `goodoffices --version`")))
        return UNFORESEEN


def misuse(misused: click.ClickException) -> int:
    """Say how the command line was misused and return exit status 2."""
    if isinstance(misused, click.exceptions.NoArgsIsHelpError):
        note(misused.format_message())
        return int(Exit.USAGE)
    context = misused.ctx if isinstance(misused, click.UsageError) else None
    path = context.command_path if context else "goodoffices"
    note(_("error: {text}").format(text=lowered(misused.format_message())))
    note(_("hint: {text}").format(text=_("see `{path} --help`").format(path=path)))
    return int(Exit.USAGE)


def unforeseen_in_words(error: BaseException) -> str:
    """Return the class and the place of an error in our own code, and nothing it says (it could quote a text)."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "good_offices" in frame.filename] or frames
    place = f"{'/'.join(Path(ours[-1].filename).parts[-2:])}:{ours[-1].lineno}" if ours else "?"
    return _("something went wrong that this release did not foresee ({kind} in {place})").format(
        kind=type(error).__name__, place=place
    )


def lowered(text: str) -> str:
    """Return a sentence of click's in the form of ours: small first letter, no full stop."""
    line = " ".join(text.split()).removesuffix(".")
    return line[:1].lower() + line[1:] if line[1:2].islower() else line
