"""Every file that `verify` reads: which one it is, and what it proves.

This module decides by the form of a file which check it gets (spec/outcome.md section 9). It never guesses a form
from a name, and never takes a host's keys for trusted because they stand in the file.

1. A record names its form; a tlog-proof and a signed note are recognised by their first line.
2. `FORMS` is the table; whoever has further forms (the pouch is the desk's) passes a larger one.
3. What a host signed is checked with the keys of a genesis, in the file or beside it, or of the trust file. Trust is
   established if the reader named the host's number or keys.
4. The result is a finding, never an exception: the first failure is named in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from good_offices.encoding import decode
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument import finding as findings
from good_offices.instrument import telling
from good_offices.instrument.anchors import NO_ANCHORS, Anchors
from good_offices.instrument.certified import CERTIFIED_COPY, verify_certified
from good_offices.instrument.communique import verify_communique
from good_offices.instrument.conditions import FORM as TWO_ANSWERS
from good_offices.instrument.conditions import verify_two_answers
from good_offices.instrument.declared import verify_declared
from good_offices.instrument.entries import open_genesis
from good_offices.instrument.finding import Finding, Trust, refusal
from good_offices.instrument.outcome import (
    DISCLOSURE,
    EVIDENCE,
    MAX_FILE,
    OUTCOME,
    RECEIPT,
    Disclosure,
    EvidenceFile,
    ReceiptFile,
)
from good_offices.instrument.reading import Reading
from good_offices.instrument.verify import established, open_checkpoint, read_entries, verify_outcome
from good_offices.locale import N_
from good_offices.locale.phrases import phrase
from good_offices.register.box_evidence import FORM as BOX_EVIDENCE
from good_offices.register.box_evidence import BoxEvidence, Opening, Voiding
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.communique import FILE as COMMUNIQUE
from good_offices.register.declared import DECLARED, WITHDRAWN
from good_offices.register.fork import FORM as FORK
from good_offices.register.fork import Fork, verify_fork
from good_offices.register.forms import read
from good_offices.register.genesis import Genesis, talks_id
from good_offices.register.host import HostKeys
from good_offices.register.leaf import Leaf
from good_offices.register.note import MAX_NOTE, Note
from good_offices.register.receipt import HEADER, Receipt

NOTE: Final = "signed note"
TLOG_PROOF: Final = "tlog-proof"
SOUNDING: Final = "good-offices/sounding-evidence/1"


@dataclass(frozen=True, slots=True)
class Beside:
    """What the reader gives beside the file: anchors, and for a bare receipt its leaf and genesis."""

    anchors: Anchors = NO_ANCHORS
    genesis: bytes | None = None
    leaf: bytes | None = None


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


def verify_receipt_file(data: bytes, beside: Beside) -> Finding:
    """Return what a receipt proves that stands with its leaf and genesis (section 9.3).

    Raises:
        RemoteError: `not-canonical`, `genesis-wrong`, and as `Receipt.verify`.
    """
    file = ReceiptFile.parse(data)
    return _receipt(file.receipt, file.leaf, _genesis(file.genesis), beside, RECEIPT)


def verify_bare_receipt(data: bytes, beside: Beside) -> Finding:
    """Return what a tlog-proof proves, with the leaf and the genesis that the reader gives (section 9.3).

    Raises:
        RemoteError: `host-unnamed`, `not-canonical`, `genesis-wrong`, and as `Receipt.verify`.
    """
    if beside.leaf is None or beside.genesis is None:
        raise RemoteError("host-unnamed")
    return _receipt(_text(data), beside.leaf, _genesis(beside.genesis), beside, TLOG_PROOF)


def verify_evidence_file(data: bytes, beside: Beside) -> Finding:
    """Return what evidence of two histories proves, with its genesis (section 9.4).

    Raises:
        RemoteError: `not-canonical`, `genesis-wrong`, and as `verify_fork`.
    """
    file = EvidenceFile.parse(data)
    genesis = _genesis(file.genesis)
    return _convicted(verify_fork(file.fork, genesis.keys), genesis.keys, beside, EVIDENCE, file.genesis)


def verify_bare_fork(data: bytes, beside: Beside) -> Finding:
    """Return what bare evidence proves, against the host's keys that the reader gives (section 9.4).

    Raises:
        RemoteError: `host-unnamed`, and as `verify_fork`.
    """
    fork = read(data, Fork, FORK, what="the evidence", limit=MAX_FILE)
    keys = _keys(fork.first, beside)
    return _convicted(verify_fork(data, keys), keys, beside, FORK, beside.genesis)


def verify_box_evidence(data: bytes, beside: Beside) -> Finding:
    """Return what evidence of a host's box proves (spec/soundings.md 9.5).

    Raises:
        RemoteError: `not-canonical`, `genesis-wrong`, and as `BoxEvidence.verify`.
    """
    evidence = BoxEvidence.parse(data)
    genesis = _genesis(evidence.founding.body)
    box = evidence.verify().hex()
    origin = genesis.keys.origin
    if isinstance(evidence.claim, Opening):
        proves = phrase(
            N_(
                "that the host of {origin} opened the box {box} with deposits that were not committed to, "
                "or that do not open it"
            ),
            origin=origin,
            box=box,
        )
    elif isinstance(evidence.claim, Voiding):
        proves = phrase(
            N_(
                "that the host of {origin} held the deposits of all parties for the box {box}, "
                "and closed it instead of opening it"
            ),
            origin=origin,
            box=box,
        )
    else:
        proves = phrase(N_("that the host of {origin} ended the box {box} twice"), origin=origin, box=box)
    doubts = (phrase(N_("why it happened")), phrase(N_("who learnt what from it")))
    return _by_host(BOX_EVIDENCE, genesis.keys, beside, 0, (proves,), doubts, genesis.body())


def verify_note(data: bytes, beside: Beside) -> Finding:
    """Return what a host's checkpoint proves, against the keys that the reader gives (section 9.5).

    Raises:
        RemoteError: `host-unnamed`, and as `HostKeys.open_evidence`.
    """
    keys = _keys(data, beside)
    checkpoint = keys.open_evidence(data)
    return _by_host(
        NOTE,
        keys,
        beside,
        checkpoint.size,
        (
            phrase(
                N_("that the host signed a register of {size} entries with the root {root}"),
                size=checkpoint.size,
                root=checkpoint.root.hex(),
            ),
        ),
        (findings.NOT_COMPLETE, findings.NOT_ARRIVAL),
        beside.genesis,
    )


def _receipt(text: str, leaf: bytes, genesis: Genesis, beside: Beside, form: str) -> Finding:
    """Return what a receipt proves."""
    entry = Leaf.from_bytes(leaf)
    receipt = Receipt.from_text(text, entry)
    checkpoint = receipt.verify(genesis.keys)
    proves = (
        phrase(
            N_("that the host signed a register of {size} entries in which this entry stands at {index}"),
            size=checkpoint.size,
            index=receipt.index,
        ),
        phrase(
            N_("that the entry has {length} bytes with the SHA-256 {digest}"),
            length=entry.length,
            digest=entry.digest.hex(),
        ),
    )
    doubts = (phrase(N_("who wrote the entry, or what it says")), findings.NOT_ARRIVAL)
    return _by_host(form, genesis.keys, beside, checkpoint.size, proves, doubts, genesis.body())


def _convicted(fork: Fork, keys: HostKeys, beside: Beside, form: str, genesis: bytes | None) -> Finding:
    """Return what evidence of two histories proves."""
    first, second = fork.verify(keys)
    proves = phrase(
        N_(
            "that the host of {origin} signed two histories that cannot both be true, "
            "of {first} and of {second} entries"
        ),
        origin=keys.origin,
        first=first.size,
        second=second.size,
    )
    doubts = (phrase(N_("which of the two is the true one")), phrase(N_("why it happened")))
    return _by_host(form, keys, beside, second.size, (proves,), doubts, genesis)


def _by_host(
    form: str,
    keys: HostKeys,
    beside: Beside,
    size: int,
    proves: tuple[str, ...],
    doubts: tuple[str, ...],
    genesis: bytes | None,
) -> Finding:
    """Return a finding about what a host signed; trust is the reader's word on the host's number or keys.

    Raises:
        RemoteError: `root-differs` if the reader required another number.
    """
    anchors = beside.anchors
    if not anchors.required <= {keys.fingerprint}:
        raise RemoteError("root-differs")
    known = keys.fingerprint in anchors.all or keys in anchors.hosts
    trust: Trust = "established" if known else "unestablished"
    return Finding(
        form=form,
        valid=True,
        trust=trust,
        proves=proves,
        does_not_prove=doubts if known else (findings.NOT_HOST, *doubts),
        talks=talks_id(genesis).hex() if genesis else "",
        host=keys.fingerprint,
        origin=keys.origin,
        size=size,
    )


def _genesis(body: bytes) -> Genesis:
    """Return the genesis beside which something is checked.

    Raises:
        RemoteError: `genesis-wrong`.
    """
    try:
        return Genesis.parse(body)
    except GoodOfficesError as broken:
        raise RemoteError("genesis-wrong", why=broken) from None


def _keys(note: bytes, beside: Beside) -> HostKeys:
    """Return the keys that the reader gives for the host of a note.

    Raises:
        RemoteError: `host-unnamed`, `genesis-wrong`, `not-canonical`.
    """
    if beside.genesis is not None:
        return _genesis(beside.genesis).keys
    origin = Checkpoint.parse(Note.parse(note, what="the note").text).origin
    keys = beside.anchors.host(origin)
    if keys is None:
        raise RemoteError("host-unnamed")
    return keys


def _text(data: bytes) -> str:
    """Return a text file as text.

    Raises:
        RemoteError: `not-canonical`.
    """
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise RemoteError("not-canonical", what="the receipt", why="not UTF-8") from None


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
