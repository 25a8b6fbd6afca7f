"""Receipts: the text, and refusals that vectors do not reach."""

import pytest

from good_offices.errors import RemoteError
from good_offices.register.receipt import HEADER, Receipt


def refused(code, call):
    with pytest.raises(RemoteError) as error:
        call()
    assert error.value.code == code


def test_the_text_holds_the_note_verbatim(one):
    receipt = one.receipt(4, 11)
    text = receipt.to_text()
    assert text.startswith(f"{HEADER}\nindex 4\n")
    assert text.endswith("\n\n" + receipt.note.decode())
    assert text.partition("\n\n")[0].count("\n") == 1 + len(receipt.proof)
    assert Receipt.from_text(text, one.leaves[4]) == receipt
    assert receipt.verify(one.host.keys).size == 11


def test_a_register_of_one_entry_has_an_empty_proof(one):
    receipt = one.receipt(0, 1)
    assert receipt.proof == ()
    assert Receipt.from_text(receipt.to_text(), one.leaves[0]) == receipt


def test_another_host(one, stranger):
    refused("signature-lines", lambda: one.receipt(4, 11).verify(stranger.keys))


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEADER,
        f"{HEADER}\n",
        f"{HEADER}\nindex\n\nnote",
        f"{HEADER}\nindex \n\nnote",
        f"{HEADER}\nindex -1\n\nnote",
        f"{HEADER}\nindex \u0661\n\nnote",
        f"{HEADER}\nindex {'9' * 5000}\n\nnote",
        f"{HEADER}\nindex 1",
        f"{HEADER}\nindex 1\nAAAA!\n\nnote",
        f"{HEADER}\nindex 1\n" + f"{'A' * 43}=\n" * 64 + "\nnote",
        f"{HEADER}\nindex 1\n\n\ud800",
    ],
)
def test_not_a_receipt(one, text):
    refused("not-canonical", lambda: Receipt.from_text(text, one.leaves[0]))


def test_too_large(one):
    refused("too-large", lambda: Receipt.from_text("x" * 200_000, one.leaves[0]))


def test_a_note_that_is_not_text(one):
    refused("not-canonical", lambda: Receipt.of(0, one.leaves[0], [], b"\xff").to_text())


def test_tlog_scales_agrees(one):
    """An implementation that is not ours finds the leaf under the root."""
    tlog = pytest.importorskip("tlog_scales.tlog")
    receipt = one.receipt(4, 11)
    theirs = tlog.InclusionProof(4, 11, list(receipt.proof))
    theirs.check(one.leaves[4].hash, one.host.keys.open(receipt.note).root)
