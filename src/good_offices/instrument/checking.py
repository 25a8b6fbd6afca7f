"""The closing record against what is shown: list, texts, signatories, cosignatures.

This module decides whether each sentence of a closing record follows from the entries beside it (spec/outcome.md
section 6). It never takes the record's word, although every delegation signed it: a record that all have signed and
that its own entries contradict is refused.

1. Before the head exactly the listed entries are shown; from the head on only closing records and deposits.
2. Every adopted text is in the file and has the hashes that the record names, language by language.
3. Roots, modalities, agenda, adoption and signatories are computed again from the entries, and compared.
4. Each desk that the record requires has cosigned a state of this register that includes the head.
"""

from __future__ import annotations

from typing import Final

from good_offices.encoding import unpack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument.finding import Cosigner
from good_offices.instrument.outcome import MAX_FILE, Cosignature, Outcome
from good_offices.instrument.reading import Reading
from good_offices.instrument.selecting import LATER
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import desk_name, open_cosigned
from good_offices.register.leaf import Leaf
from good_offices.register.note import KeyType, VKey
from good_offices.register.proofs import verify_consistency
from good_offices.talks.closing import language_digest
from good_offices.talks.credentials import Statement
from good_offices.talks.events_outcome import ClosingRecord, ClosingText
from good_offices.text.brackets import check_instrument
from good_offices.text.model import Instrument

AFTER: Final = LATER | {"ClosingRecordSigned", "DepositReceived"}

Texts = dict[str, Instrument]


def check_listed(outcome: Outcome, record: ClosingRecord, reading: Reading) -> None:
    """Pass if exactly the listed entries are shown before the head, and only `AFTER` from it on (rules 6.2, 6.3).

    Raises:
        RemoteError: `disclosure-list-differs`, `entry-not-shown`.
    """
    size = record.head.size
    shown = [(one.index, Leaf.from_bytes(one.leaf).hash) for one in outcome.entries if one.index < size]
    listed = [(one.index, one.leaf) for one in record.disclosed]
    if shown != listed:
        wrong = sorted({index for index, _ in set(shown) ^ set(listed)}) or sorted(
            index for index, _ in listed
        )
        raise RemoteError("disclosure-list-differs", index=wrong[0])
    events = {one.place.index: one.event.name for one in reading.acts}
    for entry in outcome.entries:
        name = events.get(entry.index, "an introduction")
        if entry.index >= size and name not in AFTER:
            raise RemoteError("entry-not-shown", index=entry.index, event=name)


def read_texts(packed: tuple[bytes, ...], record: ClosingRecord) -> Texts:
    """Return the texts of the file by their id; each is one that the record names, in its order (rule 6.5).

    Raises:
        RemoteError: `text-malformed`, `text-differs`, `text-missing`.
    """
    digests = {one.instrument: one.digest for one in record.instruments}
    texts: Texts = {}
    for data in packed:
        text = read_text(data)
        if digests.get(text.id) != text.digest or text.id in texts:
            raise RemoteError("text-differs", instrument=text.id)
        texts[text.id] = text
    if list(texts) != [one.instrument for one in record.instruments if one.instrument in texts]:
        raise RemoteError("text-malformed", why="the texts do not stand in the order of the closing record")
    missing = [one.instrument for one in record.instruments if one.adopted and one.instrument not in texts]
    if missing:
        raise RemoteError("text-missing", instrument=missing[0])
    return texts


def check_closing(record: ClosingRecord, reading: Reading, texts: Texts) -> None:
    """Pass if the record says what follows from the entries (rules 6.4 to 6.8).

    Raises:
        RemoteError: `closing-record-differs`, `text-differs`, `adoption-missing`, `powers-missing`,
            `signatory-differs`.
    """
    computed = {
        "the talks": (record.talks, reading.talks),
        "the rules": (record.rules, reading.genesis.rules),
        "the suite": (record.suite, reading.genesis.suite),
        "the roots": (
            [(one.delegation, one.fingerprint) for one in record.roots],
            [(name, one.root.fingerprint) for name, one in sorted(reading.roster.delegations.items())],
        ),
        "the modalities": (record.modalities, reading.modalities[0] if reading.modalities else None),
        "the agenda": (list(record.agenda), sorted(reading.agenda)),
    }
    for what, (said, follows) in computed.items():
        if said != follows:
            raise RemoteError("closing-record-differs", what=what)
    _check_adopted(record, reading, texts)
    _check_signatories(record, reading)


