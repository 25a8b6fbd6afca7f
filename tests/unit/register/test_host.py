"""The host's word: two lines, one origin, a time; and the short form that acts carry."""

import pytest

from good_offices.errors import LocalError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.deposit import Deposited
from good_offices.register.host import HostKeys, HostSigner, Seen, seen_of
from good_offices.register.note import KeyType, Note, Signature, VKey

ELSEWHERE = "venue.example/t/00112233445566778899aabbccddeeff"


def refused(code, call):
    with pytest.raises(RemoteError) as error:
        call()
    assert error.value.code == code


def test_sign_and_open(one):
    note = one.note(7, seconds=5)
    assert one.host.keys.open(note) == Checkpoint(one.host.origin, 7, one.tree.root(7))
    assert one.host.keys.open_timed(note)[1] == 5
    assert one.host.keys.open_evidence(note).size == 7


def test_keys_from_their_lines(host, stranger):
    keys = HostKeys(host.vkeys)
    assert keys == host.keys
    assert hash(keys) == hash(host.keys)
    assert keys != stranger.keys
    assert keys != host.vkeys
    assert keys.vkeys == host.vkeys
    assert keys.fingerprint in repr(keys)


def test_named_for_another_register(host):
    there = host.named(ELSEWHERE)
    assert there.origin == ELSEWHERE
    assert there.keys == host.keys.named(ELSEWHERE)
    assert there.keys != host.keys
    assert there.keys.fingerprint == host.keys.fingerprint
    assert host.origin != ELSEWHERE
    note = there.sign(Checkpoint(ELSEWHERE, 1, bytes(32)), 1)
    assert there.keys.open(note).size == 1
    refused("signature-lines", lambda: host.keys.open(note))


def test_repr_holds_no_secret(host):
    assert repr(host) == f"HostSigner({host.keys!r})"


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "\u00e9", "o" * 256])
def test_no_other_origins(host, origin):
    with pytest.raises(LocalError):
        HostSigner(bytes(32), bytes(32), origin)
    with pytest.raises(LocalError):
        host.named(origin)
    refused("not-canonical", lambda: host.keys.named(origin))


def test_signs_only_for_its_origin_and_with_a_time(host, one):
    root = one.tree.root(1)
    for checkpoint, seconds in ((Checkpoint(ELSEWHERE, 1, root), 1), (Checkpoint(host.origin, 1, root), 0)):
        with pytest.raises(LocalError):
            host.sign(checkpoint, seconds)


def test_a_deposit_is_receipted_under_its_own_origin_alone(host):
    party, digest = "0" * 32, bytes(32)
    note = host.sign_deposit(Deposited(host.origin, bytes(32), party, digest))
    assert host.keys.open_deposit(note) == Deposited(host.origin, bytes(32), party, digest)
    with pytest.raises(LocalError) as caught:
        host.sign_deposit(Deposited(ELSEWHERE, bytes(32), party, digest))
    assert caught.value.code == "not-canonical"


def test_pairs_that_are_no_pair(host):
    first, second = host.vkeys
    renamed = host.named(ELSEWHERE).vkeys[1]
    cosigner = str(VKey(host.origin, KeyType.ED25519_COSIGNATURE, bytes(32)))
    for pair in ([], [first], [second, first], [first, second, second], [first, renamed], [cosigner, second]):
        refused("not-canonical", lambda pair=pair: HostKeys(pair))


def test_a_note_without_a_time(host, one):
    from good_offices.register.cosignature import mldsa44_line

    checkpoint = Checkpoint(host.origin, 7, one.tree.root(7))
    first = Note.parse(one.note(7)).signatures[0]
    second = mldsa44_line(host._mldsa, VKey.parse(host.vkeys[1]), checkpoint, 0)
    refused("not-canonical", lambda: host.keys.open(Note(checkpoint.text(), (first, second)).to_bytes()))


def test_the_right_key_over_a_foreign_origin(host):
    text = Checkpoint(ELSEWHERE, 1, bytes(32)).text()
    signed = host._ed25519.sign(text.encode())
    line = Signature(host.origin, VKey.parse(host.vkeys[0]).key_id, signed)
    refused("checkpoint-foreign", lambda: host.keys.open_ed25519(Note(text, (line,)).to_bytes()))


def test_either_line_alone_is_not_enough(host, stranger, one):
    """A forger of one algorithm does not pass: both lines verify or the note is refused."""
    note = Note.parse(one.note(7))
    checkpoint = Checkpoint(host.origin, 7, one.tree.root(7))
    forged = Note.parse(stranger.sign(checkpoint, 1_700_000_000)).signatures
    for at in (0, 1):
        lines = list(note.signatures)
        lines[at] = Signature(lines[at].name, lines[at].key_id, forged[at].blob)
        refused(
            "signature-invalid", lambda lines=lines: host.keys.open(Note(note.text, tuple(lines)).to_bytes())
        )


def test_seen(host, one, other):
    seen = seen_of(one.note(7))
    assert (seen.size, seen.root, len(seen.signature)) == (7, one.tree.root(7), 64)
    assert host.keys.open_seen(seen).size == 7
    short = host.keys.seen_note(seen)
    assert len(Note.parse(short).signatures) == 1
    assert host.keys.open_evidence(short) == host.keys.open_ed25519(short) == host.keys.open(one.note(7))
    refused("signature-lines", lambda: host.keys.open(short))
    refused("signature-lines", lambda: host.keys.open_ed25519(one.note(7)))


def test_seen_that_is_not_the_hosts(host, stranger, one, other):
    seen = seen_of(one.note(7))
    refused("signature-invalid", lambda: host.keys.open_seen(Seen(8, seen.root, seen.signature)))
    refused("signature-invalid", lambda: host.keys.open_seen(Seen(7, other.tree.root(7), seen.signature)))
    refused("signature-invalid", lambda: host.keys.open_seen(Seen(7, seen.root, bytes(64))))
    refused("signature-invalid", lambda: host.keys.open_seen(Seen(7, seen.root, b"short")))
    refused("signature-lines", lambda: stranger.keys.open_ed25519(host.keys.seen_note(seen)))


@pytest.mark.parametrize(
    "seen", [Seen(-1, bytes(32), bytes(64)), Seen(1, b"", bytes(64)), Seen(1, bytes(32), b"")]
)
def test_seen_out_of_form(host, seen):
    refused("not-canonical", lambda: host.keys.open_seen(seen))
