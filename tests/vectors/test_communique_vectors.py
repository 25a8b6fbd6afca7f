"""The files of spec/vectors/communique get the verdicts that stand beside them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from good_offices.errors import GoodOfficesError
from good_offices.register.communique import verify_file

CASES = json.loads(
    (Path(__file__).parents[2] / "spec/vectors/communique/files.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_file_has_its_verdict(case: dict[str, str]) -> None:
    try:
        verify_file(base64.b64decode(case["file"]))
        verdict = "ok"
    except GoodOfficesError as refused:
        verdict = refused.code
    assert verdict == case["verdict"]
