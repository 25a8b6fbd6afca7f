"""What an archive says of what is not in it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tests.support import ending
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import archive
from good_offices.clerk.authors import Author
from good_offices.errors import LocalError
from good_offices.talks.events_papers import LetterSent
from good_offices.talks.events_plenary import AnnexFiled


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, played=ending.closed) as house:
        yield house


def test_an_archive_without_the_outcome_says_so_and_why(house, monkeypatch) -> None:
    desk = house.desks[0]
    whole = archive.bundle(desk)
    assert whole.data
    assert not whole.missing

    def lacking(_desk):
        raise LocalError("cosignatures-missing", missing=1)

    monkeypatch.setattr(archive, "export", lacking)
    outcome = archive.bundle(desk)
    readme = archive.archive(desk, outcome=outcome)["README.txt"].decode()
    assert outcome.missing in readme
    assert "THE OUTCOME IS NOT IN THIS ARCHIVE" in readme
    house.desks.pop(0)
    desk.close()
    with Pages(desk.storage.folder) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        words = pages.post("/record/archive", caucus="yes")
        assert outcome.missing in words
        assert "Make the archive without the outcome" in words
        answer = pages.send("/record/archive", without="yes")
        assert answer.content[:2] == b"PK"


def test_letters_and_filed_files_are_named(house) -> None:
    desk, other = house.desks[:2]
    annex = AnnexFiled(annex="map", title="The map", media="image/png", size=7, digest=bytes(32))
    letter = LetterSent(to=(other.identity.place.delegation,), readers=(), letter=b"", blocks=())
    assert archive._not_here(desk, [_row(annex), _row(letter)]) == [
        f"Entry 9: the file of “The map”, 7 bytes, sha256 {bytes(32).hex()}; save it at a desk that has it.",
        "Entry 9: a closed letter from Ada Vale, President, Upper Basin to Lower Basin; only the desks of these heads open it.",
    ]


def _row(event):
    author = Author(name="Ada Vale", capacity="President", delegation="", called="Upper Basin")
    return {"author": author, "line": SimpleNamespace(index=9, act=SimpleNamespace(event=event))}
