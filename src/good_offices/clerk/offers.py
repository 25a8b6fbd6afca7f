"""Accepting an offer wholly, in part, or not at all: as marks on the standing list of the offer.

This module decides which marks the words of an acceptance are (spec/conditions.md R-143). It seals nothing, and whoever does nothing has
answered no: nobody can tell that from a refusal.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from good_offices.clerk import soundings
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks.soundings import Sounding

OFFER: Final = "offer"


def is_offer(desk: Desk, sounding: Sounding) -> bool:
    """Tell whether a sounding is the list of an offer."""
    listed = desk.talks.sounding.listed(sounding)
    return sounding.kind == "options" and listed.about == "host" and listed.options[0].value == OFFER


def parts(desk: Desk, sounding: Sounding, *languages: str) -> list[dict[str, Any]]:
    """Return the parts of an offer beside the whole: `value`, `words`, `yes`.

    Raises:
        LocalError: `no-offer`.
    """
    if not is_offer(desk, sounding):
        raise LocalError("no-offer")
    return list(soundings.sheet(desk, sounding, *languages)["options"][1:])


def marked(
    desk: Desk, sounding: Sounding, *, wholly: bool = False, some: Collection[str] = ()
) -> tuple[bool, ...]:
    """Return the marks that accept an offer wholly, these parts of it, or nothing.

    Raises:
        LocalError: `no-offer`, `offer-part-unknown`.
    """
    values = [one["value"] for one in parts(desk, sounding)]
    unknown = [one for one in some if one not in values]
    if unknown:
        raise LocalError("offer-part-unknown", part=unknown[0], parts=", ".join(values))
    return (wholly or bool(some), *(wholly or one in some for one in values))
