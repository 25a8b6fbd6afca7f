"""What is new, as it comes: a stream of numbers to the browser, and what they stand for when a reader asks.

This module decides what an open page is told without being asked: how much there is, how the connection stands, that
the desk was locked. It never sends words of the talks on the stream, and never changes a page under its reader.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from good_offices.chancery.screen import clock
from good_offices.chancery.seat import Seat
from good_offices.chancery.visit import Visit, get, language_of
from good_offices.clerk import names
from good_offices.clerk.joining import Joining
from good_offices.clerk.rooms_view import in_words, labels, subject
from good_offices.locale import _, ngettext, pgettext, use

_HEARTBEAT: Final = 15.0
_MANY: Final = 5
_TOGETHER: Final = 0.05


def connection(seat: Seat) -> str:
    """Return the plain truth about the connection, in words."""
    if seat.state == "locked":
        return pgettext("desk", "Locked")
    if seat.state == "stopped":
        return _("Stopped: evidence against the host")
    if seat.state == "courier":
        return _("By courier, no network")
    if seat.state == "connecting":
        return _("Connecting to the host")
    if seat.state == "unreachable":
        if seat.up_to is None:
            return _("Host unreachable, nothing sent")
        return _("Host unreachable since {time}, nothing sent").format(time=clock(seat.up_to))
    assert seat.up_to is not None
    return _("Up to date {time}").format(time=clock(seat.up_to))


async def stream(request: Request) -> Response:
    """Return the stream of one browser: one line of state now and at each change."""
    seat, session = request.app.state.seat, request.scope["session"]
    if session is None:
        return Response(status_code=403)
    language = await run_in_threadpool(language_of, Visit(request, seat, session))

    async def lines() -> AsyncIterator[str]:
        loop, changed = asyncio.get_running_loop(), asyncio.Event()
        end = seat.listen(lambda: loop.call_soon_threadsafe(changed.set))
        try:
            last = ""
            yield "retry: 2000\n\n"
            while True:
                with use(language):
                    now = json.dumps(
                        {"stamp": seat.stamp(), "state": seat.state, "words": connection(seat)},
                        ensure_ascii=False,
                    )
                if now != last:
                    yield f"data: {now}\n\n"
                    last = now
                changed.clear()
                try:
                    await asyncio.wait_for(changed.wait(), _HEARTBEAT)
                    await asyncio.sleep(_TOGETHER)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            end()

    return StreamingResponse(lines(), media_type="text/event-stream")


def news(visit: Visit) -> Response:
    """Return what stands in the records beyond a stamp, newest last, without the acts of this desk itself."""
    try:
        common, caucus = (int(part) for part in visit.query.get("since", "").split("."))
    except ValueError:
        common, caucus = visit.desk.common.ledger.size, visit.desk.caucus.ledger.size
    called, joined = labels(visit.desk), Joining(visit.desk)
    found: list[dict[str, Any]] = []
    for room, book, since in (("common", visit.desk.common, common), ("caucus", visit.desk.caucus, caucus)):
        for line in visit.seat.lines(book)[max(since, 0) :]:
            if (
                line.act is None
                or line.act.author == visit.desk.certificate
                or subject(line.act.event) == "keys"
            ):
                continue
            who = names.author(visit.desk, line.act.author)
            # The line stands on whatever page is open, and others may look at that page with us.
            what = (
                _("In your caucus")
                if room == "caucus"
                else in_words(visit.desk, line.act.event, called, joined(line))
            )
            found.append({"where": room, "who": who[0] or who[1], "what": what})
    words = (
        ngettext("{count} new act", "{count} new acts", len(found)).format(count=len(found)) if found else ""
    )
    return JSONResponse({"stamp": visit.seat.stamp(), "count": words, "acts": found[-_MANY:]})


ROUTES: Final = (Route("/live", stream), get("/live/news", news))
