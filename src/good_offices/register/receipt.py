"""Receipts: a host's proof that an entry stands in its register, C2SP tlog-proof v1 without `extra`.

This module decides what a desk keeps for each entry. It never decides whether later views agree: see `fork`.

1. `c2sp.org/tlog-proof@v1`, `index <n>`, one base64 hash a line, a blank line, the host's note verbatim.
2. An `extra` line is refused: nothing authenticates it.
3. The leaf is not in the text, as tlog-proof has it: who reads a receipt supplies the leaf.
4. Reading is: parse, encode again, compare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from good_offices.errors import RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.host import HostKeys
from good_offices.register.leaf import Leaf
from good_offices.register.note import MAX_NOTE, from_base64, to_base64
from good_offices.register.proofs import verify_inclusion
from good_offices.register.tree import HASH, MAX_SIZE

HEADER: Final = "c2sp.org/tlog-proof@v1"
_WHAT: Final = "the receipt"
_INDEX: Final = "index "
_DIGITS: Final = len(str(MAX_SIZE))
_MAX_HASHES: Final = 63
_MAX_RECEIPT: Final = MAX_NOTE + 4096


@dataclass(frozen=True, slots=True)
class Receipt:
    """Leaf `index`, the hashes up to the root, and the host's note over that root; unverified."""

    index: int
    leaf: Leaf
    proof: tuple[bytes, ...]
    note: bytes

    @classmethod
    def of(cls, index: int, leaf: Leaf, proof: Sequence[bytes], note: bytes) -> Receipt:
        """Return the receipt of the parts that a venue sends."""
        return cls(index, leaf, tuple(proof), note)

    @classmethod
    def from_text(cls, text: str, leaf: Leaf) -> Receipt:
        """Return the receipt that `text` stands for, over `leaf`, unverified (spec/register.md section 9).

        Raises:
            RemoteError: `too-large` or `not-canonical`.
        """
        if len(text) > _MAX_RECEIPT:
            raise RemoteError("too-large", what=_WHAT, size=len(text), limit=_MAX_RECEIPT)
        head, _, note = text.partition("\n\n")
        lines = head.split("\n")
        if lines[0] != HEADER or len(lines) < 2 or not lines[1].startswith(_INDEX):
            raise RemoteError("not-canonical", what=_WHAT, why="not a tlog-proof v1 without extra data")
        number = lines[1].removeprefix(_INDEX)
        # Bounded and ASCII before int(): other digits and long numbers would be read as well.
        if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
            raise RemoteError("not-canonical", what=_WHAT, why="an index that is not a number")
        proof = tuple(from_base64(line, what=_WHAT) for line in lines[2:])
        if len(proof) > _MAX_HASHES or any(len(one) != HASH for one in proof):
            raise RemoteError("not-canonical", what=_WHAT, why="a hash of a wrong length, or too many")
        try:
            receipt = cls(int(number), leaf, proof, note.encode())
        except UnicodeEncodeError:
            raise RemoteError("not-canonical", what=_WHAT, why="not UTF-8") from None
        if receipt.to_text() != text:
            raise RemoteError("not-canonical", what=_WHAT, why="another encoding of the same receipt")
        return receipt

    def to_text(self) -> str:
        """Return the text of the receipt (spec/register.md section 9).

        Raises:
            RemoteError: `not-canonical` if the note is not text.
        """
        try:
            note = self.note.decode()
        except UnicodeDecodeError:
            raise RemoteError("not-canonical", what=_WHAT, why="not UTF-8") from None
        hashes = (to_base64(one) for one in self.proof)
        return "\n".join((HEADER, f"{_INDEX}{self.index}", *hashes, "", note))

    def verify(self, keys: HostKeys) -> Checkpoint:
        """Return the checkpoint under which the leaf stands at `index`; trusts `keys` (section 9).

        Raises:
            RemoteError: as `HostKeys.open`; `inclusion-invalid`.
        """
        checkpoint = keys.open(self.note)
        verify_inclusion(self.index, checkpoint.size, self.leaf.hash, self.proof, checkpoint.root)
        return checkpoint
