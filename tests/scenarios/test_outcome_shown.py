"""What a desk shows of the delegations when it draws up a closing record, and what it signs unawares."""

import pytest
from tests.support.house import House

from good_offices.desk import outcome
from good_offices.desk.closing import check_present
from good_offices.errors import LocalError
from good_offices.instrument.verify import verify_outcome
from good_offices.talks.events_outcome import ClosingRecordSigned
from good_offices.talks.events_plenary import ItemAccepted, ItemProposed


def test_only_the_desks_that_are_expected_to_sign_are_shown(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        adviser = house.join(upper, "Adviser", powers=("agree", "sign", "speak"))
        house.settle()
        record = outcome.propose_closing(upper)
        upper.act("plenary", ClosingRecordSigned(record=record))
        lower.sync()
        lower.act("plenary", ClosingRecordSigned(record=outcome.proposed_closing(lower)))
        house.settle()
        data = outcome.export(upper)
        assert len(verify_outcome(data).cosigned_by) == 2
        assert adviser.identity.statement.member.encode() not in data
        assert adviser.identity.statement.cosigner not in record.cosigners
        # Whoever draws it up signs it, and is shown.
        shown = {one.index for one in outcome.propose_closing(adviser).disclosed}
        assert shown > {one.index for one in record.disclosed}


def test_a_record_that_time_has_passed_by_is_not_signed_unawares(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        record = outcome.propose_closing(upper)
        upper.act("plenary", ClosingRecordSigned(record=record))
        item = ItemProposed(title="The dam")
        upper.act("plenary", item)
        lower.sync()
        check_present(lower.talks, record)
        lower.act("plenary", ItemAccepted(item=item.content))
        size = lower.common.ledger.size
        # The rules would let it stand: the desk does not write it, whoever asks.
        with pytest.raises(LocalError) as refused:
            lower.act("plenary", ClosingRecordSigned(record=record))
        assert refused.value.code == "closing-differs"
        assert refused.value.facts["part"] == "agenda"
        assert lower.common.ledger.size == size
        assert lower.outgoing() == []


def sign(desk, record):
    return desk.act("plenary", ClosingRecordSigned(record=record)).verdict


def test_a_record_that_one_side_signs_later_takes_nothing_from_the_one_in_force(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        sign(upper, outcome.propose_closing(upper))
        lower.sync()
        waits = outcome.awaited_closing(lower)
        assert waits == outcome.proposed_closing(lower)
        sign(lower, waits)
        house.settle()
        assert outcome.awaited_closing(lower) is None
        newer = outcome.propose_closing(upper)
        assert newer != waits
        assert sign(upper, newer).status == "valid"
        house.settle()
        for desk in (upper, lower):
            assert desk.talks.plenary.closing == ClosingRecordSigned(record=waits).content
            assert len(verify_outcome(outcome.export(desk)).cosigned_by) == 2
        assert outcome.awaited_closing(upper) is None
        assert outcome.awaited_closing(lower) == newer


def test_what_one_signed_last_does_not_hide_what_the_other_signed_before(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        first = outcome.propose_closing(upper)
        sign(upper, first)
        lower.sync()
        second = outcome.propose_closing(lower)
        sign(lower, second)
        house.settle()
        assert outcome.proposed_closing(lower) == second
        assert outcome.awaited_closing(lower) == first
        assert outcome.awaited_closing(upper) == second
