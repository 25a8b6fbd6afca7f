"""A real draft on the table: whatever brackets it has are settled by turns, then it is agreed, locked and signed.

This module decides how scripted delegations treat a text that they do not understand: the first variant, then the second,
then the first again; what one offers, the other accepts. It never looks at the words.

1. A bracket with one variant is kept in the first turn and left out in the second.
2. Brackets inside a variant are settled first, so that every pair of the draft is decided on its own.
3. What cannot be settled by choosing, such as a placeholder, is struck by an amendment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from good_offices.cli.demo import closing
from good_offices.cli.demo.host import Host, sight
from good_offices.cli.demo.opening import Table
from good_offices.cli.voice import progress
from good_offices.locale import _

_AT_ONCE: Final = 40
_SHOWN: Final = 420


def play_draft(table: Table, draft: Path) -> None:
    """Tell how a draft goes from its brackets to signatures."""
    story, cast = table.story, table.cast
    found = table.stage.run("text", "import", str(draft))
    story.part(_("A real draft on the table: {name}").format(name=draft.name))
    story.tell(
        _("Reading"),
        _(
            "{units} provisions, {pairs} bracket pairs, {depth} deep; {orphans} brackets without a partner"
        ).format(
            units=found["units"], pairs=found["pairs"], depth=found["depth"], orphans=len(found["orphans"])
        ),
    )
    for one in found["orphans"]:
        story.tell(
            "", _("line {line}, column {column}: {bracket} has no partner and stays as it is").format(**one)
        )
    answer = table.lower.do(
        "text", "table", str(draft.resolve()), "--id", "draft", "--title", "en", draft.stem
    )
    story.tell(cast.lower.name, _("tables it"), answer)
    table.sync()
    _show(table)
    _settle_all(table)
    _strike_blanks(table)
    for verb, told in (
        (("text", "agree", "--all"), _("agree every provision")),
        (("text", "lock", "--all"), _("lock every provision")),
    ):
        closing.together(table, verb, told)
    closing.adopt_and_sign(table)


def _show(table: Table) -> None:
    """Show the provision with the most brackets beside what the host has."""
    units = table.upper.do("text", "show", "--open")["units"]
    if not units:
        return
    most = max(units, key=lambda unit: len(unit["slots"]))
    words = next(iter(most["texts"].values()))[:_SHOWN]
    row = Host(table.stage.venue).last(table.common)
    table.story.beside((_("What the delegations read"), words), (_("What the host has"), sight(row)))


def _settle_all(table: Table) -> None:
    """Settle every slot by turns, many in one act, the innermost first."""
    story, cast = table.story, table.cast
    turn = rounds = settled = 0
    sides = ((cast.upper, table.upper, table.lower), (cast.lower, table.lower, table.upper))
    slots = _innermost(table)
    with progress(_("settling")) as advance:
        while slots:
            side, offering, accepting = sides[rounds % 2]
            choices = []
            for slot in slots[:_AT_ONCE]:
                choices.append(_choice(slot, turn))
                turn += 1
            offering.do("desk", "sync")
            answer = offering.do("text", "settle", *choices)
            accepting.do("desk", "sync")
            accepting.do("act", "accept", str(answer["index"]))
            rounds += 1
            settled += len(choices)
            advance(len(choices))
            slots = _innermost(table) if len(slots) <= _AT_ONCE else slots[_AT_ONCE:]
            if rounds % 5 == 1:
                story.tell(
                    side.name,
                    _("offers {count} brackets by turns; the other side accepts").format(count=len(choices)),
                    answer,
                )
    table.sync()
    story.tell(
        _("Both"),
        _("have settled {settled} brackets in {rounds} joint acts").format(settled=settled, rounds=rounds),
    )


def _innermost(table: Table) -> list[dict[str, Any]]:
    """Return the slots that hold no other slot, each once."""
    table.upper.do("desk", "sync")
    slots = {}
    for unit in table.upper.do("text", "show", "--open")["units"]:
        for slot in unit["slots"]:
            slots[slot["slot"]] = slot
    around = {slot["outer"] for slot in slots.values() if slot["outer"]}
    return [slot for name, slot in slots.items() if name not in around]


def _choice(slot: dict[str, Any], turn: int) -> str:
    """Return the choice of this turn: the first variant that is a text, or the second; a lone one stays or goes."""
    texts = [number for number, role in enumerate(slot["roles"], 1) if not role]
    second = turn % 2 == 1
    if not texts or (second and len(texts) == 1):
        return f"{slot['slot']}=omit"
    return f"{slot['slot']}={texts[second]}"


def _strike_blanks(table: Table) -> None:
    """Replace what is still a blank by amendment, provision by provision."""
    story, cast = table.story, table.cast
    blank = [unit for unit in table.upper.do("text", "show", "--open")["units"] if unit["placeholders"]]
    for number, unit in enumerate(blank):
        words = [word for language in unit["texts"] for word in ("--in", language, _("(left blank)"))]
        table.upper.do("text", "propose", unit["id"], *words, "--id", f"B-{number}")
        table.lower.do("desk", "sync")
        table.lower.do("text", "accept", f"B-{number}")
        table.upper.do("desk", "sync")
    if blank:
        story.tell(
            cast.upper.name, _("strikes {count} blanks by amendment, accepted").format(count=len(blank))
        )
    table.sync()
