"""The verbs of marks: mark, seal, answer, figures.

This module decides what is said and asked before marks are sealed. Marks are private to this desk until then, and afterwards go to
the desk that answers, by the delegation's own means.

1. Before sealing everybody reads what each side will learn; without `--yes` the question is asked on a terminal.
2. A marks file is written whole or not at all, so that a duty desk never takes up half of one.
"""

from __future__ import annotations

import secrets
import sys
import time
from pathlib import Path
from typing import Final

import click

from good_offices.clerk import offers, sounding_lists, sounding_words, soundings
from good_offices.cli.computing import computing
from good_offices.cli.files import read_words, write_new
from good_offices.cli.voice import note
from good_offices.cli.work import Work, verb
from good_offices.desk.soundings import figures as openings
from good_offices.desk.soundings import marks
from good_offices.desk.soundings.answering import Answering
from good_offices.desk.soundings.duty import INBOX, SUFFIX
from good_offices.errors import LocalError, OperationalError
from good_offices.locale import N_, _
from good_offices.soundings.course import Choice
from good_offices.talks.soundings import Sounding

_PATH = click.Path(path_type=Path)
_LONG: Final = 16 * 1024 * 1024


@click.command(
    help=N_(
        "Mark what you could accept; nothing leaves this desk. Marks can be changed until they are fixed."
    )
)
@click.argument("which")
@click.option("--yes", "yes", multiple=True, help=N_("Options that you could accept, as 1,3-5; repeat."))
@click.option("--no", "no", multiple=True, help=N_("Options that you could not accept; repeat."))
@click.option("--none", "refuse", is_flag=True, help=N_("Refuse everything; what was marked before is gone."))
@click.option("--file", type=_PATH, help=N_("A file that `sounding file` wrote, marked by hand."))
@click.option("--scores", type=_PATH, help=N_("A file with one score a line, in the order of the options."))
@click.option("--reserve", type=float, help=N_("With --scores: mark what reaches this score."))
@click.option("--low", type=int, help=N_("For a range: its lower end; else the scale's."))
@click.option("--high", type=int, help=N_("For a range: its upper end; else the scale's."))
@verb
def mark(  # one option for each way of marking
    work: Work,
    which: str,
    yes: tuple[str, ...],
    no: tuple[str, ...],
    file: Path | None,
    scores: Path | None,
    reserve: float | None,
    low: int | None,
    high: int | None,
    *,
    refuse: bool,
) -> None:
    """Mark options."""
    found = soundings.named(work.desk, which)
    _check_open(work, found)
    if found.kind == "range":
        wanted = _range(work, found, low, high, refuse=refuse)
    else:
        wanted = _marks(work, found, yes, no, file, scores, reserve, refuse=refuse)
    marks.keep(work.desk, found, wanted, sealed=False)
    name = soundings.short_name(work.desk, found)
    lines = [
        _("Kept at this desk. `goodoffices sounding show {name}` shows them; nothing was sent.").format(
            name=name
        ),
        _("Until they are sealed they answer nothing: `goodoffices sounding seal {name}`.").format(name=name),
    ]
    work.show({"sounding": found.id.hex(), "name": name, "marks": marks.standing(work.desk, found)}, lines)


@click.command(
    "accept",
    help=N_(
        "Mark the list of the host’s offer: accept it wholly, these parts, or nothing; nothing leaves this desk."
    ),
)
@click.argument("which")
@click.option("--wholly", is_flag=True, help=N_("Accept the offer with all its conditions."))
@click.option(
    "--part", "some", multiple=True, help=N_("Accept the offer with this condition; may be repeated.")
)
@click.option("--nothing", is_flag=True, help=N_("Accept nothing; what was marked before is gone."))
@verb
def accept_offer(work: Work, which: str, some: tuple[str, ...], *, wholly: bool, nothing: bool) -> None:
    """Mark the list of an offer."""
    found = soundings.named(work.desk, which)
    if sum((wholly, bool(some), nothing)) != 1:
        raise click.UsageError(_("say --wholly, or --part once or more, or --nothing"))
    wanted = offers.marked(work.desk, found, wholly=wholly, some=some)
    _check_open(work, found)
    marks.keep(work.desk, found, wanted, sealed=False)
    name = soundings.short_name(work.desk, found)
    every = offers.parts(work.desk, found)
    lines = [
        _("Marked: to accept the offer.") if wanted[0] else _("Marked: to accept nothing."),
        *(f"  [{'x' if one['yes'] else ' '}] {one['words']}" for one in every),
        _("Until they are sealed these marks answer nothing: `goodoffices sounding seal {name}`.").format(
            name=name
        ),
        _(
            "Nobody learns of them but where all delegations mark the same. Take them back by marking again before the next time."
        ),
    ]
    told = {"sounding": found.id.hex(), "name": name, "accepts": wanted[0], "parts": every}
    work.show(told, lines)


