"""What a host's signed declaration, or its withdrawal, proves. See spec/conditions.md section 4.

This module decides how it is told. It opens no talks and knows no venue: keys and words stand in the file.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from good_offices.errors import RemoteError
from good_offices.instrument.anchors import NO_ANCHORS, Anchors
from good_offices.instrument.finding import NOT_HOST, Finding, Trust
from good_offices.locale import N_
from good_offices.locale.phrases import phrase
from good_offices.register.declared import Declared, open_declared

_NOT_NOW: Final = phrase(
    N_("that it is still offered: a later withdrawal, signed as well, would not be in this file")
)
_NOT_TALKS: Final = phrase(N_("that there are talks, or that anybody has accepted anything"))
_NOT_TIME: Final = phrase(N_("when it was signed: the time is the host's word"))


def verify_declared(data: bytes, anchors: Anchors = NO_ANCHORS) -> Finding:
    """Return what a signed declaration proves, if it holds (spec/conditions.md R-141).

    Raises:
        RemoteError: as `open_declared`; `root-differs` if the reader required another number.
    """
    declared = open_declared(data)
    host = declared.keys.fingerprint
    if anchors.required and host not in anchors.required:
        raise RemoteError("root-differs")
    trust: Trust = "established" if host in anchors.all else "unestablished"
    doubts = (_NOT_TALKS, _NOT_TIME) if declared.withdraws else (_NOT_NOW, _NOT_TALKS, _NOT_TIME)
    return Finding(
        form="good-offices/declaration-withdrawn/1" if declared.withdraws else "good-offices/declaration/1",
        valid=True,
        trust=trust,
        proves=(_told(declared),),
        does_not_prove=doubts if trust == "established" else (NOT_HOST, *doubts),
        host=host,
    )


def _told(declared: Declared) -> str:
    """Return what the host signed, in one sentence."""
    when = f"{datetime.fromtimestamp(declared.time, UTC):%Y-%m-%d %H:%M:%S} UTC"
    if declared.withdraws:
        return phrase(
            N_(
                "that the host {origin} withdrew its declaration of good offices number {number}, by its clock on {when}"
            ),
            origin=declared.keys.origin,
            number=declared.number,
            when=when,
        )
    return phrase(
        N_(
            "that the host {origin} signed its declaration of good offices number {number}, by its clock on {when}"
        ),
        origin=declared.keys.origin,
        number=declared.number,
        when=when,
    )
