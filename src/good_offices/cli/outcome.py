"""`goodoffices outcome`: initials, full powers, signatures, deposit, closing record, and the file of it all.

This module decides how the last acts read. A file of the outcome is verified by the desk before it is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from good_offices.clerk import closing, names
from good_offices.clerk.outcome_view import found_lines, outcome_state, powers_lines
from good_offices.cli.binding import act_on
from good_offices.cli.files import write_new
from good_offices.cli.full_powers import powers
from good_offices.cli.groups import Verbs
from good_offices.cli.outcome_after import certify, correction, paper, proces_verbal
from good_offices.cli.outcome_deposit import depositary
from good_offices.cli.session import F
from good_offices.cli.text_acts import text_option
from good_offices.cli.work import Work, verb
from good_offices.desk import outcome as outcomes
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.talks import events_outcome as events

_PATH = click.Path(path_type=Path)


@click.group(
    cls=Verbs, help=N_("The outcome: initial, sign, deposit, close, and export what anyone can verify.")
)
def outcome() -> None:
    """Group the verbs of the outcome."""


def _simple(name: str, text: str, event: Any) -> F | Any:
    """Make a verb that only names the text."""

    @outcome.command(name, help=text)
    @click.option(
        "--without-powers",
        is_flag=True,
        help=N_(
            "Let it stand in the record although you lack the power; without effect until it is confirmed."
        ),
    )
    @text_option
    @verb
    def command(work: Work, instrument: str | None, *, without_powers: bool) -> int:
        state = names.text_named(work.desk.talks.plenary, instrument)
        return act_on(work, event(state), [state.instrument], without_powers=without_powers)

    return command


initial = _simple(
    "initial", N_("Initial the adopted text, as authentic and definitive (VCLT 10)."), closing.initialled
)
sign = _simple("sign", N_("Sign, with full powers that all have found in order (VCLT 7)."), closing.signed)
ad_referendum = _simple(
    "ad-referendum",
    N_("Sign subject to confirmation by the capital (VCLT 12)."),
    closing.signed_ad_referendum,
)


@outcome.command(
    help=N_("Confirm your delegation's signature ad referendum; else the only one, or the one at this entry.")
)
@click.argument("entry", required=False)
@text_option
@verb
def confirm(work: Work, entry: str | None, instrument: str | None) -> int:
    """Confirm a signature."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    return act_on(work, closing.signature_confirmed(work.desk, text, entry), [text.instrument])


for _command in (powers, paper, proces_verbal, correction, certify, depositary):
    outcome.add_command(_command)


@outcome.command(
    help=N_(
        "Designate, with all others, the depositary that keeps the signed original (VCLT 76, 77); "
        "without options, accept what others proposed."
    )
)
@click.option("--place", default="", help=N_("Where it is kept, in words."))
@click.option(
    "--depositary",
    default="",
    help=N_("Who keeps it, a delegation or a depositary that all admitted; else your own delegation."),
)
@text_option
@verb
def deposit(work: Work, place: str, depositary: str, instrument: str | None) -> int:
    """Deposit."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    return work.act("plenary", closing.deposit(work.desk, text, place, depositary))


@outcome.command(
    help=N_("Sign the closing record: the one another delegation has signed, else one drawn up now.")
)
@click.option("--disclose", multiple=True, help=N_("An entry to show as well, such as a statement; repeat."))
@click.option("--new", is_flag=True, help=N_("Draw it up anew from the present record."))
@click.option(
    "--unsigned",
    is_flag=True,
    help=N_("Close although a text is adopted that not all have signed: the talks end without signature."),
)
@verb
def close(work: Work, disclose: tuple[str, ...], *, new: bool, unsigned: bool) -> int:
    """Sign the closing record."""
    record = closing.closing_record(work.desk, disclose, new=new, unsigned=unsigned)
    bound = closing.texts_of(work.desk, record)
    return act_on(work, events.ClosingRecordSigned(record=record), bound)


@outcome.command(help=N_("Write the outcome into one file that anyone can verify, offline, in any year."))
@click.argument("file", type=_PATH)
@verb
def export(work: Work, file: Path) -> None:
    """Export the outcome."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    data = outcomes.export(work.desk)
    write_new(file, data)
    lines = [
        _("The outcome is {file}, {size} bytes; this desk has verified it.").format(
            file=file, size=len(data)
        ),
        _(
            "Whoever has it reads what it discloses. Check it elsewhere with `goodoffices verify {file}`."
        ).format(file=file),
    ]
    work.show({"file": str(file), "bytes": len(data)}, lines)


@outcome.command(
    help=N_("Show how far each text came: what is in the way, full powers, initials, signatures, deposit.")
)
@verb
def show(work: Work) -> None:
    """Show the outcome."""
    data = outcome_state(work.desk)
    work.show(data, _lines(data))


def _lines(data: dict[str, Any]) -> list[str]:
    """Return the outcome so far for people."""
    lines = []
    for one in data["texts"]:
        lines.append(f"{one['text']}: {one['phase']}")
        words = {
            "slots": _("brackets"),
            "placeholders": _("blanks"),
            "not-locked": _("not locked"),
            "concordance": _("languages not certified"),
        }
        counts: dict[str, int] = {}
        for each in one["obstacles"]:
            counts[each["why"]] = counts.get(each["why"], 0) + 1
        lines += [
            _("  in the way: {count} provisions, {why}").format(count=count, why=words[why])
            for why, count in counts.items()
        ]
        for mark in one["marks"]:
            lines.append(
                f"  {mark['how']}: {mark['name']}, {mark['capacity']} ({mark['delegation']}), {_('entry')} {mark['index']}"
            )
        lines += [
            _("  signed on paper: {place}, {date}, by {names} (entry {index})").format(
                place=paper["place"],
                date=paper["date"],
                names=", ".join(who for _delegation, who, _capacity in paper["signatories"]),
                index=paper["index"],
            )
            for paper in one["papers"]
        ]
        if one["corrected"]:
            lines.append(
                _("  corrected; the text now has the hash {digest}; what was signed stays {signed}").format(
                    digest=one["corrected"].hex(), signed=one["digest"].hex()
                )
            )
        if one["deposited"]:
            lines.append(_("  deposited with {name}").format(name=one["depositary"]))
        lines += [
            _("  the depositary's receipt no. {number} (entry {index})").format(
                number=held["number"], index=held["index"]
            )
            for held in one["receipts"]
        ]
    for each in data["powers"]:
        lines += [*powers_lines(each), *found_lines(each)]
    if data["closed"]:
        lines.append(_("The closing record is signed by all."))
    elif data["closing_waits"]:
        lines.append(_("A closing record waits for your signature: `goodoffices outcome close`."))
    return lines or [_("There is no text on the table.")]
