"""Who may do what at a venue: decisions without a framework, a socket or a clock.

This module decides whether a request is allowed and well formed. It never looks into a body: what it reads of an entry
is its kind and its length, and of a commitment to a box what stands there in clear.

1. A request is from a desk that is enrolled, or from a delegation's enrolment key where desks are enrolled or removed.
2. A common register is for all delegations of its talks, a caucus register for its own delegation alone. What is not
   for a desk does not exist for it: both have one answer.
3. Desks append introductions, wraps, envelopes, and to the common register commitments to boxes, of which it reads who commits:
   its own delegation, in a box of all. Terms are reserved; what the host writes itself is refused.
4. A desk that was removed stays removed: its number never comes back, so replaying its enrolment does nothing.
5. Which of several reasons a request fails for is not told to a stranger: an unknown key and a wrong signature have one
   answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from good_offices.encoding import unpack
from good_offices.errors import OperationalError, RemoteError
from good_offices.register.box import BoxCommit, read_box
from good_offices.register.leaf import Kind
from good_offices.transport import signing
from good_offices.transport.pages import MAX_ENTRIES, Enrolment, Posted, read_append
from good_offices.transport.pouch import Letter, read_letter, verify_enrolment, verify_letter
from good_offices.venue.settings import Limits
from good_offices.venue.store import Desk, Reader, Register

ALLOWED: Final = frozenset({Kind.INTRODUCTION, Kind.WRAPS, Kind.ENVELOPE})
RESERVED: Final = frozenset({Kind.TERM})
# A look-up costs a fifth of making a `Kind` of a number.
_ALLOWED: Final = {int(kind): kind for kind in ALLOWED}

STATUS: Final = {
    "request-not-signed": 401,
    "clock-apart": 401,
    "request-replayed": 401,
    "no-such-register": 404,
    "no-such-page": 404,
    "no-such-entry": 404,
    "request-too-slow": 408,
    "recovery-refused": 409,
    "box-closed": 409,
    "box-committed": 409,
    "box-deposit-differs": 409,
    "box-differs": 409,
    "box-not-ready": 409,
    "desk-removed": 410,
    "too-large": 413,
    "communique-early": 409,
    "communique-not-ours": 422,
    "kind-not-allowed": 422,
    "kind-reserved": 422,
    "box-not-yours": 422,
    "boxes-full": 422,
    "communiques-full": 422,
    "desks-full": 422,
    "handed-over-unsigned": 422,
    "conditions-foreign": 422,
    "conditions-full": 422,
    "conditions-number-taken": 409,
    "too-many-requests": 429,
    "venue-fault": 500,
    "venue-busy": 503,
    "venue-cannot-write": 503,
    "venue-closing": 503,
    "venue-database-damaged": 503,
    "venue-held": 503,
    "register-full": 507,
}
_MALFORMED: Final = 400
_ID: Final = re.compile(r"[0-9a-f]{32}")
_BOX: Final = re.compile(r"[0-9a-f]{64}")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}")
# A request that is refused for its talks' size or count of desks is not repaired by waiting; these are.
RETRY: Final = {429: 1, 503: 1}


@dataclass(frozen=True, slots=True)
class Head:
    """A request without its body; `query` has no question mark, a missing header is empty."""

    method: str
    path: str
    query: str
    digest: str
    signature_input: str
    signature: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request is from; `desk` is empty where the enrolment key signed."""

    keyid: str
    nonce: str
    desk: str
    delegation: str
    talks: bytes


