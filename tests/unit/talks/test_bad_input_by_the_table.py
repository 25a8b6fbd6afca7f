"""Every event of the table of rules, done badly: in a wrong room, about nothing, by whom it is not for, twice, too early, too late.

Each is void, or waits for a power, for a reason in words; and nothing else changes. The events are those of `RULES`, so a new
one is tried here without being named; what each needs besides is in test_bad_input.py and in the file of its own rules.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from typing import Any, Literal

import msgspec
import pytest
from tests.support.refusing import in_words, refused, state
from tests.support.talksmith import START, Talksmith
from tests.unit.talks.test_after import DAY

from good_offices.errors import CATALOGUE
from good_offices.talks.acts import Event
from good_offices.talks.event import POWERS
from good_offices.talks.events_plenary import StatementMade, TalksBrokenOff, TalksConcluded
from good_offices.talks.guest_acts import HANDLERS as OF_GUESTS
from good_offices.talks.rules import RULES
from good_offices.talks.state import evolve
from good_offices.talks.verdict import AcceptanceExpired, Verdict

SAID = StatementMade(text="We measured it.", language="en")
ROOMS = ("roster", "plenary", "sounding", "group")
# A signature that stands with its power or not at all.
ALONE = {"ClosingRecordSigned", "CommuniqueSigned", "VenueChanged", "RulesUpgraded", *OF_GUESTS}
KINDS = {kind.__name__: kind for kind in typing.get_args(Event)}


def sample(kind: Any) -> Any:
    """Return something of a type, which names nothing that there is: each text "en", each hash of zeros, each list of one."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return inner[0]
    if origin in (typing.Union, types.UnionType):
        return sample(inner[0])
    if origin is tuple:
        return (sample(inner[0]),) if inner[-1] is Ellipsis else tuple(sample(one) for one in inner)
    if origin is list:
        return [sample(inner[0])]
    if origin is dict:
        return {sample(inner[0]): sample(inner[1])}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return kind(
            **{one.name: sample(hints[one.name]) for one in msgspec.structs.fields(kind) if one.required}
        )
    return {str: "en", bytes: bytes(32), int: 1, bool: False}[kind]


def samples(*rooms: str, without: Callable[[str], bool] = lambda _name: False) -> list[Any]:
    """Return for each event that may happen in one of these rooms, a room and the event."""
    return [
        pytest.param(room, sample(KINDS[name]), id=f"{name}-{room}")
        for name, rule in RULES.items()
        for room in rooms
        if room in rule.rooms and not without(name)
    ]


class Talks:
    """Talks of two delegations with every room begun; made again whenever an act had effect."""

    def __init__(self, prepare: Callable[[Talksmith], object] = lambda _smith: None) -> None:
        self._prepare = prepare
        self._smith: Talksmith | None = None
        self._before: object = None
        self.group = ""

    @property
    def smith(self) -> Talksmith:
        if self._smith is None or but_what_waits(self._smith) != self._before:
            self._smith = smith = Talksmith(2, signing=False)
            smith.joined("A.second")
            smith.issue("A", smith.sounding_room)
            self.group = smith.group("A", "A.second", "B", level="ministers")
            assert smith.post("A.second", SAID).status == "valid"
            assert smith.post("A.second", SAID, room=self.group).status == "valid"
            self._prepare(smith)
            self._before = but_what_waits(smith)
        return self._smith

    def room(self, name: str) -> str:
        return self.group if name == "group" else name


def explained(verdict: Verdict) -> bool:
    """Tell whether the reason of a verdict is a sentence."""
    assert verdict.code is not None
    reason = in_words(verdict)
    return (
        "{" not in reason
        and verdict.code not in reason.split()
        and len(CATALOGUE[verdict.code].message.split()) >= 3
    )


def but_what_waits(smith: Talksmith) -> object:
    """Return all that an act may change, but not what waits for a member who holds the power."""
    rooms = [smith.replay.plenary, *smith.replay.groups.values()]
    bare = [evolve(one, seen={}, unconfirmed={}).digest for one in rooms]
    return bare, smith.replay.roster.digest, smith.replay.sounding.digest


def lowered(smith: Talksmith, **fields: Any) -> None:
    """Give A.second newer credentials."""
    given = smith.accreditation("A.second", number=1, **fields)
    assert smith.post("A", given, room="roster").status == "valid"


@pytest.fixture(scope="module")
def fresh() -> Talks:
    return Talks()


@pytest.fixture(scope="module")
def recalled() -> Talks:
    return Talks(lambda smith: smith.post("A", smith.recall("A.second"), room="roster"))


@pytest.fixture(scope="module")
def powerless() -> Talks:
    return Talks(lambda smith: lowered(smith, powers=()))


@pytest.fixture(scope="module")
def below() -> Talks:
    return Talks(lambda smith: lowered(smith, level="experts"))


@pytest.fixture(scope="module")
def broken() -> Talks:
    return Talks(lambda smith: smith.post("B", TalksBrokenOff()))


@pytest.fixture(scope="module")
def over() -> Talks:
    return Talks(lambda smith: smith.both(TalksConcluded()))


