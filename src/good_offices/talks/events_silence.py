"""The events of the silence procedure: a proposal that stands unless somebody objects in time.

This module decides their forms (spec/talks.md section 7). It never decides whether one has effect.

1. What is proposed is named as in the joint act that it stands for: each provision by its hash, or the whole text by its own.
2. Who breaks a silence says which, and need not say why.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

from good_offices.encoding import pack
from good_offices.talks.event import Happened, Level
from good_offices.talks.events_text import Bound


class SilenceOpened(Happened, frozen=True, kw_only=True):
    """A delegation proposes that provisions are agreed, or with `digest` the text adopted, unless somebody objects within `hours`."""

    instrument: str
    units: tuple[Bound, ...] = ()
    level: Level = "experts"
    ad_referendum: bool = False
    digest: bytes | None = None
    hours: int
    text: str = ""
    language: str = ""

    @property
    def content(self) -> bytes:
        """The hash by which this silence is named: 32 bytes, over the event's bytes."""
        return hashlib.sha256(pack(self)).digest()


class SilenceBroken(Happened, frozen=True, kw_only=True):
    """A delegation objects, or takes back its own proposal: `silence` is the content of the opening. No reason is needed."""

    silence: bytes
    text: str = ""
    language: str = ""


SilenceEvent: TypeAlias = SilenceOpened | SilenceBroken
