"""Marks: kept on one's own desk, sealed for whoever answers, and what a duty desk takes up."""

import msgspec
import pytest
from tests.support.duty import Running, listed, with_duty_desks
from tests.support.house import PASSPHRASE, House

from good_offices.clerk import soundings as views
from good_offices.desk.soundings import duty, marks
from good_offices.desk.soundings.answering import Answering
from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError
from good_offices.seals.domains import Domain
from good_offices.seals.wraps import seal_to

YES = (True, False, True, False)
NO = (False,) * 4


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, played=with_duty_desks) as built:
        yield built


def refused(desk, content, running, now=None):
    before = marks.kept(desk, running.sounding)
    with pytest.raises(LocalError) as no:
        marks.take_file(desk, content, running.clock() if now is None else now)
    assert marks.kept(desk, running.sounding) == before
    return no.value.code


def test_what_is_kept_has_one_length_and_no_list_of_soundings_counts_it(house):
    upper = house.desks[0]
    running = Running(house, listed(size=9))
    sounding = upper.talks.sounding.find(running.id)
    contents = [
        pack(marks.chosen(sounding, tuple(bool(number >> at & 1) for at in range(9))))
        for number in (0, 5, 511)
    ]
    assert len({len(one) for one in contents}) == 1
    assert marks.standing(upper, sounding) == "untouched"
    before = views.rows(upper, running.clock())
    marks.keep(upper, sounding, (True,) * 9, sealed=False)
    one = str(views.rows(upper, running.clock()))
    marks.keep(upper, sounding, (False,) * 9, sealed=False)
    assert one == str(views.rows(upper, running.clock())) != str(before)
    assert views.sheet(upper, sounding)["state"] == "kept"
    assert not any(row["yes"] for row in views.sheet(upper, sounding)["options"])


def test_marks_that_do_not_fit(house):
    upper = house.desks[0]
    sounding = Running(house).sounding
    span = Running(house, listed("range", 5)).sounding
    for one, wanted in ((sounding, (True,) * 3), (span, (3, 2)), (span, (0, 5)), (span, (-1, 2))):
        with pytest.raises(LocalError, match="do not fit"):
            marks.keep(upper, one, wanted, sealed=False)
    for wanted in ((0, 4), (2, 2), None):
        assert marks.choice(span, marks.chosen(span, wanted)) == wanted
    for wanted in (YES, NO):
        assert marks.choice(sounding, marks.chosen(sounding, wanted)) == wanted


def test_sealed_marks_go_to_the_duty_desk_and_the_last_file_counts(house):
    upper, _, one, _ = house.desks
    running = Running(house)
    first = marks_of(upper, running, YES)
    assert marks.standing(upper, running.sounding) == "sealed"
    marks.keep(upper, running.sounding, NO, sealed=False)
    assert marks.standing(upper, running.sounding) == "kept"
    second = marks.let_go(upper, running.sounding, running.clock())
    assert len(first) == len(second)
    marks.take_file(one, second, running.clock())
    assert refused(one, first, running) == "marks-file-old"
    assert refused(one, second, running) == "marks-file-old"
    held = marks.kept(one, running.sounding)
    assert marks.choice(running.sounding, held.chosen) == NO


def marks_of(head, running, wanted):
    marks.keep(head, running.sounding, wanted, sealed=False)
    return marks.let_go(head, running.sounding, running.clock())


def signed(head, running, on_duty, **changed):
    """A marks file with something else in it, signed by its author."""
    fields = {
        "talks": head.identity.place.talks,
        "sounding": running.id,
        "desk": on_duty.certificate,
        "number": 2**50,
        "chosen": marks.chosen(running.sounding, YES),
        "author": head.certificate,
        "time": 1,
    }
    said = marks.Marks(**{name: fields[name] for name in marks.Marks.__struct_fields__})
    content = pack(msgspec.structs.replace(said, **changed))
    whole = marks.SignedMarks(marks=content, signature=head.signer.sign(Domain.MARKS, content))
    key = head.talks.kem(head.rooms["sounding"], on_duty.certificate)
    info = b"good-offices/v1/marks\x00" + head.identity.place.talks + on_duty.certificate
    return seal_to(key, info, pack(whole))


