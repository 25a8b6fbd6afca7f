"""The secrets of rooms: how this desk learns an epoch's secret, proves it, renews its own key, and forgets.

This module decides what spec/rooms.md asks of one desk's keys. It never decides who should be a reader, nor which
room an envelope belongs to: that the manifest says which commits to the secret (`opening`).

1. Each room has its own KEM key at this desk, and a fresh one is published after each epoch that it opened.
2. A key is destroyed when a younger one has opened an epoch: until then a manifest made by somebody who had not yet seen
   the younger key could still come.
3. A secret that came in wraps or in a hand-over is somebody's claim. All claims for a manifest are tried until the
   manifest is in the record; then the one that it commits to stays, and the others go. So nobody who is first with a
   false one can keep a desk out, and no label decides anything.
4. Proven secrets are tried before claims; the one that opened the last envelope is tried before all others.
5. Epoch secrets stay, sealed, for as long as the record is kept: whoever joins later is handed them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from typing import NamedTuple

from good_offices.desk.storage import Storage
from good_offices.encoding import Record, pack, unpack
from good_offices.errors import RemoteError
from good_offices.seals.envelope import message_key
from good_offices.seals.wraps import SECRET, KemKey, unwrap_any, wrap_info
from good_offices.talks.credentials import HASH, Wraps
from good_offices.talks.events_papers import LetterSent


class Claim(Record, kw_only=True):
    """A secret said to be a manifest's; `room` and `key` are of the KEM key that unwrapped it, if one did."""

    manifest: bytes
    secret: bytes
    room: str = ""
    key: bytes = b""
    proven: bool = False


class Fit(NamedTuple):
    """The secret that an envelope was sealed under, and the message key."""

    secret: bytes
    key: bytes


