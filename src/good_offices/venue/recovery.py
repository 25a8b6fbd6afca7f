"""After a backup was restored: desks hand back what the venue lost, under the host's own later signature.

This module decides whether entries may be put back. It never accepts one that the host had not signed for.

1. Only a held register is recovered: one that was restored and not yet released by the operator.
2. The entries continue the register from exactly its size, leaf records verbatim; a body may be missing, but a
   body that is there is the one that its leaf names.
3. The checkpoint is the host's own, with both signatures, and the tree with the entries is consistent with it by the
   proof. So the recovered register is a prefix of one that the host has signed, and going on from there is no fork.
4. The checkpoint that is kept is signed anew for the size that was reached: its root is one that the host had
   committed to already.
5. Commitments to boxes and their ends come back with their entries; deposits do not: desks hand them in again.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from good_offices.encoding import unpack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.leaf import Leaf
from good_offices.register.proofs import verify_consistency
from good_offices.register.tree import Tree
from good_offices.transport.pages import MAX_PAGE, Recovery
from good_offices.venue.boxes import restored
from good_offices.venue.known import KEY
from good_offices.venue.registers import complete_tiles
from good_offices.venue.store import Register, State

if TYPE_CHECKING:
    from good_offices.venue.sequencer import Sequencer


def recover(sequencer: Sequencer, register: Register, body: bytes) -> bytes:
    """Return the register's checkpoint after the entries in `body` were put back (spec/transport.md section 8).

    Raises:
        RemoteError: `not-canonical` or `recovery-refused`.
    """
    given = unpack(body, Recovery, what="the request")
    opened = sequencer.opened(register)
    state = opened.state
    if not sequencer.store.state(register.number).held:
        raise RemoteError("recovery-refused", why="nothing is to be recovered")
    if given.start != state.size or not 1 <= len(given.entries) <= MAX_PAGE:
        raise RemoteError("recovery-refused", why="they do not begin where the register ends")
    try:
        leaves = [Leaf.from_bytes(one.leaf) for one in given.entries]
        for leaf, one in zip(leaves, given.entries, strict=True):
            if one.body is not None:
                leaf.check_body(one.body)
        later = opened.signer.keys.open(given.checkpoint)
        # A new tree: the register's own stays as it is if anything here is refused.
        hashes = b"".join(map(opened.tree.leaf, range(state.size)))
        tree = Tree.from_leaves(hashes + b"".join(leaf.hash for leaf in leaves))
        verify_consistency(tree.size, later.size, given.proof, tree.root(), later.root)
    except GoodOfficesError as broken:
        raise RemoteError("recovery-refused", why=broken.code) from broken
    now = max(time.time_ns() // 1_000_000, state.time, *(leaf.time_ms for leaf in leaves))
    note = opened.signer.sign(Checkpoint(opened.signer.origin, tree.size, tree.root()), now // 1000)
    volume = state.volume + sum(leaf.length for leaf in leaves)
    sequencer.store.insert(register.number, state.size, [(one.leaf, one.body) for one in given.entries])
    keys = opened.rest + b"".join([leaf.digest[:KEY] for leaf in leaves])
    sequencer.store.tiles(register.number, complete_tiles(tree, state.size, keys)[0])
    restored(sequencer.store, register.number, zip(leaves, [one.body for one in given.entries], strict=True))
    advanced = State(tree.size, volume, now, note, held=True)
    sequencer.store.advance(register.number, advanced)
    # Not yet durable: the register is read again from the disk when it is next needed.
    sequencer.forget(register.number)
    return note
