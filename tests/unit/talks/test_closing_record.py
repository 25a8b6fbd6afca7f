"""What a closing record says of modalities and signatories, and which heads and entries it may name: spec/talks.md section 9, R-63."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.drafting import T
from tests.unit.talks.test_outcome import VALID, Adopted, said
from tests.unit.talks.test_words import terms

from good_offices.talks.events_outcome import ClosingRecordSigned, Disclosed, Head, InstrumentSigned
from good_offices.talks.events_plenary import ActConfirmed


@pytest.fixture
def table() -> Adopted:
    return Adopted()


def test_it_names_the_modalities_in_force(table: Adopted) -> None:
    assert table.record().modalities is None
    smith = table.smith
    names = {smith.id(name): {"en": f"Side {name}"} for name in "AB"}
    agreed = terms(names={smith.id(one): names for one in "AB"})
    assert [said(one) for one in table.both(agreed)] == [VALID, VALID]
    record = table.record()
    assert record.modalities == agreed.content
    other = ClosingRecordSigned(record=msgspec.structs.replace(record, modalities=None))
    assert table.post("A", other).facts == {"part": "modalities"}


def test_of_a_signature_that_was_confirmed_it_names_the_act_that_confirmed(table: Adopted) -> None:
    smith = table.smith
    smith.joined("A.junior", powers=("speak",))
    lacking = table.post("A.junior", InstrumentSigned(instrument=T, digest=table.digest))
    table.full_powers("A")
    done = table.post("A", ActConfirmed(index=lacking.index, act=smith.hash_of(lacking)))
    assert said(done) == VALID
    (signatory,) = table.record().signatories
    assert (signatory.act, signatory.confirmed) == (smith.hash_of(lacking), smith.hash_of(done))
    table.full_powers("B")
    assert said(table.post("B", InstrumentSigned(instrument=T, digest=table.digest))) == VALID
    found = {one.delegation: one.confirmed for one in table.record().signatories}
    assert found == {smith.id("A"): smith.hash_of(done), smith.id("B"): None}


def at(table: Adopted, size: int) -> Head:
    return Head(size=size, root=table.smith.common.tree.root(size))


def test_its_head_is_of_the_record_so_far_from_the_first_entry_on(table: Adopted) -> None:
    record = table.record()

    def part(head: Head) -> object:
        changed = msgspec.structs.replace(record, head=head)
        return table.post("A", ClosingRecordSigned(record=changed)).facts["part"]

    # A head of one entry is one; what it lacks is another thing. One of none, or of what is not there yet, is no head.
    assert part(at(table, 1)) == "the state hash"
    assert part(at(table, 0)) == "the register head"
    assert part(Head(size=table.size + 2, root=bytes(32))) == "the register head"


def test_it_discloses_entries_before_its_head_alone_and_the_first_too(table: Adopted) -> None:
    size = table.size
    leaf = table.smith.common.tree.leaf

    def signed(*shown: int) -> object:
        verdict = table.post(
            "A",
            ClosingRecordSigned(
                record=table.record(disclosed=tuple(Disclosed(index=one, leaf=leaf(one)) for one in shown))
            ),
        )
        return verdict.facts.get("part")

    assert signed(0) is None
    record = table.record()
    beyond = Disclosed(index=record.head.size, leaf=bytes(32))
    verdict = table.post("A", ClosingRecordSigned(record=table.record(disclosed=(beyond,))))
    assert verdict.facts == {"part": "a disclosed entry"}
    assert size < table.size
    # An entry that stands, and after the head that the record names.
    old = at(table, size)
    late = msgspec.structs.replace(
        table.record(disclosed=(Disclosed(index=size, leaf=leaf(size)),)),
        head=old,
        state=table.smith.replay.state_hash(table.smith.plenary_room, size),
    )
    assert table.post("A", ClosingRecordSigned(record=late)).facts == {"part": "a disclosed entry"}