class Directory:
    """Registers, desks and delegations as the store has them, with what was found kept in memory.

    What is not found is asked for again each time: another process may have offered talks.
    """

    def __init__(self, reader: Reader) -> None:
        """Ask `reader`, on one thread."""
        self._reader = reader
        self._registers: dict[str, Register] = {}
        self._desks: dict[str, tuple[Desk, bytes]] = {}
        self._delegations: dict[bytes, list[str]] = {}

    def register(self, name: str) -> Register | None:
        """Return the register with the id `name`."""
        known = self._registers.get(name)
        if known is None and (known := self._reader.register(name)) is not None:
            self._registers[name] = known
        return known

    def desk(self, name: str) -> tuple[Desk, bytes] | None:
        """Return the desk with the id `name` and its posting secret."""
        known = self._desks.get(name)
        if known is None and (desk := self._reader.desk(name)) is not None:
            secret = self._reader.posting(name) or signing.posting_secret(desk.enrolment, desk.id)
            known = self._desks[name] = (desk, secret)
        return known

    def delegation(self, name: str) -> tuple[bytes, bytes] | None:
        """Return talks id and enrolment key of a delegation."""
        return self._reader.delegation(name)

    def delegations(self, talks: bytes) -> list[str]:
        """Return the ids of the delegations of talks, rising; the offer fixes them."""
        if talks not in self._delegations:
            self._delegations[talks] = self._reader.delegations(talks)
        return self._delegations[talks]

    def forget(self, desk: str) -> None:
        """Ask the store about a desk again."""
        self._desks.pop(desk, None)


