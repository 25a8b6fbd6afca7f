"""The plenary without a text: spec/talks.md R-30 to R-46."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.talksmith import START, Talksmith

from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    AnnexFiled,
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
    IncidentNotified,
    ItemAccepted,
    ItemProposed,
    ItemWithdrawn,
    Modalities,
    ModalitiesAccepted,
    ModalitiesProposed,
    NotePassed,
    PublicStatementRecorded,
    StatementMade,
    TalksAdjourned,
    TalksBrokenOff,
    TalksConcluded,
    TalksResumed,
)
from good_offices.talks.verdict import AcceptanceExpired, Completed, Confirmed, Undone, Waiting

HELLO = StatementMade(text="Good morning", language="en")
ITEM = ItemProposed(title="The waters of the river")
VALID = ("valid", None)


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


def terms(smith: Talksmith, **fields) -> Modalities:
    ids = [party.id for party in smith.parties.values()]
    names = {one: {other: f"Side {ids.index(other)}" for other in ids} for one in ids}
    return Modalities(
        **({"names": names, "authentic": ("en", "ru"), "working": ("en",), "levels": ("experts",)} | fields)
    )


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(2, signing=False)


@pytest.fixture
def five() -> Talksmith:
    return Talksmith(5, signing=False)


class TestJointActs:
    def test_complete_when_every_delegation_has_accepted(self, five: Talksmith) -> None:
        assert said(five.post("C", ITEM)) == VALID
        for name in "ABD":
            verdict = five.post(name, ItemAccepted(item=ITEM.content))
            assert verdict.effects == ()
            assert not five.replay.plenary.agenda[ITEM.content.hex()].agreed
        verdict = five.post("E", ItemAccepted(item=ITEM.content))
        assert verdict.effects == (Completed(content=ITEM.content, event="ItemProposed"),)
        assert five.replay.plenary.agenda[ITEM.content.hex()].agreed
        assert five.replay.plenary.joint == {}

    def test_one_voice_a_delegation(self, smith: Talksmith) -> None:
        smith.joined("A.second")
        smith.post("A", ITEM)
        assert smith.post("A.second", ItemAccepted(item=ITEM.content)).effects == ()
        assert not smith.replay.plenary.agenda[ITEM.content.hex()].agreed

    def test_proposing_the_same_is_accepting_it(self, smith: Talksmith) -> None:
        smith.post("A", ITEM)
        smith.post("B", msgspec.structs.replace(ITEM, until=START + 10**9))
        assert smith.replay.plenary.agenda[ITEM.content.hex()].agreed

    def test_acceptances_expire_by_the_claimed_time_of_the_completing_act(self, smith: Talksmith) -> None:
        smith.post("A", msgspec.structs.replace(ITEM, until=START + 500))
        verdict = smith.post("B", ItemAccepted(item=ITEM.content), time=START + 501)
        assert said(verdict) == VALID
        assert verdict.effects == (AcceptanceExpired(content=ITEM.content, delegation=smith.id("A")),)
        assert not smith.replay.plenary.agenda[ITEM.content.hex()].agreed
        assert smith.post("A", ItemAccepted(item=ITEM.content), time=START + 600).effects != ()
        assert smith.replay.plenary.agenda[ITEM.content.hex()].agreed

    def test_acceptances_are_withdrawn_until_complete(self, smith: Talksmith) -> None:
        smith.post("A", ITEM)
        gone = AcceptanceWithdrawn(content=ITEM.content)
        assert said(smith.post("B", gone)) == ("void", "acceptance-unknown")
        assert said(smith.post("A", gone)) == VALID
        assert smith.replay.plenary.joint == {}
        assert smith.post("B", ItemAccepted(item=ITEM.content)).effects == ()
        assert smith.post("A", ItemAccepted(item=ITEM.content)).effects != ()
        assert said(smith.post("A", gone)) == ("void", "acceptance-unknown")

    def test_three_of_five_may_withdraw_and_the_others_stand(self, five: Talksmith) -> None:
        for name in "ABCD":
            five.post(name, ITEM)
        for name in "BC":
            five.post(name, AcceptanceWithdrawn(content=ITEM.content))
        assert five.replay.plenary.joint[ITEM.content.hex()].accepted.keys() == {five.id("A"), five.id("D")}


class TestModalities:
    def test_in_force_when_all_accepted_the_same_hash(self, smith: Talksmith) -> None:
        first = ModalitiesProposed(modalities=terms(smith))
        smith.post("A", first)
        assert smith.replay.plenary.modalities is None
        smith.post("B", ModalitiesAccepted(modalities=first.content))
        assert smith.replay.plenary.modalities.modalities == first.modalities
        assert said(smith.post("B", ModalitiesAccepted(modalities=first.content))) == (
            "void",
            "modalities-in-force",
        )
        second = ModalitiesProposed(
            modalities=terms(smith, confidentiality="chatham-house"), base=first.content
        )
        assert [said(one) for one in smith.both(second)] == [VALID, VALID]
        assert smith.replay.plenary.modalities.content == second.content

    def test_full_powers_found_not_in_order_are_not_accepted(self, five: Talksmith) -> None:
        act = five.hash_of(five.post("A", FullPowersProduced(member=five.desk("A").member, ex_officio=True)))
        refuse = FullPowersFoundNotInOrder(produced=act, text="The seal is missing.", language="en")
        find = FullPowersFoundInOrder(produced=act)
        assert said(five.post("A", refuse)) == ("void", "full-powers-own")
        silent = msgspec.structs.replace(refuse, text=" ")
        assert said(five.post("B", silent)) == ("void", "reason-missing")
        unknown = msgspec.structs.replace(refuse, produced=bytes(32))
        assert said(five.post("B", unknown)) == ("void", "full-powers-unknown")
        assert said(five.post("B", refuse)) == VALID
        # What was found is not taken back, neither way.
        assert said(five.post("B", find)) == ("void", "full-powers-found-already")
        assert said(five.post("C", find)) == VALID
        assert said(five.post("C", refuse)) == ("void", "full-powers-found-already")
        powers = five.replay.plenary.powers[act.hex()]
        assert (set(powers.refused), set(powers.found)) == ({five.id("B")}, {five.id("C")})

    def test_refusals(self, smith: Talksmith) -> None:
        post = lambda event: said(smith.post("A", event))  # noqa: E731
        assert post(ModalitiesAccepted(modalities=bytes(32))) == ("void", "modalities-unknown")
        assert post(ModalitiesProposed(modalities=terms(smith, names={}))) == ("void", "modalities-invalid")
        assert post(ModalitiesProposed(modalities=terms(smith, release=("x",)))) == (
            "void",
            "modalities-invalid",
        )
        assert post(ModalitiesProposed(modalities=terms(smith, authentic=()))) == (
            "void",
            "modalities-invalid",
        )
        stale = ModalitiesProposed(modalities=terms(smith), base=bytes(32))
        assert post(stale) == ("void", "modalities-stale")

    def _two(self, smith: Talksmith) -> tuple[ModalitiesProposed, ModalitiesProposed]:
        mine = ModalitiesProposed(modalities=terms(smith, other="mine"))
        theirs = ModalitiesProposed(modalities=terms(smith, other="theirs"))
        assert said(smith.post("A", mine)) == VALID
        assert said(smith.post("B", theirs)) == VALID
        return mine, theirs

    def test_two_that_crossed_stand_beside_each_other(self, smith: Talksmith) -> None:
        mine, theirs = self._two(smith)
        size = smith.common.tree.size
        settled = smith.post("B", ModalitiesAccepted(modalities=mine.content), seen=size)
        assert smith.replay.plenary.modalities.content == mine.content
        verdict = smith.post("A", ModalitiesAccepted(modalities=theirs.content), seen=size)
        assert said(verdict) == ("ineffective", "crossed")
        assert verdict.effects == (Undone(index=settled.index, content=mine.content),)
        assert smith.replay.plenary.modalities is None
        pending = smith.replay.plenary.joint
        assert pending[mine.content.hex()].accepted.keys() == {smith.id("A")}
        assert pending[theirs.content.hex()].accepted.keys() == {smith.id("B")}
        smith.post("A", ModalitiesAccepted(modalities=theirs.content))
        assert smith.replay.plenary.modalities.content == theirs.content

    def test_what_was_seen_does_not_cross(self, smith: Talksmith) -> None:
        mine, theirs = self._two(smith)
        smith.post("B", ModalitiesAccepted(modalities=mine.content))
        verdict = smith.post("A", ModalitiesAccepted(modalities=theirs.content))
        assert said(verdict) == ("void", "modalities-stale")

    def test_what_was_replaced_meanwhile_stays(self) -> None:
        smith = Talksmith(3, signing=False)
        mine, theirs = self._two(smith)
        again = ModalitiesProposed(modalities=terms(smith, other="again"), base=mine.content)
        size = smith.common.tree.size
        smith.post("A", ModalitiesAccepted(modalities=theirs.content), seen=size)
        for name in "CB":
            smith.post(name, ModalitiesAccepted(modalities=mine.content), seen=size)
        assert smith.replay.plenary.modalities.content == mine.content
        smith.post("A", again, seen=size)
        for name in "BC":
            smith.post(name, ModalitiesAccepted(modalities=again.content), seen=size)
        # C would complete what B proposed, over what was before both; but two settlements stand between.
        assert said(smith.post("C", ModalitiesAccepted(modalities=theirs.content), seen=size)) in (
            ("void", "crossed-late"),
            ("void", "modalities-stale"),
        )
        assert smith.replay.plenary.modalities.content == again.content

    def test_what_was_built_upon_stays(self, smith: Talksmith) -> None:
        mine, theirs = self._two(smith)
        size = smith.common.tree.size
        smith.post("B", ModalitiesAccepted(modalities=mine.content), seen=size)
        # A second change completes over the first before A's late acceptance arrives.
        again = ModalitiesProposed(modalities=terms(smith, other="again"), base=mine.content)
        smith.joined("A.second")
        smith.post("B", again)
        undo = next(iter(smith.replay.plenary.undo.values()))
        assert not undo.late
        smith.post("A.second", ModalitiesAccepted(modalities=again.content))
        assert said(smith.post("A", ModalitiesAccepted(modalities=theirs.content), seen=size)) == (
            "void",
            "modalities-stale",
        )


class TestAgenda:
    def test_items_are_withdrawn_alone_before_and_together_after(self, smith: Talksmith) -> None:
        gone = ItemWithdrawn(item=ITEM.content)
        assert said(smith.post("A", gone)) == ("void", "item-unknown")
        assert said(smith.post("A", ItemAccepted(item=ITEM.content))) == ("void", "item-unknown")
        smith.post("A", ITEM)
        assert said(smith.post("B", gone)) == ("void", "item-not-yours")
        assert said(smith.post("A", gone)) == VALID
        assert smith.replay.plenary.agenda == {}
        smith.both(ITEM)
        assert said(smith.post("A", ITEM)) == ("void", "item-agreed")
        assert said(smith.post("A", gone)) == VALID
        assert smith.replay.plenary.agenda != {}
        assert said(smith.post("B", gone)) == VALID
        assert smith.replay.plenary.agenda == {}


class TestCourse:
    def test_one_breaks_off_and_all_resume_where_they_stood(self, smith: Talksmith) -> None:
        smith.post("A", ITEM)
        smith.post("A", TalksAdjourned(date="tomorrow"))
        assert said(smith.post("B", TalksBrokenOff(text="Enough.", language="en"))) == VALID
        course = smith.replay.plenary.course
        assert (course.standing, course.by) == ("broken-off", smith.id("B"))
        assert smith.replay.plenary.joint.keys() == {ITEM.content.hex()}
        broken = ("void", "talks-broken-off")
        assert said(smith.post("A", HELLO)) == broken
        assert said(smith.post("A", ItemAccepted(item=ITEM.content))) == broken
        assert said(smith.post("A", TalksBrokenOff())) == broken
        assert said(smith.post("A", NotePassed(text="x", language="en"))) == broken
        assert said(smith.post("A", NotePassed(text="x", language="en", urgent=True))) == VALID
        assert said(smith.post("B", IncidentNotified(text="x", language="en"))) == VALID
        assert said(smith.issue("A", smith.plenary_room)) == VALID
        assert said(smith.post("A", TalksResumed())) == VALID
        assert said(smith.post("A", HELLO)) == broken
        assert said(smith.post("B", TalksResumed())) == VALID
        assert smith.replay.plenary.course.standing == "running"
        assert said(smith.post("B", ItemAccepted(item=ITEM.content))) == VALID
        assert smith.replay.plenary.agenda[ITEM.content.hex()].agreed

    def test_running_talks_cannot_be_resumed(self, smith: Talksmith) -> None:
        assert said(smith.post("A", TalksResumed())) == ("void", "talks-running")

    def test_adjourned_talks_rest_and_nothing_is_refused(self, smith: Talksmith) -> None:
        smith.both(TalksAdjourned(date="in spring", place="by the lake"))
        assert smith.replay.plenary.course.standing == "adjourned"
        assert said(smith.post("A", HELLO)) == VALID
        smith.both(TalksResumed())
        assert smith.replay.plenary.course.standing == "running"

    def test_after_conclusion_only_what_completes_it(self, smith: Talksmith) -> None:
        assert [said(one) for one in smith.both(TalksConcluded())] == [VALID, VALID]
        over = ("void", "talks-concluded")
        assert said(smith.post("A", HELLO)) == over
        assert said(smith.post("A", ITEM)) == over
        assert said(smith.post("A", TalksBrokenOff())) == over
        assert said(smith.post("A", TalksResumed())) == over
        assert said(smith.post("A", NotePassed(text="Thank you", language="en"))) == VALID
        assert said(smith.issue("A", smith.roster_room)) == VALID


class TestRecord:
    def test_what_is_said_and_filed(self, smith: Talksmith) -> None:
        annex = AnnexFiled(annex="map-1", title="map.png", media="image/png", size=10, digest=bytes(32))
        told = PublicStatementRecorded(
            speaker="A minister",
            date="2026-01-01",
            medium="radio",
            reported_by="B",
            language="en",
            quotation=bytes(32),
        )
        assert said(smith.post("A", annex)) == VALID
        assert said(smith.post("B", annex)) == ("void", "annex-twice")
        assert said(smith.post("B", told)) == VALID
        assert smith.replay.plenary.annexes["map-1"].by == smith.id("A")


class TestPowers:
    def test_full_powers_are_produced_and_found_in_order(self, five: Talksmith) -> None:
        member = five.desk("A").member
        produced = FullPowersProduced(member=member, document=bytes(32))
        act = five.hash_of(five.post("A", produced))
        found = FullPowersFoundInOrder(produced=act)
        assert said(five.post("A", found)) == ("void", "full-powers-own")
        assert [said(five.post(name, found)) for name in "BCDE"] == [VALID] * 4
        assert len(five.replay.plenary.powers[act.hex()].found) == 4

    def test_refusals(self, smith: Talksmith) -> None:
        post = lambda event: said(smith.post("A", event))  # noqa: E731
        assert post(FullPowersFoundInOrder(produced=bytes(32))) == ("void", "full-powers-unknown")
        assert post(FullPowersProduced(member="nobody", ex_officio=True)) == ("void", "member-unknown")
        theirs = FullPowersProduced(member=smith.desk("B").member, ex_officio=True)
        assert post(theirs) == ("void", "member-unknown")
        assert post(FullPowersProduced(member=smith.desk("A").member)) == ("void", "full-powers-empty")
        assert post(FullPowersProduced(member=smith.desk("A").member, ex_officio=True)) == VALID

    def test_an_act_without_powers_waits_until_it_is_confirmed(self, smith: Talksmith) -> None:
        smith.joined("A.junior", powers=("speak",))
        verdict = smith.post("A.junior", ITEM)
        assert said(verdict) == ("ineffective", "power-lacking")
        assert verdict.effects == (Waiting(code="power-lacking", facts={"power": "propose"}),)
        assert smith.replay.plenary.agenda == {}
        act = smith.hash_of(verdict)
        confirm = ActConfirmed(index=verdict.index, act=act)
        assert said(smith.post("B", confirm)) == ("void", "act-not-yours")
        assert said(smith.post("A.junior", confirm)) == ("ineffective", "power-lacking")
        assert said(smith.post("A", ActConfirmed(index=0, act=act))) == ("void", "act-unknown")
        done = smith.post("A", confirm)
        assert said(done) == VALID
        assert done.effects == (Confirmed(index=verdict.index, act=act),)
        assert smith.replay.plenary.agenda[ITEM.content.hex()].by == smith.id("A")
        assert said(smith.post("A", confirm)) == ("void", "act-unknown")

    def test_what_is_confirmed_must_still_be_possible(self, smith: Talksmith) -> None:
        smith.joined("A.junior", powers=("speak",))
        verdict = smith.post("A.junior", ITEM)
        smith.post("B", TalksBrokenOff())
        confirm = ActConfirmed(index=verdict.index, act=smith.hash_of(verdict))
        assert said(smith.post("A", confirm)) == ("void", "talks-broken-off")
        smith.both(TalksResumed())
        smith.both(ITEM)
        confirmed = smith.post("A", confirm)
        assert said(confirmed) == ("void", "item-agreed")
