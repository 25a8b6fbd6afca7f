"""What a delegation would accept of a list: kept sealed at the desk that answers, and brought to it by no venue.

This module decides how marks are written, changed and handed to a duty desk (spec/soundings.md section 11.2). It never
answers with them.

1. Marks may be changed until the run begins at this desk; then they are that run's, and of later attempts of it.
2. A desk that was told nothing has no marks: who answers for it refuses everything.
3. A marks file is for one duty desk: sealed to its key, signed by a member of its delegation with the power to agree. It is
   carried as people carry files; the venue never sees it, so it tells nobody that anybody decided anything.
4. Of several files for a sounding the one with the highest number counts.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Literal

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, RemoteError
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT
from good_offices.seals.wraps import seal_to
from good_offices.soundings.course import Choice
from good_offices.talks.soundings import Sounding

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

MAX_FILE: Final = 64 * 1024
_END: Final = 4
_LABEL: Final = b"good-offices/v1/marks\x00"


class Chosen(Record, frozen=True, kw_only=True):
    """A choice in a form whose length tells nothing of it: a bit an option, or both ends of a range in 4 bytes each."""

    bits: bytes
    ends: bytes
    refuses: bool


class Marks(Record, frozen=True, kw_only=True, tag="good-offices/marks/1", tag_field="form"):
    """What a member tells a duty desk (spec/soundings.md section 11.2); `number` is the time in milliseconds, a claim."""

    talks: bytes
    sounding: bytes
    desk: bytes
    number: int
    chosen: Chosen
    author: bytes


class SignedMarks(Record, frozen=True, kw_only=True, tag="good-offices/signed-marks/1", tag_field="form"):
    """The content of a marks file."""

    marks: bytes
    signature: bytes


class KeptMarks(Record, frozen=True, kw_only=True):
    """The marks that a desk holds; `sealed` says that its user has let them go."""

    number: int
    chosen: Chosen
    sealed: bool
    author: bytes


def chosen(sounding: Sounding, choice: Choice) -> Chosen:
    """Return a choice for this list in its form of one length.

    Raises:
        LocalError: `sounding-marks`.
    """
    if sounding.kind == "range":
        low, high = choice or (0, 0)
        if not 0 <= low <= high < sounding.size:
            raise LocalError("sounding-marks", why="the range does not lie on the scale, its lower end first")
        ends = int(low).to_bytes(_END) + int(high).to_bytes(_END)
        return Chosen(bits=b"", ends=ends, refuses=choice is None)
    marks = choice or (False,) * sounding.size
    if len(marks) != sounding.size:
        raise LocalError("sounding-marks", why="there are more or fewer than options")
    number = sum(bool(mark) << (len(marks) - 1 - at) for at, mark in enumerate(marks))
    return Chosen(bits=number.to_bytes(-(-len(marks) // 8)), ends=b"", refuses=choice is None)


def choice(sounding: Sounding, given: Chosen) -> Choice:
    """Return the choice that was written down for this list.

    Raises:
        LocalError: `sounding-marks`.
    """
    if sounding.kind == "range":
        if len(given.ends) != 2 * _END:
            raise LocalError("sounding-marks", why="a range has two ends")
        ends = int.from_bytes(given.ends[:_END]), int.from_bytes(given.ends[_END:])
        found: Choice = None if given.refuses else ends
    else:
        if len(given.bits) != -(-sounding.size // 8):
            raise LocalError("sounding-marks", why="there are more or fewer than options")
        number = int.from_bytes(given.bits)
        found = tuple(bool(number >> (sounding.size - 1 - at) & 1) for at in range(sounding.size))
    if chosen(sounding, found).bits != given.bits:
        raise LocalError("sounding-marks", why="there are more or fewer than options")
    return found


def kept(desk: Desk, sounding: Sounding) -> KeptMarks | None:
    """Return the marks that this desk holds for a sounding, if it was told any."""
    content = desk.storage.get(_name(sounding))
    return None if content is None else unpack(content, KeptMarks, what="the marks")


def standing(desk: Desk, sounding: Sounding) -> Literal["untouched", "kept", "sealed"]:
    """Return whether this desk's user has marked anything here, and whether it was let go as it stands now.

    Let go is what this desk answers with, or what the last marks file for the duty desk says.
    """
    found = kept(desk, sounding)
    if found is None or found.number == 0:
        return "untouched"
    handed = desk.storage.get(f"marks-handed/{sounding.id.hex()}")
    return "sealed" if found.sealed or handed == pack(found.chosen) else "kept"


def keep(desk: Desk, sounding: Sounding, wanted: Choice, *, sealed: bool) -> None:
    """Write down what this desk's own user wants; `sealed` lets it answer (rule 1).

    Raises:
        LocalError: `sounding-marks`, `sounding-fixed` if a run with other marks has begun here.
    """
    before = kept(desk, sounding)
    if before is not None and before.sealed:
        raise LocalError("sounding-fixed")
    number = before.number + 1 if before else 1
    new = KeptMarks(number=number, chosen=chosen(sounding, wanted), sealed=sealed, author=desk.certificate)
    desk.storage.put(_name(sounding), pack(new))


def let_go(desk: Desk, sounding: Sounding, now: int) -> bytes | None:
    """Seal what this desk's user has marked: return the file for the duty desk, or None if this desk answers by itself now.

    Who has marked nothing seals a refusal of everything. `now` in milliseconds; a duty desk takes files up to `closes`.

    Raises:
        LocalError: `sounding-fixed`, `sounding-over`, `power-lacking`, `desk-recalled`, `keys-not-compared-here`.
    """
    if not desk.confirmed:
        raise LocalError("keys-not-compared-here")
    if sounding.standing(now) != "running":
        raise LocalError("sounding-over")
    check_power(desk, desk.certificate)
    held = kept(desk, sounding)
    if held is None:
        keep(desk, sounding, refusal(sounding), sealed=False)
        held = kept(desk, sounding)
    assert held is not None  # just written
    wanted = choice(sounding, held.chosen)
    if desk.talks.roster.duty_desk(desk.identity.place.delegation, desk.common.ledger.size) is None:
        keep(desk, sounding, wanted, sealed=True)
        return None
    if now >= sounding.closes:
        raise LocalError("sounding-fixed")
    return marks_file(desk, sounding, wanted)


def refusal(sounding: Sounding) -> Choice:
    """Return the choice that refuses everything."""
    return None if sounding.kind == "range" else (False,) * sounding.size


def fix(desk: Desk, sounding: Sounding) -> Choice:
    """Return what this desk answers with from now on: its marks, or the refusal of everything (rules 1 and 2)."""
    found = kept(desk, sounding)
    if found is None:
        found = KeptMarks(number=0, chosen=chosen(sounding, None), sealed=True, author=desk.certificate)
    if not found.sealed or kept(desk, sounding) is None:
        fixed = KeptMarks(number=found.number, chosen=found.chosen, sealed=True, author=found.author)
        desk.storage.put(_name(sounding), pack(fixed))
    return choice(sounding, found.chosen)


def marks_file(desk: Desk, sounding: Sounding, wanted: Choice) -> bytes:
    """Return the file that tells this delegation's duty desk what to answer (rule 3).

    Raises:
        LocalError: `duty-desk-none`, `sounding-marks`, `power-lacking`.
    """
    roster = desk.talks.roster
    delegation = desk.identity.place.delegation
    duty = roster.duty_desk(delegation, desk.common.ledger.size)
    if duty is None:
        raise LocalError("duty-desk-none")
    check_power(desk, desk.certificate)
    given = chosen(sounding, wanted)
    desk.storage.put(f"marks-handed/{sounding.id.hex()}", pack(given))
    said = pack(
        Marks(
            talks=desk.identity.place.talks,
            sounding=sounding.id,
            desk=duty,
            # The time, so that of the files of several members the one made last counts.
            number=int(time.time() * 1000),
            chosen=given,
            author=desk.certificate,
        )
    )
    signed = pack(SignedMarks(marks=said, signature=desk.signer.sign(Domain.MARKS, said)))
    key = desk.talks.kem(desk.rooms["sounding"], duty)
    if key is None:
        raise LocalError("duty-desk-none")
    return seal_to(key, _info(desk, duty), signed)


def take_file(desk: Desk, content: bytes, now: int) -> Sounding:
    """Return the sounding for which a marks file was taken up by this duty desk (rules 3 and 4); `now` in milliseconds.

    Raises:
        LocalError: `marks-file-foreign`, `marks-file-old`, `sounding-unknown`, `sounding-fixed`, `sounding-marks`.
    """
    said = _read(desk, content)
    sounding = desk.talks.sounding.find(said.sounding)
    if sounding is None:
        raise LocalError("sounding-unknown")
    choice(sounding, said.chosen)
    before = kept(desk, sounding)
    if now >= sounding.closes or (before is not None and before.sealed):
        raise LocalError("sounding-fixed")
    if before is not None and said.number <= before.number:
        raise LocalError("marks-file-old")
    new = KeptMarks(number=said.number, chosen=said.chosen, sealed=False, author=said.author)
    desk.storage.put(_name(sounding), pack(new))
    return sounding


def _read(desk: Desk, content: bytes) -> Marks:
    """Return what a marks file for this desk says, its author's signature and power checked."""
    try:
        if len(content) > MAX_FILE:
            raise RemoteError("too-large", what="the marks file", size=len(content), limit=MAX_FILE)
        info = _info(desk, desk.certificate)
        opened = next(
            (one for key in desk.epochs.keys(desk.rooms["sounding"]) if (one := key.open(content, info))),
            None,
        )
        if opened is None:
            raise RemoteError("seal-invalid", what="the marks file")
        signed = unpack(opened, SignedMarks, what="the marks file", limit=MAX_FILE)
        said = unpack(signed.marks, Marks, what="the marks file", limit=MAX_FILE)
        author = desk.talks.certificate(said.author)
        if author is None or (said.talks, said.desk) != (desk.identity.place.talks, desk.certificate):
            raise RemoteError("author-unknown")
        ACT.verify(Domain.MARKS, author.act, signed.signature, signed.marks)
        check_power(desk, said.author)
    except GoodOfficesError as broken:
        raise LocalError("marks-file-foreign", why=broken.code) from broken
    return said


def check_power(desk: Desk, author: bytes) -> None:
    """Pass if a desk is of a member of this delegation who may agree.

    Raises:
        LocalError: `power-lacking`, `desk-recalled`.
    """
    book, size = desk.talks.roster.book, desk.common.ledger.size
    found = book.desk_at(author, size)
    if found is None or found.statement.delegation != desk.identity.place.delegation:
        raise LocalError("desk-recalled")
    member = book.member_at(found.statement.member, size)
    if member is None or "agree" not in member.powers:
        raise LocalError("power-lacking", power="agree")


def _info(desk: Desk, certificate: bytes) -> bytes:
    """Return the HPKE `info` of a marks file for a desk."""
    return _LABEL + desk.identity.place.talks + certificate


def _name(sounding: Sounding) -> str:
    """Return the name under which marks are kept."""
    return f"marks/{sounding.id.hex()}"
