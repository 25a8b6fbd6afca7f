"""Records, verdicts and what became of acts, as plain values: for JSON, and for whoever puts them into words.

This module decides the names of these values, which scripts rely on. It never decides whether an act has effect: that is
its verdict.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from good_offices.desk.desk import Done
from good_offices.encoding import Record
from good_offices.locale import _
from good_offices.locale.refusals import sentences
from good_offices.talks.verdict import Completed, Verdict


def plain(value: Any) -> Any:
    """Return records, and whatever holds them, as dictionaries and lists; bytes as hexadecimal digits."""
    if isinstance(value, Record):
        config = type(value).__struct_config__
        named = {str(config.tag_field): str(config.tag)} if config.tag else {}
        return named | {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | frozenset):
        return [plain(one) for one in value]
    return value.hex() if isinstance(value, bytes) else value


def verdict_of(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as values for JSON, with the sentence and the hint of its code."""
    message, hint = sentences(verdict.code, verdict.facts) if verdict.code else (None, None)
    return {
        "status": verdict.status,
        "code": verdict.code,
        "message": message,
        "hint": hint,
        "effects": plain(verdict.effects),
    }


def outcome_of(done: Done, *, joint: bool = False) -> dict[str, Any]:
    """Return what became of an act as values for JSON; `complete` is null for acts that need nobody else."""
    if done.verdict is None:
        waits: dict[str, Any] = {
            "status": "waiting",
            "code": None,
            "message": None,
            "hint": None,
            "effects": [],
        }
        return {"act": done.act.hex(), "index": None, **waits, "complete": False if joint else None}
    complete = any(isinstance(one, Completed) for one in done.verdict.effects)
    return {
        "act": done.act.hex(),
        "index": done.verdict.index,
        **verdict_of(done.verdict),
        "complete": complete if joint else None,
    }


def effects_in_words(effects: Iterable[dict[str, Any]]) -> list[str]:
    """Return what else an act has done, one sentence each; what its verdict says already is left out."""
    words = {
        "Completed": _("accepted by every delegation: it has effect now"),
        "Unbroken": _("nobody broke the silence: what was proposed stands"),
        "Confirmed": _("the act at entry {index} has effect from here"),
        "Undone": _("the settlement at entry {index} is undone; both stand side by side"),
        "AcceptanceExpired": _("an acceptance had expired and does not count"),
        "StateDiffers": _("its author had computed another state; this is kept as evidence"),
        "ForkSuspected": _("its author had seen another record; this is kept as evidence"),
    }
    return [words[one["effect"]].format(**one) for one in effects if one["effect"] in words]
