"""Conditions in the console: what delegations asked for together, the host's checklist, and its answers.

This module decides how forms become notes and answers. What is a request, and what may be an answer, is decided by
`venue.clear.conditions`.

1. What stands here was handed over in clear by all delegations of the talks. Nothing else of talks is here.
2. The checklist is for the host's people alone. An answer is signed by the host and takes two steps.
3. What is not answered yet stays so: an empty choice is no answer.
4. Two operators: a form carries the number of the answer it was made from, and does not answer over another's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from starlette.responses import Response

from good_offices.errors import LocalError
from good_offices.locale import LANGUAGES, N_, _, language
from good_offices.register.conditions import SAYS, AnsweredItem
from good_offices.venue.clear import conditions as kept
from good_offices.venue.clear.conditions import Asked
from good_offices.venue.clear.table import Task
from good_offices.venue.console.visit import Visit, get, post
from good_offices.venue.rendering import name_of_language, when

SHORT: Final = 16
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "place": N_("Place"),
        "dates": N_("Dates"),
        "rooms": N_("Rooms"),
        "interpretation": N_("Interpretation"),
        "secretariat": N_("Secretariat"),
        "security": N_("Security"),
        "entry": N_("Visas and safe conduct"),
        "press": N_("Press centre"),
        "other": N_("Other"),
    }
)
WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "confirmed": N_("We confirm"),
        "changed": N_("We offer a change"),
        "declined": N_("We cannot provide this"),
    }
)


def every(visit: Visit) -> Response:
    """Show all requests, the newest first."""
    rows = [
        {
            "talks": one.request.talks.hex()[:SHORT],
            "number": one.kept.number,
            "time": one.kept.time,
            "items": len(one.request.items),
            "answered": len(one.said),
            "done": sum(1 for task in one.tasks.values() if task.done),
            "replaced": one.replaced,
        }
        for one in kept.asked(visit.folder)
    ]
    return visit.page("conditions.html", requests=rows)


def one(visit: Visit) -> Response:
    """Show one request: what is asked, the checklist, the answers."""
    asked = _asked(visit)
    return visit.page(
        "condition.html",
        talks=asked.request.talks.hex()[:SHORT],
        asked=asked,
        base=asked.answer.answer if asked.answer else 0,
        items=[_row(asked, each.key) for each in asked.request.items],
        kinds={kind: _(words) for kind, words in KINDS.items()},
        says={says: _(WORDS[says]) for says in SAYS},
        tongues={
            tag: name_of_language(tag)
            for tag in dict.fromkeys((language(), *LANGUAGES, "ar", "es", "fr", "zh"))
        },
    )


def note(visit: Visit) -> Response:
    """Keep the checklist (rule 2)."""
    asked = _asked(visit)
    for each in asked.request.items:
        task = Task(
            owner=visit.field(f"owner-{each.key}"),
            remark=visit.field(f"remark-{each.key}"),
            done=visit.field(f"done-{each.key}") == "yes",
        )
        if task != asked.tasks.get(each.key, Task()):
            kept.note(visit.folder, asked.request.talks.hex(), asked.kept.number, each.key, task)
    return visit.go(_address(asked), _("The checklist is kept. Nobody outside this house sees it."))


def answer(visit: Visit) -> Response:
    """Sign an answer, in two steps (rules 2 to 4)."""
    asked = _asked(visit)
    items = list(_answered(visit, asked))
    if not items:
        raise LocalError("console-nothing-answered")
    base = visit.field("base")
    said = visit.sure(
        title=_("Sign this answer?"),
        binds=_(
            "The delegations are shown it as your word, and can prove that you signed it. A later answer can change it."
        ),
        lines=[line for each in items for line in _lines(asked, each)],
        readers=_("Seen by all delegations of these talks."),
        verb=_("Sign and answer"),
        back=_address(asked),
    )
    if said:
        return said
    kept.answer(
        visit.folder,
        asked.request.talks.hex(),
        asked.kept.number,
        items,
        base=int(base) if base.isascii() and base.isdigit() and len(base) < 6 else -1,
    )
    return visit.go(_address(asked), _("The answer is signed. Each desk shows it when it asks next."))


def _asked(visit: Visit) -> Asked:
    """Return the request of the address.

    Raises:
        LocalError: `console-page-unknown`.
    """
    talks, number = visit.request.path_params["talks"], visit.request.path_params["number"]
    if len(talks) != SHORT or not (number.isascii() and number.isdigit() and len(number) < 6):
        raise LocalError("console-page-unknown")
    try:
        return kept.named(visit.folder, talks, int(number))
    except LocalError:
        raise LocalError("console-page-unknown") from None


def _address(asked: Asked) -> str:
    """Return the address of a request."""
    return f"/conditions/{asked.request.talks.hex()[:SHORT]}/{asked.kept.number}"


def _row(asked: Asked, key: str) -> dict[str, Any]:
    """Return one item with its note and the last answer to it."""
    item = next(each for each in asked.request.items if each.key == key)
    return {"item": item, "task": asked.tasks.get(key, Task()), "said": asked.said.get(key)}


def _answered(visit: Visit, asked: Asked) -> Iterable[AnsweredItem]:
    """Yield the answers of the form that differ from those given before (rule 3)."""
    for each in asked.request.items:
        says = visit.field(f"says-{each.key}")
        known = next((one for one in SAYS if one == says), None)
        if known is None:
            continue
        words = visit.field(f"words-{each.key}")
        moved = known == "changed"
        fresh = AnsweredItem(
            key=each.key,
            says=known,
            words=words,
            language=visit.field(f"language-{each.key}") if words else "",
            begins=_moment(visit.field(f"begins-{each.key}")) if moved else None,
            ends=_moment(visit.field(f"ends-{each.key}")) if moved else None,
        )
        if fresh != asked.said.get(each.key):
            yield fresh


def _lines(asked: Asked, each: AnsweredItem) -> list[str]:
    """Return what would be answered, in words."""
    item = next(one for one in asked.request.items if one.key == each.key)
    lines = [
        f"{_(KINDS[item.kind])}: {item.words}",
        f"→ {_(WORDS[each.says])}" + (f": {each.words}" if each.words else ""),
    ]
    if each.begins is not None:
        lines.append(" – ".join(when(one) for one in (each.begins, each.ends) if one is not None))
    return lines


def _moment(word: str) -> int | None:
    """Return milliseconds since 1970 of a date and time as a form gives them, by this machine's clock.

    Raises:
        LocalError: `time-unreadable`.
    """
    if not word:
        return None
    try:
        return int(datetime.fromisoformat(word).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError):  # West of Greenwich the last day of the year 9999 overflows.
        raise LocalError("time-unreadable") from None


ROUTES: Final[tuple[Any, ...]] = (
    get("/conditions", every),
    get("/conditions/{talks}/{number}", one),
    post("/conditions/{talks}/{number}/notes", note),
    post("/conditions/{talks}/{number}/answer", answer),
)
