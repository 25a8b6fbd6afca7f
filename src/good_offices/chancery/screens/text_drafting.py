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
from typing import Any, Final

from starlette.responses import JSONResponse, Response

from good_offices.chancery.screen import clock, listed, name_of_language
from good_offices.chancery.screens.text import sheet_of, which
from good_offices.chancery.text import kept, leaks
from good_offices.chancery.text.cells import in_words, marked, plain
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import drafting, names, pending
from good_offices.clerk.provisions import called
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _, language
from good_offices.talks.events_plenary import AcceptanceWithdrawn
from good_offices.text.model import Unit, check_language
from good_offices.text.notation import print_runs
from good_offices.text.redline import redline
from good_offices.text.state import TextState

_NUMBERED: Final = re.compile(r"P-(\d+)")


def back(text: TextState, unit: str = "") -> str:
    """Return the address of a text, at a provision."""
    return f"/text/{text.instrument.id}" + (f"#unit-{unit}" if unit else "")


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
    draft = typed or kept.draft(desk, text.instrument.id, unit.id)
    source = draft.get("from", "") if draft else visit.query.get("from", "")
    other = visit.query.get("from", "")
    amend = bool(draft.get("amend")) if draft else visit.query.get("amend") == "1"
    words = dict(draft.get("words", {})) if draft else _begin(desk, text, unit, source)
    moved = bool(draft) and draft.get("base") != unit.digest.hex()
    over = draft.get("over", {}) if moved else {}
    fields = []
    further = visit.query.get("add", "")
    if further:
        check_language(further)
    for one in dict.fromkeys([*page.languages, *words, *([further] if further else [])]):
        if one in now or one in words or one == further or one in text.instrument.authentic:
            old, new = now.get(one, ""), words.get(one, now.get(one, ""))
            segments = redline(plain(old), plain(new))
            fields.append(
                {
                    "language": one,
                    "words": new,
                    "present": old,
                    "line": marked(segments),
                    "changes": in_words(segments),
                    "moved": marked(redline(plain(over[one]), plain(old)))
                    if one in over and over[one] != old
                    else "",
                    "empty": one not in now,
                }
            )
    return visit.page(
        "text_propose.html",
        status,
        s=page,
        text=text,
        unit=unit,
        name=page.called[unit.id],
        fields=fields,
        base=unit.digest.hex(),
        moved=moved,
        condition=draft.get("condition", "") if draft else _condition(text, source),
        source=source,
        amend=amend,
        other=other if draft and other != source else "",
        kept_at=draft.get("time") if draft and not typed else None,
        is_open=text.status(unit.id) == "open",
        readers=visit.readers("plenary"),
    )


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
    old = kept.draft(visit.desk, text.instrument.id, unit.id)
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
    kept.keep_draft(desk, text.instrument.id, unit.id, typed)
    if typed["base"] != unit.digest.hex():
        return _editor(visit, text, unit, typed, 409)
    now = present(desk, unit)
    wanted = {
        one: words for one, words in typed["words"].items() if words != now.get(one, "") and words.strip()
    }
    if not wanted:
        raise LocalError("proposal-empty", unit=called(text.instrument, language())[unit.id].whole)
    # The languages that stand are part of the complete text, changed or not: a slot has the same variants in each.
    for one in typed["words"]:
        if one in now and typed["words"][one].strip():
            wanted.setdefault(one, typed["words"][one])
    given = {unit.id: wanted}
    if visit.field("way") == "brackets":
        changed = {one: words for one, words in wanted.items() if words != now.get(one)}
        event: Any = drafting.brackets(desk, text, {unit.id: changed})
    else:
        event = drafting.amendment(
            desk, text, given, name=free_name(desk, text), condition=typed["condition"]
        )
    asked = _preview(visit, text, unit, event, wanted, now, typed)
    if asked is not None:
        return asked
    answer = visit.act("plenary", event, back(text, unit.id))
    kept.keep_draft(desk, text.instrument.id, unit.id, {})
    if typed["amend"] and visit.field("way") != "brackets":
        own = [
            one for one in text.proposals.values() if typed["from"] in (one.id, one.package) and not one.fate
        ]
        if own and own[0].party == desk.identity.place.delegation:
            visit.seat.act(
                "plenary",
                drafting.withdrawal(names.text_named(desk.talks.plenary, text.instrument.id), typed["from"]),
            )
    return answer


