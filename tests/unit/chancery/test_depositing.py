"""The screens of a depositary apart from the delegations: its card, the file that it is handed, its receipt."""

import pytest
from tests.support import ending
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import closing
from good_offices.depositary import folder as folders
from good_offices.depositary import keeping
from good_offices.desk import depositing
from good_offices.instrument.anchors import anchors_of
from good_offices.instrument.evidence import verify_any


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, played=ending.signed) as house:
        yield house


def test_admitted_by_card_handed_the_text_and_its_receipt_brought(house, tmp_path):
    archive = folders.init(tmp_path / "apart" / "archive", "Archive of Meridon", language="en")
    event = depositing.admitting(archive.card_bytes)[1]
    desk = house.desks.pop(0)
    desk.close()
    digits = archive.card.fingerprint
    other = house.desks[0]
    with Pages(desk.storage.folder) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        assert "A depositary apart from the delegations" in pages.get("/signature")
        assert "no file was chosen" in pages.post("/signature/depositary").lower()
        wrong = pages.post("/signature/depositary", {"card": archive.card_bytes[:-1]})
        assert "canonical" in wrong.lower() or "damaged" in wrong.lower(), wrong
        words = pages.post("/signature/depositary", {"card": archive.card_bytes})
        assert " ".join(digits[at : at + 4] for at in range(0, 64, 4)) in words
        assert "reads no room" in words
        pages.confirm()
        synced(pages)
        assert "Waits to be admitted: Archive of Meridon" in pages.get("/signature")
        other.sync()
        other.act("plenary", event)
        synced(pages)
        pages.get("/signature")
        assert f'value="{digits}"' in pages.page
        words = pages.post("/signature/river/deposit", depositary=digits, place="Lake House")
        assert "Archive of Meridon becomes depositary" in words
        pages.confirm()
        synced(pages)
        other.sync()
        other.act("plenary", closing.deposit(other, ending.text(other)))
        synced(pages)
        assert "File for the depositary" in pages.get("/signature")
        file = pages.send("/signature/river/hand-over").content
        finding = verify_any(file)
        assert finding.valid
        roots = anchors_of(roots=[one.root for one in finding.roots])
        _, receipt = keeping.keep(archive, file, roots)
        words = pages.post("/signature/receipt", {"receipt": receipt})
        assert "Receipt no. 1, of the text with the hash" in words
        pages.confirm()
        synced(pages)
        words = pages.get("/signature")
        assert "Received Receipt no. 1" in words
        assert "File for the depositary" not in words


def synced(pages):
    """Let the desk's post come and go."""
    pages.seat.check()
    with pages.seat.speaking() as desk:
        desk.sync()
