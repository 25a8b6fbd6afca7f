"""Outcomes that hold: with a text and without, with every way to sign, with recalls and successions."""

from __future__ import annotations

import pytest
from msgspec import structs
from tests.support.outcomes import seed, treaty

from good_offices.encoding import pack
from good_offices.errors import LocalError, RemoteError
from good_offices.instrument.anchors import anchors_of
from good_offices.instrument.closing import assemble
from good_offices.instrument.verify import verify_outcome
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ROOT
from good_offices.talks.credentials import Root, Succession, successor_commitment
from good_offices.talks.events_outcome import (
    ClosingRecordSigned,
    InstrumentSigned,
    SignatureConfirmed,
    SignedAdReferendum,
)
from good_offices.talks.events_plenary import (
    ActConfirmed,
    FullPowersFoundInOrder,
    FullPowersProduced,
    ItemAccepted,
    ItemProposed,
    ModalitiesAccepted,
)
from good_offices.talks.events_roster import RootSucceeded
from good_offices.talks.events_text import TextAdopted


def roots_of(stage) -> list[str]:
    return [one.root.fingerprint for one in stage.parties.values()]


def finished(stage, **how):
    record = stage.record(**how)
    stage.close(record)
    return verify_outcome(stage.assembled(record).to_bytes(), anchors_of(roots=roots_of(stage)))


def test_a_signed_and_deposited_text(honest):
    stage, data = honest
    finding = verify_outcome(data, anchors_of(roots=roots_of(stage)))
    assert (finding.valid, finding.trust, finding.failed) == (True, "established", None)
    assert "share the waters" in finding.text["en"]
    assert "водами реки" in finding.text["ru"]
    assert {(one.delegation, one.name, one.capacity, one.how) for one in finding.signatories} == {
        (name, who, as_what, how)
        for name, who, as_what in (
            ("Republic of Arda", "Mira Senn", "Minister for Water"),
            ("Republic of Belan", "Oleg Tarn", "First Deputy Minister"),
        )
        for how in ("initialled", "signed")
    }
    assert [one.text for one in finding.statements] == ["We thank the host."]
    assert finding.agenda == ("The waters of the river",)
    assert [one.place for one in finding.deposits] == ["Meridon"]
    assert len(finding.cosigned_by) == 2
    assert finding.number == stage.replay.roster.number
    assert any(one.startswith("that Mira Senn") for one in finding.proves)
    assert not any("identity" in one for one in finding.does_not_prove)
    for always in ("arrival times are the host's word", "nothing else stands in the register", "claims"):
        assert any(always in one for one in finding.does_not_prove)


def test_without_anchors_it_speaks_of_keys_only(honest):
    finding = verify_outcome(honest[1])
    assert finding.trust == "unestablished"
    assert not any(one.startswith("that Mira Senn") for one in finding.proves)
    assert any("compare these numbers" in one for one in finding.does_not_prove)


def test_one_root_of_two_does_not_establish(honest):
    stage, data = honest
    finding = verify_outcome(data, anchors_of(roots=roots_of(stage)[:1]))
    assert finding.trust == "unestablished"
    assert [one.trusted for one in finding.roots].count(True) == 1


def test_talks_without_any_text(fresh):
    stage = fresh().modalities()
    said = stage.say("We have met.")
    finding = finished(stage, extra=[stage.hash(said)])
    assert (finding.text, finding.signatories) == ({}, ())
    assert finding.statements[0].text == "We have met."
    assert not any("text" in one for one in finding.proves)


def test_talks_without_modalities(fresh):
    finding = finished(fresh())
    assert not any("modalities" in one for one in finding.proves)


def test_a_text_that_was_adopted_and_not_signed(fresh):
    stage = fresh().modalities()
    stage.text()
    finding = finished(stage)
    assert finding.text.keys() == {"en", "ru"}
    assert finding.signatories == ()


def test_a_draft_beside_an_adopted_text_is_not_shown(fresh):
    stage = fresh().modalities()
    stage.text(treaty("agreed"))
    stage.text(treaty("draft", en="Something else."), until="tabled")
    record = stage.record()
    stage.close(record)
    outcome = stage.assembled(record)
    assert "Something else" not in verify_outcome(outcome.to_bytes()).text["en"]
    finding = verify_outcome(structs.replace(outcome, texts=outcome.texts[:1]).to_bytes())
    assert any("the draft draft" in one for one in finding.does_not_prove)


def test_a_draft_alone_is_shown_with_its_brackets(fresh):
    stage = fresh().modalities()
    stage.text(until="tabled")
    assert "Article 1" in finished(stage).text["en"]


