"""The order of a text: adding, moving, relabelling and taking out provisions.

This module decides how a form becomes a change of order. Each is a joint act: it has effect when every delegation has
accepted the same, and takes two steps.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.screens.text import sheet_of, which
from good_offices.chancery.screens.text_drafting import back
from good_offices.chancery.screens.text_steps import KINDS
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import drafting, names
from good_offices.clerk.provisions import HEADINGS
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.text.model import Kind, Unit


def change(visit: Visit) -> Response:
    """Show a change of order, then propose it."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    page = sheet_of(visit, text, every=True)
    way = visit.field("way")
    called = page.called[unit.id].whole
    changes: list[dict[str, str]] = []
    event: Any
    if way == "add":
        words = {one: visit.field(f"words.{one}") for one in page.languages if visit.field(f"words.{one}")}
        if not words:
            raise LocalError("proposal-empty", unit=_("the new provision"))
        kind: Kind = next((one for one in KINDS if one == visit.field("kind")), "paragraph")  # type: ignore[assignment] # the keys are kinds
        # The id is drawn once, in the first step, and carried: the second step proposes what the first has shown.
        name = visit.field("name") or None
        parent = unit.id if unit.kind in HEADINGS and kind not in HEADINGS else unit.parent
        new = drafting.provision(
            visit.desk, words, kind=kind, label=visit.field("label"), parent=parent, name=name
        )
        event = drafting.addition(text, new, unit.id)
        lines = [_("A new provision after: {which}").format(which=called)]
        changes = [
            {"label": visit.field("label"), "language": one, "now": "", "then": words[one]} for one in words
        ]
        visit.form = type(visit.form)([*visit.form.multi_items(), ("name", new.id)])
    elif way == "move":
        after = names.unit(text, visit.field("after")) if visit.field("after") else None
        event = drafting.move(
            text, unit.id, parent=_under(after) if after else "", after=after.id if after else ""
        )
        where = page.called[after.id].whole if after else _("the beginning")
        lines = [_("{which} moves to after: {where}").format(which=called, where=where)]
    elif way == "label":
        event = drafting.labels(text, {unit.id: visit.field("label")})
        lines = [_("{which} is printed as: {label}").format(which=called, label=visit.field("label"))]
    elif way == "remove":
        event = drafting.removal(text, [unit.id])
        lines = [_("Taken out of the text: {which}").format(which=called)]
    else:
        raise LocalError("page-unknown")
    asked = visit.preview(
        title=_("Change the order of the text"),
        binds=_("It has effect when every delegation has accepted the same."),
        lines=lines,
        changes=changes,
        verb=_("Propose"),
        back=f"/text/{text.instrument.id}/unit/{unit.id}",
    )
    return asked or visit.act("plenary", event, back(text, unit.id))


def _under(after: Unit) -> str:
    """Return under what a provision stands that is put after another: under it, if that is a heading."""
    return after.id if after.kind in HEADINGS else after.parent


def _to_unit(visit: Visit) -> Response:
    """Return to the provision: the address of the form was opened as a page."""
    return visit.go(f"/text/{visit.path['text']}/unit/{visit.path['unit']}")


ROUTES: Final = (
    get("/text/{text}/order/{unit}", _to_unit),
    post("/text/{text}/order/{unit}", change),
)
