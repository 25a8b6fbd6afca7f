"""A smith of soundings: talks with a sounding room, lists, messages that are only bytes, and the host's box.

Rules judge forms alone, so no group element is computed here; deposits have the hashes that were committed.
"""

from __future__ import annotations

import hashlib
from typing import Any

from tests.support.talksmith import START, Talksmith

from good_offices.encoding import pack
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid, box_id
from good_offices.register.leaf import Kind
from good_offices.soundings.context import Listed, Option, Scale
from good_offices.talks.events_sounding import (
    Calendar,
    Recurring,
    SoundingAnswered,
    SoundingCommitted,
    SoundingGivenUp,
    SoundingOpened,
    SoundingRepeated,
    StandingListsHeld,
)
from good_offices.talks.soundings import Attempt, Sounding, opened_id
from good_offices.talks.verdict import Verdict

KINDS = {BoxCommit: Kind.BOX_COMMIT, BoxOpen: Kind.BOX_OPEN, BoxVoid: Kind.BOX_VOID}
CLOSES, UNTIL = START + 100_000, START + 1_000_000


def listed(*words: str, **fields: Any) -> Listed:
    """Return a list of dates to meet on."""
    plain = {
        "kind": "options",
        "about": "date",
        "subject": {"en": "When to meet"},
        "options": [Option(words={"en": one}) for one in words or ("Monday", "Tuesday", "Friday")],
        "closes": CLOSES,
        "pace": 1000,
        "until": UNTIL,
    }
    return Listed(**(plain | fields))


def figures(**fields: Any) -> Listed:
    """Return a range of prices."""
    scale = Scale(least=0, most=100, step=10, unit="euros")
    return listed(kind="range", about="figure", options=[], scale=scale, **fields)


def packages(**fields: Any) -> Listed:
    """Return three packages in two chunks."""
    return listed("One", "Two", "Three", kind="packages", about="package", chunk=2, **fields)


