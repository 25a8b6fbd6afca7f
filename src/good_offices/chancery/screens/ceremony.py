"""The ceremony: one column in which a name is put to a text, or to the record that closes the talks.

This module decides what is shown before the act and what is asked. It never decides whether the act has effect.

1. The page has no way elsewhere: the whole text in every authentic language, its hash, who has signed, then the name as
   typed, the passphrase, the act. Nothing is signed that did not stand on that page.
2. If the text, or what the closing record says, moved meanwhile, the page is shown anew and says so; nothing is signed.
3. A wrong name or passphrase shows the page again with the name kept. The passphrase is never kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import escape
from starlette.responses import Response

from good_offices.chancery.remedies import for_page
from good_offices.chancery.screen import listed, name_of_language
from good_offices.chancery.text.cells import cell
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import closing, names, signing
from good_offices.clerk.describing import described
from good_offices.clerk.provisions import HEADINGS
from good_offices.clerk.rooms_view import labels
from good_offices.desk.desk import Desk
from good_offices.desk.outcome import awaited_closing
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.talks.acts import Event
from good_offices.talks.events_outcome import ClosingRecord, ClosingRecordSigned
from good_offices.text.model import Instrument, Unit
from good_offices.text.state import TextState

_BACK: Final = "/signature"
_AGAIN: Final = ("name-differs", "passphrase-wrong", "text-moved")


@dataclass(frozen=True)
class Step:
    """A step in which a name is put to a text: its heading, what it binds to, the word on its button, and its event."""

    title: str
    binds: str
    verb: str
    event: Callable[[Desk, TextState], Event]


STEPS: Final = {
    "initial": Step(
        N_("Initial the text"),
        N_(
            "Your initials say that this text is authentic and definitive, word for word, in every language below "
            "(Vienna Convention, article 10). They do not yet express consent to be bound."
        ),
        N_("Initial for {delegation}"),
        lambda _desk, text: closing.initialled(text),
    ),
    "sign": Step(
        N_("Sign the text"),
        N_(
            "Your signature puts {delegation} under this text, word for word, in every language below, on the full powers "
            "that the others have found in order (Vienna Convention, articles 7 and 12). It cannot be taken back."
        ),
        N_("Sign for {delegation}"),
        lambda _desk, text: closing.signed(text),
    ),
    "ad-referendum": Step(
        N_("Sign ad referendum"),
        N_(
            "Your signature stands subject to confirmation. Once {delegation} confirms it, it counts as a full signature of "
            "this text, word for word, in every language below (Vienna Convention, article 12, paragraph 2 (b))."
        ),
        N_("Sign ad referendum for {delegation}"),
        lambda _desk, text: closing.signed_ad_referendum(text),
    ),
    "confirm": Step(
        N_("Confirm the signature ad referendum"),
        N_(
            "With your confirmation the signature ad referendum of {delegation} counts as a full signature of this text, word "
            "for word, in every language below (Vienna Convention, article 12, paragraph 2 (b)). It cannot be taken back."
        ),
        N_("Confirm for {delegation}"),
        closing.signature_confirmed,
    ),
}


def ceremony(visit: Visit) -> Response:
    """Show the ceremony of a step on a text (rule 1)."""
    text, step = _text(visit), _step(visit)
    if not _is_open(visit, text):
        return visit.go(
            _BACK, _("This step is not open to you now; the page says what comes first."), "refused"
        )
    return _ceremony(visit, text, step)


def perform(visit: Visit) -> Response:
    """Put this member's name to a text (rules 2 and 3)."""
    text, step = _text(visit), _step(visit)
    try:
        _checked(visit)
        # Its hash was asked for while the passphrase was checked, and the turn was another's.
        text = _text(visit)
        signing.check_shown(text, visit.field("digest"))
    except LocalError as refusal:
        if refusal.code not in _AGAIN:
            raise
        if not _is_open(visit, text):
            return visit.go(_BACK, _sentence(*for_page(refusal.code, refusal.facts)), "refused")
        return _ceremony(visit, text, step, refusal)
    event = step.event(visit.desk, text)
    without = visit.field("without") == "yes"
    done = visit.seat.act("plenary", event, unconfirmed=without)
    return visit.tell(done, event.name, _BACK, said=_remaining(visit, text.instrument.id))


