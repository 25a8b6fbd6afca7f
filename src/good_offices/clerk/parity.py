"""Parity of treatment: what the common register shows of how the host served each delegation.

This module decides which numbers are made of the register, and in which words they are told. It judges nobody, and never sorts
delegations by their numbers.

1. Counted are the acts in the rooms that all delegations read, so that every desk of the talks comes to the same numbers.
2. A *delay* is from the time that an author claims to the arrival that the host claims: it holds the clocks of both, and the time
   that an act waited at its desk. *Behind* is how many entries had arrived before an act that its author had not seen yet.
3. What a host refused or held back before a receipt is in no register. What waits at this desk is told apart, for this desk alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, Final

from good_offices.clerk import names
from good_offices.clerk.names import when
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.locale import N_, _

COLUMNS: Final = (
    "delegation",
    "acts",
    "void",
    "first_ms",
    "last_ms",
    "delay_least_ms",
    "delay_median_ms",
    "delay_most_ms",
    "behind_median",
    "behind_most",
)
PROVES: Final = (
    N_(
        "How many acts of each delegation the host has given a place, and when by the host’s clock: the register fixes both."
    ),
    N_(
        "How long each act was under way if both clocks are right, and how many entries its author had not seen yet: every desk "
        "of these talks comes to the same numbers."
    ),
)
DOES_NOT_PROVE: Final = (
    N_(
        "That an act was sent when its author says: the time in it is its author’s claim, and it may have waited at its desk."
    ),
    N_("That nothing was refused or held back before it had a receipt: of that the register holds nothing."),
    N_(
        "That one side was favoured: clocks that are wrong, and desks that synchronise seldom, give the same numbers."
    ),
)
_ROOMS: Final = ("roster", "plenary")


def report(desk: Desk, lines: Iterable[Line]) -> dict[str, Any]:
    """Return the report: `delegations` (rows with the fields of `COLUMNS`), `size`, `until_ms`, `proves`, `does_not_prove`, `waiting`.

    `lines` are those of the common record. Delays are in milliseconds; a row without acts has None for its numbers.
    """
    called = names.delegations(desk)
    rooms = {desk.rooms[one] for one in _ROOMS}
    acts: dict[str, list[Line]] = {one: [] for one in called}
    size, last = 0, None
    for line in lines:
        size, last = line.index + 1, line.leaf.time_ms
        if line.act is None or line.verdict.room not in rooms:
            continue
        statement = desk.talks.roster.certificate(line.act.author)
        if statement is not None and not statement.guest and statement.delegation in acts:
            acts[statement.delegation].append(line)
    return {
        "delegations": [_row(called[one], held) for one, held in acts.items()],
        "size": size,
        "until_ms": last,
        "proves": [_(one) for one in PROVES],
        "does_not_prove": [_(one) for one in DOES_NOT_PROVE],
        "waiting": sum(1 for one in desk.outgoing() if one.act),
    }


def _row(name: str, held: Sequence[Line]) -> dict[str, Any]:
    """Return the numbers of one delegation."""
    acts = [(line, line.act) for line in held if line.act is not None]
    delays = sorted(line.leaf.time_ms - act.time for line, act in acts)
    behind = sorted(line.index - act.seen.size for line, act in acts)
    return {
        "delegation": name,
        "acts": len(held),
        "void": sum(1 for line in held if line.verdict.status == "void"),
        "first_ms": held[0].leaf.time_ms if held else None,
        "last_ms": held[-1].leaf.time_ms if held else None,
        "delay_least_ms": delays[0] if delays else None,
        "delay_median_ms": round(median(delays)) if delays else None,
        "delay_most_ms": delays[-1] if delays else None,
        "behind_median": round(median(behind)) if behind else None,
        "behind_most": behind[-1] if behind else None,
    }


def seconds(milliseconds: int | None) -> str:
    """Return a delay in seconds with one digit behind the point; a dash for none."""
    return "–" if milliseconds is None else f"{milliseconds / 1000:.1f}"


def table(told: dict[str, Any]) -> str:
    """Return the rows as CSV (RFC 4180), under the names of their fields."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for row in told["delegations"]:
        # A name that begins like a formula would be one in a spreadsheet.
        name = row["delegation"]
        writer.writerow(row | {"delegation": f"'{name}" if name[:1] in "=+-@\t\r" else name})
    return out.getvalue()


def lines_of(told: dict[str, Any]) -> list[str]:
    """Return the report for people."""
    lines = [
        _("The common register up to entry {last}, {time} by the host’s clock").format(
            last=told["size"] - 1, time=when(told["until_ms"]) if told["until_ms"] else "–"
        )
    ]
    sentence = _(
        "{name}: {acts} acts; under way {least} to {most} seconds, half of them up to {median}; unseen entries before "
        "an act: up to {behind}"
    )
    lines += [
        sentence.format(
            name=row["delegation"],
            acts=row["acts"],
            least=seconds(row["delay_least_ms"]),
            most=seconds(row["delay_most_ms"]),
            median=seconds(row["delay_median_ms"]),
            behind="–" if row["behind_most"] is None else row["behind_most"],
        )
        for row in told["delegations"]
    ]
    lines += [_("What this proves:"), *(f"  {one}" for one in told["proves"])]
    lines += [_("What it does not prove:"), *(f"  {one}" for one in told["does_not_prove"])]
    lines.append(_("Acts that wait at this desk now, in no register: {count}").format(count=told["waiting"]))
    return lines
