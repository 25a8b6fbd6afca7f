"""The record: a verdict in words first, then every entry; evidence and doubts.

This module decides what is shown of the record and which files leave it. It never alters the record, and nothing on these pages
asks the host for a verdict: what is said was verified here.

1. The verdict says what holds, since when nothing newer is known, and what it does not prove. It is a sentence, not a light.
2. Whatever can be read by whoever is given a file is said before the file is made: that takes a page of its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup
from starlette.responses import Response

from good_offices.chancery.downloads import download, safe
from good_offices.chancery.screen import clock, listed, render
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import names, register_view, signing
from good_offices.clerk.authors import Authors
from good_offices.clerk.register_view import Placed
from good_offices.clerk.verifying import compared, told_finding, verified
from good_offices.desk import outcome as outcomes
from good_offices.desk.assurance import (
    Assurance,
    assurance,
    cosigners,
    evidence_file,
    evidence_files,
    other_evidence,
    told,
)
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.instrument.anchors import Beside
from good_offices.locale import N_, _, ngettext

MANY: Final = 100
KIND_NAMES: Final = {
    "": N_("What members did"),
    "words": N_("Statements, notes, instructions, annexes"),
    "text": N_("The text"),
    "agenda": N_("Agenda, modalities, course"),
    "outcome": N_("Full powers, initials, signatures"),
    "people": N_("People and credentials"),
    "keys": N_("Keys and the work of desks"),
    "failed": N_("Void, or without effect"),
    "all": N_("Every entry"),
}
ROOM_NAMES: Final = {
    "": N_("All rooms"),
    "plenary": N_("Plenary"),
    "caucus": N_("Caucus of your delegation"),
    "group": N_("Rooms of a level and contact groups"),
    "sounding": N_("Soundings"),
    "roster": N_("Roster: credentials and keys"),
}
ENTRY_NAMES: Final = {
    "genesis": N_("the beginning of the register"),
    "introduction": N_("the public keys of a delegation"),
    "wraps": N_("keys sealed for the readers of a room"),
    "envelope": N_("a sealed entry that this desk cannot open"),
    "box_commit": N_("a commitment to the host's box"),
    "box_open": N_("the host's box, opened"),
    "box_void": N_("the host's box, closed without result"),
    "term": N_("a change of host"),
}


def show(visit: Visit) -> Response:
    """Show the verdict and the entries."""
    desk, seat = visit.desk, visit.seat
    common = seat.lines(desk.common)
    room, kind = visit.query.get("room", ""), visit.query.get("kind", "")
    room, kind = room if room in ROOM_NAMES else "", kind if kind in KIND_NAMES else ""
    entries = seat.of_record("placed", lambda: register_view.placed(desk, common, seat.lines(desk.caucus)))
    found = seat.of_record(
        ("chosen", room, kind), lambda: register_view.chosen(entries, room=room, kind=kind)
    )
    upto = visit.query.get("upto", "")
    end = min(int(upto), len(found)) if names.is_number(upto) else len(found)
    page = found[max(end - MANY, 0) : end]
    return visit.page(
        "record.html",
        verdict=verdict(visit, assurance(desk, seat.of_record("told", lambda: told(desk, common)))),
        entries=seat.of_record(("entries", room, kind, end), lambda: _rows(desk, page[::-1])),
        room=room,
        kind=kind,
        rooms=ROOM_NAMES,
        kinds=KIND_NAMES,
        first=max(end - MANY, 0) + 1 if page else 0,
        last=end,
        count=len(found),
        earlier=end - MANY if end > MANY else None,
        later=min(end + MANY, len(found)) if end < len(found) else None,
        closed=desk.talks.plenary.closing is not None,
    )


def _rows(desk: Desk, page: Sequence[Placed]) -> Markup:
    """Return entries as the rows of the table."""
    entries = register_view.told(desk, page, Authors(desk))
    words = render("record_rows.html", entries=entries, entry_names=ENTRY_NAMES)
    return Markup(words)  # noqa: S704 -- our own template, which escapes


def verdict(visit: Visit, known: Assurance) -> dict[str, Any]:
    """Return the verdict on the record in words (rule 1): its tone, its sentence, what holds, what does not follow."""
    desk, seat = visit.desk, visit.seat
    called = names.delegations(desk)
    time = clock(seat.up_to) if seat.up_to else ""
    broken = not known.signed or known.gaps or bool(known.suspected)
    if known.stopped or known.evidence:
        tone, words = "void", _("There is evidence against the host. This desk keeps it.")
    elif broken:
        tone, words = "void", _("The record does not hold together here.")
    elif known.doubts:
        tone, words = "waiting", _("Unaltered, but another desk computed another state of the talks.")
    elif seat.state == "up-to-date" and time and not desk.by_courier:
        tone, words = "valid", _("Complete and unaltered up to {time}.").format(time=time)
    elif time:
        tone, words = (
            "waiting",
            _("Complete and unaltered up to {time}; nothing newer is known.").format(time=time),
        )
    else:
        tone, words = "waiting", _("Unaltered as far as this desk has it; the host has not been asked yet.")
    return {
        "tone": tone,
        "words": words,
        "holds": _holds(known, called, desk.identity.place.delegation),
        "against": _against(known),
        "root": signing.grouped(known.root),
        "host": known.host,
    }


def _holds(known: Assurance, called: dict[str, str], own: str) -> list[str]:
    """Return what this desk has verified, one sentence each."""
    holds = []
    if known.signed:
        holds.append(
            ngettext(
                "The host signed this register of {count} entry; this desk has computed the same from every entry.",
                "The host signed this register of {count} entries; this desk has computed the same from every entry.",
                known.size,
            ).format(count=known.size)
        )
    if known.acts and not known.gaps:
        holds.append(
            ngettext(
                "{count} act of this desk stands in it, none missing and none moved.",
                "All {count} acts of this desk stand in it, none missing and none moved.",
                known.acts,
            ).format(count=known.acts)
        )
    for who, size in known.seen.items():
        if who != own:
            holds.append(
                _("{name} had seen the same first {size} entries when it last acted.").format(
                    name=called.get(who, who), size=size
                )
            )
    return holds


def _against(known: Assurance) -> list[str]:
    """Return what speaks against the record, one sentence each."""
    against = []
    if not known.signed:
        against.append(_("The host’s signature and the entries here do not belong together."))
    if known.gaps:
        against.append(_("An act of this desk is missing between others."))
    if known.suspected:
        against.append(
            _("The authors of these entries had seen another register: {entries}.").format(
                entries=listed([str(one) for one in known.suspected])
            )
        )
    if known.awaited:
        against.append(
            ngettext(
                "The host has given a receipt for {count} entry that it has not shown yet.",
                "The host has given receipts for {count} entries that it has not shown yet.",
                known.awaited,
            ).format(count=known.awaited)
        )
    return against


def ask_cosigners(visit: Visit) -> Response:
    """Ask the host whose desks have cosigned what this desk has, and verify each cosignature."""
    with visit.seat.speaking() as desk:
        found, size = cosigners(desk), desk.common.ledger.size
    called = names.delegations(visit.desk)
    said = [f"{called.get(who, who)} ({count})" for who, count in found.items()]
    words = (
        _("Cosigned at {size} entries, each verified here, by desks of: {names}.").format(
            size=size, names=listed(said)
        )
        if said
        else _(
            "No desk has cosigned these {size} entries yet; desks do so when they next ask the host."
        ).format(size=size)
    )
    return visit.go("/record", words, "done" if said else "waiting")


# One entry


def entry(visit: Visit) -> Response:
    """Show one entry whole."""
    one = _entry(visit)
    raw = json.dumps(one["signed"], ensure_ascii=False, indent=1) if one["signed"] is not None else ""
    return visit.page(
        "record_entry.html",
        one=one,
        raw=raw,
        rooms=ROOM_NAMES,
        entry_names=ENTRY_NAMES,
        size=visit.desk.book(one["room"]).ledger.size,
    )


def receipt(visit: Visit) -> Response:
    """Return the host's receipt for an entry of the common record."""
    one = _common_entry(visit)
    data = outcomes.receipt_file(visit.desk, one["index"])
    return download(data, _("Receipt for entry {index}").format(index=one["index"]), "goreceipt")


