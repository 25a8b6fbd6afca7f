"""One scenario for each sentence of the mission (docs/mission.md), over a real venue and real desks.

Each holds one sentence to what the software does, and each fails when the rule that keeps it is disabled: the list of
those one-line changes is `mutations.toml`, and `make mutants-of-mission` tries them all.
"""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from msgspec import structs
from tests.support import ending, releasing, river
from tests.support.communiques import communique, signed_file
from tests.support.duty import HOUR, Running, listed, with_duty_desks
from tests.support.house import NAMES, House
from tests.support.seats import seats, verb
from tests.support.talksmith import Talksmith

from good_offices.clerk import archive, communiques, offers
from good_offices.clerk.listing import read_lists
from good_offices.cli.offer_lists import of_offer
from good_offices.desk import communique as releasing_desk
from good_offices.desk.compose import Outgoing, seal_act, write_act
from good_offices.desk.desk import Desk
from good_offices.desk.soundings.record import Runs
from good_offices.encoding import pack
from good_offices.errors import LocalError, OperationalError
from good_offices.instrument.verify import verify_outcome
from good_offices.register.leaf import Kind
from good_offices.seals.pairs import ACT
from good_offices.talks import events_plenary as events
from good_offices.talks.events_outcome import ClosingRecordSigned, InstrumentSigned
from good_offices.talks.events_rooms import ReferredToLevel, RoomMembersNamed, RoomOpened
from good_offices.talks.groups import group_id
from good_offices.venue import declaration
from good_offices.venue.declaration import Conditions, Declaration, Version

FLOOR = "Our floor is one hundred and eighty five."
# What no venue may be able to reach: whatever opens, unwraps or understands.
BLIND = ("seals.envelope", "seals.wraps", "seals.keyring", "seals.kit", "text", "soundings", "talks", "desk")


def valid(desk: Desk, event, room: str = "plenary") -> int:
    """Let a desk do an act that must stand; return its entry."""
    verdict = desk.act(room, event).verdict
    assert verdict is not None
    assert verdict.status == "valid", verdict
    return verdict.index


def together(house: House, event) -> None:
    """Let the heads of all delegations do the same act."""
    for desk in house.desks[: house.parties]:
        desk.sync()
        valid(desk, event)
    house.settle()


def refused(desk: Desk, event, room: str = "plenary") -> str:
    """Return the code with which the rules refuse an act at its author's own desk."""
    with pytest.raises(LocalError) as why:
        desk.act(room, event)
    return why.value.code


def kept(house: House) -> bytes:
    """Return every byte that the venue keeps."""
    files = [one for one in house.venue.folder.path.rglob("*") if one.is_file()]
    return b"".join(one.read_bytes() for one in files)


