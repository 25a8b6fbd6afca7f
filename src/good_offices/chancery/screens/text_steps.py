"""Steps on provisions: stances, settling brackets, and the ladder from agreed to adopted and back.

This module decides the pages on which a step is prepared. Each names the provisions, shows their words as they will be
bound, and says who will see it: it is the first of the two steps, and its button is the second.
It never takes a step on provisions that nobody ticked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.screens.accepting import ending
from good_offices.chancery.screens.text import back, each_room, sheet_of, which
from good_offices.chancery.text.cells import cell, told
from good_offices.chancery.text.facts import variant_words
from good_offices.chancery.text.sheet import Sheet
from good_offices.chancery.visit import Visit, bound, get, post
from good_offices.clerk import drafting, names, pending, steps
from good_offices.clerk.provisions import state_of
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.talks.event import LEVELS, Level
from good_offices.text.brackets import slots_of
from good_offices.text.ladder import obstacles
from good_offices.text.model import Instrument, Kind, Open, Unit
from good_offices.text.settling import Choice
from good_offices.text.state import Says, TextState

STANCES: Final[tuple[Says, ...]] = ("supports", "opposes", "retain", "delete", "reserves")

# What each step is called, what it does, its button, and its event.
_STEPS: Final = {
    "agree": (
        N_("Agree"),
        N_(
            "The words are agreed when every delegation has agreed the same. Agreed words can still be reopened by all."
        ),
        N_("Agree"),
        "ProvisionAgreed",
    ),
    "confirm": (
        N_("Confirm for the capital"),
        N_("Your capital confirms what was agreed ad referendum. This cannot be taken back."),
        N_("Confirm"),
        "AdReferendumConfirmed",
    ),
    "certify": (
        N_("Certify the languages"),
        N_("Every delegation certifies that the languages say the same in these provisions."),
        N_("Certify"),
        "ConcordanceCertified",
    ),
    "lock": (
        N_("Lock"),
        N_("Locked words stand in every authentic language until all who locked them reopen them."),
        N_("Lock"),
        "ProvisionLocked",
    ),
    "reopen": (
        N_("Reopen"),
        N_("These provisions are open again when every delegation has done the same."),
        N_("Reopen"),
        "ProvisionReopened",
    ),
    "adopt": (
        N_("Adopt the whole text"),
        N_("Form and content of the whole text are fixed when every delegation has adopted it."),
        N_("Adopt"),
        "TextAdopted",
    ),
    "reopen-text": (
        N_("Reopen the adopted text"),
        N_(
            "The text is adopted no longer when every delegation has done the same; its provisions stay locked."
        ),
        N_("Reopen"),
        "TextReopened",
    ),
}


# As they follow one another on the way from the last bracket to the adopted text; then the ways back.
_ORDER: Final = ("certify", "agree", "confirm", "lock", "adopt", "reopen", "reopen-text")


def ready(visit: Visit, text: TextState, what: str) -> list[Unit]:
    """Return the provisions for which a step is the next one; none for a step on the whole text."""
    own = visit.desk.identity.place.delegation
    lists: dict[str, Callable[[], list[Unit]]] = {
        "agree": lambda: steps.to_agree(text),
        "confirm": lambda: steps.to_confirm(text, own),
        "certify": lambda: steps.to_certify(text),
        "lock": lambda: steps.to_lock(text),
        "reopen": lambda: [one for one in text.instrument.units if one.id in text.standing],
    }
    with suppress(LocalError):  # `none-ready`: the page says so
        return lists[what]() if what in lists else []
    return []


def _step(visit: Visit) -> str:
    """Return the step of the address.

    Raises:
        LocalError: `page-unknown`.
    """
    what = str(visit.path["what"])
    if what not in _STEPS:
        raise LocalError("page-unknown")
    return what


def step(visit: Visit) -> Response:
    """Show what a step would bind, and its button."""
    text, what = which(visit), _step(visit)
    page = sheet_of(visit, text, every=True)
    asked = visit.request.query_params.getlist("unit")
    units = ready(visit, text, what)
    title, binds, verb, event = _STEPS[what]
    return visit.page(
        "text_step.html",
        s=page,
        text=text,
        what=what,
        title=_(title),
        binds=_(binds),
        verb=_(verb),
        units=[
            (one, page.called[one.id], _cells(page, one), one.id in asked or (not asked and what != "reopen"))
            for one in units
            if not asked or one.id in asked
        ],
        is_whole=what in ("adopt", "reopen-text"),
        shown=[_mark(one) for one in (units or (text.instrument,))],
        may=page.may(event),
        levels=_levels(visit),
        level=visit.desk.identity.person.level,
        readers=visit.readers(visit.room),
    )


def _mark(one: Unit | Instrument) -> str:
    """Return how a page carries a provision, or the whole text, as it showed it."""
    return f"{one.id} {one.digest.hex()}"


def _levels(visit: Visit) -> tuple[str, ...]:
    """Return the levels of these talks: those of the modalities, if any are in force."""
    current = visit.desk.talks.plenary.modalities
    return current.modalities.levels if current else LEVELS


def _cells(page: Sheet, unit: Unit) -> dict[str, Any]:
    """Return the words of a provision in every language."""
    return {one: cell(unit.texts[one], page.names) for one in page.languages if one in unit.texts}


def take(visit: Visit) -> Response:
    """Take a step on the provisions that are ticked."""
    text, what = which(visit), _step(visit)
    units = [] if what in ("adopt", "reopen-text") else steps.named(text, visit.fields("unit"))
    # A member of ours or another desk may have completed a change since the page was shown (rule 2 of `visit`).
    if not {_mark(one) for one in (units or (text.instrument,))} <= set(visit.fields("shown")):
        return visit.go(visit.request.url.path, visit.moved(), "refused")
    level: Level = next((one for one in LEVELS if one == visit.field("level")), "experts")
    events: dict[str, Callable[[], Any]] = {
        "agree": lambda: steps.agreed(text, units, level, ad_referendum=visit.field("ad_referendum") == "1"),
        "confirm": lambda: steps.confirmed(text, units),
        "certify": lambda: steps.certified(text, units),
        "lock": lambda: steps.locked(text, units),
        "reopen": lambda: steps.reopened(text, units),
        "adopt": lambda: steps.adopted(text),
        "reopen-text": lambda: steps.whole_reopened(text),
    }
    return visit.act(
        visit.room, ending(visit, events[what]()), back(visit, text, units[0].id if units else "")
    )


def whole(visit: Visit) -> Response:
    """Show the steps that are open for the whole text."""
    text = which(visit)
    page = sheet_of(visit, text)
    phase = text.phase
    found = []
    for what in _ORDER:
        title, binds, _verb, event = _STEPS[what]
        units = ready(visit, text, what)
        is_next = (
            bool(units)
            or (what == "adopt" and not phase and not obstacles(text))
            or (what == "reopen-text" and phase == "adopted")
        )
        if is_next and page.may(event) and (not phase or what == "reopen-text"):
            found.append((what, _(title), _(binds)))
    return visit.page("text_whole.html", text=text, steps=found)


def unit(visit: Visit) -> Response:
    """Show one provision with everything that can be done to it."""
    text = which(visit)
    page = sheet_of(visit, text, every=True)
    one = names.unit(text, str(visit.path["unit"]))
    keep = visit.query.get("keep", "")
    return visit.page(
        "text_unit.html",
        s=page,
        text=text,
        unit=one,
        name=page.called[one.id],
        cells=_cells(page, one),
        state=state_of(text, one, page.proposals.get(one.id, ())),
        state_ready=[
            what
            for what in ("agree", "confirm", "certify", "lock", "reopen")
            if one in ready(visit, text, what)
        ],
        step_names={what: _(_STEPS[what][0]) for what in _STEPS},
        step_events={what: _STEPS[what][3] for what in _STEPS},
        variants=_variants(page, one),
        stances=STANCES,
        keep=keep,
        others=[other for other in text.instrument.units if other.kind != "layout"],
        kinds=KINDS,
        readers=visit.readers(visit.room),
    )


KINDS: Final[Mapping[Kind, str]] = {
    "paragraph": N_("Paragraph"),
    "subparagraph": N_("Subparagraph"),
    "article": N_("Article"),
    "heading": N_("Heading"),
    "preamble": N_("Preamble"),
    "recital": N_("Recital"),
    "chapeau": N_("Chapeau"),
    "annex": N_("Annex"),
    "note": N_("Footnote"),
}


def _variants(page: Sheet, one: Unit) -> list[dict[str, Any]]:
    """Return the brackets of a provision in the order of its text, each with the words of its variants by language."""
    order: dict[str, Open] = {}
    for runs in one.texts.values():
        for run in runs:
            if isinstance(run, Open):
                order.setdefault(run.slot, run)
    slots = slots_of(page.text.instrument)
    tongues = [language for language in page.languages if language in one.texts]
    return [
        {
            "slot": slot,
            "variants": [
                {
                    "number": number + 1,
                    "words": {tongue: variant_words(one, tongue, slot, number) for tongue in tongues},
                    "keepable": slots[slot].roles[number] in ("", "none"),
                }
                for number in range(first.of)
            ],
            "units": [page.called[unit].whole for unit in slots[slot].units]
            if len(slots[slot].units) > 1
            else [],
            "inside": slots[slot].outer,
        }
        for slot, first in order.items()
    ]


def stance(visit: Visit) -> Response:
    """Take a stance on a provision or on a variant; it binds nobody, and the next one takes its place."""
    text = which(visit)
    one = names.unit(text, str(visit.path["unit"]))
    says: Says = next((word for word in STANCES if word == visit.field("says")), "reserves")
    slot, _sign, number = visit.field("about").rpartition("=")
    event = drafting.stance(
        text,
        one.id,
        says,
        slot=slot,
        variant=int(number) if slot and number.isdecimal() else 1,
        condition=visit.field("words"),
    )
    return visit.act(
        visit.room, event, back(visit, text, one.id), said=_("On record as your delegation’s stance.")
    )


def settling(visit: Visit) -> Response:
    """Show the brackets of a provision, to choose what stands."""
    text = which(visit)
    page = sheet_of(visit, text, every=True)
    one = names.unit(text, str(visit.path["unit"]))
    return visit.page(
        "text_settle.html",
        s=page,
        text=text,
        unit=one,
        name=page.called[one.id],
        cells=_cells(page, one),
        slots=_variants(page, one),
        readers=visit.readers(visit.room),
    )


def settle(visit: Visit) -> Response:
    """Show the words that follow from the choices, then propose to settle the brackets so."""
    text = which(visit)
    page = sheet_of(visit, text, every=True)
    one = names.unit(text, str(visit.path["unit"]))
    choices: list[Choice] = []
    for field, value in visit.form.multi_items():
        if field.startswith("slot.") and isinstance(value, str) and value not in ("", "open"):
            choices.append(drafting.choice(f"{field.removeprefix('slot.')}={value}"))
    if not choices:
        raise LocalError("choice-unreadable")
    event = drafting.settlement(text, choices)
    confirmed = visit.field("confirmed") == "yes"
    if confirmed and visit.has_shown(bound(event)):
        return visit.act(visit.room, ending(visit, event), back(visit, text, one.id))
    changes = [
        told(one["now"], one["then"]) | {"label": page.called[one["unit"]].whole, "language": one["language"]}
        for one in pending.foreseen(visit.desk, event)
    ]
    return visit.page(
        "text_settled.html",
        409 if confirmed else 200,
        moved=visit.moved() if confirmed else "",
        text=text,
        unit=one,
        name=page.called[one.id],
        changes=changes,
        carried=[
            ("shown", bound(event)),
            *(
                (key, value)
                for key, value in visit.form.multi_items()
                if isinstance(value, str) and key.startswith("slot.")
            ),
        ],
        readers=visit.readers(visit.room),
    )


ROUTES: Final = (
    *each_room(get, "/text/{text}/whole", whole),
    *each_room(get, "/text/{text}/step/{what}", step),
    *each_room(post, "/text/{text}/step/{what}", take),
    *each_room(get, "/text/{text}/unit/{unit}", unit),
    *each_room(post, "/text/{text}/stance/{unit}", stance),
    *each_room(get, "/text/{text}/settle/{unit}", settling),
    *each_room(post, "/text/{text}/settle/{unit}", settle),
)