def ask_disclose(visit: Visit) -> Response:
    """Say what a disclosure reveals, and to whom (rule 2)."""
    return visit.page("record_disclose.html", one=_act_entry(visit))


def disclose(visit: Visit) -> Response:
    """Return the file that shows one act to whoever has it."""
    one = _act_entry(visit)
    data = outcomes.disclosure(visit.desk, one["act"])
    return download(data, _("Entry {index}, disclosed").format(index=one["index"]), "godisclosure")


def _entry(visit: Visit) -> dict[str, Any]:
    """Return the entry of the address."""
    return register_view.whole(visit.desk, str(visit.path["room"]), int(visit.path["index"]))


def _common_entry(visit: Visit) -> dict[str, Any]:
    """Return the entry of the address if it is in the common record.

    Raises:
        LocalError: `page-unknown`.
    """
    one = _entry(visit)
    if one["register"] != "common":
        raise LocalError("page-unknown")
    return one


def _act_entry(visit: Visit) -> dict[str, Any]:
    """Return the entry of the address if it holds an act of the common record.

    Raises:
        LocalError: `page-unknown`, `entry-no-act`; `paper-no-evidence` of what nobody has signed.
    """
    one = _common_entry(visit)
    if one["aside"]:
        raise LocalError("paper-no-evidence", index=one["index"])
    if one["act"] is None:
        raise LocalError("entry-no-act", index=one["index"])
    return one


