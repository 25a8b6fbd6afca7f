"""The order of a text: adding, moving, relabelling and taking out provisions.

This module decides how a form becomes a change of order. Each is a joint act: it has effect when every delegation has
accepted the same, and takes two steps.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from starlette.datastructures import FormData
from starlette.responses import Response

from good_offices.chancery.screens.text import back, each_room, sheet_of, which
from good_offices.chancery.screens.text_steps import KINDS
from good_offices.chancery.text.sheet import Sheet
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import drafting, names
from good_offices.clerk.provisions import HEADINGS
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.text.model import Kind, Unit


class Change(NamedTuple):
    """A change of order: its event, what it does in sentences, and the words that come with it."""

    event: Any
    lines: list[str]
    words: list[dict[str, str]]


def change(visit: Visit) -> Response:
    """Show a change of order, then propose it."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    page = sheet_of(visit, text, every=True)
    ways = {"add": _add, "move": _move, "label": _label, "remove": _remove}
    if visit.field("way") not in ways:
        raise LocalError("page-unknown")
    made = ways[visit.field("way")](visit, page, unit)
    asked = visit.preview(
        title=_("Change the order of the text"),
        binds=_("It has effect when every delegation has accepted the same."),
        lines=made.lines,
        changes=made.words,
        verb=_("Propose"),
        readers=visit.readers(visit.room),
        back=f"{visit.texts}/{text.instrument.id}/unit/{unit.id}",
        of=made.event,
    )
    return asked or visit.act(visit.room, made.event, back(visit, text, unit.id))


def _add(visit: Visit, page: Sheet, unit: Unit) -> Change:
    """Return the addition of a provision after one."""
    words = {one: visit.field(f"words.{one}") for one in page.languages if visit.field(f"words.{one}")}
    if not words:
        raise LocalError("proposal-empty", unit=_("the new provision"))
    kind: Kind = next((one for one in KINDS if one == visit.field("kind")), "paragraph")
    parent = unit.id if unit.kind in HEADINGS and kind not in HEADINGS else unit.parent
    label = visit.field("label")
    # The id is drawn in the first step and carried: the second proposes what the first has shown.
    name = visit.field("name") or None
    new = drafting.provision(visit.desk, words, kind=kind, label=label, parent=parent, name=name)
    visit.form = FormData([*visit.form.multi_items(), ("name", new.id)])
    told = [{"label": label, "language": one, "now": "", "then": given} for one, given in words.items()]
    line = _("A new provision after: {which}").format(which=page.called[unit.id].whole)
    return Change(drafting.addition(page.text, new, unit.id), [line], told)


def _move(visit: Visit, page: Sheet, unit: Unit) -> Change:
    """Return the move of a provision to after another, or to the beginning."""
    after = names.unit(page.text, visit.field("after")) if visit.field("after") else None
    event = drafting.move(
        page.text, unit.id, parent=_under(after) if after else "", after=after.id if after else ""
    )
    where = page.called[after.id].whole if after else _("the beginning")
    line = _("{which} moves to after: {where}").format(which=page.called[unit.id].whole, where=where)
    return Change(event, [line], [])


def _label(visit: Visit, page: Sheet, unit: Unit) -> Change:
    """Return another label for a provision."""
    label = visit.field("label")
    line = _("{which} is printed as: {label}").format(which=page.called[unit.id].whole, label=label)
    return Change(drafting.labels(page.text, {unit.id: label}), [line], [])


def _remove(_visit: Visit, page: Sheet, unit: Unit) -> Change:
    """Return the taking out of a provision."""
    line = _("Taken out of the text: {which}").format(which=page.called[unit.id].whole)
    return Change(drafting.removal(page.text, [unit.id]), [line], [])


def _under(after: Unit) -> str:
    """Return under what a provision stands that is put after another: under it, if that is a heading."""
    return after.id if after.kind in HEADINGS else after.parent


def _to_unit(visit: Visit) -> Response:
    """Return to the provision: the address of the form was opened as a page."""
    return visit.go(f"{visit.texts}/{visit.path['text']}/unit/{visit.path['unit']}")


ROUTES: Final = (
    *each_room(get, "/text/{text}/order/{unit}", _to_unit),
    *each_room(post, "/text/{text}/order/{unit}", change),
)
