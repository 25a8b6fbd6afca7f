"""The verbs of talking: statements, notes, incidents, public statements, instructions, agenda, course.

This module decides how what is said gets from the command line into an act. It never judges what is said.

1. Words are one argument, or come from a file; nothing reads standard input, which a shell needs for itself.
2. What others are to accept is named by its title, by its number, or by the beginning of its hash.
3. Words that also stand in the caucus do not go out unless the member says `--even-so`.
"""

from __future__ import annotations

from pathlib import Path

import click

from good_offices.clerk import names, papers_view, speaking
from good_offices.clerk.talks_view import agenda_state, course_state
from good_offices.cli.files import read_words
from good_offices.cli.groups import Verbs
from good_offices.cli.session import F
from good_offices.cli.work import Work, verb
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.talks import events_plenary as events

_PATH = click.Path(path_type=Path)


def words_options(command: F) -> F:
    """Add the words themselves: an argument, or `--file`; and their language."""
    for option in (
        click.option(
            "--language", default="en", show_default=True, help=N_("The language of the words, such as en.")
        ),
        click.option("--file", type=_PATH, help=N_("Take the words from this file.")),
        click.argument("words", required=False),
    ):
        command = option(command)
    return command


def words_of(words: str | None, file: Path | None) -> str:
    """Return the words that were given, one way or the other.

    Raises:
        LocalError: `words-missing`, `words-twice`, and as `read_words`.
    """
    if words is not None and file is not None:
        raise LocalError("words-twice")
    text = read_words(file) if file is not None else words
    if not text:
        raise LocalError("words-missing")
    return text


def even_so_option(command: F) -> F:
    """Add the word that lets repeated words of the caucus go out (rule 3)."""
    return click.option(
        "--even-so", is_flag=True, help=N_("Send it although words of it stand in your caucus too.")
    )(command)


def until_option(command: F) -> F:
    """Add the time after which one's own acceptance no longer stands."""
    return click.option(
        "--until", help=N_("Your acceptance lapses after it, such as 2026-03-01T12:00 (UTC, or with +03:00).")
    )(command)


def _room_option(command: F) -> F:
    """Add the room."""
    return click.option(
        "--room",
        type=click.Choice(["plenary", "caucus"]),
        default="plenary",
        show_default=True,
        help=N_("Who hears it: plenary, all delegations; caucus, yours alone."),
    )(command)


@click.group(cls=Verbs, help=N_("Speak, for the record."))
def statement() -> None:
    """Group the verbs of statements."""


@statement.command(help=N_("Make a statement."))
@words_options
@_room_option
@click.option("--item", help=N_("The agenda item under which it is made."))
@click.option("--to", multiple=True, help=N_("An entry that it answers; may be repeated."))
@even_so_option
@verb
def make(
    work: Work,
    words: str | None,
    file: Path | None,
    language: str,
    room: str,
    item: str | None,
    to: tuple[str, ...],
    *,
    even_so: bool,
) -> int:
    """Make a statement."""
    text = words_of(words, file)
    work.check_outgoing(room, [text], even_so=even_so)
    return work.act(room, speaking.statement(work.desk, room, text, language, item=item, to=to))


@click.group(
    "note", cls=Verbs, help=N_("Notes verbales, aide-memoires, non-papers, and letters between heads.")
)
def note_() -> None:
    """Group the verbs of notes."""


@note_.command("pass", help=N_("Pass a note; an urgent one passes even while the talks are broken off."))
@words_options
@_room_option
@click.option("--subject", default="", help=N_("What it is about."))
@click.option("--urgent", is_flag=True, help=N_("It cannot wait."))
@click.option(
    "--kind",
    type=click.Choice(["note-verbale", "aide-memoire"]),
    default="note-verbale",
    show_default=True,
    help=N_("What it is called; both are signed."),
)
@click.option("--to", multiple=True, help=N_("An entry that it answers; may be repeated."))
@even_so_option
@verb
def pass_(
    work: Work,
    words: str | None,
    file: Path | None,
    language: str,
    room: str,
    subject: str,
    kind: str,
    to: tuple[str, ...],
    *,
    urgent: bool,
    even_so: bool,
) -> int:
    """Pass a note."""
    text = words_of(words, file)
    work.check_outgoing(room, [text, subject], even_so=even_so)
    made = speaking.note(work.desk, room, text, language, subject=subject, urgent=urgent, to=to, kind=kind)
    return work.act(room, made)


