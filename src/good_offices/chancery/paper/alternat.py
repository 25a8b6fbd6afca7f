"""The alternat: one original for each delegation, and in which order names and languages stand in it. See spec/paper.md section 6.

This module decides an order and nothing else: no word of a text differs between originals.
"""

from __future__ import annotations

from collections.abc import Sequence


def first(everyone: Sequence[str], keeper: str) -> tuple[str, ...]:
    """Return the delegations in the order of an original: whoever keeps it first, then the others in turn (spec/paper.md 6.2)."""
    if keeper not in everyone:
        return tuple(everyone)
    at = list(everyone).index(keeper)
    return (*everyone[at:], *everyone[:at])


def languages(authentic: Sequence[str], everyone: Sequence[str], keeper: str) -> tuple[str, ...]:
    """Return the languages in the order of an original, if there are as many as delegations; else as the text has them (6.3)."""
    if keeper not in everyone or len(authentic) != len(everyone):
        return tuple(authentic)
    at = list(everyone).index(keeper)
    return (*authentic[at:], *authentic[:at])
