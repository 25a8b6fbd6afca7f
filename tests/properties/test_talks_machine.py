"""Talks of two delegations as a state machine: readers agree, nobody is bound by others, no text is nobody's.

Each desk sees the register late by as much as the machine likes, so that acts cross; a second reader follows entry by
entry and is replaced by its own snapshot now and then.
"""

from __future__ import annotations

import types
import typing
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.support.drafting import ALL, T, Table, draft, words
from tests.support.sounder import figures, listed, packages
from tests.support.talksmith import Talksmith

from good_offices.soundings.context import Listed
from good_offices.talks.acts import Event
from good_offices.talks.event import Acceptable
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ItemAccepted,
    ItemProposed,
    ModalitiesAccepted,
    StatementMade,
    TalksBrokenOff,
    TalksResumed,
)
from good_offices.talks.events_sounding import SoundingOpened
from good_offices.talks.events_text import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentWithdrawn,
    Bound,
    Change,
    LanguageText,
    LanguageTextSet,
    ProvisionAgreed,
    ProvisionLocked,
    ProvisionReopened,
    TextTabled,
)
from good_offices.talks.replay import CommonReplay
from good_offices.talks.soundings import opened_id
from good_offices.talks.verdict import Completed, Verdict
from good_offices.text.model import Instrument

DESKS = ("A", "B", "A.second")
names = st.sampled_from(DESKS)
units = st.sampled_from(ALL[:2])
late = st.integers(0, 4)


def accepted_by(event: Any) -> bytes | None:
    """Return the content hash that an event accepts, as its author signed it."""
    if isinstance(event, AmendmentAccepted):
        return event.amendment
    if isinstance(event, ItemAccepted):
        return event.item
    if isinstance(event, ModalitiesAccepted):
        return event.modalities
    return event.content if isinstance(event, Acceptable) else None


def words_in(event: Any) -> set[tuple[str, str, tuple]]:
    """Return the texts of units, by language, that stand in an event in full."""
    found: set[tuple[str, str, tuple]] = set()
    match event:
        case TextTabled():
            found = {
                (one.id, lang, runs) for one in event.instrument.units for lang, runs in one.texts.items()
            }
        case AmendmentProposed():
            found = {(one.unit, lang, runs) for one in event.changes for lang, runs in one.texts.items()}
        case LanguageTextSet():
            found = {(one.unit, one.language, one.runs) for one in event.texts}
    return found


