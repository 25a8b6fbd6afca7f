"""The signature screens: steps, full powers, and what the ceremony refuses."""

from __future__ import annotations

import re

import pytest
from tests.support import ending
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import until
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import closing, drafting, names, needs, outcome_view, signing
from good_offices.errors import LocalError

PAPER = b"full powers of Head 0"


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def adopted(tmp_path):
    """A house whose text is adopted."""
    with House(tmp_path, played=ending.adopted) as house:
        yield house


def opened(house):
    """Return the pages of the first desk; the second stays in the house."""
    desk = house.desks.pop(0)
    desk.close()
    return Pages(desk.storage.folder)


def unlocked(pages):
    pages.post("/unlock", passphrase=PASSPHRASE)
    return pages


def hidden(pages, name):
    return re.search(rf'name="{name}" value="([^"]*)"', pages.page)[1]


def test_obstacles_are_named_and_lead_to_their_provisions(house):
    ending.tabled(house)
    text = ending.text(house.desks[0])
    told = signing.in_the_way(text)
    assert {one["why"] for one in told} == {"not-locked", "concordance"}
    with opened(house) as pages:
        words = unlocked(pages).get("/signature")
        assert "Not locked yet" in words
        for unit in text.instrument.units:
            assert f'href="/text/river#unit-{unit.id}"' in pages.page
        assert "Sign…" not in words
        words = pages.get("/signature/river/sign")
        assert pages.path == "/signature"
        assert "This step is not open to you now" in words


def test_full_powers_are_produced_examined_and_found_in_order(adopted):
    lower = adopted.desks[1]
    with opened(adopted) as pages:
        unlocked(pages)
        words = pages.post("/signature/powers", basis="document", words="Given at the capital")
        assert "no file was chosen" in words.lower()
        words = pages.post(
            "/signature/powers", {"document": PAPER}, basis="document", words="Given at the capital"
        )
        assert "Produce full powers" in words
        assert "Given at the capital" in words
        digest = hidden(pages, "digest")
        words = pages.post("/signature/powers", basis="document", digest=digest, confirmed="yes")
        assert "The other delegations examine the full powers now" in words
        assert "To be examined by Lower Basin" in words
        lower.sync()
        assert lower.talks.plenary.powers[closing.produced_at(lower).hex()].document.hex() == digest
        lower.act("plenary", closing.full_powers(lower, None, b"another paper"))
        pages.seat.check()
        until(lambda: "Examine…" in pages.get("/signature"))
        index = re.search(r'href="/signature/powers/(\d+)"', pages.page)[1]
        words = pages.get(f"/signature/powers/{index}")
        assert "Hash of the document" in words
        words = pages.post(f"/signature/powers/{index}/compare", {"document": b"another paper"})
        assert "byte for byte" in words
        words = pages.post(f"/signature/powers/{index}/compare", {"document": b"a third"})
        assert "is another one" in words
        words = pages.post(f"/signature/powers/{index}/find")
        assert "Having examined them" in words
        words = pages.post(f"/signature/powers/{index}/find", confirmed="yes")
        assert pages.path == "/signature"
        assert pages.get(f"/signature/powers/{index}").count("Found in order by Upper Basin") == 1
        pages.get("/signature/powers/3")
        assert pages.status == 400
        pages.post("/signature/powers", basis="document", digest="zz")
        assert pages.status == 409


def test_full_powers_are_found_not_in_order_and_say_why(adopted):
    lower = adopted.desks[1]
    done = lower.act("plenary", closing.full_powers(lower, None, b"a paper"))
    index, member = done.verdict.index, lower.identity.person.member
    with opened(adopted) as pages:
        unlocked(pages)
        # The act comes over the venue, in its own time.
        until(lambda: "They are not in order" in pages.get(f"/signature/powers/{index}"))
        words = pages.post(f"/signature/powers/{index}/refuse", language="en")
        assert (pages.status, "without a word of why" in words) == (409, True)
        words = pages.post(f"/signature/powers/{index}/refuse", language="en", text="The seal is missing.")
        assert "Head 1 cannot sign for Lower Basin on them" in words
        assert "The seal is missing." in words
        words = pages.confirm()
        assert "Not in order" in words
        assert "Found not in order by Upper Basin: The seal is missing." in words
        assert "Examine…" not in words
        with pages.seat.turn:
            assert code(closing.produced_at, pages.seat.desk) == "full-powers-none"
    lower.sync()
    (powers,) = signing.powers_told(lower)
    assert [(one["by"], one["words"]) for one in powers["refused"]] == [
        ("Upper Basin", "The seal is missing.")
    ]
    assert outcome_view.found_lines(powers)[1].startswith("  found not in order by Upper Basin")
    lines = list(lower.common.lines())
    since = {book.ledger.register: 0 for book in (lower.common, lower.caucus)}
    kinds = lambda: [one["kind"] for one in needs.needs(lower, lines, [], since)]  # noqa: E731
    assert "refused" in kinds()
    lower.act("plenary", closing.full_powers(lower, member, b"another paper"))
    lines = list(lower.common.lines())
    assert "refused" not in kinds()


def code(function, *arguments):
    """Return the code by which something is refused."""
    with pytest.raises(LocalError) as refused:
        function(*arguments)
    return refused.value.code


