"""What two delegations both accept of many packages, looked at in chunks until one is found.

This module decides the messages of spec/soundings.md section 6 after the first, which is that of `pair`. It never decides
when to stop: its caller opens one box after another, and after a match the blanks.

1. Every chunk is blinded by itself, with its own factor and proofs, and has a blank element beside it. To the host a box of a
   chunk and a box of a blank are the same.
2. The order of the chunks is drawn from two numbers that a sealed box opens at once: no party can choose it.
3. Options are numbered in the whole list.

Prices of an option are those of step 2 in `pair`; a chunk has some 30 multiplications more, made and verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, RemoteError
from good_offices.seals.group import LENGTH, Element, base, expand_message_xmd, same
from good_offices.soundings.blinding import (
    Blinded,
    Deposit,
    blind,
    box_factor,
    check_blinded,
    compare,
    length,
    messages,
    mutual,
    read_blinded,
    read_factor,
    transcript,
)
from good_offices.soundings.context import PREFIX, Run
from good_offices.soundings.pair import First, Side, own_factor, step_two
from good_offices.soundings.scope import Each, Reader, Scope, serial

NONCE: Final = 32
_ORDER: Final = PREFIX + b"order"
_DRAW: Final = 8
_LIMIT: Final = 1024


class Order(Record, kw_only=True, tag="good-offices/sounding-order/1", tag_field="form"):
    """What a party deposits in box 0: its half of the order (spec/soundings.md section 6.2)."""

    context: bytes
    place: int
    nonce: bytes


class Chunk(NamedTuple):
    """The part of a message of step 2 for one chunk: its values, and its blank."""

    blinded: Blinded
    blank: Element


class Second(NamedTuple):
    """A message of step 2."""

    message: bytes
    chunks: list[Chunk]


def chunks(run: Run) -> list[range]:
    """Return the options of each chunk, by number.

    Raises:
        LocalError: `sounding-context`.
    """
    run.need(0, "packages", parties=2)
    size, count = run.context.chunk, run.size
    return [range(start, min(start + size, count)) for start in range(0, count, size)]


def second(side: Side, firsts: Sequence[First], *, each: Each = serial) -> bytes:
    """Return the message of step 2: 224 bytes a chunk and 32 an option (spec/soundings.md section 6.1).

    `firsts` are those of step 1 by place: the other's from `pair.read_first`, one's own from `pair.own`.

    Raises:
        LocalError: `sounding-own`, `sounding-context`, `sounding-seed`.
    """
    x = own_factor(side, firsts)
    secrets = step_two(side, firsts)
    values = firsts[1 - side.place].values
    parts = []
    for part, options in enumerate(chunks(side.run)):
        scope = Scope(side.run, side.place, 2, part)
        points = values[options.start : options.stop]
        parts.append(blind(scope, x, points, box_factor(secrets, part), secrets, each))
        parts.append(base(secrets.scalar(b"blank", part.to_bytes(4))))
    return b"".join(parts)


def read_second(
    run: Run, place: int, firsts: Sequence[First], message: bytes, *, each: Each = serial
) -> Second:
    """Return the message of step 2 of the party at `place`, verified (spec/soundings.md section 6.1).

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
        LocalError: `sounding-context`.
    """
    said = _read_second(run, place, message)
    values = firsts[1 - place].values
    for part, (options, chunk) in enumerate(zip(chunks(run), said.chunks, strict=True)):
        points = values[options.start : options.stop]
        check_blinded(Scope(run, place, 2, part), firsts[place].x, points, chunk.blinded, each)
    return said


def own_second(run: Run, place: int, message: bytes) -> Second:
    """Return a message of step 2 that the caller knows to be its own, as `pair.own` does.

    Raises:
        RemoteError: `sounding-form` by its length.
        LocalError: `sounding-context`.
    """
    return _read_second(run, place, message, own=True)


def order_deposit(side: Side, firsts: Sequence[First], seconds: Sequence[Second]) -> bytes:
    """Return what goes into box 0, after the other's step 2 was verified (spec/soundings.md section 6.2).

    Raises:
        LocalError: `sounding-seed`.
    """
    nonce = side.secrets(3, *messages(firsts, seconds)).raw(b"order")[:NONCE]
    return pack(Order(context=side.run.ctx, place=side.place, nonce=nonce))


def read_order(run: Run, place: int, raw: bytes) -> bytes:
    """Return the nonce that the party at `place` had in box 0: 32 bytes.

    Raises:
        RemoteError: `sounding-box`.
    """
    try:
        said = unpack(raw, Order, what="the order", limit=_LIMIT)
    except GoodOfficesError as broken:
        raise RemoteError("sounding-box", place=place, what=str(broken)) from broken
    if said.context != run.ctx or said.place != place or len(said.nonce) != NONCE:
        raise RemoteError("sounding-box", place=place, what="it is of another sounding or place")
    return said.nonce


def order(run: Run, nonces: Sequence[bytes]) -> list[int]:
    """Return the chunks in the order in which they are opened, from the nonces by place (section 6.2)."""
    drawn = list(range(len(chunks(run))))
    if len(drawn) == 1:
        return drawn
    stream = expand_message_xmd(b"".join(nonces), _ORDER, _DRAW * (len(drawn) - 1))
    for at in range(len(drawn) - 1, 0, -1):
        draw, stream = int.from_bytes(stream[:_DRAW]), stream[_DRAW:]
        other = draw % (at + 1)
        drawn[at], drawn[other] = drawn[other], drawn[at]
    return drawn


def deposit(
    side: Side, firsts: Sequence[First], seconds: Sequence[Second], chunk: int, *, blank: bool
) -> Deposit:
    """Return what goes into the box of a chunk; `blank` says that an earlier chunk had a match (section 6.3).

    Raises:
        LocalError: `sounding-own`, `sounding-seed`.
    """
    secrets = step_two(side, firsts)
    factors = (box_factor(secrets, chunk), secrets.scalar(b"blank", chunk.to_bytes(4)))
    elements = [_element(said, chunk, blank=blank) for said in seconds]
    if not same(base(factors[blank]), elements[side.place]):
        raise LocalError("sounding-own", step=2)
    return Deposit(elements, factors[blank], transcript(firsts, seconds))


def opened(
    run: Run, seconds: Sequence[Second], chunk: int, scalars: Sequence[bytes], *, each: Each = serial
) -> list[int]:
    """Return the mutual options, by number in the list, of what the box of a chunk opened (section 6.3).

    Raises:
        RemoteError: `sounding-box`.
    """
    start = chunks(run)[chunk].start
    return [start + at for at in mutual([one.chunks[chunk].blinded for one in seconds], scalars, each)]


def check_blank(
    seconds: Sequence[Second], chunk: int, scalars: Sequence[bytes], *, each: Each = serial
) -> None:
    """Pass if a box after the match opened the blanks of its chunk (spec/soundings.md section 6.3).

    It then does what `opened` does with a chunk, for nothing: how long a desk computes between two boxes must not show
    whether there was a match.

    Raises:
        RemoteError: `sounding-box`.
    """
    pairs = enumerate(zip(scalars, seconds, strict=True))
    one, other = [read_factor(place, raw, _element(said, chunk, blank=True)) for place, (raw, said) in pairs]
    compare(one, other, [said.chunks[chunk].blinded for said in seconds], each)


def _element(said: Second, chunk: int, *, blank: bool) -> Element:
    """Return the element by which a party is bound in the box of a chunk."""
    part = said.chunks[chunk]
    return part.blank if blank else part.blinded.e


def _read_second(run: Run, place: int, message: bytes, *, own: bool = False) -> Second:
    """Return a message of step 2; only its form is verified."""
    run.need(place, "packages", parties=2)
    cut = chunks(run)
    whole = sum(length(len(options)) + LENGTH for options in cut)
    reader = Reader(Scope(run, place, 2), message, whole, own=own)
    read = [Chunk(read_blinded(reader, options), reader.element("a blank")) for options in cut]
    return Second(bytes(message), read)
