"""A depositary apart from the delegations: spec/depositary.md R-160 to R-164."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.support.depositaries import DIGEST, card, key_of, receipt
from tests.support.drafting import T
from tests.unit.talks.test_after import Signed
from tests.unit.talks.test_outcome import VALID, said

from good_offices.encoding import pack
from good_offices.errors import RemoteError
from good_offices.register.depositary import read_card
from good_offices.talks.events_depositary import DepositaryAdmitted, DepositReceived
from good_offices.talks.events_outcome import InstrumentDeposited
from good_offices.talks.events_plenary import ActConfirmed, TalksBrokenOff


def admitting(**fields: Any) -> DepositaryAdmitted:
    one = card()
    plain = {name: getattr(one, name) for name in one.__struct_fields__}
    return DepositaryAdmitted(**(plain | fields))


class Admitted(Signed):
    """A talks with a signed text and a depositary that all have admitted; the text deposited with it if asked."""

    def __init__(self, parties: int = 2, *, given: bool = False) -> None:
        super().__init__(parties)
        self.both(admitting(), *self.smith.names)
        if given:
            self.both(self.deposit(), *self.smith.names)

    def deposit(self, depositary: str = "") -> InstrumentDeposited:
        return InstrumentDeposited(
            instrument=T, digest=self.digest, depositary=depositary or card().fingerprint
        )

    def receipt(self, **fields: Any) -> DepositReceived:
        signer = fields.pop("signer", "depositary")
        plain = {"talks": self.smith.replay.roster.talks, "instrument": T, "digest": self.digest}
        statement, signature = receipt(signer, **(plain | fields))
        return DepositReceived(instrument=T, statement=statement, signature=signature)


def test_it_is_admitted_by_all_and_by_nobody_alone() -> None:
    talks = Signed()
    assert said(talks.post("A", admitting())) == VALID
    assert not talks.plenary.depositaries
    assert said(talks.post("B", admitting())) == VALID
    (name,) = talks.plenary.depositaries
    assert name == card().fingerprint
    assert talks.plenary.depositaries[name].called == "Archive of Meridon"
    assert not talks.plenary.joint
    assert said(talks.post("A", admitting())) == ("void", "depositary-admitted-already")


def test_a_card_that_its_key_did_not_sign_is_admitted_by_nobody() -> None:
    talks = Signed()
    for wrong in (
        {"called": "Another archive"},
        {"represents": "The court"},
        {"language": "ru"},
        {"key": key_of("another").public},
        {"signature": bytes(len(card().signature))},
        {"called": ""},
        {"called": "x" * 201},
        {"called": "two\nlines"},
    ):
        assert said(talks.post("A", admitting(**wrong))) == ("void", "depositary-card-wrong"), wrong
    assert said(talks.post("A", admitting(called="a\u202eb"))) == ("void", "act-not-plain")
    assert said(talks.post("A", admitting(language="none of them"))) == ("void", "act-language")


def test_a_deposit_names_whom_all_have_admitted() -> None:
    talks = Signed()
    deposit = InstrumentDeposited(instrument=T, digest=talks.digest, depositary=card().fingerprint)
    assert said(talks.post("A", deposit)) == ("void", "depositary-unknown")
    talks.post("A", admitting())
    assert said(talks.post("A", deposit)) == ("void", "depositary-unknown")
    talks.post("B", admitting())
    talks.both(deposit, "A", "B")
    assert talks.plenary.outcomes[T].depositary == card().fingerprint


def test_two_deposits_are_one() -> None:
    talks = Admitted(given=True)
    other = talks.deposit(talks.smith.id("A"))
    assert said(talks.post("A", other)) == ("void", "deposited-already")


def test_it_is_admitted_and_designated_after_breaking_off() -> None:
    talks = Signed()
    talks.post("A", TalksBrokenOff(text="", language=""))
    talks.both(admitting(), "A", "B")
    talks.both(
        InstrumentDeposited(instrument=T, digest=talks.digest, depositary=card().fingerprint), "A", "B"
    )
    assert said(talks.post("B", Admitted.receipt(talks))) == VALID  # type: ignore[arg-type]


def test_three_delegations_by_the_same_rule() -> None:
    talks = Signed(3)
    talks.both(admitting(), "A", "B")
    assert not talks.plenary.depositaries
    talks.post("C", admitting())
    assert talks.plenary.depositaries


def test_a_receipt_stands_once() -> None:
    talks = Admitted(given=True)
    assert said(talks.post("B", talks.receipt())) == VALID
    (held,) = talks.kept.received
    assert (held.number, held.time, held.corrected) == (1, 1_900_000_000_000, None)
    for again in (talks.receipt(), talks.receipt(number=2)):
        assert said(talks.post("A", again)) == ("void", "deposit-received-already")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"signer": "another"}, "deposit-receipt-wrong"),
        ({"number": 0}, "deposit-receipt-wrong"),
        ({"file": b"short"}, "deposit-receipt-wrong"),
        ({"digest": DIGEST}, "deposit-receipt-foreign"),
        ({"instrument": "another"}, "deposit-receipt-foreign"),
        ({"talks": DIGEST}, "deposit-receipt-foreign"),
        ({"corrected": DIGEST}, "deposit-receipt-foreign"),
    ],
)
def test_a_receipt_of_anything_else_is_void(wrong: dict[str, Any], code: str) -> None:
    talks = Admitted(given=True)
    assert said(talks.post("A", talks.receipt(**wrong))) == ("void", code)
    assert not talks.plenary.finished.get(T)


def test_a_receipt_before_the_deposit_or_with_another_depositary_is_void() -> None:
    talks = Admitted()
    assert said(talks.post("A", talks.receipt())) == ("void", "deposit-receipt-foreign")
    talks.both(talks.deposit(talks.smith.id("A")), "A", "B")
    assert said(talks.post("A", talks.receipt())) == ("void", "deposit-receipt-foreign")


def test_corrections_are_made_by_all_and_received_again() -> None:
    talks = Admitted(given=True)
    talks.post("A", talks.receipt())
    assert said(talks.post("A", talks.notice(days=30))) == ("void", "correction-not-depositary")
    talks.both(talks.notice(), "A", "B")
    assert talks.kept.made
    assert said(talks.post("A", talks.receipt(number=2))) == ("void", "deposit-received-already")
    newest = talks.receipt(number=2, corrected=talks.kept.corrected)
    assert said(talks.post("A", newest)) == VALID
    assert [one.corrected for one in talks.kept.received] == [None, talks.kept.corrected]


def test_a_receipt_without_the_power_stands_when_it_is_confirmed() -> None:
    talks = Admitted(given=True)
    talks.smith.joined("A.2", powers=("speak",))
    done = talks.post("A.2", talks.receipt())
    assert said(done)[1] == "power-lacking"
    assert not talks.plenary.finished.get(T)
    confirmed = ActConfirmed(index=done.index, act=talks.smith.hash_of(done))
    assert said(talks.post("A", confirmed)) == VALID
    (held,) = talks.kept.received
    assert held.by.index == done.index


def test_a_card_is_read_whole_or_not_at_all() -> None:
    data = pack(card())
    assert read_card(data) == card()
    for wrong, code in (
        (pack(msgspec.structs.replace(card(), called="Else")), "depositary-card-wrong"),
        (data[:-1], "not-canonical"),
        (b"\xa0" * 20_000, "too-large"),
    ):
        with pytest.raises(RemoteError) as refused:
            read_card(wrong)
        assert refused.value.code == code


def test_what_is_signed_for_one_purpose_is_no_other() -> None:
    talks = Admitted(given=True)
    assert said(talks.post("A", talks.receipt(signer="card"))) == ("void", "deposit-receipt-wrong")
