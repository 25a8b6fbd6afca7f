"""Forged acts: authors, chains, credentials, powers, signatures, deposit."""

from __future__ import annotations

from msgspec import structs
from tests.support.outcomes import Stage, ident
from tests.unit.instrument.forging import after_lie, find, forgery, listed, said

from good_offices.encoding import pack
from good_offices.register.leaf import Kind
from good_offices.seals.domains import Domain
from good_offices.talks.acts import SignedAct
from good_offices.talks.events_outcome import (
    ClosingRecordSigned,
    InstrumentDeposited,
    InstrumentSigned,
    SignatureConfirmed,
)
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    FullPowersFoundInOrder,
    FullPowersProduced,
    ItemAccepted,
    ModalitiesAccepted,
)
from good_offices.talks.events_roster import (
    EpochsHandedOver,
    KeyRenewed,
    MemberAccredited,
    MemberRecalled,
    Recall,
)
from good_offices.talks.events_text import TextReopened

# Acts and their authors.


@forgery("act-foreign")
def an_act_of_other_talks(talks):
    stage = talks.stage
    return after_lie(talks, stage.unjudged(stage.arda, said(), talks=bytes(32)))


@forgery("act-misplaced")
def an_act_of_another_room(talks):
    stage = talks.stage
    act = stage.signed(stage.arda, said(), room_override=ident("no room"))
    return after_lie(talks, stage.envelope(act, judge=False))


@forgery("act-misplaced")
def a_statement_in_the_roster(talks):
    stage = talks.stage
    return after_lie(talks, stage.unjudged(stage.arda, said(), "roster"))


@forgery("act-misplaced")
def an_act_with_a_view_of_a_caucus(talks):
    stage = talks.stage
    seen = stage.rows[-1].content.act.seen
    return after_lie(talks, stage.unjudged(stage.arda, said(), common=seen))


@forgery("act-signature-invalid")
def words_in_anothers_mouth(talks):
    """The other side writes an act in Arda's name, with the key it has."""
    stage = talks.stage
    last = stage.signed(stage.arda, said())
    forged = SignedAct(act=last.act, signature=stage.belan.signer.sign(Domain.ACT, last.act))
    return after_lie(talks, stage.envelope(forged, judge=False))


@forgery("act-out-of-order")
def an_act_out_of_its_chain(talks):
    stage = talks.stage
    return after_lie(talks, stage.unjudged(stage.arda, said(), sequence=0))


@forgery("act-out-of-order")
def an_act_after_another_past(talks):
    stage = talks.stage
    return after_lie(talks, stage.unjudged(stage.arda, said(), previous=bytes(32)))


@forgery("act-out-of-order")
def an_act_that_saw_the_future(talks):
    stage = talks.stage
    seen = structs.replace(stage.rows[-1].content.act.seen, size=stage.tree.size + 1)
    return after_lie(talks, stage.unjudged(stage.arda, said(), seen=seen))


@forgery("act-out-of-order")
def an_act_before_its_time(talks):
    stage = talks.stage
    return after_lie(talks, stage.unjudged(stage.arda, said(), time=1))


@forgery("certificate-missing")
def an_author_whom_nobody_certified(talks):
    stage = talks.stage
    stranger = stage.desk("Arda", "Nobody", "Nothing")
    return after_lie(talks, stage.unjudged(stranger, said()))


@forgery("certificate-missing")
def introduction_left_out(talks):
    return after_lie(talks, drop=[1])


@forgery("author-recalled")
def signature_by_a_recalled_desk(talks):
    stage = talks.stage
    recall = Recall(talks=stage.talks, delegation=stage.arda.party.id, member=stage.arda.member)
    event = MemberRecalled(recall=recall, signature=stage.arda.party.accredits(recall))
    recalled = stage.unjudged(stage.arda, event, "roster")
    signed = stage.unjudged(stage.arda, InstrumentSigned(instrument="treaty", digest=talks.instrument.digest))
    return after_lie(talks, recalled, signed)