class Sounder(Talksmith):
    """Talks whose sounding room has its first epoch."""

    def __init__(self, parties: int = 2, *, duty: bool = False, signing: bool = False) -> None:
        super().__init__(parties, signing=signing)
        self.issue(self.names[0], self.sounding_room)
        if duty:
            for name in self.names:
                self.on_duty(f"{name}.duty")

    def sound(self, name: str, event: Any, **fields: Any) -> Verdict:
        """Do an act in the sounding room."""
        return self.post(name, event, room="sounding", **fields)

    def opens(self, one: Listed | None = None, name: str = "A", **fields: Any) -> bytes:
        """Open a sounding and return its id."""
        verdict = self.sound(name, SoundingOpened(listed=one or listed()), **fields)
        assert verdict.status == "valid", verdict
        return opened_id(self.hash_of(verdict))

    def repeats(self, name: str, sounding: bytes, closes: int = CLOSES, until: int = UNTIL) -> Verdict:
        return self.sound(name, SoundingRepeated(sounding=sounding, closes=closes, until=until))

    def holds(self, name: str, *lists: Recurring) -> Verdict:
        return self.sound(name, StandingListsHeld(calendar=pack(Calendar(lists=lists))))

    def says(self, name: str, sounding: bytes, step: int, **fields: Any) -> Verdict:
        """Answer a step in one piece, in the attempt under way."""
        found = self.replay.sounding.find(sounding)
        said = {
            "attempt": found.attempt if found else 0,
            "piece": 0,
            "pieces": 1,
            "binds": bytes(64),
            "body": f"{name} {step}".encode(),
        }
        acts = {key: fields.pop(key) for key in ("time", "seen") if key in fields}
        event = SoundingAnswered(sounding=sounding, step=step, **(said | fields))
        return self.sound(name, event, **acts)

    def all_said(self, sounding: bytes, *, desk: str = "") -> None:
        """Answer all steps of the attempt under way, in order."""
        found = self.sounding(sounding)
        by_id = {self.id(name): name for name in self.names}
        names = [by_id[one] for one in found.delegations]
        for step in range(1, 6):
            for place in found.takers(step):
                verdict = self.says(names[place] + desk, sounding, step)
                assert verdict.status == "valid", verdict

    def sounding(self, sounding: bytes) -> Sounding:
        found = self.replay.sounding.find(sounding)
        assert found is not None
        return found

    def last(self, sounding: bytes) -> Attempt:
        return self.sounding(sounding).attempts[-1]

    # The host's box.

    def box(self, sounding: bytes, number: int = 0, attempt: int = -1) -> bytes:
        return box_id(self.sounding(sounding).attempts[attempt].ctx, number)

    def in_box(self, content: BoxCommit | BoxOpen | BoxVoid) -> Verdict:
        """Put an entry of kind 5, 6 or 7 into the common register."""
        kind = KINDS[type(content)]
        return self._note(self.common.append(kind, pack(content), content, self.replay, self.clock))

    def announces(self, name: str, sounding: bytes, number: int = 0, **fields: Any) -> Verdict:
        """Commit to a box by the act alone."""
        acts = {key: fields.pop(key) for key in ("time", "seen") if key in fields}
        delegation = self.id(name.split(".", maxsplit=1)[0])
        plain = {
            "attempt": self.sounding(sounding).attempt,
            "number": number,
            "hash": hashlib.sha256(self.deposit(delegation, number)).digest(),
        }
        return self.sound(name, SoundingCommitted(sounding=sounding, **(plain | fields)), **acts)

    def gives_up(self, name: str, sounding: bytes, attempt: int | None = None) -> Verdict:
        number = self.sounding(sounding).attempt if attempt is None else attempt
        return self.sound(name, SoundingGivenUp(sounding=sounding, attempt=number))

    def commits(self, name: str, sounding: bytes, number: int = 0, **fields: Any) -> Verdict:
        """Commit to a box by the act and the entry; what the verdict is on is the entry."""
        found = self.sounding(sounding)
        if found.commitment(number, self.id(name)) is None:
            told = {"hash": fields["hash"]} if "hash" in fields else {}
            answer = found.attempts[-1].answers.get(self.id(name))
            desk = self._name_of(answer.author) if answer and number < found.boxes else name
            self.announces(desk, sounding, number, **told)
        plain = {
            "box": self.box(sounding, number),
            "delegation": self.id(name),
            "parties": found.delegations,
            "release": found.release(number),
            "hash": hashlib.sha256(self.deposit(self.id(name), number)).digest(),
            "wait": found.wait(number),
        }
        return self.in_box(BoxCommit(**(plain | fields)))

    def _name_of(self, author: bytes) -> str:
        """Return the name of a desk by its certificate."""
        every = {desk.certificate: name for one in self.parties.values() for name, desk in one.desks.items()}
        return every[author]

    def all_commit(self, sounding: bytes, number: int = 0) -> None:
        for name in self.names:
            verdict = self.commits(name, sounding, number)
            assert verdict.status == "valid", verdict

    def deposit(self, delegation: str, number: int = 0) -> bytes:
        return f"{delegation} {number}".encode()

    def opens_box(self, sounding: bytes, number: int = 0, **fields: Any) -> Verdict:
        found = self.sounding(sounding)
        deposits = tuple(self.deposit(one, number) for one in found.delegations)
        return self.in_box(BoxOpen(**({"box": self.box(sounding, number), "deposits": deposits} | fields)))

    def voids_box(self, sounding: bytes, number: int = 0, **fields: Any) -> Verdict:
        return self.in_box(BoxVoid(**({"box": self.box(sounding, number), "reason": "time"} | fields)))

    def runs(self, sounding: bytes, *, desk: str = "") -> None:
        """Take a run to its end."""
        self.all_said(sounding, desk=desk)
        for number in range(self.sounding(sounding).boxes):
            self.all_commit(sounding, number)
            verdict = self.opens_box(sounding, number)
            assert verdict.status == "valid", verdict
