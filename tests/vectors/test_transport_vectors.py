"""Every vector of spec/vectors/transport gets the verdict that stands beside it, and the script makes them again."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from good_offices.encoding import pack
from good_offices.errors import RemoteError
from good_offices.transport import signing
from good_offices.transport.pages import Append, Posted, read_append
from good_offices.transport.sse import Reader

VECTORS = Path(__file__).parents[2] / "spec" / "vectors"


def cases(name: str) -> pytest.MarkDecorator:
    every = json.loads((VECTORS / "transport" / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return pytest.mark.parametrize("case", every, ids=[case["name"] for case in every])


def verdict(case: dict[str, Any], check: Callable[[], None]) -> None:
    """Run `check`; its outcome must be the case's verdict."""
    if case["verdict"] == "ok":
        check()
        return
    with pytest.raises(RemoteError) as refused:
        check()
    assert refused.value.code == case["verdict"]


@cases("signing")
def test_signed_requests(case: dict[str, Any]) -> None:
    secret, body = bytes.fromhex(case["secret"]), bytes.fromhex(case["body"])
    parts = {name: case[name] for name in ("method", "path", "query")}

    def check() -> None:
        claim = signing.claim(case["signature_input"], case["signature"])
        signing.verify(claim, secret, **parts, digest=case["content_digest"])
        signing.check_created(claim, case["now"])
        signing.check_digest(case["content_digest"], body)
        assert claim.keyid == case["keyid"]
        again = signing.sign(
            secret, keyid=claim.keyid, created=claim.created, nonce=claim.nonce, body=body, **parts
        )
        assert list(again.values()) == [
            case[one] for one in ("content_digest", "signature_input", "signature")
        ]

    verdict(case, check)


@cases("posting")
def test_posting_secrets(case: dict[str, Any]) -> None:
    assert signing.posting_secret(bytes.fromhex(case["enrolment"]), case["desk"]).hex() == case["secret"]


@cases("appends")
def test_appends(case: dict[str, Any]) -> None:
    body = bytes.fromhex(case["body"])

    def check() -> None:
        append = read_append(body, limit=len(body))
        assert append == Append([Posted(one["kind"], bytes.fromhex(one["body"])) for one in case["entries"]])
        assert pack(append) == body

    verdict(case, check)


@cases("streams")
def test_streams(case: dict[str, Any]) -> None:
    reader = Reader()

    def check() -> None:
        events = [one for piece in case["pieces"] for one in reader.feed(bytes.fromhex(piece))]
        assert [
            one and {"name": one.name, "data": one.data.decode(), "id": one.id} for one in events
        ] == case["events"]

    verdict(case, check)


def test_the_script_makes_these_vectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("make_transport", VECTORS / "make_transport.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    monkeypatch.setattr(made, "HERE", tmp_path)
    made.main()
    for path in (VECTORS / "transport").glob("*.json"):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    assert len(list(tmp_path.iterdir())) == 4
