"""A deposit with a depositary that is no delegation, in files: spec/depositary.md sections 2 to 4."""

from __future__ import annotations

import pytest
from msgspec import structs
from tests.support.depositaries import card, key_of, receipt
from tests.support.outcomes import treaty
from tests.unit.instrument.test_after import anchors, erratum

from good_offices.encoding import pack, unpack
from good_offices.errors import RemoteError
from good_offices.instrument.anchors import Beside
from good_offices.instrument.certified import CERTIFIED_COPY, Certification, CertifiedCopy
from good_offices.instrument.deposited import (
    DEPOSIT,
    RECEIPT,
    DepositFile,
    DepositReceipt,
    assemble_deposit,
    read_deposit,
    select_handed,
)
from good_offices.instrument.evidence import verify_any
from good_offices.instrument.rendering import as_json, as_text
from good_offices.instrument.verify import verify_outcome
from good_offices.seals.domains import Domain
from good_offices.talks.events_after import CorrectionAccepted, ErrorNotified
from good_offices.talks.events_depositary import DepositaryAdmitted, DepositReceived
from good_offices.talks.events_outcome import InstrumentDeposited
from good_offices.text.model import Words


def admitting(label: str = "depositary") -> DepositaryAdmitted:
    one = card(label)
    return DepositaryAdmitted(**{name: getattr(one, name) for name in one.__struct_fields__})


def deposit(instrument, label: str = "depositary") -> InstrumentDeposited:
    return InstrumentDeposited(
        instrument=instrument.id,
        digest=instrument.digest,
        depositary=card(label).fingerprint,
        place="Meridon",
    )


@pytest.fixture
def given(fresh):
    """A stage with a signed text, beside another one, deposited with a depositary that all admitted."""
    stage = fresh().modalities()
    stage.text(treaty("secret", en="Nobody else shall read this."))
    instrument = stage.text()
    stage.sign(instrument)
    stage.both(admitting())
    stage.both(deposit(instrument))
    return stage, instrument


def handed(stage, instrument) -> DepositFile:
    indices = select_handed(stage.replay.roster, stage.replay.plenary, stage.judged, instrument.id)
    return assemble_deposit(indices, stage.kept, stage.tree, stage.note(), instrument)


def stated(stage, instrument, label: str = "depositary", /, **said) -> tuple[bytes, bytes]:
    plain = {"talks": stage.talks, "instrument": instrument.id, "digest": instrument.digest}
    return receipt(label, **(plain | said))


def receipted(stage, instrument, label: str = "depositary", /, **said) -> DepositReceipt:
    file = handed(stage, instrument)
    statement, signature = stated(stage, instrument, label, **said)
    return DepositReceipt(
        form=RECEIPT,
        checkpoint=file.checkpoint,
        entries=file.entries,
        statement=statement,
        signature=signature,
    )


def copied(stage, instrument, label: str = "depositary", **said) -> CertifiedCopy:
    file = handed(stage, instrument)
    plain = {
        "talks": stage.talks,
        "instrument": instrument.id,
        "digest": instrument.digest,
        "depositary": card().fingerprint,
        "language": "en",
        "words": "A true copy.",
        "date": "2 May 2030",
        "time": stage.clock,
    }
    certification = pack(Certification(**(plain | said)))
    return CertifiedCopy(
        form=CERTIFIED_COPY,
        checkpoint=file.checkpoint,
        entries=file.entries,
        text=file.text,
        certification=certification,
        signature=key_of(label).sign(Domain.CERTIFIED_COPY, certification),
    )


def refused(file) -> str:
    finding = verify_any(file.to_bytes())
    assert not finding.valid
    return finding.failed.code


def without(stage, entries, event: str):
    acts = {
        one.index: unpack(stage.rows[one.index].content.signed.act, dict)["event"]["event"]
        for one in entries
        if one.key
    }
    kept = tuple(one for one in entries if acts.get(one.index) != event)
    assert len(kept) == len(entries) - 2
    return kept


