"""Drafts in several languages become one instrument, or the first difference in form is named."""

import pytest

from good_offices.errors import LocalError
from good_offices.text.brackets import slots_of
from good_offices.text.importing import import_draft
from good_offices.text.parallel import side_by_side

ENGLISH = "# Title\n\nThe flow is [180][240] units[, in dry years].\n\nSecond.\n"
RUSSIAN = "# Название\n\nРасход [180][240] единиц[, в сухие годы].\n\nВторой.\n"


def _joined(*texts):
    drafts = {
        language: import_draft(text, "md") for language, text in zip(("en", "ru", "uk"), texts, strict=False)
    }
    return side_by_side(drafts, name="flow", titles={"en": "Flow", "ru": "Расход"})


def test_two_drafts_become_one_text():
    joined = _joined(ENGLISH, RUSSIAN)
    assert joined.authentic == ("en", "ru")
    assert [sorted(unit.texts) for unit in joined.units] == [["en", "ru"]] * 3
    assert [slot.variants for slot in slots_of(joined).values()] == [2, 1]


@pytest.mark.parametrize(
    ("other", "unit"),
    [
        ("# Название\n\nРасход [180][240] единиц[, в сухие годы].\n", 3),
        ("# Название\n\nРасход [180] единиц[, в сухие годы].\n\nВторой.\n", 2),
        ("# Название\n\nРасход [180][240] единиц.\n\nВторой[, в сухие годы].\n", 2),
        ("# Название\n\n## Расход\n\nВторой.\n", 2),
    ],
)
def test_drafts_that_differ_in_form_are_refused_with_the_place(other, unit):
    with pytest.raises(LocalError) as refused:
        _joined(ENGLISH, other)
    assert refused.value.code == "drafts-not-parallel"
    assert refused.value.facts["unit"] == unit
