"""The entry point: which groups of verbs there are, and what they share.

This module decides which groups there are and that a desk is closed. How a run ends is decided in `endings`.

1. A group is imported when one of its verbs is asked for, so that a fault in one leaves the others usable.
2. Every error is one line `error:` and one line `hint:`.
3. The desk is closed at the end, whatever happened.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

import click

from good_offices import __version__
from good_offices.cli.endings import guarded
from good_offices.cli.groups import Verbs, in_words
from good_offices.cli.session import Session
from good_offices.locale import N_, begin, from_environment

# In the order of a conference: house, delegation, talks, text, outcome.
_GROUPS: Final = {
    "venue": "good_offices.cli.venue:venue",
    "desk": "good_offices.cli.desk:desk",
    "modalities": "good_offices.cli.modalities:modalities",
    "agenda": "good_offices.cli.talks:agenda",
    "statement": "good_offices.cli.talks:statement",
    "note": "good_offices.cli.papers:note_",
    "incident": "good_offices.cli.talks:incident",
    "public": "good_offices.cli.talks:public",
    "annex": "good_offices.cli.annexes:annex",
    "instructions": "good_offices.cli.talks:instructions",
    "caucus": "good_offices.cli.consent:caucus",
    "course": "good_offices.cli.moving:course",
    "room": "good_offices.cli.rooms:room",
    "guest": "good_offices.cli.guests:guest",
    "meeting": "good_offices.cli.meeting:meeting",
    "act": "good_offices.cli.act:act",
    "record": "good_offices.cli.record:record",
    "text": "good_offices.cli.text:text",
    "sounding": "good_offices.cli.sounding:sounding",
    "outcome": "good_offices.cli.outcome:outcome",
    "conditions": "good_offices.cli.conditions:conditions",
    "depositary": "good_offices.cli.depositary:depositary",
    "communique": "good_offices.cli.communique:communique",
    "verify": "good_offices.cli.verify:verify",
    "demo": "good_offices.cli.demo.command:demo",
}


class Program(Verbs):
    """The program: groups by name, imported when they are needed (rule 1)."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the names of the groups in their order."""
        return list(_GROUPS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Return a group, or nothing if there is none of this name."""
        if name not in _GROUPS:
            return None
        module, _sep, attribute = _GROUPS[name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        return in_words(found)


@click.group(
    cls=Program,
    help=N_("Good offices: a place for direct talks, held by a host that cannot read them."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="goodoffices", message="%(prog)s %(version)s")
def program() -> None:
    """Do nothing without a verb."""


def main() -> None:
    """Run the program on the arguments of this process, in the language of its environment, and end it."""
    begin(from_environment())
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], session: Session | None = None) -> int:
    """Return the exit status of one run; the desk is closed unless the caller gave the session."""
    own = session or Session()
    try:
        return guarded(lambda: dispatch(arguments, own))
    finally:
        if session is None:
            guarded(own.close)


def dispatch(arguments: Sequence[str], session: Session) -> int:
    """Return the exit status of a verb; errors go to the caller."""
    status = in_words(program).main(
        args=list(arguments), prog_name="goodoffices", standalone_mode=False, obj=session
    )
    return int(status or 0)
