"""`goodoffices communique`: what all delegations release together: propose, sign, withdraw, release, save.

This module decides how these verbs read. A communiqué is accepted like any other pending act, by `goodoffices act accept`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from good_offices.clerk import communiques, names
from good_offices.cli.files import write_new
from good_offices.cli.groups import Verbs
from good_offices.cli.talks import until_option
from good_offices.cli.text_acts import text_option
from good_offices.cli.work import Work, verb
from good_offices.desk import communique as desks
from good_offices.errors import LocalError
from good_offices.locale import N_, _

_PATH = click.Path(path_type=Path)
_STAGES: Final = {
    "proposed": N_("proposed"),
    "accepted": N_("accepted by all"),
    "signed": N_("signed by all"),
    "released": N_("released"),
    "withdrawn": N_("withdrawn"),
}


@click.group(cls=Verbs, help=N_("The communiqué: what all delegations release together, and nobody alone."))
def communique() -> None:
    """Group the verbs of the communiqué."""


@communique.command(
    help=N_(
        "Propose a text without brackets for release; every delegation accepts the same and then signs it."
    )
)
@click.option(
    "--title",
    "titles",
    nargs=2,
    multiple=True,
    metavar="LANGUAGE WORDS",
    help=N_("A title in one of the text's languages, else its own; may be repeated."),
)
@click.option(
    "--name",
    "called",
    nargs=2,
    multiple=True,
    metavar="DELEGATION NAME",
    help=N_(
        "Another name of a delegation by the modalities than the one that it calls itself; may be repeated."
    ),
)
@click.option("--embargo", help=N_("Not to be released before this time, such as 2027-03-01T12:00+01:00."))
@click.option("--embargo-words", default="", help=N_("The same time in words, as the public reads it."))
@until_option
@text_option
@verb
def propose(
    work: Work,
    titles: tuple[tuple[str, str], ...],
    called: tuple[tuple[str, str], ...],
    embargo: str | None,
    embargo_words: str,
    until: str | None,
    instrument: str | None,
) -> int:
    """Propose a communiqué."""
    desk = work.desk
    event = communiques.proposed(
        desk,
        names.text_named(desk.talks.plenary, instrument),
        titles=dict(titles),
        called={names.delegation(desk, one): name for one, name in called},
        embargo=names.until(embargo),
        embargo_words=embargo_words,
        until=names.until(until),
    )
    return work.act("plenary", event)


@communique.command(
    help=N_("Show the communiqués: every word, by whom accepted and signed, under which embargo.")
)
@verb
def show(work: Work) -> None:
    """Show the communiqués."""
    data = communiques.told(work.desk)
    work.show({"communiques": data}, [line for one in data for line in _lines(one)] or [_("There is none.")])


@communique.command(
    help=N_("Sign for the public what all have accepted: the only one, or the one proposed at an entry.")
)
@click.argument("which", required=False)
@verb
def sign(work: Work, which: str | None) -> int:
    """Sign a communiqué."""
    content = communiques.content_of(work.desk, which)
    state = next(one for one in communiques.told(work.desk) if one["content"] == content.hex())
    return work.act("plenary", communiques.signature(work.desk, content), lines=_words(state))


@communique.command(
    help=N_("Withdraw from a communiqué that your delegation has not signed; it is then over.")
)
@click.argument("which", required=False)
@verb
def withdraw(work: Work, which: str | None) -> int:
    """Withdraw from a communiqué."""
    return work.act("plenary", communiques.withdrawal(communiques.content_of(work.desk, which)))


@communique.command(
    help=N_(
        "Release what all have signed, after the embargo: hand it to the host, whose public page then shows it."
    )
)
@click.argument("which", required=False)
@verb
def release(work: Work, which: str | None) -> int:
    """Release a communiqué."""
    done, number = desks.release(work.desk, communiques.content_of(work.desk, which))
    about: dict[str, Any] = {"number": number}
    lines = [
        _("The host shows it: {url}").format(url=work.desk.identity.place.url),
        _(
            "Its number is {number}. Anybody can check the file from that page with `goodoffices verify`."
        ).format(number=number),
    ]
    if done is None:
        work.show(about, lines)
        return 0
    status = work.tell([done], room="plenary", about=about)
    if work.desk.by_courier and not work.as_json:
        work.show(
            about,
            [
                _("The release goes with the next letter. The host does not have the words yet."),
                _(
                    "Write the file with `goodoffices communique save FILE` and let the courier bring it with the letter."
                ),
            ],
        )
    if number and not work.as_json:
        work.show(about, lines)
    return status


@communique.command(help=N_("Write a communiqué that all have signed into a file that anyone can verify."))
@click.argument("file", type=_PATH)
@click.argument("which", required=False)
@verb
def save(work: Work, file: Path, which: str | None) -> None:
    """Save the file of a communiqué."""
    if file.exists():
        raise LocalError("file-exists", path=file)
    data = desks.file_of(work.desk, communiques.content_of(work.desk, which))
    write_new(file, data)
    lines = [
        _("The communiqué is {file}, {size} bytes; this desk has verified it.").format(
            file=file, size=len(data)
        ),
        _("Whoever has it can publish it: keep it to yourself until the embargo has ended."),
    ]
    work.show({"file": str(file), "bytes": len(data)}, lines)


def _lines(one: dict[str, Any]) -> list[str]:
    """Return a communiqué for people."""
    lines = [
        _("entry {index}: {title} ({stage})").format(
            index=one["index"], title=one["headline"], stage=_(_STAGES[one["stage"]])
        )
    ]
    if one["embargo_ms"]:
        lines.append(
            _("  not before {time}").format(time=names.when(one["embargo_ms"]))
            + (f" ({one['embargo_words']})" if one["embargo_words"] else "")
        )
    elif one["embargo_words"]:
        lines.append(_("  not before {time}").format(time=one["embargo_words"]))
    if one["accepts_missing"]:
        lines.append(_("  not accepted yet by {names}").format(names=", ".join(one["accepts_missing"])))
    elif one["signs_missing"]:
        lines.append(_("  not signed yet by {names}").format(names=", ".join(one["signs_missing"])))
    if one["withdrawn"]:
        lines.append(_("  withdrawn by {name}").format(name=one["withdrawn"]))
    return [*lines, *_words(one)]


def _words(one: dict[str, Any]) -> list[str]:
    """Return every word of a communiqué, language by language."""
    lines = [_("  in public: {names}").format(names=", ".join(one["names"].values()))]
    for tag, words in one["words"].items():
        lines += [
            "",
            f"  [{tag}] {one['titles'][tag]}",
            *(f"  {line}".rstrip() for line in words.split("\n")),
        ]
    return lines
