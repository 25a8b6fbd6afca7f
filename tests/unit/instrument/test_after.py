"""What follows a signature, in files: originals on paper, procès-verbal, two instruments, certified copies."""

from __future__ import annotations

import hashlib

import pytest
from msgspec import structs
from tests.support.outcomes import treaty

from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.instrument.anchors import Beside, anchors_of
from good_offices.instrument.certified import (
    CERTIFIED_COPY,
    Certification,
    CertifiedCopy,
    assemble_copy,
    select_deposit,
)
from good_offices.instrument.evidence import verify_any
from good_offices.instrument.rendering import as_json, as_text
from good_offices.instrument.verify import verify_outcome
from good_offices.seals.domains import Domain
from good_offices.talks.events_after import (
    Erratum,
    ErrorNotified,
    PaperSignatory,
    PaperSignatureAttested,
    SignatureRecorded,
)
from good_offices.talks.events_outcome import InstrumentDeposited
from good_offices.talks.finished import corrected_text
from good_offices.text.model import Words

SCAN = hashlib.sha256(b"a scan").digest()


def anchors(stage):
    return anchors_of(roots=[one.root.fingerprint for one in stage.parties.values()])


def on_paper(stage, instrument, *names, **fields) -> PaperSignatureAttested:
    signatories = tuple(
        PaperSignatory(delegation=stage.parties[one].id, name=f"Leader of {one}", capacity="President")
        for one in names or stage.parties
    )
    plain = {"scan": SCAN, "place": "Meridon", "date": "1 May 2030", "signatories": signatories}
    return PaperSignatureAttested(instrument=instrument.id, digest=instrument.digest, **(plain | fields))


def deposit(stage, instrument) -> InstrumentDeposited:
    return InstrumentDeposited(
        instrument=instrument.id,
        digest=instrument.digest,
        depositary=stage.parties["Arda"].id,
        place="Meridon",
    )


def recorded(instrument) -> SignatureRecorded:
    words = {"en": "Signed in two originals.", "ru": "Подписано в двух подлинниках."}
    return SignatureRecorded(instrument=instrument.id, digest=instrument.digest, words=words)


def files(stage, record):
    data = stage.assembled(record).to_bytes()
    return verify_outcome(data, anchors(stage)), data


