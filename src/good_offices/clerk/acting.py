"""Doing an act for somebody: sent at once, or kept on the disk to be sent later.

This module decides when an act that could not be sent counts as done: when it waits in the outbox. It never does an act
that the rules refuse.
"""

from __future__ import annotations

from good_offices.desk.annexes import file_annex
from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk, Done
from good_offices.encoding import unpack
from good_offices.errors import OperationalError
from good_offices.talks.event import Happened
from good_offices.talks.events_plenary import AnnexFiled


def acted(
    desk: Desk, room: str, event: Happened, *, unconfirmed: bool = False, file: bytes | None = None
) -> Done:
    """Return what became of an act; one that could not be sent is on the disk and waits, with the file of an annex.

    Raises:
        LocalError: the rules refuse it; nothing has left this machine.
        OperationalError: the disk refused, so that nothing waits either.
    """
    before = len(desk.storage.outbox())
    try:
        if isinstance(event, AnnexFiled) and file is not None:
            return file_annex(desk, room, event, file, unconfirmed=unconfirmed)
        return desk.act(room, event, unconfirmed=unconfirmed)  # type: ignore[arg-type] # every event is a member of the union
    except OperationalError:
        waiting = [unpack(content, Outgoing).act for _place, content in desk.storage.outbox()]
        # Behind an act may stand what it brings with it.
        acts = [one for one in waiting[before:] if one is not None]
        if not acts:
            raise
        return Done(acts[0], None)
