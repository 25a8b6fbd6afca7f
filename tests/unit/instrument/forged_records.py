"""Forged closing records: what they say, what they list, texts, signatories, cosignatures."""

from __future__ import annotations

from msgspec import structs
from tests.support.outcomes import ORIGIN, ident, seed, treaty, unit
from tests.unit.instrument.forging import after_lie, closed, find, forgery, listed, rebuilt

from good_offices.encoding import pack
from good_offices.instrument.outcome import Cosignature
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import DeskCosigner, desk_name
from good_offices.seals.envelope import message_key, seal
from good_offices.talks.events_outcome import (
    ClosingRecordSigned,
    ClosingText,
    Head,
)
from good_offices.text.model import Close, Open, Words

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
