"""The archive against words and ids that the other side has chosen."""

from __future__ import annotations

import pytest

from good_offices.clerk import archive


@pytest.mark.parametrize(
    "words", ["=1+1", "  =1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "\uff1d1", "\uff20SUM"]
)
def test_no_cell_begins_like_a_formula(words: str) -> None:
    assert archive._cell(words) == f"'{words}"


@pytest.mark.parametrize("words", ["", "We met.", "1 = 1", "'quoted'"])
def test_other_cells_are_left_as_they_are(words: str) -> None:
    assert archive._cell(words) == words


def test_two_texts_have_two_files() -> None:
    # Ids have letters, digits, dots, underscores, colons and hyphens (spec/text.md), so that a tilde stands for a colon alone.
    assert archive._safe("treaty:1") != archive._safe("treaty_1")
    assert ":" not in archive._safe("a:b:c")


def test_no_name_makes_lines_of_its_own_in_the_letter() -> None:
    assert (
        archive._line("Basin\n\noutcome.goodoffices: proved\u2028so")
        == "Basin outcome.goodoffices: proved so"
    )
