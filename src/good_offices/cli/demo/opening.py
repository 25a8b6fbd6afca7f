"""How every demonstrated talks begins: the offer, two delegations of two members, the number, the modalities.

This module tells the part of the story that is the same whatever the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from good_offices.cli.demo.narrator import Narrator
from good_offices.cli.demo.stage import Seat, Stage, do_together, open_together
from good_offices.locale import _

_DRAFTER: Final = ("speak", "table", "propose", "agree")


@dataclass(frozen=True, slots=True)
class Member:
    """One member: the seat's folder name, the name in the talks, the capacity."""

    seat: str
    name: str
    capacity: str


@dataclass(frozen=True, slots=True)
class Side:
    """One delegation: its name and its two members."""

    name: str
    head: Member
    drafter: Member


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part, and in which languages the text is authentic."""

    venue: str
    upper: Side
    lower: Side
    languages: tuple[str, ...]
    agenda: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The talks once they are open: the stage, the narrator, the four seats, the talks' numbers."""

    stage: Stage
    story: Narrator
    cast: Cast
    upper: Seat
    upper_drafter: Seat
    lower: Seat
    lower_drafter: Seat
    common: str
    roots: tuple[str, ...]

    @property
    def seats(self) -> tuple[Seat, ...]:
        """All four seats, heads first."""
        return (self.upper, self.lower, self.upper_drafter, self.lower_drafter)

    def sync(self) -> None:
        """Let everybody bring the record up to date, all at once, as desks do."""
        do_together(self.seats, "desk", "sync")


def open_talks(stage: Stage, story: Narrator, cast: Cast) -> Table:
    """Return the table after the offer, the accession, the comparison and the modalities."""
    story.part(_("The host opens its house, and knows nothing of what will be said in it"))
    stage.open_venue(cast.venue)
    offered = stage.run(
        "venue",
        "offer",
        "--venue",
        str(stage.venue),
        "--parties",
        "2",
        "--out",
        str(stage.folder / "invitations"),
    )
    story.tell(
        _("Host"),
        _("offers talks {talks} at {url}: two invitations, no names").format(
            talks=offered["talks"][:16], url=stage.url
        ),
    )

    story.part(_("Each delegation opens a desk on its own machine; only public keys leave it"))
    upper, lower = _open(stage, story, cast, offered["invitations"])
    roots = _compare(story, cast, upper, lower)
    drafters = _join(stage, story, cast, (upper, lower))
    for seat in (upper, lower, *drafters, upper, lower):
        seat.do("desk", "sync")
    registers = upper.do("desk", "status")["registers"]
    table = Table(
        stage,
        story,
        cast,
        upper,
        drafters[0],
        lower,
        drafters[1],
        str(registers["common"]["id"]),
        tuple(roots),
    )
    _terms(table)
    return table


def _open(stage: Stage, story: Narrator, cast: Cast, invitations: list[str]) -> list[Seat]:
    """Open each delegation's first desk."""
    sides = (cast.upper, cast.lower)
    seats = [stage.seat(side.head.seat) for side in sides]
    words = [
        ("--delegation", side.name, "--member", side.head.name, "--capacity", side.head.capacity)
        for side in sides
    ]
    files = zip(invitations, words, strict=True)
    open_together((seat, (file, *more)) for seat, (file, more) in zip(seats, files, strict=True))
    do_together(seats, "desk", "sync")
    for side in sides:
        story.tell(
            side.name,
            _("{name}, {capacity}, opens a desk").format(name=side.head.name, capacity=side.head.capacity),
        )
    return seats


def _compare(story: Narrator, cast: Cast, upper: Seat, lower: Seat) -> list[str]:
    """Let both sides read the number to each other, and return the roots that it is made of."""
    upper.do("desk", "sync")
    lower.do("desk", "sync")
    shown = upper.do("desk", "compare")
    number = str(shown["number"])
    heard = str(lower.do("desk", "compare")["number"])
    groups = number.split()
    story.quote(
        _(
            "Both read the same 60 digits to each other, by voice; the host could not have put other keys in between:"
        ),
        "\n".join("  ".join(groups[at : at + 6]) for at in range(0, len(groups), 6)),
    )
    for side, seat, said in ((cast.upper, upper, heard), (cast.lower, lower, number)):
        answer = seat.do("desk", "confirm", "--number", said)
        story.tell(
            side.name, _("confirms that the number matches; delegation and head are accredited"), answer
        )
    for seat in (upper, lower, upper):
        seat.do("desk", "sync")
    return [str(one["fingerprint"]) for one in shown["roots"]]


def _join(stage: Stage, story: Narrator, cast: Cast, heads: tuple[Seat, Seat]) -> list[Seat]:
    """Bring each delegation's second member to the table."""
    sides = (cast.upper, cast.lower)
    seats, files = [], []
    powers = [word for power in _DRAFTER for word in ("--power", power)]
    for side, head in zip(sides, heads, strict=True):
        one = side.drafter
        file = stage.folder / f"hand-over-{one.seat}"
        head.do("desk", "invite", str(file), "--name", one.name, "--capacity", one.capacity, *powers)
        seats.append(stage.seat(one.seat))
        files.append(file)
    open_together((seat, (file,)) for seat, file in zip(seats, files, strict=True))
    for file in files:
        file.unlink()  # it is a secret, and has done its work
    do_together(seats, "desk", "sync")
    for side, head in zip(sides, heads, strict=True):
        head.do("desk", "sync")
        answer = head.do("desk", "admit", side.drafter.name)
        story.tell(
            side.name,
            _("admits {name}, {capacity}, who may speak, table, propose and agree, and may not sign").format(
                name=side.drafter.name, capacity=side.drafter.capacity
            ),
            answer,
        )
    return seats


def _terms(table: Table) -> None:
    """Settle modalities and agenda, and let each side speak."""
    story, cast = table.story, table.cast
    story.part(_("Modalities and agenda: in force when both have accepted the same"))
    languages = [word for language in cast.languages for word in ("--authentic", language)]
    answer = table.upper.do("modalities", "propose", *languages)
    story.tell(
        cast.upper.name,
        _(
            "proposes modalities: {languages} equally authentic, consensus, nothing agreed until everything is"
        ).format(languages=", ".join(cast.languages)),
        answer,
    )
    table.lower.do("desk", "sync")
    story.tell(cast.lower.name, _("accepts them"), table.lower.do("modalities", "accept"))
    for item in cast.agenda:
        story.tell(
            cast.lower.name,
            _("proposes the item “{item}”").format(item=item),
            table.lower.do("agenda", "propose", item),
        )
        table.upper.do("desk", "sync")
        story.tell(cast.upper.name, _("accepts it"), table.upper.do("agenda", "accept", item))