class Talks(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.smith = Talksmith(2, signing=False)
        self.smith.joined("A.second")
        self.post("A", TextTabled(instrument=draft(2)), 0)
        self.mirror = CommonReplay(self.smith.common.tree)
        self.fed = 0
        self.least = dict.fromkeys(DESKS, 0)
        self.count = 0
        self.signed: dict[bytes, set[str]] = {}
        self.words: set[tuple[str, str, tuple]] = words_in(TextTabled(instrument=draft(2)))
        self.bound: dict[tuple[str, bytes], set[str]] = {}

    def post(self, name: str, event: Any, behind: int) -> Verdict:
        size = self.smith.common.tree.size
        known = self.smith.replay.chain(self.smith.plenary_room, self.smith.desk(name).certificate).seen
        seen = max(size - behind, known, 1)
        return self.smith.post(name, event, seen=seen if behind else None)

    def do(self, name: str, event: Any, behind: int) -> None:
        verdict = self.post(name, event, behind)
        assert verdict.status in ("valid", "void", "ineffective")
        if verdict.status == "void":
            return
        side = self.smith.desk(name).delegation
        self.words |= words_in(event)
        content = accepted_by(event)
        if content is not None:
            self.signed.setdefault(content, set()).add(side)
        if isinstance(event, ProvisionAgreed | ProvisionLocked):
            for one in event.units:
                self.bound.setdefault((one.unit, one.digest), set()).add(side)
        for effect in verdict.effects:
            if isinstance(effect, Completed):
                # Nobody is bound without an act of one's own.
                assert self.signed[effect.content] == {self.smith.id("A"), self.smith.id("B")}

    @property
    def text(self):
        return self.smith.replay.plenary.texts[T]

    @rule(name=names, behind=late)
    def speaks(self, name: str, behind: int) -> None:
        self.do(name, StatementMade(text="We note this.", language="en"), behind)

    @rule(name=names, unit=units, behind=late, word=st.sampled_from(["shall", "should", "may"]))
    def proposes(self, name: str, unit: str, behind: int, word: str) -> None:
        self.count += 1
        change = Change(
            unit=unit,
            base=self.text.instrument.unit(unit).digest,
            texts={"en": words(f"Each Party {word} cooperate {self.count}.")},
        )
        self.do(name, AmendmentProposed(instrument=T, proposal=f"p{self.count}", changes=(change,)), behind)

    @rule(name=names, behind=late, data=st.data())
    @precondition(lambda self: self.smith.replay.plenary.joint)
    def accepts(self, name: str, behind: int, data: st.DataObject) -> None:
        table = self.smith.replay.plenary.joint
        joint = table[data.draw(st.sampled_from(sorted(table)))]
        if joint.event == "ItemProposed":
            event: Any = ItemAccepted(item=joint.content)
        elif joint.proposals:
            event = AmendmentAccepted(instrument=T, proposal=joint.proposals[0], amendment=joint.content)
        else:
            first = next(iter(joint.accepted.values()))
            event = self.smith.common.entries[first.index].content.act.event
        self.do(name, event, behind)

    @rule(
        unit=units,
        first=st.sampled_from("AB"),
        behind=late,
        between=st.sampled_from([None, "speak", "agree"]),
    )
    def acceptances_cross(self, unit: str, first: str, behind: int, between: str | None) -> None:
        """Let A accept what B proposed and B what A proposed, the second without having seen the first."""
        second = "B" if first == "A" else "A"
        proposed = {}
        for name in (first, second):
            self.count += 1
            base = self.text.instrument.unit(unit).digest
            change = Change(unit=unit, base=base, texts={"en": words(f"{name} wants {self.count}.")})
            proposed[name] = AmendmentProposed(instrument=T, proposal=f"p{self.count}", changes=(change,))
            self.do(name, proposed[name], 0)
        size = self.smith.common.tree.size
        for name, theirs in ((first, proposed[second]), (second, proposed[first])):
            accept = AmendmentAccepted(instrument=T, proposal=theirs.proposal, amendment=theirs.content)
            self.do(
                name, accept, max(0, self.smith.common.tree.size - size + (behind if name == second else 0))
            )
            if between == "speak":
                self.do("A.second", StatementMade(text="Between.", language="en"), 0)
            if between == "agree":
                self.takes_a_step("A.second", unit, 0, "agree")

    @rule(name=names, behind=late, data=st.data())
    @precondition(lambda self: self.smith.replay.plenary.joint)
    def takes_back(self, name: str, behind: int, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.smith.replay.plenary.joint)))
        self.do(name, AcceptanceWithdrawn(content=bytes.fromhex(key)), behind)

    @rule(name=names, behind=late, number=st.integers(0, 30))
    def withdraws(self, name: str, behind: int, number: int) -> None:
        self.do(name, AmendmentWithdrawn(instrument=T, proposal=f"p{number}"), behind)

    @rule(name=names, unit=units, behind=late, kind=st.sampled_from(["agree", "lock", "reopen", "russian"]))
    def takes_a_step(self, name: str, unit: str, behind: int, kind: str) -> None:
        base = self.text.instrument.unit(unit).digest
        bound = (Bound(unit=unit, digest=base),)
        self.count += 1
        text = LanguageText(unit=unit, base=base, language="ru", runs=words(f"Статья {self.count}."))
        event: Any = {
            "agree": ProvisionAgreed(instrument=T, units=bound, level="experts"),
            "lock": ProvisionLocked(instrument=T, units=bound),
            "reopen": ProvisionReopened(instrument=T, units=bound),
            "russian": LanguageTextSet(instrument=T, texts=(text,)),
        }[kind]
        self.do(name, event, behind)

    @rule(name=names, behind=late, title=st.sampled_from(["Water", "Prisoners"]))
    def proposes_an_item(self, name: str, behind: int, title: str) -> None:
        self.do(name, ItemProposed(title=title), behind)

    @rule(name=names)
    @precondition(lambda self: self.count % 5 == 4)
    def breaks_off(self, name: str) -> None:
        self.count += 1
        self.do(name, TalksBrokenOff(), 0)

    @rule(first=st.sampled_from("AB"), behind=late)
    @precondition(lambda self: self.smith.replay.plenary.course.standing == "broken-off")
    def resume(self, first: str, behind: int) -> None:
        self.do(first, TalksResumed(), behind)
        self.do("B" if first == "A" else "A", TalksResumed(), 0)

    @rule()
    def a_foreign_entry_arrives(self) -> None:
        self.smith.put_other(body=str(self.smith.common.tree.size).encode())

    @rule()
    def the_second_reader_reopens_its_desk(self) -> None:
        self.follow()
        self.mirror = CommonReplay.restored(self.mirror.snapshot(), self.smith.common.tree)

    def follow(self) -> None:
        for entry in self.smith.common.entries[self.fed :]:
            assert self.mirror.apply(entry) == self.smith.verdicts[entry.index]
        self.fed = len(self.smith.common.entries)

    @invariant()
    def two_readers_agree_byte_for_byte(self) -> None:
        self.follow()
        assert self.mirror.snapshot() == self.smith.replay.snapshot()
        size, room = self.smith.replay.size, self.smith.plenary_room
        assert self.mirror.state_hash(room, size) == self.smith.replay.state_hash(room, size)
        assert self.mirror.plenary.digest == self.smith.replay.plenary.digest

    @invariant()
    def every_word_was_signed(self) -> None:
        for unit in self.text.instrument.units:
            assert all((unit.id, language, runs) in self.words for language, runs in unit.texts.items())

    @invariant()
    def every_agreement_was_signed_by_all(self) -> None:
        for unit in self.text.standing:
            digest = self.text.instrument.unit(unit).digest
            assert self.bound[unit, digest] == {self.smith.id("A"), self.smith.id("B")}

    def teardown(self) -> None:
        if not hasattr(self, "smith"):
            return
        again = CommonReplay(self.smith.common.tree)
        for entry in self.smith.common.entries:
            again.apply(entry)
        assert again.snapshot() == self.smith.replay.snapshot()


