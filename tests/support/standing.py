"""A house whose invitations bring standing lists, and the desks on duty that answer them, each beat a second later than the last.

The clock by which they answer is the test's, so nobody waits for an occurrence; acts bear the machine's own time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.support.duty import Clock
from tests.support.house import NAMES, PASSPHRASE, House

from good_offices.clerk.listing import read_lists, willingness
from good_offices.cli.lists import finished
from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.desk.soundings import duty, marks
from good_offices.desk.soundings.answering import Answering
from good_offices.encoding import pack
from good_offices.soundings.course import Choice
from good_offices.talks.events_sounding import Calendar
from good_offices.talks.soundings import Sounding
from good_offices.venue.offer import offer

# Between two beats, in milliseconds: the pace of the lists below.
PACE = 1_000


def quick(*, every: int = 8, first: int = 2, times: int = 500) -> Calendar:
    """Return the list of the release, sounded every few seconds."""
    text = willingness()
    for old, new in (
        ('first = "30 days"', f'first = "{first} seconds"'),
        ('every = "30 days"', f'every = "{every} seconds"'),
        ("times = 12", f"times = {times}"),
        ('pace = "1 hour"', 'pace = "1 second"'),
        ('open = "7 days"', f'open = "{every} seconds"'),
    ):
        assert old in text
        text = text.replace(old, new)
    return read_lists(text, time.time_ns() // 1_000_000)


class ListedHouse(House):
    """A house with a calendar in its invitations; `change` lets its host give each side what it likes."""

    def __init__(
        self,
        path: Path,
        calendar: Calendar,
        *,
        change: Callable[[int, bytes], bytes] = lambda _number, file: file,
    ) -> None:
        super().__init__(path)
        self.calendar = calendar
        self.change = change
        self.duties: list[Desk] = []
        self.answering: dict[str, Answering] = {}
        self.clock = Clock()

    def __enter__(self) -> Self:
        self.build()
        return self

    def build(self) -> None:
        self.venue.__enter__()
        offered = offer(
            self.venue.folder,
            parties=2,
            out=self.path / "invitations",
            url=self.venue.url,
            lists=finished(self.calendar),
        )
        for number, file in enumerate(offered.files):
            self.desks.append(
                Desk.create(
                    self.path / f"desk{number}",
                    PASSPHRASE,
                    self.change(number, file.read_bytes()),
                    delegation=NAMES[number],
                    member=f"Head {number}",
                    capacity="Head of delegation",
                )
            )
        for desk in self.desks:
            desk.sync()

    def on_duty(self, head: Desk) -> Desk:
        """Return the duty desk of a delegation, admitted."""
        handover = people.invite(head, "Duty desk", "unattended", "experts", [], duty=True)
        desk = Desk.create(self.path / f"duty{len(self.duties)}", PASSPHRASE, pack(handover))
        self.duties.append(desk)
        desk.sync()
        head.sync()
        (invited,) = people.waiting(head)
        people.admit(head, invited, self.root(head))
        return desk

    def coming(self, desk: Desk) -> Sounding:
        """Return the next occurrence, with time to mark it: five beats at least."""
        known = (one for one in desk.talks.sounding.every() if one.closes > self.clock() + 5 * PACE)
        return min(known, key=lambda one: one.closes)

    def beats(self, until: Callable[[], object], *, most: int = 100) -> bool:
        """Let the duty desks beat until something is so; tell whether it came to be."""
        for desk in self.duties:
            # One for the life of a desk, as on duty: it remembers which attempts it has lost.
            self.answering.setdefault(desk.certificate.hex(), Answering(desk, now=self.clock))
        for _ in range(most):
            if until():
                return True
            self.clock.time += PACE
            for desk in self.duties:
                seen = duty.beat(desk, self.answering[desk.certificate.hex()])
                assert (seen.refused, seen.failed) == ((), None)
        return bool(until())

    def tell(self, head: Desk, desk: Desk, sounding: Sounding, choice: Choice) -> None:
        """Bring the duty desk of a delegation the marks of its head, by hand."""
        inbox = desk.storage.folder / duty.INBOX
        inbox.mkdir(exist_ok=True)
        (inbox / "told.marks").write_bytes(marks.marks_file(head, sounding, choice))

    def __exit__(self, *_: object) -> None:
        for desk in self.duties:
            desk.close()
        super().__exit__()
