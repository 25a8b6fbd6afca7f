"""Letters and pouches: what the other routes do, done for a desk that is not on the line (spec/transport.md section 9).

This module decides the order: who wrote it, enrolment, entries, cosignatures, and then one pouch of what is durable. It
never decides what may be appended: see `service`.

1. A letter is read before it is known who wrote it, so only `LETTERS` are read at a time, whoever hands them in.
2. Entries go in as from the network, each item of the letter whole, in order, up to the first that is refused. A letter that
   was handed in before finds its entries there and gets fresh receipts.
3. A desk that has verified more than this venue has gets the venue's checkpoint and nothing else, and nothing of its letter
   is taken: a venue that lost entries must not go on from there.
4. A pouch holds at most `MAX_BODIES` bytes of bodies, so that it can be read; the next letter asks for the rest.
"""

from __future__ import annotations

from itertools import groupby
from typing import Final, NamedTuple

from good_offices.encoding import pack, unpack
from good_offices.errors import OperationalError
from good_offices.register.genesis import Genesis
from good_offices.register.leaf import Kind
from good_offices.register.peaks import peaks_of
from good_offices.transport.pages import MAX_ENTRIES, Kept, Page, Receipt, Receipts
from good_offices.transport.pouch import MAX_CARRIED, Held, Item, Letter, Part, Pouch, Receipted
from good_offices.venue.gate import Gate, Receive, Scope
from good_offices.venue.handed import cosigned_by, enrol_desk, keep_cosignature
from good_offices.venue.http import Readers
from good_offices.venue.sequencer import Sequencer
from good_offices.venue.service import Caller, Directory, Service
from good_offices.venue.settings import Limits
from good_offices.venue.store import Reader, Register, State

LETTERS: Final = 4
MAX_BODIES: Final = 12 * 1024 * 1024

_Rows = list[tuple[bytes, bytes | None]]
_Placed = dict[int, list[int]]


class _Read(NamedTuple):
    """What one snapshot of the store says of a register: genesis, state, the rows to carry, cosigned notes."""

    genesis: bytes
    state: State
    rows: _Rows
    cosigned: list[bytes]


