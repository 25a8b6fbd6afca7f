"""The river case: two riparian states, four members, English and Russian, from the offer to a deposited agreement.

This module tells what happens in which order. It is fiction: no country, no person and no river in it exists.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from good_offices.cli.demo import closing
from good_offices.cli.demo.host import Host, sight
from good_offices.cli.demo.opening import Cast, Member, Side, Table
from good_offices.cli.demo.stage import RefusedError
from good_offices.errors import OperationalError
from good_offices.locale import _

_CASES: Final = Path(__file__).parent / "cases"
_FLOW: Final = "u6"
_DATA: Final = "u8"
_FLOW_NEW: Final = {
    "en": "From 1 April to 30 September the Upper Party shall release at the Kessel gauge not less than 210 cubic "
    "metres per second, averaged over ten days[, except in a year declared dry by the Commission].",
    "ru": "С 1 апреля по 30 сентября Верхняя Сторона обеспечивает у водомерного поста Кессель расход не менее 210 "
    "кубических метров в секунду в среднем за десять суток[, за исключением года, объявленного Комиссией маловодным].",
}
_FLOW_STALE: Final = {
    "en": "From 15 April to 30 September the Upper Party shall release at the Kessel gauge not less than 200 cubic "
    "metres per second.",
    "ru": "С 15 апреля по 30 сентября Верхняя Сторона обеспечивает у водомерного поста Кессель расход не менее 200 "
    "кубических метров в секунду.",
}
_COMMISSION: Final = "u10"
_COMMISSION_NEW: Final = {
    "en": "The Parties establish a Joint Commission of six members, three from each Party. It decides by consensus.",
    "ru": "Стороны учреждают Совместную комиссию из шести членов, по три от каждой Стороны. Она принимает решения "
    "консенсусом.",
}
_MEETING: Final = {"en": "Days for a meeting of ministers", "ru": "Дни встречи министров"}
# Time to look around before the marks are fixed; who seals later is answered at once.
_OPEN: Final = timedelta(minutes=3)
# The host waits ten times as long for both deposits, and each desk looks every five seconds: a second would be too short.
_PACE: Final = "5s"


def cast(canary: str = "") -> Cast:
    """Return who plays; a canary word stands in every name, capacity and title if one is given."""
    mark = f" {canary}" if canary else ""
    return Cast(
        venue="River House",
        upper=Side(
            "Upper Basin" + mark,
            Member("upper-head", "Aliya Sarsen" + mark, "Head of delegation" + mark),
            Member("upper-drafter", "Timur Bek" + mark, "Legal adviser" + mark),
        ),
        lower=Side(
            "Lower Basin" + mark,
            Member("lower-head", "Mira Solanova" + mark, "Head of delegation" + mark),
            Member("lower-drafter", "Petr Ilin" + mark, "Drafter" + mark),
        ),
        languages=("en", "ru"),
        agenda=("Minimum flow in summer" + mark, "Exchange of data"),
    )


def play(table: Table, canary: str = "") -> None:
    """Tell the case from the first word to the last act."""
    _speak(table, canary)
    _lay_on_the_table(table, canary)
    _negotiate(table)
    _power_cut(table)
    _tampering(table)
    _settle(table)
    _reopen(table)
    closing.adopt_and_sign(table)


def half_way(table: Table) -> None:
    """Tell the case up to where both sides have something to decide, and leave it there."""
    _speak(table, "")
    _lay_on_the_table(table, "")
    story, cast_ = table.story, table.cast
    story.part(_("Both sides have moved, and both have something to answer"))
    answer = table.lower_drafter.do("text", "propose", _FLOW, *_in(_FLOW_NEW), "--id", "P-1")
    story.tell(
        cast_.lower.name, _("proposes 210 in place of [180] [240], averaged over ten days (P-1)"), answer
    )
    table.sync()
    answer = table.upper_drafter.do(
        "text",
        "propose",
        _COMMISSION,
        *_in(_COMMISSION_NEW),
        "--id",
        "P-2",
        "--condition",
        _("P-1 is settled first"),
    )
    story.tell(cast_.upper.name, _("proposes six members instead of four (P-2)"), answer)
    answer = table.upper.do(
        "note",
        "pass",
        "--urgent",
        "--subject",
        "Gauges",
        "The Kessel gauge has sent no readings since yesterday.",
    )
    story.tell(cast_.upper.name, _("passes an urgent note"), answer)
    _sound(table)
    table.sync()


def _sound(table: Table) -> None:
    """Open a sounding of five days, for the person who watches to mark on both sides."""
    now = datetime.now(UTC).replace(microsecond=0)
    first = (now + timedelta(days=28 + 7 - now.weekday())).date()
    last = first + timedelta(days=4)
    answer = table.lower.do(
        "sounding",
        "open",
        "--about",
        "date",
        *(word for language, subject in _MEETING.items() for word in ("--subject", f"{language}={subject}")),
        "--days",
        f"{first}..{last}",
        "--closes",
        (now + _OPEN).isoformat(),
        "--until",
        (now + timedelta(days=1)).isoformat(),
        "--pace",
        _PACE,
    )
    said = _("sounding opened: {subject}").format(subject=_MEETING["en"])
    table.story.tell(table.cast.lower.name, said, answer)


def _speak(table: Table, canary: str) -> None:
    """Let both sides speak, one of them at home."""
    story, cast_ = table.story, table.cast
    answer = table.lower.do(
        "statement", "make", f"We came to agree on the water, not on the past. {canary}".strip()
    )
    story.tell(cast_.lower.name, _("“We came to agree on the water, not on the past.”"), answer)
    answer = table.upper.do("statement", "make", "--room", "caucus", f"Our floor is 185. {canary}".strip())
    story.tell(
        cast_.upper.name,
        _("in its caucus, in a register that the other side is never served: “Our floor is 185.”"),
        answer,
    )


def _lay_on_the_table(table: Table, canary: str) -> None:
    """Table the bracketed draft in both languages and show what the host has of it."""
    story, cast_ = table.story, table.cast
    story.part(
        _("A text with brackets, in two equally authentic languages; beside it, all that the host has of it")
    )
    files = {}
    for language in cast_.languages:
        draft = (_CASES / f"river.{language}.md").read_text(encoding="utf-8")
        files[language] = table.stage.folder / f"draft.{language}.md"
        files[language].write_text(draft + (f"\n{canary}\n" if canary else ""), encoding="utf-8")
    mark = f" {canary}" if canary else ""
    answer = table.lower_drafter.do(
        "text",
        "table",
        str(files["en"]),
        "--language",
        "en",
        "--with",
        "ru",
        str(files["ru"]),
        "--id",
        "river",
        "--title",
        "en",
        "Agreement on the waters of the Arna River" + mark,
        "--title",
        "ru",
        "Соглашение о водах реки Арна" + mark,
    )
    for file in files.values():
        file.unlink()
    story.tell(cast_.lower.name, _("{who} tables the draft").format(who=cast_.lower.drafter.name), answer)
    table.sync()
    article = (_CASES / "river.en.md").read_text(encoding="utf-8").split("## 2. ")[1].split("##")[0]
    shown = " ".join(article.split("\n\n")[1].split())
    host = Host(table.stage.venue)
    story.beside(
        (_("What the delegations read"), shown), (_("What the host has"), sight(host.last(table.common)))
    )


def _negotiate(table: Table) -> None:
    """Propose, counter-propose on a base that has moved, accept."""
    story, cast_ = table.story, table.cast
    story.part(_("No word changes without an act signed by its author and accepted by the other side"))
    answer = table.lower_drafter.do("text", "propose", _FLOW, *_in(_FLOW_NEW), "--id", "P-1")
    story.tell(
        cast_.lower.name, _("proposes 210 in place of [180] [240], averaged over ten days (P-1)"), answer
    )
    table.sync()
    answer = table.upper_drafter.do("text", "accept", "P-1")
    story.tell(cast_.upper.name, _("accepts P-1: the text changes in both languages at once"), answer)
    # The lower head's desk has not synced: its counter-proposal stands on words that are no longer there.
    try:
        table.lower.do("text", "propose", _FLOW, *_in(_FLOW_STALE), "--id", "P-2")
    except RefusedError as refused:
        story.tell(
            cast_.lower.name,
            _("{who} proposes on words that have moved. Void at every desk: {why}").format(
                who=cast_.lower.head.name, why=refused.message
            ),
        )
    table.sync()
    (now,) = table.upper.do("text", "show", _FLOW)["units"]
    story.quote(_("the words as they stand now:"), now["texts"]["en"])
    story.quote(
        _("the words that were proposed on the old ones, to be made again on these or dropped:"),
        _FLOW_STALE["en"],
    )
    table.sync()


def _power_cut(table: Table) -> None:
    """Kill a desk while it sends, start it again, and find nothing lost and nothing doubled."""
    story, cast_ = table.story, table.cast
    story.part(_("A desk loses power while it sends"))
    table.upper_drafter.tell("statement", "make", "The readings of the gauges can be sent every day.")
    time.sleep(0.05)
    table.upper_drafter.kill()
    story.tell(
        cast_.upper.name,
        _("the desk of {who} ends in the middle of a word").format(who=cast_.upper.drafter.name),
    )
    table.upper_drafter.start()
    table.upper_drafter.do("desk", "sync")
    table.lower.do("desk", "sync")
    said = [one for one in _statements(table) if "every day" in one]
    if not said:
        answer = table.upper_drafter.do(
            "statement", "make", "The readings of the gauges can be sent every day."
        )
        story.tell(cast_.upper.name, _("the statement had not been given yet; it is made again"), answer)
        table.lower.do("desk", "sync")
        said = [one for one in _statements(table) if "every day" in one]
    if len(said) != 1:
        raise OperationalError("demo-desk-ended", folder=table.upper_drafter.folder)
    story.tell(cast_.lower.name, _("reads the statement, once: nothing was lost, nothing doubled"))


def _statements(table: Table) -> list[str]:
    """Return what the lower head's desk has on record as said."""
    record = table.lower.do("record", "show", "--room", "plenary")
    return [str(one["words"]) for one in record["entries"] if one["event"] == "StatementMade"]


