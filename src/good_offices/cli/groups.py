"""How a group of verbs lists them: each with its whole first sentence, never cut off.

This module decides the look of help. A help that ends in dots sends people away without the word they came for.
"""

from __future__ import annotations

import click

from good_offices.locale import _

_WHOLE = 1_000


class Verbs(click.Group):
    """A group that shows the first sentence of each verb whole; groups inside it do the same."""

    group_class = type

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