@forgery("credentials-missing")
def credentials_left_out(talks):
    return after_lie(talks, drop=[find(talks.stage, "MemberAccredited", 1)])


@forgery("credentials-missing")
def powers_for_a_stranger(talks):
    stage = talks.stage
    event = FullPowersProduced(member=stage.belan.member, ex_officio=True)
    return after_lie(talks, stage.unjudged(stage.arda, event))


@forgery("credentials-invalid")
def credentials_by_another_root(talks):
    stage = talks.stage
    old = stage.rows[find(stage, "MemberAccredited")].content.act.event
    given = structs.replace(old.accreditation, name="Somebody Else", number=1)
    event = MemberAccredited(accreditation=given, signature=stage.belan.party.accredits(given))
    return after_lie(talks, stage.unjudged(stage.arda, event, "roster"))


@forgery("credentials-invalid")
def credentials_of_another_delegations_member(talks):
    stage = talks.stage
    old = stage.rows[find(stage, "MemberAccredited")].content.act.event
    given = structs.replace(old.accreditation, member=stage.belan.member)
    event = MemberAccredited(accreditation=given, signature=stage.arda.party.accredits(given))
    return after_lie(talks, stage.unjudged(stage.arda, event, "roster"))


@forgery("credentials-invalid")
def a_second_root_for_a_delegation(talks):
    stage = talks.stage
    impostor = Stage("impostor").desk("Arda", "Nobody", "Nothing")
    impostor.statement = structs.replace(impostor.statement, talks=stage.talks)
    introduction = impostor.introduction()
    index = stage.append(Kind.INTRODUCTION, pack(introduction), None, introduction, judge=False)
    return after_lie(talks, index)


@forgery("comparison-missing")
def comparison_left_out(talks):
    return after_lie(talks, drop=[find(talks.stage, "KeysCompared", 1)])


@forgery("entry-not-shown")
def secrets_of_an_epoch_handed_out(talks):
    stage = talks.stage
    event = EpochsHandedOver(room=stage.rooms["plenary"], epochs=())
    return after_lie(talks, stage.unjudged(stage.arda, event))


@forgery("entry-not-shown")
def a_key_renewed(talks):
    stage = talks.stage
    event = KeyRenewed(room=stage.rooms["plenary"], kem=bytes(10))
    return after_lie(talks, stage.unjudged(stage.arda, event, "roster"))


@forgery("entry-not-shown")
def a_statement_after_the_head(talks):
    stage = talks.stage
    record = listed(stage, talks.record)
    index = stage.unjudged(stage.arda, said())
    return stage.lying(record, [talks.instrument], also=[index])


@forgery("entry-not-shown")
def an_introduction_after_the_head(talks):
    stage = talks.stage
    record = listed(stage, talks.record)
    introduction = stage.desk("Arda", "Nobody", "Nothing").introduction(first=False)
    index = stage.append(Kind.INTRODUCTION, pack(introduction), None, introduction, judge=False)
    return stage.lying(record, [talks.instrument], also=[index])


@forgery("entry-not-shown")
def acceptance_of_what_is_not_shown(talks):
    stage = talks.stage
    return after_lie(talks, stage.unjudged(stage.arda, ModalitiesAccepted(modalities=bytes(32))))


@forgery("entry-not-shown")
def withdrawal_of_what_is_not_shown(talks):
    stage = talks.stage
    return after_lie(talks, stage.unjudged(stage.arda, AcceptanceWithdrawn(content=bytes(32))))


@forgery("entry-not-shown")
def a_closing_record_twice_by_one_side(talks):
    stage = talks.stage
    outcome = stage.lying(talks.record, [talks.instrument])
    index = stage.unjudged(stage.arda, ClosingRecordSigned(record=talks.record))
    return stage.bundle(talks.record, [*(one.index for one in outcome.entries), index], [talks.instrument])


# Full powers, signatures, deposit.


