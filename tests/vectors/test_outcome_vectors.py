"""spec/vectors/outcome: whole files with their verdicts."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from good_offices.encoding import decode, encode
from good_offices.instrument.anchors import Beside, anchors_of
from good_offices.instrument.evidence import verify_any

VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "outcome"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(VECTORS.glob("*.json"))
    for case in json.loads(path.read_text())["cases"]
]


def test_there_are_vectors():
    assert len(CASES) >= 20


def file_of(case) -> bytes:
    """The file of a case: whole, or the honest one with its changes."""
    if "file" in case:
        return base64.b64decode(case["file"])
    value = decode(file_of(next(one.values[0] for one in CASES if one.values[0]["name"] == "honest")))
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


@pytest.mark.parametrize("case", CASES)
def test_vector(case):
    anchors = anchors_of(roots=case.get("roots", []))
    finding = verify_any(file_of(case), Beside(anchors=anchors))
    assert (finding.failed.code if finding.failed else "ok") == case["verdict"]
    assert finding.valid == (case["verdict"] == "ok")
    assert finding.trust == case.get("trust", "unestablished")
