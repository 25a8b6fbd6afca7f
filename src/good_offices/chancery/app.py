"""The application: which screens there are, in the order of the navigation.

This module decides the list of routes and what happens between requests. Each screen is a module of `screens`.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import pkgutil
from collections.abc import AsyncIterator
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from good_offices.chancery import live, screens
from good_offices.chancery.guard import Door, Guard
from good_offices.chancery.holding import HOLDING
from good_offices.chancery.seat import Seat
from good_offices.chancery.visit import Visit, get
from good_offices.errors import LocalError

_SWEEP = 5.0


def build(seat: Seat, door: Door) -> Starlette:
    """Return the application for one desk, guarded by `door`."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep(seat))
        try:
            yield
        finally:
            sweeping.cancel()
            await run_in_threadpool(seat.close)

    app = Starlette(
        routes=[*routes(), _static(), get("/{rest:path}", _unknown, locked=True)],
        middleware=[Middleware(Guard, door=door)],
        lifespan=lifespan,
    )
    app.state.seat, app.state.door = seat, door
    seat.when_locked(door.forget)
    seat.when_locked(HOLDING.clear)
    return app


def routes() -> list[BaseRoute]:
    """Return the routes of all screens; a module of `screens` is found by being there."""
    found: list[BaseRoute] = list(live.ROUTES)
    for module in sorted(one.name for one in pkgutil.iter_modules(screens.__path__)):
        found += importlib.import_module(f"{screens.__name__}.{module}").ROUTES
    return found


def _static() -> Mount:
    """Return the files that every page may load: scripts from here, style and fonts from `assets`."""
    folders = [str(files("good_offices.chancery") / "static"), str(files("good_offices.assets"))]
    serving = StaticFiles(directory=folders[0])
    serving.all_directories = folders  # type: ignore[assignment] # it searches them in order
    return Mount("/static", serving)


async def _sweep(seat: Seat) -> None:
    """Lock an idle desk."""
    while True:
        await asyncio.sleep(min(_SWEEP, seat.idle / 4))
        await run_in_threadpool(seat.lock_if_idle)


def _unknown(_visit: Visit) -> Response:
    """Refuse an address that is no page."""
    raise LocalError("page-unknown")