@forgery("powers-missing")
def full_powers_left_out(talks):
    indices = [find(talks.stage, name) for name in ("FullPowersProduced", "FullPowersFoundInOrder")]
    return after_lie(talks, drop=indices)


@forgery("powers-missing")
def full_powers_that_nobody_examined(talks):
    return after_lie(talks, drop=[find(talks.stage, "FullPowersFoundInOrder")])


@forgery("powers-missing")
def full_powers_left_out_but_examined(talks):
    return after_lie(talks, drop=[find(talks.stage, "FullPowersProduced")])


@forgery("powers-missing")
def full_powers_examined_by_their_own_side(talks):
    stage = talks.stage
    produced = stage.hash(find(stage, "FullPowersProduced"))
    return after_lie(talks, stage.unjudged(stage.arda, FullPowersFoundInOrder(produced=produced)))


@forgery("signature-not-shown")
def confirmation_of_a_signature_that_is_not_shown(talks):
    stage = talks.stage
    event = SignatureConfirmed(instrument="treaty", digest=talks.instrument.digest, signature=bytes(32))
    return after_lie(talks, stage.unjudged(stage.arda, event))


@forgery("signature-not-shown")
def confirmation_of_an_act_that_is_not_shown(talks):
    stage = talks.stage
    return after_lie(talks, stage.unjudged(stage.arda, ActConfirmed(index=3, act=bytes(32))))


@forgery("powers-missing")
def confirmation_without_the_power_either(fresh):
    stage = fresh()
    clerk = stage.desk("Arda", "Ben Ori", "Clerk")
    stage.join(clerk, stage.arda, powers=("speak",))
    index = stage.act(clerk, ItemAccepted(item=bytes(32)), expect="ineffective")
    record = stage.record(signers=[clerk.certificate])
    confirming = stage.unjudged(clerk, ActConfirmed(index=index, act=stage.hash(index)))
    record = listed(stage, record, add=[index, confirming])
    return stage.lying(record)


@forgery("adoption-missing")
def signature_before_adoption(talks):
    return after_lie(talks, drop=[find(talks.stage, "TextAdopted")])


@forgery("adoption-missing")
def a_text_that_is_said_to_be_a_draft(talks):
    record = talks.record
    instruments = tuple(structs.replace(one, adopted=False) for one in record.instruments)
    return after_lie(talks, instruments=instruments)


@forgery("adoption-missing")
def a_text_that_was_reopened(talks):
    stage = talks.stage
    event = TextReopened(instrument="treaty", digest=talks.instrument.digest)
    return after_lie(talks, *[stage.unjudged(desk, event) for desk in stage.desks])


@forgery("deposit-wrong")
def deposit_with_who_is_no_delegation(talks):
    stage = talks.stage
    record = listed(stage, talks.record)
    event = InstrumentDeposited(instrument="treaty", digest=talks.instrument.digest, depositary="a" * 32)
    stage.lying(record)
    index = stage.unjudged(stage.belan, event)
    shown = [0, *(one.index for one in record.disclosed), index - 2, index - 1, index]
    return stage.bundle(record, shown, [talks.instrument])


@forgery("deposit-wrong")
def deposit_twice(talks):
    stage = talks.stage
    record = listed(stage, talks.record)
    first = stage.lying(record, deposit=talks.instrument)
    event = InstrumentDeposited(
        instrument="treaty", digest=talks.instrument.digest, depositary=stage.arda.party.id
    )
    index = stage.unjudged(stage.arda, event)
    return stage.bundle(record, [*(one.index for one in first.entries), index], [talks.instrument])


@forgery("deposit-wrong")
def deposit_before_everybody_has_signed(talks):
    stage = talks.stage
    drop = [find(stage, "InstrumentSigned", 1)]
    record = listed(stage, talks.record, drop=drop, signatories=talks.record.signatories[:-1])
    return stage.lying(record, [talks.instrument], deposit=talks.instrument)
