"""A file that shows others a message of a sounding that does not hold, out of this desk's record.

This module decides what is gathered and where it is written. What convicts is decided in `instrument.sounding_evidence`.

1. It is written once, into the folder `evidence`, and lists no marks: messages, acts and public keys.
2. What cannot be shown by one file (an opened deposit, which nobody signed; a delegation whose root was succeeded since the
   beginning) stays in the record, which every delegation has.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from good_offices.desk.storage import write_durably
from good_offices.encoding import pack, unpack
from good_offices.errors import RemoteError
from good_offices.instrument.sounding_evidence import SoundingEvidence, packed
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import SignedAct
from good_offices.talks.credentials import Root, Statement
from good_offices.talks.events_roster import DeskCertified
from good_offices.talks.soundings import Sounding, context

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk
    from good_offices.desk.soundings.record import Runs

FOLDER: Final = "evidence"
SUFFIX: Final = ".sounding"


def path_of(desk: Desk, sounding: Sounding, attempt: int) -> Path:
    """Return where evidence of an attempt is kept, whether or not there is any."""
    return desk.storage.folder / FOLDER / f"{sounding.id.hex()[:16]}-{attempt}{SUFFIX}"


def keep(desk: Desk, runs: Runs, sounding: Sounding, broken: RemoteError) -> Path | None:
    """Return the file that shows what does not hold in the attempt under way; None if one file cannot (rule 2)."""
    place, step = broken.facts.get("place"), broken.facts.get("step")
    if not isinstance(place, int) or not isinstance(step, int):
        return None
    path = path_of(desk, sounding, sounding.attempt)
    if path.exists():
        return path
    gathered = _gathered(desk, runs, sounding, place, step)
    if gathered is None:
        return None
    try:
        content = packed(gathered)
    except RemoteError:
        return None  # rule 2: such as a message that binds itself to another course
    path.parent.mkdir(exist_ok=True, mode=0o700)
    write_durably(path, content)
    return path


def _gathered(desk: Desk, runs: Runs, sounding: Sounding, place: int, step: int) -> SoundingEvidence | None:
    """Return the message with all that it was bound to."""
    said = sounding.said(place, step)
    answer = sounding.attempts[-1].answers.get(sounding.delegations[place])
    statement = desk.talks.roster.certificate(answer.author) if answer else None
    if said is None or statement is None:
        return None
    root = desk.talks.roster.delegations[statement.delegation].root_at(sounding.head_size)
    certificate = _certificate(desk, statement, root) if root else None
    if root is None or certificate is None:
        return None
    before = [
        message
        for number in range(1, step)
        for at in sounding.takers(number)
        if (message := sounding.said(at, number)) is not None
    ]
    return SoundingEvidence(
        context=pack(context(desk.talks.roster, sounding, sounding.attempt)),
        place=place,
        step=step,
        before=tuple(runs.message(one)[0] for one in before),
        pieces=tuple(_signed(desk, index) for index in said.entries),
        statement=statement,
        root=root,
        certificate=certificate,
    )


def _signed(desk: Desk, index: int) -> bytes:
    """Return the signed act of an entry, packed."""
    kept = desk.common.kept(index)
    return pack(unpack(open_envelope(kept.body or b"", kept.key), SignedAct, what="an act"))


def _certificate(desk: Desk, statement: Statement, root: Root) -> bytes | None:
    """Return the signature by which a root certified a desk."""
    for one in desk.common.introductions():
        if one.statement == statement and one.root == root:
            return one.certificate
    for line in desk.common.lines():
        event = line.act.event if line.act else None
        if (
            isinstance(event, DeskCertified)
            and line.verdict.status == "valid"
            and event.statement == statement
        ):
            return event.signature
    return None
