"""Keeping texts: what a depositary takes, what it signs of it, and the copies that it certifies.

This module decides which file is taken (spec/depositary.md R-167), and that it is kept before a receipt is signed. It never takes the
word of whoever brings a file: whose talks these are its operator says, by roots that were compared.

1. A file holds, is established by the operator's roots, and names this depositary's key.
2. Of one instrument of one talks one text is kept, as signed, and as corrected step by step.
3. The same again has the same receipt. A receipt that was not written, because the machine stopped, is written for the file that is
   kept, under the number that it has.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Final

from good_offices.depositary.folder import Folder, locked
from good_offices.encoding import check_words, pack
from good_offices.errors import LocalError, OperationalError, RemoteError
from good_offices.instrument.anchors import Anchors
from good_offices.instrument.certified import (
    CERTIFIED_COPY,
    Certification,
    CertifiedCopy,
    verify_certified,
)
from good_offices.instrument.deposited import (
    RECEIPT,
    Deposited,
    DepositReceipt,
    deposit_finding,
    read_deposit,
    verify_receipt,
)
from good_offices.register.depositary import Held
from good_offices.seals.domains import Domain

FILE: Final = "godeposit"
_RECEIPT: Final = "goreceipt"


@dataclass(frozen=True, slots=True)
class Entry:
    """A text that is kept, by its number: the file's bytes, and what they say."""

    number: int
    data: bytes
    said: Deposited

    @property
    def name(self) -> tuple[bytes, str]:
        """Of which talks, which instrument."""
        return self.said.reading.talks, self.said.text.id

    @property
    def states(self) -> tuple[bytes, bytes | None]:
        """The hash as signed, and with corrections."""
        return self.said.text.digest, self.said.corrected


def kept(folder: Folder) -> list[Entry]:
    """Return the texts that are kept, verified again, by number.

    Raises:
        OperationalError: `depositary-damaged` with the file that does not hold any more.
    """
    found = []
    for number in folder.numbers():
        data = folder.read(number, FILE) or b""
        try:
            found.append(Entry(number, data, read_deposit(data)))
        except RemoteError:
            raise OperationalError("depositary-damaged", path=f"{number:06}.{FILE}") from None
    return found


def keep(folder: Folder, data: bytes, anchors: Anchors) -> tuple[Entry, bytes]:
    """Return what is kept of a file that a delegation brought, and the receipt for it (rules 1 to 3).

    Raises:
        RemoteError: with the code of the first step that fails; `root-differs`.
        LocalError: `depositary-roots`, `depositary-not-ours`, `depositary-other-text`.
        OperationalError: `file-unwritable`, `depositary-damaged`.
    """
    said = read_deposit(data)
    if deposit_finding(said, anchors).trust != "established":
        raise LocalError("depositary-roots")
    if said.card.key != folder.card.key:
        raise LocalError("depositary-not-ours", name=said.card.called)
    with locked(folder):
        entry = _same(kept(folder), Entry(0, data, said))
        if not entry.number:
            number = max(folder.numbers(), default=0) + 1
            folder.write(number, FILE, data)
            entry = Entry(number, data, said)
        receipt = folder.read(entry.number, _RECEIPT)
        if receipt is None:
            receipt = _signed(folder, entry)
            folder.write(entry.number, _RECEIPT, receipt)
    return entry, receipt


def _same(entries: list[Entry], new: Entry) -> Entry:
    """Return the entry that already keeps the same, else the new one; another text is refused (rule 2)."""
    for one in entries:
        if one.name != new.name:
            continue
        if one.states == new.states:
            return one
        shorter, longer = sorted((one.said.errata, new.said.errata), key=len)
        if one.states[0] != new.states[0] or longer[: len(shorter)] != shorter:
            raise LocalError("depositary-other-text", number=one.number)
    return new


def _signed(folder: Folder, entry: Entry) -> bytes:
    """Return a receipt for what is kept, verified before it is handed out."""
    statement = pack(
        Held(
            talks=entry.name[0],
            instrument=entry.name[1],
            digest=entry.states[0],
            corrected=entry.states[1],
            file=hashlib.sha256(entry.data).digest(),
            number=entry.number,
            time=int(time.time() * 1000),
        )
    )
    data = DepositReceipt(
        form=RECEIPT,
        checkpoint=entry.said.file.checkpoint,
        entries=entry.said.file.entries,
        statement=statement,
        signature=folder.signer().sign(Domain.DEPOSIT_RECEIPT, statement),
    ).to_bytes()
    verify_receipt(data)
    return data


def certify(folder: Folder, number: int, words: str, language: str, *, place: str = "", date: str) -> bytes:
    """Return a certified copy of a text that is kept, as it reads with its corrections (spec/depositary.md R-169).

    Raises:
        LocalError: `deposit-unknown`, `deposit-not-newest`, `text-not-plain`.
        RemoteError: what was made does not verify; its code says why.
    """
    for part, what in ((words, "the words"), (place, "the place"), (date, "the date")):
        check_words(part, what=what)
    entries = kept(folder)
    entry = next((one for one in entries if one.number == number), None)
    if entry is None:
        raise LocalError("deposit-unknown", number=number)
    newest = max((one for one in entries if one.name == entry.name), key=lambda one: len(one.said.errata))
    if newest.number != number:
        raise LocalError("deposit-not-newest", number=newest.number)
    certification = pack(
        Certification(
            talks=entry.name[0],
            instrument=entry.name[1],
            digest=entry.states[0],
            depositary=folder.card.fingerprint,
            language=language,
            words=words,
            place=place,
            date=date,
            corrections=entry.said.errata,
            corrected=entry.states[1],
            time=int(time.time() * 1000),
        )
    )
    copy = CertifiedCopy(
        form=CERTIFIED_COPY,
        checkpoint=entry.said.file.checkpoint,
        entries=entry.said.file.entries,
        text=entry.said.file.text,
        certification=certification,
        signature=folder.signer().sign(Domain.CERTIFIED_COPY, certification),
    )
    data = copy.to_bytes()
    verify_certified(data)
    return data
