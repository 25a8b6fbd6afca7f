"""The registers in the writer's hands: what of each is in memory, and for how long.

This module decides whether a register may be written to. It never writes.

1. A tree read from the disk must have the root of the register's last checkpoint, or nothing is appended to it: a
   venue whose disk lost something must stop, or it would sign a fork.
2. What was not used for longest is forgotten first, beyond what memory should hold.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from good_offices.errors import OperationalError, RemoteError
from good_offices.register.host import HostSigner
from good_offices.register.tree import Tree
from good_offices.venue.folder import Folder
from good_offices.venue.known import KEY, Known
from good_offices.venue.store import TILE, Reader, Register, State, Tile

# A tree takes 64 bytes an entry and what is known of the bodies 14: half a million entries are 40 MB.
CACHED_ENTRIES: Final = 1 << 19
CACHED_REGISTERS: Final = 512


@dataclass(slots=True)
class Opened:
    """A register in the writer's hands; `rest` has the keys of the entries after its last complete tile."""

    register: Register
    signer: HostSigner
    state: State
    tree: Tree
    known: Known
    rest: bytes


class Registers:
    """The opened registers of one venue; for the writer's thread alone."""

    def __init__(self, folder: Folder) -> None:
        """Open registers of `folder`.

        Raises:
            OperationalError: `venue-disk` or `venue-database-damaged`.
        """
        self._folder = folder
        self._signer = folder.signer()
        self._opened: OrderedDict[int, Opened] = OrderedDict()

    def opened(self, store: Reader, register: Register) -> Opened:
        """Return a register as memory has it, or as `store` has it.

        Raises:
            OperationalError: `venue-database-damaged` if tree and checkpoint differ (rule 1).
        """
        known = self._opened.get(register.number)
        if known is not None:
            self._opened.move_to_end(register.number)
            return known
        signer = self._signer.named(self._folder.origin(register.id))
        state = store.state(register.number)
        hashes, keys = store.hashes(register.number, state.size)
        tree = Tree.from_leaves(hashes)
        try:
            checkpoint = signer.keys.open(state.note)
        except RemoteError as broken:
            raise OperationalError("venue-database-damaged", why="a checkpoint does not verify") from broken
        if (checkpoint.size, checkpoint.root) != (tree.size, tree.root()):
            raise OperationalError("venue-database-damaged", why="entries and checkpoint differ")
        rest = keys[state.size // TILE * TILE * KEY :]
        opened = Opened(register, signer, state, tree, Known(keys), rest)
        self._opened[register.number] = opened
        self._trim()
        return opened

    def forget(self, number: int | None = None) -> None:
        """Read a register again from the store when it is next needed; all when not given."""
        if number is None:
            self._opened.clear()
        else:
            self._opened.pop(number, None)

    def _trim(self) -> None:
        """Keep rule 2."""
        entries = sum(one.tree.size for one in self._opened.values())
        while len(self._opened) > 1 and (len(self._opened) > CACHED_REGISTERS or entries > CACHED_ENTRIES):
            entries -= self._opened.popitem(last=False)[1].tree.size


def complete_tiles(tree: Tree, start: int, keys: bytes) -> tuple[list[Tile], bytes]:
    """Return the tiles that became complete when `tree` grew from `start` leaves, and the keys after the last tile.

    `keys` are those of all leaves after the last tile that was complete at `start`.
    """
    tiles = []
    for number in range(start // TILE, tree.size // TILE):
        hashes = tree.leaves(number * TILE, (number + 1) * TILE)
        tiles.append(Tile(number, hashes, keys[: TILE * KEY]))
        keys = keys[TILE * KEY :]
    return tiles, keys
