"""`goodoffices verify`: what a file proves, from the file alone.

This module decides how a finding is printed. It never asks a network, a desk or a venue.
"""

from __future__ import annotations

from pathlib import Path

import click

from good_offices.clerk.verifying import verified
from good_offices.cli.files import read_bytes, read_words
from good_offices.cli.session import json_option
from good_offices.cli.voice import say, show
from good_offices.errors import Exit
from good_offices.instrument.anchors import Beside, anchors_of
from good_offices.instrument.rendering import as_json as values_of
from good_offices.instrument.rendering import as_text
from good_offices.locale import N_, _

_PATH = click.Path(path_type=Path)


@click.command(
    help=N_(
        "Verify an outcome, a communiqué, a disclosed act, a deposit, a receipt or evidence, offline; says what it proves."
    )
)
@click.argument("file", type=_PATH)
@click.option(
    "--root", "roots", multiple=True, help=N_("A delegation's root that you compared; may be repeated.")
)
@click.option(
    "--trust", type=_PATH, help=N_("A file of roots that you trust, one a line with a name after it.")
)
@click.option("--genesis", type=_PATH, help=N_("The genesis, for a bare receipt, checkpoint or evidence."))
@click.option("--leaf", type=_PATH, help=N_("The 50-byte leaf, for a bare receipt."))
@click.option("--language", help=N_("Print the text in this language only."))
@json_option
def verify(
    file: Path,
    roots: tuple[str, ...],
    trust: Path | None,
    genesis: Path | None,
    leaf: Path | None,
    language: str | None,
    *,
    as_json: bool,
) -> int:
    """Verify a file; exit status 0 only if everything in it holds."""
    beside = Beside(
        anchors=anchors_of(roots, read_words(trust) if trust else None),
        genesis=read_bytes(genesis) if genesis else None,
        leaf=read_bytes(leaf) if leaf else None,
    )
    finding = verified(read_bytes(file), beside)
    if as_json:
        show(values_of(finding), (), as_json=True)
    else:
        say(as_text(finding, language=language, say=_).rstrip("\n"))
    return int(Exit.OK if finding.valid else Exit.NOT_VALID)
