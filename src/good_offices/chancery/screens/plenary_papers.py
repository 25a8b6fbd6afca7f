"""The papers of the plenary and of groups: non-papers, letters between heads, annexes with their files.

This module decides what each of these forms becomes. It never shows a file, and never says of a non-paper more than what this desk
itself can know.

1. A non-paper and a letter take two steps: the first says what each hides and what it does not.
2. A file leaves in pieces, sealed; it is handed out as an attachment alone, once it is whole and its hash is right.
3. A file cannot be carried through a second step: a title with words of the caucus is refused.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from starlette.responses import Response

from good_offices.chancery.downloads import download
from good_offices.chancery.screens.rooms import forget, keep, repeated
from good_offices.chancery.text import kept
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import papers_view, speaking
from good_offices.clerk.authors import powers_of
from good_offices.clerk.filing import safe_name
from good_offices.desk import annexes, papers
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _

_ENDING: Final = 10
_PLAIN: Final = "application/octet-stream"


def non_paper(visit: Visit) -> Response:
    """Pass a non-paper in the plenary or a group, in two steps."""
    room, place = visit.room, _page(visit)
    text, subject, language = _said(visit)
    lines = [
        *_subject(subject),
        _("Nobody signs it. It is no act, stands in no state, and cannot be disclosed or verified."),
        _(
            "Its readers' desks show them that it is from you. Each of them could have made it, so none can prove it."
        ),
        _("The host sees, as of every entry, which desk posted it, and could say so."),
    ]
    page = _asked(visit, _("Pass this non-paper"), lines, (language, text), (text, subject))
    if page is not None:
        return page

    def write(desk: Desk) -> bytes:
        papers.hand_in_non_paper(desk, room, text, language, subject)
        return b""

    visit.seat.leave(room, write)
    forget(visit)
    if visit.desk.outgoing():
        return visit.go(
            place, _("Kept and sealed at this desk. It is sent as soon as the host answers."), "waiting"
        )
    return visit.go(place, _("The non-paper is passed. Nobody has signed it."))


def _page(visit: Visit) -> str:
    """Return the address of the page of the room."""
    return "/plenary" if visit.room == "plenary" else f"/groups/{visit.room}"


def letter(visit: Visit) -> Response:
    """Send a letter to the heads of other delegations, in two steps."""
    text, subject, language = _said(visit)
    to = papers_view.addressed(visit.desk, tuple(visit.fields("delegation")))
    called = {one["id"]: one["name"] for one in papers_view.others(visit.desk)}
    lines = [
        *_subject(subject),
        _("Only the heads of these delegations and of yours can open it. It is signed by you."),
        _("All delegations see that a letter passed, from whom, to whom, and how long it is at most."),
    ]
    readers = _("Opened by the heads alone: of {names}, and of your delegation.").format(
        names=", ".join(called[one] for one in to)
    )
    page = _asked(visit, _("Send this letter"), lines, (language, text), (text, subject), readers)
    if page is not None:
        return page
    event = papers.letter(visit.desk, to, text, language, subject)
    done = visit.seat.act("plenary", event, unconfirmed="speak" not in powers_of(visit.desk))
    forget(visit)
    place = f"e{done.verdict.index}" if done.verdict else "waiting"
    return visit.tell(done, event.name, f"/plenary#{place}", said=_("The letter is with the heads."))


def _asked(
    visit: Visit, verb: str, lines: list[str], words: tuple[str, str], out: tuple[str, ...], readers: str = ""
) -> Response | None:
    """Return the first of the two steps of rule 1, or None when the second has been taken."""
    keep(visit)
    return visit.preview(
        title=verb,
        binds=_("Look at it once more before it leaves."),
        lines=lines,
        warnings=repeated(visit, out, visit.room),
        words=words,
        readers=readers or visit.readers(visit.room),
        verb=verb,
        back=_page(visit),
    )


def _subject(subject: str) -> list[str]:
    """Return the line of a subject, if there is one."""
    return [_("Subject: {words}").format(words=subject)] if subject else []


def _said(visit: Visit) -> tuple[str, str, str]:
    """Return words, subject and language of a form.

    Raises:
        LocalError: `field-empty`.
    """
    text, language = visit.field("text"), visit.field("language")
    if not text:
        raise LocalError("field-empty")
    visit.session.writes = language
    return text, visit.field("subject"), language


def annex(visit: Visit) -> Response:
    """File an annex in the plenary."""
    return filed(visit, "plenary", "/plenary")


def filed(visit: Visit, room: str, back: str) -> Response:
    """File an annex of a room with its file, or by its hash alone (rules 2 and 3)."""
    data, name = visit.file("file"), visit.files["file"][0]
    title = visit.field("title") or name
    if stands := kept.repeated(visit.seat, room, [title]):
        raise LocalError("words-in-caucus" if stands[0].room == "caucus" else "words-in-group")
    ending = PurePath(name).suffix.removeprefix(".").lower()
    event = speaking.annex(data, title=title, media=ending or _PLAIN)
    unconfirmed = "speak" not in powers_of(visit.desk)
    if visit.field("hash_only"):
        done = visit.seat.act(room, event, unconfirmed=unconfirmed)
        said = _("The annex is on record by its hash. Keep the file.")
    else:
        whole = annexes.with_file(event, data)
        done = visit.seat.leave(
            room, lambda desk: annexes.hand_in(desk, room, whole, data, unconfirmed=unconfirmed)
        )
        said = (
            _("The annex is on record, and its file is on its way to all who read the plenary.")
            if room == "plenary"
            else _("The annex is on record, and its file is on its way to all who read this group.")
        )
    place = f"e{done.verdict.index}" if done.verdict else "waiting"
    return visit.tell(done, event.name, f"{back}#{place}", said=said)


def annex_file(visit: Visit) -> Response:
    """Return the file of an annex of the plenary."""
    return attachment(visit, "plenary")


def attachment(visit: Visit, room: str) -> Response:
    """Return the file of an annex of a room as an attachment (rule 2)."""
    title, data = papers_view.annex_file(visit.desk, visit.query.get("annex", ""), room)
    name = PurePath(safe_name(title))
    ending = name.suffix.removeprefix(".")
    plain = ending.isascii() and ending.isalnum() and len(ending) <= _ENDING
    return download(data, name.stem if plain else name.name, ending if plain else "bin")


ROUTES: Final = (
    post("/plenary/non-paper", non_paper),
    post("/groups/{room}/non-paper", non_paper),
    post("/plenary/letter", letter),
    post("/plenary/annex", annex),
    get("/plenary/annex/file", annex_file),
)
