"""Papers against those who read them and those who hand them on: what is nobody's act never becomes evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.support.house import House

from good_offices.clerk import names, speaking
from good_offices.desk import annexes, papers
from good_offices.desk import outcome as outcomes
from good_offices.desk.desk import Desk
from good_offices.instrument.evidence import verify_any
from good_offices.instrument.outcome import Disclosure, Shown
from good_offices.talks.events_plenary import StatementMade

WORDS = "Suppose that the gauge stood upstream of the second dam."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, 2) as made:
        yield made


def shown(desk: Desk, index: int) -> Shown:
    """Return an entry as a reader would hand it on, with the key that opens it."""
    held = desk.common.kept(index)
    ledger = desk.common.ledger
    size = ledger.keys.open(ledger.note).size
    proof = tuple(ledger.tree.inclusion_proof(index, size))
    return Shown(index=index, leaf=held.leaf, proof=proof, body=held.body or b"", key=held.key)


def handed_on(desk: Desk, index: int) -> bytes:
    """Return the file with which a reader would show an entry, made from that of an honest disclosure."""
    done = desk.act("plenary", StatementMade(text="Good morning", language="en"))
    honest = Disclosure.parse(outcomes.disclosure(desk, done.act))
    assert verify_any(honest.to_bytes()).valid
    swapped = (*honest.entries[:-1], shown(desk, index))
    return msgspec.structs.replace(honest, entries=swapped).to_bytes()


def test_a_reader_who_hands_a_non_paper_on_shows_nobodys_act(house: House) -> None:
    ours, theirs = house.desks
    papers.pass_non_paper(ours, "plenary", WORDS, "en")
    theirs.sync()
    (line,) = [line for line in theirs.common.lines() if line.paper is not None]
    finding = verify_any(handed_on(theirs, line.index))
    assert not finding.valid
    assert finding.failed.code == "paper-no-evidence"
    assert not finding.statements
    with pytest.raises(Exception, match="proves nothing of anybody"):
        names.act_at(theirs.common, str(line.index))


def test_nor_does_who_hands_on_a_piece_of_a_file(house: House) -> None:
    ours, theirs = house.desks
    event = annexes.with_file(speaking.annex(b"map", title="Map", media="png", name="map"), b"map")
    annexes.file_annex(ours, "plenary", event, b"map")
    theirs.sync()
    (line,) = [line for line in theirs.common.lines() if line.verdict.facts.get("aside") == "annex-piece"]
    finding = verify_any(handed_on(theirs, line.index))
    assert (finding.valid, finding.failed.code) == (False, "paper-no-evidence")


def test_nothing_that_the_host_keeps_of_a_non_paper_says_what_it_is(house: House) -> None:
    ours, theirs = house.desks
    size = ours.common.ledger.size
    papers.pass_non_paper(ours, "plenary", WORDS, "en")
    ours.act("plenary", StatementMade(text=WORDS, language="en"))
    paper, act = ours.common.kept(size), ours.common.kept(size + 1)
    assert (paper.body or b"")[:1] == (act.body or b"")[:1]
    assert WORDS.encode() not in (paper.body or b"")
    theirs.sync()
    for file in house.path.rglob("*"):
        if file.is_file() and "venue" in str(file):
            assert WORDS.encode() not in file.read_bytes()
