"""A step that binds: the page that says what it does, and what became of it.

This module decides how a refused step is shown again and how a done one is told. It never decides what a step does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from starlette.responses import Response

from good_offices.chancery import kit_form
from good_offices.chancery.remedies import on_screen
from good_offices.chancery.visit import Visit
from good_offices.desk.desk import Done
from good_offices.errors import GoodOfficesError


def refusal_of(error: GoodOfficesError) -> dict[str, str]:
    """Return the sentences of an error, as `refusal` in a page shows them."""
    message, remedy = on_screen(error)
    return {"message": message, "remedy": remedy, "code": error.code}


def take(
    visit: Visit,
    act: Callable[[], Sequence[Done]],
    page: Callable[..., Response],
    said: str,
    to: str = "/people",
) -> Response:
    """Return the way back after a step, or its page with what was refused (rule 2)."""
    try:
        done = act()
    except GoodOfficesError as refused:
        return page(visit, refused)
    kit_form.forget(visit)
    short = [one for one in done if one.verdict is None or one.verdict.status != "valid"]
    return visit.tell((short or list(done))[0], "DeskCertified", to, said=said)


def step(visit: Visit, refused: GoodOfficesError | None, **shown: Any) -> Response:
    """Return the page of a step."""
    base: dict[str, Any] = {
        "kit": None,
        "lines": [],
        "strong": False,
        "can": True,
        "choices": [],
        "why_not": "",
    }
    refusal = refusal_of(refused) if refused else None
    return visit.page("people_step.html", 409 if refused else 200, refusal=refusal, **(base | shown))
