"""Every file that `verify` reads: which one it is, and what it proves.

This module decides by the form of a file which check it gets (spec/outcome.md section 9). It never guesses a form
from a name, and never takes a host's keys for trusted because they stand in the file.

1. A record names its form; a tlog-proof and a signed note are recognised by their first line.
2. `FORMS` is the table; whoever has further forms (the pouch is the desk's) passes a larger one.
3. The result is a finding, never an exception: the first failure is named in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from good_offices.encoding import decode
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument import finding as findings
from good_offices.instrument import telling
from good_offices.instrument.anchors import Beside
from good_offices.instrument.certified import CERTIFIED_COPY, verify_certified
from good_offices.instrument.communique import verify_communique
from good_offices.instrument.conditions import FORM as TWO_ANSWERS
from good_offices.instrument.conditions import verify_two_answers
from good_offices.instrument.declared import verify_declared
from good_offices.instrument.deposited import DEPOSIT, verify_deposit, verify_receipt
from good_offices.instrument.deposited import RECEIPT as DEPOSIT_RECEIPT
from good_offices.instrument.entries import open_genesis
from good_offices.instrument.finding import Finding, refusal
from good_offices.instrument.hosted import (
    NOTE,
    TLOG_PROOF,
    verify_bare_fork,
    verify_bare_receipt,
    verify_box_evidence,
    verify_evidence_file,
    verify_note,
    verify_receipt_file,
)
from good_offices.instrument.outcome import (
    DISCLOSURE,
    EVIDENCE,
    MAX_FILE,
    OUTCOME,
    RECEIPT,
    Disclosure,
)
from good_offices.instrument.reading import Reading
from good_offices.instrument.verify import established, open_checkpoint, read_entries, verify_outcome
from good_offices.locale import N_
from good_offices.locale.phrases import phrase
from good_offices.register.box_evidence import FORM as BOX_EVIDENCE
from good_offices.register.communique import FILE as COMMUNIQUE
from good_offices.register.declared import DECLARED, WITHDRAWN
from good_offices.register.fork import FORM as FORK
from good_offices.register.note import MAX_NOTE
from good_offices.register.receipt import HEADER

SOUNDING: Final = "good-offices/sounding-evidence/1"


Verifier: TypeAlias = Callable[[bytes, Beside], Finding]


def verify_any(
    data: bytes, beside: Beside | None = None, *, forms: Mapping[str, Verifier] | None = None
) -> Finding:
    """Return what a file proves, whatever its form (spec/outcome.md section 9); a failure is in the finding.

    Nothing is raised for what is wrong with the file.
    """
    form = "unknown"
    try:
        form = form_of(data)
        table = FORMS if forms is None else forms
        if form not in table:
            raise _unknown(form, table)
        return table[form](data, beside or Beside())
    except GoodOfficesError as broken:
        return refusal(form, broken)


def _unknown(form: str, table: Mapping[str, Verifier]) -> RemoteError:
    """Return the refusal of a form that is not in the table: a later version of one that is, or none of ours."""
    family, _, version = form.rpartition("/")
    if family and any(known.rpartition("/")[0] == family for known in table):
        return RemoteError("unknown-version", what="the file", version=version[:64])
    return RemoteError("file-unknown")


def form_of(data: bytes) -> str:
    """Return the form that a file names.

    Raises:
        RemoteError: `file-unknown`, `too-large`, `not-canonical`.
    """
    if not data or data[0] >> 5 != _MAP:
        # Text: no record of ours begins with an ASCII letter, and no note or receipt with a map.
        if data.startswith(HEADER.encode() + b"\n"):
            return TLOG_PROOF
        for form in (DECLARED, WITHDRAWN):
            if data.startswith(form.encode() + b"\n"):
                return form
        if b"\n\n\xe2\x80\x94 " in data[:MAX_NOTE]:
            return NOTE
        raise RemoteError("file-unknown")
    value = decode(data, what="the file", limit=MAX_FILE)
    form = value.get("form")
    if not isinstance(form, str):
        raise RemoteError("file-unknown")
    return form


def verify_disclosure(data: bytes, beside: Beside) -> Finding:
    """Return what one disclosed act proves (spec/outcome.md section 9.2).

    Raises:
        RemoteError: with the code of the first step that fails.
    """
    file = Disclosure.parse(data)
    genesis, talks = open_genesis(file.entries)
    checkpoint = open_checkpoint(file.checkpoint, genesis)
    reading = read_entries(file.entries, checkpoint, Reading(genesis, talks, alone=True))
    act = reading.acts[-1] if reading.acts else None
    if act is None or act.place.index != file.entries[-1].index:
        raise RemoteError("entry-kind", index=file.entries[-1].index)
    roots, trust = established(reading, beside.anchors, act.place.delegation)
    said = telling.said(act, reading)
    return Finding(
        form=DISCLOSURE,
        valid=True,
        trust=trust,
        proves=(
            phrase(
                N_("that the desk with the certificate {certificate} of {delegation} signed this act"),
                certificate=act.place.author.hex(),
                delegation=said.delegation,
            ),
            phrase(N_("that it stands in the register at {index}, unchanged"), index=act.place.index),
        ),
        does_not_prove=(
            *(() if trust == "established" else (findings.NOT_IDENTITY,)),
            findings.NOT_EFFECT,
            findings.NOT_ARRIVAL,
            findings.NOT_CLAIMED,
        ),
        statements=(said,),
        roots=roots,
        talks=talks.hex(),
        host=genesis.keys.fingerprint,
        origin=checkpoint.origin,
        size=checkpoint.size,
    )


def _sounding(data: bytes, beside: Beside) -> Finding:
    """Return what evidence of a false message in a sounding proves (spec/soundings.md section 10.1)."""
    # Imported here: loading the group costs time and a file on the disk, and most files need none of it.
    from good_offices.instrument.sounding_evidence import verify_sounding_evidence  # noqa: PLC0415

    return verify_sounding_evidence(data, beside.anchors)


_MAP: Final = 5
FORMS: Final[Mapping[str, Verifier]] = {
    OUTCOME: lambda data, beside: verify_outcome(data, beside.anchors),
    COMMUNIQUE: lambda data, beside: verify_communique(data, beside.anchors),
    DISCLOSURE: verify_disclosure,
    CERTIFIED_COPY: lambda data, beside: verify_certified(data, beside.anchors),
    DEPOSIT: lambda data, beside: verify_deposit(data, beside.anchors),
    DEPOSIT_RECEIPT: lambda data, beside: verify_receipt(data, beside.anchors),
    RECEIPT: verify_receipt_file,
    EVIDENCE: verify_evidence_file,
    SOUNDING: _sounding,
    FORK: verify_bare_fork,
    BOX_EVIDENCE: verify_box_evidence,
    TLOG_PROOF: verify_bare_receipt,
    NOTE: verify_note,
    TWO_ANSWERS: lambda data, beside: verify_two_answers(data, beside.anchors),
    DECLARED: lambda data, beside: verify_declared(data, beside.anchors),
    WITHDRAWN: lambda data, beside: verify_declared(data, beside.anchors),
}
