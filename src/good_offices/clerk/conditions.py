"""Conditions in words: what was asked of the host together, who has signed it, and what the host answered.

This module decides how a request is written in a file and told to people. It never decides what stands: the rules do, and what
the host answers is told as the host's claim.

1. A request in a file is TOML, read strictly: an unknown field or a wrong type is refused with its place.
2. Times in a file name their zone; a time without one would be another at each delegation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from good_offices.clerk import names
from good_offices.clerk.authors import powers_of
from good_offices.desk import conditions
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.talks.events_conditions import (
    ConditionItem,
    ConditionKind,
    ConditionsRequest,
    ConditionsRequested,
)
from good_offices.talks.requested import Requested

MAX_FILE: Final = 512 * 1024
KINDS: Final[Mapping[str, str]] = {
    "place": N_("Place"),
    "dates": N_("Dates"),
    "rooms": N_("Rooms"),
    "interpretation": N_("Interpretation"),
    "secretariat": N_("Secretariat"),
    "security": N_("Security"),
    "entry": N_("Visas and safe conduct"),
    "press": N_("Press centre"),
    "other": N_("Other"),
}
SAYS: Final[Mapping[str, str]] = {
    "confirmed": N_("confirmed by the host"),
    "changed": N_("the host offers a change"),
    "declined": N_("declined by the host"),
}


class _Item(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One item of the file."""

    key: str
    kind: ConditionKind
    words: str
    language: str
    pair: list[str] = []
    # A moment: TOML tells it from words, so the zone is asked for later.
    begins: Any = None
    ends: Any = None


