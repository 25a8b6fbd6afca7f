"""After the signature: originals on paper, the procès-verbal, errors and their correction, certified copies.

This module decides what is asked before each step. It never decides whether a step has effect.

1. Of a scan only its hash goes on record: the file is read for it and kept nowhere.
2. What others wait for is accepted where every pending act is (`accepting`), with the same words shown.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from good_offices.chancery.downloads import download
from good_offices.chancery.screens.powers import digest_of, hash_of_upload
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import afterwards, names, signing
from good_offices.desk.certifying import certified_copy
from good_offices.errors import LocalError
from good_offices.locale import _, language
from good_offices.talks.events_after import CorrectionObjected
from good_offices.text.state import TextState

_BACK: Final = "/signature"


def paper(visit: Visit) -> Response:
    """Attest an original on paper, in two steps (rule 1)."""
    desk, text = visit.desk, _text(visit)
    hash_of_upload(visit)
    if not visit.field("digest"):
        raise LocalError("upload-missing")
    event = afterwards.attested(
        desk,
        text,
        digest_of(visit.field("digest")),
        [
            (who, visit.field(f"name-{who}"), visit.field(f"capacity-{who}"))
            for who in desk.talks.roster.expected
            if visit.field(f"name-{who}")
        ],
        place=visit.field("place"),
        date=visit.field("date"),
    )
    page = visit.preview(
        title=_("Attest a signature on paper"),
        binds=_(
            "Your delegation says that this original was signed by these people. It stands when every delegation says the same; the text is signed when each has signed here or on paper."
        ),
        lines=[signing.title_of(text.instrument)[1], *afterwards.facts(desk, event)],
        verb=_("Attest for {delegation}").format(delegation=desk.identity.delegation_name),
        back=_BACK,
        of=event,
    )
    return page or visit.act("plenary", event, _BACK)


def record(visit: Visit) -> Response:
    """Agree the procès-verbal of signature, in two steps."""
    desk, text = visit.desk, _text(visit)
    words = {tag: visit.field(f"words-{tag}") for tag in text.instrument.authentic}
    event = afterwards.recorded(text, words)
    page = visit.preview(
        title=_("Procès-verbal of signature"),
        binds=_(
            "It stands when every delegation has accepted the same words in every language. There is one for each signature."
        ),
        changes=[{"label": "", "language": tag, "whole": said} for tag, said in words.items()],
        verb=_("Propose for {delegation}").format(delegation=desk.identity.delegation_name),
        back=_BACK,
        of=event,
    )
    return page or visit.act("plenary", event, _BACK)


def notify(visit: Visit) -> Response:
    """Notify an error in a signed text, in two steps."""
    desk, text = visit.desk, _text(visit)
    days = visit.field("days")
    erratum = (visit.field("unit"), visit.field("language"), visit.field("found"), visit.field("correct"))
    event = afterwards.notified(text, [erratum], int(days) if days.isdecimal() else 0)
    binds = (
        _(
            "The error is corrected when every delegation has accepted, or when for each the days have passed by its own clock since it first acted in view of this notice, and none has objected (Vienna Convention, article 79)."
        )
        if event.days
        else _(
            "The error is corrected when every delegation has accepted (Vienna Convention, article 79). One objection ends it."
        )
    )
    page = visit.preview(
        title=_("Notify an error"),
        binds=binds,
        lines=[
            *afterwards.facts(desk, event),
            _("The text that was signed keeps its hash; the corrected text has one of its own beside it."),
        ],
        verb=_("Notify for {delegation}").format(delegation=desk.identity.delegation_name),
        back=_BACK,
        of=event,
    )
    return page or visit.act("plenary", event, _BACK)


def object_to(visit: Visit) -> Response:
    """Object to a correction, in two steps."""
    desk, index = visit.desk, str(visit.path["index"])
    event: CorrectionObjected = afterwards.objected(
        desk, index, visit.field("text"), visit.field("language") or language()
    )
    if not event.text:
        raise LocalError("objection-reason-missing")
    page = visit.preview(
        title=_("Object to a correction"),
        binds=_("One objection is enough: the correction is not made. The reason is on record."),
        lines=afterwards.facts(desk, names.event_at(desk, int(index))),
        words=(event.language, event.text),
        verb=_("Object for {delegation}").format(delegation=desk.identity.delegation_name),
        back=_BACK,
        of=event,
    )
    return page or visit.act("plenary", event, _BACK)


def rectification(visit: Visit) -> Response:
    """Show the procès-verbal of rectification, ready for the browser's printer.

    Raises:
        LocalError: `correction-unknown` while nothing is corrected.
    """
    text = _text(visit)
    lines = afterwards.rectification(visit.desk, text)
    if not lines:
        raise LocalError("correction-unknown")
    return visit.page(
        "rectification.html",
        lines=lines,
        signatories=list(names.delegations(visit.desk).values()),
    )


def certify(visit: Visit) -> Response:
    """Return a certified copy as a file that anyone can verify, at the depositary's desk."""
    desk, text = visit.desk, _text(visit)
    words = visit.field("words") or afterwards.certifying_words(desk, text)
    date = visit.field("date") or datetime.now(UTC).strftime("%Y-%m-%d")
    data = certified_copy(desk, text.instrument.id, words, language(), place=visit.field("place"), date=date)
    name = _("Certified copy of {title}").format(title=signing.title_of(text.instrument)[1])
    return download(data, name, "gocopy")


def _text(visit: Visit) -> TextState:
    """Return the text of the address."""
    return names.text_named(visit.desk.talks.plenary, str(visit.path["text"]))


ROUTES: Final = (
    post("/signature/{text}/paper", paper),
    post("/signature/{text}/record", record),
    post("/signature/{text}/error", notify),
    post("/signature/{text}/object/{index:int}", object_to),
    get("/signature/{text}/rectification", rectification),
    post("/signature/{text}/certified", certify),
)
