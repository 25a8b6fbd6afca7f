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

from good_offices.clerk.acting import acted
from good_offices.clerk.outbound import leaving, told
from good_offices.clerk.plain import effects_in_words, outcome_of
from good_offices.cli.session import Session, chosen, desk_options, json_option
from good_offices.cli.voice import note, say, show
from good_offices.desk.desk import Desk, Done
from good_offices.errors import Exit, LocalError
from good_offices.locale import _
from good_offices.talks.event import Happened
from good_offices.talks.rules import RULES


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
        file: bytes | None = None,
    ) -> int:
        """Do an act, tell what became of it, and return the exit status; `about` and `lines` say with it what it binds.

        `file` is that of an annex, which goes with it.
        """
        done = acted(self.desk, room, event, unconfirmed=without_powers, file=file)
        # Only now: of an act that the rules refuse, nothing is printed as if it had been done.
        if not self.as_json:
            for line in lines:
                say(line)
        return self.tell([done], joint=RULES[event.name].joint, room=room, about=about)

    def check_outgoing(self, room: str, words: Iterable[str], *, even_so: bool) -> None:
        """Stop before words leave that stand in the caucus or in a group that others there do not read; `even_so` lets them go.

        Raises:
            LocalError: `words-in-caucus`, `words-in-group`.
        """
        if room == "caucus" or even_so:
            return
        found = leaving(self.desk, room, words)
        for line in told(self.desk, found):
            note(line)
        if found:
            private = any(one.room == "caucus" for one in found)
            raise LocalError("words-in-caucus" if private else "words-in-group")

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
        "sounding": _("Entry {index}, sounding room (read by all delegations)"),
    }
    if told["room"] and told["room"] not in where:
        where[told["room"]] = _("Entry {index}, group room (read by those who are named for it)")
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
