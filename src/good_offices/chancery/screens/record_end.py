"""The end: an archive to read without this software, what the modalities say of keeping, and the destruction of this desk.

This module decides what is said and asked before. It never destroys by itself.

1. An archive is in clear: the page says so before, and the caucus is in it only if it is ticked.
2. A desk is destroyed when the name and the passphrase of its member were typed on a page that says what goes and what stays. Its folder is
   closed first; nothing of it is in memory or on the disk when the answer is shown.
"""

from __future__ import annotations

import time
from typing import Final

from starlette.responses import Response

from good_offices.chancery.downloads import download
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import archive, ending, signing
from good_offices.desk.destroying import destroy_folder
from good_offices.errors import LocalError
from good_offices.locale import _, language, ngettext
from good_offices.talks.events_after import DestructionAttested

_PAGE: Final = "/record/destroy"


def ask_archive(visit: Visit) -> Response:
    """Say what an archive holds, and that it is in clear (rule 1)."""
    closed = visit.desk.talks.plenary.closing is not None
    return visit.page("record_archive.html", closed=closed, missing="", caucus=False)


def write_archive(visit: Visit) -> Response:
    """Return the archive as one file; without the outcome only once that was shown and asked for."""
    caucus = visit.field("caucus") == "yes"
    with visit.seat.speaking() as desk:
        outcome = archive.bundle(desk)
    closed = visit.desk.talks.plenary.closing is not None
    if closed and outcome.missing and visit.field("without") != "yes":
        return visit.page("record_archive.html", closed=closed, missing=outcome.missing, caucus=caucus)
    data = archive.zipped(archive.archive(visit.desk, caucus=caucus, outcome=outcome))
    return download(data, _("Archive of the talks, in clear"), "zip")


def ask_destroy(visit: Visit) -> Response:
    """Say what the modalities say, what is destroyed and what stays (rule 2)."""
    desk = visit.desk
    return visit.page(
        "record_destroy.html",
        retention=ending.retention(desk, int(time.time() * 1000)),
        goes=ending.destroyed_with(desk),
        may_attest=signing.may(desk, "DestructionAttested"),
        name=desk.identity.person.name,
    )


def attest(visit: Visit) -> Response:
    """Say to the others that this delegation destroys its keys and archive, in two steps."""
    event = DestructionAttested(text=visit.field("text"), language=language())
    if not event.text:
        raise LocalError("attestation-empty")
    page = visit.preview(
        title=_("Attest the destruction"),
        binds=_(
            "Your delegation says to all that it destroys its keys and its archive. Nobody can check it; it destroys nothing yet."
        ),
        words=(event.language, event.text),
        verb=_("Attest for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=_PAGE,
        of=event,
    )
    return page or visit.act("plenary", event, _PAGE)


def destroy(visit: Visit) -> Response:
    """Destroy this desk (rule 2); not in one's turn, because its post must have ended before."""
    seat = visit.seat
    with seat.turn:
        signing.check_name(seat.desk, visit.field("name"))
    passphrase = visit.form.get("passphrase", "")
    seat.desk.check_passphrase(passphrase if isinstance(passphrase, str) else "")
    seat.close()
    count = destroy_folder(seat.folder)
    words = ngettext(
        "The desk is destroyed: {count} file is gone.",
        "The desk is destroyed: {count} files are gone.",
        count,
    )
    return visit.page("record_destroyed.html", words=words.format(count=count))


ROUTES: Final = (
    get("/record/archive", ask_archive),
    post("/record/archive", write_archive),
    get("/record/destroy", ask_destroy),
    post("/record/destroy/attest", attest),
    post("/record/destroy", destroy, locked=True),
)