# Evidence and doubts


def evidence(visit: Visit) -> Response:
    """Show the evidence against the host that this desk keeps; that of soundings, which takes long to verify, by name."""
    beside = Beside(anchors=compared(visit.desk))
    files = [
        {"name": one.name, "size": one.stat().st_size, **told_finding(verified(one.read_bytes(), beside))}
        for one in evidence_files(visit.desk)
    ]
    others = [{"name": one.name, "size": one.stat().st_size} for one in other_evidence(visit.desk)]
    return visit.page(
        "record_evidence.html",
        files=files,
        others=others,
        stopped=visit.desk.storage.get("stopped") is not None,
    )


def evidence_download(visit: Visit) -> Response:
    """Return one file of evidence."""
    name = str(visit.path["name"])
    data = evidence_file(visit.desk, name)
    stem, _dot, ending = name.rpartition(".")
    return download(data, _("Evidence {name}").format(name=stem or name), safe(ending) or "fork")


def doubts(visit: Visit) -> Response:
    """Show the acts whose authors computed another state."""
    return visit.page("record_doubts.html", doubted=_doubts(visit))


def decide(visit: Visit) -> Response:
    """Go on in spite of the doubts, in two steps."""
    found = _doubts(visit)
    if not found:
        return visit.go("/record/doubts")
    page = visit.preview(
        title=_("Go on in spite of the difference"),
        binds=_(
            "This desk may send acts that bind again. The doubts stay on record as decided, by you and now."
        ),
        lines=[
            _("Entry {index}, by {name}: {what}").format(
                index=one["index"], name=one["author"].called, what=one["what"]
            )
            for one in found
        ],
        readers=_("Kept at this desk; nothing is sent."),
        verb=_("Go on"),
        back="/record/doubts",
        of=" ".join(f"{one['register']}/{one['index']}" for one in found),
    )
    if page is not None:
        return page
    visit.desk.decide()
    return visit.go("/record", _("Decided. This desk goes on."))


def _doubts(visit: Visit) -> list[dict[str, Any]]:
    """Return the entries in doubt, each whole."""
    desk = visit.desk
    rooms = {desk.common.ledger.register: "common", desk.caucus.ledger.register: "caucus"}
    return [register_view.whole(desk, rooms[register], index) for register, index in desk.doubts()]


ROUTES: Final = (
    get("/record", show),
    post("/record/cosigners", ask_cosigners),
    get("/record/evidence", evidence),
    get("/record/evidence/{name}", evidence_download),
    get("/record/doubts", doubts),
    post("/record/doubts", decide),
    get("/record/{room}/{index:int}", entry),
    get("/record/{room}/{index:int}/receipt", receipt),
    get("/record/{room}/{index:int}/disclose", ask_disclose),
    post("/record/{room}/{index:int}/disclose", disclose),
)
