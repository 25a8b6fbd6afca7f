"""An archive that is read without this software: pages, a table, texts, what can be checked, and a letter that says what is what.

This module decides which files there are and what stands in them. It never sends or writes anything, and shows no more than this
desk can read.

1. Pages are static HTML without scripts; words are UTF-8. Each act has author, capacity, claimed time, the host's time of arrival, its words,
   what the rules say, its hash and its leaf's, and below them all that was signed.
2. All of it is in clear: whoever has the archive reads it. The caucus stands apart, and only if it is asked for.
3. The archive proves nothing by itself. What proves is in it as files of their own: the outcome if there is one, the host's
   checkpoint, the genesis.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any, Final, NamedTuple

from good_offices.clerk import afterwards, names
from good_offices.clerk.authors import Author, Authors
from good_offices.clerk.joining import Joining
from good_offices.clerk.plain import plain, verdict_of
from good_offices.clerk.rooms_view import in_words, labels
from good_offices.clerk.signing import title_of
from good_offices.desk.desk import Desk
from good_offices.desk.outcome import export
from good_offices.desk.record import Line
from good_offices.errors import LocalError, OperationalError
from good_offices.locale import _, language
from good_offices.locale.refusals import spoken
from good_offices.talks.events_papers import LetterSent
from good_offices.talks.events_plenary import AnnexFiled
from good_offices.text.model import Instrument
from good_offices.text.rendering import render

_STYLE: Final = (
    "body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 Georgia,serif;color:#15222c}"
    "article{border-block-start:1px solid #aab6be;padding-block:.75rem}.by{font-weight:bold}"
    ".small{color:#485863;font-size:.85rem;overflow-wrap:anywhere}blockquote{margin:.5rem 0;white-space:pre-wrap}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem}.void{color:#8a1c13}"
)
_COLUMNS: Final = (
    "room",
    "entry",
    "event",
    "status",
    "code",
    "delegation",
    "name",
    "capacity",
    "claimed",
    "arrival",
    "language",
    "words",
    "act_sha256",
    "leaf_sha256",
)

# Full-width signs too: some spreadsheets read them as the others. Spaces before them are passed over.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Files = dict[str, bytes]


class Bundled(NamedTuple):
    """The outcome bundle, if there is one; else why an archive has none, in words."""

    data: bytes | None
    missing: str = ""


def archive(desk: Desk, *, caucus: bool = False, outcome: Bundled) -> Files:
    """Return the files of the archive by their paths; `outcome` from `bundle`."""
    files: Files = {}
    pages = []
    rows = _rows(desk, desk.common.lines(), "")
    for room, title in _rooms(rows).items():
        path = f"rooms/{room}.html"
        files[path] = _page(title, [one for one in rows if one["room"] == room])
        pages.append((path, title))
    files["acts.csv"] = _table(rows)
    if caucus:
        home = _rows(desk, desk.caucus.lines(), "caucus")
        files["caucus/caucus.html"] = _page(_("Caucus"), home)
        files["caucus/acts.csv"] = _table(home)
        pages.append(("caucus/caucus.html", _("Caucus")))
    files |= _texts(desk)
    if outcome.data is not None:
        files["outcome.goodoffices"] = outcome.data
    files["register/checkpoint.txt"] = desk.common.ledger.note
    files["register/genesis.cbor"] = desk.common.ledger.genesis_body
    files["index.html"] = _index(desk, pages, sorted(one for one in files if one.startswith("texts/")))
    files["README.txt"] = _readme(desk, sorted(files), outcome.missing, _not_here(desk, rows))
    return files


def _rooms(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Return the rooms in which this desk has read anything, with what they are called, in order."""
    known = {
        "plenary": _("Plenary"),
        "roster": _("Members, credentials and keys"),
        "sounding": _("Soundings"),
    }
    found = {one["room"]: one["called"] for one in rows}
    first = {room: title for room, title in known.items() if room in found}
    return first | {room: title for room, title in found.items() if room not in known}


def zipped(files: Files) -> bytes:
    """Return the archive as one ZIP file, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            whole.writestr(entry, files[path])
    return out.getvalue()


def bundle(desk: Desk) -> Bundled:
    """Return the outcome bundle; without one, why: no closing record that all signed, or no cosignatures to be had."""
    if desk.talks.plenary.closing is None:
        return Bundled(None, _("Not all delegations have signed a closing record: there is no outcome yet."))
    try:
        return Bundled(export(desk))
    except (LocalError, OperationalError) as lacking:
        return Bundled(None, spoken(lacking)[0])


def _not_here(desk: Desk, rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return what was sent in these rooms and is not in the archive: letters to heads, and files that were filed by their hash."""
    called, found = names.delegations(desk), []
    for one in rows:
        event, index = one["line"].act.event, one["line"].index
        if isinstance(event, LetterSent):
            to = ", ".join(called.get(who, who) for who in event.to)
            found.append(
                _(
                    "Entry {index}: a closed letter from {name} to {to}; only the desks of these heads open it."
                ).format(index=index, name=_line(_who(one["author"])), to=_line(to))
            )
        elif isinstance(event, AnnexFiled):
            found.append(
                _(
                    "Entry {index}: the file of “{title}”, {size} bytes, sha256 {digest}; save it at a desk that has it."
                ).format(index=index, title=_line(event.title), size=event.size, digest=event.digest.hex())
            )
    return found