class TestFile:
    def test_it_shows_one_text_and_who_is_to_keep_it(self, given) -> None:
        stage, instrument = given
        data = handed(stage, instrument).to_bytes()
        finding = verify_any(data, Beside(anchors=anchors(stage)))
        assert (finding.form, finding.valid, finding.trust) == (DEPOSIT, True, "established")
        assert "share the waters" in finding.text["en"]
        assert b"Nobody else" not in data
        assert finding.agenda == ()
        (kept,) = finding.deposits
        assert (kept.depositary, kept.key) == ("Archive of Meridon", card().fingerprint)
        assert {one.how for one in finding.signatories} == {"initialled", "signed"}
        shown = as_text(finding)
        assert card().fingerprint in shown
        assert "admitted Archive of Meridon as a depositary" in shown

    def test_whose_it_is_needs_roots(self, given) -> None:
        stage, instrument = given
        assert verify_any(handed(stage, instrument).to_bytes()).trust == "unestablished"

    def test_the_corrections_that_all_accepted_are_shown(self, given) -> None:
        stage, instrument = given
        notice = ErrorNotified(instrument=instrument.id, digest=instrument.digest, errata=erratum(instrument))
        stage.act(stage.arda, notice)
        assert read_deposit(handed(stage, instrument).to_bytes()).corrected is None
        stage.act(stage.belan, CorrectionAccepted(notice=notice.content))
        corrected = stage.replay.plenary.finished[instrument.id].corrected
        found = read_deposit(handed(stage, instrument).to_bytes())
        assert (found.corrected, found.errata) == (corrected, erratum(instrument))
        finding = verify_any(handed(stage, instrument).to_bytes())
        assert "The waters are one." in finding.text["en"]
        assert any("took an acceptance of it back" in one for one in finding.does_not_prove)
        assert any("taken back its acceptance of the depositary" in one for one in finding.does_not_prove)
        # Without one of the two acceptances nothing is corrected.
        file = handed(stage, instrument)
        half = tuple(
            one
            for one in file.entries
            if not one.key or b"CorrectionAccepted" not in stage.rows[one.index].content.signed.act
        )
        assert read_deposit(structs.replace(file, entries=half).to_bytes()).corrected is None

    def test_another_text_another_word_another_version(self, given) -> None:
        stage, instrument = given
        good = handed(stage, instrument)
        altered = structs.replace(
            instrument.units[0], texts=instrument.units[0].texts | {"en": (Words(text="All is ours."),)}
        )
        other = structs.replace(instrument, units=(altered, *instrument.units[1:]))
        assert refused(structs.replace(good, text=pack(other))) == "deposit-file-wrong"
        assert refused(structs.replace(good, text=pack(treaty("secret")))) == "deposit-file-wrong"
        assert refused(structs.replace(good, text=b"\xa0")) == "text-malformed"
        assert refused(structs.replace(good, form="good-offices/deposit/2")) == "unknown-version"
        last = structs.replace(good.entries[-1], body=good.entries[-1].body[:-1] + b"\x00")
        assert refused(structs.replace(good, entries=(*good.entries[:-1], last))) == "entry-altered"

    def test_a_depositary_that_is_not_shown_to_be_admitted(self, given) -> None:
        stage, instrument = given
        good = handed(stage, instrument)
        entries = without(stage, good.entries, "DepositaryAdmitted")
        assert refused(structs.replace(good, entries=entries)) == "deposit-wrong"
        entries = without(stage, good.entries, "InstrumentDeposited")
        assert refused(structs.replace(good, entries=entries)) == "deposit-file-wrong"


class TestReceipt:
    def test_it_says_whose_it_is_and_not_what_was_agreed(self, given) -> None:
        stage, instrument = given
        data = receipted(stage, instrument).to_bytes()
        finding = verify_any(data, Beside(anchors=anchors(stage)))
        assert (finding.form, finding.valid, finding.trust) == (RECEIPT, True, "established")
        assert finding.text == {}
        assert b"share the waters" not in data
        assert any("has received" in one and instrument.digest.hex() in one for one in finding.proves)
        assert any("still has the text" in one for one in finding.does_not_prove)
        assert as_json(finding)["deposits"][0]["received"][0]["number"] == 1
        assert "its receipt no. 1" in as_text(finding)

    @pytest.mark.parametrize(
        ("label", "said"),
        [
            ("another", {}),
            ("card", {}),
            ("depositary", {"talks": bytes(32)}),
            ("depositary", {"instrument": "secret"}),
            ("depositary", {"digest": bytes(32)}),
            ("depositary", {"number": 0}),
        ],
    )
    def test_of_anything_else_it_is_none(self, given, label, said) -> None:
        stage, instrument = given
        assert refused(receipted(stage, instrument, label, **said)) == "deposit-receipt-wrong"

    def test_altered_or_of_nobody(self, given) -> None:
        stage, instrument = given
        good = receipted(stage, instrument)
        assert refused(structs.replace(good, statement=good.statement + b"\x00")) == "deposit-receipt-wrong"
        entries = without(stage, good.entries, "InstrumentDeposited")
        assert refused(structs.replace(good, entries=entries)) == "deposit-receipt-wrong"
        entries = without(stage, good.entries, "DepositaryAdmitted")
        assert refused(structs.replace(good, entries=entries)) == "deposit-wrong"


