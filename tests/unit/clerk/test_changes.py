"""What came while one was away: every act has a heading to stand under."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from good_offices.chancery.screens.since import HEADINGS
from good_offices.clerk.changes import SUBJECTS, _heading
from good_offices.clerk.rooms_view import subject
from good_offices.talks.rules import RULES


def test_every_heading_has_its_words():
    assert set(HEADINGS) == set(SUBJECTS)


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.rooms != ("caucus",)])
def test_an_act_of_a_common_room_stands_under_a_heading(name):
    kind = subject(SimpleNamespace(name=name))
    assert kind == "keys" or _heading({"kind": kind}) in SUBJECTS
