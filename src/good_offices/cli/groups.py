"""How a group of verbs lists them: each with its whole first sentence, never cut off.

This module decides the look of help. A help that ends in dots sends people away without the word they came for.
A verb is declared with its English sentences when its module is loaded; they are looked up when it is asked for, so that
one process may speak several languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any, TypeVar

import click

from good_offices.locale import _

C = TypeVar("C", bound=click.Command)

_WHOLE = 1_000


class Among(click.Option):
    """An option whose help names the code words it takes, as `{among}`."""

    def __init__(self, *names: Any, among: Iterable[str], **rest: Any) -> None:
        """Keep the code words; they are the same in every language."""
        super().__init__(*names, **rest)
        self.among = tuple(among)


def in_words(command: C) -> C:
    """Return a copy of a verb with its help in the current language."""
    spoken = copy(command)
    spoken.help = _(command.help) if command.help else None
    spoken.params = [_option(one) for one in command.params]
    return spoken


def _option(parameter: click.Parameter) -> click.Parameter:
    """Return a copy of an option with its help in the current language; an argument has none."""
    if not isinstance(parameter, click.Option) or not parameter.help:
        return parameter
    spoken = copy(parameter)
    spoken.help = _(parameter.help)
    if isinstance(parameter, Among):
        spoken.help = spoken.help.format(among=", ".join(parameter.among))
    return spoken


class Verbs(click.Group):
    """A group that shows the first sentence of each verb whole; groups inside it do the same."""

    group_class = type

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a verb in the current language, or nothing if there is none of this name."""
        found = super().get_command(ctx, name)
        return found and in_words(found)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs with their sentences."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, one.get_short_help_str(_WHOLE))
            for name, one in found
            if one is not None and not one.hidden
        ]
        if rows:
            with formatter.section(self.title):
                formatter.write_dl(rows)

    @property
    def title(self) -> str:
        """The heading over the verbs."""
        return _("Verbs")
