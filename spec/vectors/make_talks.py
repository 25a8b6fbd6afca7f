"""Make the vectors of the talks (spec/talks.md): registers of packed acts with the verdict and state after each entry.

    python -m spec.vectors.make_talks [NAME...]

Keys come from labels in tests/support/talksmith.py. ML-DSA signing is hedged, so a new run gives new signatures by the
same roots, other leaf hashes, and the same verdicts. Acts are given as their bytes; `opening.json` has them signed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
from tests.support.drafting import ALL, T, Table, certified, words
from tests.support.sounder import CLOSES, Sounder, figures, listed, packages
from tests.support.talksmith import Talksmith

from good_offices.encoding import pack
from good_offices.register.box import BoxVoid
from good_offices.register.genesis import Genesis
from good_offices.talks.closing import closing_record
from good_offices.talks.credentials import Introduction
from good_offices.talks.entries import InBox, Opened
from good_offices.talks.events_outcome import ClosingRecordSigned, Head, InstrumentSigned
from good_offices.talks.events_plenary import (
    ActConfirmed,
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
    ItemProposed,
    NotePassed,
    StatementMade,
    TalksBrokenOff,
    TalksConcluded,
    TalksResumed,
)
from good_offices.talks.events_rooms import ReferredToLevel, RoomClosed, RoomMembersNamed
from good_offices.talks.events_sounding import Recurring, SoundingOpened
from good_offices.talks.events_text import (
    Bound,
    ProvisionAgreed,
    ProvisionLocked,
    TextAdopted,
    TextTabled,
)
from good_offices.talks.replay import CommonReplay
from good_offices.text.model import Instrument, Unit

HERE = Path(__file__).parent / "talks"
HELLO = StatementMade(text="Good morning", language="en")


def opening() -> Talksmith:
    """Three delegations introduce themselves, accredit, compare keys, and speak; acts are signed."""
    smith = Talksmith(3)
    smith.both(HELLO)
    return smith


def crossing() -> Talksmith:
    """Two acceptances cross, stand beside each other, and one is accepted; a third comes too late."""
    table = Table()
    mine, theirs = table.amendment("p1", "Mine."), table.amendment("p2", "Theirs.")
    table.post("A", mine)
    table.post("B", theirs)
    size = table.size
    table.post("B", table.accept(mine), seen=size)
    table.post("A", table.accept(theirs), seen=size)
    table.post("A", table.accept(theirs))
    table.post("B", table.accept(mine))
    return table.smith


def course() -> Talksmith:
    """Talks are broken off and resumed; a junior's act without powers is confirmed; a member is recalled."""
    smith = Talksmith(2, signing=False)
    smith.joined("A.junior", powers=("speak",))
    item = ItemProposed(title="The waters of the river")
    lacking = smith.post("A.junior", item)
    smith.post("A", ActConfirmed(index=lacking.index, act=smith.hash_of(lacking)))
    smith.post("B", TalksBrokenOff(text="Enough.", language="en"))
    smith.post("B", item)
    smith.post("A", NotePassed(text="Hold fire", language="en", urgent=True))
    smith.both(TalksResumed())
    smith.post("B", item)
    smith.post("A", smith.recall("A.junior"), room="roster")
    smith.post("A.junior", HELLO, seen=smith.common.tree.size - 1)
    smith.put_other()
    smith.post("B", HELLO, sequence=0, previous=bytes(32))
    smith.post("B", HELLO, state=bytes(32))
    return smith


def outcome() -> Talksmith:
    """A text is adopted, signed with full powers, and closed."""
    table = Table()
    post, both, smith = table.post, table.both, table.smith
    both(certified(table, *ALL))
    both(ProvisionAgreed(instrument=T, units=table.bound(*ALL), level="ministers"))
    both(ProvisionLocked(instrument=T, units=table.bound(*ALL)))
    both(TextAdopted(instrument=T, digest=table.text.instrument.digest))
    for name, other in ("AB", "BA"):
        produced = post(name, FullPowersProduced(member=smith.desk(name).member, ex_officio=True))
        sign = InstrumentSigned(instrument=T, digest=table.text.instrument.digest)
        post(name, sign)
        post(other, FullPowersFoundInOrder(produced=smith.hash_of(produced)))
        post(name, sign)
    both(TalksConcluded())
    size = table.size
    record = closing_record(
        smith.replay.roster,
        smith.replay.plenary,
        head=Head(size=size, root=smith.common.tree.root(size)),
        state=smith.replay.state_hash(smith.plenary_room, size),
    )
    both(ClosingRecordSigned(record=record))
    return smith


def five() -> Talksmith:
    """Five delegations agree one provision by the same rules as two."""
    smith = Talksmith(5, signing=False)
    unit = Unit(id="u", kind="article", label="1", texts={"en": words("Each Party shall cooperate.")})
    text = Instrument(id=T, titles={"en": "Compact"}, authentic=("en",), units=(unit,))
    smith.post("D", TextTabled(instrument=text))
    agree = ProvisionAgreed(instrument=T, units=(Bound(unit="u", digest=unit.digest),), level="experts")
    smith.both(agree, "C", "A", "E", "B", "D")
    return smith


def settling() -> Talksmith:
    """Two settlements of brackets wait at once and both take effect; one that announces other words is void."""
    table = Table()
    table.post("A", table.brackets("u1", "u2", "u3"))
    first, second, third = (table.settlement(one) for one in ("u1", "u2", "u3"))
    table.post("B", msgspec.structs.replace(third, result=table.bound("u3")))
    table.post("A", first)
    table.post("A", second)
    table.post("B", first)
    table.post("B", second)
    return table.smith


