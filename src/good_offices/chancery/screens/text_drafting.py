"""Drafting: proposing words, accepting what is proposed, taking back, keeping drafts.

This module decides how words get from a drafter's hands into an act. It never posts an act that a person has not seen as
it will read, and never loses what was typed.

1. A proposal takes two steps: the second page shows every change in every language, who will see it, and whether some of
   its words stand in the caucus or in private notes.
2. A draft on words that have changed since is not moved to the new ones: both are shown, and the drafter decides.
3. Drafts lie sealed at this desk, and are destroyed when they have been proposed or discarded.
4. The proposals of a delegation have every so-many-th number, so that two that are made at the same time differ.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from good_offices.chancery.screen import clock, name_of_language
from good_offices.chancery.screens.accepting import ending
from good_offices.chancery.screens.text import back, each_room, sheet_of, which
from good_offices.chancery.text import kept
from good_offices.chancery.text.cells import told
from good_offices.chancery.text.sheet import key_of
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import drafting, names
from good_offices.clerk.provisions import called
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _, language
from good_offices.text.model import Unit, check_language
from good_offices.text.notation import print_runs
from good_offices.text.state import TextState

_NUMBERED: Final = re.compile(r"P-(\d+)")


def present(desk: Desk, unit: Unit) -> dict[str, str]:
    """Return the words of a provision in the notation, by language."""
    parties = names.delegations(desk)
    return {one: print_runs(runs, names=parties) for one, runs in unit.texts.items()}


def free_name(desk: Desk, text: TextState) -> str:
    """Return the name of this delegation's next proposal (rule 4)."""
    everyone = desk.talks.roster.expected
    taken = [int(found[1]) for name in text.proposals if (found := _NUMBERED.match(name))]
    number = max(taken, default=0) + 1
    while number % len(everyone) != everyone.index(desk.identity.place.delegation):
        number += 1
    return f"P-{number}"


def propose(visit: Visit) -> Response:
    """Show the editor on a provision: the draft that lies here, else words to begin with."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    return _editor(visit, text, unit)


def _editor(
    visit: Visit, text: TextState, unit: Unit, typed: dict[str, Any] | None = None, status: int = 200
) -> Response:
    """Show the editor."""
    desk = visit.desk
    page = sheet_of(visit, text, every=True)
    now = present(desk, unit)
    draft = typed or kept.draft(desk, page.key, unit.id)
    source = draft.get("from", "") if draft else visit.query.get("from", "")
    other = visit.query.get("from", "")
    amend = bool(draft.get("amend")) if draft else visit.query.get("amend") == "1"
    words = dict(draft.get("words", {})) if draft else _begin(desk, text, unit, source)
    moved = bool(draft) and draft.get("base") != unit.digest.hex()
    over = draft.get("over", {}) if moved else {}
    tongues = dict.fromkeys([*page.languages, *words])
    if further := visit.query.get("add", ""):
        check_language(further)
        tongues[further] = None
    wanted = [one for one in tongues if {one} & {*now, *words, further, *text.instrument.authentic}]
    return visit.page(
        "text_propose.html",
        status,
        s=page,
        text=text,
        unit=unit,
        name=page.called[unit.id],
        fields=[_tongue(one, now, words, over) for one in wanted],
        base=unit.digest.hex(),
        moved=moved,
        condition=draft.get("condition", "") if draft else _condition(text, source),
        source=source,
        amend=amend,
        other=other if draft and other != source else "",
        kept_at=draft.get("time") if draft and not typed else None,
        is_open=text.status(unit.id) == "open",
        readers=visit.readers(visit.room),
    )


def _tongue(
    language: str, now: Mapping[str, str], words: Mapping[str, str], over: Mapping[str, str]
) -> dict[str, Any]:
    """Return one language of the editor: its words, the present ones, and what changed in these meanwhile."""
    old = now.get(language, "")
    new = words.get(language, old)
    has_moved = language in over and over[language] != old
    return told(old, new) | {
        "language": language,
        "typed": new,
        "present": old,
        "moved": told(over[language], old)["line"] if has_moved else "",
        "empty": language not in now,
    }


def _begin(desk: Desk, text: TextState, unit: Unit, source: str) -> dict[str, str]:
    """Return the words that a new draft begins with: those of a proposal, or the present ones."""
    words = present(desk, unit)
    parties = names.delegations(desk)
    for one in text.proposals.values():
        if source and source in (one.id, one.package) and one.unit == unit.id:
            words |= {tongue: print_runs(runs, names=parties) for tongue, runs in one.texts.items()}
    return words


def _condition(text: TextState, source: str) -> str:
    """Return the condition of the proposal that a draft begins with."""
    return next(
        (one.condition for one in text.proposals.values() if source and source in (one.id, one.package)), ""
    )


def _typed(visit: Visit, text: TextState, unit: Unit) -> dict[str, Any]:
    """Return what stands in the editor's form."""
    words = {
        name.removeprefix("words."): str(value).replace("\r\n", "\n").strip("\n")
        for name, value in visit.form.multi_items()
        if name.startswith("words.")
    }
    old = kept.draft(visit.desk, key_of(text, visit.room), unit.id)
    base = visit.field("base")
    # What the draft was begun on is kept with it as long as its base is the same: when the text moves, both are shown.
    over = (
        old["over"]
        if old.get("base") == base and base != unit.digest.hex() and "over" in old
        else present(visit.desk, unit)
    )
    return {
        "base": base,
        "over": over,
        "words": words,
        "condition": visit.field("condition"),
        "from": visit.field("from"),
        "amend": visit.field("amend") == "1",
        "time": int(time.time() * 1000),
    }


