"""Full powers: produced, examined, found in order (Vienna Convention, article 7).

This module decides what is shown of them. It never judges an office: it says what the Convention says beside the claim.

1. Of a document only the hash goes on record. The file is read for it and kept nowhere.
2. Examining comes before finding in order, on a page of its own, where a copy can be compared with the hash.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.responses import Response

from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import closing, signing
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _, language
from good_offices.talks.events_plenary import FullPowersFoundInOrder, FullPowersFoundNotInOrder

_BACK: Final = "/signature"


def signers(desk: Desk) -> list[tuple[str, str]]:
    """Return id and name of the members of this delegation who may sign, the reader first."""
    own, reader, size = desk.identity.place.delegation, desk.identity.person.member, desk.common.ledger.size
    found = []
    for name, one in desk.talks.roster.book.members.items():
        given = one.at(size) if one.delegation == own else None
        if given is not None and "sign" in given.powers:
            found.append((name, ", ".join(part for part in (given.name, given.capacity) if part)))
    return sorted(found, key=lambda one: (one[0] != reader, one[1]))


def produce(visit: Visit) -> Response:
    """Produce full powers in two steps: ex officio, or a document by its hash (rule 1)."""
    desk = visit.desk
    hash_of_upload(visit)
    digest, officio = visit.field("digest"), visit.field("basis") == "office"
    document = digest_of(digest) if digest and not officio else None
    if not officio and document is None:
        raise LocalError("upload-missing")
    event = closing.full_powers_by(
        desk, visit.field("member") or None, document, visit.field("words"), ex_officio=officio
    )
    whose = dict(signers(desk)).get(event.member, desk.identity.person.name)
    lines = [_("Whose: {name}").format(name=whose)]
    if document is not None:
        lines.append(_("Document, by its hash: {digits}").format(digits=" ".join(signing.grouped(document))))
        lines.append(_("The file itself stays with you; show it to the other delegations."))
    else:
        lines.append(
            _(
                "By office: heads of State or government and ministers for foreign affairs need no document (article 7, paragraph 2)."
            )
        )
    if event.text:
        lines.append(event.text)
    page = visit.preview(
        title=_("Produce full powers"),
        binds=_(
            "You put on record on what the power to sign rests. Each other delegation examines it before it has effect."
        ),
        lines=lines,
        verb=_("Produce for {delegation}").format(delegation=desk.identity.delegation_name),
        back=_BACK,
    )
    return page or visit.act(
        "plenary", event, _BACK, said=_("On record. The other delegations examine the full powers now.")
    )


def examine(visit: Visit) -> Response:
    """Show full powers of another delegation, to be examined."""
    modalities = visit.desk.talks.plenary.modalities
    tongues = modalities.modalities.working or modalities.modalities.authentic if modalities else ()
    return visit.page(
        "signature_powers.html", one=_produced(visit), tongues=tongues or (language(),), **_compared(visit)
    )


def compare(visit: Visit) -> Response:
    """Compare a copy of the document with the hash on record."""
    one = _produced(visit)
    data = visit.file("document")
    same = hashlib.sha256(data).digest() == one["document"]
    return visit.go(f"/signature/powers/{one['index']}", compared="same" if same else "other")


def find(visit: Visit) -> Response:
    """Find full powers in order, in two steps."""
    one = _produced(visit)
    page = visit.preview(
        title=_("Find full powers in order"),
        binds=_(
            "Having examined them, your delegation accepts that {name} may sign for {delegation} (Vienna Convention, article 7)."
        ).format(name=one["name"], delegation=one["delegation"]),
        lines=[_basis(one)],
        verb=_("Find in order for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=f"/signature/powers/{one['index']}",
    )
    return page or visit.act("plenary", FullPowersFoundInOrder(produced=one["act"]), _BACK)


def refuse(visit: Visit) -> Response:
    """Find full powers not in order, in two steps."""
    one, why = _produced(visit), visit.field("text")
    event = FullPowersFoundNotInOrder(produced=one["act"], text=why, language=visit.field("language"))
    if not why:
        raise LocalError("reason-missing")
    page = visit.preview(
        title=_("Find full powers not in order"),
        binds=_(
            "Your delegation does not accept these full powers: {name} cannot sign for {delegation} on them. It stands until {delegation} produces others."
        ).format(name=one["name"], delegation=one["delegation"]),
        lines=[_basis(one)],
        words=(event.language, why),
        verb=_("Find not in order for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=f"/signature/powers/{one['index']}",
    )
    return page or visit.act("plenary", event, _BACK)


def _produced(visit: Visit) -> dict[str, Any]:
    """Return the full powers that were produced at the entry of the address.

    Raises:
        LocalError: `full-powers-unknown`.
    """
    index = int(visit.path["index"])
    found = [one for one in signing.powers_told(visit.desk) if one["index"] == index]
    if not found:
        raise LocalError("full-powers-unknown")
    return found[0]


def _compared(visit: Visit) -> dict[str, Any]:
    """Return what came of comparing a copy: same, other, or nothing yet."""
    said = visit.query.get("compared", "")
    return {"compared": said if said in ("same", "other") else ""}


def _basis(one: dict[str, Any]) -> str:
    """Return on what full powers rest."""
    if one["ex_officio"]:
        return _("By office: {capacity}").format(capacity=one["capacity"])
    return _("Document, by its hash: {digits}").format(digits=" ".join(one["groups"]))


def hash_of_upload(visit: Visit) -> None:
    """Replace an uploaded document by its hash in the form that the second step carries on (rule 1)."""
    data = visit.files.get("document", ("", b""))[1]
    if data and not visit.field("digest"):
        kept = [(name, value) for name, value in visit.form.multi_items() if name != "digest"]
        visit.form = FormData([*kept, ("digest", hashlib.sha256(data).hexdigest())])


def digest_of(word: str) -> bytes:
    """Return the bytes of a hash in hexadecimal digits.

    Raises:
        LocalError: `upload-missing`.
    """
    try:
        found = bytes.fromhex(word)
    except ValueError:
        raise LocalError("upload-missing") from None
    if len(found) != hashlib.sha256().digest_size:
        raise LocalError("upload-missing")
    return found


ROUTES: Final = (
    post("/signature/powers", produce),
    get("/signature/powers/{index:int}", examine),
    post("/signature/powers/{index:int}/compare", compare),
    post("/signature/powers/{index:int}/find", find),
    post("/signature/powers/{index:int}/refuse", refuse),
)
