"""A sounding: what was sounded, what one marks privately, and what was found.

This module decides what stands on these pages and what their forms become. What is told of a sounding is `clerk.soundings`; who
answers and when is `desk.soundings`.

1. The end of a sounding is told on a page on which nothing depends on what was marked here: marks have a page of their own.
2. Marks are kept at this desk as often as one wishes until they are sealed. Sealing takes two steps, the first of which says
   what each side will learn.
3. With a duty desk, to seal is to make the marks file for it: it is saved, or put into its folder on this machine.
4. While a sounding runs nothing is said of who is awaited.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from good_offices.chancery import marking
from good_offices.chancery.downloads import download
from good_offices.chancery.remedies import on_screen
from good_offices.chancery.screen import when
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import names, offers, sounding_needs, sounding_words
from good_offices.clerk import soundings as views
from good_offices.clerk.authors import powers_of
from good_offices.desk.desk import Desk
from good_offices.desk.soundings import figures, marks
from good_offices.desk.soundings.duty import INBOX, SUFFIX
from good_offices.errors import LocalError
from good_offices.locale import N_, _, language
from good_offices.soundings.course import Choice
from good_offices.talks.soundings import Sounding

# The icon and the line of each standing (`clerk.soundings.STANDING`); the words are its own.
STATES: Final = {
    "open": "private",
    "fixed": "waiting",
    "answers": "waiting",
    "again": "waiting",
    "found": "locked",
    "void": "without-effect",
    "over": "without-effect",
    "broken": "void",
}
WORDS: Final = {
    "open": N_("Marks are open"),
    "fixed": N_("Marks are fixed"),
    "answers": N_("Under way"),
    "again": N_("Under way"),
    "found": N_("Ended"),
    "void": N_("No result"),
    "over": N_("Over"),
    "broken": N_("Stopped"),
}
SHOWN: Final = 200
_FOLDER: Final = "duty-folder"


def which(visit: Visit) -> Sounding:
    """Return the sounding that an address names.

    Raises:
        LocalError: `sounding-unknown`.
    """
    return views.named(visit.desk, str(visit.path["sounding"]))


def address(sounding: Sounding, further: str = "") -> str:
    """Return the address of a sounding, or of one of its pages."""
    return f"/soundings/{sounding.id.hex()}{further}"


def has_duty(desk: Desk) -> bool:
    """Tell whether this delegation has a duty desk."""
    size, own = desk.common.ledger.size, desk.identity.place.delegation
    return desk.talks.roster.duty_desk(own, size) is not None


def working(visit: Visit) -> dict[str, Any]:
    """Return how far this desk is with what it computes, for the pages that show it."""
    return {"progress": visit.seat.computing.progress, "paused": visit.seat.computing.paused}


def one(visit: Visit) -> Response:
    """Show one sounding: its sheet while it can be marked, how far it is while it runs, what was found when it has ended."""
    desk, sounding = visit.desk, which(visit)
    now = visit.seat.computing.now()
    row = views.row(desk, sounding, now)
    outcome = views.outcome(desk, sounding)
    if sounding.outcome != "running":
        sounding_needs.keep_seen(desk, sounding)
    fault = visit.seat.computing.broken.get(sounding.id)
    return visit.page(
        "sounding.html",
        one=row,
        listed=desk.talks.sounding.listed(sounding),
        tongue=tongue(desk, sounding),
        running=row["standing"] in ("fixed", "answers", "again") or outcome["state"] == "compute",
        stamp_of=stamp(visit, sounding),
        sheet=_sheet(visit, sounding) if can_mark(desk, sounding, now) else None,
        **_offer(desk, sounding),
        outcome=outcome,
        fault=on_screen(fault)[0] if fault else "",
        becomes=_becomes(desk, sounding, outcome),
        ended=views.standing_of(desk, sounding, now) in ("found", "void", "over"),
        early=sounding.outcome == "void",
        states=STATES,
        state_words=WORDS,
        learns=sounding_words.learns(desk, sounding),
        agrees="agree" in powers_of(desk),
        duty=has_duty(desk),
        figures=_figures(desk, sounding),
        figures_warning=sounding_words.figures_warning() if sounding.kind == "range" else [],
        idle=int(visit.seat.idle // 60),
        most=SHOWN,
        **working(visit),
    )


def _offer(desk: Desk, sounding: Sounding) -> dict[str, Any]:
    """Return the parts of the host's offer if the sounding is one, and whether it is marked to be accepted."""
    if not offers.is_offer(desk, sounding):
        return {"offer": [], "accepted": False}
    whole, *some = views.sheet(desk, sounding, tongue(desk, sounding))["options"]
    return {"offer": some, "accepted": whole["yes"]}


def state(visit: Visit) -> Response:
    """Return what a page of a sounding compares to learn that it is out of date."""
    return JSONResponse({"state": stamp(visit, which(visit))})