def _is_open(visit: Visit, text: TextState) -> bool:
    """Tell whether the step of the address is open to this member."""
    return bool(signing.progress(visit.desk, text)["may"][_how(visit)])


def _sentence(message: str, hint: str) -> str:
    """Return a refusal and its remedy as two sentences."""
    return f"{message[:1].upper()}{message[1:]}. {hint[:1].upper()}{hint[1:]}."


def _ceremony(visit: Visit, text: TextState, step: Step, refusal: LocalError | None = None) -> Response:
    """Return the page of a step on a text."""
    desk = visit.desk
    delegation = desk.identity.delegation_name
    without = _how(visit) == "sign" and "yes" in (visit.query.get("without"), visit.field("without"))
    return visit.page(
        "ceremony.html",
        409 if refusal else 200,
        title=_(step.title),
        binds=_(step.binds).format(delegation=delegation),
        verb=_(step.verb).format(delegation=delegation),
        texts=[_whole(desk, text.instrument)],
        facts=[],
        sides=signing.progress(desk, text)["sides"],
        hidden={"digest": text.instrument.digest.hex(), "without": "yes" if without else ""},
        without=without,
        typed=visit.field("name"),
        refused=for_page(refusal.code, refusal.facts) if refusal else None,
        refused_code=refusal.code if refusal else "",
        readers_words=visit.readers("plenary"),
    )


def _checked(visit: Visit) -> None:
    """Pass if the name and the passphrase are this member's; the passphrase takes time, in which others have the turn."""
    desk = visit.desk
    signing.check_name(desk, visit.field("name"))
    passphrase = visit.form.get("passphrase", "")
    with visit.seat.turn.away():
        desk.check_passphrase(passphrase if isinstance(passphrase, str) else "")


def _whole(desk: Desk, instrument: Instrument) -> dict[str, Any]:
    """Return a text whole: in each authentic language its title and every provision."""
    called = names.delegations(desk)
    units = [one for one in instrument.units if one.kind != "layout"]
    return {
        "id": instrument.id,
        "digest": signing.grouped(instrument.digest),
        "tongues": [name_of_language(tag) for tag in instrument.authentic],
        "languages": [
            {
                "tag": tag,
                "title": instrument.titles.get(tag, ""),
                "units": _units(units, tag, instrument.titles.get(tag, ""), called),
            }
            for tag in instrument.authentic
        ],
    }


def _units(units: list[Unit], tag: str, title: str, called: dict[str, str]) -> list[dict[str, Any]]:
    """Return provisions in one language; a first heading that is the title, word for word, is not said twice."""
    told = [
        {
            "label": one.label.strip("*_ "),
            "heading": one.kind in HEADINGS,
            "words": cell(one.texts[tag], called) if tag in one.texts else "",
        }
        for one in units
    ]
    first = told[0] if told else None
    return (
        told[1:]
        if first and first["heading"] and not first["label"] and first["words"] == escape(title)
        else told
    )


def _remaining(visit: Visit, name: str) -> str:
    """Return what remains to be done on a text after an act, in words."""
    told = signing.progress(visit.desk, visit.desk.talks.plenary.texts[name])
    if told["phase"] == "signed":
        return _("Done. Every delegation has signed.")
    waits = [*told["unsigned"], *told["unconfirmed"]]
    return _("Done. A full signature is still missing of: {names}.").format(names=listed(waits))


def _text(visit: Visit) -> TextState:
    """Return the text of the address."""
    return names.text_named(visit.desk.talks.plenary, str(visit.path["text"]))


def _step(visit: Visit) -> Step:
    """Return the step of the address."""
    return STEPS[_how(visit)]


def _how(visit: Visit) -> str:
    """Return the name of the step of the address."""
    return visit.request.url.path.rpartition("/")[2]


# The closing record


def close(visit: Visit) -> Response:
    """Show the closing record in the ceremony: the one that waits, else one drawn up now."""
    return _closing(visit, _record(visit))


