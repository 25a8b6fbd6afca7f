"""A whole talks by verbs alone: from modalities to an outcome that a stranger verifies."""

import json

import pytest
from tests.support.house import House
from tests.support.seats import seats, verb

ENGLISH = """# Waters

1. The Parties [shall][should] share the waters [fairly - Upper Basin].

2. The term is [180 or 240] days.
"""
RUSSIAN = """# Воды

1. Стороны [должны][могут] делить воды [справедливо - Upper Basin].

2. Срок составляет [180 или 240] дней.
"""


@pytest.fixture
def talks(tmp_path):
    with House(tmp_path) as house:
        upper, lower = seats(house)
        yield house, upper, lower


def both(first, second, *words):
    """Let both delegations do the same and return the second answer; it completes."""
    first.do(*words)
    second.do("desk", "sync")
    answer = second.do(*words)
    first.do("desk", "sync")
    return answer


def completed(answer):
    return "Completed" in [one["effect"] for one in answer["effects"]]


def test_from_modalities_to_a_verified_outcome(talks, tmp_path):
    _, upper, lower = talks
    (tmp_path / "en.md").write_text(ENGLISH)
    (tmp_path / "ru.md").write_text(RUSSIAN)

    upper.do("modalities", "propose", "--authentic", "en", "--authentic", "ru", "--level", "leaders")
    lower.do("desk", "sync")
    assert completed(lower.do("modalities", "accept"))
    upper.do("desk", "sync")
    assert upper.do("modalities", "show")["modalities"]["authentic"] == ["en", "ru"]

    upper.do("agenda", "propose", "The waters")
    lower.do("desk", "sync")
    assert completed(lower.do("agenda", "accept", "The waters"))
    upper.do("desk", "sync")
    assert upper.do("agenda", "show")["items"][0]["agreed"]

    said = upper.do("statement", "make", "We came to share.", "--language", "en", "--item", "The waters")
    lower.do("desk", "sync")
    lower.do("statement", "make", "So did we.", "--to", said["index"])

    upper.do("desk", "sync")
    upper.do("text", "table", tmp_path / "en.md", "--with", "ru", tmp_path / "ru.md", "--id", "waters")
    lower.do("desk", "sync")
    shown = lower.do("text", "show")
    assert shown["open"] == {"slots": 3, "placeholders": 0}
    assert "[shall][should]" in shown["units"][1]["texts"]["en"]
    assert [one["slot"] for one in shown["units"][1]["slots"]] == ["s1", "s2"]

    proposed = lower.do(
        "text",
        "propose",
        "2",
        "--in",
        "en",
        "The term is 210 days.",
        "--in",
        "ru",
        "Срок составляет 210 дней.",
        "--id",
        "p1",
    )
    assert proposed["status"] == "valid"
    upper.do("desk", "sync")
    assert upper.do("text", "show", "2")["units"][0]["proposals"][0]["by"] == "Lower Basin"
    assert completed(upper.do("text", "accept", "p1"))
    lower.do("desk", "sync")
    assert both(upper, lower, "text", "settle", "s1=1", "s2=omit")["effects"]
    assert upper.do("text", "show")["open"]["slots"] == 0

    for step in ("certify", "agree", "lock"):
        assert completed(both(upper, lower, "text", step, "--all")), step
    assert completed(both(upper, lower, "text", "adopt"))
    for seat, other in ((upper, lower), (lower, upper)):
        assert "no full powers of another" in other.refused("outcome", "powers", "find").error
        produced = seat.do("outcome", "powers", "produce", "--ex-officio")
        other.do("desk", "sync")
        found = other.do("outcome", "powers", "find")["powers"]
        assert (found["index"], found["ex_officio"], found["found_by"]) == (produced["index"], True, [])
        seat.do("desk", "sync")
        held = [one["powers"] for one in seat.do("record", "show")["entries"] if one["powers"]]
        assert held[-1] == held[-2]
        assert len(held[-1]["found_by"]) == 1
    assert seat.do("outcome", "show")["powers"][-1] == held[-1]
    both(upper, lower, "outcome", "initial")
    digest = upper.do("text", "show")["digest"]
    signed = upper("outcome", "sign").out
    assert signed.splitlines()[0].startswith("text waters: ")
    assert f"digest {' '.join(digest[at : at + 4] for at in (0, 4, 8, 12))}…" in signed
    lower.do("desk", "sync")
    assert [one["digest"] for one in lower.do("outcome", "sign")["bound"]] == [digest]
    upper.do("desk", "sync")
    upper.do("outcome", "deposit", "--place", "The capital")
    lower.do("desk", "sync")
    assert lower.do("outcome", "show")["texts"][0]["depositary"] == ""
    assert "Completed" in str(lower.do("outcome", "deposit")["effects"])
    assert lower.do("outcome", "show")["texts"][0]["depositary"] == "Upper Basin"
    upper.do("desk", "sync")
    upper.do("outcome", "close", "--disclose", said["index"])
    lower.do("desk", "sync")
    assert lower.do("outcome", "show")["closing_waits"]
    assert completed(lower.do("outcome", "close"))
    for _ in range(2):
        upper.do("desk", "sync")
        lower.do("desk", "sync")

    file = tmp_path / "outcome.goodoffices"
    upper.do("outcome", "export", file)
    assert lower("outcome", "export", file).error.startswith("error: ")
    found = verb("verify", file, "--json")
    assert found.status == 0
    assert found.json["valid"]
    assert found.json["trust"] == "unestablished"
    assert "210" in found.json["text"]["en"]
    assert {one["delegation"] for one in found.json["signatories"]} == {"Upper Basin", "Lower Basin"}
    roots = [word for one in upper.do("desk", "compare")["roots"] for word in ("--root", one["fingerprint"])]
    assert verb("verify", file, "--json", *roots).json["trust"] == "established"
    assert verb("verify", file).out.startswith("CONSISTENT IN ITSELF")

    altered = bytearray(file.read_bytes())
    altered[len(altered) // 2] ^= 1
    (tmp_path / "altered").write_bytes(altered)
    bad = verb("verify", tmp_path / "altered", "--json")
    assert bad.status == 1
    assert bad.json["failed"]["code"]

    listed = lower.do("record", "show", "--room", "plenary")["entries"]
    assert {one["status"] for one in listed} == {"valid"}
    assert any(one["event"] == "InstrumentDeposited" and one["delegation"] == "Upper Basin" for one in listed)
    lower.do("record", "disclose", said["index"], tmp_path / "one")
    assert verb("verify", tmp_path / "one", "--json").json["statements"][0]["text"] == "We came to share."
    lower.do("record", "receipt", said["index"], tmp_path / "receipt")
    assert verb("verify", tmp_path / "receipt", "--json").json["valid"]
    assert json.dumps(lower.do("desk", "status"))
