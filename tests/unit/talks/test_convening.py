"""Convening a sitting: spec/meetings.md R-100 to R-103."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support.drafting import T, Table
from tests.support.meeting import HOUR, ZONES, Meeting, sitting, terms
from tests.support.talksmith import START, Talksmith

from good_offices.encoding import pack, unpack
from good_offices.talks.convening import missing
from good_offices.talks.convening_rule import (
    DAY_MS,
    Agreed,
    Deliverables,
    Expectations,
    NoOpenPoint,
    Notice,
    Readiness,
)
from good_offices.talks.events_meetings import (
    ConveningWaived,
    ReadinessDeclared,
    SittingAccepted,
    SittingConvened,
    SittingProposed,
    SittingWithdrawn,
    Zone,
)
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    ItemProposed,
    Modalities,
    ModalitiesProposed,
    TalksBrokenOff,
)
from good_offices.talks.events_text import (
    AdReferendumConfirmed,
    ProvisionAgreed,
    ProvisionLocked,
    ProvisionReopened,
)
from good_offices.talks.replay import CommonReplay

VALID = ("valid", None)
LATE = 10 * DAY_MS


def unmet(*names: str) -> dict[str, str]:
    return {"missing": ", ".join(names)}


def whys(meeting: Meeting, time: int = START) -> list[tuple[str, str]]:
    """Return why and whose part is missing, the delegations by their letters."""
    smith = meeting.smith
    letters = {party.id: name for name, party in smith.parties.items()}
    found = missing(smith.replay.plenary, smith.replay.roster, meeting.now, time=time)
    return [(one.lacks, letters.get(one.delegation, "")) for one in found]


class TestRule:
    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"convening": {"leaders": (Readiness(),)}, "levels": ("experts",)}, "convening: a level that the modalities do not name"),
            ({"convening": {"leaders": (Readiness(), Readiness())}}, "convening: a condition named twice"),
            ({"convening": {"leaders": (Notice(days=0),)}}, "convening: notice"),
            ({"convening": {"leaders": (Notice(days=366),)}}, "convening: notice"),
            ({"convening": {"leaders": (Deliverables(instrument=""),)}}, "convening: a condition that names no text"),
            ({"convening": {"leaders": (Agreed(instrument="t", units=("u", "u"), at_least="ad-referendum"),)}}, "convening: provisions of a condition"),
            ({"convening": {"leaders": (NoOpenPoint(instrument="t", units=("",)),)}}, "convening: provisions of a condition"),
            ({"clock": -1}, "clock"),
            ({"clock": 241}, "clock"),
            ({"names": {}}, "names"),
            ({"authentic": ()}, "authentic"),
            ({"release": ("f" * 32,)}, "release"),
        ],
    )  # fmt: skip
    def test_what_cannot_stand_in_modalities_is_refused_by_its_field(
        self, fields: dict[str, Any], field: str
    ) -> None:
        smith = Talksmith(2, signing=False)
        verdict = smith.post("A", ModalitiesProposed(modalities=terms(smith, **fields)))
        assert (verdict.status, verdict.code, verdict.facts) == (
            "void",
            "modalities-invalid",
            {"field": field},
        )

    def test_the_rule_is_kept_whole_through_a_snapshot(self) -> None:
        rule = (Agreed(instrument=T, units=("u1",), at_least="locked"), NoOpenPoint(instrument=T), Readiness(),
                Notice(days=3), Expectations(), Deliverables(instrument="list"))  # fmt: skip
        meeting = Meeting(*rule, clock=5, presiding="rotation")
        replay = meeting.smith.replay
        held = CommonReplay.restored(replay.snapshot(), meeting.smith.common.tree)
        assert held.plenary == replay.plenary
        assert held.plenary.digest == replay.plenary.digest
        assert held.plenary.modalities is not None
        assert held.plenary.modalities.modalities.convening["ministers"] == rule

    @pytest.mark.parametrize("least", ["ad-referendum", "agreed", "locked"])
    def test_a_condition_that_was_typed_has_the_same_bytes_as_one_that_was_read(self, least: str) -> None:
        # A field that may be left out is left out when it is the very default; typed words are another object.
        typed = "".join(list(least))
        smith = Talksmith(2, signing=False)
        said = terms(smith, Agreed(instrument=T, at_least=typed))  # type: ignore[arg-type]
        data = pack(said)
        assert unpack(data, Modalities) == said
        assert pack(unpack(data, Modalities)) == data

    def test_without_a_rule_the_confirmation_of_all_is_enough(self) -> None:
        meeting = Meeting()
        assert meeting.post("A", SittingConvened(sitting=meeting.name)) == VALID
        assert meeting.now.stage == "agreed"
        assert meeting.post("B", SittingConvened(sitting=meeting.name)) == VALID
        assert (meeting.now.stage, meeting.now.ordinal) == ("convened", 0)
        assert meeting.smith.replay.plenary.joint == {}

    def test_talks_without_modalities_can_meet(self) -> None:
        smith = Talksmith(2, signing=False)
        event = sitting()
        smith.both(event)
        assert smith.both(SittingConvened(sitting=event.content))[-1].status == "valid"
        assert smith.replay.plenary.meetings.sitting(event.content).stage == "convened"


class TestProposing:
    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"title": "  "}, "title"),
            ({"start": START, "end": START}, "start and end"),
            ({"start": -1}, "start and end"),
            ({"end": 253_402_300_800_000}, "start and end"),
            ({"zones": ()}, "zones"),
            ({"zones": ZONES * 9}, "zones"),
            ({"zones": (Zone(place="", zone="Europe/Zurich"),)}, "zones"),
            ({"zones": (Zone(place="Verin", zone="Europe Zurich"),)}, "zones"),
            ({"zones": (Zone(place="Verin", zone="/etc/localtime"),)}, "zones"),
            ({"zones": (Zone(place="Verin", zone="A" * 65),)}, "zones"),
        ],
    )
    def test_terms_that_cannot_stand_are_refused_by_their_field(
        self, fields: dict[str, Any], field: str
    ) -> None:
        smith = Talksmith(2, signing=False)
        verdict = smith.post("A", sitting(**fields))
        assert (verdict.code, verdict.facts) == ("sitting-invalid", {"field": field})
        assert smith.replay.plenary.meetings.sittings == {}

    def test_the_words_of_a_place_are_words(self) -> None:
        smith = Talksmith(2, signing=False)
        hidden = sitting(zones=(Zone(place="Ve\u200brin", zone="Europe/Zurich"),))
        verdict = smith.post("A", hidden)
        assert (verdict.code, verdict.facts["field"]) == ("act-not-plain", "place")

    def test_a_level_that_the_modalities_do_not_name_is_refused(self) -> None:
        meeting = Meeting(agreed=False, levels=("experts",))
        verdict = meeting.smith.post("A", meeting.event)
        assert (verdict.code, verdict.facts) == ("sitting-invalid", {"field": "level"})

    def test_the_agenda_is_of_items_that_all_have_agreed_each_once(self) -> None:
        smith = Talksmith(2, signing=False)
        item = ItemProposed(title="Water")
        smith.post("A", item)
        event = sitting(agenda=(item.content,))
        assert smith.post("A", event).code == "item-unknown"
        smith.post("B", item)
        assert smith.post("A", sitting(agenda=(item.content,) * 2)).facts == {"field": "agenda"}
        assert smith.post("A", event).status == "valid"

    def test_a_room_is_an_open_group_of_the_same_level(self) -> None:
        smith = Talksmith(2, signing=False)
        assert smith.post("A", sitting(room="ab" * 16)).code == "room-unknown"
        group = smith.group("A", "B", level="experts")
        assert smith.post("A", sitting(room=group)).facts == {"field": "level"}
        assert smith.post("A", sitting(room=group, level="experts")).status == "valid"

    def test_all_accept_by_the_hash_of_the_proposal(self) -> None:
        meeting = Meeting(parties=3, agreed=False)
        assert meeting.post("A", SittingAccepted(sitting=meeting.name)) == ("void", "sitting-unknown")
        assert meeting.post("A", meeting.event) == VALID
        assert meeting.post("B", SittingAccepted(sitting=meeting.name)) == VALID
        assert meeting.now.stage == "proposed"
        assert meeting.post("C", meeting.event) == VALID
        assert meeting.now.stage == "agreed"
        assert meeting.post("A", SittingAccepted(sitting=meeting.name)) == ("void", "sitting-agreed")

    def test_nothing_of_it_passes_a_break(self) -> None:
        meeting = Meeting(Readiness())
        meeting.post("A", TalksBrokenOff())
        for event in (
            sitting(title="Other"),
            ReadinessDeclared(sitting=meeting.name),
            SittingConvened(sitting=meeting.name),
        ):
            assert meeting.post("B", event) == ("void", "talks-broken-off")

    def test_who_has_not_the_power_binds_nobody(self) -> None:
        meeting = Meeting()
        meeting.smith.joined("A.drafter", powers=("propose", "speak"))
        for event in (
            sitting(title="Other"),
            SittingWithdrawn(sitting=meeting.name),
            SittingConvened(sitting=meeting.name),
        ):
            assert meeting.post("A.drafter", event) == ("ineffective", "power-lacking")
        assert meeting.now.stage == "agreed"


class TestSteppingBack:
    @pytest.mark.parametrize("agreed", [True, False])
    def test_one_alone_and_the_sitting_is_gone_with_what_waits_for_it(self, agreed: bool) -> None:
        meeting = Meeting(Readiness(), agreed=agreed)
        meeting.post("A", meeting.event)
        if agreed:
            meeting.post("A", ConveningWaived(sitting=meeting.name, conditions=(Readiness(),)))
        assert meeting.smith.replay.plenary.joint
        assert meeting.post("B", SittingWithdrawn(sitting=meeting.name)) == VALID
        plenary = meeting.smith.replay.plenary
        assert (plenary.meetings.sittings, plenary.joint) == ({}, {})
        assert meeting.post("A", SittingConvened(sitting=meeting.name)) == ("void", "sitting-unknown")

    def test_also_after_ones_own_confirmation(self) -> None:
        meeting = Meeting()
        meeting.post("A", SittingConvened(sitting=meeting.name))
        assert meeting.post("A", SittingWithdrawn(sitting=meeting.name)) == VALID
        assert meeting.post("B", SittingConvened(sitting=meeting.name)) == ("void", "sitting-unknown")

    def test_not_once_it_is_convened(self) -> None:
        meeting = Meeting()
        meeting.convene()
        assert meeting.post("A", SittingWithdrawn(sitting=meeting.name)) == ("void", "sitting-convened")
        assert meeting.post("A", SittingConvened(sitting=meeting.name)) == ("void", "sitting-convened")
        assert meeting.post("A", ReadinessDeclared(sitting=meeting.name)) == ("void", "sitting-convened")

    def test_the_same_proposed_anew_begins_anew(self) -> None:
        meeting = Meeting(Readiness())
        meeting.post("A", ReadinessDeclared(sitting=meeting.name))
        first = meeting.now.act
        meeting.post("B", SittingWithdrawn(sitting=meeting.name))
        meeting.all(meeting.event)
        assert (meeting.now.stage, meeting.now.ready) == ("agreed", {})
        assert meeting.now.act != first


class TestReadiness:
    def test_each_delegations_own_part_is_shown_until_it_is_done(self) -> None:
        meeting = Meeting(Readiness(), parties=3)
        assert whys(meeting) == [("not-ready", "A"), ("not-ready", "B"), ("not-ready", "C")]
        meeting.post("B", ReadinessDeclared(sitting=meeting.name))
        assert whys(meeting) == [("not-ready", "A"), ("not-ready", "C")]
        verdict = meeting.smith.post("A", SittingConvened(sitting=meeting.name))
        assert (verdict.code, verdict.facts) == ("convening-rule-unmet", unmet("readiness"))

    def test_the_last_word_counts_up_to_the_last_confirmation(self) -> None:
        meeting = Meeting(Readiness())
        meeting.all(ReadinessDeclared(sitting=meeting.name))
        assert meeting.post("A", SittingConvened(sitting=meeting.name)) == VALID
        assert meeting.post("A", ReadinessDeclared(sitting=meeting.name, ready=False)) == VALID
        assert meeting.post("B", SittingConvened(sitting=meeting.name)) == ("void", "convening-rule-unmet")
        assert meeting.now.stage == "agreed"
        meeting.post("A", ReadinessDeclared(sitting=meeting.name))
        assert meeting.post("B", SittingConvened(sitting=meeting.name)) == VALID
        assert meeting.now.stage == "convened"

    def test_not_before_all_have_accepted_the_sitting(self) -> None:
        meeting = Meeting(Readiness(), agreed=False)
        meeting.post("A", meeting.event)
        for event in (
            ReadinessDeclared(sitting=meeting.name),
            SittingConvened(sitting=meeting.name),
            ConveningWaived(sitting=meeting.name, conditions=(Readiness(),)),
        ):
            assert meeting.post("A", event) == ("void", "sitting-not-agreed")


class TestNotice:
    def test_a_confirmation_counts_by_its_own_time_after_the_agreement(self) -> None:
        meeting = Meeting(Notice(days=2))
        ends = meeting.now.agreed_at + 2 * DAY_MS
        assert whys(meeting, ends) == [("notice", "A"), ("notice", "B")]
        assert whys(meeting, ends + 1) == []
        confirm = SittingConvened(sitting=meeting.name)
        assert meeting.post("A", confirm) == ("void", "convening-rule-unmet")
        assert meeting.post("A", confirm, time=ends) == ("void", "convening-rule-unmet")
        assert meeting.post("A", confirm, time=ends + 1) == VALID
        # The other side's clock counts for it, not the first one's.
        assert meeting.post("B", confirm, time=ends) == ("void", "convening-rule-unmet")
        assert meeting.post("B", confirm, time=ends + 5) == VALID
        assert meeting.now.stage == "convened"

    def test_who_has_not_seen_the_agreement_has_had_no_notice(self) -> None:
        meeting = Meeting(Notice(days=1))
        confirm, late = SittingConvened(sitting=meeting.name), START + LATE
        agreed = meeting.now.agreed
        assert meeting.post("A", confirm, time=late, seen=agreed) == ("void", "sitting-not-agreed")
        assert meeting.post("A", confirm, time=late, seen=agreed + 1) == VALID

    def test_a_longer_notice_put_in_force_meanwhile_counts_for_earlier_confirmations_too(self) -> None:
        meeting = Meeting(Notice(days=1))
        confirm = SittingConvened(sitting=meeting.name)
        first = meeting.now.agreed_at + DAY_MS + 1
        assert meeting.post("A", confirm, time=first) == VALID
        current = meeting.smith.replay.plenary.modalities.content
        longer = ModalitiesProposed(modalities=terms(meeting.smith, Notice(days=3)), base=current)
        for name in "AB":
            assert meeting.post(name, longer, time=first + 1) == VALID
        late = meeting.now.agreed_at + 3 * DAY_MS + 1
        assert meeting.post("B", confirm, time=late) == ("void", "convening-rule-unmet")
        assert meeting.post("A", confirm, time=late) == VALID
        assert meeting.post("B", confirm, time=late) == VALID
        assert meeting.now.stage == "convened"

    def test_without_agreement_there_is_no_end(self) -> None:
        meeting = Meeting(Notice(days=1), agreed=False)
        meeting.post("A", meeting.event)
        assert whys(meeting, START + LATE) == [("notice", "A"), ("notice", "B")]


class Drafted(Meeting):
    """A meeting whose talks have a text of three provisions on the table."""

    def __init__(self, *rule: Any, **fields: Any) -> None:
        self.table = Table()
        self.smith = self.table.smith
        self.rule(*rule, **fields)
        self.event = sitting()
        self.all(self.event)

    def agree(self, *units: str, names: str = "AB", **fields: Any) -> None:
        event = ProvisionAgreed(instrument=T, units=self.table.bound(*units), level="ministers", **fields)
        for name in names:
            assert self.post(name, event) == VALID


class TestTexts:
    def test_units_agreed_so_far(self) -> None:
        meeting = Drafted(Agreed(instrument=T, units=("u1", "u2"), at_least="ad-referendum"))
        assert whys(meeting) == [("not-agreed", "A"), ("not-agreed", "B")]
        meeting.agree("u1", names="A", ad_referendum=True)
        held = missing(meeting.smith.replay.plenary, meeting.smith.replay.roster, meeting.now, time=START)
        assert [one.units for one in held] == [("u2",), ("u1", "u2")]
        meeting.agree("u1", names="B", ad_referendum=True)
        meeting.agree("u2", ad_referendum=True)
        assert whys(meeting) == []
        assert meeting.convene()[-1].status == "valid"
        assert meeting.now.stage == "convened"

    def test_ad_referendum_is_agreed_when_every_capital_has_confirmed(self) -> None:
        meeting = Drafted(Agreed(instrument=T, units=("u1",), at_least="agreed"))
        meeting.agree("u1", ad_referendum=True)
        assert whys(meeting) == [("not-agreed", "A"), ("not-agreed", "B")]
        meeting.post("A", AdReferendumConfirmed(instrument=T, units=meeting.table.bound("u1")))
        assert whys(meeting) == [("not-agreed", "B")]
        meeting.post("B", AdReferendumConfirmed(instrument=T, units=meeting.table.bound("u1")))
        assert whys(meeting) == []

    def test_locked_is_more_than_agreed(self) -> None:
        meeting = Drafted(Agreed(instrument=T, units=("u1",), at_least="locked"))
        meeting.agree("u1")
        assert whys(meeting) == [("not-agreed", "A"), ("not-agreed", "B")]
        meeting.all(ProvisionLocked(instrument=T, units=meeting.table.bound("u1")))
        assert whys(meeting) == []

    def test_no_unit_named_means_all(self) -> None:
        meeting = Drafted(Agreed(instrument=T, at_least="ad-referendum"))
        meeting.agree("u0", "u1", "u2")
        assert {why for why, _ in whys(meeting)} == {"not-agreed"}
        meeting.agree("u3")
        assert whys(meeting) == []

    def test_a_text_or_a_unit_that_is_not_there_is_missing(self) -> None:
        rule = (
            Agreed(instrument="none", at_least="ad-referendum"),
            NoOpenPoint(instrument="none"),
            Deliverables(instrument="none"),
            Agreed(instrument=T, units=("gone",), at_least="ad-referendum"),
            NoOpenPoint(instrument=T, units=("gone",)),
        )
        meeting = Drafted(*rule)
        assert whys(meeting) == [("not-tabled", "")] * 3 + [("unit-gone", "")] * 2
        verdict = meeting.smith.post("A", SittingConvened(sitting=meeting.name))
        assert verdict.facts == unmet("agreed", "no-open-point", "deliverables")

    def test_what_is_reopened_is_missing_again(self) -> None:
        meeting = Drafted(Agreed(instrument=T, units=("u1",), at_least="ad-referendum"))
        meeting.agree("u1")
        assert meeting.post("A", SittingConvened(sitting=meeting.name)) == VALID
        meeting.all(ProvisionReopened(instrument=T, units=meeting.table.bound("u1")))
        assert meeting.post("B", SittingConvened(sitting=meeting.name)) == ("void", "convening-rule-unmet")

    def test_open_points_are_brackets_and_proposals(self) -> None:
        meeting = Drafted(NoOpenPoint(instrument=T), Deliverables(instrument=T))
        assert whys(meeting) == []
        meeting.post("A", meeting.table.amendment("p", "Other words.", "u2"))
        assert whys(meeting) == [("open-point", "")]
        assert meeting.post("B", meeting.table.brackets("u1")) == VALID
        held = missing(meeting.smith.replay.plenary, meeting.smith.replay.roster, meeting.now, time=START)
        assert [(one.lacks, one.units) for one in held] == [
            ("open-point", ("u1", "u2")),
            ("brackets", ("u1",)),
        ]


class TestWaiving:
    def test_all_together_and_only_what_is_in_the_rule(self) -> None:
        meeting = Meeting(Readiness(), Notice(days=9))
        other = ConveningWaived(sitting=meeting.name, conditions=(Notice(days=8),))
        assert meeting.post("A", other) == ("void", "condition-unknown")
        none = ConveningWaived(sitting=meeting.name, conditions=())
        assert meeting.post("A", none) == ("void", "condition-unknown")
        event = ConveningWaived(sitting=meeting.name, conditions=(Notice(days=9), Readiness()))
        assert meeting.post("A", event) == VALID
        assert meeting.post("A", SittingConvened(sitting=meeting.name)) == ("void", "convening-rule-unmet")
        assert meeting.post("B", event) == VALID
        assert whys(meeting) == []
        assert meeting.post("A", event) == ("void", "condition-unknown")
        assert meeting.convene()[-1].status == "valid"

    def test_for_one_sitting_alone(self) -> None:
        meeting = Meeting(Readiness())
        meeting.all(ConveningWaived(sitting=meeting.name, conditions=(Readiness(),)))
        other = sitting(title="Second meeting")
        meeting.all(other)
        assert meeting.post("A", SittingConvened(sitting=other.content)) == ("void", "convening-rule-unmet")

    def test_a_confirmation_can_be_taken_back_until_the_last(self) -> None:
        meeting = Meeting()
        event = SittingConvened(sitting=meeting.name)
        meeting.post("A", event)
        assert meeting.post("A", AcceptanceWithdrawn(content=event.content)) == VALID
        meeting.post("B", event)
        assert meeting.now.stage == "agreed"
        meeting.post("A", event)
        assert meeting.now.stage == "convened"


def test_ordinals_go_on_from_sitting_to_sitting() -> None:
    meeting = Meeting()
    meeting.convene()
    other: SittingProposed = sitting(title="Second", start=START + HOUR)
    meeting.all(other)
    meeting.all(SittingConvened(sitting=other.content))
    assert meeting.smith.replay.plenary.meetings.sitting(other.content).ordinal == 1


def test_a_confirmation_without_the_power_counts_from_where_it_is_confirmed() -> None:
    meeting = Meeting(Notice(days=1))
    meeting.smith.joined("A.drafter", powers=("speak",))
    verdict = meeting.smith.post("A.drafter", SittingConvened(sitting=meeting.name))
    assert verdict.status == "ineffective"
    again = ActConfirmed(index=verdict.index, act=meeting.smith.hash_of(verdict))
    assert meeting.post("A", again) == ("void", "convening-rule-unmet")
    assert meeting.post("A", again, time=START + LATE) == VALID
    assert meeting.now.confirmed.keys() == {meeting.smith.id("A")}


def test_the_state_changes_with_every_part_of_a_sitting() -> None:
    meeting = Meeting(Readiness())
    before = meeting.smith.replay.plenary.digest
    meeting.post("A", ReadinessDeclared(sitting=meeting.name))
    assert meeting.smith.replay.plenary.digest != before
    assert msgspec.structs.asdict(meeting.now)["ready"]