def read(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def statements(desk: Desk, room: str = "plenary") -> list[str]:
    book = desk.book(room)
    return [
        line.act.event.text
        for line in book.lines()
        if line.act is not None and isinstance(line.act.event, events.StatementMade)
    ]


def test_m1_the_host_is_not_a_mediator(tmp_path: Path) -> None:
    """The host holds no key, no word, and no code path into the substance."""
    with House(tmp_path, played=river.half_way) as house:
        disk = kept(house)
        said = ["We came to agree on the water", "Minimum flow in summer", "Kessel", "Upper Basin", "Head 0"]
        assert statements(house.desks[0])[0].startswith(said[0])
        assert [words for words in said if words.encode() in disk] == []
        # What its server loads, in a process of its own.
        told = f"import sys, good_offices.venue.server; print([one for one in {BLIND} if 'good_offices.' + one in sys.modules])"
        loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
        assert loaded.stdout == "[]\n"
        # It has no voice: an introduction of its own making is no member of anything.
        assert set(house.desks[0].talks.roster.delegations) == set(house.desks[0].talks.roster.expected)


def test_m2_nothing_is_public_but_what_the_parties_jointly_release(tmp_path: Path) -> None:
    """Before all have signed nothing stands on the public page; afterwards their words, and they can be checked."""
    with House(tmp_path, played=releasing.signed) as house:
        upper, lower = house.desks
        before = read(house.venue.url)
        assert b"Basin" not in before
        assert b"communique" not in before
        valid(upper, events.StatementMade(text="We shall tell the press.", language="en"))
        assert read(house.venue.url) == before
        # One delegation alone: its own signature in the other's name.
        content = releasing.content(upper)
        data = releasing_desk.file_of(upper, content)
        from good_offices.encoding import unpack
        from good_offices.register.communique import CommuniqueFile

        file = unpack(data, CommuniqueFile)
        lent = tuple(structs.replace(one, signature=file.signed[0].signature) for one in file.signed)
        with pytest.raises(OperationalError):
            lower.client.release(lower.common.ledger.register, structs.replace(file, signed=lent).to_bytes())
        assert read(house.venue.url) == before
        number = releasing_desk.release(upper, content)[1]
        after = read(house.venue.url).decode()
        assert "The term is ten years." in after
        assert "Срок составляет десять лет." in after
        assert read(f"{house.venue.url}/communique/{number}") == data
        # Nor do made-up parties get in.
        smith = Talksmith(2, signing=False)
        with pytest.raises(OperationalError):
            upper.client.release(
                upper.common.ledger.register, signed_file(smith, communique(smith)).to_bytes()
            )


def test_m3_every_word_is_attributed(tmp_path: Path) -> None:
    """Author, capacity and time stand with every act; what was said in public is a claim with its sources; nobody writes as another."""
    with House(tmp_path) as house:
        upper, lower = seats(house)
        upper.do(
            *("public", "record", "We favour talks.", "--speaker", "The Prime Minister", "--date", "1 May"),
            *("--medium", "The Gazette", "--reported-by", "A. Marlow"),
        )
        lower.do("statement", "make", "We have read it.")
        upper.do("desk", "sync")
        lines = upper.do("record", "show")["entries"]
        acts = [one for one in lines if one.get("event") in ("PublicStatementRecorded", "StatementMade")]
        assert [one["delegation"] for one in acts] == list(NAMES[:2])
        for one in acts:
            assert one["author"].startswith("Head")
            assert one["time_ms"]
            assert one["claimed_ms"]
        assert (
            "reported by A. Marlow: The Prime Minister said something in public"
            in upper("record", "show").out
        )
        # An act of Lower Basin that says it is Upper Basin's is nobody's.
        first, second = house.desks
        standing = second.standing("plenary")
        forged = write_act(
            structs.replace(standing, author=first.certificate),
            second.talks.chain(standing.room, first.certificate),
            events.StatementMade(text="We accept everything.", language="en"),
            int(time.time() * 1000),
        )
        envelope, act, chain = seal_act(forged, second.signer, second.epochs.secret(standing.manifest))
        second.storage.post(
            pack(
                Outgoing(
                    register=second.common.ledger.register, kinds=[int(Kind.ENVELOPE)], bodies=[envelope],
                    room=standing.room, act=act, chain=chain,
                )
            )
        )  # fmt: skip
        second.send()
        house.settle()
        last = [line for line in first.common.lines() if line.kind == "envelope"][-1]
        assert (last.verdict.status, last.verdict.code) == ("void", "act-signature")


def test_m4_the_parties_own_agenda_and_text(tmp_path: Path) -> None:
    """Between two parties an item stands, and a word changes, when both have accepted it, and not before."""
    with House(tmp_path, played=ending.tabled) as house:
        upper, lower = seats(house)
        upper.do("agenda", "propose", "All disputed issues")
        lower.do("desk", "sync")
        assert [one["agreed"] for one in lower.do("agenda", "show")["items"]] == [False]
        lower.do("agenda", "accept", "All disputed issues")
        upper.do("desk", "sync")
        assert [one["agreed"] for one in upper.do("agenda", "show")["items"]] == [True]
        unit = ending.text(house.desks[0]).instrument.units[-1]
        proposed = upper.do("text", "propose", unit.id, "--in", "en", "The term is two years.")
        lower.do("desk", "sync")
        assert "ten years" in lower("text", "show").out
        lower.do("act", "accept", proposed["index"])
        assert "two years" in lower("text", "show").out
        upper.do("desk", "sync")
        assert ending.text(house.desks[0]).instrument.digest == ending.text(house.desks[1]).instrument.digest


def test_m5_at_various_levels(tmp_path: Path) -> None:
    """A lower level neither reads nor acts above, by rule and by key; what it finds is referred up and decided there."""
    with House(tmp_path) as house:
        upper, lower = house.desks
        expert = house.join(upper, "Expert", powers=("agree", "propose", "speak"))
        other = house.join(lower, "Other expert", powers=("agree", "propose", "speak"))
        rooms = {}
        for level in ("ministers", "experts"):
            event = RoomOpened(title=level, kind="level", level=level, mandate="To talk.", language="en")
            together(house, event)
            rooms[level] = group_id(upper.identity.place.talks, event.content)
        above = RoomMembersNamed(room=rooms["ministers"], members=(expert.identity.person.member,))
        assert refused(upper, above) == "member-below-level"
        for head, member in ((upper, expert), (lower, other)):
            below = RoomMembersNamed(room=rooms["experts"], members=(member.identity.person.member,))
            valid(head, below)
            own = RoomMembersNamed(room=rooms["ministers"], members=(head.identity.person.member,))
            valid(head, own)
            house.settle()
        valid(upper, events.StatementMade(text="Between ministers.", language="en"), rooms["ministers"])
        house.settle()
        said = [line for line in lower.common.lines() if line.verdict.room == rooms["ministers"]][-1]
        assert said.act is not None
        body = expert.common.kept(said.index).body
        assert body is not None
        assert expert.epochs.fit(body) is None
        words = events.StatementMade(text="May I?", language="en")
        assert refused(expert, words, rooms["ministers"]) in ("not-reader", "room-closed-to-us")
        # Results go up by their hash, and are taken up by the room that receives them.
        result = ReferredToLevel(
            source=rooms["experts"], target=upper.rooms["plenary"], subject=bytes(32), title="Flow",
            text="Two hundred, measured.", language="en",
        )  # fmt: skip
        together(house, result)
        for desk in (upper, lower):
            (taken,) = desk.talks.plenary.referred.values()
            assert (taken.source, taken.title) == (rooms["experts"], "Flow")


def test_m6_nothing_private_and_no_judgement_in_the_common_space(tmp_path: Path) -> None:
    """What a side thinks stays with it; what both see is the same for both, and counts and ranks nothing."""
    with House(tmp_path, played=river.half_way) as house:
        upper, lower = house.desks
        valid(upper, events.StatementMade(text=FLOOR, language="en"), "caucus")
        assert FLOOR in statements(upper, "caucus")
        with pytest.raises(OperationalError) as closed:
            lower.client.page(upper.caucus.ledger.register, 0)
        assert closed.value.facts["why"] == "no-such-register"
        lower.sync()
        everything = b"".join(one.read_bytes() for one in lower.storage.folder.rglob("*") if one.is_file())
        assert FLOOR.encode() not in everything
        assert FLOOR not in " ".join(statements(lower) + statements(lower, "caucus"))
        both = [one("text", "show", "--json").json for one in seats(house)]
        assert both[0] == both[1]
        words = {word for name in _names(both[0]) for word in name.split("_")}
        assert words.isdisjoint(
            {"score", "rank", "ranking", "rating", "progress", "percent", "compromise", "summary"}
        )


def _names(value) -> set[str]:
    """Return the names of all fields, however deep."""
    if isinstance(value, dict):
        return set(value).union(*(_names(one) for one in value.values()))
    return set().union(*(_names(one) for one in value)) if isinstance(value, list) else set()


OFFER = Declaration(
    versions={
        "en": Version(words="We offer a place.", conditions=Conditions(places="A house", press="A centre"))
    }
)


@pytest.mark.parametrize("accepting", [1, 2])
def test_m7_a_standing_offer_binds_only_when_both_have_accepted(tmp_path: Path, accepting: int) -> None:
    """The host declares itself and its conditions; who accepts while the other does nothing has accepted nothing, unseen."""
    with House(tmp_path, played=with_duty_desks) as house:
        upper, lower, first, second = house.desks
        declaration.keep(house.venue.folder, OFFER)
        declaration.publish(house.venue.folder)
        page = read(house.venue.url)
        assert b"We offer a place." in page
        assert b"A house" in page
        now = int(time.time() * 1000)
        (one,) = read_lists(of_offer(OFFER), now).lists
        what = structs.replace(one.listed, closes=now + HOUR, pace=1000, until=now + 2 * HOUR)
        running = Running(house, what, (first, second))
        running.tell(upper, first, offers.marked(upper, running.sounding, wholly=True))
        if accepting == 2:
            running.tell(lower, second, offers.marked(lower, running.sounding, some=("places",)))
        running.run()
        found = [Runs(desk).found(running.sounding) for desk in (first, second)]
        assert found[0].mutual == found[1].mutual
        # The offer itself and the places; of the press neither learns what the other would say.
        assert list(found[0].mutual) == ([] if accepting == 1 else [0, 1])
        assert read(house.venue.url) == page


RULE = ("--convening", "leaders", "agreed river", "--convening", "leaders", "readiness")
WHEN = (
    "--start", "2027-03-01T10:00+01:00", "--end", "2027-03-01T12:00+01:00", "--zone", "Verin", "Europe/Zurich",
    "--place", "Verin",
)  # fmt: skip


def test_m8_a_meeting_of_leaders_is_prepared_in_advance(tmp_path: Path) -> None:
    """Nobody meets before the parties' own rule is met; the host has no part in it, a joint act may waive."""
    with House(tmp_path, played=ending.tabled) as house:
        upper, lower = seats(house)
        upper.do("modalities", "propose", *RULE)
        lower.do("desk", "sync")
        lower.do("modalities", "accept")
        upper.do("desk", "sync")
        done = upper.do("meeting", "propose", "Leaders", "--level", "leaders", *WHEN)
        lower.do("desk", "sync")
        lower.do("act", "accept", done["index"])
        upper.do("desk", "sync")
        told = upper("meeting", "convene")
        assert "not met yet: provisions that are agreed and a declaration of readiness" in told.error
        for seat in (upper, lower, upper):
            seat.do("desk", "sync")
            seat("meeting", "ready")
        assert "not met yet: provisions that are agreed" in upper("meeting", "convene").error
        both = (lambda desk: river_agreed(desk, "certify"), lambda desk: river_agreed(desk, "agree"))
        for step in both:
            for seat in (upper, lower):
                seat.do("desk", "sync")
                step(seat)
        upper.do("desk", "sync")
        assert upper("meeting", "missing").out.strip() == "Nothing is missing."
        upper.do("meeting", "convene")
        lower.do("desk", "sync")
        assert lower.do("meeting", "convene")["complete"] is True


def river_agreed(seat, step: str) -> None:
    """Let one side certify or agree all provisions."""
    words = ("text", step, "--all", *(("--level", "experts") if step == "agree" else ()))
    seat.do(*words)


def test_m9a_talks_go_on_during_hostilities(tmp_path: Path) -> None:
    """Incidents are notified, urgent notes pass a break, and the talks resume where they stood."""
    with House(tmp_path, played=river.half_way) as house:
        upper, lower = house.desks
        valid(lower, events.IncidentNotified(text="Shots at the dam.", language="en", occurred="at dawn"))
        house.settle()
        pending = set(upper.talks.plenary.joint)
        text = river.text(upper).instrument.digest
        assert pending
        valid(upper, events.TalksBrokenOff(text="Until they stop.", language="en"))
        house.settle()
        assert refused(lower, events.StatementMade(text="Let us talk.", language="en")) == "talks-broken-off"
        urgent = events.NotePassed(text="Hold your fire at noon.", language="en", urgent=True)
        valid(lower, urgent)
        valid(lower, events.IncidentNotified(text="It is quiet now.", language="en"))
        together(house, events.TalksResumed())
        for desk in house.desks:
            assert desk.talks.plenary.course.standing == "running"
            assert set(desk.talks.plenary.joint) == pending
            assert river.text(desk).instrument.digest == text
        valid(lower, events.StatementMade(text="Let us go on.", language="en"))


def test_m9b_expectations_of_a_meeting_are_opened_together(tmp_path: Path) -> None:
    """Each side seals what it expects; nobody reads a word, and nobody meets, before all have."""
    with House(tmp_path) as house:
        upper, lower = seats(house)
        upper.do("modalities", "propose", "--convening", "leaders", "expectations")
        lower.do("desk", "sync")
        lower.do("modalities", "accept")
        upper.do("desk", "sync")
        done = upper.do("meeting", "propose", "Leaders", "--level", "leaders", *WHEN)
        lower.do("desk", "sync")
        lower.do("act", "accept", done["index"])
        upper.do("desk", "sync")
        upper.do("meeting", "expect", "seal", "--words", "en", "A date for the dam.")
        lower.do("desk", "sync")
        told = lower.do("meeting", "expect", "show")
        assert (told["sealed"], told["words"]) == (["Upper Basin"], [])
        assert "date for the dam" not in lower("record", "show").out
        assert b"date for the dam" not in kept(house)
        assert "not met yet: expectations" in lower("meeting", "convene").error
        lower.do("meeting", "expect", "seal", "--words", "en", "A common gauge.")
        for _ in range(3):
            for seat in (upper, lower):
                seat.do("desk", "sync")
                told = seat.do("meeting", "expect", "show")
        words = {one["delegation"]: one["words"]["en"] for one in told["words"]}
        assert words == {"Upper Basin": "A date for the dam.", "Lower Basin": "A common gauge."}
        upper.do("meeting", "convene")
        lower.do("desk", "sync")
        assert lower.do("meeting", "convene")["complete"] is True


def test_m10_prior_work_reveals_only_what_is_mutual(tmp_path: Path) -> None:
    """Each marks what it could accept; what both accept is revealed to both at once, and nothing else."""
    with House(tmp_path, played=with_duty_desks) as house:
        upper, lower, first, second = house.desks
        running = Running(house, listed(size=3), (first, second))
        running.tell(upper, first, (True, False, True))
        running.tell(lower, second, (True, True, False))
        running.run()
        assert running.sounding.outcome == "opened"
        assert [list(Runs(desk).found(running.sounding).mutual) for desk in (upper, lower)] == [[0], [0]]
        for desk, secret in ((upper, (True, True, False)), (lower, (True, False, True))):
            assert secret not in _tuples(desk)


def _tuples(desk: Desk) -> list[tuple[bool, ...]]:
    """Return the marks that a desk holds."""
    from good_offices.desk.soundings import marks

    held = [(one, marks.kept(desk, one)) for one in desk.talks.sounding.every()]
    return [marks.choice(one, found.chosen) for one, found in held if found is not None]


def test_m11_a_meeting_without_any_text_and_leaving_with_the_record(tmp_path: Path) -> None:
    """A single meeting is as good a use, its outcome can be verified; who leaves keeps the whole record without any host."""
    with House(tmp_path) as house:
        upper, lower = house.desks
        valid(upper, events.StatementMade(text="We met, and that is all.", language="en"))
        house.settle()
        together(house, events.TalksConcluded())
        seats_ = seats(house)
        seats_[0].do("outcome", "close")
        seats_[1].do("desk", "sync")
        seats_[1].do("outcome", "close")
        for seat in seats_ * 2:
            seat.do("desk", "sync")
        file = tmp_path / "outcome.goodoffices"
        seats_[0].do("outcome", "export", file)
        assert verify_outcome(file.read_bytes()).valid
        house.venue.__exit__()
        # The host is gone.
        with pytest.raises(OperationalError):
            upper.sync()
        assert statements(lower) == ["We met, and that is all."]
        files = archive.archive(lower, outcome=archive.bundle(lower))
        assert "We met, and that is all." in files["acts.csv"].decode()
        assert b"We met, and that is all." in files["rooms/plenary.html"]
        assert verb("verify", file).status == 0
        house.venue = type(house.venue)(house.path / "venue", house.port).__enter__()


def test_m12_refusal_silence_and_absence_look_the_same(tmp_path: Path) -> None:
    """A desk on duty that refuses everything and one that was told nothing say the same, to the byte, whatever the other side says."""
    seen = []
    for number, (refusal, other) in enumerate((((False, False), True), (None, True), (None, False))):
        with House(tmp_path / str(number), played=with_duty_desks) as house:
            upper, lower, first, second = house.desks
            running = Running(house, listed(size=2), (first, second))
            if other:
                running.tell(upper, first, (True, True))
            if refusal is not None:
                running.tell(lower, second, refusal)
            before = first.common.ledger.size
            running.run()
            # A run that ends without an answer would tell that nobody was there.
            assert running.sounding.outcome == "opened"
            assert list(Runs(first).found(running.sounding).mutual) == []
            rows = list(first.common.lines(before))
            seen.append(Counter((line.kind, line.leaf.length) for line in rows if line.kind != "wraps"))
    assert seen[0] == seen[1] == seen[2]


def test_m13_a_result_is_recorded_after_the_law_of_treaties(tmp_path: Path) -> None:
    """Full powers are examined before a signature binds; signed, deposited and closed, the outcome is one file that verifies."""
    with House(tmp_path, played=ending.adopted) as house:
        upper, lower = house.desks
        from good_offices.clerk import closing

        valid(upper, closing.full_powers(upper, None, b"full powers", "Given at the capital"))
        text = ending.text(upper)
        signing = InstrumentSigned(instrument=text.instrument.id, digest=text.instrument.digest)
        # VCLT 7: nobody has found them in order yet.
        assert refused(upper, signing) == "full-powers-missing"
        house.settle()
        valid(lower, events.FullPowersFoundInOrder(produced=closing.produced_at(lower)))
        valid(lower, closing.full_powers(lower, None, None, ex_officio=True))
        house.settle()
        valid(upper, events.FullPowersFoundInOrder(produced=closing.produced_at(upper)))
        house.settle()
        together(house, signing)
        deposit = closing.deposited(upper, ending.text(upper), "The archive")
        together(house, deposit)
        assert upper.talks.plenary.outcomes["river"].depositary == upper.identity.place.delegation
        for desk in house.desks:
            desk.sync()
            valid(desk, ClosingRecordSigned(record=closing.closing_record(desk)))
        house.settle()
        from good_offices.desk import outcome

        found = verify_outcome(outcome.export(upper))
        assert [one.how for one in found.signatories] == ["signed", "signed"]
        assert found.deposits[0].depositary == "Upper Basin"
        assert set(found.text) == {"en", "ru"}
        assert ACT.name == "Ed25519+ML-DSA-65"


def test_five_delegations_and_a_contact_group(tmp_path: Path) -> None:
    """The same rules for five: a group of three of them works, refers its result, all accept it, and all release it."""
    with House(tmp_path, 5) as house:
        first, *others = house.desks
        names = {desk.identity.place.delegation: name for desk, name in zip(house.desks, NAMES, strict=True)}
        terms = events.Modalities(
            names=dict.fromkeys(names, names), authentic=("en",), working=("en",), levels=("experts",)
        )
        together(house, events.ModalitiesProposed(modalities=terms))
        group = RoomOpened(
            title="Flow", kind="contact-group", level="experts", mandate="To measure the flow.", language="en"
        )
        for desk in house.desks[:4]:
            desk.sync()
            valid(desk, group)
        house.settle()
        room = group_id(first.identity.place.talks, group.content)
        assert room not in first.talks.plenary.groups.rooms  # the fifth has not accepted
        valid(house.desks[4], group)
        house.settle()
        for desk in house.desks[:3]:
            valid(desk, RoomMembersNamed(room=room, members=(desk.identity.person.member,)))
            house.settle()
        valid(first, events.StatementMade(text="Two hundred at the gauge.", language="en"), room)
        house.settle()
        for desk in house.desks[1:3]:
            assert any(line.verdict.room == room and line.act is not None for line in desk.common.lines())
        for desk in house.desks[3:]:
            assert "Two hundred at the gauge." not in statements(desk)
        # Its result is a text that all five accept, sign and release.
        from tests.support.drafting import words

        from good_offices.talks.events_text import TextTabled
        from good_offices.text.model import Instrument, Unit

        unit = Unit(id="u0", kind="article", label="1", texts={"en": words("We measured two hundred.")})
        valid(
            first,
            TextTabled(
                instrument=Instrument(id="flow", titles={"en": "Flow"}, authentic=("en",), units=(unit,))
            ),
        )
        event = communiques.proposed(first, first.talks.plenary.texts["flow"])
        for desk in house.desks[:4]:
            desk.sync()
            valid(desk, event if desk is first else communiques.acceptance(event.content))
        first.sync()
        with pytest.raises(LocalError) as early:
            communiques.signature(first, event.content)
        assert early.value.code == "communique-not-accepted"
        house.desks[4].sync()
        valid(house.desks[4], communiques.acceptance(event.content))
        for desk in house.desks:
            desk.sync()
            valid(desk, communiques.signature(desk, event.content))
        first.sync()
        others[3].sync()
        assert releasing_desk.release(others[3], event.content)[1]
        page = read(house.venue.url).decode()
        assert all(name in page for name in NAMES)
        assert "We measured two hundred." in page
