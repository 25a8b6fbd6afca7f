"""What the forgeries share: the list of them, and a forger who is the host."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import structs
from tests.support.outcomes import Stage

from good_offices.instrument.entries import Done
from good_offices.instrument.outcome import Outcome
from good_offices.talks.events_outcome import (
    ClosingRecord,
    Disclosed,
    Head,
)
from good_offices.talks.events_plenary import (
    StatementMade,
)

Forgery = Callable[..., Outcome | bytes]
FORGERIES: list[tuple[str, str, Forgery]] = []


def forgery(code: str) -> Callable[[Forgery], Forgery]:
    def note(made: Forgery) -> Forgery:
        FORGERIES.append((code, made.__name__, made))
        return made

    return note


def listed(
    stage: Stage, record: ClosingRecord, *, add: Iterable[int] = (), drop: Iterable[int] = (), **changed
):
    """A record that lists other entries, with its head at the end of the register."""
    kept = {one.index: one for one in record.disclosed if one.index not in set(drop)}
    kept |= {index: Disclosed(index=index, leaf=stage.rows[index].leaf.hash) for index in add}
    head = Head(size=stage.tree.size, root=stage.tree.root(stage.tree.size))
    disclosed = tuple(kept[index] for index in sorted(kept))
    return structs.replace(record, **{"disclosed": disclosed, "head": head, **changed})


def find(stage: Stage, name: str, which: int = 0) -> int:
    """The index of an act by its event."""
    found = [
        index
        for index, row in enumerate(stage.rows)
        if isinstance(row.content, Done) and row.content.act.event.name == name
    ]
    return found[which]


def with_entry(outcome: Outcome, index: int, **changed) -> Outcome:
    entries = tuple(structs.replace(one, **changed) if one.index == index else one for one in outcome.entries)
    return structs.replace(outcome, entries=entries)


def closed(talks) -> Outcome:
    """The honest file; the vectors' script makes it once and keeps it in `outcome`."""
    if hasattr(talks, "outcome"):
        return talks.outcome
    talks.stage.close(talks.record, deposit=talks.instrument)
    return talks.stage.assembled(talks.record)


def after_lie(game, *added: int, drop: Iterable[int] = (), **changed) -> Outcome:
    """Everybody signs a record that lists what was added, and nothing else is wrong."""
    record = listed(game.stage, game.record, add=added, drop=drop, **changed)
    return game.stage.lying(record, [game.instrument])


def rebuilt(stage: Stage, index: int, body: bytes, key: bytes | None) -> Stage:
    """The same register with another body at one index, as only its host can make it."""
    new = Stage(stage.salt, [])
    new.rows.clear()
    new.tree = type(new.tree)()
    for at, row in enumerate(stage.rows):
        changed = at == index
        new.append(
            row.leaf.kind,
            body if changed else row.body,
            key if changed else row.key,
            row.content,
            judge=False,
        )
    return new


def said() -> StatementMade:
    return StatementMade(text="We agree to everything.", language="en")
