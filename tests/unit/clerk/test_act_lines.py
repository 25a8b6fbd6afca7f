"""What somebody reads before he or she accepts or consents: everything that an act says, in words, of every act that binds."""

from __future__ import annotations

import re
import types
import typing
from functools import partial
from typing import Any, Literal

import msgspec
import pytest
from tests.support import river
from tests.support.house import House

from good_offices.clerk import consents, names, speaking
from good_offices.clerk.act_lines import act_lines
from good_offices.clerk.describing import described
from good_offices.clerk.meeting_words import read_units
from good_offices.clerk.rooms_view import labels
from good_offices.talks import events_meetings as meetings
from good_offices.talks import events_plenary as plenary
from good_offices.talks.acts import Event
from good_offices.talks.consent import Draft
from good_offices.talks.convening_rule import Deliverables
from good_offices.talks.event import LEVELS
from good_offices.talks.events_rooms import ReferredToLevel, RoomOpened
from good_offices.talks.events_text import AdReferendumConfirmed, Bound, ProvisionAgreed, TextTabled
from good_offices.talks.rules import RULES

EVENTS = {one.__name__: one for one in typing.get_args(Event)}
BINDING = [name for name, rule in RULES.items() if rule.binding]
SAID = "Words of people"
TIME = 1_790_000_000_000
# Code words of the rules, as no sentence of a diplomat has them.
CODE = re.compile(
    r"[0-9a-f]{12}|\b[a-z]+_[a-z_]+\b|senior-officials|contact-group|chatham-house|\bu6\b|\briver\b|treaty-"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with House(tmp_path_factory.mktemp("lines"), played=river.half_way) as house:
        yield house.desks[0]


def example(kind: Any, field: str, desk) -> Any:
    """Return a value of a type, such that what is meant for people can be told from what is not."""
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        found = [one for one in typing.get_args(kind) if one is not type(None)]
        return example(found[-1], field, desk)
    if origin is Literal:
        return typing.get_args(kind)[-1] if field != "level" else "senior-officials"
    if field == "pair":
        return ("en", "ru")
    if origin in (tuple, list):
        return origin([example(typing.get_args(kind)[0], field, desk)])
    if origin is dict:
        key, value = typing.get_args(kind)
        return {
            example(key, "delegation" if field == "names" else "language", desk): example(value, field, desk)
        }
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return kind(**{name: example(hints[name], name, desk) for name in kind.__struct_fields__})
    own = desk.identity.place.delegation
    ids = {
        "instrument": "river", "unit": river.FLOW, "units": river.FLOW, "groups": river.FLOW, "after": river.FLOW,
        "language": "ru", "languages": "ru", "authentic": "en", "working": "en", "delegation": own, "depositary": own,
        "release": own, "by": own, "zone": "Asia/Almaty", "room": desk.rooms["plenary"], "source": desk.rooms["plenary"],
        "target": desk.rooms["plenary"], "key": "k1", "id": "u99", "proposal": "P-1", "slot": "s1", "member": desk.identity.person.member,
    }  # fmt: skip
    if kind is str:
        return ids.get(field, SAID)
    if kind is int:
        return TIME if field in ("start", "end", "begins", "ends", "until", "embargo", "resumes") else 3
    return {bytes: b"\x5a" * 32, bool: True}.get(kind, ())


def made(name: str, desk) -> Any:
    if name == "ModalitiesProposed":
        return plenary.ModalitiesProposed(modalities=river_modalities(desk))
    if name == "TextTabled":
        return TextTabled(instrument=river.text(desk).instrument)
    if name == "ActConfirmed":
        return plenary.ActConfirmed(index=note_of(desk), act=b"\x5a" * 32)
    return example(EVENTS[name], "", desk)


def river_modalities(desk) -> Any:
    now = desk.talks.plenary.modalities.modalities
    return msgspec.structs.replace(
        now,
        convening={"ministers": (Deliverables(instrument="river"),)},
        confidentiality="chatham-house",
        clock=5,
    )


def note_of(desk) -> int:
    return next(
        line.index
        for line in desk.common.lines()
        if line.act and line.act.event.name == "NotePassed" and line.act.event.urgent
    )


def shown(desk, event: Any) -> dict[str, Any]:
    return consents._shown(desk, Draft(room=desk.rooms["plenary"], event=event))


@pytest.mark.parametrize("name", BINDING)
def test_what_waits_for_consent_is_told_in_words(desk, name):
    event = made(name, desk)
    told = shown(desk, event)
    text = "\n".join(
        (told["what"], *told["lines"], told["text"], *(str(one["label"]) for one in told["changes"]))
    )
    assert name not in text
    assert not CODE.search(text), CODE.search(text)


@pytest.mark.parametrize("name", [name for name in BINDING if name not in ("TextTabled", "ActConfirmed")])
def test_no_word_that_people_wrote_is_left_out(desk, name):
    event = made(name, desk)
    told = shown(desk, event)
    words = [field for field in event.__struct_fields__ if getattr(event, field) == SAID]
    assert not words or SAID in "\n".join((*told["lines"], told["text"], told["what"]))


def test_an_acceptance_is_told_as_what_it_accepts(desk):
    proposed = msgspec.structs.replace(river_modalities(desk), other="No recording.")
    (item,) = [name for name, one in desk.talks.plenary.agenda.items() if one.title == "Exchange of data"]
    lines = act_lines(desk, plenary.ItemAccepted(item=bytes.fromhex(item)))
    assert lines == ["Exchange of data"]
    lines = act_lines(desk, plenary.ModalitiesProposed(modalities=proposed))
    assert "Other rules: now nothing said; then “No recording.”" in lines
    assert any(one.startswith("Convening rule: ") and "Ministers: the joint list" in one for one in lines)
    confirmed = act_lines(desk, plenary.ActConfirmed(index=note_of(desk), act=bytes(32)))
    assert confirmed[0].startswith("note: The gauge at Kessel")


def test_what_a_person_accepts_says_level_mandate_room_and_condition(desk):
    room = RoomOpened(
        title="Water", kind="level", level="senior-officials", mandate="Find a number.", language="en"
    )
    assert act_lines(desk, room) == [
        "A room of a level",
        "Mandate: Find a number.",
        "Level: Senior officials",
    ]
    bound = Bound(unit=river.FLOW, digest=bytes(32))
    agreed = partial(ProvisionAgreed, instrument="river", units=(bound,), level="experts")
    assert act_lines(desk, agreed(ad_referendum=False)) == ["Level: Experts"]
    assert (
        act_lines(desk, agreed(ad_referendum=True))[-1]
        == "Ad referendum: it stands when the capital confirms it."
    )
    sitting = meetings.SittingProposed(level=LEVELS[-1], title="Summit", start=TIME, end=TIME + 1)
    assert act_lines(desk, sitting)[:1] == ["Level: Leaders"]
    assert {"At a distance"} < set(act_lines(desk, sitting))
    referral = ReferredToLevel(
        source="a", target="b", subject=bytes(32), title="Costs", text="Ask for a decision.", language="en"
    )
    assert act_lines(desk, referral) == ["Ask for a decision."]


def test_every_word_of_a_text_that_would_be_tabled_is_shown(desk):
    text = river.text(desk).instrument
    told = shown(desk, TextTabled(instrument=text))
    assert {one["unit"] for one in told["changes"]} == {one.id for one in text.units}
    assert "Authentic languages: English and Russian" in told["lines"]


def test_words_that_an_act_fixes_are_shown_with_it(desk):
    unit = river.text(desk).instrument.unit(river.FLOW)
    event = AdReferendumConfirmed(instrument="river", units=(Bound(unit=unit.id, digest=unit.digest),))
    (one,) = shown(desk, event)["fixed"]
    assert one["same"]
    assert set(one["words"]) == {"en", "ru"}
    taken = speaking.item_withdrawn(desk, names.item(desk.talks.plenary, "Minimum flow in summer"))
    assert act_lines(desk, taken) == ["Minimum flow in summer"]
    assert described(taken, labels(desk)) == "agenda item withdrawn"


def test_a_rule_of_consent_is_told_without_the_name_of_an_act():
    assert sorted(one for group in consents.GROUPS.values() for one in group) == consents.acts_that_bind()
    assert set(consents.GROUPS) | {"all"} == set(consents.CALLED)
    assert consents.called(consents.acts_that_bind()) == ["everything that binds"]
    assert consents.called(consents.GROUPS["course"]) == ["breaking off, resuming, adjourning, concluding"]
    assert consents.called(["RoomOpened"]) == [
        "in part: opening and closing rooms, referring from one to another"
    ]
    for name in consents.acts_that_bind():
        assert name not in consents.called([name])[0]


def test_a_provision_is_named_as_a_screen_calls_it_and_an_article_with_what_is_under_it(desk):
    text = river.text(desk)
    article = names.unit(text, "2. Minimum flow")
    assert article.kind == "heading"
    assert names.unit(text, "2") is article
    under = read_units(desk, "river", "2")
    assert under[0] == article.id
    assert {text.instrument.unit(one).parent for one in under[1:]} == {article.id}
    assert river.FLOW in under