def stamp(visit: Visit, sounding: Sounding) -> str:
    """Return how a sounding stands, as one word; of what was found nothing but that it is there."""
    row = views.row(visit.desk, sounding, visit.seat.computing.now())
    found = figures.figures(visit.desk, sounding).standing if sounding.kind == "range" else ""
    facts = (row["standing"], row["attempt"], row["step"], row["at_hand"], found, len(row["repeats"]))
    return ".".join(
        str(one)
        for one in (*facts, visit.seat.computing.progress, sounding.id in visit.seat.computing.broken)
    )


def tongue(desk: Desk, sounding: Sounding) -> str:
    """Return the language in which a list is shown: the reader's if it is there, else its first."""
    known = desk.talks.sounding.listed(sounding).subject
    return language() if language() in known else next(iter(known))


def can_mark(desk: Desk, sounding: Sounding, now: int) -> bool:
    """Tell whether what is marked here can still be answered with."""
    state = marks.standing(desk, sounding)
    held = marks.kept(desk, sounding)
    if sounding.outcome != "running" or (held is not None and held.sealed):
        return False
    # Without a duty desk a run waits for people: what is sealed late is answered late.
    last = sounding.closes if has_duty(desk) else sounding.until
    return now < last and not (state == "sealed" and not has_duty(desk))


def own(visit: Visit) -> Response:
    """Show one's own marks, when they can no longer be changed (rule 1)."""
    sounding = which(visit)
    return visit.page(
        "sounding_own.html",
        one=views.row(visit.desk, sounding, visit.seat.computing.now()),
        sheet=_sheet(visit, sounding),
        tongue=tongue(visit.desk, sounding),
    )


def _sheet(visit: Visit, sounding: Sounding) -> dict[str, Any]:
    """Return the sheet of a sounding with the rows of one page."""
    desk = visit.desk
    sheet = views.sheet(desk, sounding)
    chosen = marking.window(sheet["options"], visit.query.get("page", ""), visit.query.get("find", ""))
    return sheet | chosen | {"scores": marking.scores(desk, sounding), "size": sounding.size}