class TestOutcome:
    def test_a_text_that_leaders_signed_on_paper(self, fresh) -> None:
        stage = fresh().modalities()
        instrument = stage.text()
        stage.both(on_paper(stage, instrument))
        stage.both(recorded(instrument))
        stage.both(deposit(stage, instrument))
        record = stage.record()
        stage.close(record)
        finding, _ = files(stage, record)
        assert finding.signatories == ()
        (paper,) = finding.papers
        assert (paper.scan, paper.place) == (SCAN.hex(), "Meridon")
        assert ("Republic of Arda", "Leader of Arda", "President") in paper.signatories
        assert finding.records[0].words["ru"].startswith("Подписано")
        assert [one.depositary for one in finding.deposits] == ["Republic of Arda"]
        assert any("whose scan has the SHA-256" in one for one in finding.proves)
        assert finding.statements == ()
        shown = as_text(finding)
        for words in ("Leader of Belan, President", SCAN.hex(), "Signed in two originals."):
            assert words in shown
        assert as_json(finding)["papers"][0]["date"] == "1 May 2030"

    def test_all_of_it_after_the_closing_record(self, fresh) -> None:
        stage = fresh().modalities()
        instrument = stage.text()
        stage.act(stage.arda, on_paper(stage, instrument))
        record = stage.record()
        stage.close(record)
        stage.act(stage.belan, on_paper(stage, instrument))
        stage.both(deposit(stage, instrument))
        stage.both(recorded(instrument))
        finding, _ = files(stage, record)
        assert len(finding.papers) == len(finding.deposits) == len(finding.records) == 1

    def test_half_an_attestation_is_none(self, fresh) -> None:
        stage = fresh().modalities()
        instrument = stage.text()
        stage.act(stage.arda, on_paper(stage, instrument))
        record = stage.record()
        stage.close(record)
        assert files(stage, record)[0].papers == ()

    def test_a_deposit_without_the_attestation_it_rests_on(self, fresh) -> None:
        stage = fresh().modalities()
        instrument = stage.text()
        first = stage.both(on_paper(stage, instrument))
        record = stage.record()
        record = structs.replace(
            record, disclosed=tuple(one for one in record.disclosed if one.index not in first)
        )
        data = stage.lying(record, [instrument], deposit=instrument).to_bytes()
        with pytest.raises(RemoteError) as refused:
            verify_outcome(data)
        assert refused.value.code == "deposit-wrong"

    def test_an_attestation_of_a_text_that_nobody_adopted(self, fresh) -> None:
        stage = fresh().modalities()
        instrument = stage.text(until="tabled")
        acts = [stage.unjudged(desk, on_paper(stage, instrument)) for desk in stage.desks]
        record = stage.record()
        listed = {one.index: one for one in record.disclosed}
        assert not listed.keys() & set(acts)
        lie = stage.lying(structs.replace(record, head=structs.replace(record.head, size=acts[0])), also=acts)
        with pytest.raises(RemoteError) as refused:
            verify_outcome(lie.to_bytes())
        assert refused.value.code == "adoption-missing"

    def test_an_attestation_for_a_delegation_that_there_is_not(self, fresh) -> None:
        stage = fresh().modalities()
        instrument = stage.text()
        stranger = (PaperSignatory(delegation="0" * 32, name="Nobody", capacity="None"),)
        record = stage.record()
        acts = [
            stage.unjudged(desk, on_paper(stage, instrument, signatories=stranger)) for desk in stage.desks
        ]
        lie = stage.lying(record, [instrument], also=acts)
        with pytest.raises(RemoteError) as refused:
            verify_outcome(lie.to_bytes())
        assert refused.value.code == "signatory-differs"

    def test_two_instruments_each_with_its_own_state(self, fresh) -> None:
        """One signed here and deposited, one on paper alone, one adopted and not signed."""
        stage = fresh().modalities()
        main = stage.text(treaty("agreement"))
        side = stage.text(treaty("protocol", en="The Protocol on salt."))
        left = stage.text(treaty("annexes", en="The Annexes."))
        stage.sign(main)
        stage.both(on_paper(stage, side))
        stage.both(deposit(stage, main))
        stage.both(ErrorNotified(instrument=side.id, digest=side.digest, errata=erratum(side)))
        record = stage.record()
        stage.close(record)
        finding, _ = files(stage, record)
        assert {one.instrument for one in finding.signatories} == {"agreement"}
        assert [one.instrument for one in finding.papers] == ["protocol"]
        assert [one.instrument for one in finding.deposits] == ["agreement"]
        # Adopted, all three are shown; the signed hash is that of the closing record, corrected or not.
        for words in ("The Protocol on salt.", "The Annexes.", "waters"):
            assert words in finding.text["en"]
        held = {one.instrument: one for one in record.instruments}
        assert held["protocol"].digest == side.digest
        assert stage.replay.plenary.finished["protocol"].corrected not in (None, side.digest)
        assert held["annexes"].adopted
        assert left.digest == held["annexes"].digest


def erratum(instrument) -> tuple[Erratum, ...]:
    unit = instrument.units[0]
    (words,) = unit.texts["en"]
    return (Erratum(unit=unit.id, language="en", found=words.text, correct="The waters are one."),)


@pytest.fixture
def kept(fresh):
    """A stage with a signed and deposited text beside another one, and the first one's instrument."""
    stage = fresh().modalities()
    stage.text(treaty("secret", en="Nobody else shall read this."))
    instrument = stage.text()
    stage.sign(instrument)
    stage.both(deposit(stage, instrument))
    return stage, instrument


def copied(
    stage, instrument, desk=None, *, domain=Domain.CERTIFIED_COPY, entries=None, **said
) -> CertifiedCopy:
    desk = desk or stage.arda
    plain = {
        "talks": stage.talks,
        "instrument": instrument.id,
        "digest": instrument.digest,
        "certificate": desk.certificate,
        "language": "en",
        "words": "A true copy.",
        "date": "2 May 2030",
        "time": stage.clock,
    }
    certification = pack(Certification(**(plain | said)))
    indices = entries or select_deposit(
        stage.replay.roster, stage.replay.plenary, stage.judged, instrument.id, desk.certificate
    )
    return assemble_copy(
        indices,
        stage.kept,
        stage.tree,
        stage.note(),
        instrument,
        certification,
        desk.signer.sign(domain, certification),
    )