class Epochs:
    """All secrets of one desk for the rooms of its talks."""

    def __init__(self, storage: Storage, talks: bytes, certificate: bytes) -> None:
        """Load what the folder holds."""
        self._storage = storage
        self._talks = talks
        self._certificate = certificate
        self._keys: dict[str, list[KemKey]] = {}
        self.load()

    def load(self) -> None:
        """Read all keys and secrets from the folder, as after a transaction that was undone."""
        self._claims: dict[bytes, list[Claim]] = {}
        self._order: list[bytes] = []
        self._keys.clear()
        for name in self._storage.names("kem/"):
            _, room, _ = name.split("/")
            self._keys.setdefault(room, []).append(KemKey(self._storage.get(name) or b""))
        claims = [unpack(self._storage.get(name) or b"", Claim) for name in self._storage.names("epoch/")]
        for claim in sorted(claims, key=lambda one: one.proven):
            self._remember(claim)

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

    def keys(self, room: str) -> list[KemKey]:
        """Return the keys that this desk still holds for a room, the newest first."""
        return self._keys.get(room, [])[::-1]

    def is_used(self, room: str) -> bool:
        """Tell whether the newest key of a room has opened an epoch, so that a fresh one is due."""
        used = self._storage.get(f"kem-used/{room}")
        return used is not None and used == self.newest_key(room)

    def secret(self, manifest: bytes) -> bytes | None:
        """Return the secret of an epoch, if this desk holds it and has seen it proved."""
        return next((one.secret for one in self._claims.get(manifest, ()) if one.proven), None)

    def keep(self, room: str, manifest: bytes, secret: bytes) -> None:
        """Keep the secret of an epoch that this desk itself begins."""
        self._put(Claim(manifest=manifest, secret=secret, room=room, proven=True))

    def learn(self, manifest: bytes, secret: bytes, *, room: str = "", key: bytes = b"") -> bool:
        """Keep a claimed secret and return whether it was new (rule 3)."""
        if len(manifest) != HASH or len(secret) != SECRET:
            return False
        held = self._claims.get(manifest, ())
        if any(one.secret == secret or one.proven for one in held):
            return False
        self._put(Claim(manifest=manifest, secret=secret, room=room, key=key))
        return True

    def prove(self, manifest: bytes, room: str, is_true: Callable[[bytes], bool]) -> None:
        """Keep of a manifest's claims the one that it commits to, and forget the others (rule 3).

        A key counts as used only by an epoch of its own room: a group's first epochs may be wrapped to a desk's key for the
        plenary (R-93), and an epoch of the plenary for an older one of them can still be on its way.
        """
        for claim in list(self._claims.get(manifest, ())):
            if claim.proven:
                continue
            self._forget(claim)
            if is_true(claim.secret):
                self._put(
                    Claim(manifest=manifest, secret=claim.secret, room=claim.room, key=claim.key, proven=True)
                )
                if claim.room == room:
                    self._use(room, claim.key)

    def learn_wraps(self, body: bytes) -> None:
        """Keep what a `wraps` entry claims in a block for this desk, if it has one."""
        try:
            wraps = unpack(body, Wraps, what="the wraps")
        except RemoteError:
            return
        # Of an epoch whose secret is proved nothing more can be learned: a record that is judged again tries no keys.
        if len(wraps.manifest) != HASH or self.secret(wraps.manifest) is not None:
            return
        info = wrap_info(self._talks, wraps.manifest, self._certificate)
        for room, keys in self._keys.items():
            for key in reversed(keys):
                try:
                    secret = unwrap_any(wraps.blocks, key, info)
                except RemoteError:
                    return
                if secret is not None:
                    self.learn(wraps.manifest, secret, room=room, key=key.public)
                    return

    def open_letter(self, room: str, event: LetterSent) -> None:
        """Keep the secret of a letter if one of its blocks is for this desk (spec/papers.md R-125)."""
        digest = hashlib.sha256(event.letter).digest()
        info = wrap_info(self._talks, digest, self._certificate)
        for key in self.keys(room) if self._certificate in event.readers else ():
            secret = unwrap_any(list(event.blocks), key, info)
            if secret is not None:
                self._storage.put(f"letter/{digest.hex()}", secret)
                return

    def fit(self, envelope: bytes) -> Fit | None:
        """Return the secret and message key of an envelope that this desk can open; else None (rule 4).

        Raises:
            RemoteError: the bytes are not an envelope.
        """
        found = message_key(envelope, self._order)
        if found is None:
            return None
        position, key = found
        if position:
            self._order.insert(0, self._order.pop(position))
        return Fit(self._order[0], key)

    def _use(self, room: str, public: bytes) -> None:
        """Note that a key has opened an epoch, and destroy the older ones (rule 2)."""
        keys = self._keys.get(room, [])
        position = next((at for at, key in enumerate(keys) if key.public == public), None)
        if position is None:
            return
        names = self._storage.names(f"kem/{room}/")
        with self._storage.transaction():
            for name in names[:position]:
                self._storage.remove(name)
            self._storage.put(f"kem-used/{room}", public)
        del keys[:position]

    def _put(self, claim: Claim) -> None:
        """Write a claim, and remember it."""
        self._storage.put(_name(claim), pack(claim))
        self._remember(claim)

    def _remember(self, claim: Claim) -> None:
        """Put a proven secret in front, a claim behind (rule 4); one secret is tried once."""
        self._claims.setdefault(claim.manifest, []).append(claim)
        if claim.secret in self._order:
            self._order.remove(claim.secret)
        self._order.insert(0 if claim.proven else len(self._order), claim.secret)

    def _forget(self, claim: Claim) -> None:
        """Destroy a claim, and its secret if no other claims the same."""
        self._storage.remove(_name(claim))
        self._claims[claim.manifest].remove(claim)
        if not any(one.secret == claim.secret for held in self._claims.values() for one in held):
            self._order.remove(claim.secret)


def _name(claim: Claim) -> str:
    """Return the name under which a claim is kept; of the secret it holds a hash alone."""
    return f"epoch/{claim.manifest.hex()}/{hashlib.sha256(claim.secret).hexdigest()[:16]}"