Talks.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestTalks = Talks.TestCase


# Whatever a signed act says, replay gives a verdict and goes on.


@st.composite
def of_type(draw: st.DrawFn, kind: Any, pool: dict[type, list[Any]], depth: int = 0) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if kind in pool:
        return draw(st.sampled_from(pool[kind]))
    if kind is type(None):
        return None
    if origin is typing.Literal:
        return draw(st.sampled_from(args))
    if origin in (typing.Union, types.UnionType):
        return draw(of_type(draw(st.sampled_from(args)), pool, depth))
    if origin is tuple:
        return tuple(draw(of_type(args[0], pool, depth + 1)) for _ in range(draw(st.integers(0, 2))))
    if origin is list:
        return [draw(of_type(args[0], pool, depth + 1)) for _ in range(draw(st.integers(0, 2)))]
    if origin is dict:
        return {
            draw(of_type(args[0], pool, depth + 1)): draw(of_type(args[1], pool, depth + 1))
            for _ in range(draw(st.integers(0, 2)))
        }
    hints = typing.get_type_hints(kind)
    return kind(**{name: draw(of_type(hints[name], pool, depth + 1)) for name in kind.__struct_fields__})


def pool_of(table: Table) -> dict[type, list[Any]]:
    smith = table.smith
    one = table.amendment("p1", "Known.")
    digests = [unit.digest for unit in table.text.instrument.units]
    known = [smith.desk("A").member, smith.desk("B").member, smith.id("A"), smith.id("B")]
    rooms = list(smith.rooms.values())
    return {
        str: ["", "x", T, *ALL[:2], "p1", "s1", "en", "ru", *known, *rooms],
        bytes: [
            b"",
            bytes(32),
            *digests[:2],
            one.content,
            table.text.instrument.digest,
            table.text.instrument.outline,
        ],
        int: [0, 1, 2, -1, 2**40],
        bool: [True, False],
        Listed: [listed(), listed("One"), packages(), figures(), listed(options=[]), listed(pace=0)],
        Instrument: [draft(1), msgspec.structs.replace(draft(1), id="other")],
    }


@given(data=st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_no_act_stops_a_replay(data: st.DataObject) -> None:
    table = Table()
    smith = table.smith
    smith.issue("A", smith.sounding_room)
    group = smith.group("A", "B")
    table.post("B", table.amendment("p1", "Known."))
    opened = table.post("A", SoundingOpened(listed=listed()), room="sounding")
    pool = pool_of(table)
    pool[bytes].append(opened_id(smith.hash_of(opened)))
    pool[str].append(group)
    for _ in range(6):
        kind = data.draw(st.sampled_from(Event.__args__))
        event = data.draw(of_type(kind, pool))
        room = data.draw(st.sampled_from(["plenary", "plenary", "roster", "sounding", group]))
        verdict = table.post(data.draw(st.sampled_from("AB")), event, room=room)
        assert verdict.status in ("valid", "void", "ineffective")
    restored = CommonReplay.restored(table.smith.replay.snapshot(), table.smith.common.tree)
    assert restored.snapshot() == table.smith.replay.snapshot()
