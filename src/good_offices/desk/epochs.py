"""The secrets of rooms: how this desk learns an epoch's secret, tries it, renews its own key, and forgets.

This module decides what spec/rooms.md asks of one desk's keys. It never decides who should be a reader.

1. Each room has its own KEM key at this desk, and a fresh one is published after each epoch that it opened.
2. A key is destroyed when a younger one has opened an epoch: until then a manifest made by somebody who had not yet seen
   the younger key could still come.
3. A secret is tried newest first; the one that opened the last envelope is tried before all others.
4. Epoch secrets stay, sealed, for as long as the record is kept: whoever joins later is handed them.
"""

from __future__ import annotations

import secrets
from typing import NamedTuple

from good_offices.desk.storage import Storage
from good_offices.encoding import unpack
from good_offices.errors import RemoteError
from good_offices.seals.envelope import message_key
from good_offices.seals.wraps import KemKey, unwrap_any, wrap_info
from good_offices.talks.credentials import Wraps


class Fit(NamedTuple):
    """The epoch that an envelope was sealed under, the room it is an epoch of, and the message key."""

    manifest: bytes
    room: str
    key: bytes


class Epochs:
    """All secrets of one desk for the rooms of its talks."""

    def __init__(self, storage: Storage, talks: bytes, certificate: bytes) -> None:
        """Load what the folder holds."""
        self._storage = storage
        self._talks = talks
        self._certificate = certificate
        self._secrets: dict[bytes, bytes] = {}
        self._rooms: dict[bytes, str] = {}
        self._order: list[bytes] = []
        self._keys: dict[str, list[KemKey]] = {}
        for name in storage.names("kem/"):
            _, room, _ = name.split("/")
            self._keys.setdefault(room, []).append(KemKey(storage.get(name) or b""))
        for name in storage.names("epoch/"):
            _, room, manifest = name.split("/")
            self._remember(room, bytes.fromhex(manifest), storage.get(name) or b"")

    def add_key(self, room: str, seed: bytes | None = None) -> bytes:
        """Keep a further KEM key of a room and return its public key; on the disk before it is published."""
        seed = secrets.token_bytes(32) if seed is None else seed
        key = KemKey(seed)
        names = self._storage.names(f"kem/{room}/")
        number = int(names[-1].rpartition("/")[2]) + 1 if names else 0
        self._storage.put(f"kem/{room}/{number:08d}", seed)
        self._keys.setdefault(room, []).append(key)
        return key.public

    def newest_key(self, room: str) -> bytes | None:
        """Return the public key that this desk made last for a room."""
        keys = self._keys.get(room)
        return keys[-1].public if keys else None

    def is_used(self, room: str) -> bool:
        """Tell whether the newest key of a room has opened an epoch, so that a fresh one is due."""
        used = self._storage.get(f"kem-used/{room}")
        return used is not None and used == self.newest_key(room)

    def secret(self, manifest: bytes) -> bytes | None:
        """Return the secret of an epoch, if this desk holds it."""
        return self._secrets.get(manifest)

    def learn(self, room: str, manifest: bytes, secret: bytes) -> bool:
        """Keep an epoch's secret and return whether it was new; whether it is true the manifest's commitment tells."""
        if manifest in self._secrets:
            return False
        self._storage.put(f"epoch/{room}/{manifest.hex()}", secret)
        self._remember(room, manifest, secret)
        return True

    def learn_wraps(self, body: bytes) -> str | None:
        """Return the room of a `wraps` entry that has a block for this desk, after keeping the secret; else None."""
        try:
            wraps = unpack(body, Wraps, what="the wraps")
        except RemoteError:
            return None
        info = wrap_info(self._talks, wraps.manifest, self._certificate)
        for room, keys in self._keys.items():
            for key in reversed(keys):
                try:
                    secret = unwrap_any(wraps.blocks, key, info)
                except RemoteError:
                    return None
                if secret is not None:
                    self.learn(room, wraps.manifest, secret)
                    self._use(room, key)
                    return room
        return None

    def fit(self, envelope: bytes) -> Fit | None:
        """Return the epoch and message key of an envelope that this desk can open; else None (rule 3).

        Raises:
            RemoteError: the bytes are not an envelope.
        """
        found = message_key(envelope, [self._secrets[manifest] for manifest in self._order])
        if found is None:
            return None
        position, key = found
        manifest = self._order[position]
        if position:
            self._order.insert(0, self._order.pop(position))
        return Fit(manifest, self._rooms[manifest], key)

    def _use(self, room: str, key: KemKey) -> None:
        """Note that a key has opened an epoch, and destroy the older ones (rule 2)."""
        keys = self._keys[room]
        position = keys.index(key)
        names = self._storage.names(f"kem/{room}/")
        with self._storage.transaction():
            for name in names[:position]:
                self._storage.remove(name)
            self._storage.put(f"kem-used/{room}", key.public)
        del keys[:position]

    def _remember(self, room: str, manifest: bytes, secret: bytes) -> None:
        """Put a secret in front."""
        self._secrets[manifest] = secret
        self._rooms[manifest] = room
        self._order.insert(0, manifest)
