"""People and keys without a browser: comparing, inviting, admitting, recalling, new keys, succession, kits."""

from __future__ import annotations

import re

import pytest
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import until
from tests.unit.chancery.desk_pages import Pages

from good_offices.chancery.holding import HOLDING
from good_offices.clerk import kits, people_view
from good_offices.desk import people

KEY = {"passphrase": PASSPHRASE}
DRAFTER = {
    "name": "Bela Kovács",
    "capacity": "Legal adviser",
    "level": "experts",
    "power": ["speak", "propose"],
}


def opened(house, index=0):
    desk = house.desks.pop(index)
    desk.close()
    pages = Pages(desk.storage.folder)
    pages.__enter__()
    pages.seat.open(PASSPHRASE)
    settle(pages)
    return pages


def settle(*all_pages):
    """Let desks synchronise once more, from now on: what they were before says nothing of what has come since."""
    for pages in all_pages:
        wanted = pages.seat._rounds[0] + 1
        pages.seat.check()
        assert until(lambda seat=pages.seat, wanted=wanted: seat._rounds[1] >= wanted)
        assert until(lambda seat=pages.seat: seat.state == "up-to-date")


@pytest.fixture
def fresh(tmp_path):
    """Upper's pages and the house of Lower's desk, before the comparison."""
    with House(tmp_path, ready=False) as house:
        pages = opened(house)
        yield pages, house
        pages.__exit__()


@pytest.fixture
def upper(tmp_path):
    """Upper's pages, keys compared."""
    with House(tmp_path) as house:
        pages = opened(house)
        pages.house = house
        yield pages
        pages.__exit__()


def invite(pages, **person):
    """Invite somebody, and return the id of the desk and the hand-over file."""
    pages.post("/people/invite", **{**DRAFTER, **person})
    assert pages.path.startswith("/people/invited/"), pages.page
    desk = pages.path.rpartition("/")[2]
    answer = pages.send(f"/people/invited/{desk}/file")
    assert answer.headers["content-disposition"].startswith("attachment")
    return desk, answer.content


def joined(pages, handover, name="bela"):
    """Open the invited person's desk and let its keys arrive."""
    member = Pages(pages.seat.folder.parent / name)
    member.__enter__()
    member.post("/begin", {"file": handover})
    member.post("/begin/names", passphrase=PASSPHRASE, again=PASSPHRASE)
    assert member.path == "/begin/joined"
    settle(member)
    assert until(lambda: pages.seat.check() or "Has shown its keys" in pages.get("/people"))
    return member


# The comparison


def test_the_digits_stand_in_groups_with_who_reads_them(fresh):
    pages, house = fresh
    words = pages.get("/people/compare")
    number = people.number(house.desks[0])
    for group in number.split():
        assert f">{group}<" in pages.page
        assert f">{' '.join(group)}<" in pages.page
    assert words.count("You read") == words.count("You listen") == 2
    root = house.desks[0].talks.roster.root(house.desks[0].identity.place.delegation)
    assert root.fingerprint in words.replace(" ", "")
    assert "The other delegation" in words


def test_both_answers_have_the_same_weight(fresh):
    pages, _ = fresh
    pages.get("/people/compare")
    assert len(re.findall(r'<button class="btn" name="answer" value="(?:matches|differs)">', pages.page)) == 2


@pytest.mark.parametrize("form", [{"answer": "differs"}, {"answer": "typed", "number": "12345 " * 12}])
def test_a_number_that_differs_leads_to_a_page_that_says_stop(fresh, form):
    pages, _ = fresh
    words = pages.post("/people/compare", **form)
    assert pages.path == "/people/compare/differs"
    assert "Nothing was sent and nothing was confirmed" in words
    assert "What may have happened" in words
    assert "security officer" in words
    assert not pages.seat.desk.confirmed
    assert HOLDING.get(pages.session, "number-that-matched") is None
    assert pages.post("/people/compare/confirm", **KEY)
    assert not pages.seat.desk.confirmed


def test_a_number_is_compared_as_it_was_heard_and_confirmed_with_the_kit(fresh):
    pages, house = fresh
    digits = people.number(house.desks[0]).replace(" ", "")
    words = pages.post("/people/compare", answer="typed", number=f"{digits[:7]} {digits[7:]}")
    assert pages.path == "/people/compare/confirm"
    assert "root.kit lies in the folder" in words
    words = pages.post("/people/compare/confirm", passphrase="not the passphrase")
    assert pages.status == 409
    assert "does not open the root key kit" in words
    words = pages.post("/people/compare/confirm", **KEY)
    assert pages.path == "/people/compare"
    assert "Noted: the number matches" in words
    house.desks[0].sync()
    assert house.desks[0].talks.roster.compared(pages.seat.desk.identity.place.delegation)