def _becomes(desk: Desk, sounding: Sounding, outcome: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
    """Return what each match that is shown can become, each with the address of its form."""
    return {
        each["index"]: [
            way | {"address": _form(way)} for way in sounding_words.becomes(desk, sounding, each["index"])
        ]
        for each in outcome["mutual"][:SHOWN]
    }


def _form(way: dict[str, Any]) -> str:
    """Return the address of the form that an act is drafted in, filled in; nothing is posted by going there."""
    if way["what"] == "item":
        return "/agenda?" + urlencode({"title": way["title"], "note": way["note"]}) + "#propose-item"
    if way["what"] == "statement":
        return (
            "/plenary?"
            + urlencode({"write": "statement", "text": way["text"], "language": way["language"]})
            + "#write"
        )
    if way["slot"] and way["variant"]:
        query = urlencode({"slot": way["slot"], "variant": way["variant"]})
        return f"/text/{way['text']}/settle/{way['unit']}?{query}"
    return f"/text/{way['text']}/propose/{way['unit']}"


def _figures(desk: Desk, sounding: Sounding) -> dict[str, Any] | None:
    """Return how the opening of the figures stands: `standing`, `offered` (names), `ranges` of `name`, `low`, `high`; None for no range."""
    scale = desk.talks.sounding.listed(sounding).scale
    if scale is None or sounding.outcome != "opened":
        return None
    found, called = figures.figures(desk, sounding), names.delegations(desk)
    return {
        "standing": found.standing,
        "offered": [called.get(name, name) for name in found.offered],
        "ranges": [
            {
                "name": called.get(name, name),
                "low": scale.least + ends[0] * scale.step if ends else None,
                "high": scale.least + ends[1] * scale.step if ends else None,
            }
            for name, ends in found.ranges.items()
        ],
    }


# Marking


def mark(visit: Visit) -> Response:
    """Keep the marks of a form, and go on to where its button leads (rule 2)."""
    sounding = _markable(visit)
    wanted = _wanted(visit, sounding)
    marks.keep(visit.desk, sounding, wanted, sealed=False)
    if sounding.kind == "packages":
        marking.keep_scores(visit, sounding)
    if visit.field("go") == "seal":
        return visit.go(address(sounding, "/seal"))
    page = visit.field("go") if visit.field("go").isdecimal() else visit.field("page")
    query = {name: value for name, value in (("page", page), ("find", visit.field("find"))) if value}
    return visit.go(address(sounding) + "#marks", _("Kept at this desk, not sealed."), **query)


def _markable(visit: Visit) -> Sounding:
    """Return the sounding of the address, which can still be marked.

    Raises:
        LocalError: `sounding-unknown`, `sounding-fixed`.
    """
    sounding = which(visit)
    if not can_mark(visit.desk, sounding, visit.seat.computing.now()):
        raise LocalError("sounding-fixed")
    return sounding


def _wanted(visit: Visit, sounding: Sounding) -> Choice:
    """Return what the form wants."""
    scale = visit.desk.talks.sounding.listed(sounding).scale
    return marking.choice_of(visit, views.sheet(visit.desk, sounding), sounding.size, scale)


def aside(visit: Visit) -> Response:
    """Put a reminder aside: to mark nothing is an answer."""
    sounding = which(visit)
    sounding_needs.keep_aside(visit.desk, sounding)
    return visit.go("/", _("You are not reminded of it again. Marking nothing refuses everything."))


def ask_seal(visit: Visit) -> Response:
    """Show what each side will learn, before marks are sealed (rule 2)."""
    return _seal_page(visit, _markable(visit))


def _seal_page(visit: Visit, sounding: Sounding) -> Response:
    """Return the first of the two steps of sealing, or after it the ways to the duty desk (rule 3)."""
    desk = visit.desk
    folder = desk.storage.get(_FOLDER)
    return visit.page(
        "sounding_seal.html",
        one=views.row(desk, sounding, visit.seat.computing.now()),
        sheet=views.sheet(desk, sounding),
        tongue=tongue(desk, sounding),
        learns=sounding_words.learns(desk, sounding),
        duty=has_duty(desk),
        agrees="agree" in powers_of(desk),
        folder=folder.decode() if folder else "",
        inbox=INBOX,
        idle=int(visit.seat.idle // 60),
        most=SHOWN,
    )


def seal(visit: Visit) -> Response:
    """Seal the marks: this desk answers with them, or the file for the duty desk is put into its folder."""
    desk, sounding = visit.desk, _markable(visit)
    if has_duty(desk):
        return _hand_over(visit, sounding)
    marks.let_go(desk, sounding, visit.seat.computing.now())
    visit.seat.computing.hurry()
    return visit.go(
        address(sounding),
        _("Sealed. This desk answers with these marks, while it is open, from {time} on.").format(
            time=when(sounding.closes)
        ),
    )


def file(visit: Visit) -> Response:
    """Return the marks file, to be carried to the duty desk (rule 3)."""
    content = _let_go(visit, sounding := _markable(visit))
    name = f"{views.short_name(visit.desk, sounding)} {when(visit.seat.computing.now())}"
    return download(content, name, SUFFIX[1:])


def _let_go(visit: Visit, sounding: Sounding) -> bytes:
    """Return the marks file for the duty desk.

    Raises:
        LocalError: `duty-desk-none`, and as `marks.let_go`.
    """
    desk = visit.desk
    content = marks.let_go(desk, sounding, visit.seat.computing.now()) if has_duty(desk) else None
    if content is None:
        raise LocalError("duty-desk-none")
    return content


def _hand_over(visit: Visit, sounding: Sounding) -> Response:
    """Put the marks file into the inbox of the duty desk's folder on this machine, and keep where that is."""
    desk = visit.desk
    folder = duty_folder(visit.field("folder"), desk)
    content = _let_go(visit, sounding)
    name = f"{sounding.id.hex()[:16]}-{visit.seat.computing.now()}{SUFFIX}"
    try:
        (folder / INBOX).mkdir(mode=0o700, exist_ok=True)
        part = folder / INBOX / f".{name}.part"
        part.write_bytes(content)
        part.replace(folder / INBOX / name)
    except OSError as refused:
        raise LocalError("duty-folder-unfit", folder=folder) from refused
    desk.storage.put(_FOLDER, str(folder).encode())
    return visit.go(
        address(sounding),
        _("The marks file lies in the folder of the duty desk. It takes it up at its next beat."),
    )


def duty_folder(word: str, desk: Desk) -> Path:
    """Return the folder of another desk on this machine that somebody typed.

    Raises:
        LocalError: `duty-folder-unfit`.
    """
    folder = Path(word).expanduser() if word else Path()
    try:
        fits = folder.is_absolute() and (folder / "keyring").is_file()
        fits = fits and not folder.samefile(desk.storage.folder)
    except OSError:
        fits = False
    if not fits:
        raise LocalError("duty-folder-unfit", folder=word or "“”")
    return folder


ROUTES: Final = (
    get("/soundings/{sounding}", one),
    get("/soundings/{sounding}/state", state),
    get("/soundings/{sounding}/own", own),
    post("/soundings/{sounding}/marks", mark),
    post("/soundings/{sounding}/aside", aside),
    get("/soundings/{sounding}/seal", ask_seal),
    post("/soundings/{sounding}/seal", seal),
    post("/soundings/{sounding}/file", file),
)