def _rows(desk: Desk, lines: Iterable[Line], room: str) -> list[dict[str, Any]]:
    """Return every act of a record, as values in words."""
    rooms = {identity: name for name, identity in desk.rooms.items()}
    groups = desk.talks.plenary.groups.rooms
    authors, called, joined = Authors(desk), labels(desk), Joining(desk)
    found = []
    for line in lines:
        if line.act is None:
            continue
        at = line.verdict.room
        where = room or rooms.get(at) or at
        group = groups.get(at)
        event = line.act.event
        found.append(
            {
                "room": where,
                "called": group.title if group is not None else where,
                "author": authors(line.act.author, line.index),
                "line": line,
                "said": in_words(desk, event, called, joined(line)),
                "words": str(getattr(event, "text", "")),
                "language": str(getattr(event, "language", "")),
                "verdict": verdict_of(line.verdict),
                "act": names.hash_of(line.act).hex(),
            }
        )
    return found


def _time(milliseconds: int) -> str:
    """Return a time in UTC, to the second; as a number if no calendar has it."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{milliseconds} ms"


def _table(rows: Sequence[dict[str, Any]]) -> bytes:
    """Return acts as comma-separated values (RFC 4180), in UTF-8 with the mark that spreadsheets ask for."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in rows:
        line, author, verdict = one["line"], one["author"], one["verdict"]
        writer.writerow(
            [
                one["room"],
                line.index,
                line.act.event.name,
                verdict["status"],
                verdict["code"] or "",
                *map(_cell, (author.called, author.name, author.capacity)),
                _time(line.act.time),
                _time(line.leaf.time_ms),
                _cell(one["language"]),
                _cell(one["words"] or one["said"]),
                one["act"],
                line.leaf.hash.hex(),
            ]
        )
    return ("\ufeff" + out.getvalue()).encode()


def _line(words: str) -> str:
    """Return words of others in one line, so that none of them reads as a line of ours."""
    return " ".join(words.split())


def _cell(words: str) -> str:
    """Return words for a cell that no spreadsheet takes for a formula."""
    return f"'{words}" if words.lstrip()[:1] in _FORMULA or words[:1] in ("\t", "\r", "\n") else words


def _page(title: str, rows: Sequence[dict[str, Any]]) -> bytes:
    """Return the page of a room."""
    body = [f"<h1>{escape(title)}</h1>", f'<p><a href="../index.html">{escape(_("Contents"))}</a></p>']
    return _html(title, [*body, *(_act(one) for one in rows)])


def _act(one: dict[str, Any]) -> str:
    """Return one act of a page (rule 1)."""
    line, author, verdict = one["line"], one["author"], one["verdict"]
    who = _who(author)
    said = f"<p>{escape(one['said'])}</p>"
    if one["words"]:
        tag = f' lang="{escape(one["language"])}"' if one["language"] else ""
        said += f'<blockquote dir="auto"{tag}>{escape(one["words"])}</blockquote>'
    if verdict["code"]:
        said += f'<p class="void">{escape(verdict["status"])}: {escape(str(verdict["message"]))}</p>'
    times = _(
        "Entry {index}. Written {claimed} by the author’s clock, arrived {arrival} by the host’s."
    ).format(index=line.index, claimed=_time(line.act.time), arrival=_time(line.leaf.time_ms))
    signed = json.dumps(plain(line.act.event), ensure_ascii=False, indent=1)
    return (
        f'<article id="entry-{line.index}"><p class="by">{escape(who)}</p>{said}'
        f'<p class="small">{escape(times)}<br>act sha256 {one["act"]}<br>leaf sha256 {line.leaf.hash.hex()}</p>'
        f"<details><summary>{escape(_('All that was signed'))}</summary><pre>{escape(signed)}</pre></details></article>"
    )


def _who(author: Author) -> str:
    """Return an author: name, capacity, delegation."""
    return ", ".join(part for part in (author.name, author.capacity, author.called) if part) or _("unknown")


