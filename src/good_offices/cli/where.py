"""In which room a verb is at work: the plenary, or the group that `--room` names.

This module decides how that room is named on the command line, for every verb that can be used in either. It never decides
whether something can be done there: the rules do.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from good_offices.clerk import groups_view, names
from good_offices.cli.session import F
from good_offices.cli.work import Work, verb
from good_offices.locale import N_
from good_offices.talks.event import Happened
from good_offices.talks.plenary import PlenaryState
from good_offices.text.state import TextState


def room_option(command: F) -> F:
    """Add `--room`."""
    return click.option(
        "--room",
        default="plenary",
        show_default=True,
        help=N_("The plenary, or a group by its title or id."),
    )(command)


class InRoom(Work):
    """One verb at work in one room: `room` is `plenary` or the id of a group."""

    def __init__(self, work: Work, word: str) -> None:
        """Find the room that a word names.

        Raises:
            LocalError: `group-unknown`; `group-not-begun`, `not-reader` of a group that this desk does not read.
        """
        super().__init__(work.session, as_json=work.as_json)
        self.room = groups_view.room_named(self.desk, word)
        # Before anything is looked up: of a group that it does not read, a desk would say that it is empty.
        groups_view.check_reads(self.desk, self.room)

    @property
    def state(self) -> PlenaryState:
        """The state of the room."""
        return names.state(self.desk, self.room)

    def text(self, name: str | None) -> TextState:
        """Return the text of the room with this id, or the only one (raises as `names.text_named`)."""
        return names.text_named(self.state, name)

    def post(self, event: Happened, **more: Any) -> int:
        """Do an act in the room and tell it, as `Work.act`."""
        return self.act(self.room, event, **more)


def verb_in_room(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of `InRoom` a verb of a desk, as `verb`, with `--room`."""

    @room_option
    @verb
    @functools.wraps(function)
    def inner(work: Work, room: str, **options: Any) -> Any:
        return function(InRoom(work, room), **options)

    return inner
