"""Where soundings come from: lists that are opened, repeated, or held as the host's calendar. See spec/soundings.md section 10.

This module decides whether such an act stands and what it begins, and which function judges each act of the sounding room. What
is said in a run is `talks.sounding_runs`, the host's box `talks.sounding_boxes`.

1. A list has one run; again only if all want it, or as a standing list that all hold (R-81).
2. Nothing is kept for confirmation here: an act without the power is void (R-80).
3. A delegation has a bounded number of soundings under way (R-89).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from good_offices.errors import LocalError
from good_offices.soundings.context import Listed, Party, check_list
from good_offices.talks import book as books
from good_offices.talks import joint as joints
from good_offices.talks.closing import Register
from good_offices.talks.events_roster import EpochsHandedOver
from good_offices.talks.events_sounding import (
    Calendar,
    Recurring,
    SoundingOpened,
    SoundingRepeated,
    StandingListsHeld,
)
from good_offices.talks.joint import Acceptance, Joint
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import RULES
from good_offices.talks.sounding_runs import (
    SoundingStep,
    announced,
    answered,
    check_desk,
    given_up,
    known,
)
from good_offices.talks.soundings import (
    Begun,
    Held,
    Offered,
    Sounding,
    SoundingState,
    opened_id,
    read_calendar,
    started,
    with_sounding,
)
from good_offices.talks.state import evolve
from good_offices.talks.verdict import AcceptanceExpired, Completed, Effect, Place
from good_offices.text.tables import put

Handler: TypeAlias = Callable[[SoundingState, RosterState, Place, Any, Register], SoundingStep]

# Above this a calendar costs more to look through than anybody can mean: daily for 27 years.
OCCURRENCES: Final = 10_000
# How many soundings one delegation may have under way: who answers takes them one after another.
AT_ONCE: Final = 16
_LATEST: Final = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z


def perform(
    state: SoundingState, roster: RosterState, place: Place, event: Any, register: Register
) -> SoundingStep:
    """Return the sounding room after an event that may happen there, and its effects (spec/soundings.md section 10).

    Raises:
        LocalError: `power-lacking`, and what the event's own rules say.
    """
    power = RULES[event.name].power
    if power is not None and (place.member is None or power not in place.member.powers):
        raise LocalError("power-lacking", power=power)
    return HANDLERS[event.name](state, roster, place, event, register)


# Where a sounding comes from.


def _opened(
    state: SoundingState, roster: RosterState, place: Place, event: SoundingOpened, register: Register
) -> SoundingStep:
    """Open a sounding of a list that has had no run (R-81)."""
    _check_list(event.listed, len(roster.expected))
    if event.listed.hash.hex() in state.lists:
        raise LocalError("sounding-run-already")
    if place.time >= event.listed.closes:
        raise LocalError("sounding-over")
    running = [
        one
        for one in state.soundings.values()
        if one.sponsor == place.delegation and one.standing(place.time) == "running"
    ]
    if len(running) >= AT_ONCE:
        raise LocalError("sounding-too-many", most=AT_ONCE)
    return _begin(state, roster, place, event.listed, "opened", register), ()


def _repeated(
    state: SoundingState, roster: RosterState, place: Place, event: SoundingRepeated, register: Register
) -> SoundingStep:
    """Accept that a list is sounded once more; when all have, it is (R-81)."""
    before = known(state, event.sounding)
    listed = msgspec.structs.replace(state.listed(before), closes=event.closes, until=event.until)
    _check_list(listed, len(roster.expected))
    if place.time >= event.closes:
        raise LocalError("sounding-over")
    mine = Acceptance(index=place.index, act=place.act, author=place.author)
    fresh = Joint(
        event=event.name,
        content=event.content,
        subjects=("sounding/" + event.sounding.hex(),),
        accepted={place.delegation: mine},
    )
    table, joint, expired = joints.accept(
        state.joint, fresh, place.delegation, everyone=roster.expected, time=place.time
    )
    effects: tuple[Effect, ...] = tuple(
        AcceptanceExpired(content=joint.content, delegation=name) for name in expired
    )
    if not joints.complete(joint, roster.expected):
        return evolve(state, joint=table), effects
    rest = evolve(state, joint=put(table, {}, without=(joint.content.hex(),)))
    done = Completed(content=joint.content, event=joint.event)
    return _begin(rest, roster, place, listed, "repeated", register), (*effects, done)


def _standing(
    state: SoundingState, roster: RosterState, place: Place, event: StandingListsHeld, register: Register
) -> SoundingStep:
    """Hold a calendar; once all hold it, its occurrences are soundings (spec/soundings.md section 2.5)."""
    check_desk(place, roster.duty_desk(place.delegation, place.index))
    key = hashlib.sha256(event.calendar).hexdigest()
    held = state.calendars.get(key)
    if held is None:
        check_calendar(read_calendar(event.calendar), len(roster.expected))
        held = Held(talks=roster.talks, calendar=event.calendar)
    if place.delegation in held.held:
        raise LocalError("sounding-answered")
    held = msgspec.structs.replace(held, held={**held.held, place.delegation: place.index})
    lists = state.lists
    if held.held.keys() == set(roster.expected):
        parties, manifest, head_root = _circumstances(roster, place, register)
        held = msgspec.structs.replace(
            held, index=place.index, parties=parties, manifest=manifest, head_root=head_root
        )
        new = {
            one.listed.hash.hex(): Offered(listed=one.listed) for one in read_calendar(event.calendar).lists
        }
        lists = put(lists, {name: one for name, one in new.items() if name not in lists})
    return evolve(state, lists=lists, calendars=put(state.calendars, {key: held})), ()


def _begin(
    state: SoundingState,
    roster: RosterState,
    place: Place,
    listed: Listed,
    begun: Begun,
    register: Register,
) -> SoundingState:
    """Return the state with a sounding that begins at this entry."""
    parties, manifest, head_root = _circumstances(roster, place, register)
    fresh = Sounding(
        id=opened_id(place.act),
        list_hash=listed.hash,
        kind=listed.kind,
        size=listed.size,
        chunk=listed.chunk,
        begun=begun,
        sponsor=place.delegation if begun == "opened" else "",
        index=place.index,
        closes=listed.closes,
        pace=listed.pace,
        until=listed.until,
        parties=parties,
        manifest=manifest,
        head_size=place.index,
        head_root=head_root,
    )
    key = listed.hash.hex()
    lists = state.lists if key in state.lists else put(state.lists, {key: Offered(listed=listed)})
    return evolve(
        state, lists=lists, soundings=with_sounding(state, started(roster.talks, fresh, place.index))
    )


def _circumstances(
    roster: RosterState, place: Place, register: Register
) -> tuple[tuple[Party, ...], bytes, bytes]:
    """Return what a context says of where its sounding began: parties, manifest, and root of the register before it."""
    parties = tuple(
        Party(delegation=name, root=roster.root(name).fingerprint) for name in sorted(roster.expected)
    )
    epoch = roster.book.epoch_at(roster.sounding, place.index)
    assert epoch is not None  # the act itself names an epoch of this room
    return parties, epoch.manifest, register.root(place.index)


def _check_list(listed: Listed, parties: int) -> None:
    """Pass if a list can be sounded among so many delegations (spec/soundings.md section 1)."""
    check_list(listed)
    if listed.kind != "options" and parties > 2:
        raise LocalError("sounding-list", why="packages and ranges are sounded between two")
    if listed.until > _LATEST:
        raise LocalError("sounding-list", why="a time that no clock can show")


def check_calendar(calendar: Calendar, parties: int) -> None:
    """Pass if all lists of a calendar can be sounded at all their times among so many delegations.

    spec/soundings.md section 2.5.

    Raises:
        LocalError: `sounding-list` with what is wrong; `text-not-plain`.
    """
    hashes = [one.listed.hash for one in calendar.lists]
    if not hashes or len(set(hashes)) < len(hashes):
        raise LocalError("sounding-list", why="a calendar has at least one list, and each once")
    if not 0 < sum(one.times for one in calendar.lists) <= OCCURRENCES:
        raise LocalError("sounding-list", why=f"a calendar has up to {OCCURRENCES} soundings")
    for one in calendar.lists:
        _check_list(one.listed, parties)
        _check_times(one)


def _check_times(one: Recurring) -> None:
    """Pass if a standing list comes at least once, and never again before it is over."""
    if one.times < 1 or one.every < (one.listed.until - one.listed.closes if one.times > 1 else 0):
        raise LocalError("sounding-list", why="a standing list comes again before it is over")
    if one.listed.until + one.times * one.every > _LATEST:
        raise LocalError("sounding-list", why="a time that no clock can show")


def _epochs_handed_over(
    state: SoundingState,
    roster: RosterState,
    _place: Place,
    event: EpochsHandedOver,
    _register: Register,
) -> SoundingStep:
    """Check what a joiner receives of the sounding room (spec/rooms.md section 6)."""
    if event.room != roster.sounding:
        raise LocalError("room-unknown")
    books.check_handed_over(roster.book, event)
    return state, ()


HANDLERS: Final[Mapping[str, Handler]] = {
    "EpochsHandedOver": _epochs_handed_over,
    "SoundingOpened": _opened,
    "SoundingRepeated": _repeated,
    "StandingListsHeld": _standing,
    "SoundingAnswered": answered,
    "SoundingCommitted": announced,
    "SoundingGivenUp": given_up,
}
