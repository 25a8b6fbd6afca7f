"""What a way back is called: the page it leads to, so that nobody has to press it to know.

This module decides the words, and the page to which a refused form leads back if it names none. It never decides an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from good_offices.locale import N_, _

_NAMES: Final[Mapping[str, str]] = {
    "/agenda": N_("Back to the agenda"),
    "/plenary": N_("Back to the plenary"),
    "/caucus": N_("Back to the caucus"),
    "/groups": N_("Back to the rooms"),
    "/text": N_("Back to the text"),
    "/signature": N_("Back to the signature"),
    "/record": N_("Back to the record"),
    "/people": N_("Back to people and keys"),
    "/people/kits": N_("Back to the recovery kits"),
    "/people/compare": N_("Back to the number"),
    "/soundings": N_("Back to the soundings"),
    "/since": N_("Back to what came since you left"),
    "/notes": N_("Back to your private notes"),
    "/glossary": N_("Back to the terms"),
    "/room": N_("Back to the room screen"),
}
_OVERVIEW: Final = N_("Back to the overview")
_DOOR: Final = N_("Back to where the desk is opened")


def name_of(address: str, *, is_open: bool = True) -> str:
    """Return what a link back to an address says; without an open desk every way leads to the door."""
    if not is_open:
        return _(_DOOR)
    return _(_NAMES.get(_screen(address), _OVERVIEW))


def back_from(path: str) -> str:
    """Return the screen under which a form or a page stands, to go back to; the overview from a screen itself."""
    screen = _screen(path)
    return screen if screen and screen != path.rstrip("/") else "/"


def within(address: str) -> str:
    """Return an address if it leads to a screen of this server, else that of the overview."""
    ours = address.startswith("/") and not address.startswith("//") and address.isprintable()
    return address if ours and "\\" not in address else "/"


def _screen(address: str) -> str:
    """Return the address of the screen that an address belongs to; empty for the overview and what has no name here."""
    path = address.partition("#")[0].partition("?")[0].rstrip("/")
    while path and path not in _NAMES:
        path = path.rpartition("/")[0]
    return path
