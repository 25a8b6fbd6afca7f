"""`goodoffices desk duty`: the unattended desk that answers soundings.

This module decides what such a desk prints, and how it ends. It prints nothing of marks: neither that any came, nor how many there
are, nor what was found.

1. One line for each beat, the same whether or not anybody has marked anything.
2. SIGTERM and SIGINT end it at once: what is on the disk is whole, as after any crash, and the next start goes on from there.
3. Its folder is named in the command; its passphrase comes from a file or a descriptor, such as a credential of systemd.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import click

from good_offices.clerk import names
from good_offices.cli.session import Session
from good_offices.cli.voice import complain, note, show, warn
from good_offices.desk.soundings.duty import EVERY, Beat, check_on_duty, on_duty
from good_offices.desk.soundings.working import Working
from good_offices.errors import LocalError
from good_offices.locale import N_, _

_PATH = click.Path(path_type=Path)
_LEAST: Final = 1.0


class _EndedError(BaseException):
    """Somebody has ended the duty; no `except Exception` on the way may take it for a failure."""


@click.command(help=N_("Answer soundings unattended, until it is ended; FOLDER is the duty desk's."))
@click.argument("folder", type=_PATH)
@click.option(
    "--passphrase-file", type=_PATH, help=N_("Read the passphrase from the first line of this file.")
)
@click.option(
    "--passphrase-fd",
    type=int,
    help=N_("Read the passphrase from this file descriptor; 0 is standard input."),
)
@click.option(
    "--every", type=float, default=EVERY, show_default=True, help=N_("Seconds from one beat to the next.")
)
@click.option("--json", "as_json", is_flag=True, help=N_("Print one JSON object a beat."))
@click.pass_obj
def duty(
    session: Session,
    /,
    folder: Path,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    every: float,
    *,
    as_json: bool,
) -> None:
    """Be on duty."""
    if session.in_shell:
        raise click.UsageError(_("not inside a shell"))
    if every < _LEAST:
        raise click.UsageError(_("a beat takes a second at least"))
    session.folder, session.passphrase_file, session.passphrase_fd = folder, passphrase_file, passphrase_fd
    desk = session.desk()
    # A refused desk is told before it waits for its first beat.
    desk.may_go_on()
    check_on_duty(desk)
    note(_("On duty. It ends with SIGTERM or Ctrl-C."))
    with _until_ended(), Working() as each:
        for beat in on_duty(desk, every=every, each=each):
            _tell(beat, as_json=as_json)
    note(_("Duty has ended."))


@contextmanager
def _until_ended() -> Iterator[None]:
    """Pass out of the block when the process is told to end (rule 2)."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise _EndedError

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _EndedError:
        pass
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _tell(beat: Beat, *, as_json: bool) -> None:
    """Print one beat (rule 1); what went wrong is told beside it."""
    now = int(time.time() * 1000)
    answered = len(beat.answered)
    line = _("{time}: answered in {count} soundings").format(time=names.when(now), count=answered)
    show({"time_ms": now, "answered": answered, "reached": beat.failed is None}, [line], as_json=as_json)
    if beat.failed is not None:
        complain(beat.failed)
    for path, refused in beat.refused:
        warn(_("{file} was not taken: {why}").format(file=path.name, why=_why(refused)))


def _why(refused: LocalError) -> str:
    """Return why a file was refused."""
    return str(refused)