class Service:
    """The decisions, over a directory and the limits of the venue."""

    def __init__(self, directory: Directory, limits: Limits) -> None:
        """Decide by `directory` and `limits`."""
        self._directory = directory
        self._limits = limits

    def identify(self, head: Head, now: int) -> Caller:
        """Return who `head` is from, at the time `now` in seconds (spec/transport.md section 2).

        Raises:
            RemoteError: `request-not-signed` or `clock-apart`.
        """
        claim = signing.claim(head.signature_input, head.signature)
        caller, secret = self._known(claim)
        signing.verify(
            claim, secret, method=head.method, path=head.path, query=head.query, digest=head.digest
        )
        signing.check_created(claim, now)
        return caller

    def _known(self, claim: signing.Claim) -> tuple[Caller, bytes]:
        """Return the claimed caller and the secret that must have signed."""
        name = claim.keyid
        if name.startswith(signing.DELEGATION):
            delegation = name.removeprefix(signing.DELEGATION)
            found = self._directory.delegation(delegation)
            if found is not None:
                return Caller(name, claim.nonce, "", delegation, found[0]), found[1]
        else:
            known = self._directory.desk(name)
            if known is not None and not known[0].removed:
                desk, secret = known
                return Caller(name, claim.nonce, desk.id, desk.delegation, desk.talks), secret
        raise RemoteError("request-not-signed")

    def register(self, caller: Caller, name: str) -> Register:
        """Return the register `name` if it is for `caller` (rule 2).

        Raises:
            RemoteError: `no-such-register`.
        """
        register = self._directory.register(name) if caller.desk else None
        if register is None or register.talks != caller.talks:
            raise RemoteError("no-such-register")
        if register.delegation not in (None, caller.delegation):
            raise RemoteError("no-such-register")
        return register

    def entries(self, caller: Caller, register: Register, body: bytes) -> list[tuple[Kind, bytes]]:
        """Return the entries that the body of a request asks to append (spec/transport.md section 4).

        Raises:
            RemoteError: `not-canonical`, `request-malformed`, `kind-not-allowed`, `kind-reserved`, `too-large`,
                `box-not-yours` or `box-differs`.
        """
        posted = read_append(body, limit=self._limits.request_bytes).entries
        if not 1 <= len(posted) <= MAX_ENTRIES:
            raise RemoteError("request-malformed", why=f"not 1 to {MAX_ENTRIES} entries")
        return self._allowed(caller, register.id, posted)

    def _allowed(self, caller: Caller, register: str, posted: list[Posted]) -> list[tuple[Kind, bytes]]:
        """Return entries that a desk may append (rule 3)."""
        entries = []
        for one in posted:
            kind = _ALLOWED.get(one.kind)
            if kind is None and one.kind == Kind.BOX_COMMIT:
                self._check_commit(caller, self.register(caller, register), one.body)
                kind = Kind.BOX_COMMIT
            if kind is None:
                code = "kind-reserved" if one.kind in RESERVED else "kind-not-allowed"
                raise RemoteError(code, kind=one.kind)
            if len(one.body) > self._limits.body_bytes:
                raise RemoteError(
                    "too-large", what="an entry", size=len(one.body), limit=self._limits.body_bytes
                )
            entries.append((kind, one.body))
        return entries

    def _check_commit(self, caller: Caller, register: Register, body: bytes) -> None:
        """Refuse a commitment to a box that is not of this delegation, or not of all (rule 3)."""
        if register.delegation is not None:
            raise RemoteError("kind-not-allowed", kind=int(Kind.BOX_COMMIT))
        commit = read_box(Kind.BOX_COMMIT, body)
        assert isinstance(commit, BoxCommit)  # what `read_box` gives for this kind
        if commit.delegation != caller.delegation:
            raise RemoteError("box-not-yours")
        if list(commit.parties) != self._directory.delegations(caller.talks):
            raise RemoteError("box-differs")

    def box(self, caller: Caller, register: Register, name: str) -> bytes:
        """Return the id of a box that a path names (spec/transport.md 4.8).

        Raises:
            RemoteError: `no-such-register` for a caucus, which has no boxes; `request-malformed`.
        """
        if register.delegation is not None or not caller.desk:
            raise RemoteError("no-such-register")
        if _BOX.fullmatch(name) is None:
            raise RemoteError("request-malformed", why="not the id of a box")
        return bytes.fromhex(name)

    def letter(self, body: bytes) -> tuple[Letter, Caller, bool]:
        """Return a letter, who wrote it, and whether its desk is to be enrolled first (spec/transport.md section 9).

        Raises:
            RemoteError: `too-large`, `not-canonical`, `request-malformed`, `request-not-signed`, `kind-not-allowed` or
                `kind-reserved`.
        """
        letter = read_letter(body)
        known = self._directory.desk(letter.desk)
        if known is not None:
            desk, secret = known
            if desk.removed or desk.delegation != letter.delegation:
                raise RemoteError("request-not-signed")
            talks = desk.talks
        else:
            found = self._directory.delegation(letter.delegation)
            if found is None or _ID.fullmatch(letter.desk) is None:
                raise RemoteError("request-not-signed")
            talks, enrolment = found
            secret = verify_enrolment(letter, enrolment)
        verify_letter(letter, secret)
        caller = Caller(letter.desk, "", letter.desk, letter.delegation, talks)
        for item in letter.items:
            self._allowed(caller, item.register, item.entries)
        return letter, caller, known is None

    def enrolment(self, caller: Caller, body: bytes) -> str:
        """Return the id of the desk that `caller` may enrol (spec/transport.md section 6).

        Raises:
            RemoteError: `not-canonical`, `request-malformed` or `request-not-signed`.
        """
        enrolment = unpack(body, Enrolment, what="the request", limit=4096)
        if _ID.fullmatch(enrolment.desk) is None:
            raise RemoteError("request-malformed", why="an id that is not 32 hexadecimal digits")
        if caller.desk or enrolment.delegation != caller.delegation:
            raise RemoteError("request-not-signed")
        return enrolment.desk

    def removal(self, caller: Caller, desk: str) -> str:
        """Return the id of the desk that `caller` may remove (spec/transport.md section 6).

        Raises:
            RemoteError: `request-malformed` or `request-not-signed`.
        """
        if _ID.fullmatch(desk) is None:
            raise RemoteError("request-malformed", why="an id that is not 32 hexadecimal digits")
        if caller.desk:
            raise RemoteError("request-not-signed")
        return desk


def numbers(query: str, **bounds: tuple[int | None, int, int]) -> list[int]:
    """Return the numbers of a query string, in the order of `bounds`: (default or None, least, most).

    Raises:
        RemoteError: `request-malformed` for a name that is unknown, repeated or missing, or a number out of bounds.
    """
    given: dict[str, int] = {}
    for part in query.split("&") if query else []:
        name, _, value = part.partition("=")
        if name not in bounds or name in given or _NUMBER.fullmatch(value) is None:
            raise RemoteError("request-malformed", why="the query")
        given[name] = int(value)
    found = []
    for name, (default, least, most) in bounds.items():
        number = given.get(name, default)
        if number is None or not least <= number <= most:
            raise RemoteError("request-malformed", why="a number in the query")
        found.append(number)
    return found


def status_of(problem: RemoteError | OperationalError) -> int:
    """Return the HTTP status for a refusal (spec/transport.md section 7)."""
    return STATUS.get(problem.code, _MALFORMED)