def submit(visit: Visit) -> Response:
    """Show the proposal as it will read, then make it (rules 1 and 2)."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    desk, typed = visit.desk, _typed(visit, text, unit)
    kept.keep_draft(desk, key_of(text, visit.room), unit.id, typed)
    if typed["base"] != unit.digest.hex():
        return _editor(visit, text, unit, typed, 409)
    now = present(desk, unit)
    # The languages that stand are part of the complete text, changed or not: a slot has the same variants in each.
    words = {one: given for one, given in typed["words"].items() if given.strip()}
    changed = {one: given for one, given in words.items() if given != now.get(one, "")}
    if not changed:
        raise LocalError("proposal-empty", unit=called(text.instrument, language())[unit.id].whole)
    is_brackets = visit.field("way") == "brackets"
    event: Any
    if is_brackets:
        event = drafting.brackets(desk, text, {unit.id: changed})
    else:
        name = free_name(desk, text)
        event = drafting.amendment(desk, text, {unit.id: words}, name=name, condition=typed["condition"])
    if visit.field("confirmed") != "yes":
        return _preview(visit, text, unit, words, typed)
    done = visit.seat.act(visit.room, ending(visit, event))
    if done.verdict is None or done.verdict.status != "void":
        kept.keep_draft(desk, key_of(text, visit.room), unit.id, {})
        if not is_brackets:
            _replace(visit, text.instrument.id, typed)
    return visit.tell(done, event.name, back(visit, text, unit.id))


def _replace(visit: Visit, text: str, typed: Mapping[str, Any]) -> None:
    """Withdraw one's own proposal that the new one amends."""
    state = names.text_named(names.state(visit.desk, visit.room), text)
    own = visit.desk.identity.place.delegation
    for one in state.proposals.values() if typed["amend"] else ():
        if typed["from"] in (one.id, one.package) and not one.fate and one.party == own:
            visit.seat.act(visit.room, drafting.withdrawal(state, typed["from"]))
            return


def _preview(
    visit: Visit, text: TextState, unit: Unit, words: Mapping[str, str], typed: Mapping[str, Any]
) -> Response:
    """Return the page between typing and proposing."""
    now = present(visit.desk, unit)
    return visit.page(
        "text_preview.html",
        text=text,
        name=called(text.instrument, language())[unit.id],
        unit=unit,
        changes=[told(now.get(one, ""), given) | {"language": one} for one, given in words.items()],
        condition=typed["condition"],
        replaces=typed["from"] if typed["amend"] else "",
        without=[name_of_language(one) for one in now if one not in words],
        private=kept.warnings(visit.seat, visit.room, [*words.values(), typed["condition"]]),
        is_brackets=visit.field("way") == "brackets",
        readers=visit.readers(visit.room),
        carried=[
            (key, value)
            for key, value in visit.form.multi_items()
            if isinstance(value, str) and key not in ("csrf", "confirmed")
        ],
    )


def keep(visit: Visit) -> Response:
    """Keep a draft: for a script, the time at which it was kept; for a form, the way back to the editor."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    typed = _typed(visit, text, unit)
    kept.keep_draft(visit.desk, key_of(text, visit.room), unit.id, typed)
    if "json" in visit.request.headers.get("accept", ""):
        return JSONResponse(
            {
                "kept": _("Kept sealed at this desk, {time}").format(time=clock(typed["time"])),
                "moved": typed["base"] != unit.digest.hex(),
            }
        )
    return visit.go(
        f"{visit.texts}/{text.instrument.id}/propose/{unit.id}",
        _("The draft is kept, sealed, at this desk. Nobody else sees it."),
    )


def discard(visit: Visit) -> Response:
    """Destroy a draft."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    kept.keep_draft(visit.desk, key_of(text, visit.room), unit.id, {})
    if source := visit.query.get("from"):
        return visit.go(f"{visit.texts}/{text.instrument.id}/propose/{unit.id}", **{"from": source})
    return visit.go(back(visit, text, unit.id), _("The draft is discarded."))


def rebase(visit: Visit) -> Response:
    """Let a draft stand over the words as they are now: its drafter has seen both (rule 2)."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    typed = _typed(visit, text, unit) | {"base": unit.digest.hex(), "over": present(visit.desk, unit)}
    kept.keep_draft(visit.desk, key_of(text, visit.room), unit.id, typed)
    return visit.go(f"{visit.texts}/{text.instrument.id}/propose/{unit.id}")


def check(visit: Visit) -> Response:
    """Return what is to be said of pasted words that stand in private, or in a group that others here do not read."""
    found = kept.warnings(visit.seat, visit.room, [visit.field("words")])
    return JSONResponse({"found": found, "said": " ".join(found)})


ROUTES: Final = (
    *each_room(get, "/text/{text}/propose/{unit}", propose),
    *each_room(post, "/text/{text}/propose/{unit}", submit),
    *each_room(post, "/text/{text}/draft/{unit}", keep),
    *each_room(post, "/text/{text}/discard/{unit}", discard),
    *each_room(post, "/text/{text}/rebase/{unit}", rebase),
    *each_room(post, "/text/~/words", check),
)
