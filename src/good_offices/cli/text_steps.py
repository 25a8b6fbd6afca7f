"""The verbs of the ladder: certify, agree, confirm, lock, reopen, adopt.

This module decides which provisions a step is about. It never takes a step for provisions that were not named or
chosen by `--all`, and `--all` chooses only those for which the step is the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import click

from good_offices.clerk import names
from good_offices.cli.binding import act_on
from good_offices.cli.session import F
from good_offices.cli.talks import until_option
from good_offices.cli.text_acts import bound, text_option
from good_offices.cli.work import Work, verb
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks import events_text as events
from good_offices.talks.event import LEVELS
from good_offices.text.brackets import open_points
from good_offices.text.concordance import concordance_of
from good_offices.text.model import Unit, words_digest
from good_offices.text.state import TextState


def units_options(command: F) -> F:
    """Add the provisions: by name, or `--all`."""
    for option in (
        click.option(
            "--all", "everything", is_flag=True, help=_("All provisions for which this is the next step.")
        ),
        click.argument("units", nargs=-1),
    ):
        command = option(command)
    return command


def chosen(
    text: TextState, units: tuple[str, ...], *, everything: bool, fits: Callable[[Unit], bool]
) -> list[Unit]:
    """Return the provisions that were named, or all that fit; layout has no words and is left out.

    Raises:
        LocalError: `units-missing`, `none-ready`, and as `names.unit`.
    """
    if everything:
        found = [one for one in text.instrument.units if one.kind != "layout" and fits(one)]
        if not found:
            raise LocalError("none-ready")
    else:
        found = [names.unit(text, word) for word in units]
    if not found:
        raise LocalError("units-missing")
    return found


@click.command(help=_("Certify that the authentic languages say the same. All must do the same."))
@units_options
@click.option(
    "--language", "languages", multiple=True, help=_("A language; repeat; else all authentic ones.")
)
@text_option
@until_option
@verb
def certify(
    work: Work,
    units: tuple[str, ...],
    languages: tuple[str, ...],
    instrument: str | None,
    until: str | None,
    *,
    everything: bool,
) -> int:
    """Certify the concordance."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    which = languages or text.instrument.authentic

    def fits(unit: Unit) -> bool:
        return not concordance_of(text, unit).complete

    found = chosen(text, units, everything=everything, fits=fits)
    certified = tuple(
        events.Certified(unit=one.id, texts={name: words_digest(one, name) for name in which})
        for one in found
    )
    event = events.ConcordanceCertified(
        instrument=text.instrument.id, units=certified, until=names.until(until)
    )
    return work.act("plenary", event)


@click.command(help=_("Agree provisions at a level, or ad referendum. All must do the same."))
@units_options
@click.option(
    "--level", type=click.Choice(LEVELS), default="experts", show_default=True, help=_("At which level.")
)
@click.option("--ad-referendum", is_flag=True, help=_("Subject to confirmation by the capitals."))
@text_option
@until_option
@verb
def agree(
    work: Work,
    units: tuple[str, ...],
    level: Any,
    instrument: str | None,
    until: str | None,
    *,
    everything: bool,
    ad_referendum: bool,
) -> int:
    """Agree provisions."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    still = open_points(text.instrument)

    def fits(unit: Unit) -> bool:
        return text.status(unit.id) == "open" and unit.id not in still

    event = events.ProvisionAgreed(
        instrument=text.instrument.id,
        units=bound(chosen(text, units, everything=everything, fits=fits)),
        level=level,
        ad_referendum=ad_referendum,
        until=names.until(until),
    )
    return work.act("plenary", event)


@click.command(help=_("Confirm, for your capital, provisions agreed ad referendum."))
@units_options
@text_option
@verb
def confirm(work: Work, units: tuple[str, ...], instrument: str | None, *, everything: bool) -> int:
    """Confirm provisions."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    own = work.desk.identity.place.delegation

    def fits(unit: Unit) -> bool:
        standing = text.standing.get(unit.id)
        return bool(
            standing and standing.status == "agreed_ad_referendum" and own not in standing.confirmed_by
        )

    found = bound(chosen(text, units, everything=everything, fits=fits))
    return work.act("plenary", events.AdReferendumConfirmed(instrument=text.instrument.id, units=found))


@click.command(help=_("Lock agreed provisions in every authentic language. All must do the same."))
@units_options
@text_option
@until_option
@verb
def lock(
    work: Work, units: tuple[str, ...], instrument: str | None, until: str | None, *, everything: bool
) -> int:
    """Lock provisions."""
    text = names.text_named(work.desk.talks.plenary, instrument)

    def fits(unit: Unit) -> bool:
        return text.status(unit.id) in ("agreed", "agreed_ad_referendum")

    found = bound(chosen(text, units, everything=everything, fits=fits))
    event = events.ProvisionLocked(instrument=text.instrument.id, units=found, until=names.until(until))
    return work.act("plenary", event)


@click.command(
    help=_("Reopen locked provisions, or the whole adopted text. Everyone who locked must do the same.")
)
@click.argument("units", nargs=-1)
@click.option("--whole", is_flag=True, help=_("The adopted text; its provisions stay locked."))
@text_option
@until_option
@verb
def reopen(
    work: Work, units: tuple[str, ...], instrument: str | None, until: str | None, *, whole: bool
) -> int:
    """Reopen."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    name, limit = text.instrument.id, names.until(until)
    if whole:
        reopened = events.TextReopened(instrument=name, digest=text.instrument.digest, until=limit)
        return work.act("plenary", reopened)
    found = bound(chosen(text, units, everything=False, fits=lambda _unit: False))
    return work.act("plenary", events.ProvisionReopened(instrument=name, units=found, until=limit))


@click.command(help=_("Adopt the whole text. All must do the same."))
@text_option
@until_option
@verb
def adopt(work: Work, instrument: str | None, until: str | None) -> int:
    """Adopt the text."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    digest = text.instrument.digest
    event = events.TextAdopted(instrument=text.instrument.id, digest=digest, until=names.until(until))
    return act_on(work, event, [text.instrument])


STEPS: Final = (certify, agree, confirm, lock, reopen, adopt)