@click.group(cls=Verbs, help=N_("Incidents, notified to the other side."))
def incident() -> None:
    """Group the verbs of incidents."""


@incident.command(help=N_("Notify an incident; when and where are your words."))
@words_options
@click.option("--occurred", default="", help=N_("When, in your words."))
@click.option("--place", default="", help=N_("Where, in your words."))
@even_so_option
@verb
def notify(
    work: Work,
    words: str | None,
    file: Path | None,
    language: str,
    occurred: str,
    place: str,
    *,
    even_so: bool,
) -> int:
    """Notify an incident."""
    text = words_of(words, file)
    work.check_outgoing("plenary", [text, occurred, place], even_so=even_so)
    event = events.IncidentNotified(text=text, language=language, occurred=occurred, place=place)
    return work.act("plenary", event)


@click.group(cls=Verbs, help=N_("What was said in public, recorded as its speaker's claim."))
def public() -> None:
    """Group the verbs of public statements."""


@public.command(
    help=N_("Record that somebody is reported to have said these words; only their hash is recorded.")
)
@words_options
@click.option("--speaker", required=True, help=N_("Who is reported to have spoken."))
@click.option("--date", required=True, help=N_("When, as reported."))
@click.option("--medium", required=True, help=N_("Where it was said or printed."))
@click.option("--reported-by", required=True, help=N_("Who reports it."))
@verb
def record(
    work: Work,
    words: str | None,
    file: Path | None,
    language: str,
    speaker: str,
    date: str,
    medium: str,
    reported_by: str,
) -> int:
    """Record a public statement."""
    text = words_of(words, file)
    event = speaking.public_statement(
        text, language, speaker=speaker, date=date, medium=medium, reported_by=reported_by
    )
    status = work.act("plenary", event)
    # At this desk alone, beside the hash (spec/papers.md R-128); not before the act is one.
    papers_view.keep_quotation(work.desk, event, text)
    return status


@public.command(
    "list",
    help=N_("List what is on record as said in public, each as a claim, with the words this desk keeps."),
)
@verb
def list_public(work: Work) -> None:
    """List public statements."""
    found = papers_view.public_statements(work.desk)
    lines = []
    for one in found:
        lines.append(
            _(
                "entry {index}: {by} records that {speaker} is reported by {reported_by}: {medium}, {date}"
            ).format(**one)
        )
        lines.append(
            f"        {one['words']}" if one["words"] else _("        (its words are not kept at this desk)")
        )
    work.show({"statements": found}, lines or [_("Nothing is on record as said in public.")])


@click.group(cls=Verbs, help=N_("Between the delegation and its capital; only in the caucus."))
def instructions() -> None:
    """Group the verbs of instructions."""


@instructions.command(help=N_("Ask the capital for instructions."))
@words_options
@click.option("--about", multiple=True, help=N_("An entry of the common record; may be repeated."))
@verb
def ask(work: Work, words: str | None, file: Path | None, language: str, about: tuple[str, ...]) -> int:
    """Ask for instructions."""
    asked = speaking.instructions_asked(work.desk, words_of(words, file), language, about=about)
    return work.act("caucus", asked)


@instructions.command(help=N_("Give instructions, in answer to entries of the caucus or unasked."))
@words_options
@click.option("--to", multiple=True, help=N_("An entry of the caucus that asked; may be repeated."))
@verb
def give(work: Work, words: str | None, file: Path | None, language: str, to: tuple[str, ...]) -> int:
    """Give instructions."""
    given = speaking.instructions_given(work.desk, words_of(words, file), language, to=to)
    return work.act("caucus", given)


