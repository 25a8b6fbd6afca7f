"""A depositary apart from the delegations, by the verbs of both sides."""

import json

import pytest
from tests.support import ending
from tests.support.house import House
from tests.support.seats import seats

from good_offices.cli.main import run


@pytest.fixture
def table(tmp_path):
    """Two delegations that have signed a text in two languages."""
    with House(tmp_path, played=ending.signed) as house:
        yield seats(house)


@pytest.fixture
def keeper(capsys, tmp_path):
    """The depositary's own command, in its own folder."""

    def do(*words):
        where = ("--depositary", str(tmp_path / "apart" / "archive"))
        status = run(["depositary", *map(str, words), *where, "--json"])
        told = capsys.readouterr()
        return json.loads(told.out) if status == 0 else told.err

    return do


def both(first, second, *verb):
    """Let one propose, the other accept what waits; return the entry."""
    done = first.do(*verb)
    second.do("desk", "sync")
    assert second.do("act", "accept", done["index"])["complete"] is True
    first.do("desk", "sync")
    return done


def test_admitted_given_received_corrected_and_certified(table, keeper, tmp_path):
    upper, lower = table
    made = keeper("init", "--name", "Archive of Meridon", "--represents", "The host")
    assert "is called so" in upper.refused("outcome", "deposit", "--depositary", made["number"]).error
    both(upper, lower, "outcome", "depositary", "admit", made["card"])
    assert upper.do("outcome", "depositary", "show")["admitted"][0]["number"] == made["number"]
    refused = upper.refused("outcome", "depositary", "file", tmp_path / "early.godeposit")
    assert "is not deposited" in refused.error
    both(upper, lower, "outcome", "deposit", "--depositary", "Archive of Meridon", "--place", "Lake House")
    assert upper.do("outcome", "show")["texts"][0]["depositary"] == "Archive of Meridon"
    assert "only the depositary certifies" in upper.refused("outcome", "certified-copy", tmp_path / "x").error

    lower.do("outcome", "depositary", "file", tmp_path / "a.godeposit")
    roots = [one["root"] for one in upper.do("verify", tmp_path / "a.godeposit")["roots"]]
    trust = [word for root in roots for word in ("--root", root)]
    assert "not established" in keeper("keep", tmp_path / "a.godeposit", tmp_path / "a.goreceipt", *trust[:2])
    first = keeper("keep", tmp_path / "a.godeposit", tmp_path / "a.goreceipt", *trust)
    assert (first["number"], first["corrected"]) == (1, None)
    done = upper.do("outcome", "depositary", "receipt", tmp_path / "a.goreceipt")
    assert done["status"] == "valid"
    lower.do("desk", "sync")
    assert lower.do("outcome", "show")["texts"][0]["receipts"][0]["number"] == 1
    again = lower.refused("outcome", "depositary", "receipt", tmp_path / "a.goreceipt")
    assert "on record already" in again.error

    error = ("--error", "2", "en", "ten years", "twelve years")
    assert (
        "only the depositary" in lower.refused("outcome", "correction", "notify", *error, "--days", "9").error
    )
    both(lower, upper, "outcome", "correction", "notify", *error)
    upper.do("outcome", "depositary", "file", tmp_path / "b.godeposit")
    second = keeper("keep", tmp_path / "b.godeposit", tmp_path / "b.goreceipt", *trust)
    assert (second["number"], second["digest"]) == (2, first["digest"])
    assert upper.do("outcome", "depositary", "receipt", tmp_path / "b.goreceipt")["status"] == "valid"
    assert "number 2" in keeper("certify", 1, tmp_path / "old.gocopy")
    keeper("certify", 2, tmp_path / "copy.gocopy", "--place", "Meridon")
    finding = upper.do("verify", tmp_path / "copy.gocopy", *trust)
    assert (finding["trust"], finding["certified"]["name"]) == ("established", "Archive of Meridon")
    assert "twelve years" in finding["text"]["en"]
    assert len(keeper("show")["kept"]) == 2
