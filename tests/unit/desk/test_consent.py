"""The desk's own guard of four eyes, over a real venue: spec/papers.md R-129."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import House

from good_offices.clerk import meeting_acts
from good_offices.desk import consent, expecting, people
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks.events_meetings import SittingAccepted
from good_offices.talks.events_papers import ConsentAsked, ConsentGiven, ConsentRuleSet
from good_offices.talks.events_plenary import (
    ActConfirmed,
    ItemAccepted,
    ItemProposed,
    StatementMade,
    TalksAdjourned,
    TalksBrokenOff,
    TalksResumed,
)

RULE = ConsentRuleSet(acts=("TalksAdjourned", "TalksBrokenOff"), consents=1)
ENOUGH = TalksBrokenOff(text="Enough", language="en")
POWERS = ("agree", "speak")


def ready(house: House) -> None:
    """Bring in a second member of the first delegation, and its rule."""
    head = house.desks[0]
    house.join(head, "Second", powers=POWERS)
    assert head.act("caucus", RULE).verdict.status == "valid"
    house.settle()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, 2, played=ready) as made:
        yield made


def refused(desk: Desk, event: Any) -> str:
    with pytest.raises(LocalError) as found:
        desk.act("plenary", event)
    return found.value.code


def ask(desk: Desk) -> bytes:
    event = consent.asking(desk, "May we?", "en")
    assert isinstance(event, ConsentAsked)
    assert desk.act("caucus", event).verdict.status == "valid"
    return consent.held(desk).content


class TestTheGuard:
    def test_what_the_rule_names_does_not_leave_before_another_member_consents(self, house: House) -> None:
        head, other, second = house.desks
        assert refused(head, ENOUGH) == "consent-missing"
        assert not head.outgoing()
        assert head.act("plenary", StatementMade(text="Still here", language="en")).verdict.status == "valid"
        content = ask(head)
        assert refused(head, ENOUGH) == "consent-missing"
        second.sync()
        (drafted,) = second.home.caucus.consent.drafts.values()
        assert consent.draft_of(second, drafted).event == ENOUGH
        assert second.act("caucus", ConsentGiven(content=content)).verdict.status == "valid"
        head.sync()
        assert head.act("plenary", ENOUGH).verdict.status == "valid"
        other.sync()
        assert other.talks.plenary.course.standing == "broken-off"
        house.settle()
        assert not second.home.caucus.consent.drafts

    def test_a_consent_is_for_one_act_and_for_its_words(self, house: House) -> None:
        head, other, second = house.desks
        refused(head, ENOUGH)
        content = ask(head)
        second.sync()
        second.act("caucus", ConsentGiven(content=content))
        head.sync()
        assert refused(head, TalksBrokenOff(text="Enough!", language="en")) == "consent-missing"
        assert refused(head, TalksAdjourned()) == "consent-missing"
        head.act("plenary", ENOUGH)
        for desk in (head, other):
            desk.sync()
            desk.act("plenary", TalksResumed())
        head.sync()
        assert head.talks.plenary.course.standing == "running"
        assert refused(head, ENOUGH) == "consent-missing"

    def test_the_member_who_consented_may_do_it_and_the_one_who_asked_counts(self, house: House) -> None:
        head, _other, second = house.desks
        refused(head, ENOUGH)
        ask(head)
        second.sync()
        assert second.act("plenary", ENOUGH).verdict.status == "valid"

    def test_a_consent_ends_with_its_member(self, house: House) -> None:
        head, _other, second = house.desks
        house.join(head, "Third", powers=POWERS)
        refused(head, ENOUGH)
        content = ask(head)
        second.sync()
        second.act("caucus", ConsentGiven(content=content))
        people.recall(head, second.identity.person.member, house.root(head))
        head.sync()
        assert refused(head, ENOUGH) == "consent-missing"

    def test_the_last_member_is_not_locked_out(self, house: House) -> None:
        head, _other, second = house.desks
        people.recall(head, second.identity.person.member, house.root(head))
        head.sync()
        assert head.act("plenary", ENOUGH).verdict.status == "valid"

    def test_what_the_rules_refuse_asks_nobody(self, house: House) -> None:
        head = house.desks[0]
        consent.forget(head)
        assert refused(head, TalksResumed()) == "talks-running"
        assert consent.held(head) is None
        with pytest.raises(LocalError) as found:
            consent.asking(head)
        assert found.value.code == "consent-nothing"

    def test_other_software_passes_it_by_and_the_act_stands(self, house: House) -> None:
        head = house.desks[0]
        head.write("plenary", ENOUGH)
        head.send()
        head.sync()
        assert head.talks.plenary.course.standing == "broken-off"

    def test_to_propose_what_the_other_side_proposed_is_to_accept_it(self, house: House) -> None:
        head, other, second = house.desks
        stricter = ConsentRuleSet(acts=("ItemAccepted",), consents=1)
        for desk in (head, second):
            assert desk.act("caucus", stricter).verdict.status == "valid"
            house.settle()
        item = ItemProposed(title="Water")
        assert head.act("plenary", ItemProposed(title="Fish")).verdict.status == "valid"
        assert other.act("plenary", item).verdict.status == "valid"
        head.sync()
        assert refused(head, ItemAccepted(item=item.content)) == "consent-missing"
        assert refused(head, item) == "consent-missing"
        assert consent.lacking(head, consent.held(head)) == 1
        content = ask(head)
        second.sync()
        assert second.act("caucus", ConsentGiven(content=content)).verdict.status == "valid"
        head.sync()
        assert head.act("plenary", item).verdict.status == "valid"
        assert head.talks.plenary.agenda[item.content.hex()].agreed

    def test_to_confirm_an_act_is_to_do_it_and_two_stand_behind_it(self, house: House) -> None:
        head, _, second = house.desks
        clerk = house.join(head, "Clerk", powers=("speak",))
        kept = clerk.write("plenary", ENOUGH, unconfirmed=True)  # as other software would
        clerk.send()
        house.settle()
        index = head.talks.plenary.unconfirmed[kept.hex()].done.index
        confirm = ActConfirmed(index=index, act=kept)
        assert consent.does(head, head.room_id("plenary"), confirm) == {"ActConfirmed", "TalksBrokenOff"}
        two = ConsentRuleSet(acts=("TalksBrokenOff",), consents=2)
        for desk in (head, second):
            assert desk.act("caucus", two).verdict.status == "valid"
            house.settle()
        assert refused(head, confirm) == "consent-missing"
        assert consent.lacking(head, consent.held(head)) == 1
        content = ask(head)
        second.sync()
        assert second.act("caucus", ConsentGiven(content=content)).verdict.status == "valid"
        head.sync()
        assert head.act("plenary", confirm).verdict.status == "valid"
        assert head.talks.plenary.course.standing == "broken-off"

    def test_the_other_side_has_no_rule_of_ours(self, house: House) -> None:
        other = house.desks[1]
        assert other.home.caucus.consent.rule.consents == 0
        assert other.act("plenary", ENOUGH).verdict.status == "valid"

    def test_without_a_network_it_is_the_same(self, house: House) -> None:
        head, _other, second = house.desks
        refused(head, ENOUGH)
        content = ask(head)
        second.sync()
        second.act("caucus", ConsentGiven(content=content))
        head.sync()
        head.talk_by(courier=True)
        head.act("plenary", ENOUGH)
        assert [one.room for one in head.outgoing()] == [head.rooms["plenary"], head.rooms["caucus"]]
        head.talk_by(courier=False)
        head.sync()
        assert head.talks.plenary.course.standing == "broken-off"


class TestExpectations:
    def test_a_rule_that_names_them_holds_them_back_and_the_same_go_after_consent(self, house: House) -> None:
        head, other, second = house.desks
        terms = meeting_acts.proposed(
            head, title="First", level="experts", start=1_900_000_000_000, end=1_900_003_600_000,
            zones=[("Verin", "Europe/Zurich")],
        )  # fmt: skip
        head.act("plenary", terms)
        other.sync()
        other.act("plenary", SittingAccepted(sitting=terms.content))
        # The rule in force is replaced when two have set the same.
        rule = ConsentRuleSet(acts=("ExpectationsSealed",), consents=1)
        head.sync()
        head.act("caucus", rule)
        second.sync()
        second.act("caucus", rule)
        house.settle()
        words = {"en": "A date for the dam."}
        with pytest.raises(LocalError) as found:
            expecting.seal_expectations(head, terms.content, words, deniable=True)
        assert found.value.code == "consent-missing"
        assert not head.outgoing()
        content = ask(head)
        second.sync()
        assert second.act("caucus", ConsentGiven(content=content)).verdict.status == "valid"
        head.sync()
        with pytest.raises(LocalError) as found:
            expecting.seal_expectations(head, terms.content, {"en": "Other words."}, deniable=True)
        assert found.value.code == "consent-missing"
        expecting.seal_expectations(head, terms.content, words, deniable=True)
        assert expecting.own_words(head, terms.content) == words
        house.settle()
        assert not second.home.caucus.consent.drafts
