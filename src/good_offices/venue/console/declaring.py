"""The declaration in the console: writing it, seeing it as everybody would, publishing and withdrawing it.

This module decides how a form becomes a declaration. What may stand in one is decided by `venue.declaration`.

1. What is typed is never lost: a refusal shows the form again with the words in it.
2. Saving publishes nothing. Publishing and withdrawing take two steps.
3. Two operators: a form carries what it was made from, and does not write over what another has saved meanwhile.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, Final

import msgspec
from starlette.responses import Response

from good_offices.errors import GoodOfficesError, LocalError
from good_offices.locale import LANGUAGES, _, language
from good_offices.locale.refusals import spoken
from good_offices.venue import declaration as kept
from good_offices.venue.console.visit import Visit, get, post
from good_offices.venue.declaration import CONDITIONS, Conditions, Declaration, Version
from good_offices.venue.public import shown
from good_offices.venue.rendering import interpreted, name_of_language

_SPARE: Final = 2


def edit(visit: Visit) -> Response:
    """Show the form for one language, with what holds for all languages below it."""
    draft = kept.draft(visit.folder)
    tag = _asked(visit.request.query_params.get("language", ""), draft)
    version = draft.versions.get(tag, Version(words=""))
    days = [one.isoformat() if one else "" for one in (draft.valid_from, draft.valid_until)]
    return _form(visit, draft, tag, version, draft.interpretation, days)


def save(visit: Visit) -> Response:
    """Keep what was typed; nothing is published."""
    draft = kept.draft(visit.folder)
    tag = _asked(visit.field("language"), draft)
    version = Version(
        to=visit.field("to"),
        words=visit.field("words"),
        conditions=Conditions(**{key: visit.field(key) for key in CONDITIONS}),
    )
    typed = _pairs(visit)
    days = [visit.field("valid_from"), visit.field("valid_until")]
    try:
        if visit.field("base") != _base(draft):
            raise LocalError("declaration-moved")
        changed = msgspec.structs.replace(
            draft,
            valid_from=_day(days[0]),
            valid_until=_day(days[1]),
            interpretation=[(one, other) for one, other in typed if one or other],
            versions={**draft.versions, tag: version},
        )
        kept.keep(visit.folder, changed)
    except GoodOfficesError as refused:
        return _form(visit, draft, tag, version, typed, days, wrong=spoken(refused))
    return visit.go("/declaration/preview", _("Kept. Nobody else sees it yet."), language=tag)


def _form(
    visit: Visit,
    draft: Declaration,
    tag: str,
    version: Version,
    pairs: list[tuple[str, str]],
    days: list[str],
    *,
    wrong: tuple[str, str] | None = None,
) -> Response:
    """Return the form with these words in it (rule 1)."""
    known = dict(interpreted())
    for tags in (*pairs, draft.versions, (tag,)):
        known |= {one: name_of_language(one) for one in tags if one}
    names = sorted(known.items(), key=lambda one: one[1].casefold())
    return visit.page(
        "declaration.html",
        409 if wrong else 200,
        draft=draft,
        base=_base(draft),
        tag=tag,
        version=version,
        conditions=CONDITIONS,
        pairs=[*pairs, *[("", "")] * _SPARE],
        days=days,
        names=names,
        limits=kept,
        state=_state(visit, draft),
        wrong=wrong,
    )


def preview(visit: Visit) -> Response:
    """Show the declaration as the public page would."""
    draft = kept.draft(visit.folder)
    if not draft.versions:
        return visit.go("/declaration")
    tag = visit.request.query_params.get("language", "")
    if tag not in draft.versions:
        tag = language() if language() in draft.versions else next(iter(draft.versions))
    return visit.page("preview.html", declared=draft, tag=tag, shown=[tag], state=_state(visit, draft))


def remove(visit: Visit) -> Response:
    """Take one language out of the draft."""
    draft = kept.draft(visit.folder)
    tag = visit.field("language")
    if tag not in draft.versions:
        raise LocalError("console-page-unknown")
    asked = visit.sure(
        title=_("Take this language out of the declaration?"),
        binds=_("The version in this language is deleted from the draft: {language}.").format(
            language=name_of_language(tag)
        ),
        readers=_("What is published stays as it is until you publish again."),
        verb=_("Take it out"),
        back="/declaration",
    )
    if asked:
        return asked
    versions = {one: version for one, version in draft.versions.items() if one != tag}
    kept.keep(visit.folder, msgspec.structs.replace(draft, versions=versions))
    return visit.go("/declaration", _("The language is taken out of the draft."))


def publish(visit: Visit) -> Response:
    """Show the draft to everybody."""
    draft = kept.draft(visit.folder)
    if not draft.versions:
        raise LocalError("declaration-empty")
    lines = [
        _("Languages: {names}").format(names=", ".join(name_of_language(one) for one in draft.versions)),
        *(
            _("There is no version in {language}: its page shows the others.").format(
                language=name_of_language(one)
            )
            for one in LANGUAGES
            if shown(draft, one) and one not in draft.versions
        ),
    ]
    asked = visit.sure(
        title=_("Publish the declaration?"),
        binds=_(
            "It replaces what is published now, at once. What others have read or copied cannot be called back."
        ),
        lines=lines,
        readers=_("Seen by everybody who opens the public page of this venue."),
        verb=_("Publish it"),
        back="/declaration/preview",
    )
    if asked:
        return asked
    kept.publish(visit.folder)
    return visit.go("/declaration", _("The declaration is published."))


def sign(visit: Visit) -> Response:
    """Answer with the draft as the host signs it for some alone; nothing is published."""
    asked = visit.sure(
        title=_("Sign the declaration for some alone?"),
        binds=_(
            "You get a signed file to hand over. Whoever has it can prove that you made this offer, and show it to others."
        ),
        lines=[_("It is withdrawn by its number: goodoffices venue declaration revoke NUMBER FILE.")],
        readers=_("Seen by nobody until you hand the file over; it is on no page."),
        verb=_("Sign it and download"),
        back="/declaration/preview",
    )
    if asked:
        return asked
    note = kept.sign_private(visit.folder)
    headers = {"content-disposition": 'attachment; filename="declaration.txt"'}
    return Response(note, 200, headers, "text/plain")


def withdraw(visit: Visit) -> Response:
    """Show the declaration to nobody any more."""
    asked = visit.sure(
        title=_("Withdraw the declaration?"),
        binds=_("It leaves the public page at once. What others have read or copied cannot be called back."),
        lines=[
            _("Your withdrawal is signed, and stands on the page until you publish again."),
            _("The draft stays, and can be published again."),
        ],
        readers=_("Everybody who opens the public page sees that it is withdrawn."),
        verb=_("Withdraw it"),
        back="/declaration",
    )
    if asked:
        return asked
    kept.withdraw(visit.folder)
    return visit.go("/declaration", _("The declaration is withdrawn. The draft stays."))


def _state(visit: Visit, draft: Declaration) -> str:
    """Return `private`, `published`, or `differs` if what is published is not the draft."""
    try:
        published = kept.published(visit.folder)
    except GoodOfficesError:
        return "differs"
    if published is None:
        return "private"
    return "published" if published == draft else "differs"


def _asked(tag: str, draft: Declaration) -> str:
    """Return the language that a form is for; the reader's own, or the first that is written, if none is named."""
    if not tag:
        return (
            language() if language() in draft.versions or not draft.versions else next(iter(draft.versions))
        )
    if not kept.is_language(tag):
        raise LocalError("console-page-unknown")
    return tag


def _base(draft: Declaration) -> str:
    """Return what tells one draft from another."""
    return hashlib.sha256(kept.to_toml(draft).encode()).hexdigest()[:16]


def _pairs(visit: Visit) -> list[tuple[str, str]]:
    """Return the pairs of languages that were chosen, half pairs as well: they are refused, not dropped."""
    ones, others = (
        [str(value) for value in visit.form.getlist(name)] for name in ("interpreted_from", "interpreted_to")
    )
    return [pair for pair in zip(ones, others, strict=False) if any(pair)]


def _day(text: str) -> date | None:
    """Return a day from a form, None for an empty field.

    Raises:
        LocalError: `declaration-invalid`.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise LocalError("declaration-invalid", why="a day that is no day") from None


ROUTES: Final[tuple[Any, ...]] = (
    get("/declaration", edit),
    post("/declaration", save),
    get("/declaration/preview", preview),
    post("/declaration/remove", remove),
    post("/declaration/publish", publish),
    post("/declaration/sign", sign),
    post("/declaration/withdraw", withdraw),
)
