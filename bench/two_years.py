"""A process of two years at real desks: every kind of work that the rules judge, in the plenary and in group rooms.

Two delegations act through a venue; what they do is dealt out by the count of acts, not by chance, so that two runs hold
the same. Some acts are proposed by one desk and accepted by the other at its next turn, as people do.

The messages of soundings are bytes of a message's length: rules judge their forms, and what they cost to compute is
measured by the bench `soundings`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.support.house import House

from good_offices.desk import papers, suspicion
from good_offices.desk.checking import Checks
from good_offices.desk.compose import seal_act, write_act
from good_offices.desk.desk import Desk
from good_offices.encoding import pack
from good_offices.errors import OperationalError
from good_offices.register.conditions import ConditionItem, ConditionsRequest
from good_offices.register.leaf import Kind
from good_offices.seals.domains import Domain
from good_offices.soundings.context import Listed, Option
from good_offices.talks.convening_rule import Deliverables, Readiness
from good_offices.talks.events_conditions import ConditionsRequested, ConditionsSigned
from good_offices.talks.events_meetings import (
    AttendanceAnnounced,
    FloorGiven,
    FloorRequested,
    MinutesProposed,
    ReadinessDeclared,
    SittingClosed,
    SittingConvened,
    SittingOpened,
    SittingProposed,
    SittingResumed,
    SittingSuspended,
    Zone,
)
from good_offices.talks.events_plenary import (
    AnnexFiled,
    ItemProposed,
    Modalities,
    ModalitiesProposed,
    NotePassed,
    StatementMade,
)
from good_offices.talks.events_rooms import ReferredToLevel, RoomMembersNamed, RoomOpened
from good_offices.talks.events_sounding import SoundingAnswered, SoundingGivenUp, SoundingOpened
from good_offices.talks.events_text import (
    AmendmentAccepted,
    AmendmentProposed,
    Bound,
    Change,
    ProvisionAgreed,
    StanceTaken,
    TextTabled,
)
from good_offices.talks.groups import group_id
from good_offices.talks.soundings import opened_id
from good_offices.text.model import Instrument, Unit, Words

GROUPS = ("Flow", "Fish", "Navigation", "Dams")
UNITS = 60
LEVEL = "ministers"
WORDS = "The Parties shall exchange hydrological data of the river each month, in the form agreed by the experts. "
BATCH = 16
MESSAGE = 4096
HOUR = 3_600_000

Line = tuple[str, Any]


class Process:
    """Two desks and what they have done so far."""

    def __init__(self, house: House, acts: int, sittings: int) -> None:
        self.house, self.desks = house, house.desks
        self.acts, self.sittings = acts, sittings
        self.done = self.held = self.turn = 0
        self.by_event: dict[str, int] = {}
        self.rooms = ["plenary"]
        # What the other desk accepts at its next turn.
        self._waits: list[Line] = []

    def run(self) -> None:
        """Do all of it."""
        self._begin()
        while self.done < self.acts:
            if self.held < self.sittings and self.done * self.sittings >= (self.held + 0.5) * self.acts:
                self._sit(self.rooms[self.held % len(self.rooms)])
                self.held += 1
                if self.held % max(self.sittings // 5, 1) == 0:
                    self._renew()
            else:
                self._work()
        for desk in self.desks:
            patiently(desk.sync)

    def post(self, who: int, lines: list[Line]) -> list[bytes]:
        """Let a desk that has read everything do these acts, sixteen in one request; return their hashes.

        What they did is read, and must be valid, before the next act of anybody.
        """
        desk, hashes = self.desks[who], []
        for at in range(0, len(lines), BATCH):
            read(desk)
            chains, entries = {}, []
            for room, event in lines[at : at + BATCH]:
                standing = desk.standing(room)
                chain = chains.get(room) or desk._chain(room)
                act = write_act(standing, chain, event, int(time.time() * 1000))
                envelope, digest, chains[room] = seal_act(
                    act, desk.signer, desk.epochs.secret(standing.manifest)
                )
                entries.append((int(Kind.ENVELOPE), envelope))
                hashes.append(digest)
                self.by_event[event.name] = self.by_event.get(event.name, 0) + 1
            patiently(partial(desk.common.ledger.append, entries))
        self.done += len(lines)
        return hashes

    def both(self, room: str, event: Any) -> None:
        """Let both desks post the same event."""
        for who in (0, 1):
            self.post(who, [(room, event)])

    def members(self) -> list[str]:
        """Return the member at each desk."""
        return [desk.identity.person.member for desk in self.desks]

    # How it begins.

    def _begin(self) -> None:
        """Agree modalities, open the groups, table a text in each room."""
        ids = [desk.identity.place.delegation for desk in self.desks]
        terms = Modalities(
            names={one: {other: f"Side {ids.index(other)}" for other in ids} for one in ids},
            authentic=("en",),
            working=("en",),
            levels=("experts", "senior-officials", "ministers", "leaders"),
            convening={LEVEL: (Readiness(), Deliverables(instrument="plenary"))},
        )
        self.both("plenary", ModalitiesProposed(modalities=terms, base=None))
        for title in GROUPS:
            mandate = f"{title}: to report to the plenary."
            event = RoomOpened(title=title, kind="contact-group", level=LEVEL, mandate=mandate, language="en")
            self.both("plenary", event)
            room = group_id(self.desks[0].identity.place.talks, event.content)
            for who, member in enumerate(self.members()):
                self.post(who, [("plenary", RoomMembersNamed(room=room, members=(member,)))])
            self.rooms.append(room)
        # The groups' first epochs are a chore of the desks.
        self.house.settle()
        for room in self.rooms:
            self.post(0, [(room, TextTabled(instrument=text(room)))])

    def _renew(self) -> None:
        """Begin new epochs of all rooms, as after a machine was away."""
        rooms = ["plenary", "sounding", *self.rooms[1:]]
        time.sleep(1)  # The chores ask the venue without patience.
        suspicion.begin_anew(self.desks[self.held % 2], rooms)
        self.house.settle()

    # Ordinary work.

    def _work(self) -> None:
        """Let the next desk do a round of ordinary work."""
        turn, who = self.turn, self.turn % 2
        self.turn += 1
        desk = self.desks[who]
        read(desk)
        accepted, self._waits = self._waits, []
        group = self.rooms[1 + turn // 2 % len(GROUPS)]
        proposed = list(self._proposed(desk, turn, group))
        self._waits = [(room, _accepting(event)) for room, event in proposed]
        self.post(who, [*accepted, *proposed, *_said(desk, turn, self.rooms)][: self.acts - self.done])
        if turn % 20 == 7:
            papers.pass_non_paper(desk, group, f"{turn}: {WORDS}".strip(), "en")
        if turn % 60 == 30:
            self._sound(turn)
        if turn % 90 == 45:
            self._request()

    def _proposed(self, desk: Desk, turn: int, group: str) -> Iterator[Line]:
        """Yield what the other desk accepts next: amendments, agreed provisions, items, referrals."""
        for room, number in (("plenary", 2 * turn), ("plenary", 2 * turn + 1), (group, turn)):
            unit = unit_of(desk, room, number)
            words = (Words(text=WORDS + f"The month of the data shall be stated ({number})."),)
            change = Change(unit=unit.id, base=unit.digest, texts={"en": words})
            yield (
                room,
                AmendmentProposed(instrument=name(room), proposal=f"p{turn}-{number}", changes=(change,)),
            )
        unit = unit_of(desk, "plenary", 2 * turn + 15)
        bound = Bound(unit=unit.id, digest=unit.digest)
        yield "plenary", ProvisionAgreed(instrument="plenary", units=(bound,), level=LEVEL)
        if turn % 4 == 0:
            yield (group if turn % 8 else "plenary"), ItemProposed(title=f"Item {turn}")
        if turn % 16 == 3:
            subject = hashlib.sha256(f"report {turn}".encode()).digest()
            event = ReferredToLevel(
                source=desk.room_id(group),
                target=desk.room_id("plenary"),
                subject=subject,
                title=f"Report {turn}",
                text=WORDS.strip(),
                language="en",
            )
            yield "plenary", event

    # A sitting, from its proposal to its minutes.

    def _sit(self, room: str) -> None:
        """Hold a sitting: convened by readiness, two suspensions of opinion, the floor by turn, agreed minutes."""
        one = SittingProposed(
            level=LEVEL,
            title=f"Sitting {self.held}",
            start=1_900_000_000_000 + self.held * 24 * HOUR,
            end=1_900_000_000_000 + self.held * 24 * HOUR + 3 * HOUR,
            room="" if room == "plenary" else room,
            zones=(Zone(place="Verin", zone="Europe/Zurich"),),
        )
        sitting, members = one.content, self.members()
        # One by one: whoever is ready, confirms or opens has seen what that is about.
        for event in (one, ReadinessDeclared(sitting=sitting), SittingConvened(sitting=sitting)):
            self.both("plenary", event)
        for who in (0, 1):
            self.post(who, [(room, AttendanceAnnounced(sitting=sitting, members=(members[who],)))])
        self.both(room, SittingOpened(sitting=sitting))
        for who in (0, 1):
            self.post(who, [(room, FloorRequested(sitting=sitting))])
        # Who comes first follows from the order of sittings: the first turn is that of the delegation whose turn it is.
        order = sorted((0, 1), key=lambda who: self.desks[who].identity.place.delegation)
        first = order[self.held % 2]
        self.post(first, [(room, FloorGiven(sitting=sitting, member=members[first]))])
        for number in range(8):
            holder = (first + number) % 2
            said = [
                StatementMade(text=f"{number}.{at}: {WORDS * 2}".strip(), language="en", sitting=sitting)
                for at in range(6)
            ]
            given = FloorGiven(sitting=sitting, member=members[1 - holder])
            self.post(holder, [(room, event) for event in (*said, FloorRequested(sitting=sitting), given)])
            if number == 4 and self.held % 2:
                self.post(holder, [(room, SittingSuspended(sitting=sitting))])
                self.both(room, SittingResumed(sitting=sitting))
        self.both(room, SittingClosed(sitting=sitting))
        self.both(room, MinutesProposed(sitting=sitting, words={"en": (WORDS * 20).strip()}))

    # What is rarer.

    def _sound(self, turn: int) -> None:
        """Open a sounding, answer its steps, and give it up before the box."""
        options = [Option(words={"en": f"Day {at}"}) for at in range(32)]
        now = int(time.time() * 1000)
        listed = Listed(
            kind="options",
            about="date",
            subject={"en": f"When to meet ({turn})"},
            options=options,
            closes=now + 24 * HOUR,
            pace=1000,
            until=now + 48 * HOUR,
        )
        (act,) = self.post(0, [("sounding", SoundingOpened(listed=listed))])
        read(self.desks[0])
        sounding = opened_id(act)
        found = self.desks[0].talks.sounding.find(sounding)
        places = [desk.identity.place.delegation for desk in self.desks]
        for step in (1, 2, 3):
            for taker in found.takers(step):
                said = SoundingAnswered(
                    sounding=sounding,
                    attempt=0,
                    step=step,
                    piece=0,
                    pieces=1,
                    binds=bytes(64),
                    body=bytes(MESSAGE),
                )
                self.post(places.index(found.delegations[taker]), [("sounding", said)])
        self.post(1, [("sounding", SoundingGivenUp(sounding=sounding, attempt=0))])

    def _request(self) -> None:
        """Ask the host for rooms, together, and sign the request."""
        read(self.desks[0])
        number = len(self.desks[0].talks.plenary.conditions) + 1
        request = ConditionsRequest(
            talks=self.desks[0].identity.place.talks,
            number=number,
            delegations=tuple(sorted(desk.identity.place.delegation for desk in self.desks)),
            items=(ConditionItem(key="rooms", kind="rooms", words="Two rooms of equal size", language="en"),),
        )
        self.both("plenary", ConditionsRequested(request=request))
        for who, desk in enumerate(self.desks):
            signature = desk.signer.sign(Domain.CONDITIONS, pack(request))
            self.post(who, [("plenary", ConditionsSigned(number=number, signature=signature))])


def read(desk: Desk) -> None:
    """Bring the common record of a desk up to date; the caucus, in which nothing happens, is not asked for each time."""
    with Checks() as checks:
        verdicts = patiently(partial(desk.common.catch_up, checks))
    bad = [one for one in verdicts if one.status not in {"valid", "none"}]
    if bad:
        msg = f"an act of the bench is not valid: {bad[0]}"
        raise SystemExit(msg)


def patiently(call: Callable[[], Any]) -> Any:
    """Return what a call gives; a venue that finds two years in a minute too many is asked again."""
    while True:
        try:
            return call()
        except OperationalError as refused:
            if refused.code != "venue-overloaded":
                raise
        time.sleep(0.5)


def name(room: str) -> str:
    """Return the id of the text of a room."""
    return "plenary" if room == "plenary" else f"g{room[:8]}"


def text(room: str) -> Instrument:
    """Return the text that is worked on in a room."""
    count = UNITS if room == "plenary" else UNITS // 3
    units = tuple(
        Unit(id=f"u{at}", kind="article", label=f"Article {at + 1}", texts={"en": (Words(text=WORDS),)})
        for at in range(count)
    )
    return Instrument(id=name(room), titles={"en": "The waters"}, authentic=("en",), units=units)


def unit_of(desk: Desk, room: str, number: int) -> Unit:
    """Return a unit of a room's text as a desk has it."""
    instrument = desk.talks.room_state(desk.room_id(room)).texts[name(room)].instrument
    return instrument.unit(f"u{number % len(instrument.units)}")


