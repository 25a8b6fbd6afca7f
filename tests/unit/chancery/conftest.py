"""What all tests of the chancery share: patience. A page says in time whether the host has answered; a slow machine takes longer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.support.waiting import patient


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Let pages wait for the host's answer as long as a busy machine needs."""
    with patient():
        yield
