"""A talks with a text of four articles in two languages on the table, and short ways to make its events."""

from __future__ import annotations

from typing import Any

from tests.support.talksmith import Talksmith

from good_offices.talks.events_text import (
    AmendmentAccepted,
    AmendmentProposed,
    Bound,
    BracketsPlaced,
    BracketsRemoved,
    Certified,
    Change,
    ConcordanceCertified,
    TextTabled,
)
from good_offices.text.model import Close, Instrument, Open, Unit, Words, words_digest
from good_offices.text.settling import Choice, settle

T = "treaty"
ALL = ("u0", "u1", "u2", "u3")


def words(text: str) -> tuple[Words]:
    return (Words(text=text),)


def draft(count: int = 4) -> Instrument:
    units = tuple(
        Unit(
            id=f"u{n}",
            kind="article",
            label=str(n),
            texts={"en": words(f"Article {n} text."), "ru": words(f"Статья {n}.")},
        )
        for n in range(count)
    )
    return Instrument(id=T, titles={"en": "Treaty"}, authentic=("en", "ru"), units=units)


class Table:
    """A talks with a tabled text, and short ways to make its events."""

    def __init__(self, parties: int = 2) -> None:
        self.smith = Talksmith(parties, signing=False)
        self.post, self.both = self.smith.post, self.smith.both
        assert self.post("A", TextTabled(instrument=draft())).status == "valid"

    @property
    def text(self):
        return self.smith.replay.plenary.texts[T]

    def unit(self, name: str) -> Unit:
        return self.text.instrument.unit(name)

    def en(self, name: str) -> str:
        return self.unit(name).texts["en"][0].text

    def bound(self, *names: str) -> tuple[Bound, ...]:
        return tuple(Bound(unit=name, digest=self.unit(name).digest) for name in names)

    def amendment(self, name: str, text: str, *units: str, **fields: Any) -> AmendmentProposed:
        changes = tuple(
            Change(unit=one, base=self.unit(one).digest, texts={"en": words(text)})
            for one in units or ("u1",)
        )
        return AmendmentProposed(instrument=T, proposal=name, changes=changes, **fields)

    def accept(self, amendment: AmendmentProposed, **fields: Any) -> AmendmentAccepted:
        return AmendmentAccepted(
            instrument=T, proposal=amendment.proposal, amendment=amendment.content, **fields
        )

    def brackets(self, *units: str) -> BracketsPlaced:
        """Brackets `s-UNIT` around the whole English text of each unit."""
        return BracketsPlaced(
            instrument=T,
            changes=tuple(
                Change(
                    unit=one,
                    base=self.unit(one).digest,
                    texts={
                        "en": (
                            Open(slot=f"s-{one}", variant=0, of=1),
                            *self.unit(one).texts["en"],
                            Close(slot=f"s-{one}", variant=0),
                        )
                    },
                )
                for one in units
            ),
        )

    def settlement(self, *units: str) -> BracketsRemoved:
        """The settlement that retains the words in these brackets, with its result."""
        choices = tuple(Choice(slot=f"s-{one}", keep=(0,)) for one in units)
        after = settle(self.text.instrument, choices)
        return BracketsRemoved(
            instrument=T,
            units=self.bound(*units),
            choices=choices,
            result=tuple(Bound(unit=one, digest=after.unit(one).digest) for one in units),
        )

    @property
    def size(self) -> int:
        return self.smith.common.tree.size


def certified(table: Table, *names: str) -> ConcordanceCertified:
    units = tuple(
        Certified(unit=name, texts={one: words_digest(table.unit(name), one) for one in ("en", "ru")})
        for name in names
    )
    return ConcordanceCertified(instrument=T, units=units)