def test_the_ceremony_refuses_another_name_another_passphrase_and_another_text(adopted):
    ending.in_order(adopted)
    with opened(adopted) as pages:
        unlocked(pages)
        words = pages.get("/signature/river/sign")
        assert "<nav" not in pages.page
        for part in (
            "The term is ten years.",
            "Срок составляет десять лет.",
            "Desk of Upper Basin",
            "Seen by all delegations",
        ):
            assert part in words
        digest = hidden(pages, "digest")
        with pages.seat.turn:
            size = pages.seat.desk.common.ledger.size
        words = pages.post("/signature/river/sign", digest=digest, name="Head 1", passphrase=PASSPHRASE)
        assert (pages.status, "Nothing was signed" in words) == (409, True)
        assert 'value="Head 1"' in pages.page
        words = pages.post("/signature/river/sign", digest=digest, name="Head 0", passphrase="wrong")
        assert (pages.status, "Nothing was signed" in words) == (409, True)
        assert "wrong" not in pages.page
        words = pages.post("/signature/river/sign", digest="00" * 28, name="Head 0", passphrase=PASSPHRASE)
        assert (pages.status, "something has changed since" in words.lower()) == (409, True)
        with pages.seat.turn:
            assert pages.seat.desk.common.ledger.size == size
            assert not pages.seat.desk.outgoing()
        words = pages.post("/signature/river/sign", digest=digest, name="  Head   0 ", passphrase=PASSPHRASE)
        assert pages.path == "/signature"
        assert "A full signature is still missing of: Lower Basin" in words
        words = pages.get("/signature/river/sign")
        assert "This step is not open" in words


def test_a_signature_without_full_powers_says_that_it_has_no_effect_yet(adopted):
    with opened(adopted) as pages:
        unlocked(pages)
        words = pages.get("/signature")
        assert "Sign nevertheless" in words
        words = pages.get("/signature/river/sign?without=yes")
        assert "without effect" in words
        answer = pages.post(
            "/signature/river/sign",
            digest=hidden(pages, "digest"),
            without="yes",
            name="Head 0",
            passphrase=PASSPHRASE,
        )
        assert "full powers" in answer


def test_a_signature_ad_referendum_is_confirmed(adopted):
    ending.in_order(adopted)
    with opened(adopted) as pages:
        unlocked(pages)
        for how, said in (("initial", "Done"), ("ad-referendum", "Done"), ("confirm", "Lower Basin")):
            pages.get(f"/signature/river/{how}")
            words = pages.post(
                f"/signature/river/{how}",
                digest=hidden(pages, "digest"),
                name="Head 0",
                passphrase=PASSPHRASE,
            )
            assert said in words
            assert pages.status == 200
        assert "confirmed" in words


def test_the_closing_record_is_drawn_up_signed_and_waits(house):
    ending.signed(house)
    lower = house.desks[1]
    with opened(house) as pages:
        unlocked(pages)
        words = pages.get("/signature/closing")
        assert "Drawn up by this desk" in words
        assert "Head 1, Head of delegation, for Lower Basin: signed" in words
        shown = hidden(pages, "shown")
        words = pages.post("/signature/closing", shown="another", name="Head 0", passphrase=PASSPHRASE)
        assert pages.status == 409
        words = pages.post("/signature/closing", shown=shown, name="Head 0", passphrase=PASSPHRASE)
        assert "Signed by Upper Basin. Waits for Lower Basin" in words
        lower.sync()
        assert signing.closing_told(lower)["awaited"]
        words = pages.post("/signature/river/deposit", place="The archive of the capital")
        assert "Upper Basin becomes depositary when every delegation has accepted the same" in words
        words = pages.confirm()
        assert "Proposed as depositary: Upper Basin. Kept at: The archive of the capital." in words
        assert "The depositary is" not in words
        lower.sync()
        text = names.text_named(lower.talks.plenary, None)
        ((index, event, ours),) = closing.deposits_waiting(lower, text)
        assert (event.place, ours) == ("The archive of the capital", False)
        assert closing.deposit(lower, text) == event
        assert closing.deposit(lower, text, "", "Lower Basin").depositary == lower.identity.place.delegation
        lower.act("plenary", closing.deposit(lower, text))
        pages.seat.check()
        until(lambda: "The depositary is Upper Basin" in pages.get("/signature"))
        assert pages.get(f"/record/plenary/{index}")


def test_names_are_compared_without_what_typing_alone_decides(house):
    desk = house.desks[0]
    signing.check_name(desk, " Head  0")
    for typed in ("", "head 0", "Head O"):
        with pytest.raises(LocalError) as refused:
            signing.check_name(desk, typed)
        assert refused.value.code == "name-differs"
    assert signing.plain_name("José") == signing.plain_name("Jose\u0301")


def test_a_text_that_moved_is_refused(house):
    ending.tabled(house)
    text = ending.text(house.desks[0])
    signing.check_shown(text, text.instrument.digest.hex())
    house.desks[0].act(
        "plenary",
        drafting.amendment(
            house.desks[0], text, {text.instrument.units[1].id: {"en": "They share."}}, name="P"
        ),
    )
    house.settle()
    house.desks[1].act("plenary", drafting.acceptance(house.desks[1], "P"))
    house.settle()
    with pytest.raises(LocalError) as refused:
        signing.check_shown(ending.text(house.desks[0]), text.instrument.digest.hex())
    assert refused.value.code == "text-moved"