@click.command(
    help=N_(
        "Seal your marks for the desk that answers: your duty desk, by a file; without one this desk itself."
    )
)
@click.argument("which")
@click.option(
    "--to", type=_PATH, help=N_("Write the marks file for the duty desk here, to be carried there.")
)
@click.option("--duty", type=_PATH, help=N_("The duty desk's folder, if it is within reach of this machine."))
@click.option("--yes", is_flag=True, help=N_("Say that you know what each side will learn."))
@verb
def seal(work: Work, which: str, to: Path | None, duty: Path | None, *, yes: bool) -> None:
    """Seal marks."""
    desk, found = work.desk, soundings.named(work.desk, which)
    on_duty = desk.talks.roster.duty_desk(desk.identity.place.delegation, desk.common.ledger.size) is not None
    if on_duty == (to is None and duty is None) or (to and duty):
        words = (
            _("give --to FILE or --duty FOLDER: your duty desk answers")
            if on_duty
            else _("your delegation has no duty desk: this desk answers, and no file is written")
        )
        raise click.UsageError(words)
    file = _fresh(to, duty, found) if on_duty else None
    _ask(sounding_words.learns(desk, found), yes=yes, in_shell=work.session.in_shell)
    content = marks.let_go(desk, found, _now())
    if content is not None and file is not None:
        _write(file, content)
        lines = [
            _("The sealed marks are in {file}.").format(file=file),
            _(
                "They count once they lie in the folder `inbox` of your duty desk, before the marks are fixed."
            ),
        ]
    else:
        lines = [
            _("Sealed. This desk answers at each `goodoffices desk sync` from when the marks are fixed."),
            _("Keep `goodoffices desk sync --follow` running until the sounding has ended."),
        ]
    answer = {
        "sounding": found.id.hex(),
        "marks": marks.standing(desk, found),
        "file": str(file) if file else None,
    }
    work.show(answer, lines)


@click.command(
    help=N_("Answer what is due, at a desk without duty desk; `goodoffices desk sync` does the same.")
)
@verb
def answer(work: Work) -> None:
    """Answer what is due."""
    work.desk.sync()
    count = answer_due(work)
    work.show(
        {"answered": count}, [_("Soundings in which this desk has answered now: {count}").format(count=count)]
    )


@click.command(
    help=N_(
        "Open the figures of a range with the other side, both or none; without --open show how it stands."
    )
)
@click.argument("which")
@click.option("--open", "ends", type=(int, int), help=N_("The lower and the upper end that you give."))
@click.option("--yes", is_flag=True, help=N_("Say that you know what each side will learn."))
@verb
def figures(work: Work, which: str, ends: tuple[int, int] | None, *, yes: bool) -> None:
    """Open figures, or show how it stands."""
    found = soundings.named(work.desk, which)
    if ends is not None:
        scale = work.desk.talks.sounding.listed(found).scale
        if scale is None:
            raise LocalError("sounding-figures", why="it is not a range")
        low, high = (sounding_lists.tick(scale, one) for one in ends)
        _ask(sounding_words.figures_warning(), yes=yes, in_shell=work.session.in_shell)
        openings.open_figures(work.desk, found, low, high)
    told = soundings.figures(work.desk, found)
    lines = [told["words"]]
    for one in told["ranges"]:
        if one["low"] is None:
            lines.append("  " + _("{delegation}: what it gave is no range of this sounding").format(**one))
        else:
            lines.append("  " + _("{delegation}: {low} to {high} {unit}").format(**one))
    work.show(told, lines)


