"""What is kept of a silence procedure. Part of the plenary's state.

This module decides what is kept (spec/talks.md R-56 to R-58). It never decides what an act does: that is `talks.silence`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from good_offices.talks.events_silence import SilenceOpened
from good_offices.talks.events_text import ProvisionAgreed, TextAdopted
from good_offices.talks.state import Item
from good_offices.talks.verdict import Cited

Fate: TypeAlias = Literal["open", "adopted", "broken", "overtaken", "ended"]


class Silence(Item, frozen=True, kw_only=True):
    """A proposal under silence, and what became of it.

    `begun` says for each delegation when, by its own clock, it had first acted in view of the opening; `passed` by which entry the
    hours had passed for it, `stood` how far the provisions had come (a hash). `ended` is the entry that ended the silence, `by` who opened it, `broken` who broke it.
    """

    by: str
    opened: Cited
    event: SilenceOpened
    stood: bytes
    fate: Fate = "open"
    begun: dict[str, int] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    broken: str = ""
    ended: int = 0


def meant(event: SilenceOpened) -> ProvisionAgreed | TextAdopted:
    """Return the joint act that a silence stands for (R-56)."""
    if event.digest is not None:
        return TextAdopted(instrument=event.instrument, digest=event.digest)
    return ProvisionAgreed(
        instrument=event.instrument, units=event.units, level=event.level, ad_referendum=event.ad_referendum
    )