def sign_closing(visit: Visit) -> Response:
    """Sign the closing record (rules 2 and 3)."""
    record = _record(visit)
    try:
        _checked(visit)
        record = _record(visit)
        if signing.shown(record) != visit.field("shown"):
            raise LocalError("text-moved")
    except LocalError as refusal:
        if refusal.code not in _AGAIN:
            raise
        return _closing(visit, record, refusal)
    event = ClosingRecordSigned(record=record)
    return visit.act(
        "plenary",
        event,
        _BACK,
        said=_("The closing record is signed by every delegation. The outcome can be exported."),
    )


def _record(visit: Visit) -> ClosingRecord:
    """Return the closing record that the form or the address asks for."""
    asked = visit.form if visit.request.method == "POST" else visit.query
    entries = [one for one in str(asked.get("disclose", "")).replace(",", " ").split() if one]
    return closing.closing_record(
        visit.desk, entries, new=bool(asked.get("new")), unsigned=bool(asked.get("unsigned"))
    )


def _closing(visit: Visit, record: ClosingRecord, refusal: LocalError | None = None) -> Response:
    """Return the page of a closing record."""
    desk = visit.desk
    own = desk.identity.delegation_name
    asked = visit.form if visit.request.method == "POST" else visit.query
    hidden = {name: str(asked.get(name, "")) for name in ("disclose", "new", "unsigned")}
    waits = awaited_closing(desk) is not None
    return visit.page(
        "ceremony.html",
        409 if refusal else 200,
        title=_("Sign the closing record"),
        binds=_(
            "You confirm for {delegation} what these talks came to: the texts below, who signed them and on which powers, and the "
            "state of the record. With it the outcome becomes one file that anyone can check. It cannot be taken back."
        ).format(delegation=own),
        verb=_("Sign the closing record for {delegation}").format(delegation=own),
        texts=[_whole(desk, one) for one in closing.texts_of(desk, record)],
        facts=_closing_facts(visit, record, waits=waits),
        sides=[],
        hidden={"shown": signing.shown(record)} | hidden,
        without=False,
        typed=visit.field("name"),
        refused=for_page(refusal.code, refusal.facts) if refusal else None,
        refused_code=refusal.code if refusal else "",
        readers_words=visit.readers("plenary")
        + " "
        + _(
            "Later by whoever is given the file of the outcome: it shows the texts and the entries listed here, with who did them."
        ),
    )


_HOW: Final = {
    "initialled": N_("initialled"),
    "ad-referendum": N_("signed ad referendum, not confirmed"),
    "signed": N_("signed"),
}


def _closing_facts(visit: Visit, record: ClosingRecord, *, waits: bool) -> list[tuple[str, list[str]]]:
    """Return what a closing record says, as headed lists."""
    desk = visit.desk
    called, known = names.delegations(desk), labels(desk)
    lines = visit.seat.lines(desk.common)
    disclosed = [lines[one.index] for one in record.disclosed if one.index < len(lines)]
    acts = [
        _("entry {index}: {what}").format(index=one.index, what=described(one.act.event, known))
        for one in disclosed
        if one.act is not None
    ]
    drawn = (
        _(
            "Another delegation has drawn it up and signed it; this desk has checked that it says what its own record says."
        )
        if waits
        else _("Drawn up by this desk from its own record, as it stands now.")
    )
    signed = [
        _("{name}, {capacity}, for {delegation}: {how}").format(
            name=one.name,
            capacity=one.capacity,
            delegation=called.get(one.delegation, one.delegation),
            how=_(_HOW[one.how]),
        )
        for one in record.signatories
    ]
    return [
        (_("Who drew it up"), [drawn]),
        (_("Signatories"), signed or [_("Nobody has signed a text: the talks end without signature.")]),
        (_("Entries of the record that the outcome shows"), acts),
    ]


ROUTES: Final = (
    get("/signature/closing", close),
    post("/signature/closing", sign_closing),
    # One address for each step: `/signature/{text}/{how}` would take those of other screens.
    *(get(f"/signature/{{text}}/{how}", ceremony) for how in STEPS),
    *(post(f"/signature/{{text}}/{how}", perform) for how in STEPS),
)
