"""R-15: an author who computed another state is a doubt; nothing that binds leaves before a member has decided."""

import msgspec
import pytest
from tests.support.house import House

from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks.events_plenary import Modalities, ModalitiesProposed, StatementMade


def _proposal(desk):
    names = {
        one: {other: other[:8] for other in desk.talks.roster.expected} for one in desk.talks.roster.expected
    }
    modalities = Modalities(names=names, authentic=("en",), working=("en",), levels=("experts",))
    return ModalitiesProposed(modalities=modalities)


def test_a_doubt_stops_what_binds_until_a_member_decides(tmp_path, monkeypatch):
    with House(tmp_path) as house:
        upper, lower = house.desks
        honest = Desk.standing
        with monkeypatch.context() as patched:
            patched.setattr(
                Desk,
                "standing",
                lambda desk, *rest: msgspec.structs.replace(honest(desk, *rest), state=bytes(32)),
            )
            upper.act("plenary", StatementMade(text="I count otherwise.", language="en"))
        lower.sync()
        assert [index for _, index in lower.doubts()]
        with pytest.raises(LocalError) as refused:
            lower.act("plenary", _proposal(lower))
        assert refused.value.code == "state-differs"
        assert (
            lower.act("plenary", StatementMade(text="We count again.", language="en")).verdict.status
            == "valid"
        )
        assert lower.decide() == 1
        assert lower.act("plenary", _proposal(lower)).verdict.status == "valid"
        again = house.reopen(lower)
        assert again.doubts() == []
