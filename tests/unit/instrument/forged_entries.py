"""Forged entries: genesis, checkpoint, proofs, bodies, keys, and the file as a whole."""

from __future__ import annotations

from msgspec import structs
from tests.support.outcomes import ORIGIN, Stage, full, seed
from tests.unit.instrument.forging import after_lie, closed, forgery, with_entry

from good_offices.encoding import pack
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind
from good_offices.seals.envelope import message_key, seal

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
    other, _, _ = full(Stage("other"))
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
