"""What desks hand in beside entries, by request or by letter: enrolments and cosignatures.

This module decides what of them is kept. It never verifies a cosignature: the venue does not know the cosigner keys.
"""

from __future__ import annotations

from typing import Final

from good_offices.errors import RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import desk_name
from good_offices.register.note import Note
from good_offices.venue.sequencer import Sequencer
from good_offices.venue.service import Caller
from good_offices.venue.store import Register

KEPT_COSIGNATURES: Final = 16


def enrol_desk(sequencer: Sequencer, desk: str, delegation: str, most: int) -> None:
    """Enrol a desk, unless it is enrolled already; on the writer's thread (spec/transport.md rule 6.2).

    Raises:
        RemoteError: `request-not-signed`, `desk-removed`, or `desks-full` over `most` desks of the delegation.
    """
    known = sequencer.store.desk(desk)
    if known is not None and known.delegation != delegation:
        raise RemoteError("request-not-signed")
    if known is not None and known.removed:
        raise RemoteError("desk-removed")
    if known is None:
        if sequencer.store.desks(delegation) >= most:
            raise RemoteError("desks-full", limit=most)
        sequencer.store.enrol(desk, delegation)


def cosigned_by(caller: Caller, note: bytes) -> Checkpoint:
    """Return the checkpoint that a desk says it has cosigned, by form and name (spec/transport.md rule 6.4).

    Raises:
        RemoteError: `not-canonical` or `signature-lines`.
    """
    parsed = Note.parse(note, what="the cosignature")
    checkpoint = Checkpoint.parse(parsed.text)
    names = [line.name for line in parsed.signatures]
    if names != [desk_name(caller.desk)] or len(parsed.signatures[0].blob) != 72:
        raise RemoteError("signature-lines", what="the cosignature")
    return checkpoint


def keep_cosignature(
    sequencer: Sequencer, register: Register, caller: Caller, note: bytes, checkpoint: Checkpoint
) -> None:
    """Keep a cosignature of a state that this register has had; on the writer's thread (spec/transport.md rule 6.4).

    Raises:
        RemoteError: `no-such-entry` or `request-malformed`.
    """
    opened = sequencer.opened(register)
    within(0 < checkpoint.size <= opened.state.size, opened.state.size, checkpoint.size)
    if (checkpoint.origin, checkpoint.root) != (opened.signer.origin, opened.tree.root(checkpoint.size)):
        raise RemoteError("request-malformed", why="a cosignature of another checkpoint")
    sequencer.store.cosign(register.number, caller.desk, checkpoint.size, note, KEPT_COSIGNATURES)


def within(holds: bool, size: int, index: int) -> None:  # noqa: FBT001
    """Refuse a number outside the register.

    Raises:
        RemoteError: `no-such-entry`.
    """
    if not holds:
        raise RemoteError("no-such-entry", size=size, index=index)
