"""`goodoffices desk destroy`: what goes and what stays, and with the name typed, the end of the desk.

This module decides what is asked before. It never destroys a desk that nobody opened with its passphrase.
"""

from __future__ import annotations

import time

import click

from good_offices.clerk import ending, signing
from good_offices.cli.work import Work, verb
from good_offices.desk.destroying import destroy_folder
from good_offices.locale import N_, _
from good_offices.talks.events_after import DestructionAttested


@click.command(
    help=N_(
        "Destroy this desk: its keys and its archive, for good. Without `--name` it only says what goes and what stays."
    )
)
@click.option("--name", help=N_("Your name as it stands in your credentials: with it the desk is destroyed."))
@verb
def destroy(work: Work, name: str | None) -> None:
    """Destroy the desk."""
    desk, said = work.desk, ending.destroyed_with(work.desk)
    terms = ending.retention(desk, int(time.time() * 1000))
    if name is None:
        lines = [*said, *([terms["words"]] if terms["words"] else [])]
        lines.append(
            _('Nothing is destroyed yet. To destroy it: `goodoffices desk destroy --name "{name}"`.').format(
                name=desk.identity.person.name
            )
        )
        work.show({"destroyed": False, "what": said, "retention": terms}, lines)
        return
    signing.check_name(desk, name)
    folder = desk.storage.folder
    work.session.close()
    count = destroy_folder(folder)
    lines = [_("The desk in {folder} is destroyed: {count} files.").format(folder=folder, count=count)]
    work.show({"destroyed": True, "folder": str(folder), "files": count}, lines)


@click.command(
    "attest-destruction",
    help=N_(
        "Say to all delegations what yours destroys, and when; it destroys nothing, and nobody can check it."
    ),
)
@click.argument("words")
@click.option(
    "--language", "tag", default="en", show_default=True, help=N_("The language of the words, such as en.")
)
@verb
def attest_destruction(work: Work, words: str, tag: str) -> int:
    """Attest the destruction."""
    return work.act("plenary", DestructionAttested(text=words, language=tag))
