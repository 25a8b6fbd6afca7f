"""Groups of acts for a rule of consent: every act that binds is in exactly one, and people have a word for it."""

from __future__ import annotations

from good_offices.clerk.consent_words import CALLED, GROUPS, acts_that_bind, called
from good_offices.talks.rules import RULES

# Acts that have no better word than "everything else". A new act that binds goes into a group, or is added here on purpose.
OTHER = {
    "ActConfirmed",
    "FullPowersFoundInOrder",
    "FullPowersFoundNotInOrder",
    "GuestInvited",
    "RulesUpgraded",
    "VenueChanged",
}


def test_every_act_that_binds_is_in_one_group() -> None:
    grouped = [name for group in GROUPS.values() for name in group]
    assert sorted(grouped) == sorted(name for name, rule in RULES.items() if rule.binding) == acts_that_bind()
    assert set(GROUPS["other"]) == OTHER
    assert set(GROUPS) == set(CALLED) - {"all"}


def test_no_group_names_what_does_not_bind_or_is_not_there() -> None:
    for name, group in GROUPS.items():
        assert list(group) == sorted(set(group)), name
        assert all(RULES[one].binding for one in group), name


def test_a_rule_is_told_in_words_whole_and_in_part() -> None:
    assert called(acts_that_bind()) == [CALLED["all"]]
    assert called(GROUPS["course"]) == [CALLED["course"]]
    assert called(["TalksConcluded"]) == [f"in part: {CALLED['course']}"]
