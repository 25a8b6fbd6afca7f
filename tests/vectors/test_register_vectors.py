"""Every vector of spec/vectors/register and spec/vectors/ed25519 gets the verdict that stands beside it."""

from __future__ import annotations

import base64
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from good_offices.errors import RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.cosignature import open_cosigned
from good_offices.register.fork import verify_fork
from good_offices.register.genesis import Genesis, talks_id
from good_offices.register.host import HostKeys
from good_offices.register.leaf import Leaf
from good_offices.register.note import Note, VKey
from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.register.receipt import Receipt
from good_offices.seals.signatures import verify_ed25519

VECTORS = Path(__file__).parents[2] / "spec" / "vectors"
STRICT = {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}


def load(name: str) -> dict[str, Any]:
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def cases(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", load(name)["cases"], ids=lambda case: case["name"])


def verdict(case: dict[str, Any], check: Any) -> None:
    """Run `check`; its outcome must be the case's verdict."""
    if case["verdict"] == "ok":
        check()
        return
    with pytest.raises(RemoteError) as refused:
        check()
    assert refused.value.code == case["verdict"]


def hashes(case: dict[str, Any], *names: str) -> list[bytes]:
    return [base64.b64decode(case[name]) for name in names]


def test_the_numbers_of_cases() -> None:
    assert len(load("register/merkle-inclusion")["cases"]) == 98
    assert len(load("register/merkle-consistency")["cases"]) == 98
    assert len(load("ed25519/cctv")["cases"]) == 914


@cases("register/merkle-inclusion")
def test_merkle_inclusion(case: dict[str, Any]) -> None:
    leaf, root = hashes(case, "leafHash", "root")
    proof = [base64.b64decode(one) for one in case["proof"]]
    case["verdict"] = "inclusion-invalid" if case["refused"] else "ok"
    verdict(case, lambda: verify_inclusion(case["leafIdx"], case["treeSize"], leaf, proof, root))


@cases("register/merkle-consistency")
def test_merkle_consistency(case: dict[str, Any]) -> None:
    old, new = hashes(case, "root1", "root2")
    proof = [base64.b64decode(one) for one in case["proof"]]
    case["verdict"] = "consistency-invalid" if case["refused"] else "ok"
    verdict(case, lambda: verify_consistency(case["size1"], case["size2"], proof, old, new))


def test_ed25519_keeps_the_strict_rule() -> None:
    refused = 0
    for case in load("ed25519/cctv")["cases"]:
        parts = bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode()
        if STRICT & set(case["flags"]):
            refused += 1
            with pytest.raises(RemoteError, match="does not verify"):
                verify_ed25519(*parts)
        else:
            verify_ed25519(*parts)
    assert refused == 871


@cases("register/c2sp")
def test_c2sp_examples(case: dict[str, Any]) -> None:
    note = Note.parse(case["note"].encode())
    assert [line.name for line in note.signatures] == case["names"]
    assert note.to_bytes() == case["note"].encode()
    if "vkey" in case:
        key = VKey.parse(case["vkey"])
        assert note.signatures[0].is_by(key)
        verify_ed25519(key.public, note.signatures[0].blob, note.text.encode())
    if "origin" in case:
        checkpoint = Checkpoint.parse(note.text)
        assert (checkpoint.origin, checkpoint.size) == (case["origin"], case["size"])
    if "time" in case:
        assert int.from_bytes(note.signatures[1].blob[:8], "big") == case["time"]


@cases("register/leaf")
def test_leaf(case: dict[str, Any]) -> None:
    def check() -> None:
        leaf = Leaf.from_bytes(bytes.fromhex(case["leaf"]))
        assert leaf.to_bytes().hex() == case["leaf"]
        leaf.check_body(bytes.fromhex(case["body"]))
        assert (leaf.kind, leaf.time_ms, leaf.hash.hex()) == (case["kind"], case["time_ms"], case["hash"])

    verdict(case, check)


@cases("register/checkpoint")
def test_checkpoint(case: dict[str, Any]) -> None:
    def check() -> None:
        checkpoint, seconds = HostKeys(load("register/checkpoint")["host"]).open_timed(case["note"].encode())
        found = checkpoint.size, checkpoint.root.hex(), seconds
        assert found == (case["size"], case["root"], case["time"])

    verdict(case, check)


@cases("register/cosignature")
def test_cosignature(case: dict[str, Any]) -> None:
    def check() -> None:
        cosigned = open_cosigned(VKey.parse(load("register/cosignature")["desk"]), case["note"].encode())
        assert (cosigned.checkpoint.size, cosigned.time) == (case["size"], case["time"])

    verdict(case, check)


@cases("register/receipt")
def test_receipt(case: dict[str, Any]) -> None:
    def check() -> None:
        receipt = Receipt.from_text(case["text"], Leaf.from_bytes(bytes.fromhex(case["leaf"])))
        assert receipt.verify(HostKeys(load("register/receipt")["host"])).size == case["size"]

    verdict(case, check)


@cases("register/genesis")
def test_genesis(case: dict[str, Any]) -> None:
    def check() -> None:
        body = base64.b64decode(case["body"])
        genesis = Genesis.parse(body)
        assert genesis.body() == body
        if "common" in case:
            genesis.check_caucus(base64.b64decode(case["common"]))
        else:
            assert talks_id(body).hex() == case["talks"]

    verdict(case, check)


@cases("register/fork")
def test_fork(case: dict[str, Any]) -> None:
    def check() -> None:
        evidence = base64.b64decode(case["evidence"])
        keys = HostKeys(load("register/fork")["host"])
        assert verify_fork(evidence, keys).to_bytes() == evidence

    verdict(case, check)


def test_the_script_makes_the_files_again() -> None:
    """What holds no hedged ML-DSA signature comes out byte for byte; other files keep their names and verdicts."""
    path = VECTORS / "make_register.py"
    found = importlib.util.spec_from_file_location("make_register", path)
    assert found is not None
    assert found.loader is not None
    script = importlib.util.module_from_spec(found)
    found.loader.exec_module(script)
    assert script.leaf_cases() == load("register/leaf")["cases"]
    assert script.genesis_cases() == load("register/genesis")["cases"]
    for name in ("checkpoint", "cosignature", "receipt", "fork"):
        made = [(case["name"], case["verdict"]) for case in getattr(script, f"{name}_cases")()]
        assert made == [(case["name"], case["verdict"]) for case in load(f"register/{name}")["cases"]]
