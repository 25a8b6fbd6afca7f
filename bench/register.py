"""The register from a thousand to a million entries: append, prove, verify.

    python -m bench register [--quick]

Beside each of our numbers stand
  floor  the SHA-256 calls that nobody can avoid, made by a bare loop in the same run;
  peer   tlog-scales (PyPI): its prover over its own tiles, held in a dict, with its default cache of 32 tiles;
         its verifiers over the same proofs.
Appending has no peer column: tlog-scales appends by writing and syncing files, which is another thing. Proving has no
floor: most proofs need no hash at all. Times are the best of five rounds, in microseconds for one operation.
"""

from __future__ import annotations

import hashlib
import math
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.figures import Figure, show
from tlog_scales.reader import TilesReader
from tlog_scales.tiles import tile_path
from tlog_scales.tlog import ConsistencyProof, InclusionProof

from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.register.tree import HASH, Tree, leaf_hash

ROUNDS = 5
SAMPLES = 200
TILE = 256


@dataclass(frozen=True)
class Row:
    """One operation at one size; times in microseconds, None where there is nothing to compare."""

    name: str
    entries: int
    ours: float
    floor: float | None = None
    peer: float | None = None

    @property
    def of_floor(self) -> float | None:
        """How many times the floor we take: 1 is the best."""
        return self.ours / self.floor if self.floor else None

    @property
    def of_peer(self) -> float | None:
        """How many times faster than the peer we are."""
        return self.peer / self.ours if self.peer else None


