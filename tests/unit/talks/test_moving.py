"""Another host, other rules: spec/moving.md R-155 to R-159."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from tests.support.hosting import card, changed, half_renewed, other_host
from tests.support.talksmith import Talksmith

from good_offices.errors import LocalError, RemoteError
from good_offices.register.hosting import read_card, write_card
from good_offices.talks.events_moving import RulesUpgraded
from good_offices.talks.events_plenary import AcceptanceWithdrawn, StatementMade, TalksBrokenOff
from good_offices.talks.replay import CommonReplay
from good_offices.talks.verdict import Verdict


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(2, signing=False)


def said(verdict: Verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


def test_a_host_is_named_by_all_and_by_nobody_alone(smith: Talksmith) -> None:
    hosts = smith.replay.roster.hosts
    assert [one.since for one in hosts.hosts] == [0]
    assert said(smith.post("A", changed(), room="roster")) == ("valid", None)
    assert smith.replay.roster.hosts.hosts == hosts.hosts
    verdict = smith.post("B", changed(), room="roster")
    assert said(verdict) == ("valid", None)
    now = smith.replay.roster.hosts.now
    assert (now.since, now.address) == (verdict.index + 1, "https://new.example")
    assert now.keys.fingerprint == card().keys.fingerprint
    assert now.keys.origin.startswith("new.example/t/")
    assert now.keys.origin.rpartition("/")[2] == hosts.now.keys.origin.rpartition("/")[2]
    assert not smith.replay.roster.hosts.joint


def test_three_delegations_name_a_host_by_the_same_rule() -> None:
    smith = Talksmith(3, signing=False)
    for name in ("A", "B"):
        smith.post(name, changed(), room="roster")
    assert len(smith.replay.roster.hosts.hosts) == 1
    smith.post("C", changed(), room="roster")
    assert len(smith.replay.roster.hosts.hosts) == 2


def test_two_that_name_different_hosts_have_named_none_and_the_first_complete_ends_the_rest(
    smith: Talksmith,
) -> None:
    smith.post("A", changed(), room="roster")
    smith.post("B", changed("third.example"), room="roster")
    assert len(smith.replay.roster.hosts.hosts) == 1
    smith.post("A", changed("third.example"), room="roster")
    assert smith.replay.roster.hosts.now.address == "https://third.example"
    assert not smith.replay.roster.hosts.joint


def test_no_host_comes_twice(smith: Talksmith) -> None:
    smith.both(changed(), room="roster")
    assert said(smith.post("A", changed(), room="roster")) == ("void", "venue-had-already")
    smith.both(changed("third.example"), room="roster")
    assert said(smith.post("A", changed(), room="roster")) == ("void", "venue-had-already")
    assert said(smith.post("A", changed(one=half_renewed()), room="roster")) == ("void", "venue-had-already")


def test_an_acceptance_is_taken_back(smith: Talksmith) -> None:
    smith.post("A", changed(), room="roster")
    back = AcceptanceWithdrawn(content=changed().content)
    assert said(smith.post("B", back, room="roster")) == ("void", "acceptance-unknown")
    assert said(smith.post("A", back, room="roster")) == ("valid", None)
    smith.post("B", changed(), room="roster")
    assert len(smith.replay.roster.hosts.hosts) == 1


def test_an_acceptance_that_has_expired_does_not_count(smith: Talksmith) -> None:
    smith.post("A", changed(until=1), room="roster")
    verdict = smith.post("B", changed(), room="roster")
    assert [type(effect).__name__ for effect in verdict.effects] == ["AcceptanceExpired"]
    assert len(smith.replay.roster.hosts.hosts) == 1


def test_a_break_keeps_nobody_with_a_host(smith: Talksmith) -> None:
    smith.post("A", TalksBrokenOff())
    smith.both(changed(), room="roster")
    assert len(smith.replay.roster.hosts.hosts) == 2


def test_the_plenary_is_not_the_place(smith: Talksmith) -> None:
    assert said(smith.post("A", changed())) == ("void", "room-wrong")


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "https://elsewhere.example"},
        {"address": "file:///etc"},
        {"posting": bytes(32)},
        {"posting": b"short"},
        {"host": card("third.example").host},
        {"host": ()},
        {"signed": b""},
        {"signed": card("third.example").signed},
    ],
)
def test_what_is_not_the_card_of_that_host_is_void(smith: Talksmith, wrong: dict[str, object]) -> None:
    assert said(smith.post("A", changed(**wrong), room="roster")) == ("void", "venue-card-wrong")
    assert not smith.replay.roster.hosts.joint


def test_a_card_is_read_as_it_was_written_and_no_other_way() -> None:
    data = write_card(other_host(), "https://new.example:8443/talks", card().posting)
    assert read_card(data).name == "new.example"
    for wrong in (b"", data[:-1], data + b"\x00", data.replace(b"8443", b"8444")):
        with pytest.raises(RemoteError, match="card"):
            read_card(wrong)
    with pytest.raises(RemoteError, match="card"):
        write_card(other_host(), "https://user@new.example", card().posting)


def test_rules_are_upgraded_by_all_from_the_next_entry_on(smith: Talksmith) -> None:
    event = RulesUpgraded(rules=2)
    assert said(smith.post("A", event, room="roster")) == ("valid", None)
    assert smith.post("B", StatementMade(text="We go on.", language="en")).status == "valid"
    verdict = smith.post("B", event, room="roster")
    assert said(verdict) == ("valid", None)
    roster = smith.replay.roster
    assert roster.rules == 2
    at = roster.hosts.rules_at
    assert [at(size, 1) for size in (0, verdict.index, verdict.index + 1)] == [1, 1, 2]


@pytest.mark.parametrize("rules", [-1, 0, 1, 65_536])
def test_rules_only_go_forward(smith: Talksmith, rules: int) -> None:
    assert said(smith.post("A", RulesUpgraded(rules=rules), room="roster")) == ("void", "rules-not-newer")


def test_what_this_release_does_not_know_it_does_not_judge(smith: Talksmith) -> None:
    smith.both(RulesUpgraded(rules=2), room="roster")
    entry = smith.common.entries[-1]
    with pytest.raises(LocalError, match="version 2 of the rules") as stopped:
        smith.replay.apply(replace(entry, index=entry.index + 1))
    assert stopped.value.code == "rules-newer"
    restored = CommonReplay.restored(smith.replay.snapshot(), smith.replay.register)
    with pytest.raises(LocalError) as again:
        restored.apply(replace(entry, index=entry.index + 1))
    assert again.value.code == "rules-newer"
    assert restored.size == entry.index + 1
