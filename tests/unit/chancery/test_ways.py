"""A way back says where it leads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.unit.chancery.desk_pages import Pages

from good_offices import chancery
from good_offices.chancery.ways import back_from, name_of

TEMPLATES = sorted((Path(chancery.__file__).parent / "templates").glob("*.html"))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/", "Back to the overview"),
        ("/nothing/of/ours", "Back to the overview"),
        ("/text", "Back to the text"),
        ("/text/river?only=open#unit-u3", "Back to the text"),
        ("/textual", "Back to the overview"),
        ("/people/members", "Back to people and keys"),
        ("/people/kits/root", "Back to the recovery kits"),
        ("/soundings/3", "Back to the soundings"),
    ],
)
def test_a_way_is_called_after_its_page(address, said):
    assert name_of(address) == said


def test_a_locked_desk_has_one_way():
    assert name_of("/text", is_open=False) == "Back to where the desk is opened"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/plenary/say", "/plenary"),
        ("/plenary", "/"),
        ("/people/kits/note", "/people/kits"),
        ("/nothing", "/"),
    ],
)
def test_what_names_no_way_back_leads_to_its_screen(path, to):
    assert back_from(path) == to


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.stem)
def test_no_way_is_called_back_alone(template):
    assert not re.search(r"""_\(["']Back["']\)""", template.read_text())


def test_a_refusal_names_its_way_back(tmp_path):
    with Pages(tmp_path / "desk") as pages:
        words = pages.get("/nothing")
        assert pages.status == 404
        assert "Back to where the desk is opened" in words
