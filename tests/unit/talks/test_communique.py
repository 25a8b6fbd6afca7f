"""The communiqué in the talks: spec/communique.md R-130 to R-136."""

from __future__ import annotations

import pytest
from tests.support.communiques import TITLES, Releasing, called
from tests.support.drafting import T
from tests.support.talksmith import START

from good_offices.register.communique import read_record
from good_offices.talks.events_communique import CommuniqueSigned
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    ModalitiesProposed,
    TalksBrokenOff,
    TalksConcluded,
)
from good_offices.talks.replay import CommonReplay

UNKNOWN = bytes(32)


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def table() -> Releasing:
    return Releasing()


def test_what_all_accept_and_sign_is_released(table: Releasing) -> None:
    event = table.proposal(embargo_words="at noon")
    assert said(table.post("A", event)) == ("valid", None)
    assert table.state(event.content).accepted is None
    assert said(table.post("B", table.accept(event.content))) == ("valid", None)
    for name in ("A", "B"):
        assert said(table.post(name, table.signature(name, event.content))) == ("valid", None)
    assert said(table.post("B", table.release(event.content))) == ("valid", None)
    release = table.state(event.content)
    assert release.released is not None
    record = read_record(release.record)
    assert record.words == {
        "en": "0 Article 0 text.\n\n1 Article 1 text.\n\n2 Article 2 text.\n\n3 Article 3 text.",
        "ru": "0 Статья 0.\n\n1 Статья 1.\n\n2 Статья 2.\n\n3 Статья 3.",
    }
    assert (record.talks, record.titles, record.names) == (table.smith.talks, TITLES, called(table.smith))
    assert record.embargo_words == "at noon"


def test_to_propose_the_same_is_to_accept_it(table: Releasing) -> None:
    content = table.accepted()
    assert table.state(content).accepted is not None
    assert said(table.post("A", table.proposal())) == ("void", "communique-accepted")


@pytest.mark.parametrize("parties", [2, 3, 5])
def test_nothing_is_signed_before_every_delegation_has_accepted(parties: int) -> None:
    table = Releasing(parties)
    event = table.proposal()
    for name in table.smith.names[:-1]:
        assert said(table.post(name, event)) == ("valid", None)
        assert said(table.post(name, table.signature(name, event.content))) == (
            "void",
            "communique-not-accepted",
        )
    assert said(table.post(table.smith.names[-1], event)) == ("valid", None)
    assert said(table.post("A", table.signature("A", event.content))) == ("valid", None)
    verdict = table.post("A", table.release(event.content))
    assert said(verdict) == ("void", "communique-signatures-missing")
    assert "Party A" not in verdict.facts["who"]
    assert "Party B" in verdict.facts["who"]


def test_a_text_with_brackets_is_no_communique(table: Releasing) -> None:
    assert said(table.post("A", table.brackets("u1"))) == ("valid", None)
    verdict = table.post("A", table.proposal())
    assert said(verdict) == ("void", "communique-differs")
    assert "brackets" in verdict.facts["why"]
    table.both(table.settlement("u1"))
    assert said(table.post("A", table.proposal())) == ("valid", None)


def test_words_that_were_changed_since_are_not_accepted(table: Releasing) -> None:
    event = table.proposal()
    table.post("A", event)
    change = table.amendment("p", "Other words.")
    table.both(change)
    assert said(table.post("B", table.accept(event.content))) == ("void", "communique-differs")
    assert said(table.post("B", event)) == ("void", "communique-differs")


def test_what_was_accepted_is_not_changed_by_the_text(table: Releasing) -> None:
    content = table.accepted()
    before = table.state(content).record
    table.both(table.amendment("p", "Other words."))
    assert table.en("u1") == "Other words."
    assert table.state(content).record == before
    assert said(table.post("B", table.signature("B", content))) == ("valid", None)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"digest": bytes(32)}, "changed since"),
        ({"titles": {"en": "Communiqué"}}, "one title"),
        ({"titles": TITLES | {"fr": "Communiqué"}}, "one title"),
        ({"names": {}}, "one name"),
    ],
)
def test_what_does_not_fit_the_text_is_void(table: Releasing, fields: dict, why: str) -> None:
    verdict = table.post("A", table.proposal(**fields))
    assert said(verdict) == ("void", "communique-differs")
    assert why in verdict.facts["why"]


@pytest.mark.parametrize("fields", [{"titles": TITLES | {"en": ""}}, {"embargo": -1}, {"embargo": 10**15}])
def test_what_breaks_the_bounds_of_the_record_is_void(table: Releasing, fields: dict) -> None:
    assert said(table.post("A", table.proposal(**fields))) == ("void", "communique-malformed")


def test_names_are_those_of_the_modalities(table: Releasing) -> None:
    names = called(table.smith) | {table.smith.id("B"): "The so-called party"}
    verdict = table.post("A", table.proposal(names=names))
    assert said(verdict) == ("void", "communique-differs")
    assert "modalities" in verdict.facts["why"]


def test_without_modalities_there_is_none() -> None:
    from tests.support.drafting import Table

    table = Table()
    table.__class__ = Releasing
    verdict = table.post("A", table.proposal())
    assert said(verdict) == ("void", "communique-differs")
    assert "modalities" in verdict.facts["why"]


def test_an_unknown_text_and_an_unknown_communique(table: Releasing) -> None:
    assert said(table.post("A", table.proposal(instrument="other"))) == ("void", "instrument-unknown")
    for event in (table.accept(UNKNOWN), table.withdraw(UNKNOWN), table.release(UNKNOWN)):
        assert said(table.post("A", event)) == ("void", "communique-unknown")


