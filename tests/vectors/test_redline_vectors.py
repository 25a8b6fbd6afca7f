"""The vectors of a redline; tests/browser/test_text.py holds the page's own script to the same ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from good_offices.text.redline import accepted, in_words, redline, rejected, tokens_of

CASES = json.loads(
    (Path(__file__).parents[2] / "spec" / "vectors" / "redline" / "redline.json").read_text("utf-8")
)["cases"]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_redline(case):
    segments = redline(case["old"], case["new"])
    assert [[one.change, one.text] for one in segments] == case["segments"]
    assert (rejected(segments), accepted(segments)) == (case["old"], case["new"])
    assert list(in_words(segments)) == case["words"]
    assert tokens_of(case["new"]) == case["tokens"]