class TestCertifiedCopy:
    def test_it_proves_adoption_signatures_deposit_and_nothing_of_another_text(self, kept) -> None:
        stage, instrument = kept
        data = copied(stage, instrument, place="Meridon").to_bytes()
        finding = verify_any(data, Beside(anchors=anchors(stage)))
        assert (finding.form, finding.valid, finding.trust) == (CERTIFIED_COPY, True, "established")
        assert "share the waters" in finding.text["en"]
        assert {one.how for one in finding.signatories} == {"initialled", "signed"}
        assert (finding.certified.delegation, finding.certified.words) == ("Republic of Arda", "A true copy.")
        assert b"Nobody else" not in data
        assert finding.agenda == ()
        shown = as_text(finding)
        for words in (
            "Certified by the depositary",
            "Mira Senn",
            "Meridon, 2 May 2030",
            instrument.digest.hex(),
        ):
            assert words in shown
        assert as_json(finding)["certified"]["corrected"] is None

    def test_with_corrections_it_lists_them_and_reads_as_corrected(self, kept) -> None:
        stage, instrument = kept
        stage.both(
            ErrorNotified(instrument=instrument.id, digest=instrument.digest, errata=erratum(instrument))
        )
        plenary = stage.replay.plenary
        text = corrected_text(plenary.texts[instrument.id], plenary.finished[instrument.id]).instrument
        said = {"corrections": erratum(instrument), "corrected": text.digest}
        finding = verify_any(copied(stage, instrument, **said).to_bytes())
        assert finding.valid
        assert "The waters are one." in finding.text["en"]
        assert finding.certified.digest == instrument.digest.hex()
        assert any("depositary's statement" in one for one in finding.does_not_prove)
        assert "reads “The waters are one.”" in as_text(finding)
        for wrong in (
            {"corrections": erratum(instrument), "corrected": bytes(32)},
            {"corrections": (), "corrected": text.digest},
            {
                "corrections": (Erratum(unit="u", language="en", found="x", correct="y"),),
                "corrected": bytes(32),
            },
        ):
            assert self.refused(copied(stage, instrument, **wrong)) == "certified-copy-wrong"

    @staticmethod
    def refused(copy: CertifiedCopy) -> str:
        finding = verify_any(copy.to_bytes())
        assert not finding.valid
        return finding.failed.code

    def test_only_the_depositary_certifies(self, kept) -> None:
        stage, instrument = kept
        assert self.refused(copied(stage, instrument, stage.belan)) == "certified-copy-wrong"

    def test_another_purpose_another_desk_another_text(self, kept) -> None:
        stage, instrument = kept
        good = copied(stage, instrument)
        assert self.refused(copied(stage, instrument, domain=Domain.ACT)) == "certified-copy-wrong"
        assert (
            self.refused(copied(stage, instrument, certificate=stage.belan.certificate))
            == "certified-copy-wrong"
        )
        assert self.refused(copied(stage, instrument, certificate=bytes(32))) == "certified-copy-wrong"
        assert self.refused(copied(stage, instrument, talks=bytes(32))) == "certified-copy-wrong"
        altered = structs.replace(
            instrument.units[0], texts=instrument.units[0].texts | {"en": (Words(text="All is ours."),)}
        )
        other = structs.replace(instrument, units=(altered, *instrument.units[1:]))
        assert self.refused(structs.replace(good, text=pack(other))) == "certified-copy-wrong"
        assert self.refused(structs.replace(good, text=b"\xa0")) == "text-malformed"
        assert (
            self.refused(structs.replace(good, signature=bytes(len(good.signature))))
            == "certified-copy-wrong"
        )
        assert self.refused(structs.replace(good, form="good-offices/certified-copy/2")) == "unknown-version"

    def test_without_the_deposit_it_is_nobodys_copy(self, kept) -> None:
        stage, instrument = kept
        every = select_deposit(
            stage.replay.roster, stage.replay.plenary, stage.judged, instrument.id, stage.arda.certificate
        )
        acts = {one: unpack(stage.rows[one].content.signed.act, dict) for one in every if stage.rows[one].key}
        without = [
            one for one in every if acts.get(one, {}).get("event", {}).get("event") != "InstrumentDeposited"
        ]
        assert len(without) == len(every) - 2
        assert self.refused(copied(stage, instrument, entries=without)) == "certified-copy-wrong"

    def test_before_the_deposit_there_is_none(self, fresh) -> None:
        stage = fresh().modalities()
        instrument = stage.text()
        with pytest.raises(LocalError) as refused:
            copied(stage, instrument)
        assert refused.value.code == "not-deposited"

    def test_a_recalled_member_certifies_nothing(self, kept) -> None:
        stage, instrument = kept
        second = stage.desk("Arda", "Second Hand", "Archivist")
        stage.join(second, stage.arda)
        assert verify_any(copied(stage, instrument, second).to_bytes()).valid
        stage.recall(second, stage.arda)
        assert self.refused(copied(stage, instrument, second)) == "certified-copy-wrong"

    def test_a_member_without_the_power_certifies_nothing(self, kept) -> None:
        stage, instrument = kept
        clerk = stage.desk("Arda", "Clerk", "Clerk")
        stage.join(clerk, stage.arda, powers=("speak",))
        assert self.refused(copied(stage, instrument, clerk)) == "certified-copy-wrong"
