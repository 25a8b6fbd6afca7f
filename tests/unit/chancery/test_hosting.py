"""The screen of the host: another one is named by its card, the file for it is saved, the desk moves."""

from __future__ import annotations

from pathlib import Path

from tests.support.house import PASSPHRASE, House, Venue
from tests.unit.chancery.desk_pages import Pages

from good_offices.desk import moving
from good_offices.venue.taking import card, take_over


def test_named_by_card_compared_accepted_and_moved(tmp_path: Path) -> None:
    with House(tmp_path) as house, Venue(tmp_path / "other") as other:
        upper, lower = house.desks
        folder = upper.storage.folder
        upper.close()
        house.desks.remove(upper)
        shown = card(other.folder, other.url)
        digits = moving.read_card(shown).keys.fingerprint
        grouped = " ".join(digits[at : at + 4] for at in range(0, 64, 4))
        with Pages(folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            assert "The host of the talks" in pages.get("/agenda")
            assert "not the card of a venue" in pages.post("/agenda/host/name", {"card": shown[:-1]})
            words = pages.post("/agenda/host/name", {"card": shown})
            assert grouped in words
            assert other.url in words
            pages.confirm()
            lower.sync()
            assert grouped in pages.get("/agenda/host")
            assert "Save the file" not in pages.get("/agenda/host")
            lower.act("roster", moving.proposal(shown))
            pages.post("/check")
            assert "this desk has not moved yet" in pages.get("/")
            assert "Nothing that you wrote is lost" in pages.get("/agenda/host")
            assert "does not have the register" in pages.post("/agenda/host/move")
            take_over(other.folder, pages.send("/agenda/host/file").content)
            assert f"This desk has moved to {other.url}" in pages.post("/agenda/host/move")
            assert "has not moved" not in pages.get("/")


def test_accepted_where_everything_that_waits_is_accepted(tmp_path: Path) -> None:
    with House(tmp_path) as house, Venue(tmp_path / "other") as other:
        upper, lower = house.desks
        shown = card(other.folder, other.url)
        digits = moving.read_card(shown).keys.fingerprint
        lower.act("roster", moving.proposal(shown))
        folder = upper.storage.folder
        upper.sync()
        upper.close()
        house.desks.remove(upper)
        index = lower.talks.size - 1
        with Pages(folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            assert other.url in pages.get("/")
            words = pages.get(f"/accept?index={index}&back=/agenda/host")
            assert " ".join(digits[at : at + 4] for at in range(0, 64, 4)) in words
            pages.confirm()
        lower.receive()
        assert moving.named(lower) is not None
