"""Who has joined in what needs all: which acts proposed it, which accepted it, and whom it waits for now.

This module decides what a line of the record says of that. It never decides what is complete: that is `talks.joint`.

1. The first act of a content proposes it, until it has effect or nobody accepts it any more; the same content from another
   delegation after that accepts it, whether or not others are still to come.
2. An acceptance that stands and does not complete names the delegations that have not accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from good_offices.clerk import names
from good_offices.clerk.describing import described
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.locale import _
from good_offices.talks.event import Acceptable
from good_offices.talks.events_plenary import AcceptanceWithdrawn
from good_offices.talks.rules import RULES
from good_offices.talks.verdict import Completed

_PAIR: Final = 2


class Joined(NamedTuple):
    """Whether an act accepted what another delegation had proposed, and the names of those that it waits for."""

    accepted: bool = False
    waits: tuple[str, ...] = ()


class Joining:
    """Tells of acts whether they proposed or accepted (rule 1)."""

    def __init__(self, desk: Desk, lines: Iterable[Line] = ()) -> None:
        """Know what is pending; with `lines`, the entries from the first on, also what has become complete since."""
        self._found: dict[int, Joined] = {}
        called = names.delegations(desk)
        # Between two the second act completes, and says so itself.
        if len(called) > _PAIR:
            self._read(desk, lines)
            self._add_pending(desk, called)

    def __call__(self, line: Line) -> Joined:
        """Return what an entry is in this respect; nothing for an act that needs nobody else."""
        if line.act is None or not RULES[line.act.event.name].joint:
            return Joined()
        completes = any(isinstance(effect, Completed) for effect in line.verdict.effects)
        return Joined(accepted=True) if completes else self._found.get(line.index, Joined())

    def _read(self, desk: Desk, lines: Iterable[Line]) -> None:
        """Note the acceptances in a record."""
        held: dict[bytes, set[str]] = {}
        for line in lines:
            event = line.act.event if line.act and line.verdict.status == "valid" else None
            statement = desk.talks.roster.certificate(line.act.author) if line.act and event else None
            if statement is None:
                continue
            who = statement.delegation
            if isinstance(event, AcceptanceWithdrawn):
                held.get(event.content, set()).discard(who)
            elif isinstance(event, Acceptable) and RULES[event.name].joint:
                others = held.setdefault(event.content, set())
                if others - {who}:
                    self._found[line.index] = Joined(accepted=True)
                others.add(who)
            for effect in line.verdict.effects:
                if isinstance(effect, Completed):
                    held.pop(effect.content, None)

    def _add_pending(self, desk: Desk, called: Mapping[str, str]) -> None:
        """Note the acceptances of what is pending, and whom each waits for (rule 2)."""
        for joint in desk.talks.plenary.joint.values():
            missing = tuple(name for one, name in called.items() if one not in joint.accepted)
            for one in sorted(joint.accepted.values(), key=lambda one: one.index)[1:]:
                self._found[one.index] = Joined(accepted=True, waits=missing)


def told(event: Any, called: Mapping[str, str], joined: Joined, about: str = "") -> str:
    """Return the line of an act, with what it is about and whom it waits for (rule 2)."""
    line = described(event, called, accepted=joined.accepted)
    line = f"{line}: {about}" if about else line
    return (
        _("{line}, waits for {names}").format(line=line, names=", ".join(joined.waits))
        if joined.waits
        else line
    )
