"""One target for each parser: any bytes in; out comes a value, or a refusal with a code. Anything else is a finding.

Where a checksum or a seal stands before a parser, the target writes it, so that the parser behind it is reached.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from unittest import mock

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from fuzz import seeds

from good_offices.desk.identity import HandOver, read_invitation
from good_offices.encoding import decode, encode, pack, unpack
from good_offices.errors import RemoteError
from good_offices.instrument.outcome import Disclosure, EvidenceFile, ReceiptFile
from good_offices.instrument.verify import verify_outcome
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.fork import verify_fork
from good_offices.register.genesis import Genesis
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.note import Note, VKey
from good_offices.register.receipt import Receipt
from good_offices.seals import envelope as envelopes
from good_offices.seals import keyring as keyrings
from good_offices.seals import kit as kits
from good_offices.seals.wraps import KemKey, unwrap_any
from good_offices.talks.acts import Act, SignedAct
from good_offices.talks.credentials import Introduction, Manifest, Wraps
from good_offices.text.importing import export, read_draft
from good_offices.text.notation import parse, print_runs
from good_offices.transport import pages, signing, sse
from good_offices.transport.pouch import (
    Held,
    Item,
    Letter,
    Part,
    Pouch,
    Receipted,
    check_part,
    read_letter,
    read_pouch,
    seal_letter,
)

SECRET = bytes(range(32))
LEAF = Leaf.of(Kind.ENVELOPE, 1, b"")


@dataclass(frozen=True)
class Target:
    """A parser under its name, and what it is first given."""

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]


def canonical(data: bytes) -> None:
    """Decode, and hold the encoding to be the only one."""
    assert encode(decode(data)) == data


def envelope(data: bytes) -> None:
    """Open the bytes as an envelope, and as the payload of one that is sealed as it must be."""
    header = bytes([envelopes.VERSION]) + hashlib.sha256(data).digest()
    key = hashlib.sha256(header).digest()
    cipher, commitment = envelopes._keys(key, header)
    sealed = ChaCha20Poly1305(cipher).encrypt(bytes(12), data, header + commitment)
    with suppress(RemoteError):
        envelopes.open_envelope(header + commitment + sealed, key)
    envelopes.message_key(data, [SECRET])
    envelopes.open_envelope(data, SECRET)


def act(data: bytes) -> None:
    """Read a signed act and what is inside."""
    unpack(data, SignedAct, what="an act").opened()


def rules(data: bytes) -> None:
    """Ask the rules about an act that has its author's place in the chain right, whatever it says."""
    talks = seeds.smith()
    said = unpack(data, Act, what="an act")
    true = talks.act("A", said.event, room="roster" if said.room == talks.roster_room else "plenary")
    talks.replay.check(true)


def introduction(data: bytes) -> None:
    """Read an introduction and verify it."""
    unpack(data, Introduction, what="an introduction").verify()


def wraps(data: bytes) -> None:
    """Read wraps and try every block."""
    unwrap_any(unpack(data, Wraps, what="the wraps").blocks, KemKey(SECRET), b"info")


def note(data: bytes) -> None:
    """Read a signed note, and the bytes as a verifier key."""
    with suppress(RemoteError):
        VKey.parse(data.decode("utf-8", "replace"))
    assert Note.parse(data).to_bytes() == data


def checkpoint(data: bytes) -> None:
    """Read a checkpoint; then open the bytes as the host's note."""
    with suppress(RemoteError):
        Checkpoint.parse(data.decode("utf-8", "replace"))
    _genesis().keys.open(data)


def receipt(data: bytes) -> None:
    """Read a receipt and verify it."""
    Receipt.from_text(data.decode("utf-8", "replace"), LEAF).verify(_genesis().keys)


def draft(data: bytes) -> None:
    """Read a draft in both forms; its instrument must stand, and the draft be written as it was read."""
    for ending in ("txt", "md"):
        read = read_draft(data, ending)
        export(read)
        read.to_instrument("en")


def notation(data: bytes) -> None:
    """Read the notation of one unit, and print it."""
    print_runs(parse(data.decode("utf-8", "replace"), "u."))