@click.group(cls=Verbs, help=N_("The agenda: items that all have accepted."))
def agenda() -> None:
    """Group the verbs of the agenda."""


@agenda.command("propose", help=N_("Propose an item; it stands when every delegation has accepted it."))
@click.argument("title")
@click.option("--note", default="", help=N_("A remark on it."))
@until_option
@verb
def propose_item(work: Work, title: str, note: str, until: str | None) -> int:
    """Propose an item."""
    return work.act("plenary", events.ItemProposed(title=title, note=note, until=names.until(until)))


@agenda.command("accept", help=N_("Accept a proposed item, by its title or number."))
@click.argument("item")
@until_option
@verb
def accept_item(work: Work, item: str, until: str | None) -> int:
    """Accept an item."""
    return work.act("plenary", speaking.item_accepted(work.desk, item, names.until(until)))


@agenda.command(
    "withdraw", help=N_("Take back your own proposed item; an agreed one goes when all have done so.")
)
@click.argument("item")
@until_option
@verb
def withdraw_item(work: Work, item: str, until: str | None) -> int:
    """Withdraw an item."""
    return work.act("plenary", speaking.item_withdrawn(work.desk, item, names.until(until)))


@agenda.command("show", help=N_("Show the agenda."))
@verb
def show_agenda(work: Work) -> None:
    """Show the agenda."""
    data = agenda_state(work.desk)
    agreed, proposed = _("agreed"), _("proposed by {by}")
    lines = [
        f"{one['item'][:8]}  {one['title']} ({agreed if one['agreed'] else proposed.format(by=one['by'])})"
        for one in data["items"]
    ]
    work.show(data, lines or [_("The agenda is empty.")])


@click.group(cls=Verbs, help=N_("The course of the talks: break off, resume, adjourn, conclude."))
def course() -> None:
    """Group the verbs of the course."""


@course.command(
    "break-off",
    help=N_(
        "Break off the talks, at once and by your word alone; it takes all to resume. Everybody keeps the record."
    ),
)
@click.argument("words", required=False, default="")
@click.option("--language", default="en", show_default=True, help=N_("The language of the words."))
@verb
def break_off(work: Work, words: str, language: str) -> int:
    """Break off."""
    return work.act("plenary", events.TalksBrokenOff(text=words, language=language if words else ""))


@course.command(help=N_("Resume where the talks stood; has effect when all have done so."))
@until_option
@verb
def resume(work: Work, until: str | None) -> int:
    """Resume."""
    return work.act("plenary", events.TalksResumed(until=names.until(until)))


@course.command(help=N_("Adjourn; has effect when all have done so in the same words."))
@click.option("--date", default="", help=N_("When the talks are to go on, in words that all use."))
@click.option("--place", default="", help=N_("Where to meet again, in words that all use."))
@click.option(
    "--resumes",
    help=N_("The time to be reminded of, such as 2030-05-01T10:00+02:00; it takes all to resume."),
)
@until_option
@verb
def adjourn(work: Work, date: str, place: str, resumes: str | None, until: str | None) -> int:
    """Adjourn."""
    event = events.TalksAdjourned(
        date=date, place=place, resumes=names.until(resumes), until=names.until(until)
    )
    return work.act("plenary", event)


@course.command(help=N_("Conclude the talks (not a treaty); has effect when all have done so."))
@until_option
@verb
def conclude(work: Work, until: str | None) -> int:
    """Conclude."""
    return work.act("plenary", events.TalksConcluded(until=names.until(until)))


@course.command("show", help=N_("Show where the talks stand."))
@verb
def show_course(work: Work) -> None:
    """Show the course."""
    data = course_state(work.desk)
    line = _("The talks are {standing}, since entry {since}").format(
        standing=data["standing"].replace("-", " "), since=data["since"]
    )
    lines = [line + (_(", by {name}").format(name=data["by"]) if data["by"] else "")]
    lines += [
        _("  {event}: accepted by {names} so far").format(
            event=one["event"], names=", ".join(one["accepted"])
        )
        for one in data["pending"]
    ]
    work.show(data, lines)
