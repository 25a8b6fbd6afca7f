"""The river talks half way, for tests of the interface: two delegations of two, a bracketed text, proposals on it."""

from __future__ import annotations

from pathlib import Path

from tests.support.house import House

from good_offices.clerk import drafting, names
from good_offices.cli.demo import command as demo
from good_offices.desk.desk import Desk
from good_offices.talks import events_plenary as events
from good_offices.text.importing import read_draft

CASES = Path(demo.__file__).parent / "cases"
DRAFTER = ("speak", "table", "propose", "agree")
FLOW, DATA = "u6", "u8"
FLOW_NEW = {
    "en": "From 1 April to 30 September the Upper Party shall release at the Kessel gauge not less than 210 cubic "
    "metres per second, averaged over ten days[, except in a year declared dry by the Commission].",
    "ru": "С 1 апреля по 30 сентября Верхняя Сторона обеспечивает у водомерного поста Кессель расход не менее 210 "
    "кубических метров в секунду в среднем за десять суток[, за исключением года, объявленного Комиссией маловодным].",
}
FLOW_OTHER = {
    "en": "From 15 April to 30 September the Upper Party shall release at the Kessel gauge not less than [200][240] "
    "cubic metres per second[, except in a year declared dry by the Commission].",
    "ru": "С 15 апреля по 30 сентября Верхняя Сторона обеспечивает у водомерного поста Кессель расход не менее "
    "[200][240] кубических метров в секунду[, за исключением года, объявленного Комиссией маловодным].",
}


def half_way(house: House) -> tuple[Desk, Desk]:
    """Bring a house of two delegations half way; return the desks of both heads."""
    upper, lower = house.desks[:2]
    modalities(house, upper, lower)
    upper.act("plenary", events.ItemProposed(title="Minimum flow in summer"))
    upper.act("plenary", events.ItemProposed(title="Exchange of data"))
    house.settle()
    lower.act(
        "plenary",
        events.ItemAccepted(item=bytes.fromhex(names.item(lower.talks.plenary, "Minimum flow in summer"))),
    )
    lower.act(
        "plenary",
        events.StatementMade(text="We came to agree on the water, not on the past.", language="en"),
    )
    upper.act("plenary", events.StatementMade(text="Мы готовы говорить о расходе воды летом.", language="ru"))
    upper.act("caucus", events.StatementMade(text="Our floor is 185, preferred 195.", language="en"))
    table(house, lower)
    lower.act("plenary", drafting.amendment(lower, text(lower), {FLOW: FLOW_NEW}, name="P-1"))
    house.settle()
    upper.act(
        "plenary",
        drafting.amendment(
            upper, text(upper), {FLOW: FLOW_OTHER}, name="P-2", condition="Article 4 is read with it"
        ),
    )
    upper.act(
        "plenary",
        events.NotePassed(
            text="The gauge at Kessel is out of order since yesterday.",
            language="en",
            subject="Kessel gauge",
            urgent=True,
        ),
    )
    house.settle()
    return upper, lower


def modalities(house: House, upper: Desk, lower: Desk) -> None:
    """Let both delegations accept modalities."""
    one, two = upper.identity.place.delegation, lower.identity.place.delegation
    called = {one: "Upper Basin", two: "Lower Basin"}
    agreed = events.Modalities(
        names={one: called, two: called},
        authentic=("en", "ru"),
        working=("en",),
        levels=("experts", "ministers"),
    )
    upper.act("plenary", events.ModalitiesProposed(modalities=agreed))
    house.settle()
    (content,) = [
        one.content for one in lower.talks.plenary.joint.values() if one.event == "ModalitiesProposed"
    ]
    lower.act("plenary", events.ModalitiesAccepted(modalities=content))
    house.settle()


def table(house: House, desk: Desk) -> None:
    """Put the bracketed draft on the table in both languages."""
    drafts = {
        language: read_draft((CASES / f"river.{language}.md").read_bytes(), ".md", names=names.printed(desk))
        for language in ("en", "ru")
    }
    titles = {"en": "Agreement on the waters of the Arna River", "ru": "Соглашение о водах реки Арна"}
    desk.act("plenary", drafting.tabled(drafts, "river", titles))
    house.settle()


def text(desk: Desk):
    """Return the text on the table."""
    return names.text_named(desk.talks.plenary, None)