def keyring(data: bytes) -> None:
    """Open a keyring; a cheap key stands for Argon2id, whose bounds are checked before."""
    with mock.patch.object(keyrings, "_derive", return_value=SECRET):
        keyrings.open_keyring(data, "correct horse", what="the keyring")


def kit(data: bytes) -> None:
    """Open a kit: the bytes as its text, and as what its letters stand for under true check digits."""
    with mock.patch.object(keyrings, "_derive", return_value=SECRET):
        letters = base64.b32encode(data).decode().rstrip("=")
        text = f"{kits._TITLE}\nroot 0\n\n{letters} {kits._check(1, letters)}\n"
        for one in (data.decode("utf-8", "replace"), text):
            try:
                kits.read_kit(one, "correct horse")
            except kits.LocalError:
                continue


def outcome(data: bytes) -> None:
    """Verify an outcome; read the other files that verify is given."""
    for form in (Disclosure, ReceiptFile, EvidenceFile):
        try:
            form.parse(data)
        except RemoteError:
            continue
    verify_outcome(data)


def headers(data: bytes) -> None:
    """Read the lines as the headers of a signed request, method, path and query, and check them."""
    lines = [line.decode("latin-1") for line in data.split(b"\n")]
    given, signature, digest, method, path, query = (*lines, "", "", "", "", "", "")[:6]
    claimed = signing.claim(given, signature)
    signing.check_digest(digest, data)
    signing.verify(claimed, SECRET, method=method, path=path, query=query, digest=digest)


def stream(data: bytes) -> None:
    """Feed a stream in pieces and read the pages of its events."""
    reader = sse.Reader()
    for at in range(0, len(data), 97):
        for event in reader.feed(data[at : at + 97]):
            if event is not None:
                unpack(event.data, pages.Page)


def page(data: bytes) -> None:
    """Read the bodies that venue and desk send each other."""
    for form in (
        pages.Append,
        pages.Receipts,
        pages.Recovery,
        pages.Enrolment,
        pages.Cosigned,
        pages.Problem,
    ):
        try:
            unpack(data, form)
        except RemoteError:
            continue
    unpack(data, pages.Page)


def pouch(data: bytes) -> None:
    """Read a letter, and a pouch with its parts."""
    with suppress(RemoteError):
        read_letter(data)
    for part in read_pouch(data).parts:
        check_part(part)


@cache
def _genesis() -> Genesis:
    """A genesis whose keys signed nothing that is fuzzed."""
    return seeds.smith().genesis


def _invitations() -> list[bytes]:
    """An invitation, and a hand-over file as far as it can be made without a desk."""
    body = _genesis().body()
    invitation = pages.Invitation(
        form=pages.INVITATION,
        url="https://venue.example",
        talks=hashlib.sha256(body).digest(),
        genesis=body,
        common="0" * 32,
        caucus="1" * 32,
        caucus_genesis=body,
        delegation="2" * 32,
        enrolment=SECRET,
    )
    hand_over = dict.fromkeys(HandOver.__struct_fields__, b"") | {"form": "good-offices/hand-over/1"}
    return [pack(invitation), encode(hand_over)]


def _keyrings() -> list[bytes]:
    """A keyring that the cheap key opens."""
    with mock.patch.object(keyrings, "_derive", return_value=SECRET):
        return [keyrings.new_keyring("correct horse")[0]]


def _kits() -> list[bytes]:
    """A kit as text, and what its letters stand for."""
    with mock.patch.object(keyrings, "_derive", return_value=SECRET):
        text = kits.write_kit(bytes(64), "correct horse")
    kit_ = kits.Kit(fingerprint="0" * 64, keyring=_keyrings()[0], sealed=bytes(104))
    return [text.encode(), pack(kit_)]


def _introductions() -> list[bytes]:
    """The introductions of talks."""
    return [body for body in seeds.smith().common.bodies if b"good-offices/introduction/1" in body]


def _manifests() -> list[bytes]:
    """The manifest of a first epoch."""
    talks = seeds.smith()
    return [pack(talks.manifest(talks.plenary_room))]


def _headers() -> list[bytes]:
    """The headers of a signed request, one a line."""
    made = signing.sign(
        SECRET, keyid="0" * 32, method="GET", path="/v1", query="a=1", body=b"", created=1, nonce="0" * 32
    )
    lines = (made["Signature-Input"], made["Signature"], made["Content-Digest"], "GET", "/v1", "a=1")
    return ["\n".join(lines).encode()]


