"""How talks end, for tests: a short text in two languages, adopted, signed on full powers, closed."""

from __future__ import annotations

from tests.support.house import House

from good_offices.clerk import closing, drafting, names, steps
from good_offices.desk.desk import Desk
from good_offices.talks.events_outcome import ClosingRecordSigned
from good_offices.talks.events_plenary import FullPowersFoundInOrder
from good_offices.text.importing import read_draft

EN = "# Agreement on the waters of the Arna River\n\n1. The Parties share the waters of the Arna River.\n\n2. The term is ten years.\n"
RU = "# Соглашение о водах реки Арна\n\n1. Стороны совместно пользуются водами реки Арна.\n\n2. Срок составляет десять лет.\n"
TITLES = {"en": "Agreement on the waters of the Arna River", "ru": "Соглашение о водах реки Арна"}


def text(desk: Desk):
    """Return the text on the table."""
    return names.text_named(desk.talks.plenary, None)


def together(house: House, event) -> None:
    """Let the heads of both delegations do the same act."""
    for desk in house.desks[:2]:
        desk.sync()
        done = desk.act("plenary", event(desk))
        assert done.verdict is not None and done.verdict.status == "valid", done.verdict  # noqa: PT018
    house.settle()


def tabled(house: House) -> None:
    """Put the text on the table; its provisions are open."""
    drafts = {tag: read_draft(words.encode(), ".md") for tag, words in (("en", EN), ("ru", RU))}
    house.desks[0].act("plenary", drafting.tabled(drafts, "river", TITLES))
    house.settle()


def adopted(house: House) -> None:
    """Bring the text to adoption."""
    tabled(house)
    together(house, lambda desk: steps.certified(text(desk), steps.to_certify(text(desk))))
    together(house, lambda desk: steps.agreed(text(desk), steps.to_agree(text(desk)), "leaders"))
    together(house, lambda desk: steps.locked(text(desk), steps.to_lock(text(desk))))
    together(house, lambda desk: steps.adopted(text(desk)))


def in_order(house: House) -> None:
    """Produce the full powers of both heads, and find them in order."""
    upper, lower = house.desks[:2]
    upper.act("plenary", closing.full_powers(upper, None, b"full powers of Head 0", "Given at the capital"))
    lower.sync()
    lower.act("plenary", closing.full_powers(lower, None, None, ex_officio=True))
    lower.act("plenary", FullPowersFoundInOrder(produced=closing.produced_at(lower)))
    upper.sync()
    upper.act("plenary", FullPowersFoundInOrder(produced=closing.produced_at(upper)))
    house.settle()


def signed(house: House) -> None:
    """Bring the text to signature by both heads."""
    adopted(house)
    in_order(house)
    together(house, lambda desk: closing.signed(text(desk)))


def closed(house: House) -> None:
    """Close the talks."""
    signed(house)
    together(house, lambda desk: ClosingRecordSigned(record=closing.closing_record(desk)))
