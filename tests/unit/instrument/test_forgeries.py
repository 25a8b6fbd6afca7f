"""Forgeries of an outcome, each with its code: the forger is the host, and the parties where it says so.

Every forged file is well-formed: hashes, proofs, checkpoints and host signatures are computed again. What the forger
lacks is the keys of at least one honest party; where a check could only be reached with all keys, all parties lie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from msgspec import structs
from tests.support.outcomes import ORIGIN, Stage, full, ident, seed, treaty, unit

from good_offices.encoding import pack
from good_offices.errors import CATALOGUE, RemoteError
from good_offices.instrument.anchors import anchors_of
from good_offices.instrument.entries import Done
from good_offices.instrument.outcome import Cosignature, Outcome
from good_offices.instrument.verify import verify_outcome
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import DeskCosigner, desk_name
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind
from good_offices.seals.domains import Domain
from good_offices.seals.envelope import message_key, seal
from good_offices.talks.acts import SignedAct
from good_offices.talks.events_outcome import (
    ClosingRecord,
    ClosingRecordSigned,
    ClosingText,
    Disclosed,
    Head,
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
    StatementMade,
)
from good_offices.talks.events_roster import (
    EpochsHandedOver,
    KeyRenewed,
    MemberAccredited,
    MemberRecalled,
    Recall,
)
from good_offices.talks.events_text import TextReopened
from good_offices.text.model import Close, Instrument, Open, Words

Forgery = Callable[..., Outcome | bytes]
FORGERIES: list[tuple[str, str, Forgery]] = []


def forgery(code: str) -> Callable[[Forgery], Forgery]:
    def note(made: Forgery) -> Forgery:
        FORGERIES.append((code, made.__name__, made))
        return made

    return note


def listed(
    stage: Stage, record: ClosingRecord, *, add: Iterable[int] = (), drop: Iterable[int] = (), **changed
):
    """A record that lists other entries, with its head at the end of the register."""
    kept = {one.index: one for one in record.disclosed if one.index not in set(drop)}
    kept |= {index: Disclosed(index=index, leaf=stage.rows[index].leaf.hash) for index in add}
    head = Head(size=stage.tree.size, root=stage.tree.root(stage.tree.size))
    disclosed = tuple(kept[index] for index in sorted(kept))
    return structs.replace(record, **{"disclosed": disclosed, "head": head, **changed})


def find(stage: Stage, name: str, which: int = 0) -> int:
    """The index of an act by its event."""
    found = [
        index
        for index, row in enumerate(stage.rows)
        if isinstance(row.content, Done) and row.content.act.event.name == name
    ]
    return found[which]


def with_entry(outcome: Outcome, index: int, **changed) -> Outcome:
    entries = tuple(structs.replace(one, **changed) if one.index == index else one for one in outcome.entries)
    return structs.replace(outcome, entries=entries)


def closed(talks) -> Outcome:
    talks.stage.close(talks.record, deposit=talks.instrument)
    return talks.stage.assembled(talks.record)


def after_lie(game, *added: int, drop: Iterable[int] = (), **changed) -> Outcome:
    """Everybody signs a record that lists what was added, and nothing else is wrong."""
    record = listed(game.stage, game.record, add=added, drop=drop, **changed)
    return game.stage.lying(record, [game.instrument])


def rebuilt(stage: Stage, index: int, body: bytes, key: bytes | None) -> Stage:
    """The same register with another body at one index, as only its host can make it."""
    new = Stage(stage.salt, [])
    new.rows.clear()
    new.tree = type(new.tree)()
    for at, row in enumerate(stage.rows):
        changed = at == index
        new.append(
            row.leaf.kind,
            body if changed else row.body,
            key if changed else row.key,
            row.content,
            judge=False,
        )
    return new


# Genesis, checkpoint, entries.


@forgery("genesis-wrong")
def genesis_is_missing(talks):
    outcome = closed(talks)
    return structs.replace(outcome, entries=outcome.entries[1:])


@forgery("genesis-wrong")
def no_entry_at_all(talks):
    return structs.replace(closed(talks), entries=())


@forgery("genesis-wrong")
def genesis_is_something_else(talks):
    return with_entry(closed(talks), 0, body=b"\xa0")


@forgery("genesis-wrong")
def genesis_under_another_kind(talks):
    outcome = closed(talks)
    leaf = outcome.entries[0].leaf
    return with_entry(outcome, 0, leaf=leaf[:1] + b"\x02" + leaf[2:])


@forgery("genesis-wrong")
def genesis_with_a_key(talks):
    return with_entry(closed(talks), 0, key=bytes(32))


@forgery("checkpoint-invalid")
def checkpoint_of_another_host(talks):
    outcome = closed(talks)
    other = HostSigner(seed("other 1"), seed("other 2"), ORIGIN)
    tree = talks.stage.tree
    return structs.replace(outcome, checkpoint=other.sign(Checkpoint(ORIGIN, tree.size, tree.root()), 1))


@forgery("checkpoint-invalid")
def checkpoint_with_one_signature(talks):
    outcome = closed(talks)
    lines = outcome.checkpoint.split(b"\n")
    return structs.replace(outcome, checkpoint=b"\n".join([*lines[:-2], b""]))


@forgery("entry-not-in-register")
def another_checkpoint_of_the_same_host(talks):
    outcome = closed(talks)
    tree = talks.stage.tree
    earlier = talks.stage.note(tree.size - 1)
    return structs.replace(outcome, checkpoint=earlier)


@forgery("entry-not-in-register")
def proof_of_other_talks(talks):
    outcome = closed(talks)
    other, instrument, _ = full(Stage("other"))
    index = outcome.entries[5].index
    shown = other.shown(index)
    entries = tuple(shown if one.index == index else one for one in outcome.entries)
    return structs.replace(outcome, entries=entries)


@forgery("entry-not-in-register")
def another_arrival_time(talks):
    outcome = closed(talks)
    leaf = bytearray(outcome.entries[4].leaf)
    leaf[9] ^= 1
    return with_entry(outcome, outcome.entries[4].index, leaf=bytes(leaf))


@forgery("entry-not-in-register")
def a_leaf_of_another_length(talks):
    outcome = closed(talks)
    return with_entry(outcome, outcome.entries[4].index, leaf=outcome.entries[4].leaf + b"\x00")


@forgery("entry-altered")
def another_body(talks):
    outcome = closed(talks)
    body = bytearray(outcome.entries[4].body)
    body[-1] ^= 1
    return with_entry(outcome, outcome.entries[4].index, body=bytes(body))


@forgery("entry-order")
def entries_in_another_order(talks):
    outcome = closed(talks)
    first, second, third, *rest = outcome.entries
    return structs.replace(outcome, entries=(first, third, second, *rest))


@forgery("entry-order")
def an_entry_twice(talks):
    outcome = closed(talks)
    return structs.replace(outcome, entries=(*outcome.entries, outcome.entries[-1]))


@forgery("entry-kind")
def an_envelope_without_a_key(talks):
    outcome = closed(talks)
    return with_entry(outcome, outcome.entries[-1].index, key=None)


@forgery("entry-kind")
def an_introduction_with_a_key(talks):
    return with_entry(closed(talks), 1, key=bytes(32))


@forgery("entry-kind")
def a_wraps_entry(talks):
    index = talks.stage.append(Kind.WRAPS, b"wraps", None, None, judge=False)
    return after_lie(talks, index)


@forgery("entry-malformed")
def an_introduction_that_is_none(talks):
    index = talks.stage.append(Kind.INTRODUCTION, b"\xa0", None, None, judge=False)
    return after_lie(talks, index)


@forgery("entry-malformed")
def an_introduction_without_possession(talks):
    desk = talks.stage.desk("Arda", "Nobody", "Nothing")
    introduction = structs.replace(desk.introduction(first=False), possession=bytes(3373))
    index = talks.stage.append(Kind.INTRODUCTION, pack(introduction), None, introduction, judge=False)
    return after_lie(talks, index)


@forgery("entry-malformed")
def an_envelope_with_no_act(talks):
    stage = talks.stage
    body = seal(b"\xa0", stage.secrets["plenary"], salt=bytes(32))
    key = message_key(body, [stage.secrets["plenary"]])[1]
    return after_lie(talks, stage.append(Kind.ENVELOPE, body, key, None, judge=False))


@forgery("seal-wrong")
def the_key_of_another_entry(talks):
    outcome = closed(talks)
    return with_entry(outcome, outcome.entries[-1].index, key=outcome.entries[-2].key)


@forgery("seal-wrong")
def a_key_of_another_length(talks):
    outcome = closed(talks)
    return with_entry(outcome, outcome.entries[-1].index, key=outcome.entries[-1].key + b"\x00")


# Acts and their authors.


def said() -> StatementMade:
    return StatementMade(text="We agree to everything.", language="en")


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
def deposit_by_who_is_not_the_depositary(talks):
    stage = talks.stage
    record = listed(stage, talks.record)
    event = InstrumentDeposited(
        instrument="treaty", digest=talks.instrument.digest, depositary=stage.arda.party.id
    )
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


# The closing record.


@forgery("closing-record-missing")
def no_closing_record(talks):
    stage = talks.stage
    return stage.bundle(talks.record, [0, *(one.index for one in talks.record.disclosed)], [talks.instrument])


@forgery("closing-record-incomplete")
def closing_record_of_one_side(talks):
    outcome = closed(talks)
    index = find(talks.stage, "ClosingRecordSigned", 1)
    entries = tuple(one for one in outcome.entries if one.index < index)
    return structs.replace(outcome, entries=entries)


@forgery("closing-record-incomplete")
def closing_record_after_its_time(talks):
    stage = talks.stage
    event = ClosingRecordSigned(record=talks.record, until=stage.clock + 1)
    first = stage.unjudged(stage.arda, event)
    second = stage.unjudged(stage.belan, ClosingRecordSigned(record=talks.record))
    shown = [0, *(one.index for one in talks.record.disclosed), first, second]
    return stage.bundle(talks.record, shown, [talks.instrument])


@forgery("closing-record-differs")
def each_side_signs_another_record(talks):
    stage = talks.stage
    other = structs.replace(talks.record, agenda=())
    first = stage.unjudged(stage.arda, ClosingRecordSigned(record=talks.record))
    second = stage.unjudged(stage.belan, ClosingRecordSigned(record=other))
    shown = [0, *(one.index for one in talks.record.disclosed), first, second]
    return stage.bundle(talks.record, shown, [talks.instrument])


for part, value in {
    "talks": bytes(32),
    "rules": 2,
    "suite": "GO-2",
    "roots": (),
    "modalities": bytes(32),
    "agenda": (),
}.items():

    def _record_says_another(talks, part=part, value=value):
        return after_lie(talks, **{part: value})

    _record_says_another.__name__ = f"another_{part}"
    forgery("closing-record-differs")(_record_says_another)


@forgery("closing-record-differs")
def modalities_left_out(talks):
    names = ("ModalitiesAccepted",)
    return after_lie(talks, drop=[find(talks.stage, name) for name in names])


@forgery("closing-record-differs")
def roots_of_the_other_parties(talks):
    roots = tuple(structs.replace(one, fingerprint="ab" * 32) for one in talks.record.roots)
    return after_lie(talks, roots=roots)


@forgery("head-differs")
def head_of_another_history(talks):
    return after_lie(talks, head=Head(size=talks.stage.tree.size, root=bytes(32)))


@forgery("head-differs")
def head_of_nothing(talks):
    return after_lie(talks, head=Head(size=0, root=bytes(32)))


@forgery("head-differs")
def host_rebuilds_the_register_around_another_envelope(talks):
    """The host seals the same statement anew, and signs the tree that follows."""
    outcome = closed(talks)
    stage = talks.stage
    body = seal(pack(stage.rows[talks.said].content.signed), bytes(32), salt=bytes(32))
    key = message_key(body, [bytes(32)])[1]
    new = rebuilt(stage, talks.said, body, key)
    return new.bundle(talks.record, [one.index for one in outcome.entries], [talks.instrument])


@forgery("disclosure-list-differs")
def an_entry_left_out(talks):
    outcome = closed(talks)
    entries = tuple(one for one in outcome.entries if one.index != talks.said)
    return structs.replace(outcome, entries=entries)


@forgery("disclosure-list-differs")
def a_recall_left_out(fresh):
    stage = fresh()
    stage.modalities()
    clerk = stage.desk("Arda", "Ben Ori", "Clerk")
    stage.join(clerk, stage.arda)
    recalled = stage.recall(clerk, stage.arda)
    record = stage.record()
    assert recalled in [one.index for one in record.disclosed]
    stage.close(record)
    outcome = stage.assembled(record)
    return structs.replace(outcome, entries=tuple(one for one in outcome.entries if one.index != recalled))


@forgery("disclosure-list-differs")
def an_entry_that_was_not_agreed(talks):
    outcome = closed(talks)
    index = find(talks.stage, "ConcordanceCertified")
    entries = sorted((*outcome.entries, talks.stage.shown(index)), key=lambda one: one.index)
    return structs.replace(outcome, entries=tuple(entries))


@forgery("disclosure-list-differs")
def a_list_with_another_leaf(talks):
    disclosed = (*talks.record.disclosed[:-1], structs.replace(talks.record.disclosed[-1], leaf=bytes(32)))
    return after_lie(talks, disclosed=disclosed)


@forgery("disclosure-list-differs")
def a_list_out_of_order(talks):
    record = structs.replace(talks.record, disclosed=tuple(reversed(talks.record.disclosed)))
    return talks.stage.lying(record, [talks.instrument])


# Texts.


@forgery("text-differs")
def another_text_in_one_language(talks):
    return structs.replace(closed(talks), texts=(pack(treaty(en="The Parties shall share nothing.")),))


@forgery("text-differs")
def languages_exchanged(talks):
    text = talks.instrument
    units = tuple(
        structs.replace(one, texts={"en": one.texts["ru"], "ru": one.texts["en"]}) for one in text.units
    )
    return structs.replace(closed(talks), texts=(pack(structs.replace(text, units=units)),))


@forgery("text-differs")
def languages_exchanged_in_the_record(talks):
    one, two = talks.record.texts
    texts = (structs.replace(one, digest=two.digest), structs.replace(two, digest=one.digest))
    return after_lie(talks, texts=texts)


@forgery("text-differs")
def a_language_left_out_of_the_record(talks):
    return after_lie(talks, texts=talks.record.texts[:1])


@forgery("text-differs")
def a_language_of_no_instrument(talks):
    stray = ClosingText(instrument="other", language="en", digest=bytes(32))
    return after_lie(talks, texts=(*talks.record.texts, stray))


@forgery("text-differs")
def a_text_that_the_record_does_not_name(talks):
    return structs.replace(closed(talks), texts=(pack(talks.instrument), pack(treaty("other"))))


@forgery("text-differs")
def the_text_twice(talks):
    return structs.replace(closed(talks), texts=(pack(talks.instrument),) * 2)


@forgery("text-missing")
def no_text(talks):
    return structs.replace(closed(talks), texts=())


@forgery("text-malformed")
def a_text_that_is_none(talks):
    return structs.replace(closed(talks), texts=(b"\xa0",))


@forgery("text-malformed")
def a_text_with_an_unbalanced_bracket(talks):
    runs = (Open(slot="s", variant=0, of=1), Words(text="shall"))
    broken = structs.replace(unit("a1", "x", "x"), texts={"en": runs, "ru": runs})
    text = structs.replace(talks.instrument, units=(broken,))
    assert not any(isinstance(run, Close) for run in runs)
    return structs.replace(closed(talks), texts=(pack(text),))


@forgery("text-malformed")
def texts_in_another_order(fresh):
    stage = fresh()
    stage.modalities()
    texts = [stage.text(treaty(name)) for name in ("annex", "treaty")]
    record = stage.record()
    stage.close(record)
    return structs.replace(stage.assembled(record), texts=tuple(pack(one) for one in reversed(texts)))


# Signatories and cosignatures.


@forgery("signatory-differs")
def signatories_exchanged(talks):
    first, *middle, last = talks.record.signatories
    swapped = (
        structs.replace(first, name=last.name, capacity=last.capacity),
        *middle,
        structs.replace(last, name=first.name, capacity=first.capacity),
    )
    return after_lie(talks, signatories=swapped)


@forgery("signatory-differs")
def a_signatory_too_many(talks):
    again = structs.replace(talks.record.signatories[-1], how="witness")
    return after_lie(talks, signatories=(*talks.record.signatories, again))


@forgery("signatory-differs")
def a_signatory_too_few(talks):
    return after_lie(talks, signatories=talks.record.signatories[:-1])


@forgery("signatory-differs")
def credentials_of_another_member_claimed(talks):
    first, *rest = talks.record.signatories
    return after_lie(talks, signatories=(structs.replace(first, member=ident("other")), *rest))


@forgery("cosignature-missing")
def a_cosignature_left_out(talks):
    outcome = closed(talks)
    return structs.replace(outcome, cosignatures=outcome.cosignatures[:1])


@forgery("cosignature-wrong")
def a_cosignature_too_many(talks):
    outcome = closed(talks)
    return structs.replace(outcome, cosignatures=(*outcome.cosignatures, outcome.cosignatures[0]))


@forgery("cosignature-wrong")
def cosignatures_exchanged(talks):
    outcome = closed(talks)
    return structs.replace(outcome, cosignatures=tuple(reversed(outcome.cosignatures)))


@forgery("cosignature-wrong")
def a_cosignature_by_a_stranger(talks):
    stranger = DeskCosigner(seed("stranger"), desk_name(ident("stranger")))
    record = listed(talks.stage, talks.record, cosigners=(stranger.vkey.public,))
    outcome = talks.stage.lying(record, [talks.instrument])
    state = Checkpoint(ORIGIN, talks.stage.tree.size, talks.stage.tree.root())
    return structs.replace(outcome, cosignatures=(Cosignature(note=stranger.sign(state, 1)),))


@forgery("cosignature-wrong")
def a_cosignature_from_before_the_head(talks):
    stage = talks.stage
    early = stage.cosigned(3)
    outcome = closed(talks)
    tree = stage.tree
    proof = tuple(tree.consistency_proof(3, tree.size))
    notes = [early[key] for key in talks.record.cosigners]
    cosignatures = tuple(structs.replace(outcome.cosignatures[0], note=note, proof=proof) for note in notes)
    return structs.replace(outcome, cosignatures=cosignatures)


@forgery("cosignature-wrong")
def a_cosignature_over_another_tree(talks):
    outcome = closed(talks)
    desk = {one.statement.cosigner: one for one in talks.stage.desks}[talks.record.cosigners[0]]
    note = desk.cosigner.sign(Checkpoint(ORIGIN, talks.stage.tree.size, bytes(32)), 1)
    first = structs.replace(outcome.cosignatures[0], note=note)
    return structs.replace(outcome, cosignatures=(first, *outcome.cosignatures[1:]))


@forgery("cosignature-wrong")
def a_cosignature_over_another_register(talks):
    outcome = closed(talks)
    desk = {one.statement.cosigner: one for one in talks.stage.desks}[talks.record.cosigners[0]]
    tree = talks.stage.tree
    other = f"venue.example/t/{ident('other')}"
    note = desk.cosigner.sign(Checkpoint(other, tree.size, tree.root()), 1)
    first = structs.replace(outcome.cosignatures[0], note=note)
    return structs.replace(outcome, cosignatures=(first, *outcome.cosignatures[1:]))


# The file as a whole.


@forgery("unknown-version")
def a_renewal_chain(talks):
    return structs.replace(closed(talks), renewals=(b"renewed",))


@forgery("unknown-version")
def a_later_form(talks):
    return structs.replace(closed(talks), form="good-offices/outcome/2")


@forgery("not-canonical")
def a_byte_more(talks):
    return closed(talks).to_bytes() + b"\x00"


@pytest.mark.parametrize(("code", "name", "made"), FORGERIES, ids=[name for _, name, _ in FORGERIES])
def test_forgery_is_refused_by_its_code(code, name, made, talks, fresh):
    wanted = made.__code__.co_varnames[0]
    forged = made(fresh if wanted == "fresh" else talks)
    with pytest.raises(RemoteError) as refused:
        verify_outcome(forged if isinstance(forged, bytes) else forged.to_bytes())
    assert refused.value.code == code
    assert refused.value.remedy


def test_whole_talks_invented_are_never_established(talks):
    """Fresh keys for everybody: internally consistent, and nothing more; with the real roots, refused."""
    stage, instrument, _ = full(Stage("invented"))
    record = stage.record()
    stage.close(record, deposit=instrument)
    data = stage.assembled(record).to_bytes()
    finding = verify_outcome(data)
    assert (finding.valid, finding.trust) == (True, "unestablished")
    assert any("identity, capacity and time" in one for one in finding.does_not_prove)
    real = [one.fingerprint for one in talks.record.roots]
    with pytest.raises(RemoteError) as refused:
        verify_outcome(data, anchors_of(roots=real))
    assert refused.value.code == "root-differs"
    assert verify_outcome(data, anchors_of(trust="\n".join(real))).trust == "unestablished"


def test_every_code_of_an_outcome_is_provoked():
    """One forgery at least for each refusal that verify knows."""
    names = list(CATALOGUE)
    section = names[names.index("genesis-wrong") : names.index("root-differs")]
    assert set(section) == {code for code, _, _ in FORGERIES} - {"unknown-version", "not-canonical"}
    assert isinstance(treaty(), Instrument)
