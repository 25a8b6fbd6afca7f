"""The outcome so far, full powers, and what an act binds to, as plain values.

This module decides what is told of the last acts. It never judges an office or a signature: it repeats what was claimed
and by whom it was found in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from good_offices.clerk import names
from good_offices.clerk.keepers import keepers
from good_offices.clerk.plain import plain
from good_offices.desk.desk import Desk
from good_offices.desk.outcome import awaited_closing
from good_offices.locale import _
from good_offices.locale.quotes import quoted
from good_offices.talks.events_plenary import ActConfirmed, FullPowersFoundNotInOrder, FullPowersProduced
from good_offices.talks.finished import Finished
from good_offices.talks.plenary import Powers
from good_offices.text.ladder import obstacles
from good_offices.text.model import Instrument


def outcome_state(desk: Desk) -> dict[str, Any]:
    """Return how far each text came: obstacles, marks, deposit; all full powers; and how the closing record stands."""
    plenary, called = desk.talks.plenary, names.delegations(desk)
    texts = []
    for name, text in plenary.texts.items():
        held = plenary.outcomes.get(name)
        after = plenary.finished.get(name, Finished())
        texts.append(
            {
                "text": name,
                "phase": text.phase or "open",
                "digest": text.instrument.digest,
                "obstacles": [plain(one) for one in obstacles(text)],
                "marks": [
                    {
                        "how": one.how,
                        "delegation": called.get(one.delegation, one.delegation),
                        "name": one.name,
                        "capacity": one.capacity,
                        "index": one.done.index,
                        "confirmed": one.confirmed.index if one.confirmed else None,
                    }
                    for one in (held.marks if held else ())
                ],
                "depositary": keepers(desk).get(held.depositary, held.depositary) if held else "",
                "deposited": held.deposited if held else None,
                "papers": [
                    {
                        "scan": paper.scan,
                        "place": paper.place,
                        "date": paper.date,
                        "index": paper.since,
                        "signatories": [
                            [called.get(who.delegation, who.delegation), who.name, who.capacity]
                            for who in paper.signatories
                        ],
                    }
                    for paper in after.papers
                ],
                "receipts": [
                    {
                        "number": one.number,
                        "time": one.time,
                        "index": one.by.index,
                        "corrected": one.corrected,
                    }
                    for one in after.received
                ],
                "proces_verbal": after.recorded,
                "corrected": after.corrected,
            }
        )
    produced = [powers_state(desk, one) for one in plenary.powers.values()]
    return {
        "texts": texts,
        "powers": produced,
        "closed": plenary.closing is not None,
        "closing_waits": awaited_closing(desk) is not None,
    }


def powers_state(desk: Desk, one: Powers) -> dict[str, Any]:
    """Return full powers as values for JSON: holder, capacity, basis, and who found them in order."""
    called = names.delegations(desk)
    holder = desk.talks.roster.book.members.get(one.member)
    given = holder.at(one.produced.index) or holder.given[-1].accreditation if holder else None
    act = names.line(desk.common, one.produced.index).act
    return {
        "index": one.produced.index,
        "act": one.produced.act,
        "delegation": called.get(one.delegation, one.delegation),
        "member": one.member,
        "name": given.name if given else one.member,
        "capacity": given.capacity if given else "",
        "ex_officio": one.ex_officio,
        "document": one.document,
        "words": act.event.text if act and isinstance(act.event, FullPowersProduced) else "",
        "found_by": [called.get(who, who) for who in one.found],
        "refused": [
            {"by": called.get(who, who), "index": at.index, "words": _why(desk, at.index)}
            for who, at in one.refused.items()
        ],
    }


def _why(desk: Desk, index: int) -> str:
    """Return why full powers were found not in order; the entry may be the one that confirms the act that says it."""
    act = names.line(desk.common, index).act
    event: Any = act.event if act else None
    if isinstance(event, ActConfirmed):
        return _why(desk, event.index)
    return event.text if isinstance(event, FullPowersFoundNotInOrder) else ""


def powers_lines(one: dict[str, Any]) -> list[str]:
    """Return full powers for people: the holder and the basis; what the Convention says beside a claim of office."""
    lines = [_("full powers at {line}").format(line=powers_line(one))]
    if one["ex_officio"]:
        lines.append(
            _(
                "  VCLT 7(2): heads of State or government and foreign ministers hold powers ex officio; "
                "others produce a document"
            )
        )
    return lines


def powers_line(one: dict[str, Any]) -> str:
    """Return where full powers were produced, whose they are, and on what they rest."""
    basis = [_("ex officio")] if one["ex_officio"] else []
    basis += [_("document sha256 {digest}").format(digest=one["document"].hex())] if one["document"] else []
    basis += [quoted(one["words"])] if one["words"] else []
    holder = ", ".join(part for part in (one["name"], one["capacity"]) if part)
    return _("entry {index}: {holder}, for {delegation}; {basis}").format(
        index=one["index"], holder=holder, delegation=one["delegation"], basis=", ".join(basis)
    )


def found_lines(one: dict[str, Any]) -> list[str]:
    """Return by whom full powers were found in order, and by whom not, with the reason."""
    said = [_("  found in order by {names}").format(names=", ".join(one["found_by"]) or _("nobody yet"))]
    said += [
        _(
            "  found not in order by {name} (entry {index}): {reason}; other full powers are to be produced"
        ).format(name=each["by"], index=each["index"], reason=each["words"])
        for each in one["refused"]
    ]
    return said


def bound_to(texts: Iterable[Instrument]) -> list[dict[str, Any]]:
    """Return what an act binds to: title, authentic languages and digest of each text."""
    return [
        {
            "text": one.id,
            "titles": dict(one.titles),
            "authentic": list(one.authentic),
            "digest": one.digest,
        }
        for one in texts
    ]
