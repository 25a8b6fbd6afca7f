"""Four eyes in the caucus: spec/papers.md R-129."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.talksmith import Talksmith

from good_offices.encoding import pack
from good_offices.talks.consent import ConsentRule, ConsentState, Draft
from good_offices.talks.events_papers import ConsentAsked, ConsentGiven, ConsentRuleSet, ConsentUsed
from good_offices.talks.events_plenary import NotePassed, TalksBrokenOff, TalksConcluded

VALID = ("valid", None)
RULE = ConsentRuleSet(acts=("TalksBrokenOff", "TalksConcluded"), consents=1)
DRAFT = Draft(room="00" * 16, event=TalksBrokenOff(text="Enough", language="en"))
ASKED = ConsentAsked(draft=pack(DRAFT))
GIVEN = ConsentGiven(content=DRAFT.content)


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def smith() -> Talksmith:
    made = Talksmith(2, signing=False)
    made.joined("A.second", powers=("speak",))
    made.joined("A.third", powers=("speak",))
    made.caucus("A")
    return made


def state(smith: Talksmith) -> ConsentState:
    return smith.caucus("A")[1].caucus.consent


class TestRules:
    def test_a_head_sets_the_first_rule_and_nobody_alone_changes_it(self, smith: Talksmith) -> None:
        assert said(smith.caucus_post("A.second", RULE)) == ("void", "consent-not-head")
        assert said(smith.caucus_post("A", RULE)) == VALID
        assert state(smith).rule.consents == 1
        assert said(smith.caucus_post("A", RULE)) == ("void", "consent-rule-in-force")
        none = ConsentRuleSet(acts=(), consents=0)
        assert said(smith.caucus_post("A", none)) == VALID
        assert state(smith).rule.consents == 1
        assert said(smith.caucus_post("A", none)) == ("void", "consent-given")
        assert said(smith.caucus_post("A.second", none)) == VALID
        assert state(smith).rule.consents == 0
        assert not state(smith).proposed

    def test_the_word_of_a_member_who_was_recalled_does_not_count(self, smith: Talksmith) -> None:
        assert said(smith.caucus_post("A", ConsentRuleSet(acts=("TalksBrokenOff",), consents=1))) == VALID
        assert said(smith.caucus_post("A.second", RULE)) == VALID
        assert said(smith.post("A", smith.recall("A.second"), room="roster")) == VALID
        smith.caucus_issue("A")
        assert said(smith.caucus_post("A.third", RULE)) == VALID
        assert state(smith).rule.acts == ("TalksBrokenOff",)
        assert said(smith.caucus_post("A", RULE)) == VALID
        assert state(smith).rule.acts == RULE.acts

    def test_the_last_member_is_not_locked_in(self, smith: Talksmith) -> None:
        assert said(smith.caucus_post("A", ConsentRuleSet(acts=("TalksBrokenOff",), consents=9))) == VALID
        for name in ("A.second", "A.third"):
            smith.post("A", smith.recall(name), room="roster")
        smith.caucus_issue("A")
        assert said(smith.caucus_post("A", ConsentRuleSet(acts=(), consents=0))) == VALID
        assert state(smith).rule.consents == 0

    @pytest.mark.parametrize(
        "rule",
        [
            ConsentRuleSet(acts=("StatementMade",), consents=1),
            ConsentRuleSet(acts=("NoSuchAct",), consents=1),
            ConsentRuleSet(acts=("TalksConcluded", "TalksBrokenOff"), consents=1),
            ConsentRuleSet(acts=("TalksBrokenOff", "TalksBrokenOff"), consents=1),
            ConsentRuleSet(acts=("TalksBrokenOff",), consents=0),
            ConsentRuleSet(acts=("TalksBrokenOff",), consents=10),
            ConsentRuleSet(acts=("TalksBrokenOff",), consents=-1),
            ConsentRuleSet(acts=(), consents=1),
        ],
    )
    def test_what_is_no_rule(self, smith: Talksmith, rule: ConsentRuleSet) -> None:
        assert said(smith.caucus_post("A", rule)) == ("void", "consent-rule")

    def test_no_more_is_asked_for_than_there_are_others(self) -> None:
        held = ConsentState()
        assert held.needed("TalksBrokenOff", 5) == 0


class TestConsent:
    def test_another_member_consents_to_these_words(self, smith: Talksmith) -> None:
        assert said(smith.caucus_post("A.second", ASKED)) == VALID
        assert said(smith.caucus_post("A", GIVEN)) == VALID
        drafted = state(smith).drafts[DRAFT.content.hex()]
        assert drafted.name == "TalksBrokenOff"
        assert drafted.others(smith.desk("A").member) == {smith.desk("A.second").member}
        assert drafted.others(smith.desk("A.third").member) == {
            smith.desk(one).member for one in ("A", "A.second")
        }
        assert said(smith.caucus_post("A.second", ConsentUsed(content=DRAFT.content, act=bytes(32)))) == VALID
        assert not state(smith).drafts

    def test_not_who_asked_and_not_twice(self, smith: Talksmith) -> None:
        assert said(smith.caucus_post("A.second", ASKED)) == VALID
        assert said(smith.caucus_post("A.second", GIVEN)) == ("void", "consent-own")
        assert said(smith.caucus_post("A.third", ASKED)) == ("void", "consent-asked")
        assert said(smith.caucus_post("A", GIVEN)) == VALID
        assert said(smith.caucus_post("A", GIVEN)) == ("void", "consent-given")

    def test_not_another_desk_of_who_asked(self, smith: Talksmith) -> None:
        smith.joined("A.laptop", member=smith.desk("A.second").member)
        smith.caucus_issue("A")
        assert said(smith.caucus_post("A.second", ASKED)) == VALID
        assert said(smith.caucus_post("A.laptop", GIVEN)) == ("void", "consent-own")

    def test_nothing_else_than_what_waits(self, smith: Talksmith) -> None:
        assert said(smith.caucus_post("A.second", ASKED)) == VALID
        for content in (bytes(32), b""):
            assert said(smith.caucus_post("A", ConsentGiven(content=content))) == ("void", "consent-unknown")
        assert said(smith.caucus_post("A", ConsentUsed(content=bytes(32), act=b""))) == (
            "void",
            "consent-unknown",
        )

    def test_after_recall_nobody_consents(self, smith: Talksmith) -> None:
        assert said(smith.caucus_post("A.second", ASKED)) == VALID
        act = smith.caucus_act("A.third", GIVEN)
        assert said(smith.post("A", smith.recall("A.third"), room="roster")) == VALID
        late = msgspec.structs.replace(act, common=smith.common.seen(smith.common.tree.size))
        assert said(smith.caucus_put(late, smith.desk("A.third"))) == ("void", "desk-recalled")
        assert not state(smith).drafts[DRAFT.content.hex()].given

    @pytest.mark.parametrize(
        "draft", [b"", b"\xa0", pack(Draft(room="", event=NotePassed(text="a", language="en")))]
    )
    def test_what_is_no_draft(self, smith: Talksmith, draft: bytes) -> None:
        assert said(smith.caucus_post("A.second", ConsentAsked(draft=draft))) == ("void", "consent-draft")

    def test_the_content_leaves_out_the_time_limit_and_keeps_the_room(self) -> None:
        first = Draft(room="a", event=TalksConcluded(until=5))
        assert first.content == Draft(room="a", event=TalksConcluded(until=9)).content
        assert first.content != Draft(room="b", event=TalksConcluded()).content

    def test_it_stands_in_the_caucus_alone(self, smith: Talksmith) -> None:
        for event in (RULE, ASKED, GIVEN, ConsentUsed(content=bytes(32), act=b"")):
            assert said(smith.post("A", event)) == ("void", "room-wrong")

    def test_a_snapshot_keeps_it(self, smith: Talksmith) -> None:
        smith.caucus_post("A", RULE)
        smith.caucus_post("A.second", ASKED)
        register, replay = smith.caucus("A")
        again = type(replay).restored(replay.snapshot(), smith.replay, register.tree)
        assert again.caucus.consent == replay.caucus.consent
        assert again.caucus.digest == replay.caucus.digest


def test_no_more_members_must_consent_than_there_are_others() -> None:
    state = ConsentState(rule=ConsentRule(acts=("TalksBrokenOff",), consents=2))
    assert [state.needed("TalksBrokenOff", others) for others in (0, 1, 2, 5)] == [0, 1, 2, 2]
    assert state.needed("TalksConcluded", 5) == 0