def _streams() -> list[bytes]:
    """A stream with a heartbeat and an event."""
    return [b":\n\n" + sse.frame("entries", _pages()[0], 4), b"event: x\r\ndata: AA==\r\n\r\n"]


def _pages() -> list[bytes]:
    """A page and its like."""
    kept = pages.Kept(leaf=LEAF.to_bytes(), body=b"body")
    return [
        pack(
            pages.Page(start=0, entries=[kept, msgspec.structs.replace(kept, body=None)], checkpoint=b"note")
        ),
        pack(pages.Append(entries=[pages.Posted(kind=4, body=b"body")])),
        pack(
            pages.Receipts(
                checkpoint=b"note", receipts=[pages.Receipt(index=0, leaf=b"leaf", proof=[SECRET])]
            )
        ),
        pack(pages.Problem(code="busy", message="Busy.", remedy="Wait.", time=5)),
    ]


def _pouches() -> list[bytes]:
    """A letter, and a pouch with one page."""
    item = Item(place=1, register="0" * 32, entries=[pages.Posted(kind=4, body=b"body")])
    letter = Letter(
        desk="0" * 32, delegation="1" * 32, registers=[Held(register="0" * 32, have=0)], items=[item]
    )
    genesis = _genesis()
    leaf = Leaf.of(Kind.GENESIS, 1, genesis.body())
    host = seeds.smith().common.host
    signed = host.sign(Checkpoint(host.origin, 1, leaf.hash), 1)
    shown = pages.Receipt(index=0, leaf=leaf.to_bytes(), proof=[])
    kept = pages.Kept(leaf=leaf.to_bytes(), body=genesis.body())
    part = Part(
        register=genesis.register,
        genesis=genesis.body(),
        founding=shown,
        before=[],
        page=pages.Page(start=0, entries=[kept], checkpoint=signed),
        consistency=[],
        receipts=[Receipted(place=1, receipts=[shown])],
        cosigned=[],
    )
    return [
        seal_letter(letter, SECRET, SECRET),
        pack(Pouch(desk="0" * 32, delegation="1" * 32, parts=[part])),
    ]


def _outcomes() -> list[bytes]:
    """A true outcome, and those of the vectors."""
    return [seeds.outcome(), *seeds.vectors("outcome", holding=b"good-offices/outcome/1")[:8]]


TARGETS = {
    "canonical": Target(canonical, lambda: [encode([1, "a", {"b": b"c"}, None, True]), *seeds.acts()[:10]]),
    "envelope": Target(envelope, lambda: seeds.vectors("envelope", least=32)),
    "act": Target(act, lambda: [pack(SignedAct(act=one, signature=bytes(3373))) for one in seeds.acts()]),
    "rules": Target(rules, seeds.acts),
    "introduction": Target(introduction, _introductions),
    "wraps": Target(wraps, lambda: [pack(Wraps(manifest=SECRET, blocks=[bytes(1168)] * 8))]),
    "manifest": Target(lambda data: unpack(data, Manifest).hash, _manifests),
    "leaf": Target(Leaf.from_bytes, lambda: [LEAF.to_bytes()]),
    "note": Target(note, lambda: seeds.vectors("register", least=60)),
    "checkpoint": Target(checkpoint, lambda: seeds.vectors("register", least=60)),
    "receipt": Target(receipt, lambda: seeds.vectors("register", holding=b"tlog-proof")),
    "fork": Target(
        lambda data: verify_fork(data, _genesis().keys),
        lambda: seeds.vectors("register", holding=b"good-offices/fork/1"),
    ),
    "genesis": Target(lambda data: Genesis.parse(data).keys, lambda: [_genesis().body()]),
    "invitation": Target(read_invitation, _invitations),
    "keyring": Target(keyring, _keyrings),
    "kit": Target(kit, _kits),
    "draft": Target(draft, seeds.drafts),
    "notation": Target(notation, seeds.drafts),
    "outcome": Target(outcome, _outcomes),
    "headers": Target(headers, _headers),
    "stream": Target(stream, _streams),
    "page": Target(page, _pages),
    "pouch": Target(pouch, _pouches),
}
