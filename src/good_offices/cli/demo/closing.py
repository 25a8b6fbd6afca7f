"""How every demonstrated talks ends: adoption, full powers, signatures, deposit, closing record, and the verdict.

This module tells the part of the story that is the same whatever the text.
"""

from __future__ import annotations

import json
from pathlib import Path

from good_offices.cli.demo.opening import Table
from good_offices.errors import OperationalError
from good_offices.locale import _


def together(table: Table, verb: tuple[str, ...], told: str) -> None:
    """Let both heads do the same joint act."""
    first = table.upper.do(*verb)
    table.lower.do("desk", "sync")
    second = table.lower.do("act", "accept", str(first["index"]))
    table.sync()
    if told:
        table.story.tell(_("Both"), told, second)


def adopt_and_sign(table: Table) -> None:
    """Adopt, initial, sign, deposit and close."""
    story, cast = table.story, table.cast
    story.part(_("Adoption, initials, full powers, signatures"))
    together(table, ("text", "adopt"), _("adopt the text"))
    for side, seat in ((cast.upper, table.upper), (cast.lower, table.lower)):
        seat.do("desk", "sync")
        story.tell(
            side.name, _("{who} initials it").format(who=side.head.name), seat.do("outcome", "initial")
        )
    table.sync()
    answer = table.lower_drafter.do("outcome", "sign", "--without-powers")
    story.tell(
        cast.lower.name,
        _("{who} signs without the power to sign").format(who=cast.lower.drafter.name),
        answer,
    )
    table.sync()
    for side, seat, other, examiner in (
        (cast.upper, table.upper, cast.lower, table.lower),
        (cast.lower, table.lower, cast.upper, table.upper),
    ):
        story.tell(
            side.name,
            _("produces the full powers of {who}").format(who=side.head.name),
            seat.do("outcome", "powers", "produce", "--ex-officio"),
        )
        examiner.do("desk", "sync")
        story.tell(
            other.name,
            _("has examined them and finds them in order"),
            examiner.do("outcome", "powers", "find"),
        )
        table.sync()
    for side, seat in ((cast.upper, table.upper), (cast.lower, table.lower)):
        story.tell(side.name, _("{who} signs").format(who=side.head.name), seat.do("outcome", "sign"))
        table.sync()


def close_and_export(table: Table) -> Path:
    """Deposit, sign the closing record, and write the bundle; returns its path."""
    story, cast = table.story, table.cast
    story.part(_("Deposit; one closing record, signed by both; one file that proves it all"))
    story.tell(
        cast.lower.name,
        _("as depositary, has received the instrument"),
        table.lower.do("outcome", "deposit", "--place", "River House"),
    )
    table.sync()
    story.tell(
        cast.upper.name,
        _("accepts that it is the depositary"),
        table.upper.do("outcome", "deposit"),
    )
    table.sync()
    story.tell(cast.upper.name, _("signs the closing record"), table.upper.do("outcome", "close"))
    table.lower.do("desk", "sync")
    story.tell(cast.lower.name, _("signs the same record"), table.lower.do("outcome", "close"))
    table.sync()
    table.sync()
    bundle = table.stage.folder / "outcome.goodoffices"
    answer = table.upper.do("outcome", "export", str(bundle))
    story.tell(cast.upper.name, _("writes the outcome: {size} bytes").format(size=f"{answer['bytes']:,}"))
    return bundle


def verdict(table: Table, bundle: Path) -> None:
    """Let a fresh process, which knows nothing of the talks, verify the file with the roots that were compared.

    Raises:
        OperationalError: `demo-not-verified`.
    """
    story = table.story
    story.part(_("A stranger verifies the file, offline, in a fresh process"))
    roots = [word for root in table.roots for word in ("--root", root)]
    status, printed = table.stage.run_status("verify", str(bundle), "--json", *roots)
    found = json.loads(printed) if printed else {}
    if status or not found.get("valid") or found.get("trust") != "established":
        raise OperationalError("demo-not-verified", path=bundle)
    for one in found["signatories"]:
        story.tell(_("signed by"), f"{one['name']}, {one['capacity']} ({one['delegation']})")
    story.tell(_("languages"), ", ".join(found["text"]))
    for title, sentences in ((_("proves"), found["proves"]), (_("does not prove"), found["does_not_prove"])):
        for number, sentence in enumerate(sentences):
            story.tell("" if number else title, sentence)
    story.line()
    story.line(_("verdict: valid, trust established"))
    story.line(str(bundle))
    story.line(
        _("check it yourself: goodoffices verify {path} {roots}").format(path=bundle, roots=" ".join(roots))
    )