def check_cosigned(
    outcome: Outcome, record: ClosingRecord, reading: Reading, checkpoint: Checkpoint
) -> tuple[Cosigner, ...]:
    """Return who cosigned; exactly the required desks have, in the record's order (rule 6.9).

    Raises:
        RemoteError: `cosignature-missing`, `cosignature-wrong`.
    """
    if len(outcome.cosignatures) < len(record.cosigners):
        raise RemoteError("cosignature-missing", count=len(record.cosigners) - len(outcome.cosignatures))
    if len(outcome.cosignatures) > len(record.cosigners):
        raise RemoteError("cosignature-wrong", why="one more than the closing record requires")
    desks = {one.statement.cosigner: one.statement for one in reading.roster.book.desks.values()}
    found = []
    for key, cosignature in zip(record.cosigners, outcome.cosignatures, strict=True):
        if key not in desks:
            raise RemoteError("cosignature-wrong", why="by a desk whose certificate is not shown")
        found.append(_cosigned(desks[key], cosignature, record, reading, checkpoint))
    return tuple(found)


def read_text(data: bytes) -> Instrument:
    """Return the well-formed text that these bytes stand for.

    Raises:
        RemoteError: `text-malformed`.
    """
    try:
        text = unpack(data, Instrument, what="the text", limit=MAX_FILE)
        check_instrument(text)
    except GoodOfficesError as broken:
        raise RemoteError("text-malformed", why=broken) from None
    return text


def _check_adopted(record: ClosingRecord, reading: Reading, texts: Texts) -> None:
    """Refuse a text that was not adopted as the record says, or has another hash in some language."""
    for one in record.instruments:
        # That nobody broke a silence no entry shows: the record says it, and every delegation has signed the record.
        known = reading.signing
        by_all = known.adopted.get(one.instrument) == one.digest
        shown = known.is_adopted(one.instrument, one.digest)
        if by_all > one.adopted or one.adopted > shown:
            raise RemoteError("adoption-missing", instrument=one.instrument)
    listed = {one.instrument for one in record.instruments}
    stray = next((one.instrument for one in record.texts if one.instrument not in listed), None)
    if stray is not None:
        raise RemoteError("text-differs", instrument=stray)
    for name, text in texts.items():
        follows = [
            ClosingText(instrument=name, language=language, digest=language_digest(text, language))
            for language in text.authentic
        ]
        if follows != [one for one in record.texts if one.instrument == name]:
            raise RemoteError("text-differs", instrument=name)


def _check_signatories(record: ClosingRecord, reading: Reading) -> None:
    """Refuse a record whose signatories are not those of the acts."""
    waiting = reading.waiting()
    if waiting:
        raise RemoteError("powers-missing", index=waiting[0].place.index)
    follows = sorted(reading.signing.signatories, key=lambda one: (one.instrument, one.delegation, one.how))
    if list(record.signatories) == follows:
        return
    for said, shown in zip(record.signatories, follows, strict=False):
        if said != shown:
            raise RemoteError("signatory-differs", index=shown.index)
    raise RemoteError("signatory-differs", index=(*record.signatories, *follows)[-1].index)


def _cosigned(
    desk: Statement, cosignature: Cosignature, record: ClosingRecord, reading: Reading, checkpoint: Checkpoint
) -> Cosigner:
    """Return a cosigner, if its note is over a state from the head on that the checkpoint continues."""
    try:
        key = VKey(desk_name(desk.desk), KeyType.ED25519_COSIGNATURE, desk.cosigner)
        cosigned = open_cosigned(key, cosignature.note)
        state = cosigned.checkpoint
        verify_consistency(state.size, checkpoint.size, cosignature.proof, state.root, checkpoint.root)
    except GoodOfficesError as broken:
        raise RemoteError("cosignature-wrong", why=broken) from None
    origins = {one.keys.origin for one in reading.roster.hosts.hosts}
    if state.origin not in origins or state.size < record.head.size:
        raise RemoteError("cosignature-wrong", why="over another register, or over a state before the head")
    return Cosigner(reading.name(desk.delegation), desk.desk, state.size, cosigned.time)
