"""Evidence of a false message in a sounding: one file that shows anybody who signed what does not hold.

This module decides what convicts a delegation's desk (spec/soundings.md section 10.1). It never convicts on what is missing, and
never says why a message was false.

1. The accused has signed the context and all messages before its own, by `binds`: only under exactly those is its message
   judged. A file with another context or other messages before convicts nobody.
2. The messages before must hold themselves, else an honest answer to a false one could be made to look false.
3. All pieces are there, in order, by one desk, which the root of that place certified. Pieces that bind themselves to
   different things convict by themselves.
4. What is found is the code that every desk of the talks comes to: `sounding-form` or `sounding-proof`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, RemoteError
from good_offices.instrument import finding as findings
from good_offices.instrument.anchors import Anchors
from good_offices.instrument.finding import Finding, Rooted, Trust
from good_offices.instrument.outcome import MAX_FILE
from good_offices.locale import N_
from good_offices.locale.phrases import phrase, refused
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ROOT
from good_offices.soundings.context import Context, Run
from good_offices.soundings.course import Course, course
from good_offices.talks.acts import Act, SignedAct
from good_offices.talks.credentials import Root, Statement, certificate_message
from good_offices.talks.events_sounding import SoundingAnswered

SOUNDING_EVIDENCE: Final = "good-offices/sounding-evidence/1"
_FALSE: Final = frozenset({"sounding-form", "sounding-proof"})


class SoundingEvidence(Record, frozen=True, kw_only=True, tag=SOUNDING_EVIDENCE, tag_field="form"):
    """A message of a step with all that its author bound it to (spec/soundings.md section 10.1).

    `context` is packed; `before` are the messages of all steps before, by step and place; `pieces` packed signed acts; `certificate`
    is the signature of `root` over `statement`.
    """

    context: bytes
    place: int
    step: int
    before: tuple[bytes, ...]
    pieces: tuple[bytes, ...]
    statement: Statement
    root: Root
    certificate: bytes


def convicted(evidence: SoundingEvidence) -> RemoteError:
    """Return what the message breaks: `sounding-form` or `sounding-proof` with place and step (rules 1 to 4).

    Raises:
        RemoteError: `sounding-unproved`, `signature-invalid`, `not-canonical`, `too-large`, `text-not-plain`.
    """
    context = unpack(evidence.context, Context, what="the context", limit=MAX_FILE)
    try:
        run = Run(context)
    except LocalError as broken:
        raise _unproved("its context is none") from broken
    _check_signer(evidence, context)
    said = _pieces(evidence, context)
    held = _before(run, evidence)
    binds = {one.binds for one in said}
    if binds != {held.binds(evidence.step)}:
        if len(binds) > 1:
            return RemoteError(
                "sounding-proof", place=evidence.place, step=evidence.step, what="that it followed one course"
            )
        raise _unproved("its author has signed another context, or other messages before")
    try:
        held.take(evidence.step, evidence.place, b"".join(one.body for one in said), binds.pop())
    except RemoteError as false:
        if false.code not in _FALSE:
            raise
        return false
    raise _unproved("the message holds")


def verify_sounding_evidence(data: bytes, anchors: Anchors) -> Finding:
    """Return what evidence of a false message proves (spec/soundings.md section 10.1).

    Raises:
        RemoteError: as `convicted`; `root-differs` if the reader required another number.
    """
    evidence = unpack(data, SoundingEvidence, what="the evidence", limit=MAX_FILE)
    false = convicted(evidence)
    number = evidence.root.fingerprint
    if not anchors.required <= {number}:
        raise RemoteError("root-differs")
    known = number in anchors.all
    trust: Trust = "established" if known else "unestablished"
    delegation = evidence.statement.delegation
    doubts = (
        phrase(N_("who wanted the message to be false, or whether a fault in a program made it so")),
        findings.NOT_CLAIMED,
    )
    what, _remedy = refused(false.code, false.facts)
    return Finding(
        form=SOUNDING_EVIDENCE,
        valid=True,
        trust=trust,
        proves=(
            phrase(
                N_(
                    "that a message of a sounding does not hold: signed by the desk {desk} of the delegation {delegation}"
                ),
                desk=evidence.statement.hash.hex(),
                delegation=anchors.known.get(number) or delegation,
            ),
            what,
        ),
        does_not_prove=doubts if known else (findings.NOT_IDENTITY, *doubts),
        roots=(Rooted(delegation, anchors.known.get(number, ""), number, number, known),),
        talks=evidence.statement.talks.hex(),
    )


def _check_signer(evidence: SoundingEvidence, context: Context) -> None:
    """Pass if the root of the accused place has certified the desk in these talks (rule 3)."""
    if not 0 <= evidence.place < len(context.parties):
        raise _unproved("nobody has its place")
    party, statement = context.parties[evidence.place], evidence.statement
    if (statement.delegation, evidence.root.fingerprint) != (party.delegation, party.root):
        raise _unproved("its author is not of the delegation in its place")
    if statement.talks != context.talks:
        raise _unproved("its author is of other talks")
    message = certificate_message(statement, evidence.root)
    ROOT.verify(Domain.CERTIFICATE, evidence.root.public, evidence.certificate, message)


def _pieces(evidence: SoundingEvidence, context: Context) -> list[SoundingAnswered]:
    """Return the pieces of the message: signed by the desk, all there, in order (rule 3)."""
    found = []
    for number, content in enumerate(evidence.pieces):
        signed = unpack(content, SignedAct, what="an act", limit=MAX_FILE)
        signed.verify(evidence.statement.act)
        act = signed.opened()
        if not isinstance(act.event, SoundingAnswered) or not _is_of(act, act.event, evidence, context):
            raise _unproved("an act in it is not of this step")
        if (act.event.piece, act.event.pieces) != (number, len(evidence.pieces)):
            raise _unproved("pieces of the message are missing")
        found.append(act.event)
    if not found:
        raise _unproved("the message is not there")
    return found


def _is_of(act: Act, said: SoundingAnswered, evidence: SoundingEvidence, context: Context) -> bool:
    """Tell whether an act is of the accused desk, and of this step of this attempt."""
    return (act.talks, act.room, act.author, said.sounding, said.attempt, said.step) == (
        context.talks,
        context.room,
        evidence.statement.hash,
        context.sounding,
        context.attempt,
        evidence.step,
    )


def _before(run: Run, evidence: SoundingEvidence) -> Course:
    """Return the course up to the step, all messages before verified (rule 2)."""
    try:
        held = course(run)
        if evidence.place not in held.takers(evidence.step):
            raise _unproved("its place does not take this step")
        _take(held, evidence.step, evidence.before)
    except (KeyError, LocalError, RemoteError) as broken:
        if isinstance(broken, GoodOfficesError) and broken.code == "sounding-unproved":
            raise
        raise _unproved("the messages before do not hold") from broken
    return held


def _take(held: Course, step: int, before: Sequence[bytes]) -> None:
    """Take the messages of all steps before, by step and place."""
    expected = [(number, place) for number in range(1, step) for place in held.takers(number)]
    if len(expected) != len(before):
        raise _unproved("messages before are missing")
    for (number, place), message in zip(expected, before, strict=True):
        held.take(number, place, message, held.binds(number))


def packed(evidence: SoundingEvidence) -> bytes:
    """Return evidence as one file, after it was checked that it convicts.

    Raises:
        RemoteError: as `convicted`.
    """
    convicted(evidence)
    return pack(evidence)


def _unproved(why: str) -> RemoteError:
    """Return the refusal of evidence that shows nothing."""
    return RemoteError("sounding-unproved", why=why)