def test_the_kit_may_be_brought_or_typed_when_it_is_not_in_the_folder(fresh):
    pages, _ = fresh
    kit = (pages.seat.folder / "root.kit").read_bytes()
    (pages.seat.folder / "root.kit").unlink()
    pages.post("/people/compare", answer="matches")
    assert "no root key kit was chosen" in pages.post("/people/compare/confirm", **KEY).lower()
    lines = kit.decode().splitlines()
    slip = [*lines[:9], lines[9].replace(lines[9][0], "A" if lines[9][0] != "A" else "B", 1), *lines[10:]]
    assert (
        "line 10 of the root key kit"
        in pages.post("/people/compare/confirm", kit_words="\n".join(slip), **KEY).lower()
    )
    assert "does not open" in pages.post("/people/compare/confirm", {"kit": kit}, passphrase="another one")
    assert "still held" in pages.get("/people/compare/confirm")
    pages.post("/people/compare/confirm", **KEY)
    assert pages.path == "/people/compare"
    assert HOLDING.get(pages.session, "kit/root") is None


def test_before_all_have_opened_a_desk_there_is_no_number(tmp_path):
    with House(tmp_path, ready=False, sync=False) as house:
        pages = opened(house)
        words = pages.get("/people/compare")
        assert "There is no number yet" in words
        assert "has not opened a desk yet" in words
        pages.__exit__()


# Who can read what


def test_readers_are_told_by_the_keys_in_force(upper):
    words = upper.get("/people")
    assert "Who can read the plenary: Lower Basin Head 1 Upper Basin Head 0" in words or (
        "Who can read the plenary: Upper Basin Head 0 Lower Basin Head 1" in words
    )
    assert "Who can read your caucus: Upper Basin Head 0 Keys no. 1" in words
    assert "capital of another side nothing is seen" in words


def test_a_member_is_invited_joins_and_is_admitted(upper):
    desk, handover = invite(upper)
    assert b"good-offices/hand-over/1" in handover
    assert "has not opened the hand-over file" in upper.get("/people").lower()
    words = upper.get(f"/people/admit/{desk}")
    assert "has not shown its keys yet" in words
    assert 'name="passphrase"' not in upper.page
    member = joined(upper, handover)
    words = upper.get(f"/people/admit/{desk}")
    assert "Bela Kovács acts for Upper Basin within these powers" in words
    assert "propose and speak" in words
    words = upper.post(f"/people/admit/{desk}", **KEY)
    assert "Bela Kovács is admitted" in words
    assert "Nobody waits to be admitted" in words
    assert until(lambda: member.seat.check() or "You are admitted" in member.get("/begin/joined"))
    assert until(
        lambda: (
            upper.seat.check()
            or re.search(r"Upper Basin Head 0, Bela Kovács Keys no. 2", upper.get("/people"))
        )
    )
    member.__exit__()


def test_a_hand_over_file_is_given_out_once(upper):
    desk, _ = invite(upper)
    answer = upper.send(f"/people/invited/{desk}/file")
    assert answer.status_code == 409
    assert "no longer held" in answer.text
    assert "take the invitation back" in upper.get(f"/people/invited/{desk}")


def test_an_invitation_is_taken_back_in_two_steps(upper):
    desk, handover = invite(upper)
    words = upper.post(f"/people/uninvite/{desk}")
    assert "worth nothing from here on" in words
    assert people_view.expected(upper.seat.desk)
    assert "taken back" in upper.post(f"/people/uninvite/{desk}", confirmed="yes")
    assert not people_view.expected(upper.seat.desk)
    member = Pages(upper.seat.folder.parent / "late")
    with member:
        member.post("/begin", {"file": handover})
        member.post("/begin/names", passphrase=PASSPHRASE, again=PASSPHRASE)
        assert until(lambda: member.seat.state == "unreachable")
    assert "not, or no longer, waiting" in upper.get(f"/people/admit/{desk}")


def test_what_was_typed_of_an_invitation_is_kept_when_it_is_refused(upper):
    words = upper.post("/people/invite", **{**DRAFTER, "capacity": "Legal\u202eadviser"})
    assert upper.status == 409
    assert "not allowed at position" in words
    assert 'value="Bela Kovács"' in upper.page


def test_the_capital_reads_and_the_other_side_does_not_learn_of_it(upper):
    desk, handover = invite(upper, name="Cora Lind", capacity="Ministry of Water", capital="yes")
    member = joined(upper, handover, "cora")
    words = upper.get(f"/people/admit/{desk}")
    assert "Seen by your delegation only" in words
    upper.post(f"/people/admit/{desk}", **KEY)
    assert until(
        lambda: (
            upper.seat.check()
            or "Cora Lind"
            in "".join(str(one["readers"]) for one in people_view.room_keys(upper.seat.desk).values())
        )
    )
    words = upper.get("/people")
    assert "In the capital" in words
    upper.house.desks[0].sync()
    assert "Cora Lind" not in str(people_view.members(upper.house.desks[0]))
    member.__exit__()


