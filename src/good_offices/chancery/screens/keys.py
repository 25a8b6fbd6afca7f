"""The keys of this desk and of its delegation: new keys on suspicion, the successor of the root, another passphrase.

This module decides the steps and their words. What is done is decided in `desk.suspicion`, `desk.people` and
`desk.storage`. It never keeps a root key.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery import kit_form
from good_offices.chancery.screens.begin import LEAST, passphrase_of
from good_offices.chancery.screens.people import ROOM_NAMES
from good_offices.chancery.stepping import refusal_of, step, take
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import kits, people_view
from good_offices.clerk.groups_view import called
from good_offices.desk import people
from good_offices.desk.desk import Done
from good_offices.desk.housekeeping import groups, is_open
from good_offices.desk.kits import next_root
from good_offices.desk.storage import write_durably
from good_offices.desk.suspicion import ROOMS, begin_anew
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.locale import _


def ask_succeed(visit: Visit) -> Response:
    """Show what the succession of the root means."""
    return _succeed_page(visit)


def succeed(visit: Visit) -> Response:
    """Put the successor root in force, after the kit of the next one is on the disk."""
    file = kits.next_name(visit.desk)

    def act() -> list[Done]:
        successor = kit_form.root_from(visit, "successor")
        people.check_successor(visit.desk, successor)
        following, words = next_root(str(visit.form.get("passphrase", "")))
        # Before the act: a root that commits to a successor nobody holds could never be succeeded.
        write_durably(visit.desk.storage.folder / file, words.encode())
        with visit.seat.speaking() as desk:
            return [people.succeed(desk, successor, following)]

    said = _("The successor is the root now. The kit of the next successor stands in the folder: print it.")
    return take(visit, act, _succeed_page, said, to="/people/kits")


def ask_new_keys(visit: Visit) -> Response:
    """Show what new keys do, and for which rooms."""
    return _new_keys_page(visit)


def new_keys(visit: Visit) -> Response:
    """Begin new epochs of the chosen rooms."""
    chosen = [room for room in (*ROOMS, *groups(visit.desk)) if room in visit.fields("room")]
    if not chosen:
        return visit.go("/people/new-keys", _("Choose at least one room."), "refused")

    def act() -> list[Done]:
        with visit.seat.speaking() as desk:
            begun = begin_anew(desk, chosen)
            return [Done(one, desk.book(room).verdicts.get(one)) for room, one in begun.items()]

    return take(
        visit, act, _new_keys_page, _("New keys are in force. What comes from now on is sealed under them.")
    )


def ask_passphrase(visit: Visit) -> Response:
    """Show the form for another passphrase."""
    return visit.page("people_passphrase.html", least=LEAST, refusal=None)


def change_passphrase(visit: Visit) -> Response:
    """Let the desk open with another passphrase."""
    try:
        new = passphrase_of(visit)
        visit.desk.storage.change_passphrase(str(visit.form.get("old", "")), new)
    except LocalError as refused:
        return visit.page("people_passphrase.html", 409, least=LEAST, refusal=refusal_of(refused))
    return visit.go("/people", _("The passphrase is changed. Kits and older backups keep the old one."))


def _succeed_page(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the page on which the successor takes over."""
    return step(
        visit,
        refused,
        title=_("Let the successor take over from the root"),
        binds=_(
            "Do this if the root key kit is lost, stolen or was seen. The successor becomes the root of your delegation for "
            "good, and the old kit is worth nothing. What it accredited stays in force; nobody compares a number again."
        ),
        lines=[
            (_("New file in the folder"), kits.next_name(visit.desk)),
            (_("It holds"), _("the kit of the next successor")),
        ],
        readers=visit.readers("plenary"),
        verb=_("Let the successor take over"),
        strong=True,
        kit=kit_form.shown(visit, "successor"),
    )


def _new_keys_page(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the page on which new keys are begun."""
    known = people_view.room_keys(visit.desk)
    choices: list[tuple[str, str, bool]] = [
        (room, _(ROOM_NAMES[room]), known[room]["held"]) for room in ROOMS if room in known
    ]
    choices += [(room, called(visit.desk, room), is_open(visit.desk, room)) for room in groups(visit.desk)]
    return step(
        visit,
        refused,
        title=_("New keys because of a suspicion"),
        binds=_(
            "Do this if somebody may have read along or copied a desk's folder. What comes is sealed under new keys, for the same "
            "readers. What was sealed before is not changed: who has its keys reads it still."
        ),
        lines=[
            (_("This desk"), _("shows fresh keys of its own first")),
            (
                _("Another desk"),
                _("if it may have been copied: let all desks come up to date, then do this once more"),
            ),
            (_("A person"), _("who should no longer read is recalled instead")),
        ],
        readers=_("{who} That new keys were begun; not why.").format(who=visit.readers("plenary")),
        verb=_("Begin new keys"),
        can=any(held for _room, _name, held in choices),
        why_not=_("No room is open yet."),
        choices=choices,
    )


ROUTES: Final = (
    get("/people/succeed", ask_succeed),
    post("/people/succeed", succeed),
    get("/people/new-keys", ask_new_keys),
    post("/people/new-keys", new_keys),
    get("/people/passphrase", ask_passphrase),
    post("/people/passphrase", change_passphrase),
)
