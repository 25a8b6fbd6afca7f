"""What every verb of a desk has in hand: the desk, the way of answering, and how an act is done and told.

This module decides what is printed of an act and with which exit status. It never decides what an act does.

1. An act is told by its verdict from the register. What waits in the outbox is told as waiting, which is no error.
2. A void act, and one without effect, end with exit status 3; the sentence and the hint are those of its code.
3. Every verb gives the same answer as one command and inside `desk shell`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import click

from good_offices.cli.session import Session, chosen, desk_options, json_option
from good_offices.cli.voice import _, note, say, show
from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk, Done
from good_offices.encoding import Record, unpack
from good_offices.errors import CATALOGUE, Exit, OperationalError
from good_offices.talks.event import Happened
from good_offices.talks.rules import RULES
from good_offices.talks.verdict import Completed, Verdict


class Work:
    """One verb at work: its session and how it answers."""

    def __init__(self, session: Session, *, as_json: bool) -> None:
        """Answer in words, or as JSON when the verb or the whole session asks for it."""
        self.session = session
        self.as_json = as_json or session.as_json

    @property
    def desk(self) -> Desk:
        """The open desk."""
        return self.session.desk()

    def show(self, data: dict[str, Any], lines: Iterable[str]) -> None:
        """Print a result."""
        show(data, lines, as_json=self.as_json)

    def act(
        self,
        room: str,
        event: Happened,
        *,
        without_powers: bool = False,
        about: dict[str, Any] | None = None,
        lines: Iterable[str] = (),
    ) -> int:
        """Do an act, tell what became of it, and return the exit status; `about` and `lines` say with it what it binds."""
        done = acted(self.desk, room, event, unconfirmed=without_powers)
        # Only now: of an act that the rules refuse, nothing is printed as if it had been done.
        if not self.as_json:
            for line in lines:
                say(line)
        return self.tell([done], joint=RULES[event.name].joint, room=room, about=about)

    def tell(
        self,
        done: list[Done],
        *,
        joint: bool = False,
        room: str = "",
        about: dict[str, Any] | None = None,
    ) -> int:
        """Print what became of acts (as JSON: the last one, with those before it under `before`)."""
        rooms = {identity: name for name, identity in self.desk.rooms.items()}
        told = [
            outcome_of(one, joint=joint)
            | {"room": rooms.get(one.verdict.room, room) if one.verdict else room}
            for one in done
        ]
        answer = told[-1] | (about or {})
        if len(told) > 1:
            answer["before"] = told[:-1]
        self.show(answer, [line for one in told for line in _lines(one)])
        if not self.as_json:
            for one in told:
                _remark(one)
        return int(max(_exit(one) for one in told))


def verb(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function of `Work` a verb of a desk: with the options of a desk folder, and `--json`."""

    @desk_options
    @json_option
    @click.pass_obj
    @functools.wraps(function)
    def inner(session: Session, /, **options: Any) -> Any:
        folder, file, descriptor = (
            options.pop(name) for name in ("desk_folder", "passphrase_file", "passphrase_fd")
        )
        work = Work(chosen(session, folder, file, descriptor), as_json=options.pop("as_json"))
        return function(work, **options)

    return inner


def acted(desk: Desk, room: str, event: Happened, *, unconfirmed: bool = False) -> Done:
    """Return what became of an act; one that could not be sent is on the disk and waits.

    Raises:
        LocalError: the rules refuse it; nothing has left this machine.
        OperationalError: the disk refused, so that nothing waits either.
    """
    before = len(desk.storage.outbox())
    try:
        return desk.act(room, event, unconfirmed=unconfirmed)  # type: ignore[arg-type] # every event is a member of the union
    except OperationalError:
        waiting = [unpack(content, Outgoing).act for _place, content in desk.storage.outbox()]
        if len(waiting) <= before or waiting[-1] is None:
            raise
        return Done(waiting[-1], None)


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
    entry = CATALOGUE[verdict.code] if verdict.code else None
    return {
        "status": verdict.status,
        "code": verdict.code,
        "message": entry.message.format(**verdict.facts) if entry else None,
        "hint": entry.remedy.format(**verdict.facts) if entry else None,
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
        "Confirmed": _("the act at entry {index} has effect from here"),
        "Undone": _("the settlement at entry {index} is undone; both stand side by side"),
        "AcceptanceExpired": _("an acceptance had expired and does not count"),
        "StateDiffers": _("its author had computed another state; this is kept as evidence"),
        "ForkSuspected": _("its author had seen another record; this is kept as evidence"),
    }
    return [words[one["effect"]].format(**one) for one in effects if one["effect"] in words]


def _lines(told: dict[str, Any]) -> list[str]:
    """Return the result of an act for people."""
    if told["status"] == "waiting":
        return [_("The act is sealed and waits in the outbox.")]
    standing = {
        "valid": _("it stands."),
        "void": _("void. It never had effect."),
        "ineffective": _("without effect."),
    }
    if told["status"] == "valid" and told["complete"] is False:
        standing["valid"] = _("it stands, and has effect when every delegation has accepted the same.")
    where = {
        "plenary": _("Entry {index}, plenary (read by all delegations)"),
        "caucus": _("Entry {index}, caucus (only your delegation)"),
        "roster": _("Entry {index}, roster (read by all delegations)"),
    }
    place = where.get(told["room"], _("Entry {index}")).format(index=told["index"])
    line = f"{place}: {standing[told['status']]}" if told["status"] in standing else f"{place}."
    return [line, *(f"  {one}" for one in effects_in_words(told["effects"]))]


def _remark(told: dict[str, Any]) -> None:
    """Say beside the result what a person should know of it."""
    if told["status"] == "waiting":
        note(_("note: the venue has not received it yet; `goodoffices desk sync` sends it"))
    elif told["code"]:
        note(_("error: {text}").format(text=told["message"]))
        note(_("hint: {text}").format(text=told["hint"]))


def _exit(told: dict[str, Any]) -> Exit:
    """Return the exit status of an act (rule 2)."""
    return Exit.LOCAL if told["status"] in ("void", "ineffective") else Exit.OK


__all__ = ["Work", "acted", "effects_in_words", "json_option", "outcome_of", "plain", "verb", "verdict_of"]
