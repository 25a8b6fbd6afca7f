"""Sittings for tests: modalities with a convening rule in force, a sitting proposed, agreed, convened, opened."""

from __future__ import annotations

from typing import Any

from tests.support.talksmith import START, Talksmith

from good_offices.talks.convening_rule import Condition
from good_offices.talks.event import Level
from good_offices.talks.events_meetings import (
    AttendanceAnnounced,
    SittingConvened,
    SittingOpened,
    SittingProposed,
    Zone,
)
from good_offices.talks.events_plenary import Modalities, ModalitiesProposed
from good_offices.talks.meetings import Conduct, Sitting
from good_offices.talks.verdict import Verdict

HOUR = 3_600_000
ZONES = (Zone(place="Verin", zone="Europe/Zurich"), Zone(place="Upper Basin", zone="Asia/Almaty"))


def terms(smith: Talksmith, *rule: Condition, level: Level = "ministers", **fields: Any) -> Modalities:
    """Return modalities of all levels, with this rule for a level."""
    ids = [party.id for party in smith.parties.values()]
    plain = {
        "names": {one: {other: f"Side {ids.index(other)}" for other in ids} for one in ids},
        "authentic": ("en",),
        "working": ("en",),
        "levels": ("experts", "senior-officials", "ministers", "leaders"),
        "convening": {level: rule} if rule else {},
    }
    return Modalities(**(plain | fields))


class Meeting:
    """Talks with modalities in force and one sitting that all have accepted."""

    def __init__(
        self, *rule: Condition, parties: int = 2, agreed: bool = True, room: str = "", **fields: Any
    ) -> None:
        self.smith = Talksmith(parties, signing=False)
        self.rule(*rule, **fields)
        self.event = sitting(room=room)
        if agreed:
            self.all(self.event)

    def rule(self, *rule: Condition, **fields: Any) -> list[Verdict]:
        """Put modalities with this rule in force."""
        current = self.smith.replay.plenary.modalities
        base = current.content if current else None
        verdicts = self.all(ModalitiesProposed(modalities=terms(self.smith, *rule, **fields), base=base))
        assert verdicts[-1].status == "valid", verdicts[-1]
        return verdicts

    @property
    def name(self) -> bytes:
        """The name of the sitting."""
        return self.event.content

    @property
    def now(self) -> Sitting:
        """The sitting as the state has it."""
        return self.smith.replay.plenary.meetings.sitting(self.name)

    @property
    def conduct(self) -> Conduct:
        """How the sitting goes on in the plenary."""
        return self.smith.replay.plenary.conduct.get(self.name.hex(), Conduct())

    def post(self, name: str, event: Any, **fields: Any) -> tuple[str, str | None]:
        """Do an act and return status and code."""
        verdict = self.smith.post(name, event, **fields)
        return verdict.status, verdict.code

    def all(self, event: Any, **fields: Any) -> list[Verdict]:
        """Let all parties post the same event."""
        return self.smith.both(event, **fields)

    def convene(self) -> list[Verdict]:
        """Let all confirm the sitting."""
        return self.all(SittingConvened(sitting=self.name))

    def sit(self, *names: str) -> None:
        """Announce these desks' members, or those of all first desks."""
        wanted = names or tuple(self.smith.names)
        for party in self.smith.names:
            members = tuple(
                dict.fromkeys(self.smith.desk(one).member for one in wanted if one.split(".")[0] == party)
            )
            if members:
                assert self.post(party, AttendanceAnnounced(sitting=self.name, members=members)) == (
                    "valid",
                    None,
                )

    def open(self, *names: str) -> None:
        """Convene, announce and open."""
        self.convene()
        self.sit(*names)
        assert self.all(SittingOpened(sitting=self.name))[-1].status == "valid"
        assert self.conduct.course == "open"


def sitting(**fields: Any) -> SittingProposed:
    """Return a sitting of ministers in Verin, one day after the start of the talks."""
    plain = {
        "level": "ministers",
        "title": "First meeting of ministers",
        "start": START + 24 * HOUR,
        "end": START + 27 * HOUR,
        "dates": "the second day, at ten",
        "place": "Verin",
        "zones": ZONES,
    }
    return SittingProposed(**(plain | fields))
