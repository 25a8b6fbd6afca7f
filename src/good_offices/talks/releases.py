"""How far a communiqué came: a part of the plenary's state. See spec/communique.md.

This module decides what the state holds of a communiqué. It never decides what an act does with it: that is `talks.communique`.

1. What is signed and released stands here as bytes from the proposal on: a text that is changed later changes nothing in it.
"""

from __future__ import annotations

from msgspec import field

from good_offices.encoding import Record
from good_offices.talks.state import Item
from good_offices.talks.verdict import Cited


class Signature(Record, frozen=True, kw_only=True):
    """A desk's signature over the record in clear, and the act that brought it."""

    author: bytes
    signature: bytes
    done: Cited


class Release(Item, frozen=True, kw_only=True):
    """A communiqué: by whom it was proposed, of which text, its record in clear as bytes, and how far it came.

    `accepted` is the entry by which all had accepted it, `withdrawn` who withdrew, `released` the act of release.
    """

    by: str
    instrument: str
    digest: bytes
    record: bytes
    embargo: int = 0
    accepted: int | None = None
    signed: dict[str, Signature] = field(default_factory=dict)
    withdrawn: str = ""
    released: Cited | None = None
