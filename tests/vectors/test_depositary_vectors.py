"""spec/vectors/depositary: a card, a deposit, a receipt and a copy, and what is made of them, with their verdicts."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from good_offices.encoding import decode, encode
from good_offices.errors import GoodOfficesError
from good_offices.instrument.evidence import verify_any
from good_offices.register.depositary import read_card

HELD = json.loads(
    (Path(__file__).parents[2] / "spec/vectors/depositary/files.json").read_text(encoding="utf-8")
)


def file_of(case: dict[str, Any]) -> bytes:
    """The honest file of a case with its changes."""
    data = base64.b64decode(HELD["files"][case["of"]])
    value = decode(data)
    assert encode(value) == data
    for change in case["changes"]:
        *path, last = change["path"]
        parent = value
        for step in path:
            parent = parent[step]
        if "set" in change:
            parent[last] = decode(base64.b64decode(change["set"]))
        else:
            del parent[last]
    return encode(value)


@pytest.mark.parametrize("case", HELD["cases"], ids=lambda case: case["name"])
def test_a_file_has_its_verdict(case: dict[str, Any]) -> None:
    data = file_of(case)
    if case["of"] == "card":
        try:
            read_card(data)
            verdict = "ok"
        except GoodOfficesError as refused:
            verdict = refused.code
    else:
        finding = verify_any(data)
        verdict = finding.failed.code if finding.failed else "ok"
    assert verdict == case["verdict"]
