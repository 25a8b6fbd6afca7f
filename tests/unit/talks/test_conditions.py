"""Requests for conditions: spec/conditions.md R-110 to R-113."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.conditions import DAYS, ROOMS, VOICES, requested, signed
from tests.support.talksmith import START, Talksmith

from good_offices.seals.domains import Domain
from good_offices.talks.events_conditions import ConditionsSigned
from good_offices.talks.events_plenary import AcceptanceWithdrawn, ActConfirmed, TalksBrokenOff
from good_offices.talks.verdict import Completed

VALID = ("valid", None)


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(2, signing=False)


def agreed(smith: Talksmith, **fields):
    event = requested(smith, **fields)
    for name in smith.parties:
        assert said(smith.post(name, event)) == VALID
    return event


class TestRequest:
    def test_complete_when_all_have_accepted_the_same(self) -> None:
        five = Talksmith(5, signing=False)
        event = requested(five)
        for name in "ABCD":
            assert five.post(name, event).effects == ()
            assert five.replay.plenary.conditions == {}
        verdict = five.post("E", event)
        assert verdict.effects == (Completed(content=event.content, event="ConditionsRequested"),)
        one = five.replay.plenary.conditions["1"]
        assert (one.request, one.since, one.replaced, one.signed) == (event.request, verdict.index, 0, {})
        assert five.replay.plenary.joint == {}

    def test_another_that_waited_for_the_number_is_gone(self, smith: Talksmith) -> None:
        other = requested(smith, items=(ROOMS,))
        smith.post("A", other)
        agreed(smith)
        assert smith.replay.plenary.joint == {}
        assert said(smith.post("B", other)) == ("void", "conditions-number")

    def test_numbers_follow_each_other(self, smith: Talksmith) -> None:
        for number in (0, 2):
            verdict = smith.post("A", requested(smith, number=number))
            assert verdict.code in ("conditions-number", "conditions-invalid")
        agreed(smith)
        agreed(smith, number=2)
        assert sorted(smith.replay.plenary.conditions) == ["1", "2"]

    def test_one_stands_whole_in_the_place_of_another(self, smith: Talksmith) -> None:
        first = agreed(smith)
        agreed(smith, number=2, replaces=1, items=(ROOMS,))
        assert smith.replay.plenary.conditions["1"].replaced == 2
        again = requested(smith, number=3, replaces=1)
        assert said(smith.post("A", again)) == ("void", "conditions-replaced")
        assert said(smith.post("A", signed(smith, "A", first))) == ("void", "conditions-replaced")

    def test_what_is_replaced_must_be_there(self, smith: Talksmith) -> None:
        agreed(smith)
        verdict = smith.post("A", requested(smith, number=3, replaces=2))
        assert (verdict.code, verdict.facts) == ("conditions-number", {"number": 3, "next": 2})
        assert smith.post("A", requested(smith, number=2, replaces=2)).code == "conditions-invalid"

    def test_an_acceptance_is_withdrawn_and_lapses(self, smith: Talksmith) -> None:
        event = requested(smith)
        smith.post("A", msgspec.structs.replace(event, until=START + 500))
        smith.post("B", event, time=START + 501)
        assert smith.replay.plenary.conditions == {}
        smith.post("B", AcceptanceWithdrawn(content=event.content), time=START + 502)
        smith.post("A", event, time=START + 503)
        assert smith.replay.plenary.conditions == {}

    def test_of_other_talks_or_without_one_delegation_it_is_void(self, smith: Talksmith) -> None:
        event = requested(smith)
        for change in ({"talks": bytes(32)}, {"delegations": event.request.delegations[:1]}):
            other = msgspec.structs.replace(event, request=msgspec.structs.replace(event.request, **change))
            assert said(smith.post("A", other)) == ("void", "conditions-foreign")

    @pytest.mark.parametrize(
        "items",
        [
            (),
            (ROOMS, ROOMS),
            (msgspec.structs.replace(ROOMS, key="Rooms here"),),
            (msgspec.structs.replace(ROOMS, words=" "),),
            (msgspec.structs.replace(ROOMS, words="x" * 4_001),),
            (msgspec.structs.replace(ROOMS, pair=("en", "ru")),),
            (msgspec.structs.replace(VOICES, pair=()),),
            (msgspec.structs.replace(VOICES, pair=("en", "en")),),
            (msgspec.structs.replace(DAYS, ends=DAYS.begins),),
            (msgspec.structs.replace(DAYS, begins=None),),
            (msgspec.structs.replace(DAYS, begins=0),),
            tuple(msgspec.structs.replace(ROOMS, key=f"k{one}") for one in range(65)),
            tuple(msgspec.structs.replace(ROOMS, key=f"k{one}", words="x" * 4_000) for one in range(40)),
        ],
    )
    def test_what_breaks_its_form_is_void(self, smith: Talksmith, items) -> None:
        assert said(smith.post("A", requested(smith, items=items))) == ("void", "conditions-invalid")

    def test_a_sitting_is_named_by_its_id(self, smith: Talksmith) -> None:
        assert said(smith.post("A", requested(smith, sitting="the first"))) == ("void", "conditions-invalid")

    def test_while_the_talks_are_broken_off_nothing_is_asked(self, smith: Talksmith) -> None:
        smith.post("B", TalksBrokenOff())
        assert said(smith.post("A", requested(smith))) == ("void", "talks-broken-off")


class TestSigning:
    def test_each_delegation_signs_once(self, smith: Talksmith) -> None:
        event = agreed(smith)
        for name in "AB":
            verdict = smith.post(name, signed(smith, name, event))
            assert said(verdict) == VALID
        one = smith.replay.plenary.conditions["1"]
        assert {who: held.certificate for who, held in one.signed.items()} == {
            smith.id(name): smith.desk(name).certificate for name in "AB"
        }
        assert said(smith.post("A", signed(smith, "A", event))) == ("void", "conditions-signed-already")

    def test_nobody_signs_what_is_not_complete(self, smith: Talksmith) -> None:
        event = requested(smith)
        smith.post("A", event)
        assert said(smith.post("A", signed(smith, "A", event))) == ("void", "conditions-unknown")

    def test_the_signature_is_the_authors_over_the_request_for_this_purpose(self, smith: Talksmith) -> None:
        event = agreed(smith)
        other = requested(smith, items=(ROOMS,))
        as_act = smith.desk("A").signer.sign(Domain.ACT, msgspec.msgpack.encode(1))
        for wrong in (
            signed(smith, "B", event),
            signed(smith, "A", other),
            ConditionsSigned(number=1, signature=as_act),
            ConditionsSigned(number=1, signature=b""),
        ):
            assert said(smith.post("A", wrong)) == ("void", "conditions-signature")
        assert smith.replay.plenary.conditions["1"].signed == {}

    def test_without_the_power_it_waits_for_a_member_who_has_it(self, smith: Talksmith) -> None:
        smith.joined("A.second", powers=("speak",))
        event = agreed(smith)
        verdict = smith.post("A.second", signed(smith, "A.second", event))
        assert verdict.status == "ineffective"
        done = smith.post("A", ActConfirmed(index=verdict.index, act=smith.hash_of(verdict)))
        assert done.status == "valid"
        held = smith.replay.plenary.conditions["1"].signed[smith.id("A")]
        assert held.certificate == smith.desk("A.second").certificate
