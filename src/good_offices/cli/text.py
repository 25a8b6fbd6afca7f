"""`goodoffices text`: drafts without a desk, and the text on the table of a desk.

This module decides how a draft is read in, compared and written out. The acts on a text are in `text_acts`, `text_order` and
`text_steps`, what it looks like in `text_show`.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import Any, Final, Literal, cast

import click

from good_offices.clerk import names
from good_offices.clerk.text_view import draft_state, redline_state
from good_offices.cli.files import read_bytes, write_new
from good_offices.cli.groups import Among, Verbs
from good_offices.cli.session import Session, json_option
from good_offices.cli.text_acts import ACTS
from good_offices.cli.text_order import ORDER
from good_offices.cli.text_show import show_text
from good_offices.cli.text_silence import silence
from good_offices.cli.text_steps import STEPS
from good_offices.cli.voice import progress, show
from good_offices.cli.where import InRoom, verb_in_room
from good_offices.errors import LocalError
from good_offices.locale import N_, _, ngettext
from good_offices.text.importing import MAX_DRAFT, Draft, read_draft
from good_offices.text.redline import Altered, Segment, in_words, redline_drafts
from good_offices.text.rendering import render

_PATH = click.Path(path_type=Path)
_FORMS: Final = ("md", "txt")


@click.group(cls=Verbs, help=N_("The negotiating text: from many brackets to none."))
def text() -> None:
    """Group the verbs of the text."""


@text.command("import", help=N_("Read a draft and say what is in it; needs no desk and changes nothing."))
@click.argument("file", type=_PATH)
@click.option(
    "--party", "parties", multiple=True, help=N_("A name that brackets may be attributed to; repeat.")
)
@json_option
@click.pass_obj
def import_draft(session: Session, /, file: Path, parties: tuple[str, ...], *, as_json: bool) -> None:
    """Read a draft."""
    with progress(_("reading")):
        draft = drafted(file, {one: one for one in parties})
    data = draft_state(draft)
    lines = [
        _(
            "{units} provisions, {pairs} bracket pairs, {depth} deep; {crossing} pairs cross provisions"
        ).format(**data)
    ]
    lines += [
        _("line {line}, column {column}: {bracket} has no partner").format(**one) for one in data["orphans"]
    ]
    if draft.options:
        lines.append(
            _("{count} labels of options; mark them with `text options`").format(count=len(draft.options))
        )
    show(data, lines, as_json=as_json or session.as_json)


@text.command(help=N_("Compare two drafts word by word."))
@click.argument("old", type=_PATH)
@click.argument("new", type=_PATH)
@click.option("--html", "page", type=_PATH, help=N_("Write the redline into this file, as a page."))
@click.option("--plain", "in_sentences", is_flag=True, help=N_("List the changes in words, without marks."))
@click.option("--whole", is_flag=True, help=N_("Also the paragraphs that did not change."))
@json_option
@click.pass_obj
def diff(
    session: Session,
    /,
    old: Path,
    new: Path,
    page: Path | None,
    *,
    in_sentences: bool,
    whole: bool,
    as_json: bool,
) -> None:
    """Compare two drafts."""
    altered = redline_drafts(drafted(old), drafted(new))
    changed = [one for one in altered if any(part.change != "equal" for part in one.segments)]
    if page is not None:
        write_new(page, _page(old.name, new.name, altered if whole else tuple(changed)).encode())
    data = {"changed": len(changed), "paragraphs": redline_state(altered if whole else changed)}
    count = ngettext("{count} paragraph differs", "{count} paragraphs differ", len(changed)).format(
        count=len(changed)
    )
    lines = [count if changed else _("The two drafts say the same.")]
    if page is not None:
        lines.append(_("The redline is {file}.").format(file=page))
    else:
        for one in altered if whole else changed:
            lines += _sentences(one) if in_sentences else ["", f"{place_of(one)}  {_marked(one.segments)}"]
    show(data, lines, as_json=as_json or session.as_json)


@text.command(help=N_("Write the text on the table into a file, in one language, with its brackets."))
@click.argument("file", type=_PATH)
@click.option(
    "--format",
    "form",
    default="md",
    show_default=True,
    cls=Among,
    among=_FORMS,
    help=N_("One of: {among}"),
)
@click.option("--language", help=N_("Which language; else the first authentic one."))
@click.option("--text", "instrument", help=N_("Which text, if there are several."))
@click.option("--final", is_flag=True, help=N_("Refuse to write a text that still has brackets."))
@verb_in_room
def export(
    work: InRoom, file: Path, form: str, language: str | None, instrument: str | None, *, final: bool
) -> None:
    """Export the text."""
    if form not in _FORMS:
        raise LocalError("export-format-unknown", form=form[:16], forms=", ".join(_FORMS))
    state = work.text(instrument)
    chosen = language or state.instrument.authentic[0]
    if not any(chosen in unit.texts for unit in state.instrument.units):
        raise LocalError("language-missing", unit=state.instrument.id, language=chosen)
    called = names.delegations(work.desk)
    written = render(state.instrument, chosen, cast("Literal['md', 'txt']", form), final=final, names=called)
    write_new(file, written.encode())
    line = _("{file} holds {id} in {language}.").format(file=file, id=state.instrument.id, language=chosen)
    work.show({"file": str(file), "language": chosen, "digest": state.instrument.digest}, [line])


def drafted(file: Path, parties: dict[str, str] | None = None) -> Draft:
    """Return the draft in a file, by the ending of its name.

    Raises:
        LocalError: as `read_bytes` and `read_draft`.
    """
    return read_draft(read_bytes(file, limit=MAX_DRAFT), file.suffix, names=parties)


def place_of(one: Altered) -> str:
    """Return where a paragraph stands in both drafts."""
    if not one.old or not one.new:
        return (
            _("paragraph {new} (new)").format(new=one.new)
            if one.new
            else _("paragraph {old} (gone)").format(old=one.old)
        )
    return (
        _("paragraph {old}").format(old=one.old)
        if one.old == one.new
        else _("paragraph {old}, now {new}").format(old=one.old, new=one.new)
    )


def _marked(segments: tuple[Segment, ...]) -> str:
    """Return the redline of a paragraph: styled on a terminal, with signs where there are no styles."""
    styled = sys.stdout.isatty()
    parts = []
    for one in segments:
        if one.change == "equal":
            parts.append(one.text)
        elif one.change == "insert":
            parts.append(
                click.style(one.text, fg="green", bold=True, underline=True)
                if styled
                else "{+" + one.text + "+}"
            )
        else:
            parts.append(
                click.style(one.text, fg="red", strikethrough=True) if styled else "[-" + one.text + "-]"
            )
    return "".join(parts)


def _sentences(one: Altered) -> list[str]:
    """Return the changes of a paragraph in words."""
    return [
        _("{place}: {change}").format(place=place_of(one), change=change) for change in in_words(one.segments)
    ]


def _page(old: str, new: str, altered: tuple[Altered, ...]) -> str:
    """Return the redline as a page that needs nothing else; every character of the drafts is escaped."""
    tags = {"equal": "{}", "insert": "<ins>{}</ins>", "delete": "<del>{}</del>"}
    title = html.escape(_("{old} and {new}: the differences").format(old=old, new=new))
    rows = []
    for one in altered:
        body = "".join(tags[part.change].format(html.escape(part.text)) for part in one.segments)
        rows.append(f'<h2>{html.escape(place_of(one))}</h2>\n<p dir="auto">{body}</p>')
        sentences = "".join(f'<li dir="auto">{html.escape(each)}</li>' for each in in_words(one.segments))
        rows.append(f"<ul>{sentences}</ul>" if sentences else "")
    style = "ins{font-weight:bold;text-decoration:underline}del{text-decoration:line-through}p{white-space:pre-wrap}h2{font-size:1em}"
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n<style>{style}</style>\n</head>\n'
        f"<body>\n<h1>{title}</h1>\n" + "\n".join(row for row in rows if row) + "\n</body>\n</html>\n"
    )


_VERBS: Final[tuple[Any, ...]] = (show_text, *ACTS, *ORDER, *STEPS, silence)
for _command in _VERBS:
    text.add_command(_command)
