"""Papers as people read them: non-papers with what this desk knows of their origin, letters, annexes, reports of what was said in public.

This module decides in which words these are told. It never says of a non-paper that somebody wrote it, beside what its marks show to this
desk alone, and never opens a file.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from good_offices.clerk import names
from good_offices.clerk.authors import Author, Authors
from good_offices.desk import annexes, papers
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.encoding import check_words
from good_offices.errors import LocalError, RemoteError
from good_offices.locale import _
from good_offices.talks.events_papers import LetterSent, NonPaper
from good_offices.talks.events_plenary import NotePassed, PublicStatementRecorded
from good_offices.talks.papers import heads

_QUOTATION: Final = "quotation/"


def first_of_each(lines: list[Line]) -> list[Line]:
    """Return entries without those non-papers that stood in one before (R-124)."""
    seen: set[bytes] = set()
    found = []
    for line in lines:
        core = hashlib.sha256(line.paper.core).digest() if line.paper is not None else b""
        if not core or core not in seen:
            found.append(line)
        seen.add(core)
    return found


def non_paper(desk: Desk, line: Line, authors: Authors) -> dict[str, Any]:
    """Return a non-paper in words: `origin` is `ours`, `theirs` or `unknown`, and `author` who it is from, to this desk."""
    paper = line.paper
    assert paper is not None
    origin = papers.origin(desk, line)
    author = authors(paper.author, line.index) if origin.shown != "unknown" else Author()
    return {
        "author": author,
        "ours": origin.shown == "ours",
        "origin": origin.shown,
        "kind": "non-paper",
        "what": _("non-paper, unattributable"),
        **_worded(paper),
    }


def _worded(paper: NonPaper) -> dict[str, str]:
    """Return the words of a non-paper, if they are words: no rule has seen to that."""
    try:
        for one in (paper.text, paper.subject):
            check_words(one)
    except LocalError:
        return {"text": "", "subject": "", "language": "en"}
    return {"text": paper.text, "subject": paper.subject, "language": paper.language}


def letter(desk: Desk, event: LetterSent) -> dict[str, Any]:
    """Return a letter as this desk can read it: to whom, and its words if they are for it."""
    called = names.delegations(desk)
    told: dict[str, Any] = {"to_names": [called.get(one, one) for one in event.to], "closed": False}
    try:
        words = papers.letter_words(desk, event)
    except LocalError:
        return told | {"closed": True, "text": "", "subject": "", "language": "en"}
    return told | {"text": words.text, "subject": words.subject, "language": words.language}


def is_head(desk: Desk) -> bool:
    """Tell whether this desk's member is a head of its delegation (R-126)."""
    own = desk.identity
    return own.person.member in heads(desk.talks.roster, own.place.delegation, desk.talks.size)


def others(desk: Desk) -> list[dict[str, str]]:
    """Return the delegations to whose heads a letter can go."""
    own = desk.identity.place.delegation
    return [{"id": one, "name": name} for one, name in names.delegations(desk).items() if one != own]


def addressed(desk: Desk, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the ids of the delegations that words name, by id or by name; all others if there are no words.

    Raises:
        LocalError: `letter-to`.
    """
    known = others(desk)
    found = []
    for word in words:
        hits = [one["id"] for one in known if word in (one["id"], one["name"])]
        if len(hits) != 1:
            raise LocalError("letter-to")
        found += hits
    return tuple(sorted(found)) if words else tuple(sorted(one["id"] for one in known))


def listed(desk: Desk) -> list[dict[str, Any]]:
    """Return every note, non-paper and letter of the common record, in order."""
    authors, found = Authors(desk), []
    for line in first_of_each(list(desk.common.lines())):
        event = line.act.event if line.act is not None and line.verdict.status == "valid" else None
        one: dict[str, Any] = {"index": line.index, "time_ms": line.leaf.time_ms}
        if line.paper is not None:
            told = non_paper(desk, line, authors)
        elif isinstance(event, NotePassed):
            told = {
                "kind": event.kind,
                "subject": event.subject,
                "text": event.text,
                "language": event.language,
            }
        elif isinstance(event, LetterSent):
            told = {"kind": "letter", **letter(desk, event)}
        else:
            continue
        author = told.pop("author", None) or (authors(line.act.author, line.index) if line.act else Author())
        found.append({**one, **told, "by": author.called, "author": author.name})
    return found


def annex_state(desk: Desk, name: str, room: str = "plenary") -> dict[str, Any]:
    """Return how an annex of a room stands at this desk: `here`, `coming` with what is missing, `kept-back`, or `differs`.

    Raises:
        LocalError: `annex-unknown`.
    """
    one = names.state(desk, room).annexes.get(name)
    if one is None:
        raise LocalError("annex-unknown")
    missing = annexes.missing(desk, one)
    state = "here" if not missing else "coming"
    return {"state": state if one.pieces else "kept-back", "missing": missing, "pieces": len(one.pieces)}


def annex_file(desk: Desk, name: str, room: str = "plenary") -> tuple[str, bytes]:
    """Return title and bytes of an annex of a room, whole and checked; the title is its author's words and names no place.

    Raises:
        LocalError: `annex-unknown`, `annex-kept-back`, `annex-incomplete`.
        RemoteError: `annex-differs`.
    """
    one = names.state(desk, room).annexes.get(name)
    if one is None:
        raise LocalError("annex-unknown")
    return one.title, annexes.file_of(desk, one)


def annex_named(desk: Desk, word: str, room: str = "plenary") -> str:
    """Return the id of the annex of a room that a word names: its id, or its title if only one has it.

    Raises:
        LocalError: `annex-unknown`.
    """
    held = names.state(desk, room).annexes
    if word in held:
        return word
    found = [name for name, one in held.items() if one.title == word or name.startswith(word)]
    if len(found) != 1:
        raise LocalError("annex-unknown")
    return found[0]


# Reports of what was said in public


def keep_quotation(desk: Desk, event: PublicStatementRecorded, words: str) -> None:
    """Keep the exact words beside their hash, sealed at this desk; they go to nobody (R-128)."""
    if hashlib.sha256(words.encode()).digest() != event.quotation:
        raise LocalError("quotation-differs")
    desk.storage.put(_QUOTATION + event.quotation.hex(), words.encode())


def quotation(desk: Desk, digest: bytes) -> str:
    """Return the words that this desk keeps for a hash, checked; empty if it keeps none."""
    kept = desk.storage.get(_QUOTATION + digest.hex()) or b""
    if kept and hashlib.sha256(kept).digest() != digest:
        raise RemoteError("quotation-differs")
    return kept.decode()


def public_statements(desk: Desk) -> list[dict[str, Any]]:
    """Return what is on record as reported, in order, each with the words that this desk keeps."""
    authors = Authors(desk)
    return [
        {
            "index": line.index,
            "by": authors(line.act.author, line.index).called,
            **{
                name: getattr(event, name)
                for name in ("speaker", "date", "medium", "reported_by", "language")
            },
            "quotation": event.quotation.hex(),
            "words": quotation(desk, event.quotation),
        }
        for line in desk.common.lines()
        if line.act is not None and line.verdict.status == "valid"
        for event in (line.act.event,)
        if isinstance(event, PublicStatementRecorded)
    ]