def _tampering(table: Table) -> None:
    """Let the host alter a sealed act on its disk, and see it caught."""
    story, cast_ = table.story, table.cast
    story.part(_("The host alters a sealed act on its own disk"))
    answer = table.upper.do(
        "note", "pass", "--subject", "Gauges", "The Kessel gauge was calibrated in March."
    )
    story.tell(cast_.upper.name, _("passes a note verbale and holds the host's receipt for it"), answer)
    host = Host(table.stage.venue)
    row = host.last(table.common)
    altered = bytearray(row.body)
    altered[-20] ^= 1
    host.alter(row, bytes(altered))
    story.tell(
        _("Host"),
        _("changes one bit of entry {index} before the other side has fetched it").format(
            index=answer["index"]
        ),
    )
    try:
        table.lower.do("desk", "sync")
    except RefusedError as refused:
        story.tell(cast_.lower.name, _("caught: {why}").format(why=refused.message))
    else:
        raise OperationalError("demo-desk-ended", folder=table.lower.folder)
    host.alter(row, row.body)
    table.sync()
    story.tell(
        cast_.lower.name, _("took nothing of it; once the host serves what it signed for, the talks go on")
    )


def _settle(table: Table) -> None:
    """Settle the remaining brackets by joint acts."""
    story, cast_ = table.story, table.cast
    story.part(_("The last brackets go"))
    open_slots = [slot["slot"] for unit in table.upper.do("text", "show")["units"] for slot in unit["slots"]]
    choices = [f"{slot}=1" for slot in dict.fromkeys(open_slots)]
    answer = table.upper.do("text", "settle", *choices)
    story.tell(
        cast_.upper.name,
        _("offers to settle {count} brackets, the first variant of each").format(count=len(choices)),
        answer,
    )
    table.lower.do("desk", "sync")
    answer = table.lower.do("act", "accept", str(answer["index"]))
    story.tell(cast_.lower.name, _("accepts: the text has no brackets left"), answer)
    table.sync()
    for verb, told in (
        (("text", "certify", "--all"), _("certify that both languages say the same")),
        (("text", "agree", "--all"), _("agree every provision at their level")),
        (("text", "lock", "--all"), _("lock every provision in both languages")),
    ):
        closing.together(table, verb, told)