def test_files_that_a_duty_desk_refuses(house):
    upper, lower, one, other = house.desks
    running = Running(house)
    good = marks_of(upper, running, YES)
    # Of the other delegation, for another desk, changed, of nobody, of no member.
    assert refused(one, marks_of(lower, running, YES), running) == "marks-file-foreign"
    assert refused(other, good, running) == "marks-file-foreign"
    for at in (0, 40, len(good) - 1):
        changed = bytearray(good)
        changed[at] ^= 1
        assert refused(one, bytes(changed), running) == "marks-file-foreign"
    assert refused(one, b"", running) == "marks-file-foreign"
    assert refused(one, good[:-1], running) == "marks-file-foreign"
    assert refused(one, bytes(marks.MAX_FILE + 1), running) == "marks-file-foreign"
    assert refused(one, signed(lower, running, one), running) == "marks-file-foreign"
    assert refused(one, signed(one, running, one), running) == "marks-file-foreign"
    assert refused(one, signed(upper, running, one, talks=bytes(32)), running) == "marks-file-foreign"
    assert (
        refused(one, signed(upper, running, one, author=lower.certificate), running) == "marks-file-foreign"
    )
    # For another list, or none.
    assert refused(one, signed(upper, running, one, sounding=bytes(32)), running) == "sounding-unknown"
    short = msgspec.structs.replace(marks.chosen(running.sounding, YES), bits=b"")
    assert refused(one, signed(upper, running, one, chosen=short), running) == "sounding-marks"
    # Too late, by the clock or because the desk has begun.
    assert refused(one, good, running, running.sounding.closes) == "sounding-fixed"
    running.close()
    running.beat()
    assert refused(one, good, running, 0) == "sounding-fixed"
    with pytest.raises(LocalError, match="can no longer be changed"):
        marks.let_go(upper, running.sounding, running.clock())


def test_who_may_not_agree_seals_nothing(tmp_path):
    with House(tmp_path) as house:
        adviser = house.join(house.desks[0], "Adviser")
        running = Running(house, answering=house.desks[:1])
        sounding = adviser.talks.sounding.find(running.id)
        with pytest.raises(LocalError) as no:
            marks.let_go(adviser, sounding, running.clock())
        assert no.value.code == "power-lacking"
        with pytest.raises(LocalError) as no:
            marks.marks_file(house.desks[0], sounding, YES)
        assert no.value.code == "duty-desk-none"
        with pytest.raises(LocalError, match="is over"):
            marks.let_go(house.desks[0], sounding, sounding.until)


def test_an_inbox_keeps_what_is_refused_and_waits_for_what_is_on_its_way(house, monkeypatch):
    upper, _, one, _ = house.desks
    running = Running(house)
    answering = Answering(one, now=running.clock)
    inbox = one.storage.folder / duty.INBOX
    duty.beat(one, answering)
    (inbox / "good.marks").write_bytes(marks_of(upper, running, YES))
    (inbox / "bad.marks").write_bytes(b"not whole yet")
    (inbox / "folder.marks").mkdir()
    told = duty.beat(one, answering)
    assert [each.id for each in told.taken] == [running.id]
    assert told.refused == ()
    assert sorted(path.name for path in inbox.iterdir()) == ["bad.marks", "folder.marks"]
    monkeypatch.setattr(duty, "SETTLED", 0)
    ((path, no),) = duty.beat(one, answering).refused
    assert (path.name, no.code) == ("bad.marks", "marks-file-foreign")
    assert (inbox / "bad.marks.refused").exists()


def test_what_is_on_duty(house):
    duty.check_on_duty(house.desks[2])
    with pytest.raises(LocalError, match="no duty desk"):
        duty.check_on_duty(house.desks[0])
    house.desks[2].storage.remove("compared")
    with pytest.raises(LocalError) as no:
        duty.check_on_duty(house.desks[2])
    assert no.value.code == "keys-not-compared-here"


def test_marks_are_sealed_on_the_disk(house):
    upper = house.desks[0]
    running = Running(house)
    marks_of(upper, running, YES)
    held = pack(marks.kept(upper, running.sounding))
    raw = b"".join(path.read_bytes() for path in upper.storage.folder.glob("desk.db*"))
    assert held not in raw
    assert unpack(held, marks.KeptMarks, what="the marks").sealed is False
    assert PASSPHRASE.encode() not in raw
