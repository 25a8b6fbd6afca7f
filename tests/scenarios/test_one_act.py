"""One act, from the offer to a verdict at the other desk, through a venue that really listens."""

from tests.support.house import House

from good_offices.talks.events_plenary import StatementMade


def test_a_statement_reaches_the_other_side(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        done = upper.act("plenary", StatementMade(text="We are ready to talk.", language="en"))
        assert done.verdict is not None
        assert done.verdict.status == "valid"
        lower.sync()
        assert lower.common.verdicts[done.act].status == "valid"
        lines = [line for line in lower.common.lines() if line.act and line.act.event.name == "StatementMade"]
        assert [line.act.event.text for line in lines] == ["We are ready to talk."]
