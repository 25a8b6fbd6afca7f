"""Options of the fault tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How many times the venue is killed: 40, or what `--kills` says."""
    return request.config.getoption("--kills") or 40
