"""The introductions of a register: the public keys of its desks, which stand in clear.

This module decides how they are found. It opens nothing, and what it returns says who a desk is, never what was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from good_offices.register.handed import Shown
from good_offices.register.leaf import Kind
from good_offices.venue.store import Reader, Register

_AT_ONCE: Final = 64
# A leaf record is a version and a kind before anything else (spec/register.md section 5).
_LEAF: Final = bytes((1, Kind.INTRODUCTION))


def shown_desks(reader: Reader, register: Register) -> Shown:
    """Return the first roots and the statements that a common register shows in clear (spec/credentials.md section 5)."""
    shown = Shown(talks=register.talks, delegations=reader.delegations(register.talks))
    return shown.take(_bodies(reader, register.number))


def _bodies(reader: Reader, number: int) -> Iterator[bytes]:
    """Yield the bodies of all introductions, in the order of the register."""
    rows = reader.connection.execute(
        # The leaf stands before the body, so that of most entries only the first page is read.
        "SELECT body FROM entry WHERE id >= ? AND id < ? AND substr(leaf, 1, 2) = ? AND body IS NOT NULL ORDER BY id",
        (number << 40, (number + 1) << 40, _LEAF),
    )
    while found := rows.fetchmany(_AT_ONCE):
        yield from (body for (body,) in found)