def test_a_signature_ad_referendum_that_was_confirmed(fresh):
    stage = fresh().modalities()
    text = stage.text()
    stage.powers(stage.arda)
    index = stage.act(stage.arda, SignedAdReferendum(instrument=text.id, digest=text.digest))
    stage.act(
        stage.arda, SignatureConfirmed(instrument=text.id, digest=text.digest, signature=stage.hash(index))
    )
    stage.act(stage.belan, SignedAdReferendum(instrument=text.id, digest=text.digest))
    hows = {one.delegation: one.how for one in finished(stage).signatories}
    assert hows == {"Republic of Arda": "signed", "Republic of Belan": "ad-referendum"}


def test_acts_without_powers_that_were_confirmed(fresh):
    """VCLT 8: a signature before full powers, an acceptance without the power, each confirmed."""
    stage = fresh()
    clerk = stage.desk("Belan", "Ada Kell", "Second Secretary")
    stage.join(clerk, stage.belan, powers=("speak",))
    stage.modalities()
    item = ItemProposed(title="The fish of the river")
    stage.act(stage.arda, item)
    by_clerk = stage.act(clerk, ItemAccepted(item=item.content), expect="ineffective")
    stage.act(stage.belan, ActConfirmed(index=by_clerk, act=stage.hash(by_clerk)))
    text = stage.text()
    signed = stage.act(
        stage.arda, InstrumentSigned(instrument=text.id, digest=text.digest), expect="ineffective"
    )
    stage.powers(stage.arda)
    stage.act(stage.arda, ActConfirmed(index=signed, act=stage.hash(signed)))
    ad_referendum = stage.act(stage.belan, SignedAdReferendum(instrument=text.id, digest=text.digest))
    event = SignatureConfirmed(instrument=text.id, digest=text.digest, signature=stage.hash(ad_referendum))
    early = stage.act(stage.belan, event, expect="ineffective")
    stage.powers(stage.belan)
    stage.act(stage.belan, ActConfirmed(index=early, act=stage.hash(early)))
    finding = finished(stage)
    assert set(finding.agenda) == {"The fish of the river", "The waters of the river"}
    assert [one.how for one in finding.signatories] == ["signed", "signed"]


def test_full_powers_that_were_produced_without_power_and_confirmed(fresh):
    stage = fresh()
    clerk = stage.desk("Belan", "Ada Kell", "Second Secretary")
    stage.join(clerk, stage.belan, powers=("agree",))
    stage.modalities()
    text = stage.text()
    by_clerk = stage.act(
        clerk, FullPowersProduced(member=stage.belan.member, ex_officio=True), expect="ineffective"
    )
    confirmed = stage.act(stage.belan, ActConfirmed(index=by_clerk, act=stage.hash(by_clerk)))
    stage.act(stage.arda, FullPowersFoundInOrder(produced=stage.hash(confirmed)))
    stage.act(stage.belan, InstrumentSigned(instrument=text.id, digest=text.digest))
    (signed,) = finished(stage).signatories
    assert signed.full_powers == stage.hash(confirmed).hex()


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"until": 2**50}, "closing-record-incomplete"), ({"by": "clerk"}, "powers-missing")],
)
def test_a_closing_record_signed_with_a_time_limit_or_without_power_is_none(fresh, changed, code):
    stage = fresh().modalities()
    clerk = stage.desk("Belan", "Ada Kell", "Second Secretary")
    stage.join(clerk, stage.belan, powers=("speak",))
    record = stage.record(signers=[stage.arda.certificate, stage.belan.certificate, clerk.certificate])
    first = stage.act(stage.arda, ClosingRecordSigned(record=record))
    second = stage.unjudged(
        clerk if "by" in changed else stage.belan,
        ClosingRecordSigned(record=record, until=changed.get("until")),
    )
    outcome = stage.bundle(record, [0, *(one.index for one in record.disclosed), first, second])
    with pytest.raises(RemoteError) as refused:
        verify_outcome(outcome.to_bytes())
    assert refused.value.code == code


def test_a_member_recalled_before_the_end_and_one_who_joined(fresh):
    stage = fresh().modalities()
    deputy = stage.desk("Arda", "Ben Ori", "Deputy")
    stage.join(deputy, stage.arda)
    said = stage.act(deputy, structs.replace(stage.rows[stage.say()].content.act.event, text="Welcome."))
    stage.recall(deputy, stage.arda)
    finding = finished(stage, extra=[stage.hash(said)])
    assert [one.name for one in finding.statements] == ["Ben Ori"]
    assert any("Ben Ori did after the recall" in one for one in finding.does_not_prove)


def succession(stage, succeeds: str | None = None):
    """Return the root that follows Arda's, and the act of succession."""
    party = stage.parties["Arda"]
    later = ROOT.signer(seed("later", 64))
    root = Root(public=party.successor.public, successor=successor_commitment(later.public))
    told = Succession(
        talks=stage.talks, delegation=party.id, succeeds=succeeds or party.root.fingerprint, root=root
    )
    return root, RootSucceeded(succession=told, signature=party.successor.sign(Domain.SUCCESSION, pack(told)))