class Courier:
    """Letters in, pouches out, over the parts of one venue."""

    def __init__(
        self,
        service: Service,
        directory: Directory,
        gate: Gate,
        sequencer: Sequencer,
        readers: Readers,
        limits: Limits,
    ) -> None:
        """Answer by the parts of one venue."""
        self._service = service
        self._directory = directory
        self._gate = gate
        self._sequencer = sequencer
        self._readers = readers
        self._limits = limits
        self._reading = 0

    async def answer(self, scope: Scope, receive: Receive) -> bytes:
        """Return the pouch that answers the letter in a request's body (spec/transport.md section 9).

        Raises:
            RemoteError: as `Service.letter`, `Service.register`, `cosigned_by`, and what appending raises.
            OperationalError: `venue-busy`, `too-many-requests`, and what appending raises.
        """
        self._gate.touch(scope)
        if self._reading >= LETTERS:
            raise OperationalError("venue-busy")
        self._reading += 1
        try:
            body = await self._gate.read(scope, receive)
            letter, caller, unknown = self._service.letter(body)
            self._gate.admit_letter(caller)
            self._gate.charge(caller, sum(len(item.entries) for item in letter.items))
            if unknown:
                await self._enrol(letter)
            return await self._pouch(letter, caller)
        finally:
            self._reading -= 1

    async def _enrol(self, letter: Letter) -> None:
        """Enrol the desk that wrote a letter."""
        desk, delegation, most = letter.desk, letter.delegation, self._limits.desks
        await self._sequencer.run(
            lambda sequencer: enrol_desk(sequencer, desk, delegation, most), writes=True
        )
        self._directory.forget(desk)

    async def _pouch(self, letter: Letter, caller: Caller) -> bytes:
        """Take what a letter brings and return the pouch."""
        registers = {one.register: self._service.register(caller, one.register) for one in letter.registers}
        placed: _Placed = {}
        if not await self._behind(letter, registers):
            for held in letter.registers:
                await self._cosign(caller, registers[held.register], held)
            placed = await self._append(letter.items, registers)
        # A page ends after the body that reaches its measure: room for one more is kept.
        left = MAX_BODIES - self._limits.body_bytes
        parts = []
        for held in letter.registers:
            mine = {
                item.place: placed[item.place]
                for item in letter.items
                if item.register == held.register and item.place in placed
            }
            part, size = await self._part(registers[held.register], held.have, mine, left)
            left -= size
            parts.append(part)
        return pack(Pouch(desk=letter.desk, delegation=letter.delegation, parts=parts))

    async def _behind(self, letter: Letter, registers: dict[str, Register]) -> bool:
        """Tell whether the desk has verified more of some register than this venue has (rule 3)."""

        def ask(reader: Reader) -> bool:
            return any(
                one.have > reader.state(registers[one.register].number).size for one in letter.registers
            )

        return await self._readers.ask(ask)

    async def _cosign(self, caller: Caller, register: Register, held: Held) -> None:
        """Keep the cosignature that a letter brings."""
        if held.cosigned is None:
            return
        note = held.cosigned
        checkpoint = cosigned_by(caller, note)
        await self._sequencer.run(
            lambda sequencer: keep_cosignature(sequencer, register, caller, note, checkpoint), writes=True
        )

    async def _append(self, items: list[Item], registers: dict[str, Register]) -> _Placed:
        """Append the entries of a letter and return the indexes of each place's (rule 2)."""
        placed: _Placed = {}
        for register, batch in _batches(items):
            entries = [(Kind(one.kind), one.body) for item in batch for one in item.entries]
            answer = unpack(await self._sequencer.append(registers[register], entries), Receipts)
            indexes = iter(receipt.index for receipt in answer.receipts)
            for item in batch:
                placed[item.place] = [next(indexes) for _ in item.entries]
        return placed

    async def _part(self, register: Register, have: int, placed: _Placed, most: int) -> tuple[Part, int]:
        """Return what the pouch brings of one register, and the bytes of its bodies."""
        number = register.number

        def read(reader: Reader) -> _Read:
            state, rows = reader.page(number, have, MAX_CARRIED if most > 0 else 0, most)
            _, [(_, genesis)] = reader.page(number, 0, 1, 1)
            return _Read(genesis or b"", state, rows, reader.last_cosignatures(number, state.size))

        found = await self._readers.ask(read)

        def prove(sequencer: Sequencer) -> Part:
            return _proved(sequencer, register, have, placed, found)

        part = await self._sequencer.run(prove, writes=False)
        return part, sum(len(body or b"") for _, body in found.rows)


def _batches(items: list[Item]) -> list[tuple[str, list[Item]]]:
    """Return the items in order, those for one register that fit one append together."""
    batches: list[tuple[str, list[Item]]] = []
    for register, run in groupby(items, key=lambda item: item.register):
        batch: list[Item] = []
        for item in run:
            if batch and sum(len(one.entries) for one in (*batch, item)) > MAX_ENTRIES:
                batches.append((register, batch))
                batch = []
            batch.append(item)
        batches.append((register, batch))
    return batches


def _proved(sequencer: Sequencer, register: Register, have: int, placed: _Placed, found: _Read) -> Part:
    """Return a part with the proofs at the size of its checkpoint; on the writer's thread."""
    opened, size = sequencer.opened(register), found.state.size
    tree, keys = opened.tree, opened.signer.keys
    end = have + len(found.rows)

    def receipt(index: int) -> Receipt:
        leaf = sequencer.store.leaf(register.number, index)
        return Receipt(index=index, leaf=leaf, proof=tree.inclusion_proof(index, size))

    receipts = [
        Receipted(place=place, receipts=[receipt(index) for index in indexes])
        for place, indexes in sorted(placed.items())
    ]
    return Part(
        register=register.id,
        genesis=found.genesis,
        founding=receipt(0),
        before=peaks_of(tree, have) if have <= size else [],
        page=Page(
            start=have,
            entries=[Kept(leaf=leaf, body=body) for leaf, body in found.rows],
            checkpoint=found.state.note,
        ),
        consistency=tree.consistency_proof(end, size) if 0 < end < size else [],
        receipts=receipts,
        cosigned=found.cosigned,
        host=() if keys == Genesis.parse(found.genesis).keys else tuple(keys.vkeys),
    )