def _reopen(table: Table) -> None:
    """Reopen a locked provision, change it, and lock it again."""
    story, cast_ = table.story, table.cast
    story.part(_("A locked provision is opened by everyone who locked it, and by nobody else"))
    answer = table.lower.do("text", "reopen", _COMMISSION)
    story.tell(cast_.lower.name, _("asks to reopen article 4"), answer)
    table.upper.do("desk", "sync")
    answer = table.upper.do("act", "accept", str(answer["index"]))
    story.tell(cast_.upper.name, _("consents: article 4 is open again"), answer)
    table.sync()
    answer = table.lower.do("text", "propose", _COMMISSION, *_in(_COMMISSION_NEW), "--id", "P-3")
    story.tell(cast_.lower.name, _("proposes six members instead of four (P-3)"), answer)
    table.sync()
    answer = table.upper.do("text", "accept", "P-3")
    story.tell(cast_.upper.name, _("accepts P-3"), answer)
    table.sync()
    for verb in (("text", "certify", "--all"), ("text", "agree", "--all"), ("text", "lock", "--all")):
        closing.together(table, verb, "")
    story.tell(_("Both"), _("certify, agree and lock it again"))


def _in(texts: dict[str, str]) -> list[str]:
    """Return words in each language as the verbs take them."""
    return [word for language, words in texts.items() for word in ("--in", language, words)]
