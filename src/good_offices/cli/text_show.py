"""`goodoffices text show`: the text on the table, as it stands.

This module decides how a text is printed. What is told of it stands in `clerk.text_view`.
"""

from __future__ import annotations

from typing import Any

import click

from good_offices.clerk import names
from good_offices.clerk.text_view import state_of
from good_offices.cli.where import InRoom, verb_in_room
from good_offices.locale import N_, _


@click.command("show", help=N_("Show the text: provisions, status, brackets, proposals, stances."))
@click.argument("units", nargs=-1)
@click.option("--text", "instrument", help=N_("Which text, if there are several."))
@click.option("--language", "languages", multiple=True, help=N_("A language; may be repeated; else all."))
@click.option(
    "--open", "only_open", is_flag=True, help=N_("Only provisions with brackets, blanks or proposals.")
)
@click.option("--ids", is_flag=True, help=N_("Also the id of each provision: it names one without a number."))
@verb_in_room
def show_text(  # one for each option
    work: InRoom,
    units: tuple[str, ...],
    instrument: str | None,
    languages: tuple[str, ...],
    *,
    only_open: bool,
    ids: bool,
) -> None:
    """Show the text."""
    text = work.text(instrument)
    chosen = {names.unit(text, word).id for word in units} or set(text.instrument.places)
    data = state_of(work.desk, text, chosen, languages, work.room)
    if only_open:
        data["units"] = [
            one for one in data["units"] if one["slots"] or one["placeholders"] or one["proposals"]
        ]
    work.show(data, _lines(data, ids=ids))


def _lines(data: dict[str, Any], *, ids: bool) -> list[str]:
    """Return a text for people."""
    title = "; ".join(data["titles"].values())
    lines = [
        f"{data['text']}  {title}".rstrip(),
        _("{phase}; {slots} brackets and {placeholders} blanks open; authentic: {languages}").format(
            phase=data["phase"], languages=", ".join(data["authentic"]), **data["open"]
        ),
    ]
    for unit in data["units"]:
        lines += ["", *_unit_lines(unit, ids=ids)]
    standing = data["proposals"]
    if standing:
        lines += ["", _("Proposals:")]
    lines += [
        _("  {proposal} by {by} on {units}; accepted by {names}").format(
            proposal=one["proposal"],
            by=one["by"],
            units=", ".join(one["called"]),
            names=", ".join(one["accepted"]) or "-",
        )
        for one in standing
    ]
    return lines


def _unit_lines(unit: dict[str, Any], *, ids: bool) -> list[str]:
    """Return one provision for people."""
    status = unit["status"].replace("_", " ")
    lines = [f"{unit['called']}  ({unit['id']}, {status})" if ids else f"{unit['called']}  ({status})"]
    lines += [f"  {language}  {words}" for language, words in unit["texts"].items()]
    for slot in unit["slots"]:
        offered: list[str] = next(iter(slot["words"].values()), [])
        words = " | ".join(f"{number}: {each or _('(no words)')}" for number, each in enumerate(offered, 1))
        if words and slot["variants"] == 1:
            words = _("{words}, or omit").format(words=words)
        lines.append(
            f"    {slot['slot']}  {words or _('reaches over {count} provisions').format(count=len(slot['units']))}"
        )
    for one in unit["proposals"]:
        stale = _(" (on an older text)") if one["stale"] else ""
        lines.append(_("    proposal {id} by {by}{stale}:").format(id=one["id"], by=one["by"], stale=stale))
        lines += [f"      {language}  {words}" for language, words in one["texts"].items()]
        if one["condition"]:
            lines.append(_("      if: {condition}").format(condition=one["condition"]))
    for one in unit["stances"]:
        about = _("variant {variant} of {slot}").format(**one) if one["slot"] else ""
        lines.append(
            "    " + " ".join(part for part in (one["by"], one["says"], about, one["condition"]) if part)
        )
    return lines
