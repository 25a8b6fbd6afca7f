"""At rest: one random master key, and the slots that open it.

This module decides the bytes of a desk's `keyring` file and of everything sealed under it (spec/keyring.md). It
never writes a file: bytes in, bytes out.

1. The master key is 32 random bytes. A slot seals it under a key that a person can give again: today a passphrase by
   Argon2id (RFC 9106; 64 MiB, 3 passes, 4 lanes); other kinds of slot have other names.
2. The bounds of a slot's parameters are checked before they are used: a hostile file cannot ask for all memory.
3. Everything else is sealed under a key derived from the master for one purpose, with XChaCha20-Poly1305 (random
   24-byte nonces) and the place of the item as associated data, so that items cannot change places.
"""

from __future__ import annotations

import secrets
from typing import Final

import nacl.bindings
import nacl.exceptions
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.seals.derivation import KEY, expand

MEMORY_KIB: Final = 64 * 1024
PASSES: Final = 3
LANES: Final = 4
_NONCE: Final = 24
_LABEL: Final = b"good-offices/v1/at-rest/"
_LIMITS: Final = {"memory": (8 * 1024, 1024 * 1024), "passes": (1, 16), "lanes": (1, 16)}


class PassphraseSlot(Record, kw_only=True, tag="argon2id", tag_field="kind"):
    """The master key sealed under a passphrase; memory in KiB."""

    salt: bytes
    memory: int
    passes: int
    lanes: int
    sealed: bytes


class Keyring(Record, kw_only=True, tag="good-offices/keyring/1", tag_field="form"):
    """The file: its slots (spec/keyring.md section 1)."""

    slots: list[PassphraseSlot]


class Vault:
    """Seals and opens items at rest under the master key; its repr shows nothing."""

    def __init__(self, master: bytes) -> None:
        """Keep the master key in memory, and the key of each purpose once it was asked for."""
        self._master = master
        self._keys: dict[str, bytes] = {}

    def seal(self, purpose: str, place: str, content: bytes) -> bytes:
        """Return `content` sealed for one purpose and place: 40 bytes longer."""
        nonce = secrets.token_bytes(_NONCE)
        key = self.key(purpose)
        return nonce + nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            content, place.encode(), nonce, key
        )

    def open(self, purpose: str, place: str, sealed: bytes) -> bytes:
        """Return the content of an item sealed for this purpose and place.

        Raises:
            LocalError: `at-rest-damaged` if the item was altered or stands in another place.
        """
        key = self.key(purpose)
        try:
            return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed[_NONCE:], place.encode(), sealed[:_NONCE], key
            )
        except (nacl.exceptions.CryptoError, ValueError):
            raise LocalError("at-rest-damaged", what=purpose) from None

    def key(self, purpose: str) -> bytes:
        """Return the 32-byte key of a purpose, for a caller that seals a stream of its own."""
        if purpose not in self._keys:
            self._keys[purpose] = expand(self._master, _LABEL + purpose.encode())
        return self._keys[purpose]

    def __repr__(self) -> str:
        """Show nothing."""
        return "Vault()"


def new_keyring(passphrase: str) -> tuple[bytes, Vault]:
    """Return the bytes of a new keyring file with one passphrase slot, and its vault."""
    master = secrets.token_bytes(KEY)
    return pack(Keyring(slots=[_slot(passphrase, master)])), Vault(master)


def open_keyring(data: bytes, passphrase: str, *, what: str) -> Vault:
    """Return the vault that `passphrase` opens (spec/keyring.md section 2).

    Raises:
        LocalError: `passphrase-wrong` or `key-file-damaged`.
    """
    for slot in _read(data, what).slots:
        master = _open_slot(slot, passphrase)
        if master is not None:
            return Vault(master)
    raise LocalError("passphrase-wrong", what=what)


def change_passphrase(data: bytes, old: str, new: str, *, what: str) -> bytes:
    """Return the keyring with the slot that `old` opens replaced by one for `new`; the master key stays.

    Raises:
        LocalError: `passphrase-wrong` or `key-file-damaged`.
    """
    keyring = _read(data, what)
    for position, slot in enumerate(keyring.slots):
        master = _open_slot(slot, old)
        if master is not None:
            slots = [*keyring.slots[:position], _slot(new, master), *keyring.slots[position + 1 :]]
            return pack(Keyring(slots=slots))
    raise LocalError("passphrase-wrong", what=what)


def _read(data: bytes, what: str) -> Keyring:
    """Return the keyring after checking the bounds of its slots (rule 2)."""
    try:
        keyring = unpack(data, Keyring, what=what, limit=64 * 1024)
    except RemoteError as broken:
        raise LocalError("key-file-damaged", what=what, why=broken.code) from None
    for slot in keyring.slots:
        for name, (low, high) in _LIMITS.items():
            if not low <= getattr(slot, name) <= high:
                raise LocalError("key-file-damaged", what=what, why=f"{name} out of bounds")
        if len(slot.salt) != KEY:
            raise LocalError("key-file-damaged", what=what, why="salt length")
    return keyring


def _derive(passphrase: str, salt: bytes, memory: int, passes: int, lanes: int) -> bytes:
    """Return the key that a passphrase gives with these parameters (RFC 9106)."""
    argon = Argon2id(salt=salt, length=KEY, iterations=passes, lanes=lanes, memory_cost=memory)
    return argon.derive(passphrase.encode())


def _slot(passphrase: str, master: bytes) -> PassphraseSlot:
    """Return a slot that seals `master` under `passphrase`."""
    salt = secrets.token_bytes(KEY)
    key = _derive(passphrase, salt, MEMORY_KIB, PASSES, LANES)
    sealed = Vault(key).seal("slot", "argon2id", master)
    return PassphraseSlot(salt=salt, memory=MEMORY_KIB, passes=PASSES, lanes=LANES, sealed=sealed)


def _open_slot(slot: PassphraseSlot, passphrase: str) -> bytes | None:
    """Return the master key, or None if the passphrase is not this slot's."""
    key = _derive(passphrase, slot.salt, slot.memory, slot.passes, slot.lanes)
    try:
        return Vault(key).open("slot", "argon2id", slot.sealed)
    except LocalError:
        return None
