"""`goodoffices outcome`, after the text: signature on paper, its procès-verbal, corrections, certified copies.

This module decides how these verbs read. What they mean stands in `clerk.afterwards`; whether they have effect, in the rules.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import click

from good_offices.clerk import afterwards, names
from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.text_acts import text_option
from good_offices.cli.work import Work, verb
from good_offices.desk.certifying import certified_copy
from good_offices.errors import LocalError
from good_offices.locale import N_, _, language

_PATH = click.Path(path_type=Path)
_SCAN = 256 * 1024 * 1024


@click.command(
    help=N_(
        "Attest, with all others, that an original on paper was signed: where, when, by whom, and the hash of its scan."
    )
)
@click.option(
    "--scan",
    type=_PATH,
    required=True,
    help=N_("The scan; its hash goes on record, the file stays with you."),
)
@click.option("--place", required=True, help=N_("Where it was signed, in words that all use."))
@click.option("--date", required=True, help=N_("When it was signed, in words that all use."))
@click.option(
    "--signed",
    multiple=True,
    nargs=3,
    required=True,
    metavar="DELEGATION NAME CAPACITY",
    help=N_("Who signed for which delegation, in which capacity; repeat."),
)
@until_option
@text_option
@verb
def paper(
    work: Work,
    scan: Path,
    place: str,
    date: str,
    signed: tuple[tuple[str, str, str], ...],
    until: str | None,
    instrument: str | None,
) -> int:
    """Attest a signature on paper."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    event = afterwards.attested(
        work.desk,
        text,
        hashlib.sha256(read_bytes(scan, limit=_SCAN)).digest(),
        signed,
        place=place,
        date=date,
        until=names.until(until),
    )
    return work.act("plenary", event, lines=afterwards.facts(work.desk, event))


@click.command(
    "proces-verbal",
    help=N_(
        "Agree, with all others, the procès-verbal of signature: words in every authentic language of the text."
    ),
)
@click.option(
    "--words",
    "said",
    multiple=True,
    nargs=2,
    required=True,
    metavar="LANGUAGE WORDS",
    help=N_("Its words in a language; repeat."),
)
@until_option
@text_option
@verb
def proces_verbal(
    work: Work, said: tuple[tuple[str, str], ...], until: str | None, instrument: str | None
) -> int:
    """Agree a procès-verbal."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    event = afterwards.recorded(text, dict(said), names.until(until))
    return work.act("plenary", event, lines=afterwards.facts(work.desk, event))


@click.group(cls=Verbs, help=N_("Errors in a signed text: notify, object, show what is corrected (VCLT 79)."))
def correction() -> None:
    """Group the verbs of corrections."""


@correction.command(
    help=N_(
        "Notify errors in a signed text; corrected when all accept, or when the days have passed that the depositary sets."
    )
)
@click.option(
    "--error",
    "errata",
    multiple=True,
    nargs=4,
    required=True,
    metavar="PROVISION LANGUAGE FOUND CORRECT",
    help=N_("The words as they stand and as they should, in a provision or in the title; repeat."),
)
@click.option(
    "--days",
    type=int,
    default=0,
    show_default=True,
    help=N_("Days within which to object; the depositary alone sets them."),
)
@until_option
@text_option
@verb
def notify(
    work: Work,
    errata: tuple[tuple[str, str, str, str], ...],
    days: int,
    until: str | None,
    instrument: str | None,
) -> int:
    """Notify errors."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    event = afterwards.notified(text, errata, days, names.until(until))
    return work.act("plenary", event, lines=afterwards.facts(work.desk, event))


@correction.command(
    "object", help=N_("Object to the correction notified at an entry, and say why; one objection is enough.")
)
@click.argument("entry")
@click.argument("why")
@click.option(
    "--language", "tag", default="en", show_default=True, help=N_("The language of the words, such as en.")
)
@verb
def object_(work: Work, entry: str, why: str, tag: str) -> int:
    """Object to a correction."""
    return work.act("plenary", afterwards.objected(work.desk, entry, why, tag))


@correction.command(
    "show",
    help=N_("Show the errors notified and what became of them, and the procès-verbal of rectification."),
)
@text_option
@verb
def show_corrections(work: Work, instrument: str | None) -> None:
    """Show corrections."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    told = afterwards.finished_told(work.desk, text)
    fates = {
        "open": _("waits for {names}"),
        "objected": _("not corrected: {objected} objects: {reason}"),
        "made": _("corrected"),
        "overtaken": _("overtaken by another correction"),
    }
    lines = []
    for one in told["notices"]:
        state = fates[one["fate"]].format(
            names=", ".join(one["waits_for"]), objected=one["objected"], reason=one["reason"]
        )
        lines.append(
            _("entry {index}, by {by}: {state}").format(index=one["index"], by=one["by"], state=state)
        )
        lines += [f"  {afterwards.erratum_line(each)}" for each in one["errata"]]
    record = afterwards.rectification(work.desk, text)
    data = {
        "text": text.instrument.id,
        "digest": text.instrument.digest.hex(),
        "corrected": "".join(told["corrected"]) or None,
        "notices": [{**one, "content": one["content"].hex()} for one in told["notices"]],
        "record": record,
    }
    work.show(data, [*lines, *([""] if record else []), *record] or [_("No error was notified.")])


@click.command(
    "certified-copy",
    help=N_(
        "As the depositary, certify a copy of a deposited text, with its corrections, into a file that anyone can verify."
    ),
)
@click.argument("file", type=_PATH)
@click.option("--words", default="", help=N_("The words of the certificate, else the usual ones."))
@click.option("--language", "tag", default="", help=N_("The language of the words, such as en."))
@click.option("--place", default="", help=N_("Where it is certified, in words."))
@click.option("--date", default="", help=N_("When it is certified, in words; else today's date."))
@text_option
@verb
def certify(
    work: Work, file: Path, words: str, tag: str, place: str, date: str, instrument: str | None
) -> None:
    """Certify a copy."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    text = names.text_named(work.desk.talks.plenary, instrument)
    said = words or afterwards.certifying_words(work.desk, text)
    today = date or datetime.now(UTC).strftime("%Y-%m-%d")
    spoken = tag if words and tag else language()
    data = certified_copy(work.desk, text.instrument.id, said, spoken, place=place, date=today)
    write_new(file, data)
    lines = [
        _("The certified copy is {file}, {size} bytes; this desk has verified it.").format(
            file=file, size=len(data)
        ),
        _(
            "Whoever has it reads the text and who signed it. Check it elsewhere with `goodoffices verify {file}`."
        ).format(file=file),
    ]
    work.show({"file": str(file), "bytes": len(data), "words": said}, lines)