class TestCopy:
    def test_the_depositary_certifies_what_it_keeps(self, given) -> None:
        stage, instrument = given
        finding = verify_any(copied(stage, instrument, place="Meridon").to_bytes(), Beside(anchors(stage)))
        assert (finding.valid, finding.trust) == (True, "established")
        assert finding.certified.name == "Archive of Meridon"
        assert any("whom all admitted and designated" in one for one in finding.proves)
        assert "Archive of Meridon, Keeper of records; Meridon, 2 May 2030" in as_text(finding)

    def test_with_every_correction_and_no_other(self, given) -> None:
        stage, instrument = given
        stage.both(
            ErrorNotified(instrument=instrument.id, digest=instrument.digest, errata=erratum(instrument))
        )
        assert refused(copied(stage, instrument)) == "certified-copy-wrong"
        corrected = stage.replay.plenary.finished[instrument.id].corrected
        said = {"corrections": erratum(instrument), "corrected": corrected}
        finding = verify_any(copied(stage, instrument, **said).to_bytes())
        assert "The waters are one." in finding.text["en"]

    def test_corrections_of_its_own_are_none(self, given) -> None:
        stage, instrument = given
        said = {"corrections": erratum(instrument), "corrected": bytes(32)}
        assert refused(copied(stage, instrument, **said)) == "certified-copy-wrong"

    def test_another_key_another_depositary_a_desk_besides(self, given) -> None:
        stage, instrument = given
        for label, said in (
            ("another", {}),
            ("another", {"depositary": card("another").fingerprint}),
            ("depositary", {"certificate": stage.arda.certificate}),
            ("depositary", {"depositary": ""}),
            ("depositary", {"depositary": "", "certificate": stage.arda.certificate}),
        ):
            assert refused(copied(stage, instrument, label, **said)) == "certified-copy-wrong"


class TestOutcome:
    def test_the_bundle_says_who_keeps_it_and_that_it_has_it(self, given) -> None:
        stage, instrument = given
        statement, signature = stated(stage, instrument)
        received = DepositReceived(instrument=instrument.id, statement=statement, signature=signature)
        stage.act(stage.belan, received)
        record = stage.record()
        stage.close(record)
        finding = verify_outcome(stage.assembled(record).to_bytes(), anchors(stage))
        (one,) = finding.deposits
        assert (one.depositary, one.received[0].number) == ("Archive of Meridon", 1)
        assert finding.statements == ()

    def test_all_of_it_after_the_closing_record(self, fresh) -> None:
        stage = fresh().modalities()
        instrument = stage.text()
        stage.sign(instrument)
        stage.act(stage.arda, admitting())
        record = stage.record()
        stage.close(record)
        stage.act(stage.belan, admitting())
        stage.both(deposit(instrument))
        statement, signature = stated(stage, instrument)
        stage.act(
            stage.belan,
            DepositReceived(instrument=instrument.id, statement=statement, signature=signature),
        )
        finding = verify_outcome(stage.assembled(record).to_bytes(), anchors(stage))
        assert finding.deposits[0].received[0].claimed_ms == 1_900_000_000_000
        # A second receipt in the file, or one of another key, is not taken for the depositary's.
        again = stage.unjudged(
            stage.arda, DepositReceived(instrument=instrument.id, statement=statement, signature=signature)
        )
        lie = stage.assembled(record)
        lie = structs.replace(lie, entries=(*lie.entries, stage.shown(again)), checkpoint=stage.note())
        with pytest.raises(RemoteError):
            verify_outcome(lie.to_bytes(), anchors(stage))

    def test_a_receipt_by_another_key_refuses_the_bundle(self, given) -> None:
        stage, instrument = given
        statement, signature = stated(stage, instrument, "another")
        forged = stage.unjudged(
            stage.arda, DepositReceived(instrument=instrument.id, statement=statement, signature=signature)
        )
        record = stage.record()
        lie = stage.lying(
            structs.replace(record, head=structs.replace(record.head, size=forged)), also=[forged]
        )
        with pytest.raises(RemoteError) as found:
            verify_outcome(lie.to_bytes())
        assert found.value.code == "deposit-wrong"