def powers() -> Talksmith:
    """Full powers are found not in order; nobody can sign on them, nor take that back; others are produced and stand."""
    smith = Talksmith(2, signing=False)
    for document in (bytes(32), bytes([1]) * 32):
        produced = smith.post("A", FullPowersProduced(member=smith.desk("A").member, document=document))
        found = FullPowersFoundInOrder(produced=smith.hash_of(produced))
        if document == bytes(32):
            why = FullPowersFoundNotInOrder(produced=found.produced, text="No seal.", language="en")
            smith.post("B", msgspec.structs.replace(why, text=" "))
            smith.post("B", why)
        smith.post("B", found)
    return smith


def sounding() -> Talksmith:
    """Soundings: a list of dates runs, is voided once, opens, and is repeated; standing lists; packages; a box of nothing."""
    smith = Sounder(duty=True)
    dates = smith.opens()
    smith.says("A", dates, 1)
    smith.all_said(dates, desk=".duty")
    smith.commits("A", dates)
    smith.voids_box(dates)
    smith.runs(dates, desk=".duty")
    smith.repeats("A", dates, closes=CLOSES + 1)
    smith.repeats("B", dates, closes=CLOSES + 1)
    place = Recurring(listed=listed("Geneva", "Vienna"), every=10**9, times=2)
    smith.holds("A.duty", place)
    smith.holds("B.duty", place)
    second = list(smith.replay.sounding.every())[-1].id
    smith.says("B.duty", second, 1, pieces=2)
    smith.says("B.duty", second, 1, piece=1, pieces=2)
    chunks = smith.opens(packages(), name="B")
    smith.says("B.duty", chunks, 2)
    smith.runs(chunks, desk=".duty")
    smith.in_box(BoxVoid(box=bytes(32), reason="time"))
    smith.voids_box(chunks)
    return smith


def three_sound() -> Talksmith:
    """A list among three delegations, without duty desks; and a range that is not for three."""
    smith = Sounder(3)
    smith.sound("A", SoundingOpened(listed=figures()))
    smith.runs(smith.opens())
    return smith


def groups() -> Talksmith:
    """A contact group is opened, read by the named alone, keeps an agenda, refers a result up, and is closed."""
    smith = Talksmith(2, signing=False)
    smith.joined("A.expert")
    smith.post("A", smith.accreditation("A.expert", level="experts", number=1), room="roster")
    ministers = smith.group(level="ministers", title="Ministers")
    expert = RoomMembersNamed(room=ministers, members=(smith.desk("A.expert").member,))
    smith.post("A", expert)
    room = smith.group("A.expert", "B")
    item = ItemProposed(title="The gauge at Kelm")
    smith.post("A.expert", HELLO, room=room)
    smith.post("A", HELLO, room=room)
    smith.post("A.expert", item, room=room)
    smith.post("B", HELLO)
    smith.post("B", item, room=room)
    smith.both(
        ReferredToLevel(
            source=room,
            target=smith.plenary_room,
            subject=item.content,
            title="The gauge",
            text="As agreed.",
            language="en",
        )
    )
    smith.post("A", RoomMembersNamed(room=room, members=(smith.desk("A").member,)))
    smith.post("A.expert", HELLO, room=room)
    smith.issue("A.expert", room)
    smith.issue("B", room)
    smith.post("A", HELLO, room=room)
    smith.both(RoomClosed(room=room))
    smith.post("A", HELLO, room=room)
    return smith


SCENARIOS = {
    "opening": opening,
    "crossing": crossing,
    "course": course,
    "outcome": outcome,
    "five": five,
    "settling": settling,
    "sounding": sounding,
    "sounding_of_three": three_sound,
    "powers": powers,
    "groups": groups,
}


def told(smith: Talksmith) -> list[dict[str, Any]]:
    """Return every entry with what a second reader finds: the verdict, and the hash of each room's state after it."""
    replay = CommonReplay(smith.common.tree)
    rows = []
    for entry, body in zip(smith.common.entries, smith.common.bodies, strict=True):
        verdict = replay.apply(entry)
        content = entry.content
        row: dict[str, Any] = {"index": entry.index, "kind": entry.kind, "leaf_hash": entry.leaf_hash.hex()}
        if isinstance(content, Opened):
            row |= {"room": content.room, "problem": content.problem}
            row["signed_act" if smith.signing else "act"] = body.hex()
        elif isinstance(content, Genesis):
            row["genesis"] = body.hex()
        elif isinstance(content, Introduction):
            row["introduction"] = pack(content).hex()
        elif isinstance(content, InBox):
            row["box"] = body.hex()
        row["verdict"] = msgspec.to_builtins(verdict, builtin_types=()) | {
            "effects": [type(one).__name__ for one in verdict.effects]
        }
        rooms = [*_rooms(smith).values(), *replay.plenary.groups.rooms]
        row["state"] = {room: replay.state_hash(room, replay.size).hex() for room in rooms}
        rows.append(row)
    return rows


def _rooms(smith: Talksmith) -> dict[str, str]:
    """Return the rooms whose states are told from the beginning: the sounding room where there is one."""
    named = ("roster", "plenary", "sounding") if isinstance(smith, Sounder) else ("roster", "plenary")
    return {name: smith.rooms[name] for name in named}


def main() -> None:
    """Write the files, or those that are named."""
    HERE.mkdir(exist_ok=True)
    for name in sys.argv[1:] or SCENARIOS:
        scenario = SCENARIOS[name]
        smith = scenario()
        document = {
            "about": (scenario.__doc__ or "").strip(),
            "spec": "spec/talks.md",
            "rooms": _rooms(smith),
            "entries": told(smith),
        }
        (HERE / f"{name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        print(name, len(document["entries"]))


if __name__ == "__main__":
    main()