class _File(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The file."""

    format: int
    items: list[_Item]
    replaces: int = 0
    sitting: str = ""


def read_request(desk: Desk, text: str, until: int | None = None) -> ConditionsRequested:
    """Return the event that proposes the request of a file (rules 1 and 2).

    Raises:
        LocalError: `conditions-file-invalid`.
    """
    try:
        told = msgspec.convert(tomllib.loads(text), _File, strict=True)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as broken:
        raise LocalError("conditions-file-invalid", why=broken) from None
    if told.format != 1:
        raise LocalError("conditions-file-invalid", why="its format is not 1")
    items = [
        ConditionItem(
            key=one.key,
            kind=one.kind,
            words=one.words,
            language=one.language,
            pair=tuple(one.pair),
            begins=_moment(one.begins, one.key),
            ends=_moment(one.ends, one.key),
        )
        for one in told.items
    ]
    return requested(desk, items, replaces=told.replaces, sitting=told.sitting, until=until)


def requested(
    desk: Desk,
    items: Sequence[ConditionItem],
    *,
    replaces: int = 0,
    sitting: str = "",
    until: int | None = None,
) -> ConditionsRequested:
    """Return the event that proposes a request under the next number."""
    return ConditionsRequested(
        request=ConditionsRequest(
            talks=desk.identity.place.talks,
            number=len(desk.talks.plenary.conditions) + 1,
            delegations=tuple(sorted(desk.talks.roster.expected)),
            items=tuple(items),
            replaces=replaces,
            sitting=sitting,
        ),
        until=until,
    )


def _moment(told: Any, key: str) -> int | None:
    """Return a moment of the file in milliseconds (rule 2)."""
    if told is None:
        return None
    if not isinstance(told, datetime) or told.tzinfo is None:
        raise LocalError("conditions-file-invalid", why=f"{key}: a time is a moment in a time zone")
    return round(told.timestamp() * 1000)


def state(desk: Desk) -> dict[str, Any]:
    """Return all that is known of conditions: `requests` (the newest first), `pending`, `refused` and the `next` number.

    A request has `number`, `index`, `replaces`, `replaced`, `sitting`, `items`, `signed` and `missing` (names), `ours` (has this
    delegation signed), `complete` (have all), `held_ms` (when it came to the host), `answer` (its number, 0 for none) and
    `answered_ms`. An item has what was asked and `answer`: nothing, or what the host said.
    """
    plenary, called = desk.talks.plenary, names.delegations(desk)
    own = desk.identity.place.delegation
    rows = [_told(desk, one, called, own) for one in plenary.conditions.values()]
    pending = []
    for joint in plenary.joint.values():
        if joint.event != "ConditionsRequested":
            continue
        index = min(held.index for held in joint.accepted.values())
        request = names.event_at(desk, index).request
        pending.append(
            {
                "index": index,
                "number": request.number,
                "replaces": request.replaces,
                "items": [item(one) for one in request.items],
                "accepted": [called.get(who, who) for who in joint.accepted],
                "missing": [name for who, name in called.items() if who not in joint.accepted],
                "ours": own in joint.accepted,
            }
        )
    return {
        "requests": sorted(rows, key=lambda one: -int(one["number"])),
        "pending": pending,
        "refused": conditions.refused(desk),
        "next": len(plenary.conditions) + 1,
    }


def _told(desk: Desk, one: Requested, called: Mapping[str, str], own: str) -> dict[str, Any]:
    """Return one request in words."""
    held = conditions.held(desk, one.request.number)
    said = {each.key: each for each in held.answer.items} if held.answer else {}
    return {
        "number": one.request.number,
        "index": one.since,
        "replaces": one.request.replaces,
        "replaced": one.replaced,
        "sitting": one.request.sitting,
        "items": [item(each, said.get(each.key)) for each in one.request.items],
        "signed": [name for who, name in called.items() if who in one.signed],
        "missing": [name for who, name in called.items() if who not in one.signed],
        "ours": own in one.signed,
        "complete": set(desk.talks.roster.expected) <= one.signed.keys(),
        "held_ms": held.time,
        "answer": held.answer.answer if held.answer else 0,
        "answered_ms": held.answer.time if held.answer else None,
    }


def needs(desk: Desk, common: Sequence[Line]) -> list[dict[str, Any]]:
    """Return what of conditions needs a member: to sign, to hand over, or to look at an answer that is no plain yes.

    An answer is looked at until a later request stands in the place of what it answers.
    """
    found: list[dict[str, Any]] = []
    powers = powers_of(desk)
    for one in state(desk)["requests"]:
        if one["replaced"]:
            continue
        said = [each["answer"]["says"] for each in one["items"] if each["answer"]]
        kind, power = "", ""
        if not one["ours"]:
            kind, power = "conditions-sign", "agree"
        elif one["complete"] and one["held_ms"] is None:
            kind = "conditions-hand-over"
        elif any(each != "confirmed" for each in said):
            kind = "conditions-answered"
        if kind:
            found.append(
                {
                    "kind": kind,
                    "what": str(one["number"]),
                    "index": one["index"],
                    "since_ms": common[one["index"]].leaf.time_ms,
                    "mine": not power or power in powers,
                    "power": power,
                }
            )
    return found


def item(one: ConditionItem, said: Any = None) -> dict[str, Any]:
    """Return one item in words, with what the host said of it, if anything."""
    return {
        "key": one.key,
        "kind": one.kind,
        "kind_words": _(KINDS[one.kind]),
        "words": one.words,
        "language": one.language,
        "pair": list(one.pair),
        "begins_ms": one.begins,
        "ends_ms": one.ends,
        "answer": None
        if said is None
        else {
            "says": said.says,
            "says_words": _(SAYS[said.says]),
            "words": said.words,
            "language": said.language,
            "begins_ms": said.begins,
            "ends_ms": said.ends,
        },
    }


def item_lines(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return items for people, a line or more each."""
    lines = []
    for one in items:
        pair = f" ({one['pair'][0]} – {one['pair'][1]})" if one["pair"] else ""
        lines.append(f"  {one['kind_words']}{pair}: {one['words']}")
        lines += _times(one)
        answer = one["answer"]
        if answer is not None:
            words = f": {answer['words']}" if answer["words"] else ""
            lines.append(f"    → {answer['says_words']}{words}")
            lines += _times(answer)
    return lines


def _times(one: Mapping[str, Any]) -> list[str]:
    """Return from when to when something is, in a line, if it says so."""
    if one["begins_ms"] is None:
        return []
    begins = names.when(one["begins_ms"])
    if one["ends_ms"] is None:
        return [_("    from {begins}").format(begins=begins)]
    return [_("    from {begins} to {ends}").format(begins=begins, ends=names.when(one["ends_ms"]))]
