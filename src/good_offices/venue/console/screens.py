"""The screens of the host: logging in, the overview, invitations, the end of a restore.

This module decides what an operator sees of talks: numbers and sizes. Names, words and keys of the talks are not hidden
here: they do not exist at a venue.

1. Where content would be, the screen says that there is none.
2. Invitations leave from memory, one by one or all in one archive, and are written nowhere. Who got which is not recorded.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any, Final

from starlette.responses import Response

from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.locale import LANGUAGES, _, ngettext
from good_offices.locale.refusals import spoken
from good_offices.venue import backup as backups
from good_offices.venue import declaration, rendering
from good_offices.venue.console import health
from good_offices.venue.console.guard import COOKIE, LOGIN
from good_offices.venue.console.visit import Visit, get, post
from good_offices.venue.offer import PARTIES, Offered, names, offer_unwritten
from good_offices.venue.status import status

SHORT: Final = 16
# The archive's files carry no time of this machine (the earliest that the format knows).
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def ask(visit: Visit) -> Response:
    """Show the field for the passphrase."""
    if visit.session:
        return visit.go("/")
    return visit.page("login.html")


def login(visit: Visit) -> Response:
    """Begin a session."""
    value = visit.form.get("passphrase", "")
    try:
        visit.console.attempts.check(value if isinstance(value, str) else "")
    except GoodOfficesError as refused:
        message, remedy = spoken(refused)
        return visit.page("login.html", 403, wrong=(message, remedy))
    session = visit.console.door.enter()
    answer = visit.go("/")
    answer.set_cookie(COOKIE, session.key, httponly=True, samesite="strict", path="/")
    return answer


def logout(visit: Visit) -> Response:
    """End the session."""
    visit.console.door.leave(visit.inside)
    answer = visit.go(LOGIN)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def language(visit: Visit) -> Response:
    """Take another language for the console, in this session."""
    chosen = visit.field("language")
    if chosen in LANGUAGES:
        visit.inside.language = chosen
    back = visit.field("back")
    ours = back.startswith("/") and not back.startswith("//") and "\\" not in back and back.isprintable()
    return visit.go(back if ours else "/")


def overview(visit: Visit) -> Response:
    """Show talks as numbers, and how the venue is."""
    broken: tuple[str, str] | None = None
    talks: list[dict[str, Any]] = []
    try:
        talks = [_in_numbers(one) for one in status(visit.folder)["talks"]]
    except GoodOfficesError as refused:
        # The other figures matter most just then.
        broken = spoken(refused)
    declared, unreadable = None, None
    try:
        declared = declaration.published(visit.folder)
    except GoodOfficesError as refused:
        unreadable = spoken(refused)
    return visit.page(
        "overview.html",
        talks=talks,
        broken=broken,
        health=health.look(visit.folder),
        held=any(one["held"] for one in talks),
        declared=declared,
        unreadable=unreadable,
        waiting=sum(len(one.invitations) for one in visit.inside.offers.values()),
    )


def _in_numbers(talks: dict[str, Any]) -> dict[str, Any]:
    """Return one row of the overview."""
    caucuses = [one for one in talks["registers"] if one["kind"] == "caucus"]
    return {
        "id": talks["id"][:SHORT],
        "delegations": len(caucuses),
        "desks": sum(one["desks"] for one in caucuses),
        "entries": talks["entries"],
        "bytes": talks["bytes"],
        "time": talks["last_checkpoint"]["time_ms"],
        "held": any(one["held"] for one in talks["registers"]),
        "standing": talks["standing_lists"],
    }


def invitations(visit: Visit) -> Response:
    """Show the form that offers talks, and the invitations that are still in memory."""
    return visit.page(
        "invitations.html",
        least=PARTIES.start,
        most=PARTIES.stop - 1,
        address=visit.folder.settings.url or health.look(visit.folder).address,
        offers=visit.inside.offers,
        names=names,
        short=SHORT,
    )


def offer(visit: Visit) -> Response:
    """Offer talks."""
    parties = visit.field("parties")
    # What is no number becomes one that is refused by the same rule.
    count = int(parties) if parties.isascii() and parties.isdigit() and len(parties) <= 3 else 0
    offered = offer_unwritten(visit.folder, parties=count, url=visit.field("url") or None)
    visit.inside.offers[offered.talks.hex()[:SHORT]] = offered
    said = ngettext(
        "Talks are offered. {count} invitation waits to be downloaded.",
        "Talks are offered. {count} invitations wait to be downloaded.",
        count,
    )
    return visit.go("/invitations", said.format(count=rendering.number(count)))


def download(visit: Visit) -> Response:
    """Answer with one invitation."""
    offered = _offered(visit)
    name = visit.request.path_params["name"]
    found = dict(zip(names(len(offered.invitations)), offered.invitations, strict=True)).get(name)
    if found is None:
        raise LocalError("console-page-unknown")
    return _file(name, pack(found), "application/octet-stream")


def archive(visit: Visit) -> Response:
    """Answer with all invitations of one talks in an archive, made in memory (rule 2)."""
    offered = _offered(visit)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, one in zip(names(len(offered.invitations)), offered.invitations, strict=True):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.external_attr = 0o600 << 16
            made.writestr(entry, pack(one))
    return _file("invitations.zip", out.getvalue(), "application/zip")


def forget(visit: Visit) -> Response:
    """Put invitations out of memory: they have been downloaded, or are not wanted."""
    offered = _offered(visit)
    asked = visit.sure(
        title=_("Forget these invitations?"),
        binds=_("What you have not downloaded is gone then: nobody can make the same invitation again."),
        lines=[_("Talks that nobody ever enters stay empty and do no harm. You can offer others.")],
        readers=_("Nobody learns of it."),
        verb=_("Forget them"),
        back="/invitations",
    )
    if asked:
        return asked
    del visit.inside.offers[offered.talks.hex()[:SHORT]]
    return visit.go("/invitations", _("The invitations are out of memory."))


def _offered(visit: Visit) -> Offered:
    """Return the talks of the address, if this session offered them."""
    offered = visit.inside.offers.get(visit.request.path_params["talks"])
    if offered is None:
        raise LocalError("console-page-unknown")
    return offered


def _file(name: str, data: bytes, media_type: str) -> Response:
    """Return a file to keep."""
    return Response(data, 200, {"content-disposition": f'attachment; filename="{name}"'}, media_type)


def held(visit: Visit) -> Response:
    """Show what is to be done after a restore."""
    count = sum(register["held"] for one in status(visit.folder)["talks"] for register in one["registers"])
    return visit.page("held.html", count=count)


def release(visit: Visit) -> Response:
    """Let a restored venue take entries again."""
    if visit.field("synced") != "yes":
        raise LocalError("console-not-asked")
    asked = visit.sure(
        title=_("Let the registers take entries again?"),
        binds=_(
            "If a desk has not yet given back what it holds, this venue will show two histories, and the evidence convicts its host."
        ),
        lines=[_("You have said that every delegation was asked, and that every desk has synced.")],
        readers=_("Every desk sees it: its entries are taken again."),
        verb=_("Let them take entries"),
        back="/held",
    )
    if asked:
        return asked
    count = backups.confirm(visit.folder)
    said = ngettext("{count} register takes entries again.", "{count} registers take entries again.", count)
    return visit.go("/", said.format(count=rendering.number(count)))


def unknown(_visit: Visit) -> Response:
    """Refuse an address that is no page."""
    raise LocalError("console-page-unknown")


ROUTES: Final = (
    get(LOGIN, ask),
    post(LOGIN, login),
    post("/logout", logout),
    post("/language", language),
    get("/", overview),
    get("/invitations", invitations),
    post("/invitations", offer),
    get("/invitations/{talks}/all", archive),
    get("/invitations/{talks}/{name}", download),
    post("/invitations/{talks}/forget", forget),
    get("/held", held),
    post("/held", release),
)
