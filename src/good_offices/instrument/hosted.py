"""What a host signed, as evidence: receipts, checkpoints, two histories, its boxes.

This module decides what each of these files proves (spec/outcome.md sections 9.3 to 9.6). It never takes a host's keys for trusted
because they stand in the file.

1. What a host signed is checked with the keys of a genesis, in the file or beside it, or of the trust file. Trust is
   established if the reader named the host's number or keys.
"""

from __future__ import annotations

from typing import Final

from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument import finding as findings
from good_offices.instrument.anchors import Beside
from good_offices.instrument.finding import Finding, Trust
from good_offices.instrument.outcome import (
    EVIDENCE,
    MAX_FILE,
    RECEIPT,
    EvidenceFile,
    ReceiptFile,
)
from good_offices.locale import N_
from good_offices.locale.phrases import phrase
from good_offices.register.box_evidence import FORM as BOX_EVIDENCE
from good_offices.register.box_evidence import BoxEvidence, Opening, Voiding
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.fork import FORM as FORK
from good_offices.register.fork import Fork, verify_fork
from good_offices.register.forms import read
from good_offices.register.genesis import Genesis, talks_id
from good_offices.register.host import HostKeys
from good_offices.register.leaf import Leaf
from good_offices.register.note import Note
from good_offices.register.receipt import Receipt

NOTE: Final = "signed note"
TLOG_PROOF: Final = "tlog-proof"


def verify_receipt_file(data: bytes, beside: Beside) -> Finding:
    """Return what a receipt proves that stands with its leaf and genesis (section 9.3).

    Raises:
        RemoteError: `not-canonical`, `genesis-wrong`, and as `Receipt.verify`.
    """
    file = ReceiptFile.parse(data)
    genesis = _genesis(file.genesis)
    return _receipt(file.receipt, file.leaf, genesis, beside, RECEIPT, _moved(file.moved, genesis))


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
    keys = _moved(file.moved, genesis)
    return _convicted(verify_fork(file.fork, keys), keys, beside, EVIDENCE, file.genesis)


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


def _moved(vkeys: tuple[str, ...], genesis: Genesis) -> HostKeys:
    """Return the keys of the host whose word a file shows: of the genesis, or those of a later host (spec/moving.md 7.1).

    Raises:
        RemoteError: `not-canonical`, `unknown-version`, `genesis-wrong`.
    """
    if not vkeys:
        return genesis.keys
    keys = HostKeys(vkeys)
    if keys.origin.rpartition("/")[2] != genesis.register:
        raise RemoteError("genesis-wrong", why="the keys of a host of another register")
    return keys


def _receipt(
    text: str, leaf: bytes, genesis: Genesis, beside: Beside, form: str, keys: HostKeys | None = None
) -> Finding:
    """Return what a receipt proves."""
    entry = Leaf.from_bytes(leaf)
    receipt = Receipt.from_text(text, entry)
    keys = keys or genesis.keys
    checkpoint = receipt.verify(keys)
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
    return _by_host(form, keys, beside, checkpoint.size, proves, doubts, genesis.body())


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
        does_not_prove=(
            *(() if known else (findings.NOT_HOST,)),
            *((findings.NOT_NAMED,) if genesis and Genesis.parse(genesis).keys != keys else ()),
            *doubts,
        ),
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
