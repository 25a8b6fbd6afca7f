"""What the desk that answers says, and what it never says twice: refusals, restored folders, false messages."""

import shutil
import time

import pytest
from tests.support.duty import Running, listed, with_duty_desks
from tests.support.house import PASSPHRASE, House
from tests.support.waiting import LONGEST

from good_offices.clerk import soundings as views
from good_offices.clerk.verifying import verified
from good_offices.desk.desk import Desk
from good_offices.desk.soundings import evidence, figures, marks, record
from good_offices.desk.soundings.answering import Answering
from good_offices.desk.soundings.efforts import FOLDER
from good_offices.desk.soundings.record import Runs
from good_offices.errors import LocalError, RemoteError
from good_offices.soundings import scope
from good_offices.soundings.course import Found
from good_offices.talks import soundings as talks_soundings
from good_offices.talks.events_sounding import SoundingAnswered


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, played=with_duty_desks) as built:
        yield built


@pytest.fixture
def quick_end(monkeypatch):
    """Let the host wait one second for deposits."""
    monkeypatch.setattr(talks_soundings, "WAIT", 1)


def found(desk, running):
    return Runs(desk).found(desk.talks.sounding.find(running.id))


def test_both_are_told_what_both_accept(house):
    upper, lower, one, other = house.desks
    running = Running(house)
    running.tell(upper, one, (True, True, False, False))
    running.tell(lower, other, (False, True, True, False))
    running.run()
    assert [found(desk, running).mutual for desk in house.desks] == [(1,)] * 4
    assert len(set(running.values())) == len(running.values()) == 4


def test_a_duty_desk_that_was_told_nothing_says_no_and_no_screen_shows_it(house):
    upper, lower, one, _ = house.desks
    running = Running(house)
    running.tell(upper, one, (True, True, True, True))
    running.run()
    told = [views.outcome(desk, desk.talks.sounding.find(running.id)) for desk in (upper, lower)]
    assert {one["state"] for one in told} == {"compute"}
    assert [found(desk, running).mutual for desk in (upper, lower)] == [(), ()]
    told = [views.outcome(desk, desk.talks.sounding.find(running.id)) for desk in (upper, lower)]
    assert told[0] == told[1] == {"state": "no-match", "words": "No match.", "mutual": [], "broken": []}
    silent = Running(house, listed(subject="Other dates"))
    silent.run()
    assert found(upper, silent) is not None
    assert views.outcome(upper, upper.talks.sounding.find(silent.id)) == told[0]


def test_a_range_and_its_figures(house, monkeypatch):
    upper, lower, one, other = house.desks
    running = Running(house, listed("range", 6))
    running.tell(upper, one, (2, 5))
    running.tell(lower, other, (0, 2))
    with pytest.raises(LocalError, match="whose run has ended"):
        figures.open_figures(upper, upper.talks.sounding.find(running.id), 2, 5)
    running.run()
    assert [found(desk, running) for desk in (upper, lower)] == [Found((), True, ())] * 2
    here, there = (desk.talks.sounding.find(running.id) for desk in (upper, lower))
    assert figures.figures(upper, here).standing == "none"
    with pytest.raises(LocalError, match="not lie on the scale"):
        figures.open_figures(upper, here, 3, 6)
    figures.open_figures(upper, here, 2, 5)
    lower.sync()
    assert figures.figures(lower, there).standing == "theirs"
    # What Lower deposits is no range of this sounding: the box opens, and says so of Lower alone.
    monkeypatch.setattr(figures, "seal", lambda content, _secret: content)
    figures.open_figures(lower, there, 0, 2)
    assert figures.figures(lower, there).standing == "both"
    for _ in range(2):
        for desk in (upper, lower):
            desk.sync()
            Answering(desk).beat()
    opened = figures.figures(upper, here)
    assert opened.standing == "open"
    assert opened.ranges == {upper.identity.place.delegation: (2, 5), lower.identity.place.delegation: None}
    shown = views.figures(upper, here)
    assert {(row["low"], row["high"]) for row in shown["ranges"]} == {(120, 150), (None, None)}
    with pytest.raises(LocalError, match="offered it before"):
        figures.open_figures(upper, here, 0, 0)


def test_the_secrets_are_gone_when_it_has_ended(house):
    running = Running(house)
    running.close()
    running.beat()
    folders = [desk.storage.folder / FOLDER for desk in house.desks[2:]]
    assert all(list(one.glob("*-0")) for one in folders)
    running.run()
    running.beat()
    assert not any(list(one.glob("*-*")) for one in folders)


def test_the_secrets_are_gone_when_it_is_over(house):
    running = Running(house)
    running.close()
    running.answers = running.answers[:1]
    running.beat()
    running.clock.time = running.sounding.until
    running.beat()
    assert not list((house.desks[2].storage.folder / FOLDER).glob("*-*"))
    assert (
        views.standing_of(house.desks[0], house.desks[0].talks.sounding.find(running.id), running.clock())
        == "over"
    )


