"""The events of the ladder: certify, agree, confirm, lock, reopen, adopt; and for which provisions each is the next step.

This module decides which provisions are ready for a step. It never takes a step for provisions that nobody named: the
`to_...` functions list those for which the step is the next one, and a person decides on the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from good_offices.clerk import names
from good_offices.clerk.drafting import bound
from good_offices.errors import LocalError
from good_offices.talks import events_text as events
from good_offices.talks.event import Level
from good_offices.text.brackets import open_points
from good_offices.text.concordance import concordance_of
from good_offices.text.model import Unit, words_digest
from good_offices.text.state import TextState


def named(text: TextState, words: Iterable[str]) -> list[Unit]:
    """Return the provisions that words name.

    Raises:
        LocalError: `units-missing`, and as `names.unit`.
    """
    found = [names.unit(text, word) for word in words]
    if not found:
        raise LocalError("units-missing")
    return found


def to_certify(text: TextState) -> list[Unit]:
    """Return the provisions whose authentic languages are not yet certified by all.

    Raises:
        LocalError: `none-ready`.
    """
    return _ready([one for one in text.instrument.units if not concordance_of(text, one).complete])


def to_agree(text: TextState) -> list[Unit]:
    """Return the open provisions without brackets or blanks.

    Raises:
        LocalError: `none-ready`.
    """
    still = open_points(text.instrument)
    units = text.instrument.units
    return _ready([one for one in units if text.status(one.id) == "open" and one.id not in still])


def to_confirm(text: TextState, own: str) -> list[Unit]:
    """Return the provisions agreed ad referendum that a delegation's capital has not confirmed.

    Raises:
        LocalError: `none-ready`.
    """
    standing = text.standing
    found = [
        one
        for one in text.instrument.units
        if one.id in standing
        and standing[one.id].status == "agreed_ad_referendum"
        and own not in standing[one.id].confirmed_by
    ]
    return _ready(found)


def to_lock(text: TextState) -> list[Unit]:
    """Return the agreed provisions.

    Raises:
        LocalError: `none-ready`.
    """
    agreed_ones = ("agreed", "agreed_ad_referendum")
    return _ready([one for one in text.instrument.units if text.status(one.id) in agreed_ones])


def certified(
    text: TextState, units: Iterable[Unit], languages: Sequence[str] = (), until: int | None = None
) -> events.ConcordanceCertified:
    """Return the event that certifies that languages, else all authentic ones, say the same in provisions."""
    which = languages or text.instrument.authentic
    each = tuple(
        events.Certified(unit=one.id, texts={name: words_digest(one, name) for name in which})
        for one in units
    )
    return events.ConcordanceCertified(instrument=text.instrument.id, units=each, until=until)


def agreed(
    text: TextState,
    units: Iterable[Unit],
    level: Level,
    *,
    ad_referendum: bool = False,
    until: int | None = None,
) -> events.ProvisionAgreed:
    """Return the event that agrees provisions at a level, or subject to confirmation by the capitals."""
    return events.ProvisionAgreed(
        instrument=text.instrument.id,
        units=bound(units),
        level=level,
        ad_referendum=ad_referendum,
        until=until,
    )


def confirmed(text: TextState, units: Iterable[Unit]) -> events.AdReferendumConfirmed:
    """Return the event that confirms, for one's capital, provisions agreed ad referendum."""
    return events.AdReferendumConfirmed(instrument=text.instrument.id, units=bound(units))


def locked(text: TextState, units: Iterable[Unit], until: int | None = None) -> events.ProvisionLocked:
    """Return the event that locks agreed provisions in every authentic language."""
    return events.ProvisionLocked(instrument=text.instrument.id, units=bound(units), until=until)


def reopened(text: TextState, units: Iterable[Unit], until: int | None = None) -> events.ProvisionReopened:
    """Return the event that reopens locked provisions; everyone who locked must do the same."""
    return events.ProvisionReopened(instrument=text.instrument.id, units=bound(units), until=until)


def whole_reopened(text: TextState, until: int | None = None) -> events.TextReopened:
    """Return the event that reopens an adopted text; its provisions stay locked."""
    return events.TextReopened(instrument=text.instrument.id, digest=text.instrument.digest, until=until)


def adopted(text: TextState, until: int | None = None) -> events.TextAdopted:
    """Return the event that adopts the whole text."""
    return events.TextAdopted(instrument=text.instrument.id, digest=text.instrument.digest, until=until)


def _ready(found: Iterable[Unit]) -> list[Unit]:
    """Return provisions that fit a step; layout has no words and is left out."""
    units = [one for one in found if one.kind != "layout"]
    if not units:
        raise LocalError("none-ready")
    return units