def test_a_recall_is_for_good_and_says_so(upper):
    desk, handover = invite(upper)
    member = joined(upper, handover)
    upper.post(f"/people/admit/{desk}", **KEY)
    bela = next(one for one in people_view.members(upper.seat.desk) if one["name"] == "Bela Kovács")
    words = upper.get(f"/people/recall/{bela['id']}")
    assert "This is for good" in words
    assert "does not open" in upper.post(f"/people/recall/{bela['id']}", passphrase="not the passphrase")
    words = upper.post(f"/people/recall/{bela['id']}", **KEY)
    assert "is recalled" in words
    assert until(
        lambda: (
            upper.seat.check()
            or all(
                bela["name"] not in str(one["readers"])
                for one in people_view.room_keys(upper.seat.desk).values()
            )
        )
    )
    assert "Recalled" in upper.get("/people")
    assert "no member of your delegation" in upper.get(f"/people/recall/{bela['id']}").lower()
    member.__exit__()


def test_new_keys_are_begun_for_the_rooms_that_were_chosen(upper):
    before = people_view.room_keys(upper.seat.desk)
    assert "Choose at least one room" in upper.post("/people/new-keys")
    words = upper.post("/people/new-keys", room=["plenary"])
    assert "New keys are in force" in words
    after = people_view.room_keys(upper.seat.desk)
    assert after["plenary"]["number"] == before["plenary"]["number"] + 1
    assert after["caucus"]["number"] == before["caucus"]["number"]


def test_the_passphrase_is_changed(upper):
    new = "seven new words here"
    assert "not the same" in upper.post("/people/passphrase", old=PASSPHRASE, passphrase=new, again=new + "x")
    assert "does not open" in upper.post(
        "/people/passphrase", old="wrong wrong wrong", passphrase=new, again=new
    )
    assert "The passphrase is changed" in upper.post(
        "/people/passphrase", old=PASSPHRASE, passphrase=new, again=new
    )
    upper.post("/lock")
    assert "does not open" in upper.post("/unlock", passphrase=PASSPHRASE)
    upper.post("/unlock", passphrase=new)
    assert upper.seat.is_open


# Kits


def test_kits_are_printed_noted_and_only_then_taken_out(upper):
    assert "not printed and put away yet" in upper.get("/people")
    upper.get("/people/kits")
    assert "/people/kits/take-out" not in upper.page
    upper.post("/people/kits", printed=["root.kit"])
    assert "not printed and put away yet" in upper.get("/people")
    upper.post("/people/kits", printed=["root.kit", "successor.kit"])
    assert "2 root key kits still lie in the folder" in upper.get("/people")
    upper.get("/people/kits")
    assert upper.page.count("/people/kits/take-out") == 2
    last = kits.kit(upper.seat.desk, "successor.kit").last[1]
    wrong = "0000" if last != "0000" else "1111"
    assert "not those at the end" in upper.post("/people/kits/take-out", file="successor.kit", digits=wrong)
    assert (upper.seat.folder / "successor.kit").exists()
    upper.post("/people/kits/take-out", file="successor.kit", digits=last)
    assert not (upper.seat.folder / "successor.kit").exists()
    assert "1 root key kit still lies" in upper.get("/people")


def test_a_kit_on_paper_has_the_lines_of_the_file_under_their_numbers(upper):
    upper.get("/people/kits/root.kit")
    lines = (upper.seat.folder / "root.kit").read_text().splitlines()
    for number, line in enumerate(lines, 1):
        if line:
            assert f'<th scope="row">{number}</th><td dir="ltr">{line}</td>' in upper.page


@pytest.mark.parametrize("name", ["keyring", "desk.db", "..%2fkeyring", "other.kit", "root.kit.new"])
def test_no_other_file_of_the_folder_is_shown(upper, name):
    upper.get(f"/people/kits/{name}")
    assert upper.status == 404


def test_a_succession_makes_the_next_kit_first_and_asks_to_print_it(upper):
    words = upper.post("/people/succeed", {"kit": (upper.seat.folder / "root.kit").read_bytes()}, **KEY)
    assert "does not hold the root key that is in force" in words
    assert not (upper.seat.folder / "successor-2.kit").exists()
    upper.post("/people/succeed", kit_words=(upper.seat.folder / "successor.kit").read_text(), **KEY)
    assert upper.path == "/people/kits"
    found = {one.file: (one.role, one.printed) for one in kits.kits(upper.seat.desk)}
    assert found == {
        "successor.kit": ("root", False),
        "successor-2.kit": ("successor", False),
        "root.kit": ("former", False),
    }
    desk, handover = invite(upper)
    member = joined(upper, handover)
    assert "is admitted" in upper.post(f"/people/admit/{desk}", **KEY)
    member.__exit__()


def test_only_the_first_desk_invites(upper):
    desk, handover = invite(upper)
    member = joined(upper, handover)
    upper.post(f"/people/admit/{desk}", **KEY)
    assert "only the delegation's first desk" in member.get("/people/invite").lower()
    words = member.get("/people")
    assert "Invited and waiting" not in words
    member.__exit__()


def test_without_the_host_an_invitation_is_refused_and_nothing_is_kept(upper):
    upper.house.venue.__exit__()
    words = upper.post("/people/invite", **DRAFTER)
    assert upper.status == 409
    assert "Nothing was made" in words
    assert not people_view.expected(upper.seat.desk)
