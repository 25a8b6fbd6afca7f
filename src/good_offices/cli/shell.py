"""`goodoffices desk shell`: one verb a line, with the desk open all the while.

This module decides how lines are read and answered. It runs the same verbs as the command line and adds none.

1. A line is split as a shell splits it, or is a JSON list of words, which can hold line ends; an empty line and a line
   that begins with `#` are passed over.
2. With `--json` every other line is answered by exactly one line of JSON on standard output: the verb's own object, or
   `{"error", "message", "hint", "exit"}`. A verb that prints words answers `{"text": ...}`.
3. A line that fails does not end the shell; the end of the input does. The exit status is that of the last line
   that failed, 0 if none did.
"""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import sys
from collections.abc import Iterator
from typing import Any

import click

from good_offices.cli.endings import UNFORESEEN, guarded, lowered, unforeseen_in_words
from good_offices.cli.session import Session
from good_offices.cli.work import Work, verb
from good_offices.errors import Exit, GoodOfficesError, LocalError
from good_offices.locale import N_, _, refusals


@click.command(
    help=N_(
        "Read one verb a line from standard input, such as `text show`, with the desk open all the while."
    )
)
@verb
def shell(work: Work) -> int:
    """Run a shell."""
    session = work.session
    if session.in_shell:
        raise LocalError("shell-in-shell")
    work.desk  # noqa: B018 -- opened here, so that a wrong passphrase ends the shell and not each line
    session.in_shell, session.as_json = True, work.as_json
    worst = 0
    for line in _lines(prompted=sys.stdin.isatty() and not work.as_json):
        status = answered(line, session) if work.as_json else spoken(line, session)
        worst = status or worst
    return worst


def answered(line: str, session: Session) -> int:
    """Return the exit status of one line after printing exactly one line of JSON (rule 2)."""
    out = io.StringIO()
    answer: dict[str, Any] | None = None
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            status = _dispatch(line, session)
        answer = _object(out.getvalue())
    except GoodOfficesError as refused:
        answer = _refusal(refused.code, *refusals.spoken(refused), int(refused.exit))
        status = int(refused.exit)
    except click.ClickException as misused:
        status = int(Exit.USAGE)
        bare = isinstance(misused, click.exceptions.NoArgsIsHelpError)
        words = _("a verb is missing") if bare else lowered(misused.format_message())
        answer = _refusal("usage", words, _("see the verb's --help"), status)
    except (KeyboardInterrupt, click.Abort):
        raise
    except Exception as unforeseen:  # noqa: BLE001 -- a script that drives a desk must get its line
        status = UNFORESEEN
        answer = _refusal(
            "unforeseen", unforeseen_in_words(unforeseen), _("report this line and the command"), status
        )
    print(json.dumps(answer, ensure_ascii=False), flush=True)  # noqa: T201 -- the one line of rule 2, whole and at once
    return status


def spoken(line: str, session: Session) -> int:
    """Return the exit status of one line, answered in words."""
    status = guarded(lambda: _dispatch(line, session))
    sys.stdout.flush()
    return status


def _dispatch(line: str, session: Session) -> int:
    """Run one line."""
    words = _words(line)
    folder = session.folder
    try:
        program = click.get_current_context().find_root().command
        status = program.main(args=words, prog_name="goodoffices", standalone_mode=False, obj=session)
        return int(status or 0)
    finally:
        # What one line names of another folder must not stay for the next.
        session.folder = folder


def _words(line: str) -> list[str]:
    """Return the words of a line (rule 1).

    Raises:
        LocalError: `line-unreadable`.
    """
    try:
        words = json.loads(line) if line.startswith("[") else shlex.split(line)
    except ValueError:
        raise LocalError("line-unreadable") from None
    if not all(isinstance(word, str) for word in words):
        raise LocalError("line-unreadable")
    return list(words)


def _lines(*, prompted: bool) -> Iterator[str]:
    """Yield the lines that are verbs; with a prompt for people."""
    while True:
        if prompted:
            note_prompt()
        line = sys.stdin.readline()
        if not line:
            return
        text = line.strip()
        if text in ("exit", "quit") and prompted:
            return
        if text and not text.startswith("#"):
            yield text


def note_prompt() -> None:
    """Show that a verb is awaited; on standard error, so that results stay apart."""
    click.echo(_("good offices> "), nl=False, err=True)


def _object(printed: str) -> dict[str, Any]:
    """Return what a verb printed: its object, or its words."""
    try:
        found = json.loads(printed)
    except ValueError:
        return {"text": printed.rstrip("\n")}
    return found if isinstance(found, dict) else {"text": printed.rstrip("\n")}


def _refusal(code: str, message: str, hint: str, status: int) -> dict[str, Any]:
    """Return an error as values for JSON."""
    return {"error": code, "message": message, "hint": hint, "exit": status}
