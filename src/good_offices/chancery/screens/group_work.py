"""The papers of a group: its annexes with their files.

This module decides to which room they go. Its texts are on the screens of texts, as those of the plenary.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.screens.groups import group_of
from good_offices.chancery.screens.plenary_papers import attachment, filed
from good_offices.chancery.visit import Visit, get, post


def file_annex(visit: Visit) -> Response:
    """File an annex in a group."""
    room = group_of(visit)
    return filed(visit, room, f"/groups/{room}")


def annex_file(visit: Visit) -> Response:
    """Return the file of an annex of a group."""
    return attachment(visit, group_of(visit))


ROUTES: Final = (
    post("/groups/{room}/annex", file_annex),
    get("/groups/{room}/annex/file", annex_file),
)