def _texts(desk: Desk) -> Files:
    """Return each text in each of its languages, as it was signed or stands, and as corrected; with what was corrected."""
    files: Files = {}
    called = names.delegations(desk)
    for name, text in desk.talks.plenary.texts.items():
        folder = f"texts/{_safe(name)}"
        files |= _tongues(folder, text.instrument, "", called)
        corrected = afterwards.corrected_instrument(desk, text)
        if corrected.digest != text.instrument.digest:
            files |= _tongues(folder, corrected, "-corrected", called)
            files[f"{folder}/rectification.md"] = "\n\n".join(afterwards.rectification(desk, text)).encode()
        for tag, words in afterwards.finished_told(desk, text)["recorded"].items():
            files[f"{folder}/proces-verbal.{_safe(tag)}.md"] = words.encode()
    return files


def _tongues(folder: str, instrument: Instrument, mark: str, called: dict[str, str]) -> Files:
    """Return a text in each language in which it has words."""
    tags = dict.fromkeys(
        (*instrument.authentic, *sorted({tag for one in instrument.units for tag in one.texts}))
    )
    return {
        f"{folder}/{_safe(tag)}{mark}.md": render(instrument, tag, "md", names=called).encode()
        for tag in tags
    }


def _safe(name: str) -> str:
    """Return an id as the name of a file, another for each: ids may have a colon, which some systems refuse, and no tilde."""
    return name.replace(":", "~")


def _index(desk: Desk, pages: Sequence[tuple[str, str]], texts: Sequence[str]) -> bytes:
    """Return the first page: what there is."""
    called = ", ".join(names.delegations(desk).values())
    title = _("Archive of the talks between {names}").format(names=called)
    items = [f'<li><a href="{escape(path)}">{escape(words)}</a></li>' for path, words in pages]
    items += [f'<li><a href="{escape(path)}">{escape(path)}</a></li>' for path in texts]
    return _html(
        title,
        [
            f"<h1>{escape(title)}</h1>",
            f"<p><strong>{escape(_('Everything here is in clear: whoever has it reads it.'))}</strong></p>",
            f"<ul>{''.join(items)}</ul>",
            '<p><a href="README.txt">README.txt</a> · <a href="acts.csv">acts.csv</a></p>',
        ],
    )


def _html(title: str, body: Iterable[str]) -> bytes:
    """Return a whole page: static, without scripts."""
    return (
        f'<!doctype html>\n<html lang="{escape(language())}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    ).encode()


def _readme(desk: Desk, paths: Sequence[str], missing: str, absent: Sequence[str]) -> bytes:
    """Return in plain language what each file is, how it can be checked, and what is not here, and why."""
    ledger = desk.common.ledger
    titles = [title_of(one.instrument)[1] for one in desk.talks.plenary.texts.values()]
    told = [
        _(
            "ARCHIVE IN CLEAR. Whoever has these files reads them. Keep them as you would keep the papers themselves."
        ),
        _("Talks between: {names}").format(names=_line(", ".join(names.delegations(desk).values()))),
        _("Texts: {titles}").format(titles=_line("; ".join(titles)) or "-"),
        _("Up to entry {size} of the register, as this desk has verified it.").format(size=ledger.size - 1),
        "",
        _("index.html: the contents. Any browser shows it; no page has a script or asks a network."),
        _("rooms/: one page a room, all acts in their order, those without effect too, with the reason."),
        _(
            "acts.csv: the same acts as a table. A cell that would begin like a formula begins with an apostrophe."
        ),
        _(
            "texts/: each text in each language, as Markdown; “corrected” is the text with the corrections that were made."
        ),
        _(
            "What nobody has signed, such as a non-paper, is not in it; nor is a file that was filed by its hash alone."
        ),
        _("register/checkpoint.txt: the register as the host signed it: size, root, signatures."),
        _("register/genesis.cbor: the first entry, which names the host’s keys."),
    ]
    if "outcome.goodoffices" in paths:
        told.append(
            _(
                "outcome.goodoffices: what was agreed and who signed it. It proves by itself: `goodoffices verify outcome.goodoffices`, or any program by the specification spec/outcome.md."
            )
        )
    else:
        told.append(_("THE OUTCOME IS NOT IN THIS ARCHIVE. {why}").format(why=missing))
    if any(one.startswith("caucus/") for one in paths):
        told.append(
            _(
                "caucus/: what only your own delegation has read. Take it out before you hand the rest to anybody."
            )
        )
    if absent:
        told += ["", _("What stands in the record and is not in this archive:"), *absent]
    told += [
        "",
        _(
            "What these pages prove: nothing by themselves, for anyone could have written them. What can be checked: the hash of a leaf stands in the register under the checkpoint; whoever holds the whole record can show it."
        ),
        _("Times of arrival are the host’s word, times of writing their authors’."),
        "",
        *paths,
    ]
    return ("\n".join(told) + "\n").encode()
