"""After the text: spec/talks.md R-65 to R-69."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support.drafting import T
from tests.unit.talks.test_outcome import VALID, Adopted, said

from good_offices.talks.events_after import (
    CorrectionAccepted,
    CorrectionObjected,
    DestructionAttested,
    Erratum,
    ErrorNotified,
    PaperSignatory,
    PaperSignatureAttested,
    SignatureRecorded,
)
from good_offices.talks.events_outcome import (
    ClosingRecordSigned,
    InstrumentDeposited,
    InstrumentSigned,
)
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    Modalities,
    ModalitiesProposed,
    NotePassed,
    StatementMade,
    TalksAdjourned,
    TalksBrokenOff,
    TalksConcluded,
    TalksResumed,
)
from good_offices.talks.events_roster import EpochsHandedOver
from good_offices.talks.events_text import TextReopened
from good_offices.talks.finished import corrected_text
from good_offices.talks.replay import CommonReplay

DAY = 86_400_000
SCAN = bytes([7]) * 32


class Signed(Adopted):
    """A talks with a text that all have signed, and if asked deposited with A."""

    def __init__(self, parties: int = 2, *, deposited: bool = False) -> None:
        super().__init__(parties)
        for name in self.smith.names:
            self.full_powers(name)
            self.post(name, InstrumentSigned(instrument=T, digest=self.digest))
        if deposited:
            self.both(
                InstrumentDeposited(instrument=T, digest=self.digest, depositary=self.smith.id("A")),
                *self.smith.names,
            )

    @property
    def plenary(self):
        return self.smith.replay.plenary

    @property
    def kept(self):
        return self.plenary.finished[T]

    def notice(self, found: str = "text", correct: str = "words", **fields: Any) -> ErrorNotified:
        unit, language = fields.pop("unit", "u1"), fields.pop("language", "en")
        errata = (Erratum(unit=unit, language=language, found=found, correct=correct),)
        return ErrorNotified(**({"instrument": T, "digest": self.digest, "errata": errata} | fields))

    def later(self, days: float) -> None:
        """Let all clocks go on."""
        self.smith.clock += int(days * DAY)

    def speak(self, name: str, **act: Any):
        return self.post(name, NotePassed(text="We have seen it.", language="en", urgent=True), **act)


def paper(table: Adopted, *names: str, **fields: Any) -> PaperSignatureAttested:
    signatories = tuple(
        PaperSignatory(delegation=table.smith.id(one), name=f"Leader {one}", capacity="President")
        for one in names
    )
    plain = {"scan": SCAN, "place": "Arna", "date": "1 May 2030", "signatories": signatories}
    return PaperSignatureAttested(**({"instrument": T, "digest": table.digest} | plain | fields))


@pytest.fixture
def table() -> Signed:
    return Signed()


@pytest.fixture
def kept() -> Signed:
    return Signed(deposited=True)


class TestPaper:
    def test_leaders_sign_on_paper_and_all_attest_it(self) -> None:
        table = Adopted()
        event = paper(table, "A", "B")
        assert said(table.post("A", event)) == VALID
        assert table.text.phase == "adopted"
        assert said(table.post("B", event)) == VALID
        assert table.text.phase == "signed"
        (one,) = table.smith.replay.plenary.finished[T].papers
        assert (one.scan, one.place, [who.name for who in one.signatories]) == (
            SCAN,
            "Arna",
            ["Leader A", "Leader B"],
        )
        assert table.smith.replay.plenary.outcomes == {}
        deposit = InstrumentDeposited(instrument=T, digest=table.digest, depositary=table.smith.id("B"))
        table.both(deposit)
        assert table.smith.replay.plenary.outcomes[T].depositary == table.smith.id("B")

    def test_one_signs_here_and_the_other_on_paper(self) -> None:
        table = Adopted()
        table.full_powers("A")
        table.post("A", InstrumentSigned(instrument=T, digest=table.digest))
        table.both(paper(table, "B"))
        assert table.text.phase == "signed"

    def test_a_paper_that_one_delegation_has_not_signed_does_not_sign_the_text(self) -> None:
        table = Adopted(3)
        table.both(paper(table, "A", "B"), *"ABC")
        assert table.text.phase == "adopted"
        assert said(table.post("A", TextReopened(instrument=T, digest=table.digest))) == (
            "void",
            "text-signed",
        )
        table.both(paper(table, "C", scan=bytes([8]) * 32), *"ABC")
        assert table.text.phase == "signed"

    def test_each_original_is_attested_once(self, table: Signed) -> None:
        table.both(paper(table, "A", "B"))
        assert said(table.post("A", paper(table, "A", "B"))) == ("void", "paper-attested-already")
        # Of two accounts of one original the one that all gave stands, and no other waits any more.
        other = paper(table, "A", "B", scan=bytes([9]) * 32)
        assert said(table.post("A", msgspec.structs.replace(other, place="Lake House"))) == VALID
        table.both(other)
        assert table.plenary.joint == {}
        assert len(table.kept.papers) == 2

    @pytest.mark.parametrize(
        ("fields", "part"),
        [
            ({"scan": b"short"}, "the hash of the scan"),
            ({"place": " "}, "place and date"),
            ({"date": ""}, "place and date"),
            ({"signatories": ()}, "who signed for which delegation"),
            (
                {"signatories": (PaperSignatory(delegation="nobody", name="N", capacity="C"),)},
                "who signed for which delegation",
            ),
        ],
    )
    def test_what_is_incomplete(self, fields: dict[str, Any], part: str) -> None:
        table = Adopted()
        verdict = table.post("A", paper(table, "A", "B", **fields))
        assert (*said(verdict), verdict.facts["part"]) == ("void", "paper-incomplete", part)

    def test_only_an_adopted_text_under_its_hash_by_who_may_sign(self, table: Signed) -> None:
        wrong = paper(table, "A", "B", digest=bytes(32))
        assert said(table.post("A", wrong)) == ("void", "instrument-differs")
        assert said(table.post("A", paper(table, "A", instrument="other"))) == ("void", "instrument-unknown")
        table.smith.joined("A.junior", powers=("agree", "speak"))
        lacking = table.post("A.junior", paper(table, "A", "B"))
        assert said(lacking) == ("ineffective", "power-lacking")
        confirm = ActConfirmed(index=lacking.index, act=table.smith.hash_of(lacking))
        assert said(table.post("A", confirm)) == VALID
        assert said(table.post("B", paper(table, "A", "B"))) == VALID
        assert len(table.kept.papers) == 1

    def test_before_adoption_there_is_nothing_to_sign(self) -> None:
        table = Adopted()
        table.both(TextReopened(instrument=T, digest=table.digest))
        assert said(table.post("A", paper(table, "A", "B"))) == ("void", "text-phase")

    def test_after_breaking_off_and_after_conclusion(self) -> None:
        table = Adopted()
        table.post("B", TalksBrokenOff())
        table.both(paper(table, "A", "B"))
        assert table.text.phase == "signed"
        table.both(TalksResumed())
        table.both(TalksConcluded())
        table.both(paper(table, "A", "B", scan=bytes(32)))


class TestRecord:
    WORDS = {"en": "Signed at Arna.", "ru": "Подписано в Арне."}  # noqa: RUF012

    def test_all_agree_the_same_words_once(self, table: Signed) -> None:
        event = SignatureRecorded(instrument=T, digest=table.digest, words=self.WORDS)
        other = msgspec.structs.replace(event, words=self.WORDS | {"en": "Done."})
        assert said(table.post("A", other)) == VALID
        table.both(event)
        assert table.kept.recorded == event.content
        assert table.plenary.joint == {}
        assert said(table.post("A", other)) == ("void", "signature-recorded-already")

    @pytest.mark.parametrize(
        "words", [{}, {"en": "Signed."}, {"en": " ", "ru": "Да."}, WORDS | {"de": "Ja."}]
    )
    def test_every_authentic_language_and_no_other(self, table: Signed, words: dict[str, str]) -> None:
        event = SignatureRecorded(instrument=T, digest=table.digest, words=words)
        assert said(table.post("A", event)) == ("void", "record-languages")

    def test_before_signature_and_after_conclusion(self) -> None:
        early = Adopted()
        event = SignatureRecorded(instrument=T, digest=early.digest, words=self.WORDS)
        assert said(early.post("A", event)) == ("void", "signatures-missing")
        table = Signed()
        table.both(TalksConcluded())
        table.both(SignatureRecorded(instrument=T, digest=table.digest, words=self.WORDS))
        assert table.kept.recorded is not None


class TestCorrection:
    def test_it_is_made_when_all_accept_and_changes_no_signed_word(self, table: Signed) -> None:
        before, event = table.digest, table.notice()
        assert said(table.post("A", event)) == VALID
        assert table.kept.corrected is None
        done = table.post("B", CorrectionAccepted(notice=event.content))
        assert said(done) == VALID
        assert table.digest == before
        made = table.kept.notices[event.content.hex()]
        assert (made.fate, made.ended) == ("made", done.index)
        after = corrected_text(table.text, table.kept).instrument
        assert after.unit("u1").texts["en"][0].text == "Article 1 words."
        assert table.kept.corrected == after.digest != before
        assert said(table.post("B", CorrectionAccepted(notice=event.content))) == ("void", "correction-ended")
        # The closing record is that of the signed text.
        table.both(ClosingRecordSigned(record=table.record()))
        assert [one.digest for one in table.record().instruments] == [before]

    def test_a_third_delegation_must_accept_too(self) -> None:
        table = Signed(3)
        event = table.notice()
        for name in "AB":
            assert said(table.post(name, event)) == VALID
            assert table.kept.corrected is None
        assert said(table.post("C", event)) == VALID
        assert table.kept.corrected is not None

    def test_one_objection_is_enough_and_says_why(self) -> None:
        table = Signed(3)
        event = table.notice()
        table.post("A", event)
        table.post("B", event)
        mute = CorrectionObjected(notice=event.content, text=" ", language="en")
        assert said(table.post("C", mute)) == ("void", "objection-reason-missing")
        objection = msgspec.structs.replace(mute, text="It says what we meant.")
        assert said(table.post("C", objection)) == VALID
        notice = table.kept.notices[event.content.hex()]
        assert (notice.fate, notice.objected) == ("objected", table.smith.id("C"))
        assert table.plenary.joint == {}
        assert said(table.post("C", objection)) == ("void", "correction-ended")
        # It can be notified again, and then needs all once more.
        assert said(table.post("A", event)) == VALID
        assert table.kept.notices[event.content.hex()].fate == "open"

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"found": "nowhere"}, "erratum-not-found"),
            ({"found": ""}, "erratum-not-found"),
            ({"found": "t"}, "erratum-not-found"),  # more than once
            ({"found": "text", "correct": "text"}, "erratum-not-found"),
            ({"language": "de"}, "erratum-not-found"),
            ({"unit": "u9"}, "unit-unknown"),
            ({"unit": "", "found": "nowhere"}, "erratum-not-found"),
            ({"unit": "", "found": ""}, "erratum-not-found"),
            ({"unit": "", "found": "Treaty", "correct": " "}, "erratum-not-found"),
            ({"unit": "", "found": "Treaty", "language": "ru"}, "erratum-not-found"),
            ({"errata": ()}, "errata-missing"),
            ({"days": -1}, "correction-days"),
            ({"days": 3_651}, "correction-days"),
            ({"days": 30}, "correction-not-depositary"),
            ({"digest": bytes(32)}, "instrument-differs"),
            ({"correct": "in fa\u0432our"}, "act-not-plain"),
        ],
    )
    def test_a_notice_that_is_none(self, table: Signed, fields: dict[str, Any], code: str) -> None:
        assert said(table.post("A", table.notice(**fields))) == ("void", code)
        assert table.plenary.finished == {}

    def test_a_title_is_corrected_like_the_rest_of_the_text(self, table: Signed) -> None:
        event = table.notice("Treaty", "Convention", unit="")
        signed = table.text.instrument.digest
        table.both(event)
        after = corrected_text(table.text, table.kept).instrument
        assert after.titles["en"].startswith("Convention")
        assert table.text.instrument.digest == signed
        assert table.kept.corrected == after.digest != signed

    def test_before_signature_there_is_an_amendment_and_no_correction(self) -> None:
        table = Adopted()
        event = ErrorNotified(
            instrument=T,
            digest=table.digest,
            errata=(Erratum(unit="u1", language="en", found="text", correct="words"),),
        )
        assert said(table.post("A", event)) == ("void", "signatures-missing")

    def test_what_was_not_notified_is_not_accepted(self, table: Signed) -> None:
        assert said(table.post("A", CorrectionAccepted(notice=bytes(32)))) == ("void", "correction-unknown")
        objection = CorrectionObjected(notice=bytes(32), text="No.", language="en")
        assert said(table.post("A", objection)) == ("void", "correction-unknown")

    def test_two_corrections_one_after_the_other_and_one_overtaken(self, table: Signed) -> None:
        first, second = table.notice(), table.notice("Article 1 text", "Article one")
        table.post("A", first)
        table.post("A", second)
        table.post("B", CorrectionAccepted(notice=first.content))
        # Its words do not stand any more.
        late = table.post("B", CorrectionAccepted(notice=second.content))
        assert said(late) == ("void", "erratum-not-found")
        third = table.notice("Article 1 words", "Article one")
        table.both(third)
        after = corrected_text(table.text, table.kept).instrument
        assert after.unit("u1").texts["en"][0].text == "Article one."

    def test_after_conclusion_a_correction_is_still_made(self, table: Signed) -> None:
        table.both(TalksConcluded())
        table.both(table.notice())
        assert table.kept.corrected is not None

    def test_it_is_restored_from_a_snapshot(self, table: Signed) -> None:
        table.both(table.notice())
        table.both(paper(table, "A", "B"))
        replay = table.smith.replay
        other = CommonReplay.restored(replay.snapshot(), table.smith.common.tree)
        assert other.plenary.digest == replay.plenary.digest


class TestDays:
    def test_only_the_depositary_sets_them(self, kept: Signed) -> None:
        assert said(kept.post("B", kept.notice(days=30))) == ("void", "correction-not-depositary")
        assert said(kept.post("A", kept.notice(days=30, until=9**15))) == ("void", "correction-until")
        assert said(kept.post("A", kept.notice(days=30))) == VALID
        assert said(kept.post("B", kept.notice("Article", "Art."))) == VALID

    def test_they_pass_by_the_clock_of_the_delegation_that_has_seen_it(self, kept: Signed) -> None:
        event = kept.notice(days=30)
        kept.post("A", event)
        kept.later(300)
        # The first act in view of the notice only begins the days, however late it comes.
        kept.speak("B")
        assert kept.kept.corrected is None
        kept.later(29)
        kept.speak("B")
        kept.later(300)
        kept.speak("A")  # another's clock does not count
        assert kept.kept.corrected is None
        done = kept.speak("B")
        assert kept.kept.corrected is not None
        assert kept.kept.notices[event.content.hex()].passed == {kept.smith.id("B"): done.index}
        assert [one.event for one in done.effects] == ["ErrorNotified"]
        assert kept.plenary.joint == {}

    def test_an_act_that_had_not_seen_the_notice_lets_no_day_pass(self, kept: Signed) -> None:
        size = kept.size
        event = kept.notice(days=1)
        kept.post("A", event)
        kept.later(2)
        kept.speak("B", seen=size)
        assert kept.kept.notices[event.content.hex()].begun == {}
        kept.speak("B")
        kept.later(2)
        objection = CorrectionObjected(notice=event.content, text="No.", language="en")
        # Late by its own clock, and in time: nothing had been made yet.
        assert said(kept.post("B", objection)) == VALID
        kept.later(9)
        kept.speak("B")
        assert kept.kept.corrected is None

    def test_what_desks_post_unasked_lets_no_day_pass(self, kept: Signed) -> None:
        event = kept.notice(days=1)
        kept.post("A", event)
        kept.speak("B")
        kept.later(2)
        handed = EpochsHandedOver(room=kept.smith.replay.roster.plenary, epochs=())
        assert said(kept.post("B", handed)) == VALID
        assert kept.kept.corrected is None
        kept.speak("B")
        assert kept.kept.corrected is not None

    def test_a_notice_that_is_taken_back_lets_no_correction_pass(self, kept: Signed) -> None:
        event = kept.notice(days=1)
        kept.post("A", event)
        kept.speak("B")
        kept.post("A", AcceptanceWithdrawn(content=event.content))
        kept.later(5)
        kept.speak("B")
        assert kept.kept.corrected is None

    def test_of_three_one_accepts_and_the_days_pass_for_another(self) -> None:
        table = Signed(3, deposited=True)
        event = table.notice(days=1)
        table.post("A", event)
        table.post("B", CorrectionAccepted(notice=event.content))
        table.speak("C")
        assert table.kept.corrected is None
        table.later(2)
        table.speak("C")
        assert table.kept.corrected is not None

    def test_an_objection_without_power_holds_up_nothing_and_passes_nothing(self, kept: Signed) -> None:
        kept.smith.joined("B.junior", powers=("speak",))
        event = kept.notice(days=1)
        kept.post("A", event)
        kept.speak("B")
        kept.later(2)
        objection = CorrectionObjected(notice=event.content, text="No.", language="en")
        lacking = kept.post("B.junior", objection)
        assert said(lacking) == ("ineffective", "power-lacking")
        assert kept.kept.corrected is None
        confirm = ActConfirmed(index=lacking.index, act=kept.smith.hash_of(lacking))
        assert said(kept.post("B", confirm)) == VALID
        assert kept.kept.notices[event.content.hex()].fate == "objected"


class TestEnd:
    def test_destruction_is_said_and_changes_nothing(self, table: Signed) -> None:
        table.both(TalksConcluded())
        before = table.plenary.finished
        event = DestructionAttested(text="We destroy our keys today.", language="en")
        assert said(table.post("A", event)) == VALID
        assert said(table.post("A", event)) == VALID
        assert table.plenary.finished == before
        empty = DestructionAttested(text=" ", language="en")
        assert said(table.post("A", empty)) == ("void", "attestation-empty")
        assert said(table.post("A", StatementMade(text="x", language="en"))) == ("void", "talks-concluded")

    def test_talks_adjourned_say_when_they_go_on(self, table: Signed) -> None:
        table.both(TalksAdjourned(date="1 May", resumes=1_900_000_000_000))
        assert table.plenary.course.resumes == 1_900_000_000_000
        table.both(TalksResumed())
        assert table.plenary.course.resumes is None

    @pytest.mark.parametrize("days", [0, -1, 36_501])
    def test_the_days_of_retention_are_days(self, table: Signed, days: int) -> None:
        terms = modalities(table, destroy_after_days=days)
        assert said(table.post("A", terms)) == ("void", "destruction-days")

    def test_modalities_with_days_of_retention(self, table: Signed) -> None:
        table.both(modalities(table, destroy_after_days=365))
        assert table.plenary.modalities.modalities.destroy_after_days == 365


def modalities(table: Signed, **fields: Any) -> ModalitiesProposed:
    ids = [table.smith.id(one) for one in table.smith.names]
    names = {one: dict.fromkeys(ids, "Side") for one in ids}
    terms = {"names": names, "authentic": ("en",), "working": ("en",), "levels": ("experts",)}
    return ModalitiesProposed(modalities=Modalities(**(terms | fields)))
