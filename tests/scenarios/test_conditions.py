"""Conditions over a venue that really listens: asked together, signed by each, handed over, answered, shown."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.support.conditions import DAYS, ROOMS, agreed, request, signed_by_all
from tests.support.house import House

from good_offices.clerk.verifying import verified
from good_offices.desk import conditions
from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError, OperationalError, RemoteError
from good_offices.register.conditions import AnsweredItem, TwoAnswers
from good_offices.register.handed import HandedOver
from good_offices.transport.clear import Conditions, GivenAnswer
from good_offices.venue.clear import conditions as venue
from good_offices.venue.clear.table import Task

ROOM = AnsweredItem(key="rooms", says="confirmed")
LATER = AnsweredItem(
    key="days",
    says="changed",
    words="A week later",
    language="en",
    begins=DAYS.begins + 604_800_000,
    ends=DAYS.ends + 604_800_000,
)


def test_asked_together_handed_over_answered_item_by_item(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        ours, theirs = house.desks
        agreed(house)
        with pytest.raises(LocalError) as refused:
            conditions.hand_over(ours, 1)
        assert refused.value.code == "conditions-unsigned"
        signed_by_all(house)
        assert venue.asked(house.venue.folder) == []

        conditions.hand_over(ours, 1)
        conditions.hand_over(theirs, 1)  # the same again is answered as before
        (asked,) = venue.asked(house.venue.folder)
        assert asked.request.items[0].words == ROOMS.words
        assert asked.answer is None
        assert conditions.held(ours, 1).answer is None

        talks = asked.request.talks.hex()
        venue.note(house.venue.folder, talks, 1, "rooms", Task(owner="The house steward", done=True))
        venue.answer(house.venue.folder, talks, 1, [ROOM])
        venue.answer(house.venue.folder, talks, 1, [LATER])
        assert venue.named(house.venue.folder, talks[:8], 1).tasks["rooms"].done
        for desk in house.desks:
            desk.sync()
            answer = conditions.held(desk, 1).answer
            assert answer is not None
            assert answer.answer == 2
            assert [one.key for one in answer.items] == ["rooms", "days"]
            assert conditions.refused(desk) == ""
        # The checklist is the host's: nothing of it reaches a desk.
        assert b"steward" not in pack(ours.client.conditions(ours.common.ledger.register))


def test_clear_text_reaches_the_host_only_by_joint_act(tmp_path: Path) -> None:
    """What one delegation alone has, whatever it makes of it, is not taken; and the database holds none of it."""
    with House(tmp_path) as house:
        ours, theirs = house.desks
        agreed(house)
        signed_by_all(house)
        register = ours.common.ledger.register
        whole = unpack(conditions.handed_over(ours, 1), HandedOver)
        mine = next(
            one for one in whole.signed if one.desk.statement.delegation == ours.identity.place.delegation
        )
        other = pack(request(ours.identity.place.talks, ours.talks.roster.expected, items=(ROOMS,)))
        forged = {
            "one signature": HandedOver(clear=whole.clear, signed=(mine,)),
            "ours twice": HandedOver(clear=whole.clear, signed=(mine, mine)),
            "in another order": HandedOver(clear=whole.clear, signed=whole.signed[::-1]),
            "another request": HandedOver(clear=other, signed=whole.signed),
            "our key under their name": HandedOver(
                clear=whole.clear,
                signed=tuple(msgspec.structs.replace(one, signature=mine.signature) for one in whole.signed),
            ),
        }
        for name, one in forged.items():
            with pytest.raises(OperationalError) as refused:
                ours.client.hand_over(register, pack(one))
            assert refused.value.facts["why"] == "handed-over-unsigned", name
        with pytest.raises(OperationalError) as refused:
            ours.client.hand_over(register, b"\x00" * (3 * 1024 * 1024))
        assert refused.value.facts["why"] == "too-large"
        with pytest.raises(OperationalError) as refused:
            ours.client.hand_over(ours.caucus.ledger.register, pack(whole))
        assert refused.value.facts["why"] == "no-such-register"
        assert venue.asked(house.venue.folder) == []
        for name in ("venue.db", "venue.db-wal"):
            assert ROOMS.words.encode() not in (house.path / "venue" / name).read_bytes()
        assert theirs.client.conditions(register).requests == ()


def test_a_request_is_of_its_talks_alone(tmp_path: Path) -> None:
    with House(tmp_path / "one") as house, House(tmp_path / "other", ready=False, sync=True) as elsewhere:
        agreed(house)
        signed_by_all(house)
        data = conditions.handed_over(house.desks[0], 1)
        desk = elsewhere.desks[0]
        with pytest.raises(OperationalError) as refused:
            desk.client.hand_over(desk.common.ledger.register, data)
        assert refused.value.facts["why"] == "conditions-foreign"
        with pytest.raises(RemoteError) as foreign:
            venue.taken(elsewhere.venue.folder, data)
        assert foreign.value.code == "conditions-foreign"


def test_another_request_under_the_same_number_is_not_taken(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        agreed(house)
        signed_by_all(house)
        conditions.hand_over(house.desks[0], 1)
        (asked,) = venue.asked(house.venue.folder)
        other = asked.kept._replace(hash=bytes(32))
        with pytest.raises(RemoteError) as refused:
            venue.written(house.venue.folder, lambda writer: venue.take(writer, asked.register, other))
        assert refused.value.code == "conditions-number-taken"


def test_by_courier_in_files(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        ours = house.desks[0]
        agreed(house)
        signed_by_all(house)
        taken = venue.taken(house.venue.folder, conditions.handed_over(ours, 1))
        venue.answer(house.venue.folder, taken.talks.hex(), 1, [ROOM])
        assert conditions.take_file(ours, venue.exported(house.venue.folder, taken.talks.hex())) == 1
        assert conditions.held(ours, 1).answer is not None


class TestHostLies:
    @pytest.fixture
    def house(self, tmp_path: Path):
        with House(tmp_path) as house:
            agreed(house)
            signed_by_all(house)
            conditions.hand_over(house.desks[0], 1)
            agreed(house, number=2, items=(ROOMS,))
            signed_by_all(house, 2)
            conditions.hand_over(house.desks[0], 2)
            folder = house.venue.folder
            for number in (1, 2):
                venue.answer(folder, house.desks[0].identity.place.talks.hex(), number, [ROOM])
            yield house

    def told(self, house: House) -> Conditions:
        desk = house.desks[0]
        return desk.client.conditions(desk.common.ledger.register)

    def refused(self, house: House, told: Conditions) -> str:
        desk = house.desks[0]
        before = [conditions.held(desk, number) for number in (1, 2)]
        with pytest.raises(RemoteError) as why:
            conditions.take(desk, told)
        assert [conditions.held(desk, number) for number in (1, 2)] == before
        assert conditions.refused(desk) == str(why.value)
        return why.value.code

    def changed(self, told: Conditions, at: int, **fields) -> Conditions:
        rows = list(told.requests)
        rows[at] = msgspec.structs.replace(rows[at], **fields)
        return Conditions(requests=tuple(rows))

    def test_an_item_changed_under_its_signature(self, house: House) -> None:
        told = self.told(house)
        given = told.requests[0].given
        answer = unpack(given.answer, venue.ConditionsAnswer)
        other = msgspec.structs.replace(
            answer,
            items=(AnsweredItem(key="rooms", says="declined", words="No", language="en"),),
        )
        given = GivenAnswer(answer=pack(other), note=given.note)
        assert self.refused(house, self.changed(told, 0, given=given)) == "signature-invalid"

    def test_answers_swapped(self, house: House) -> None:
        told = self.told(house)
        swapped = self.changed(told, 0, given=told.requests[1].given)
        assert self.refused(house, swapped) == "conditions-answer-invalid"

    def test_an_item_that_was_not_asked_for(self, house: House) -> None:
        told = self.told(house)
        answer = unpack(told.requests[0].given.answer, venue.ConditionsAnswer)
        other = msgspec.structs.replace(answer, items=(AnsweredItem(key="gifts", says="confirmed"),))
        given = GivenAnswer(answer=pack(other), note=told.requests[0].given.note)
        assert self.refused(house, self.changed(told, 0, given=given)) == "conditions-answer-invalid"

    def test_two_answers_under_one_number_are_kept_beside_each_other(self, house: House) -> None:
        desk = house.desks[0]
        told = self.told(house)
        assert conditions.take(desk, told) == 2
        folder = house.venue.folder
        before = unpack(told.requests[0].given.answer, venue.ConditionsAnswer)
        other = msgspec.structs.replace(before, time=before.time + 1)
        signer = folder.signer().named(desk.common.ledger.keys.origin)
        note = signer.sign_text(venue.Answered.of(signer.origin, pack(other)).text())
        twice = self.changed(told, 0, given=GivenAnswer(answer=pack(other), note=note))
        assert self.refused(house, twice) == "conditions-answer-differs"
        data = (desk.storage.folder / "evidence" / "conditions-1-1.goodoffices").read_bytes()
        finding = verified(data)
        assert finding.valid, finding.failed
        assert finding.host == desk.common.ledger.keys.fingerprint
        two = unpack(data, TwoAnswers)
        same = msgspec.structs.replace(two, second=two.first)
        foreign = msgspec.structs.replace(
            two, second=msgspec.structs.replace(two.second, note=two.first.note)
        )
        assert [verified(pack(one)).valid for one in (same, foreign)] == [False, False]
        # The host's good answer is still taken, and the refusal is told no more.
        conditions.take(desk, told)
        assert conditions.refused(desk) == ""

    def test_an_answer_taken_back(self, house: House) -> None:
        told = self.told(house)
        conditions.take(house.desks[0], told)
        assert self.refused(house, self.changed(told, 0, given=None)) == "conditions-answer-differs"
        assert self.refused(house, Conditions(requests=told.requests[1:])) == "conditions-answer-differs"
        venue.answer(house.venue.folder, house.desks[0].identity.place.talks.hex(), 1, [LATER])
        conditions.take(house.desks[0], self.told(house))
        assert self.refused(house, told) == "conditions-answer-differs"


def test_what_the_host_may_not_answer(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        agreed(house)
        signed_by_all(house)
        conditions.hand_over(house.desks[0], 1)
        folder, talks = house.venue.folder, house.desks[0].identity.place.talks.hex()
        for wrong in (
            AnsweredItem(key="gifts", says="confirmed"),
            AnsweredItem(key="rooms", says="declined"),
            AnsweredItem(key="rooms", says="confirmed", begins=1),
            AnsweredItem(key="rooms", says="changed", words="x" * 4_001, language="en"),
            AnsweredItem(key="rooms", says="changed", words="x", language="no language"),
            AnsweredItem(key="rooms", says="changed", words="x", language="en", ends=1),
        ):
            with pytest.raises(LocalError) as refused:
                venue.answer(folder, talks, 1, [wrong])
            assert refused.value.code == "conditions-answer-invalid"
        venue.answer(folder, talks, 1, [ROOM], base=0)
        with pytest.raises(LocalError) as moved:
            venue.answer(folder, talks, 1, [LATER], base=0)
        assert moved.value.code == "conditions-answer-moved"
        for number, which in ((2, talks), (1, "00")):
            with pytest.raises(LocalError) as missing:
                venue.answer(folder, which, number, [ROOM])
            assert missing.value.code == "conditions-not-held"
        with pytest.raises(LocalError):
            venue.note(folder, talks, 1, "gifts", Task())
        with pytest.raises(LocalError):
            venue.note(folder, talks, 1, "rooms", Task(owner="x" * 501))


def test_three_delegations_by_the_same_rules(tmp_path: Path) -> None:
    with House(tmp_path, parties=3) as house:
        agreed(house)
        ours = house.desks[0]
        for desk in house.desks[:2]:
            desk.sync()
            desk.act("plenary", conditions.signed(desk, 1))
        ours.sync()
        with pytest.raises(LocalError) as refused:
            conditions.handed_over(ours, 1)
        assert refused.value.facts["missing"] == "Middle Basin"
        house.desks[2].sync()
        done = house.desks[2].act("plenary", conditions.signed(house.desks[2], 1))
        assert done.verdict.status == "valid"
        ours.sync()
        whole = unpack(conditions.handed_over(ours, 1), HandedOver)
        short = msgspec.structs.replace(whole, signed=whole.signed[:2])
        with pytest.raises(OperationalError) as unsigned:
            ours.client.hand_over(ours.common.ledger.register, pack(short))
        assert unsigned.value.facts["why"] == "handed-over-unsigned"
        house.desks[1].sync()
        conditions.hand_over(house.desks[1], 1)
        (asked,) = venue.asked(house.venue.folder)
        assert len(asked.request.delegations) == 3


def test_a_member_who_joined_later_signs_by_the_certificate_of_the_root(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        second = house.join(house.desks[0], "Deputy", powers=("agree", "speak"))
        house.desks.remove(second)
        agreed(house)
        house.desks.append(second)
        second.sync()
        assert second.act("plenary", conditions.signed(second, 1)).verdict.status == "valid"
        theirs = house.desks[1]
        theirs.sync()
        theirs.act("plenary", conditions.signed(theirs, 1))
        conditions.hand_over(theirs, 1)
        assert len(venue.asked(house.venue.folder)) == 1
