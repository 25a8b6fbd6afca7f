"""The verbs of the ladder: certify, agree, confirm, lock, reopen, adopt.

This module decides how provisions are chosen on the command line. It never takes a step for provisions that were not
named or chosen by `--all`; the events are made in `clerk.steps`.
"""

from __future__ import annotations

from typing import Any, Final

import click

from good_offices.clerk import names, steps
from good_offices.cli.binding import act_on
from good_offices.cli.session import F
from good_offices.cli.talks import until_option
from good_offices.cli.text_acts import text_option
from good_offices.cli.where import InRoom, verb_in_room
from good_offices.locale import N_
from good_offices.talks.event import LEVELS


def units_options(command: F) -> F:
    """Add the provisions: by name, or `--all`."""
    for option in (
        click.option(
            "--all", "everything", is_flag=True, help=N_("All provisions for which this is the next step.")
        ),
        click.argument("units", nargs=-1),
    ):
        command = option(command)
    return command


@click.command(help=N_("Certify that the authentic languages say the same. All must do the same."))
@units_options
@click.option(
    "--language", "languages", multiple=True, help=N_("A language; repeat; else all authentic ones.")
)
@text_option
@until_option
@verb_in_room
def certify(
    work: InRoom,
    units: tuple[str, ...],
    languages: tuple[str, ...],
    instrument: str | None,
    until: str | None,
    *,
    everything: bool,
) -> int:
    """Certify the concordance."""
    text = work.text(instrument)
    found = steps.to_certify(text) if everything else steps.named(text, units)
    event = steps.certified(text, found, languages, names.until(until))
    return work.post(event)


@click.command(help=N_("Agree provisions at a level, or ad referendum. All must do the same."))
@units_options
@click.option(
    "--level", type=click.Choice(LEVELS), default="experts", show_default=True, help=N_("At which level.")
)
@click.option("--ad-referendum", is_flag=True, help=N_("Subject to confirmation by the capitals."))
@text_option
@until_option
@verb_in_room
def agree(
    work: InRoom,
    units: tuple[str, ...],
    level: Any,
    instrument: str | None,
    until: str | None,
    *,
    everything: bool,
    ad_referendum: bool,
) -> int:
    """Agree provisions."""
    text = work.text(instrument)
    found = steps.to_agree(text) if everything else steps.named(text, units)
    event = steps.agreed(text, found, level, ad_referendum=ad_referendum, until=names.until(until))
    return work.post(event)


@click.command(help=N_("Confirm, for your capital, provisions agreed ad referendum."))
@units_options
@text_option
@verb_in_room
def confirm(work: InRoom, units: tuple[str, ...], instrument: str | None, *, everything: bool) -> int:
    """Confirm provisions."""
    text = work.text(instrument)
    own = work.desk.identity.place.delegation
    found = steps.to_confirm(text, own) if everything else steps.named(text, units)
    return work.post(steps.confirmed(text, found))


@click.command(help=N_("Lock agreed provisions in every authentic language. All must do the same."))
@units_options
@text_option
@until_option
@verb_in_room
def lock(
    work: InRoom, units: tuple[str, ...], instrument: str | None, until: str | None, *, everything: bool
) -> int:
    """Lock provisions."""
    text = work.text(instrument)
    found = steps.to_lock(text) if everything else steps.named(text, units)
    return work.post(steps.locked(text, found, names.until(until)))


@click.command(
    help=N_("Reopen locked provisions, or the whole adopted text. Everyone who locked must do the same.")
)
@click.argument("units", nargs=-1)
@click.option("--whole", is_flag=True, help=N_("The adopted text; its provisions stay locked."))
@text_option
@until_option
@verb_in_room
def reopen(
    work: InRoom, units: tuple[str, ...], instrument: str | None, until: str | None, *, whole: bool
) -> int:
    """Reopen."""
    text = work.text(instrument)
    if whole:
        return work.post(steps.whole_reopened(text, names.until(until)))
    return work.post(steps.reopened(text, steps.named(text, units), names.until(until)))


@click.command(help=N_("Adopt the whole text. All must do the same."))
@text_option
@until_option
@verb_in_room
def adopt(work: InRoom, instrument: str | None, until: str | None) -> int:
    """Adopt the text."""
    text = work.text(instrument)
    return act_on(work, steps.adopted(text, names.until(until)), [text.instrument], room=work.room)


STEPS: Final = (certify, agree, confirm, lock, reopen, adopt)
