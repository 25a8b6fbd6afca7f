"""The offer: accepted wholly, in part, or not at all, and what the host and the other side learn of it (mission M7, M12)."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.support.standing import PACE, ListedHouse

from good_offices.clerk import offers
from good_offices.clerk.listing import read_lists
from good_offices.cli.offer_lists import of_offer, read_offer
from good_offices.desk.soundings.record import Runs
from good_offices.errors import LocalError
from good_offices.venue import declaration
from good_offices.venue import folder as folders
from good_offices.venue.declaration import Conditions, Declaration, Version

OFFER = Declaration(
    versions={
        "en": Version(
            words="We offer a place.",
            conditions=Conditions(
                places='A house "by the lake"', press="A centre\nfor fifty", rooms="x" * 900
            ),
        ),
        "fr": Version(words="Nous offrons un lieu.", conditions=Conditions(places="Une maison")),
    }
)


def quick(text: str, *, every: int = 8):
    """The list of an offer, sounded every few seconds."""
    for old, new in (
        ('first = "30 days"', 'first = "2 seconds"'),
        ('every = "30 days"', f'every = "{every} seconds"'),
        ("times = 12", "times = 500"),
        ('pace = "1 hour"', 'pace = "1 second"'),
        ('open = "7 days"', f'open = "{every} seconds"'),
    ):
        assert old in text
        text = text.replace(old, new)
    return read_lists(text, time.time_ns() // 1_000_000)


class TestList:
    def test_it_has_the_offer_and_its_conditions_in_its_own_words(self) -> None:
        (one,) = read_lists(of_offer(OFFER), time.time_ns() // 1_000_000).lists
        options = one.listed.options
        assert (one.listed.about, [each.value for each in options]) == (
            "host",
            ["offer", "places", "rooms", "press"],
        )
        assert options[1].words == {"en": 'Places: A house "by the lake"', "fr": "Places: Une maison"}
        assert options[2].words["fr"] == "Rooms"
        assert len(options[2].words["en"]) == 280
        assert options[3].words["en"] == "Press centre: A centre for fifty"

    def test_from_a_draft_and_from_a_signed_declaration(self, tmp_path: Path) -> None:
        (tmp_path / "draft.toml").write_text(declaration.to_toml(OFFER))
        folder = folders.init(tmp_path / "venue", "Lake House")
        declaration.keep(folder, OFFER)
        (tmp_path / "signed.txt").write_bytes(declaration.sign_private(folder))
        assert read_offer(tmp_path / "draft.toml") == read_offer(tmp_path / "signed.txt") == OFFER
        (tmp_path / "empty.toml").write_text("format = 1\n")
        (tmp_path / "bytes.toml").write_bytes(b"\xff")
        for name, code in (("empty", "declaration-empty"), ("bytes", "declaration-invalid")):
            with pytest.raises(LocalError) as refused:
                read_offer(tmp_path / f"{name}.toml")
            assert refused.value.code == code


def test_a_party_that_accepts_and_one_that_does_nothing_look_the_same_to_the_host(tmp_path: Path) -> None:
    """One accepts wholly, the other does nothing: requests, sizes and counts at the venue are equal, and nobody learns a thing."""
    with ListedHouse(tmp_path, quick(of_offer(OFFER))) as house:
        first, second = house.desks
        house.compare()
        duties = [house.on_duty(desk) for desk in house.desks]
        house.settle()
        assert house.beats(lambda: all(list(desk.talks.sounding.every()) for desk in duties))
        house.settle()

        def over(sounding) -> bool:
            return duties[0].talks.sounding.find(sounding.id).outcome in ("opened", "void", "expired")

        def ended(sounding) -> list[int]:
            assert house.beats(lambda: over(sounding))
            house.settle()
            found = [Runs(desk).found(desk.talks.sounding.find(sounding.id)) for desk in house.desks]
            assert found[0].mutual == found[1].mutual
            return list(found[0].mutual)

        # The same desk, once with a party that does nothing and once with one that accepts; the other side refuses both times.
        heard = [listened(desk) for desk in duties]
        told = []
        for accepts in (False, True):
            one = house.coming(first)
            assert offers.is_offer(second, one)
            if accepts:
                house.tell(second, duties[1], one, offers.marked(second, one, wholly=True))
            # What an earlier time still had to say is not counted.
            assert house.beats(lambda closes=one.closes: house.clock() >= closes - PACE)
            house.settle()
            for each in heard:
                each.clear()
            entries = first.common.ledger.size
            assert ended(one) == []
            told.append([posts(each) for each in heard])
            rows = list(first.common.lines(entries))
            told[-1].append(Counter((line.kind, line.leaf.length) for line in rows if line.kind != "wraps"))
        assert told[0] == told[1]
        assert all(told[0])

        # An acceptance is for one time: not repeated, it is taken back, and the other side now accepts in vain.
        two = house.coming(first)
        house.tell(first, duties[0], two, offers.marked(first, two, some=("places", "rooms")))
        assert ended(two) == []

        three = house.coming(first)
        house.tell(first, duties[0], three, offers.marked(first, three, wholly=True))
        house.tell(second, duties[1], three, offers.marked(second, three, some=("places", "rooms")))
        # What both accept: the offer, places, rooms; and of press neither learns whether the other could.
        assert ended(three) == [0, 1, 2]

        with pytest.raises(LocalError) as refused:
            offers.marked(first, three, some=("gifts",))
        assert refused.value.code == "offer-part-unknown"


def listened(desk) -> list[tuple[str, str, int]]:
    """Write down what a desk sends from now on, as the host hears it: method, kind of address, length."""
    heard: list[tuple[str, str, int]] = []
    send = desk.client.wire.send

    def noted(method, target, headers, body, silence):
        heard.append((method, re.sub(r"[0-9a-f]{32,}|\?.*", "*", target), len(body)))
        return send(method, target, headers, body, silence)

    desk.client.wire.send = noted
    return heard


def posts(heard) -> Counter:
    """What was posted, how often and how long; fetching and cosigning follow the clock of each desk, whatever it was told."""
    return Counter(one for one in heard if one[0] == "POST" and "cosignatures" not in one[1])
