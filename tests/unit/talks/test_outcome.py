"""The outcome: spec/talks.md sections 8 and 9."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.drafting import ALL, T, Table, certified, draft
from tests.support.talksmith import Talksmith

from good_offices.talks.closing import closing_record, language_digest
from good_offices.talks.events_outcome import (
    ClosingRecord,
    ClosingRecordSigned,
    Disclosed,
    Head,
    InstrumentDeposited,
    InstrumentSigned,
    SignatureConfirmed,
    SignedAdReferendum,
    TextInitialled,
)
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
    ItemProposed,
    StatementMade,
    TalksBrokenOff,
    TalksConcluded,
)
from good_offices.talks.events_text import (
    ProvisionAgreed,
    ProvisionLocked,
    TextAdopted,
    TextReopened,
    TextTabled,
)
from good_offices.talks.replay import CommonReplay

VALID = ("valid", None)


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


class Adopted(Table):
    """A talks with an adopted text."""

    def __init__(self, parties: int = 2) -> None:
        super().__init__(parties)
        self.both(certified(self, *ALL))
        self.both(ProvisionAgreed(instrument=T, units=self.bound(*ALL), level="ministers"))
        self.both(ProvisionLocked(instrument=T, units=self.bound(*ALL)))
        self.both(TextAdopted(instrument=T, digest=self.digest))

    @property
    def digest(self) -> bytes:
        return self.text.instrument.digest

    def full_powers(self, name: str) -> bytes:
        produced = FullPowersProduced(member=self.smith.desk(name).member, document=bytes(32))
        act = self.smith.hash_of(self.post(name, produced))
        others = [one for one in self.smith.names if one != name.split(".", maxsplit=1)[0]]
        self.both(FullPowersFoundInOrder(produced=act), *others)
        return act

    def record(self, **fields) -> ClosingRecord:
        replay, size = self.smith.replay, self.size
        head = Head(size=size, root=self.smith.common.tree.root(size))
        state = replay.state_hash(self.smith.plenary_room, size)
        return closing_record(replay.roster, replay.plenary, head=head, state=state, **fields)


@pytest.fixture
def table() -> Adopted:
    return Adopted()


class TestInitials:
    def test_all_initial_the_same_hash(self, table: Adopted) -> None:
        initial = TextInitialled(instrument=T, digest=table.digest)
        assert said(table.post("A", initial)) == VALID
        assert said(table.post("A", initial)) == ("void", "initialled-already")
        assert table.text.phase == "adopted"
        assert said(table.post("B", initial)) == VALID
        assert table.text.phase == "initialled"
        assert said(table.post("B", TextInitialled(instrument=T, digest=bytes(32)))) == (
            "void",
            "instrument-differs",
        )

    def test_only_an_adopted_and_concordant_text(self) -> None:
        table = Table()
        initial = TextInitialled(instrument=T, digest=table.text.instrument.digest)
        assert said(table.post("A", initial)) == ("void", "text-phase")
        ids = ALL
        table.both(ProvisionAgreed(instrument=T, units=table.bound(*ids), level="ministers"))
        table.both(ProvisionLocked(instrument=T, units=table.bound(*ids)))
        table.both(TextAdopted(instrument=T, digest=table.text.instrument.digest))
        assert said(table.post("A", initial)) == ("void", "concordance-incomplete")

    def test_initials_fall_when_the_text_is_reopened(self, table: Adopted) -> None:
        table.post("A", TextInitialled(instrument=T, digest=table.digest))
        table.both(TextReopened(instrument=T, digest=table.digest))
        assert table.smith.replay.plenary.outcomes == {}
        assert table.text.phase == ""


class TestSignature:
    def test_needs_full_powers_in_order(self, table: Adopted) -> None:
        sign = InstrumentSigned(instrument=T, digest=table.digest)
        lacking = table.post("A", sign)
        assert said(lacking) == ("ineffective", "full-powers-missing")
        act = table.full_powers("A")
        assert said(table.post("A", sign)) == VALID
        assert said(table.post("A", sign)) == ("void", "signed-already")
        (mark,) = table.smith.replay.plenary.outcomes[T].marks
        assert (mark.how, mark.full_powers, mark.confirmed) == ("signed", act, None)
        table.full_powers("B")
        assert said(table.post("B", sign)) == VALID
        assert table.text.phase == "signed"

    def test_an_initialled_text_is_signed(self, table: Adopted) -> None:
        table.both(TextInitialled(instrument=T, digest=table.digest))
        for name in "AB":
            table.full_powers(name)
            assert said(table.post(name, InstrumentSigned(instrument=T, digest=table.digest))) == VALID
        assert table.text.phase == "signed"
        assert len(table.smith.replay.plenary.outcomes[T].marks) == 4

    def test_done_without_powers_and_confirmed(self, table: Adopted) -> None:
        smith = table.smith
        smith.joined("A.junior", powers=("speak",))
        lacking = table.post("A.junior", InstrumentSigned(instrument=T, digest=table.digest))
        assert said(lacking) == ("ineffective", "power-lacking")
        confirm = ActConfirmed(index=lacking.index, act=smith.hash_of(lacking))
        assert said(table.post("A", confirm)) == ("ineffective", "full-powers-missing")
        powers = table.full_powers("A")
        done = table.post("A", confirm)
        assert said(done) == VALID
        (mark,) = smith.replay.plenary.outcomes[T].marks
        assert mark.member == smith.desk("A.junior").member
        assert mark.done.index == lacking.index
        assert mark.confirmed.index == done.index
        assert mark.full_powers == powers
        disclosed = {one.index for one in table.record().disclosed}
        assert {lacking.index, done.index} <= disclosed

    def test_ad_referendum_binds_when_confirmed(self, table: Adopted) -> None:
        sign = SignedAdReferendum(instrument=T, digest=table.digest)
        signed = table.post("A", sign)
        assert said(signed) == VALID
        assert said(table.post("A", sign)) == ("void", "signed-already")
        act = table.smith.hash_of(signed)
        confirm = SignatureConfirmed(instrument=T, digest=table.digest, signature=act)
        assert said(table.post("B", confirm)) == ("void", "signature-unknown")
        assert said(table.post("A", confirm)) == ("ineffective", "full-powers-missing")
        table.full_powers("A")
        table.both(TalksConcluded())
        assert said(table.post("A", confirm)) == VALID
        assert said(table.post("A", confirm)) == ("void", "signature-unknown")
        (mark,) = table.smith.replay.plenary.outcomes[T].marks
        assert mark.how == "signed"
        assert mark.done.act == act

    def test_a_signed_text_is_not_reopened(self, table: Adopted) -> None:
        table.post("A", SignedAdReferendum(instrument=T, digest=table.digest))
        assert said(table.post("A", TextReopened(instrument=T, digest=table.digest))) == (
            "void",
            "text-signed",
        )

    def test_of_two_full_powers_those_produced_first_count_in_any_order_of_the_table(
        self, table: Adopted
    ) -> None:
        smith = table.smith
        first = table.full_powers("A")
        while min(table.full_powers("A"), first) == first:
            pass  # until one that was produced later comes first in a restored table
        other = CommonReplay.restored(smith.replay.snapshot(), smith.common.tree)
        signed = table.post("A", InstrumentSigned(instrument=T, digest=table.digest))
        assert other.apply(smith.common.entries[signed.index]) == signed
        (mark,) = smith.replay.plenary.outcomes[T].marks
        assert mark.full_powers == first
        assert other.snapshot() == smith.replay.snapshot()

    def test_full_powers_that_others_have_not_found_do_not_count(self, table: Adopted) -> None:
        table.post("A", FullPowersProduced(member=table.smith.desk("A").member, document=bytes(32)))
        second = table.full_powers("A")
        table.post("A", InstrumentSigned(instrument=T, digest=table.digest))
        (mark,) = table.smith.replay.plenary.outcomes[T].marks
        assert mark.full_powers == second

    def test_refused_full_powers_bear_no_signature_until_others_are_produced(self, table: Adopted) -> None:
        smith, post = table.smith, table.post
        produced = post("A", FullPowersProduced(member=smith.desk("A").member, document=bytes(32)))
        act = smith.hash_of(produced)
        post("B", FullPowersFoundNotInOrder(produced=act, text="It names another treaty.", language="en"))
        sign = InstrumentSigned(instrument=T, digest=table.digest)
        assert said(post("A", sign)) == ("ineffective", "full-powers-missing")
        post("B", FullPowersFoundInOrder(produced=act))
        assert said(post("A", sign)) == ("ineffective", "full-powers-missing")
        other = table.full_powers("A")
        assert said(post("A", sign)) == VALID
        (mark,) = smith.replay.plenary.outcomes[T].marks
        assert mark.full_powers == other


class TestDeposit:
    def test_the_depositary_is_designated_by_all_after_all_signatures(self, table: Adopted) -> None:
        deposit = InstrumentDeposited(instrument=T, digest=table.digest, depositary=table.smith.id("A"))
        assert said(table.post("A", deposit)) == ("void", "signatures-missing")
        for name in "AB":
            table.full_powers(name)
            table.post(name, InstrumentSigned(instrument=T, digest=table.digest))
        wrong = msgspec.structs.replace(deposit, digest=bytes(32))
        assert said(table.post("A", wrong)) == ("void", "instrument-differs")
        nobody = msgspec.structs.replace(deposit, depositary="nobody")
        assert said(table.post("A", nobody)) == ("void", "depositary-unknown")
        plenary = lambda: table.smith.replay.plenary  # noqa: E731
        # By its own word nobody is depositary; another proposal falls when one is accepted by all.
        assert said(table.post("A", deposit)) == VALID
        assert plenary().outcomes[T].deposited is None
        other = msgspec.structs.replace(deposit, depositary=table.smith.id("B"))
        assert said(table.post("B", other)) == VALID
        assert said(table.post("A", other)) == VALID
        assert plenary().outcomes[T].depositary == table.smith.id("B")
        assert plenary().joint == {}
        assert said(table.post("B", deposit)) == ("void", "deposited-already")


class TestClosing:
    def test_all_sign_what_the_record_says(self, table: Adopted) -> None:
        for name in "AB":
            table.full_powers(name)
            table.post(name, InstrumentSigned(instrument=T, digest=table.digest))
        table.both(TalksConcluded())
        record = table.record(cosigners=(bytes(32),))
        assert [one.digest for one in record.texts] == [
            language_digest(table.text.instrument, language) for language in ("en", "ru")
        ]
        assert [one.delegation for one in record.signatories] == sorted(table.smith.id(name) for name in "AB")
        assert len(record.disclosed) == 6  # two signatures, two full powers, each found in order
        sign = ClosingRecordSigned(record=record)
        assert said(table.post("A", sign)) == VALID
        assert table.smith.replay.plenary.closing is None
        assert said(table.post("B", sign)) == VALID
        assert table.smith.replay.plenary.closing == sign.content

    def test_who_breaks_off_after_signature_keeps_nobody_from_the_record(self, table: Adopted) -> None:
        smith, same = table.smith, {"instrument": T, "digest": table.digest}
        table.full_powers("A")
        table.post("A", InstrumentSigned(**same))
        smith.joined("A.junior", powers=("speak",))
        smith.joined("B.junior", powers=("speak",))
        initials = table.post("A.junior", TextInitialled(**same))
        deposit = table.post("A.junior", InstrumentDeposited(**same, depositary=smith.id("A")))
        signed = table.post("B", SignedAdReferendum(**same))
        assert said(signed) == VALID
        assert said(table.post("B", TalksBrokenOff())) == VALID
        # Nothing new is signed or agreed; what was signed gets its full powers, confirmation, deposit and record.
        broken = ("void", "talks-broken-off")
        assert said(table.post("A", InstrumentSigned(**same))) == broken
        assert said(table.post("A", TextReopened(**same))) == broken
        kept = ActConfirmed(index=initials.index, act=smith.hash_of(initials))
        assert said(table.post("A", kept)) == broken
        table.full_powers("B")
        confirm = SignatureConfirmed(**same, signature=smith.hash_of(signed))
        assert said(table.post("B", confirm)) == VALID
        assert table.text.phase == "signed"
        kept = ActConfirmed(index=deposit.index, act=smith.hash_of(deposit))
        assert said(table.post("A", kept)) == VALID
        sign = ClosingRecordSigned(record=table.record())
        assert [said(one) for one in table.both(sign)] == [VALID, VALID]
        assert smith.replay.plenary.closing == sign.content
        assert smith.replay.plenary.course.standing == "broken-off"

    def test_a_record_that_says_anything_else_is_void(self, table: Adopted) -> None:
        record = table.record()

        def refused(**fields) -> str:
            verdict = table.post("A", ClosingRecordSigned(record=msgspec.structs.replace(record, **fields)))
            assert said(verdict) == ("void", "closing-differs")
            return str(verdict.facts["part"])

        assert refused(head=Head(size=999, root=bytes(32))) == "the register head"
        assert refused(head=Head(size=5, root=bytes(32))) == "the register head"
        assert refused(state=bytes(32)) == "the state hash"
        assert refused(disclosed=(Disclosed(index=3, leaf=bytes(32)),)) == "a disclosed entry"
        assert refused(disclosed=(Disclosed(index=10**6, leaf=bytes(32)),)) == "a disclosed entry"
        assert refused(talks=bytes(32)) == "talks"
        assert refused(rules=9) == "rules"
        assert refused(roots=()) == "roots"
        assert refused(instruments=()) == "instruments"
        assert refused(texts=()) == "texts"
        assert refused(agenda=(bytes(32),)) == "agenda"

    def test_a_signature_left_out_of_the_disclosed_entries(self, table: Adopted) -> None:
        table.post("A", SignedAdReferendum(instrument=T, digest=table.digest))
        record = msgspec.structs.replace(table.record(), disclosed=())
        assert table.post("A", ClosingRecordSigned(record=record)).facts == {"part": "disclosed"}

    def test_its_signature_stands(self, table: Adopted) -> None:
        sign = ClosingRecordSigned(record=table.record())
        assert said(table.post("A", sign)) == VALID
        back = AcceptanceWithdrawn(content=sign.content)
        assert said(table.post("A", back)) == ("void", "closing-signature-stands")
        assert said(table.post("B", back)) == ("void", "acceptance-unknown")
        # Nor does an act of one side between the signatures undo the first.
        table.post("A", TextTabled(instrument=msgspec.structs.replace(draft(), id="other")))
        newer = ClosingRecordSigned(record=table.record())
        assert said(table.post("A", newer)) == VALID
        assert said(table.post("B", newer)) == VALID
        assert table.smith.replay.plenary.closing == newer.content
        assert said(table.post("B", sign)) == VALID
        assert table.smith.replay.plenary.closing == sign.content
        assert table.smith.replay.plenary.joint == {}

    def test_it_has_no_time_limit(self, table: Adopted) -> None:
        sign = ClosingRecordSigned(record=table.record(), until=2**40)
        assert said(table.post("A", sign)) == ("void", "until-not-allowed")

    def test_it_is_not_confirmed_later(self, table: Adopted) -> None:
        smith = table.smith
        smith.joined("A.junior", powers=("speak",))
        lacking = table.post("A.junior", ClosingRecordSigned(record=table.record()))
        assert said(lacking) == ("void", "closing-power-lacking")
        confirm = ActConfirmed(index=lacking.index, act=smith.hash_of(lacking))
        assert said(table.post("A", confirm)) == ("void", "act-unknown")

    def test_a_meeting_without_a_text_closes_too(self) -> None:
        smith = Talksmith(3, signing=False)
        item = ItemProposed(title="Exchange of prisoners")
        smith.both(item)
        spoken = smith.post("A", StatementMade(text="We met.", language="en"))
        smith.both(TalksConcluded())
        size = smith.common.tree.size
        shown = Disclosed(index=spoken.index, leaf=smith.common.tree.leaf(spoken.index))
        record = closing_record(
            smith.replay.roster,
            smith.replay.plenary,
            head=Head(size=size, root=smith.common.tree.root(size)),
            state=smith.replay.state_hash(smith.plenary_room, size),
            disclosed=(shown,),
        )
        assert record.agenda == (item.content,)
        assert record.disclosed == (shown,)
        assert record.texts == record.signatories == ()
        assert [said(one) for one in smith.both(ClosingRecordSigned(record=record))] == [VALID] * 3
        assert smith.replay.plenary.closing is not None


def test_a_text_of_one_language_needs_no_concordance() -> None:
    smith = Talksmith(2, signing=False)
    from good_offices.text.model import Instrument, Unit, Words

    unit = Unit(id="u", kind="article", texts={"en": (Words(text="Peace."),)})
    plain = Instrument(id=T, titles={"en": "Pact"}, authentic=("en",), units=(unit,))
    smith.post("A", TextTabled(instrument=plain))
    from good_offices.talks.events_text import Bound

    bound = (Bound(unit="u", digest=unit.digest),)
    smith.both(ProvisionAgreed(instrument=T, units=bound, level="leaders"))
    smith.both(ProvisionLocked(instrument=T, units=bound))
    smith.both(TextAdopted(instrument=T, digest=plain.digest))
    assert [said(one) for one in smith.both(TextInitialled(instrument=T, digest=plain.digest))] == [
        VALID,
        VALID,
    ]