def replaced(running, house, at, folder):
    """The duty desk at a place goes on from another folder."""
    again = Desk.open(folder, PASSPHRASE)
    house.desks[at] = again
    running.answers[at - 2] = Answering(again, now=running.clock)


@pytest.mark.parametrize("beats", [1, 2])
def test_a_copied_folder_opens_no_seed_ends_the_attempt_and_uses_no_secret_twice(house, tmp_path, beats):
    upper, lower, one, other = house.desks
    running = Running(house)
    running.tell(upper, one, (True, True, False, False))
    running.tell(lower, other, (False, True, True, False))
    running.close()
    for _ in range(beats):
        running.beat()
    assert running.sounding.attempt == 0
    one.close()
    shutil.copytree(one.storage.folder, tmp_path / "copy")
    shutil.rmtree(one.storage.folder)
    replaced(running, house, 2, tmp_path / "copy")
    effort = running.answers[0].efforts.get(running.id, 0)
    assert (effort.lost, effort.seed) == (True, b"")
    running.until(lambda: running.sounding.attempt == 1)
    running.run()
    assert running.sounding.outcome == "opened"
    assert found(upper, running).mutual == (1,)
    values = running.values()
    assert len(values) > 4
    assert len(set(values)) == len(values)


def test_a_backup_that_lacks_a_posted_step_ends_the_attempt(house, tmp_path):
    _, _, one, _ = house.desks
    running = Running(house)
    running.close()
    running.beat()
    one.close()
    # A backup of contents, put back into the same files: the marker is the same, and the seed opens.
    shutil.copytree(one.storage.folder, tmp_path / "backup")
    replaced(running, house, 2, one.storage.folder)
    running.beat()
    house.desks[2].close()
    folder = house.desks[2].storage.folder
    for path in (tmp_path / "backup").rglob("*"):
        if path.is_file() and path.name not in ("here", "lock"):
            shutil.copyfile(path, folder / path.relative_to(tmp_path / "backup"))
    for path in folder.glob("desk.db-*"):
        path.unlink()
    replaced(running, house, 2, folder)
    effort = running.answers[0].efforts.get(running.id, 0)
    assert (effort.lost, effort.steps) == (False, [1])
    running.until(lambda: running.sounding.attempt == 1)
    running.run()
    values = running.values()
    assert running.sounding.outcome == "opened"
    assert len(set(values)) == len(values) == 8


def test_a_message_of_another_sounding_is_noted_shown_and_answered_no_more(house, monkeypatch):
    upper, lower, one, other = house.desks
    first = Running(house)
    first.run()
    (body,) = (
        line.act.event.body
        for line in one.common.lines()
        if line.act is not None
        and isinstance(line.act.event, SoundingAnswered)
        and (line.act.author, line.act.event.step) == (other.certificate, 1)
    )
    second = Running(house, listed(subject="Other dates"))
    second.close()
    course = second.answers[1].runs.begun(second.sounding, 0)
    monkeypatch.setattr(type(course), "make", lambda _self, _side, _step: body)
    second.answers[1].beat()
    monkeypatch.undo()
    for _ in range(4):
        second.answers[0].desk.sync()
        second.clock.time += 1_000
        second.answers[0].beat()
    sounding = one.talks.sounding.find(second.id)
    assert sounding.outcome == "running"
    assert not sounding.is_whole(2)
    broken = views.broken(one, sounding)[0]
    assert "does not prove what it must" in broken["words"]
    assert views.standing_of(one, sounding, second.clock()) in ("broken", "again")
    finding = verified(evidence.path_of(one, sounding, 0).read_bytes())
    assert finding.valid
    assert other.certificate.hex() in finding.proves[0]
    assert upper.talks.sounding.find(second.id) is not None
    assert lower.certificate.hex() not in finding.proves[0]


def test_who_is_interrupted_by_a_key_goes_on_where_the_computing_ended(house, monkeypatch):
    monkeypatch.setattr(record, "STORED", 2)
    monkeypatch.setattr(scope, "STORED", 2)
    running = Running(house, listed(size=8))
    running.close()
    desk = running.answers[0].desk

    def interrupted(function, items):
        for count, item in enumerate(items):
            if count == 5:
                raise KeyboardInterrupt
            yield function(item)

    with pytest.raises(KeyboardInterrupt):
        Answering(desk, each=interrupted, now=running.clock).beat()
    assert running.values() == []
    computed = []

    def counted(function, items):
        computed.extend(items)
        return scope.serial(function, items)

    assert [one.id for one in Answering(desk, each=counted, now=running.clock).beat()] == [running.id]
    assert computed == [4, 5, 6, 7]
    running.run()
    assert found(desk, running) is not None


def test_nothing_is_said_too_early_or_too_late(house):
    running = Running(house)
    assert running.answers[0].beat() == []
    running.clock.time = running.sounding.until
    assert running.answers[0].beat() == []
    assert running.values() == []


def refused_in(running, monkeypatch):
    """The first duty desk cannot hand in anything of this sounding."""
    desk = running.answers[0].desk
    written = desk.hand_in

    def refusing(room, event):
        if event.sounding == running.id:
            raise LocalError("room-not-open", room="sounding")
        return written(room, event)

    monkeypatch.setattr(desk, "hand_in", refusing)


