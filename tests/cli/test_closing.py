"""How the verbs close the talks: what they refuse to sign, and what has to be said for it."""

import pytest
from tests.support.house import House
from tests.support.seats import seats

DRAFT = """# Waters

1. The Parties share the waters.
"""


@pytest.fixture
def table(tmp_path):
    """Two delegations that have adopted a text which nobody has signed."""
    with House(tmp_path) as house:
        upper, lower = seats(house)
        (tmp_path / "draft.md").write_text(DRAFT)
        upper.do("text", "table", tmp_path / "draft.md", "--id", "waters")
        lower.do("desk", "sync")
        for words in (("agree", "--all"), ("lock", "--all"), ("adopt",)):
            both(upper, lower, "text", *words)
        yield upper, lower


def both(first, second, *words):
    first.do(*words)
    second.do("desk", "sync")
    answer = second.do(*words)
    first.do("desk", "sync")
    return answer


def code(answer):
    return answer.error.splitlines()[0]


UNSIGNED = "error: the text waters is adopted, and not signed by every delegation"


def test_talks_end_without_signature_only_if_both_say_so(table):
    upper, lower = table
    assert code(upper.refused("outcome", "close")) == UNSIGNED
    both(upper, lower, "outcome", "initial")
    refused = upper.refused("outcome", "close", "--new")
    assert code(refused) == UNSIGNED
    assert "outcome close --unsigned" in refused.error
    done = upper.do("outcome", "close", "--unsigned")
    lower.do("desk", "sync")
    assert code(lower.refused("outcome", "close")) == UNSIGNED
    assert code(lower.refused("act", "accept", done["index"])) == UNSIGNED
    assert lower.do("outcome", "close", "--unsigned")["complete"] is True
    assert lower.do("outcome", "show")["closed"] is True


def test_a_record_that_time_has_passed_by_is_not_accepted_by_any_verb(table):
    upper, lower = table
    for seat, other in ((upper, lower), (lower, upper)):
        produced = seat.do("outcome", "powers", "produce", "--ex-officio")
        other.do("desk", "sync")
        assert (
            other.do("outcome", "powers", "refuse", str(produced["index"]), "No minister signed it.")[
                "status"
            ]
            == "valid"
        )
        assert (
            "what it found stands" in other.refused("outcome", "powers", "find", str(produced["index"])).error
        )
        seat.do("outcome", "powers", "produce", "--ex-officio")
        other.do("desk", "sync")
        other.do("outcome", "powers", "find")
        seat.do("desk", "sync")
    both(upper, lower, "outcome", "sign")
    stale = upper.do("outcome", "close")
    lower.do("desk", "sync")
    both(upper, lower, "agenda", "propose", "The dam")
    for words in (("outcome", "close"), ("act", "accept", stale["index"])):
        refused = lower.refused(*words)
        assert "does not say what the record says (agenda)" in code(refused)
        assert "outcome close --new" in refused.error
    fresh = lower.do("outcome", "close", "--new")
    upper.do("desk", "sync")
    assert upper.do("act", "accept", fresh["index"])["complete"] is True
