"""Opening the figures of a range at the same time, after its run: both, or none. See spec/soundings.md section 8.3.

This module decides how this desk's user offers it and what is read of it. It never opens anything of its own accord, and
compares nothing with what was sounded: nothing proves it equal.

1. To offer is to commit, and the other side sees it: a screen says so before.
2. What is deposited is on the disk before the commitment is in the outbox, and is handed over when all have committed in the
   register as this desk has verified it; again and again until the box has ended.
3. A delegation offers once, and from one desk. A box that ended void is not opened later.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from good_offices.desk.soundings.committing import commit
from good_offices.desk.soundings.marks import check_power
from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.register.box import DEPOSIT_LIMIT, BoxOpen, box_id
from good_offices.seals.envelope import open_envelope, seal
from good_offices.talks.soundings import FIGURES, Sounding

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

_NAME: Final = "figures/"

Standing: TypeAlias = Literal["none", "ours", "theirs", "both", "open", "void"]


class Opening(Record, kw_only=True, tag="good-offices/sounding-opening/1", tag_field="form"):
    """What a delegation deposits: the first and the last tick that it gives, from 0."""

    context: bytes
    place: int
    low: int
    high: int


class Figures(NamedTuple):
    """How the opening stands, who has offered it, and what was opened by delegation; None is no range of this sounding."""

    standing: Standing
    offered: tuple[str, ...]
    ranges: dict[str, tuple[int, int] | None]


def open_figures(desk: Desk, sounding: Sounding, low: int, high: int) -> None:
    """Offer to open a range of ticks, from 0; it is sent now, and opened when the other side does the same (rules 1 and 2).

    Raises:
        LocalError: `sounding-figures`, `sounding-marks`, `keys-not-compared-here`, `power-lacking`, `room-not-open`, `desk-stopped`.
        OperationalError: it waits in the outbox.
    """
    desk.may_go_on()
    if not desk.confirmed:
        raise LocalError("keys-not-compared-here")
    if sounding.kind != "range" or sounding.outcome != "opened":
        raise LocalError(
            "sounding-figures", why="only the figures of a range whose run has ended can be opened"
        )
    if not 0 <= low <= high < sounding.size:
        raise LocalError("sounding-marks", why="the range does not lie on the scale, its lower end first")
    check_power(desk, desk.certificate)
    box = desk.talks.sounding.box(sounding, FIGURES)
    if _kept(desk, sounding) is not None or (box is not None and _own(desk) in box.commits):
        raise LocalError("sounding-figures", why="this delegation has offered it before")
    epoch = desk.epoch("sounding")
    secret = desk.epochs.secret(epoch.manifest) if epoch else None
    if secret is None:
        raise LocalError("room-not-open", room="sounding")
    opening = Opening(
        context=sounding.attempts[-1].ctx, place=sounding.delegations.index(_own(desk)), low=low, high=high
    )
    desk.storage.put(_NAME + sounding.id.hex(), seal(pack(opening), secret))
    commit(desk, sounding, FIGURES, hashlib.sha256(_kept(desk, sounding) or b"").digest())
    desk.send()
    desk.receive()


def go_on(desk: Desk) -> list[Sounding]:
    """Return the soundings in which this desk has gone on with an opening that its user offered (rule 2).

    Raises:
        OperationalError: the host did not take it; it is handed over again later.
        RemoteError: the receipt is not the host's.
    """
    found = []
    for name in desk.storage.names(_NAME):
        sounding = desk.talks.sounding.find(bytes.fromhex(name.removeprefix(_NAME)))
        if sounding is not None and sounding.outcome == "opened" and _go_on(desk, sounding):
            found.append(sounding)
    return found


def figures(desk: Desk, sounding: Sounding) -> Figures:
    """Return how the opening of the figures of a range stands, and what was opened."""
    box = desk.talks.sounding.box(sounding, FIGURES) if sounding.kind == "range" else None
    offered = tuple(one for one in sounding.delegations if box is not None and one in box.commits)
    if box is not None and box.end == "open" and box.ended is not None:
        body = desk.common.kept(box.ended).body or b""
        deposits = unpack(body, BoxOpen, what="the opened box").deposits
        ranges = {
            name: _read(desk, sounding, place, deposits[place])
            for place, name in enumerate(sounding.delegations)
        }
        return Figures("open", offered, ranges)
    if box is not None and box.end == "void":
        return Figures("void", offered, {})
    ours = _own(desk) in offered or _kept(desk, sounding) is not None
    others = bool(set(offered) - {_own(desk)})
    standing: Standing = ("both" if others else "ours") if ours else ("theirs" if others else "none")
    return Figures(standing, offered, {})


def _go_on(desk: Desk, sounding: Sounding) -> bool:
    """Commit if the commitment is nowhere, deposit if all have committed; return whether anything was done."""
    box = desk.talks.sounding.box(sounding, FIGURES)
    if box is not None and box.ended is not None:
        return False
    if box is None or _own(desk) not in box.commits:
        commit(desk, sounding, FIGURES, hashlib.sha256(_kept(desk, sounding) or b"").digest())
        return True
    name = box_id(sounding.attempts[-1].ctx, FIGURES)
    receipt = f"deposit/{name.hex()}"
    kept = _kept(desk, sounding) or b""
    # Another desk of the delegation may have offered it in the same moment: then that one goes on.
    ours = box.commits[_own(desk)] == hashlib.sha256(kept).digest()
    if not ours or set(box.commits) != set(sounding.delegations) or desk.storage.get(receipt) is not None:
        return False
    try:
        desk.storage.put(receipt, desk.common.ledger.deposit(name, kept))
    except LocalError as refused:
        if refused.code != "by-courier":
            raise
        return False
    return True


def _read(desk: Desk, sounding: Sounding, place: int, deposit: bytes) -> tuple[int, int] | None:
    """Return the ticks that a delegation gave; None if what it deposited is no range of this sounding."""
    try:
        fit = desk.epochs.fit(deposit)
        if fit is None:
            return None
        said = unpack(open_envelope(deposit, fit.key), Opening, what="the figures", limit=DEPOSIT_LIMIT)
    except GoodOfficesError:
        return None
    fits = (said.context, said.place) == (sounding.attempts[-1].ctx, place)
    return (said.low, said.high) if fits and 0 <= said.low <= said.high < sounding.size else None


def _kept(desk: Desk, sounding: Sounding) -> bytes | None:
    """Return what this desk deposits, if its user has offered it."""
    return desk.storage.get(_NAME + sounding.id.hex())


def _own(desk: Desk) -> str:
    """Return the id of this desk's delegation."""
    return desk.identity.place.delegation