def test_what_cannot_be_said_in_one_sounding_keeps_from_nothing_in_others(house, monkeypatch):
    running = Running(house)
    other = Running(house, listed(subject="Other dates"))
    running.close()
    refused_in(running, monkeypatch)
    running.clock.time = max(running.sounding.closes, other.sounding.closes)
    assert [one.id for one in running.answers[0].beat()] == [other.id]
    assert [(one.id, no.code) for one, no in running.answers[0].refused] == [(running.id, "room-not-open")]


def test_an_attempt_that_cannot_be_given_up_keeps_from_nothing_in_others(house, monkeypatch):
    """Neither one whose secrets are lost, nor one in which a message of the other does not hold."""
    lost, broken, other = (Running(house, listed(subject=f"Dates {at}")) for at in range(3))
    answers = lost.answers[0]
    answers.efforts.lose(lost.id, 0, answers.efforts.begin(lost.id, 0, lost.clock()))
    go_on = answers._go_on

    def breaking(case, now):
        if case.sounding.id == broken.id:
            raise RemoteError("sounding-form", place=1, step=1, what="its length")
        return go_on(case, now)

    monkeypatch.setattr(answers, "_go_on", breaking)
    monkeypatch.setattr(evidence, "keep", lambda *_: None)
    refused_in(lost, monkeypatch)
    refused_in(broken, monkeypatch)
    lost.clock.time = max(one.sounding.closes for one in (lost, broken, other))
    assert [one.id for one in answers.beat()] == [other.id]
    assert [(one.id, no.code) for one, no in answers.refused] == [
        (lost.id, "room-not-open"),
        (broken.id, "room-not-open"),
    ]


def test_without_duty_desks_those_answer_who_have_sealed(tmp_path):
    with House(tmp_path) as house:
        upper, lower = house.desks
        running = Running(house, answering=[upper, lower])
        assert views.row(upper, running.sounding, running.clock())["answers"] == "nobody"
        marks.keep(upper, running.sounding, (True, False, True, False), sealed=False)
        assert marks.let_go(upper, running.sounding, running.clock()) is None
        assert views.row(upper, running.sounding, running.clock())["answers"] == "this"
        with pytest.raises(LocalError, match="can no longer be changed"):
            marks.keep(upper, running.sounding, (True,) * 4, sealed=False)
        running.close()
        for _ in range(3):
            running.beat()
        # The run waits for the other's people; a void, or a time that passes, tells nothing.
        assert len(running.values()) == 1
        assert marks.let_go(lower, lower.talks.sounding.find(running.id), running.clock()) is None
        running.run()
        assert [found(desk, running).mutual for desk in (upper, lower)] == [(), ()]


def halted(house, one, other, running, opened, wanted, theirs):
    """A sounding of packages in which the duty desk of Lower is gone after so many boxes."""
    running.tell(house.desks[0], one, wanted)
    running.tell(house.desks[1], other, theirs)
    running.close()
    running.until(lambda: running.sounding.attempts[-1].opened == opened)
    running.answers = running.answers[:1]
    end = time.monotonic() + LONGEST
    while running.sounding.outcome == "running" and time.monotonic() < end:
        running.beat()
        time.sleep(0.05)
    house.settle()
    here = house.desks[0].talks.sounding.find(running.id)
    assert (here.outcome, here.attempts[-1].opened) == ("void", opened)
    return here


@pytest.mark.usefixtures("quick_end")
def test_packages_that_end_in_the_middle_show_what_was_opened(house):
    """What the boxes before have opened is the result (R-86); without a match it is not said that nothing matched."""
    upper, lower, one, other = house.desks
    told = []
    for subject, theirs in (("Packages", (True,) * 4), ("Other packages", (False,) * 4)):
        running = Running(house, listed("packages", 4, subject=subject))
        here = halted(house, one, other, running, 2, (True,) * 4, theirs)
        assert views.outcome(upper, here)["state"] == "compute"
        looked = found(upper, running)
        assert len(looked.looked) == 2
        assert found(lower, running) == looked
        told.append((looked, views.outcome(upper, here), views.standing_of(upper, here, running.clock())))
    looked, outcome, standing = told[0]
    assert looked.mutual == tuple(sorted(looked.looked))
    assert (outcome["state"], outcome["words"], standing) == ("match", "All accept:", "found")
    assert [each["index"] - 1 for each in outcome["mutual"]] == list(looked.mutual)
    looked, outcome, standing = told[1]
    assert (looked.mutual, outcome["state"], outcome["words"], standing) == ((), "none", "", "void")


@pytest.mark.usefixtures("quick_end")
def test_packages_of_which_only_the_order_was_opened_have_no_result(house):
    upper, _, one, other = house.desks
    running = Running(house, listed("packages", 4))
    here = halted(house, one, other, running, 1, (True,) * 4, (True,) * 4)
    assert found(upper, running) is None
    told = views.outcome(upper, here), views.standing_of(upper, here, running.clock())
    assert (told[0]["state"], told[1]) == ("none", "void")
