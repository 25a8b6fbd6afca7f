"""The pages of meetings: proposing, what is missing for each side, expectations, floor, procès-verbal, a wall."""

from __future__ import annotations

import pytest
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import meeting_acts, meetings_view, terms
from good_offices.desk import expecting
from good_offices.talks.convening_rule import Notice, Readiness
from good_offices.talks.events_meetings import (
    ConveningWaived,
    ReadinessDeclared,
    SittingAccepted,
    SittingConvened,
    SittingOpened,
)
from good_offices.talks.events_plenary import ModalitiesAccepted


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def pages(house):
    """One side in a browser; the other is `house.desks[0]`."""
    desk = house.desks.pop(0)
    desk.close()
    with Pages(desk.storage.folder) as pages:
        pages.post("/unlock", passphrase=PASSPHRASE)
        yield pages


def done(desk, event):
    desk.sync()
    verdict = desk.act("plenary", event).verdict
    assert verdict is not None
    assert verdict.status == "valid", verdict


def rule(house, pages, *conditions):
    (other,) = house.desks
    event = terms.proposed(other, {"convening": [("leaders", one) for one in conditions]})
    done(other, event)
    with pages.seat.speaking() as desk:
        desk.sync()
        desk.act("plenary", ModalitiesAccepted(modalities=event.content))
    other.sync()


FORM = {
    "title": "Meeting of the leaders",
    "level": "leaders",
    "place": "Verin",
    "zone-place": ["Verin", "Upper Basin"],
    "zone": ["Europe/Zurich", "Asia/Almaty"],
    "begins": "2027-03-01T10:00",
    "ends": "2027-03-01T12:00",
    "format": "closed",
}


def proposed(pages, **fields):
    shown = pages.post("/meetings/propose", **(FORM | fields))
    assert "Propose the sitting: Meeting of the leaders" in shown
    assert "2027-03-01 10:00 (UTC+01:00)" in shown
    assert "2027-03-01 14:00 (UTC+05:00)" in shown
    return pages.confirm()


def agreed(house, pages):
    (other,) = house.desks
    proposed(pages)
    other.sync()
    (name,) = other.talks.plenary.meetings.sittings
    done(other, SittingAccepted(sitting=bytes.fromhex(name)))
    with pages.seat.speaking() as desk:
        desk.sync()
    return bytes.fromhex(name)


def synced(house, pages):
    for desk in house.desks:
        desk.sync()
    with pages.seat.speaking() as desk:
        desk.sync()


def test_each_sides_own_part_is_shown_until_all_confirm(house, pages):
    (other,) = house.desks
    rule(house, pages, "readiness", "notice 7")
    name = agreed(house, pages)
    page = pages.get("/meetings")
    assert "every delegation declares readiness; a notice of 7 days" in page
    assert page.count("the declaration of readiness") == 2
    at = f"/meetings/{name.hex()}"
    assert "Confirm the sitting" not in pages.get(at)
    assert "You declare for your delegation" in pages.post(f"{at}/ready")
    pages.confirm()
    assert pages.get("/meetings").count("the declaration of readiness") == 1
    pages.post(f"{at}/waive", waive="notice")
    assert "they do not count" in pages.page.lower()
    pages.confirm()
    done(other, ConveningWaived(sitting=name, conditions=(Notice(days=7),)))
    done(other, ReadinessDeclared(sitting=name))
    synced(house, pages)
    assert "Nothing is missing." in pages.get(at)
    assert "Then nobody steps back alone" in pages.post(f"{at}/convene")
    pages.confirm()
    done(other, SittingConvened(sitting=name))
    synced(house, pages)
    assert "convened" in pages.get(at)


def test_stepping_back_takes_two_steps_and_leaves_nothing(house, pages):
    name = agreed(house, pages)
    assert "no reason is asked" in pages.post(f"/meetings/{name.hex()}/step-back")
    assert house.desks[0].talks.plenary.meetings.sittings
    pages.confirm()
    assert "Meeting of the leaders" not in pages.get("/meetings")
    assert "This was not done" in pages.get(f"/meetings/{name.hex()}")


def test_what_waits_is_accepted_with_its_terms_shown(house, pages):
    (other,) = house.desks
    event = meeting_acts.proposed(
        other, title="Experts", level="experts", start=1_900_000_000_000, end=1_900_003_600_000,
        zones=[("Verin", "Europe/Zurich")], dates="on the first day",
    )  # fmt: skip
    done(other, event)
    synced(house, pages)
    assert "its acceptance of the sitting" in pages.get("/meetings")
    index = next(iter(other.talks.plenary.joint[event.content.hex()].accepted.values())).index
    page = pages.get(f"/accept?index={index}")
    assert "on the first day" in page
    assert "2030-03-17" in page
    pages.post("/accept", index=str(index), confirmed="yes", back="/meetings")
    synced(house, pages)
    assert other.talks.plenary.meetings.sitting(event.content).stage == "agreed"


