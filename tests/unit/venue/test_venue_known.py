"""What the writer keeps of a register in memory: candidates for a digest, and the register opened again from the store."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree, leaf_hash
from good_offices.venue.folder import Folder, init
from good_offices.venue.growth import Append, Growth
from good_offices.venue.known import KEY, Known
from good_offices.venue.offer import offer
from good_offices.venue.registers import Opened, Registers, complete_tiles
from good_offices.venue.store import TILE, Writer, connect


def digest(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


def test_each_digest_leads_to_its_index() -> None:
    known = Known()
    for number in range(20_000):
        known.add(digest(number), number)
    assert all(number in known.candidates(digest(number)) for number in range(20_000))
    assert not [one for number in range(20_000, 40_000) for one in known.candidates(digest(number))]


def test_keys_are_read_back_as_they_were_added() -> None:
    known = Known(b"".join(digest(number)[:KEY] for number in range(3000)))
    assert [list(known.candidates(digest(number))) for number in range(3000)] == [
        [one] for one in range(3000)
    ]


def test_two_bodies_that_share_a_key_are_both_candidates() -> None:
    known = Known()
    first, second = digest(1), digest(1)[:KEY] + bytes(24)
    known.add(first, 7)
    known.add(second, (1 << 40) - 1)
    assert list(known.candidates(first)) == list(known.candidates(second)) == [7, (1 << 40) - 1]


def test_bytes_that_only_look_like_a_key_are_no_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that begins inside a record is not one: keys and indexes lie side by side."""
    monkeypatch.setattr("good_offices.venue.known._BUCKETS", 0)
    known = Known()
    known.add(bytes(7) + b"\x01", 0)
    known.add(b"\x02" * KEY, 0x0303030303)
    assert not list(known.candidates(b"\x02\x02\x02\x02\x02\x03\x03\x03"))
    assert list(known.candidates(b"\x02" * KEY)) == [0x0303030303]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = init(tmp_path / "venue", "Lake House")
    offer(folder, parties=2, out=tmp_path / "talks", url="http://x")
    return folder


def grow(store: Writer, opened: Opened, bodies: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Append as the sequencer does, without its threads."""
    store.begin()
    growth = Growth(opened, 1_700_000_000_000)
    growth.place(Append(opened.register, [(Kind.ENVELOPE, one) for one in bodies], None, 0), store, 1 << 30)
    tiles, sign = growth.push()
    store.insert(growth.number, growth.start, growth.rows)
    store.tiles(growth.number, tiles)
    store.advance(growth.number, growth.advance(sign()))
    store.commit()
    return growth.rows


@pytest.mark.parametrize("steps", [[1, 254, 1], [255], [256], [700], [3, 600, 253, 1]])
def test_a_register_opened_again_knows_what_it_knew(folder: Folder, steps: list[int]) -> None:
    store = Writer(connect(folder.database, writes=True))
    register, _ = next(store.registers())
    kept = Registers(folder).opened(store, register)
    done = 0
    for step in steps:
        bodies = [b"body %d" % number for number in range(done, done + step)]
        # What is there already is found, in this batch and in those before, and is not added again.
        assert len(grow(store, kept, [*bodies, bodies[0], b"body 0"])) == step
        done += step
    again = Registers(folder).opened(store, register)
    assert (again.tree.size, again.tree.root(), again.rest) == (kept.tree.size, kept.tree.root(), kept.rest)
    assert again.tree.size == done + 1
    assert grow(store, again, [b"body %d" % number for number in range(done)]) == []
    assert store.connection.execute(
        "SELECT count(*) FROM tile WHERE id >> 40 = ?", (register.number,)
    ).fetchone() == ((done + 1) // TILE,)
    store.connection.close()


def test_tiles_are_cut_where_they_are_complete() -> None:
    leaves = [Leaf.of(Kind.ENVELOPE, 1, b"%d" % number).to_bytes() for number in range(2 * TILE + 5)]
    hashes, keys = [leaf_hash(leaf) for leaf in leaves], [leaf[18 : 18 + KEY] for leaf in leaves]
    tree = Tree.from_leaves(b"".join(hashes))
    tiles, rest = complete_tiles(tree, TILE - 1, b"".join(keys))
    assert [tile.number for tile in tiles] == [0, 1]
    assert tiles[1].hashes == b"".join(hashes[TILE : 2 * TILE])
    assert tiles[1].keys == b"".join(keys[TILE : 2 * TILE])
    assert rest == b"".join(keys[2 * TILE :])
    assert complete_tiles(tree, 2 * TILE, rest) == ([], rest)