class DictBackend:
    """The tiles of a tree in memory, as tlog-scales reads them: no file costs it anything."""

    def __init__(self, tree: Tree) -> None:
        self.tiles: dict[tuple[str, ...], bytes] = {}
        for level in range(0, len(tree._rows), 8):
            row = b"".join(tree._rows[level])
            count = len(row) // HASH
            for number in range(math.ceil(count / TILE)):
                part = row[number * TILE * HASH : (number + 1) * TILE * HASH]
                partial = len(part) // HASH % TILE
                self.tiles[tuple(tile_path(level // 8, number, partial))] = part

    def get(self, *path: str) -> bytes | None:
        return self.tiles.get(path)


def best(work: Callable[[], object], times: int) -> float:
    """Return microseconds for one of the `times` operations in `work`: the best round."""
    found = math.inf
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        found = min(found, time.perf_counter() - start)
    return found / times * 1e6


def hashing(count: int, times: int) -> float:
    """Return microseconds for `count` node hashes in a bare loop, measured over `times` * `count` calls."""
    data, sha256, calls = bytes(65), hashlib.sha256, range(max(1, round(count * times)))
    return best(lambda: [sha256(data).digest() for _ in calls], times)


def append_rows(leaves: bytes, entries: int) -> list[Row]:
    """One leaf after another onto a tree of this size, and the whole tree at once."""
    extra = [leaf_hash(b"%d" % at) for at in range(4096)]
    # One tree a round, so that each begins at this size; kept, so that no round pays for freeing one.
    trees = [Tree.from_leaves(leaves) for _ in range(ROUNDS)]
    fresh = iter(trees)

    def append() -> None:
        tree = next(fresh)
        for leaf in extra:
            tree.append(leaf)

    one = best(append, len(extra))
    # One node hash an entry, on average: the leaf hash is given.
    floor = hashing(1, 4096)
    whole = best(lambda: Tree.from_leaves(leaves), entries)
    return [Row("append", entries, one, floor), Row("build at once", entries, whole, floor)]


def prove_rows(tree: Tree, chosen: Sequence[int]) -> list[Row]:
    """Roots and proofs for random earlier sizes and indexes, here and by tlog-scales."""
    size = tree.size
    reader = TilesReader(DictBackend(tree))
    reader.set_size(size)
    for at in chosen[:20]:
        assert reader.get_inclusion_proof(at, size).node_hashes == tree.inclusion_proof(at)
        assert reader.get_consistency_proof(at + 1, size).node_hashes == tree.consistency_proof(at + 1, size)
    few = len(chosen)

    def peer(call: Callable[[int], object]) -> float:
        return best(lambda: [call(at) for at in chosen], few)

    return [
        Row(
            "root of now",
            size,
            best(lambda: [tree.root() for _ in chosen], few),
            None,
            peer(lambda _: reader.mth(0, size)),
        ),
        Row(
            "prove inclusion",
            size,
            best(lambda: [tree.inclusion_proof(at) for at in chosen], few),
            None,
            peer(lambda at: reader.get_inclusion_proof(at, size)),
        ),
        Row(
            "prove consistency",
            size,
            best(lambda: [tree.consistency_proof(at + 1, size) for at in chosen], few),
            None,
            peer(lambda at: reader.get_consistency_proof(at + 1, size)),
        ),
    ]


def verify_rows(tree: Tree, chosen: Sequence[int]) -> list[Row]:
    """Both verifiers over the same proofs; the floor is the hashes that a proof forces."""
    size, root, few = tree.size, tree.root(), len(chosen)
    paths = [(at, tree.leaf(at), tree.inclusion_proof(at)) for at in chosen]
    joints = [(at + 1, tree.root(at + 1), tree.consistency_proof(at + 1, size)) for at in chosen]
    # A hash of an inclusion proof is used once. Of a consistency proof, twice where it stands left: counted exactly.
    once = sum(len(proof) for _, _, proof in paths) / few
    twice = sum(forced(old, size, proof) for old, _, proof in joints) / few
    return [
        Row(
            "verify inclusion",
            size,
            best(lambda: [verify_inclusion(at, size, leaf, proof, root) for at, leaf, proof in paths], few),
            hashing(once, few),
            best(
                lambda: [InclusionProof(at, size, proof).check(leaf, root) for at, leaf, proof in paths], few
            ),
        ),
        Row(
            "verify consistency",
            size,
            best(
                lambda: [verify_consistency(old, size, proof, first, root) for old, first, proof in joints],
                few,
            ),
            hashing(twice, few),
            best(
                lambda: [
                    ConsistencyProof(old, size, proof).check(first, root) for old, first, proof in joints
                ],
                few,
            ),
        ),
    ]


def forced(old: int, new: int, proof: Sequence[bytes]) -> int:
    """Return how many node hashes a consistency proof forces (spec/register.md section 4)."""
    level = (old & -old).bit_length() - 1
    at = (old - 1) >> level
    path = len(proof) - (1 if at else 0)
    inner = (at ^ (new - 1) >> level).bit_length()
    return path + (path - inner) + (at & ((1 << inner) - 1)).bit_count()


def rows(entries: int) -> list[Row]:
    """Return every row for one size."""
    leaves = b"".join(leaf_hash(b"%d" % at) for at in range(entries))
    # Not the round number: a power of two or ten would flatter some proofs. Seeded: the same choice in every run.
    chance = random.Random(entries)
    tree = Tree.from_leaves(leaves[: -HASH * 3])
    chosen = [chance.randrange(tree.size - 1) for _ in range(SAMPLES)]
    return [*append_rows(leaves, entries), *prove_rows(tree, chosen), *verify_rows(tree, chosen)]


def run(*, quick: bool) -> Iterator[Figure]:
    """Yield the figures of one run; what is O(log n) costs at most twice as much for a thousand times the entries."""
    largest = 4 if quick else 6
    found = {power: {row.name: row for row in rows(10**power)} for power in range(3, largest + 1)}
    for table in found.values():
        for row in table.values():
            what = f"{row.name}, {row.entries:,} entries"
            if row.floor:
                yield Figure(what, row.ours, "us", row.floor, "the hashes it forces")
            if row.peer:
                yield Figure(
                    f"  {what}" if row.floor else what,
                    row.ours,
                    "us",
                    row.peer,
                    "tlog-scales",
                    most=1.0 if "prove" in what else None,
                )
    few, many = found[3], found[largest]
    for name in ("append", "prove inclusion", "prove consistency", "verify inclusion", "verify consistency"):
        # 1.5 for noise: ten times the entries make a path longer by 3.3 hashes.
        most = 1.5 * largest / 3
        yield Figure(
            f"{name}: 10^{largest} beside 10^3",
            many[name].ours,
            "us",
            few[name].ours,
            "10^3 entries",
            most=most,
        )


if __name__ == "__main__":
    show("register", run(quick="--quick" in sys.argv))
