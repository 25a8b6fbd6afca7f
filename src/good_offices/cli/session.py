"""What the verbs share: the desk folder, its passphrase, and one open desk.

This module decides where a passphrase comes from: a file, a file descriptor, or a prompt; never an argument, never the
environment. A desk is opened when a verb first needs it and closed at the end of the program, or of the shell.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from good_offices.errors import LocalError
from good_offices.locale import N_, _

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

F = TypeVar("F", bound=Callable[..., Any])


class Session:
    """One run of the program."""

    def __init__(self) -> None:
        """Begin without a desk."""
        self.as_json = False
        self.in_shell = False
        self.folder: Path | None = None
        self.passphrase_file: Path | None = None
        self.passphrase_fd: int | None = None
        self._desk: Desk | None = None
        self._passphrase: str | None = None

    def passphrase(self, *, new: bool = False) -> str:
        """Return the passphrase from its file, its descriptor or a prompt; asked for twice when it is new.

        Raises:
            LocalError: `passphrase-missing`.
        """
        if self._passphrase is None:
            self._passphrase = self._read_passphrase(new=new)
        if not self._passphrase:
            raise LocalError("passphrase-missing")
        return self._passphrase

    def desk(self) -> Desk:
        """Return the desk in the folder that was named, open.

        Raises:
            LocalError: `desk-not-named`, `desk-other-open` and as `Desk.open`.
        """
        if (
            self._desk is not None
            and self.folder
            and self.folder.resolve() != self._desk.storage.folder.resolve()
        ):
            raise LocalError("desk-other-open", folder=self._desk.storage.folder)
        if self._desk is None:
            if self.folder is None:
                raise LocalError("desk-not-named")
            # Loaded here: the verbs of the host and of a verifier have no desk, and should not wait for one.
            from good_offices.desk.desk import Desk

            self._desk = Desk.open(self.folder, self.passphrase())
        return self._desk

    def keep(self, desk: Desk) -> None:
        """Take a desk that was opened elsewhere, to close it in the end."""
        self._desk = desk

    def close(self) -> None:
        """Close the desk."""
        if self._desk is not None:
            self._desk.close()
            self._desk = None

    def _read_passphrase(self, *, new: bool) -> str:
        """Return the first line of the file or descriptor, or what the person types."""
        try:
            if self.passphrase_file is not None:
                return self.passphrase_file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
            if self.passphrase_fd is not None:
                with os.fdopen(self.passphrase_fd, encoding="utf-8") as file:
                    return file.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise LocalError("passphrase-missing") from None
        if not _somebody_there():
            raise LocalError("passphrase-missing")
        text: str = click.prompt(_("Passphrase"), hide_input=True, confirmation_prompt=new, err=True)
        return text


def _somebody_there() -> bool:
    """Tell whether a passphrase can be asked for; without a terminal a prompt would wait for nobody."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return sys.stdin.isatty()
    return True


def desk_options(command: F) -> F:
    """Add the options that choose a desk folder and its passphrase."""
    for option in (
        click.option("--passphrase-fd", type=int, help=N_("Read the passphrase from this file descriptor.")),
        click.option(
            "--passphrase-file",
            type=click.Path(path_type=Path),
            help=N_("Read the passphrase from the first line of this file."),
        ),
        click.option(
            "--desk",
            "desk_folder",
            type=click.Path(path_type=Path),
            envvar="GOODOFFICES_DESK",
            help=N_("The desk folder (or set GOODOFFICES_DESK)."),
        ),
    ):
        command = option(command)
    return command


def chosen(
    session: Session, desk_folder: Path | None, passphrase_file: Path | None, passphrase_fd: int | None
) -> Session:
    """Return the session with what the options of `desk_options` say; in a shell the environment says nothing."""
    source = click.get_current_context().get_parameter_source("desk_folder")
    if session.in_shell and source is ParameterSource.ENVIRONMENT:
        desk_folder = None
    session.folder = desk_folder or session.folder
    session.passphrase_file = passphrase_file or session.passphrase_file
    session.passphrase_fd = passphrase_fd if passphrase_fd is not None else session.passphrase_fd
    return session


def json_option(command: F) -> F:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help=N_("Print one JSON object."))(command)
