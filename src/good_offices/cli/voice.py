"""The voice: how the command line speaks, and what it never says.

This module decides the form of results, errors and hints. It never prints a key, a passphrase or a traceback.

1. Results go to standard output, everything else to standard error.
2. An error is one line `error:` and one line `hint:` with what to do now.
3. `--json` prints one JSON object on one line and nothing else; bytes are hexadecimal.
4. Progress is shown on a terminal only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from good_offices.errors import GoodOfficesError, HostConvictedError
from good_offices.locale import _, ngettext
from good_offices.locale.refusals import spoken

# The verbs take the words from here with the rest of the voice.
__all__ = ["_", "complain", "ngettext", "note", "progress", "say", "show", "warn"]


def say(text: str) -> None:
    """Print a line of the result."""
    click.echo(text)


def note(text: str) -> None:
    """Print a line that is not the result."""
    click.echo(text, err=True)


def warn(text: str) -> None:
    """Print a warning."""
    click.echo(_("warning: {text}").format(text=text), err=True)


def complain(error: GoodOfficesError) -> None:
    """Print an error with its hint, and where evidence is kept."""
    sentence, remedy = spoken(error)
    click.echo(_("error: {text}").format(text=sentence), err=True)
    click.echo(_("hint: {text}").format(text=remedy), err=True)
    if isinstance(error, HostConvictedError):
        click.echo(_("hint: the evidence is kept; `goodoffices verify` reads it"), err=True)


def show(data: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print `data` as JSON, or the lines for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=_plain))
        return
    for line in lines:
        click.echo(line)


@contextmanager
def progress(what: str, *, total: int | None = None) -> Iterator[Any]:
    """Yield a callable that advances a bar by a number of steps; on a pipe it does nothing."""
    if not sys.stderr.isatty():
        yield lambda _steps=1: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps=1: bar.advance(task, steps)


def _plain(value: Any) -> Any:
    """Return bytes as hexadecimal digits and paths as text."""
    return value.hex() if isinstance(value, bytes) else str(value)
