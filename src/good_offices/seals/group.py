"""The group ristretto255, on which soundings stand: elements, scalars, hashing to both. See spec/group.md.

This module decides which bytes are an element or a scalar and computes with them by libsodium. It never proves or
verifies anything, draws no randomness and knows no domain: tags come from the caller.

1. Elements and scalars are their canonical 32 bytes (RFC 9496, RFC 9497 section 4.1), so that equal values are equal
   bytes. What comes from outside passes `element` or `scalar`, which refuse the identity and zero.
2. What is computed may be the identity or zero: `minus(a, a)` is `IDENTITY`, `times(zero, a)` too. It is never an
   error here, and it is refused where it arrives. Bytes that are no element are refused by every function; libsodium
   1.0.18 ignores the highest bit of an encoding, so it is looked at here: else one element would have two encodings.
3. Every function on scalars and elements runs in libsodium, in constant time. Nothing is computed on integers.
4. A call costs more than its checks (some 70 us), so the library is called itself, not by `rbcl`'s functions. Each
   call has its own buffer: all functions may run in several threads, and the library runs without the interpreter's
   lock.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import hmac
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from itertools import islice
from typing import Final, NewType, TypeVar

from good_offices.errors import LocalError, OperationalError, RemoteError

try:
    from rbcl import _sodium as _library
except OSError as error:  # it writes libsodium to a temporary file and loads that
    raise OperationalError("group-library", why=error.strerror or "not loaded") from error

Element = NewType("Element", bytes)
Scalar = NewType("Scalar", bytes)

LENGTH: Final = 32
WIDE: Final = 64
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
IDENTITY: Final = Element(bytes(LENGTH))
GENERATOR: Final = Element(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))
CHUNK: Final = 50
_ZERO: Final = Scalar(bytes(LENGTH))
_BLOCK: Final = 64
_INPUT_BLOCK: Final = bytes(128)
_LONG_TAG: Final = b"H2C-OVERSIZE-DST-"
_MAX_TAG: Final = 255
_MAX_EXPANDED: Final = 255 * _BLOCK
_MAX_SMALL: Final = 2**64
_HIGHEST: Final = 0x7F  # of the last byte of an element

_Buffer: Final = ctypes.c_char * LENGTH
_T = TypeVar("_T")
_R = TypeVar("_R")

# rbcl leaves 2.8 MB in the folder for temporary files at every start. What is loaded stays loaded without its name;
# where an open file cannot be removed (Windows), it stays.
with contextlib.suppress(OSError):
    os.unlink(_library._name)  # noqa: PTH108, SLF001 - a path object would cost an import for one call

_is_valid = _library.crypto_core_ristretto255_is_valid_point
_times = _library.crypto_scalarmult_ristretto255
_base = _library.crypto_scalarmult_ristretto255_base
_plus = _library.crypto_core_ristretto255_add
_minus = _library.crypto_core_ristretto255_sub
_from_hash = _library.crypto_core_ristretto255_from_hash
_reduce = _library.crypto_core_ristretto255_scalar_reduce
_add = _library.crypto_core_ristretto255_scalar_add
_subtract = _library.crypto_core_ristretto255_scalar_sub
_multiply = _library.crypto_core_ristretto255_scalar_mul
_invert = _library.crypto_core_ristretto255_scalar_invert


def element(raw: bytes, *, what: str = "a group element") -> Element:
    """Return `raw` as an element other than the identity (spec/group.md section 2).

    Raises:
        RemoteError: `group-element`.
    """
    if len(raw) != LENGTH:
        raise RemoteError("group-element", what=what, why="its length")
    if raw == IDENTITY:
        raise RemoteError("group-element", what=what, why="the identity")
    if raw[-1] > _HIGHEST or not _is_valid(bytes(raw)):
        raise RemoteError("group-element", what=what, why="not the encoding of an element")
    return Element(bytes(raw))


def scalar(raw: bytes, *, what: str = "a scalar") -> Scalar:
    """Return `raw` as a scalar from 1 to `ORDER` - 1 (spec/group.md section 2).

    Raises:
        RemoteError: `group-scalar`.
    """
    if len(raw) != LENGTH:
        raise RemoteError("group-scalar", what=what, why="its length")
    # It may be a secret from the disk: reduced and compared, not read as an integer.
    if not hmac.compare_digest(_reduced(bytes(raw) + bytes(LENGTH)), raw):
        raise RemoteError("group-scalar", what=what, why="not below the order")
    if hmac.compare_digest(raw, _ZERO):
        raise RemoteError("group-scalar", what=what, why="zero")
    return Scalar(bytes(raw))


def scalar_from(wide: bytes) -> Scalar:
    """Return the scalar that 64 uniformly random bytes are modulo `ORDER`.

    Raises:
        LocalError: `group-scalar` if there are not 64, or if they are zero: then the source of randomness is broken.
    """
    if len(wide) != WIDE:
        raise LocalError("group-scalar", what="a random scalar", why="its length")
    drawn = _reduced(bytes(wide))
    if hmac.compare_digest(drawn, _ZERO):
        raise LocalError("group-scalar", what="a random scalar", why="zero")
    return drawn


def small(number: int) -> Scalar:
    """Return `number`, from 0 to 2^64 - 1, as a scalar.

    Raises:
        LocalError: `group-scalar`.
    """
    if not 0 <= number < _MAX_SMALL:
        raise LocalError("group-scalar", what="a number", why="not from 0 to 2^64 - 1")
    return Scalar(number.to_bytes(LENGTH, "little"))


def times(factor: Scalar, point: Element) -> Element:
    """Return `factor` times `point`.

    Raises:
        RemoteError: `group-element`, `group-scalar` if an argument is neither.
    """
    if len(factor) != LENGTH or len(point) != LENGTH or point[-1] > _HIGHEST:
        _refuse(point, factor)
    result = _Buffer()
    # The library answers alike to the identity as a result and to bytes that are no element.
    if _times(result, factor, point):
        _refuse(point)
        return IDENTITY
    return Element(result.raw)


def base(factor: Scalar) -> Element:
    """Return `factor` times `GENERATOR`.

    Raises:
        RemoteError: `group-scalar` if it is none.
    """
    if len(factor) != LENGTH:
        _refuse(IDENTITY, factor)
    result = _Buffer()
    _base(result, factor)  # refuses zero; the buffer is the identity then
    return Element(result.raw)


def plus(one: Element, other: Element) -> Element:
    """Return the sum of two elements; it may be the identity.

    Raises:
        RemoteError: `group-element` if an argument is none.
    """
    if len(one) != LENGTH or len(other) != LENGTH or one[-1] > _HIGHEST or other[-1] > _HIGHEST:
        _refuse(one)
        _refuse(other)
    result = _Buffer()
    if _plus(result, one, other):
        _refuse(one)
        _refuse(other)
    return Element(result.raw)


def minus(one: Element, other: Element) -> Element:
    """Return `one` less `other`; it may be the identity.

    Raises:
        RemoteError: `group-element` if an argument is none.
    """
    if len(one) != LENGTH or len(other) != LENGTH or one[-1] > _HIGHEST or other[-1] > _HIGHEST:
        _refuse(one)
        _refuse(other)
    result = _Buffer()
    if _minus(result, one, other):
        _refuse(one)
        _refuse(other)
    return Element(result.raw)


def same(one: bytes, other: bytes) -> bool:
    """Say whether two elements, or two scalars, are equal, in constant time."""
    return hmac.compare_digest(one, other)


def add(one: Scalar, other: Scalar) -> Scalar:
    """Return the sum modulo `ORDER`.

    Raises:
        RemoteError: `group-scalar` if an argument has another length.
    """
    if len(one) != LENGTH or len(other) != LENGTH:
        _refuse(IDENTITY, one, other)
    result = _Buffer()
    _add(result, one, other)
    return Scalar(result.raw)


def subtract(one: Scalar, other: Scalar) -> Scalar:
    """Return `one` less `other` modulo `ORDER`.

    Raises:
        RemoteError: `group-scalar` if an argument has another length.
    """
    if len(one) != LENGTH or len(other) != LENGTH:
        _refuse(IDENTITY, one, other)
    result = _Buffer()
    _subtract(result, one, other)
    return Scalar(result.raw)


def multiply(one: Scalar, other: Scalar) -> Scalar:
    """Return the product modulo `ORDER`.

    Raises:
        RemoteError: `group-scalar` if an argument has another length.
    """
    if len(one) != LENGTH or len(other) != LENGTH:
        _refuse(IDENTITY, one, other)
    result = _Buffer()
    _multiply(result, one, other)
    return Scalar(result.raw)


def invert(one: Scalar) -> Scalar:
    """Return the scalar that gives 1 with `one`.

    Raises:
        RemoteError: `group-scalar` if `one` is zero or has another length.
    """
    if len(one) != LENGTH:
        _refuse(IDENTITY, one)
    result = _Buffer()
    if _invert(result, one):
        raise RemoteError("group-scalar", what="a scalar", why="zero")
    return Scalar(result.raw)


def expand_message_xmd(message: bytes, dst: bytes, length: int) -> bytes:
    """Return `length` uniform bytes, at most 16,320, by SHA-512 (RFC 9380 sections 5.3.1 and 5.3.3).

    Raises:
        LocalError: `group-hash` if there is no tag or the length is out of range.
    """
    if not dst:
        raise LocalError("group-hash", why="no domain tag")
    if not 0 < length <= _MAX_EXPANDED:
        raise LocalError("group-hash", why="length")
    if len(dst) > _MAX_TAG:
        dst = hashlib.sha512(_LONG_TAG + dst).digest()
    tag = dst + bytes([len(dst)])
    first = hashlib.sha512(b"".join((_INPUT_BLOCK, message, length.to_bytes(2), b"\x00", tag))).digest()
    expanded = block = hashlib.sha512(first + b"\x01" + tag).digest()
    for count in range(2, -(-length // _BLOCK) + 1):
        mixed = (int.from_bytes(first) ^ int.from_bytes(block)).to_bytes(_BLOCK)
        block = hashlib.sha512(mixed + bytes([count]) + tag).digest()
        expanded += block
    return expanded[:length]


def hash_to_group(message: bytes, dst: bytes) -> Element:
    """Return the element that `message` maps to under the domain tag `dst` (spec/group.md section 3).

    Raises:
        LocalError: `group-hash`.
    """
    return element_from(expand_message_xmd(message, dst, WIDE))


def element_from(wide: bytes) -> Element:
    """Return the element that 64 bytes are mapped to (RFC 9496 section 4.3.4).

    Raises:
        LocalError: `group-hash` if there are not 64.
    """
    if len(wide) != WIDE:
        raise LocalError("group-hash", why="length")
    result = _Buffer()
    _from_hash(result, bytes(wide))
    return Element(result.raw)


def hash_to_scalar(message: bytes, dst: bytes) -> Scalar:
    """Return the scalar that `message` maps to under the domain tag `dst` (spec/group.md section 3).

    Raises:
        LocalError: `group-hash`.
    """
    return _reduced(expand_message_xmd(message, dst, WIDE))


def each(
    function: Callable[[_T], _R], items: Iterable[_T], pool: Executor | None = None, *, chunk: int = CHUNK
) -> list[_R]:
    """Return `function` of every item in order, computed in `pool` by chunks; without a pool, here.

    The first error in the order of the items is raised, whichever thread met it first.
    """
    if pool is None:
        return [function(item) for item in items]
    source = iter(items)
    chunks = iter(lambda: list(islice(source, chunk)), [])
    return [one for part in pool.map(lambda part: [function(item) for item in part], chunks) for one in part]


def _reduced(wide: bytes) -> Scalar:
    """Return 64 bytes modulo `ORDER`."""
    result = _Buffer()
    _reduce(result, wide)
    return Scalar(result.raw)


def _refuse(point: Element, *factors: Scalar) -> None:
    """Raise if `point` is no element or one of `factors` has another length; the library would read beyond it."""
    if any(len(factor) != LENGTH for factor in factors):
        raise RemoteError("group-scalar", what="a scalar", why="its length")
    if point != IDENTITY:
        element(point)