def test_expectations_are_shown_side_by_side_and_never_on_the_wall(house, pages):
    (other,) = house.desks
    name = agreed(house, pages)
    at = f"/meetings/{name.hex()}"
    assert "Nobody signs the words." in pages.get(at)
    said = {"tongue": ["en"], "words": ["A date for the dam."]}
    assert "Signed: the words are yours, provably" in pages.post(f"{at}/expect", form="signed", **said)
    asked = pages.post(f"{at}/expect", form="deniable", **said)
    assert "the words by nobody" in asked
    assert "Deniable: you do not sign the words." in asked
    pages.confirm()
    assert "What you sealed; on this desk only" in pages.get(at)
    other.sync()
    assert expecting.opened(other, name) == {}
    expecting.seal_expectations(other, name, {"en": "A common gauge."})
    for _ in range(3):
        synced(house, pages)
        expecting.go_on(other)
        with pages.seat.speaking() as desk:
            expecting.go_on(desk)
    page = pages.get(at)
    assert "A common gauge." in page
    assert "A date for the dam." in page
    assert page.count("Deniable: nobody signed it, and whoever reads it could have written it himself") == 1
    wall = pages.get(f"{at}/room")
    assert "gauge" not in wall
    assert "dam" not in wall.replace("Verin", "")
    assert "Upper Basin</summary>" not in pages.page
    assert "Caucus" not in wall


def test_a_sitting_is_held_on_its_page(house, pages):
    (other,) = house.desks
    name = agreed(house, pages)
    at = f"/meetings/{name.hex()}"
    pages.post(f"{at}/convene")
    pages.confirm()
    done(other, SittingConvened(sitting=name))
    done(other, meeting_acts.attending(other, name, (), ()))
    synced(house, pages)
    me = pages.seat.desk.identity.person.member
    assert "Announced to all delegations." in pages.post(f"{at}/attend", member=me)
    pages.post(f"{at}/step", step="open")
    pages.confirm()
    done(other, SittingOpened(sitting=name))
    synced(house, pages)
    assert "Ask for the floor" in pages.get(at)
    pages.post(f"{at}/floor")
    pages.post(f"{at}/give")
    assert "Said, for the record." in pages.post(f"{at}/speak", text="Good morning", language="en")
    assert meetings_view.sitting(pages.seat.desk, name)["we_speak"]
    assert "Good morning" in pages.get("/plenary")
    wall = pages.get(f"{at}/room")
    assert "Has the floor" in wall
    assert "Ask for the floor" not in wall
    pages.post(f"{at}/step", step="suspend")
    pages.confirm()
    assert "Suspended." in pages.get(at)
    pages.post(f"{at}/minutes", tongue=["en", "ru"], words=["We met.", "Мы встретились."])
    pages.confirm()
    page = pages.get(at)
    assert "We met." in page
    assert "Мы встретились." in page


def test_a_form_of_modalities_that_nobody_changed_changes_no_rule(house, pages):
    rule(house, pages, "readiness", "notice 7", "agreed waters locked", "agreed waters-2")
    page = pages.get("/agenda/modalities")
    assert "1 further condition stays as it is." in page
    desk = pages.seat.desk
    current = desk.talks.plenary.modalities.modalities
    fields = {
        "authentic": list(current.authentic), "working": list(current.working), "levels": list(current.levels),
        "everything": "yes", "clause": "yes", "cv-leaders-readiness": "yes", "cv-leaders-notice": "7",
        "cv-leaders-agreed": "waters", "cv-leaders-agreed-least": "locked", "retention": "Ten years",
    }  # fmt: skip
    shown = pages.post("/agenda/modalities", **fields)
    assert "Convening rule" not in shown
    assert "Ten years" in shown
    changed = pages.post("/agenda/modalities", **(fields | {"cv-leaders-notice": "9"}))
    assert "a notice of 9 days" in changed
    assert (
        "a part of the modalities"
        in pages.post("/agenda/modalities", **(fields | {"cv-leaders-notice": "x"})).lower()
    )
    assert current.convening["leaders"][:2] == (Readiness(), Notice(days=7))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"zone": ["Nowhere/Land", ""]}, "zones"),
        ({"begins": "soon"}, "time"),
        ({"level": "kings"}, "level"),
        ({"title": ""}, "title"),
    ],
)
def test_what_cannot_be_read_is_said(pages, fields, words):
    shown = pages.post("/meetings/propose", **(FORM | fields))
    if "This was not done" not in shown:
        shown = pages.confirm()
    assert words in shown.lower()
    assert pages.seat.desk.talks.plenary.meetings.sittings == {}