def test_a_root_that_was_succeeded_is_anchored_by_the_first_and_by_the_last(fresh):
    stage = fresh()
    root, event = succession(stage)
    stage.act(stage.arda, event, "roster")
    stage.modalities()
    record = stage.record()
    stage.close(record)
    data = stage.assembled(record).to_bytes()
    first, other = roots_of(stage)
    for anchors in ([first, other], [root.fingerprint, other], [first, root.fingerprint, other]):
        finding = verify_outcome(data, anchors_of(roots=anchors))
        assert finding.trust == "established"
        assert {one.now for one in finding.roots} >= {root.fingerprint}
    assert verify_outcome(data, anchors_of(roots=[root.fingerprint])).trust == "unestablished"
    with pytest.raises(RemoteError) as refused:
        verify_outcome(data, anchors_of(roots=["0" * 64]))
    assert refused.value.code == "root-differs"


def test_a_succession_cannot_be_shown_under_another_root(fresh):
    """An impostor whose first root commits to the true successor shows the true successor's statement."""
    stage = fresh()
    _, event = succession(stage, succeeds="ab" * 32)
    index = stage.act(stage.arda, event, "roster", expect="void")
    assert stage.rows[index].verdict.code == "successor-wrong"
    stage.modalities()
    record = stage.record()
    shown = [0, *(one.index for one in record.disclosed), index]
    lie = stage.lying(record, also=shown)
    with pytest.raises(RemoteError) as refused:
        verify_outcome(lie.to_bytes())
    assert refused.value.code == "credentials-invalid"


def test_modalities_accepted_by_proposing_the_same(fresh):
    stage = fresh().modalities()
    accepted = next(
        row.content.act.event
        for row in stage.rows
        if row.content is not None
        and hasattr(row.content, "act")
        and isinstance(row.content.act.event, ModalitiesAccepted)
    )
    assert finished(stage).valid
    assert accepted.modalities


def test_a_cosignature_from_between_head_and_end(talks):
    stage, record = talks.stage, talks.record
    stage.act(stage.arda, ClosingRecordSigned(record=record))
    early = stage.cosigned()
    stage.act(stage.belan, ClosingRecordSigned(record=record))
    outcome = assemble(
        record,
        stage.replay.roster,
        stage.judged,
        stage.kept,
        stage.tree,
        stage.note(),
        texts=stage.texts(),
        cosigned=early,
    )
    finding = verify_outcome(outcome.to_bytes())
    assert {one.size for one in finding.cosigned_by} == {stage.tree.size - 1}


def test_assembling_without_a_cosignature_or_closing_is_refused_by_verify(talks):
    stage, record = talks.stage, talks.record
    outcome = assemble(
        record, stage.replay.roster, stage.judged, stage.kept, stage.tree, stage.note(), texts={}, cosigned={}
    )
    with pytest.raises(RemoteError) as refused:
        verify_outcome(outcome.to_bytes())
    assert refused.value.code == "closing-record-missing"


def test_an_act_that_is_not_at_hand(talks):
    with pytest.raises(LocalError) as refused:
        talks.stage.record(extra=[bytes(32)])
    assert refused.value.code == "closing-entry-missing"


def test_a_signer_whom_nobody_certified(talks):
    with pytest.raises(LocalError) as refused:
        talks.stage.record(signers=[bytes(32)])
    assert refused.value.code == "closing-entry-missing"


def test_an_acceptance_renewed_before_completion_is_shown_once(fresh):
    stage = fresh().modalities()
    text = stage.text(until="tabled")
    assert text.digest
    other = stage.text(treaty("second"))
    assert TextAdopted(instrument=other.id, digest=other.digest).content
    item = ItemProposed(title="The dam")
    stage.act(stage.arda, item)
    stage.act(stage.arda, structs.replace(item, until=stage.clock + 10**9))
    stage.act(stage.belan, ItemAccepted(item=item.content))
    assert "The dam" in finished(stage).agenda


def test_what_is_said_after_the_head_is_not_shown(talks):
    stage, record = talks.stage, talks.record
    stage.act(stage.arda, ClosingRecordSigned(record=record))
    later = stage.say("One word more.")
    stage.act(stage.belan, ClosingRecordSigned(record=record))
    outcome = stage.assembled(record)
    assert later not in [one.index for one in outcome.entries]
    assert verify_outcome(outcome.to_bytes()).valid


def test_a_record_that_requires_no_cosigner(fresh):
    stage = fresh().modalities()
    record = structs.replace(stage.record(), cosigners=())
    stage.close(record)
    finding = verify_outcome(stage.assembled(record).to_bytes())
    assert finding.cosigned_by == ()
    assert not any("cosigned" in one for one in finding.proves)


def test_an_item_that_was_only_proposed_is_not_on_the_agenda(fresh):
    stage = fresh().modalities()
    stage.act(stage.arda, ItemProposed(title="The dam"))
    assert finished(stage).agenda == ("The waters of the river",)
