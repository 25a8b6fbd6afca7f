"""What two answers of a host to one request for conditions prove. See spec/conditions.md R-118.

This module decides when they convict: both are the host's for the same talks, request and number, and they differ. It never says which
of them the host stands by.
"""

from __future__ import annotations

from typing import Final

from good_offices.encoding import unpack
from good_offices.errors import RemoteError
from good_offices.instrument.anchors import NO_ANCHORS, Anchors
from good_offices.instrument.finding import NOT_HOST, Finding, Trust
from good_offices.locale import N_
from good_offices.locale.phrases import phrase
from good_offices.register.conditions import MAX_REQUEST, Answered, ConditionsAnswer, TwoAnswers
from good_offices.register.forms import read
from good_offices.register.genesis import Genesis, talks_id

FORM: Final = "good-offices/conditions-evidence/1"
_WHAT: Final = "the answer to a request for conditions"
_LIMIT: Final = 4 * MAX_REQUEST
_NOT_WHICH: Final = phrase(N_("which of the two answers the host stands by"))


def verify_two_answers(data: bytes, anchors: Anchors = NO_ANCHORS) -> Finding:
    """Return what the evidence proves (spec/conditions.md R-118).

    Raises:
        RemoteError: `conditions-evidence` if the answers are the same, or of different numbers; `root-differs`; and as
            `HostKeys.open_text`.
    """
    two = read(data, TwoAnswers, FORM, what="the evidence", limit=_LIMIT)
    genesis = Genesis.parse(two.genesis)
    keys = genesis.keys
    told = []
    for one in (two.first, two.second):
        told.append(unpack(one.answer, ConditionsAnswer, what=_WHAT, limit=MAX_REQUEST))
        keys.open_text(one.note, Answered.of(keys.origin, one.answer).text(), what=_WHAT)
    first, second = told
    if two.first.answer == two.second.answer or (first.number, first.answer) != (
        second.number,
        second.answer,
    ):
        raise RemoteError("conditions-evidence")
    if not anchors.required <= {keys.fingerprint}:
        raise RemoteError("root-differs")
    trust: Trust = "established" if keys.fingerprint in anchors.all else "unestablished"
    return Finding(
        form=FORM,
        valid=True,
        trust=trust,
        proves=(
            phrase(
                N_(
                    "that the host signed two different answers under one number: answer {answer} to request {number} for conditions"
                ),
                answer=first.answer,
                number=first.number,
            ),
        ),
        does_not_prove=(_NOT_WHICH,) if trust == "established" else (NOT_HOST, _NOT_WHICH),
        talks=talks_id(two.genesis).hex(),
        host=keys.fingerprint,
        origin=keys.origin,
    )