def _preview(
    visit: Visit,
    text: TextState,
    unit: Unit,
    event: Any,
    wanted: dict[str, str],
    now: dict[str, str],
    typed: dict[str, Any],
) -> Response | None:
    """Return the page between typing and proposing, or None when the second step has been taken."""
    if visit.field("confirmed") == "yes":
        return None
    changes = []
    for one, words in wanted.items():
        segments = redline(plain(now.get(one, "")), plain(words))
        changes.append(
            {
                "language": one,
                "line": marked(segments),
                "words": in_words(segments),
                "same": words == now.get(one),
            }
        )
    without = [name_of_language(one) for one in now if one not in wanted]
    is_brackets = visit.field("way") == "brackets"
    return visit.page(
        "text_preview.html",
        text=text,
        name=called(text.instrument, language())[unit.id],
        unit=unit,
        event=event,
        changes=changes,
        condition=typed["condition"],
        replaces=typed["from"] if typed["amend"] else "",
        without=without,
        private=leaks.found(
            visit.desk, visit.seat.lines(visit.desk.caucus), [*wanted.values(), typed["condition"]]
        ),
        is_brackets=is_brackets,
        readers=visit.readers("plenary"),
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
    kept.keep_draft(visit.desk, text.instrument.id, unit.id, typed)
    if "json" in visit.request.headers.get("accept", ""):
        return JSONResponse(
            {
                "kept": _("Kept sealed at this desk, {time}").format(time=clock(typed["time"])),
                "moved": typed["base"] != unit.digest.hex(),
            }
        )
    return visit.go(
        f"/text/{text.instrument.id}/propose/{unit.id}",
        _("The draft is kept, sealed, at this desk. Nobody else sees it."),
    )


def discard(visit: Visit) -> Response:
    """Destroy a draft."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    kept.keep_draft(visit.desk, text.instrument.id, unit.id, {})
    if source := visit.query.get("from"):
        return visit.go(f"/text/{text.instrument.id}/propose/{unit.id}", **{"from": source})
    return visit.go(back(text, unit.id), _("The draft is discarded."))


def rebase(visit: Visit) -> Response:
    """Let a draft stand over the words as they are now: its drafter has seen both (rule 2)."""
    text = which(visit)
    unit = names.unit(text, str(visit.path["unit"]))
    typed = _typed(visit, text, unit) | {"base": unit.digest.hex(), "over": present(visit.desk, unit)}
    kept.keep_draft(visit.desk, text.instrument.id, unit.id, typed)
    return visit.go(f"/text/{text.instrument.id}/propose/{unit.id}")


def check(visit: Visit) -> Response:
    """Return which passages of pasted words stand in the caucus or in private notes."""
    found = leaks.found(visit.desk, visit.seat.lines(visit.desk.caucus), [visit.field("words")])
    said = _("These words stand in your caucus or private notes: {which}").format(
        which="; ".join(f"“{one}”" for one in found)
    )
    return JSONResponse({"found": found, "said": said if found else ""})


def accept(visit: Visit) -> Response:
    """Show what accepting would make of the text, then accept."""
    text = which(visit)
    word = visit.field("proposal") or visit.field("content")
    event = (
        drafting.acceptance(visit.desk, word, text.instrument.id)
        if visit.field("proposal")
        else pending.acceptance(visit.desk, word, None)
    )
    source = _proposed(visit.desk, event)
    names_of = called(text.instrument, language())
    changes = []
    for one in pending.foreseen(visit.desk, source):
        if one["now"] != one["then"]:
            label = names_of[one["unit"]].whole if one["unit"] in names_of else _("New provision")
            segments = redline(plain(one["now"]), plain(one["then"]))
            changes.append(
                {
                    "unit": one["unit"],
                    "label": label,
                    "language": one["language"],
                    "line": marked(segments),
                    "words": in_words(segments),
                    "same": False,
                }
            )
    if visit.field("confirmed") != "yes":
        from good_offices.chancery.text.rows import joint_words, sheet

        page = sheet(visit.desk, text, visit.seat.lines(visit.desk.common))
        joint = visit.desk.talks.plenary.joint.get((getattr(event, "amendment", None) or event.content).hex())  # type: ignore[union-attr] # what is accepted is acceptable
        waits = [
            one
            for one in (page.waits_for(joint) if joint else [])
            if one != visit.desk.identity.delegation_name
        ]
        title = (
            _("Accept {name}").format(name=word)
            if visit.field("proposal")
            else _("Accept: {what}").format(what=joint_words(page, event.name, event))
        )
        return visit.page(
            "text_accept.html",
            text=text,
            title=title,
            changes=changes,
            condition=getattr(source, "condition", ""),
            waits=listed(waits),
            carried=[(key, visit.field(key)) for key in ("proposal", "content") if visit.field(key)],
            readers=visit.readers("plenary"),
        )
    return visit.act(
        "plenary",
        event,
        back(text, changes[0]["unit"] if changes else ""),
        said=_("Accepted. It stands in the text."),
    )


def _proposed(desk: Desk, event: Any) -> Any:
    """Return the event in which the words stand that an acceptance accepts."""
    content = getattr(event, "amendment", None)
    if content is None:
        return event
    joint = desk.talks.plenary.joint[content.hex()]
    for held in sorted(joint.accepted.values(), key=lambda one: one.index):
        line = names.line(desk.common, held.index)
        if line.act is not None and line.act.event.name == "AmendmentProposed":
            return line.act.event
    return event


def withdraw(visit: Visit) -> Response:
    """Take back one's own proposal."""
    text = which(visit)
    name = visit.field("proposal")
    unit = next((one.unit for one in text.proposals.values() if name in (one.id, one.package)), "")
    return visit.act(
        "plenary",
        drafting.withdrawal(text, name),
        back(text, unit),
        said=_("{name} is withdrawn.").format(name=name),
    )


def take_back(visit: Visit) -> Response:
    """Take back this delegation's acceptance of a joint act that is not complete."""
    text = which(visit)
    event = pending.withdrawal(visit.desk, visit.field("content"))
    assert isinstance(event, AcceptanceWithdrawn)
    return visit.act("plenary", event, back(text), said=_("Our acceptance is taken back."))


def missing(text: TextState, unit: Unit) -> str:
    """Return the names of the authentic languages in which a provision has no text."""
    return listed([name_of_language(one) for one in text.instrument.authentic if one not in unit.texts])


ROUTES: Final = (
    get("/text/{text}/propose/{unit}", propose),
    post("/text/{text}/propose/{unit}", submit),
    post("/text/{text}/draft/{unit}", keep),
    post("/text/{text}/discard/{unit}", discard),
    post("/text/{text}/rebase/{unit}", rebase),
    post("/text/~/words", check),
    post("/text/{text}/accept", accept),
    post("/text/{text}/withdraw", withdraw),
    post("/text/{text}/take-back", take_back),
)