def _accepting(event: Any) -> Any:
    """Return the event by which the other desk accepts one: an amendment by its hash, else the same again."""
    if not isinstance(event, AmendmentProposed):
        return event
    return AmendmentAccepted(instrument=event.instrument, proposal=event.proposal, amendment=event.content)


def _said(desk: Desk, turn: int, rooms: list[str]) -> Iterator[Line]:
    """Yield what is said in a round: stances, statements in three rooms, a note, now and then a paper or a letter."""
    group, other = (rooms[1 + (turn // 2 + away) % len(GROUPS)] for away in (1, 2))
    for away in (20, 30):
        yield (
            "plenary",
            StanceTaken(instrument="plenary", says="reserves", unit=f"u{(2 * turn + away) % UNITS}"),
        )
    yield group, StanceTaken(instrument=name(group), says="supports", unit=f"u{turn % (UNITS // 3)}")
    for room in ("plenary", group, other):
        for at in range(2):
            yield room, StatementMade(text=f"{turn}.{at}: {WORDS * 3}".strip(), language="en")
    yield "plenary", NotePassed(text=f"{turn}: {WORDS}".strip(), language="en")
    if turn % 8 == 1:
        digest = hashlib.sha256(f"annex {turn}".encode()).digest()
        yield (
            other,
            AnnexFiled(annex=f"a{turn}", title="Gauges", media="text/csv", size=1000, digest=digest),
        )
    if turn % 10 == 5:
        others = tuple(one for one in desk.talks.roster.expected if one != desk.identity.place.delegation)
        yield "plenary", papers.letter(desk, others, WORDS.strip(), "en")
