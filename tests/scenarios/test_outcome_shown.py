"""What a desk shows of the delegations when it draws up a closing record, and what it signs unawares."""

import pytest
from tests.support.house import House

from good_offices.desk import outcome
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
        outcome.check_present(lower, record)
        lower.act("plenary", ItemAccepted(item=item.content))
        with pytest.raises(LocalError) as refused:
            outcome.check_present(lower, outcome.proposed_closing(lower))
        assert refused.value.code == "closing-differs"
        assert refused.value.facts["part"] == "agenda"
