"""Writing an act: from an event to sealed bytes that wait in the outbox.

This module decides what an act written now says of itself: its place in the chain, what its author has seen, the state
computed from that, the time. It never sends anything.

1. The rules are asked before the act is signed; what they refuse never leaves this machine.
2. A chain counts the acts that still wait: a sequence number is used once, whatever happens to the network.
3. The claimed time never decreases in a chain; a clock that was set back is overtaken by the chain's last time.
4. An act is sealed under the epoch that it names, which is the one in force at what its author has seen.
"""

from __future__ import annotations

from good_offices.encoding import Record, pack
from good_offices.errors import LocalError
from good_offices.seals.envelope import seal
from good_offices.seals.pairs import PairSigner
from good_offices.talks.acts import Act, Event, Seen, sign_act
from good_offices.talks.rooms import Chain


class Standing(Record, kw_only=True):
    """What an act says of its circumstances in one room."""

    talks: bytes
    room: str
    author: bytes
    manifest: bytes
    seen: Seen
    common: Seen | None
    state: bytes


class Outgoing(Record, kw_only=True, tag="good-offices/outgoing/1", tag_field="form"):
    """Something that waits in the outbox: entries that are appended together, and the act they carry."""

    register: str
    kinds: list[int]
    bodies: list[bytes]
    room: str = ""
    act: bytes | None = None
    chain: Chain | None = None


def write_act(standing: Standing, chain: Chain, event: Event, now: int) -> Act:
    """Return the act that says `event` under these circumstances; `now` in milliseconds (rule 3)."""
    return Act(
        talks=standing.talks,
        room=standing.room,
        author=standing.author,
        manifest=standing.manifest,
        sequence=chain.sequence,
        previous=chain.previous,
        seen=standing.seen,
        common=standing.common,
        state=standing.state,
        time=max(now, chain.time),
        event=event,
    )


def seal_act(act: Act, signer: PairSigner, secret: bytes | None) -> tuple[bytes, bytes, Chain]:
    """Return the envelope, the act hash, and the end of the chain after this act.

    Raises:
        LocalError: `room-closed-to-us` if this desk has no secret for the room; `too-large`.
    """
    if secret is None:
        raise LocalError("room-closed-to-us")
    signed = sign_act(act, signer)
    following = Chain(
        sequence=act.sequence + 1,
        previous=signed.hash,
        seen=act.seen.size,
        common=act.common.size if act.common else 0,
        time=act.time,
    )
    return seal(pack(signed), secret), signed.hash, following
