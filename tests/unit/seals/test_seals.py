"""spec/envelope.md, spec/keyring.md, spec/credentials.md section 2."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from good_offices.encoding import decode, encode
from good_offices.errors import LocalError, RemoteError
from good_offices.seals.derivation import expand, extract
from good_offices.seals.domains import Domain
from good_offices.seals.envelope import FLOOR, MAX_CONTENT, message_key, open_envelope, padded_length, seal
from good_offices.seals.exchange import x25519_public
from good_offices.seals.keyring import Vault, change_passphrase, new_keyring, open_keyring
from good_offices.seals.kit import read_kit, write_kit
from good_offices.seals.pairs import ACT, ROOT
from good_offices.seals.signatures import ML_DSA_44, Ed25519Signer, verify_ed25519
from good_offices.seals.wraps import BLOCK, STEP, KemKey, unwrap_any, wrap_all, wrap_info

VECTORS = Path(__file__).parents[3] / "spec" / "vectors"
SECRET = bytes(range(32))


# RFC 5869 appendix A: test cases 1 and 3 (SHA-256), copied facts.
@pytest.mark.parametrize(
    ("ikm", "salt", "info", "prk", "okm"),
    [
        (
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            "0b" * 22,
            "",
            "",
            "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_hkdf_gives_the_vectors_of_rfc_5869(ikm, salt, info, prk, okm):
    key = extract(bytes.fromhex(salt), bytes.fromhex(ikm))
    assert key.hex() == prk
    assert expand(key, bytes.fromhex(info), 42).hex() == okm
    assert expand(key, bytes.fromhex(info), 32).hex() == okm[:64]


@given(st.binary(max_size=5000))
def test_an_envelope_opens_to_what_was_sealed(content):
    envelope = seal(content, SECRET)
    found = message_key(envelope, [bytes(32), SECRET])
    assert found is not None
    position, key = found
    assert position == 1
    assert open_envelope(envelope, key) == content


def test_the_outside_tells_nothing_but_a_padded_length():
    assert len({len(seal(bytes(n), SECRET)) for n in range(FLOOR - 3)}) == 1
    assert seal(b"", SECRET) != seal(b"", SECRET)


@given(st.integers(1, 2**24))
def test_padme_never_shrinks_and_adds_at_most_an_eighth(length):
    padded = padded_length(length)
    assert padded >= max(length, FLOOR)
    assert padded == padded_length(padded)
    assert length <= FLOOR or padded <= length * 1.125


@given(st.data())
def test_no_byte_of_an_envelope_can_change(data):
    envelope = bytearray(seal(b"the minimum flow", SECRET, salt=bytes(32)))
    key = extract(bytes(32), SECRET)
    at = data.draw(st.integers(0, len(envelope) - 1))
    envelope[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(RemoteError):
        open_envelope(bytes(envelope), key)


def test_another_secret_has_no_key():
    assert message_key(seal(b"x", SECRET), [bytes(32)]) is None
    assert message_key(seal(b"x", SECRET), []) is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda e: e[:100], "not-canonical"),
        (lambda e: b"\x02" + e[1:], "unknown-version"),
        (lambda e: b"", "not-canonical"),
    ],
)
def test_what_is_no_envelope_is_refused(change, code):
    envelope = change(seal(b"x", SECRET))
    for attempt in (lambda: message_key(envelope, [SECRET]), lambda: open_envelope(envelope, SECRET)):
        with pytest.raises(RemoteError) as refused:
            attempt()
        assert refused.value.code == code


def test_padding_that_is_not_as_specified_is_refused():
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, key = bytes(32), extract(bytes(32), SECRET)
    header = b"\x01" + salt
    both = expand(key, b"good-offices/v1/envelope\x00" + hashlib.sha256(header).digest(), 64)
    for payload in (
        b"\x00\x00\x00\x01x\x01" + bytes(1018),  # a padding byte that is not zero
        b"\x00\x00\x00\x01x" + bytes(2043),  # too long
        b"\xff\xff\xff\xffx" + bytes(1019),  # a length beyond the end
    ):
        sealed = ChaCha20Poly1305(both[:32]).encrypt(bytes(12), payload, header + both[32:])
        with pytest.raises(RemoteError, match="padding"):
            open_envelope(header + both[32:] + sealed, key)


def test_a_content_over_the_limit_is_refused():
    with pytest.raises(LocalError, match="the limit is"):
        seal(bytes(MAX_CONTENT + 1), SECRET)


def test_pairs_sign_for_one_purpose_only():
    signer = ACT.signer(bytes(64))
    signature = signer.sign(Domain.ACT, b"message")
    ACT.verify(Domain.ACT, signer.public, signature, b"message")
    assert len(signature) == ACT.signature
    assert len(signer.public) == ACT.public
    half = len(signature) // 2
    for domain, public, wrong, message in (
        (Domain.INTRODUCTION, signer.public, signature, b"message"),
        (Domain.ACT, signer.public, signature, b"massage"),
        (Domain.ACT, ACT.signer(bytes([1] * 64)).public, signature, b"message"),
        (Domain.ACT, signer.public, signature[:-1], b"message"),
        (Domain.ACT, signer.public[:-1], signature, b"message"),
        (Domain.ACT, signer.public, bytes(64) + signature[64:], b"message"),
        (Domain.ACT, signer.public, signature[:half] + bytes(len(signature) - half), b"message"),
    ):
        with pytest.raises(RemoteError) as refused:
            ACT.verify(domain, public, wrong, message)
        assert refused.value.code == "signature-invalid"


def test_a_half_of_another_pair_does_not_fit():
    one, two = ROOT.signer(bytes(64)), ROOT.signer(bytes([7] * 64))
    mixed = one.sign(Domain.CERTIFICATE, b"m")[:64] + two.sign(Domain.CERTIFICATE, b"m")[64:]
    for public in (one.public, two.public):
        with pytest.raises(RemoteError):
            ROOT.verify(Domain.CERTIFICATE, public, mixed, b"m")


def test_lengths_are_checked_before_libraries_see_them():
    with pytest.raises(RemoteError):
        verify_ed25519(bytes(31), bytes(64), b"")
    with pytest.raises(RemoteError):
        ML_DSA_44.verify(bytes(3), bytes(2420), b"", b"")
    with pytest.raises(RemoteError):
        ML_DSA_44.verify(ML_DSA_44.signer(bytes(32)).public, bytes(2420), b"", b"")


def test_no_secret_stands_in_a_repr():
    seed = b"\x07" * 64
    shown = [
        repr(ACT.signer(seed)),
        repr(Ed25519Signer(seed[:32])),
        repr(ML_DSA_44.signer(seed[:32])),
        repr(KemKey(seed[:32])),
        repr(Vault(seed[:32])),
    ]
    assert not any(seed[:8].hex() in text or repr(seed[:8])[2:-1] in text for text in shown)


@pytest.mark.parametrize("count", [1, 7, 8, 9])
def test_wraps_open_for_each_reader_and_tell_no_count(count):
    keys = [KemKey(bytes([n] * 32)) for n in range(count)]
    infos = [wrap_info(bytes(32), b"m" * 32, bytes([n] * 32)) for n in range(count)]
    blocks = wrap_all(SECRET, [(key.public, info) for key, info in zip(keys, infos, strict=True)])
    assert len(blocks) % STEP == 0
    assert {len(block) for block in blocks} == {BLOCK}
    assert all(unwrap_any(blocks, key, info) == SECRET for key, info in zip(keys, infos, strict=True))
    assert unwrap_any(blocks, keys[0], wrap_info(bytes(32), b"n" * 32, bytes(32))) is None
    assert unwrap_any(blocks, KemKey(b"\xff" * 32), infos[0]) is None


def test_a_block_of_another_length_is_refused_and_a_key_that_is_none_gets_a_dummy():
    with pytest.raises(RemoteError):
        KemKey(bytes(32)).unwrap(bytes(BLOCK - 1), b"")
    key, info = KemKey(bytes(32)), wrap_info(bytes(32), b"m" * 32, bytes(32))
    for wrong in (b"", bytes(5), bytes([255] * 1216)):
        blocks = wrap_all(SECRET, [(wrong, info), (key.public, info)])
        assert len(blocks) == 8
        assert unwrap_any(blocks, key, info) == SECRET


def test_x25519_agrees_with_another_library():
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    other = X25519PrivateKey.from_private_bytes(SECRET).public_key().public_bytes_raw()
    assert x25519_public(SECRET) == other


@pytest.fixture(scope="module")
def keyring():
    return new_keyring("a long passphrase")


def test_a_keyring_opens_with_its_passphrase_alone(keyring):
    data, vault = keyring
    # What each guess costs: spec/keyring.md section 1.1.
    (slot,) = decode(data)["slots"]
    assert (slot["memory"], slot["passes"], slot["lanes"]) == (64 * 1024, 3, 4)
    again = open_keyring(data, "a long passphrase", what="desk")
    assert again.open("item", "1", vault.seal("item", "1", b"x")) == b"x"
    assert again.key("stream") == vault.key("stream") != vault.key("other")
    with pytest.raises(LocalError) as refused:
        open_keyring(data, "a wrong passphrase", what="desk")
    assert refused.value.code == "passphrase-wrong"


def test_items_cannot_change_their_place(keyring):
    _, vault = keyring
    sealed = vault.seal("item", "a", b"x")
    for purpose, place, data in (
        ("item", "b", sealed),
        ("entry", "a", sealed),
        ("item", "a", sealed[:-1]),
        ("item", "a", b""),
        ("item", "a", bytes([sealed[0] ^ 1]) + sealed[1:]),
    ):
        with pytest.raises(LocalError) as refused:
            vault.open(purpose, place, data)
        assert refused.value.code == "at-rest-damaged"


def test_a_passphrase_is_changed_and_the_master_key_stays(keyring):
    data, vault = keyring
    changed = change_passphrase(data, "a long passphrase", "another", what="desk")
    assert open_keyring(changed, "another", what="desk").key("x") == vault.key("x")
    for attempt in (
        lambda: open_keyring(changed, "a long passphrase", what="desk"),
        lambda: change_passphrase(data, "no", "another", what="desk"),
    ):
        with pytest.raises(LocalError, match="passphrase"):
            attempt()


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory", 2**30), ("memory", 1), ("passes", 1000), ("passes", 0), ("lanes", 99), ("salt", b"short")],
)
def test_a_hostile_keyring_asks_for_nothing(keyring, field, value):
    fields = decode(keyring[0])
    fields["slots"][0][field] = value
    with pytest.raises(LocalError) as refused:
        open_keyring(encode(fields), "a long passphrase", what="desk")
    assert refused.value.code == "key-file-damaged"


def test_bytes_that_are_no_keyring_are_refused():
    with pytest.raises(LocalError, match="damaged or not a key file"):
        open_keyring(b"hello", "x", what="desk")


@pytest.fixture(scope="module")
def kit():
    return write_kit(bytes(range(64)), "paper")


def test_a_kit_gives_the_root_back(kit):
    assert read_kit(kit, "paper").public == ROOT.signer(bytes(range(64))).public
    assert read_kit("\n\n" + kit.replace("\n", "  \r\n"), "paper").fingerprint in kit


def test_a_slip_in_a_kit_is_found_at_its_line(kit):
    lines = kit.splitlines()
    for number in (4, len(lines)):
        line = lines[number - 1]
        wrong = ("B" if line[0] != "B" else "C") + line[1:]
        with pytest.raises(LocalError) as refused:
            read_kit("\n".join([*lines[: number - 1], wrong, *lines[number:]]), "paper")
        assert refused.value.facts["line"] == number


@pytest.mark.parametrize("text", ["", "hello\nworld\nagain", "GOOD OFFICES ROOT KEY KIT 1\nroot x\n"])
def test_what_is_no_kit_is_refused(text):
    with pytest.raises(LocalError) as refused:
        read_kit(text, "paper")
    assert refused.value.code == "kit-damaged"


def test_a_kit_with_another_fingerprint_on_it_is_refused(kit):
    first, second, *rest = kit.splitlines()
    with pytest.raises(LocalError) as refused:
        read_kit("\n".join([first, "root " + "0" * 64, *rest]), "paper")
    assert refused.value.facts["line"] == 2
    with pytest.raises(LocalError) as refused:
        read_kit(kit, "scissors")
    assert refused.value.code == "passphrase-wrong"
    assert second in kit


def test_the_envelope_vectors():
    vectors = json.loads((VECTORS / "envelope" / "envelopes.json").read_text())
    for case in vectors["valid"]:
        secret, envelope = bytes.fromhex(case["secret"]), bytes.fromhex(case["envelope"])
        found = message_key(envelope, [secret])
        assert found is not None
        assert found[1].hex() == case["message_key"]
        assert open_envelope(envelope, found[1]).hex() == case["content"]
        assert seal(bytes.fromhex(case["content"]), secret, salt=bytes.fromhex(case["salt"])) == envelope
    for case in vectors["invalid"]:
        with pytest.raises(RemoteError) as refused:
            open_envelope(bytes.fromhex(case["envelope"]), bytes.fromhex(case["message_key"]))
        assert refused.value.code == case["code"], case["why"]


def test_the_wrap_vectors_pin_the_draft():
    vectors = json.loads((VECTORS / "wraps" / "wraps.json").read_text())
    for case in vectors["valid"]:
        key = KemKey(bytes.fromhex(case["seed"]))
        assert key.public.hex() == case["public"]
        assert key.unwrap(bytes.fromhex(case["block"]), bytes.fromhex(case["info"])) == bytes.fromhex(
            case["secret"]
        )