def test_every_event_has_a_row_and_can_be_tried() -> None:
    assert set(KINDS) == set(RULES)
    for kind in KINDS.values():
        assert type(sample(kind)) is kind


def test_the_desk_that_is_to_fail_could_do_it_before(fresh: Talks) -> None:
    """A.second is a full member and speaks in both rooms: what is refused below is refused for what was changed."""
    smith = fresh.smith
    member = smith.replay.roster.credentials(smith.desk("A.second").statement, smith.replay.size)
    assert member is not None
    assert (set(member.powers), member.level) == (set(POWERS), "ministers")
    for room in ("plenary", fresh.group):
        assert smith.post("A.second", SAID, room=room).status == "valid"


@pytest.mark.parametrize(("room", "event"), samples(*ROOMS))
def test_about_nothing_that_there_is(fresh: Talks, room: str, event: Any) -> None:
    """Out of order: what an act is about has not happened. Whatever is not valid then changes nothing, for a reason in words."""
    smith = fresh.smith
    before = state(smith)
    verdict = smith.post("A", event, room=fresh.room(room))
    if verdict.status == "valid":
        return
    assert verdict.status == "void"
    assert state(smith) == before
    assert explained(verdict)


@pytest.mark.parametrize(
    ("room", "event"),
    [
        pytest.param(room, sample(KINDS[name]), id=f"{name}-{room}")
        for name, rule in RULES.items()
        for room in ROOMS
        if room not in rule.rooms
    ],
)
def test_in_a_room_that_it_is_not_of(fresh: Talks, room: str, event: Any) -> None:
    refused(fresh.smith, "A", event, "room-wrong", room=fresh.room(room))


@pytest.mark.parametrize(("room", "event"), samples(*ROOMS))
def test_after_a_recall(recalled: Talks, room: str, event: Any) -> None:
    smith = recalled.smith
    refused(smith, "A.second", event, "desk-recalled", room=recalled.room(room))


@pytest.mark.parametrize(("room", "event"), samples(*ROOMS, without=lambda name: RULES[name].power is None))
def test_by_powers_that_have_ended(powerless: Talks, room: str, event: Any) -> None:
    smith = powerless.smith
    before = but_what_waits(smith)
    verdict = smith.post("A.second", event, room=powerless.room(room))
    assert explained(verdict)
    if type(event).__name__ in ALONE or room in ("sounding", "roster"):
        assert verdict.status == "void"
    else:
        assert (verdict.status, verdict.code) == ("ineffective", "power-lacking")
        assert "power" in in_words(verdict)
    assert but_what_waits(smith) == before


@pytest.mark.parametrize(("room", "event"), samples("group"))
def test_by_who_is_now_below_the_level(below: Talks, room: str, event: Any) -> None:
    refused(below.smith, "A.second", event, "member-below-level", room=below.room(room))


@pytest.mark.parametrize(("room", "event"), samples(*ROOMS))
def test_by_a_clock_that_was_set_back_by_a_day(fresh: Talks, room: str, event: Any) -> None:
    smith, where = fresh.smith, fresh.room(room)
    smith.post("A.second", event, room=where)
    refused(smith, "A.second", event, "time-runs-back", room=where, time=START - DAY)


@pytest.mark.parametrize(("room", "event"), samples(*ROOMS))
def test_the_same_signed_act_a_second_time(fresh: Talks, room: str, event: Any) -> None:
    smith, rid = fresh.smith, fresh.smith.rooms.get(room, fresh.room(room))
    act = smith.act("A", event, room=rid)
    smith.put(act, smith.desk("A"), rid)
    before = state(smith)
    verdict = smith.put(act, smith.desk("A"), rid)
    assert (verdict.status, verdict.code) == ("void", "chain-broken")
    assert state(smith) == before
    assert explained(verdict)


@pytest.mark.parametrize(
    ("room", "event"), samples("plenary", "group", without=lambda name: RULES[name].broken)
)
def test_after_a_break(broken: Talks, room: str, event: Any) -> None:
    refused(broken.smith, "A", event, "talks-broken-off", room=broken.room(room))


@pytest.mark.parametrize(
    ("room", "event"), samples("plenary", "group", without=lambda name: RULES[name].concluded)
)
def test_after_the_conclusion(over: Talks, room: str, event: Any) -> None:
    refused(over.smith, "A", event, "talks-concluded", room=over.room(room))


@pytest.mark.parametrize(
    ("room", "event"), samples("plenary", "group", without=lambda name: not RULES[name].joint)
)
def test_an_acceptance_whose_time_has_run_out_completes_nothing(fresh: Talks, room: str, event: Any) -> None:
    smith, where = fresh.smith, fresh.room(room)
    until = START + smith.clock + 10
    first = smith.post("A", msgspec.structs.replace(event, until=until), room=where)
    if first.status != "valid":
        assert explained(first)  # there is nothing yet that one could accept
        return
    late = smith.post("B", event, room=where, time=until + 1)
    assert late.effects == (AcceptanceExpired(content=event.content, delegation=smith.id("A")),)