def answer_due(work: Work) -> int:
    """Return in how many soundings this desk has answered now; by courier none."""
    if work.desk.by_courier:
        return 0
    with computing(_longest(work)) as each:
        answering = Answering(work.desk, each=each)
        count = len(answering.beat())
    for one, refused in answering.refused:
        name = soundings.short_name(work.desk, one)
        note(_("note: {name} could not be answered now: {why}").format(name=name, why=refused))
    return count


def _longest(work: Work) -> int:
    """Return the size of the longest list that is under way."""
    now = _now()
    return max(
        (one.size for one in work.desk.talks.sounding.every() if one.closes <= now < one.until), default=0
    )


def _check_open(work: Work, found: Sounding) -> None:
    """Pass if marks can still be changed to some purpose."""
    if found.standing(_now()) != "running":
        raise LocalError("sounding-over")
    desk = work.desk
    on_duty = desk.talks.roster.duty_desk(desk.identity.place.delegation, desk.common.ledger.size) is not None
    if on_duty and _now() >= found.closes:
        raise LocalError("sounding-fixed")


def _marks(  # one argument for each way of marking
    work: Work,
    found: Sounding,
    yes: tuple[str, ...],
    no: tuple[str, ...],
    file: Path | None,
    scores: Path | None,
    reserve: float | None,
    *,
    refuse: bool,
) -> tuple[bool, ...]:
    """Return the marks of a list, over those that are kept."""
    ways = [bool(yes or no), file is not None, scores is not None, refuse]
    if sum(ways) != 1 or (scores is None) != (reserve is None):
        raise click.UsageError(_("mark by --yes and --no, by --file, by --scores with --reserve, or --none"))
    if refuse:
        return (False,) * found.size
    if file is not None:
        return sounding_lists.marked(read_words(file, limit=_LONG), found.size)
    if scores is not None and reserve is not None:
        return sounding_lists.scored(read_words(scores, limit=_LONG), reserve, found.size)
    before = soundings.sheet(work.desk, found)["options"]
    new = [bool(one["yes"]) for one in before]
    for words, value in ((yes, True), (no, False)):
        for number in (each for word in words for each in sounding_lists.numbers(word, found.size)):
            new[number - 1] = value
    return tuple(new)


def _range(work: Work, found: Sounding, low: int | None, high: int | None, *, refuse: bool) -> Choice:
    """Return the ticks of a range; an end that is not given is the scale's."""
    if refuse == (low is not None or high is not None):
        raise click.UsageError(_("give --low, --high or both, or --none"))
    if refuse:
        return None
    scale = work.desk.talks.sounding.listed(found).scale
    assert scale is not None  # a range has one
    return (
        sounding_lists.tick(scale, scale.least if low is None else low),
        sounding_lists.tick(scale, scale.most if high is None else high),
    )


def _ask(sentences: list[str], *, yes: bool, in_shell: bool) -> None:
    """Say what each side learns, and pass if it was said that this is known (rule 1)."""
    for one in sentences:
        note(one)
    if yes:
        return
    if in_shell or not sys.stdin.isatty():
        raise LocalError("sounding-unsaid")
    click.confirm(_("Seal?"), abort=True, err=True)


def _fresh(to: Path | None, duty: Path | None, found: Sounding) -> Path:
    """Return where the marks file is written; nothing is there yet."""
    if to is not None:
        if to.exists():
            raise LocalError("file-exists", path=to)
        return to
    assert duty is not None  # one of both was given
    if not (duty / "keyring").is_file():
        raise LocalError("no-desk-here", folder=duty)
    return duty / INBOX / f"{found.id.hex()[:16]}-{secrets.token_hex(4)}{SUFFIX}"


def _write(file: Path, content: bytes) -> None:
    """Write a marks file under another name first (rule 2)."""
    draft = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        write_new(draft, content, secret=True)
        draft.replace(file)
    except OSError as failed:
        raise OperationalError("file-unwritable", path=file, why=failed.strerror) from None


def _now() -> int:
    """Return the time of this machine in milliseconds."""
    return int(time.time() * 1000)


MARKING: Final = (mark, accept_offer, seal, answer, figures)
