"""The outcome at a desk: the closing record, the bundle, and the disclosure of one act.

This module decides where the parts of an outcome come from: the archive, the rules' state, the venue's cosignatures. It
never hands a bundle out that it has not verified itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from good_offices.desk.desk import Desk
from good_offices.desk.pouch import kept_cosignatures
from good_offices.desk.record import Kept
from good_offices.encoding import unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.instrument.closing import assemble, disclose, select_disclosed
from good_offices.instrument.entries import Content, Done
from good_offices.instrument.outcome import RECEIPT, ReceiptFile
from good_offices.instrument.selecting import Judged
from good_offices.instrument.verify import verify_outcome
from good_offices.register.cosignature import desk_name, open_cosigned
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.note import KeyType, VKey
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import SignedAct
from good_offices.talks.closing import closing_record
from good_offices.talks.credentials import Introduction, Statement
from good_offices.talks.events_outcome import ClosingRecord, ClosingRecordSigned, Head
from good_offices.talks.verdict import Verdict


def propose_closing(desk: Desk, extra: Iterable[bytes] = ()) -> ClosingRecord:
    """Return the closing record of the talks as this desk has verified them; `extra` are acts to show as well.

    Raises:
        LocalError: `closing-entry-missing`.
    """
    roster, plenary = desk.talks.roster, desk.talks.plenary
    seen = desk.common.ledger.seen()
    expected = _expected(desk)
    signers = {*(one.hash for one in expected), desk.certificate}
    disclosed = select_disclosed(roster, plenary, judged(desk), extra=extra, signers=signers)
    return closing_record(
        roster,
        plenary,
        head=Head(size=seen.size, root=seen.root),
        state=desk.talks.state_hash(desk.rooms["plenary"], seen.size),
        disclosed=disclosed,
        cosigners=tuple(one.cosigner for one in expected),
    )


def proposed_closing(desk: Desk) -> ClosingRecord | None:
    """Return the closing record that was signed last by anybody and still stands, if any."""
    return next(reversed(_signed_closings(desk).values()), None)


def awaited_closing(desk: Desk) -> ClosingRecord | None:
    """Return the pending closing record, the one signed last, that waits for this desk's delegation, if any.

    All pending ones are looked at: what this delegation signed last must not hide what others have signed before.
    """
    own = desk.identity.place.delegation
    # Asked for by every page of the last steps: the record is not read for it, only the newest signature of each.
    waits = {
        max(who.index for who in one.accepted.values())
        for one in desk.talks.plenary.joint.values()
        if one.event == "ClosingRecordSigned" and own not in one.accepted
    }
    for index in sorted(waits, reverse=True):
        (line,) = desk.common.lines(index, index + 1)
        if line.act and isinstance(line.act.event, ClosingRecordSigned):
            return line.act.event.record
    return None


def _signed_closings(desk: Desk) -> dict[bytes, ClosingRecord]:
    """Return every closing record that anybody has signed, by its content; the one signed last comes last."""
    found: dict[bytes, ClosingRecord] = {}
    for line in desk.common.lines():
        if line.act and isinstance(line.act.event, ClosingRecordSigned) and line.verdict.status == "valid":
            event = line.act.event
            found.pop(event.content, None)
            found[event.content] = event.record
    return found


def export(desk: Desk) -> bytes:
    """Return the outcome bundle of the closing record in force, verified (spec/outcome.md).

    A record that somebody signed after it changes nothing until all have signed that one too.

    Raises:
        LocalError: `closing-not-complete`, `cosignatures-missing`.
        OperationalError: the venue cannot be asked for the cosignatures.
        RemoteError: what was assembled does not verify; its code says why.
    """
    plenary = desk.talks.plenary
    record = _signed_closings(desk).get(plenary.closing) if plenary.closing else None
    if record is None:
        raise LocalError("closing-not-complete")
    ledger = desk.common.ledger
    outcome = assemble(
        record,
        desk.talks.roster,
        judged(desk),
        lambda index: shown(desk, index),
        ledger.tree,
        ledger.note,
        texts={name: one.instrument for name, one in plenary.texts.items()},
        cosigned=_cosigned(desk, record),
    )
    data = outcome.to_bytes()
    verify_outcome(data)
    return data


def disclosure(desk: Desk, act: bytes) -> bytes:
    """Return the file that shows one act of the common rooms and who its author is (spec/outcome.md section 9.2).

    Raises:
        LocalError: `closing-entry-missing`; `group-not-disclosed`.
    """
    known = desk.common.verdicts.get(act)
    if known is not None and known.room in desk.talks.plenary.groups.rooms:
        raise LocalError("group-not-disclosed")
    verdict = known or next((one.verdict for one in judged(desk) if _is(one, act)), None)
    tree, note, _ = desk.common.ledger.signed_over(verdict.index if verdict else desk.talks.size)
    file = disclose(
        desk.talks.roster,
        desk.talks.plenary,
        judged(desk),
        lambda index: shown(desk, index),
        tree,
        note,
        act,
    )
    return file.to_bytes()


def receipt_file(desk: Desk, index: int) -> bytes:
    """Return the file that proves that the host has an entry at an index, without saying what is in it.

    Raises:
        LocalError: `no-such-entry-here`.
    """
    ledger = desk.common.ledger
    if not 0 <= index < ledger.size:
        raise LocalError("no-such-entry-here", index=index, size=ledger.size)
    leaf = Leaf.from_bytes(desk.common.kept(index).leaf)
    keys = ledger.signed_over(index)[2]
    return ReceiptFile(
        form=RECEIPT,
        genesis=ledger.genesis_body,
        leaf=leaf.to_bytes(),
        receipt=ledger.receipt(index, leaf).to_text(),
        moved=() if keys == ledger.genesis.keys else tuple(keys.vkeys),
    ).to_bytes()


def _is(one: Judged, act: bytes) -> bool:
    """Tell whether an entry is the act with this hash."""
    return isinstance(one.content, Done) and one.content.hash == act


def judged(desk: Desk) -> list[Judged]:
    """Return every entry of the common register as the assembler reads it; of a group's, nothing that it says.

    An outcome shows roster and plenary (spec/outcome.md). The same item or text may have been accepted in a group, in the
    same words: that proves nothing for the plenary, and is shown to nobody.
    """
    groups = desk.talks.plenary.groups.rooms
    return [
        Judged(
            index=index,
            leaf=Leaf.from_bytes(kept.leaf).hash,
            verdict=Verdict(index=index) if kept.verdict.room in groups else kept.verdict,
            content=None if kept.verdict.room in groups else _content(kept),
        )
        for index, kept in desk.common.all_kept()
    ]


def _content(kept: Kept) -> Content | None:
    """Return what an entry says, if this desk can open it."""
    if kept.body is None:
        return None
    if Leaf.from_bytes(kept.leaf).kind == Kind.INTRODUCTION:
        return unpack(kept.body, Introduction) if kept.verdict.status == "valid" else None
    if not kept.key:
        return None
    try:
        signed = unpack(open_envelope(kept.body, kept.key), SignedAct, what="an act")
        return Done(signed, signed.opened())
    except RemoteError:
        return None


def shown(desk: Desk, index: int) -> tuple[bytes, bytes, bytes | None]:
    """Return leaf, body and message key of an entry that is to be shown."""
    kept = desk.common.kept(index)
    if kept.body is None:
        raise LocalError("closing-entry-missing", index=index)
    return kept.leaf, kept.body, kept.key or None


def _expected(desk: Desk) -> list[Statement]:
    """Return one desk of each delegation, expected to sign the closing record and to cosign.

    It is that of the delegation's last mark on an instrument, else this desk, else the one certified first; before all,
    one whose member may agree. Only these and the desk that proposes are shown by name: who else sits in a delegation is nobody's matter.
    """
    roster, plenary = desk.talks.roster, desk.talks.plenary
    size = desk.common.ledger.size
    marks = sorted(
        (mark.done.index, mark.author) for outcome in plenary.outcomes.values() for mark in outcome.marks
    )
    marked = {author: index for index, author in marks}
    chosen: dict[str, tuple[tuple[bool, int, bool, int], Statement]] = {}
    for certificate in roster.readers(desk.rooms["plenary"], size):
        statement = roster.certificate(certificate)
        assert statement is not None  # readers are certified desks
        if statement.guest:
            continue
        member = roster.book.member_at(statement.member, size)
        agrees = member is not None and "agree" in member.powers
        since = roster.book.desks[certificate.hex()].since
        rank = (agrees, marked.get(certificate, -1), certificate == desk.certificate, -since)
        known = chosen.get(statement.delegation)
        if known is None or rank > known[0]:
            chosen[statement.delegation] = (rank, statement)
    return [statement for _, statement in chosen.values()]


def _cosigned(desk: Desk, record: ClosingRecord) -> dict[bytes, bytes]:
    """Return, by cosigner key, the latest cosigned note of every desk whose cosignature the record requires.

    Raises:
        LocalError: `cosignatures-missing`.
    """
    ledger = desk.common.ledger
    desks = {one.statement.cosigner: one.statement.desk for one in desk.talks.roster.book.desks.values()}
    keys = {
        key: VKey(desk_name(desks[key]), KeyType.ED25519_COSIGNATURE, key)
        for key in record.cosigners
        if key in desks
    }
    found: dict[bytes, bytes] = {}
    for size in range(ledger.size, record.head.size - 1, -1):
        for note in _held_at(desk, size):
            for key, vkey in keys.items():
                if key not in found and _is_by(vkey, note, ledger.root(size)):
                    found[key] = note
        if len(found) == len(record.cosigners):
            return found
    raise LocalError("cosignatures-missing", missing=len(record.cosigners) - len(found))


def _held_at(desk: Desk, size: int) -> list[bytes]:
    """Return the cosigned notes of one size: those that the venue holds, or by courier those that pouches brought."""
    register = desk.common.ledger.register
    if desk.by_courier:
        return kept_cosignatures(desk, register, size)
    return desk.client.cosignatures(register, size)


def _is_by(vkey: VKey, note: bytes, root: bytes) -> bool:
    """Tell whether a note bears a desk's cosignature over our own root."""
    try:
        return open_cosigned(vkey, note).checkpoint.root == root
    except RemoteError:
        return False
