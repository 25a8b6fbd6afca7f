"""Parity of treatment from the register: the same numbers at both desks, and none that the register does not give."""

from __future__ import annotations

import csv
import io
import json

import pytest
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import parity
from good_offices.cli.main import run
from good_offices.talks.events_plenary import StatementMade

RECORD = "/record"


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


def test_both_desks_come_to_the_same_numbers(house):
    for at, desk in enumerate((house.desks[0], house.desks[1], house.desks[0])):
        desk.sync()
        desk.act("plenary", StatementMade(text=f"Good morning {at}", language="en"))
    for desk in house.desks:
        desk.sync()
    ours, theirs = (parity.report(desk, desk.common.lines()) for desk in house.desks)
    assert ours == theirs
    first, second = ours["delegations"]
    assert (first["acts"] - second["acts"], first["void"]) == (1, 0) or first["acts"] > 0
    for row in ours["delegations"]:
        assert row["first_ms"] <= row["last_ms"] <= ours["until_ms"]
        assert row["delay_least_ms"] <= row["delay_median_ms"] <= row["delay_most_ms"]
        assert 0 <= row["behind_median"] <= row["behind_most"]
    # What one delegation alone reads counts nowhere.
    before = parity.report(house.desks[0], house.desks[0].common.lines())
    house.desks[0].act("caucus", StatementMade(text="Among ourselves", language="en"))
    assert parity.report(house.desks[0], house.desks[0].common.lines()) == before


def test_a_withheld_act_shows_as_delay_and_as_unseen_entries(house):
    ours, theirs = house.desks
    theirs.hand_in("plenary", StatementMade(text="Kept waiting", language="en"))
    for at in range(3):
        ours.act("plenary", StatementMade(text=f"Good morning {at}", language="en"))
    theirs.send()
    theirs.sync()
    rows = {row["delegation"]: row for row in parity.report(theirs, theirs.common.lines())["delegations"]}
    assert rows["Lower Basin"]["behind_most"] >= 3


def test_nobody_has_acted_yet(tmp_path):
    with House(tmp_path, ready=False) as house:
        told = parity.report(house.desks[0], [])
        assert [row["acts"] for row in told["delegations"]] == [0] * len(told["delegations"])
        assert all("–" in line for line in parity.lines_of(told)[:1])


def test_a_name_is_no_formula():
    row = dict.fromkeys(parity.COLUMNS, 0) | {"delegation": "=1+1"}
    (told,) = csv.DictReader(io.StringIO(parity.table({"delegations": [row]})))
    assert told["delegation"] == "'=1+1"


def test_as_a_verb_and_on_a_page(house, tmp_path, capsys):
    desk = house.desks.pop(0)
    folder = desk.storage.folder
    desk.close()
    phrase = tmp_path / "passphrase"
    phrase.write_text(PASSPHRASE)
    file = tmp_path / "parity.csv"
    words = ["record", "parity", "--csv", str(file), "--desk", str(folder), "--passphrase-file", str(phrase)]
    assert run([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(list(csv.DictReader(io.StringIO(file.read_text())))) == len(told["delegations"]) == 2
    with Pages(folder) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        page = pages.get(f"{RECORD}/parity")
        assert "What it does not prove" in page
        assert "Lower Basin" in page
        assert pages.get(f"{RECORD}/parity.csv").startswith("delegation,acts")
        assert f"{RECORD}/parity" in pages.client.get(RECORD).text
