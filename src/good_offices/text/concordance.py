"""Concordance: which language versions are certified to say the same, by hash. See spec/text.md section 9.

This module decides which certificates still hold. It never compares languages: people do.

1. A certificate names a unit and the hash of its text in two languages or more.
2. It holds for the languages whose present text has that hash; a change in one makes it stale.
3. A unit is concordant if it has text in every authentic language and one holding certificate covers them all. In
   a text with one authentic language there is nothing to certify.
"""

from __future__ import annotations

from collections.abc import Mapping

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.text.model import Unit, name_of, words_digest
from good_offices.text.state import Certificate, TextState, evolve
from good_offices.text.tables import put


class Concordance(Record, frozen=True, kw_only=True):
    """For one unit: languages without text, languages not certified, and languages whose certificate is stale."""

    missing: tuple[str, ...]
    uncertified: tuple[str, ...]
    stale: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every authentic language is there and certified as it stands."""
        return not (self.missing or self.uncertified or self.stale)


def certify(state: TextState, unit: str, texts: Mapping[str, bytes]) -> TextState:
    """Return the state in which these texts of a unit are certified to say the same (rule 9.1).

    A certificate replaces the one before it. It changes no word, so a locked unit can be certified.

    Raises:
        LocalError: `unit-unknown`, `language-missing`, `concordance-differs`, `concordance-single`.
    """
    present = state.instrument.unit(unit)
    if len(texts) < 2:
        raise LocalError("concordance-single", unit=name_of(present))
    for language, wanted in sorted(texts.items()):
        if words_digest(present, language) != wanted:
            raise LocalError("concordance-differs", unit=name_of(present), language=language)
    return evolve(state, certified=put(state.certified, {unit: Certificate(unit=unit, texts=dict(texts))}))


def concordance_of(state: TextState, unit: Unit) -> Concordance:
    """Return what is missing, uncertified or stale in a unit (rules 9.2 and 9.3)."""
    authentic = state.instrument.authentic
    missing = tuple(language for language in authentic if language not in unit.texts)
    if len(authentic) == 1:
        return Concordance(missing=missing, uncertified=(), stale=())
    held = state.certified[unit.id].texts if unit.id in state.certified else {}
    there = [language for language in authentic if language in unit.texts]
    stale = tuple(one for one in there if one in held and held[one] != words_digest(unit, one))
    uncertified = tuple(one for one in there if one not in held)
    return Concordance(missing=missing, uncertified=uncertified, stale=stale)


def discordant(state: TextState) -> tuple[Unit, ...]:
    """Return the units that are not concordant, in order; layout has no words and is left out."""
    return tuple(
        unit
        for unit in state.instrument.units
        if unit.kind != "layout" and not concordance_of(state, unit).complete
    )
