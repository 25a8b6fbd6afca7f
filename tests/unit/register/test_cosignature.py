"""Cosignatures: bytes that are signed, and what no vector reaches."""

import pytest

from good_offices.errors import LocalError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import (
    SECONDS_MAX,
    DeskCosigner,
    desk_name,
    ed25519_message,
    mldsa44_message,
    open_cosigned,
    verify_cosignature,
)
from good_offices.register.note import KeyType, Note, Signature, VKey

CHECKPOINT = Checkpoint("example.com/log", 3, bytes(range(32)))
DESK = DeskCosigner(bytes(32), desk_name("c2" * 16))


def test_the_message_of_type_04():
    assert ed25519_message(CHECKPOINT, 1679315147) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/log\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )


def test_the_message_of_type_06():
    assert mldsa44_message("w", CHECKPOINT, 2) == b"".join(
        (
            b"subtree/v1\n\x00",
            b"\x01w",
            bytes(7),
            b"\x02",
            b"\x0fexample.com/log",
            bytes(15),
            b"\x03",
            bytes(range(32)),
        )
    )


def test_sign_and_open():
    cosigned = open_cosigned(DESK.vkey, DESK.sign(CHECKPOINT, 9))
    assert (cosigned.checkpoint, cosigned.time) == (CHECKPOINT, 9)
    assert DESK.vkey.name == "desk/" + "c2" * 16
    assert repr(DESK) == f"DeskCosigner({DESK.vkey})"


@pytest.mark.parametrize("seconds", [-1, SECONDS_MAX + 1])
def test_times_out_of_range(seconds):
    for call in (
        lambda: DESK.sign(CHECKPOINT, seconds),
        lambda: mldsa44_message("w", CHECKPOINT, seconds),
    ):
        with pytest.raises(LocalError):
            call()


def test_names():
    with pytest.raises(LocalError):
        DeskCosigner(bytes(32), "a b")
    with pytest.raises(LocalError):
        mldsa44_message("w" * 256, CHECKPOINT, 1)


def test_a_plain_note_key_does_not_cosign():
    key = VKey("w", KeyType.ED25519, DESK.vkey.public)
    line = Note.parse(DESK.sign(CHECKPOINT, 9)).signatures[0]
    with pytest.raises(RemoteError) as error:
        verify_cosignature(key, CHECKPOINT, Signature("w", key.key_id, line.blob))
    assert error.value.code == "signature-invalid"


def test_a_line_of_another_key():
    line = Note.parse(DESK.sign(CHECKPOINT, 9)).signatures[0]
    with pytest.raises(RemoteError):
        verify_cosignature(DESK.vkey, CHECKPOINT, Signature(line.name, b"abcd", line.blob))


def test_tlog_scales_agrees(one):
    """An implementation that is not ours verifies the host's and the desk's lines."""
    signing = pytest.importorskip("tlog_scales.signing")
    tlog = pytest.importorskip("tlog_scales.tlog")
    theirs = tlog.Checkpoint.from_text(one.note(7).decode())
    for vkey in one.host.vkeys:
        theirs.verify(signing.Vkey.from_string(vkey))
    desk = tlog.Checkpoint.from_text(DESK.sign(CHECKPOINT, 9).decode())
    desk.verify(signing.Vkey.from_string(str(DESK.vkey)))


def test_we_agree_with_tlog_scales(host):
    """The host's two lines as another implementation signs them open here."""
    signing = pytest.importorskip("tlog_scales.signing")
    tlog = pytest.importorskip("tlog_scales.tlog")
    signers = [
        signing.PlainEd25519Signer(host.origin, bytes(range(32))),
        signing.MLDSA44CosignatureSigner(host.origin, bytes(range(32, 64))),
    ]
    theirs = tlog.Checkpoint.make_signed(host.origin, 3, bytes(range(32)), signers)
    checkpoint = host.keys.open(theirs.serialize().encode())
    assert (checkpoint.size, checkpoint.root) == (3, bytes(range(32)))
