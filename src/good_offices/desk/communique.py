"""A communiqué at a desk: signing the record in clear, putting the file together, handing it to the host.

This module decides where the parts of the file come from: the rules' state, introductions and certificates in the record. It
never hands out a file that it has not verified itself, and never before the embargo by this machine's clock.

1. The act of release stands in the record before the file leaves this machine: nobody learns from the host's page what the
   record does not know.
2. Handing in again what was released changes nothing, at the host or in the record.
"""

from __future__ import annotations

import time

from good_offices.desk.certified import certified
from good_offices.desk.desk import Desk, Done
from good_offices.errors import LocalError
from good_offices.register.communique import FILE, CommuniqueFile, Signed, verify_file
from good_offices.seals.domains import Domain
from good_offices.talks.communique import embargo_in_words, in_public, unsigned
from good_offices.talks.events_communique import CommuniqueReleased, CommuniqueSigned
from good_offices.talks.releases import Release


def signature(desk: Desk, content: bytes) -> CommuniqueSigned:
    """Return the event that brings this desk's signature over a communiqué's record in clear (spec/communique.md R-134).

    Raises:
        LocalError: `communique-unknown`, `communique-not-accepted`.
    """
    release = known(desk, content)
    if release.accepted is None:
        # A signature that others could read already would leave this machine with an act that is void.
        raise LocalError("communique-not-accepted")
    return CommuniqueSigned(communique=content, signature=desk.signer.sign(Domain.COMMUNIQUE, release.record))


def file_of(desk: Desk, content: bytes) -> bytes:
    """Return the file of a communiqué that all have signed, verified (spec/communique.md R-137).

    Raises:
        LocalError: `communique-unknown`, `communique-withdrawn`, `communique-signatures-missing`.
        RemoteError: what was put together does not hold; its code says why.
    """
    release = known(desk, content)
    if release.withdrawn:
        raise LocalError("communique-withdrawn")
    missing = unsigned(release, desk.talks.roster, desk.common.ledger.size)
    if missing:
        raise LocalError("communique-signatures-missing", who=in_public(release, missing))
    signed = tuple(
        Signed(desk=certified(desk, one.author), signature=one.signature)
        for _delegation, one in sorted(release.signed.items())
    )
    data = CommuniqueFile(form=FILE, record=release.record, signed=signed).to_bytes()
    verify_file(data)
    return data


def release(desk: Desk, content: bytes) -> tuple[Done | None, str]:
    """Release a communiqué: the act, unless it was done before, and the file to the host; return the act and the number.

    By courier the act goes with the next letter, and the number is empty: the file is carried when the act has come back in a pouch.

    Raises:
        LocalError: `communique-embargo`, `communique-carried`, and as `file_of` and `Desk.act`.
        OperationalError: the host cannot be reached, or refused; the act may stand already, and handing in again is safe.
    """
    state = known(desk, content)
    if time.time() * 1000 < state.embargo:
        raise LocalError("communique-embargo", until=embargo_in_words(state))
    data = file_of(desk, content)
    done = None
    if desk.by_courier:
        if state.released is not None or _waits(desk, content):
            raise LocalError("communique-carried")
        done = desk.act("plenary", CommuniqueReleased(communique=content))
        desk.storage.put(_name(content), b"1")
        return done, ""
    if state.released is None:
        done = desk.act("plenary", CommuniqueReleased(communique=content))
        if done.verdict is None or done.verdict.status != "valid":
            return done, ""
    return done, desk.client.release(desk.common.ledger.register, data)


def _waits(desk: Desk, content: bytes) -> bool:
    """Tell whether a release of this communiqué waits for the courier."""
    return desk.storage.get(_name(content)) is not None and bool(desk.outgoing())


def _name(content: bytes) -> str:
    """Return under which name this desk notes that it wrote a release for the courier."""
    return f"release/{content.hex()}"


def known(desk: Desk, content: bytes) -> Release:
    """Return a communiqué of these talks.

    Raises:
        LocalError: `communique-unknown`.
    """
    found = desk.talks.plenary.communiques.get(content.hex())
    if found is None:
        raise LocalError("communique-unknown")
    return found
