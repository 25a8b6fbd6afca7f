"""The order in which a map was built makes no difference: live, restored at every step, and shuffled, all go on alike."""

from __future__ import annotations

import random
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.drafting import ALL, T, Table, words

from good_offices.talks.events_outcome import InstrumentSigned
from good_offices.talks.events_plenary import (
    AnnexFiled,
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
    ItemProposed,
)
from good_offices.talks.events_text import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentWithdrawn,
    BracketsRemoved,
    Change,
    LanguageText,
    LanguageTextSet,
    ProvisionAgreed,
    StanceTaken,
)
from good_offices.talks.replay import CommonReplay
from good_offices.text.model import Close, Open, Words
from good_offices.text.settling import Choice

# Texts that are refused for different reasons, so that the first one found would give the code.
BAD = {
    "plain": (Words(text="a"), Words(text="b")),
    "cross": (Close(slot="s", variant=0),),
    "hidden": (Words(text="a\u200bb"),),
    "differ": (Open(slot="s", variant=0, of=1), Words(text="x"), Close(slot="s", variant=0)),
    "other": (Open(slot="s", variant=0, of=1, role="other"), Words(text="other"), Close(slot="s", variant=0)),
    "good": (Words(text="Peace."),),
}
LANGUAGES = ("en", "ru", "ar", "zh-Hant")


def shuffled(value: Any, order: random.Random) -> Any:
    """Return the same state with every map in it built in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    if isinstance(value, tuple):
        return tuple(shuffled(one, order) for one in value)
    if isinstance(value, msgspec.Struct):
        fields = {name: shuffled(getattr(value, name), order) for name in value.__struct_fields__}
        return type(value)(**fields)
    return value


@st.composite
def events(draw: st.DrawFn, table: Table) -> Any:
    """An event about a text, the powers or the agenda; many of them are refused."""
    texts = {
        one: BAD[draw(st.sampled_from(sorted(BAD)))]
        for one in draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=4, unique=True))
    }
    unit = draw(st.sampled_from(ALL[:2]))
    base = table.unit(unit).digest if unit in table.text.instrument.places else bytes(32)
    name = draw(st.sampled_from(["p", "p.0", "q", "zz", "a"]))
    joint = table.smith.replay.plenary.joint
    pending = [one for one in joint.values() if one.proposals]
    choices: list[Any] = [
        AmendmentProposed(instrument=T, proposal=name, changes=(Change(unit=unit, base=base, texts=texts),)),
        AmendmentProposed(
            instrument=T,
            proposal=name,
            changes=tuple(
                Change(unit=one, base=table.unit(one).digest, texts={"en": words(name)})
                for one in ALL[:2]
                if one in table.text.instrument.places
            ),
        ),
        AmendmentWithdrawn(instrument=T, proposal=name),
        StanceTaken(instrument=T, unit=unit, says="supports"),
        LanguageTextSet(
            instrument=T,
            texts=(
                LanguageText(
                    unit=unit, base=base, language=draw(st.sampled_from(LANGUAGES)), runs=BAD["other"]
                ),
            ),
        ),
        BracketsRemoved(
            instrument=T,
            choices=(Choice(slot="s", keep=(0,)),),
            units=table.bound(*table.text.instrument.places),
        ),
        ProvisionAgreed(instrument=T, units=table.bound(*table.text.instrument.places), level="experts"),
        AnnexFiled(annex=name, title=name, media="text/plain", size=1, digest=bytes(32)),
        ItemProposed(title=name),
        FullPowersProduced(member=table.smith.desk("A").member, ex_officio=True),
        InstrumentSigned(instrument=T, digest=table.text.instrument.digest),
    ]
    choices += [
        kind
        for one in table.smith.replay.plenary.powers.values()
        for kind in (
            FullPowersFoundInOrder(produced=one.produced.act),
            FullPowersFoundNotInOrder(produced=one.produced.act, text=name, language="en"),
        )
    ]
    if pending:
        one = pending[draw(st.integers(0, len(pending) - 1))]
        choices += [
            AmendmentAccepted(instrument=T, proposal=one.proposals[0].split(".")[0], amendment=one.content)
        ] * 3
    return draw(st.sampled_from(choices))


@given(data=st.data(), seed=st.integers(0, 2**32))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_live_restored_and_shuffled_go_on_alike(data: st.DataObject, seed: int) -> None:
    order = random.Random(seed)
    table = Table(3)
    smith = table.smith
    other = CommonReplay.restored(smith.replay.snapshot(), smith.common.tree)
    for _ in range(12):
        # Restored at every step: maps stand in the order of canonical bytes. Shuffled: in any order at all.
        third = CommonReplay.restored(smith.replay.snapshot(), smith.common.tree)
        third.roster, third.plenary = shuffled(third.roster, order), shuffled(third.plenary, order)
        event = data.draw(events(table))
        seen = max(1, smith.common.tree.size - data.draw(st.integers(0, 3)))
        verdict = table.post(data.draw(st.sampled_from("ABC")), event, seen=seen)
        (entry,) = smith.common.entries[other.size :]
        assert other.apply(entry) == verdict
        assert third.apply(entry) == verdict
        room, size = smith.plenary_room, smith.replay.size
        assert {one.state_hash(room, size) for one in (smith.replay, other, third)} == {
            smith.replay.state_hash(room, size)
        }
        assert other.snapshot() == third.snapshot() == smith.replay.snapshot()
        other = CommonReplay.restored(other.snapshot(), smith.common.tree)