def test_an_acceptance_is_taken_back_before_all_have_accepted(table: Releasing) -> None:
    event = table.proposal()
    table.post("A", event)
    assert said(table.post("A", AcceptanceWithdrawn(content=event.content))) == ("valid", None)
    assert said(table.post("B", table.accept(event.content))) == ("valid", None)
    assert table.state(event.content).accepted is None


def test_who_has_not_signed_withdraws_alone(table: Releasing) -> None:
    content = table.accepted()
    assert said(table.post("A", table.signature("A", content))) == ("valid", None)
    assert said(table.post("A", table.withdraw(content))) == ("void", "communique-signed-already")
    assert said(table.post("B", table.withdraw(content))) == ("valid", None)
    for event in (
        table.signature("B", content),
        table.release(content),
        table.withdraw(content),
        table.proposal(),
    ):
        assert said(table.post("B", event)) == ("void", "communique-withdrawn")


def test_who_withdraws_before_all_accepted_ends_it_too(table: Releasing) -> None:
    event = table.proposal()
    table.post("A", event)
    assert said(table.post("B", table.withdraw(event.content))) == ("valid", None)
    assert table.smith.replay.plenary.joint == {}
    assert said(table.post("B", table.accept(event.content))) == ("void", "communique-withdrawn")


def test_a_signature_is_over_the_record_and_by_the_desk(table: Releasing) -> None:
    content = table.accepted()
    foreign = table.signature("B", content).signature
    for signature in (foreign, bytes(len(foreign)), b""):
        event = CommuniqueSigned(communique=content, signature=signature)
        assert said(table.post("A", event)) == ("void", "signature-invalid")


def test_one_signature_a_delegation_unless_its_desk_was_recalled(table: Releasing) -> None:
    content = table.accepted()
    table.smith.joined("A.second")
    table.post("A.second", table.signature("A.second", content))
    assert said(table.post("A", table.signature("A", content))) == ("void", "communique-signed-already")
    table.post("B", table.signature("B", content))
    table.post("A", table.smith.recall("A.second"), room="roster")
    verdict = table.post("B", table.release(content))
    assert (said(verdict), verdict.facts["who"]) == (("void", "communique-signatures-missing"), "Party A")
    table.smith.issue("A", table.smith.roster_room)
    table.smith.issue("A", table.smith.plenary_room)
    assert said(table.post("A", table.signature("A", content))) == ("valid", None)
    assert said(table.post("B", table.release(content))) == ("valid", None)


def test_without_the_power_a_signature_is_void_and_the_rest_waits(table: Releasing) -> None:
    table.smith.joined("A.young", powers=("agree", "propose", "sign", "speak", "table"))
    event = table.proposal()
    waiting = table.post("A.young", event)
    assert said(waiting) == ("ineffective", "power-lacking")
    confirm = ActConfirmed(index=waiting.index, act=table.smith.hash_of(waiting))
    assert said(table.post("A", confirm)) == ("valid", None)
    table.post("B", table.accept(event.content))
    assert table.state(event.content).accepted is not None
    verdict = table.post("A.young", table.signature("A.young", event.content))
    assert said(verdict) == ("void", "communique-power-lacking")


def test_it_is_not_released_before_the_embargo_by_its_authors_clock(table: Releasing) -> None:
    embargo = START + 10_000
    content = table.signed(embargo=embargo, embargo_words="noon, Geneva")
    verdict = table.post("A", table.release(content))
    assert (said(verdict), verdict.facts["until"]) == (("void", "communique-embargo"), "noon, Geneva")
    assert said(table.post("A", table.release(content), time=embargo)) == ("valid", None)
    assert said(table.post("B", table.release(content), time=embargo)) == (
        "void",
        "communique-released-already",
    )


def test_the_modalities_say_whose_desks_hand_it_over() -> None:
    table = Releasing()
    content = table.signed()
    current = table.smith.replay.plenary.modalities
    import msgspec

    only = msgspec.structs.replace(current.modalities, release=(table.smith.id("B"),))
    table.both(ModalitiesProposed(modalities=only, base=current.content))
    assert said(table.post("A", table.release(content))) == ("void", "communique-not-releasing")
    assert said(table.post("B", table.release(content))) == ("valid", None)


def test_breaking_off_takes_no_signature_back_and_gives_none(table: Releasing) -> None:
    whole, half = table.signed(), table.accepted(embargo_words="later")
    table.post("B", TalksBrokenOff())
    assert said(table.post("A", table.signature("A", half))) == ("void", "talks-broken-off")
    assert said(table.post("B", table.withdraw(half))) == ("valid", None)
    assert said(table.post("A", table.release(whole))) == ("valid", None)


def test_it_can_follow_the_conclusion(table: Releasing) -> None:
    table.both(TalksConcluded())
    content = table.signed()
    assert said(table.post("A", table.release(content))) == ("valid", None)


def test_an_expired_acceptance_does_not_complete_it(table: Releasing) -> None:
    event = table.proposal(until=START)
    table.post("A", event)
    assert said(table.post("B", table.accept(event.content))) == ("valid", None)
    assert table.state(event.content).accepted is None


def test_it_stands_in_no_other_room(table: Releasing) -> None:
    table.smith.caucus("A")
    assert said(table.smith.caucus_post("A", table.proposal())) == ("void", "room-wrong")


def test_it_is_kept_in_a_snapshot(table: Releasing) -> None:
    content = table.signed()
    again = CommonReplay.restored(table.smith.replay.snapshot(), table.smith.common.tree)
    assert again.plenary.digest == table.smith.replay.plenary.digest
    assert again.plenary.communiques[content.hex()] == table.state(content)
    assert again.plenary.communiques[content.hex()].instrument == T
