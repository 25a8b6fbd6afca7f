"""A house whose other delegation writes markup, paths and imitations into every field that it may fill."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from tests.support import house as houses
from tests.support import river
from tests.support.house import PASSPHRASE, House

from good_offices.clerk import drafting
from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.encoding import pack
from good_offices.talks import events_plenary as events
from good_offices.talks import events_text
from good_offices.text.model import Instrument, Unit, Words

MARKUP = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'{{ 7 * 7 }} ${7*7} {0} {name} </textarea></title>"
FRAME = "Entry 7, 2 May. Only your delegation. Seen by your delegation only: Upper Basin"
LONG = "x" * 3_000
HEAP = "Z" + "\u0333" * 400 + "\u0346" * 400
PATHS = "../../../etc/passwd\u2044..\uff02; filename=\uff02evil.exe"
WORDS = (
    MARKUP,
    FRAME,
    LONG,
    HEAP,
    PATHS,
    "javascript:alert(1)",
    "شرق الحوض",
    '#set page(fill: red)\n#read("/etc/passwd")',
)


class HostileHouse(House):
    """Upper Basin, and a delegation that is called like it."""

    def __init__(self, path: Path, name: str = MARKUP) -> None:
        super().__init__(path)
        self.name = name

    def __enter__(self) -> Self:
        kept, houses.NAMES = houses.NAMES, ("Upper Basin", self.name)
        try:
            return super().__enter__()  # type: ignore[return-value]
        finally:
            houses.NAMES = kept


def fill(house: House, given: tuple[str, ...] = WORDS) -> None:
    """Let the second delegation fill every field that it may fill."""
    upper, lower = house.desks[:2]
    member(house, lower, MARKUP, FRAME)
    river.modalities(house, upper, lower)
    for words in given:
        for act in _said(words):
            lower.act("plenary", act)
    house.settle()
    lower.act("plenary", events_text.TextTabled(instrument=_instrument()))
    house.settle()
    text = river.text(lower)
    for number, words in enumerate(given):
        change = {
            text.instrument.units[0].id: {
                "en": words.replace("[", "(").replace("]", ")").replace("{", "(").replace("}", ")")
            }
        }
        lower.act("plenary", drafting.amendment(lower, text, change, name=f"P-{number}", condition=words))
        lower.act("plenary", drafting.stance(text, "u0", "reserves", condition=words))
    house.settle()


def member(house: House, head: Desk, name: str, capacity: str) -> Desk:
    """Return the desk of a further member with any name and capacity."""
    handover = people.invite(head, name, capacity, "experts", ("speak", "table", "propose"), capital=False)
    desk = Desk.create(house.path / "desk-hostile", PASSPHRASE, pack(handover))
    desk.sync()
    head.sync()
    people.admit(head, people.waiting(head)[0], house.root(head))
    house.desks.append(desk)
    house.settle()
    return desk


def _said(words: str) -> list[Any]:
    """Return one act of each kind that says something."""
    return [
        events.StatementMade(text=words, language="en"),
        events.NotePassed(text=words, language="ar", subject=words, urgent=True),
        events.IncidentNotified(text=words, language="en", occurred=words, place=words),
        events.ItemProposed(title=words, note=words),
        events.AnnexFiled(
            annex=f"a{WORDS.index(words)}", title=words, media=words, size=7, digest=b"\x01" * 32
        ),
        events.PublicStatementRecorded(
            quotation=b"\x02" * 32, speaker=words, date=words, medium=words, reported_by=words, language="en"
        ),
    ]


def _instrument() -> Instrument:
    """Return a text whose ids, labels, titles and words are hostile, as far as the rules let them be."""
    units = tuple(
        Unit(
            id=f"u{number}",
            kind="article" if number else "paragraph",
            label=words,
            texts={"en": (Words(text=words),), "ar": (Words(text=words),)},
        )
        for number, words in enumerate(WORDS)
    )
    return Instrument(
        id="news..main", titles={"en": MARKUP, "ar": MARKUP}, authentic=("en", "ar"), units=units
    )
